//! Makes out what the JSON parser found wrong, and where it begins.
//!
//! The parser keeps the kind of an error to itself (serde-rs/json#285): its messages are all there
//! is to go by.

use std::sync::LazyLock;

use super::error::{LabError, Place, nearest};
use super::fault::{Alien, Fault, Fits, Got, Inside, JsonFault};
use super::schema::schema;

/// Turns the parser's error into one that points at the word it is about. `file` is the file's
/// name, `text` what was parsed.
pub(crate) fn explain(file: &str, text: &str, error: &serde_json::Error) -> LabError {
    let full = error.to_string();
    let at = format!(" at line {} column {}", error.line(), error.column());
    let said = full.strip_suffix(&at).unwrap_or(&full);
    let at = offset(text, error);
    let (at, what) = if let Ok(value) = said.parse() {
        (at, Fault::Value(value))
    } else {
        let (at, what) = kind(said, text, at);
        (at, what.into())
    };
    LabError::new(file, what).at(Place::at(text, at))
}

/// What is wrong, and where; `at` is the offset where the parser stopped.
fn kind(said: &str, text: &str, at: usize) -> (usize, JsonFault) {
    let mut ahead = text[at..].chars();
    let (here, next) = (ahead.next(), ahead.next());
    if said.starts_with("unknown ") {
        return unknown(said, text, at);
    }
    if let Some(field) = said.strip_prefix("missing field ") {
        // The parser stops at the end of what lacks it; a person looks for its start.
        let start = start_of_object(&text[..at]).unwrap_or(at);
        return (start, JsonFault::MissingField(bare(field)));
    }
    if let "expected value" | "expected ident" | "key must be a string" = said
        && let Some((alien, at)) = alien(text, at)
    {
        return (at, JsonFault::Alien(alien));
    }
    // Serde would take the list for the object's values, in order, and complain of one of them.
    if text.trim_start().starts_with('[') {
        let (got, fits) = (Got::List, Fits::Object);
        let start = text.len() - text.trim_start().len();
        return (start, JsonFault::Mismatch { got, fits });
    }
    let fault = match said {
        "trailing comma" => JsonFault::TrailingComma,
        "key must be a string" | "expected value" if here == Some('/') => JsonFault::Comment,
        "key must be a string" => JsonFault::BareKey,
        "expected `,` or `}`" => JsonFault::NoComma { closing: '}' },
        "expected `,` or `]`" => JsonFault::NoComma { closing: ']' },
        "expected value" if next == Some(',') && word_before(text, at) != Some("transport") => {
            JsonFault::TwoSteps
        }
        "expected value" if is_left_open(text, at) => JsonFault::LeftOpen,
        "expected value" => no_word(text, at),
        "expected ident" => JsonFault::BrokenWord,
        "invalid number" | "number out of range" => JsonFault::BrokenNumber,
        "expected `:`" => JsonFault::NoColon,
        "trailing characters" => JsonFault::Trailing,
        "invalid escape" => JsonFault::Escape,
        "lone leading surrogate in hex escape" | "unexpected end of hex escape" => {
            return half_a_character(text, at);
        }
        "recursion limit exceeded" => JsonFault::TooDeep,
        _ if said.starts_with("control character") => {
            let here = text[..at + width(&text[at..], 1)].rfind(char::is_control);
            return (here.unwrap_or(at), JsonFault::ControlCharacter);
        }
        _ if said.starts_with("duplicate field ") => return stands_twice(said, text, at),
        _ if said.starts_with("invalid length") && said.contains("expected struct ") => {
            let start = start_of(&text[..at], '[', ']').unwrap_or(at);
            let whole = said.split(", expected ").nth(1).unwrap_or_default();
            let name = whole.split(" with ").next().unwrap_or_default();
            let (got, fits) = (Got::List, fits(name));
            return (start, JsonFault::Mismatch { got, fits });
        }
        "EOF while parsing a list" => JsonFault::EndsInside(Inside::List),
        "EOF while parsing an object" => JsonFault::EndsInside(Inside::Object),
        "EOF while parsing a string" => JsonFault::EndsInside(Inside::Text),
        "EOF while parsing a value" => JsonFault::EndsInside(Inside::Value),
        _ if said.starts_with("invalid type: unit variant") => {
            JsonFault::NeedsValue(word_before(text, at).unwrap_or("…").into())
        }
        _ => {
            let wrong = said.strip_prefix("invalid type: ");
            let wrong = wrong.or(said.strip_prefix("invalid value: "));
            match wrong.and_then(|wrong| wrong.split_once(", expected ")) {
                Some((stands, expected)) => JsonFault::Mismatch {
                    got: got(stands),
                    fits: fits(expected),
                },
                None => JsonFault::Other(said.into()),
            }
        }
    };
    (at, fault)
}

