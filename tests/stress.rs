//! Every run of the catalogue 200 times on idle cores and 200 times while every core is kept
//! busy: what a lab claims has to hold each time, or it is no demonstration.
//!
//! Not part of plain `cargo test`: `cargo test --release --test stress -- --nocapture` takes some
//! minutes. The runs follow one another, since two at a time would be a third kind of load.
//! Environment: `STRESS_TIMES` (200), `STRESS_LAB` (all) and `STRESS_THREADS` (as many as cores)
//! change it while looking for something.

use std::fmt::Write as _;
use std::hint::spin_loop;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Instant;

use sticky_lab::event::LabInfo;
use sticky_lab::lab::text::Lang;
use sticky_lab::lab::{self, Lab};
use sticky_lab::render;
use sticky_lab::report::{self, Outcome};
use sticky_lab::run::{Kernel, Stage};
use sticky_lab::scenario;

/// How many failing runs are printed whole for each run and load; all are counted.
const SHOWN: usize = 2;

struct Row {
    lab: u32,
    run: String,
    /// How many came out as the lab claims: idle, busy.
    held: [usize; 2],
    /// How many ended without all bytes of the stream or all datagrams explained; told apart from
    /// wrong ones, and a failure all the same.
    unconfirmed: [usize; 2],
    milliseconds: [u128; 2],
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

/// Runs one run of a lab so many times; what did not hold goes into `failures`, as its trace.
fn hammer(
    lab: &Lab,
    index: usize,
    times: u32,
    load: &str,
    failures: &mut String,
) -> (usize, usize, u128) {
    let plan = scenario::resolve(&lab.file, index).expect("the catalogue resolves");
    let info = LabInfo {
        lab: lab.number,
        slug: lab.slug.clone(),
        texts: lab.texts.clone(),
        os: std::env::consts::OS.into(),
        evidence: Kernel::Asked.evidence(),
    };
    let asked = !info.evidence.is_empty();
    let (mut held, mut unconfirmed, mut shown) = (0, 0, 0);
    let mut stage = Stage::new(Kernel::Asked, Arc::default());
    let start = Instant::now();
    for round in 1..=times {
        let trace = stage.start(&plan).expect("the run begins").finish();
        let report = report::build(&trace, asked);
        match report.outcome {
            Outcome::AsExpected => held += 1,
            // Where no kernel can be asked, this is all that can be had.
            Outcome::Unconfirmed if !asked => held += 1,
            other => {
                unconfirmed += usize::from(other == Outcome::Unconfirmed);
                if shown < SHOWN {
                    shown += 1;
                    writeln!(
                        failures,
                        "\nlab {} {}, {load}, round {round}: {other:?}\n{}{}",
                        lab.number.expect("a number"),
                        trace.script.name,
                        render::json::opening(&info, &[&trace.script.name], Lang::En),
                        render::json::run(&trace, &report)
                    )
                    .expect("writing to a string");
                }
            }
        }
    }
    (held, unconfirmed, start.elapsed().as_millis())
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
        for run in &lab.file.runs {
            rows.push(Row {
                lab: lab.number.expect("a number"),
                run: run.name.clone(),
                held: [0; 2],
                unconfirmed: [0; 2],
                milliseconds: [0; 2],
            });
        }
    }
    let mut failures = String::new();
    let mut all = |load: usize, name: &str| {
        let runs = labs
            .iter()
            .flat_map(|lab| (0..lab.file.runs.len()).map(move |i| (lab, i)));
        for ((lab, i), row) in runs.zip(&mut rows) {
            (
                row.held[load],
                row.unconfirmed[load],
                row.milliseconds[load],
            ) = hammer(lab, i, times, name, &mut failures);
        }
    };
    all(0, "idle");
    with_busy_cores(|| all(1, "busy"));

    let mut table = format!(
        "lab  run                    idle of {times}   busy of {times}   ms a run, idle / busy\n"
    );
    let mut total = [0; 2];
    for row in &rows {
        let mean = row
            .milliseconds
            .map(|ms| f64::from(u32::try_from(ms).expect("under 49 days")) / f64::from(times));
        writeln!(
            table,
            "{:<4} {:<22} {:>11}   {:>11}   {:>9.2} / {:.2}{}",
            row.lab,
            row.run,
            row.held[0],
            row.held[1],
            mean[0],
            mean[1],
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
