//! The whole program from start to end: `lab 3` against `/bin/true`, run in turn.
//!
//! Both are started the same way, so what starting a process costs is in both, and what the
//! machine does besides falls on both alike. Prints the ratio of the medians and nothing absolute.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const PAIRS: usize = 200;

fn time(program: &str, args: &[&str]) -> Duration {
    let mut command = Command::new(program);
    command.args(args).stdout(Stdio::null());
    let start = Instant::now();
    let status = command.status();
    let took = start.elapsed();
    match status {
        Ok(status) if status.success() => took,
        other => panic!("{program}: {other:?}"),
    }
}

fn median(mut times: Vec<Duration>) -> f64 {
    times.sort();
    times[times.len() / 2].as_secs_f64()
}

fn main() {
    let lab = env!("CARGO_BIN_EXE_lab");
    let mut pairs = Vec::with_capacity(PAIRS);
    for _ in 0..PAIRS {
        pairs.push((time(lab, &["3"]), time("/bin/true", &[])));
    }
    let (ours, bare): (Vec<_>, Vec<_>) = pairs.into_iter().unzip();
    println!("{:.2}", median(ours) / median(bare));
}
