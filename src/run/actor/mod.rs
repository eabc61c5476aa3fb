//! One side at work: takes its steps one after the other.

mod answer;
mod file;
mod in_hand;
mod life;
mod recv_loop;

use std::collections::VecDeque;
use std::io;
use std::net::SocketAddr;

use socket2::{SockAddr, Socket};

use super::GRACE;
use super::connection::{Backoff, Connection};
use super::context::Context;
use super::listener::Listener;
use super::meeting::{Met, State};
use crate::event::{
    Action, Bytes, Decoded, Decoder, Label, OUT_OF_RANGE, PEER_ENDED, PartLen, Write,
};
use crate::frame::{self, Framing};
use crate::lab::file::{Barrier, Echo, Pack, RecvText};
use crate::scenario::{Framed, Step};
use crate::text;
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
        self.ctx.meeting.has_ended(self.ctx.recorder.actor);
    }

    /// At the deadline both sides are out of time at the same moment, give or take. Whoever came
    /// first and closed would end the other's wait with an end of stream, and the report would not
    /// know that the other one waited too.
    fn leave_together(&self) {
        if self.ctx.left().is_err() {
            let latest = self.ctx.deadline + GRACE / 2;
            self.ctx
                .meeting
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
                let meeting = self.ctx.meeting.clone();
                self.ctx.call(
                    Action::Signal { name: name.clone() },
                    || {
                        meeting.signal(name);
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
        let index = self.ctx.meeting.next_message(side);
        Label { side, index }
    }

    fn write(&mut self, message: Label, bytes: &[u8], layout: &[PartLen]) -> io::Result<()> {
        let write = Write {
            message,
            asked: bytes.len() as u64,
            returned: None,
            hex: Bytes(bytes.into()),
            layout: layout.into(),
        };
        let (connection, ctx) = self.wired()?;
        let sent = connection.write(ctx, write)?;
        // A blocking send takes all, unless its time ran out half-way.
        if sent < bytes.len() {
            Err(io::ErrorKind::TimedOut.into())
        } else {
            Ok(())
        }
    }

    /// One non-blocking write; returns how much the kernel took.
    fn send_some(&mut self, message: Label, bytes: &[u8]) -> io::Result<usize> {
        let write = Write {
            message,
            asked: bytes.len() as u64,
            returned: None,
            hex: Bytes(bytes.into()),
            layout: Vec::new(),
        };
        let (connection, ctx) = self.wired()?;
        Ok(connection.write_some(ctx, write)?.unwrap_or(0))
    }

    fn send_loop(&mut self, bytes: &[u8]) -> io::Result<()> {
        let message = self.next_message();
        let mut rest = bytes;
        while !rest.is_empty() {
            let sent = self.send_some(message, rest)?;
            rest = &rest[sent..];
            if !rest.is_empty() {
                let (connection, ctx) = self.wired()?;
                connection.await_room(ctx)?;
            }
        }
        Ok(())
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

    fn recv_text(&mut self, recv: RecvText) -> io::Result<()> {
        let mut decoder = text::Decoder::new(recv.encoding, recv.errors);
        loop {
            let mut failed = false;
            let (connection, ctx) = self.wired()?;
            let n = connection.read(ctx, recv.size.0, |bytes, read| {
                let text = decoder.decode(bytes);
                failed = text.failed;
                read.text = Some(text);
            })?;
            if failed {
                return Err(io::ErrorKind::InvalidData.into());
            }
            if n == 0 {
                return Ok(());
            }
        }
    }

    fn send_frame(&mut self, framed: &Framed) -> io::Result<()> {
        let message = self.next_message();
        for (i, piece) in framed.pieces.iter().enumerate() {
            self.write(message, piece, if i == 0 { &framed.parts } else { &[] })?;
            if framed.await_read && i + 1 < framed.pieces.len() {
                self.wait(&Barrier::Read)?;
            }
        }
        Ok(())
    }

    fn read(&mut self, size: usize) -> io::Result<usize> {
        let (connection, ctx) = self.wired()?;
        connection.read(ctx, size, |_, _| ())
    }

    /// Reads once and adds what came to a message.
    fn read_into(&mut self, size: usize, message: &mut Vec<u8>) -> io::Result<usize> {
        let (connection, ctx) = self.wired()?;
        connection.read(ctx, size, |bytes, _| message.extend_from_slice(bytes))
    }

    fn recv_frames(&mut self, framing: Framing, count: u32, sizes: &[usize]) -> io::Result<()> {
        let with_payload = !matches!(
            framing,
            Framing::HeaderDict {
                body: frame::Body::None,
                ..
            }
        );
        let mut sizes = sizes.iter().copied();
        let mut size = sizes.next().unwrap_or(1);
        let count = count as usize;
        while self.ahead.len() < count {
            let decoder = self.decoder.get_or_insert_with(|| framing.decoder());
            let connection = self
                .connection
                .as_mut()
                .ok_or(io::ErrorKind::NotConnected)?;
            let ahead = &mut self.ahead;
            let mut refused = false;
            let read = connection.read(&self.ctx, size, |bytes, read| {
                let state = decode(decoder, with_payload, bytes);
                ahead.extend(state.out.iter().map(|message| message.hex.0.clone()));
                refused = state.refused.is_some();
                read.decoder = Some(state);
            })?;
            if refused || read == 0 {
                return Err(io::ErrorKind::InvalidData.into());
            }
            size = sizes.next().unwrap_or(size);
        }
        if let Some(last) = self.ahead.drain(..count).next_back() {
            self.in_hand.message(last);
        }
        Ok(())
    }

    fn recvfrom_rest(&mut self, size: usize) -> io::Result<()> {
        let mut rest = Backoff::default();
        let me = self.ctx.recorder.side;
        let mut received = 0;
        loop {
            let sent = self.ctx.meeting.look().sent(me.other());
            let (connection, ctx) = self.wired()?;
            let dropped = connection.dropped(ctx);
            if dropped.is_some_and(|dropped| received + dropped >= sent) || received >= sent {
                return Ok(());
            }
            match connection.read_queued(ctx, size)? {
                Some(_) => received += 1,
                // Nobody counts the drops here: what has not come by now stays unexplained.
                None if dropped.is_none() => return Ok(()),
                None => {
                    ctx.left()?;
                    rest.wait();
                }
            }
        }
    }

    fn wait(&mut self, barrier: &Barrier) -> io::Result<()> {
        let me = self.ctx.recorder.side;
        let action = Action::Await {
            until: barrier.clone(),
            seen: None,
        };
        let note = |action: &mut Action, count: &Option<u64>| {
            if let Action::Await { seen, .. } = action {
                *seen = *count;
            }
        };
        let ctx = &self.ctx;
        let meet = |so: &dyn Fn(&State) -> bool| match ctx.meeting.wait(
            ctx.recorder.actor,
            ctx.deadline,
            so,
        ) {
            Met::Yes => Ok(None),
            Met::PeerEnded => Err(io::Error::new(io::ErrorKind::BrokenPipe, PEER_ENDED)),
            Met::Deadline => Err(io::ErrorKind::TimedOut.into()),
        };
        let Some(connection) = &self.connection else {
            // A signal can be waited for before there is a connection, and after.
            let Barrier::Signal(name) = barrier else {
                return Err(io::ErrorKind::NotConnected.into());
            };
            return ctx
                .call(action, || meet(&|state| state.signalled(name)), note)
                .map(drop);
        };
        let poll = |question: &dyn Fn(&Socket) -> Option<u64>, enough: &dyn Fn(u64) -> bool| {
            connection
                .record_wait(
                    ctx,
                    action.clone(),
                    || connection.poll(ctx, question, enough),
                    note,
                )
                .map(drop)
        };
        match barrier {
            Barrier::Queued(bytes) => poll(
                &|socket| ctx.kernel.queued(socket, bytes.0 as u64),
                &|count| count >= bytes.0 as u64,
            ),
            Barrier::State(state) => {
                let so =
                    |socket: &Socket| ctx.kernel.state(socket).map(|now| u64::from(now == *state));
                poll(&so, &|is_so| is_so == 1)
            }
            Barrier::Error => poll(
                &|socket| ctx.kernel.has_error(socket).map(u64::from),
                &|there| there == 1,
            ),
            Barrier::Sent => poll(&|socket| ctx.kernel.unsent(socket), &|count| count == 0),
            Barrier::Acked => poll(&|socket| ctx.kernel.unacked(socket), &|count| count == 0),
            Barrier::Read => {
                let (written, client) = (connection.written(), connection.client());
                let so = |state: &State| state.read(me.other(), &client) >= written;
                connection
                    .record_wait(ctx, action, || meet(&so), note)
                    .map(drop)
            }
            Barrier::Signal(name) => {
                let so = |state: &State| state.signalled(name);
                connection
                    .record_wait(ctx, action, || meet(&so), note)
                    .map(drop)
            }
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

fn decode(decoder: &mut frame::Decoder, with_payload: bool, bytes: &[u8]) -> Decoder {
    let mut out = Vec::new();
    let mut refused = None;
    let mut input = bytes;
    if bytes.is_empty() {
        refused = decoder.finish().err();
    }
    while refused.is_none() {
        match decoder.decode(&mut input) {
            Ok(Some(frame)) => out.push(Decoded {
                hex: Bytes(frame.payload.to_vec()),
                // A header without its payload announces a digest that nobody has checked.
                verified: frame
                    .header
                    .as_ref()
                    .filter(|_| with_payload)
                    .and_then(|header| header.md5.clone()),
                header: frame.header.map(|header| header.fields),
            }),
            Ok(None) => break,
            Err(error) => refused = Some(error),
        }
    }
    let state = decoder.state();
    Decoder {
        out,
        part: state.part,
        have: state.have,
        need: state.need,
        kept: decoder.kept(),
        refused,
    }
}
