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
mod tests;
