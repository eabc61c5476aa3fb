//! What each event means for the bytes: whose they were, and what it left in the kernel.

use std::collections::BTreeMap;
use std::iter::Peekable;
use std::vec;

use serde::{Deserialize, Serialize};

use super::Flow;
use super::connection::{Calls, ConnectionTrace};
use super::queue;
use super::ranges::{Direction, Ranges, Span};
use crate::event::{Action, Barrier, Event, Label, Side, Transport};

/// What one event means for the bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Note {
    /// Whose bytes it carried: message, and the part of the message, as (label, from, to).
    pub owners: Vec<(Label, u64, u64)>,
    /// The flow whose bytes it concerns.
    pub flow: Option<usize>,
    /// The bytes that the kernel then held, written by one side and not yet read by the other.
    pub in_kernel: Option<InKernel>,
    /// For a write that a full queue can keep waiting: how many datagrams of this direction were
    /// read while it was under way. One may be the very datagram that it hands over.
    pub read_meanwhile: usize,
}

/// What lies between the two programs: bytes of a stream, or datagrams.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InKernel {
    /// The first byte, as an offset into the direction; over UDP the first datagram, from 0.
    pub from: u64,
    /// The offset behind the last byte; over UDP how many datagrams had been sent. Dropped ones
    /// are in this range and not in the kernel.
    pub to: u64,
    /// How many bytes, at the end, are known not to have reached the receive queue.
    pub not_arrived: u64,
}

/// Goes through each connection and says of each event whose bytes it carried and what it left in
/// the kernel.
pub(super) fn notes(
    events: &[Event],
    connections: &BTreeMap<u32, ConnectionTrace<'_>>,
    flows: &[Flow],
    over: Transport,
) -> Vec<Note> {
    let mut notes = vec![Note::default(); events.len()];
    for (f, flow) in flows.iter().enumerate() {
        let ranges = &flow.ranges;
        let (mut writes, mut reads) = (
            ranges.writes.iter().peekable(),
            ranges.reads.iter().peekable(),
        );
        let (mut written, mut read_to) = (0, ranges.missing);
        // A socket that is closed or was reset holds nothing any more, whatever is still sent to it.
        let mut has_reader = true;
        // From a read whose datagram cannot be told, nobody knows what is left.
        let known_until = ranges.unowned.first().copied().unwrap_or(usize::MAX);
        let datagrams = flow.datagrams.is_some();
        // Where datagrams were dropped, or may have been, they are not in the kernel; nobody knows
        // what is unless it is certain which ones.
        let told = !over.may_drop()
            || flow.datagrams.as_ref().is_some_and(|datagrams| {
                datagrams.dropped == Some(0) || datagrams.accounted && ranges.unowned.is_empty()
            });
        let known_until = known_until.min(uncounted(flow, events).unwrap_or(usize::MAX));
        let mut matched = ranges.matched.iter();
        let mut blur = Blur::new(events, ranges);
        let mut under_way: Option<&Span> = None;
        let connection = connections.get(&flow.direction.conn);
        let calls = connection.map_or(&[][..], |connection| &connection.calls);
        // What is counted at a socket for several clients is no single one's.
        let for_all = |event: &Event| {
            let shared = connection.and_then(|connection| connection.shared);
            event.side == Side::Server
                && shared.is_some_and(|socket| !socket.is_one_clients)
                && matches!(event.action, Action::Await { .. })
        };
        let mut ending = Ending {
            reset: None,
            is_known: true,
            unread: 0,
            may_be_reset: may_be_reset(flow.direction, calls),
            read_in_the_end: ranges.reads.last().map_or(0, |read| read.end),
        };
        for &(i, event) in calls {
            let blurred = blur.covers(i);
            if let Some(write) = writes.next_if(|write| write.event == i) {
                written = if datagrams { written + 1 } else { write.end };
                under_way = Some(write).filter(|_| !datagrams);
                notes[i].owners = ranges.owners(write.start, write.end);
            }
            if let Some(read) = reads.next_if(|read| read.event == i) {
                let datagram = matched.next().map_or(0, |place| *place as u64 + 1);
                read_to = if datagrams { datagram } else { read.end };
                notes[i].owners = ranges.owners(read.start, read.end);
            }
            has_reader &= !(flow.direction.is_reader(event) && event.ends_reading());
            let looks_at_reset = event.kernel.as_ref().is_some_and(|state| state.is_reset());
            has_reader &= !(flow.direction.is_sender(event) && looks_at_reset);
            let is_reader = flow.direction.is_reader(event);
            let counted = queue::counted(event).filter(|_| is_reader && !datagrams);
            let queued_to = counted.map(|counted| read_to.saturating_add(counted));
            if flow.direction.is_sender(event) && event.error.is_none() && !datagrams {
                ending.note(event, written);
            }
            // After a reset nothing comes any more: what is not queued is gone.
            let to = match ending.reset {
                Some(left) => queued_to.unwrap_or(left).min(written),
                None => written,
            };
            let in_kernel = to.saturating_sub(read_to);
            let Some(not_arrived) =
                concerns(event, flow.direction, in_kernel).filter(|_| !for_all(event))
            else {
                continue;
            };
            // What FIONREAD counts of datagrams is the size of the next one, or of all: bytes.
            let not_arrived = if datagrams || ending.reset.is_some() {
                0
            } else {
                not_arrived
            };
            notes[i].flow = Some(f);
            // How much of a write the kernel has taken is known when it returns, or when all of it is
            // queued; meanwhile it may be waiting for room.
            if let Some(write) = under_way.filter(|_| is_reader)
                && event.at_us() < events[write.event].return_us
                && queued_to.is_none_or(|to| to < write.end)
            {
                notes[write.event].in_kernel = None;
                continue;
            }
            let both_seen = flow.unseen.is_none();
            if told
                && i < known_until
                && ranges.intact
                && has_reader
                && ending.is_known
                && both_seen
                && !blurred
            {
                notes[i].in_kernel = Some(InKernel {
                    from: read_to,
                    to: to.max(read_to),
                    not_arrived,
                });
            }
        }
        if over == Transport::UnixDatagram {
            count_meanwhile(&mut notes, calls, flow, events);
        }
    }
    notes
}

