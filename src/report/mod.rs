//! Judges a recorded run: who owns each byte, which edges were lost and why, what was claimed and
//! what came true.
//!
//! A pure function of the trace: no clock, no socket, no formatting. Replaying a trace gives the
//! same report as the live run did.

mod check;
pub mod differ;
mod edges;
mod files;
mod flow;
pub mod legal;
pub mod predict;
mod proof;
mod queue;
pub mod repeat;
mod segments;
mod tally;
mod wire;
mod written;

pub use check::{Check, Claim, Verdict, is_lacking};
pub use edges::{Cut, CutBy, Edge, Fate, LostIn};
pub use files::{FileFate, Received};
pub use flow::{Message, Ranges, Span, Way, calls};
pub use proof::{Proof, prove};
pub use segments::{At, Segments, Witness};
pub use tally::{Tally, Wrong};
pub use wire::{Kind, Sight};

use std::iter::Peekable;
use std::vec;

use serde::{Deserialize, Serialize};

use wire::Seen;

use crate::event::{Action, DEADLINE, Event, Label, RunTrace, Side, UNSUPPORTED};
use crate::frame::FrameError;
use crate::lab::file::Barrier;
use queue::Queue;

/// What is to be said of one run.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// The directions that carried messages, the client's first; at least one.
    pub flows: Vec<Flow>,
    /// For each event, in order, whose bytes it carried and what it left in the kernel.
    pub notes: Vec<Note>,
    /// For each packet, in order, whose bytes it carried and what it was for.
    pub wire: Vec<Sight>,
    /// The places of the calls that failed.
    pub failed: Vec<usize>,
    /// Each claim of the lab, held against what happened.
    pub checks: Vec<Check>,
    /// How the run came out.
    pub outcome: Outcome,
}

/// How a run came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// All that the lab claims came true.
    AsExpected,
    /// Something came out otherwise, or a call failed that should not have.
    Differs,
    /// Nothing came out otherwise, but this kernel does not say enough to confirm all claims.
    Unconfirmed,
    /// A call was still waiting when the run's time was over.
    Deadline,
    /// Ctrl-C ended the run.
    Interrupted,
}

/// One direction of a run.
#[derive(Clone, Debug, PartialEq)]
pub struct Flow {
    /// Whose direction it is.
    pub way: Way,
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
    /// What came whole out of the frame decoder: places of event and message. `None` where no
    /// decoder was at work.
    pub decoded: Option<Vec<(usize, usize)>>,
    /// The decoder's refusal, and the place of the read that brought it on.
    pub refused: Option<(usize, FrameError)>,
    /// The places where a read loop of the reader says what it took for one message.
    pub taken: Vec<usize>,
    /// What became of datagrams; `None` for a stream.
    pub datagrams: Option<Datagrams>,
    /// The files that its reader received, or refused.
    pub files: Vec<Received>,
    /// The side that is another program, if one is: what it called nobody saw.
    pub elsewhere: Option<Side>,
}

impl Flow {
    /// Whether the writes were seen, and with them where messages end.
    #[must_use]
    pub fn has_writes(&self) -> bool {
        self.elsewhere != Some(self.way.from)
    }

    /// Whether the reads were seen, and with them what became of the edges.
    #[must_use]
    pub fn has_reads(&self) -> bool {
        self.elsewhere != Some(self.way.from.other())
    }

    /// How many bytes there are to draw: those written, or, where nobody saw that, those read.
    #[must_use]
    pub fn length(&self) -> u64 {
        if self.has_writes() {
            self.bytes_sent
        } else {
            self.bytes_received
        }
    }
}

/// What became of the datagrams of a direction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Datagrams {
    /// How many reads returned one.
    pub received: u64,
    /// Bytes cut off because the buffer was too small; `None` where the kernel does not say.
    pub truncated: Option<u64>,
    /// How many the kernel counted as dropped; `None` where it does not say.
    pub dropped: Option<u64>,
    /// Whether received and dropped together are all that were sent.
    pub accounted: bool,
    /// The places of the dropped ones among the writes, if that is certain.
    pub gone: Vec<usize>,
}

/// What one event means for the bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Note {
    /// Whose bytes it carried: message, and the part of the message, as (label, from, to).
    pub owners: Vec<(Label, u64, u64)>,
    /// The flow whose bytes it concerns.
    pub flow: Option<usize>,
    /// The bytes that the kernel then held, written by one side and not yet read by the other.
    pub held: Option<Held>,
}

