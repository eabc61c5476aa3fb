//! The run in time: what the client called, what the kernel held, what the server called.

use super::View;
use super::bytes::{Owned, Strip, grid, grid_width};
use super::paint::{Ink, Line, columns};
use super::words::{self, group, pick};
use super::{calls, safe, wrap};
use crate::event::{Action, Event, Read, RunTrace, Side};
use crate::report::{Flow, Held, Report};

/// Calls of one kind in a row from which on the middle ones are left out.
const MANY_ALIKE: usize = 6;
/// How many of them then stay at the start, and at the end.
const KEPT: (usize, usize) = (3, 2);
/// Rows from which on the middle of the whole run is left out, and how many then stay.
const MANY_ROWS: usize = 40;
const KEPT_ROWS: (usize, usize) = (16, 12);

/// A call that gets a row of its own, with the waits that its side makes after it.
struct Draft {
    event: usize,
    after: Vec<usize>,
}

enum Entry {
    Row(Draft),
    /// Calls that are left out.
    Gap(Vec<usize>),
}

/// What stands in one column of a row.
#[derive(Default)]
struct Cell<'a> {
    items: Vec<Item<'a>>,
}

enum Item<'a> {
    Call(Line),
    Note(String, Ink),
    Bytes(Owned<'a>),
    Strip(Strip),
}

struct Row<'a> {
    time: String,
    cells: [Cell<'a>; 3],
}

/// Draws the run.
pub(super) fn draw(run: &RunTrace, report: &Report, view: &View) -> Vec<Line> {
    let events = &run.events;
    let origin = origin_us(events);
    let written: Vec<Vec<u8>> = report
        .flows
        .iter()
        .map(|flow| written(events, flow))
        .collect();
    let entries = leave_out(drafts(events), events);
    let mut rows = Vec::new();
    for entry in &entries {
        rows.push(match entry {
            Entry::Gap(gap) => Err(left_out(gap, events, view)),
            Entry::Row(draft) => Ok(row(draft, run, report, &written, origin, view)),
        });
    }
    let widths = widths(rows.iter().flatten(), view.width);
    let mut lines = vec![heading(widths, view)];
    for row in rows {
        match row {
            Ok(row) => lines.extend(row.draw(widths)),
            Err(gap) => lines.push(gap),
        }
    }
    lines
}

/// The moment from which times are counted: the first write, or the first call at all.
fn origin_us(events: &[Event]) -> u64 {
    let wrote = |event: &&Event| matches!(event.action, Action::Send(_) | Action::Sendto(_));
    events
        .iter()
        .find(wrote)
        .or(events.first())
        .map_or(0, |event| event.call_us)
}

/// When a call counts, as it is shown.
pub(super) fn at(events: &[Event], event: &Event) -> Option<String> {
    let us = match event.action {
        Action::Recv(_) | Action::Recvfrom(_) | Action::Await { .. } | Action::Accept { .. } => {
            event.return_us
        }
        _ => event.call_us,
    };
    us.checked_sub(origin_us(events)).map(milliseconds)
}

fn milliseconds(us: u64) -> String {
    let hundredths = us / 10;
    format!("{}.{:02} ms", hundredths / 100, hundredths % 100)
}

fn written(events: &[Event], flow: &Flow) -> Vec<u8> {
    let mut bytes = Vec::new();
    for span in &flow.ranges.writes {
        if let Action::Send(write) | Action::Sendto(write) = &events[span.event].action {
            bytes.extend_from_slice(&write.hex.0);
        }
    }
    bytes
}

/// Gives each call that moves bytes a row, and puts waits and closes under the call before them.
fn drafts(events: &[Event]) -> Vec<Draft> {
    let mut drafts: Vec<Draft> = Vec::new();
    let mut last_row: [Option<usize>; 2] = [None, None];
    let mut set: Vec<(Side, &str, u64)> = Vec::new();
    for (i, event) in events.iter().enumerate() {
        let mine = &mut last_row[event.side as usize];
        match &event.action {
            Action::Bind { .. }
            | Action::Listen { .. }
            | Action::Connect { .. }
            | Action::Accept { .. }
            | Action::Signal { .. }
            // A side that only closes has nothing to show.
            | Action::Close
                if event.error.is_none() && !(mine.is_some() && event.action == Action::Close) => {}
            // The kernel forgets some options, and they are set again after each read: that is
            // said once.
            Action::Setsockopt { option, value } if set.contains(&(event.side, option, *value)) => {
            }
            Action::Await { .. }
            | Action::Pause { .. }
            | Action::Close
            | Action::Shutdown
            | Action::Abort
                if event.error.is_none() && mine.is_some() =>
            {
                drafts[mine.expect("was just seen")].after.push(i);
            }
            action => {
                if let Action::Setsockopt { option, value } = action {
                    set.retain(|(side, other, _)| (*side, *other) != (event.side, option));
                    set.push((event.side, option, *value));
                }
                *mine = Some(drafts.len());
                drafts.push(Draft {
                    event: i,
                    after: Vec::new(),
                });
            }
        }
    }
    drafts
}

