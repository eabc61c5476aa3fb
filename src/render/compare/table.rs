//! What followed each write of the client, run beside run.

use super::{GAP, INDENT};
use crate::event::{Action, Event, Side};
use crate::render::View;
use crate::render::paint::{Ink, Line};
use crate::render::timeline::{self, ComparedCall};
use crate::report::Reported;
use crate::words;

/// Room for the client's writes.
const LEFT: usize = 12;
/// Rows of the table from which on its middle is left out, and what then stays.
const MOST_ROWS: usize = 24;
const KEPT_ROWS: (usize, usize) = (12, 6);

/// Where the columns stand: the writes at the left edge, then a column a run.
pub(super) struct RunColumns {
    pub(super) each: usize,
}

impl RunColumns {
    pub(super) fn of(runs: usize, view: &View) -> Self {
        let room = view.width.saturating_sub(INDENT + LEFT);
        Self {
            each: (room / runs).saturating_sub(GAP),
        }
    }

    pub(super) fn start(&self, i: usize) -> usize {
        INDENT + LEFT + i * (self.each + GAP)
    }

    /// A row: its name at the left edge, and a cell for each run.
    pub(super) fn row(&self, name: &str, cells: Vec<Vec<Line>>) -> Vec<Line> {
        let mut columns = vec![(INDENT, vec![Line::of(name, Ink::Plain)])];
        let cells = cells.into_iter().enumerate();
        columns.extend(cells.map(|(i, cell)| (self.start(i), cell)));
        timeline::beside(&columns)
    }

    pub(super) fn names(&self, heading: &str, names: &[String]) -> Line {
        let mut line = Line::new();
        line.pad_to(INDENT).put(heading, Ink::Heading);
        for (i, name) in names.iter().enumerate() {
            // Of a name that has no room its beginning stands there.
            let name = Line::of(name, Ink::Heading).fold(self.each);
            line.pad_to(self.start(i)).append(&name[0]);
        }
        line
    }
}

/// A write of the client: what stands at the left edge.
fn is_asked(event: &Event) -> bool {
    let write = matches!(event.action, Action::Send(_) | Action::Sendto(_));
    write && event.side == Side::Client
}

/// What came before the first write, and from each write on to the next.
fn parts(run: &Reported<'_>, view: &View) -> Vec<Vec<ComparedCall>> {
    let mut parts = vec![Vec::new()];
    for call in timeline::moments(run.run, run.report, view) {
        if is_asked(&run.run.events[call.event]) {
            parts.push(Vec::new());
        }
        if let Some(part) = parts.last_mut() {
            part.push(call);
        }
    }
    parts
}

/// The client's writes at the left edge, and beside each what followed it in each run.
pub(super) fn table(
    runs: &[Reported<'_>],
    names: &[String],
    layout: &RunColumns,
    view: &View,
) -> Vec<Line> {
    let lang = view.lang;
    let parts: Vec<_> = runs.iter().map(|run| parts(run, view)).collect();
    let mut rows: Vec<Vec<Line>> = Vec::new();
    for write in 0..parts.iter().map(Vec::len).max().unwrap_or(0) {
        let there = parts.iter().filter_map(|parts| parts.get(write));
        for row in 0..there.map(Vec::len).max().unwrap_or(0) {
            let mut columns = Vec::new();
            for (i, (run, parts)) in runs.iter().zip(&parts).enumerate() {
                let Some(call) = parts.get(write).and_then(|part| part.get(row)) else {
                    continue;
                };
                if row == 0
                    && write > 0
                    && columns.is_empty()
                    && let Action::Send(sent) | Action::Sendto(sent) =
                        &run.run.events[call.event].action
                {
                    let mut left = Line::of(words::compare::send(lang), Ink::Plain);
                    left.put(sent.message.to_string(), Ink::Owner(sent.message));
                    columns.push((INDENT, vec![left]));
                }
                let drawn = call.draw(run.run, run.report, layout.each, view);
                columns.push((layout.start(i), drawn));
            }
            rows.push(timeline::beside(&columns));
        }
    }
    if rows.len() > MOST_ROWS {
        let left_out = KEPT_ROWS.0..rows.len() - KEPT_ROWS.1;
        let mut line = Line::new();
        line.pad_to(layout.start(0))
            .text(words::compare::rows_left_out(lang, left_out.len()));
        rows.splice(left_out, [vec![line]]);
    }
    let mut lines = vec![layout.names(words::compare::writes(lang), names)];
    lines.extend(rows.concat());
    lines
}
