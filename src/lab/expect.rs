//! What a lab claims of a run: the `expect` of `lab.json`.

use std::fmt;

use schemars::JsonSchema;
use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use super::value::Payload;
use crate::event::Label;

/// What a lab claims of a run. What is not named is not claimed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Expect {
    /// What the server's reads returned, one entry a read, the end of the stream left out; or
    /// `"any-legal"` where it varies: whatever the transport allows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recvs: Option<Recvs>,
    /// How many times the client wrote.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub writes: Option<u64>,
    /// How many data segments carried it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub segments: Option<u64>,
    /// What became of each edge between two messages, in order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edges: Option<Vec<Fate>>,
    /// Every cut through a message, in order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cuts: Option<Vec<Cut>>,
    /// The payloads that came whole out of the frame decoder.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub messages: Option<Vec<Payload>>,
    /// Why the frame decoder refused to go on, by the kind of its error, such as `over-limit`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refused: Option<String>,
    /// The largest number of bytes that the client's kernel was seen to hold unsent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub most_unsent: Option<u64>,
    /// How many bytes of cut datagrams were lost.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub truncated: Option<u64>,
    /// True if the kernel dropped datagrams, and if sent = received + dropped by its own count.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub drops: Option<bool>,
    /// True if the server read the end of the stream.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end_of_stream: Option<bool>,
}

impl Expect {
    /// Nothing is claimed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// What a lab claims of the reads.
#[derive(Clone, Debug, PartialEq)]
pub enum Recvs {
    /// Anything that the transport allows.
    AnyLegal,
    /// Exactly these.
    Exactly(Vec<Payload>),
}

const ANY_LEGAL: &str = "any-legal";

impl Serialize for Recvs {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::AnyLegal => to.serialize_str(ANY_LEGAL),
            Self::Exactly(payloads) => payloads.serialize(to),
        }
    }
}

impl<'de> Deserialize<'de> for Recvs {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(RecvsVisitor)
    }
}

struct RecvsVisitor;

impl<'de> Visitor<'de> for RecvsVisitor {
    type Value = Recvs;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a list of payloads, or \"{ANY_LEGAL}\"")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Recvs, E> {
        match text {
            ANY_LEGAL => Ok(Recvs::AnyLegal),
            other => Err(E::unknown_variant(other, &[ANY_LEGAL])),
        }
    }

    fn visit_seq<A: de::SeqAccess<'de>>(self, seq: A) -> Result<Recvs, A::Error> {
        Vec::deserialize(de::value::SeqAccessDeserializer::new(seq)).map(Recvs::Exactly)
    }
}

impl JsonSchema for Recvs {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Recvs".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let payload = generator.subschema_for::<Payload>();
        schemars::json_schema!({
            "description": "What the reads returned: a list of payloads, or `any-legal`.",
            "anyOf": [
                { "const": ANY_LEGAL },
                { "type": "array", "items": payload }
            ]
        })
    }
}

/// What became of an edge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Fate {
    /// A read started or ended exactly there.
    Kept,
    /// One segment carried bytes from both sides of it.
    Sender,
    /// The two sides left in different segments and were both queued before the read.
    ReceiveQueue,
}

/// A claimed cut through a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Cut {
    /// The message.
    #[schemars(with = "String")]
    pub message: Label,
    /// After how many of its bytes.
    pub after: u64,
    /// What cut it.
    pub by: CutBy,
}

/// What cut a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum CutBy {
    /// The read returned all that it asked for, and bytes were left in the queue.
    Buffer,
    /// The queue was emptied; the rest had not arrived.
    Arrival,
}