/// How a sender's end of a stream ended, and what that did to bytes that had not left.
struct Ending {
    /// How far what had left reached when a reset took the rest.
    reset: Option<u64>,
    /// Whether it is known what became of the rest.
    is_known: bool,
    /// What the sender itself has not read.
    unread: u64,
    may_be_reset: bool,
    /// How far the reader came: all that had left.
    read_in_the_end: u64,
}

impl Ending {
    /// Notes a call of the sender's, which had written so much by then.
    fn note(&mut self, event: &Event, written: u64) {
        let unsent = event.kernel.as_ref().map_or(0, |state| state.unsent);
        let left = written.saturating_sub(unsent).max(self.read_in_the_end);
        match event.action {
            Action::Abort => self.reset = Some(left),
            // A close with bytes unread is a reset too.
            Action::Close if self.unread > 0 => self.reset = Some(left),
            // Whether, or when, what had not left was thrown away nobody saw.
            Action::Close if self.may_be_reset => self.is_known &= unsent == 0,
            Action::Recv(_) | Action::Await { .. } => {
                self.unread = queue::counted(event).unwrap_or(0);
            }
            _ => {}
        }
    }
}

/// Whether a connection may have ended by a reset when its sender closed: the reader learnt so, or
/// had written what the sender never read.
fn may_be_reset(direction: Direction, calls: &Calls<'_>) -> bool {
    let (mut answers, mut learnt) = (0_u64, false);
    for (_, event) in calls {
        if direction.is_reader(event) {
            learnt |= event.error.as_deref() == Some("ECONNRESET");
            let write = event.action.write().map_or(0, |_| event.carried());
            answers = answers.saturating_add(write);
        }
    }
    let read = calls.iter().map(|(_, event)| match event.action.read() {
        Some(_) if direction.is_sender(event) => event.carried(),
        _ => 0,
    });
    learnt || read.fold(0, u64::saturating_add) < answers
}

/// The first write of a direction of which the kernel's count of drops says nothing, since nobody
/// read the count after it.
fn uncounted(flow: &Flow, events: &[Event]) -> Option<usize> {
    let datagrams = flow.datagrams.as_ref().filter(|of| !of.accounted)?;
    let (_, read) = datagrams.at_socket?;
    let told_us = events[read].return_us;
    let mut writes = flow.ranges.writes.iter().map(|write| write.event);
    writes.find(|write| events[*write].return_us > told_us)
}

