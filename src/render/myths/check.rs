//! What the check of all beliefs found.

use super::proof::differences;
use super::{TEXT, number, outcome_ink, proof_line};
use crate::event::RunTrace;
use crate::lab::myth::Myth;
use crate::render::paint::{Ink, Line, columns};
use crate::render::plain::unmarked;
use crate::render::{View, finish, timeline, wrap};
use crate::report::{Outcome, Proof, Report};
use crate::words::{self, myths::Sum};

/// The first line of a check.
pub fn checking(view: &View) -> String {
    let text = words::myths::checking(view.lang);
    let mut lines = wrap::text(text, view.width, Ink::Plain);
    lines.push(Line::new());
    finish(lines, view)
}

/// What became of one belief when all of them are checked.
pub fn checked(myth: &Myth, run: &RunTrace, report: &Report, proof: &Proof, view: &View) -> String {
    let lang = view.lang;
    let result = words::myths::result(lang, proof.outcome);
    let widest = columns(words::myths::result(lang, Outcome::Unconfirmed));
    let column = TEXT + widest + 2;
    let width = view.width - column;
    let mut texts = wrap::text(&unmarked(&myth.says(lang).belief), width, Ink::Plain);
    if proof.outcome != Outcome::AsExpected {
        texts.push(proof_line(myth, view));
    }
    for difference in differences(run, report, proof, view) {
        texts.extend(wrap::text(&difference, width, Ink::Plain));
    }
    let result = vec![Line::of(result, outcome_ink(proof))];
    let lines = timeline::beside(&[(0, vec![number(myth)]), (TEXT, result), (column, texts)]);
    finish(lines, view)
}

/// The last line of a check.
pub fn sum(sum: Sum, view: &View) -> String {
    let ink = match (sum.otherwise, sum.unconfirmed) {
        (0, 0) => Ink::Good,
        (0, _) => Ink::Strong,
        _ => Ink::Bad,
    };
    let mut lines = vec![Line::new()];
    lines.extend(wrap::text(
        &words::myths::sum(view.lang, sum),
        view.width,
        ink,
    ));
    finish(lines, view)
}