/// What lies between the two programs: bytes of a stream, or datagrams.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// The first byte, as an offset into the direction; over UDP the first datagram, from 0.
    pub from: u64,
    /// The offset behind the last byte; over UDP how many datagrams had been sent. Dropped ones
    /// are in this range and not in the kernel.
    pub to: u64,
    /// How many bytes, at the end, are known not to have reached the receive queue.
    pub not_arrived: u64,
}

/// Builds the report of a run. `asked` says whether a kernel was there to be asked at all.
#[must_use]
pub fn build(run: &RunTrace, asked: bool) -> Report {
    let events = &run.events;
    let elsewhere = run.script.elsewhere();
    let planned = 1 + u32::try_from(run.script.more_clients.len()).unwrap_or(0);
    // How often a client that is elsewhere connects is not in the plan.
    let came = events.iter().map(|event| event.conn).max();
    let connections = match elsewhere {
        Some(Side::Client) => came.unwrap_or(planned),
        _ => planned,
    };
    let ways = (1..=connections).flat_map(|conn| Side::BOTH.map(|from| Way { conn, from }));
    let mut flows: Vec<Flow> = ways
        .filter(|way| {
            let carried = |event: &Event| {
                way.is_sender(event) && is_write(event)
                    || elsewhere == Some(way.from) && way.is_reader(event) && event.carried() > 0
            };
            events.iter().any(carried)
        })
        .map(|way| flow(run, way, asked))
        .collect();
    if flows.is_empty() {
        let way = Way {
            conn: 1,
            from: Side::Client,
        };
        flows.push(flow(run, way, asked));
    }
    let notes = notes(events, &flows);
    let failed: Vec<usize> = (0..events.len())
        .filter(|i| events[*i].error.is_some() && !matches!(events[*i].action, Action::Pack { .. }))
        .collect();
    let wire = wire::sights(&run.packets, &flows);
    let checks = check::check(&run.script.expect, run, &flows, asked);
    let outcome = outcome(run, &flows, &failed, &checks);
    Report {
        flows,
        notes,
        wire,
        failed,
        checks,
        outcome,
    }
}

fn is_write(event: &Event) -> bool {
    matches!(event.action, Action::Send(_) | Action::Sendto(_))
}

fn outcome(run: &RunTrace, flows: &[Flow], failed: &[usize], checks: &[Check]) -> Outcome {
    let events = &run.events;
    let failed_by = |name: &str| {
        failed
            .iter()
            .any(|i| events[*i].error.as_deref() == Some(name))
    };
    // Failures that the lab claims, and claims rightly or not, are judged by that claim.
    let errors_claimed = checks.iter().any(|check| check.claim == Claim::Errors);
    let verdict = |verdict: Verdict| checks.iter().any(|check| check.verdict == verdict);
    // Without an option that this system does not have, it is not the run that the lab speaks of.
    let unsupported = failed_by(UNSUPPORTED);
    let failed = failed
        .iter()
        .any(|i| events[*i].error.as_deref() != Some(UNSUPPORTED));
    let met = |claim: Claim| {
        let is_met = |check: &Check| check.claim == claim && check.verdict == Verdict::Met;
        checks.iter().any(is_met)
    };
    if run.interrupted {
        Outcome::Interrupted
    } else if events.iter().any(is_lacking) && !met(Claim::Errors) {
        // All that came after it, a wait in vain and a closed connection, is not the lab's run.
        Outcome::Unconfirmed
    } else if failed_by(DEADLINE) {
        Outcome::Deadline
    } else if (failed && !errors_claimed)
        || verdict(Verdict::Differs)
        || flows.iter().any(|flow| !flow.ranges.intact)
    {
        Outcome::Differs
    } else if unsupported || verdict(Verdict::Unconfirmed) {
        Outcome::Unconfirmed
    } else {
        Outcome::AsExpected
    }
}

