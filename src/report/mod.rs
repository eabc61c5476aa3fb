//! Judges a recorded run: who owns each byte, which edges were lost and why, what was claimed and
//! what came true.
//!
//! A pure function of the trace: no clock, no socket, no formatting. Replaying a trace gives the
//! same report as the live run did.

mod check;
mod claims;
pub mod compare;
mod connection;
mod delivery;
pub mod differ;
mod edges;
mod fact;
mod files;
mod flow;
pub mod legal;
mod missing;
mod moments;
mod notes;
mod origin;
pub mod predict;
mod proof;
mod queue;
mod ranges;
mod receiver;
mod released;
pub mod repeat;
mod segments;
mod tally;
mod testimony;
mod unclaimed;
mod wire;
mod witnesses;
mod written;

pub use check::is_lacking;
pub use claims::{Check, Claim, Verdict};
pub use delivery::{Delivery, Extent, Got, GotBy, Sent};
pub use edges::{Cut, CutBy, Edge, Fate};
pub use fact::{CutAt, Fact};
pub use files::{FileFate, Received};
pub use flow::{Datagrams, Flow};
pub use notes::{InKernel, Note};
pub use proof::{Proof, prove};
pub use ranges::{Direction, Message, Ranges, Span, calls};
pub use released::Released;
pub use segments::{At, Segments, Unproven};
pub use tally::{Tally, Wrong};
pub use testimony::{LostIn, Testimony, Witness};
pub use wire::{Kind, PacketNote};

use std::collections::BTreeMap;

use connection::ConnectionTrace;
use serde::{Deserialize, Serialize};
use unclaimed::Unclaimed;

use crate::event::{Action, DEADLINE, Event, LabInfo, RunTrace, Side, UNFINISHED, UNSUPPORTED};

/// What is to be said of one run.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// The directions that carried messages, the client's first; at least one.
    pub flows: Vec<Flow>,
    /// From when on times are counted, in microseconds since the run began.
    pub origin_us: u64,
    /// For each event, in order, whose bytes it carried and what it left in the kernel.
    pub notes: Vec<Note>,
    /// For each packet, in order, whose bytes it carried and what it was for.
    pub wire: Vec<PacketNote>,
    /// The places of the calls that failed.
    pub failed: Vec<usize>,
    /// Each claim of the lab, held against what happened.
    pub checks: Vec<Check>,
    /// How the run came out.
    pub outcome: Outcome,
}

/// A run that is over, with its lab and its report.
#[derive(Clone, Copy, Debug)]
pub struct Reported<'a> {
    /// The lab that it is from.
    pub lab: &'a LabInfo,
    /// The run.
    pub run: &'a RunTrace,
    /// Its report.
    pub report: &'a Report,
}

impl Report {
    /// Whether every message came whole and nothing failed, or the program said that its stream ended
    /// inside one; `None` where that is not known.
    #[must_use]
    pub fn is_right(&self, run: &RunTrace) -> Option<bool> {
        let error = |failed: &usize| run.events[*failed].error.as_deref();
        if let [first, ..] = &self.failed[..] {
            return Some(error(first) == Some(UNFINISHED) && self.failed.len() == 1);
        }
        let is_saved = |file: &Received| file.fate == FileFate::Saved;
        self.flows.iter().try_fold(true, |right, flow| {
            flow.delivery.whole()?;
            let all = flow.delivery.all_came() && flow.files.iter().all(is_saved);
            Some(right && all && flow.refused.is_none())
        })
    }

    /// The same, and no byte was seen to wait at its sender for an ACK: what is right, and slow, is
    /// not.
    pub fn is_right_and_prompt(&self, run: &RunTrace) -> Option<bool> {
        let waited = self.flows.iter().any(|flow| flow.released.is_some());
        self.is_right(run).map(|is_right| is_right && !waited)
    }

    /// Whether the program failed at what it makes of what it got, wherever that was.
    pub fn spoils(&self, run: &RunTrace) -> bool {
        self.failed.iter().any(|&failed| {
            let action = &run.events[failed].action;
            matches!(
                action,
                Action::Unpack { .. }
                    | Action::Parse { .. }
                    | Action::Decode { .. }
                    | Action::Command(_)
            )
        })
    }

