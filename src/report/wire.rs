//! What a capture proves: which bytes travelled in which segment, what had arrived by when, and
//! what each packet was for.

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};

use super::Flow;
use super::edges::CutBy;
use super::flow::Way;
use super::segments::{Segments, Witness};
use crate::event::{Action, Event, Flag, Label, Packet, RunTrace, Side};

/// The clocks of the record and of the capture agree within this, in microseconds.
const CLOCKS_AGREE: u64 = 5;
/// An ACK that comes so much later than what it acknowledges was delayed, in microseconds: Linux
/// delays them by 40 ms and more.
const DELAYED: u64 = 10_000;
/// What IP and TCP headers with options may take of an MSS or an MTU, at most.
const MOST_OPTIONS: u64 = 40;

/// What the capture saw of one direction.
#[derive(Debug, Default)]
pub(super) struct Seen {
    /// Each segment with data, once however often it was sent, by its place in the stream.
    segments: Vec<(u64, u64)>,
    /// How many packets brought bytes that none before them had brought.
    fresh: u64,
    /// How far the bytes had come, and when: both only grow.
    arrivals: Vec<(u64, u64)>,
    /// How far the reader had acknowledged, and when: both only grow.
    acks: Vec<(u64, u64)>,
    /// Whether every packet is one segment, and none is missing.
    exact: bool,
}

impl Seen {
    /// Gathers what was seen of a direction.
    pub(super) fn of(run: &RunTrace, way: Way) -> Self {
        let Some(capture) = run.capture else {
            return Self::default();
        };
        let of_connection = || run.packets.iter().filter(|packet| packet.conn == way.conn);
        let mut segments: Vec<(u64, u64)> = Vec::new();
        let mut arrivals: Vec<(u64, u64)> = Vec::new();
        let (mut covered, mut fresh) = (Covered::default(), 0);
        for packet in of_connection().filter(|packet| packet.side == way.from) {
            if let Some((start, end)) = packet.range() {
                segments.push((start, end));
                fresh += u64::from(covered.add(start, end));
                if arrivals.last().is_none_or(|(before, _)| *before < end) {
                    arrivals.push((end, packet.at_us));
                }
            }
        }
        segments.sort_unstable();
        segments.dedup();
        let mut acks: Vec<(u64, u64)> = Vec::new();
        for packet in of_connection().filter(|packet| packet.side != way.from) {
            if let Some(ack) = packet.ack
                && acks.last().is_none_or(|(before, _)| *before < ack)
            {
                acks.push((ack, packet.at_us));
            }
        }
        // On the host's loopback a packet up to the MSS is surely no more than one segment.
        let mss = of_connection().filter_map(|packet| packet.mss).min();
        let one = mss.map_or(0, |mss| mss.saturating_sub(MOST_OPTIONS));
        let single = capture.private
            || segments
                .iter()
                .all(|(start, end)| end.saturating_sub(*start) <= one);
        Self {
            exact: single && capture.dropped == 0,
            segments,
            fresh,
            arrivals,
            acks,
        }
    }

    /// The segments, if the capture holds all of them from the first byte on.
    pub(super) fn segments(&self, written: u64) -> Option<Segments> {
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
        let all_left = reached == written && written > 0;
        known.count = all_left.then_some(self.fresh);
        Some(known)
    }

    /// What cut a message at this offset, where a read ended, as far as the capture proves it.
    pub(super) fn cut_by(&self, read: &Event, offset: u64) -> Option<CutBy> {
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

/// The bytes of a direction that have been seen, as ranges that do not touch one another: start to
/// end. Packets may overtake each other, even on loopback, where each processor has a queue.
#[derive(Default)]
struct Covered(BTreeMap<u64, u64>);

impl Covered {
    /// Adds a range; says whether any of it is new.
    fn add(&mut self, start: u64, end: u64) -> bool {
        let (mut from, mut to) = (start, end);
        while let Some((&first, &last)) = self.0.range(..=to).next_back()
            && last >= from
        {
            if first <= start && end <= last {
                return false;
            }
            self.0.remove(&first);
            (from, to) = (from.min(first), to.max(last));
        }
        self.0.insert(from, to);
        true
    }
}

/// What one packet means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sight {
    /// Whose bytes it carried: message, and the part of the message, as (label, from, to).
    pub owners: Vec<(Label, u64, u64)>,
    /// What it was for.
    pub kind: Kind,
    /// Whether the same had been sent before.
    pub again: bool,
    /// For a SYN: whether the connection never came about.
    pub unanswered: bool,
    /// Whether it is what every connection has, so that a picture of the data may leave it out.
    pub ordinary: bool,
    /// For an ACK that was delayed: by how much, in microseconds.
    pub delayed_us: Option<u64>,
}

/// What a packet is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// It carries bytes, or is a datagram.
    Data,
    /// It belongs to the three-way handshake.
    Handshake,
    /// It acknowledges, or says how much room there is.
    Ack,
    /// It ends a direction, or acknowledges that.
    Close,
    /// It breaks the connection off.
    Reset,
}

/// What is known of a connection while its packets are gone through.
#[derive(Default)]
struct Progress {
    /// Each side's, the client's first.
    halves: [Half; 2],
}

#[derive(Default)]
struct Half {
    syn: bool,
    covered: Covered,
    /// Its segments that are not yet acknowledged: (end, when).
    waiting: VecDeque<(u64, u64)>,
    fin: Option<u64>,
    /// The room that it last announced, and what it last acknowledged.
    window: Option<u64>,
    acked: Option<u64>,
    /// How many datagrams it has sent.
    datagrams: usize,
}

