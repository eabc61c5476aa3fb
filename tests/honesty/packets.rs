//! Captured frames as packets, read here and nowhere else: the program's own reading of them is on
//! trial.

use etherparse::{LaxSlicedPacket, TcpOptionElement, TransportSlice};
use sticky_lab::event::Side;

/// One TCP segment or datagram, numbers as they stand in it.
#[derive(Clone, Debug)]
pub(crate) struct Frame {
    pub(crate) from: u16,
    pub(crate) to: u16,
    /// Whose socket sent or received it at the client's end, by its port.
    pub(crate) conn: u32,
    /// Microseconds since the run began.
    pub(crate) at: u64,
    /// Of a very large one only the beginning was kept.
    pub(crate) payload: Vec<u8>,
    /// How many bytes it carried.
    pub(crate) len: u64,
    /// Nothing for a datagram.
    pub(crate) tcp: Option<Tcp>,
}

#[derive(Clone, Debug)]
pub(crate) struct Tcp {
    pub(crate) syn: bool,
    pub(crate) reset: bool,
    pub(crate) seq: u32,
    /// Means nothing without the ACK flag, which only the first SYN lacks.
    pub(crate) ack: Option<u32>,
    /// The blocks of a SACK option.
    pub(crate) sack: Vec<(u32, u32)>,
    /// The sender's stamp and the one that it echoes (RFC 7323).
    pub(crate) stamps: Option<(u32, u32)>,
}

impl Frame {
    /// Reads an Ethernet frame that had so many bytes on the wire.
    pub(crate) fn read(conn: u32, at: u64, bytes: &[u8], on_wire: usize) -> Self {
        let packet = LaxSlicedPacket::from_ethernet(bytes).expect("an Ethernet frame");
        let not_kept = on_wire - bytes.len();
        match packet.transport.expect("TCP or UDP") {
            TransportSlice::Udp(udp) => Self {
                from: udp.source_port(),
                to: udp.destination_port(),
                conn,
                at,
                payload: udp.payload().to_vec(),
                len: (udp.payload().len() + not_kept) as u64,
                tcp: None,
            },
            TransportSlice::Tcp(tcp) => {
                let (mut sack, mut stamps) = (Vec::new(), None);
                for option in tcp.options_iterator().map_while(Result::ok) {
                    match option {
                        TcpOptionElement::SelectiveAcknowledgement(first, more) => {
                            sack = vec![first];
                            sack.extend(more.into_iter().flatten());
                        }
                        TcpOptionElement::Timestamp(own, echo) => stamps = Some((own, echo)),
                        _ => {}
                    }
                }
                Self {
                    from: tcp.source_port(),
                    to: tcp.destination_port(),
                    conn,
                    at,
                    payload: tcp.payload().to_vec(),
                    len: (tcp.payload().len() + not_kept) as u64,
                    tcp: Some(Tcp {
                        syn: tcp.syn(),
                        reset: tcp.rst(),
                        seq: tcp.sequence_number(),
                        ack: tcp.ack().then(|| tcp.acknowledgment_number()),
                        sack,
                        stamps,
                    }),
                }
            }
            other => panic!("neither TCP nor UDP: {other:?}"),
        }
    }

    /// Who sent it, and the port at the client's end.
    pub(crate) fn ends(&self, server: u16) -> (Side, u16) {
        if self.to == server {
            (Side::Client, self.from)
        } else {
            (Side::Server, self.to)
        }
    }
}
