//! Linux: `TCP_INFO`, `TCP_INQ`, the queue ioctls, `SO_RXQ_OVFL`, `SO_MEMINFO`, `MSG_TRUNC`,
//! pipes.
//!
//! No crate wraps these, so this file calls libc itself; each `unsafe` says why it is sound.
#![allow(unsafe_code, reason = "the seam to system calls that no crate wraps")]

use std::fs::{self, OpenOptions};
use std::io::{self, PipeReader};
use std::mem::{self, MaybeUninit};
use std::net::SocketAddr;
use std::os::fd::{AsFd, AsRawFd};
use std::os::unix::fs::OpenOptionsExt;
use std::slice;

use libc::{c_int, c_void, socklen_t};
use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout};
use socket2::{SockAddr, Socket};

pub(in crate::run) use super::snmp::Counters;
pub(super) use super::snmp::sent;
use super::stamps::Told;
pub(in crate::run) use super::watch::{Waker, Watch};
use super::{Arrived, Pipe, RawStamp};
use crate::event::{ReceiverState, SenderState, TcpState};

/// What this kernel can be asked, for the trace.
pub(super) const EVIDENCE: &[&str] = &[
    "tcp_info",
    "timestamping",
    "inq",
    "fionread",
    "outq",
    "outqnsd",
    "rxq_ovfl",
    "meminfo",
    "msg_trunc",
    "sock_diag",
    "snmp",
    "pipe",
];

// Offsets into `struct tcp_info` of <linux/tcp.h>; the one that libc has for musl is shorter.
// The kernel only ever appends to it, and says how much it gave.
const SND_MSS: usize = 16;
const TOTAL_RETRANS: usize = 100;
const NOTSENT_BYTES: usize = 144;
const DATA_SEGS_OUT: usize = 156;
const BYTES_RECEIVED: usize = 128;
const DATA_SEGS_IN: usize = 152;
const BYTES_RETRANS: usize = 208;
const RCV_OOOPACK: usize = 224;
const TCP_INFO_SIZE: usize = 256;

/// `SIOCOUTQNSD` of <linux/sockios.h>: bytes not yet sent.
const SIOCOUTQNSD: libc::Ioctl = 0x894B;
/// `TCP_INQ`, and the type of its control message, `TCP_CM_INQ`, of <linux/tcp.h>.
const TCP_INQ: c_int = 36;
/// The same of an `AF_UNIX` stream: `SO_INQ` of <asm-generic/socket.h> (Linux 6.17).
const SO_INQ: c_int = 84;
/// The place of the drop count in what `SO_MEMINFO` gives (`SK_MEMINFO_DROPS`).
const MEMINFO_DROPS: usize = 8;

#[allow(clippy::cast_possible_truncation, reason = "four")]
const INT_SIZE: socklen_t = mem::size_of::<c_int>() as socklen_t;

/// What the kernel says, in as much of `into` as it fills.
fn getsockopt<'a>(
    socket: &Socket,
    level: c_int,
    name: c_int,
    into: &'a mut [u8],
) -> io::Result<&'a [u8]> {
    let mut len = socklen_t::try_from(into.len()).map_err(io::Error::other)?;
    // SAFETY: `into` is writable for the `len` bytes that are announced, and the kernel writes at
    // most that many; the descriptor is open for as long as `socket` is borrowed.
    let result = unsafe {
        libc::getsockopt(
            socket.as_raw_fd(),
            level,
            name,
            into.as_mut_ptr().cast::<c_void>(),
            &raw mut len,
        )
    };
    Errno::result(result)?;
    Ok(&into[..len as usize])
}

pub(super) fn u32_at(bytes: &[u8], at: usize) -> Option<u64> {
    let bytes = bytes.get(at..at + 4)?.try_into().ok()?;
    Some(u32::from_ne_bytes(bytes).into())
}

pub(super) fn u64_at(bytes: &[u8], at: usize) -> Option<u64> {
    let bytes = bytes.get(at..at + 8)?.try_into().ok()?;
    Some(u64::from_ne_bytes(bytes))
}

