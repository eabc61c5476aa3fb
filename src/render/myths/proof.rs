//! One belief with its proof: what is to be thought of it, and whether its run came out so.

use std::iter::once;

use super::{ink, judged, outcome_ink, title};
use crate::event::RunTrace;
use crate::lab::myth::Myth;
use crate::render::block::{Block, Document, Form};
use crate::render::page::{HEADING, INDENT, indent, measure};
use crate::render::paint::Ink;
use crate::render::plain::unmarked;
use crate::render::{View, wrap};
use crate::report::{self, Check, Outcome, Proof, Report};
use crate::words;

/// One belief and what is to be thought of it; its run is drawn below.
pub fn myth_opening<'a>(myth: &Myth, view: &'a View) -> Document<'a> {
    let name = title(myth, view);
    let belief = unmarked(&myth.says(view.lang).belief);
    let titled = format!("{name} · {belief}");
    Document::about(name, view)
        .either(
            || wrap::text(&titled, view.width, Ink::Strong),
            || vec![belief],
        )
        .add(Block::Verdict(judged(myth, view), ink(myth.verdict)))
}

/// What in the run proves the verdict, and whether it came out so.
pub fn myth_closing<'a>(
    myth: &Myth,
    run: &RunTrace,
    report: &Report,
    proof: &Proof,
    view: &'a View,
) -> Document<'a> {
    let lang = view.lang;
    let shows = std::slice::from_ref(&myth.says(lang).shows);
    let outcome = outcome(run, proof, view);
    let differences = differences(run, report, proof, view);
    let page = Document::about(title(myth, view), view)
        .section(words::myths::shown(lang, proof.outcome), shows);
    if view.form == Form::Plain {
        return page.add(Block::Facts(Box::new(once(outcome).chain(differences))));
    }
    let width = measure(view) - HEADING;
    let mut found = wrap::headed(&outcome, width, outcome_ink(proof));
    for difference in differences {
        found.extend(wrap::text(&difference, width, Ink::Plain));
    }
    let more = [words::myths::more(lang, &myth.proof)];
    page.add(Block::Drawn(Box::new(indent(found, INDENT + HEADING))))
        .section(words::myths::more_heading(lang), &more)
}

/// Whether the proof came out as written; what decided it, if it did.
fn outcome(run: &RunTrace, proof: &Proof, view: &View) -> String {
    let lang = view.lang;
    let facts = proof.checks.iter().map(|check| {
        let about = words::myths::about(lang, check, run);
        format!("{about} {}", words::claims::fact(lang, &check.got))
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
    let value = |value| words::claims::fact(view.lang, value);
    let values = [&*value(&check.expected), &*value(&check.got)];
    words::myths::difference(view.lang, &about, is_the_labs, check.verdict, values)
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
            let form = |form| View { form, ..View::EN };
            let closing = |view| myth_closing(first, &run, &report, &proof, &view).finish();
            [
                closing(form(Form::Picture)),
                closing(form(Form::Plain)).to_lowercase(),
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
