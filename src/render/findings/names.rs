//! What findings are about, where it is edges and messages.

use crate::event::Label;
use crate::render::paint::{Ink, Line};

/// How many names stand before a sentence that holds for more.
const MOST_NAMES: usize = 4;

/// An edge by the messages on both sides of it.
pub(in crate::render) fn edge_name(between: [Label; 2]) -> Line {
    let [before, behind] = between;
    let mut line = Line::of(before.to_string(), Ink::Owner(before));
    line.text("|");
    line.put(behind.to_string(), Ink::Owner(behind));
    line
}

/// Names of several things of which the same is to be said.
#[derive(Default)]
pub(in crate::render) struct Names {
    /// As many as stand before a sentence: there may be as many names as there are calls.
    shown: Vec<Line>,
    all: usize,
}

impl Names {
    pub(in crate::render) fn add(&mut self, name: impl FnOnce() -> Line) {
        self.all += 1;
        if self.shown.len() < MOST_NAMES {
            self.shown.push(name());
        }
    }

    pub(in crate::render) fn line(&self) -> Line {
        let mut line = Line::new();
        let shown = if self.all > MOST_NAMES {
            MOST_NAMES - 1
        } else {
            self.all
        };
        for (i, name) in self.shown[..shown].iter().enumerate() {
            if i > 0 {
                line.text(" ");
            }
            line.append(name);
        }
        if shown < self.all {
            line.text(format!(" +{}", self.all - shown));
        }
        line
    }
}
