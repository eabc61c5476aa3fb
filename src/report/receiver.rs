//! What the reader's kernel proves, by its own counters, of the segments that came.

use super::moments::{Counts, Moment, Mss, in_order};
use super::segments::Segments;
use crate::event::ReceiverState;

/// What the reader's counters prove, with those moments of the sender's, in order, that are true of
/// what arrived. `tells_all` says that nothing was sent again after the last of the sender's.
pub(super) fn received(
    sender: &[Moment],
    reader: &[ReceiverState],
    written: u64,
    tells_all: bool,
) -> Segments {
    let once = |it: &&Moment| it.resent_since(Moment::default()) == Some(0);
    let first: Vec<&Moment> = sender.iter().take_while(once).collect();
    // What was acknowledged before anything was sent again came in the segments in which it left.
    let acked = first.iter().map(|it| it.arrived).max().unwrap_or(0);
    // If nothing ever was, that goes for all of them, and none came twice.
    let is_once = tells_all && first.len() == sender.len();
    let acked = if is_once { u64::MAX } else { acked };
    let as_left = first.iter().filter(|it| it.out <= acked);
    let arrived = reader.iter().filter(|it| it.bytes <= written);
    let most = arrived.clone().map(|it| it.bytes).max().unwrap_or(0);
    // The reader's kernel counts one that it has no room for, too, and behind that nothing comes.
    let is_exact = |bytes| is_once && (bytes < most || bytes == written);
    let mut moments: Vec<Moment> = as_left
        .map(|it| Moment {
            arrived: it.out,
            ..**it
        })
        .chain(arrived.map(|it| Moment {
            out: it.bytes,
            segments: it.segments,
            arrived: it.bytes,
            counts: match it.early {
                Some(0) if is_exact(it.bytes) => Counts::Exactly,
                Some(0) => Counts::AtMost,
                _ => Counts::Others,
            },
            ..Moment::default()
        }))
        .collect();
    in_order(&mut moments);
    // A SYN that was sent again is no segment of these.
    for moment in &mut moments {
        moment.retransmitted = 0;
    }
    let all = moments.last().map(|last| last.counts);
    let mut known = Segments::infer(&moments, written, Mss::of(sender));
    known.count = known.count.filter(|_| all == Some(Counts::Exactly));
    known
}

#[cfg(test)]
mod tests {
    use super::super::segments::At::{self, Boundary, Inside, Unknown};
    use super::*;
    use crate::event::Stamp;

    fn moment(out: u64, segments: u64, arrived: u64) -> Moment {
        Moment {
            out,
            segments,
            arrived,
            resent: Some(0),
            ..Moment::default()
        }
    }

    fn at<const N: usize>(known: &Segments, offsets: [u64; N]) -> [At; N] {
        offsets.map(|offset| known.at(offset))
    }

    #[test]
    fn a_segment_holds_no_more_than_the_mss_so_the_middle_of_two_is_all_that_is_open() {
        let mss = |most| {
            Some(Mss {
                most,
                least: most,
                until: 1000,
            })
        };
        let known = |mss| Segments::infer(&[moment(1000, 2, 1000)], 1000, mss);
        // The first holds 300 bytes at least, the second does.
        let two = known(mss(700));
        assert_eq!(two.whole, [(0, 300), (700, 1000)]);
        assert_eq!(
            at(&two, [299, 300, 700, 701]),
            [Inside, Unknown, Unknown, Inside]
        );
        let full = known(mss(500));
        assert_eq!(at(&full, [499, 500, 501]), [Inside, Boundary, Inside]);
        assert_eq!(at(&known(None), [1, 500, 999]), [Unknown; 3]);
        let cannot = "two segments of 400 bytes do not hold them";
        assert_eq!(
            at(&known(mss(400)), [1, 500, 999]),
            [Unknown; 3],
            "{cannot}"
        );
        let three = Segments::infer(&[moment(1000, 3, 1000)], 1000, mss(400));
        assert_eq!(three.whole, [(0, 200), (400, 600), (800, 1000)]);
    }

    #[test]
    fn a_stamp_between_two_looks_is_one_more_moment() {
        let stamp = Stamp {
            sent: 5,
            segments_out: 1,
            ..Stamp::default()
        };
        let mut moments = [moment(10, 2, 10), Moment::of(stamp, false)];
        in_order(&mut moments);
        let known = Segments::infer(&moments, 10, None);
        assert_eq!(at(&known, [3, 5, 7]), [Inside, Boundary, Inside]);
    }

    /// Of a network that does not tell what was sent again.
    fn received(sender: &[Moment], reader: &[ReceiverState], written: u64) -> Segments {
        super::received(sender, reader, written, false)
    }

    fn arrived(bytes: u64, segments: u64) -> ReceiverState {
        ReceiverState {
            bytes,
            segments,
            early: Some(0),
        }
    }

