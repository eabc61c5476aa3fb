//! The run in time: what the client called, what the kernel held, what the server called.

mod choose;
mod columns;
mod compared_call;
mod glance;
mod in_kernel;
mod other_directions;
mod weight;
mod wire;

use super::View;
use super::bytes::{Owned, Strip};
use super::highlights::Highlights;
use super::paint::{Ink, Line};
use super::words;
use super::{calls, notes, wrap};
use crate::event::{Action, Event, RunTrace, Side};
use crate::report::{Direction, Report};

use choose::{Draft, RowOrGap, drafts, leave_out};
pub(in crate::render) use columns::beside;
use columns::{Cell, Item, Layout, Row};
pub(in crate::render) use compared_call::{ComparedCall, moments};
pub(in crate::render) use glance::{Glance, Tells, read_at_a_glance};
pub(in crate::render) use in_kernel::Known;
use other_directions::OtherDirections;
use wire::Arrow;
pub(in crate::render) use wire::{
    TimelineItem, among, fact as packet_fact, left_out as packets_left_out,
};

/// Draws the run.
pub(in crate::render) fn draw(run: &RunTrace, report: &Report, view: &View) -> Vec<Line> {
    let (heading, rows) = rows(run, report, view);
    let lines = rows.into_iter().flat_map(|row| row.lines);
    std::iter::once(heading).chain(lines).collect()
}

/// What stands at one place of the picture, drawn.
pub(in crate::render) struct Drawn {
    pub(in crate::render) lines: Vec<Line>,
    /// The first of the events that it shows; of a packet, the event before which it stands.
    pub(in crate::render) event: usize,
    /// The other events that it shows.
    after: Vec<usize>,
    shows: Shows,
}

/// What a row is about.
enum Shows {
    Call,
    /// A packet, by its place.
    Packet(usize),
    /// That rows are left out.
    Gap,
}

