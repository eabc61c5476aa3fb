//! The server's socket before there is a connection: options, bind, listen.

use std::io;

use socket2::SockAddr;

use super::connection::Connection;
use super::context::Context;
use super::{BIND, RunError, endpoint, failed};
use crate::event::{Action, Transport, UNSUPPORTED};
use crate::lab::file::Options;
use crate::scenario::Scenario;

/// The server's address and, where there are connections, the socket that listens there.
pub(super) struct Listener {
    /// None after it has stopped listening.
    socket: Option<Connection>,
    address: SockAddr,
    transport: Transport,
    backlog: u32,
}

/// An operation that failed, and how.
type Failure = (&'static str, io::Error);

impl Listener {
    /// The one that a run begins with; over datagrams it is bound and does not listen.
    pub(super) fn open(
        scenario: &Scenario,
        ctx: &Context,
        options: &[Options],
        wanted: &SockAddr,
    ) -> Result<Self, RunError> {
        let mut listener = Self {
            socket: None,
            address: wanted.clone(),
            transport: scenario.transport,
            backlog: scenario.backlog,
        };
        listener
            .bind_and_listen(ctx, options)
            .map_err(|(operation, error)| failed(operation, &endpoint::name(wanted))(error))?;
        Ok(listener)
    }

    /// The address that it got.
    pub(super) fn address(&self) -> &SockAddr {
        &self.address
    }

    /// The socket itself, for a side that needs no listener.
    pub(super) fn into_connection(self) -> Option<Connection> {
        self.socket
    }

    /// accept(2).
    pub(super) fn accept(&self, ctx: &Context) -> io::Result<Connection> {
        let socket = self.socket.as_ref().ok_or(io::ErrorKind::NotConnected)?;
        socket.accept(ctx)
    }

    /// Listens at the same address with a new socket. Where that works, it takes the place of the
    /// old one.
    pub(super) fn listen_again(&mut self, ctx: &Context, options: &Options) -> io::Result<()> {
        self.bind_and_listen(ctx, &[*options])
            .map_err(|(_, error)| error)
    }

    /// close(2).
    pub(super) fn stop(&mut self, ctx: &Context) -> io::Result<()> {
        let socket = self.socket.take();
        let close = || {
            drop(socket);
            Ok(())
        };
        let closed = ctx.plain_call(Action::StopListening, close);
        ctx.rendezvous.has_stopped_listening();
        closed
    }

    fn bind_and_listen(&mut self, ctx: &Context, options: &[Options]) -> Result<(), Failure> {
        let transport = self.transport;
        let wanted = self.address.clone();
        let bind = Action::Bind {
            address: endpoint::name(&wanted),
        };
        let socket = match endpoint::socket(transport) {
            Ok(socket) => socket,
            Err(error) => {
                // A kind of socket that the system lacks is part of the record, as an option is.
                let told = ctx.plain_call(bind, || Err(told(transport, error)));
                return told.map_err(|error| ("socket for", error));
            }
        };
        let mut unbound = Connection::new(socket, transport, None, None);
        for options in options {
            unbound
                .set(ctx, options)
                .map_err(|error| ("setsockopt on", error))?;
        }
        let socket = unbound.socket();
        let bind_it = || {
            let bound = socket.bind(&wanted).and_then(|()| socket.local_addr());
            bound.map_err(|error| told(transport, error))
        };
        let note = |action: &mut Action, given: &SockAddr| {
            let address = endpoint::name(given);
            *action = Action::Bind { address };
        };
        self.address = ctx
            .call(bind, bind_it, note)
            .map_err(|error| (BIND, error))?;
        if transport.has_connections() {
            let backlog = self.backlog;
            let listen = || socket.listen(backlog.cast_signed());
            ctx.plain_call(Action::Listen { backlog }, listen)
                .map_err(|error| ("listen on", error))?;
        } else if transport.may_drop() {
            ctx.kernel.ask_for_reports(socket, false);
        }
        self.socket = Some(unbound);
        Ok(())
    }
}

/// An error as the record has it: that the system lacks the transport, or what the system said.
fn told(transport: Transport, error: io::Error) -> io::Error {
    if endpoint::is_lacking(transport, &error) {
        io::Error::new(io::ErrorKind::Unsupported, UNSUPPORTED)
    } else {
        error
    }
}
