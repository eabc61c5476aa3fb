//! One direction of a run: its ranges, and what is known of its bytes, segments and datagrams.

use std::borrow::Cow;

use super::connection::{Calls, ConnectionTrace, Shared};
use super::delivery::{Delivery, Extent, Got, GotBy, Sent};
use super::edges::{self, Cut, Edge};
use super::files::{self, Received};
use super::moments::Look;
use super::queue::Queue;
use super::ranges::{self, Direction, Ranges, Span};
use super::released::{Released, released};
use super::segments::{Segments, Unproven};
use super::testimony::Testimony;
use super::wire::Seen;
use super::witnesses::{Witnesses, why_unproven};
use crate::event::{Action, Decoded, Event, RunTrace, Side};
use crate::frame::FrameError;

/// One direction of a run.
#[derive(Clone, Debug, PartialEq)]
pub struct Flow {
    /// Whose direction it is.
    pub direction: Direction,
    /// Messages, writes and reads as ranges of bytes.
    pub ranges: Ranges,
    /// What is known of the segments.
    pub segments: Segments,
    /// The edges between messages, in order.
    pub edges: Vec<Edge>,
    /// The cuts through messages, in order; none where edges are kept, since no read can go on.
    pub cuts: Vec<Cut>,
    /// Bytes written.
    pub bytes_sent: u64,
    /// Bytes that reads returned.
    pub bytes_received: u64,
    /// The most bytes that the sender's kernel was seen to hold unsent, and the event after which
    /// it said so.
    pub most_unsent: Option<(u64, usize)>,
    /// When these bytes left, if they did so once all before them had been acknowledged.
    pub released: Option<Released>,
    /// What came whole out of the frame decoder: places of event and message. `None` where no
    /// decoder was at work.
    pub decoded: Option<Vec<(usize, usize)>>,
    /// What was sent, what the program got, and which messages came whole.
    pub delivery: Delivery,
    /// The decoder's refusal, and the place of the read that brought it on.
    pub refused: Option<(usize, FrameError)>,
    /// The places where a read loop of the reader says what it took for one message.
    pub taken: Vec<usize>,
    /// What became of datagrams; `None` for a stream.
    pub datagrams: Option<Datagrams>,
    /// The files that its reader received, or refused.
    pub files: Vec<Received>,
    /// The side of whose calls nothing is known here: another program, or one whose record does
    /// not say which of them were to this client.
    pub unseen: Option<Side>,
}

impl Flow {
    /// Where among the flows of a report, which are in order, this direction's is.
    pub fn place(flows: &[Self], direction: Direction) -> Option<usize> {
        let place = flows.binary_search_by_key(&direction, |flow| flow.direction);
        place.ok()
    }

    /// The flow of this direction, among those of a report.
    pub fn of(flows: &[Self], direction: Direction) -> Option<&Self> {
        Self::place(flows, direction).map(|place| &flows[place])
    }

    /// Whether the writes were seen, and with them where messages end.
    pub fn has_writes(&self) -> bool {
        self.unseen != Some(self.direction.from)
    }

    /// Whether the reads were seen, and with them what became of the edges.
    pub fn has_reads(&self) -> bool {
        self.unseen != Some(self.direction.from.other())
    }

    /// Whether what was read is not what was written, or not from its beginning on.
    pub fn came_wrong(&self) -> bool {
        !self.ranges.intact || self.ranges.missing > 0
    }

    /// Whether for certain no read returned either of the datagrams beside an edge, by its place.
    pub fn neither_came(&self, edge: usize) -> bool {
        let Ranges {
            messages,
            writes,
            matched,
            unowned,
            ..
        } = &self.ranges;
        let event = |place: &usize| writes[*place].event;
        let came = |of: &usize| matched.binary_search_by_key(of, event).is_ok();
        let beside = messages.iter().skip(edge).take(2);
        unowned.is_empty() && !beside.flat_map(|message| &message.writes).any(came)
    }

