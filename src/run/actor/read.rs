//! What a side reads, and what becomes of it: a message in hand, text, messages out of a decoder,
//! an answer.

use std::io;

use super::Actor;
use crate::event::{Bytes, Decoded, DecoderState};
use crate::frame::{self, FrameError, Framing};
use crate::run::connection::Backoff;
use crate::scenario::{Reading, Stop, Then};
use crate::text;

impl Actor {
    pub(super) fn read(&mut self, reading: &Reading) -> io::Result<()> {
        let mut sizes = reading.sizes.iter().copied();
        let mut size = sizes.next().unwrap_or(1);
        let mut message = Vec::new();
        let mut text = None;
        for calls in 0.. {
            let asked = match &reading.stop {
                Stop::Loop(rules) => return self.recv_loop(*rules),
                Stop::AllSent => return self.recvfrom_rest(size),
                Stop::Once if calls > 0 => break,
                Stop::Messages(_, count) if self.ahead.len() >= *count as usize => break,
                Stop::Bytes(all) if message.len() >= *all => break,
                Stop::Bytes(all) => all - message.len(),
                Stop::Once | Stop::Messages(..) | Stop::End => size,
            };
            let connection = self.connection.as_mut();
            let connection = connection.ok_or(io::ErrorKind::NotConnected)?;
            let mut failed = false;
            let Reading { stop, then, .. } = reading;
            let returned = connection.read(&self.ctx, asked, |bytes, read| match (stop, then) {
                (Stop::Messages(framing, _), _) => {
                    let decoder = self.decoder.get_or_insert_with(|| framing.decoder());
                    let state = unframe(decoder, framing, bytes);
                    let messages = state.out.iter().map(|message| message.hex.0.clone());
                    self.ahead.extend(messages);
                    failed = state.refused.is_some();
                    read.decoder = Some(Box::new(state));
                }
                (_, Then::Drop) => {}
                (_, Then::Keep) => message.extend_from_slice(bytes),
                (_, Then::Echo(echo)) => {
                    message = [echo.prefix.as_bytes(), bytes].concat();
                    if echo.upper {
                        message.make_ascii_uppercase();
                    }
                }
                (_, Then::Decode(encoding, errors)) => {
                    let new = || text::TextDecoder::new(*encoding, *errors);
                    let decoded = text.get_or_insert_with(new).decode(bytes);
                    failed = decoded.failed;
                    read.text = Some(Box::new(decoded));
                }
            })?;
            if failed {
                return Err(io::ErrorKind::InvalidData.into());
            }
            if returned == 0 {
                match &reading.stop {
                    Stop::End => return Ok(()),
                    Stop::Once => {}
                    _ => return Err(io::ErrorKind::UnexpectedEof.into()),
                }
            }
            if let Then::Echo(_) = reading.then {
                self.write_whole(self.next_message(), &message, &[])?;
            }
            size = sizes.next().unwrap_or(size);
        }
        if let Stop::Messages(_, count) = reading.stop {
            let mut taken = self.ahead.drain(..count as usize);
            message = taken.next_back().unwrap_or_default();
        }
        self.parsed.take(message);
        Ok(())
    }

    /// Reads once and adds what came to a message.
    pub(super) fn read_into(&mut self, size: usize, message: &mut Vec<u8>) -> io::Result<usize> {
        let (connection, ctx) = self.wired()?;
        connection.read(ctx, size, |bytes, _| message.extend_from_slice(bytes))
    }

    fn recvfrom_rest(&mut self, size: usize) -> io::Result<()> {
        let mut rest = Backoff::default();
        let me = self.ctx.recorder.side;
        let mut received = 0;
        loop {
            let sent = self.ctx.rendezvous.look().sent(me.other());
            let (connection, ctx) = self.wired()?;
            let dropped = connection.dropped(ctx);
            if dropped.is_some_and(|dropped| received + dropped >= sent) || received >= sent {
                return Ok(());
            }
            match connection.read_queued(ctx, size)? {
                Some(_) => received += 1,
                // Nobody counts the drops here: what has not come by now stays unexplained.
                None if dropped.is_none() => return Ok(()),
                // A read that may not wait any more says so in the record.
                None if ctx.left().is_err() => {
                    return connection.read(ctx, size, |_, _| ()).map(drop);
                }
                None => rest.wait(),
            }
        }
    }
}

/// What a read brought out of the decoder, and where that leaves it.
fn unframe(decoder: &mut frame::Decoder, framing: &Framing, bytes: &[u8]) -> DecoderState {
    let header_only =
        matches!(framing, Framing::HeaderDict { body, .. } if *body == frame::Body::None);
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
                    .filter(|_| !header_only)
                    .and_then(|header| header.md5.clone()),
                header: frame.header.map(|header| header.fields),
            }),
            Ok(None) => break,
            Err(error) => refused = Some(error),
        }
    }
    state_of(decoder.state(), decoder.kept(), refused, out)
}

/// A decoder's state as the record has it.
pub(super) fn state_of(
    state: frame::State,
    kept: u64,
    refused: Option<FrameError>,
    out: Vec<Decoded>,
) -> DecoderState {
    DecoderState {
        out,
        part: state.part,
        have: state.have,
        need: state.need,
        kept,
        refused,
    }
}