/// A row that must be seen: a message came out, something was refused, cut off or failed.
fn is_notable(event: &Event) -> bool {
    let read = match &event.action {
        Action::Recv(read) | Action::Recvfrom(read) => Some(read),
        _ => None,
    };
    let decoder = read.and_then(|read| read.decoder.as_ref());
    event.error.is_some()
        || read.is_some_and(|read| {
            read.truncated > Some(0) || (read.returned == Some(0) && read.dropped.is_none())
        })
        || decoder.is_some_and(|decoder| !decoder.out.is_empty() || decoder.refused.is_some())
}

fn leave_out(drafts: Vec<Draft>, events: &[Event]) -> Vec<Entry> {
    let kind = |draft: &Draft| {
        let event = &events[draft.event];
        (event.side, calls::name(&event.action), is_notable(event))
    };
    let mut entries: Vec<Entry> = Vec::new();
    let mut rest = drafts.into_iter().peekable();
    while let Some(first) = rest.next() {
        let same = kind(&first);
        let mut alike = vec![first];
        while let Some(next) = rest.next_if(|next| kind(next) == same) {
            alike.push(next);
        }
        if alike.len() > MANY_ALIKE && !same.2 {
            entries.extend(thin(alike.into_iter().map(Entry::Row).collect(), KEPT));
        } else {
            entries.extend(alike.into_iter().map(Entry::Row));
        }
    }
    if entries.len() > MANY_ROWS {
        thin(entries, KEPT_ROWS)
    } else {
        entries
    }
}

/// Keeps the first and the last entries, and puts one gap in place of the others.
fn thin(mut entries: Vec<Entry>, (head, tail): (usize, usize)) -> Vec<Entry> {
    let end = entries.split_off(entries.len() - tail);
    let gap = entries
        .split_off(head)
        .into_iter()
        .flat_map(|entry| match entry {
            Entry::Row(draft) => vec![draft.event],
            Entry::Gap(events) => events,
        });
    entries.push(Entry::Gap(gap.collect()));
    entries.extend(end);
    entries
}

fn left_out(gap: &[usize], events: &[Event], view: &View) -> Line {
    let mut counts: Vec<(String, u64)> = Vec::new();
    for &event in gap {
        let name = format!(
            "{} {}",
            words::side(view.lang, events[event].side),
            calls::name(&events[event].action)
        );
        match counts.iter_mut().find(|(other, _)| *other == name) {
            Some((_, n)) => *n += 1,
            None => counts.push((name, 1)),
        }
    }
    let counts: Vec<String> = counts
        .iter()
        .map(|(name, n)| format!("{} x {name}", group(*n)))
        .collect();
    let mut line = Line::new();
    line.pad_to(INDENT + TIME + GAP);
    line.text(pick(
        view.lang,
        format!(
            "... {} calls left out: {} ...",
            group(gap.len() as u64),
            counts.join(", ")
        ),
        format!(
            "... 略去 {} 次调用：{} ...",
            group(gap.len() as u64),
            counts.join("，")
        ),
    ));
    line
}