    /// Whole messages out of the decoder, given the run's events; `None` where none was at work.
    pub fn messages<'a>(&self, events: &'a [Event]) -> Option<Vec<&'a Decoded>> {
        let places = self.decoded.as_ref()?.iter();
        let messages =
            places.filter_map(|&(event, place)| events[event].action.decoder()?.out.get(place));
        Some(messages.collect())
    }

    /// How many bytes there are to draw: those written, or, where nobody saw that, those read.
    pub fn length(&self) -> u64 {
        if self.has_writes() {
            self.bytes_sent
        } else {
            self.bytes_received
        }
    }

    /// Whether a decoder or loops brought back every message, whatever became of the edges beneath.
    pub fn is_restored(&self) -> bool {
        let mut got = self.delivery.got.iter().flatten();
        let is_framed = self.decoded.is_some() || got.any(|got| got.by == GotBy::Loop);
        is_framed && self.delivery.all_came()
    }

    /// What the program got, but for what only stands in front of a message's content: all of that,
    /// or, where every message came whole in the end, a part.
    pub fn got_of_messages(&self) -> impl Iterator<Item = &Got> {
        let all_came = self.delivery.all_came();
        let sent = self.delivery.sent.as_deref().unwrap_or_default();
        let is_front = move |(from, to): Extent| {
            let behind = sent.partition_point(|sent| sent.extent.0 <= from);
            sent[..behind].last().is_some_and(|sent| {
                let front = (sent.extent.0, sent.content.0);
                (from, to) == front || all_came && to <= front.1
            })
        };
        let got = self.delivery.got.iter().flatten();
        got.filter(move |got| got.by == GotBy::Decoder || !got.content.is_some_and(is_front))
    }

    /// The content of a message that was sent, as far as the record has its bytes.
    pub fn sent_bytes(&self, events: &[Event], sent: &Sent) -> Option<Vec<u8>> {
        bytes(&self.ranges.writes, events, sent.content)
    }

    /// What the program got, as far as the record has its bytes. Of a header without a payload, and
    /// of a file, there is nothing here: see what came out of the decoder.
    pub fn got_bytes<'a>(&self, events: &'a [Event], got: &Got) -> Option<Cow<'a, [u8]>> {
        let action = &events[got.event].action;
        match got.by {
            GotBy::Decoder => Some((&action.decoder()?.out.get(got.out)?.hex.0[..]).into()),
            GotBy::Read => Some((&action.read()?.hex.0[..]).into()),
            GotBy::Text => Some(action.read()?.text.as_ref()?.out.as_bytes().into()),
            GotBy::Loop => bytes(&self.ranges.reads, events, got.content?).map(Cow::Owned),
        }
    }
}

/// The bytes between two offsets, of calls whose bytes are in the record.
fn bytes(spans: &[Span], events: &[Event], (start, end): Extent) -> Option<Vec<u8>> {
    let mut all = Vec::new();
    let first = spans.partition_point(|span| span.end <= start);
    for span in spans[first..].iter().take_while(|span| span.start < end) {
        let action = &events[span.event].action;
        let written = action.write().map(|write| &write.hex.0);
        let hex = written.or_else(|| action.read().map(|read| &read.hex.0))?;
        let place = |at: u64| usize::try_from(at.clamp(span.start, span.end) - span.start).ok();
        all.extend_from_slice(hex.get(place(start)?..place(end)?)?);
    }
    Some(all)
}

/// What became of the datagrams of a direction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Datagrams {
    /// How many reads returned one.
    pub received: u64,
    /// Bytes cut off because the buffer was too small; `None` where the kernel does not say.
    pub truncated: Option<u64>,
    /// How many the kernel dropped; `None` where it does not say, or counts at a socket that others
    /// send to as well, and it is not certain whose they were.
    pub dropped: Option<u64>,
    /// How many it counted at that socket, whoever sent them, and the read that told it last.
    pub at_socket: Option<(u64, usize)>,
    /// Whether received and dropped together, and one that is known to be in the queue, are all
    /// that were sent.
    pub accounted: bool,
    /// The places of the dropped ones among the writes, if that is certain.
    pub gone: Vec<usize>,
}

pub(super) fn flow(
    run: &RunTrace,
    connection: &ConnectionTrace<'_>,
    direction: Direction,
    has_evidence: bool,
) -> Flow {
    let calls = &connection.calls;
    let transport = run.transport;
    let unseen = connection.unseen;
    let ranges = ranges::ranges(calls, direction, transport, unseen);
    let edges_kept = transport.keeps_edges();
    let datagrams =
        (edges_kept && unseen.is_none()).then(|| datagrams(connection, direction, &ranges));
    let bytes_sent = ranges.writes.last().map_or(0, |write| write.end);
    let looks = looks(&run.events, calls, direction, &ranges);
    let seen = Seen::of(run.capture, &connection.packets, direction);
    let witnesses = Witnesses::hear(
        connection,
        direction,
        &ranges,
        &looks,
        seen.segments(bytes_sent),
    );
    let segments = witnesses.segments();
    // Of equal counts the first: the moment from which on so many waited.
    let most_unsent = looks.iter().rev().max_by_key(|(_, look)| look.state.unsent);
    let released = most_unsent.and_then(|look| released(calls, direction, look));
    let most_unsent = most_unsent.map(|(i, look)| (look.state.unsent, *i));
    let mut decoded = None;
    let mut refused = None;
    for (i, event) in direction.reader_calls(calls) {
        if let Some(decoder) = event.action.decoder() {
            decoded
                .get_or_insert_with(Vec::new)
                .extend((0..decoder.out.len()).map(|message| (i, message)));
            if let Some(error) = &decoder.refused {
                refused = Some((i, error.clone()));
            }
        }
    }
    let taken = direction
        .reader_calls(calls)
        .filter(|(_, event)| matches!(event.action, Action::Loop(_)))
        .map(|(i, _)| i);
    let queue = Queue::of(calls, direction, &ranges);
    let lost = |offset: u64, read: &Span| {
        if transport.is_local() {
            let said = if has_evidence {
                queue.say(offset, read.event)
            } else {
                Testimony::default()
            };
            return (said, Unproven::NotCounted);
        }
        let said = witnesses.say(offset);
        (said, why_unproven(said, &segments, offset))
    };
    Flow {
        direction,
        taken: taken.collect(),
        // What reads that are not known did to them nobody can tell.
        edges: if unseen == Some(direction.from.other()) {
            Vec::new()
        } else {
            edges::edges(&ranges, edges_kept, lost)
        },
        cuts: if edges_kept {
            Vec::new()
        } else {
            edges::cuts(&ranges, &run.events, |read, offset| {
                seen.cut_by(read, offset)
            })
        },
        bytes_sent,
        bytes_received: received(calls, direction),
        most_unsent,
        released,
        decoded,
        delivery: Delivery::of(calls, direction, &ranges, transport, unseen),
        refused,
        datagrams,
        files: files::received(calls, direction),
        segments,
        ranges,
        unseen,
    }
}

