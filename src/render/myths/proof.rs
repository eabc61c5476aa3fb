//! One belief with its proof: what is to be thought of it, and whether its run came out so.

use super::{judged, outcome_ink, reason, title};
use crate::event::RunTrace;
use crate::lab::myth::Myth;
use crate::render::page::{HEADING, INDENT, indent, measure, section};
use crate::render::paint::Ink;
use crate::render::plain::{self, unmarked};
use crate::render::{View, finish, wrap};
use crate::report::{self, Check, Outcome, Proof, Report};
use crate::words;

/// One belief and what is to be thought of it; its run is drawn below.
#[must_use]
pub fn myth_opening(myth: &Myth, view: &View) -> String {
    let belief = unmarked(&myth.says(view.lang).belief);
    let title = format!("{} · {belief}", title(myth, view));
    let mut lines = wrap::text(&title, view.width, Ink::Strong);
    lines.extend(indent(reason(myth, measure(view), view), INDENT));
    finish(&lines, view)
}

/// What in the run proves the verdict, and whether it came out so.
#[must_use]
pub fn myth_closing(
    myth: &Myth,
    run: &RunTrace,
    report: &Report,
    proof: &Proof,
    view: &View,
) -> String {
    let lang = view.lang;
    let mut lines = Vec::new();
    let shows = std::slice::from_ref(&myth.says(lang).shows);
    let heading = words::myths::shown(lang, proof.outcome);
    section(&mut lines, heading, shows, view);
    let width = measure(view) - HEADING;
    let mut found = wrap::headed(&outcome(run, proof, view), width, outcome_ink(proof));
    for difference in differences(run, report, proof, view) {
        found.extend(wrap::text(&difference, width, Ink::Plain));
    }
    lines.extend(indent(found, INDENT + HEADING));
    let more = [words::myths::more(lang, &myth.proof)];
    section(&mut lines, words::myths::more_heading(lang), &more, view);
    finish(&lines, view)
}

/// Whether the proof came out as written; what decided it, if it did.
fn outcome(run: &RunTrace, proof: &Proof, view: &View) -> String {
    let lang = view.lang;
    let facts = proof.checks.iter().map(|check| {
        let about = words::myths::about(lang, check, run);
        format!(
            "{about} {}",
            words::claims::value(lang, check.claim, &check.got)
        )
    });
    words::myths::outcome(lang, proof.outcome, &facts.collect::<Vec<_>>())
}

/// Every claim that did not come true or could not be confirmed: the myth's, then those of the lab
/// that the myth does not make as well.
pub(super) fn differences(
    run: &RunTrace,
    report: &Report,
    proof: &Proof,
    view: &View,
) -> Vec<String> {
    if proof.outcome == Outcome::Interrupted {
        return Vec::new();
    }
    let same = |a: &Check, b: &Check| {
        (a.claim, a.direction, &a.expected) == (b.claim, b.direction, &b.expected)
    };
    let labs_own = report
        .checks
        .iter()
        .filter(|check| !proof.checks.iter().any(|said| same(said, check)));
    let all = proof
        .checks
        .iter()
        .map(|check| (false, check))
        .chain(labs_own.map(|check| (true, check)));
    all.filter(|(_, check)| check.verdict != report::Verdict::Met)
        .map(|(is_the_labs, check)| difference(is_the_labs, check, run, view))
        .collect()
}

fn difference(is_the_labs: bool, check: &Check, run: &RunTrace, view: &View) -> String {
    let about = words::myths::about(view.lang, check, run);
    let value = |value| words::claims::value(view.lang, check.claim, value);
    let values = [&*value(&check.expected), &*value(&check.got)];
    words::myths::difference(view.lang, &about, is_the_labs, check.verdict, values)
}

/// One belief and its verdict, one fact a line.
#[must_use]
pub fn plain_myth_opening(myth: &Myth, view: &View) -> String {
    let name = title(myth, view);
    let belief = unmarked(&myth.says(view.lang).belief);
    plain::finish(
        &[
            format!("{name}: {belief}"),
            format!("{name}: {}", judged(myth, view)),
        ],
        view,
    )
}

/// What proves the verdict, one fact a line.
#[must_use]
pub fn plain_myth_closing(
    myth: &Myth,
    run: &RunTrace,
    report: &Report,
    proof: &Proof,
    view: &View,
) -> String {
    let name = title(myth, view);
    let mut said = vec![
        format!(
            "{}: {}",
            words::myths::shown(view.lang, proof.outcome).to_lowercase(),
            unmarked(&myth.says(view.lang).shows)
        ),
        outcome(run, proof, view),
    ];
    said.extend(differences(run, report, proof, view));
    let lines: Vec<String> = said.iter().map(|fact| format!("{name}: {fact}")).collect();
    plain::finish(&lines, view)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::Transport;
    use crate::lab::myth;

    #[test]
    fn what_a_run_did_not_show_is_not_its_proof() {
        let myths = myth::catalogue().expect("the myths");
        let first = myths.iter().next().expect("a myth");
        let run = RunTrace::new("one", Transport::Tcp);
        let report = report::build(&run, true);
        let says = |outcome| {
            let proof = Proof {
                checks: Vec::new(),
                outcome,
            };
            [
                myth_closing(first, &run, &report, &proof, &View::EN),
                plain_myth_closing(first, &run, &report, &proof, &View::EN).to_lowercase(),
            ]
        };
        let [picture, plain] = says(Outcome::AsExpected);
        assert!(picture.contains("  Proof ") && plain.contains(": proof: "));
        for outcome in [Outcome::Differs, Outcome::Unconfirmed, Outcome::Deadline] {
            let [picture, plain] = says(outcome);
            assert!(
                !picture.contains("Proof ") && picture.contains("  Wanted "),
                "{picture}"
            );
            assert!(!plain.contains("proof: "), "{plain}");
        }
    }
}
