//! What the kernel can be asked about a socket. The one seam to the system: a port adds a file
//! here and changes none.
//!
//! Every answer is optional. Where a kernel does not say, the caller records nothing, and the
//! report says `undetermined` instead of guessing.

#[cfg(target_os = "linux")]
#[path = "linux_child.rs"]
mod child;
#[cfg(not(target_os = "linux"))]
#[path = "other_child.rs"]
mod child;
#[cfg(target_os = "linux")]
mod snmp;
#[cfg(target_os = "linux")]
mod sock_diag;
#[cfg(target_os = "linux")]
mod stamps;
#[cfg(target_os = "linux")]
#[path = "linux.rs"]
mod system;
#[cfg(not(target_os = "linux"))]
#[path = "other.rs"]
mod system;
#[cfg(target_os = "linux")]
mod watch;

use std::io::{self, PipeReader, Read};
use std::mem::MaybeUninit;
use std::net::SocketAddr;
use std::time::Duration;

use socket2::{SockAddr, Socket};

pub(super) use child::{end_group, is_over, is_over_by, lead_group};
pub(super) use system::{
    Counters, Waker, Watch, has_room, is_readable, set_cork, set_max_segment, set_quickack,
};

use crate::event::{Ends, ReceiverState, SenderState, TcpState};

/// What one read brought, with all that the kernel said along with it.
#[derive(Debug, Default)]
pub(super) struct Arrived {
    /// Bytes handed over.
    pub(super) len: usize,
    /// Bytes of a stream still queued as the read returned.
    pub(super) left: Option<u64>,
    /// Bytes of a datagram that did not fit and are gone.
    pub(super) truncated: Option<u64>,
    /// Datagrams dropped at this socket so far.
    pub(super) dropped: Option<u64>,
    /// Bytes of the datagram that is the first in the queue after that.
    pub(super) next: Option<u64>,
    /// Where a datagram came from.
    pub(super) from: Option<SockAddr>,
}

/// A time stamp of the kernel's, of a write's last byte, with the counters of that moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct RawStamp {
    /// When, since 1970.
    pub(super) at: Duration,
    /// The number of the byte, in 32 bits, if it was acknowledged and is not leaving.
    pub(super) acked: Option<u32>,
    /// Bytes that had left, each counted once.
    pub(super) sent: u64,
    /// Data segments sent.
    pub(super) segments_out: u64,
    /// Segments sent again.
    pub(super) retransmitted: u64,
    /// Bytes sent again.
    pub(super) resent: u64,
}

/// What all of TCP has sent so far in the network that a thread is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Sent {
    /// Segments.
    pub(super) all: u64,
    /// Those of them that were sent again.
    pub(super) again: u64,
}

/// A pipe, as the kernel sees it from its reading end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Pipe {
    /// Bytes in it.
    pub(super) queued: u64,
    /// How many bytes it was made for.
    pub(super) capacity: u64,
    /// Whether a read would return at once: with bytes, or because nobody can write any more.
    pub(super) is_readable: bool,
    /// Whether there is no page left for a write.
    pub(super) is_full: bool,
}

/// The kernel as a witness. `Silent` stands for a system that has no seam of its own: everything
/// works, nothing is claimed. Tests run it on every system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kernel {
    /// Ask it.
    Asked,
    /// Do not ask it.
    Silent,
}

impl Kernel {
    /// What can be asked, for the trace.
    pub fn evidence(self) -> Vec<String> {
        let known = self.ask(|| Some(system::EVIDENCE)).unwrap_or_default();
        known.iter().map(ToString::to_string).collect()
    }

    fn ask<T>(self, question: impl FnOnce() -> Option<T>) -> Option<T> {
        (self == Self::Asked).then(question).flatten()
    }

