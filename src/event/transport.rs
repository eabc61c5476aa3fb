//! What carries the bytes of a run, and what follows from it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What carries the bytes.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, strum::Display,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Transport {
    /// A byte stream over loopback, 127.0.0.1 (`AF_INET`, `SOCK_STREAM`).
    #[default]
    Tcp,
    /// The same over `::1` (`AF_INET6`).
    Tcp6,
    /// Datagrams over loopback: `sendto` and `recvfrom` (`AF_INET`, `SOCK_DGRAM`).
    Udp,
    /// A byte stream between two programs of one machine, without a network (`AF_UNIX`,
    /// `SOCK_STREAM`).
    Unix,
    /// The same with a connection that keeps the edges (`SOCK_SEQPACKET`).
    UnixSeqpacket,
    /// Datagrams without a network (`AF_UNIX`, `SOCK_DGRAM`).
    UnixDatagram,
}

impl Transport {
    /// Whether one side listens and the other connects before a byte can go.
    pub fn has_connections(self) -> bool {
        !matches!(self, Self::Udp | Self::UnixDatagram)
    }

    /// Whether each write comes out as one read: datagrams, or the records of a seqpacket socket.
    /// If not, it is a stream of bytes.
    pub fn keeps_edges(self) -> bool {
        matches!(self, Self::Udp | Self::UnixSeqpacket | Self::UnixDatagram)
    }

    /// Whether what was sent may be dropped on the way. `AF_UNIX` lets the sender wait instead
    /// (unix(7)).
    pub fn may_drop(self) -> bool {
        self == Self::Udp
    }

    /// Whether TCP is at work: segments, ACKs, `TCP_INFO`.
    pub fn is_tcp(self) -> bool {
        matches!(self, Self::Tcp | Self::Tcp6)
    }

    /// Whether the sockets stay inside the machine and have paths for addresses (`AF_UNIX`).
    pub fn is_local(self) -> bool {
        matches!(self, Self::Unix | Self::UnixSeqpacket | Self::UnixDatagram)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_shown_by_the_name_that_it_is_written_by() {
        for transport in [
            Transport::Tcp,
            Transport::Tcp6,
            Transport::Udp,
            Transport::Unix,
            Transport::UnixSeqpacket,
            Transport::UnixDatagram,
        ] {
            let written = serde_json::to_value(transport).expect("a name");
            assert_eq!(written, transport.to_string());
            assert!(
                transport.has_connections() || transport.keeps_edges(),
                "a stream has a connection"
            );
        }
    }
}
