//! The kernel's table of TCP connections, one entry at a time, by `sock_diag(7)`.
//!
//! `TCP_INFO` needs an open socket. This asks by the two addresses, so it also finds what stays
//! when the program has closed its socket: `FIN_WAIT2`, `TIME_WAIT`. `/proc/net/tcp` says the
//! same, but has to be read whole, which takes long where many connections rest in `TIME_WAIT`.

use std::io::Read;
use std::net::{IpAddr, SocketAddr};

use socket2::{Domain, Protocol, Socket, Type};

use crate::event::TcpState;

/// `SOCK_DIAG_BY_FAMILY` of `<linux/sock_diag.h>`, the type of question and answer.
const BY_FAMILY: u16 = 20;
const HEADER: usize = 16;
/// `struct inet_diag_req_v2` of `<linux/inet_diag.h>`.
const REQUEST: usize = 56;
/// Where an answer says whose entry it is: the port of the other end, in network order. A socket
/// that listens has none.
const PEER_PORT: usize = HEADER + 6;

/// The state of the end at `own`, whose other end is at `peer`; `CLOSE` if there is no such entry,
/// `None` if the kernel does not say.
pub(super) fn state(own: SocketAddr, peer: SocketAddr) -> Option<TcpState> {
    let kind = Type::DGRAM.cloexec().nonblocking();
    let mut socket = Socket::new(
        Domain::from(libc::AF_NETLINK),
        kind,
        Some(Protocol::from(libc::NETLINK_SOCK_DIAG)),
    )
    .ok()?;
    socket.send(&question(own, peer)).ok()?;
    // The kernel answers within the call that asks, so there is nothing to wait for.
    let mut answer = [0; 1024];
    let len = socket.read(&mut answer).ok()?;
    read_answer(&answer[..len], peer.port())
}

fn question(own: SocketAddr, peer: SocketAddr) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(HEADER + REQUEST);
    let family = if own.is_ipv4() {
        libc::AF_INET
    } else {
        libc::AF_INET6
    };
    let len = u32::try_from(HEADER + REQUEST).expect("72");
    bytes.extend(len.to_ne_bytes());
    bytes.extend(BY_FAMILY.to_ne_bytes());
    bytes.extend(u16::try_from(libc::NLM_F_REQUEST).expect("1").to_ne_bytes());
    // The sequence number, and the sender, which the kernel fills in.
    bytes.extend([0; 8]);
    bytes.extend([
        u8::try_from(family).expect("2 or 10"),
        u8::try_from(libc::IPPROTO_TCP).expect("6"),
        0,
        0,
    ]);
    // Any state.
    bytes.extend(u32::MAX.to_ne_bytes());
    bytes.extend(own.port().to_be_bytes());
    bytes.extend(peer.port().to_be_bytes());
    for address in [own.ip(), peer.ip()] {
        let mut field = [0; 16];
        match address {
            IpAddr::V4(ip) => field[..4].copy_from_slice(&ip.octets()),
            IpAddr::V6(ip) => field = ip.octets(),
        }
        bytes.extend(field);
    }
    // Any interface, and no cookie (`INET_DIAG_NOCOOKIE`).
    bytes.extend([0; 4]);
    bytes.extend([0xff; 8]);
    bytes
}

fn read_answer(answer: &[u8], peer_port: u16) -> Option<TcpState> {
    let kind = u16::from_ne_bytes(answer.get(4..6)?.try_into().ok()?);
    if i32::from(kind) == libc::NLMSG_ERROR {
        let code = i32::from_ne_bytes(answer.get(HEADER..HEADER + 4)?.try_into().ok()?);
        return (code == -libc::ENOENT).then_some(TcpState::Close);
    }
    let port = u16::from_be_bytes(answer.get(PEER_PORT..PEER_PORT + 2)?.try_into().ok()?);
    if kind != BY_FAMILY {
        None
    } else if port != peer_port {
        // Where there is no connection the kernel finds the socket that listens there.
        Some(TcpState::Close)
    } else {
        TcpState::from_repr(*answer.get(HEADER + 1)?)
    }
}

#[cfg(test)]
mod tests {
    use std::net::{TcpListener, TcpStream};

    use super::*;

    #[test]
    fn a_connection_is_found_at_both_ends_and_forgotten() {
        for host in ["127.0.0.1:0", "[::1]:0"] {
            // A machine without IPv6 has nothing to find there.
            let Ok(listener) = TcpListener::bind(host) else {
                continue;
            };
            let server = listener.local_addr().expect("an address");
            let stream = TcpStream::connect(server).expect("a connection");
            let client = stream.local_addr().expect("an address");
            let nobody = SocketAddr::new(client.ip(), 1);
            if state(client, server).is_none() {
                continue; // This kernel was built without sock_diag.
            }
            assert_eq!(state(client, server), Some(TcpState::Established));
            assert_eq!(state(server, client), Some(TcpState::Established));
            assert_eq!(state(server, nobody), Some(TcpState::Close), "the listener");
            assert_eq!(state(nobody, client), Some(TcpState::Close), "no one");
        }
    }

    #[test]
    fn what_is_no_answer_says_nothing() {
        assert_eq!(read_answer(&[], 1), None);
        let mut error = vec![0; HEADER + 4];
        error[4..6].copy_from_slice(&2_u16.to_ne_bytes());
        assert_eq!(read_answer(&error, 1), None);
        error[HEADER..].copy_from_slice(&(-libc::EPERM).to_ne_bytes());
        assert_eq!(read_answer(&error, 1), None);
        error[HEADER..].copy_from_slice(&(-libc::ENOENT).to_ne_bytes());
        assert_eq!(read_answer(&error, 1), Some(TcpState::Close));
        assert_eq!(read_answer(&error[..HEADER + 2], 1), None, "cut short");
    }
}
