//! What a side reads, and what becomes of it: a message in hand, text, an answer.

use std::io;

use super::Actor;
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
                Stop::Messages(framing, count) => {
                    return self.recv_frames(*framing, *count as usize, &reading.sizes);
                }
                Stop::Once if calls > 0 => break,
                Stop::Once | Stop::End => size,
            };
            let connection = self.connection.as_mut();
            let connection = connection.ok_or(io::ErrorKind::NotConnected)?;
            let mut failed = false;
            let returned =
                connection.read(&self.ctx, asked, |bytes, read| match &reading.then {
                    Then::Drop => {}
                    Then::Keep => message.extend_from_slice(bytes),
                    Then::Echo(echo) => {
                        message = [echo.prefix.as_bytes(), bytes].concat();
                        if echo.upper {
                            message.make_ascii_uppercase();
                        }
                    }
                    Then::Decode(encoding, errors) => {
                        let new = || text::TextDecoder::new(*encoding, *errors);
                        let decoded = text.get_or_insert_with(new).decode(bytes);
                        failed = decoded.failed;
                        read.text = Some(Box::new(decoded));
                    }
                })?;
            if failed {
                return Err(io::ErrorKind::InvalidData.into());
            }
            if returned == 0 && reading.stop == Stop::End {
                return Ok(());
            }
            if let Then::Echo(_) = reading.then {
                self.write_whole(self.next_message(), &message, &[])?;
            }
            size = sizes.next().unwrap_or(size);
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
            let sent = self.ctx.rendezvous.look().sent(me.other(), None);
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
