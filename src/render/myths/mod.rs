//! Beliefs: the list of them, one with its proof, and what the check of all of them found.

mod check;
mod list;
mod proof;

use super::paint::{Ink, Line};
use super::plain::unmarked;
use super::words::pick;
use super::{View, wrap};
use crate::lab::myth::{Myth, Verdict};
use crate::report::{Outcome, Proof};

pub use check::{Sum, checked, checking, sum};
pub use list::{myths, plain_myths};
pub use proof::{myth_closing, myth_opening, plain_myth_closing, plain_myth_opening};

/// Where a belief begins, behind its number.
const TEXT: usize = 6;

/// The line of this place, with the belief's number before the first one.
fn numbered(place: usize, myth: &Myth, text: &Line) -> Line {
    let mut line = Line::new();
    if place == 0 {
        line.put(format!("{:>4}", myth.number), Ink::Strong);
    }
    line.pad_to(TEXT).append(text);
    line
}

fn belief(myth: &Myth, width: usize, view: &View) -> Vec<Line> {
    wrap::text(&unmarked(&myth.says(view.lang).belief), width, Ink::Strong)
}

fn reason(myth: &Myth, width: usize, view: &View) -> Vec<Line> {
    wrap::headed(&judged(myth, view), width, ink(myth.verdict))
}

/// The verdict and its reason, as one sentence.
fn judged(myth: &Myth, view: &View) -> String {
    let reason = unmarked(&myth.says(view.lang).reason);
    let verdict = verdict(myth.verdict, view);
    pick(
        view.lang,
        format!("{verdict}: {reason}"),
        format!("{verdict}：{reason}"),
    )
}

fn verdict(verdict: Verdict, view: &View) -> &'static str {
    match verdict {
        Verdict::False => pick(view.lang, "False", "不对"),
        Verdict::HalfTrue => pick(view.lang, "Half true", "只对一半"),
        Verdict::TrueHere => pick(view.lang, "True here", "在这里成立"),
    }
}

fn ink(verdict: Verdict) -> Ink {
    match verdict {
        Verdict::False => Ink::Bad,
        Verdict::HalfTrue => Ink::Strong,
        Verdict::TrueHere => Ink::Good,
    }
}

fn proof_line(myth: &Myth, view: &View) -> Line {
    let run_ref = &myth.proof;
    Line::of(
        pick(
            view.lang,
            format!("Proof: {run_ref}"),
            format!("证据：{run_ref}"),
        ),
        Ink::Plain,
    )
}

fn title(myth: &Myth, view: &View) -> String {
    let number = myth.number;
    pick(
        view.lang,
        format!("myth {number}"),
        format!("说法 {number}"),
    )
}

fn outcome_ink(proof: &Proof) -> Ink {
    match proof.outcome {
        Outcome::AsExpected => Ink::Good,
        Outcome::Unconfirmed => Ink::Strong,
        Outcome::Differs | Outcome::Deadline | Outcome::Interrupted => Ink::Bad,
    }
}
