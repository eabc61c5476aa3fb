//! What a program does with what it has read: numbers in front of messages, the loop that gathers
//! one, commands and their answers.
//!
//! A side holds three things for these steps: the bytes of the message that it took last (by
//! `recv`, `recv_exact`, `recvfrom`, `recv_frames` or `recv_loop`), a number that it found in
//! one, and the answer of a command.

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};

use super::framing::Framing;
use crate::event::{BadValue, Size};
pub use crate::frame::JsonStyle as Json;
use crate::usual;

/// A program and its arguments. It is started as it stands here, found by `PATH`; no shell reads
/// it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "Vec<String>")]
pub struct Argv(#[schemars(length(min = 1))] pub Vec<String>);

impl TryFrom<Vec<String>> for Argv {
    type Error = BadValue;

    fn try_from(words: Vec<String>) -> Result<Self, Self::Error> {
        if words.iter().any(|word| word.contains('\0')) {
            return Err(BadValue::ZeroByte);
        }
        match words.first() {
            Some(program) if !program.is_empty() => Ok(Self(words)),
            _ => Err(BadValue::NoProgram),
        }
    }
}

/// How `run_command` reads the two outputs of a program.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outputs {
    /// Both at the same time, as Python's `communicate()` does.
    #[default]
    BothAtOnce,
    /// stdout to its end, then stderr: `stdout.read()`, then `stderr.read()`. A program that fills
    /// the pipe of its stderr meanwhile waits for its reader, and its reader waits for it. Where
    /// the kernel says that it has come to this, the step fails with `stuck`, and the program is
    /// ended.
    StdoutFirst,
}

/// The answer of the last `run_command`, in a frame.
#[serde_with::skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AnswerFrame {
    /// The framing, if it is not the run's.
    pub framing: Option<Framing>,
    /// The name that goes into a header dict.
    pub filename: Option<String>,
    /// How a header dict is written. Default: as Python's `json.dumps` writes it.
    pub json: Option<Json>,
    /// Whether each part (length, header, answer) is a write of its own. Without it the whole
    /// frame is one write.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub in_parts: bool,
}

/// The loop that gathers one message: `while counted < until: data += recv(…)`. What is not
/// written here is as it should be; each of the famous mistakes is one word that differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RecvLoop {
    /// The most bytes that one read asks for.
    pub size: Size,
    /// How long the message is: so many bytes, or as many as were `announced`.
    pub until: Until,
    /// What a read asks for: the `rest` of the message if that is less than `size`, or always
    /// `size`. Default `rest`.
    #[serde(default, skip_serializing_if = "usual::is_default")]
    pub ask: Ask,
    /// What a read adds to the count: `each_read` its own bytes, or `all_so_far`. Default
    /// `each_read`.
    #[serde(default, skip_serializing_if = "usual::is_default")]
    pub count: Counting,
    /// What it does at the end of the stream: `stop` with an error, or go on reading, which this
    /// step ends after so many empty reads. Default `stop`.
    #[serde(default, skip_serializing_if = "usual::is_default")]
    pub at_end: AtEnd,
    /// No loop: one read, whatever it returns.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub once: bool,
}

impl RecvLoop {
    /// The right loop for so many bytes, which asks for all that is missing.
    pub fn exactly(bytes: Size) -> Self {
        Self {
            size: bytes,
            until: Until::Bytes(bytes.0 as u64),
            ask: Ask::Rest,
            count: Counting::EachRead,
            at_end: AtEnd::Stop,
            once: false,
        }
    }

    /// How many bytes it reads, if it is that loop.
    pub fn exact(&self) -> Option<u64> {
        let Until::Bytes(bytes) = self.until else {
            return None;
        };
        let same = Self {
            until: self.until,
            ..Self::exactly(self.size)
        };
        (bytes <= self.size.0 as u64 && *self == same).then_some(bytes)
    }
}

/// How long a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(
    rename_all = "snake_case",
    // As `BadValue` has it.
    expecting = "\"until\""
)]
#[schemars(transform = say_both)]
pub enum Until {
    /// As many as were announced.
    Announced,
    /// So many bytes.
    #[serde(untagged)]
    Bytes(u64),
}

fn say_both(schema: &mut schemars::Schema) {
    *schema = schemars::json_schema!({
        "description": "How long a message is: so many bytes, or as many as the number says \
                        that `unpack`, `parse_size` or `parse_json` found last.",
        "anyOf": [{ "type": "integer", "minimum": 0 }, { "const": "announced" }]
    });
}

/// What each read of a loop asks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Ask {
    /// What the message still lacks: `recv(min(size, until - counted))`.
    #[default]
    Rest,
    /// A whole buffer: `recv(size)`.
    Size,
}

/// What each read of a loop adds to the count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Counting {
    /// Its own bytes.
    #[default]
    EachRead,
    /// All bytes so far, its own included: `got += len(data)` after `data += …`.
    AllSoFar,
}

/// What a loop does when a read returns nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AtEnd {
    /// Stop with an error: the stream ended inside the message.
    #[default]
    Stop,
    /// Go on reading. The loop of a program would do so for ever; this step ends it after so many
    /// empty reads.
    GoOnFor(EmptyReads),
}

/// A number of empty reads, 1 to 1000.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(transparent)]
#[schemars(transparent)]
pub struct EmptyReads(#[schemars(range(min = 1, max = 1000))] pub u64);

impl<'de> Deserialize<'de> for EmptyReads {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        match u64::deserialize(from)? {
            n @ 1..=1000 => Ok(Self(n)),
            n => Err(serde::de::Error::custom(BadValue::EmptyReads(n))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_loop_does_not_say_is_right() {
        let short = r#"{"size":1024,"until":"announced"}"#;
        let read: RecvLoop = serde_json::from_str(short).unwrap();
        assert_eq!(
            (read.ask, read.count, read.at_end, read.once),
            (Ask::Rest, Counting::EachRead, AtEnd::Stop, false)
        );
        assert_eq!(serde_json::to_string(&read).unwrap(), short);
        let long = r#"{"size":1024,"until":4,"ask":"size","count":"all_so_far","at_end":{"go_on_for":9},"once":true}"#;
        let read: RecvLoop = serde_json::from_str(long).unwrap();
        assert_eq!(serde_json::to_string(&read).unwrap(), long);
        for wrong in [
            r#"{"size":1024,"until":"unpacked"}"#,
            r#"{"size":1024,"until":-1}"#,
            r#"{"size":1024,"until":4,"at_end":{"go_on_for":0}}"#,
        ] {
            assert!(serde_json::from_str::<RecvLoop>(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_command_is_a_program_and_its_arguments() {
        assert!(serde_json::from_str::<Argv>(r#"["seq", "1", "400"]"#).is_ok());
        for wrong in ["[]", r#"[""]"#, r#"["a\u0000"]"#, r#""seq 1 400""#] {
            assert!(serde_json::from_str::<Argv>(wrong).is_err(), "{wrong}");
        }
    }
}
