//! Holds the claims of a lab against what happened.

use std::cell::LazyCell;

use super::Flow;
use super::claims::{self, Check, Claim, Verdict};
use super::connection::ConnectionTrace;
use super::fact::Fact;
use super::ranges::Direction;
use crate::event::{Action, Barrier, Claims, Event, NO_PROGRAM, RunTrace, Side, UNSUPPORTED};

/// Holds claims about a run, its lab's or another's, each against the direction that it is about.
pub(super) fn check(
    first: &Claims,
    run: &RunTrace,
    flows: &[Flow],
    has_evidence: bool,
) -> Vec<Check> {
    let recorded = LazyCell::new(|| ConnectionTrace::all(run));
    let mut checks = Vec::new();
    for (conn, expect) in (1..).zip(std::iter::once(first).chain(&first.more_clients)) {
        let answers = expect.answers.as_deref();
        for (from, expect) in [(Side::Client, Some(expect)), (Side::Server, answers)] {
            let direction = Direction { conn, from };
            let Some(expect) = expect.filter(|expect| expect.claims_something()) else {
                continue;
            };
            let silent;
            let flow = if let Some(flow) = Flow::of(flows, direction) {
                flow
            } else {
                // Nothing was written this way, which may be just what is claimed.
                let none = ConnectionTrace::default();
                let connection = recorded.get(&conn).unwrap_or(&none);
                silent = super::flow::flow(run, connection, direction, has_evidence);
                &silent
            };
            checks.extend(claims::check(expect, flow, &run.events, has_evidence));
        }
    }
    if super::connection::unseen(run) != run.unseen() {
        // Which calls were to which client the record does not say.
        for check in &mut checks {
            if !matches!(check.claim, Claim::Errors | Claim::States) {
                (check.verdict, check.got) = (Verdict::Unconfirmed, Fact::NotKnown);
            }
        }
    }
    if !run.events.iter().all(brought_about) {
        // What came out otherwise refutes nothing: it was not the lab's run.
        for check in &mut checks {
            if check.verdict == Verdict::Differs {
                check.verdict = Verdict::Unconfirmed;
            }
        }
    }
    checks
}

/// Whether a step did what the lab wanted of it: not so where a wait is for a count that this
/// system does not tell, or an option or a transport is one that it does not have.
fn brought_about(event: &Event) -> bool {
    match &event.action {
        Action::Await { until, seen } => {
            let told = matches!(until, Barrier::Read | Barrier::Signal(_));
            told || seen.is_some() || event.error.is_some()
        }
        Action::States { ends, .. } => !ends.is_empty() || event.error.is_some(),
        _ => event.error.as_deref() != Some(UNSUPPORTED) && !is_lacking(event),
    }
}

/// Whether a command came to nothing because of the system that it was to run on: the program is
/// not there, or nobody could say what became of it.
pub fn is_lacking(event: &Event) -> bool {
    matches!(event.action, Action::Command(_))
        && [Some(NO_PROGRAM), Some(UNSUPPORTED)].contains(&event.error.as_deref())
}
