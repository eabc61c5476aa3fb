//! The witnesses of one direction over TCP, and what they say together.

use super::connection::{Calls, ConnectionTrace};
use super::edges::lost_in;
use super::moments::{self, Look, Moment, Mss};
use super::ranges::{Direction, Ranges};
use super::receiver::received;
use super::segments::{Segments, Unproven};
use super::testimony::{Testimony, Witness};
use crate::event::Event;

/// What each witness proves of the segments, none of them with the help of those below it.
#[derive(Default)]
pub(super) struct Witnesses {
    counters: Segments,
    stamps: Option<Segments>,
    receiver: Option<Segments>,
    capture: Option<Segments>,
}

impl Witnesses {
    /// Hears them. `looks` are those at the sender, in order, each with the event that it belongs
    /// to.
    pub(super) fn hear(
        connection: &ConnectionTrace<'_>,
        direction: Direction,
        ranges: &Ranges,
        looks: &[(usize, Look)],
        capture: Option<Segments>,
    ) -> Self {
        let calls = &connection.calls;
        let tells_all = connection.tells_all_sent_again;
        let written = ranges.writes.last().map_or(0, |write| write.end);
        let after_looks: Option<Vec<Moment>> = looks.iter().map(|(_, it)| it.moment()).collect();
        // Of a record that says what cannot be nothing is taken.
        let Some(mut moments) = after_looks else {
            return Self {
                capture,
                ..Self::default()
            };
        };
        let mss = Mss::of(&moments);
        let read = ranges.reads.last().filter(|_| ranges.intact);
        let read = read.map_or(0, |read| read.end);
        let infer = |moments: &[Moment]| {
            // Nothing was sent again since: what was read of it came as it had left.
            let last = moments.last().filter(|_| tells_all).copied();
            let end = last.map(|last| last.once_read(read));
            let all: Vec<Moment> = moments.iter().copied().chain(end).collect();
            Segments::infer(&all, written, mss)
        };
        let counters = infer(&moments);
        let noted = stamps(calls, direction, looks);
        let can_be = noted.iter().all(|it| it.out <= written);
        let stamps = (can_be && !noted.is_empty()).then(|| {
            moments.extend(noted);
            moments::in_order(&mut moments);
            infer(&moments)
        });
        let reader = direction.reader_calls(calls);
        let arrived: Vec<_> = reader
            .filter_map(|(_, event)| event.arrived.as_deref().copied())
            .collect();
        // Where bytes are missing in front, what the reader counts is not what was written.
        let is_told = !arrived.is_empty() && ranges.missing == 0;
        let receiver = is_told.then(|| received(&moments, &arrived, written, tells_all));
        Self {
            counters,
            stamps,
            receiver,
            capture,
        }
    }

    fn each(&self) -> impl Iterator<Item = (Witness, &Segments)> {
        let of = |witness, known| Option::map(known, |known| (witness, known));
        let others = [
            of(Witness::Stamps, self.stamps.as_ref()),
            of(Witness::Receiver, self.receiver.as_ref()),
            of(Witness::Capture, self.capture.as_ref()),
        ];
        let first = (Witness::Counters, &self.counters);
        std::iter::once(first).chain(others.into_iter().flatten())
    }

    /// What each says of an edge that a read went across.
    pub(super) fn say(&self, offset: u64) -> Testimony {
        let mut said = Testimony::default();
        for (witness, known) in self.each() {
            said.add(witness, lost_in(known, offset));
        }
        said
    }

    /// What is known of the segments: what the capture shows, or else what the others prove
    /// together.
    pub(super) fn segments(&self) -> Segments {
        if let Some(capture) = &self.capture {
            return capture.clone();
        }
        let sender = self.stamps.as_ref().unwrap_or(&self.counters);
        match &self.receiver {
            Some(receiver) => sender.with(receiver),
            None => sender.clone(),
        }
    }
}

/// Why nobody knows of an offset, given what is known of the segments.
pub(super) fn why_unproven(said: Testimony, segments: &Segments, offset: u64) -> Unproven {
    if said.disagrees() {
        Unproven::Disagree
    } else {
        segments.why_unknown(offset)
    }
}

/// What the sender's kernel noted by itself, as it was fetched.
fn stamps(calls: &Calls<'_>, direction: Direction, looks: &[(usize, Look)]) -> Vec<Moment> {
    let own = |event: &Event| direction.is_sender(event);
    let fetched = calls.iter().filter(|(_, event)| own(event));
    let mut looks = looks.iter().peekable();
    let mut shut = false;
    let moments = fetched.flat_map(|(place, event)| {
        while let Some((_, look)) = looks.next_if(|(at, _)| at <= place) {
            shut = look.shut;
        }
        event
            .stamps
            .iter()
            .map(move |stamp| Moment::of(*stamp, shut))
    });
    moments.collect()
}