fn row<'a>(
    draft: &Draft,
    run: &'a RunTrace,
    report: &Report,
    written: &'a [Vec<u8>],
    origin: u64,
    view: &View,
) -> Row<'a> {
    let event = &run.events[draft.event];
    let note = &report.notes[draft.event];
    let mut own = Cell::default();
    let call = calls::line(event, note, report);
    if call.width() > 0 {
        own.items.push(Item::Call(call));
    }
    if let Action::Recv(read) | Action::Recvfrom(read) = &event.action {
        if !read.hex.0.is_empty() {
            let owners = note.owners.iter().map(|(label, from, to)| {
                (*label, usize::try_from(to - from).unwrap_or(usize::MAX))
            });
            own.items.push(Item::Bytes(Owned {
                bytes: &read.hex.0,
                owners: owners.collect(),
            }));
        }
        own.items.extend(
            read_notes(read, view)
                .into_iter()
                .map(|(text, ink)| Item::Note(text, ink)),
        );
    }
    if let Action::Await { .. } | Action::Pause { .. } = &event.action {
        own.items
            .push(Item::Note(calls::after(event, view.lang), Ink::Plain));
    }
    for (text, ink) in calls::notes(event, view.lang) {
        own.items.push(Item::Note(text, ink));
    }
    for &after in &draft.after {
        let waited = &run.events[after];
        let mut text = calls::after(waited, view.lang);
        if let (Action::Await { .. }, true) = (
            &waited.action,
            waited.return_us.saturating_sub(waited.call_us) >= 1000,
        ) {
            text = format!(
                "{text} ({})",
                milliseconds(waited.return_us.saturating_sub(origin))
            );
        }
        own.items.push(Item::Note(text, Ink::Plain));
    }
    let mut kernel = Cell::default();
    if let (Some(flow), Some(held)) = (note.flow, note.held) {
        let flow_of = &report.flows[flow];
        kernel.items = held_items(flow_of, held, &written[flow], view);
        if held.not_arrived > 0 {
            // The sender's kernel says what has not left, the receiver's what has not come.
            let (en, zh) = if event.side == flow_of.from {
                ("[] unsent", "[] 未发出")
            } else {
                ("[] not here yet", "[] 未到")
            };
            kernel
                .items
                .push(Item::Note(pick(view.lang, en, zh).into(), Ink::Plain));
        }
    }
    let time = at(&run.events, event).unwrap_or_default();
    let cells = match event.side {
        Side::Client => [own, kernel, Cell::default()],
        Side::Server => [Cell::default(), kernel, own],
    };
    Row { time, cells }
}

/// What is to be said of a read besides its bytes.
pub(super) fn read_notes(read: &Read, view: &View) -> Vec<(String, Ink)> {
    let lang = view.lang;
    let mut notes = Vec::new();
    let mut note = |text: String, ink| notes.push((text, ink));
    if let Some(left @ 1..) = read.left {
        note(
            pick(
                lang,
                format!("{} left in the queue", group(left)),
                format!("队列里还剩 {}", group(left)),
            ),
            Ink::Plain,
        );
    }
    if let Some(gone @ 1..) = read.truncated {
        note(
            words::datagram_cut(lang, read.hex.0.len() as u64, gone),
            Ink::Bad,
        );
    }
    if read.returned == Some(0) {
        let empty = if read.truncated.is_some() || read.dropped.is_some() {
            pick(lang, "an empty datagram", "一个空数据报")
        } else {
            pick(lang, "end of stream", "流结束")
        };
        note(empty.into(), Ink::Plain);
    }
    let Some(decoder) = &read.decoder else {
        return notes;
    };
    for message in &decoder.out {
        let mut text = match &message.header {
            Some(header) if message.hex.0.is_empty() => {
                let json = serde_json::Value::Object(header.clone()).to_string();
                format!(
                    "{} {}",
                    words::part(lang, crate::frame::Part::Header),
                    safe::words(&json)
                )
            }
            _ => safe::quoted(&message.hex.0, 24),
        };
        if message.verified.is_some() {
            text += pick(lang, ", md5 right", "，md5 相符");
        }
        note(
            pick(lang, format!("out: {text}"), format!("取出：{text}")),
            Ink::Good,
        );
    }
    if let Some(refused) = &decoder.refused {
        note(
            pick(lang, "refused: ", "拒收：").to_string() + &words::refusal(lang, refused),
            Ink::Bad,
        );
    } else if decoder.kept > 0 || decoder.out.is_empty() {
        let part = words::part(lang, decoder.part);
        let (have, need, kept) = (
            group(decoder.have),
            group(decoder.need),
            group(decoder.kept),
        );
        note(
            pick(
                lang,
                format!("waiting: {part} {have}/{need}, {kept} kept"),
                format!("等待：{part} {have}/{need}，留存 {kept}"),
            ),
            Ink::Plain,
        );
    }
    notes
}

