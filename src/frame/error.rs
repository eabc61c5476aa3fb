//! What can be wrong with a message, as a value: for a sentence, for JSON, and to be compared.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Layout, NameFault, Part};
use crate::number::group;

/// Why a stream could not be taken apart, or a message not be put together.
///
/// In JSON it is an object whose `kind` is [`kind`](Self::kind). Text that came from the peer is
/// shortened and has its control characters escaped.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
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
    /// Its short name, as in the JSON contract: `negative`, `over-limit`, `does-not-fit`,
    /// `bad-header`, `bad-size`, `bad-name`, `hash-mismatch` or `unfinished`.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Negative { .. } => "negative",
            Self::OverLimit { .. } => "over-limit",
            Self::DoesNotFit { .. } => "does-not-fit",
            Self::BadHeader { .. } => "bad-header",
            Self::BadSize { .. } => "bad-size",
            Self::BadName { .. } => "bad-name",
            Self::HashMismatch { .. } => "hash-mismatch",
            Self::Unfinished { .. } => "unfinished",
        }
    }
}

impl fmt::Display for FrameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Text goes through `preview` here too: the error may have been read from a trace file,
        // which is no more to be trusted than a peer.
        let clean = |text: &str| preview(text.as_bytes());
        match self {
            Self::Negative {
                layout,
                value,
                other_order,
            } => {
                write!(f, "the length is negative: {value}, read as {layout}")?;
                hint(f, *other_order)
            }
            Self::OverLimit {
                part,
                value,
                limit,
                other_order,
            } => {
                write!(
                    f,
                    "the {part} would have {} bytes, the limit is {}",
                    group(*value),
                    group(*limit)
                )?;
                hint(f, *other_order)
            }
            Self::DoesNotFit { value, layout, max } => {
                write!(
                    f,
                    "the length {} does not fit in {layout}, which ends at {}",
                    group(*value),
                    group(*max)
                )
            }
            Self::BadHeader { reason, found } => write!(
                f,
                "the header is not a JSON object: {}; it reads \"{}\"",
                clean(reason),
                clean(found)
            ),
            Self::BadSize { key, found: None } => {
                write!(f, "the header has no {}", clean(key))
            }
            Self::BadSize {
                key,
                found: Some(found),
            } => write!(
                f,
                "the header's {} is not a whole number of bytes: {}",
                clean(key),
                clean(found)
            ),
            Self::BadName { name: None, .. } => f.write_str("the header names no file"),
            Self::BadName {
                name: Some(name),
                reason,
            } => write!(f, "\"{}\" is no plain file name: {reason}", clean(name)),
            Self::HashMismatch {
                name,
                announced,
                computed,
            } => {
                f.write_str("the MD5 of ")?;
                match name {
                    Some(name) => write!(f, "\"{}\"", clean(name))?,
                    None => f.write_str("the payload")?,
                }
                write!(
                    f,
                    " is {}, the header says {}",
                    clean(computed),
                    clean(announced)
                )
            }
            Self::Unfinished { part, have, need } => {
                write!(
                    f,
                    "the stream ended inside a {part}: {} of {} bytes came",
                    group(*have),
                    group(*need)
                )
            }
        }
    }
}

impl std::error::Error for FrameError {}

fn hint(f: &mut fmt::Formatter<'_>, other_order: Option<u64>) -> fmt::Result {
    other_order.map_or(Ok(()), |value| {
        write!(f, "; in the other byte order it would be {}", group(value))
    })
}

/// The most characters that [`preview`] gives, apart from the `…` that tells of more.
const PREVIEW: usize = 80;

/// The beginning of a peer's text, fit to be printed: bytes that are not UTF-8 are replaced,
/// characters that do not print are escaped. A preview of a preview is the same.
pub(super) fn preview(text: &[u8]) -> String {
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

    /// One of each, with its kind and its sentence.
    fn all() -> Vec<(FrameError, &'static str, &'static str)> {
        let text = String::from;
        vec![
            (
                FrameError::Negative {
                    layout: Layout::I32Le,
                    value: -2,
                    other_order: None,
                },
                "negative",
                "the length is negative: -2, read as <i",
            ),
            (
                FrameError::OverLimit {
                    part: Part::Payload,
                    value: 83_886_080,
                    limit: 8_388_608,
                    other_order: Some(5),
                },
                "over-limit",
                "the payload would have 83,886,080 bytes, the limit is 8,388,608; \
                 in the other byte order it would be 5",
            ),
            (
                FrameError::DoesNotFit {
                    value: 3_000_000_000,
                    layout: Layout::I32Le,
                    max: 2_147_483_647,
                },
                "does-not-fit",
                "the length 3,000,000,000 does not fit in <i, which ends at 2,147,483,647",
            ),
            (
                FrameError::BadHeader {
                    reason: text("it has no bytes"),
                    found: text(""),
                },
                "bad-header",
                "the header is not a JSON object: it has no bytes; it reads \"\"",
            ),
            (
                FrameError::BadSize {
                    key: text("total_size"),
                    found: None,
                },
                "bad-size",
                "the header has no total_size",
            ),
            (
                FrameError::BadSize {
                    key: text("file_size"),
                    found: Some(text("-5")),
                },
                "bad-size",
                "the header's file_size is not a whole number of bytes: -5",
            ),
            (
                FrameError::BadName {
                    name: Some(text("../\u{1b}x")),
                    reason: NameFault::Separator,
                },
                "bad-name",
                "\"../\\u{1b}x\" is no plain file name: it leads to another directory",
            ),
            (
                FrameError::BadName {
                    name: None,
                    reason: NameFault::Missing,
                },
                "bad-name",
                "the header names no file",
            ),
            (
                FrameError::HashMismatch {
                    name: Some(text("a\u{1b}[31m.txt")),
                    announced: text("aa"),
                    computed: text("bb"),
                },
                "hash-mismatch",
                "the MD5 of \"a\\u{1b}[31m.txt\" is bb, the header says aa",
            ),
            (
                FrameError::HashMismatch {
                    name: None,
                    announced: text("aa"),
                    computed: text("bb"),
                },
                "hash-mismatch",
                "the MD5 of the payload is bb, the header says aa",
            ),
            (
                FrameError::Unfinished {
                    part: Part::Prefix,
                    have: 2,
                    need: 4,
                },
                "unfinished",
                "the stream ended inside a prefix: 2 of 4 bytes came",
            ),
        ]
    }

    #[test]
    fn says_it_in_a_sentence() {
        for (error, _, sentence) in all() {
            assert_eq!(error.to_string(), sentence);
        }
    }

    #[test]
    fn goes_through_json_under_its_kind() {
        for (error, kind, _) in all() {
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
