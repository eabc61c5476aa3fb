//! Beliefs: the list of them, one with its proof, and what the check of all of them found.

mod check;
mod list;
mod proof;

use super::View;
use super::paint::{Ink, Line};
use super::plain::unmarked;
use crate::lab::myth::{Myth, Truth};
use crate::report::{Outcome, Proof};
use crate::words;

pub use crate::words::myths::Sum;
pub use check::{checked, checking, sum};
pub use list::myths;
pub use proof::{myth_closing, myth_opening};

/// Where a belief begins, behind its number.
const TEXT: usize = 6;

/// The belief's number, which stands before all that is said of it.
fn number(myth: &Myth) -> Line {
    Line::of(format!("{:>4}", myth.number), Ink::Strong)
}

/// The verdict and its reason, as one sentence.
fn judged(myth: &Myth, view: &View) -> String {
    let reason = unmarked(&myth.says(view.lang).reason);
    words::myths::judged(view.lang, myth.verdict, &reason)
}

fn ink(verdict: Truth) -> Ink {
    match verdict {
        Truth::False => Ink::Bad,
        Truth::HalfTrue => Ink::Strong,
        Truth::TrueHere => Ink::Good,
    }
}

fn proof_line(myth: &Myth, view: &View) -> Line {
    Line::of(words::myths::proven_by(view.lang, &myth.proof), Ink::Plain)
}

fn title(myth: &Myth, view: &View) -> String {
    words::myths::title(view.lang, myth.number)
}

fn outcome_ink(proof: &Proof) -> Ink {
    match proof.outcome {
        Outcome::AsExpected => Ink::Good,
        Outcome::Unconfirmed => Ink::Strong,
        Outcome::Differs | Outcome::Deadline | Outcome::Interrupted => Ink::Bad,
    }
}
