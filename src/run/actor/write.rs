//! What a side sends: a message in one write, in as many as the kernel takes, or framed.

use std::io;

use super::Actor;
use crate::event::{Barrier, Bytes, Label, PartLen, Write};
use crate::scenario::Framed;

impl Actor {
    pub(super) fn write(
        &mut self,
        message: Label,
        bytes: &[u8],
        layout: &[PartLen],
    ) -> io::Result<()> {
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
    pub(super) fn send_some(&mut self, message: Label, bytes: &[u8]) -> io::Result<usize> {
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

    pub(super) fn send_loop(&mut self, bytes: &[u8]) -> io::Result<()> {
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

    pub(super) fn send_frame(&mut self, framed: &Framed) -> io::Result<()> {
        let message = self.next_message();
        for (i, piece) in framed.pieces.iter().enumerate() {
            self.write(message, piece, if i == 0 { &framed.parts } else { &[] })?;
            if framed.await_read && i + 1 < framed.pieces.len() {
                self.wait(&Barrier::Read)?;
            }
        }
        Ok(())
    }
}
