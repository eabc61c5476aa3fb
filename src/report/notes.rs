//! What each event means for the bytes: whose they were, and what it left in the kernel.

use std::iter::Peekable;
use std::vec;

use serde::{Deserialize, Serialize};

use super::Flow;
use super::ranges::{Ranges, Span, Way};
use crate::event::{Action, Event, Label};
use crate::lab::file::Barrier;

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

/// Goes through the run once and says of each event whose bytes it carried and what it left in
/// the kernel.
pub(super) fn notes(events: &[Event], flows: &[Flow]) -> Vec<Note> {
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
            has_reader &= !(flow.way.is_reader(event) && event.ends_reading());
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

/// Where several calls are one event, or one call took long, nobody knows how far it had come: what
/// the kernel held is not known from the first one's call to the last one's return.
struct Blur<'a> {
    events: &'a [Event],
    /// Writes that are several calls, or that went on while others read; they stand where the
    /// first one was called.
    writes: Peekable<vec::IntoIter<usize>>,
    until_us: Option<u64>,
    /// Reads that are several calls; they stand where the last one returned.
    reads: Peekable<vec::IntoIter<usize>>,
}

impl<'a> Blur<'a> {
    fn new(events: &'a [Event], ranges: &Ranges) -> Self {
        let places = |spans: &[Span], so: &dyn Fn(&&Span) -> bool| {
            let places: Vec<usize> = spans.iter().filter(so).map(|span| span.event).collect();
            places.into_iter().peekable()
        };
        // Of a write that returned after a part of it had been read, nobody knows how much was
        // still to be handed to the kernel meanwhile.
        let blocked = |write: &&Span| {
            let first = ranges.reads.partition_point(|read| read.end <= write.start);
            ranges.reads.get(first).is_some_and(|read| {
                read.end < write.end && events[read.event].return_us < events[write.event].return_us
            })
        };
        Self {
            events,
            writes: places(&ranges.writes, &|span| span.calls > 1 || blocked(span)),
            until_us: None,
            reads: places(&ranges.reads, &|span| span.calls > 1),
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
