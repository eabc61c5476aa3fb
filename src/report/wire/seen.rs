//! What a capture proves of a direction: which bytes travelled in which segment, and what had arrived
//! by when.

use super::covered::Covered;
use crate::event::{Action, Capture, Event, Packet};
use crate::report::edges::CutBy;
use crate::report::ranges::Direction;
use crate::report::segments::Segments;
use crate::report::testimony::Witness;

/// The clocks of the record and of the capture agree within this, in microseconds.
const CLOCKS_AGREE: u64 = 5;

/// What the capture saw of one direction.
#[derive(Debug, Default)]
pub(in crate::report) struct Seen {
    /// Each segment with data, once however often it was sent, by its place in the stream.
    segments: Vec<(u64, u64)>,
    /// How many segments brought bytes that none before them had brought.
    fresh: u64,
    /// How far the bytes had come, and when: both only grow.
    arrivals: Vec<(u64, u64)>,
    /// How far the reader had acknowledged, and when: both only grow.
    acks: Vec<(u64, u64)>,
    /// Whether it is known of every packet which segments it is, and none is missing.
    exact: bool,
}

/// Those of them, in order, that come further than all before.
fn advances(all: impl Iterator<Item = (u64, u64)>) -> Vec<(u64, u64)> {
    let mut furthest = None;
    let further = all.filter(|(to, _)| {
        let is_further = furthest < Some(*to);
        furthest = furthest.max(Some(*to));
        is_further
    });
    further.collect()
}

impl Seen {
    /// Gathers what was seen of a direction among the packets of its connection.
    pub(in crate::report) fn of(
        capture: Option<Capture>,
        packets: &[&Packet],
        direction: Direction,
    ) -> Self {
        let Some(capture) = capture else {
            return Self::default();
        };
        let (sent, answers): (Vec<&Packet>, Vec<&Packet>) = packets
            .iter()
            .copied()
            .partition(|packet| packet.side == direction.from);
        let mut segments: Vec<_> = sent.iter().flat_map(|packet| packet.segments()).collect();
        let mut covered = Covered::default();
        let is_new = |(start, end): &&(u64, u64)| covered.add(*start, *end);
        let fresh = segments.iter().filter(is_new).count() as u64;
        segments.sort_unstable();
        segments.dedup();
        let arrived = |packet: &&Packet| Some((packet.range()?.1, packet.at_us));
        let acked = |packet: &&Packet| Some((packet.ack?, packet.at_us));
        Self {
            exact: (capture.private || capture.tells_segments) && capture.dropped == 0,
            segments,
            fresh,
            arrivals: advances(sent.iter().filter_map(arrived)),
            acks: advances(answers.iter().filter_map(acked)),
        }
    }

    /// The segments, if the capture holds all of them from the first byte on.
    pub(in crate::report) fn segments(&self, written: u64) -> Option<Segments> {
        if !self.exact || self.segments.is_empty() {
            return None;
        }
        let mut known = Segments {
            witness: Witness::Capture,
            ..Segments::default()
        };
        let mut reached = 0;
        // Segments that lie over one another: what was sent again was cut anew. Where they agree
        // is known, where they differ is not.
        let mut rest = &self.segments[..];
        while let Some((start, _)) = rest.first() {
            if *start > reached {
                // Bytes that nobody saw: the capture is not what it should be.
                return None;
            }
            let mut end = *start;
            let together = rest
                .iter()
                .take_while(|(from, to)| {
                    let joins = *from < end || *from == *start;
                    if joins {
                        end = end.max(*to);
                    }
                    joins
                })
                .count();
            let (cluster, others) = rest.split_at(together);
            rest = others;
            let mut marks: Vec<u64> = cluster.iter().flat_map(|(a, b)| [*a, *b]).collect();
            marks.sort_unstable();
            marks.dedup();
            known
                .whole
                .extend(marks.windows(2).map(|pair| (pair[0], pair[1])));
            known.ends.push(end);
            reached = end;
        }
        if reached > written {
            return None;
        }
        // Each that brought something new counts, in whatever pieces it came again.
        known.arrived = reached;
        let all_left = reached == written && written > 0;
        known.count = all_left.then_some(self.fresh);
        Some(known)
    }

    /// What cut a message at this offset, where a read ended, as far as the capture proves it.
    pub(in crate::report) fn cut_by(&self, read: &Event, offset: u64) -> Option<CutBy> {
        // Of several calls in one event nobody knows when the last one began.
        if !self.exact || read.calls > 1 {
            return None;
        }
        let Action::Recv(recv) = &read.action else {
            return None;
        };
        // What came after the read had returned was not there to be returned.
        let at = self.arrivals.partition_point(|(end, _)| *end <= offset);
        let (_, bringing) = *self.arrivals.get(at)?;
        if bringing > read.return_us.saturating_add(CLOCKS_AGREE) {
            return Some(CutBy::Arrival);
        }
        // What was acknowledged before the read began was in its queue.
        let first = self.acks.partition_point(|(ack, _)| *ack <= offset);
        let acked = self.acks.get(first).map(|(_, at)| *at)?;
        let full = recv.returned == Some(recv.asked);
        (full && acked.saturating_add(CLOCKS_AGREE) < read.call_us).then_some(CutBy::Buffer)
    }
}