/// Says of each packet what it was for.
pub(super) fn sights(packets: &[Packet], flows: &[Flow]) -> Vec<Sight> {
    let mut connections: HashMap<u32, Progress> = HashMap::new();
    // Only if both sides said SYN was there a connection; what nobody answered must be seen.
    let answered: HashSet<u32> = packets
        .iter()
        .filter(|packet| packet.side == Side::Server && packet.has(Flag::Syn))
        .map(|packet| packet.conn)
        .collect();
    packets
        .iter()
        .map(|packet| {
            let way = Way {
                conn: packet.conn,
                from: packet.side,
            };
            let flow = flows.iter().find(|flow| flow.way == way);
            let progress = connections.entry(packet.conn).or_default();
            let mut sight = progress.sight(packet, flow);
            if sight.kind == Kind::Handshake && !answered.contains(&packet.conn) {
                (sight.unanswered, sight.ordinary) = (true, false);
            }
            sight
        })
        .collect()
}

impl Progress {
    fn sight(&mut self, packet: &Packet, flow: Option<&Flow>) -> Sight {
        let mut sight = Sight {
            owners: Vec::new(),
            kind: Kind::Data,
            again: false,
            unanswered: false,
            ordinary: false,
            delayed_us: None,
        };
        let (own, other) = match (&mut self.halves, packet.side) {
            ([client, server], Side::Client) => (client, server),
            ([client, server], Side::Server) => (server, client),
        };
        if packet.flags.is_empty() {
            sight.owners = flow.map_or_else(Vec::new, |flow| datagram(flow, own.datagrams, packet));
            own.datagrams += 1;
            return sight;
        }
        let mut delayed = None;
        if let Some(ack) = packet.ack {
            while let Some((end, at)) = other.waiting.front()
                && *end <= ack
            {
                delayed.get_or_insert(packet.at_us.saturating_sub(*at));
                other.waiting.pop_front();
            }
        }
        let closed_before = own.window == Some(0);
        let same_ack = own.acked == packet.ack;
        (own.window, own.acked) = (packet.window, packet.ack);
        if let Some((start, end)) = packet.range() {
            sight.again = !own.covered.add(start, end);
            own.waiting.push_back((end, packet.at_us));
            sight.owners = flow.map_or_else(Vec::new, |flow| flow.ranges.owners(start, end));
        }
        if packet.has(Flag::Rst) {
            sight.kind = Kind::Reset;
        } else if packet.has(Flag::Syn) {
            sight.kind = Kind::Handshake;
            sight.again = std::mem::replace(&mut own.syn, true);
            sight.ordinary = !sight.again;
        } else if packet.len > 0 {
            // A FIN may go along with the last bytes: it is data all the same.
            own.fin = own.fin.or(fin(packet));
        } else if packet.has(Flag::Fin) {
            sight.kind = Kind::Close;
            sight.again = own.fin.is_some();
            sight.ordinary = !sight.again;
            own.fin = fin(packet);
            // It is acknowledged as a byte would be, and the ACK delayed just so.
            let end = own.fin.filter(|_| !sight.again);
            own.waiting.extend(end.map(|end| (end, packet.at_us)));
        } else {
            let acks_fin = other.fin.is_some() && packet.ack == other.fin;
            let completes = packet.side == Side::Client
                && packet.ack == Some(0)
                && own.covered.0.is_empty()
                && !same_ack;
            sight.kind = match () {
                () if completes => Kind::Handshake,
                () if acks_fin => Kind::Close,
                () => Kind::Ack,
            };
            sight.delayed_us = delayed.filter(|us| *us >= DELAYED);
            // A reader without room stops the sender: that, and its end, is part of the story.
            let room = packet.window == Some(0) || closed_before;
            sight.ordinary = sight.delayed_us.is_none() && !room;
        }
        sight
    }
}

/// The number behind a FIN.
fn fin(packet: &Packet) -> Option<u64> {
    let end = packet.seq?.checked_add(packet.len)?.checked_add(1)?;
    packet.has(Flag::Fin).then_some(end)
}

/// Whose a datagram is: loopback keeps their order, so it is the write of the same number. If
/// that has another length, nobody can tell.
fn datagram(flow: &Flow, number: usize, packet: &Packet) -> Vec<(Label, u64, u64)> {
    let write = flow.ranges.writes.get(number);
    write
        .filter(|write| write.end - write.start == packet.len)
        .map_or_else(Vec::new, |write| flow.ranges.owners(write.start, write.end))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::{Bytes, Capture, Read};
    use crate::report::At;

    const WAY: Way = Way {
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

    fn seen(packets: Vec<Packet>, private: bool, dropped: u64) -> Seen {
        let run = RunTrace {
            script: serde_json::from_str(r#"{"name":"one","client":[],"server":[]}"#)
                .expect("a run"),
            address: String::new(),
            interrupted: false,
            capture: Some(Capture {
                mtu: 1500,
                private,
                dropped,
            }),
            events: Vec::new(),
            packets,
        };
        Seen::of(&run, WAY)
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
        let told: Vec<bool> = sights(&overtaken, &[]).iter().map(|s| s.again).collect();
        assert_eq!(told, [false, false, false]);
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
                asked: 2,
                returned: Some(returned),
                hex: Bytes(vec![0; 2]),
                left: None,
                truncated: None,
                dropped: None,
                text: None,
                decoder: None,
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
        let got: Vec<(Kind, bool)> = sights(&packets, &[])
            .iter()
            .map(|sight| (sight.kind, sight.ordinary))
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
        let sights = sights(&packets, &[]);
        assert_eq!(sights[4].delayed_us, Some(40_000));
        let alone = super::sights(&packets[..1], &[]);
        assert!(alone[0].unanswered && !alone[0].ordinary);
    }
}
