//! Whether a run proves what somebody says of it.

use super::check;
use super::claims::{Check, Verdict};
use super::{Outcome, Report};
use crate::event::{Claims, RunTrace};

/// What a run says to claims that are not its lab's own.
#[derive(Clone, Debug, PartialEq)]
pub struct Proof {
    /// Each of the claims, held against what happened.
    pub checks: Vec<Check>,
    /// As the run's outcome, with these claims counted in.
    pub outcome: Outcome,
}

/// Holds further claims against a run. It proves nothing unless its lab's own claims came true as
/// well: else it is not the run that the claims are about.
pub fn prove(run: &RunTrace, report: &Report, claims: &Claims, has_evidence: bool) -> Proof {
    let checks = check::check(claims, run, &report.flows, has_evidence);
    let says = |verdict| checks.iter().any(|check| check.verdict == verdict);
    let outcome = match report.outcome {
        Outcome::AsExpected | Outcome::Unconfirmed if says(Verdict::Differs) => Outcome::Differs,
        Outcome::AsExpected if says(Verdict::Unconfirmed) => Outcome::Unconfirmed,
        outcome => outcome,
    };
    Proof { checks, outcome }
}
