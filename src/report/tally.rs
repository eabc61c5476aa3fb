//! What became of a run that was done many times.

use super::{Check, Claim, Outcome, Report, Verdict, check};
use crate::event::{DEADLINE, Event, RunTrace};

/// How often a run came out how.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tally {
    /// How often it was done.
    pub times: u32,
    /// How often all that the lab claims came true.
    pub as_expected: u32,
    /// How often nothing came out otherwise, but the kernel did not say enough.
    pub unconfirmed: u32,
    /// What went wrong, each with how often it did, in the order in which it first happened.
    pub wrong: Vec<(Wrong, u32)>,
}

/// What goes wrong with a run.
#[derive(Clone, Debug, PartialEq)]
pub enum Wrong {
    /// A claim came out otherwise; this is how the first time.
    Claim(Check),
    /// Calls failed of which the lab claims nothing, as `expect`'s `errors` would name them.
    Failed(Vec<String>),
    /// These calls were still waiting at the deadline: `server await`.
    Deadline(Vec<String>),
    /// What was read is not what was written.
    NotIntact,
}

impl Wrong {
    /// Whether it is the same thing that goes wrong: a claim may fail in many ways.
    fn is_like(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Claim(a), Self::Claim(b)) => (a.direction, a.claim) == (b.direction, b.claim),
            (a, b) => a == b,
        }
    }
}

impl Tally {
    /// Counts one more time. A run that was interrupted has not come out at all.
    pub fn add(&mut self, run: &RunTrace, report: &Report) {
        match report.outcome {
            Outcome::Interrupted => return,
            Outcome::AsExpected => self.as_expected += 1,
            Outcome::Unconfirmed => self.unconfirmed += 1,
            // What was cut short had no chance to come true: that it was is all there is to say.
            Outcome::Deadline => self.wrong(Wrong::Deadline(waiting(&run.events))),
            Outcome::Differs => {
                let differs = report
                    .checks
                    .iter()
                    .filter(|check| check.verdict == Verdict::Differs);
                for check in differs {
                    self.wrong(Wrong::Claim(check.clone()));
                }
                let claimed = report.checks.iter().any(|c| c.claim == Claim::Errors);
                let errors = check::errors(&run.events);
                if !claimed && !errors.is_empty() {
                    self.wrong(Wrong::Failed(errors));
                }
                if report.flows.iter().any(|flow| !flow.ranges.intact) {
                    self.wrong(Wrong::NotIntact);
                }
            }
        }
        self.times += 1;
    }

    /// Whether a deadline has passed. How often else it would, nobody should have to wait for.
    #[must_use]
    pub fn is_late(&self) -> bool {
        let late = |(wrong, _): &(Wrong, u32)| matches!(wrong, Wrong::Deadline(_));
        self.wrong.iter().any(late)
    }

    fn wrong(&mut self, wrong: Wrong) {
        match self
            .wrong
            .iter_mut()
            .find(|(known, _)| known.is_like(&wrong))
        {
            Some((_, times)) => *times += 1,
            None => self.wrong.push((wrong, 1)),
        }
    }
}

fn waiting(events: &[Event]) -> Vec<String> {
    let late = events
        .iter()
        .filter(|event| event.error.as_deref() == Some(DEADLINE));
    late.map(|event| format!("{} {}", event.side, event.action.name()))
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::{Direction, Flow};
    use super::*;
    use crate::event::{Side, Transport};
    use crate::report::Fact;

    fn run() -> RunTrace {
        RunTrace::new("one", Transport::Tcp)
    }

    fn flow() -> Flow {
        let direction = Direction {
            conn: 1,
            from: Side::Client,
        };
        super::super::flow::flow(
            &run(),
            &super::super::connection::ConnectionTrace::default(),
            direction,
            true,
        )
    }

    fn report(outcome: Outcome, checks: Vec<Check>) -> Report {
        Report {
            flows: vec![flow()],
            origin_us: 0,
            wire: Vec::new(),
            notes: Vec::new(),
            failed: Vec::new(),
            checks,
            outcome,
        }
    }

    fn differs(claim: Claim, got: u64) -> Check {
        Check {
            direction: flow().direction,
            claim,
            verdict: Verdict::Differs,
            expected: Fact::Number(1),
            got: Fact::Number(got),
        }
    }

    fn tally(reports: &[Report]) -> Tally {
        let mut tally = Tally::default();
        for report in reports {
            tally.add(&run(), report);
        }
        tally
    }

    #[test]
    fn runs_are_counted_by_how_they_came_out() {
        let tally = tally(&[
            report(Outcome::AsExpected, vec![]),
            report(Outcome::Unconfirmed, vec![]),
            report(Outcome::Deadline, vec![differs(Claim::Recvs, 2)]),
            report(Outcome::Deadline, vec![]),
            report(Outcome::Interrupted, vec![]),
            report(Outcome::AsExpected, vec![]),
        ]);
        let counts = (tally.times, tally.as_expected, tally.unconfirmed);
        assert_eq!(counts, (5, 2, 1));
        assert_eq!(tally.wrong, [(Wrong::Deadline(vec![]), 2)]);
        assert!(tally.is_late());
    }

    #[test]
    fn a_claim_that_fails_in_several_ways_is_one_and_shown_as_it_first_failed() {
        let tally = tally(&[
            report(
                Outcome::Differs,
                vec![differs(Claim::Writes, 2), differs(Claim::Segments, 3)],
            ),
            report(Outcome::Differs, vec![differs(Claim::Writes, 4)]),
        ]);
        assert_eq!(
            tally.wrong,
            [
                (Wrong::Claim(differs(Claim::Writes, 2)), 2),
                (Wrong::Claim(differs(Claim::Segments, 3)), 1)
            ]
        );
    }

    #[test]
    fn a_failed_call_is_named_unless_the_lab_claims_which_calls_fail() {
        let mut run = run();
        let failed = |error: &str| -> Event {
            serde_json::from_value(json!({
                "seq": 0, "side": "server", "call_us": 0, "return_us": 0, "op": "close", "error": error
            }))
            .expect("an event")
        };
        run.events = vec![failed("ECONNRESET"), failed(DEADLINE)];
        let mut tally = Tally::default();
        tally.add(&run, &report(Outcome::Differs, vec![]));
        tally.add(
            &run,
            &report(Outcome::Differs, vec![differs(Claim::Errors, 2)]),
        );
        assert_eq!(
            tally.wrong,
            [
                (Wrong::Failed(vec!["server close ECONNRESET".into()]), 1),
                (Wrong::Claim(differs(Claim::Errors, 2)), 1)
            ]
        );
    }

    #[test]
    fn who_was_late_is_named() {
        let mut run = run();
        let event = json!({
            "seq": 0, "side": "server", "call_us": 0, "return_us": 0, "op": "close", "error": DEADLINE
        });
        run.events = vec![serde_json::from_value(event).expect("an event")];
        let mut tally = Tally::default();
        tally.add(&run, &report(Outcome::Deadline, vec![]));
        let late = Wrong::Deadline(vec!["server close".into()]);
        assert_eq!(tally.wrong, [(late, 1)]);
    }

    #[test]
    fn bytes_that_nobody_wrote_are_wrong_whatever_is_claimed() {
        let mut report = report(Outcome::Differs, vec![]);
        report.flows[0].ranges.intact = false;
        assert_eq!(tally(&[report]).wrong, [(Wrong::NotIntact, 1)]);
    }
}