/// The names of the columns, and the run row by row.
pub(in crate::render) fn rows(run: &RunTrace, report: &Report, view: &View) -> (Line, Vec<Drawn>) {
    let events = &run.events;
    let origin = report.origin_us;
    let written: Vec<Known<'_>> = report
        .flows
        .iter()
        .map(|flow| Known::of(events, flow))
        .collect();
    let drafts = drafts(events, words::has_several_clients(run));
    let drawn = among(drafts, |draft| draft.event, run, report, view);
    let highlights = Highlights::of(report);
    let entries = leave_out(drawn, run, &report.wire, &highlights);
    let mut between = OtherDirections::of(run, report);
    let mut rows: Vec<(Option<usize>, Vec<usize>, Element<'_>)> = Vec::new();
    for entry in &entries {
        let part = match entry {
            RowOrGap::Gap(gap) => {
                let event = gap.iter().find_map(|left_out| match left_out {
                    TimelineItem::Call(event) => Some(*event),
                    TimelineItem::Packet(_) => None,
                });
                let says = left_out_words(gap, run, view);
                (event, Vec::new(), Element::Gap(says))
            }
            RowOrGap::Row(TimelineItem::Call(draft)) => {
                let elsewhere = between.at(draft.event);
                let mut row = row(draft, run, report, &written, origin, elsewhere, view);
                if let Some((says, ink)) = highlights.says(draft.event, view.lang) {
                    let side = events[draft.event].side;
                    // It belongs to the call, before what its side does next.
                    row.cells[columns::of(side)]
                        .items
                        .insert(1, Item::Note(says, ink));
                }
                if let Some((Some(before), after, Element::Row(above))) = rows.last_mut()
                    && view.is_glance()
                    && glance::is_wait_below(draft.event, *before, run, report)
                {
                    glance::put_below(row, above, events[draft.event].side);
                    after.push(draft.event);
                    continue;
                }
                (Some(draft.event), draft.after.clone(), Element::Row(row))
            }
            RowOrGap::Row(TimelineItem::Packet(i)) => {
                let packet = &run.packets[*i];
                let time = packet.at_us.checked_sub(origin).map(milliseconds);
                let time = time.unwrap_or_default();
                let arrow = Arrow::new(run, packet, &report.wire[*i], time, view);
                (None, Vec::new(), Element::Arrow(*i, arrow))
            }
        };
        rows.push(part);
    }
    let calls = rows.iter().filter_map(|(.., part)| match part {
        Element::Row(row) => Some(row),
        _ => None,
    });
    let arrows = rows.iter().filter_map(|(.., part)| match part {
        Element::Arrow(_, arrow) => Some((arrow.time.len(), arrow.want())),
        _ => None,
    });
    let elsewhere = run.unseen();
    let layout = columns::layout(calls, arrows, elsewhere, view);
    // A packet is no event: it goes with the call before which it stands.
    let mut next = events.len();
    let mut drawn: Vec<Drawn> = Vec::with_capacity(rows.len());
    for (event, after, part) in rows.into_iter().rev() {
        next = event.unwrap_or(next);
        let (lines, shows) = match part {
            Element::Row(row) => (layout.draw(&row), Shows::Call),
            Element::Arrow(packet, arrow) => (vec![arrow.draw(&layout)], Shows::Packet(packet)),
            Element::Gap(says) => (left_out(&says, &layout, view), Shows::Gap),
        };
        drawn.push(Drawn {
            lines,
            event: next,
            after,
            shows,
        });
    }
    drawn.reverse();
    (layout.heading(elsewhere, view), drawn)
}

/// What stands below the heading.
enum Element<'a> {
    Row(Row<'a>),
    /// A packet, by its place.
    Arrow(usize, Arrow),
    Gap(String),
}

/// When a call counts, as it is shown.
pub(in crate::render) fn at(report: &Report, event: &Event) -> Option<String> {
    since(report, event.at_us())
}

/// A moment of the run as it is shown; none before the first write.
pub(in crate::render) fn since(report: &Report, us: u64) -> Option<String> {
    us.checked_sub(report.origin_us).map(milliseconds)
}

/// When the kernel was asked about it: after its return, however long that took.
pub(in crate::render) fn asked_at(report: &Report, event: &Event) -> Option<String> {
    since(report, event.return_us)
}

pub(in crate::render) fn milliseconds(us: u64) -> String {
    let hundredths = us / 10;
    format!("{}.{:02} ms", hundredths / 100, hundredths % 100)
}

fn left_out(says: &str, layout: &Layout, view: &View) -> Vec<Line> {
    let width = view.width.saturating_sub(layout.indent());
    beside(&[(layout.indent(), wrap::text(says, width, Ink::Plain))])
}

fn left_out_words(gap: &[TimelineItem<usize>], run: &RunTrace, view: &View) -> String {
    let mut kinds: Vec<(String, u64)> = Vec::new();
    let mut packets = false;
    for left_out in gap {
        let (side, call, calls) = match left_out {
            TimelineItem::Call(i) => {
                let event = &run.events[*i];
                (event.side, Some(event.action.name()), event.calls)
            }
            TimelineItem::Packet(i) => {
                packets = true;
                (run.packets[*i].side, None, 1)
            }
        };
        let kind = words::picture::left_out_kind(view.lang, side, call);
        match kinds.iter_mut().find(|(other, _)| *other == kind) {
            Some((_, n)) => *n = n.saturating_add(calls),
            None => kinds.push((kind, calls)),
        }
    }
    words::picture::left_out(view.lang, &kinds, packets)
}

/// How the bytes of a read are drawn.
#[derive(Clone, Copy, PartialEq)]
enum BytesAs {
    /// In hexadecimal too, a column for each byte.
    Grid,
    /// As text alone.
    Strip,
    /// As text alone, beside the call if there is room.
    Returned,
}

/// What a call did, as its own side's column shows it.
fn own_cell<'a>(
    event: usize,
    run: &'a RunTrace,
    report: &Report,
    bytes_as: BytesAs,
    view: &View,
) -> Cell<'a> {
    let note = &report.notes[event];
    let event = &run.events[event];
    let mut own = Cell::default();
    let note_item = match bytes_as {
        BytesAs::Returned => Item::Beside,
        BytesAs::Grid | BytesAs::Strip => Item::Note,
    };
    let mut call = calls::line(event, note, report);
    if let (Action::Await { .. } | Action::Pause { .. } | Action::Decoder(_), _)
    | (Action::States { .. }, Some(_)) = (&event.action, &event.error)
    {
        call.text(words::calls::after(event, view.lang));
    }
    if let Action::States { ends, .. } = &event.action {
        call.put(words::state_at(*ends, event.side), Ink::Strong);
    }
    if words::has_several_clients(run) {
        // Which connection it is about, on either side.
        let mut numbered = Line::of(format!("{} ", event.conn), Ink::Strong);
        numbered.append(&call);
        call = numbered;
    }
    own.items.push(Item::Call(call));
    if let Some(read) = event.action.read() {
        if !read.hex.0.is_empty() {
            let owners = note.owners.iter().map(|(label, from, to)| {
                (*label, usize::try_from(to - from).unwrap_or(usize::MAX))
            });
            let owned = Owned {
                bytes: &read.hex.0,
                owners: owners.collect(),
            };
            own.items.push(match bytes_as {
                BytesAs::Grid => Item::Bytes(owned),
                BytesAs::Strip => Item::Strip(Strip::of(&owned)),
                BytesAs::Returned => Item::Returned(Strip::mixed(&owned)),
            });
        }
        let notes = notes::read_notes(read, run, view).into_iter();
        own.items
            .extend(notes.map(|(text, ink)| note_item(text, ink)));
    }
    for (text, ink) in calls::notes(event, run, view.lang) {
        own.items.push(note_item(text, ink));
    }
    own
}

