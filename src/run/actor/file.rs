//! Files over a stream: sent in chunks, received in slices, and kept only when they are whole.

use std::fs::File;
use std::io::{self, Write};
use std::ops::Range;

use super::Actor;
use super::frames::{ended, state_of};
use crate::event::{Action, Bytes, Decoded, DecoderState};
use crate::frame::{FrameError, Framing, Header, Part, Piece, Pieces, plain_name};
use crate::lab::file::MAX_CHUNK;
use crate::run::connection::Connection;
use crate::run::downloads::Directory;
use crate::run::progress::Progress;
use crate::scenario::{FileIn, FileOut};

/// What is put around a target's name while the file is not whole.
fn beside(target: &str) -> String {
    format!(".{target}.part")
}

/// A file that is being received.
struct Incoming {
    file: File,
    /// The name that it has now.
    path: String,
    /// The name that it is to have.
    target: String,
}

/// What one read brought.
#[derive(Default)]
struct Brought {
    header: Option<Header>,
    /// Where in the connection's buffer the content stands that it brought.
    content: Range<usize>,
    ended: bool,
    refused: Option<FrameError>,
    whole: Option<Decoded>,
}

impl Actor {
    pub(super) fn send_file(&mut self, file: &FileOut) -> io::Result<()> {
        let message = self.next_message();
        for piece in &file.head.pieces {
            self.write_whole(message, piece, &file.head.layout)?;
        }
        let mut chunk = Vec::new();
        let mut at = 0;
        self.folded(|actor| {
            while at < file.stop {
                let left = usize::try_from(file.stop - at).unwrap_or(usize::MAX);
                file.content.fill(at, file.chunk.min(left), &mut chunk);
                actor.write_whole(message, &chunk, &[])?;
                at += chunk.len() as u64;
            }
            Ok(())
        })
    }

    /// Does something in many calls, of which the record keeps the first and last few.
    fn folded(&mut self, work: impl FnOnce(&mut Self) -> io::Result<()>) -> io::Result<()> {
        self.ctx.recorder.fold(true);
        let done = work(self);
        self.ctx.recorder.fold(false);
        done
    }

    pub(super) fn recv_file(&mut self, wanted: &FileIn) -> io::Result<()> {
        let directory = self.ctx.downloads.of(self.ctx.recorder.actor)?;
        let received = self.receive(wanted, &directory);
        self.ctx.observer.ended();
        // Received or not: what lies there now is what the step is judged by.
        let note = |action: &mut Action, found: &Vec<_>| {
            let files = found.clone();
            *action = Action::Readdir { files };
        };
        let readdir = Action::Readdir { files: Vec::new() };
        self.ctx.call(readdir, || directory.list(), note)?;
        received
    }

    fn receive(&mut self, wanted: &FileIn, directory: &Directory) -> io::Result<()> {
        let mut pieces = Pieces::new(wanted.layout, wanted.limit, wanted.header_limit);
        let mut brought = Brought::default();
        // First the length and the header, each until it is complete.
        let header = loop {
            self.slice(&mut pieces, MAX_CHUNK, &mut brought)?;
            if let Some(header) = brought.header.take() {
                break header;
            }
        };
        let target = header.name.unwrap_or_default();
        let path = if wanted.in_place {
            target.clone()
        } else {
            beside(&target)
        };
        let open = Action::Open {
            path: path.clone(),
            target: (!wanted.in_place).then(|| target.clone()),
        };
        let file = self.ctx.plain_call(open, || directory.create(&path))?;
        let mut incoming = Incoming { file, path, target };
        let content = self.folded(|actor| {
            while !brought.ended {
                let came = actor.slice(&mut pieces, wanted.slice, &mut brought);
                // What came is in the file also if it was the last straw.
                actor.store(&mut incoming, brought.content.clone())?;
                came?;
                actor.ctx.observer.progress(Progress {
                    name: &incoming.target,
                    have: pieces.given(),
                    need: header.size,
                });
            }
            Ok(())
        });
        if wanted.in_place {
            return content;
        }
        self.settle(incoming, directory, content)
    }

    /// The end of a file that was written beside its target: renamed if all went well, else
    /// removed.
    fn settle(
        &self,
        incoming: Incoming,
        directory: &Directory,
        content: io::Result<()>,
    ) -> io::Result<()> {
        let Incoming { file, path, target } = incoming;
        // Some systems rename and remove no file that is open.
        drop(file);
        let renamed = content.and_then(|()| {
            let (from, to) = (path.clone(), target.clone());
            let rename = Action::Rename { from, to };
            self.ctx
                .plain_call(rename, || directory.rename(&path, &target))
        });
        if renamed.is_err() {
            let unlink = Action::Unlink { path: path.clone() };
            self.ctx.plain_call(unlink, || directory.unlink(&path))?;
        }
        renamed
    }

    /// Writes what was read from the buffer that it was read into.
    fn store(&self, incoming: &mut Incoming, content: Range<usize>) -> io::Result<()> {
        let read = self.connection.as_ref().map(Connection::buffer);
        let content = read.and_then(|buffer| buffer.get(content));
        let content = content.unwrap_or_default();
        incoming.file.write_all(content).or_else(|error| {
            let path = incoming.path.clone();
            self.ctx
                .plain_call(Action::WriteFile { path }, || Err(error))
        })
    }

    /// One read, of no more than what is missing of the part under way.
    fn slice(&mut self, pieces: &mut Pieces, most: usize, brought: &mut Brought) -> io::Result<()> {
        let size = usize::try_from(pieces.lacks()).map_or(most, |lacks| lacks.min(most));
        brought.content = 0..0;
        let (connection, ctx) = self.wired()?;
        let n = connection.read(ctx, size, |bytes, read| {
            digest(pieces, bytes, brought);
            read.decoder = Some(Box::new(seen(pieces, brought)));
        })?;
        if n == 0 || brought.refused.is_some() {
            return Err(io::ErrorKind::InvalidData.into());
        }
        Ok(())
    }
}

/// Takes apart what a read brought.
fn digest(pieces: &mut Pieces, bytes: &[u8], brought: &mut Brought) {
    let mut input = bytes;
    if bytes.is_empty() {
        brought.refused = Some(ended(pieces.finish(), pieces.layout()));
    }
    while brought.refused.is_none() && !brought.ended {
        match pieces.next(&mut input) {
            Ok(None) => break,
            Ok(Some(Piece::Header(header))) => {
                brought.refused = plain_name(header.name.as_deref()).err();
                brought.header = Some(header);
            }
            Ok(Some(Piece::Payload(piece))) => {
                let end = bytes.len() - input.len();
                brought.content = end - piece.len()..end;
            }
            Ok(Some(Piece::End(header))) => {
                brought.ended = true;
                // The content is in the file; here stands what was found of it.
                brought.whole = Some(Decoded {
                    hex: Bytes::default(),
                    header: Some(header.fields),
                    verified: header.md5,
                    size: Some(pieces.taken()),
                });
            }
            Err(error) => {
                let framing = Framing::header_dict(pieces.layout());
                brought.refused = Some(error.hinting_only_if_it_fits(framing, input));
            }
        }
    }
}

/// Where that leaves the decoder.
fn seen(pieces: &Pieces, brought: &mut Brought) -> DecoderState {
    let whole = brought.whole.take();
    let mut state = pieces.state();
    if whole.is_some() {
        // Of the next message nothing has been asked for, so the record stays with this one.
        let size = pieces.given();
        (state.part, state.have, state.need) = (Part::Payload, size, size);
    }
    let out = Vec::from_iter(whole);
    state_of(state, pieces.kept(), brought.refused.clone(), out)
}
