//! How a run came out, against what the lab claims.

use super::View;
use super::findings::Finding;
use super::paint::Ink;
use super::words;
use crate::event::{ClaimedRecvs, RunTrace};
use crate::report::{Check, Outcome, Report, Verdict};

/// How the run came out, against what the lab claims.
pub(super) fn outcome(run: &RunTrace, report: &Report, view: &View) -> Vec<Finding> {
    let varies = run.claims.recvs == Some(ClaimedRecvs::AnyLegal);
    if report.outcome == Outcome::AsExpected && run.claims.is_empty() {
        return Vec::new();
    }
    let ink = match report.outcome {
        // Small print: it is no praise of the program shown.
        Outcome::AsExpected => Ink::Faint,
        Outcome::Unconfirmed => Ink::Plain,
        Outcome::Differs | Outcome::Deadline | Outcome::Interrupted => Ink::Bad,
    };
    let says = words::claims::outcome(view.lang, report.outcome, varies);
    let mut found = vec![Finding::plain(says).ink(ink)];
    // What was cut short has not had its chance to come true.
    if report.outcome != Outcome::Interrupted {
        let unmet = report
            .checks
            .iter()
            .filter(|check| check.verdict != Verdict::Met);
        found.extend(unmet.map(|check| difference(check, view)));
    }
    found
}

fn difference(check: &Check, view: &View) -> Finding {
    let says = words::claims::difference(view.lang, check, view.has_evidence);
    let ink = match check.verdict {
        Verdict::Differs => Ink::Bad,
        Verdict::Met | Verdict::Unconfirmed => Ink::Plain,
    };
    let about = words::claim(view.lang, check.claim);
    Finding::plain(says).about(about).ink(ink)
}
