//! The timeline at a glance: what makes the point, in as many lines as there is room for.

use std::ops::Range;

use super::choose::{is_empty_read, is_notable, is_of_program};
use super::columns::{Cell, Item, Row};
use super::{BytesAs, Drawn, columns, own_cell, rows};
use crate::event::{Action, Event, RunTrace, Side};
use crate::render::paint::{Line, columns as display_columns};
use crate::render::{View, words};
use crate::report::Report;

/// Draws the run in no more lines than that: the middle is left out if it has more.
pub(in crate::render) fn draw_within(
    room: usize,
    run: &RunTrace,
    report: &Report,
    view: &View,
) -> Vec<Line> {
    let (heading, mut rows) = rows(run, report, view);
    let room = room.saturating_sub(with_legend(heading.clone(), view).len());
    // What only ends a run, or waits, goes first: it is missed least.
    let mut weights: Vec<Weight> = rows.iter().map(|row| weight(row, run)).collect();
    while height(&rows) > room
        && let Some(place) = weights.iter().rposition(|weight| *weight == Weight::Aside)
    {
        rows.remove(place);
        weights.remove(place);
    }
    let mut lines = with_legend(heading, view);
    let Some(gap) = middle(&rows, &weights, room) else {
        lines.extend(rows.into_iter().flat_map(|row| row.lines));
        return lines;
    };
    for (place, row) in rows.into_iter().enumerate() {
        if place == gap.start {
            let says = words::picture::rows_left_out(view.lang, gap.len());
            let mut line = Line::new();
            line.pad_to(columns::INDENT).text(says);
            lines.push(line);
        }
        if !gap.contains(&place) {
            lines.extend(row.lines);
        }
    }
    lines
}

/// The names of the columns, and what the letters are.
fn with_legend(mut heading: Line, view: &View) -> Vec<Line> {
    let legend = words::picture::letters(view.lang);
    let start = view.width.saturating_sub(display_columns(legend));
    if heading.width() + columns::GAP <= start {
        heading.pad_to(start).text(legend);
        return vec![heading];
    }
    let mut line = Line::new();
    line.pad_to(start).text(legend);
    vec![line, heading]
}

/// How much a row would be missed.
#[derive(Clone, Copy, PartialEq, PartialOrd)]
enum Weight {
    /// It moves no bytes, and nothing went wrong.
    Aside,
    Moves,
    /// Something came out of it, or failed.
    Tells,
}

fn weight(row: &Drawn, run: &RunTrace) -> Weight {
    match run.events.get(row.event) {
        Some(event) if is_empty_read(event) => Weight::Aside,
        Some(event) if is_notable(event) => Weight::Tells,
        Some(Event {
            action: Action::Close | Action::Shutdown | Action::Await { .. } | Action::Pause { .. },
            ..
        }) => Weight::Aside,
        _ => Weight::Moves,
    }
}

fn height(rows: &[Drawn]) -> usize {
    rows.iter().map(|row| row.lines.len()).sum()
}

/// The rows that are left out so that the others, and a line that says so, fit: as few as can be,
/// few of which tell something, and more of the end than of the beginning.
fn middle(rows: &[Drawn], weights: &[Weight], room: usize) -> Option<Range<usize>> {
    let all = height(rows);
    if all <= room {
        return None;
    }
    let gaps = (1..rows.len()).filter_map(|start| {
        let mut gone = 0;
        let fits = |row: &Drawn| {
            gone += row.lines.len();
            all - gone < room
        };
        let end = start + rows[start..].iter().position(fits)? + 1;
        Some(start..end)
    });
    let tells = |gap: &Range<usize>| {
        let gone = weights[gap.clone()].iter();
        gone.filter(|weight| **weight == Weight::Tells).count()
    };
    let of_end = |gap: &Range<usize>| gap.start.abs_diff(rows.len() * 2 / 3);
    let best = gaps.min_by_key(|gap| (tells(gap), gap.len(), of_end(gap)));
    Some(best.unwrap_or(1..rows.len()))
}

/// Whether what a side does after a call is worth a line: what the program makes of its bytes
/// always is; a wait or a pause where the line is free anyway, the kernel's column being two high.
pub(super) fn is_shown(after: &Event, own: &Cell<'_>) -> bool {
    let waits = matches!(after.action, Action::Await { .. } | Action::Pause { .. });
    is_of_program(after) || (waits && own.items.len() == 1)
}

/// Whether the row of a wait can stand beside the row above it: nothing moved in between.
pub(super) fn is_wait_below(wait: usize, above: usize, run: &RunTrace, report: &Report) -> bool {
    let (waiting, before) = (&run.events[wait], &run.events[above]);
    let is_wait = matches!(waiting.action, Action::Await { .. }) && waiting.error.is_none();
    let held = |event: usize| report.notes[event].in_kernel;
    is_wait && waiting.side != before.side && held(wait).is_none_or(|now| held(above) == Some(now))
}

/// Puts a side's call on the second line of the row above it.
pub(super) fn put_below<'a>(row: Row<'a>, above: &mut Row<'a>, side: Side) {
    let free = &mut above.cells[columns::of(side)].items;
    if free.is_empty() {
        free.push(Item::Call(Line::new()));
    }
    let [client, _, server] = row.cells;
    free.extend(match side {
        Side::Client => client.items,
        Side::Server => server.items,
    });
}

/// What a read returned, by itself; its call too, if it is to be named.
pub(in crate::render) fn read_at_a_glance(
    read: usize,
    run: &RunTrace,
    report: &Report,
    named: bool,
    view: &View,
) -> Vec<Line> {
    let mut cell = own_cell(read, run, report, BytesAs::Returned, view);
    if !named {
        cell.items.remove(0);
    }
    cell.draw(view.width)
}
