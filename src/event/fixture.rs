//! Events and packets as tests write them: one client, at time 0, no word of the kernel's, unless
//! something else is said.

use super::{
    Action, Bytes, Decoded, DecoderState, Event, Flag, Packet, Read, RunTrace, SenderState, Side,
    Transport, Write,
};
use crate::frame::Part;

pub(crate) fn run(transport: Transport, events: impl Into<Vec<Event>>) -> RunTrace {
    RunTrace {
        events: events.into(),
        ..RunTrace::new("one", transport)
    }
}

pub(crate) fn call(side: Side, action: Action) -> Event {
    Event {
        seq: 0,
        side,
        conn: 1,
        calls: 1,
        call_us: 0,
        return_us: 0,
        action,
        kernel: None,
        arrived: None,
        stamps: Vec::new(),
        error: None,
    }
}

/// A whole message, on the side that its label belongs to.
pub(crate) fn send(label: &str, bytes: &str) -> Event {
    let write = written(label, bytes);
    call(write.message.side, Action::Send(write))
}

pub(crate) fn sendto(label: &str, bytes: &str) -> Event {
    let write = written(label, bytes);
    call(write.message.side, Action::Sendto(write))
}

fn written(label: &str, bytes: &str) -> Write {
    Write {
        message: label.parse().expect("a label"),
        peer: None,
        asked: bytes.len() as u64,
        returned: Some(bytes.len() as u64),
        hex: Bytes(bytes.into()),
        layout: Vec::new(),
    }
}

/// What a read of the server's returned.
pub(crate) fn recv(asked: u64, bytes: &str) -> Event {
    call(Side::Server, Action::Recv(got(asked, bytes)))
}

pub(crate) fn recvfrom(asked: u64, bytes: &str) -> Event {
    call(Side::Server, Action::Recvfrom(got(asked, bytes)))
}

fn got(asked: u64, bytes: &str) -> Read {
    Read {
        returned: Some(bytes.len() as u64),
        hex: Bytes(bytes.into()),
        ..Read::asking(asked)
    }
}

/// What a decoder said after a read that brought these messages, with nothing begun since.
pub(crate) fn decoded(messages: &[&str]) -> DecoderState {
    let out = messages.iter().map(|text| Decoded {
        hex: Bytes((*text).into()),
        header: None,
        verified: None,
        size: Some(4 + text.len() as u64),
    });
    DecoderState {
        out: out.collect(),
        part: Part::Prefix,
        have: 0,
        need: 4,
        kept: 0,
        behind: 0,
        refused: None,
    }
}

impl Event {
    pub(crate) fn by(self, side: Side) -> Self {
        Self { side, ..self }
    }

    pub(crate) fn at(self, call_us: u64, return_us: u64) -> Self {
        Self {
            call_us,
            return_us,
            ..self
        }
    }

    pub(crate) fn failed(self, error: &str) -> Self {
        Self {
            error: Some(error.into()),
            ..self
        }
    }

    /// So many calls told as one: of several the bytes are not in the record.
    pub(crate) fn calls(mut self, calls: u64) -> Self {
        self.calls = calls;
        match &mut self.action {
            Action::Send(Write { hex, .. }) | Action::Recv(Read { hex, .. }) if calls > 1 => {
                *hex = Bytes::default();
            }
            _ => {}
        }
        self
    }

    /// All that has left is acknowledged.
    pub(crate) fn counters(mut self, segments_out: u64, unsent: u64) -> Self {
        self.kernel = Some(Box::new(SenderState {
            unacked: unsent,
            unsent,
            segments_out,
            ..SenderState::default()
        }));
        self
    }

    /// A datagram from this address, or to it.
    pub(crate) fn peer(mut self, address: &str) -> Self {
        match &mut self.action {
            Action::Recvfrom(Read { peer, .. }) | Action::Sendto(Write { peer, .. }) => {
                *peer = Some(address.into());
            }
            _ => panic!("no datagram: {self:?}"),
        }
        self
    }

    pub(crate) fn on(self, conn: u32) -> Self {
        Self { conn, ..self }
    }

    /// A read, with something else about it.
    pub(crate) fn read(mut self, change: impl FnOnce(&mut Read)) -> Self {
        let (Action::Recv(read) | Action::Recvfrom(read)) = &mut self.action else {
            panic!("not a read: {self:?}")
        };
        change(read);
        self
    }

    pub(crate) fn left(self, left: u64) -> Self {
        self.read(|read| read.left = Some(left))
    }
}

pub(crate) fn packet(side: Side, at_us: u64, flags: &[Flag], [seq, ack, len]: [u64; 3]) -> Packet {
    Packet {
        side,
        conn: 1,
        at_us,
        flags: flags.into(),
        seq: Some(seq),
        ack: Some(ack),
        len,
        segment: None,
        window: Some(1000),
        mss: None,
    }
}

/// A segment of the client's.
pub(crate) fn segment(at_us: u64, seq: u64, len: u64) -> Packet {
    packet(Side::Client, at_us, &[Flag::Ack], [seq, 0, len])
}
