//! Everything that plain `cargo test` does from outside the crate and that can live in one process:
//! one program is linked instead of thirty, and whoever waits leaves the processor to another.
//!
//! One room of it: `cargo test --test it pictures`. What needs a process of its own, a network, or
//! another program stands beside this directory.

mod document;
mod live;
#[path = "../shell/mod.rs"]
mod shell;
mod terminal;
mod view;
#[cfg(target_os = "linux")]
#[path = "../watched/mod.rs"]
mod watched;

mod author;
mod catalogue;
mod cli;
mod code;
mod console;
mod contract;
mod datagrams;
mod elsewhere;
mod framing;
mod harmless;
mod help;
mod languages;
mod learn;
#[cfg(unix)]
mod lecture;
mod legal;
mod often;
#[cfg(unix)]
mod orphans;
#[cfg(unix)]
mod permission;
mod pictures;
mod predict;
mod program;
mod readme;
mod replay;
mod rooms;
#[cfg(target_os = "linux")]
mod sandbox;
mod schema;
mod screen;
mod scripts;
mod seeds;
mod silent;
#[cfg(unix)]
mod special_files;
mod stamps;
mod step;
mod svg;
mod transfer;
mod transports;
mod truth;
mod waits;
mod whole;
#[cfg(target_os = "linux")]
mod wire;
mod words;
mod writing;
