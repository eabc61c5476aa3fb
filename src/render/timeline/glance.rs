//! The timeline at a glance: what makes the point, in as many lines as there is room for.

use super::choose::{is_empty_read, is_notable, is_of_program};
use super::columns::{Cell, Item, Row};
use super::{BytesAs, Drawn, Shows, columns, own_cell, rows};
use crate::event::{Action, DecoderState, Event, Read, RunTrace, Side, Taken};
use crate::render::highlights::Highlights;
use crate::render::paint::{Line, columns as display_columns};
use crate::render::{View, words};
use crate::report::Report;

/// Draws the run in no more lines than that: if it has more, what tells least is left out. Where
/// the point of it would be, it may have `most`.
pub(in crate::render) fn draw_within(
    room: usize,
    most: usize,
    run: &RunTrace,
    report: &Report,
    view: &View,
) -> Vec<Line> {
    let (heading, mut rows) = rows(run, report, view);
    let mut lines = with_legend(heading, view);
    let [room, most] = [room, most].map(|room| room.saturating_sub(lines.len()));
    let telling = Telling::of(run, report);
    let mut weights: Vec<Weight> = rows.iter().map(|row| telling.weight(row)).collect();
    // It begins with what was sent.
    let is_write = |row: &Drawn| {
        matches!(row.shows, Shows::Call) && run.events[row.event].action.write().is_some()
    };
    if let Some(first) = rows.iter().position(is_write) {
        weights[first] = weights[first].max(Weight::Knows);
    }
    // What only ends a run, or waits, goes without a word: it is missed least.
    while Chosen::all(&rows).height() > room
        && let Some(place) = weights.iter().rposition(|weight| *weight == Weight::Aside)
    {
        rows.remove(place);
        weights.remove(place);
    }
    let mut chosen = Chosen::all(&rows);
    chosen.shrink_to(room, &weights);
    if !chosen.has_all(Weight::Follows, &weights) {
        chosen = Chosen::all(&rows);
        chosen.shrink_to(most.max(room), &weights);
    }
    let kept = chosen.kept;
    let mut gone = 0;
    for (row, kept) in rows.into_iter().zip(kept) {
        if !kept {
            gone += 1;
            continue;
        }
        lines.extend(gap(gone, view));
        lines.extend(row.lines);
        gone = 0;
    }
    lines.extend(gap(gone, view));
    lines
}

/// Says how many rows were left out there.
fn gap(rows: usize, view: &View) -> Option<Line> {
    let mut line = Line::new();
    let says = words::picture::rows_left_out(view.lang, rows);
    line.pad_to(columns::INDENT).text(says);
    (rows > 0).then_some(line)
}

/// Which rows stand.
struct Chosen<'a> {
    rows: &'a [Drawn],
    kept: Vec<bool>,
}

impl<'a> Chosen<'a> {
    fn all(rows: &'a [Drawn]) -> Self {
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
    }
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
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Weight {
    /// It moves no bytes, and nothing went wrong.
    Aside,
    /// It is how things are set up, or a packet as any other.
    Around,
    Moves,
    /// The length of a message is known with it.
    Knows,
    /// A message came out of it.
    Tells,
    /// It went wrong as the read before it did.
    Follows,
    /// The point of the run: what failed or was refused, a read that returned no whole message, a
    /// send of which a part was taken, bytes that the kernel held back.
    Decides,
    /// The first of these of a direction, as far as it is a read or bytes held back.
    Begins,
}

/// What can be told of the rows of a run.
struct Telling<'a> {
    run: &'a RunTrace,
    report: &'a Report,
    highlights: Highlights<'a>,
    /// The events that are the point, in order.
    decide: Vec<usize>,
    /// The reads that went wrong after those, in order.
    follow: Vec<usize>,
}

impl<'a> Telling<'a> {
    fn of(run: &'a RunTrace, report: &'a Report) -> Self {
        let (mut decide, mut follow) = (Vec::new(), Vec::new());
        for flow in &report.flows {
            let held = flow.most_unsent.filter(|(unsent, _)| *unsent > 0);
            decide.extend(held.map(|(_, event)| event));
            let got = flow.got_of_messages();
            let mut wrong = got.filter(|got| got.whole == Some(false));
            decide.extend(wrong.next().map(|got| got.event));
            follow.extend(wrong.next().map(|got| got.event));
        }
        decide.sort_unstable();
        follow.sort_unstable();
        Self {
            run,
            report,
            highlights: Highlights::of(report),
            decide,
            follow,
        }
    }

    fn weight(&self, row: &Drawn) -> Weight {
        let event = match row.shows {
            Shows::Packet(packet) if self.report.wire[packet].again => return Weight::Tells,
            Shows::Packet(_) | Shows::Gap => return Weight::Around,
            Shows::Call => &self.run.events[row.event],
        };
        let own = self.of_event(row.event, event);
        let after = row.after.iter().filter_map(|&after| {
            let event = &self.run.events[after];
            (event.error.is_some() || is_of_program(event)).then(|| {
                let own = self.of_event(after, event);
                own.max(Weight::Tells)
            })
        });
        after.fold(own, Weight::max)
    }

    fn of_event(&self, place: usize, event: &Event) -> Weight {
        let is_wrong = |loop_: &Taken| !loop_.is_right();
        let partly = event.action.write();
        let partly = partly.is_some_and(|write| write.returned.is_some_and(|n| n < write.asked));
        let refused = |decoder: &DecoderState| decoder.refused.is_some();
        let truncated = |read: &Read| read.truncated > Some(0);
        match &event.action {
            _ if self.decide.binary_search(&place).is_ok() => Weight::Begins,
            _ if event.error.is_some() || partly => Weight::Decides,
            _ if event.action.decoder().is_some_and(refused) => Weight::Decides,
            _ if event.action.read().is_some_and(truncated) => Weight::Decides,
            Action::Loop(taken) if is_wrong(taken) => Weight::Decides,
            Action::Undone(_) => Weight::Decides,
            _ if is_empty_read(event) => Weight::Aside,
            _ if self.follow.binary_search(&place).is_ok() => Weight::Follows,
            _ if is_notable(event) => Weight::Tells,
            _ if self.highlights.is_kept(place, event) => Weight::Knows,
            Action::Close | Action::Shutdown | Action::Await { .. } | Action::Pause { .. } => {
                Weight::Aside
            }
            Action::Setsockopt { .. } | Action::Connect { .. } | Action::Accept { .. } => {
                Weight::Around
            }
            _ => Weight::Moves,
        }
    }
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
