//! One side's socket, with the recorder around it. Each method is one socket call.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use socket2::{SockAddr, Socket};

use super::downloads::Downloads;
use super::kernel::{self, Arrived, Kernel};
use super::meeting::{Meeting, Port};
use super::progress::Observer;
use super::recorder::Recorder;
use crate::event::{Action, Bytes, DEADLINE, Read, SenderState, Side, Write};
use crate::lab::file::{Options, Transport};

/// What every call of one side needs.
pub(super) struct Context {
    pub(super) recorder: Arc<Recorder>,
    pub(super) meeting: Arc<Meeting>,
    pub(super) kernel: Kernel,
    pub(super) deadline: Instant,
    pub(super) downloads: Arc<Downloads>,
    pub(super) observer: Arc<dyn Observer>,
}

impl Context {
    /// Time left; an error once there is none, so that no call is made that could only wait.
    pub(super) fn left(&self) -> io::Result<Duration> {
        let left = self.deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            Err(io::ErrorKind::TimedOut.into())
        } else {
            Ok(left)
        }
    }

    /// The name of an error in the trace. A socket's own timeout is set to what is left of the
    /// run, so running into it is running into the deadline.
    fn name(&self, error: &io::Error) -> String {
        let waited = matches!(
            error.kind(),
            io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut
        ) || error.raw_os_error() == Some(EINPROGRESS);
        match error.get_ref() {
            _ if waited && self.deadline <= Instant::now() => DEADLINE.into(),
            // The program's own errors carry their name in the contract.
            Some(own) => own.to_string(),
            None => kernel::errno_name(error),
        }
    }

    /// Records a call that the kernel is not asked about afterwards.
    pub(super) fn call<T>(
        &self,
        action: Action,
        make: impl FnOnce() -> io::Result<T>,
        finish: impl FnOnce(&mut Action, &T),
    ) -> io::Result<T> {
        self.recorder
            .call(action, make, finish, || None, |error| self.name(error))
    }
}

/// connect(2) under a timeout ends so (Linux); elsewhere the deadline ends the run from outside.
const EINPROGRESS: i32 = 115;

/// How the kernel is asked for bytes.
type ReadCall = fn(Kernel, &Socket, &mut [u8]) -> io::Result<Arrived>;

/// A socket that can carry bytes.
pub(super) struct Connection {
    socket: Socket,
    transport: Transport,
    /// Where datagrams go.
    peer: Option<SockAddr>,
    /// The port at the client's end, once it is known.
    port: Option<Port>,
    /// Bytes handed to write calls: from the first on, the kernel has something to say of this
    /// side's sending.
    written: u64,
    /// Timeouts that the lab set, for reads and for writes.
    timeouts: [Option<Duration>; 2],
    /// A `quickack` to be set again after each read: the kernel forgets it.
    quickack: Option<bool>,
    buffer: Vec<u8>,
}

impl Connection {
    pub(super) fn new(socket: Socket, transport: Transport, peer: Option<SockAddr>) -> Self {
        Self {
            socket,
            transport,
            peer,
            port: None,
            written: 0,
            timeouts: [None, None],
            quickack: None,
            buffer: Vec::new(),
        }
    }

    /// A client's datagram socket, bound already.
    pub(super) fn datagrams(socket: Socket, server: SocketAddr) -> io::Result<Self> {
        let port = socket.local_addr()?.as_socket().map(|own| own.port());
        let mut connection = Self::new(socket, Transport::Udp, Some(server.into()));
        connection.port = port;
        Ok(connection)
    }

    /// The bare socket, for what comes before it is a connection.
    pub(super) fn into_socket(self) -> Socket {
        self.socket
    }

    /// connect(2).
    pub(super) fn connect(&mut self, ctx: &Context, address: SocketAddr) -> io::Result<()> {
        self.socket
            .set_write_timeout(Some(self.patience(ctx, 1)?))?;
        let action = Action::Connect {
            peer: address.to_string(),
            local: String::new(),
        };
        let local = ctx.call(
            action,
            || {
                self.socket.connect(&address.into())?;
                Ok(self.socket.local_addr()?.as_socket())
            },
            |action, own| {
                if let (Action::Connect { local, .. }, Some(own)) = (action, own) {
                    *local = own.to_string();
                }
            },
        )?;
        self.port = local.map(|local| local.port());
        ctx.kernel.ask_for_reports(&self.socket, true);
        Ok(())
    }

