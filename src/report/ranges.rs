//! One direction of a run as ranges of byte offsets: what was written, what each read returned.

use super::connection::Calls;
use super::missing;
use super::written::Written;
use crate::event::{Action, Event, Label, Read, Side, Transport, Write};

/// A message: what the application meant to be one piece.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Its name.
    pub label: Label,
    /// Its first byte, as an offset into the direction.
    pub start: u64,
    /// The offset behind its last byte.
    pub end: u64,
    /// The places in the run of the events that wrote it.
    pub writes: Vec<usize>,
}

/// One direction of one connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Direction {
    /// The connection, from 1.
    pub conn: u32,
    /// Who sends.
    pub from: Side,
}

impl Direction {
    /// What the client sends, the first one if there are several.
    pub const FIRST: Self = Self {
        conn: 1,
        from: Side::Client,
    };

    /// Whether this is a call of the sending side.
    pub fn is_sender(self, event: &Event) -> bool {
        event.conn == self.conn && event.side == self.from
    }

    /// Whether this is a call of the reading side.
    pub fn is_reader(self, event: &Event) -> bool {
        event.conn == self.conn && event.side == self.from.other()
    }

    /// The calls of the reading side.
    pub(super) fn reader_calls<'a>(
        self,
        calls: &Calls<'a>,
    ) -> impl Iterator<Item = (usize, &'a Event)> {
        let all = calls.iter().copied();
        all.filter(move |(_, event)| self.is_reader(event))
    }
}

/// A range of bytes that one call carried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    /// The call's place in the run.
    pub event: usize,
    /// The first byte, as an offset into the direction.
    pub start: u64,
    /// The offset behind the last byte.
    pub end: u64,
    /// How many calls they are: more than one if the record holds several in one event.
    pub calls: u64,
}

impl Span {
    fn of(event: usize, calls: u64, start: u64, bytes: u64) -> Self {
        Self {
            event,
            start,
            end: start.saturating_add(bytes),
            calls,
        }
    }
}

/// How many calls these are.
pub fn calls(spans: &[Span]) -> u64 {
    spans
        .iter()
        .fold(0, |sum, span| sum.saturating_add(span.calls))
}

/// The ranges of one direction.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ranges {
    /// The messages, in order.
    pub messages: Vec<Message>,
    /// The writes, in order.
    pub writes: Vec<Span>,
    /// The reads that returned bytes (of a transport that keeps edges, datagrams), in order.
    pub reads: Vec<Span>,
    /// For each read of a datagram, its place among the writes.
    pub matched: Vec<usize>,
    /// Places of datagram reads whose datagram cannot be told for certain.
    pub unowned: Vec<usize>,
    /// Whether every read returned the very bytes that were written at its range.
    pub intact: bool,
    /// How many bytes, at the beginning of a stream, no read returned though what is behind them
    /// came.
    pub missing: u64,
    /// The place of the read that returned the end of the stream.
    pub end_of_stream: Option<usize>,
}

/// Lays out one direction of one connection. Of a side that is `unseen` the record has no calls, or
/// does not say that they were to this connection: without writes there is nothing to hold the
/// reads against.
pub(super) fn ranges(
    calls: &Calls<'_>,
    direction: Direction,
    transport: Transport,
    unseen: Option<Side>,
) -> Ranges {
    let mut ranges = Ranges {
        intact: true,
        ..Ranges::default()
    };
    let mut written = Written::default();
    let has_writes = unseen != Some(direction.from);
    let own = writes(calls, direction).filter(|_| has_writes);
    for (event, call, write) in own {
        let start = written.end;
        written.append(call, &write.hex.0);
        let end = written.end;
        let span = Span::of(event, call.calls, start, end - start);
        ranges.writes.push(span);
        match ranges.messages.last_mut() {
            Some(message) if message.label == write.message => {
                message.end = end;
                message.writes.push(event);
            }
            _ => ranges.messages.push(Message {
                label: write.message,
                start,
                end,
                writes: vec![event],
            }),
        }
    }
    if unseen == Some(direction.from.other()) {
        return ranges;
    }
    if !transport.keeps_edges() || !has_writes {
        read_stream(
            &mut ranges,
            calls,
            direction,
            has_writes.then_some(&written),
        );
        // An empty datagram ends nothing.
        ranges.end_of_stream = ranges.end_of_stream.filter(|_| transport.has_connections());
    } else if transport.may_drop() {
        match_datagrams(&mut ranges, calls, direction, &written);
    } else {
        read_records(&mut ranges, calls, direction, &written);
    }
    ranges
}

fn writes<'a>(
    calls: &Calls<'a>,
    direction: Direction,
) -> impl Iterator<Item = (usize, &'a Event, &'a Write)> {
    let sent = calls
        .iter()
        .filter(move |(_, event)| direction.is_sender(event));
    let written = sent.filter_map(|&(place, event)| Some((place, event, event.action.write()?)));
    written.filter(|(.., write)| write.returned.is_some())
}

fn reads<'a>(
    calls: &Calls<'a>,
    direction: Direction,
) -> impl Iterator<Item = (usize, &'a Event, &'a Read)> {
    let got = direction.reader_calls(calls);
    let read = got.filter_map(|(place, event)| Some((place, event, event.action.read()?)));
    read.filter(|(.., read)| read.returned.is_some())
}

