//! Sans-I/O framing: where one message ends and the next begins, without a socket.
//!
//! TCP carries a stream of bytes and keeps no message boundary, so a program has to write one. Two
//! ways that programs written in Python use, byte for byte:
//!
//! ```text
//! Length        05 00 00 00  h e l l o
//!               prefix       payload
//!
//! HeaderDict    51 00 00 00  {"filename": "a.txt", "md5": "5d41…", "total_size": 5}  h e l l o
//!               prefix       header                                                  payload
//! ```
//!
//! A [`Framing`] says which one, [`Framing::encode`] gives the parts to send, and a [`Decoder`] is
//! fed with whatever a receive returned, however the stream was cut:
//!
//! ```
//! use sticky_lab::frame::{Framing, Layout, Outgoing};
//!
//! let framing = Framing::length(Layout::I32Le);
//! let parts = framing.encode(&Outgoing::new(b"hello"))?;
//! assert_eq!(parts, [&[5, 0, 0, 0][..], b"hello"]);
//!
//! let mut decoder = framing.decoder();
//! let stream = parts.concat();
//! let mut messages = Vec::new();
//! for mut received in stream.chunks(2) {
//!     while let Some(frame) = decoder.decode(&mut received)? {
//!         messages.push(frame.payload.to_vec());
//!     }
//! }
//! decoder.finish()?;
//! assert_eq!(messages, [b"hello"]);
//! # Ok::<(), sticky_lab::frame::FrameError>(())
//! ```
//!
//! Nothing in here opens a socket, reads a clock or prints.

mod decoder;
mod dict;
mod error;
#[cfg(test)]
mod fixture;
mod gather;
mod json;
mod layout;
mod length;
mod name;
mod pieces;

use serde::{Deserialize, Serialize};

pub use decoder::Decoder;
pub use dict::{Header, head, md5_of};
pub use error::FrameError;
pub(crate) use error::preview;
#[cfg(test)]
pub(crate) use fixture::one_of_each;
pub use json::JsonStyle;
pub use layout::{Layout, ParseLayoutError, Prefix};
pub use name::{NameFault, plain_name};
pub use pieces::{Piece, Pieces};

/// The longest payload that is accepted unless told otherwise: 8 MiB, in bytes.
pub const DEFAULT_LIMIT: u64 = 8 * 1024 * 1024;

/// The longest JSON header that is accepted unless told otherwise: 64 KiB, in bytes.
pub const DEFAULT_HEADER_LIMIT: u64 = 64 * 1024;

/// How the messages of a stream are marked off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Framing {
    /// A length prefix, then the payload.
    Length {
        /// The form of the prefix, which counts the payload's bytes.
        layout: Layout,
        /// The longest payload accepted when decoding, in bytes.
        limit: u64,
    },
    /// The length of a header, the header (a JSON object), then a payload of the size that the
    /// header names.
    HeaderDict {
        /// The form of the prefix, which counts the header's bytes.
        layout: Layout,
        /// The longest payload accepted when decoding, in bytes. Unused with [`Body::None`].
        limit: u64,
        /// The longest header accepted when decoding, in bytes.
        header_limit: u64,
        /// Whether the payload follows.
        body: Body,
    },
}

/// What stands behind the header of a [`Framing::HeaderDict`] message.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Body {
    /// The payload follows, as many bytes as the header says.
    #[default]
    Payload,
    /// Nothing: the header is the whole message. The size in it is told, not followed: it may be
    /// any that a `u64` holds, and no limit applies to it.
    None,
}

impl Framing {
    /// A length prefix in this `layout`, with [`DEFAULT_LIMIT`].
    pub const fn length(layout: Layout) -> Self {
        Self::Length {
            layout,
            limit: DEFAULT_LIMIT,
        }
    }

    /// A header dict whose length stands in this `layout`, with its payload, [`DEFAULT_LIMIT`] and
    /// [`DEFAULT_HEADER_LIMIT`].
    pub const fn header_dict(layout: Layout) -> Self {
        Self::HeaderDict {
            layout,
            limit: DEFAULT_LIMIT,
            header_limit: DEFAULT_HEADER_LIMIT,
            body: Body::Payload,
        }
    }