    /// accept(2).
    pub(super) fn accept(ctx: &Context, listener: &Socket) -> io::Result<Self> {
        listener.set_read_timeout(Some(ctx.left()?))?;
        let (socket, from) = ctx.call(
            Action::Accept {
                peer: String::new(),
            },
            || listener.accept(),
            |action, (_, from)| {
                if let (Action::Accept { peer }, Some(from)) = (action, from.as_socket()) {
                    *peer = from.to_string();
                }
            },
        )?;
        ctx.kernel.ask_for_reports(&socket, true);
        let mut connection = Self::new(socket, Transport::Tcp, None);
        connection.port = from.as_socket().map(|from| from.port());
        Ok(connection)
    }

    /// How long a call may wait: what is left of the run, or less if the lab says so.
    fn patience(&self, ctx: &Context, which: usize) -> io::Result<Duration> {
        let left = ctx.left()?;
        Ok(self.timeouts[which].map_or(left, |own| own.min(left)))
    }

    fn sender_state(&self, ctx: &Context) -> Option<SenderState> {
        if self.transport == Transport::Tcp && self.written > 0 {
            ctx.kernel.sender_state(&self.socket)
        } else {
            None
        }
    }

    /// send(2) with `MSG_DONTWAIT`: `None` if the kernel had no room.
    pub(super) fn write_some(&mut self, ctx: &Context, write: Write) -> io::Result<Option<usize>> {
        self.socket.set_nonblocking(true)?;
        let sent = self.write(ctx, write);
        self.socket.set_nonblocking(false)?;
        match sent {
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => Ok(None),
            sent => sent.map(Some),
        }
    }

    /// Waits until the kernel has room for a write again.
    pub(super) fn await_room(&self, ctx: &Context) -> io::Result<()> {
        let mut rest = Backoff::default();
        while !kernel::has_room(&self.socket)? {
            ctx.left()?;
            rest.wait();
        }
        Ok(())
    }

    /// send(2), or sendto(2) over UDP.
    pub(super) fn write(&mut self, ctx: &Context, write: Write) -> io::Result<usize> {
        self.socket
            .set_write_timeout(Some(self.patience(ctx, 1)?))?;
        self.written += write.asked;
        let bytes = write.hex.0.clone();
        let finish = |action: &mut Action, sent: &usize| {
            if let Action::Send(write) | Action::Sendto(write) = action {
                write.returned = Some(*sent as u64);
                write.hex.0.truncate(*sent);
            }
        };
        let (action, to) = match self.transport {
            Transport::Tcp => (Action::Send(write), None),
            Transport::Udp => {
                // Nobody has sent a datagram yet that this one could answer.
                let nobody = || io::Error::new(io::ErrorKind::NotConnected, "EDESTADDRREQ");
                (
                    Action::Sendto(write),
                    Some(self.peer.as_ref().ok_or_else(nobody)?),
                )
            }
        };
        let make = || match to {
            None => self.socket.send(&bytes),
            Some(to) => self.socket.send_to(&bytes, to),
        };
        let sent = ctx.recorder.call(
            action,
            make,
            finish,
            || self.sender_state(ctx),
            |error| ctx.name(error),
        )?;
        if self.transport == Transport::Udp {
            ctx.meeting.has_sent_datagram(ctx.recorder.side);
        }
        Ok(sent)
    }

    /// recv(2), or recvfrom(2) over UDP. `digest` is handed the bytes before the event is closed
    /// and may add to it what a decoder made of them.
    pub(super) fn read(
        &mut self,
        ctx: &Context,
        size: usize,
        digest: impl FnOnce(&[u8], &mut Read),
    ) -> io::Result<usize> {
        self.socket.set_read_timeout(Some(self.patience(ctx, 0)?))?;
        self.buffer.resize(size, 0);
        let Self {
            socket,
            buffer,
            transport,
            ..
        } = self;
        let (action, read): (_, ReadCall) = match transport {
            Transport::Tcp => (Action::Recv(Read::new(size)), |kernel, socket, buffer| {
                kernel.recv(socket, buffer)
            }),
            Transport::Udp => (
                Action::Recvfrom(Read::new(size)),
                |kernel, socket, buffer| kernel.recvfrom(socket, buffer, true),
            ),
        };
        let arrived = ctx.call(
            action,
            || {
                let arrived = read(ctx.kernel, socket, buffer)?;
                Ok((buffer[..arrived.len].to_vec(), arrived))
            },
            |action, (bytes, arrived)| {
                note(action, bytes, arrived);
                if let Action::Recv(read) | Action::Recvfrom(read) = action {
                    digest(bytes, read);
                }
            },
        );
        let (_, arrived) = arrived?;
        self.after_read(ctx, arrived)
    }