/// A stream hands its bytes over in order and without a gap: a read's range follows from the
/// reads before it.
fn read_stream(
    ranges: &mut Ranges,
    calls: &Calls<'_>,
    direction: Direction,
    written: Option<&Written<'_>>,
) {
    let reads: Vec<_> = reads(calls, direction).collect();
    // A reset takes bytes that were still to come.
    let broken = calls.iter().any(|(_, event)| {
        let fails = event.action.write().is_some() || event.action.read().is_some();
        event.action == Action::Abort || fails && event.error.is_some()
    });
    let is_end = |(_, call, read): &(usize, &Event, &Read)| call.carried() == 0 && read.asked > 0;
    let ended = !broken && reads.iter().any(is_end);
    ranges.missing = written.map_or(0, |written| missing::begin(&reads, written, ended));
    let mut at = ranges.missing;
    for (event, call, read) in reads {
        let end = at.saturating_add(call.carried());
        let agrees = |written: &Written<'_>| end <= written.end && written.agrees(at, &read.hex.0);
        if !written.is_none_or(agrees) {
            ranges.intact = false;
            return;
        }
        if end > at {
            let span = Span::of(event, call.calls, at, call.carried());
            ranges.reads.push(span);
        } else if read.asked > 0 && ranges.end_of_stream.is_none() {
            ranges.end_of_stream = Some(event);
        }
        at = end;
    }
}

/// Whether a read returned this datagram, or the beginning of it.
fn fits(datagram: &[u8], read: &Read) -> bool {
    let got = read.hex.0.len() as u64;
    // Where nobody says what was cut off, a buffer that is not full says that nothing was.
    let cut = read.truncated.or((got < read.asked).then_some(0));
    let length = cut.map(|cut| got.saturating_add(cut));
    datagram.starts_with(&read.hex.0) && length.is_none_or(|length| length == datagram.len() as u64)
}

/// Where nothing is dropped, each read returns the next datagram. A read of nothing is the end of
/// the connection, unless the next one is empty.
fn read_records(
    ranges: &mut Ranges,
    calls: &Calls<'_>,
    direction: Direction,
    written: &Written<'_>,
) {
    for (event, _, read) in reads(calls, direction) {
        let place = ranges.reads.len();
        match ranges
            .writes
            .get(place)
            .filter(|_| fits(written.bytes_of(place), read))
        {
            Some(next) => {
                let span = Span::of(event, 1, next.start, read.hex.0.len() as u64);
                ranges.reads.push(span);
                ranges.matched.push(place);
            }
            _ if read.hex.0.is_empty() && ranges.end_of_stream.is_none() => {
                ranges.end_of_stream = Some(event);
            }
            _ => {
                ranges.intact = false;
                return;
            }
        }
    }
}

/// Datagrams may be dropped, so each read has to be matched with the datagram that it returned.
/// On one socket they keep their order. A read is owned if matching from the front and matching
/// from the back agree on it; if several datagrams look alike, it may not be.
fn match_datagrams(
    ranges: &mut Ranges,
    calls: &Calls<'_>,
    direction: Direction,
    written: &Written<'_>,
) {
    let got: Vec<(usize, &Read)> = reads(calls, direction)
        .map(|(event, _, read)| (event, read))
        .collect();
    let sent = &ranges.writes;
    let fits = |place: &usize, read: &Read| fits(written.bytes_of(*place), read);
    let mut next = 0;
    let from_the_front = got.iter().map(|(_, read)| {
        let place = (next..sent.len()).find(|place| fits(place, read))?;
        next = place + 1;
        Some(place)
    });
    let Some(first) = from_the_front.collect::<Option<Vec<usize>>>() else {
        ranges.intact = false;
        return;
    };
    let mut last = vec![0; got.len()];
    let mut end = sent.len();
    for (i, (_, read)) in got.iter().enumerate().rev() {
        // What matched from the front has a match here too, at the same place or behind it.
        end = (0..end)
            .rfind(|place| fits(place, read))
            .unwrap_or(first[i]);
        last[i] = end;
    }
    for ((event, read), (first, last)) in got.into_iter().zip(first.into_iter().zip(last)) {
        if first == last {
            let span = Span::of(event, 1, sent[first].start, read.hex.0.len() as u64);
            ranges.reads.push(span);
            ranges.matched.push(first);
        } else {
            ranges.unowned.push(event);
        }
    }
}

impl Ranges {
    /// Which messages own the bytes of a range, each with the part of itself that lies in it.
    pub fn owners(&self, start: u64, end: u64) -> Vec<(Label, u64, u64)> {
        let first = self
            .messages
            .partition_point(|message| message.end <= start);
        let mut owners: Vec<_> = self.messages[first..]
            .iter()
            .take_while(|message| message.start < end)
            .map(|message| {
                let from = start.max(message.start) - message.start;
                let to = end.min(message.end) - message.start;
                (message.label, from, to)
            })
            .filter(|(_, from, to)| from < to)
            .collect();
        // It is kept for each call, and most have one.
        owners.shrink_to_fit();
        owners
    }
}
