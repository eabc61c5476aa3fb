//! What became of a run that was done many times.

use super::unclaimed::Unclaimed;
use super::{Check, Flow, Outcome, Report, Verdict, claims};
use crate::event::{Action, DEADLINE, Event, NO_PROGRAM, RunTrace, Undone};
use crate::frame::FrameError;

/// How often a run came out how.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tally {
    /// How often it was done.
    pub times: u32,
    /// How often all that the lab claims came true.
    pub as_expected: u32,
    /// How often nothing came out otherwise, but the kernel did not say enough.
    pub unconfirmed: u32,
    /// Programs that were not there for its commands, which left it so.
    pub missing: Vec<String>,
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
    /// A decoder refused to go on, and the lab does not claim it.
    Refused(FrameError),
    /// These steps were left undone, and what came before them is not claimed.
    Undone(Undone),
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
            Outcome::Unconfirmed => {
                self.unconfirmed += 1;
                for program in missing(&run.events) {
                    if !self.missing.contains(program) {
                        self.missing.push(program.clone());
                    }
                }
            }
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
                let unclaimed = Unclaimed::of(&run.events, &report.failed, &report.checks);
                let errors = claims::errors(&run.events);
                if unclaimed.failed && !errors.is_empty() {
                    self.wrong(Wrong::Failed(errors));
                }
                if let Some(error) = unclaimed.refused {
                    self.wrong(Wrong::Refused(error.clone()));
                }
                if let Some(undone) = unclaimed.undone {
                    self.wrong(Wrong::Undone(undone.clone()));
                }
                if report.flows.iter().any(Flow::came_wrong) {
                    self.wrong(Wrong::NotIntact);
                }
            }
        }
        self.times += 1;
    }

    /// Whether a deadline has passed. How often else it would, nobody should have to wait for.
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

fn missing(events: &[Event]) -> impl Iterator<Item = &String> {
    let not_there = |event: &&Event| event.error.as_deref() == Some(NO_PROGRAM);
    let failed = events.iter().filter(not_there);
    failed.filter_map(|event| match &event.action {
        Action::Command(command) => command.argv.first(),
        _ => None,
    })
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
    use super::super::{Claim, Direction, build};
    use super::*;
    use crate::event::fixture::{self, call};
    use crate::event::{Side, Transport};
    use crate::report::Fact;

    fn run(failed: &[&str]) -> RunTrace {
        let close = |error: &&str| call(Side::Server, Action::Close).failed(error);
        fixture::run(Transport::Tcp, failed.iter().map(close).collect::<Vec<_>>())
    }

    fn report(outcome: Outcome, checks: Vec<Check>) -> Report {
        Report {
            checks,
            outcome,
            ..build(&run(&[]), true)
        }
    }

    fn differs(claim: Claim, got: u64) -> Check {
        Check {
            direction: Direction::FIRST,
            claim,
            verdict: Verdict::Differs,
            expected: Fact::Number(1),
            got: Fact::Number(got),
        }
    }

    fn tally(failed: &[&str], reports: &[Report]) -> Tally {
        let mut tally = Tally::default();
        let run = run(failed);
        for report in reports {
            let report = Report {
                failed: build(&run, true).failed,
                ..report.clone()
            };
            tally.add(&run, &report);
        }
        tally
    }

    #[test]
    fn runs_are_counted_by_how_they_came_out() {
        let reports = [
            report(Outcome::AsExpected, vec![]),
            report(Outcome::Unconfirmed, vec![]),
            report(Outcome::Deadline, vec![differs(Claim::Recvs, 2)]),
            report(Outcome::Deadline, vec![]),
            report(Outcome::Interrupted, vec![]),
            report(Outcome::AsExpected, vec![]),
        ];
        let tally = tally(&[], &reports);
        let counts = (tally.times, tally.as_expected, tally.unconfirmed);
        assert_eq!(counts, (5, 2, 1));
        assert_eq!(tally.wrong, [(Wrong::Deadline(vec![]), 2)]);
        assert!(tally.is_late());
    }

    #[test]
    fn a_claim_that_fails_in_several_ways_is_one_and_shown_as_it_first_failed() {
        let (writes, segments) = (differs(Claim::Writes, 2), differs(Claim::Segments, 3));
        let reports = [
            report(Outcome::Differs, vec![writes.clone(), segments.clone()]),
            report(Outcome::Differs, vec![differs(Claim::Writes, 4)]),
        ];
        let wrong = [(Wrong::Claim(writes), 2), (Wrong::Claim(segments), 1)];
        assert_eq!(tally(&[], &reports).wrong, wrong);
    }

    #[test]
    fn a_failed_call_is_named_unless_the_lab_claims_which_calls_fail() {
        let errors = differs(Claim::Errors, 2);
        let reports = [vec![], vec![errors.clone()]].map(|it| report(Outcome::Differs, it));
        let failed = Wrong::Failed(vec!["server close ECONNRESET".into()]);
        let wrong = [(failed, 1), (Wrong::Claim(errors), 1)];
        assert_eq!(tally(&["ECONNRESET", DEADLINE], &reports).wrong, wrong);
    }

    #[test]
    fn who_was_late_is_named() {
        let late = Wrong::Deadline(vec!["server close".into()]);
        let tally = tally(&[DEADLINE], &[report(Outcome::Deadline, vec![])]);
        assert_eq!(tally.wrong, [(late, 1)]);
    }

    #[test]
    fn bytes_that_nobody_wrote_are_wrong_whatever_is_claimed() {
        let mut report = report(Outcome::Differs, vec![]);
        report.flows[0].ranges.intact = false;
        assert_eq!(tally(&[], &[report]).wrong, [(Wrong::NotIntact, 1)]);
    }
}
