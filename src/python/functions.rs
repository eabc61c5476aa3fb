//! The functions that a program defines for itself: only those that its steps call.

use super::template::Values;
use super::writer::Writer;
use std::fmt::Display;

use crate::frame::{self, Body, Framing};
use crate::lab::file::{Json, Outputs};

/// What a program's steps call, to be defined above them.
#[derive(Default)]
pub(super) struct Functions {
    /// The largest size that exactly so many bytes are read of, if any are.
    exact: Option<usize>,
    /// Whether exactly so many bytes are read in slices.
    pub(super) slices: bool,
    /// Whether commands are run.
    pub(super) commands: bool,
    /// How what they write is read, if the lab says how.
    pub(super) outputs: Option<Outputs>,
    /// Each with whether its header is not always written in the same way.
    frames: Vec<(FrameShape, bool)>,
    readers: Vec<MessageReader>,
}

/// A function that puts messages into frames.
#[derive(Clone, Copy, PartialEq)]
pub(super) struct FrameShape {
    pub(super) framing: Framing,
    pub(super) has_name: bool,
    /// Whether the size in the header is a lie, and so an argument.
    pub(super) has_size: bool,
    /// Whether the parts are wanted one by one.
    pub(super) in_parts: bool,
}

/// A pair of functions that take messages out of a stream.
struct MessageReader {
    framing: Framing,
    /// Whether each read may have a size of its own.
    has_sizes: bool,
    /// The largest of the sizes.
    largest: usize,
}

/// The most bytes of which all are shown.
const SHOWN: usize = 1024;

/// What an f-string shows of the bytes in a variable: of a large buffer, how many came and how
/// they begin.
pub(super) fn shown(size: usize, variable: &str) -> String {
    if size <= SHOWN {
        format!("{{{variable}!r}}")
    } else {
        format!("{{len({variable})}} bytes: {{{variable}[:20]!r}}")
    }
}

impl Functions {
    pub(super) fn exact(&mut self, size: usize) {
        self.exact = self.exact.max(Some(size));
    }

    /// The name of the function that makes such frames.
    pub(super) fn frame(&mut self, shape: FrameShape, style: Json) -> String {
        let same = |(other, _): &(FrameShape, bool)| *other == shape;
        let index = place(&mut self.frames, same, || (shape, false));
        self.frames[index].1 |= style != Json::default();
        shape.name(index)
    }

    /// The name of the function that receives a message, of the size that it is given or, if
    /// it `has_sizes`, of a list of sizes.
    pub(super) fn receive(&mut self, framing: Framing, has_sizes: bool, largest: usize) -> String {
        let new = || MessageReader {
            framing,
            has_sizes,
            largest: 0,
        };
        let index = place(&mut self.readers, |other| other.framing == framing, new);
        let reader = &mut self.readers[index];
        reader.largest = reader.largest.max(largest);
        numbered("recv_message", index)
    }

    /// Writes the functions, each with two blank lines behind it; `sock` is what they call the
    /// socket.
    pub(super) fn write(&self, writer: &mut Writer, sock: &str) {
        let sock: (&str, &dyn Display) = ("sock", &sock);
        let mut put = |part: &str, values: &Values<'_>| {
            writer.put(part, values);
            writer.blank();
            writer.blank();
        };
        if let Some(largest) = self.exact {
            put("recv_exact", &[sock, ("shown", &shown(largest, "chunk"))]);
        }
        if self.slices {
            put("recv_slices", &[sock]);
        }
        if self.commands {
            let values: &Values<'_> = &[
                ("both_together", &self.outputs.is_none()),
                (
                    "reads_stdout_first",
                    &(self.outputs == Some(Outputs::StdoutFirst)),
                ),
            ];
            put("run_command", values);
        }
        for (i, &(shape, has_style)) in self.frames.iter().enumerate() {
            shape.write(i, has_style, &mut put);
        }
        for (i, reader) in self.readers.iter().enumerate() {
            let take = numbered("take_message", i);
            let layout = reader.framing.layout();
            let (part, limit, header_limit, body) = match reader.framing {
                Framing::Length { limit, .. } => ("take_message_length", limit, 0, Body::Payload),
                Framing::HeaderDict {
                    limit,
                    header_limit,
                    body,
                    ..
                } => ("take_message_header_dict", limit, header_limit, body),
            };
            put(
                part,
                &[
                    ("take", &take),
                    ("layout", &layout),
                    ("prefix", &layout.size()),
                    ("limit", &written(limit)),
                    ("header_limit", &written(header_limit)),
                    ("header_only", &(body == Body::None)),
                ],
            );
            let values: &Values<'_> = &[
                sock,
                ("take", &take),
                ("receive", &numbered("recv_message", i)),
                ("argument", &if reader.has_sizes { "sizes" } else { "size" }),
                ("has_sizes", &reader.has_sizes),
                ("shown", &shown(reader.largest, "data")),
            ];
            put("recv_message", values);
        }
    }
}

impl FrameShape {
    fn name(self, index: usize) -> String {
        numbered(
            if self.in_parts {
                "frame_parts"
            } else {
                "frame"
            },
            index,
        )
    }

    fn write(self, index: usize, has_style: bool, put: &mut impl FnMut(&str, &Values<'_>)) {
        let mut parameters = vec!["payload"];
        parameters.extend(self.has_name.then_some("filename"));
        parameters.extend(self.has_size.then_some("total_size"));
        if has_style {
            parameters.extend(["indent=None", "ensure_ascii=True"]);
        }
        let size = if self.has_size {
            "total_size"
        } else {
            "len(payload)"
        };
        let (part, parts) = match self.framing {
            Framing::Length { .. } => ("frame_length", &["prefix", "payload"][..]),
            Framing::HeaderDict {
                body: Body::None, ..
            } => ("frame_header_dict", &["prefix", "header_bytes"][..]),
            Framing::HeaderDict { .. } => (
                "frame_header_dict",
                &["prefix", "header_bytes", "payload"][..],
            ),
        };
        let between = if self.in_parts { ", " } else { " + " };
        put(
            part,
            &[
                ("frame", &self.name(index)),
                ("parameters", &parameters.join(", ")),
                ("layout", &self.framing.layout()),
                ("size", &size),
                ("parts", &parts.join(between)),
                ("has_name", &self.has_name),
                ("has_style", &has_style),
            ],
        );
    }
}

/// Where a thing stands in a list; a new one is put at its end.
fn place<T>(list: &mut Vec<T>, same: impl Fn(&T) -> bool, new: impl FnOnce() -> T) -> usize {
    list.iter().position(same).unwrap_or_else(|| {
        list.push(new());
        list.len() - 1
    })
}

/// `frame`, `frame_2`, `frame_3`: seldom is there more than one.
fn numbered(name: &str, index: usize) -> String {
    match index {
        0 => name.into(),
        index => format!("{name}_{}", index + 1),
    }
}

/// A limit as a person would write it.
fn written(limit: u64) -> String {
    match limit {
        frame::DEFAULT_LIMIT => "8 * 1024 * 1024".into(),
        frame::DEFAULT_HEADER_LIMIT => "64 * 1024".into(),
        other => other.to_string(),
    }
}
