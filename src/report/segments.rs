//! Which bytes travelled in which segment, as far as the kernel's counters prove it.
//!
//! One `TCP_INFO` says how many data segments had left and how many bytes were still unsent, so it
//! says how many bytes were out. Two facts follow, and nothing else is taken for one:
//!
//! * Where the bytes out ended at some moment, a segment ended: no segment that had left holds bytes
//!   from both sides of that offset.
//! * Where one more segment had left since the moment before, all that went out in between is in it.
//!
//! What left so need not have arrived so: it can be lost, and come again cut anew. It has, if it was
//! acknowledged, or read, by a moment until which nothing more had been sent again than before it
//! left: then it was sent once.
//! (The kernel does send again on loopback, though nothing is lost there: where ACKs are delayed and
//! the reader is slow to run, the tail loss probe of RFC 8985 does not wait for them.)

use serde::Serialize;

use super::moments::{Counts, Moment, Mss};
use super::testimony::Witness;

/// The most segments between two moments that are gone through; a trace from a file may speak of any
/// number.
const MOST: u64 = 1 << 20;

/// What is known of the segments of one direction.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Segments {
    /// How many left, each counted once, however often it was sent; `None` where the kernel did
    /// not say, or not of all bytes.
    pub count: Option<u64>,
    /// Offsets at which a segment that left is proven to end, in order.
    pub ends: Vec<u64>,
    /// Ranges that are proven to have left in one segment, in order, as (start, end).
    pub whole: Vec<(u64, u64)>,
    /// How far they are proven to have arrived as they left.
    pub arrived: u64,
    /// Who says so.
    pub witness: Witness,
}

/// What is known of one offset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum At {
    /// The bytes on both sides arrived in different segments.
    Boundary,
    /// One segment carried the bytes on both sides.
    Inside,
    /// Neither is proven.
    Unknown,
}

/// Why nothing is known of an offset.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unproven {
    /// The counters do not prove it.
    Counters,
    /// It is known what left, and not whether it arrived so.
    NotAcked,
    /// It was sent twice, and the segments were not the same.
    CutAnew,
    /// The capture has no packet that brought what is behind it.
    NotCaptured,
    /// Where there are no segments: both sides were not counted in the queue before.
    NotCounted,
    /// One witness says otherwise than another.
    Disagree,
}

/// Ends of segments, and ranges that are each in one.
type Proven = (Vec<u64>, Vec<(u64, u64)>);

impl Segments {
    /// Works it out from moments in order. `written` is the number of bytes in the end, `mss` the most
    /// that a segment can have carried, where that is known.
    pub(super) fn infer(moments: &[Moment], written: u64, mss: Option<Mss>) -> Self {
        let mut known = Self::default();
        let mut before = None;
        let mut again = Some(0_u64);
        let mut acked = 0;
        for now in moments {
            let earlier: Moment = before.unwrap_or_default();
            let more_segments = now.segments.saturating_sub(earlier.segments);
            let resent = now.resent_since(earlier);
            if resent != Some(0) {
                let more_again = now.retransmitted.saturating_sub(earlier.retransmitted);
                let (ends, whole) = match (resent, mss) {
                    (Some(bytes), Some(mss)) => known.as_left(acked, more_again, bytes, mss),
                    _ => Default::default(),
                };
                known.keep_what_arrived();
                known.ends.extend(ends);
                known.whole.extend(whole);
                // By the first look a SYN may have been among it, and behind the last byte a FIN.
                let is_data = before.is_some() && !now.shut;
                again = again.filter(|_| is_data);
                again = again.map(|again| again.saturating_add(more_again));
            } else if earlier.out < now.out {
                let both = [earlier.counts, now.counts];
                let exact = both == [Counts::Exactly; 2];
                if !both.contains(&Counts::Others) {
                    let mss = mss.and_then(|mss| mss.of_bytes_to(now.out));
                    known.divide((earlier.out, now.out), more_segments, mss, exact);
                }
            }
            if known.ends.last().map_or(now.out > 0, |end| *end < now.out) {
                known.ends.push(now.out);
            }
            known.arrived = known.arrived.max(now.arrived);
            acked = acked.max(now.acked);
            before = Some(*now);
        }
        let all = before.filter(|last| last.out == written && written > 0);
        let count = |last: Moment| Some(last.segments.saturating_sub(again?));
        known.count = all.and_then(count);
        known
    }

