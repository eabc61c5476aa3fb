//! What makes a value of a lab file, or of a trace, impossible.
//!
//! The parser carries nothing but text to whoever asked for a value. So the kind and its facts go
//! through it as JSON, and stand again as what they were on the other side.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Why a value of the right type cannot be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(strum::EnumIter))]
#[serde(rename_all = "kebab-case")]
pub enum BadValue {
    /// An MTU that no network has.
    Mtu(u64),
    /// A read of none, or of too many bytes.
    ReadSize(u64),
    /// A file in chunks of this size.
    Chunk(u64),
    /// A loop that goes on for so many empty reads.
    EmptyReads(u64),
    /// A form of a number that has not one place for it.
    SizeForm(String),
    /// Not a span of time, and what the parser of such spans says.
    Span {
        /// What stands there.
        text: String,
        /// Why it is none.
        why: String,
    },
    /// A span over what any lab needs.
    LongSpan,
    /// A timeout that the kernel would take for none.
    NoTimeout,
    /// Not a message's label.
    Label(String),
    /// Not a hexadecimal digit.
    HexDigit(char),
    /// Half of a byte.
    HalfByte,
    /// A character that the encoding has not.
    NoSuchCharacter,
    /// An encoding of what is no text.
    EncodingOfHex,
    /// Neither a text nor bytes, or both.
    TextOrHex,
    /// A payload without bytes or with too many.
    PayloadSize,
    /// A word in place of the reads.
    Recvs(String),
    /// A word in place of a side's steps.
    Side(String),
    /// An option of a header dict that stands beside a length.
    WithHeaderDict(String),
    /// Neither kind of framing, or both.
    LengthOrHeaderDict,
    /// A zero byte in a command.
    ZeroByte,
    /// A command without a program.
    NoProgram,
    /// No such length of a message.
    Until,
}

impl fmt::Display for BadValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&serde_json::to_string(self).map_err(|_| fmt::Error)?)
    }
}

impl FromStr for BadValue {
    type Err = serde_json::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        serde_json::from_str(text)
    }
}

/// What this program's own types say that they are made from, where it is not of one type alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::IntoStaticStr, strum::EnumString)]
#[strum(serialize_all = "kebab-case")]
#[cfg_attr(test, derive(Default, strum::EnumIter))]
pub enum Expected {
    #[cfg_attr(test, default)]
    /// A number, or bounds of one.
    CountOrBounds,
    /// The reads, or that they are any legal ones.
    ReadsOrAnyLegal,
    /// A text, or an object that makes bytes.
    TextOrPayload,
    /// Steps, or that they are elsewhere.
    StepsOrElsewhere,
}
