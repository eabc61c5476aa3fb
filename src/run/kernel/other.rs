//! Systems without a seam of their own: the labs run, and no cause is claimed.

use std::io::{self, PipeReader};
use std::net::SocketAddr;

use socket2::Socket;

use super::{Arrived, Pipe};
use crate::event::{SenderState, TcpState, UNSUPPORTED};

/// Nothing can be asked.
pub(super) const EVIDENCE: &[&str] = &[];

/// Not known here.
pub(super) fn queued(_: &Socket) -> Option<u64> {
    None
}

/// Not known here.
pub(super) fn unacked(_: &Socket) -> Option<u64> {
    None
}

/// Not known here.
pub(super) fn unsent(_: &Socket) -> Option<u64> {
    None
}

/// Not known here.
pub(super) fn sender_state(_: &Socket) -> Option<SenderState> {
    None
}

/// Not known here.
pub(super) fn dropped(_: &Socket) -> Option<u64> {
    None
}

/// Not known here.
pub(super) fn state(_: &Socket) -> Option<TcpState> {
    None
}

/// Not known here.
pub(super) fn state_of(_: SocketAddr, _: SocketAddr) -> Option<TcpState> {
    None
}

/// Not known here.
pub(super) fn has_error(_: &Socket) -> Option<bool> {
    None
}

/// Not known here.
pub(super) fn pipe(_: &PipeReader) -> Option<Pipe> {
    None
}

/// Not known here.
pub(super) fn waits_for_room(_: u32) -> Option<bool> {
    None
}

/// Whether a write would find room: to be found out by writing, after a moment.
pub(in crate::run) fn has_room(_: &Socket) -> io::Result<bool> {
    std::thread::sleep(std::time::Duration::from_millis(1));
    Ok(true)
}

/// There is nobody to ask.
pub(super) fn ask_for_reports(_: &Socket, _stream: bool) {}

/// recv(2) on a stream.
pub(super) fn recv(socket: &Socket, buffer: &mut [u8]) -> io::Result<Arrived> {
    super::plain_recv(socket, buffer)
}

/// recvfrom(2) of one datagram.
pub(super) fn recvfrom(socket: &Socket, buffer: &mut [u8], wait: bool) -> io::Result<Arrived> {
    super::plain_recvfrom(socket, buffer, wait)
}

fn unsupported() -> io::Error {
    io::Error::new(io::ErrorKind::Unsupported, UNSUPPORTED)
}

/// Linux only.
pub(in crate::run) fn set_cork(_: &Socket, _: bool) -> io::Result<()> {
    Err(unsupported())
}

/// Linux only.
pub(in crate::run) fn set_quickack(_: &Socket, _: bool) -> io::Result<()> {
    Err(unsupported())
}

/// Linux only.
pub(in crate::run) fn set_max_segment(_: &Socket, _: u32) -> io::Result<()> {
    Err(unsupported())
}

/// The name of an error number, not kept here: `ErrorKind` names it well enough.
pub(super) fn errno(_: i32) -> Option<&'static str> {
    None
}
