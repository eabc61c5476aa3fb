//! One side at work: takes its steps one after the other.

mod file;
mod life;
mod parsed;
mod read;
mod recv_loop;
mod wait;
mod write;

use std::collections::VecDeque;
use std::io;
use std::net::SocketAddr;

use socket2::SockAddr;

use super::connection::Connection;
use super::context::{Context, GRACE};
use super::listener::Listener;
use crate::event::Action;
use crate::frame;
use crate::scenario::{Op, Planned};
use parsed::Parsed;

/// A side and what it has in hand.
pub(super) struct Actor {
    ctx: Context,
    /// Where the client connects to.
    address: SockAddr,
    /// What the server accepts from.
    listener: Option<Listener>,
    connection: Option<Connection>,
    /// The addresses of the last connection's ends, the client's first. They outlive it.
    ends: Option<[SocketAddr; 2]>,
    decoder: Option<frame::Decoder>,
    /// Messages that came out of the decoder before a step asked for them.
    ahead: VecDeque<Vec<u8>>,
    parsed: Parsed,
}

impl Actor {
    pub(super) fn new(
        ctx: Context,
        address: SockAddr,
        listener: Option<Listener>,
        connection: Option<Connection>,
    ) -> Self {
        Self {
            ctx,
            address,
            listener,
            connection,
            ends: None,
            decoder: None,
            ahead: VecDeque::new(),
            parsed: Parsed::default(),
        }
    }

    /// Takes all steps, or those up to the one that fails; what failed is in the record.
    pub(super) fn act(mut self, steps: &[Planned]) {
        for step in steps {
            if self.step(step).is_err() {
                self.leave_together();
                break;
            }
        }
        if let Some(connection) = self.connection.take() {
            // The record holds a failure of this too, and there is nothing left to do after it.
            let _ = connection.close(&self.ctx, false);
        }
        self.ctx.rendezvous.has_ended(self.ctx.recorder.actor);
    }

    /// At the deadline both sides are out of time at the same moment, give or take. Whoever came
    /// first and closed would end the other's wait with an end of stream, and the report would not
    /// know that the other one waited too.
    fn leave_together(&self) {
        if self.ctx.left().is_err() {
            let latest = self.ctx.deadline + GRACE / 2;
            self.ctx
                .rendezvous
                .is_out_of_time(self.ctx.recorder.actor, latest);
        }
    }

    /// What a call needs: the connection, and the context around it.
    fn wired(&mut self) -> io::Result<(&mut Connection, &Context)> {
        let connection = self
            .connection
            .as_mut()
            .ok_or(io::ErrorKind::NotConnected)?;
        Ok((connection, &self.ctx))
    }

    fn step(&mut self, step: &Planned) -> io::Result<()> {
        let done = match &step.op {
            Op::Socket(life) => self.live(life),
            Op::Set(options) => self
                .wired()
                .and_then(|(connection, ctx)| connection.set(ctx, options)),
            Op::Write(writing) => self.write(writing),
            Op::Read(reading) => self.read(reading),
            Op::Wait(wait) => self.wait(wait),
            Op::Signal(name) => self.signal(name),
            Op::Interpret(what) => self.interpret(what),
            Op::SendFile(file) => self.send_file(file),
            Op::RecvFile(file) => self.recv_file(file),
        };
        // What failed is in the record; only time that is over ends the script.
        if step.may_fail && self.ctx.left().is_ok() {
            return Ok(());
        }
        done
    }

    fn signal(&self, name: &str) -> io::Result<()> {
        let action = Action::Signal { name: name.into() };
        let give = || {
            self.ctx.rendezvous.signal(name);
            Ok(())
        };
        self.ctx.plain_call(action, give)
    }
}