    /// The direction that tells most: the first of which not every message came whole, or else one
    /// that lost an edge or had a message cut, or else the first.
    #[must_use]
    pub fn foremost(&self) -> &Flow {
        let came_short =
            |flow: &&Flow| flow.delivery.whole().is_some() && !flow.delivery.all_came();
        let lost = |flow: &&Flow| {
            let mut edges = flow.edges.iter();
            edges.any(|edge| matches!(edge.fate, Fate::Lost(_))) || !flow.cuts.is_empty()
        };
        let flows = &self.flows;
        flows
            .iter()
            .find(came_short)
            .or_else(|| flows.iter().find(lost))
            .unwrap_or(&flows[0])
    }
}

/// How a run came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// All that the lab claims came true.
    AsExpected,
    /// Something came out otherwise, or a call failed that should not have.
    Differs,
    /// Nothing came out otherwise, but this kernel does not say enough to confirm all claims.
    Unconfirmed,
    /// A call was still waiting when the run's time was over.
    Deadline,
    /// Ctrl-C ended the run.
    Interrupted,
}

/// Builds the report of a run. `has_evidence` says whether a kernel was there to be asked at all.
pub fn build(run: &RunTrace, has_evidence: bool) -> Report {
    let events = &run.events;
    let recorded = ConnectionTrace::all(run);
    let flows = flows_of(run, &recorded, has_evidence);
    let over = run.transport;
    let notes = notes::notes(events, &recorded, &flows, over);
    let failed: Vec<usize> = (0..events.len())
        .filter(|i| events[*i].error.is_some() && !matches!(events[*i].action, Action::Pack { .. }))
        .collect();
    let wire = wire::sights(run, &flows);
    let checks = check::check(&run.claims, run, &flows, has_evidence);
    let outcome = outcome(run, &flows, &failed, &checks);
    Report {
        flows,
        origin_us: origin::origin_us(events),
        notes,
        wire,
        failed,
        checks,
        outcome,
    }
}

/// Its directions alone, where no more is asked for: a ruler, say.
#[must_use]
pub fn flows(run: &RunTrace, has_evidence: bool) -> Vec<Flow> {
    flows_of(run, &ConnectionTrace::all(run), has_evidence)
}

fn flows_of(
    run: &RunTrace,
    recorded: &BTreeMap<u32, ConnectionTrace<'_>>,
    has_evidence: bool,
) -> Vec<Flow> {
    let unseen = connection::unseen(run);
    // How often a client that is not seen connects is not in any plan.
    let connections = match run.unseen() {
        Some(Side::Client) => u32::MAX,
        _ => run.clients,
    };
    let mut flows = Vec::new();
    for (&conn, connection) in recorded.range(1..=connections) {
        for direction in Side::BOTH.map(|from| Direction { conn, from }) {
            let carried = |(_, event): &(usize, &Event)| {
                direction.is_sender(event) && event.action.write().is_some()
                    || unseen == Some(direction.from)
                        && direction.is_reader(event)
                        && event.action.read().is_some()
                        && event.carried() > 0
            };
            if connection.calls.iter().any(carried) {
                flows.push(flow::flow(run, connection, direction, has_evidence));
            }
        }
    }
    if flows.is_empty() {
        let none = ConnectionTrace::default();
        let connection = recorded.get(&1).unwrap_or(&none);
        flows.push(flow::flow(run, connection, Direction::FIRST, has_evidence));
    }
    flows
}

fn outcome(run: &RunTrace, flows: &[Flow], failed: &[usize], checks: &[Check]) -> Outcome {
    let events = &run.events;
    let errors = failed.iter().filter_map(|i| events[*i].error.as_deref());
    let failed_by = |name: &str| errors.clone().any(|error| error == name);
    let verdict = |verdict: Verdict| checks.iter().any(|check| check.verdict == verdict);
    // Without an option that this system does not have, it is not the run that the lab speaks of.
    let unsupported = failed_by(UNSUPPORTED);
    let met = |claim: Claim| {
        let is_met = |check: &Check| check.claim == claim && check.verdict == Verdict::Met;
        checks.iter().any(is_met)
    };
    if run.interrupted {
        Outcome::Interrupted
    } else if events.iter().any(is_lacking) && !met(Claim::Errors) {
        // All that came after it, a wait in vain and a closed connection, is not the lab's run.
        Outcome::Unconfirmed
    } else if failed_by(DEADLINE) {
        Outcome::Deadline
    } else if Unclaimed::of(events, failed, checks).is_something()
        || verdict(Verdict::Differs)
        || flows.iter().any(Flow::came_wrong)
    {
        Outcome::Differs
    } else if unsupported || verdict(Verdict::Unconfirmed) {
        Outcome::Unconfirmed
    } else {
        Outcome::AsExpected
    }
}
