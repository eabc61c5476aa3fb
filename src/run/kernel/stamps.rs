//! A time stamp of the kernel's, read from the control messages that it comes in.

use std::time::Duration;

use libc::c_int;

use super::RawStamp;
use super::system::{u32_at, u64_at};

/// `SCM_TIMESTAMPING_OPT_STATS` of <asm-generic/socket.h>.
const OPT_STATS: c_int = 54;
/// `SCM_TSTAMP_ACK` of <linux/errqueue.h>.
const ACK: u64 = 2;
// Of `struct sock_extended_err`, in the same header.
const ERR_INFO: usize = 8;
const ERR_DATA: usize = 12;
// `TCP_NLA_…` of <linux/tcp.h>; each of these is a u64.
const DATA_SEGS_OUT: u16 = 4;
const TOTAL_RETRANS: u16 = 5;
const BYTES_SENT: u16 = 18;
const BYTES_RETRANS: u16 = 19;

/// What has been read of a stamp.
#[derive(Default)]
pub(super) struct Told {
    at: Option<Duration>,
    /// The kind of stamp, and the number of the byte that it is of.
    of: Option<(u64, u32)>,
    segments_out: Option<u64>,
    retransmitted: Option<u64>,
    sent: Option<u64>,
    resent: Option<u64>,
}

impl Told {
    /// Takes in a control message.
    pub(super) fn note(&mut self, level: c_int, kind: c_int, data: &[u8]) {
        match (level, kind) {
            (libc::SOL_SOCKET, libc::SCM_TIMESTAMPING) => self.at = time(data),
            (libc::SOL_SOCKET, OPT_STATS) => self.statistics(data),
            (libc::SOL_IP, libc::IP_RECVERR) | (libc::SOL_IPV6, libc::IPV6_RECVERR) => {
                let number = u32_at(data, ERR_DATA).and_then(|number| u32::try_from(number).ok());
                self.of = u32_at(data, ERR_INFO).zip(number);
            }
            _ => {}
        }
    }

    fn statistics(&mut self, mut rest: &[u8]) {
        // Attributes as netlink(7) has them: length, header included, and type, then the value, each
        // beginning at a multiple of four.
        while let Some((len, kind)) = u16_at(rest, 0).zip(u16_at(rest, 2)) {
            let len = usize::from(len);
            let value = u64_at(rest.get(..len).unwrap_or_default(), 4);
            match kind {
                DATA_SEGS_OUT => self.segments_out = value,
                TOTAL_RETRANS => self.retransmitted = value,
                BYTES_SENT => self.sent = value,
                BYTES_RETRANS => self.resent = value,
                _ => {}
            }
            rest = rest
                .get(len.max(4).next_multiple_of(4)..)
                .unwrap_or_default();
        }
    }

    /// All of it, if nothing is missing; before Linux 4.19 the bytes are.
    pub(super) fn whole(self) -> Option<RawStamp> {
        let (kind, number) = self.of?;
        let resent = self.resent?;
        Some(RawStamp {
            at: self.at?,
            acked: (kind == ACK).then_some(number),
            sent: self.sent?.checked_sub(resent)?,
            segments_out: self.segments_out?,
            retransmitted: self.retransmitted?,
            resent,
        })
    }
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_ne_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

/// The first of three `struct timespec`: the one that the kernel takes by itself.
fn time(data: &[u8]) -> Option<Duration> {
    let nanoseconds =
        |seconds: u64, rest: u64| Some(Duration::new(seconds, u32::try_from(rest).ok()?));
    match size_of::<libc::timespec>() {
        8 => nanoseconds(u32_at(data, 0)?, u32_at(data, 4)?),
        // Of a 64-bit number whose value is below a billion the lower half is enough, and where that
        // is depends on the machine; its upper half may be padding.
        _ if cfg!(target_endian = "big") => nanoseconds(u64_at(data, 0)?, u32_at(data, 12)?),
        _ => nanoseconds(u64_at(data, 0)?, u32_at(data, 8)?),
    }
}

#[cfg(test)]
mod tests {
    use std::io::{self, Read};
    use std::net::{TcpListener, TcpStream};

