//! What a write or a read carried, and what a decoder made of it.

use serde::{Deserialize, Serialize};

use super::{Bytes, Label};
use crate::frame::{FrameError, Part};
use crate::usual;

/// A write: bytes handed to the kernel.
#[serde_with::skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Write {
    /// The message that these bytes belong to.
    pub message: Label,
    /// Where a datagram goes, if the call says so.
    pub peer: Option<String>,
    /// How many bytes were handed over.
    pub asked: u64,
    /// How many the kernel took; absent if the call failed.
    pub returned: Option<u64>,
    /// The bytes that the kernel took.
    pub hex: Bytes,
    /// Where the whole message, of which this is a piece, has its parts: the length prefix, the
    /// header, the payload. Absent for a message without framing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub layout: Vec<PartLen>,
}

/// One part of a framed message and its length.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct PartLen {
    /// Which part.
    pub part: Part,
    /// In bytes.
    pub bytes: u64,
}

/// A read: bytes that the kernel handed over.
#[serde_with::skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Read {
    /// The size of the buffer offered.
    pub asked: u64,
    /// Where a datagram came from, if the call says so.
    pub peer: Option<String>,
    /// How many bytes came; absent if the call failed.
    pub returned: Option<u64>,
    /// The bytes.
    pub hex: Bytes,
    /// How many bytes the kernel still held in the receive queue as this read returned
    /// (`TCP_INQ`); absent where it does not say.
    pub left: Option<u64>,
    /// How many bytes of this datagram the kernel threw away because they did not fit.
    pub truncated: Option<u64>,
    /// How many datagrams the kernel has dropped at this socket so far (`SO_RXQ_OVFL`,
    /// `SO_MEMINFO`).
    pub dropped: Option<u64>,
    /// How long the datagram is that lay first in the queue right after that (`FIONREAD`); 0 if it
    /// is empty, or there was none.
    pub next: Option<u64>,
    /// What a text decoder made of it; absent where none is at work.
    pub text: Option<Box<crate::text::DecodedText>>,
    /// What the frame decoder made of it; absent where none is at work.
    pub decoder: Option<Box<DecoderState>>,
}

impl Read {
    /// A read that asks for so many bytes, before anything has come of it.
    pub fn asking(asked: u64) -> Self {
        Self {
            asked,
            ..Self::default()
        }
    }
}

/// A frame decoder after one read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DecoderState {
    /// The messages that this read made whole.
    pub out: Vec<Decoded>,
    /// The part of the next message that is being gathered.
    pub part: Part,
    /// How much of that part is there.
    pub have: u64,
    /// How much it takes.
    pub need: u64,
    /// Bytes of the unfinished message that the decoder holds.
    pub kept: u64,
    /// Bytes that came behind the last message that was asked for, and at which the decoder has
    /// not looked yet: they are for the next reading of messages.
    #[serde(default, skip_serializing_if = "usual::is_default")]
    pub behind: u64,
    /// Why it refused to go on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refused: Option<FrameError>,
}

/// A message that came whole out of a decoder.
#[serde_with::skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Decoded {
    /// Its payload.
    pub hex: Bytes,
    /// Its header dict, where the framing has one.
    pub header: Option<serde_json::Map<String, serde_json::Value>>,
    /// The digest that the header announced and that the payload was found to have.
    pub verified: Option<String>,
    /// How many bytes of the stream it took, prefix and header included.
    pub size: Option<u64>,
}
