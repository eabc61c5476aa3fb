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
    /// A note that stands beside its call, if there is room.
    Beside(String, Ink),
    Bytes(Owned<'a>),
    Strip(Strip<'a>),
    /// What a call returned, beside it if there is room.
    Returned(Strip<'a>),
}

/// A row of the picture.
pub(super) struct Row<'a> {
    pub(super) time: String,
    pub(super) cells: [Cell<'a>; 3],
}

pub(super) const INDENT: usize = 2;
/// What a time takes in most runs, which are over within a second.
const TIME: usize = 9;
pub(super) const GAP: usize = 2;

/// Where the columns of a run stand.
#[derive(Clone, Copy)]
pub(super) struct Layout {
    /// The width of the times: the longest has room. At a glance order tells, not time.
    time: Option<usize>,
    /// The widths of the three columns behind them.
    widths: [usize; 3],
    /// Where, in each, what its calls returned begins.
    returned: [usize; 3],
}

/// The column of a side.
pub(super) fn of(side: Side) -> usize {
    match side {
        Side::Client => 0,
        Side::Server => 2,
    }
}

impl Layout {
    /// Where the first column begins.
    pub(super) fn indent(&self) -> usize {
        INDENT + self.time.map_or(0, |time| time + GAP)
    }

    /// The width of the lane between the two sides: all that stands before the server's column.
    pub(super) fn lane(&self) -> usize {
        lane(self.widths)
    }

    /// A line with a time at its beginning, right-aligned, so that the decimal points stand below
    /// one another.
    pub(super) fn at(&self, time: &str) -> Line {
        let mut line = Line::new();
        if let Some(width) = self.time {
            line.pad_to((INDENT + width).saturating_sub(time.len()))
                .text(time);
        }
        line
    }

    /// The names of the columns.
    pub(super) fn heading(&self, elsewhere: Option<Side>, view: &View) -> Line {
        let lang = view.lang;
        let mut line = Line::new();
        if self.time.is_some() {
            line.pad_to(INDENT)
                .put(words::picture::time(lang), Ink::Heading);
        }
        let mut column = self.indent();
        let name = |side| name_of(side, elsewhere, view);
        let kernel = words::picture::in_the_kernel(lang);
        let names = [name(Side::Client), kernel.into(), name(Side::Server)];
        for (name, width) in names.into_iter().zip(self.widths) {
            line.pad_to(column).put(name, Ink::Heading);
            column += width + GAP;
        }
        line
    }

    /// Draws a row, as many lines high as its highest column.
    pub(super) fn draw(&self, row: &Row<'_>) -> Vec<Line> {
        let mut column = self.indent();
        let mut columns = vec![(0, vec![self.at(&row.time)])];
        for ((cell, width), returned) in row.cells.iter().zip(self.widths).zip(self.returned) {
            columns.push((column, cell.draw_with(width, returned)));
            column += width + GAP;
        }
        beside(&columns)
    }
}

/// The name of a side's column.
fn name_of(side: Side, elsewhere: Option<Side>, view: &View) -> String {
    if elsewhere == Some(side) {
        words::picture::elsewhere(view.lang, side)
    } else {
        words::side(view.lang, side).into()
    }
}

fn lane(widths: [usize; 3]) -> usize {
    widths[0] + GAP + widths[1]
}

/// What the server's column keeps though the lane has no room for all that is said in it.
const BESIDE_LANE: usize = 20;

/// Gives each column what it wants, or, if there is not room for all, an equal share of what is
/// left to those who want more than that. What is said in the lane comes before the server's
/// bytes, which need less width than height. Of each arrow in the lane `arrows` has the widths of its
/// time and of all that is said on it.
pub(super) fn layout<'a, 'b: 'a>(
    rows: impl Iterator<Item = &'a Row<'b>>,
    arrows: impl Iterator<Item = (usize, usize)>,
    elsewhere: Option<Side>,
    view: &View,
) -> Layout {
    let name = |side| columns(&name_of(side, elsewhere, view)).max(12);
    let mut wants = [name(Side::Client), 13, name(Side::Server)];
    // A call is not broken if there is any room for it.
    let mut calls = [0; 3];
    // What calls returned begins in one column.
    let (mut returned, mut widest) = ([0; 3], [0; 3]);
    let mut time = TIME;
    for row in rows {
        time = time.max(row.time.len());
        for (i, cell) in row.cells.iter().enumerate() {
            wants[i] = wants[i].max(cell.want());
            calls[i] = calls[i].max(cell.widest_call());
            if let Some((call, strip)) = cell.returned() {
                returned[i] = returned[i].max(call + GAP);
                widest[i] = widest[i].max(strip);
            }
        }
    }
    for i in 0..3 {
        wants[i] = wants[i].max(returned[i] + widest[i]);
    }
    let mut lane_wants = None;
    for (own_time, wants) in arrows {
        time = time.max(own_time);
        lane_wants = lane_wants.max(Some(wants));
    }
    if view.is_glance() {
        wants[1] = wants[1].min(MOST_IN_KERNEL);
    }
    let mut layout = Layout {
        time: (!view.is_glance()).then_some(time),
        widths: [0; 3],
        returned,
    };
    let mut room = view.width.saturating_sub(layout.indent() + 2 * GAP);
    let given = &mut layout.widths;
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
        let more = wants.saturating_sub(lane(*given)).min(spare);
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
    layout
}

/// What a column keeps though another one's call has no room: the names of the columns stay apart.
const LEAST: usize = 13;

/// The most bytes in a row of a grid, however wide the terminal is.
const MOST_PER_ROW: usize = 32 * 3;
/// What the kernel's column takes at a glance: of many bytes the two ends tell enough.
const MOST_IN_KERNEL: usize = 22;
/// A text of which so many columns fit beside its call stands there.
const LEAST_TEXT: usize = 16;
/// The most bytes of a text that ask for room beside a call.
const MOST_TEXT: usize = 48;
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
            Item::Beside(text, _) => head + GAP + columns(text).min(NOTE),
            Item::Returned(strip) => head + GAP + strip.width().min(MOST_TEXT),
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

    /// The width of its call, and of what it returned, if that asks to stand beside it.
    fn returned(&self) -> Option<(usize, usize)> {
        let mut call = 0;
        self.items.iter().find_map(|item| match item {
            Item::Call(line) => {
                call = line.width();
                None
            }
            Item::Returned(strip) if strip.width() <= MOST_TEXT => Some((call, strip.width())),
            _ => None,
        })
    }

    pub(super) fn draw(&self, width: usize) -> Vec<Line> {
        self.draw_with(width, 0)
    }

    /// Draws it; what the call returned begins in this column, if it has room there.
    fn draw_with(&self, width: usize, returned: usize) -> Vec<Line> {
        let mut lines: Vec<Line> = Vec::new();
        // Where the notes beside a call begin, and the next line that has room for one.
        let (mut column, mut free) = (None, 0);
        for item in &self.items {
            match item {
                Item::Call(line) => lines.extend(line.fold(width)),
                Item::Note(text, ink) => lines.extend(wrap::text(text, width, *ink)),
                Item::Strip(strip) => lines.extend(strip.draw(width)),
                Item::Beside(text, ink) => {
                    let widest = lines.iter().map(Line::width).max().unwrap_or(0);
                    let column = *column.get_or_insert(widest + GAP);
                    let line = lines.get_mut(free).filter(|_| widest > 0);
                    match line.filter(|_| column + columns(text) <= width) {
                        Some(line) => {
                            line.pad_to(column).put(text, *ink);
                            free += 1;
                        }
                        None => lines.extend(wrap::text(text, width, *ink)),
                    }
                }
                Item::Returned(strip) => {
                    let own = lines.last().map_or(0, |call| call.width() + GAP);
                    let has_room = own <= returned && returned + strip.width() <= width;
                    let head = if has_room { returned } else { own };
                    if head + strip.width().min(LEAST_TEXT) <= width {
                        let call = lines.pop().unwrap_or_default();
                        let drawn = strip.draw(width - head);
                        lines.extend(beside(&[(0, vec![call]), (head, drawn)]));
                    } else {
                        lines.extend(strip.draw(width));
                    }
                }
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
