//! The bytes of a message as a person writes them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{BadValue, Bytes, from_hex, written_as};
use crate::text::Encoding;
use crate::usual;

/// The bytes of a message: a text, or an object that says how to make them.
#[derive(Clone, Debug, PartialEq)]
pub struct Payload {
    /// What is written in the lab file, with `{n}` not yet filled in.
    pub source: PayloadSource,
    /// How often it is repeated.
    pub times: usize,
}

/// Where a payload's bytes come from.
#[derive(Clone, Debug, PartialEq)]
pub enum PayloadSource {
    /// Text in an encoding.
    Text(String, Encoding),
    /// Bytes given as hexadecimal digits.
    Hex(Vec<u8>),
}

/// The largest payload: 64 MiB.
pub const MAX_PAYLOAD: usize = 64 << 20;

impl Payload {
    /// The bytes, with `{n}` in a text replaced by the round of the enclosing `repeat`, if any.
    pub fn bytes(&self, round: Option<u32>) -> Vec<u8> {
        self.unit(round).repeat(self.times)
    }

    /// What is repeated `times` times: enough to make the bytes one part at a time.
    pub fn unit(&self, round: Option<u32>) -> Vec<u8> {
        match (&self.source, round) {
            (PayloadSource::Text(text, encoding), Some(n)) => {
                encode(&text.replace("{n}", &n.to_string()), *encoding).0
            }
            (PayloadSource::Text(text, encoding), None) => encode(text, *encoding).0,
            (PayloadSource::Hex(bytes), _) => bytes.clone(),
        }
    }
}

/// The text's bytes, and whether the encoding has all its characters.
fn encode(text: &str, encoding: Encoding) -> (Vec<u8>, bool) {
    let (bytes, _, unmappable) = encoding.codec().encode(text);
    (bytes.into_owned(), !unmappable)
}

/// The object form of a payload.
#[serde_with::skip_serializing_none]
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct PayloadObject {
    /// A text.
    text: Option<String>,
    /// The encoding of the text. Default `utf-8`.
    encoding: Option<Encoding>,
    /// Bytes as hexadecimal digits, two a byte, such as `00 00 00 05`.
    hex: Option<String>,
    /// How often to repeat it. Default 1.
    #[serde(default = "usual::one::<usize>", skip_serializing_if = "usual::is_one")]
    #[schemars(range(min = 1))]
    times: usize,
}

impl TryFrom<PayloadObject> for Payload {
    type Error = BadValue;

    fn try_from(object: PayloadObject) -> Result<Self, BadValue> {
        let (source, length) = match (object.text, object.hex) {
            (Some(text), None) => {
                let encoding = object.encoding.unwrap_or_default();
                let (bytes, all) = encode(&text, encoding);
                if !all {
                    return Err(BadValue::NoSuchCharacter);
                }
                (PayloadSource::Text(text, encoding), bytes.len())
            }
            (None, Some(_)) if object.encoding.is_some() => {
                return Err(BadValue::EncodingOfHex);
            }
            (None, Some(hex)) => {
                let bytes = from_hex(&hex)?;
                let length = bytes.len();
                (PayloadSource::Hex(bytes), length)
            }
            _ => return Err(BadValue::TextOrHex),
        };
        match length.checked_mul(object.times) {
            Some(0..=MAX_PAYLOAD) if object.times > 0 => Ok(Self {
                source,
                times: object.times,
            }),
            _ => Err(BadValue::PayloadSize),
        }
    }
}

impl Serialize for Payload {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let (text, encoding, hex) = match &self.source {
            PayloadSource::Text(text, Encoding::Utf8) if self.times == 1 => {
                return to.serialize_str(text);
            }
            PayloadSource::Text(text, Encoding::Utf8) => (Some(text.clone()), None, None),
            PayloadSource::Text(text, encoding) => (Some(text.clone()), Some(*encoding), None),
            PayloadSource::Hex(bytes) => {
                let digits: Vec<String> = bytes.iter().map(|b| format!("{b:02x}")).collect();
                (None, None, Some(digits.join(" ")))
            }
        };
        PayloadObject {
            text,
            encoding,
            hex,
            times: self.times,
        }
        .serialize(to)
    }
}

written_as! {
    Payload: TextOrPayload,
    text |text: &str| Ok::<_, BadValue>(Payload {
        source: PayloadSource::Text(text.into(), Encoding::Utf8),
        times: 1,
    }),
    object |object: PayloadObject| object.try_into(),
}

impl JsonSchema for Payload {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Payload".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let object = generator.subschema_for::<PayloadObject>();
        schemars::json_schema!({
            "description": "The bytes of a message: a text, or an object that says how to make them.",
            "anyOf": [{ "type": "string" }, object]
        })
    }
}

impl From<&Payload> for Bytes {
    fn from(payload: &Payload) -> Self {
        Self(payload.bytes(None))
    }
}
