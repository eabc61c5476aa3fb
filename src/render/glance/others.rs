//! What the other runs of a lab gave, as short as it can be said.

use super::got;
use crate::event::RunTrace;
use crate::render::paint::{Ink, Line};
use crate::render::{View, safe, words};
use crate::report::Report;

/// The most lines of them.
const MOST: usize = 5;
const GAP: usize = 4;

/// As many beside one another as there is room for.
pub(super) fn draw(others: &[(&RunTrace, &Report)], width: usize, view: &View) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    for (place, &(run, report)) in others.iter().enumerate() {
        let mut said = Line::of(safe::words(&run.name), Ink::Strong);
        said.text(": ");
        let room = width.saturating_sub(said.width());
        said.append(&got::in_brief(super::shown(report), run, room, view));
        let above = lines.last().map_or(width, Line::width);
        if above + GAP + said.width() <= width {
            let line = lines.last_mut().expect("there is one above");
            line.pad_to(above + GAP).append(&said);
        } else if lines.len() < MOST {
            lines.push(said);
        } else {
            let more = words::glance::more_runs(view.lang, others.len() - place);
            lines.push(Line::of(more, Ink::Plain));
            break;
        }
    }
    lines
}