fn setsockopt(socket: &Socket, level: c_int, name: c_int, value: c_int) -> io::Result<()> {
    // SAFETY: the option value is a live c_int and its size is given.
    let result = unsafe {
        libc::setsockopt(
            socket.as_raw_fd(),
            level,
            name,
            (&raw const value).cast::<c_void>(),
            INT_SIZE,
        )
    };
    Errno::result(result)?;
    Ok(())
}

fn count(of: &impl AsRawFd, request: libc::Ioctl) -> io::Result<u64> {
    let mut n: c_int = 0;
    // SAFETY: each request used here stores one int through the pointer, and `n` outlives the call.
    let result = unsafe { libc::ioctl(of.as_raw_fd(), request, &raw mut n) };
    Errno::result(result)?;
    u64::try_from(n).map_err(io::Error::other)
}

/// Bytes in the receive queue (`FIONREAD`); a queued FIN does not count.
pub(super) fn queued(socket: &Socket) -> Option<u64> {
    count(socket, libc::FIONREAD).ok()
}

/// Bytes written and not yet acknowledged (`SIOCOUTQ`).
pub(super) fn unacked(socket: &Socket) -> Option<u64> {
    count(socket, libc::TIOCOUTQ).ok()
}

/// Bytes written and not yet sent (`SIOCOUTQNSD`).
pub(super) fn unsent(socket: &Socket) -> Option<u64> {
    count(socket, SIOCOUTQNSD).ok()
}

/// The sending half of a stream, as the kernel counts it; nothing if the kernel is too old to count
/// data segments.
pub(super) fn sender_state(socket: &Socket) -> Option<SenderState> {
    // Asked first: what was acknowledged by now had not been sent again, if nothing has by then.
    let unacked = unacked(socket)?;
    let mut info = [0; TCP_INFO_SIZE];
    let info = getsockopt(socket, libc::IPPROTO_TCP, libc::TCP_INFO, &mut info).ok()?;
    let field = |at| u32_at(info, at);
    Some(SenderState {
        unacked,
        unsent: field(NOTSENT_BYTES)?,
        fin: false,
        over: TcpState::from_repr(*info.first()?) == Some(TcpState::Close),
        segments_out: field(DATA_SEGS_OUT)?,
        retransmitted: field(TOTAL_RETRANS)?,
        resent: u64_at(info, BYTES_RETRANS),
        mss: field(SND_MSS),
    })
}

/// The receiving half of a stream of which reads have returned so many bytes.
pub(super) fn receiver_state(socket: &Socket, read: u64) -> Option<ReceiverState> {
    let mut info = [0; TCP_INFO_SIZE];
    let info = getsockopt(socket, libc::IPPROTO_TCP, libc::TCP_INFO, &mut info).ok()?;
    let received = u64_at(info, BYTES_RECEIVED)?;
    let fin = match TcpState::from_repr(*info.first()?)? {
        TcpState::Established | TcpState::FinWait1 | TcpState::FinWait2 => 0,
        TcpState::CloseWait | TcpState::LastAck | TcpState::Closing => 1,
        // It is over, by FIN or by RST; what neither was read nor can be is a FIN.
        TcpState::Close => received.checked_sub(read.checked_add(queued(socket)?)?)?,
        _ => return None,
    };
    if fin > 1 {
        return None;
    }
    Some(ReceiverState {
        bytes: received.checked_sub(fin)?,
        segments: u32_at(info, DATA_SEGS_IN)?,
        early: u32_at(info, RCV_OOOPACK),
    })
}

/// The state of a connection (`tcpi_state`; the numbers are those of `net/tcp_states.h`).
pub(super) fn state(socket: &Socket) -> Option<TcpState> {
    let mut info = [0; TCP_INFO_SIZE];
    let info = getsockopt(socket, libc::IPPROTO_TCP, libc::TCP_INFO, &mut info).ok()?;
    TcpState::from_repr(*info.first()?)
}

/// The state of the end at `own` of a connection, its socket open or not (`sock_diag`).
pub(super) fn state_of(own: SocketAddr, peer: SocketAddr) -> Option<TcpState> {
    super::sock_diag::state(own, peer)
}

