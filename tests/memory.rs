//! How much memory a file transfer takes. A process of its own: what the kernel counts is the most
//! that all of it ever had.

#![cfg(target_os = "linux")]

use std::fs;
use std::sync::Arc;

use serde_json::json;
use sticky_lab::lab::file::Lab;
use sticky_lab::render;
use sticky_lab::report::{self, FileFate};
use sticky_lab::run::{Kernel, Runner};
use sticky_lab::scenario;

#[test]
fn it_does_not_grow_with_the_file() {
    let size = 32_u64 << 20;
    let content = json!({ "text": "0123456789abcdef", "times": size / 16 });
    let lab = json!({ "runs": [{
        "name": "big",
        "deadline": "60s",
        "framing": { "header_dict": "<q", "limit": size },
        "client": [{ "recv_file": { "slice": 65536 } }],
        "server": [{ "send_file": { "filename": "a", "content": content, "chunk": 65536 } }],
    }]});
    let lab: Lab = serde_json::from_value(lab).expect("a lab");
    let plan = scenario::resolve(&lab, 0).expect("it can be run");
    let mut runner = Runner::new(Kernel::Asked, Arc::default());
    let trace = runner.start(&plan).expect("it begins").finish();
    let report = report::build(&trace, true);
    let file = &report.flows[0].files[0];
    assert_eq!(
        (file.have, file.verified, file.fate),
        (size, true, FileFate::Saved)
    );
    assert!(render::json::run(&trace, &report).len() < 4 << 20);

    let status = fs::read_to_string("/proc/self/status").expect("Linux has it");
    let peak = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB"))
        .expect("a peak");
    let peak = 1024 * peak.parse::<u64>().expect("a number");
    assert!(peak < size * 3 / 4, "{peak} bytes for a file of {size}");
}