fn row<'a>(
    draft: &Draft,
    run: &'a RunTrace,
    report: &Report,
    written: &[Known<'a>],
    origin: u64,
    elsewhere: Vec<(Direction, Option<u64>)>,
    view: &View,
) -> Row<'a> {
    let event = &run.events[draft.event];
    let note = &report.notes[draft.event];
    let bytes_as = if view.is_glance() && !view.hex {
        BytesAs::Returned
    } else {
        BytesAs::Grid
    };
    let mut own = own_cell(draft.event, run, report, bytes_as, view);
    for &after in &draft.after {
        let waited = &run.events[after];
        if view.is_glance() && !glance::is_shown(waited, &own) {
            continue;
        }
        let mut text = words::calls::after(waited, view.lang);
        if let (Action::Await { .. }, true) = (
            &waited.action,
            waited.return_us.saturating_sub(waited.call_us) >= 1000,
        ) {
            text = format!(
                "{text} ({})",
                milliseconds(waited.return_us.saturating_sub(origin))
            );
        }
        let ink = match &waited.action {
            Action::Loop(taken) => calls::taken_ink(taken),
            Action::Undone(_) => Ink::Bad,
            _ => Ink::Plain,
        };
        own.items.push(Item::Note(text, ink));
    }
    let mut kernel = Cell::default();
    if let (Some(flow), Some(in_kernel)) = (note.flow, note.in_kernel) {
        let flow_of = &report.flows[flow];
        kernel.items = in_kernel::items(flow_of, in_kernel, &written[flow], view);
        if in_kernel.not_arrived > 0 {
            let asked_the_sender = event.side == flow_of.direction.from;
            let says = words::picture::in_brackets(view.lang, asked_the_sender);
            kernel.items.push(Item::Note(says, Ink::Plain));
        }
        for (direction, bytes) in elsewhere
            .into_iter()
            .filter(|(direction, _)| *direction != flow_of.direction)
        {
            let also = words::elsewhere(view.lang, direction, bytes, run);
            kernel.items.push(Item::Note(also, Ink::Plain));
        }
    }
    let time = at(report, event).unwrap_or_default();
    let mut other = Cell::default();
    if let Action::States { ends, .. } = &event.action
        && !ends.is_empty()
    {
        // Each end's state stands on its own side, as in the diagrams of textbooks.
        let state = words::state_at(*ends, event.side.other());
        other.items.push(Item::Call(Line::of(state, Ink::Strong)));
        let between = words::picture::states_beside(view.lang);
        kernel.items.push(Item::Note(between.into(), Ink::Plain));
    }
    let cells = match event.side {
        Side::Client => [own, kernel, other],
        Side::Server => [other, kernel, own],
    };
    Row { time, cells }
}
