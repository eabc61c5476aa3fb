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
    use crate::event::{
        Action, Bytes, Capture, Event, Flag, Packet, Read, RunTrace, Side, Transport,
    };
    use crate::report::edges::CutBy;
    use crate::report::ranges::Direction;
    use crate::report::{At, Witness};

    const DIRECTION: Direction = Direction {
        conn: 1,
        from: Side::Client,
    };

    fn packet(side: Side, at_us: u64, flags: &[Flag], seq: u64, ack: u64, len: u64) -> Packet {
        Packet {
            side,
            conn: 1,
            at_us,
            flags: flags.into(),
            seq: Some(seq),
            ack: Some(ack),
            len,
            window: Some(1000),
            mss: None,
        }
    }

    fn data(at_us: u64, seq: u64, len: u64) -> Packet {
        packet(Side::Client, at_us, &[Flag::Ack], seq, 0, len)
    }

    fn ack(at_us: u64, ack: u64) -> Packet {
        packet(Side::Server, at_us, &[Flag::Ack], 0, ack, 0)
    }

    fn captured(packets: Vec<Packet>, private: bool, dropped: u64) -> RunTrace {
        RunTrace {
            capture: Some(Capture {
                mtu: 1500,
                private,
                dropped,
            }),
            packets,
            ..RunTrace::new("one", Transport::Tcp)
        }
    }

    fn seen(packets: Vec<Packet>, private: bool, dropped: u64) -> Seen {
        let run = captured(packets, private, dropped);
        Seen::of(
            run.capture,
            &run.packets.iter().collect::<Vec<_>>(),
            DIRECTION,
        )
    }

    fn told(packets: &[Packet], dropped: u64) -> Vec<PacketNote> {
        sights(&captured(packets.into(), true, dropped), &[])
    }

    #[test]
    fn every_segment_is_known_and_one_sent_again_counts_once() {
        let again = vec![data(1, 0, 5), data(2, 5, 5), data(3, 0, 5), data(4, 10, 2)];
        let known = seen(again, true, 0).segments(12).expect("all of it");
        assert_eq!((known.count, known.witness), (Some(3), Witness::Capture));
        assert_eq!(known.ends, [5, 10, 12]);
        assert_eq!((known.at(5), known.at(7)), (At::Boundary, At::Inside));
    }

    #[test]
    fn a_packet_that_was_overtaken_is_not_one_sent_again() {
        let overtaken = vec![data(1, 0, 5), data(2, 10, 5), data(3, 5, 5)];
        let again: Vec<bool> = told(&overtaken, 0).iter().map(|s| s.again).collect();
        assert_eq!(again, [false, false, false]);
        let known = seen(overtaken, true, 0).segments(15).expect("all of it");
        assert_eq!(known.count, Some(3));
        assert_eq!(known.ends, [5, 10, 15]);
    }

    #[test]
    fn what_was_cut_anew_when_sent_again_is_known_only_where_both_agree() {
        let anew = vec![data(1, 0, 5), data(2, 5, 5), data(3, 0, 8)];
        let known = seen(anew, true, 0).segments(10).expect("all of it");
        assert_eq!(known.count, Some(2));
        let at = [3, 5, 6, 8, 10].map(|offset| known.at(offset));
        let expected = [
            At::Inside,
            At::Unknown,
            At::Inside,
            At::Unknown,
            At::Boundary,
        ];
        assert_eq!(at, expected);
    }

    #[test]
    fn a_capture_with_a_hole_proves_nothing() {
        let hole = || vec![data(1, 0, 5), data(2, 7, 3)];
        assert_eq!(seen(hole(), true, 0).segments(10), None);
        let whole = || vec![data(1, 0, 10)];
        assert!(seen(whole(), true, 0).segments(10).is_some());
        assert_eq!(seen(whole(), true, 1).segments(10), None, "packets missed");
        // Without an MSS nobody knows how many segments a packet on the host's loopback is.
        assert_eq!(seen(whole(), false, 0).segments(10), None);
        let left = seen(whole(), true, 0).segments(12).expect("what left");
        assert_eq!(left.count, None, "two bytes never left");
    }

    #[test]
    fn a_cut_is_proven_by_what_came_later_or_was_acknowledged_before() {
        let read = |call_us, return_us, returned| Event {
            seq: 0,
            side: Side::Server,
            conn: 1,
            call_us,
            return_us,
            calls: 1,
            action: Action::Recv(Read {
                returned: Some(returned),
                hex: Bytes(vec![0; 2]),
                ..Read::asking(2)
            }),
            kernel: None,
            error: None,
        };
        let seen = seen(vec![data(10, 0, 2), data(50, 2, 2), ack(60, 4)], true, 0);
        assert_eq!(seen.cut_by(&read(20, 30, 2), 2), Some(CutBy::Arrival));
        assert_eq!(seen.cut_by(&read(70, 80, 2), 2), Some(CutBy::Buffer));
        assert_eq!(seen.cut_by(&read(40, 55, 2), 2), None, "at the same time");
        assert_eq!(seen.cut_by(&read(70, 80, 1), 2), None, "it asked for more");
        assert_eq!(seen.cut_by(&read(70, 80, 2), 4), None, "nothing behind it");
    }

    #[test]
    fn each_packet_is_told_what_it_was_for() {
        use Flag::{Ack, Fin, Rst, Syn};
        use Side::{Client, Server};
        let syn = |side, at_us, flags: &[Flag]| Packet {
            seq: None,
            ack: flags.contains(&Ack).then_some(0),
            ..packet(side, at_us, flags, 0, 0, 0)
        };
        let packets = [
            syn(Client, 1, &[Syn]),
            syn(Server, 2, &[Syn, Ack]),
            packet(Client, 3, &[Ack], 0, 0, 0),
            data(4, 0, 5),
            ack(40_004, 5),
            packet(Client, 40_010, &[Fin, Ack], 5, 0, 0),
            packet(Server, 40_011, &[Fin, Ack], 0, 6, 0),
            packet(Client, 40_012, &[Ack], 6, 1, 0),
            packet(Client, 40_013, &[Rst], 6, 0, 0),
        ];
        let got: Vec<(Kind, bool)> = told(&packets, 0)
            .iter()
            .map(|note| (note.kind, note.ordinary))
            .collect();
        let expected = [
            (Kind::Handshake, true),
            (Kind::Handshake, true),
            (Kind::Handshake, true),
            (Kind::Data, false),
            (Kind::Ack, false),
            (Kind::Close, true),
            (Kind::Close, true),
            (Kind::Close, true),
            (Kind::Reset, false),
        ];
        assert_eq!(got, expected);
        assert_eq!(told(&packets, 0)[4].delayed_us, Some(40_000));
        let ack = &told(&packets, 1)[4];
        let missed = "an ACK before it may be what was missed";
        assert_eq!((ack.delayed_us, ack.ordinary), (None, true), "{missed}");
    }

    #[test]
    fn only_what_got_no_answer_at_all_is_said_to_have_got_none() {
        use Flag::{Ack, Rst, Syn};
        let syn = Packet {
            seq: None,
            ack: None,
            ..packet(Side::Client, 1, &[Syn], 0, 0, 0)
        };
        let reset = packet(Side::Server, 2, &[Rst, Ack], 0, 0, 0);
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
        let packets: Vec<Packet> = serde_json::from_value(serde_json::json!([
            { "side": "client", "at_us": 1, "len": 1 }, { "side": "client", "at_us": 2, "len": 1 }
        ]))
        .expect("two packets");
        let mut run = captured(packets, true, 0);
        run.transport = Transport::Udp;
        run.events = serde_json::from_value(serde_json::json!([
            { "seq": 0, "side": "client", "call_us": 0, "return_us": 0,
              "op": "sendto", "message": "A", "asked": 1, "returned": 1, "hex": "61" },
            { "seq": 1, "side": "client", "call_us": 1, "return_us": 1,
              "op": "sendto", "message": "B", "asked": 1, "returned": 1, "hex": "62" }
        ]))
        .expect("two writes");
        let owners = |run: &RunTrace| -> Vec<usize> {
            let report = crate::report::build(run, true);
            report.wire.iter().map(|note| note.owners.len()).collect()
        };
        assert_eq!(owners(&run), [1, 1]);
        run.capture.as_mut().expect("a capture").dropped = 1;
        assert_eq!(owners(&run), [0, 0]);
    }
}