/// What of these events is so now (poll(2)).
fn poll(of: &impl AsFd, events: PollFlags) -> io::Result<PollFlags> {
    let mut polled = [PollFd::new(of.as_fd(), events)];
    nix::poll::poll(&mut polled, PollTimeout::ZERO)?;
    Ok(polled[0].revents().unwrap_or(PollFlags::empty()))
}

/// Whether a write would find room now, or fail at once. (POLLERR says neither: a time stamp that
/// nobody has fetched raises it. A connection that an error has ended raises POLLHUP.)
pub(in crate::run) fn has_room(socket: &Socket) -> io::Result<bool> {
    let now = poll(socket, PollFlags::POLLOUT)?;
    Ok(now.intersects(PollFlags::POLLOUT | PollFlags::POLLHUP))
}

/// Whether a read, or an accept, would return at once.
pub(in crate::run) fn is_readable(socket: &Socket) -> io::Result<bool> {
    Ok(!poll(socket, PollFlags::POLLIN)?.is_empty())
}

/// Whether a FIN has come, or a reset; over `AF_UNIX`, whether the other socket is shut (POLLRDHUP,
/// POLLHUP). What came before is in the queue by then.
pub(super) fn is_at_end(socket: &Socket) -> Option<bool> {
    // To nix POLLRDHUP is no flag.
    let mut polled = libc::pollfd {
        fd: socket.as_raw_fd(),
        events: libc::POLLRDHUP,
        revents: 0,
    };
    // SAFETY: one live pollfd, of a descriptor that is open for as long as `socket` is borrowed.
    Errno::result(unsafe { libc::poll(&raw mut polled, 1, 0) }).ok()?;
    Some(polled.revents & (libc::POLLRDHUP | libc::POLLHUP) != 0)
}

/// Whether an error is ready for the next call, or a time stamp to be fetched (POLLERR); looking
/// takes neither away.
pub(super) fn has_error(socket: &Socket) -> Option<bool> {
    Some(
        poll(socket, PollFlags::empty())
            .ok()?
            .contains(PollFlags::POLLERR),
    )
}

/// Datagrams dropped at this socket for want of room (`SO_MEMINFO`).
pub(super) fn dropped(socket: &Socket) -> Option<u64> {
    let mut info = [0; 64];
    let info = getsockopt(socket, libc::SOL_SOCKET, libc::SO_MEMINFO, &mut info).ok()?;
    u32_at(info, MEMINFO_DROPS * 4)
}

/// What a pipe holds, by its reading end.
pub(super) fn pipe(end: &PipeReader) -> Option<Pipe> {
    // SAFETY: `F_GETPIPE_SZ` takes no argument and changes nothing; the descriptor is open for as
    // long as `end` is borrowed.
    let capacity = unsafe { libc::fcntl(end.as_raw_fd(), libc::F_GETPIPE_SZ) };
    let queued = count(end, libc::FIONREAD).ok()?;
    // Asked before there is the writer below, with which nothing would be at its end.
    let is_readable = !poll(end, PollFlags::POLLIN).ok()?.is_empty();
    // Only a writing end can be asked whether a write would find room.
    let writer = OpenOptions::new()
        .write(true)
        .custom_flags(libc::O_NONBLOCK)
        .open(format!("/proc/self/fd/{}", end.as_raw_fd()))
        .ok()?;
    Some(Pipe {
        queued,
        capacity: u64::try_from(capacity).ok()?,
        is_readable,
        is_full: !poll(&writer, PollFlags::POLLOUT)
            .ok()?
            .contains(PollFlags::POLLOUT),
    })
}

/// Whether a process sleeps in a write to a pipe (`/proc/PID/wchan`, the kernel's function that it
/// sleeps in: `pipe_write`, on newer kernels `anon_pipe_write`).
pub(super) fn waits_for_room(pid: u32) -> Option<bool> {
    let place = fs::read_to_string(format!("/proc/{pid}/wchan")).ok()?;
    Some(place.ends_with("pipe_write"))
}

/// The first port that everybody may bind (ip(7)).
pub(super) fn first_free_port() -> Option<u16> {
    let first = fs::read_to_string("/proc/sys/net/ipv4/ip_unprivileged_port_start").ok()?;
    first.trim().parse().ok()
}