/// What is between the programs. Bytes that are known not to be in the receive queue yet stand in
/// brackets; datagrams stand between bars.
fn held_items<'a>(flow: &Flow, held: Held, written: &[u8], view: &View) -> Vec<Item<'a>> {
    let mut strip = Strip::default();
    let bytes = |from: u64, to: u64| {
        let range = usize::try_from(from).ok().zip(usize::try_from(to).ok());
        range
            .and_then(|(from, to)| written.get(from..to))
            .unwrap_or_default()
    };
    let messages = &flow.ranges.messages;
    if let Some(datagrams) = &flow.datagrams {
        let sent = usize::try_from(held.to).unwrap_or(usize::MAX);
        let first = usize::try_from(held.from).unwrap_or(usize::MAX);
        for (i, message) in messages.iter().enumerate().take(sent).skip(first) {
            if datagrams.gone.binary_search(&i).is_err() {
                strip.mark("|");
                strip.message(message.label, bytes(message.start, message.end));
            }
        }
        if strip.width() > 0 {
            strip.mark("|");
        }
    } else {
        // From here on nothing has arrived.
        let arrived = held.to - held.not_arrived.min(held.to - held.from);
        let first = messages.partition_point(|message| message.end <= held.from);
        let there = || {
            messages[first..]
                .iter()
                .take_while(|message| message.start < held.to)
        };
        for message in there().filter(|message| message.start < arrived) {
            strip.message(
                message.label,
                bytes(message.start.max(held.from), message.end.min(arrived)),
            );
        }
        if arrived < held.to {
            strip.mark("[");
            for message in there().filter(|message| message.end > arrived) {
                strip.message(
                    message.label,
                    bytes(message.start.max(arrived), message.end.min(held.to)),
                );
            }
            strip.mark("]");
        }
    }
    if strip.width() == 0 {
        return vec![Item::Note(
            pick(view.lang, "(empty)", "空").into(),
            Ink::Plain,
        )];
    }
    vec![Item::Strip(strip)]
}

const INDENT: usize = 2;
const TIME: usize = 9;
const GAP: usize = 2;

fn heading(widths: [usize; 3], view: &View) -> Line {
    let lang = view.lang;
    let kernel = pick(lang, "in the kernel", "内核里");
    let mut line = Line::new();
    line.pad_to(INDENT)
        .put(pick(lang, "time", "时间"), Ink::Heading);
    let mut column = INDENT + TIME + GAP;
    let names = [
        words::side(lang, Side::Client),
        kernel,
        words::side(lang, Side::Server),
    ];
    for (name, width) in names.into_iter().zip(widths) {
        line.pad_to(column).put(name, Ink::Heading);
        column += width + GAP;
    }
    line
}

/// Gives each column what it wants, or, if there is not room for all, an equal share of what is
/// left to those who want more than that.
fn widths<'a, 'b: 'a>(rows: impl Iterator<Item = &'a Row<'b>>, width: usize) -> [usize; 3] {
    let mut wants = [12, 13, 12];
    for row in rows {
        for (want, cell) in wants.iter_mut().zip(&row.cells) {
            *want = (*want).max(cell.want());
        }
    }
    let mut room = width.saturating_sub(INDENT + TIME + 3 * GAP);
    let mut given = [0; 3];
    let mut open = vec![0, 1, 2];
    open.sort_by_key(|&i| wants[i]);
    while let Some(i) = (!open.is_empty()).then(|| open.remove(0)) {
        let share = room / (open.len() + 1);
        given[i] = wants[i].min(share);
        room -= given[i];
    }
    given
}

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

    fn draw(&self, width: usize) -> Vec<Line> {
        let mut lines: Vec<Line> = Vec::new();
        for item in &self.items {
            match item {
                Item::Call(line) => lines.push(line.clone()),
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
    fn draw(&self, widths: [usize; 3]) -> Vec<Line> {
        let cells: Vec<Vec<Line>> = self
            .cells
            .iter()
            .zip(widths)
            .map(|(cell, width)| cell.draw(width))
            .collect();
        let height = cells.iter().map(Vec::len).max().unwrap_or(0).max(1);
        (0..height)
            .map(|i| {
                let mut line = Line::new();
                line.pad_to(INDENT);
                if i == 0 {
                    // Right-aligned, so that the decimal points stand below one another.
                    line.text(format!("{:>TIME$}", self.time));
                }
                let mut column = INDENT + TIME + GAP;
                for (cell, width) in cells.iter().zip(widths) {
                    if let Some(part) = cell.get(i) {
                        line.pad_to(column).append(part);
                    }
                    column += width + GAP;
                }
                line
            })
            .collect()
    }
}
