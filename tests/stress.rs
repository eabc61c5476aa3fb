//! Every run of the catalogue 200 times on idle cores and 200 times while every core is kept
//! busy: what a lab claims has to hold each time, or it is no demonstration.
//!
//! Not part of plain `cargo test`: `cargo test --test stress -- --nocapture` takes some minutes
//! (with `--release` hardly fewer: most of it is the kernel's time). The runs follow one another, since two at a time would be a third kind of load: all but
//! those that mostly wait for a timer of the kernel, such as a delayed ACK. Of these many wait at
//! once, each on its own sockets; the table says of how many at a time it speaks, and none is run
//! less often than the others.
//! Environment: `STRESS_TIMES` (200), `STRESS_LAB` (all) and `STRESS_THREADS` (as many as cores)
//! change it while looking for something.

use std::fmt::Write as _;
use std::hint::spin_loop;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use sticky_lab::event::LabInfo;
use sticky_lab::lab::{self, Lab};
use sticky_lab::lang::Lang;
use sticky_lab::render;
use sticky_lab::report::{self, Outcome};
use sticky_lab::run::{Kernel, Runner};
use sticky_lab::scenario;

/// How many failing runs are printed whole for each run and load; all are counted.
const SHOWN: usize = 2;

/// A run that takes so long on idle cores, at its fastest, waits for a timer: of the others none
/// takes more than half of it.
const WAITS: Duration = Duration::from_millis(20);
/// How many of the runs that wait are under way at once.
const AT_ONCE: u32 = 16;

struct Row {
    lab: u32,
    run: String,
    at_once: u32,
    /// How many came out as the lab claims: idle, busy.
    held: [usize; 2],
    /// How many ended without all bytes of the stream or all datagrams explained; told apart from
    /// wrong ones, and a failure all the same.
    unconfirmed: [usize; 2],
    /// On average.
    took: [Duration; 2],
}

fn setting(name: &str) -> Option<u32> {
    let value = std::env::var(name).ok()?;
    Some(
        value
            .parse()
            .unwrap_or_else(|_| panic!("{name} is not a number: {value}")),
    )
}

/// Does something while as many threads as there are cores, or as are asked for, only turn.
fn with_busy_cores<T>(work: impl FnOnce() -> T) -> T {
    let cores = thread::available_parallelism().expect("how many cores there are");
    let threads = setting("STRESS_THREADS").map_or(cores.get(), |n| n as usize);
    let over = AtomicBool::new(false);
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while !over.load(Ordering::Relaxed) {
                    spin_loop();
                }
            });
        }
        let done = work();
        over.store(true, Ordering::Relaxed);
        done
    })
}

/// How many of these runs may be under way at once without being much of a load themselves.
fn at_once(lab: &Lab, index: usize) -> u32 {
    let plan = scenario::resolve(&lab.file, index).expect("the catalogue resolves");
    let mut runner = Runner::new(Kernel::Asked, Arc::default());
    let took = (0..3).map(|_| {
        let start = Instant::now();
        let _ = runner.start(&plan).expect("the run begins").finish();
        start.elapsed()
    });
    if took.min() >= Some(WAITS) {
        AT_ONCE
    } else {
        1
    }
}

/// What became of many runs.
#[derive(Default)]
struct Tally {
    held: usize,
    unconfirmed: usize,
    /// Added up over all of them.
    took: Duration,
    /// The first that did not hold, as traces.
    failures: Vec<String>,
}