/// Asks the kernel to say with each read how much is left, or how much was dropped.
pub(super) fn ask_for_reports(socket: &Socket, stream: bool) {
    // An old kernel refuses; then the reads carry no report, which is an answer of its own.
    let _ = if stream {
        let of_tcp = setsockopt(socket, libc::IPPROTO_TCP, TCP_INQ, 1);
        of_tcp.or_else(|_| setsockopt(socket, libc::SOL_SOCKET, SO_INQ, 1))
    } else {
        setsockopt(socket, libc::SOL_SOCKET, libc::SO_RXQ_OVFL, 1)
    };
}

/// recv(2) on a stream, with the count of bytes left in the queue.
pub(super) fn recv(socket: &Socket, buffer: &mut [u8]) -> io::Result<Arrived> {
    let message = recvmsg(socket, buffer, 0)?;
    // Once a FIN is queued, TCP_INQ counts it as one more byte and FIONREAD does not. FIONREAD
    // alone would be late: bytes may arrive after the read. Nothing arrives after a FIN, so the
    // smaller of the two is the count at the return of the read.
    let left = message.inq.and_then(|inq| Some(inq.min(queued(socket)?)));
    Ok(Arrived {
        len: message.len,
        left,
        ..Arrived::default()
    })
}

/// recvfrom(2) of one datagram, with what was cut off it and what was dropped.
pub(super) fn recvfrom(socket: &Socket, buffer: &mut [u8], wait: bool) -> io::Result<Arrived> {
    // MSG_TRUNC makes the kernel return the datagram's real length.
    let flags = libc::MSG_TRUNC | if wait { 0 } else { libc::MSG_DONTWAIT };
    let message = recvmsg(socket, buffer, flags)?;
    let len = message.len.min(buffer.len());
    Ok(Arrived {
        len,
        left: None,
        truncated: Some((message.len - len) as u64),
        dropped: dropped(socket).or(message.overflow),
        // Asked after the drops: what came in between is in one of the two.
        next: queued(socket),
        from: Some(message.from),
    })
}

struct Message {
    len: usize,
    from: SockAddr,
    inq: Option<u64>,
    overflow: Option<u64>,
}

fn recvmsg(socket: &Socket, buffer: &mut [u8], flags: c_int) -> io::Result<Message> {
    let (mut inq, mut overflow) = (None, None);
    let (len, from) = receive::<128>(socket, buffer, flags, |level, kind, data| {
        let value = u32_at(data, 0);
        match (level, kind) {
            (libc::IPPROTO_TCP, TCP_INQ) | (libc::SOL_SOCKET, SO_INQ) => inq = value,
            (libc::SOL_SOCKET, libc::SO_RXQ_OVFL) => overflow = value,
            _ => {}
        }
    })?;
    Ok(Message {
        len,
        from,
        inq,
        overflow,
    })
}

/// Asks for a time stamp of each write's last byte, when it leaves and when it is acknowledged, with
/// the counters of that moment. Says whether they will come.
///
/// The stamps are numbered by bytes, from those written by now on. Before Linux 6.2 it is from
/// those acknowledged by now on: the same, if nothing was written yet.
pub(super) fn ask_for_stamps(socket: &Socket) -> bool {
    let wanted = libc::SOF_TIMESTAMPING_TX_SOFTWARE
        | libc::SOF_TIMESTAMPING_TX_ACK
        | libc::SOF_TIMESTAMPING_SOFTWARE
        | libc::SOF_TIMESTAMPING_OPT_ID
        | libc::SOF_TIMESTAMPING_OPT_TSONLY
        | libc::SOF_TIMESTAMPING_OPT_STATS;
    let ask = |flags: libc::c_uint| {
        let (level, name) = (libc::SOL_SOCKET, libc::SO_TIMESTAMPING);
        setsockopt(socket, level, name, flags.cast_signed()).is_ok()
    };
    ask(wanted | libc::SOF_TIMESTAMPING_OPT_ID_TCP) || ask(wanted)
}