fn flow(run: &RunTrace, way: Way, asked: bool) -> Flow {
    let events = &run.events;
    let transport = run.script.transport.unwrap_or_default();
    let elsewhere = run.script.elsewhere();
    let ranges = flow::ranges(events, way, transport, elsewhere == Some(way.from));
    let datagrams = transport
        .keeps_edges()
        .then(|| datagrams(events, way, &ranges));
    let bytes_sent = ranges.writes.last().map_or(0, |write| write.end);
    let said = kernel_said(events, way, &ranges);
    let seen = Seen::of(run, way);
    let segments = seen.segments(bytes_sent).unwrap_or_else(|| {
        Segments::infer(
            said.iter().map(|(_, written, state)| (*written, *state)),
            bytes_sent,
        )
    });
    // Of equal counts the first: the moment from which on so many waited.
    let most_unsent = said
        .iter()
        .map(|(i, _, state)| (state.unsent, *i))
        .rev()
        .max_by_key(|(unsent, _)| *unsent);
    let mut decoded = None;
    let mut refused = None;
    for (i, event) in events
        .iter()
        .enumerate()
        .filter(|(_, event)| way.is_reader(event))
    {
        if let Action::Recv(read) = &event.action
            && let Some(decoder) = &read.decoder
        {
            decoded
                .get_or_insert_with(Vec::new)
                .extend((0..decoder.out.len()).map(|message| (i, message)));
            if let Some(error) = &decoder.refused {
                refused = Some((i, error.clone()));
            }
        }
    }
    let taken = events.iter().enumerate();
    let taken = taken
        .filter(|(_, event)| way.is_reader(event) && matches!(event.action, Action::Loop(_)))
        .map(|(i, _)| i);
    let queue = Queue::of(events, way, &ranges);
    let cause = |offset: u64, read: &Span| {
        if !transport.is_local() {
            edges::lost_in(&segments, offset)
        } else if asked && queue.held_both_sides(offset, read.event) {
            LostIn::ReceiveQueue
        } else {
            LostIn::Undetermined
        }
    };
    Flow {
        way,
        taken: taken.collect(),
        // What another program's reads did to them only it knows.
        edges: if elsewhere == Some(way.from.other()) {
            Vec::new()
        } else {
            edges::edges(&ranges, datagrams.is_some(), cause)
        },
        cuts: if datagrams.is_some() {
            Vec::new()
        } else {
            edges::cuts(&ranges, events, &seen)
        },
        bytes_sent,
        bytes_received: received(events, way),
        most_unsent,
        decoded,
        refused,
        datagrams,
        files: files::received(events, way),
        segments,
        ranges,
        elsewhere,
    }
}

fn received(events: &[Event], way: Way) -> u64 {
    let reads = events
        .iter()
        .filter(|event| way.is_reader(event))
        .filter(|event| matches!(event.action, Action::Recv(_) | Action::Recvfrom(_)));
    reads.fold(0, |sum, event| sum.saturating_add(event.carried()))
}

/// What the kernel said of the sender, in order: after which event, how many bytes had been
/// written until then, and its counters.
fn kernel_said(
    events: &[Event],
    way: Way,
    ranges: &Ranges,
) -> Vec<(usize, u64, crate::event::SenderState)> {
    let mut written = 0;
    let mut writes = ranges.writes.iter().peekable();
    let mut said = Vec::new();
    for (i, event) in events.iter().enumerate() {
        while let Some(write) = writes.next_if(|write| write.event <= i) {
            written = write.end;
        }
        if way.is_sender(event)
            && let Some(state) = event.kernel
        {
            said.push((i, written, state));
        }
    }
    said
}

fn datagrams(events: &[Event], way: Way, ranges: &Ranges) -> Datagrams {
    let mut received = 0_u64;
    let mut truncated = Some(0_u64);
    let mut dropped = None;
    let reader = events.iter().enumerate();
    for (i, event) in reader.filter(|(_, event)| way.is_reader(event)) {
        if let Action::Recv(read) | Action::Recvfrom(read) = &event.action
            && read.returned.is_some()
            && Some(i) != ranges.end_of_stream
        {
            received += 1;
            truncated = truncated
                .zip(read.truncated)
                .map(|(sum, cut)| sum.saturating_add(cut));
            dropped = read.dropped.or(dropped);
        }
    }
    let accounted = dropped
        .is_some_and(|dropped| received.saturating_add(dropped) == ranges.writes.len() as u64);
    let certain = accounted && ranges.unowned.is_empty();
    let gone = (0..ranges.writes.len())
        .filter(|i| certain && ranges.matched.binary_search(i).is_err())
        .collect();
    Datagrams {
        received,
        truncated,
        dropped,
        accounted,
        gone,
    }
}

