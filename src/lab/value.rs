//! Spans of time, as people write them.

use std::time::Duration;

use schemars::JsonSchema;
use serde::de;
use serde::{Deserialize, Deserializer, Serialize};

use crate::event::BadValue;

/// A span of time as people write it: `2ms`, `1s 500ms`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, JsonSchema)]
#[schemars(with = "String")]
pub struct Span(pub Duration);

impl Serialize for Span {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(&humantime::format_duration(self.0))
    }
}

/// A span that the kernel takes for a timeout: in whole milliseconds, and none is no timeout at all.
pub(super) fn timeout<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Span>, D::Error> {
    let span: Option<Span> = Option::deserialize(from)?;
    match span {
        Some(Span(span)) if span < Duration::from_millis(1) => {
            Err(de::Error::custom(BadValue::NoTimeout))
        }
        span => Ok(span),
    }
}

impl<'de> Deserialize<'de> for Span {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        let span = humantime::parse_duration(&text).map_err(|e| {
            let why = e.to_string();
            let text = text.clone();
            de::Error::custom(BadValue::Span { text, why })
        })?;
        // No lab needs longer, and a sum of a few of these cannot overflow.
        if span > Duration::from_secs(3600) {
            return Err(de::Error::custom(BadValue::LongSpan));
        }
        Ok(Self(span))
    }
}