/// A name without the backticks around it.
fn bare(name: &str) -> String {
    name.trim_matches('`').into()
}

/// What comes from another language, and where it stands.
fn alien(text: &str, at: usize) -> Option<(Alien, usize)> {
    // The parser stops at the first character that does not fit, or at the one behind it.
    let behind = |c: char| !c.is_ascii_alphabetic();
    let start = text[..at]
        .rfind(behind)
        .map_or(0, |i| i + width(&text[i..], 1));
    let rest = &text[start..];
    let word = &rest[..rest.find(behind).unwrap_or(rest.len())];
    let alien = match word {
        "True" => Alien::True,
        "False" => Alien::False,
        "None" => Alien::None,
        _ if rest.starts_with('\'') => Alien::SingleQuotes,
        _ => return None,
    };
    Some((alien, start))
}

/// A key that is in its object already: the parser stops behind it.
fn stands_twice(said: &str, text: &str, at: usize) -> (usize, JsonFault) {
    let before = text[..at + width(&text[at..], 1)]
        .trim_end()
        .strip_suffix('"');
    let start = before.and_then(|before| before.rfind('"'));
    let key = bare(said.trim_start_matches("duplicate field "));
    (start.unwrap_or(at), JsonFault::Twice(key))
}

/// An escape of a pair without the other one.
fn half_a_character(text: &str, at: usize) -> (usize, JsonFault) {
    let before = &text[..at];
    let half = before.rfind("\\ud").max(before.rfind("\\uD"));
    let half = half.unwrap_or(at);
    let written = text[half..].chars().take(6).collect();
    (half, JsonFault::HalfCharacter(written))
}

/// Whether a list ends while the object in it is still open.
fn is_left_open(text: &str, at: usize) -> bool {
    let (before, behind) = text.split_at(at + width(&text[at..], 1));
    before.trim_end().ends_with(['"', '}']) && behind.trim_start().starts_with(']')
}

/// Where one word of a choice belongs, or an object with one, stands something else.
fn no_word(text: &str, at: usize) -> JsonFault {
    JsonFault::NoWord(match text[at..].chars().next() {
        Some('}') if text[..at].trim_end().ends_with('{') => Got::EmptyObject,
        Some('[') => Got::List,
        Some('n') => Got::Null,
        Some('t' | 'f') => Got::AnyWord,
        Some(c) if c == '-' || c.is_ascii_digit() => Got::AnyNumber,
        found => return JsonFault::NoValue(found.unwrap_or(' ')),
    })
}

/// What others call a step, where likeness alone would lead elsewhere.
const MEANT: [(&str, &str); 8] = [
    ("sent", "send"),
    ("write", "send"),
    ("read", "recv"),
    ("receive", "recv"),
    ("received", "recv"),
    ("sleep", "pause"),
    ("delay", "pause"),
    ("wait", "await"),
];

/// «unknown field `sned`, expected one of `send`, `recv`»: the words stand in backticks.
fn unknown(said: &str, text: &str, at: usize) -> (usize, JsonFault) {
    let mut words = said.split('`').skip(1).step_by(2);
    let Some(word) = words.next() else {
        return (at, JsonFault::Other(said.into()));
    };
    let valid: Vec<&str> = words.collect();
    let meant = MEANT
        .iter()
        .find(|(other, _)| *other == word.to_lowercase());
    let meant = meant.map(|(_, own)| *own).filter(|own| valid.contains(own));
    // The parser stops at the end of the wrong word or behind it; a person looks for its start.
    let until = text[at..].find('\n').map_or(text.len(), |end| at + end);
    let behind = (at + width(&text[at..], 2)).min(until);
    let line = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    let start = text[line..behind].rfind(&format!("\"{word}\""));
    let fault = JsonFault::Unknown {
        is_field: said.starts_with("unknown field"),
        word: word.into(),
        near: meant
            .or_else(|| nearest(word, valid.iter().copied()))
            .map(Into::into),
        valid: valid.into_iter().map(Into::into).collect(),
    };
    (start.map_or(at, |start| line + start), fault)
}

