//! What can be wrong with a message, as a value: for a sentence, for JSON, and to be compared.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Framing, Layout, NameFault, Part};

/// Why a stream could not be taken apart, or a message not be put together.
///
/// In JSON it is an object whose `kind` is [`kind`](Self::kind). Text that came from the peer is
/// shortened and has its control characters escaped.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, strum::IntoStaticStr)]
#[serde(tag = "kind", rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum FrameError {
    /// A signed prefix holds a negative length.
    Negative {
        /// The layout that it was read in.
        layout: Layout,
        /// The length read.
        value: i64,
        /// The length read in the other byte order, if that is within the limit: the likely cause.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        other_order: Option<u64>,
        /// The bytes of the length as text, if that is what they look like: then it is no length.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        text: Option<String>,
    },
    /// A length is over the decoder's limit. Nothing was reserved for it.
    OverLimit {
        /// What would have this length.
        part: Part,
        /// The length announced, in bytes.
        value: u64,
        /// The limit, in bytes.
        limit: u64,
        /// The length read in the other byte order, if that is within the limit: the likely cause.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        other_order: Option<u64>,
        /// The bytes of the length as text, if that is what they look like: then it is no length.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        text: Option<String>,
    },
    /// A length to be sent is more than the prefix can hold.
    DoesNotFit {
        /// The length, in bytes.
        value: u64,
        /// The layout of the prefix.
        layout: Layout,
        /// The largest value of that layout.
        max: u64,
    },
    /// The header is no JSON object.
    BadHeader {
        /// What is wrong with it.
        reason: String,
        /// How it begins.
        found: String,
    },
    /// The header names no size, or one that is not a whole number from 0 to 2⁶⁴ − 1.
    BadSize {
        /// The key that should hold it.
        key: String,
        /// The JSON that stands there; `None` if the key is missing.
        found: Option<String>,
    },
    /// The name in the header is not that of a file in one directory: see
    /// [`plain_name`](super::plain_name).
    BadName {
        /// The name; `None` if there is none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        name: Option<String>,
        /// What is wrong with it.
        reason: NameFault,
    },
    /// The payload does not have the MD5 that the header announced.
    HashMismatch {
        /// The file name in the header.
        name: Option<String>,
        /// The MD5 in the header, in hexadecimal digits.
        announced: String,
        /// The MD5 of the payload, in hexadecimal digits.
        computed: String,
    },
    /// The stream ended inside a message.
    Unfinished {
        /// The part that is incomplete.
        part: Part,
        /// How many of its bytes have come.
        have: u64,
        /// How many it has in all.
        need: u64,
    },
}

impl FrameError {
    /// The same without the hint at the other byte order, unless a message of that length is what
    /// follows (`rest`, as far as it has come).
    #[must_use]
    pub fn hinting_only_if_it_fits(mut self, framing: Framing, rest: &[u8]) -> Self {
        if let Self::Negative { other_order, .. } | Self::OverLimit { other_order, .. } = &mut self
        {
            *other_order = other_order.filter(|length| framing.fits_in_other_order(*length, rest));
        }
        self
    }

    /// Its short name, as in the JSON contract: `negative`, `over-limit`, `does-not-fit`,
    /// `bad-header`, `bad-size`, `bad-name`, `hash-mismatch` or `unfinished`.
    pub fn kind(&self) -> &'static str {
        self.into()
    }
}

/// Plain and technical: what a person is told of it stands in `words/`.
impl fmt::Display for FrameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind())
    }
}

impl std::error::Error for FrameError {}

/// The most characters that [`preview`] gives, apart from the `…` that tells of more.
const PREVIEW: usize = 80;

/// The beginning of a peer's text, fit to be printed: bytes that are not UTF-8 are replaced,
/// characters that do not print are escaped. A preview of a preview is the same.
pub(crate) fn preview(text: &[u8]) -> String {
    // No character takes more than four bytes: more of them are never shown.
    let start = &text[..text.len().min(4 * PREVIEW)];
    let mut shown = String::new();
    let mut room = PREVIEW;
    for c in String::from_utf8_lossy(start).chars() {
        let printed: String = match c {
            '"' | '\'' | '\\' => c.into(),
            _ => c.escape_debug().collect(),
        };
        let Some(left) = room.checked_sub(printed.chars().count()) else {
            shown.push('…');
            return shown;
        };
        room = left;
        shown.push_str(&printed);
    }
    if start.len() < text.len() {
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::one_of_each;

    #[test]
    fn goes_through_json_under_its_kind() {
        for (error, kind) in one_of_each() {
            assert_eq!(error.kind(), kind);
            let json = serde_json::to_value(&error).unwrap();
            assert_eq!(json["kind"], kind);
            assert_eq!(serde_json::from_value::<FrameError>(json).unwrap(), error);
        }
    }

    #[test]
    fn a_preview_prints_and_is_short() {
        for (text, shown) in [
            (&b"{\"a\": 'b\\'}"[..], "{\"a\": 'b\\'}"),
            ("文件😀".as_bytes(), "文件😀"),
            (b"\x1b[2J\0\r\n\x7f", "\\u{1b}[2J\\0\\r\\n\\u{7f}"),
            ("\u{202e}txt".as_bytes(), "\\u{202e}txt"),
            (b"\xff\xc4\xe3", "\u{fffd}\u{fffd}\u{fffd}"),
        ] {
            assert_eq!(preview(text), shown);
        }
        for long in ["x".repeat(81), "😀".repeat(81), "\0😀\x1b".repeat(1000)] {
            let shown = preview(long.as_bytes());
            assert!(shown.ends_with('…') && shown.chars().count() <= PREVIEW + 1);
            assert_eq!(preview(shown.as_bytes()), shown);
        }
        assert_eq!(preview("😀".repeat(80).as_bytes()), "😀".repeat(80));
    }
}
