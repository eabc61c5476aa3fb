//! When bytes that had waited at the sender left, as the kernel noted it.

use super::connection::Calls;
use super::moments::Look;
use super::ranges::Direction;

/// Two moments, in microseconds since the run began.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Released {
    /// When the acknowledgement of all that had left before them came.
    pub acked_us: u64,
    /// When they left, all of them in one segment.
    pub left_us: u64,
}

/// What became of the bytes that waited at this look, if they left in one segment after all before
/// them had been acknowledged.
pub(super) fn released(
    calls: &Calls<'_>,
    direction: Direction,
    (place, look): &(usize, Look),
) -> Option<Released> {
    let out = look.written.checked_sub(look.state.unsent)?;
    let behind = calls.partition_point(|(at, _)| at <= place);
    let later = calls[behind..].iter();
    let own = later.filter(|(_, event)| direction.is_sender(event));
    let mut acked_us = None;
    for stamp in own.flat_map(|(_, event)| &event.stamps) {
        match stamp.acked {
            Some(acked) if acked >= out => acked_us = acked_us.or(stamp.at_us),
            Some(_) => {}
            None if stamp.sent <= out => {}
            None => {
                let all = stamp.sent == look.written;
                let at_once = stamp.segments_out == look.state.segments_out + 1;
                let left_us = stamp.at_us.filter(|_| all && at_once)?;
                let acked_us = acked_us.filter(|acked| *acked <= left_us)?;
                return Some(Released { acked_us, left_us });
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use crate::event::fixture::{recv, run, send};
    use crate::event::{Action, Barrier, Event, Side, Stamp, Transport};
    use crate::report::{Released, build};

    fn stamp(at_us: u64, acked: Option<u64>, sent: u64, segments_out: u64) -> Stamp {
        Stamp {
            at_us: Some(at_us),
            acked,
            sent,
            segments_out,
            ..Stamp::default()
        }
    }

    fn of(stamps: &[Stamp]) -> Option<Released> {
        let until = Barrier::Acked;
        let wait = Action::Await { until, seen: None };
        let wait = Event {
            stamps: stamps.into(),
            ..crate::event::fixture::call(Side::Client, wait).counters(2, 0)
        };
        let events = [
            send("A", "h").counters(1, 0),
            send("B", "ello").counters(1, 4),
            recv(1, "h"),
            recv(4, "ello"),
            wait,
        ];
        let run = run(Transport::Tcp, events);
        let report = build(&run, true);
        let released = report.flows[0].released;
        // What came whole is right; what waited besides is not prompt.
        assert_eq!(report.is_right(&run), Some(true));
        assert_eq!(report.is_right_and_prompt(&run), Some(released.is_none()));
        released
    }

    #[test]
    fn what_had_waited_left_once_all_before_it_was_acknowledged() {
        let (acked, left) = (stamp(43_231, Some(1), 1, 1), stamp(43_237, None, 5, 2));
        let released = Released {
            acked_us: 43_231,
            left_us: 43_237,
        };
        let last = stamp(43_260, Some(5), 5, 2);
        assert_eq!(of(&[acked, left, last]), Some(released));
        assert_eq!(of(&[left, acked]), None, "it did not wait for that");
        assert_eq!(of(&[acked, stamp(43_237, None, 3, 2)]), None, "not all");
        assert_eq!(of(&[acked, stamp(43_237, None, 5, 3)]), None, "in pieces");
        let unknown = Stamp {
            at_us: None,
            ..left
        };
        assert_eq!(of(&[acked, unknown]), None, "the clock was set");
    }
}