/// What stands there, by the parser's name for it.
fn got(stands: &str) -> Got {
    let (kind, value) = stands.split_once(' ').unwrap_or((stands, ""));
    match kind {
        "string" => Got::Text(value.into()),
        "integer" => Got::Number(bare(value)),
        "floating" => Got::Number(bare(value.trim_start_matches("point "))),
        "boolean" => Got::Word(bare(value)),
        "map" | "newtype" | "struct" => Got::Object,
        "sequence" | "tuple" => Got::List,
        "null" | "unit" => Got::Null,
        _ => Got::Other(stands.into()),
    }
}

/// What fits, by the parser's name for it.
fn fits(expected: &str) -> Fits {
    let number = |from, to: Option<u64>| Fits::Number { from, to };
    match expected {
        "u8" => number(0, Some(u8::MAX.into())),
        "u16" => number(0, Some(u16::MAX.into())),
        "u32" | "u64" | "usize" => number(0, None),
        "a nonzero u16" => number(1, Some(u16::MAX.into())),
        "a sequence" => Fits::List,
        "a map" => Fits::Object,
        "a string" => Fits::Text,
        "a boolean" => Fits::Bool,
        "unit" => Fits::WordAlone,
        other if other.starts_with("a nonzero") => number(1, None),
        other => match (other.strip_prefix("struct "), other.parse()) {
            (Some(name), _) => object(name),
            (None, Ok(own)) => Fits::Own(own),
            (None, Err(_)) => Fits::Other(other.into()),
        },
    }
}

/// An object of this type, with the keys that it may have.
fn object(name: &str) -> Fits {
    // A fuzzer, or whoever checks many files, meets many errors.
    static SCHEMA: LazyLock<serde_json::Value> =
        LazyLock::new(|| serde_json::from_str(&schema()).unwrap_or_default());
    let own = match name {
        "Lab" => Some(&*SCHEMA),
        name => SCHEMA.get("$defs").and_then(|types| types.get(name)),
    };
    let keys = own.and_then(|own| own.get("properties")?.as_object());
    keys.map_or(Fits::Object, |keys| {
        let keys = keys.keys().filter(|key| !key.starts_with('$'));
        Fits::ObjectOf(keys.cloned().collect())
    })
}

/// The offset of the last character that the parser looked at; it counts columns in bytes.
fn offset(text: &str, error: &serde_json::Error) -> usize {
    let line = text.split('\n').nth(error.line().saturating_sub(1));
    let line = line.unwrap_or_default();
    let start = line.as_ptr() as usize - text.as_ptr() as usize;
    let at = start + line.len().min(error.column().saturating_sub(1));
    let mut boundaries = (0..=at).rev();
    let boundary = boundaries.find(|at| text.is_char_boundary(*at));
    boundary.unwrap_or(0)
}

/// How many bytes the first characters of a text take.
fn width(text: &str, characters: usize) -> usize {
    text.chars().take(characters).map(char::len_utf8).sum()
}

/// The last word in quotes that ends at or before an offset.
fn word_before(text: &str, at: usize) -> Option<&str> {
    let end = at + width(&text[at..], 1);
    text[..end].rsplit('"').nth(1)
}

/// Where the object begins that the text ends in.
fn start_of_object(text: &str) -> Option<usize> {
    start_of(text, '{', '}')
}

/// The last of these brackets that is still open at the end of the text.
fn start_of(text: &str, opening: char, closing: char) -> Option<usize> {
    let mut open = Vec::new();
    let (mut quoted, mut escaped) = (false, false);
    for (i, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            c if c == opening && !quoted => open.push(i),
            c if c == closing && !quoted => drop(open.pop()),
            _ => {}
        }
    }
    open.pop()
}

#[cfg(test)]
mod tests {
    use super::super::read::parse;

