//! What came of a run that was done many times: how often each outcome, and what else could have.

use std::collections::HashMap;

use super::legal::{Legal, Model, Range, Reads, Unmodelled, Waits, enumerate};
use super::{Direction, Fate, Outcome, Report, claims};
use crate::event::{DEADLINE, Label, RunTrace, Side};

/// Of this many legal outcomes none is looked for any more.
const MOST_LEGAL: usize = 5000;

/// How often a run came out how.
#[derive(Clone, Debug)]
pub struct Repeats {
    /// How often it came to an end. A run that Ctrl-C cut short has not.
    pub times: u32,
    /// How often all that the lab claims came true.
    pub as_expected: u32,
    /// How often nothing came out otherwise, but the kernel did not say enough to confirm it all.
    pub unconfirmed: u32,
    /// Each outcome that came up, the most frequent first.
    pub came: Vec<OutcomeCount>,
    /// What else could have come up.
    pub legal: Result<Absent, Unmodelled>,
}

/// An outcome that came up.
#[derive(Clone, Debug)]
pub struct OutcomeCount {
    /// How often.
    pub times: u32,
    /// What became of the edges, direction by direction.
    pub edges: Vec<EdgeTally>,
    /// The calls that failed, as a lab would claim them; `deadline` for a run that had no time left.
    pub failed: Vec<String>,
    /// The first run that came out so.
    pub run: RunTrace,
    /// Its report.
    pub report: Report,
}

/// What became of one edge, over all runs with the same outcome.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EdgeTally {
    /// In which direction.
    pub direction: Direction,
    /// The messages on both sides.
    pub between: [Label; 2],
    /// Its fates, each with how often; where it was lost may differ from run to run.
    pub fates: Vec<(Fate, u32)>,
}

/// The legal outcomes that did not come up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Absent {
    /// How many legal outcomes there are, those that came up included; or at least so many.
    pub legal: usize,
    /// Whether those are all.
    pub complete: bool,
    /// Those that keep each write in one piece, except where a buffer cuts it.
    pub whole: Vec<Reads>,
    /// Those for which a segment has to end inside a write.
    pub torn: Vec<Reads>,
}

/// What an outcome is told by: in each direction the reads, and which calls failed.
type Key = (Vec<Came>, Vec<String>);

/// Counts outcomes as runs come to their end.
#[derive(Default)]
pub struct Counter {
    times: u32,
    as_expected: u32,
    unconfirmed: u32,
    came: Vec<OutcomeCount>,
    places: HashMap<Key, usize>,
}

impl Counter {
    /// Counts a run.
    pub fn add(&mut self, run: RunTrace, report: Report) {
        if report.outcome == Outcome::Interrupted {
            return;
        }
        self.times += 1;
        self.as_expected += u32::from(report.outcome == Outcome::AsExpected);
        self.unconfirmed += u32::from(report.outcome == Outcome::Unconfirmed);
        let mut failed = claims::errors(&run.events);
        if report.outcome == Outcome::Deadline {
            failed.push(DEADLINE.into());
        }
        let edges = edges(&report);
        let key = (directions(&report), failed.clone());
        if let Some(&place) = self.places.get(&key) {
            let came = &mut self.came[place];
            came.times += 1;
            for (known, new) in came.edges.iter_mut().zip(edges) {
                known.add(new.fates[0].0);
            }
        } else {
            self.places.insert(key, self.came.len());
            self.came.push(OutcomeCount {
                times: 1,
                edges,
                failed,
                run,
                report,
            });
        }
    }

    /// How many runs came to their end.
    pub fn times(&self) -> u32 {
        self.times
    }

    /// What came of them all. `script` says what could have.
    pub fn finish(mut self, script: Result<Model, Unmodelled>) -> Repeats {
        // Of equals the one that came first.
        self.came.sort_by_key(|came| std::cmp::Reverse(came.times));
        let legal = script.map(|script| {
            let legal = enumerate(&script, Waits::Kept, MOST_LEGAL);
            absent(&script, legal, &self.came)
        });
        Repeats {
            times: self.times,
            as_expected: self.as_expected,
            unconfirmed: self.unconfirmed,
            came: self.came,
            legal,
        }
    }
}

impl EdgeTally {
    fn add(&mut self, fate: Fate) {
        match self.fates.iter_mut().find(|(known, _)| *known == fate) {
            Some((_, times)) => *times += 1,
            None => self.fates.push((fate, 1)),
        }
    }
}

fn edges(report: &Report) -> Vec<EdgeTally> {
    let of = |flow: &super::Flow| {
        let direction = flow.direction;
        let edges = flow.edges.iter().map(move |edge| EdgeTally {
            direction,
            between: edge.between,
            fates: vec![(edge.fate, 1)],
        });
        edges.collect::<Vec<_>>()
    };
    report.flows.iter().flat_map(of).collect()
}

fn ranges(flow: &super::Flow) -> Vec<Range> {
    let reads = flow.ranges.reads.iter();
    reads.map(|read| (read.start, read.end)).collect()
}

/// What one direction came to: its reads, how many of them nobody owns, how many messages came
/// whole.
type Came = (Direction, Vec<Range>, usize, Option<u64>);

fn directions(report: &Report) -> Vec<Came> {
    let flows = report.flows.iter();
    flows
        .map(|flow| {
            let unowned = flow.ranges.unowned.len();
            (flow.direction, ranges(flow), unowned, flow.delivery.whole())
        })
        .collect()
}

/// What the reads of a run were, as the model writes them.
pub fn reads(report: &Report) -> Reads {
    let of = |side: Side| {
        let flow = report.flows.iter().find(|flow| flow.direction.from == side);
        flow.map(ranges).unwrap_or_default()
    };
    Reads(Side::BOTH.map(of))
}

fn absent(script: &Model, legal: Legal, came: &[OutcomeCount]) -> Absent {
    let came: Vec<Reads> = came.iter().map(|came| reads(&came.report)).collect();
    let torn = |reads: &Reads| -> usize {
        let each = Side::BOTH.map(|side| script.torn(side, reads.from(side)));
        each.iter().sum()
    };
    let count = legal.outcomes.len();
    let (whole, mut rest): (Vec<_>, Vec<_>) = legal
        .outcomes
        .into_iter()
        .filter(|reads| !came.contains(reads))
        .partition(|reads| torn(reads) == 0);
    rest.sort_by_cached_key(|reads| torn(reads));
    Absent {
        legal: count,
        complete: legal.complete,
        whole,
        torn: rest,
    }
}