    /// Bytes in the receive queue; where the kernel has no count, at most `enough`, by a look at
    /// the bytes themselves that waits for the first of them.
    pub(super) fn queued(self, socket: &Socket, enough: u64) -> Option<u64> {
        self.ask(|| system::queued(socket)).or_else(|| {
            let mut buffer = vec![MaybeUninit::uninit(); usize::try_from(enough).ok()?];
            Some(socket.peek(&mut buffer).ok()? as u64)
        })
    }

    /// Bytes written and not yet acknowledged; a FIN counts as one.
    pub(super) fn unacked(self, socket: &Socket) -> Option<u64> {
        self.ask(|| system::unacked(socket))
    }

    /// Bytes written and not yet sent; a FIN counts as one.
    pub(super) fn unsent(self, socket: &Socket) -> Option<u64> {
        self.ask(|| system::unsent(socket))
    }

    /// The sending half of a stream; `shut` says whether its end has been written too.
    pub(super) fn sender_state(self, socket: &Socket, shut: bool) -> Option<SenderState> {
        let state = self.ask(|| system::sender_state(socket))?;
        Some(state.without_fin(shut))
    }

    /// The receiving half of a stream of which reads have returned so many bytes.
    pub(super) fn receiver_state(self, socket: &Socket, read: u64) -> Option<ReceiverState> {
        self.ask(|| system::receiver_state(socket, read))
    }

    /// What TCP has sent in this network, whoever wrote it.
    pub(super) fn sent(self, counters: &mut Counters) -> Option<Sent> {
        self.ask(|| system::sent(counters))
    }

    /// Asks for time stamps of what is written from now on, if it is the first; says whether they
    /// will come.
    pub(super) fn ask_for_stamps(self, socket: &Socket) -> bool {
        self == Self::Asked && system::ask_for_stamps(socket)
    }

    /// Fetches the oldest time stamp and adds it, if it says enough; `false` if there is none.
    pub(super) fn fetch_stamp(self, socket: &Socket, into: &mut Vec<RawStamp>) -> bool {
        self == Self::Asked && system::fetch_stamp(socket, into)
    }

    /// The state of a TCP connection.
    pub(super) fn state(self, socket: &Socket) -> Option<TcpState> {
        self.ask(|| system::state(socket))
    }

    /// The states of both ends of a connection, given by their addresses, the client's first.
    pub(super) fn ends(self, [client, server]: [SocketAddr; 2]) -> Ends {
        Ends {
            client: self.ask(|| system::state_of(client, server)),
            server: self.ask(|| system::state_of(server, client)),
        }
    }

    /// Whether nothing more can come: the other side has ended its half, or the connection.
    pub(super) fn is_at_end(self, socket: &Socket) -> bool {
        self.ask(|| system::is_at_end(socket)).unwrap_or(false)
    }

    /// Whether an error is ready for the next call, or a time stamp to be fetched.
    pub(super) fn has_error(self, socket: &Socket) -> Option<bool> {
        self.ask(|| system::has_error(socket))
    }

    /// Datagrams dropped at this socket so far.
    pub(super) fn dropped(self, socket: &Socket) -> Option<u64> {
        self.ask(|| system::dropped(socket))
    }

    /// What a pipe holds, by its reading end.
    pub(super) fn pipe(self, end: &PipeReader) -> Option<Pipe> {
        self.ask(|| system::pipe(end))
    }

    /// Whether a process is known to sleep in a write to a pipe, until there is room for it.
    pub(super) fn waits_for_room(self, pid: u32) -> bool {
        self.ask(|| system::waits_for_room(pid)).unwrap_or(false)
    }

    /// Asks for a report with each read.
    pub(super) fn ask_for_reports(self, socket: &Socket, stream: bool) {
        if self == Self::Asked {
            system::ask_for_reports(socket, stream);
        }
    }

    /// recv(2).
    pub(super) fn recv(self, socket: &Socket, buffer: &mut [u8]) -> io::Result<Arrived> {
        match self {
            Self::Asked => system::recv(socket, buffer),
            Self::Silent => plain_recv(socket, buffer),
        }
    }