    #[test]
    fn what_came_in_one_more_segment_came_in_one() {
        // `h` was acknowledged; the close let `ello` go, and nobody could look any more.
        let sender = [moment(1, 1, 1)];
        let known = received(&sender, &[arrived(5, 2)], 5);
        assert_eq!(at(&known, [1, 2, 4]), [Boundary, Inside, Inside]);
        let one_by_one = [arrived(1, 1), arrived(3, 2), arrived(5, 3)];
        let known = received(&[], &one_by_one, 5);
        assert_eq!(
            at(&known, [1, 2, 3, 4]),
            [Boundary, Inside, Boundary, Inside]
        );
    }

    #[test]
    fn what_arrived_is_not_counted_on_from_what_may_have_been_lost() {
        // Two left; that one of them came is all that one segment says.
        let sender = [moment(5, 1, 0), moment(10, 2, 0)];
        let known = received(&sender, &[arrived(15, 2)], 15);
        assert_eq!(at(&known, [5, 10, 12]), [Unknown; 3]);
        let known = received(&sender, &[arrived(10, 1)], 15);
        assert_eq!(at(&known, [5, 10]), [Inside, Boundary], "both as one");
        // What was sent again is what the reader counts, too: one segment more brought the rest.
        let again = Moment {
            retransmitted: 1,
            resent: Some(5),
            ..moment(10, 3, 5)
        };
        let sender = [moment(5, 1, 5), again];
        let known = received(&sender, &[arrived(5, 1), arrived(10, 2)], 10);
        assert_eq!(at(&known, [3, 5, 7]), [Inside, Boundary, Inside]);
    }

    #[test]
    fn a_segment_before_its_turn_or_twice_is_no_proof() {
        let early = ReceiverState {
            early: Some(1),
            ..arrived(10, 2)
        };
        let old = ReceiverState {
            early: None,
            ..arrived(10, 1)
        };
        for reader in [early, old] {
            let known = received(&[], &[reader], 10);
            assert_eq!(
                at(&known, [3, 10]),
                [Unknown, Boundary],
                "but so far it came"
            );
        }
        // Of three that came one may have come twice: how many bytes are in the middle one is open.
        let looked_at = |out| {
            let mss = Some(400);
            let sender = Moment {
                mss,
                ..moment(out, 3, 0)
            };
            received(&[sender], &[arrived(1000, 3)], 1000).whole
        };
        assert_eq!(looked_at(1000), [(0, 200), (800, 1000)]);
        let grown = "the window may have grown since, and with it the segments";
        assert_eq!(looked_at(999), [], "{grown}");
        let bytes = received(&[], &[arrived(3, 3)], 3);
        assert_eq!(
            at(&bytes, [1, 2]),
            [Unknown; 2],
            "or two of two bytes, one twice"
        );
    }

    #[test]
    fn what_two_witnesses_know_is_known_and_an_end_inside_a_segment_is_not() {
        let sender = Segments::infer(&[moment(5, 1, 5), moment(20, 3, 5)], 20, None);
        let reader = received(&[moment(5, 1, 5)], &[arrived(12, 2), arrived(20, 3)], 20);
        let both = sender.with(&reader);
        assert_eq!(both.ends, [5, 12, 20]);
        assert_eq!(at(&both, [7, 12, 15]), [Inside, Boundary, Inside]);
        let other = Segments::infer(&[moment(8, 1, 8), moment(20, 2, 20)], 20, None);
        let contradiction = other.with(&reader);
        assert_eq!(at(&contradiction, [7, 8, 12, 15]), [Unknown; 4]);
    }

    #[test]
    fn where_nothing_was_sent_again_the_reader_counts_on_from_all_that_left() {
        // 14 small sends waited for an ACK; the close let the last of them go, and then nobody looked.
        let sender = [moment(14, 14, 14), moment(15, 15, 14)];
        let ends = |tells_all| super::received(&sender, &[arrived(111, 16)], 111, tells_all);
        assert_eq!(at(&ends(false), [15, 16]), [Unknown; 2]);
        let known = ends(true);
        assert_eq!(at(&known, [14, 15, 16]), [Boundary, Boundary, Inside]);
        assert_eq!((ends(false).count, known.count), (None, Some(16)));
        // Three of three bytes: none came twice.
        let bytes = super::received(&[], &[arrived(3, 3)], 3, true);
        assert_eq!(at(&bytes, [1, 2]), [Boundary; 2]);
        // One of the three may have found no room; then more has not come.
        let open = super::received(&[], &[arrived(3, 3)], 5, true);
        assert_eq!((at(&open, [1, 2]), open.count), ([Unknown; 2], None));
        let more = [arrived(3, 3), arrived(5, 4)];
        let closed = super::received(&[], &more, 6, true);
        assert_eq!(at(&closed, [1, 2, 3]), [Boundary; 3]);
        // What the last look shows to have been sent again may have come twice.
        let again = Moment {
            retransmitted: 1,
            resent: Some(1),
            ..moment(15, 16, 14)
        };
        let sender = [sender[0], again];
        let known = super::received(&sender, &[arrived(111, 17)], 111, true);
        assert_eq!((at(&known, [15]), known.count), ([Unknown], None));
    }
}
