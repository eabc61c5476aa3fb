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
