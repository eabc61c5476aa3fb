//! How a run came out, against what the lab claims.

use super::View;
use super::findings::Finding;
use super::paint::{Ink, Line};
use super::words;
use crate::event::{ClaimedRecvs, RunTrace};
use crate::report::{Check, Outcome, Report, Verdict};

/// How the run came out, against what the lab claims.
pub(super) fn outcome(run: &RunTrace, report: &Report, view: &View) -> Vec<Finding> {
    let varies = run.claims.recvs == Some(ClaimedRecvs::AnyLegal);
    if report.outcome == Outcome::AsExpected && run.claims.is_empty() {
        return Vec::new();
    }
    let mut found = vec![Finding {
        ink: match report.outcome {
            Outcome::AsExpected => Ink::Good,
            Outcome::Unconfirmed => Ink::Plain,
            Outcome::Differs | Outcome::Deadline | Outcome::Interrupted => Ink::Bad,
        },
        ..Finding::plain(words::claims::outcome(view.lang, report.outcome, varies))
    }];
    // What was cut short has not had its chance to come true.
    let judged = report.outcome != Outcome::Interrupted;
    for check in report
        .checks
        .iter()
        .filter(|check| judged && check.verdict != Verdict::Met)
    {
        found.push(difference(check, view));
    }
    found
}

fn difference(check: &Check, view: &View) -> Finding {
    Finding {
        about: Line::of(words::claim(view.lang, check.claim), Ink::Strong),
        says: words::claims::difference(view.lang, check, view.has_evidence),
        ink: if check.verdict == Verdict::Differs {
            Ink::Bad
        } else {
            Ink::Plain
        },
    }
}
