//! The columns of the picture: how wide each is, and how a row is drawn into them.

use crate::event::Side;
use crate::render::bytes::{Owned, Strip, grid, grid_width};
use crate::render::paint::{Ink, Line, columns};
use crate::render::{View, words, wrap};

/// What stands in one column of a row.
#[derive(Default)]
pub(super) struct Cell<'a> {
    pub(super) items: Vec<Item<'a>>,
}

/// One thing in a column.
pub(super) enum Item<'a> {
    Call(Line),
    Note(String, Ink),
    Bytes(Owned<'a>),
    Strip(Strip<'a>),
}

/// A row of the picture.
pub(super) struct Row<'a> {
    pub(super) time: String,
    pub(super) cells: [Cell<'a>; 3],
}

const INDENT: usize = 2;
const TIME: usize = 9;
pub(super) const GAP: usize = 2;

/// The column of a side.
pub(super) fn of(side: Side) -> usize {
    match side {
        Side::Client => 0,
        Side::Server => 2,
    }
}

/// Where the first column begins.
pub(super) fn indent() -> usize {
    INDENT + TIME + GAP
}

/// The names of the columns.
pub(super) fn heading(widths: [usize; 3], elsewhere: Option<Side>, view: &View) -> Line {
    let lang = view.lang;
    let mut line = Line::new();
    line.pad_to(INDENT)
        .put(words::picture::time(lang), Ink::Heading);
    let mut column = INDENT + TIME + GAP;
    let name = |side| name_of(side, elsewhere, view);
    let kernel = words::picture::in_the_kernel(lang);
    let names = [name(Side::Client), kernel, name(Side::Server)];
    for (name, width) in names.into_iter().zip(widths) {
        line.pad_to(column).put(name, Ink::Heading);
        column += width + GAP;
    }
    line
}

/// The name of a side's column.
fn name_of(side: Side, elsewhere: Option<Side>, view: &View) -> String {
    if elsewhere == Some(side) {
        words::picture::elsewhere(view.lang, side)
    } else {
        words::side(view.lang, side).into()
    }
}

/// The width of the lane between the two sides: all that stands before the server's column.
pub(super) fn lane(widths: [usize; 3]) -> usize {
    widths[0] + GAP + widths[1]
}

/// What the server's column keeps though the lane has no room for all that is said in it.
const BESIDE_LANE: usize = 20;

/// Gives each column what it wants, or, if there is not room for all, an equal share of what is
/// left to those who want more than that. What is said in the lane comes before the server's
/// bytes, which need less width than height.
pub(super) fn widths<'a, 'b: 'a>(
    rows: impl Iterator<Item = &'a Row<'b>>,
    lane_wants: Option<usize>,
    elsewhere: Option<Side>,
    view: &View,
) -> [usize; 3] {
    let name = |side| columns(&name_of(side, elsewhere, view)).max(12);
    let mut wants = [name(Side::Client), 13, name(Side::Server)];
    // A call is not broken if there is any room for it.
    let mut calls = [0; 3];
    for row in rows {
        for (i, cell) in row.cells.iter().enumerate() {
            wants[i] = wants[i].max(cell.want());
            calls[i] = calls[i].max(cell.widest_call());
        }
    }
    let mut room = view.width.saturating_sub(INDENT + TIME + 3 * GAP);
    let mut given = [0; 3];
    let mut open = vec![0, 1, 2];
    open.sort_by_key(|&i| wants[i]);
    while let Some(i) = (!open.is_empty()).then(|| open.remove(0)) {
        let share = room / (open.len() + 1);
        given[i] = wants[i].min(share);
        room -= given[i];
    }
    if let Some(wants) = lane_wants {
        // The column of the kernel is the one that can grow and lose nothing.
        let least = calls[2].max(BESIDE_LANE);
        let all: usize = given.iter().sum();
        let spare = room + given[2].saturating_sub(least);
        let more = wants.saturating_sub(lane(given)).min(spare);
        given[1] += more;
        given[2] = given[2].min(all + room - given[0] - given[1]);
    }
    for i in 0..3 {
        while given[i] < calls[i] {
            let spare = |j: &usize| given[*j].saturating_sub(calls[*j].max(LEAST));
            let Some(richest) = (0..3).max_by_key(spare).filter(|j| spare(j) > 0) else {
                break;
            };
            given[richest] -= 1;
            given[i] += 1;
        }
    }
    given
}

/// What a column keeps though another one's call has no room: the names of the columns stay apart.
const LEAST: usize = 13;

/// The most bytes in a row of a grid, however wide the terminal is.
const MOST_PER_ROW: usize = 32 * 3;
/// The width at which a note is wrapped if nothing else asks for more.
const NOTE: usize = 30;

impl Cell<'_> {
    fn want(&self) -> usize {
        let mut head = 0;
        let wants = self.items.iter().map(|item| match item {
            Item::Call(line) => {
                head = line.width();
                head
            }
            Item::Note(text, _) => columns(text).min(NOTE),
            Item::Bytes(owned) => head + GAP + grid_width(owned).min(MOST_PER_ROW),
            Item::Strip(strip) => strip.width(),
        });
        wants.max().unwrap_or(0)
    }

    fn widest_call(&self) -> usize {
        let calls = self.items.iter().map(|item| match item {
            Item::Call(line) => line.width(),
            _ => 0,
        });
        calls.max().unwrap_or(0)
    }

    pub(super) fn draw(&self, width: usize) -> Vec<Line> {
        let mut lines: Vec<Line> = Vec::new();
        for item in &self.items {
            match item {
                Item::Call(line) => lines.extend(line.fold(width)),
                Item::Note(text, ink) => lines.extend(wrap::text(text, width, *ink)),
                Item::Strip(strip) => lines.extend(strip.draw(width)),
                Item::Bytes(owned) => {
                    let head = lines.last().map_or(0, Line::width) + GAP;
                    // Beside the call if at least eight bytes (or all) fit there, else below it.
                    if head + grid_width(owned).min(8 * 3) <= width {
                        let call = lines.pop().unwrap_or_default();
                        for (i, row) in grid(owned, width - head).iter().enumerate() {
                            let mut line = if i == 0 { call.clone() } else { Line::new() };
                            line.pad_to(head).append(row);
                            lines.push(line);
                        }
                    } else {
                        lines.extend(grid(owned, width));
                    }
                }
            }
        }
        lines
    }
}

impl Row<'_> {
    /// Draws it, as many lines high as its highest column.
    pub(super) fn draw(&self, widths: [usize; 3]) -> Vec<Line> {
        let mut time = Line::new();
        // Right-aligned, so that the decimal points stand below one another.
        time.pad_to(INDENT).text(format!("{:>TIME$}", self.time));
        let mut column = INDENT + TIME + GAP;
        let mut columns = vec![(0, vec![time])];
        for (cell, width) in self.cells.iter().zip(widths) {
            columns.push((column, cell.draw(width)));
            column += width + GAP;
        }
        beside(&columns)
    }
}

/// Sets columns beside one another, each with the place where it begins.
pub(in crate::render) fn beside(columns: &[(usize, Vec<Line>)]) -> Vec<Line> {
    let height = columns.iter().map(|(_, lines)| lines.len()).max();
    let row = |i: usize| {
        let mut line = Line::new();
        for (start, lines) in columns {
            if let Some(part) = lines.get(i) {
                line.pad_to(*start).append(part);
            }
        }
        line
    };
    (0..height.unwrap_or(0)).map(row).collect()
}
