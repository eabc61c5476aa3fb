//! What lies between the programs in every direction at once, where a row shows only its own.

use crate::event::{Action, Event, RunTrace};
use crate::report::{Report, Way};

/// Follows a run event by event.
pub(super) struct Between<'a> {
    run: &'a RunTrace,
    report: &'a Report,
    /// The next event to be looked at.
    next: usize,
    /// For each flow, the bytes that were written and not yet read.
    bytes: Vec<u64>,
}

impl<'a> Between<'a> {
    pub(super) fn of(run: &'a RunTrace, report: &'a Report) -> Self {
        Self {
            run,
            report,
            next: 0,
            bytes: vec![0; report.flows.len()],
        }
    }

    /// The directions of a stream that hold bytes after this event; events are asked for in order.
    pub(super) fn at(&mut self, event: usize) -> Vec<(Way, u64)> {
        while self.next <= event {
            let note = &self.report.notes[self.next];
            if let Some(flow) = note.flow {
                self.bytes[flow] = note.held.map_or(0, |held| held.to - held.from);
            }
            let event = &self.run.events[self.next];
            for (flow, bytes) in self.report.flows.iter().zip(&mut self.bytes) {
                if flow.way.is_reader(event) && takes_the_queue_along(event) {
                    *bytes = 0;
                }
            }
            self.next += 1;
        }
        let flows = self.report.flows.iter().zip(&self.bytes);
        flows
            .filter(|(flow, bytes)| flow.datagrams.is_none() && **bytes > 0)
            .map(|(flow, bytes)| (flow.way, *bytes))
            .collect()
    }
}

/// Whether the receive queue is gone with this: closed, or reset.
fn takes_the_queue_along(event: &Event) -> bool {
    matches!(event.action, Action::Close | Action::Abort)
        || event.error.as_deref() == Some("ECONNRESET")
}