    /// Notes what follows from it that so many segments brought these bytes, or, if it is not
    /// `exact`, at most so many: each carried one byte at least, and `mss` bytes at most.
    fn divide(&mut self, (start, end): (u64, u64), segments: u64, mss: Option<u64>, exact: bool) {
        let bytes = end - start;
        let most = |segments: u64| mss.map_or(u64::MAX, |mss| mss.saturating_mul(segments));
        let too_few = segments > 1 && most(segments) < bytes;
        if segments == 0 || segments > bytes.min(MOST) || too_few {
            return;
        }
        // The earliest and the latest place where the first `n` of them can have ended.
        let ended = |n: u64| match segments - n {
            _ if n == 0 => (start, start),
            0 => (end, end),
            rest => (
                end.saturating_sub(most(rest)).max(start + n),
                start.saturating_add(most(n)).min(end - rest),
            ),
        };
        for n in 0..segments {
            let is_outer = n == 0 || n + 1 == segments;
            let ((_, from), (to, latest)) = (ended(n), ended(n + 1));
            if !(exact || is_outer) {
                continue;
            }
            if from < to && (to - from > 1 || segments == bytes) {
                self.whole.push((from, to));
            }
            if exact && to == latest && to < end {
                self.ends.push(to);
            }
        }
    }

    /// What had left and not arrived, and came as it left, though so many segments with so many bytes
    /// were sent again.
    ///
    /// A segment that had room for more is the last of what the kernel keeps as one piece, and so it
    /// is a piece by itself where another ends before it. What is sent again begins where a piece
    /// begins (or, in one that holds several segments, anywhere), and goes on into the next only
    /// if it takes in all of it.
    fn as_left(&self, acked: u64, segments: u64, resent: u64, mss: Mss) -> Proven {
        let (mut ends, mut ranges) = Proven::default();
        // Whether a piece begins there.
        let mut begins = true;
        let starts = std::iter::once(&0).chain(&self.ends);
        for (&start, &end) in starts.zip(&self.ends) {
            begins |= start == acked;
            let is_small = self.is_segment(start, end) && mss.is_more_than(end - start);
            if begins && is_small && end > self.arrived {
                let behind = self.whole.partition_point(|(start, _)| *start < end);
                let next = self.whole.get(behind).filter(|(start, _)| *start == end);
                let next = next.map_or(1, |(start, end)| end - start);
                if end - start + next > resent {
                    ends.push(end);
                }
                // Part of it would be less.
                if segments == 1 && end - start <= resent && start >= self.arrived {
                    ranges.push((start, end));
                }
            }
            begins = is_small;
        }
        (ends, ranges)
    }

    /// Whether one segment carried just these bytes.
    fn is_segment(&self, start: u64, end: u64) -> bool {
        self.whole.binary_search(&(start, end)).is_ok()
    }

    /// Lets go what left and had not arrived before something was sent again.
    fn keep_what_arrived(&mut self) {
        let arrived = self.arrived;
        let ends = self.ends.partition_point(|end| *end <= arrived);
        self.ends.truncate(ends);
        while self.whole.pop_if(|(start, _)| *start >= arrived).is_some() {}
        if let Some((_, end)) = self.whole.last_mut() {
            *end = arrived.min(*end);
        }
    }

    /// All that is known from either, of the same bytes.
    pub(super) fn with(&self, other: &Self) -> Self {
        let arrived = self.arrived.max(other.arrived);
        let [mut own, mut others] = [self.proven(other.arrived), other.proven(self.arrived)];
        own.0.append(&mut others.0);
        own.1.append(&mut others.1);
        let (mut ends, mut ranges) = own;
        ends.sort_unstable();
        ends.dedup();
        ranges.sort_unstable();
        let mut whole: Vec<(u64, u64)> = Vec::with_capacity(ranges.len());
        for (start, end) in ranges {
            match whole.last_mut() {
                // A byte that is in both is in one segment.
                Some((_, last)) if start < *last => *last = end.max(*last),
                _ => whole.push((start, end)),
            }
        }
        Self {
            count: self.count.or(other.count),
            ends,
            whole,
            arrived,
            witness: self.witness,
        }
    }

