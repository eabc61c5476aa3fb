//! How much a row of the picture tells.

use std::collections::HashSet;

use super::choose::{is_empty_read, is_notable, is_of_program};
use super::{Drawn, Shows};
use crate::event::{Action, DecoderState, Event, Read, RunTrace, Side, Taken};
use crate::render::highlights::Highlights;
use crate::report::Report;

/// How much a row would be missed.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Weight {
    /// It moves no bytes, and nothing went wrong.
    Aside,
    /// It is how things are set up, or a packet as any other.
    Around,
    Moves,
    /// The length of a message is known with it.
    Knows,
    /// A message came out of it.
    Tells,
    /// It went wrong as the read before it did.
    Follows,
    /// The point of the run: what failed or was refused, a read that returned no whole message, a
    /// send of which a part was taken, bytes that the kernel held back.
    Decides,
    /// The first of these of a direction, as far as it is a read or bytes held back.
    Begins,
}

/// What can be told of the rows of a run.
pub(super) struct Telling<'a> {
    run: &'a RunTrace,
    report: &'a Report,
    highlights: Highlights<'a>,
    /// The events that are the point, in order.
    decide: Vec<usize>,
    /// The reads that went wrong after those, or returned something after one had failed, in order.
    follow: Vec<usize>,
}

impl<'a> Telling<'a> {
    pub(super) fn of(run: &'a RunTrace, report: &'a Report) -> Self {
        let (mut decide, mut follow) = (Vec::new(), Vec::new());
        for flow in &report.flows {
            let held = flow.most_unsent.filter(|(unsent, _)| *unsent > 0);
            decide.extend(held.map(|(_, event)| event));
            let got = flow.got_of_messages();
            let mut wrong = got.filter(|got| got.whole == Some(false));
            decide.extend(wrong.next().map(|got| got.event));
            follow.extend(wrong.next().map(|got| got.event));
        }
        follow.extend(late(run));
        decide.sort_unstable();
        follow.sort_unstable();
        Self {
            run,
            report,
            highlights: Highlights::of(report),
            decide,
            follow,
        }
    }

    pub(super) fn weight(&self, row: &Drawn) -> Weight {
        let event = match row.shows {
            Shows::Packet(packet) if self.report.wire[packet].again => return Weight::Tells,
            Shows::Packet(_) | Shows::Gap => return Weight::Around,
            Shows::Call => &self.run.events[row.event],
        };
        let own = self.of_event(row.event, event);
        let after = row.after.iter().filter_map(|&after| {
            let event = &self.run.events[after];
            (event.error.is_some() || is_of_program(event)).then(|| {
                let own = self.of_event(after, event);
                own.max(Weight::Tells)
            })
        });
        after.fold(own, Weight::max)
    }

    fn of_event(&self, place: usize, event: &Event) -> Weight {
        let is_wrong = |loop_: &Taken| !loop_.is_right();
        let partly = event.action.write();
        let partly = partly.is_some_and(|write| write.returned.is_some_and(|n| n < write.asked));
        let refused = |decoder: &DecoderState| decoder.refused.is_some();
        let truncated = |read: &Read| read.truncated > Some(0);
        match &event.action {
            _ if self.decide.binary_search(&place).is_ok() => Weight::Begins,
            _ if event.error.is_some() || partly => Weight::Decides,
            _ if event.action.decoder().is_some_and(refused) => Weight::Decides,
            _ if event.action.read().is_some_and(truncated) => Weight::Decides,
            Action::Loop(taken) if is_wrong(taken) => Weight::Decides,
            Action::Undone(_) => Weight::Decides,
            _ if is_empty_read(event) => Weight::Aside,
            _ if self.follow.binary_search(&place).is_ok() => Weight::Follows,
            _ if is_notable(event) => Weight::Tells,
            _ if self.highlights.is_kept(place, event) => Weight::Knows,
            Action::Close | Action::Shutdown | Action::Await { .. } | Action::Pause { .. } => {
                Weight::Aside
            }
            Action::States { .. } => Weight::Tells,
            Action::Setsockopt { .. } | Action::Connect { .. } | Action::Accept { .. } => {
                Weight::Around
            }
            _ => Weight::Moves,
        }
    }
}

/// The first read of a side that returned something after one had failed: what came late.
fn late(run: &RunTrace) -> impl Iterator<Item = usize> {
    let mut failed: HashSet<(Side, u32)> = HashSet::new();
    let events = run.events.iter().enumerate();
    events.filter_map(move |(place, event)| {
        event.action.read()?;
        let end = (event.side, event.conn);
        match &event.error {
            Some(_) => {
                failed.insert(end);
                None
            }
            None => failed.remove(&end).then_some(place),
        }
    })
}