    /// recvfrom(2) of a datagram that is already there; `None` if there is none.
    pub(super) fn read_queued(&mut self, ctx: &Context, size: usize) -> io::Result<Option<usize>> {
        self.buffer.resize(size, 0);
        // Looking is not yet a call worth recording: only a datagram that was there is.
        let arrived = match ctx.kernel.recvfrom(&self.socket, &mut self.buffer, false) {
            Ok(arrived) => arrived,
            Err(error)
                if matches!(
                    error.kind(),
                    io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut
                ) =>
            {
                return Ok(None);
            }
            Err(error) => return Err(error),
        };
        let bytes = self.buffer[..arrived.len].to_vec();
        ctx.call(
            Action::Recvfrom(Read::new(size)),
            || Ok(()),
            |action, ()| note(action, &bytes, &arrived),
        )?;
        self.after_read(ctx, arrived).map(Some)
    }

    fn after_read(&mut self, ctx: &Context, arrived: Arrived) -> io::Result<usize> {
        let len = arrived.len;
        if let Some(from) = arrived.from {
            // To a server the sender is the client; to a client its own port stays its own.
            if ctx.recorder.side == Side::Server {
                self.port = from.as_socket().map(|from| from.port());
            }
            self.peer = Some(from);
        }
        if let Some(port) = self.port {
            ctx.meeting.has_read(ctx.recorder.side, port, len as u64);
        }
        if let Some(on) = self.quickack
            && len > 0
        {
            self.set_option(ctx, "TCP_QUICKACK", u64::from(on), |socket| {
                kernel::set_quickack(socket, on)
            })?;
        }
        Ok(len)
    }

    /// Bytes that this side has written.
    pub(super) fn written(&self) -> u64 {
        self.written
    }

    /// The port at the client's end; 0 while nobody knows it.
    pub(super) fn port(&self) -> Port {
        self.port.unwrap_or(0)
    }

    /// The datagrams dropped at this socket so far.
    pub(super) fn dropped(&self, ctx: &Context) -> Option<u64> {
        ctx.kernel.dropped(&self.socket)
    }

    /// setsockopt(2), once for each option that is set.
    pub(super) fn set(&mut self, ctx: &Context, options: &Options) -> io::Result<()> {
        let flag = u64::from;
        if let Some(on) = options.reuse_address {
            self.set_option(ctx, "SO_REUSEADDR", flag(on), |socket| {
                socket.set_reuse_address(on)
            })?;
        }
        if let Some(bytes) = options.send_buffer {
            self.set_option(ctx, "SO_SNDBUF", bytes.into(), |socket| {
                socket.set_send_buffer_size(bytes as usize)
            })?;
        }
        if let Some(bytes) = options.recv_buffer {
            self.set_option(ctx, "SO_RCVBUF", bytes.into(), |socket| {
                socket.set_recv_buffer_size(bytes as usize)
            })?;
        }
        for (which, (option, span)) in [
            ("SO_RCVTIMEO", options.recv_timeout),
            ("SO_SNDTIMEO", options.send_timeout),
        ]
        .into_iter()
        .enumerate()
        {
            if let Some(span) = span {
                let milliseconds = u64::try_from(span.0.as_millis()).unwrap_or(u64::MAX);
                self.timeouts[which] = Some(span.0);
                self.set_option(ctx, option, milliseconds, |socket| match which {
                    0 => socket.set_read_timeout(Some(span.0)),
                    _ => socket.set_write_timeout(Some(span.0)),
                })?;
            }
        }
        if let Some(bytes) = options.max_segment {
            self.set_option(ctx, "TCP_MAXSEG", bytes.into(), |socket| {
                kernel::set_max_segment(socket, bytes)
            })?;
        }
        if let Some(on) = options.nodelay {
            self.set_option(ctx, "TCP_NODELAY", flag(on), |socket| {
                socket.set_tcp_nodelay(on)
            })?;
        }
        if let Some(on) = options.cork {
            self.set_option(ctx, "TCP_CORK", flag(on), |socket| {
                kernel::set_cork(socket, on)
            })?;
        }
        if let Some(on) = options.quickack {
            self.set_option(ctx, "TCP_QUICKACK", flag(on), |socket| {
                kernel::set_quickack(socket, on)
            })?;
            self.quickack = Some(on);
        }
        Ok(())
    }