    use socket2::Socket;

    use super::super::{Kernel, has_room};
    use super::*;

    fn pair() -> (Socket, TcpStream) {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let client = TcpStream::connect(listener.local_addr().expect("it")).expect("a connection");
        (client.into(), listener.accept().expect("a connection").0)
    }

    /// All stamps up to the one of the acknowledgement of so many bytes.
    fn until_acked(socket: &Socket, bytes: u32) -> Vec<RawStamp> {
        let mut all = Vec::new();
        while all.iter().all(|it: &RawStamp| it.acked != Some(bytes - 1)) {
            Kernel::Asked.fetch_stamp(socket, &mut all);
        }
        all
    }

    #[test]
    fn a_stamp_tells_how_many_bytes_were_out_or_which_was_acknowledged() {
        let (client, mut server) = pair();
        assert!(Kernel::Asked.ask_for_stamps(&client));
        client.send(b"hello").expect("room");
        server.read_exact(&mut [0; 5]).expect("five");
        let told = until_acked(&client, 5);
        let said: Vec<_> = told
            .iter()
            .map(|it| (it.acked, it.sent, it.segments_out))
            .collect();
        assert_eq!(said, [(None, 5, 1), (Some(4), 5, 1)]);
        assert!(told[0].at <= told[1].at);
    }

    #[test]
    fn what_the_error_queue_holds_is_no_room() {
        let (client, _server) = pair();
        client.set_nonblocking(true).expect("a flag");
        assert!(has_room(&client).expect("a look"));
        assert!(Kernel::Asked.ask_for_stamps(&client));
        let much = vec![0; 1 << 16];
        let full = loop {
            if let Err(full) = client.send(&much) {
                break full;
            }
        };
        assert_eq!(full.kind(), io::ErrorKind::WouldBlock);
        // There is a stamp, and it looks like an error.
        assert_eq!(Kernel::Asked.has_error(&client), Some(true));
        assert!(!has_room(&client).expect("a look"));
        while Kernel::Asked.fetch_stamp(&client, &mut Vec::new()) {}
        assert_eq!(Kernel::Asked.has_error(&client), Some(false));
    }

    #[test]
    fn a_stamp_without_counts_says_nothing() {
        let mut told = Told::default();
        let attribute = |kind: u16, value: u64| {
            let head = [12_u16, kind].map(u16::to_ne_bytes).concat();
            [head, value.to_ne_bytes().into()].concat()
        };
        let counts = |kinds: &[(u16, u64)]| -> Vec<u8> {
            // One of another kind and length before them, and a piece of one behind.
            let other = [&5_u16.to_ne_bytes()[..], &[9, 0, 7, 0, 0, 0]].concat();
            let all = kinds.iter().map(|(kind, value)| attribute(*kind, *value));
            [other, all.flatten().collect(), vec![12, 0, 4]].concat()
        };
        let error = [0_u32, 0, 2, 4, 0, 0].map(u32::to_ne_bytes).concat();
        told.note(libc::SOL_IPV6, libc::IPV6_RECVERR, &error);
        let time = vec![0; 3 * size_of::<libc::timespec>()];
        told.note(libc::SOL_SOCKET, libc::SCM_TIMESTAMPING, &time);
        let old = [(DATA_SEGS_OUT, 3), (TOTAL_RETRANS, 1)];
        told.note(libc::SOL_SOCKET, OPT_STATS, &counts(&old));
        assert_eq!(told.whole(), None, "before Linux 4.19");
        let mut told = Told {
            of: Some((2, 4)),
            at: Some(Duration::ZERO),
            ..Told::default()
        };
        let new = [old[0], old[1], (BYTES_SENT, 9), (BYTES_RETRANS, 4)];
        told.note(libc::SOL_SOCKET, OPT_STATS, &counts(&new));
        let counted = told.whole().expect("all of it");
        assert_eq!(
            (counted.acked, counted.sent, counted.resent),
            (Some(4), 5, 4)
        );
        assert_eq!((counted.segments_out, counted.retransmitted), (3, 1));
    }
}
