//! What the headers of one frame say.

use etherparse::{LaxNetSlice, LaxSlicedPacket, TcpOptionElement, TransportSlice};

use crate::event::Flag;

/// A TCP or UDP packet by its headers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Headers {
    /// The sender's port.
    pub from: u16,
    /// The receiver's port.
    pub to: u16,
    /// How many bytes of payload it carried on the wire; the frame may hold fewer.
    pub len: u64,
    /// What TCP adds; nothing for UDP.
    pub tcp: Option<Tcp>,
}

/// A TCP header, numbers as they stand in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tcp {
    /// The flags that are set.
    pub flags: Vec<Flag>,
    /// The sequence number.
    pub seq: u32,
    /// The acknowledgement number; means nothing without the ACK flag.
    pub ack: u32,
    /// The window, not scaled.
    pub window: u16,
    /// The largest segment that the sender takes, where the option stands.
    pub mss: Option<u16>,
    /// By how many bits the sender's windows are shifted, where the option stands.
    pub scale: Option<u8>,
}

/// Reads an Ethernet frame, of which only the start may have been captured. `on_wire` is the
/// length that it had. Nothing comes of a frame that is no TCP or UDP packet, or only a later
/// fragment of one.
pub fn decode(frame: &[u8], on_wire: usize) -> Option<Headers> {
    let packet = LaxSlicedPacket::from_ethernet(frame).ok()?;
    let (ip, ip_len) = match packet.net.as_ref()? {
        LaxNetSlice::Ipv4(ip) => {
            let header = ip.header();
            (header.slice(), usize::from(header.total_len()))
        }
        LaxNetSlice::Ipv6(ip) => {
            let header = ip.header().slice();
            let rest = usize::from(ip.header().payload_length());
            // 0 stands for a jumbo packet, whose length is that of the frame.
            (header, if rest == 0 { 0 } else { header.len() + rest })
        }
        LaxNetSlice::Arp(_) => return None,
    };
    // Where a part of the frame begins in it.
    let at = |part: &[u8]| (part.as_ptr() as usize).checked_sub(frame.as_ptr() as usize);
    let end = match ip_len {
        0 => on_wire,
        len => at(ip)?.checked_add(len)?.min(on_wire),
    };
    match packet.transport? {
        TransportSlice::Tcp(tcp) => {
            let headers_end = at(tcp.header_slice())?.checked_add(tcp.header_slice().len())?;
            Some(Headers {
                from: tcp.source_port(),
                to: tcp.destination_port(),
                len: end.saturating_sub(headers_end) as u64,
                tcp: Some(read_tcp(&tcp)),
            })
        }
        TransportSlice::Udp(udp) => Some(Headers {
            from: udp.source_port(),
            to: udp.destination_port(),
            // The first fragment says how long the whole datagram is.
            len: u64::from(udp.length()).saturating_sub(8),
            tcp: None,
        }),
        _ => None,
    }
}

fn read_tcp(tcp: &etherparse::TcpSlice<'_>) -> Tcp {
    let flags = [
        (tcp.syn(), Flag::Syn),
        (tcp.fin(), Flag::Fin),
        (tcp.rst(), Flag::Rst),
        (tcp.psh(), Flag::Psh),
        (tcp.ack(), Flag::Ack),
        (tcp.urg(), Flag::Urg),
        (tcp.ece(), Flag::Ece),
        (tcp.cwr(), Flag::Cwr),
    ];
    let (mut mss, mut scale) = (None, None);
    // Behind an option that makes no sense nothing makes sense.
    for option in tcp.options_iterator().map_while(Result::ok) {
        match option {
            TcpOptionElement::MaximumSegmentSize(bytes) => mss = Some(bytes),
            TcpOptionElement::WindowScale(bits) => scale = Some(bits),
            _ => {}
        }
    }
    Tcp {
        flags: flags
            .into_iter()
            .filter_map(|(set, flag)| set.then_some(flag))
            .collect(),
        seq: tcp.sequence_number(),
        ack: tcp.acknowledgment_number(),
        window: tcp.window_size(),
        mss,
        scale,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use etherparse::{PacketBuilder, TcpOptionElement, VlanId};

    fn tcp_frame(payload: &[u8]) -> Vec<u8> {
        let builder = PacketBuilder::ethernet2([0; 6], [0; 6])
            .ipv4([127, 0, 0, 1], [127, 0, 0, 1], 64)
            .tcp(40_001, 41_822, 7, 512)
            .psh()
            .ack(99);
        let mut frame = Vec::new();
        builder.write(&mut frame, payload).unwrap();
        frame
    }

    #[test]
    fn a_segment_is_read_whole_or_cut_short() {
        let frame = tcp_frame(b"hello");
        let whole = decode(&frame, frame.len()).unwrap();
        assert_eq!((whole.from, whole.to, whole.len), (40_001, 41_822, 5));
        let tcp = whole.tcp.as_ref().unwrap();
        assert_eq!((tcp.seq, tcp.ack, tcp.window), (7, 99, 512));
        assert_eq!(tcp.flags, [Flag::Psh, Flag::Ack]);
        // Of the payload nothing was captured, and its length is known all the same.
        let cut = &frame[..frame.len() - 5];
        assert_eq!(decode(cut, frame.len()), Some(whole));
        // Cut inside a header it is nothing, wherever that is.
        for end in 0..frame.len() - 5 {
            assert_eq!(decode(&frame[..end], frame.len()), None, "{end}");
        }
    }

    #[test]
    fn padding_behind_the_packet_is_no_payload() {
        let mut frame = tcp_frame(b"");
        frame.resize(60, 0);
        assert_eq!(decode(&frame, 60).unwrap().len, 0);
    }

    #[test]
    fn options_vlans_and_ipv6_are_understood() {
        let builder = PacketBuilder::ethernet2([0; 6], [0; 6])
            .single_vlan(VlanId::try_new(5).unwrap())
            .ipv6([0; 16], [0; 16], 64)
            .tcp(1, 2, 0, 65_535)
            .syn()
            .options(&[
                TcpOptionElement::MaximumSegmentSize(1460),
                TcpOptionElement::WindowScale(7),
            ])
            .unwrap();
        let mut frame = Vec::new();
        builder.write(&mut frame, b"xy").unwrap();
        let read = decode(&frame, frame.len()).unwrap();
        assert_eq!((read.from, read.to, read.len), (1, 2, 2));
        let tcp = read.tcp.unwrap();
        assert_eq!((tcp.mss, tcp.scale), (Some(1460), Some(7)));
        assert_eq!(tcp.flags, [Flag::Syn]);
    }

    #[test]
    fn a_datagram_has_a_length_and_no_numbers() {
        let mut frame = Vec::new();
        PacketBuilder::ethernet2([0; 6], [0; 6])
            .ipv4([127, 0, 0, 1], [127, 0, 0, 1], 64)
            .udp(5, 6)
            .write(&mut frame, b"hello")
            .unwrap();
        let read = decode(&frame, frame.len()).unwrap();
        assert_eq!((read.len, read.tcp), (5, None));
    }
}