/// Goes through the run once and says of each event whose bytes it carried and what it left in
/// the kernel.
fn notes(events: &[Event], flows: &[Flow]) -> Vec<Note> {
    let mut notes = vec![Note::default(); events.len()];
    for (f, flow) in flows.iter().enumerate() {
        let ranges = &flow.ranges;
        let (mut writes, mut reads) = (
            ranges.writes.iter().peekable(),
            ranges.reads.iter().peekable(),
        );
        let (mut written, mut read_to) = (0, 0);
        // A socket that is closed or was reset holds nothing any more, whatever is still sent to it.
        let mut has_reader = true;
        // From a read whose datagram cannot be told, nobody knows what is left.
        let known_until = ranges.unowned.first().copied().unwrap_or(usize::MAX);
        let datagrams = flow.datagrams.is_some();
        let mut matched = ranges.matched.iter();
        let mut blur = Blur::new(events, ranges);
        for (i, event) in events.iter().enumerate() {
            let blurred = blur.covers(i);
            if let Some(write) = writes.next_if(|write| write.event == i) {
                written = if datagrams { written + 1 } else { write.end };
                notes[i].owners = ranges.owners(write.start, write.end);
            }
            if let Some(read) = reads.next_if(|read| read.event == i) {
                let datagram = matched.next().map_or(0, |place| *place as u64 + 1);
                read_to = if datagrams { datagram } else { read.end };
                notes[i].owners = ranges.owners(read.start, read.end);
            }
            let closes = matches!(event.action, Action::Close | Action::Abort);
            let reset = event.error.as_deref() == Some("ECONNRESET");
            let ends = (closes && event.error.is_none()) || reset;
            has_reader &= !(ends && flow.way.is_reader(event));
            let held = written.saturating_sub(read_to);
            let Some(not_arrived) = concerns(event, flow.way, held) else {
                continue;
            };
            notes[i].flow = Some(f);
            let both_seen = flow.elsewhere.is_none();
            if i < known_until && ranges.intact && has_reader && both_seen && !blurred {
                notes[i].held = Some(Held {
                    from: read_to,
                    to: written.max(read_to),
                    not_arrived,
                });
            }
        }
    }
    notes
}

/// Where several calls are one event, nobody knows how far they had come while they went on: what
/// the kernel held is not known from the first one's call to the last one's return.
struct Blur<'a> {
    events: &'a [Event],
    /// Writes that are several calls; they stand where the first one was called.
    writes: Peekable<vec::IntoIter<usize>>,
    until_us: Option<u64>,
    /// Reads that are several calls; they stand where the last one returned.
    reads: Peekable<vec::IntoIter<usize>>,
}

impl<'a> Blur<'a> {
    fn new(events: &'a [Event], ranges: &Ranges) -> Self {
        let several = |spans: &[Span]| {
            let several = spans.iter().filter(|span| span.calls > 1);
            let places: Vec<usize> = several.map(|span| span.event).collect();
            places.into_iter().peekable()
        };
        Self {
            events,
            writes: several(&ranges.writes),
            until_us: None,
            reads: several(&ranges.reads),
        }
    }

    /// Whether the event at this place is within them; to be asked place by place.
    fn covers(&mut self, place: usize) -> bool {
        if self.writes.next_if_eq(&place).is_some() {
            self.until_us = Some(self.events[place].return_us);
        }
        while self.reads.next_if(|read| *read < place).is_some() {}
        let at = self.events[place].at_us();
        self.until_us.is_some_and(|until| at <= until)
            || self
                .reads
                .peek()
                .is_some_and(|read| at >= self.events[*read].call_us)
    }
}

/// Whether an event concerns the direction; if so, how many of the bytes
/// held are known not to have reached the receive queue.
fn concerns(event: &Event, way: Way, held: u64) -> Option<u64> {
    let not_in = |queued: u64| held.saturating_sub(queued);
    let unsent = || event.kernel.map_or(0, |state| state.unsent);
    match &event.action {
        Action::Send(_)
        | Action::Sendto(_)
        | Action::Await {
            until: Barrier::Sent | Barrier::Acked,
            ..
        } if way.is_sender(event) => Some(unsent()),
        Action::Setsockopt { .. } | Action::Shutdown | Action::Close | Action::Abort
            if way.is_sender(event) =>
        {
            event.kernel.map(|state| state.unsent)
        }
        Action::Await {
            until: Barrier::Queued(_),
            seen,
        } if way.is_reader(event) => Some(seen.map_or(0, not_in)),
        Action::Recv(read) if way.is_reader(event) => Some(read.left.map_or(0, not_in)),
        Action::Recvfrom(_) if way.is_reader(event) => Some(0),
        _ => None,
    }
}