    /// Its ends and ranges, without those of which only another knows whether they arrived so.
    fn proven(&self, other: u64) -> Proven {
        let is_open = |offset: u64| self.arrived < offset && offset <= other;
        let ends = self.ends.iter().copied().filter(|end| !is_open(*end));
        let whole = self.whole.iter().filter_map(|&(start, end)| {
            let end = if is_open(end) { self.arrived } else { end };
            (start < end).then_some((start, end))
        });
        (ends.collect(), whole.collect())
    }

    /// Whether anything is known of them.
    pub fn are_known(&self) -> bool {
        self.count.is_some() || !self.ends.is_empty()
    }

    /// What is known of this offset.
    pub fn at(&self, offset: u64) -> At {
        match self.left_at(offset) {
            At::Boundary if offset <= self.arrived => At::Boundary,
            At::Inside if offset < self.arrived => At::Inside,
            _ => At::Unknown,
        }
    }

    /// The same of what left, however it arrived.
    fn left_at(&self, offset: u64) -> At {
        let is_end = self.ends.binary_search(&offset).is_ok();
        let behind = self.whole.partition_point(|(start, _)| *start < offset);
        match self.whole[..behind].last() {
            Some(&(start, end)) if offset < end => {
                let inside = self.ends.partition_point(|it| *it <= start);
                // An end inside of what is said to be one segment: somebody is wrong.
                match self.ends.get(inside) {
                    Some(first) if *first < end => At::Unknown,
                    _ => At::Inside,
                }
            }
            _ if is_end => At::Boundary,
            _ => At::Unknown,
        }
    }

