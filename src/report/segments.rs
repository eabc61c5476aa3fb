//! Which bytes travelled in which segment, as far as the kernel's counters prove it.
//!
//! One `TCP_INFO` says how many data segments had left and how many bytes were still unsent, so it
//! says how many bytes were out. Two facts follow, and nothing else is taken for one:
//!
//! * Where the bytes out ended at some moment, a segment ended: no segment holds bytes from both
//!   sides of that offset.
//! * Where one more segment had left since the moment before, all that went out in between is in it.
//!
//! A retransmission may cut the bytes anew, so after one nothing is known of where segments ended.
//! How many there were before it is still known: the kernel counts what it sent again by itself.
//! (It does send again on loopback, though nothing is lost there: where ACKs are delayed and the
//! reader is slow to run, the tail loss probe of RFC 8985 does not wait for them.)

use crate::event::SenderState;

/// The most segments of one byte that are listed; a trace from a file may speak of any number.
const BYTE_BY_BYTE: u64 = 1 << 20;

/// Who says where segments ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Witness {
    /// The sender's kernel, by its counters.
    #[default]
    Counters,
    /// A capture of every packet.
    Capture,
}

/// What is known of the segments of one direction.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Segments {
    /// How many left, each counted once, however often it was sent; `None` where the kernel did
    /// not say, or not of all bytes.
    pub count: Option<u64>,
    /// Offsets at which a segment is proven to end, in order.
    pub ends: Vec<u64>,
    /// Ranges that are proven to have travelled in one segment, in order, as (start, end).
    pub whole: Vec<(u64, u64)>,
    /// Who says so.
    pub witness: Witness,
}

/// What is known of one offset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum At {
    /// A segment ends here.
    Boundary,
    /// One segment carried the bytes on both sides.
    Inside,
    /// Neither is proven.
    Unknown,
}

/// Why nothing is known of an offset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unproven {
    /// The counters do not prove it.
    Counters,
    /// It was sent twice, and the segments were not the same.
    CutAnew,
    /// The capture has no packet that brought what is behind it.
    NotCaptured,
}

impl Segments {
    /// Works it out from what the kernel said, in order: each time, how many bytes had been
    /// written until then, and the counters. `written` is the number of bytes in the end.
    #[must_use]
    pub fn infer(said: impl IntoIterator<Item = (u64, SenderState)>, written: u64) -> Self {
        let mut known = Self::default();
        let (mut segments, mut out) = (0, 0);
        let mut again = false;
        for (written_then, state) in said {
            again |= state.retransmitted > 0;
            let segments_out = state.segments_out.saturating_sub(state.retransmitted);
            let Some(out_now) = written_then.checked_sub(state.unsent) else {
                return Self::default();
            };
            let more_segments = segments_out.saturating_sub(segments);
            let more_bytes = out_now.saturating_sub(out);
            if more_bytes > 0 {
                if more_segments == 1 {
                    known.whole.push((out, out_now));
                } else if more_segments == more_bytes && more_bytes <= BYTE_BY_BYTE {
                    known.whole.extend((out..out_now).map(|at| (at, at + 1)));
                    known.ends.extend(out + 1..out_now);
                }
                known.ends.push(out_now);
            }
            (segments, out) = (segments_out, out_now);
        }
        if again {
            (known.ends, known.whole) = (Vec::new(), Vec::new());
        }
        known.count = (out == written && written > 0).then_some(segments);
        known
    }

    /// Whether anything is known of them.
    #[must_use]
    pub fn are_known(&self) -> bool {
        self.count.is_some() || !self.ends.is_empty()
    }

    /// What is known of this offset.
    #[must_use]
    pub fn at(&self, offset: u64) -> At {
        if self.ends.binary_search(&offset).is_ok() {
            return At::Boundary;
        }
        let behind = self.whole.partition_point(|(start, _)| *start < offset);
        match self.whole[..behind].last() {
            Some((_, end)) if offset < *end => At::Inside,
            _ => At::Unknown,
        }
    }

    /// Why nothing is known of this offset, where that is so.
    #[must_use]
    pub fn why_unknown(&self, offset: u64) -> Unproven {
        match self.witness {
            Witness::Counters => Unproven::Counters,
            // A capture has all bytes up to where it ends: two segments that lay over one another
            // are all that leaves a doubt there.
            Witness::Capture if self.ends.last().is_some_and(|end| offset < *end) => {
                Unproven::CutAnew
            }
            Witness::Capture => Unproven::NotCaptured,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::At::{Boundary, Inside, Unknown};
    use super::*;

    fn state(segments_out: u64, unsent: u64) -> SenderState {
        SenderState {
            unsent,
            segments_out,
            ..SenderState::default()
        }
    }

    /// Of writes that end there, after which the kernel said so many segments out and bytes unsent.
    fn infer<const N: usize>(said: [(u64, u64, u64); N], written: u64) -> Segments {
        Segments::infer(
            said.map(|(end, out, unsent)| (end, state(out, unsent))),
            written,
        )
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
            witness: Witness::Capture,
        };
        let why = |offset| (known.at(offset), known.why_unknown(offset));
        assert_eq!(why(5), (Unknown, Unproven::CutAnew));
        assert_eq!(why(12), (Unknown, Unproven::NotCaptured));
        let counted = Segments::default();
        assert_eq!(counted.why_unknown(5), Unproven::Counters);
    }

    #[test]
    fn after_a_retransmission_only_the_count_is_known() {
        // As seen on a busy machine: two segments left, one of them twice.
        let again = SenderState {
            retransmitted: 1,
            ..state(3, 0)
        };
        let known = Segments::infer([(5, state(1, 0)), (10, again)], 10);
        assert_eq!(known.count, Some(2));
        assert_eq!([5, 7].map(|n| known.at(n)), [Unknown; 2]);
        let more = "more unsent than written";
        assert_eq!(infer([(5, 1, 9)], 5), Segments::default(), "{more}");
    }
}
