//! What was sent against what the program got: the messages, not the reads.

use super::{beside, words};
use crate::event::RunTrace;
use crate::render::paint::{Ink, Line, columns};
use crate::render::{View, safe, wrap};
use crate::report::{Extent, FileFate, Flow, Received, Report};

const BETWEEN: &str = " · ";
/// More bytes than these are counted, not written out.
const MOST_BYTES: usize = 40;

/// Two lines: what was sent, and what the program got of it.
pub(super) fn draw(run: &RunTrace, report: &Report, view: &View) -> Vec<Line> {
    let flow = report.foremost();
    let lang = view.lang;
    let width = view.width.saturating_sub(super::INDENT + super::HEADING);
    let sent = sent_in_brief(flow, run, width, view);
    let mut lines = beside(words::glance::sent(lang), vec![sent]);
    let got = verdict(flow, run, report, width, view, &outcome(flow, view));
    lines.extend(beside(words::glance::got(lang), vec![got]));
    lines
}

/// What was sent.
pub(in crate::render) fn sent_in_brief(
    flow: &Flow,
    run: &RunTrace,
    width: usize,
    view: &View,
) -> Line {
    let Some(sent) = &flow.delivery.sent else {
        return Line::of(words::glance::not_seen(view.lang), Ink::Plain);
    };
    if sent.is_empty() {
        return Line::of(words::glance::nothing(view.lang), Ink::Plain);
    }
    // A file may have less content than it has a header.
    let is_file = !flow.files.is_empty();
    let pieces = sent.iter().map(|message| Piece {
        bytes: flow.sent_bytes(&run.events, message).filter(|_| !is_file),
        size: message.content.1.saturating_sub(message.content.0),
        at: Some(message.content),
    });
    Piece::row(&pieces.collect::<Vec<_>>(), flow, width, view)
}

/// What the program got, and whether every message came whole.
pub(in crate::render) fn in_brief(
    flow: &Flow,
    run: &RunTrace,
    report: &Report,
    width: usize,
    view: &View,
) -> Line {
    verdict(flow, run, report, width, view, "")
}

/// The same in fewer words: of many messages that all came whole only that.
pub(super) fn in_few_words(run: &RunTrace, report: &Report, width: usize, view: &View) -> Line {
    let flow = report.foremost();
    let Some((mark, ink)) = mark(flow, run, report) else {
        return without_mark(flow, run, width, view);
    };
    let mut line = without_mark(flow, run, width.saturating_sub(3), view);
    line.text("  ").put(mark, ink);
    line
}

/// The same without the mark, where it stands elsewhere.
pub(super) fn without_mark(flow: &Flow, run: &RunTrace, width: usize, view: &View) -> Line {
    if !is_many(flow) {
        return messages(flow, run, width, view);
    }
    let sent = flow.delivery.sent.as_ref().map_or(0, Vec::len);
    Line::of(words::glance::all_came(view.lang, sent), Ink::Plain)
}

/// Whether only that is said: that all of many came whole.
pub(super) fn is_many(flow: &Flow) -> bool {
    const MANY: usize = 4;
    let sent = flow.delivery.sent.as_ref().map_or(0, Vec::len);
    sent >= MANY && flow.delivery.all_came()
}

/// What the program got, whether every message came whole, and what is to be said of it.
fn verdict(
    flow: &Flow,
    run: &RunTrace,
    report: &Report,
    width: usize,
    view: &View,
    says: &str,
) -> Line {
    let Some((mark, ink)) = mark(flow, run, report) else {
        return messages(flow, run, width, view);
    };
    let behind = match says {
        "" => 3,
        says => 4 + columns(says),
    };
    let mut line = messages(flow, run, width.saturating_sub(behind), view);
    line.text("  ").put(mark, ink);
    if !says.is_empty() {
        line.text(" ").put(says, ink);
    }
    line
}

/// Whether every message came whole; none where nobody saw it, or there was none.
pub(super) fn mark(flow: &Flow, run: &RunTrace, report: &Report) -> Option<(&'static str, Ink)> {
    let got = flow.delivery.got.as_ref()?;
    if got.is_empty() && flow.delivery.sent.as_ref().is_some_and(Vec::is_empty) {
        return None;
    }
    let is_saved = |file: &Received| file.fate == FileFate::Saved;
    Some(match flow.delivery.whole() {
        _ if !flow.files.iter().all(is_saved) => ("✗", Ink::Bad),
        // What came whole is no good to a program that makes nothing of it.
        _ if flow.delivery.all_came() && !report.spoils(run) => ("✓", Ink::Good),
        Some(_) => ("✗", Ink::Bad),
        None => ("?", Ink::Plain),
    })
}

