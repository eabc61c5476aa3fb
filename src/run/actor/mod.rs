//! One side at work: takes its steps one after the other.

mod answer;
mod file;
mod in_hand;
mod life;
mod read;
mod recv_loop;
mod wait;
mod write;

use std::collections::VecDeque;
use std::io;
use std::net::SocketAddr;

use socket2::SockAddr;

use super::GRACE;
use super::connection::Connection;
use super::context::Context;
use super::listener::Listener;
use crate::event::{Action, Bytes, Label, OUT_OF_RANGE};
use crate::frame;
use crate::lab::file::{Echo, Pack};
use crate::scenario::Step;
use in_hand::InHand;

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
    in_hand: InHand,
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
            in_hand: InHand::default(),
        }
    }

    /// Takes all steps, or those up to the one that fails; what failed is in the record.
    pub(super) fn act(mut self, steps: &[Step]) {
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

    fn step(&mut self, step: &Step) -> io::Result<()> {
        match step {
            Step::Connect => self.connect(),
            Step::Accept => self.accept(),
            Step::Listen(options) => self.listen(options),
            Step::StopListening => self.stop_listening(),
            Step::States(until) => self.states(*until),
            Step::Try(inner) => match self.step(inner) {
                // What failed is in the record; only time that is over ends the script.
                Err(_) if self.ctx.left().is_ok() => Ok(()),
                result => result,
            },
            Step::SendSome(bytes) => self.send_some(self.next_message(), bytes).map(drop),
            Step::SendLoop(bytes) => self.send_loop(bytes),
            Step::Echo(echo) => self.echo(echo),
            Step::RecvText(recv) => self.recv_text(*recv),
            Step::Send(bytes) | Step::Sendto(bytes) => {
                let message = self.next_message();
                self.write(message, bytes, &[])
            }
            Step::SendFrame(framed) => self.send_frame(framed),
            Step::Recv(size) | Step::Recvfrom(size) => {
                let mut message = Vec::new();
                self.read_into(*size, &mut message)?;
                self.in_hand.message(message);
                Ok(())
            }
            Step::RecvUntilEnd(size) => {
                while self.read(*size)? > 0 {}
                Ok(())
            }
            Step::RecvExact(size) => {
                let mut message = Vec::new();
                while message.len() < *size {
                    if self.read_into(*size - message.len(), &mut message)? == 0 {
                        return Err(io::ErrorKind::UnexpectedEof.into());
                    }
                }
                self.in_hand.message(message);
                Ok(())
            }
            Step::RecvFrames {
                framing,
                count,
                sizes,
            } => self.recv_frames(*framing, *count, sizes),
            Step::SendFile(file) => self.send_file(file),
            Step::RecvFile(file) => self.recv_file(file),
            Step::RecvfromRest(size) => self.recvfrom_rest(*size),
            Step::Pause(span) => {
                let us = u64::try_from(span.as_micros()).unwrap_or(u64::MAX);
                let left = self.ctx.left()?;
                self.ctx.call(
                    Action::Pause { us },
                    || {
                        std::thread::sleep((*span).min(left));
                        if *span > left {
                            Err(io::ErrorKind::TimedOut.into())
                        } else {
                            Ok(())
                        }
                    },
                    |_, ()| (),
                )
            }
            Step::Await(barrier) => self.wait(barrier),
            Step::Signal(name) => {
                let rendezvous = self.ctx.rendezvous.clone();
                self.ctx.call(
                    Action::Signal { name: name.clone() },
                    || {
                        rendezvous.signal(name);
                        Ok(())
                    },
                    |_, ()| (),
                )
            }
            Step::Set(options) => {
                let (connection, ctx) = self.wired()?;
                connection.set(ctx, options)
            }
            Step::Pack(pack) => self.pack(*pack),
            Step::Unpack(layout) => self.unpack(*layout),
            Step::Parse(place) => self.parse(place),
            Step::Decode(encoding) => self.decode(*encoding),
            Step::RecvLoop(rules) => self.recv_loop(*rules),
            Step::RunCommand(commands) => self.run_command(commands),
            Step::SendAnswer => self.send_answer(),
            Step::SendAnswerSize(form) => self.send_answer_size(form),
            Step::SendAnswerFrame(frame) => self.send_answer_frame(frame),
            Step::Shutdown => {
                let (connection, ctx) = self.wired()?;
                connection.shutdown(ctx)
            }
            Step::Close | Step::Abort => match self.connection.take() {
                Some(connection) => connection.close(&self.ctx, *step == Step::Abort),
                None => Ok(()),
            },
        }
    }

    fn next_message(&self) -> Label {
        let side = self.ctx.recorder.side;
        let index = self.ctx.rendezvous.next_message(side);
        Label { side, index }
    }

    fn echo(&mut self, echo: &Echo) -> io::Result<()> {
        loop {
            let mut answer = echo.prefix.clone().into_bytes();
            let (connection, ctx) = self.wired()?;
            let n =
                connection.read(ctx, echo.size.0, |bytes, _| answer.extend_from_slice(bytes))?;
            if n == 0 {
                return Ok(());
            }
            if echo.upper {
                answer.make_ascii_uppercase();
            }
            let message = self.next_message();
            self.write(message, &answer, &[])?;
        }
    }

    fn pack(&mut self, pack: Pack) -> io::Result<()> {
        let action = Action::Pack {
            layout: pack.layout,
            value: pack.value,
            hex: Bytes::default(),
        };
        let packed = self.ctx.call(
            action,
            || {
                pack.layout
                    .encode(pack.value)
                    .map_err(|_| io::Error::new(io::ErrorKind::InvalidInput, OUT_OF_RANGE))
            },
            |action, bytes| {
                if let Action::Pack { hex, .. } = action {
                    *hex = Bytes(bytes.to_vec());
                }
            },
        );
        // That a number does not fit is what the step shows; the run goes on.
        packed.map(drop).or(Ok(()))
    }
}
