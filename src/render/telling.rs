//! Calls that tell something by themselves: they are said out loud, and never left out of a long
//! run.

use super::paint::Ink;
use super::words::{self, group, pick};
use crate::event::{Action, Event, RunTrace};
use crate::frame::Part;
use crate::lab::file::Transport;
use crate::lab::text::Lang;
use crate::report::Report;

/// What can be told of the calls of a run.
pub(super) struct Telling {
    /// The writes whose datagram was dropped, in their order.
    dropped: Vec<usize>,
    /// When each read returned a datagram, where a full queue lets the sender wait; in order.
    returned: Vec<u64>,
}

impl Telling {
    pub(super) fn of(run: &RunTrace, report: &Report) -> Self {
        let mut dropped = Vec::new();
        for flow in &report.flows {
            let gone = flow.datagrams.iter().flat_map(|datagrams| &datagrams.gone);
            dropped.extend(gone.map(|&place| flow.ranges.writes[place].event));
        }
        dropped.sort_unstable();
        let waits = run.script.transport == Some(Transport::UnixDatagram);
        let reads = run.events.iter().filter(|event| {
            waits && event.error.is_none() && matches!(event.action, Action::Recvfrom(_))
        });
        let mut returned: Vec<u64> = reads.map(|event| event.return_us).collect();
        returned.sort_unstable();
        Self { dropped, returned }
    }

    /// Whether a long run keeps this call: the first datagram that is dropped, a write that was
    /// under way while others were read, the read with which the length of a message is known.
    pub(super) fn is_kept(&self, at: usize, event: &Event) -> bool {
        self.dropped.first() == Some(&at) || self.meanwhile(event) > 1 || knows_the_length(event)
    }

    /// What is said of it.
    pub(super) fn says(&self, at: usize, event: &Event, lang: Lang) -> Option<(String, Ink)> {
        if self.dropped.binary_search(&at).is_ok() {
            return Some((words::dropped(lang).into(), Ink::Bad));
        }
        let reads = self.meanwhile(event);
        let n = group(reads as u64);
        (reads > 1).then(|| {
            let says = pick(
                lang,
                format!("returned after {n} were read"),
                format!("返回时对方已读走 {n} 个"),
            );
            (says, Ink::Strong)
        })
    }

    /// How many reads returned during this write. One may be the very datagram that it hands over.
    fn meanwhile(&self, event: &Event) -> usize {
        if !matches!(event.action, Action::Sendto(_)) {
            return 0;
        }
        let until = |us: u64| self.returned.partition_point(|returned| *returned < us);
        until(event.return_us).saturating_sub(until(event.call_us))
    }
}

/// Whether with this read the decoder has all that stands before a part, and none of it.
fn knows_the_length(event: &Event) -> bool {
    let (Action::Recv(read) | Action::Recvfrom(read)) = &event.action else {
        return false;
    };
    let decoder = read.decoder.as_ref();
    decoder.is_some_and(|decoder| {
        decoder.part != Part::Prefix && decoder.have == 0 && decoder.need > 0
    })
}