    /// Why nothing is known of this offset, where that is so.
    pub fn why_unknown(&self, offset: u64) -> Unproven {
        // A capture has all bytes up to where it ends: two segments that lay over one another
        // are all that leaves a doubt there.
        let is_captured = self.ends.last().is_some_and(|end| offset < *end);
        match self.witness {
            Witness::Capture if is_captured => Unproven::CutAnew,
            Witness::Capture => Unproven::NotCaptured,
            _ if self.left_at(offset) != At::Unknown => Unproven::NotAcked,
            _ => Unproven::Counters,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::At::{Boundary, Inside, Unknown};
    use super::*;
    use crate::event::SenderState;
    use crate::report::moments::Look;

    /// What looks prove that are given in order.
    fn of_looks(looks: impl IntoIterator<Item = Look>, written: u64) -> Segments {
        let moments: Option<Vec<_>> = looks.into_iter().map(|look| look.moment()).collect();
        Segments::infer(&moments.unwrap_or_default(), written, None)
    }

    /// All that has left is acknowledged.
    fn state(segments_out: u64, unsent: u64) -> SenderState {
        SenderState {
            unacked: unsent,
            unsent,
            segments_out,
            ..SenderState::default()
        }
    }

    fn look(written: u64, state: SenderState) -> Look {
        Look {
            state,
            written,
            read: 0,
            shut: false,
        }
    }

    /// Of writes that end there, after which the kernel said so many segments out and bytes unsent.
    fn infer<const N: usize>(said: [(u64, u64, u64); N], written: u64) -> Segments {
        let looks = said.map(|(end, out, unsent)| look(end, state(out, unsent)));
        of_looks(looks, written)
    }

    #[test]
    fn two_writes_that_left_at_once_are_two_segments() {
        let known = infer([(5, 1, 0), (10, 2, 0)], 10);
        assert_eq!(known.count, Some(2));
        assert_eq!([5, 3, 7].map(|n| known.at(n)), [Boundary, Inside, Inside]);
    }

    #[test]
    fn what_waited_unsent_left_in_one_segment() {
        let known = infer([(1, 1, 0), (2, 1, 1), (3, 1, 2), (5, 1, 4), (5, 2, 0)], 5);
        assert_eq!(known.count, Some(2));
        assert_eq!(known.whole, [(0, 1), (1, 5)]);
        assert_eq!([1, 2, 4].map(|n| known.at(n)), [Boundary, Inside, Inside]);
    }

    #[test]
    fn an_early_look_proves_less_but_nothing_false() {
        // The second segment left a moment after the look that followed its write.
        let known = infer([(5, 1, 0), (10, 1, 5)], 10);
        assert_eq!(known.count, None, "not all bytes were seen out");
        assert_eq!([5, 7].map(|n| known.at(n)), [Boundary, Unknown]);
        // The first look was early: that two segments left does not say where the first ended.
        let known = infer([(5, 0, 5), (10, 2, 0)], 10);
        assert_eq!(known.count, Some(2));
        assert_eq!(known.at(5), Unknown);
    }

    #[test]
    fn as_many_segments_as_bytes_are_segments_of_one_byte() {
        let known = infer([(3, 3, 0)], 3);
        assert_eq!([1, 2, 3].map(|n| known.at(n)), [Boundary; 3]);
    }

    #[test]
    fn a_capture_says_why_it_does_not_know() {
        let known = Segments {
            count: None,
            ends: vec![8, 10],
            whole: vec![(0, 5), (5, 8), (8, 10)],
            arrived: 10,
            witness: Witness::Capture,
        };
        let why = |offset| (known.at(offset), known.why_unknown(offset));
        assert_eq!(why(5), (Unknown, Unproven::CutAnew));
        assert_eq!(why(12), (Unknown, Unproven::NotCaptured));
        let counted = Segments::default();
        assert_eq!(counted.why_unknown(5), Unproven::Counters);
    }

    #[test]
    fn what_left_in_segments_of_its_own_need_not_have_arrived_so() {
        let unacked = |written, segments, unacked| {
            let state = state(segments, 0);
            look(written, SenderState { unacked, ..state })
        };
        let known = |last: Look| {
            let looks = [unacked(5, 1, 5), unacked(10, 2, 10), last];
            of_looks(looks, 10)
        };
        let at = |known: &Segments| [3, 5, 7].map(|offset| known.at(offset));
        // Both may have been lost, and come again as one.
        let left = known(unacked(10, 2, 10));
        assert_eq!((left.count, &left.ends[..]), (Some(2), &[5, 10][..]));
        assert_eq!(at(&left), [Unknown; 3]);
        assert_eq!(left.why_unknown(5), Unproven::NotAcked);
        // The first came; so the second came by itself, whenever.
        let first = known(unacked(10, 2, 5));
        assert_eq!(at(&first), [Inside, Boundary, Unknown]);
        let all = [Inside, Boundary, Inside];
        assert_eq!(at(&known(unacked(10, 2, 0))), all);
        // What the reader had by then had come, whether its ACK had or not.
        let read = Look {
            read: 10,
            ..unacked(10, 2, 10)
        };
        assert_eq!(at(&known(read)), all);
    }

    fn again(written: u64, [segments, retransmitted, resent]: [u64; 3], unacked: u64) -> Look {
        let state = SenderState {
            unacked,
            retransmitted,
            resent: (resent > 0).then_some(resent),
            ..state(segments, 0)
        };
        look(written, state)
    }

    #[test]
    fn what_arrived_before_or_left_after_something_was_sent_again_stays_proven() {
        // As seen on a busy machine: two segments left, one of them twice.
        let looks = [again(5, [1, 0, 0], 0), again(10, [3, 1, 5], 0)];
        let known = of_looks(looks, 10);
        assert_eq!((known.count, &known.ends[..]), (Some(2), &[5, 10][..]));
        assert_eq!(
            [3, 5, 7].map(|n| known.at(n)),
            [Inside, Boundary, Unknown],
            "it may have been cut anew"
        );
        // The first had not arrived when something was sent again: perhaps all of it, as one.
        let late = [again(5, [1, 0, 0], 5), again(10, [3, 1, 5], 0)];
        let known = of_looks(late, 10);
        assert_eq!((known.count, known.at(5)), (Some(2), Unknown));
        assert_eq!(known.why_unknown(5), Unproven::Counters);
        // What left after that was sent once.
        let more = [again(13, [4, 1, 5], 3), again(15, [5, 1, 5], 0)];
        let known = of_looks(late.into_iter().chain(more), 15);
        let at = [5, 10, 12, 13, 14].map(|n| known.at(n));
        assert_eq!(at, [Unknown, Boundary, Inside, Boundary, Inside]);
        assert_eq!(known.count, Some(4));
    }

    #[test]
    fn a_syn_or_a_fin_that_is_sent_again_is_no_segment_with_data() {
        let all = |looks: &[Look]| {
            let known = of_looks(looks.iter().copied(), 2);
            (known.count, known.at(1))
        };
        let zero = |look: Look| {
            let resent = Some(0);
            let state = SenderState {
                resent,
                ..look.state
            };
            Look { state, ..look }
        };
        let syn = [again(1, [1, 2, 0], 0), again(2, [2, 2, 0], 0)];
        assert_eq!(all(&syn.map(zero)), (Some(2), Boundary));
        let old = "without a count of bytes it may have been the first byte";
        assert_eq!(all(&syn), (None, Boundary), "{old}");
        let fin = |last: Look| {
            let last = Look { shut: true, ..last };
            all(&[again(1, [1, 0, 0], 0), again(2, [2, 0, 0], 0), last])
        };
        assert_eq!(fin(zero(again(2, [2, 1, 0], 0))), (Some(2), Boundary));
        let with_data = again(2, [3, 2, 1], 0);
        assert_eq!(fin(with_data), (None, Boundary), "one of them was a FIN");
        assert_eq!(fin(again(2, [2, 1, 0], 0)), (None, Boundary), "{old}");
    }

    #[test]
    fn a_record_that_says_what_cannot_be_says_nothing() {
        assert_eq!(infer([(5, 1, 9)], 5), Segments::default());
    }

    /// What is known of three segments, the first of them acknowledged, after which so many were
    /// sent again, with so many bytes; then all of it was acknowledged.
    fn of_three_and_again(again: u64, resent: u64) -> [At; 5] {
        let look = |out, segments_out, acked, (retransmitted, resent)| {
            let state = SenderState {
                unacked: out - acked,
                segments_out,
                retransmitted,
                resent: Some(resent),
                mss: Some(1000),
                ..SenderState::default()
            };
            look(out, state)
        };
        let once = (0, 0);
        let more = (again, resent);
        let looks = [
            look(10, 1, 10, once),
            look(30, 2, 10, once),
            look(60, 3, 10, once),
            look(60, 3 + again, 60, more),
        ];
        let moments: Vec<Moment> = looks.iter().filter_map(Look::moment).collect();
        let known = Segments::infer(&moments, 60, Mss::of(&moments));
        [10, 20, 30, 45, 60].map(|offset| known.at(offset))
    }

    #[test]
    fn what_was_sent_again_as_one_whole_segment_came_as_it_left() {
        // A tail loss probe: the last one, whole. Two together would be 50 bytes.
        let last = [Boundary, Inside, Boundary, Inside, Boundary];
        assert_eq!(of_three_and_again(1, 30), last);
        // The middle one, or some of the last one.
        let middle = [Boundary, Inside, Boundary, Unknown, Boundary];
        assert_eq!(of_three_and_again(1, 20), middle);
        let some = [Boundary, Unknown, Boundary, Unknown, Boundary];
        assert_eq!(of_three_and_again(1, 10), some);
        assert_eq!(of_three_and_again(2, 30), some, "each of two may be a part");
        let both = [Boundary, Inside, Unknown, Inside, Boundary];
        assert_eq!(of_three_and_again(1, 50), both, "the two as one");
        let twice = [Boundary, Unknown, Unknown, Unknown, Boundary];
        assert_eq!(of_three_and_again(2, 50), twice);
    }

    #[test]
    fn a_segment_as_large_as_they_can_be_may_be_cut_anew_wherever() {
        let look = |out, segments_out, (retransmitted, resent)| Look {
            state: SenderState {
                unacked: out,
                segments_out,
                retransmitted,
                resent: Some(resent),
                mss: Some(1000),
                ..SenderState::default()
            },
            ..look(out, SenderState::default())
        };
        let known = |first: u64| {
            let again = look(first + 500, 3, (1, 500));
            let looks = [look(first, 1, (0, 0)), look(first + 500, 2, (0, 0)), again];
            let read = Look {
                read: first + 500,
                ..again
            };
            let looks = looks.into_iter().chain([read]);
            let moments: Vec<Moment> = looks.filter_map(|look| look.moment()).collect();
            let known = Segments::infer(&moments, first + 500, Mss::of(&moments));
            [first, first + 1].map(|offset| known.at(offset))
        };
        assert_eq!(known(959), [Boundary, Inside]);
        assert_eq!(known(960), [Unknown, Unknown]);
    }
}
