//! The steps that send and receive a file.

use super::{Impossible, Resolver};
use crate::event::PartLen;
use crate::frame::{self, Body, Framing, JsonStyle, Layout, Part};
use crate::lab::file;
use crate::scenario::{Content, FileIn, FileOut};

impl Resolver<'_> {
    pub(super) fn file_out(&self, file: &file::SendFile) -> Result<FileOut, Impossible<'static>> {
        let (layout, ..) = self.header_dict(file.framing)?;
        let unit = file.content.unit(self.round);
        let content = Content::new(unit, file.content.times, file.alter);
        let (size, md5) = (content.size(), content.md5());
        let announced = file.total_size.unwrap_or(size);
        let [prefix, header] = match frame::head(
            layout,
            Some(&file.filename),
            &md5,
            announced,
            JsonStyle::default(),
        ) {
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
            content,
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