/// Counts for each write of a direction the reads that returned during it.
fn count_meanwhile(notes: &mut [Note], calls: &Calls<'_>, flow: &Flow, events: &[Event]) {
    let reads = calls.iter().map(|(_, event)| event).filter(|event| {
        flow.direction.is_reader(event)
            && event.error.is_none()
            && matches!(event.action, Action::Recvfrom(_))
    });
    let mut returned: Vec<u64> = reads.map(|event| event.return_us).collect();
    returned.sort_unstable();
    let until = |us: u64| returned.partition_point(|returned| *returned < us);
    for write in &flow.ranges.writes {
        let event = &events[write.event];
        notes[write.event].read_meanwhile =
            until(event.return_us).saturating_sub(until(event.call_us));
    }
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
fn concerns(event: &Event, direction: Direction, in_kernel: u64) -> Option<u64> {
    let not_in = |queued: u64| in_kernel.saturating_sub(queued);
    let unsent = || event.kernel.as_ref().map_or(0, |state| state.unsent);
    match &event.action {
        Action::Send(_)
        | Action::Sendto(_)
        | Action::Await {
            until: Barrier::Sent | Barrier::Acked,
            ..
        } if direction.is_sender(event) => Some(unsent()),
        Action::Setsockopt { .. } | Action::Shutdown | Action::Close | Action::Abort
            if direction.is_sender(event) =>
        {
            event.kernel.as_ref().map(|state| state.unsent)
        }
        Action::Await {
            until: Barrier::Queued(_),
            seen,
        } if direction.is_reader(event) => Some(seen.map_or(0, not_in)),
        Action::Recv(read) if direction.is_reader(event) => Some(read.left.map_or(0, not_in)),
        Action::Recvfrom(_) if direction.is_reader(event) => Some(0),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::Transport::{self, Tcp, Udp, UnixDatagram};
    use crate::event::fixture::{call, recv, recvfrom, run, send, sendto};
    use crate::report;

    /// What the events of a run mean.
    fn noted(transport: Transport, events: &[Event]) -> impl Iterator<Item = Note> {
        let run = run(transport, events);
        report::build(&run, true).notes.into_iter()
    }

    fn in_kernel(transport: Transport, events: &[Event]) -> Vec<Option<(u64, u64)>> {
        let in_kernel = noted(transport, events).map(|note| note.in_kernel);
        in_kernel.map(|it| it.map(|it| (it.from, it.to))).collect()
    }

    #[test]
    fn what_the_kernel_held_is_not_known_while_a_write_that_is_being_read_goes_on() {
        // Of four bytes two are read; the write returns before that, or after it.
        let held = |returns| {
            let events = [
                send("A", "aaaa").at(0, returns),
                recv(9, "aa").at(10, 20),
                send("B", "a").at(60, 61),
                recv(9, "aaa").at(70, 71),
            ];
            in_kernel(Tcp, &events)
        };
        let (after_b, after_all) = (Some((2, 5)), Some((5, 5)));
        assert_eq!(held(5), [Some((0, 4)), Some((2, 4)), after_b, after_all]);
        // How much of the write was still in the program's hands meanwhile nobody knows.
        assert_eq!(held(50), [None, None, after_b, after_all]);
    }

    #[test]
    fn what_a_blocked_write_still_has_in_hand_is_not_in_the_kernel() {
        // B waits for room until A has been read; of its bytes so many lie in the queue then.
        let held = |left, returns| {
            let events = [
                send("A", "aa").at(0, 1),
                send("B", "bbb").at(5, returns),
                recv(2, "aa").at(10, 20).left(left),
                recv(9, "bbb").at(70, 71).left(0),
            ];
            in_kernel(Tcp, &events)
        };
        let end = Some((5, 5));
        assert_eq!(held(1, 50), [Some((0, 2)), None, None, end]);
        // All of it had been taken, or it had returned.
        let known = [Some((0, 2)), Some((0, 5)), Some((2, 5)), end];
        assert_eq!([held(3, 50), held(1, 8)], [&known, &known]);
    }

    #[test]
    fn what_had_not_left_is_gone_with_a_reset() {
        let held = |action, error, left: Option<u64>| {
            let close = call(Side::Client, action).counters(1, 3).at(5, 6);
            let after = |left: Option<u64>| recv(1, "a").at(10, 11).read(|read| read.left = left);
            let mut events = vec![send("A", "aaaaa").counters(1, 3), close, after(left)];
            if let Some(error) = error {
                events.push(recv(9, "").at(12, 13).failed(error));
            }
            in_kernel(Tcp, &events)[1..3].to_vec()
        };
        let reset = Some("ECONNRESET");
        let two = [Some((0, 2)), Some((1, 2))];
        assert_eq!(held(Action::Abort, reset, None), two);
        assert_eq!(held(Action::Abort, None, Some(1)), two);
        // The other end may have lost it on the way.
        let none = [Some((0, 2)), Some((1, 1))];
        assert_eq!(held(Action::Abort, reset, Some(0)), none);
        // A close sends what is left, unless bytes unread make it a reset.
        let all = [Some((0, 5)), Some((1, 5))];
        assert_eq!(held(Action::Close, None, None), all);
        assert_eq!(held(Action::Close, reset, None), [None, None]);
        let queued = recv(1, "x").by(Side::Client).left(7).at(3, 4);
        let events = [
            send("a", "xxxxxxxx").at(0, 1),
            send("A", "aaaaa").counters(1, 3).at(1, 2),
            queued,
            call(Side::Client, Action::Close).counters(1, 3).at(5, 6),
            recv(1, "a").at(10, 11),
        ];
        assert_eq!(in_kernel(Tcp, &events)[3..], two);
    }

    #[test]
    fn what_a_look_finds_reset_is_gone_though_the_kernel_still_counts_it() {
        let held = |over, unacked| {
            let mut look = send("B", "aa").counters(1, unacked).at(5, 9);
            if let Some(state) = &mut look.kernel {
                (state.over, state.unacked) = (over, unacked);
            }
            let events = [send("A", "aaa").counters(1, 0).at(0, 1), look];
            in_kernel(Tcp, &events)
        };
        let before = Some((0, 3));
        assert_eq!(held(false, 2), [before, Some((0, 5))]);
        assert_eq!(held(true, 2), [before, None]);
        assert_eq!(held(true, 0), [before, Some((0, 5))], "it ended in order");
    }

    #[test]
    fn what_the_kernel_held_is_not_known_where_nobody_knows_which_datagrams_it_dropped() {
        let held = |dropped| {
            let got = recvfrom(9, "aa").at(6, 7).read(|read| {
                (read.truncated, read.dropped) = (Some(0), dropped);
            });
            let events = [
                sendto("A", "a").at(0, 1),
                sendto("B", "aa").at(2, 3),
                sendto("C", "a").at(4, 5),
                got,
            ];
            in_kernel(Udp, &events)
        };
        let all = [Some((0, 1)), Some((0, 2)), Some((0, 3)), Some((2, 3))];
        assert_eq!(held(Some(0)), all);
        assert_eq!(held(Some(2)), all, "it is certain which ones");
        assert_eq!(held(Some(1)), [None; 4], "the first, or the last");
        assert_eq!(held(None), [None; 4], "the kernel does not say");
    }

    #[test]
    fn only_reads_of_its_own_direction_and_connection_are_counted_for_a_write() {
        let mut other = recvfrom(9, "a").at(13, 14);
        other.conn = 2;
        let events = [
            sendto("A", "a").at(0, 1),
            sendto("a", "a").at(0, 1),
            sendto("B", "a").at(10, 20),
            sendto("C", "a").at(30, 31),
            recvfrom(9, "a").at(11, 12),
            other,
            recvfrom(9, "a").by(Side::Client).at(15, 16),
            recvfrom(9, "a").at(17, 18),
        ];
        let meanwhile = |transport| -> Vec<usize> {
            let notes = noted(transport, &events);
            notes.map(|note| note.read_meanwhile).take(4).collect()
        };
        assert_eq!(meanwhile(UnixDatagram), [0, 0, 2, 0]);
        assert_eq!(meanwhile(Udp), [0; 4], "no sender waits for a reader");
    }
}
