//! What is fuzzed: each target a function that takes any bytes and panics where the program breaks
//! its word. `scripts/soak` looks for such bytes, guided by what they reach (cargo-fuzz); the tests
//! try those in `seeds/`, and changes of them.

pub mod framing;
pub mod json;
pub mod lab_file;
pub mod packet;
pub mod trace;

/// One of them.
pub struct Target {
    /// Also the name of its file in `fuzz_targets/` and of its directory in `seeds/`.
    pub name: &'static str,
    pub check: fn(&[u8]),
    /// Behind how many bytes its input is JSON, if it is.
    pub json: Option<usize>,
}

pub const TARGETS: [Target; 5] = [
    Target {
        name: "frame_length",
        check: framing::length,
        json: None,
    },
    Target {
        name: "frame_dict",
        check: framing::header_dict,
        json: None,
    },
    Target {
        name: "lab_file",
        check: lab_file::check,
        json: Some(0),
    },
    Target {
        name: "trace",
        check: trace::check,
        json: Some(2),
    },
    Target {
        name: "packet",
        check: packet::check,
        json: None,
    },
];