/// What the program got.
fn messages(flow: &Flow, run: &RunTrace, width: usize, view: &View) -> Line {
    if flow.delivery.got.is_none() {
        return Line::of(words::glance::not_seen(view.lang), Ink::Plain);
    }
    if !flow.files.is_empty() {
        let files = flow.files.iter();
        let files = files.map(|file| words::glance::file(view.lang, file));
        let files = files.collect::<Vec<_>>().join(BETWEEN);
        return Line::of(wrap::cut(&files, width), Ink::Plain);
    }
    // Of a length that was read by itself nobody asks whether it is a message.
    let pieces = flow.got_of_messages().map(|got| {
        let bytes = flow
            .got_bytes(&run.events, got)
            .map(std::borrow::Cow::into_owned);
        let at = got.content;
        let size = at.map(|(from, to)| to.saturating_sub(from));
        let known = || bytes.as_ref().map_or(0, |bytes| bytes.len() as u64);
        Piece {
            size: size.unwrap_or_else(known),
            bytes,
            at,
        }
    });
    let pieces: Vec<Piece> = pieces.collect();
    if pieces.is_empty() {
        return Line::of(words::glance::nothing(view.lang), Ink::Plain);
    }
    Piece::row(&pieces, flow, width, view)
}

/// How many of the messages came whole, where not all did.
fn outcome(flow: &Flow, view: &View) -> String {
    let sent = flow.delivery.sent.as_ref().map_or(0, Vec::len);
    match flow.delivery.whole() {
        _ if flow.delivery.is_text_in_pieces() => words::glance::text_in_pieces(view.lang).into(),
        Some(whole) if !flow.delivery.all_came() => {
            words::glance::came_whole(view.lang, whole, sent)
        }
        _ => String::new(),
    }
}

/// Pieces one behind the other, if they are no wider than this.
fn joined(pieces: impl Iterator<Item = Line>, width: usize) -> Option<Line> {
    let mut row = Line::new();
    for piece in pieces {
        if row.width() > 0 {
            row.text(BETWEEN);
        }
        row.append(&piece);
        if row.width() > width {
            return None;
        }
    }
    Some(row)
}

/// A message, or what was taken for one.
struct Piece {
    /// Its bytes, if they are in the record.
    bytes: Option<Vec<u8>>,
    size: u64,
    /// Where it lies in the stream.
    at: Option<Extent>,
}

impl Piece {
    /// One behind the other: with their bytes if there is room, else with their sizes; the middle
    /// ones are left out if there is not room for those either.
    fn row(all: &[Self], flow: &Flow, width: usize, view: &View) -> Line {
        let size = |piece: &Self| Line::of(words::bytes(view.lang, piece.size), Ink::Plain);
        let sizes = |kept: usize, width| joined(all[..kept].iter().map(size), width);
        let contents = all.iter().map(|piece| piece.content(flow, view));
        // No more than these can find room, of however many.
        let most = all.len().saturating_sub(1).min(width / BETWEEN.len());
        let first = |kept: usize| {
            let more = words::glance::more_messages(view.lang, all.len() - kept);
            let room = width.checked_sub(columns(BETWEEN) + columns(&more))?;
            let mut row = sizes(kept, room)?;
            row.text(BETWEEN).text(more);
            Some(row)
        };
        joined(contents, width)
            .or_else(|| sizes(all.len(), width))
            .or_else(|| (1..=most).rev().find_map(first))
            .unwrap_or_else(|| Line::of(words::glance::messages(view.lang, all.len()), Ink::Plain))
    }

    /// What it says, in the colours of whose bytes they are.
    fn content(&self, flow: &Flow, view: &View) -> Line {
        let Some(bytes) = self
            .bytes
            .as_ref()
            .filter(|bytes| bytes.len() <= MOST_BYTES)
        else {
            return Line::of(words::bytes(view.lang, self.size), Ink::Plain);
        };
        let mut line = Line::new();
        let Some((from, to)) = self.at.filter(|(from, to)| to - from == bytes.len() as u64) else {
            line.text(safe::content(bytes));
            return line;
        };
        if bytes.is_empty() || safe::is_quoted(bytes) {
            line.text(safe::content(bytes));
            return line;
        }
        let messages = &flow.ranges.messages;
        let first = messages.partition_point(|message| message.end <= from);
        for message in messages[first..]
            .iter()
            .take_while(|message| message.start < to)
        {
            let place = |at: u64| usize::try_from(at.clamp(from, to) - from).unwrap_or(0);
            let own = &bytes[place(message.start)..place(message.end)];
            line.put(safe::content(own), Ink::Owner(message.label));
        }
        if line.width() == 0 {
            // Nobody saw whose they are.
            line.text(safe::content(bytes));
        }
        line
    }
}