/// Fetches the oldest stamp and adds it, if it says enough; `false` if there is none.
pub(super) fn fetch_stamp(socket: &Socket, into: &mut Vec<RawStamp>) -> bool {
    let mut told = Told::default();
    let flags = libc::MSG_ERRQUEUE | libc::MSG_DONTWAIT;
    let note = |level, kind, data: &[u8]| told.note(level, kind, data);
    let is_one = receive::<1024>(socket, &mut [], flags, note).is_ok();
    into.extend(told.whole());
    is_one
}

/// recvmsg(2); `each` is handed the level, the type and the data of every control message, of which
/// `CONTROL` bytes have room.
fn receive<const CONTROL: usize>(
    socket: &Socket,
    buffer: &mut [u8],
    flags: c_int,
    mut each: impl FnMut(c_int, c_int, &[u8]),
) -> io::Result<(usize, SockAddr)> {
    // Control messages must start aligned like their header.
    #[repr(C, align(8))]
    struct Control<const N: usize>([u8; N]);
    let mut control = Control([0; CONTROL]);
    let mut iov = libc::iovec {
        iov_base: buffer.as_mut_ptr().cast::<c_void>(),
        iov_len: buffer.len(),
    };
    // SAFETY: msghdr is plain data for which all zeros is a valid value.
    let mut header: libc::msghdr = unsafe { MaybeUninit::zeroed().assume_init() };
    header.msg_iov = &raw mut iov;
    header.msg_iovlen = 1;
    header.msg_control = (&raw mut control.0).cast::<c_void>();
    header.msg_controllen = control.0.len() as _;
    // SAFETY: `try_init` hands a zeroed sockaddr_storage and its length; recvmsg writes at most
    // that length and stores the length used. All other pointers in `header` point to the live
    // locals and to `buffer`, with their true sizes.
    let (len, from) = unsafe {
        SockAddr::try_init(|storage, length| {
            header.msg_name = storage.cast::<c_void>();
            header.msg_namelen = *length;
            let received = libc::recvmsg(socket.as_raw_fd(), &raw mut header, flags);
            *length = header.msg_namelen;
            usize::try_from(received).map_err(|_| io::Error::last_os_error())
        })
    }?;
    // SAFETY: the kernel filled `control` and set `msg_controllen`; CMSG_FIRSTHDR and CMSG_NXTHDR
    // stay inside it, and so does what `cmsg_len` says from the header on.
    unsafe {
        let before = libc::CMSG_LEN(0) as usize;
        let mut at = libc::CMSG_FIRSTHDR(&raw const header);
        while !at.is_null() {
            let len = ((*at).cmsg_len as usize).saturating_sub(before);
            let data = slice::from_raw_parts(libc::CMSG_DATA(at), len);
            each((*at).cmsg_level, (*at).cmsg_type, data);
            at = libc::CMSG_NXTHDR(&raw const header, at);
        }
    }
    Ok((len, from))
}

/// `TCP_CORK`.
pub(in crate::run) fn set_cork(socket: &Socket, on: bool) -> io::Result<()> {
    socket.set_tcp_cork(on)
}

/// `TCP_QUICKACK`.
pub(in crate::run) fn set_quickack(socket: &Socket, on: bool) -> io::Result<()> {
    socket.set_tcp_quickack(on)
}

/// `TCP_MAXSEG`.
pub(in crate::run) fn set_max_segment(socket: &Socket, bytes: u32) -> io::Result<()> {
    socket.set_tcp_mss(bytes)
}

/// The name of an error number, of those that a socket or a file may meet.
pub(super) fn errno(code: i32) -> Option<&'static str> {
    macro_rules! name_of {
        ($($name:ident)*) => {
            match code {
                $(libc::$name => Some(stringify!($name)),)*
                _ => None,
            }
        };
    }
    name_of! {
        EACCES EAGAIN EADDRINUSE EADDRNOTAVAIL EBADF ECONNABORTED ECONNREFUSED ECONNRESET
        EDESTADDRREQ EINPROGRESS EINVAL EISCONN EMFILE EMSGSIZE ENETUNREACH ENFILE ENOBUFS ENOMEM
        ENOPROTOOPT ENOTCONN EPERM EPIPE ETIMEDOUT
    }
}
