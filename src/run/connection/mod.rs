//! One side's socket, with the recorder around it. Each method is one socket call.

mod ending;
mod options;
mod stamps;
mod wait;

use std::cell::{Cell, RefCell};
use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use socket2::{SockAddr, Socket};

pub(super) use super::context::Context;
use super::context::has_waited;
use super::endpoint;
use super::kernel::{self, Arrived, Kernel};
use super::recorder::Told;
use super::rendezvous::ClientName;
use crate::event::{Action, Bytes, Read, ReceiverState, SenderState, Side, Transport, Write};

use ending::await_client;
use stamps::Stamps;
pub(super) use wait::Backoff;
use wait::Timeout;

/// A socket that can carry bytes.
pub(super) struct Connection {
    socket: Socket,
    transport: Transport,
    /// Where datagrams go.
    peer: Option<SockAddr>,
    /// Whether the socket has its one peer, so that `send` and `recv` are for it.
    connected: bool,
    /// The address of the client's end, once it is known.
    client: Option<ClientName>,
    /// The addresses of both ends, the client's first, where they are a network's.
    ends: Option<[SocketAddr; 2]>,
    /// Bytes handed to write calls: from the first on, the kernel has something to say of this
    /// side's sending.
    written: u64,
    /// How much of it the kernel took, and how much this side has read: bytes, or messages where
    /// edges are kept.
    taken: u64,
    received: u64,
    /// Whether `shutdown` has put a FIN behind them.
    shut: Cell<bool>,
    /// Bytes that reads have returned.
    read: Cell<u64>,
    /// When its bytes left and were acknowledged.
    stamps: RefCell<Stamps>,
    /// Timeouts that the lab set, for reads and for writes.
    timeouts: [Option<Duration>; 2],
    /// A `quickack` to be set again after each read: the kernel forgets it.
    quickack: Option<bool>,
    buffer: Vec<u8>,
}

impl Connection {
    /// A socket; with a `peer` it is a client's for datagrams, bound already to its `own` address.
    pub(super) fn new(
        socket: Socket,
        transport: Transport,
        peer: Option<SockAddr>,
        own: Option<&SockAddr>,
    ) -> Self {
        Self {
            socket,
            transport,
            peer,
            connected: false,
            client: own.map(|own| endpoint::name(own).into()),
            ends: None,
            written: 0,
            taken: 0,
            received: 0,
            shut: Cell::new(false),
            read: Cell::new(0),
            stamps: RefCell::default(),
            timeouts: [None, None],
            quickack: None,
            buffer: Vec::new(),
        }
    }

    /// The bare socket, for what comes before it is a connection.
    pub(super) fn socket(&self) -> &Socket {
        &self.socket
    }

    /// connect(2).
    pub(super) fn connect(&mut self, ctx: &Context, address: &SockAddr) -> io::Result<()> {
        // With no time left the call is not made, and the record says of which one that is so.
        let timeout = self.patience_to_write(ctx);
        let action = Action::Connect {
            peer: endpoint::name(address),
            local: String::new(),
        };
        let own = ctx.call(
            action,
            || {
                let connected = timeout?.call(&self.socket, |socket| socket.connect(address));
                let own = self.socket.local_addr()?;
                // Even if nobody answers, there is a port, and packets that come from it.
                ctx.recorder.has_address(&own);
                connected.map(|()| own)
            },
            |action, own| {
                if let Action::Connect { local, .. } = action {
                    *local = endpoint::name(own);
                }
            },
        )?;
        self.connected = true;
        ctx.rendezvous.has_connected(ctx.recorder.actor);
        self.client = Some(endpoint::name(&own).into());
        self.ends = own.as_socket().zip(address.as_socket()).map(Into::into);
        self.ask_for_reports(ctx);
        Ok(())
    }