    /// The form of the prefix that every message starts with.
    pub const fn layout(&self) -> Layout {
        match *self {
            Self::Length { layout, .. } | Self::HeaderDict { layout, .. } => layout,
        }
    }

    /// The parts of a message, as tutorials send them: `[prefix, payload]`, or
    /// `[prefix, header, payload]`, or `[prefix, header]` with [`Body::None`].
    ///
    /// In how many writes they leave is up to the caller. The payload's part is there also if it
    /// is empty. The limits are the reader's and are not applied here.
    ///
    /// # Errors
    ///
    /// [`FrameError::DoesNotFit`] if the length is more than the prefix can hold.
    pub fn encode(&self, message: &Outgoing<'_>) -> Result<Vec<Vec<u8>>, FrameError> {
        match *self {
            Self::Length { layout, .. } => length::encode(layout, message),
            Self::HeaderDict { layout, body, .. } => dict::encode(layout, body, message),
        }
    }

    /// Whether bytes begin as they would behind a prefix that, read in the other byte order, says
    /// this length: with so many of them, and then nothing or another such prefix.
    fn fits_in_other_order(&self, length: u64, rest: &[u8]) -> bool {
        let Some((first, behind)) = usize::try_from(length)
            .ok()
            .and_then(|length| rest.split_at_checked(length))
        else {
            return false;
        };
        let (Self::Length { layout, limit } | Self::HeaderDict { layout, limit, .. }) = *self;
        if let Self::HeaderDict { .. } = self {
            return first.starts_with(b"{") && first.ends_with(b"}");
        }
        match behind.get(..layout.size()) {
            None => behind.is_empty(),
            Some(prefix) => {
                let next = layout.swapped().decode(prefix);
                next.is_some_and(|next| (0..=i128::from(limit)).contains(&next))
            }
        }
    }

    /// A decoder for one direction of one connection, at the start of a message.
    pub fn decoder(&self) -> Decoder {
        Decoder::new(*self)
    }
}

/// A message to encode, and in what it shall be a lie.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Outgoing<'a> {
    /// The message's bytes.
    pub payload: &'a [u8],
    /// The `filename` in the header; left out of it if `None`. [`Framing::Length`] has no place
    /// for it.
    pub name: Option<&'a str>,
    /// The size to announce instead of the payload's own, in bytes.
    pub announced_size: Option<u64>,
    /// The index of a payload byte whose lowest bit is flipped after hashing, so that the hash in
    /// the header is wrong. Without effect if the payload ends before it.
    pub alter: Option<usize>,
    /// How a header dict is written.
    pub json: JsonStyle,
}

impl<'a> Outgoing<'a> {
    /// A message that is what it says: no name, its own size, nothing altered.
    pub const fn new(payload: &'a [u8]) -> Self {
        Self {
            payload,
            name: None,
            announced_size: None,
            alter: None,
            json: JsonStyle {
                indent: None,
                ensure_ascii: true,
            },
        }
    }

    /// The size that the message announces, in bytes.
    fn size(&self) -> u64 {
        self.announced_size
            .unwrap_or_else(|| bytes(self.payload.len()))
    }

    /// The payload as it leaves.
    fn body(&self) -> Vec<u8> {
        let mut body = self.payload.to_vec();
        if let Some(byte) = self.alter.and_then(|index| body.get_mut(index)) {
            *byte ^= 1;
        }
        body
    }
}

/// A whole message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame<'a> {
    /// The header, if the framing has one. In a box, because a `Frame` is moved for every message
    /// and most have none.
    pub header: Option<Box<Header>>,
    /// The payload; it may be empty.
    pub payload: &'a [u8],
}

/// A part of a message on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Part {
    /// The length in front.
    Prefix,
    /// The JSON header.
    Header,
    /// The message proper.
    Payload,
}

/// Which part of a message a [`Decoder`] is gathering, and how far it has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// The part.
    pub part: Part,
    /// How many of its bytes are there.
    pub have: u64,
    /// How many it has in all.
    pub need: u64,
}

/// A length in memory, as lengths are counted on the wire. (No target has a `usize` wider than
/// 64 bits.)
fn bytes(len: usize) -> u64 {
    u64::try_from(len).unwrap_or(u64::MAX)
}
