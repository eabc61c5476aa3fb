//! Steps whose bytes are framed: messages, and files behind a header dict.

use super::Resolved;
use super::side::Resolver;
use crate::event::PartLen;
use crate::frame::{self, Body, FrameError, Framing, JsonStyle, Layout, Outgoing, Part};
use crate::lab::fault::{FramingFault, RunFault};
use crate::lab::file;
use crate::scenario::{
    Content, FileIn, FileOut, How, Op, Reading, Stop, Then, What, Writes, Writing,
};

impl Resolver<'_> {
    pub(super) fn framing(&self, own: Option<file::Framing>) -> Resolved<Framing> {
        match own.or(self.run.framing) {
            Some(framing) => Ok(framing.0),
            None => self.error(RunFault::Framing(FramingFault::Missing)),
        }
    }

    pub(super) fn send_frame(&self, frame: &file::SendFrame) -> Resolved<Op> {
        if frame.await_read {
            self.check_is_seen_to_read("await_read")?;
        }
        let message = Outgoing {
            payload: &frame.payload.bytes(self.round),
            name: frame.filename.as_deref(),
            announced_size: frame.total_size,
            alter: frame.alter,
            json: frame.json.unwrap_or_default(),
        };
        let mut writes = Writes::framed(self.framing(frame.framing)?, &message)
            .or_else(|error| self.unencodable(error))?;
        let whole = writes.pieces.concat();
        writes.pieces.clear();
        let mut start = 0;
        for &end in frame.cut.iter().chain([&whole.len()]) {
            if end <= start || end > whole.len() || (end == whole.len() && frame.cut.contains(&end))
            {
                let length = whole.len();
                return self.error(RunFault::Framing(FramingFault::Cut { at: end, length }));
            }
            writes.pieces.push(whole[start..end].to_vec());
            start = end;
        }
        let awaits = frame.await_read;
        let how = if awaits { How::AwaitRead } else { How::Whole };
        let what = What::Bytes(writes);
        Ok(Op::Write(Writing { what, how }))
    }

    pub(super) fn recv_frames(&self, frames: &file::RecvFrames) -> Resolved<Op> {
        let framing = self.framing(frames.framing)?;
        if frames.sizes.is_empty() {
            return self.error(RunFault::Framing(FramingFault::NoSizes));
        }
        Ok(Op::Read(Reading {
            sizes: frames.sizes.iter().map(|size| size.0).collect(),
            stop: Stop::Messages(framing, frames.count.get()),
            then: Then::Keep,
        }))
    }

    pub(super) fn file_out(&self, file: &file::SendFile) -> Resolved<FileOut> {
        let (layout, ..) = self.header_dict(file.framing)?;
        let unit = file.content.unit(self.round);
        let content = Content::new(unit, file.content.times, file.alter);
        let size = content.size();
        let [prefix, header] = frame::head(
            layout,
            Some(&file.filename),
            &content.md5(),
            file.total_size.unwrap_or(size),
            JsonStyle::default(),
        )
        .or_else(|error| self.unencodable(error))?;
        let lengths = [
            (Part::Prefix, prefix.len() as u64),
            (Part::Header, header.len() as u64),
            (Part::Payload, size),
        ];
        Ok(FileOut {
            head: Writes {
                layout: lengths
                    .map(|(part, bytes)| PartLen { part, bytes })
                    .to_vec(),
                pieces: vec![[prefix, header].concat()],
            },
            content,
            chunk: file.chunk.0,
            stop: file.stop_after.unwrap_or(size).min(size),
        })
    }

    pub(super) fn file_in(&self, file: &file::RecvFile) -> Resolved<FileIn> {
        let (layout, limit, header_limit) = self.header_dict(file.framing)?;
        Ok(FileIn {
            layout,
            limit,
            header_limit,
            slice: file.slice.0,
            in_place: file.in_place,
        })
    }

    /// The framing of a file, and its limits for content and header.
    fn header_dict(&self, own: Option<file::Framing>) -> Resolved<(Layout, u64, u64)> {
        match self.framing(own)? {
            Framing::HeaderDict {
                layout,
                limit,
                header_limit,
                body: Body::Payload,
            } => Ok((layout, limit, header_limit)),
            Framing::HeaderDict { .. } => {
                self.error(RunFault::Framing(FramingFault::HeaderOnlyFile))
            }
            Framing::Length { .. } => self.error(RunFault::Framing(FramingFault::LengthForFile)),
        }
    }

    fn unencodable<T>(&self, error: FrameError) -> Resolved<T> {
        self.error(RunFault::Framing(FramingFault::Unencodable(error)))
    }
}
