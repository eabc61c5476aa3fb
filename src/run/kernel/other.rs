//! Systems without a seam of their own: the labs run, and no cause is claimed.

use std::io::{self, PipeReader};
use std::net::SocketAddr;

use socket2::Socket;

use super::{Arrived, Pipe, RawStamp, Sent};
use crate::event::{ReceiverState, SenderState, TcpState, UNSUPPORTED};

/// Nothing can be asked.
pub(super) const EVIDENCE: &[&str] = &[];

/// Each is a question that has no answer here.
macro_rules! unknown {
    ($($question:ident($($of:ty),*) -> $answer:ty;)+) => {
        $(pub(super) fn $question($(_: $of),*) -> Option<$answer> {
            None
        })+
    };
}

unknown! {
    queued(&Socket) -> u64;
    unacked(&Socket) -> u64;
    unsent(&Socket) -> u64;
    sender_state(&Socket) -> SenderState;
    receiver_state(&Socket, u64) -> ReceiverState;
    sent(&mut Counters) -> Sent;
    dropped(&Socket) -> u64;
    state(&Socket) -> TcpState;
    state_of(SocketAddr, SocketAddr) -> TcpState;
    has_error(&Socket) -> bool;
    is_at_end(&Socket) -> bool;
    pipe(&PipeReader) -> Pipe;
    waits_for_room(u32) -> bool;
    first_free_port() -> u16;
    // `ErrorKind` names an error well enough.
    errno(i32) -> &'static str;
}

/// Nothing is counted.
#[derive(Default)]
pub(in crate::run) struct Counters;

/// Whether a write would find room: to be found out by writing, after a moment.
pub(in crate::run) fn has_room(_: &Socket) -> io::Result<bool> {
    std::thread::sleep(std::time::Duration::from_millis(1));
    Ok(true)
}

/// Whether a read would return at once: to be found out by reading, which waits.
pub(in crate::run) fn is_readable(_: &Socket) -> io::Result<bool> {
    Ok(true)
}

/// A look-out that has nothing to go by but the time.
pub(in crate::run) struct Watch;

/// Nobody is asleep for long.
#[derive(Clone)]
pub(in crate::run) struct Waker;

impl Watch {
    pub(in crate::run) fn of(_: &Socket) -> io::Result<Self> {
        Ok(Self)
    }

    pub(in crate::run) fn waker(&self) -> Waker {
        Waker
    }

    pub(in crate::run) fn sleep(&self, most: std::time::Duration) -> io::Result<()> {
        std::thread::sleep(most.min(std::time::Duration::from_millis(2)));
        Ok(())
    }
}

impl Waker {
    pub(in crate::run) fn wake(&self) {}
}

/// There is nobody to ask.
pub(super) fn ask_for_reports(_: &Socket, _stream: bool) {}

/// None will come.
pub(super) fn ask_for_stamps(_: &Socket) -> bool {
    false
}

/// There is none.
pub(super) fn fetch_stamp(_: &Socket, _: &mut Vec<RawStamp>) -> bool {
    false
}

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
