//! File transfers, resolved: the header is made, the content is known without being held.

use std::iter;

use super::resolve::{Impossible, Resolver};
use crate::event::PartLen;
use crate::frame::{self, Body, Framing, Layout, Part};
use crate::lab::file;

/// A file to send.
#[derive(Clone, Debug, PartialEq)]
pub struct FileOut {
    /// Prefix and header.
    pub head: Vec<u8>,
    /// The parts of the message, in order.
    pub parts: Vec<PartLen>,
    /// What follows.
    pub content: Content,
    /// How many bytes of it go into each write.
    pub chunk: usize,
    /// How many bytes of it are sent.
    pub stop: u64,
}

/// A file to receive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileIn {
    /// The form of the prefix.
    pub layout: Layout,
    /// The largest file, in bytes.
    pub limit: u64,
    /// The largest header, in bytes.
    pub header_limit: u64,
    /// How many bytes of the content a read asks for at most.
    pub slice: usize,
    /// Whether it is written under the target's name from the start.
    pub in_place: bool,
}

/// A file's content: something that is repeated, so that of any size only a chunk is held.
#[derive(Clone, Debug, PartialEq)]
pub struct Content {
    unit: Vec<u8>,
    size: u64,
    /// The place of a byte whose lowest bit is flipped.
    alter: Option<u64>,
}

impl Content {
    /// How many bytes it has.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Puts the bytes from `at` on into the buffer, as many as there are and fit.
    pub fn fill(&self, at: u64, most: usize, buffer: &mut Vec<u8>) {
        buffer.clear();
        let left = self.size.saturating_sub(at);
        let n = usize::try_from(left).map_or(most, |left| left.min(most));
        if n == 0 {
            return;
        }
        // What is below a length in memory fits into a `usize`.
        let mut from = usize::try_from(at % self.unit.len() as u64).unwrap_or(0);
        while buffer.len() < n {
            let take = (self.unit.len() - from).min(n - buffer.len());
            buffer.extend_from_slice(&self.unit[from..from + take]);
            from = 0;
        }
        let altered = self.alter.and_then(|alter| alter.checked_sub(at));
        if let Some(byte) = altered
            .and_then(|i| usize::try_from(i).ok())
            .and_then(|i| buffer.get_mut(i))
        {
            *byte ^= 1;
        }
    }
}

impl Resolver<'_> {
    pub(super) fn file_out(&self, file: &file::SendFile) -> Result<FileOut, Impossible<'static>> {
        let (layout, ..) = self.header_dict(file.framing)?;
        let unit = file.content.unit(self.round());
        let times = file.content.times;
        let size = (unit.len() as u64).saturating_mul(times as u64);
        // Of the content as it is; what is altered is altered afterwards.
        let md5 = frame::md5_of(iter::repeat_n(&unit[..], times));
        let announced = file.total_size.unwrap_or(size);
        let [prefix, header] = match frame::head(layout, Some(&file.filename), &md5, announced) {
            Ok(head) => head,
            Err(error) => return self.unencodable(&error),
        };
        let lengths = [
            (Part::Prefix, prefix.len() as u64),
            (Part::Header, header.len() as u64),
            (Part::Payload, size),
        ];
        Ok(FileOut {
            head: [prefix, header].concat(),
            parts: lengths
                .map(|(part, bytes)| PartLen { part, bytes })
                .to_vec(),
            content: Content {
                unit,
                size,
                alter: file.alter,
            },
            chunk: file.chunk.0,
            stop: file.stop_after.unwrap_or(size).min(size),
        })
    }

    pub(super) fn file_in(&self, file: &file::RecvFile) -> Result<FileIn, Impossible<'static>> {
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
    fn header_dict(
        &self,
        own: Option<file::Framing>,
    ) -> Result<(Layout, u64, u64), Impossible<'static>> {
        match self.framing(own)? {
            Framing::HeaderDict {
                layout,
                limit,
                header_limit,
                body: Body::Payload,
            } => Ok((layout, limit, header_limit)),
            Framing::HeaderDict { .. } => self.error(
                "a file's content follows its header, and this framing is `header_only`",
                "leave `header_only` out; `\"stop_after\": 0` sends a header alone",
            ),
            Framing::Length { .. } => self.error(
                "a file is framed by a header dict, and this framing is a `length`",
                "use `\"framing\": {\"header_dict\": \"<q\"}`",
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_is_the_same_in_whatever_chunks() {
        let content = Content {
            unit: b"abc".to_vec(),
            size: 9,
            alter: Some(4),
        };
        for most in 1..=10 {
            let (mut all, mut chunk) = (Vec::new(), Vec::new());
            while (all.len() as u64) < content.size() {
                content.fill(all.len() as u64, most, &mut chunk);
                all.extend_from_slice(&chunk);
            }
            assert_eq!(all, b"abcaccabc", "{most}");
        }
        let empty = Content {
            unit: Vec::new(),
            size: 0,
            alter: None,
        };
        let mut chunk = vec![1];
        empty.fill(0, 8, &mut chunk);
        assert_eq!(chunk, b"");
    }
}
