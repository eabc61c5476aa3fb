//! What lies between the programs in every direction at once, where a row shows only its own.

use crate::event::RunTrace;
use crate::report::{Direction, Flow, InKernel, Report};
use crate::words;

/// Follows a run event by event.
pub(super) struct OtherDirections<'a> {
    run: &'a RunTrace,
    report: &'a Report,
    /// The next event to be looked at.
    next: usize,
    /// For each flow, the bytes that were written and not yet read; `None` where nobody knows.
    bytes: Vec<Option<u64>>,
    /// For each flow, whether the socket that would read it is gone, and its queue with it.
    gone: Vec<bool>,
}

/// How many bytes these are, or, of what keeps edges, how many messages.
fn held(flow: &Flow, in_kernel: InKernel) -> u64 {
    let dropped = flow.datagrams.as_ref().map_or(&[][..], |of| &of.gone);
    let before = |end: u64| dropped.partition_point(|place| (*place as u64) < end) as u64;
    let gone = before(in_kernel.to) - before(in_kernel.from);
    in_kernel.to - in_kernel.from - gone
}

impl<'a> OtherDirections<'a> {
    pub(super) fn of(run: &'a RunTrace, report: &'a Report) -> Self {
        Self {
            run,
            report,
            next: 0,
            bytes: vec![Some(0); report.flows.len()],
            gone: vec![false; report.flows.len()],
        }
    }

    /// The directions that hold bytes after this event, or may hold some, those of datagrams only
    /// where several clients send to one socket; events are asked for in order.
    pub(super) fn at(&mut self, event: usize) -> Vec<(Direction, Option<u64>)> {
        while self.next <= event {
            let note = &self.report.notes[self.next];
            if let Some(flow) = note.flow {
                self.bytes[flow] = note
                    .in_kernel
                    .map(|in_kernel| held(&self.report.flows[flow], in_kernel));
            }
            let event = &self.run.events[self.next];
            if event.ends_reading() {
                let direction = Direction {
                    conn: event.conn,
                    from: event.side.other(),
                };
                if let Some(place) = Flow::place(&self.report.flows, direction) {
                    self.gone[place] = true;
                }
            }
            self.next += 1;
        }
        let flows = self.report.flows.iter().zip(&self.bytes).zip(&self.gone);
        flows
            .filter(|((flow, bytes), gone)| {
                let is_told = flow.datagrams.is_none() || words::has_several_clients(self.run);
                is_told && **bytes != Some(0) && !**gone
            })
            .map(|((flow, bytes), _)| (flow.direction, *bytes))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::fixture::{call, run, send};
    use crate::event::{Action, Side, Transport};
    use crate::report;

    /// What lies in other directions than the client's after its write, which is the third event:
    /// the server has written 8 bytes, in one call or in several.
    fn beside(calls: u64, closes: bool) -> Vec<Option<u64>> {
        let name = "x".into();
        let action = if closes {
            Action::Close
        } else {
            Action::Signal { name }
        };
        let events = [
            send("a", "aaaaaaaa").calls(calls).at(1, 9),
            call(Side::Client, action).at(2, 2),
            send("A", "a").at(3, 3),
        ];
        let run = run(Transport::Tcp, events);
        let report = report::build(&run, true);
        let there = OtherDirections::of(&run, &report).at(2).into_iter();
        let others = there.filter(|(direction, _)| direction.from == Side::Server);
        others.map(|(_, bytes)| bytes).collect()
    }

    #[test]
    fn what_is_not_known_is_not_nothing() {
        assert_eq!(beside(1, false), [Some(8)]);
        assert_eq!(beside(2, false), [None], "how far the calls had come");
        assert_eq!(beside(1, true), [], "the queue is gone with its socket");
        assert_eq!(beside(2, true), []);
    }
}
