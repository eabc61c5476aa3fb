//! What a side reads: bytes, text, messages out of a decoder, datagrams.

use std::io;

use super::Actor;
use crate::event::{Bytes, Decoded, Decoder};
use crate::frame::{self, Framing};
use crate::lab::file::RecvText;
use crate::run::connection::Backoff;
use crate::text;

impl Actor {
    pub(super) fn recv_text(&mut self, recv: RecvText) -> io::Result<()> {
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

    pub(super) fn read(&mut self, size: usize) -> io::Result<usize> {
        let (connection, ctx) = self.wired()?;
        connection.read(ctx, size, |_, _| ())
    }

    /// Reads once and adds what came to a message.
    pub(super) fn read_into(&mut self, size: usize, message: &mut Vec<u8>) -> io::Result<usize> {
        let (connection, ctx) = self.wired()?;
        connection.read(ctx, size, |bytes, _| message.extend_from_slice(bytes))
    }

    pub(super) fn recv_frames(
        &mut self,
        framing: Framing,
        count: u32,
        sizes: &[usize],
    ) -> io::Result<()> {
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

    pub(super) fn recvfrom_rest(&mut self, size: usize) -> io::Result<()> {
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
                None => {
                    ctx.left()?;
                    rest.wait();
                }
            }
        }
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