    /// recv(2) on an `AF_UNIX` stream.
    pub(super) fn recv_local(self, socket: &Socket, buffer: &mut [u8]) -> io::Result<Arrived> {
        let before = self.ask(|| system::queued(socket));
        let arrived = self.recv(socket, buffer)?;
        if arrived.left.is_some() {
            return Ok(arrived);
        }
        let after = self.ask(|| system::queued(socket));
        let left = left_between(before, arrived.len as u64, after);
        Ok(Arrived { left, ..arrived })
    }

    /// recvfrom(2), or recv(2) of a record. Without `wait` it fails with `WouldBlock` when nothing is queued.
    pub(super) fn recvfrom(
        self,
        socket: &Socket,
        buffer: &mut [u8],
        wait: bool,
    ) -> io::Result<Arrived> {
        match self {
            Self::Asked => system::recvfrom(socket, buffer, wait),
            Self::Silent => plain_recvfrom(socket, buffer, wait),
        }
    }
}

fn plain_recv(mut socket: &Socket, buffer: &mut [u8]) -> io::Result<Arrived> {
    Ok(Arrived {
        len: socket.read(buffer)?,
        ..Arrived::default()
    })
}

fn plain_recvfrom(mut socket: &Socket, buffer: &mut [u8], wait: bool) -> io::Result<Arrived> {
    if !wait {
        // Without a count of drops nobody can say that nothing is on its way; loopback delivers
        // within this time, and what comes later is not claimed to be lost.
        socket.set_read_timeout(Some(Duration::from_millis(100)))?;
    }
    // This side alone reads the socket, so the one seen is the one read.
    let from = socket.peek_sender()?;
    Ok(Arrived {
        len: socket.read(buffer)?,
        from: Some(from),
        ..Arrived::default()
    })
}

/// What an `AF_UNIX` read left in the queue, from FIONREAD before and after it: certain if nothing
/// is there after it, or if the two differ by just what the read took, so that nothing had come
/// in between.
fn left_between(before: Option<u64>, taken: u64, after: Option<u64>) -> Option<u64> {
    match (before, after) {
        (_, Some(0)) => Some(0),
        (Some(before), Some(after)) if before.checked_sub(taken) == Some(after) => Some(after),
        _ => None,
    }
}

/// The first port that everybody may bind.
pub(super) fn first_free_port() -> u16 {
    system::first_free_port().unwrap_or(1024)
}

/// The name of an error as the system's headers have it, such as `ECONNRESET`.
pub(super) fn errno_name(error: &io::Error) -> String {
    let named = error.raw_os_error().and_then(system::errno);
    named.map_or_else(|| format!("{:?}", error.kind()), String::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(target_os = "linux")]
    #[test]
    fn a_read_of_a_local_stream_is_told_what_it_left() {
        let (own, peer) = Socket::pair(socket2::Domain::UNIX, socket2::Type::STREAM, None).unwrap();
        Kernel::Asked.ask_for_reports(&own, true);
        peer.send(b"helloworld").unwrap();
        let left = |arrived: io::Result<Arrived>| arrived.unwrap().left;
        // Linux 6.17 says so with the read, and an older one not.
        let told = left(system::recv(&own, &mut [0; 3]));
        assert!(told.is_none() || told == Some(7), "{told:?}");
        assert_eq!(left(Kernel::Asked.recv_local(&own, &mut [0; 5])), Some(2));
    }

    #[test]
    fn what_a_read_left_is_said_only_if_nothing_came_meanwhile() {
        assert_eq!(left_between(Some(10), 2, Some(8)), Some(8));
        assert_eq!(left_between(Some(10), 2, Some(9)), None, "one more came");
        assert_eq!(left_between(Some(0), 5, Some(0)), Some(0), "it waited");
        assert_eq!(left_between(Some(0), 5, Some(3)), None);
        assert_eq!(left_between(Some(8), 8, Some(0)), Some(0));
        assert_eq!(left_between(None, 2, None), None);
    }
}
