//! Follows the conversations of a run: numbers counted from their first byte, windows as they
//! are meant, and when each is over.

use std::collections::HashMap;

use super::{Headers, Tcp};
use crate::event::{Flag, Packet, Side};

/// Turns headers into packets of the contract.
pub struct Follower {
    /// The server's port: what tells the two sides apart.
    server: u16,
    conversations: HashMap<u16, Conversation>,
}

#[derive(Default)]
struct Conversation {
    halves: [Sender; 2],
    reset: bool,
}

/// What one side of a conversation has said of itself.
#[derive(Default)]
struct Sender {
    /// The sequence number of its first byte.
    first: Option<u32>,
    /// By how many bits its windows are shifted.
    scale: Option<u8>,
    /// The number behind its FIN.
    end: Option<u32>,
    /// Whether the other side acknowledged the FIN.
    ended: bool,
}

impl Follower {
    /// Follows what goes to and from the server at this port.
    pub fn new(server: u16) -> Self {
        Self {
            server,
            conversations: HashMap::new(),
        }
    }

    /// The port at the client's end and the packet, for `conn` to be filled in; nothing if it is
    /// no packet of the run.
    pub fn packet(&mut self, at_us: u64, headers: &Headers) -> Option<(u16, Packet)> {
        let (side, port) = match (headers.from == self.server, headers.to == self.server) {
            (false, true) => (Side::Client, headers.from),
            (true, false) => (Side::Server, headers.to),
            _ => return None,
        };
        let mut packet = Packet {
            side,
            conn: 1,
            at_us,
            flags: Vec::new(),
            seq: None,
            ack: None,
            len: headers.len,
            segment: None,
            window: None,
            mss: None,
        };
        if let Some(tcp) = &headers.tcp {
            let conversation = self.conversations.entry(port).or_default();
            conversation.note(side, tcp, headers.len);
            conversation.number(&mut packet, tcp);
        }
        Some((port, packet))
    }

    /// Whether every connection that was made is over, acknowledged to the end or reset. One that
    /// never came about is not waited for.
    pub fn all_over(&self) -> bool {
        self.conversations.values().all(|conversation| {
            let [client, server] = &conversation.halves;
            let made = client.first.is_some() && server.first.is_some();
            !made || conversation.reset || (client.ended && server.ended)
        })
    }
}

fn place(side: Side) -> usize {
    usize::from(side == Side::Server)
}

impl Conversation {
    fn note(&mut self, side: Side, tcp: &Tcp, len: u64) {
        let has = |flag| tcp.flags.contains(&flag);
        self.reset |= has(Flag::Rst);
        let half = &mut self.halves[place(side)];
        if has(Flag::Syn) {
            half.first = Some(tcp.seq.wrapping_add(1));
            // More than 14 is not allowed (RFC 7323, section 2.3).
            half.scale = tcp.scale.map(|bits| bits.min(14));
        }
        if has(Flag::Fin) {
            let len = u32::try_from(len).unwrap_or(u32::MAX);
            half.end = Some(tcp.seq.wrapping_add(len).wrapping_add(1));
        }
        let other = &mut self.halves[place(side.other())];
        if has(Flag::Ack) && other.end == Some(tcp.ack) {
            other.ended = true;
        }
    }

    fn number(&self, packet: &mut Packet, tcp: &Tcp) {
        let has = |flag| tcp.flags.contains(&flag);
        let own = &self.halves[place(packet.side)];
        let other = &self.halves[place(packet.side.other())];
        let syn = has(Flag::Syn);
        let offset = |number: u32, first: u32| {
            let offset = number.wrapping_sub(first);
            // What stands just before the first byte is not far behind it.
            (offset < 0xffff_0000).then_some(u64::from(offset))
        };
        packet.seq = own
            .first
            .filter(|_| !syn)
            .and_then(|first| offset(tcp.seq, first));
        packet.ack = other
            .first
            .filter(|_| has(Flag::Ack))
            .and_then(|first| offset(tcp.ack, first));
        let window = u64::from(tcp.window);
        // The windows of SYNs are never shifted, and the others only if both sides can.
        let shift = own.scale.zip(other.scale).map_or(0, |(own, _)| own);
        packet.window = Some(if syn { window } else { window << shift });
        packet.mss = tcp.mss.filter(|_| syn).map(u64::from);
        packet.flags.clone_from(&tcp.flags);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(from: u16, to: u16, flags: &[Flag], seq: u32, ack: u32, len: u64) -> Headers {
        Headers {
            from,
            to,
            len,
            tcp: Some(Tcp {
                flags: flags.into(),
                seq,
                ack,
                window: 512,
                mss: None,
                scale: flags.contains(&Flag::Syn).then_some(7),
            }),
        }
    }

    #[test]
    fn numbers_count_from_the_first_byte_and_wrap() {
        use Flag::{Ack, Fin, Psh, Syn};
        let mut follow = Follower::new(80);
        let mut got = |from, to, flags: &[Flag], seq, ack, len| {
            let headers = headers(from, to, flags, seq, ack, len);
            let (port, packet) = follow.packet(0, &headers).unwrap();
            assert_eq!(port, 9);
            (packet.seq, packet.ack, packet.window, follow.all_over())
        };
        let isn = u32::MAX - 2;
        let (first, scaled) = (isn.wrapping_add(1), Some(512 << 7));
        let syn = got(9, 80, &[Syn], isn, 0, 0);
        assert_eq!(syn, (None, None, Some(512), true), "not made yet");
        let answer = got(80, 9, &[Syn, Ack], 100, first, 0);
        assert_eq!(answer, (None, Some(0), Some(512), false));
        let data = got(9, 80, &[Psh, Ack], first, 101, 5);
        assert_eq!(data, (Some(0), Some(0), scaled, false));
        let end = first.wrapping_add(5);
        let fin = got(9, 80, &[Fin, Ack], end, 101, 0);
        assert_eq!(fin, (Some(5), Some(0), scaled, false));
        let fin = got(80, 9, &[Fin, Ack], 101, end.wrapping_add(1), 0);
        assert_eq!(fin.1, Some(6), "the FIN counts as one");
        assert!(got(9, 80, &[Ack], end.wrapping_add(1), 102, 0).3);
    }

    #[test]
    fn a_reset_ends_it_and_strangers_are_left_out() {
        let mut follow = Follower::new(80);
        follow.packet(0, &headers(9, 80, &[Flag::Syn], 1, 0, 0));
        follow.packet(0, &headers(80, 9, &[Flag::Syn, Flag::Ack], 1, 2, 0));
        assert!(!follow.all_over());
        follow.packet(0, &headers(9, 80, &[Flag::Rst], 2, 0, 0));
        assert!(follow.all_over());
        assert_eq!(follow.packet(0, &headers(9, 81, &[], 1, 0, 0)), None);
        assert_eq!(follow.packet(0, &headers(80, 80, &[], 1, 0, 0)), None);
    }
}