/// Runs one run of a lab so many times.
fn hammer(lab: &Lab, index: usize, times: u32, at_once: u32, load: &str) -> Tally {
    let plan = scenario::resolve(&lab.file, index).expect("the catalogue resolves");
    let info = LabInfo {
        lab: lab.number,
        slug: lab.slug.clone(),
        texts: lab.texts.clone(),
        os: std::env::consts::OS.into(),
        evidence: Kernel::Asked.evidence(),
    };
    let asked = !info.evidence.is_empty();
    let next = AtomicU32::new(1);
    let tally = Mutex::new(Tally::default());
    let work = || {
        let mut runner = Runner::new(Kernel::Asked, Arc::default());
        loop {
            let round = next.fetch_add(1, Ordering::Relaxed);
            if round > times {
                return;
            }
            let start = Instant::now();
            let trace = runner.start(&plan).expect("the run begins").finish();
            let took = start.elapsed();
            let report = report::build(&trace, asked);
            let mut tally = tally.lock().expect("no worker panicked");
            tally.took += took;
            match report.outcome {
                Outcome::AsExpected => tally.held += 1,
                // Where no kernel can be asked, this is all that can be had.
                Outcome::Unconfirmed if !asked => tally.held += 1,
                other => {
                    tally.unconfirmed += usize::from(other == Outcome::Unconfirmed);
                    if tally.failures.len() < SHOWN {
                        tally.failures.push(format!(
                            "\nlab {} {}, {load}, round {round}: {other:?}\n{}{}",
                            lab.number.expect("a number"),
                            trace.name,
                            render::json::opening(&info, &[&trace.name], Lang::En),
                            render::json::run(&trace, &report)
                        ));
                    }
                }
            }
        }
    };
    thread::scope(|scope| {
        for _ in 0..at_once {
            scope.spawn(work);
        }
    });
    tally.into_inner().expect("no worker panicked")
}

#[test]
fn every_run_holds_each_time_idle_and_busy() {
    let times = setting("STRESS_TIMES").unwrap_or(200);
    let only = setting("STRESS_LAB");
    assert!(times > 0, "STRESS_TIMES=0 would prove nothing");
    let labs: Vec<Lab> = lab::catalogue()
        .expect("the catalogue reads")
        .into_iter()
        .filter(|lab| only.is_none_or(|only| lab.number == Some(only)))
        .collect();
    assert!(!labs.is_empty(), "no lab {only:?}");
    let mut rows = Vec::new();
    for lab in &labs {
        for (i, run) in lab.file.runs.iter().enumerate() {
            rows.push(Row {
                lab: lab.number.expect("a number"),
                run: run.name.clone(),
                at_once: at_once(lab, i),
                held: [0; 2],
                unconfirmed: [0; 2],
                took: [Duration::ZERO; 2],
            });
        }
    }
    let mut failures = String::new();
    let mut all = |load: usize, name: &str| {
        let runs = labs
            .iter()
            .flat_map(|lab| (0..lab.file.runs.len()).map(move |i| (lab, i)));
        for ((lab, i), row) in runs.zip(&mut rows) {
            let tally = hammer(lab, i, times, row.at_once, name);
            row.held[load] = tally.held;
            row.unconfirmed[load] = tally.unconfirmed;
            row.took[load] = tally.took / times;
            failures.extend(tally.failures);
        }
    };
    all(0, "idle");
    with_busy_cores(|| all(1, "busy"));

    let mut table = format!(
        "lab  run                        idle   busy   of {times}, so many at once   ms a run, idle / busy\n"
    );
    let mut total = [0; 2];
    for row in &rows {
        let ms = row.took.map(|took| took.as_secs_f64() * 1000.0);
        writeln!(
            table,
            "{:<4} {:<24} {:>6} {:>6}   {:>24}   {:>9.2} / {:.2}{}",
            row.lab,
            row.run,
            row.held[0],
            row.held[1],
            row.at_once,
            ms[0],
            ms[1],
            match row.unconfirmed {
                [0, 0] => String::new(),
                [idle, busy] => format!("   unconfirmed: {idle} idle, {busy} busy"),
            }
        )
        .expect("writing to a string");
        total[0] += row.held[0];
        total[1] += row.held[1];
    }
    println!("{table}");
    let wanted = rows.len() * usize::try_from(times).expect("fits");
    assert!(
        total == [wanted, wanted],
        "of {wanted} runs {} held idle, {} busy\n{table}{failures}",
        total[0],
        total[1]
    );
}
