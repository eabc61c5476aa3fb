//! What a receive queue is proven to have held, where there are no segments to go by.

use super::connection::Calls;
use super::ranges::{Direction, Ranges};
use super::testimony::{LostIn, Testimony, Witness};
use crate::event::{Action, Barrier, Event};

/// How far into a direction the reader's queue was seen to reach, and when.
///
/// Over `AF_UNIX` that is proof of where an edge was lost: a write goes straight into the other
/// side's receive queue, and there is no sender that could have put two writes together. Over TCP
/// it is not.
pub(super) struct Queue {
    /// After which event, the offset behind the last byte that was counted; both only grow.
    seen: Vec<(usize, u64)>,
    /// Of each write: when it returned, and the offset behind its last byte; both only grow.
    written: Vec<(u64, u64)>,
    /// When each read was called, by its place in the run.
    called: Vec<(usize, u64)>,
}

impl Queue {
    /// What FIONREAD counted for an `await`, and what a read left, each from where the reader then
    /// was.
    pub(super) fn of(calls: &Calls<'_>, direction: Direction, ranges: &Ranges) -> Self {
        let mut reads = ranges.reads.iter().peekable();
        let mut writes = ranges.writes.iter().peekable();
        let (mut written, mut called) = (Vec::new(), Vec::new());
        let (mut at, mut reach) = (0, 0);
        let mut seen = Vec::new();
        for &(i, event) in calls {
            if let Some(read) = reads.next_if(|read| read.event == i) {
                at = read.end;
                called.push((i, event.call_us));
            }
            if let Some(write) = writes.next_if(|write| write.event == i) {
                written.push((event.return_us, write.end));
            }
            let counted = counted(event).filter(|_| direction.is_reader(event));
            let behind = counted.map_or(0, |counted| at.saturating_add(counted));
            if behind > reach {
                reach = behind;
                seen.push((i, reach));
            }
        }
        Self {
            seen,
            written,
            called,
        }
    }

    /// Who proves that the bytes on both sides of an offset were in the queue before this read.
    pub(super) fn say(&self, offset: u64, read: usize) -> Testimony {
        let mut said = Testimony::default();
        for (witness, proves) in [
            (Witness::Queue, self.held_both_sides(offset, read)),
            (Witness::Calls, self.had_written_both_sides(offset, read)),
        ] {
            if proves {
                said.add(witness, LostIn::ReceiveQueue);
            }
        }
        said
    }

    /// Whether the write of the byte behind an offset had returned when this read was called. A
    /// write to such a socket puts its bytes into the other one's queue, or waits for room there.
    fn had_written_both_sides(&self, offset: u64, read: usize) -> bool {
        let place = self.called.binary_search_by_key(&read, |(event, _)| *event);
        place.is_ok_and(|place| {
            let (_, called) = self.called[place];
            let returned = self.written.partition_point(|(at, _)| *at < called);
            let last = self.written[..returned].last();
            last.is_some_and(|(_, end)| offset < *end)
        })
    }

    /// Whether the bytes on both sides of an offset were in the queue before this event. Nobody
    /// but the reader takes them out, and it takes them in order.
    pub(super) fn held_both_sides(&self, offset: u64, before: usize) -> bool {
        let earlier = self.seen.partition_point(|(event, _)| *event < before);
        self.seen[..earlier]
            .last()
            .is_some_and(|(_, reach)| offset < *reach)
    }
}

/// How many bytes of a stream a reader's call found in its queue: those that FIONREAD counted for an
/// `await`, and what a read left.
pub(super) fn counted(event: &Event) -> Option<u64> {
    match &event.action {
        Action::Await {
            until: Barrier::Queued(_),
            seen,
        } => *seen,
        Action::Recv(read) => read.left,
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::fixture::{call, recv, send};
    use crate::event::{Side, Size, Transport};
    use crate::report::connection::placed;
    use crate::report::ranges::{self, Direction};

    fn counted(side: Side, bytes: u64) -> Event {
        let until = Barrier::Queued(Size(1));
        let seen = Some(bytes);
        call(side, Action::Await { until, seen })
    }

    /// Whether both sides of offset 5 of `helloworld` were there before this event.
    fn held_before(at: usize, events: &[Event]) -> bool {
        let ranges = ranges::ranges(&placed(events), Direction::FIRST, Transport::Unix, None);
        Queue::of(&placed(events), Direction::FIRST, &ranges).held_both_sides(5, at)
    }

    #[test]
    fn both_sides_must_have_been_counted_in_this_queue() {
        let all = || (send("A", "helloworld"), recv(1024, "helloworld"));
        let held = |side, n| {
            let (sent, read) = all();
            held_before(2, &[sent, counted(side, n), read])
        };
        assert!(held(Side::Server, 10) && held(Side::Server, 6));
        assert!(!held(Side::Server, 5), "the rest may have come later");
        assert!(!held(Side::Client, 10), "another queue");
        let (sent, read) = all();
        assert!(!held_before(1, &[sent, read, counted(Side::Server, 10)]));
    }

    #[test]
    fn what_was_written_before_a_read_was_called_was_there() {
        let said = |returned, called| {
            let sent = [
                send("A", "hello").at(0, 10),
                send("B", "world").at(20, returned),
            ];
            let read = recv(1024, "helloworld").at(called, 90);
            let events = [&sent[..], &[read]].concat();
            let calls = placed(&events);
            let ranges = ranges::ranges(&calls, Direction::FIRST, Transport::Unix, None);
            Queue::of(&calls, Direction::FIRST, &ranges).say(5, 2)
        };
        let proven: Vec<_> = said(30, 31).iter().collect();
        assert_eq!(proven, [(Witness::Calls, LostIn::ReceiveQueue)]);
        assert!(said(30, 30).is_empty(), "they may overlap");
        assert!(said(50, 15).is_empty(), "only one side had been written");
    }

    #[test]
    fn what_was_counted_stays_until_it_is_read() {
        let held = |between: &[Event]| {
            let (sent, rest) = (send("A", "helloworld"), recv(1024, "lloworld").left(0));
            let events = [&[sent], between, &[rest]].concat();
            held_before(events.len() - 1, &events)
        };
        let first = || recv(1024, "he");
        assert!(held(&[counted(Side::Server, 10), first()]));
        assert!(held(&[first().left(8)]));
        assert!(!held(&[first().left(3)]), "counted from 2 on");
        assert!(!held(&[first()]));
    }
}
