//! Steps that send and receive a file behind a header dict.

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};

use super::framing::Framing;
use crate::event::{BadValue, Payload};
use crate::usual;

/// A file to send behind a header dict: the header in one write, then the content in chunks.
#[serde_with::skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SendFile {
    /// The name that goes into the header.
    pub filename: String,
    /// The file's content. It is made as it is sent; no file is read.
    pub content: Payload,
    /// How many bytes of the content go into each write. Default 2048.
    #[serde(default, skip_serializing_if = "usual::is_default")]
    pub chunk: Chunk,
    /// The framing, if it is not the run's: a `header_dict`.
    pub framing: Option<Framing>,
    /// The size that the header announces, if it is not the content's.
    pub total_size: Option<u64>,
    /// The offset of a content byte to alter after the MD5 was taken.
    pub alter: Option<u64>,
    /// Send only so many bytes of the content, as a sender does that breaks down on the way.
    pub stop_after: Option<u64>,
}

/// A file to receive, into a directory that is made for the run and gone after it.
///
/// The length, the header and the content are each read until they are complete, and no read asks
/// for more than what is missing. The content goes into a file beside the target, which gets the
/// target's name once size and MD5 are right. Only a plain file name is taken from the header.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RecvFile {
    /// How many bytes of the content each read asks for at most. Default 2048.
    #[serde(default, skip_serializing_if = "usual::is_default")]
    pub slice: Chunk,
    /// The framing, if it is not the run's: a `header_dict`. Its `limit` is that of the file's
    /// size, its `header_limit` that of the header's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub framing: Option<Framing>,
    /// Write under the target's name from the first byte on, as tutorials do.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub in_place: bool,
}

/// How many bytes of a file move in one call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(transparent)]
#[schemars(transparent)]
pub struct Chunk(#[schemars(range(min = 1, max = 65536))] pub usize);

/// The largest chunk. A few of them are held at a time, so it bounds the memory of a transfer.
pub const MAX_CHUNK: usize = 64 << 10;

impl Default for Chunk {
    fn default() -> Self {
        Self(2048)
    }
}

impl<'de> Deserialize<'de> for Chunk {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let n = u64::deserialize(from)?;
        match usize::try_from(n) {
            Ok(size) if (1..=MAX_CHUNK).contains(&size) => Ok(Self(size)),
            _ => Err(serde::de::Error::custom(BadValue::Chunk(n))),
        }
    }
}
