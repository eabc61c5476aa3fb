//! Draws reports. Each form of output is a function from a report to text.
//!
//! Nothing is judged here, and no fact is shown that the report or the trace does not hold. All
//! text that comes from a file or a peer passes through `safe` on its way.

mod block;
mod bytes;
mod calls;
mod catalogue;
mod claims;
mod compare;
mod facts;
mod findings;
mod form;
mod glance;
mod glossary;
mod highlights;
pub mod json;
mod learn;
mod legend;
mod myths;
mod notes;
mod page;
mod paint;
pub mod pcap;
mod plain;
mod predict;
mod repeat;
mod ruler;
mod run;
mod script;
mod started;
mod step;
mod timeline;
mod title;
mod wrap;

pub use crate::safe::words as harmless;
pub use block::{Document, Form};
pub use catalogue::catalogue;
pub use compare::{ComparedSteps, compare};
pub use glance::Glance;
pub use glossary::{glossary, word, word_of_a_lab};
pub use learn::{
    course_answer, course_closing, course_explains, course_left, course_opening, course_question,
    course_reset, course_station, course_status,
};
pub use myths::{Sum, checked, checking, myth_closing, myth_opening, myths, sum};
pub use paint::Colour;
pub use predict::{
    predict_closing, predict_opening, predict_question, predict_unasked, predict_verdict,
    predict_why,
};
pub use repeat::{Repetition, repeat};
pub use run::{closing, opening, run};
pub use started::started;
pub use step::Stepped;
pub use title::title;

use crate::event::WireDetail;
use crate::lang::Lang;
use crate::{safe, words};

/// The narrowest terminal that the pictures fit in, in columns.
pub const NARROWEST: usize = 60;
/// The widest that they grow, in columns: beyond it the eye loses the row.
pub const WIDEST: usize = 240;

/// How to draw: all that is decided about the output before it is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct View {
    /// The form of output.
    pub form: Form,
    /// The language.
    pub lang: Lang,
    /// The colours that the terminal has.
    pub colour: Colour,
    /// Only ASCII characters.
    pub ascii: bool,
    /// The terminal's width in columns.
    pub width: usize,
    /// Whether the kernel of the run was asked for evidence.
    pub has_evidence: bool,
    /// How much of the wire is drawn, if it was watched; a run may ask for more by itself.
    pub wire: WireDetail,
    /// How much of a run is drawn.
    pub detail: Detail,
    /// Bytes are drawn in hexadecimal too, also where they are text.
    pub hex: bool,
}

/// How much of a run is drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Detail {
    /// What makes its point, on one screen.
    Glance,
    /// All of it.
    #[default]
    Full,
}

impl View {
    /// The same in so many columns.
    pub(crate) fn within(&self, width: usize) -> Self {
        Self { width, ..*self }
    }

    /// Whether only what makes the point is drawn.
    pub(crate) fn is_glance(&self) -> bool {
        self.detail == Detail::Glance
    }

    /// Whether a window has no room for pictures.
    pub(crate) fn is_narrow(&self) -> bool {
        self.width < NARROWEST
    }
}

#[cfg(test)]
impl View {
    /// What tests draw with, where nothing else is said.
    pub(crate) const EN: Self = Self {
        form: Form::Picture,
        lang: Lang::En,
        colour: Colour::None,
        ascii: false,
        width: 80,
        has_evidence: true,
        wire: WireDetail::Data,
        detail: Detail::Full,
        hex: false,
    };
}

fn finish(lines: impl IntoIterator<Item = paint::Line>, view: &View) -> String {
    let mut out = String::new();
    for line in lines {
        // All that is drawn fits as it is; what somebody else named may not.
        let line = if view.ascii { line.ascii() } else { line };
        if line.width() <= view.width {
            line.write(&mut out, view.colour);
        } else {
            for part in line.fold(view.width) {
                part.write(&mut out, view.colour);
            }
        }
    }
    out
}