    /// accept(2), on a socket that listens.
    pub(super) fn accept(&self, ctx: &Context) -> io::Result<Self> {
        let timeout = self.patience_to_read(ctx);
        let listener = &self.socket;
        let (socket, from) = ctx.call(
            Action::Accept {
                peer: String::new(),
            },
            || {
                let timeout = timeout?;
                if !self.sets_a_time() {
                    await_client(ctx, listener)?;
                }
                timeout.call(listener, Socket::accept)
            },
            |action, (_, from)| {
                let peer = endpoint::name(from);
                *action = Action::Accept { peer };
            },
        )?;
        ctx.rendezvous.has_accepted();
        let own = socket.local_addr()?;
        let mut connection = Self::new(socket, self.transport, None, None);
        if self.transport.is_tcp() {
            // The kernel gives it the options of what listens.
            connection.timeouts = self.timeouts;
        }
        connection.connected = true;
        connection.client = Some(endpoint::name(&from).into());
        connection.ends = from.as_socket().zip(own.as_socket()).map(Into::into);
        connection.ask_for_reports(ctx);
        Ok(connection)
    }

    fn ask_for_reports(&self, ctx: &Context) {
        if !self.transport.keeps_edges() {
            ctx.kernel.ask_for_reports(&self.socket, true);
        }
    }

    /// How long a read may wait: what is left of the run, or less if the lab says so.
    fn patience_to_read(&self, ctx: &Context) -> io::Result<Timeout> {
        let left = ctx.left()?;
        let most = self.timeouts[0].map_or(left, |own| own.min(left));
        Timeout::set(&self.socket, most, Socket::set_read_timeout)
    }

    /// Whether a read waits as long as the lab says, also for those who have gone.
    fn sets_a_time(&self) -> bool {
        self.timeouts[0].is_some()
    }

    /// The same of a write, and of connect, which counts as one.
    fn patience_to_write(&self, ctx: &Context) -> io::Result<Timeout> {
        let left = ctx.left()?;
        let most = self.timeouts[1].map_or(left, |own| own.min(left));
        Timeout::set(&self.socket, most, Socket::set_write_timeout)
    }

    fn sender_state(&self, ctx: &Context) -> Option<SenderState> {
        let has_sent = self.transport.is_tcp() && self.written > 0;
        has_sent.then(|| ctx.kernel.sender_state(&self.socket, self.shut.get()))?
    }

