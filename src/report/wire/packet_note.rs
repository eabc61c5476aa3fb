//! What each packet was for.

use std::collections::{HashMap, HashSet, VecDeque};

use super::covered::Covered;
use crate::event::{Flag, Label, Packet, RunTrace, Side};
use crate::report::Flow;
use crate::report::ranges::Direction;

/// An ACK that comes so much later than what it acknowledges was delayed, in microseconds: Linux
/// delays them by 40 ms and more.
const DELAYED: u64 = 10_000;

/// What one packet means.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PacketNote {
    /// Whose bytes it carried: message, and the part of the message, as (label, from, to).
    pub owners: Vec<(Label, u64, u64)>,
    /// What it was for.
    pub kind: Kind,
    /// Whether the same had been sent before.
    pub again: bool,
    /// For a SYN: whether nothing came back, not even a reset.
    pub unanswered: bool,
    /// Whether it is what every connection has, so that a picture of the data may leave it out.
    pub ordinary: bool,
    /// For an ACK that was delayed: by how much, in microseconds. Where packets were missed an
    /// earlier one may be among them, so there it is not known.
    pub delayed_us: Option<u64>,
}

/// What a packet is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kind {
    /// It carries bytes, or is a datagram.
    #[default]
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
    /// Whether the capture has holes: what came first, and when, is not known then.
    holes: bool,
    /// Each side's, the client's first.
    halves: [SideProgress; 2],
}

#[derive(Default)]
struct SideProgress {
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
pub(in crate::report) fn sights(run: &RunTrace, flows: &[Flow]) -> Vec<PacketNote> {
    let mut connections: HashMap<u32, Progress> = HashMap::new();
    // Only if both sides said SYN was there a connection; what did not come about must be seen.
    let with = |flag: Flag| -> HashSet<u32> {
        let of = |packet: &&Packet| packet.side == Side::Server && packet.has(flag);
        run.packets.iter().filter(of).map(|p| p.conn).collect()
    };
    let (accepted, refused) = (with(Flag::Syn), with(Flag::Rst));
    // The answer, or a datagram before this one, may be among the packets that were missed.
    let complete = run.capture.is_some_and(|capture| capture.dropped == 0);
    run.packets
        .iter()
        .map(|packet| {
            let direction = Direction {
                conn: packet.conn,
                from: packet.side,
            };
            let flow = Flow::of(flows, direction);
            let progress = connections.entry(packet.conn).or_insert_with(|| Progress {
                holes: !complete,
                ..Progress::default()
            });
            let mut note = progress.note(packet, flow);
            if note.kind == Kind::Handshake && !accepted.contains(&packet.conn) {
                note.unanswered = complete && !refused.contains(&packet.conn);
                note.ordinary = false;
            }
            if note.kind == Kind::Data && packet.flags.is_empty() && !complete {
                note.owners.clear();
            }
            note
        })
        .collect()
}

impl Progress {
    fn note(&mut self, packet: &Packet, flow: Option<&Flow>) -> PacketNote {
        let mut note = PacketNote::default();
        let (own, other) = match (&mut self.halves, packet.side) {
            ([client, server], Side::Client) => (client, server),
            ([client, server], Side::Server) => (server, client),
        };
        if packet.flags.is_empty() {
            note.owners = flow.map_or_else(Vec::new, |flow| datagram(flow, own.datagrams, packet));
            own.datagrams += 1;
            return note;
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
            note.again = !own.covered.add(start, end);
            own.waiting.push_back((end, packet.at_us));
            note.owners = flow.map_or_else(Vec::new, |flow| flow.ranges.owners(start, end));
        }
        if packet.has(Flag::Rst) {
            note.kind = Kind::Reset;
        } else if packet.has(Flag::Syn) {
            note.kind = Kind::Handshake;
            note.again = std::mem::replace(&mut own.syn, true);
            note.ordinary = !note.again;
        } else if packet.len > 0 {
            // A FIN may go along with the last bytes: it is data all the same.
            own.fin = own.fin.or(fin(packet));
        } else if packet.has(Flag::Fin) {
            note.kind = Kind::Close;
            note.again = own.fin.is_some();
            note.ordinary = !note.again;
            own.fin = fin(packet);
            // It is acknowledged as a byte would be, and the ACK delayed just so.
            let end = own.fin.filter(|_| !note.again);
            own.waiting.extend(end.map(|end| (end, packet.at_us)));
        } else {
            let acks_fin = other.fin.is_some() && packet.ack == other.fin;
            let completes = packet.side == Side::Client
                && packet.ack == Some(0)
                && own.covered.is_empty()
                && !same_ack;
            note.kind = match () {
                () if completes => Kind::Handshake,
                () if acks_fin => Kind::Close,
                () => Kind::Ack,
            };
            note.delayed_us = delayed.filter(|us| *us >= DELAYED && !self.holes);
            // A reader without room stops the sender: that, and its end, is part of the story.
            let room = packet.window == Some(0) || closed_before;
            note.ordinary = note.delayed_us.is_none() && !room;
        }
        note
    }
}

/// The number behind a FIN.
fn fin(packet: &Packet) -> Option<u64> {
    let end = packet.seq?.checked_add(packet.len)?.checked_add(1)?;
    packet.has(Flag::Fin).then_some(end)
}

/// Whose a datagram is: loopback keeps their order, so it is the write of the same number, as long
/// as the capture has all of them. If that has another length, nobody can tell.
fn datagram(flow: &Flow, number: usize, packet: &Packet) -> Vec<(Label, u64, u64)> {
    let write = flow.ranges.writes.get(number);
    write
        .filter(|write| write.end - write.start == packet.len)
        .map_or_else(Vec::new, |write| flow.ranges.owners(write.start, write.end))
}
