//! What a lab claims of a run: the `expect` of `lab.json`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{BadValue, Ends, Label, Payload, StoredFile, written_as};
use crate::usual;

/// What a lab claims of a run. What is not named is not claimed.
#[serde_with::skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Expect")]
pub struct Claims {
    /// What the server's reads returned, one entry a read, the end of the stream left out; or
    /// `"any-legal"` where it varies: whatever the transport allows.
    pub recvs: Option<ClaimedRecvs>,
    /// How many reads returned bytes.
    pub recv_count: Option<Bounds>,
    /// How many bytes each of them returned, the end of the stream left out.
    pub sizes: Option<Vec<u64>>,
    /// How many times the client wrote.
    pub writes: Option<Bounds>,
    /// How many bytes were written.
    pub bytes_sent: Option<Bounds>,
    /// How many of them no read returned.
    pub bytes_lost: Option<Bounds>,
    /// How many data segments carried it.
    pub segments: Option<Bounds>,
    /// What became of each edge between two messages, in order.
    pub edges: Option<Vec<ClaimedFate>>,
    /// Every cut through a message, in order.
    pub cuts: Option<Vec<ClaimedCut>>,
    /// How many of the messages came whole: a read, a loop or the frame decoder gave the program
    /// the content of that message, and nothing else.
    pub whole: Option<Bounds>,
    /// The payloads that the frame decoder gave out, whether or not somebody sent them so.
    pub messages: Option<Vec<Payload>>,
    /// Why the frame decoder refused to go on, by the kind of its error, such as `over-limit`.
    pub refused: Option<String>,
    /// What lies in the receiving directory after the last `recv_file`, by name; `[]` for nothing.
    pub files: Option<Vec<StoredFile>>,
    /// The largest number of bytes that the client's kernel was seen to hold unsent.
    pub most_unsent: Option<Bounds>,
    /// How many bytes of cut datagrams were lost.
    pub truncated: Option<u64>,
    /// True if the kernel dropped datagrams, and if sent = received + dropped by its own count.
    pub drops: Option<bool>,
    /// True if the server read the end of the stream.
    pub end_of_stream: Option<bool>,
    /// What each `recv_loop` took for one message, in order.
    pub taken: Option<Vec<ClaimedLoop>>,
    /// The texts that `recv_text` made of the reads, or `decode` of messages, in order.
    pub texts: Option<Vec<String>>,
    /// The calls of the run that failed, on whichever side, in order: `"server recv ECONNRESET"`.
    pub errors: Option<Vec<String>>,
    /// What the steps `states` recorded, on whichever side, in order; an end that is left out is
    /// not claimed.
    pub states: Option<Vec<Ends>>,
    /// The same claims for the other direction: what the server wrote and the client read.
    pub answers: Option<Box<Claims>>,
    /// The same claims for each of the run's `more_clients`, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub more_clients: Vec<Claims>,
}

impl Claims {
    /// Nothing is claimed.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Something is claimed of this direction itself.
    pub fn claims_something(&self) -> bool {
        let own = Self {
            answers: None,
            more_clients: Vec::new(),
            ..self.clone()
        };
        !own.is_empty()
    }
}

/// A number, or a bound where the number varies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// The least that it may be.
    pub at_least: u64,
    /// The most.
    pub at_most: u64,
}

impl Bounds {
    /// Whether a number is as claimed.
    pub fn holds(self, n: u64) -> bool {
        (self.at_least..=self.at_most).contains(&n)
    }
}

/// The object form of a count.
#[serde_with::skip_serializing_none]
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Bounds")]
struct BoundsObject {
    /// The least that it may be.
    at_least: Option<u64>,
    /// The most that it may be.
    at_most: Option<u64>,
}

impl Serialize for Bounds {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        if self.at_least == self.at_most {
            return to.serialize_u64(self.at_least);
        }
        let at_least = (self.at_least > 0).then_some(self.at_least);
        let at_most = (self.at_most < u64::MAX).then_some(self.at_most);
        BoundsObject { at_least, at_most }.serialize(to)
    }
}

written_as! {
    Bounds: CountOrBounds,
    number |n| Bounds { at_least: n, at_most: n },
    object |bounds: BoundsObject| Ok::<_, BadValue>(Bounds {
        at_least: bounds.at_least.unwrap_or(0),
        at_most: bounds.at_most.unwrap_or(u64::MAX),
    }),
}

impl JsonSchema for Bounds {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Count".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let bounds = generator.subschema_for::<BoundsObject>();
        schemars::json_schema!({
            "description": "A number, or a bound where the number varies.",
            "anyOf": [{ "type": "integer", "minimum": 0 }, bounds]
        })
    }
}

/// What a lab claims of the reads.
#[derive(Clone, Debug, PartialEq)]
pub enum ClaimedRecvs {
    /// Anything that the transport allows.
    AnyLegal,
    /// Exactly these.
    Exactly(Vec<Payload>),
}

const ANY_LEGAL: &str = "any-legal";

impl Serialize for ClaimedRecvs {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::AnyLegal => to.serialize_str(ANY_LEGAL),
            Self::Exactly(payloads) => payloads.serialize(to),
        }
    }
}

written_as! {
    ClaimedRecvs: ReadsOrAnyLegal,
    text |text: &str| match text {
        ANY_LEGAL => Ok(ClaimedRecvs::AnyLegal),
        other => Err(BadValue::Recvs(other.into())),
    },
    list ClaimedRecvs::Exactly,
}

impl JsonSchema for ClaimedRecvs {
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
#[schemars(rename = "Fate")]
pub enum ClaimedFate {
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
#[schemars(rename = "Cut")]
pub struct ClaimedCut {
    /// The message.
    #[schemars(with = "String")]
    pub message: Label,
    /// After how many of its bytes.
    pub after: u64,
    /// What cut it.
    pub by: ClaimedCutBy,
}

/// What cut a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "CutBy")]
pub enum ClaimedCutBy {
    /// The read returned all that it asked for, and bytes were left in the queue.
    Buffer,
    /// The queue was emptied; the rest had not arrived.
    Arrival,
}

/// What a `recv_loop` should have taken for one message, and what it took.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Taken")]
pub struct ClaimedLoop {
    /// How many bytes the message should have had.
    pub wanted: u64,
    /// How many the program counted.
    pub counted: u64,
    /// How many it really has.
    pub has: u64,
    /// How many reads returned nothing.
    #[serde(default, skip_serializing_if = "usual::is_default")]
    pub empty: u64,
}
