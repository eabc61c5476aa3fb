//! The runs on one axis of time.

use super::{INDENT, behind};
use crate::event::{Action, Event};
use crate::render::paint::{Ink, Line};
use crate::render::ruler::{Bar, Scale};
use crate::render::{View, page, timeline, wrap};
use crate::report::compare::Compared;
use crate::words;

/// A call that moves bytes.
fn moves(event: &Event) -> bool {
    event.action.write().is_some() || event.action.read().is_some()
}

/// When what happened: two rows a run, writes above reads, all on one axis.
pub(super) fn times(runs: &[Compared<'_>], names: &[String], view: &View) -> Vec<Line> {
    let lang = view.lang;
    let last = |run: &Compared<'_>| {
        let events = &run.run.events;
        let calls = events.iter().filter(|event| moves(event));
        calls
            .filter_map(|event| timeline::after_us(run.report, event))
            .max()
            .unwrap_or(0)
    };
    let most = runs.iter().map(last).max().unwrap_or(0).max(1);
    let start = behind(names);
    let scale = Scale {
        bytes: most,
        columns: view.width.saturating_sub(start + 2).clamp(10, 120),
    };
    let end = timeline::milliseconds(most);
    let mut axis = Line::new();
    axis.pad_to(INDENT)
        .put(words::picture::time(lang), Ink::Heading)
        .pad_to(start)
        .text("0")
        .pad_to((start + scale.columns + 1).saturating_sub(end.len()))
        .text(&end);
    let mut lines = vec![axis];
    for (run, name) in runs.iter().zip(names) {
        let events = &run.run.events;
        let mut rows = [Axis::new(&scale, '-'), Axis::new(&scale, ' ')];
        for event in events.iter().filter(|event| moves(event)) {
            let Some(us) = timeline::after_us(run.report, event) else {
                continue;
            };
            let at = scale.at(us);
            match &event.action {
                Action::Send(write) | Action::Sendto(write) => {
                    let name = write.message.to_string();
                    let letter = name.chars().next().filter(|_| name.len() == 1);
                    rows[0].mark(at, letter.unwrap_or('.'), Ink::Owner(write.message));
                }
                _ => rows[1].mark(at, '*', Ink::Strong),
            }
        }
        for (i, row) in rows.iter().enumerate() {
            let mut line = Line::new();
            line.pad_to(INDENT);
            if i == 0 {
                line.put(name, Ink::Strong);
            }
            line.pad_to(start).append(&row.bar.marks());
            lines.push(line);
        }
    }
    let key = wrap::text(
        words::compare::key(lang),
        view.width.saturating_sub(start),
        Ink::Plain,
    );
    lines.extend(page::indent(key, start));
    lines
}

/// A row of marks in time, of which none covers another.
struct Axis {
    bar: Bar,
    /// The first column that is still free.
    free: usize,
    end: usize,
}

impl Axis {
    fn new(scale: &Scale, line: char) -> Self {
        let mut bar = Bar::new(scale);
        for at in 0..=scale.columns {
            bar.mark(at, line, Ink::Plain);
        }
        Self {
            bar,
            free: 0,
            end: scale.columns,
        }
    }

    /// Marks a moment, or the next column that is free; at the end of the row none may be.
    fn mark(&mut self, at: usize, mark: char, ink: Ink) {
        let at = at.max(self.free);
        if at <= self.end {
            self.bar.mark(at, mark, ink);
            self.free = at + 1;
        }
    }
}
