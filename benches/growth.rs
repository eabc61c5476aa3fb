//! How the wait for a replay grows with the run: `lab` over traces of a thousand lines to a million,
//! in each form. Prints a line for each kind of run and each form with the slopes from one length to
//! the next, ten times as long: the logarithm of how many times as long it took. 1 is as fast as the
//! run grows, 2 is quadratic.
//!
//! What a process costs is taken off. A path given to it is the program. `tests/growth` counts bytes
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
/// A length that takes no time: what is left is the cost of a process.
const NOTHING: usize = 10;

/// How a trace is shown; `@` is its file.
const FORMS: [(&str, &[&str]); 7] = [
    ("picture", &["replay", "@"]),
    ("plain", &["replay", "@", "--plain"]),
    ("json", &["replay", "@", "--json"]),
    ("wire", &["replay", "@", "--wire=full"]),
    ("repeat", &["replay", "@", "--repeat"]),
    ("compare", &["compare", "@", "@"]),
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
    for (i, (kind, write)) in KINDS.into_iter().enumerate() {
        // One kind of run goes to a million; of the others that would take minutes.
        let lengths = &LENGTHS[..LENGTHS.len() - usize::from(i > 0)];
        let mut times = vec![Vec::new(); FORMS.len()];
        for lines in [&[NOTHING], lengths].concat() {
            fs::write(&file, Trace::of(write, lines))?;
            let rounds = if lines > 100_000 { 1 } else { 5 };
            for ((_, args), times) in FORMS.into_iter().zip(&mut times) {
                times.push(time(&program, args, &file, rounds)?);
            }
        }
        for ((form, _), times) in FORMS.into_iter().zip(times) {
            let own = |time: &f64| (time - times[0]).max(1e-4);
            let slopes = times[1..]
                .windows(2)
                .map(|pair| format!("{:.2}", (own(&pair[1]) / own(&pair[0])).log10()));
            println!("{} {form} of: {kind}", slopes.collect::<Vec<_>>().join(" "));
        }
    }
    Ok(())
}
