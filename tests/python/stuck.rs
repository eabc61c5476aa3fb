//! The program that reads stdout first, in Python: that it and its command wait for each other is
//! the kernel's word here too.

use std::fs;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use sticky_lab::event::Side;
use sticky_lab::lab;
use sticky_lab::lang::Lang;
use sticky_lab::python;
use sticky_lab::scenario;

use crate::child::Python;

/// A watch dog, as for the programs themselves.
const PATIENCE: Duration = Duration::from_secs(60);

/// Whether a process sleeps in a function of the kernel with this ending.
fn sleeps_in(pid: &str, function: &str) -> bool {
    fs::read_to_string(format!("/proc/{pid}/wchan")).is_ok_and(|place| place.ends_with(function))
}

/// Whether a program reads a pipe, and a child of it waits for room in another one.
fn is_stuck(pid: &str) -> bool {
    let children = fs::read_to_string(format!("/proc/{pid}/task/{pid}/children"));
    let children = children.unwrap_or_default();
    let mut children = children.split_whitespace();
    sleeps_in(pid, "pipe_read") && children.any(|child| sleeps_in(child, "pipe_write"))
}

#[test]
fn the_program_that_reads_stdout_first_hangs() {
    let lab = lab::find("13").expect("the lab");
    let mut names = lab.file.runs.iter().map(|run| run.name.as_str());
    let index = names.position(|name| name == "stdout-first");
    let plan = scenario::resolve(&lab.file, index.expect("the run")).expect("it resolves");
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("python/stuck");
    fs::create_dir_all(&dir).expect("a directory in target/tmp");
    let [server, client] = [Side::Server, Side::Client].map(|side| {
        let path = dir.join(format!("{side}.py"));
        let program = python::program(&lab, &plan, side, Lang::En);
        fs::write(&path, program).expect("the program is written");
        path
    });
    let mut server = Python::start(&server, &["127.0.0.1", "0"]);
    let port = server.port().to_string();
    let client = Python::start(&client, &["127.0.0.1", &port]);
    let pid = server.id().to_string();
    let start = Instant::now();
    while !is_stuck(&pid) {
        assert!(start.elapsed() < PATIENCE, "it went on");
        thread::sleep(Duration::from_millis(1));
    }
    server.kill();
    assert_eq!(client.end().well(), "recv(1024) -> b''\n");
}
