//! What a capture proves: which bytes travelled in which segment, what had arrived by when, and
//! what each packet was for.

mod covered;
mod packet_note;
mod seen;

pub(super) use packet_note::sights;
pub use packet_note::{Kind, PacketNote};
pub(super) use seen::Seen;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::fixture::{packet, recv, segment, sendto};
    use crate::event::{Capture, Flag, Packet, RunTrace, Side, Transport};
    use crate::report::edges::CutBy;
    use crate::report::ranges::Direction;
    use crate::report::{At, Witness};

    fn ack(at_us: u64, ack: u64) -> Packet {
        packet(Side::Server, at_us, &[Flag::Ack], [0, ack, 0])
    }

    fn captured(packets: &[Packet], private: bool, dropped: u64) -> RunTrace {
        RunTrace {
            capture: Some(Capture {
                mtu: 1500,
                tells_segments: false,
                private,
                dropped,
            }),
            packets: packets.into(),
            ..RunTrace::new("one", Transport::Tcp)
        }
    }

    fn seen(packets: &[Packet], private: bool, dropped: u64) -> Seen {
        let run = captured(packets, private, dropped);
        let packets: Vec<_> = packets.iter().collect();
        Seen::of(run.capture, &packets, Direction::FIRST)
    }

    fn told(packets: &[Packet], dropped: u64) -> Vec<PacketNote> {
        sights(&captured(packets, true, dropped), &[])
    }

    #[test]
    fn every_segment_is_known_and_one_sent_again_counts_once() {
        let again = [(1, 0, 5), (2, 5, 5), (3, 0, 5), (4, 10, 2)];
        let again = again.map(|(at, seq, len)| segment(at, seq, len));
        let known = seen(&again, true, 0).segments(12).expect("all of it");
        assert_eq!((known.count, known.witness), (Some(3), Witness::Capture));
        assert_eq!(known.ends, [5, 10, 12]);
        assert_eq!((known.at(5), known.at(7)), (At::Boundary, At::Inside));
    }

    #[test]
    fn a_packet_that_was_overtaken_is_not_one_sent_again() {
        let overtaken = [segment(1, 0, 5), segment(2, 10, 5), segment(3, 5, 5)];
        let again: Vec<bool> = told(&overtaken, 0).iter().map(|s| s.again).collect();
        assert_eq!(again, [false, false, false]);
        let known = seen(&overtaken, true, 0).segments(15).expect("all of it");
        assert_eq!(known.count, Some(3));
        assert_eq!(known.ends, [5, 10, 15]);
    }

    #[test]
    fn what_was_cut_anew_when_sent_again_is_known_only_where_both_agree() {
        use At::{Boundary, Inside, Unknown};
        let anew = [segment(1, 0, 5), segment(2, 5, 5), segment(3, 0, 8)];
        let known = seen(&anew, true, 0).segments(10).expect("all of it");
        assert_eq!(known.count, Some(2));
        let at = [3, 5, 6, 8, 10].map(|offset| known.at(offset));
        assert_eq!(at, [Inside, Unknown, Inside, Unknown, Boundary]);
    }

    #[test]
    fn a_packet_of_several_segments_is_cut_where_the_kernel_says() {
        // As on a host's loopback behind a small receive buffer: below the MSS, and yet two.
        let several = [
            segment(1, 0, 1176),
            Packet {
                segment: Some(1152),
                ..segment(2, 1176, 2152)
            },
        ];
        let mut run = captured(&several, false, 0);
        let segments = |run: &RunTrace| {
            let packets: Vec<_> = run.packets.iter().collect();
            Seen::of(run.capture, &packets, Direction::FIRST).segments(3328)
        };
        assert_eq!(segments(&run), None, "nobody said of the first what it is");
        if let Some(capture) = &mut run.capture {
            capture.tells_segments = true;
        }
        let known = segments(&run).expect("all of it");
        assert_eq!(
            (known.count, &known.ends[..]),
            (Some(3), &[1176, 2328, 3328][..])
        );
        assert_eq!(
            [2328, 2329].map(|at| known.at(at)),
            [At::Boundary, At::Inside]
        );
    }

    #[test]
    fn a_capture_with_a_hole_proves_nothing() {
        let hole = [segment(1, 0, 5), segment(2, 7, 3)];
        assert_eq!(seen(&hole, true, 0).segments(10), None);
        let whole = [segment(1, 0, 10)];
        assert!(seen(&whole, true, 0).segments(10).is_some());
        assert_eq!(seen(&whole, true, 1).segments(10), None, "packets missed");
        // Nobody knows how many segments a packet on the host's loopback is.
        assert_eq!(seen(&whole, false, 0).segments(10), None);
        let left = seen(&whole, true, 0).segments(12).expect("what left");
        assert_eq!(left.count, None, "two bytes never left");
    }

    #[test]
    fn a_cut_is_proven_by_what_came_later_or_was_acknowledged_before() {
        let seen = seen(&[segment(10, 0, 2), segment(50, 2, 2), ack(60, 4)], true, 0);
        let by = |at: [u64; 2], returned, edge| {
            let read = recv(2, "ab").at(at[0], at[1]);
            seen.cut_by(&read.read(|read| read.returned = Some(returned)), edge)
        };
        assert_eq!(by([20, 30], 2, 2), Some(CutBy::Arrival));
        assert_eq!(by([70, 80], 2, 2), Some(CutBy::Buffer));
        assert_eq!(by([40, 55], 2, 2), None, "at the same time");
        assert_eq!(by([70, 80], 1, 2), None, "it asked for more");
        assert_eq!(by([70, 80], 2, 4), None, "nothing behind it");
    }

    fn syn(side: Side, at_us: u64, flags: &[Flag]) -> Packet {
        Packet {
            seq: None,
            ack: flags.contains(&Flag::Ack).then_some(0),
            ..packet(side, at_us, flags, [0; 3])
        }
    }

    #[test]
    fn each_packet_is_told_what_it_was_for() {
        use Flag::{Ack, Fin, Rst, Syn};
        use Side::{Client, Server};
        let (packets, expected): (Vec<Packet>, Vec<(Kind, bool)>) = [
            (syn(Client, 1, &[Syn]), (Kind::Handshake, true)),
            (syn(Server, 2, &[Syn, Ack]), (Kind::Handshake, true)),
            (packet(Client, 3, &[Ack], [0; 3]), (Kind::Handshake, true)),
            (segment(4, 0, 5), (Kind::Data, false)),
            (ack(40_004, 5), (Kind::Ack, false)),
            (
                packet(Client, 40_010, &[Fin, Ack], [5, 0, 0]),
                (Kind::Close, true),
            ),
            (
                packet(Server, 40_011, &[Fin, Ack], [0, 6, 0]),
                (Kind::Close, true),
            ),
            (
                packet(Client, 40_012, &[Ack], [6, 1, 0]),
                (Kind::Close, true),
            ),
            (
                packet(Client, 40_013, &[Rst], [6, 0, 0]),
                (Kind::Reset, false),
            ),
        ]
        .into_iter()
        .unzip();
        let notes = told(&packets, 0);
        let got: Vec<_> = notes.iter().map(|it| (it.kind, it.ordinary)).collect();
        assert_eq!(got, expected);
        assert_eq!(notes[4].delayed_us, Some(40_000));
        let ack = &told(&packets, 1)[4];
        let missed = "an ACK before it may be what was missed";
        assert_eq!((ack.delayed_us, ack.ordinary), (None, true), "{missed}");
    }

    #[test]
    fn only_what_got_no_answer_at_all_is_said_to_have_got_none() {
        let syn = syn(Side::Client, 1, &[Flag::Syn]);
        let reset = packet(Side::Server, 2, &[Flag::Rst, Flag::Ack], [0; 3]);
        let first = |packets: &[Packet], dropped| {
            let note = &told(packets, dropped)[0];
            (note.unanswered, note.ordinary)
        };
        let alone = std::slice::from_ref(&syn);
        assert_eq!(first(alone, 0), (true, false));
        let refused = [syn.clone(), reset];
        assert_eq!(first(&refused, 0), (false, false), "a reset is an answer");
        let missed = "the answer may be what was missed";
        assert_eq!(first(alone, 1), (false, false), "{missed}");
    }

    #[test]
    fn a_datagram_is_told_by_its_number_only_where_all_were_captured() {
        let datagram = |at_us| Packet {
            seq: None,
            ack: None,
            window: None,
            ..packet(Side::Client, at_us, &[], [0, 0, 1])
        };
        let owners = |dropped| -> Vec<usize> {
            let run = RunTrace {
                events: vec![sendto("A", "a"), sendto("B", "b").at(1, 1)],
                transport: Transport::Udp,
                ..captured(&[datagram(1), datagram(2)], true, dropped)
            };
            let report = crate::report::build(&run, true);
            report.wire.iter().map(|note| note.owners.len()).collect()
        };
        assert_eq!(owners(0), [1, 1]);
        assert_eq!(owners(1), [0, 0]);
    }
}
