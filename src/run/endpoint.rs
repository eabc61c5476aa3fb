//! The sockets and addresses of each transport.

use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};

use socket2::{Domain, Protocol, SockAddr, Socket, Type};
use tempfile::TempDir;

use crate::event::Transport;

/// Where the actors of a run have their sockets.
pub(super) struct Endpoints {
    transport: Transport,
    port: u16,
    /// Where `AF_UNIX` sockets have their paths. It goes when this goes, whatever became of the run.
    dir: Option<TempDir>,
}

impl Endpoints {
    pub(super) fn of(transport: Transport, port: u16) -> io::Result<Self> {
        let dir = transport.is_local().then(|| {
            let mut named = tempfile::Builder::new();
            named.prefix("lab-").tempdir()
        });
        Ok(Self {
            transport,
            port,
            dir: dir.transpose()?,
        })
    }

    /// Where the server is to listen.
    pub(super) fn server(&self) -> io::Result<SockAddr> {
        self.local("server")
            .unwrap_or_else(|| Ok(loopback(self.transport, self.port)))
    }

    /// What a client binds its socket to before anything else, if it does: a datagram needs an
    /// address that it can be answered at, and a path tells clients apart as ports do.
    pub(super) fn client(&self, number: usize) -> Option<io::Result<SockAddr>> {
        self.local(&format!("client-{number}")).or_else(|| {
            let binds = !self.transport.has_connections();
            binds.then(|| Ok(loopback(self.transport, 0)))
        })
    }

    fn local(&self, name: &str) -> Option<io::Result<SockAddr>> {
        let dir = self.dir.as_ref()?;
        Some(SockAddr::unix(dir.path().join(name)))
    }
}

fn loopback(transport: Transport, port: u16) -> SockAddr {
    match transport {
        Transport::Tcp6 => SocketAddr::from((Ipv6Addr::LOCALHOST, port)).into(),
        _ => SocketAddr::from((Ipv4Addr::LOCALHOST, port)).into(),
    }
}

/// A new socket.
pub(super) fn socket(transport: Transport) -> io::Result<Socket> {
    let (domain, kind, protocol) = match transport {
        Transport::Tcp => (Domain::IPV4, Type::STREAM, Some(Protocol::TCP)),
        Transport::Tcp6 => (Domain::IPV6, Type::STREAM, Some(Protocol::TCP)),
        Transport::Udp => (Domain::IPV4, Type::DGRAM, Some(Protocol::UDP)),
        Transport::Unix => (Domain::UNIX, Type::STREAM, None),
        Transport::UnixSeqpacket => (Domain::UNIX, Type::SEQPACKET, None),
        Transport::UnixDatagram => (Domain::UNIX, Type::DGRAM, None),
    };
    Socket::new(domain, kind, protocol)
}

/// An address as a person reads it; empty for a socket that has none.
pub(super) fn name(address: &SockAddr) -> String {
    if let Some(address) = address.as_socket() {
        return address.to_string();
    }
    let path = address.as_pathname();
    path.map_or_else(String::new, |path| path.display().to_string())
}

/// Whether an error says that this system lacks the transport: no such family or type of socket,
/// or no loopback address of it.
pub(super) fn is_lacking(transport: Transport, error: &io::Error) -> bool {
    // Every system that the labs run on has these two, so there it is another trouble.
    !matches!(transport, Transport::Tcp | Transport::Udp)
        && (error.kind() == io::ErrorKind::AddrNotAvailable
            || error.kind() == io::ErrorKind::Unsupported
            || error
                .raw_os_error()
                .is_some_and(|code| NO_SUCH_SOCKET.contains(&code)))
}

/// No such family, protocol or type of socket.
#[cfg(unix)]
const NO_SUCH_SOCKET: [i32; 3] = [
    libc::EAFNOSUPPORT,
    libc::EPROTONOSUPPORT,
    libc::ESOCKTNOSUPPORT,
];
/// The same in Winsock's numbers.
#[cfg(not(unix))]
const NO_SUCH_SOCKET: [i32; 3] = [10_047, 10_043, 10_044];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_gone_with_the_run() {
        let endpoints = Endpoints::of(Transport::Unix, 0).expect("a directory");
        let path = name(&endpoints.server().expect("a short path"));
        let bound = socket(Transport::Unix).expect("a socket");
        bound
            .bind(&endpoints.server().expect("a short path"))
            .expect("a free path");
        assert!(std::fs::exists(&path).expect("a look"), "{path}");
        drop(endpoints);
        assert!(!std::fs::exists(&path).expect("a look"), "{path}");
    }

    #[test]
    fn a_client_has_an_address_of_its_own_where_it_needs_one() {
        let client = |transport| {
            let endpoints = Endpoints::of(transport, 7).expect("a directory");
            endpoints
                .client(2)
                .map(|address| name(&address.expect("an address")))
        };
        assert_eq!(client(Transport::Tcp), None);
        assert_eq!(client(Transport::Udp).as_deref(), Some("127.0.0.1:0"));
        let path = client(Transport::UnixSeqpacket).expect("a path");
        assert!(path.ends_with("client-2"), "{path}");
    }

    #[test]
    fn only_a_transport_that_may_be_missing_is_said_to_be() {
        let none = || io::Error::from(io::ErrorKind::AddrNotAvailable);
        assert!(is_lacking(Transport::Tcp6, &none()));
        assert!(!is_lacking(Transport::Tcp, &none()));
        let in_use = io::Error::from(io::ErrorKind::AddrInUse);
        assert!(!is_lacking(Transport::Tcp6, &in_use));
    }
}
