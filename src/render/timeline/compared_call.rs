//! A call by itself, as it is drawn where runs stand beside one another.

use super::choose::{Draft, RowOrGap, drafts, leave_out};
use super::{BytesAs, TimelineItem, at, columns, left_out_words, own_cell};
use crate::event::{RunTrace, Side, Write};
use crate::render::highlights::Highlights;
use crate::render::paint::{Ink, Line};
use crate::render::{View, words, wrap};
use crate::report::Report;

/// A call that moves bytes, or failed, as it is drawn where runs stand beside one another.
pub(in crate::render) struct ComparedCall {
    /// Its place in the run.
    pub(in crate::render) event: usize,
    at: String,
    note: Option<String>,
}

/// The moments of a run, long rows of them thinned as in its own picture.
pub(in crate::render) fn moments(
    run: &RunTrace,
    report: &Report,
    view: &View,
) -> Vec<ComparedCall> {
    let events = &run.events;
    let moment = |event: usize, note| ComparedCall {
        event,
        at: at(report, &events[event]).unwrap_or_default(),
        note,
    };
    let mut moments = Vec::new();
    let moves = |draft: &Draft| {
        let event = &events[draft.event];
        let (write, read) = (event.action.write(), event.action.read());
        event.error.is_some() || write.is_some() || read.is_some()
    };
    let drafts = drafts(events, words::has_several_clients(run));
    let calls = drafts
        .into_iter()
        .filter(moves)
        .map(TimelineItem::Call)
        .collect();
    for entry in leave_out(calls, run, &[], &Highlights::of(report)) {
        match entry {
            RowOrGap::Row(TimelineItem::Call(draft)) => moments.push(moment(draft.event, None)),
            RowOrGap::Gap(gap) => {
                let says = left_out_words(&gap, run, view);
                if let Some(TimelineItem::Call(event)) = gap.first() {
                    moments.push(moment(*event, Some(says)));
                }
            }
            // Runs are compared by their calls.
            RowOrGap::Row(TimelineItem::Packet(_)) => {}
        }
    }
    moments
}

impl ComparedCall {
    /// Draws it: when, and what it was. A write that took all is no more than a time: whose bytes
    /// they were stands at the left edge.
    pub(in crate::render) fn draw(
        &self,
        run: &RunTrace,
        report: &Report,
        width: usize,
        view: &View,
    ) -> Vec<Line> {
        if let Some(note) = &self.note {
            return wrap::text(note, width, Ink::Plain);
        }
        let event = &run.events[self.event];
        let all = |write: &Write| write.returned == Some(write.asked);
        let whole = event.side == Side::Client && event.action.write().is_some_and(all);
        let beside = self.at.len().max(TIME) + 2;
        let narrow = width < beside + CALL;
        let aligned = if narrow { 0 } else { TIME };
        let time = vec![Line::of(format!("{:>aligned$}", self.at), Ink::Plain)];
        if whole {
            return time;
        }
        let cell = own_cell(self.event, run, report, BytesAs::Strip, view);
        if narrow {
            return [time, cell.draw(width)].concat();
        }
        columns::beside(&[(0, time), (beside, cell.draw(width - beside))])
    }
}

/// Room for a time, and for a call beside it.
const TIME: usize = 9;
const CALL: usize = 15;
