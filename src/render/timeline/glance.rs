//! The timeline at a glance: what makes the point, in as many lines as there is room for.

use super::choose::is_of_program;
use super::columns::{Cell, Item, Row};
use super::weight::{Telling, Weight};
use super::{BytesAs, Drawn, Shows, columns, own_cell, rows};
use crate::event::{Action, Event, RunTrace, Side};
use crate::render::paint::{Line, columns as display_columns};
use crate::render::{View, words};
use crate::report::Report;

/// The picture of a run, of which what tells least can be left out.
pub(in crate::render) struct Glance {
    heading: Vec<Line>,
    rows: Vec<Drawn>,
    weights: Vec<Weight>,
}

impl Glance {
    pub(in crate::render) fn of(run: &RunTrace, report: &Report, view: &View) -> Self {
        let (heading, rows) = rows(run, report, view);
        let telling = Telling::of(run, report);
        let mut weights: Vec<Weight> = rows.iter().map(|row| telling.weight(row)).collect();
        // It begins with what was sent.
        let is_write = |row: &Drawn| {
            matches!(row.shows, Shows::Call) && run.events[row.event].action.write().is_some()
        };
        if let Some(first) = rows.iter().position(is_write) {
            weights[first] = weights[first].max(Weight::Knows);
        }
        Self {
            heading: with_legend(heading, view),
            rows,
            weights,
        }
    }

    /// Draws it in no more lines than that, if it can, and says how much of its point had room.
    pub(in crate::render) fn within(&self, room: usize, view: &View) -> (Vec<Line>, Tells) {
        self.drawn(room, true, view)
    }

    /// The same while a person is asked something, and cannot type a command to see the rest.
    pub(in crate::render) fn while_asked(&self, room: usize, view: &View) -> Vec<Line> {
        self.drawn(room, false, view).0
    }

    fn drawn(&self, room: usize, says_where: bool, view: &View) -> (Vec<Line>, Tells) {
        let room = room.saturating_sub(self.heading.len());
        let mut rows: Vec<&Drawn> = self.rows.iter().collect();
        let mut weights = self.weights.clone();
        // What only ends a run, or waits, goes without a word: it is missed least.
        while Chosen::all(rows.clone()).height() >= room
            && let Some(place) = weights.iter().rposition(|weight| *weight == Weight::Aside)
        {
            rows.remove(place);
            weights.remove(place);
        }
        let mut chosen = Chosen::all(rows);
        chosen.shrink_to(room, &weights);
        let tells = match () {
            () if chosen.kept.iter().all(|kept| *kept) => Tells::Whole,
            () if chosen.has_all(Weight::Follows, &weights) => Tells::All,
            () if chosen.has_all(Weight::Begins, &weights) => Tells::Beginning,
            () => Tells::Less,
        };
        let mut lines = self.heading.clone();
        let (mut gone, mut is_first) = (0, says_where);
        for (row, kept) in chosen.rows.iter().zip(&chosen.kept) {
            if !kept {
                gone += 1;
                continue;
            }
            let left_out = gap(gone, is_first, view);
            is_first &= left_out.is_none();
            lines.extend(left_out);
            lines.extend(row.lines.iter().cloned());
            gone = 0;
        }
        lines.extend(gap(gone, is_first, view));
        (lines, tells)
    }
}

/// How much of the point of a run its picture tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::render) enum Tells {
    Less,
    /// Where it begins.
    Beginning,
    All,
    /// And all that leads there.
    Whole,
}

/// Says how many rows were left out there; where they are once.
fn gap(rows: usize, is_first: bool, view: &View) -> Option<Line> {
    let mut line = Line::new();
    let says = words::picture::rows_left_out(view.lang, rows, is_first);
    line.pad_to(columns::INDENT).text(says);
    (rows > 0).then_some(line)
}

/// Which rows stand.
struct Chosen<'a> {
    rows: Vec<&'a Drawn>,
    kept: Vec<bool>,
}

impl<'a> Chosen<'a> {
    fn all(rows: Vec<&'a Drawn>) -> Self {
        let kept = vec![true; rows.len()];
        Self { rows, kept }
    }

    /// The lines of those that stand, and one for each gap between them.
    fn height(&self) -> usize {
        let rows = self.rows.iter().zip(&self.kept);
        let stand = rows.filter(|(_, kept)| **kept);
        let gaps = self.kept.chunk_by(|a, b| a == b).filter(|same| !same[0]);
        stand.map(|(row, _)| row.lines.len()).sum::<usize>() + gaps.count()
    }

    /// Whether every row of such a weight, or more, stands.
    fn has_all(&self, least: Weight, weights: &[Weight]) -> bool {
        let mut all = self.kept.iter().zip(weights);
        all.all(|(kept, its)| *kept || *its < least)
    }

    /// Whether the rows beside it stand.
    fn opens_a_gap(&self, place: usize) -> bool {
        let stands = |place: Option<usize>| {
            let kept = place.and_then(|place| self.kept.get(place));
            kept.is_none_or(|kept| *kept)
        };
        stands(place.checked_sub(1)) && stands(place.checked_add(1))
    }

    /// Gives up the rows of the least weight, of equal ones more of the end than of the beginning,
    /// in few gaps; then takes back what there is room for after all.
    fn shrink_to(&mut self, room: usize, weights: &[Weight]) {
        let two_thirds = self.rows.len() * 2 / 3;
        let mut given_up = Vec::new();
        while self.height() > room {
            let standing = (0..self.rows.len()).filter(|place| self.kept[*place]);
            let least = standing.min_by_key(|&place| {
                let from_there = place.abs_diff(two_thirds);
                (weights[place], self.opens_a_gap(place), from_there)
            });
            let Some(least) = least else { return };
            self.kept[least] = false;
            given_up.push(least);
        }
        let back = given_up.into_iter().rev();
        for place in back.filter(|place| weights[*place] > Weight::Around) {
            self.kept[place] = true;
            self.kept[place] = self.height() <= room;
        }
        // A gap beside a gap is a part of it.
        for place in 0..self.rows.len() {
            let is_gap = matches!(self.rows[place].shows, Shows::Gap);
            self.kept[place] &= !is_gap || self.opens_a_gap(place);
        }
        // What would take no more than to say that it is left out.
        for place in 0..self.rows.len() {
            let is_alone = !self.kept[place] && self.opens_a_gap(place);
            self.kept[place] |= is_alone && self.rows[place].lines.len() == 1;
        }
    }
}

/// The names of the columns, and what the letters are.
fn with_legend(mut heading: Line, view: &View) -> Vec<Line> {
    let says = [
        words::picture::letters(view.lang),
        words::picture::a_letter(view.lang),
    ];
    let beside = says.into_iter().find_map(|legend| {
        let start = view.width.checked_sub(display_columns(legend))?;
        (heading.width() + columns::GAP <= start).then_some((start, legend))
    });
    if let Some((start, legend)) = beside {
        heading.pad_to(start).text(legend);
        return vec![heading];
    }
    let mut line = Line::new();
    line.pad_to(view.width.saturating_sub(display_columns(says[0])));
    line.text(says[0]);
    vec![line, heading]
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