    const RUN: &str =
        "{ \"runs\": [\n  { \"name\": \"你\", \"client\": [ CLIENT ],\n    \"server\": [] } ] }";

    fn said(text: &str) -> String {
        parse("lab.json", text).unwrap_err().to_string()
    }

    fn of_client(steps: &str) -> String {
        said(&RUN.replace("CLIENT", steps))
    }

    #[test]
    fn a_step_that_is_written_wrongly_is_said_to_be_so_in_words() {
        let whole = "what fits is a whole number";
        for (steps, words) in [
            (
                r#""recv""#,
                "`recv` says too little: it needs a value; write `{ \"recv\": … }`",
            ),
            (
                r#"{ "close": true }"#,
                "here stands the word `true`, and what fits is the word alone",
            ),
            (
                r#"{ "recv": "5" }"#,
                &format!("here stands the text \"5\", and {whole}"),
            ),
            (
                r#"{ "send": "a", "send": "b" }"#,
                "one step is one object with one key; close it",
            ),
            (r#"{ "await": "queued" }"#, "`queued` says too little"),
            (
                r#"{ "send": "a" },"#,
                "a comma with nothing behind it; take it away",
            ),
            (
                r#"{ "send": "a" } { "send": "b" }"#,
                "is there a comma missing before this?",
            ),
            ("// first\n", "JSON has no comments"),
            (
                r#"{ "recv": -1 }"#,
                &format!("here stands the number `-1`, and {whole} from 0 on"),
            ),
            (
                r#"{ "sent": "x" }"#,
                "unknown word `sent`; did you mean `send`?",
            ),
            (r#"{ "read": 5 }"#, "did you mean `recv`?"),
            (r#"{ "sleep": "5ms" }"#, "did you mean `pause`?"),
            (
                "5",
                "here stands a number, and what fits is a word in quotes, or an object",
            ),
            (r#"{ "send": "a" "#, "not closed before the `]`"),
            (r#"{ "await": {} }"#, "here stands an empty object"),
            (
                r#"{ "set": { "nodelay": True } }"#,
                "this is not JSON; write `true`",
            ),
            (
                r#"{ "set": { "nodelay": "True" } }"#,
                "here stands the text \"True\", and what fits is true or false",
            ),
            ("'accept'", "this is not JSON; texts stand in double quotes"),
            (
                r#"{ "echo": 5 }"#,
                "what fits is an object, `{ … }`, with keys from these: size, upper, prefix",
            ),
            (
                "{ \"send\": \"a\nb\" }",
                "a line break or another control character",
            ),
        ] {
            let said = of_client(steps);
            assert!(said.starts_with("lab.json:2:"), "{steps}: {said}");
            assert!(said.contains(words), "{steps}: {said}");
        }
    }

    #[test]
    fn what_is_missing_is_missing_where_its_object_begins() {
        let text = RUN.replace("CLIENT", "").replace("\"name\": \"你\", ", "");
        assert_eq!(
            said(&text),
            "lab.json:2:3: missing field `name` in this object"
        );
        let text = RUN.replace("CLIENT", "{ \"send_frame\": { \"filename\": \"}\\\"{\" } }");
        assert_eq!(
            said(&text),
            "lab.json:2:46: missing field `payload` in this object"
        );
    }

    #[test]
    fn what_json_does_not_have_is_named() {
        assert_eq!(
            said("{\n  // over tcp\n  \"runs\": [] }"),
            "lab.json:2:3: JSON has no comments; notes go into en.md and zh.md, between `<!--` and `-->`"
        );
        assert!(said("{ “runs”: [] }").contains("straight quotes"));
        assert!(said("[1]").contains("1:1: here stands a list, and what fits is an object"));
        assert!(said("{ \"transport\": 5, \"runs\": [] }").contains("here stands a number"));
        assert!(said("{ \"runs\": [] } }").contains("a `}` too many"));
        assert!(said("{ \"runs\": [ { \"name\": \"a\", \"name\"").contains("stands twice"));
        assert!(said("{ \"runs\": [").contains("the text ends inside a list; is there"));
        assert!(
            said("{ \"runs\": {} }").contains("here stands an object, and what fits is a list")
        );
    }
}
