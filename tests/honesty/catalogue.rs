//! Every run of every lab again and again. What the kernel alone says of segments, lost edges and
//! cuts is held against what the capture alone proves, each as the program has it.

use std::fmt::Write as _;
use std::sync::Arc;

use sticky_lab::event::{Action, Mtu, RunTrace};
use sticky_lab::lab;
use sticky_lab::report::{self, At, Cut, CutBy, Edge, Fate, Flow, LostIn, Report};
use sticky_lab::run::{Keep, Kernel, Runner, Wire};
use sticky_lab::scenario;

use super::setting;

/// How the counters fared against the capture.
#[derive(Clone, Copy, Default)]
struct Tally {
    agreed: u64,
    /// The counters do not decide, and say so.
    undetermined: u64,
    /// The capture does not decide.
    unproven: u64,
    wrong: u64,
}

impl Tally {
    fn add(&mut self, other: Self) {
        self.agreed += other.agreed;
        self.undetermined += other.undetermined;
        self.unproven += other.unproven;
        self.wrong += other.wrong;
    }

    /// Two causes, `None` where one is undetermined.
    fn hold<T: PartialEq + std::fmt::Debug>(
        &mut self,
        counted: Option<T>,
        proven: Option<T>,
        what: impl FnOnce() -> String,
        wrong: &mut String,
    ) {
        match (counted, proven) {
            (_, None) => self.unproven += 1,
            (None, Some(_)) => self.undetermined += 1,
            (Some(counted), Some(proven)) if counted == proven => self.agreed += 1,
            (Some(counted), Some(proven)) => {
                self.wrong += 1;
                writeln!(
                    wrong,
                    "{}: counters say {counted:?}, the capture {proven:?}",
                    what()
                )
                .expect("writing to a string");
            }
        }
    }
}

/// The trace as it would be without a capture.
fn by_counters(trace: &RunTrace) -> Report {
    let mut trace = trace.clone();
    trace.capture = None;
    trace.packets.clear();
    report::build(&trace, true)
}

/// The trace as it would be if the kernel had said nothing.
fn by_capture(trace: &RunTrace) -> Report {
    let mut trace = trace.clone();
    for event in &mut trace.events {
        event.kernel = None;
        event.arrived = None;
        event.stamps.clear();
        if let Action::Recv(read) = &mut event.action {
            read.left = None;
        }
    }
    report::build(&trace, true)
}

/// The cause of a loss; nothing for an edge that is not lost.
fn lost_in(edge: &Edge) -> Option<LostIn> {
    match edge.fate {
        Fate::Lost(cause) => Some(cause),
        Fate::Kept | Fate::NotRead | Fate::NotRecorded => None,
    }
}

fn cut_by(cut: &Cut) -> Option<CutBy> {
    (cut.by != CutBy::Undetermined).then_some(cut.by)
}

/// Holds a direction as the counters have it against the same as the capture has it.
fn hold(counted: &Flow, proven: &Flow, name: &str, wrong: &mut String) -> [Tally; 3] {
    let [mut segments, mut edges, mut cuts] = [Tally::default(); 3];
    segments.hold(
        counted.segments.count,
        proven.segments.count,
        || format!("{name}: number of segments"),
        wrong,
    );
    // Every single offset that the counters claim to know.
    let known = |flow: &Flow, offset| match flow.segments.at(offset) {
        At::Unknown => None,
        at => Some(at),
    };
    let claimed = counted.segments.ends.iter().copied();
    let inside = counted.segments.whole.iter().flat_map(|(a, b)| {
        // Where a segment ended in the capture is where a false claim would show.
        let ends = &proven.segments.ends;
        let (from, to) = (
            ends.partition_point(|end| end <= a),
            ends.partition_point(|end| end < b),
        );
        ends[from..to].iter().copied()
    });
    for offset in claimed.chain(inside) {
        segments.hold(
            known(counted, offset),
            known(proven, offset).or_else(|| {
                // Behind the last byte there is nothing to be inside of.
                (Some(offset) == proven.segments.ends.last().copied()).then_some(At::Boundary)
            }),
            || format!("{name}: offset {offset}"),
            wrong,
        );
    }
    assert_eq!(counted.edges.len(), proven.edges.len());
    for (a, b) in counted.edges.iter().zip(&proven.edges) {
        if let (Some(a_cause), Some(b_cause)) = (lost_in(a), lost_in(b)) {
            let what = || format!("{name}: edge {}|{}", a.between[0], a.between[1]);
            let known = |cause| (cause != LostIn::Undetermined).then_some(cause);
            edges.hold(known(a_cause), known(b_cause), what, wrong);
        }
    }
    assert_eq!(counted.cuts.len(), proven.cuts.len());
    for (a, b) in counted.cuts.iter().zip(&proven.cuts) {
        let what = || format!("{name}: {} cut after {}", a.message, a.after);
        cuts.hold(cut_by(a), cut_by(b), what, wrong);
    }
    [segments, edges, cuts]
}

