//! One side at work: takes its steps one after the other.

mod file;
mod frames;
mod life;
mod parsed;
mod read;
mod recv_loop;
mod wait;
mod write;

use std::io;
use std::net::SocketAddr;

use socket2::SockAddr;

use super::connection::Connection;
use super::context::{Context, GRACE};
use super::listener::Listener;
use crate::event::{Action, Undone};
use crate::scenario::{Life, Op, Planned};
use frames::Unframer;
use parsed::Parsed;

/// How many of the steps that are left undone are named.
const UNDONE_NAMED: usize = 8;

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
    unframer: Option<Unframer>,
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
            unframer: None,
            parsed: Parsed::default(),
        }
    }

    /// Takes all steps, or those up to the one that fails; what failed is in the record.
    pub(super) fn act(mut self, steps: &[Planned]) {
        for (i, step) in steps.iter().enumerate() {
            if self.step(step).is_err() {
                self.leave_together();
                self.leave_undone(&steps[i + 1..]);
                break;
            }
        }
        if let Some(connection) = self.connection.take() {
            // The record holds a failure of this too, and there is nothing left to do after it.
            let _ = connection.close(&self.ctx, false);
        }
        self.ctx.rendezvous.has_ended(self.ctx.recorder.actor);
    }

    /// Says which steps come to nothing because one before them failed. The socket is closed all
    /// the same.
    fn leave_undone(&self, steps: &[Planned]) {
        let is_close = |step: &&Planned| matches!(step.op, Op::Socket(Life::Close));
        let steps = steps.iter().filter(|step| !is_close(step));
        let mut words = steps.filter_map(|step| Some(step.word?.to_string()));
        let first: Vec<String> = words.by_ref().take(UNDONE_NAMED).collect();
        if first.is_empty() {
            return;
        }
        let undone = Undone {
            count: (first.len() + words.count()) as u64,
            steps: first,
        };
        // It is no call, and nothing that could fail.
        let _ = self.ctx.plain_call(Action::Undone(undone), || Ok(()));
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
