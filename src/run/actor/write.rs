//! What a side sends: a message in one write, in as many as the kernel takes, or in pieces.

use std::io;

use super::Actor;
use crate::event::{Barrier, Bytes, Label, PartLen, Write};
use crate::scenario::{How, What, Writing};

fn call(message: Label, bytes: &[u8], layout: &[PartLen]) -> Write {
    Write {
        message,
        peer: None,
        asked: bytes.len() as u64,
        returned: None,
        hex: Bytes(bytes.into()),
        layout: layout.into(),
    }
}

impl Actor {
    pub(super) fn write(&mut self, writing: &Writing) -> io::Result<()> {
        let answer;
        let writes = match &writing.what {
            What::Bytes(writes) => writes,
            What::Answer(form) => {
                // An answer is no longer than the narrowest layout can say.
                answer = form
                    .writes(&self.parsed.answer)
                    .map_err(|error| io::Error::new(io::ErrorKind::InvalidInput, error))?;
                &answer
            }
        };
        let message = self.next_message();
        let mut layout = &writes.layout[..];
        for (i, piece) in writes.pieces.iter().enumerate() {
            if i > 0 && writing.how == How::AwaitRead {
                self.wait_until(&Barrier::Read)?;
            }
            match writing.how {
                How::Whole | How::AwaitRead => self.write_whole(message, piece, layout)?,
                How::Some => drop(self.write_some(message, piece)?),
                How::Loop => self.write_loop(message, piece)?,
            }
            layout = &[];
        }
        Ok(())
    }

    pub(super) fn write_whole(
        &mut self,
        message: Label,
        bytes: &[u8],
        layout: &[PartLen],
    ) -> io::Result<()> {
        let (connection, ctx) = self.wired()?;
        let sent = connection.write(ctx, call(message, bytes, layout))?;
        // A blocking send takes all, unless its time ran out half-way.
        if sent < bytes.len() {
            Err(io::ErrorKind::TimedOut.into())
        } else {
            Ok(())
        }
    }

    /// One non-blocking write; returns how much the kernel took.
    fn write_some(&mut self, message: Label, bytes: &[u8]) -> io::Result<usize> {
        let (connection, ctx) = self.wired()?;
        let sent = connection.write_some(ctx, call(message, bytes, &[]))?;
        Ok(sent.unwrap_or(0))
    }

    fn write_loop(&mut self, message: Label, bytes: &[u8]) -> io::Result<()> {
        let mut rest = bytes;
        while !rest.is_empty() {
            let sent = self.write_some(message, rest)?;
            rest = &rest[sent..];
            if !rest.is_empty() {
                let (connection, ctx) = self.wired()?;
                connection.await_room(ctx)?;
            }
        }
        Ok(())
    }

    pub(super) fn next_message(&self) -> Label {
        let side = self.ctx.recorder.side;
        let index = self.ctx.rendezvous.next_message(side);
        Label { side, index }
    }
}
