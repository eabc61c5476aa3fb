//! What a receive queue is proven to have held, where there are no segments to go by.

use super::connection::Calls;
use super::ranges::{Direction, Ranges};
use crate::event::{Action, Barrier};

/// How far into a direction the reader's queue was seen to reach, and when.
///
/// Over `AF_UNIX` that is proof of where an edge was lost: a write goes straight into the other
/// side's receive queue, and there is no sender that could have put two writes together. Over TCP
/// it is not.
pub(super) struct Queue {
    /// After which event, the offset behind the last byte that was counted; both only grow.
    seen: Vec<(usize, u64)>,
}

impl Queue {
    /// What FIONREAD counted for an `await`, and what a read left, each from where the reader then
    /// was.
    pub(super) fn of(calls: &Calls<'_>, direction: Direction, ranges: &Ranges) -> Self {
        let mut reads = ranges.reads.iter().peekable();
        let (mut at, mut reach) = (0, 0);
        let mut seen = Vec::new();
        for &(i, event) in calls {
            if let Some(read) = reads.next_if(|read| read.event == i) {
                at = read.end;
            }
            let counted = match &event.action {
                Action::Await {
                    until: Barrier::Queued(_),
                    seen,
                } if direction.is_reader(event) => *seen,
                Action::Recv(read) if direction.is_reader(event) => read.left,
                _ => None,
            };
            let behind = counted.map_or(0, |counted| at.saturating_add(counted));
            if behind > reach {
                reach = behind;
                seen.push((i, reach));
            }
        }
        Self { seen }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::{Bytes, Event, Label, Read, Side, Size, Transport, Write};
    use crate::report::connection::placed;
    use crate::report::ranges;

    const DIRECTION: Direction = Direction {
        conn: 1,
        from: Side::Client,
    };

    fn event(side: Side, action: Action) -> Event {
        Event {
            seq: 0,
            side,
            conn: 1,
            calls: 1,
            call_us: 0,
            return_us: 0,
            action,
            kernel: None,
            error: None,
        }
    }

    fn sent(bytes: &[u8]) -> Event {
        let message = Label {
            side: Side::Client,
            index: 0,
        };
        let write = Write {
            message,
            asked: bytes.len() as u64,
            returned: Some(bytes.len() as u64),
            hex: Bytes(bytes.into()),
            layout: Vec::new(),
        };
        event(Side::Client, Action::Send(write))
    }

    fn counted(side: Side, bytes: u64) -> Event {
        let until = Barrier::Queued(Size(1));
        let seen = Some(bytes);
        event(side, Action::Await { until, seen })
    }

    fn recv(bytes: &[u8], left: Option<u64>) -> Event {
        let read = Read {
            returned: Some(bytes.len() as u64),
            hex: Bytes(bytes.into()),
            left,
            ..Read::asking(1024)
        };
        event(Side::Server, Action::Recv(read))
    }

    /// Whether both sides of offset 5 of `helloworld` were there before the last event.
    fn held(events: &[Event]) -> bool {
        let ranges = ranges::ranges(&placed(events), DIRECTION, Transport::Unix, false);
        Queue::of(&placed(events), DIRECTION, &ranges).held_both_sides(5, events.len() - 1)
    }

    #[test]
    fn both_sides_must_have_been_counted_in_this_queue() {
        let run = |side, n| {
            [
                sent(b"helloworld"),
                counted(side, n),
                recv(b"helloworld", None),
            ]
        };
        assert!(held(&run(Side::Server, 10)) && held(&run(Side::Server, 6)));
        assert!(!held(&run(Side::Server, 5)), "the rest may have come later");
        assert!(!held(&run(Side::Client, 10)), "another queue");
        let late = [
            sent(b"helloworld"),
            recv(b"helloworld", None),
            counted(Side::Server, 10),
        ];
        let ranges = ranges::ranges(&placed(&late), DIRECTION, Transport::Unix, false);
        assert!(!Queue::of(&placed(&late), DIRECTION, &ranges).held_both_sides(5, 1));
    }

    #[test]
    fn what_was_counted_stays_until_it_is_read() {
        let rest = || recv(b"lloworld", Some(0));
        let first = |left| recv(b"he", left);
        let all = || sent(b"helloworld");
        assert!(held(&[
            all(),
            counted(Side::Server, 10),
            first(None),
            rest()
        ]));
        assert!(held(&[all(), first(Some(8)), rest()]));
        assert!(!held(&[all(), first(Some(3)), rest()]), "counted from 2 on");
        assert!(!held(&[all(), first(None), rest()]));
    }
}