/// Prints the table. Says whether all held.
pub(crate) fn check() -> bool {
    let wire = match Wire::open(None, Mtu::LOOPBACK, Keep::Headers) {
        Ok(wire) => Arc::new(wire),
        Err(why) => {
            println!("honesty: not checked, {why}");
            return false;
        }
    };
    let times = setting("HONESTY_TIMES").unwrap_or(20);
    let only = setting("HONESTY_LAB");
    let mut runner = Runner::new(Kernel::Asked, Arc::default());
    runner.watch(wire, true);
    println!(
        "{times} times each, counters against capture: agreed / undetermined / not proven / wrong\n\
         {:<5}{:<24}{:>22}{:>22}{:>22}",
        "lab", "run", "segments", "lost edges", "cuts"
    );
    let mut total = [Tally::default(); 3];
    let (mut wrong, mut lost) = (String::new(), 0);
    for lab in lab::catalogue().expect("the catalogue reads") {
        if only.is_some() && lab.number != only {
            continue;
        }
        for (i, run) in lab.file.runs.iter().enumerate() {
            let plan = scenario::resolve(&lab.file, i).expect("the catalogue resolves");
            let mut tallies = [Tally::default(); 3];
            for round in 1..=times {
                let trace = runner.start(&plan).expect("the run begins").finish();
                let Some(capture) = trace.capture else {
                    // No wire: the bytes never left the socket layer.
                    continue;
                };
                lost += capture.dropped;
                let name = format!("lab {} {} #{round}", lab.number.unwrap_or(0), run.name);
                let (counted, proven) = (by_counters(&trace), by_capture(&trace));
                let directions = |report: &Report| -> Vec<_> {
                    report.flows.iter().map(|flow| flow.direction).collect()
                };
                assert_eq!(directions(&counted), directions(&proven), "{name}");
                for (counted, proven) in counted.flows.iter().zip(&proven.flows) {
                    if counted.datagrams.is_some() {
                        continue;
                    }
                    let held = hold(counted, proven, &name, &mut wrong);
                    for (tally, more) in tallies.iter_mut().zip(held) {
                        tally.add(more);
                    }
                }
            }
            row(&lab.number.unwrap_or(0).to_string(), &run.name, &tallies);
            for (sum, tally) in total.iter_mut().zip(tallies) {
                sum.add(tally);
            }
        }
    }
    row("all", "", &total);
    println!("packets that the capture missed: {lost}");
    if only.is_none() && total.iter().any(|tally| tally.agreed == 0) {
        println!("\nnothing was held against a capture, so nothing was checked");
        return false;
    }
    let refuted: u64 = total.iter().map(|tally| tally.wrong).sum();
    if refuted > 0 {
        println!("\n{refuted} wrong:\n{wrong}");
        return false;
    }
    true
}

fn row(lab: &str, run: &str, tallies: &[Tally; 3]) {
    let cells = tallies.map(|t| {
        format!(
            "{} / {} / {} / {}",
            t.agreed, t.undetermined, t.unproven, t.wrong
        )
    });
    let [segments, edges, cuts] = cells;
    println!("{lab:<5}{run:<24}{segments:>22}{edges:>22}{cuts:>22}");
}
