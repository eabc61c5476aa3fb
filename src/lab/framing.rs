//! How a lab file says what marks messages off.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::event::BadValue;
use crate::frame::{self, Layout};

/// How messages are marked off in the stream: one of `length` and `header_dict`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "FramingObject", into = "FramingObject")]
#[schemars(with = "FramingObject")]
pub struct Framing(pub frame::Framing);

/// How messages are marked off in the stream: one of `length` and `header_dict`.
#[serde_with::skip_serializing_none]
#[derive(Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Framing")]
struct FramingObject {
    /// A length in this `struct` layout, then the payload.
    length: Option<Layout>,
    /// A header length in this `struct` layout, a JSON header with `filename`, `md5` and
    /// `total_size`, then the payload.
    header_dict: Option<Layout>,
    /// The largest payload that a reader accepts, in bytes. Default 8388608 (8 MiB).
    limit: Option<u64>,
    /// With `header_dict`: the largest header that a reader accepts, in bytes. Default 65536.
    header_limit: Option<u64>,
    /// With `header_dict`: the header is the whole message, no payload follows.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    header_only: bool,
}

impl TryFrom<FramingObject> for Framing {
    type Error = BadValue;

    fn try_from(object: FramingObject) -> Result<Self, BadValue> {
        let limit = object.limit.unwrap_or(frame::DEFAULT_LIMIT);
        let body = if object.header_only {
            frame::Body::None
        } else {
            frame::Body::Payload
        };
        match (object.length, object.header_dict) {
            (Some(_), None) if object.header_only => {
                Err(BadValue::WithHeaderDict("header_only".into()))
            }
            (Some(_), None) if object.header_limit.is_some() => {
                Err(BadValue::WithHeaderDict("header_limit".into()))
            }
            (Some(layout), None) => Ok(Self(frame::Framing::Length { layout, limit })),
            (None, Some(layout)) => Ok(Self(frame::Framing::HeaderDict {
                layout,
                limit,
                header_limit: object.header_limit.unwrap_or(frame::DEFAULT_HEADER_LIMIT),
                body,
            })),
            _ => Err(BadValue::LengthOrHeaderDict),
        }
    }
}

impl From<Framing> for FramingObject {
    fn from(framing: Framing) -> Self {
        let other_than = |usual: u64, own: u64| (own != usual).then_some(own);
        match framing.0 {
            frame::Framing::Length { layout, limit } => Self {
                length: Some(layout),
                limit: other_than(frame::DEFAULT_LIMIT, limit),
                ..Self::default()
            },
            frame::Framing::HeaderDict {
                layout,
                limit,
                header_limit,
                body,
            } => Self {
                header_dict: Some(layout),
                limit: other_than(frame::DEFAULT_LIMIT, limit),
                header_limit: other_than(frame::DEFAULT_HEADER_LIMIT, header_limit),
                header_only: body == frame::Body::None,
                ..Self::default()
            },
        }
    }
}
