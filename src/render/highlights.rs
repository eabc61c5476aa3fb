//! Calls that tell something by themselves: they are said out loud, and never left out of a long
//! run.

use super::paint::Ink;
use super::words;
use crate::event::Event;
use crate::frame::Part;
use crate::lang::Lang;
use crate::report::Report;

/// What can be told of the calls of a run.
pub(super) struct Highlights<'a> {
    report: &'a Report,
    /// The writes whose datagram was dropped, in their order.
    dropped: Vec<usize>,
}

impl<'a> Highlights<'a> {
    pub(super) fn of(report: &'a Report) -> Self {
        let mut dropped = Vec::new();
        for flow in &report.flows {
            let gone = flow.datagrams.iter().flat_map(|datagrams| &datagrams.gone);
            dropped.extend(gone.map(|&place| flow.ranges.writes[place].event));
        }
        dropped.sort_unstable();
        Self { report, dropped }
    }

    /// Whether a long run keeps this call: the first datagram that is dropped, a write that was
    /// under way while others were read, the read with which the length of a message is known.
    pub(super) fn is_kept(&self, at: usize, event: &Event) -> bool {
        let meanwhile = self.report.notes[at].read_meanwhile;
        self.dropped.first() == Some(&at) || meanwhile > 1 || knows_the_length(event)
    }

    /// What is said of it.
    pub(super) fn says(&self, at: usize, lang: Lang) -> Option<(String, Ink)> {
        if self.dropped.binary_search(&at).is_ok() {
            return Some((words::dropped(lang).into(), Ink::Bad));
        }
        let reads = self.report.notes[at].read_meanwhile;
        (reads > 1).then(|| (words::calls::read_meanwhile(lang, reads), Ink::Strong))
    }
}

/// Whether with this read the decoder has all that stands before a part, and none of it.
fn knows_the_length(event: &Event) -> bool {
    let decoder = event.action.decoder();
    decoder.is_some_and(|decoder| {
        decoder.part != Part::Prefix && decoder.have == 0 && decoder.need > 0
    })
}
