//! How the wait for a replay grows with the run: `lab` over traces of a thousand lines to a million,
//! in each form. Prints a line for each kind of run and each form: the slope over all lengths, and
//! behind it those from one length to the next, ten times as long. A slope is the logarithm of how
//! many times as long it took by that of how many times as long the run is: 1 is as fast as the run
//! grows, 2 is quadratic.
//!
//! Fails where one is far above 1. What a process costs is taken off. A path given to it is the program. `tests/growth` counts bytes
//! of the same traces.

#[path = "../tests/growth/traces.rs"]
mod traces;

use std::env;
use std::fs;
use std::io;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use traces::{KINDS, Trace};

const LENGTHS: [usize; 4] = [1_000, 10_000, 100_000, 1_000_000];
/// As steep as no slope is that is 1 but for caches and what else the machine does.
const STEEP: f64 = 1.5;
/// A length that takes no time: what is left is the cost of a process.
const NOTHING: usize = 10;

/// How a trace is shown; `@` is its file.
const FORMS: [(&str, &[&str]); 9] = [
    ("one screen", &["replay", "@"]),
    ("picture", &["replay", "@", "--full"]),
    ("plain", &["replay", "@", "--plain"]),
    ("json", &["replay", "@", "--json"]),
    ("wire", &["replay", "@", "--full", "--wire=full"]),
    ("repeat", &["replay", "@", "--repeat"]),
    ("compare on one screen", &["compare", "@", "@"]),
    ("compare", &["compare", "@", "@", "--full"]),
    ("compare-plain", &["compare", "@", "@", "--plain"]),
];

/// The fastest of some rounds, in seconds: what the machine does besides only adds to it.
fn time(program: &str, args: &[&str], trace: &Path, rounds: usize) -> io::Result<f64> {
    let trace = trace.to_string_lossy();
    let mut fastest = f64::INFINITY;
    for _ in 0..rounds {
        let mut command = Command::new(program);
        command.args(
            args.iter()
                .map(|arg| if *arg == "@" { &*trace } else { *arg }),
        );
        let start = Instant::now();
        let status = command.stdout(Stdio::null()).status()?;
        fastest = fastest.min(start.elapsed().as_secs_f64());
        assert!(
            status.code().is_some_and(|code| code < 2),
            "{args:?}: {status}"
        );
    }
    Ok(fastest)
}

fn main() -> io::Result<()> {
    let given = env::args().skip(1).find(|arg| !arg.starts_with("--"));
    let program = given.expect("the path of the program");
    let directory = tempfile::tempdir()?;
    let file = directory.path().join("trace.jsonl");
    let mut steep = 0;
    for (i, (kind, write)) in KINDS.into_iter().enumerate() {
        // One kind of run goes to a million; of the others that would take minutes.
        let lengths = &LENGTHS[..LENGTHS.len() - usize::from(i > 0)];
        let mut times = vec![Vec::new(); FORMS.len()];
        for lines in [&[NOTHING], lengths].concat() {
            fs::write(&file, Trace::of(write, lines))?;
            let rounds = (1_000_000 / lines).clamp(1, 3);
            for ((_, args), times) in FORMS.into_iter().zip(&mut times) {
                times.push(time(&program, args, &file, rounds)?);
            }
        }
        for ((form, _), times) in FORMS.into_iter().zip(times) {
            let own = |time: &f64| (time - times[0]).max(1e-4);
            let times = &times[1..];
            let slopes: Vec<f64> = times
                .windows(2)
                .map(|pair| (own(&pair[1]) / own(&pair[0])).log10())
                .collect();
            let of_all = slopes.iter().sum::<f64>() / slopes.len() as f64;
            steep += usize::from(of_all > STEEP);
            let slopes: Vec<String> = slopes.iter().map(|slope| format!("{slope:.2}")).collect();
            println!("{of_all:.2} ({}) {form} of: {kind}", slopes.join(" "));
        }
    }
    assert_eq!(steep, 0, "so many are steeper than {STEEP}");
    Ok(())
}