fn received(calls: &Calls<'_>, direction: Direction) -> u64 {
    let calls = direction.reader_calls(calls);
    let reads = calls.filter(|(_, event)| event.action.read().is_some());
    reads.fold(0, |sum, (_, read)| sum.saturating_add(read.carried()))
}

/// The looks at the sender, in order, each with the event that it belongs to.
fn looks(
    events: &[Event],
    calls: &Calls<'_>,
    direction: Direction,
    ranges: &Ranges,
) -> Vec<(usize, Look)> {
    let (mut written, mut read, mut returned_us) = (0, 0, 0);
    let mut shut = false;
    let mut writes = ranges.writes.iter().peekable();
    // Where the reads are not of what was written, nobody knows what had arrived.
    let reads = if ranges.intact {
        &ranges.reads[..]
    } else {
        &[]
    };
    let mut reads = reads.iter().peekable();
    let mut looks = Vec::new();
    for &(i, event) in calls {
        while let Some(write) = writes.next_if(|write| write.event <= i) {
            written = write.end;
        }
        if !direction.is_sender(event) {
            continue;
        }
        shut |= event.action == Action::Shutdown && event.error.is_none();
        // The kernel was asked after this moment: when the call had returned, or, of a close, the
        // one before it.
        let closes = matches!(event.action, Action::Close | Action::Abort);
        let asked_us = if closes { returned_us } else { event.return_us };
        returned_us = event.return_us;
        while let Some(earlier) = reads.next_if(|read| events[read.event].return_us < asked_us) {
            read = earlier.end;
        }
        if let Some(&state) = event.kernel.as_deref() {
            let look = Look {
                state,
                written,
                read,
                shut,
            };
            looks.push((i, look));
        }
    }
    looks
}

fn datagrams(connection: &ConnectionTrace<'_>, direction: Direction, ranges: &Ranges) -> Datagrams {
    let sent = ranges.writes.len() as u64;
    let mut received = 0_u64;
    let mut truncated = Some(0_u64);
    let mut dropped = None;
    for (i, event) in direction.reader_calls(&connection.calls) {
        if let Some(read) = event.action.read()
            && read.returned.is_some()
            && Some(i) != ranges.end_of_stream
        {
            received += 1;
            truncated = truncated
                .zip(read.truncated)
                .map(|(sum, cut)| sum.saturating_add(cut));
            dropped = read.dropped.map(|dropped| (dropped, i)).or(dropped);
        }
    }
    // A client reads a socket of its own; the server has one for all of them.
    let shared = connection.shared.filter(|_| direction.from == Side::Client);
    let socket = shared.unwrap_or(Shared {
        sent,
        received,
        dropped,
        is_one_clients: true,
        ..Shared::default()
    });
    let accounted = socket.accounts_for_all();
    // The one that is in the queue was not dropped.
    let next = socket.next.filter(|(conn, _)| *conn == direction.conn);
    let dropped = match socket.dropped {
        Some((0, _)) => Some(0),
        Some(_) if accounted => {
            Some(sent.saturating_sub(received.saturating_add(next.is_some().into())))
        }
        Some((dropped, _)) if socket.is_one_clients => Some(dropped),
        _ => None,
    };
    let certain = accounted && ranges.unowned.is_empty();
    let lies_there = |i: &usize| {
        let write = &ranges.writes[*i];
        next.is_some_and(|(_, length)| write.end - write.start == length)
    };
    let gone = (0..ranges.writes.len())
        .filter(|i| certain && ranges.matched.binary_search(i).is_err() && !lies_there(i))
        .collect();
    Datagrams {
        received,
        truncated,
        dropped,
        at_socket: socket.dropped,
        accounted,
        gone,
    }
}