    fn set_option(
        &self,
        ctx: &Context,
        option: &str,
        value: u64,
        set: impl FnOnce(&Socket) -> io::Result<()>,
    ) -> io::Result<()> {
        let action = Action::Setsockopt {
            option: option.into(),
            value,
        };
        // Taking the cork out lets bytes go, so the kernel is asked after it.
        let done = ctx.recorder.call(
            action,
            || set(&self.socket),
            |_, ()| (),
            || self.sender_state(ctx),
            |error| ctx.name(error),
        );
        match done {
            // The record says so, and the run goes on without.
            Err(error) if error.kind() == io::ErrorKind::Unsupported => Ok(()),
            done => done,
        }
    }

    /// shutdown(2) of the sending half.
    pub(super) fn shutdown(&self, ctx: &Context) -> io::Result<()> {
        ctx.recorder.call(
            Action::Shutdown,
            || self.socket.shutdown(std::net::Shutdown::Write),
            |_, ()| (),
            || self.sender_state(ctx),
            |error| ctx.name(error),
        )
    }

    /// close(2); with `reset`, by RST.
    pub(super) fn close(self, ctx: &Context, reset: bool) -> io::Result<()> {
        // There is no asking afterwards.
        let before = self.sender_state(ctx);
        let action = if reset { Action::Abort } else { Action::Close };
        ctx.recorder.call(
            action,
            || {
                if reset {
                    self.socket.set_linger(Some(Duration::ZERO))?;
                }
                drop(self.socket);
                Ok(())
            },
            |_, ()| (),
            || before,
            |error| ctx.name(error),
        )
    }

    /// Asks the kernel again and again until `enough` says so, and returns the last answer;
    /// `None` where the kernel does not say.
    pub(super) fn poll(
        &self,
        ctx: &Context,
        question: impl Fn(&Socket) -> Option<u64>,
        enough: impl Fn(u64) -> bool,
    ) -> io::Result<Option<u64>> {
        self.socket.set_read_timeout(Some(ctx.left()?))?;
        let mut rest = Backoff::default();
        loop {
            match question(&self.socket) {
                None => return Ok(None),
                Some(count) if enough(count) => return Ok(Some(count)),
                Some(_) => {}
            }
            ctx.left()?;
            rest.wait();
        }
    }

    /// Records a wait, with what the kernel says of this socket after it.
    pub(super) fn record_wait<T>(
        &self,
        ctx: &Context,
        action: Action,
        wait: impl FnOnce() -> io::Result<T>,
        finish: impl FnOnce(&mut Action, &T),
    ) -> io::Result<T> {
        ctx.recorder.call(
            action,
            wait,
            finish,
            || self.sender_state(ctx),
            |error| ctx.name(error),
        )
    }
}

fn note(action: &mut Action, bytes: &[u8], arrived: &Arrived) {
    if let Action::Recv(read) | Action::Recvfrom(read) = action {
        read.returned = Some(arrived.len as u64);
        read.hex = Bytes(bytes.into());
        read.left = arrived.left;
        read.truncated = arrived.truncated;
        read.dropped = arrived.dropped;
    }
}

impl Read {
    fn new(size: usize) -> Self {
        Self {
            asked: size as u64,
            returned: None,
            hex: Bytes::default(),
            left: None,
            truncated: None,
            dropped: None,
            text: None,
            decoder: None,
        }
    }
}

/// How long to stay away between two questions to the kernel: not at all at first, since most
/// answers come within microseconds, then a little, to leave the processor to those who work.
#[derive(Default)]
pub(super) struct Backoff(u32);

impl Backoff {
    pub(super) fn wait(&mut self) {
        self.0 += 1;
        if self.0 < 100 {
            std::thread::yield_now();
        } else {
            std::thread::sleep(Duration::from_micros(50));
        }
    }
}