    /// What the kernel says of this side's sending, and of what came to it.
    fn told(&self, ctx: &Context) -> Told {
        // The stamps first: what they tell was so before the look.
        let stamps = self.stamps.borrow_mut().take(ctx, &self.socket);
        Told {
            kernel: self.sender_state(ctx),
            arrived: None,
            stamps,
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

    /// send(2), or sendto(2) where there is no connection.
    pub(super) fn write(&mut self, ctx: &Context, write: Write) -> io::Result<usize> {
        let timeout = self.patience_to_write(ctx);
        if self.written == 0 && self.transport.is_tcp() {
            self.stamps.get_mut().ask(ctx, &self.socket);
        }
        self.written += write.asked;
        let bytes = write.hex.0.clone();
        let finish = |action: &mut Action, sent: &usize| {
            if let Action::Send(write) | Action::Sendto(write) = action {
                write.returned = Some(*sent as u64);
                write.hex.0.truncate(*sent);
            }
        };
        let (action, to) = if self.connected || self.transport.has_connections() {
            (Action::Send(write), None)
        } else {
            // Nobody has sent a datagram yet that this one could answer.
            let nobody = || io::Error::new(io::ErrorKind::NotConnected, "EDESTADDRREQ");
            let to = self.peer.as_ref().ok_or_else(nobody)?;
            let peer = Some(endpoint::name(to));
            (Action::Sendto(Write { peer, ..write }), Some(to))
        };
        let make = || {
            let sent = timeout?.call(&self.socket, |socket| match to {
                None => socket.send(&bytes),
                Some(to) => socket.send_to(&bytes, to),
            })?;
            self.stamps.borrow_mut().has_taken(sent);
            Ok(sent)
        };
        let sent = self.record(ctx, action, make, finish)?;
        self.taken += self.measured(sent);
        if !self.transport.has_connections() {
            let client = self.client();
            ctx.rendezvous.has_sent_datagram(ctx.recorder.side, &client);
        }
        Ok(sent)
    }

    /// recv(2), or recvfrom(2) where there is no connection. `digest` is handed the bytes before the event is closed
    /// and may add to it what a decoder made of them.
    pub(super) fn read(
        &mut self,
        ctx: &Context,
        size: usize,
        digest: impl FnOnce(&[u8], &mut Read),
    ) -> io::Result<usize> {
        let timeout = self.patience_to_read(ctx);
        self.buffer.resize(size, 0);
        let transport = self.transport;
        let action = if self.connected || transport.has_connections() {
            Action::Recv(Read::asking(size as u64))
        } else {
            Action::Recvfrom(Read::asking(size as u64))
        };
        let may_be_last = !transport.has_connections() && !self.sets_a_time();
        let inbox = may_be_last.then(|| self.inbox());
        let Self {
            socket,
            buffer,
            stamps,
            read: so_far,
            ..
        } = self;
        let arrived = ctx.call_and_ask(
            action,
            || {
                let timeout = timeout?;
                if let Some(inbox) = inbox {
                    inbox.await_one(ctx, socket)?;
                }
                let read = |socket: &Socket| read_by(transport, ctx.kernel, socket, buffer);
                let arrived = plain_end(transport, timeout.call(socket, read)?);
                so_far.set(so_far.get() + arrived.len as u64);
                Ok((&buffer[..arrived.len], arrived))
            },
            |action, (bytes, arrived)| {
                note(action, bytes, arrived);
                if let Action::Recv(read) | Action::Recvfrom(read) = action {
                    digest(bytes, read);
                }
            },
            || Told {
                stamps: stamps.get_mut().take(ctx, socket),
                arrived: arrived(ctx, transport, socket, so_far.get()),
                kernel: None,
            },
        );
        let (_, arrived) = arrived?;
        self.after_read(ctx, arrived)
    }

    /// What reads go into; it begins with what the last one returned.
    pub(super) fn buffer(&self) -> &[u8] {
        &self.buffer
    }

    /// recvfrom(2) of a datagram that is already there; `None` if there is none.
    pub(super) fn read_queued(&mut self, ctx: &Context, size: usize) -> io::Result<Option<usize>> {
        self.buffer.resize(size, 0);
        // Looking is not yet a call worth recording: only a datagram that was there is.
        let arrived = match ctx.kernel.recvfrom(&self.socket, &mut self.buffer, false) {
            Ok(arrived) => plain_end(self.transport, arrived),
            Err(error) if has_waited(&error) => return Ok(None),
            Err(error) => return Err(error),
        };
        let bytes = &self.buffer[..arrived.len];
        ctx.call(
            Action::Recvfrom(Read::asking(size as u64)),
            || Ok(()),
            |action, ()| note(action, bytes, &arrived),
        )?;
        self.after_read(ctx, arrived).map(Some)
    }

    fn after_read(&mut self, ctx: &Context, arrived: Arrived) -> io::Result<usize> {
        let len = arrived.len;
        if let Some(from) = arrived.from.filter(|_| !self.connected) {
            // To a server the sender is the client, whom it answers; a client has its own address,
            // and its server, whoever else may send to it.
            if ctx.recorder.side == Side::Server {
                self.client = Some(endpoint::name(&from).into());
                self.peer = Some(from);
            }
        }
        let much = self.measured(len);
        self.received += much;
        if let Some(client) = &self.client {
            ctx.rendezvous.has_read(ctx.recorder.side, client, much);
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

    /// What a call moved: bytes, or a message where edges are kept, whatever is cut off it.
    fn measured(&self, bytes: usize) -> u64 {
        if self.transport.keeps_edges() {
            1
        } else {
            bytes as u64
        }
    }

    /// What the kernel has taken of this side's writes, so measured.
    pub(super) fn taken(&self) -> u64 {
        self.taken
    }

    /// The address of the client's end; empty while nobody knows it.
    pub(super) fn client(&self) -> ClientName {
        self.client.clone().unwrap_or_default()
    }

    /// The addresses of both ends, the client's first, if there are two and they are a network's.
    pub(super) fn ends(&self) -> Option<[SocketAddr; 2]> {
        self.ends
    }

    /// The datagrams dropped at this socket so far.
    pub(super) fn dropped(&self, ctx: &Context) -> Option<u64> {
        if self.transport.may_drop() {
            ctx.kernel.dropped(&self.socket)
        } else {
            Some(0)
        }
    }

    /// shutdown(2) of the sending half.
    pub(super) fn shutdown(&self, ctx: &Context) -> io::Result<()> {
        let shutdown = || {
            self.socket.shutdown(std::net::Shutdown::Write)?;
            self.shut.set(true);
            Ok(())
        };
        self.record(ctx, Action::Shutdown, shutdown, |_, ()| ())
    }

    /// close(2); with `reset`, by RST.
    pub(super) fn close(self, ctx: &Context, reset: bool) -> io::Result<()> {
        let (client, connects) = (self.client(), self.transport.has_connections());
        // There is no asking afterwards.
        let before = self.told(ctx);
        let action = if reset { Action::Abort } else { Action::Close };
        let close = || {
            if reset {
                self.socket.set_linger(Some(Duration::ZERO))?;
            }
            drop(self.socket);
            Ok(())
        };
        let closed = ctx.call_and_ask(action, close, |_, ()| (), || before);
        if connects {
            ctx.rendezvous.has_closed(ctx.recorder.side, &client);
        } else {
            ctx.rendezvous.has_left(ctx.recorder.actor);
        }
        closed
    }
}

/// What has come by now to a stream's socket, of which so many bytes have been read.
fn arrived(
    ctx: &Context,
    transport: Transport,
    socket: &Socket,
    read: u64,
) -> Option<ReceiverState> {
    let is_asked = transport.is_tcp();
    is_asked.then(|| ctx.kernel.receiver_state(socket, read))?
}

/// Asks the kernel for bytes, as the transport has it.
fn read_by(
    transport: Transport,
    kernel: Kernel,
    socket: &Socket,
    buffer: &mut [u8],
) -> io::Result<Arrived> {
    if transport.keeps_edges() {
        kernel.recvfrom(socket, buffer, true)
    } else if transport.is_local() {
        kernel.recv_local(socket, buffer)
    } else {
        kernel.recv(socket, buffer)
    }
}

/// Leaves out what the kernel says by habit and what means nothing over this transport: a count
/// of drops where there are none, and a size where the connection's end is what was read. (A
/// record comes with its sender's address, the end without one.)
fn plain_end(transport: Transport, mut arrived: Arrived) -> Arrived {
    if !transport.may_drop() {
        (arrived.dropped, arrived.next) = (None, None);
    }
    let nobody = |from: &SockAddr| endpoint::name(from).is_empty();
    if transport.has_connections() && arrived.len == 0 && arrived.from.as_ref().is_some_and(nobody)
    {
        arrived.truncated = None;
    }
    arrived
}

fn note(action: &mut Action, bytes: &[u8], arrived: &Arrived) {
    if let Action::Recvfrom(read) = action {
        read.peer = arrived.from.as_ref().map(endpoint::name);
    }
    if let Action::Recv(read) | Action::Recvfrom(read) = action {
        read.returned = Some(arrived.len as u64);
        read.hex = Bytes(bytes.into());
        read.left = arrived.left;
        read.truncated = arrived.truncated;
        read.dropped = arrived.dropped;
        read.next = arrived.next;
    }
}
