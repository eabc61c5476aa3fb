//! Says in a person's words what the JSON parser found wrong, and what would help.
//!
//! The parser keeps the kind of an error to itself (serde-rs/json#285): its messages are all there
//! is to go by.

use std::sync::LazyLock;

use super::error::{LabError, Place, nearest};
use super::schema::schema;

/// Turns the parser's error into one that points at the word it is about. `file` is the file's
/// name, `text` what was parsed.
pub(crate) fn explain(file: &str, text: &str, error: &serde_json::Error) -> LabError {
    let full = error.to_string();
    let at = format!(" at line {} column {}", error.line(), error.column());
    let what = full.strip_suffix(&at).unwrap_or(&full);
    let (at, what, help) = in_words(what, text, offset(text, error));
    LabError {
        file: file.into(),
        place: Some(Place::at(text, at)),
        what,
        help,
    }
}

/// What is wrong, in words, and what would help; `at` is the offset where the parser stopped.
fn in_words(what: &str, text: &str, at: usize) -> (usize, String, Option<String>) {
    let helped = |what: &str, help: &str| (at, what.to_string(), Some(help.to_string()));
    let mut ahead = text[at..].chars();
    let (here, next) = (ahead.next(), ahead.next());
    if what.starts_with("unknown ") {
        return unknown(what, text, at);
    }
    if what.starts_with("missing field") {
        // The parser stops at the end of what lacks it; a person looks for its start.
        let start = start_of_object(&text[..at]).unwrap_or(at);
        return (start, format!("{what} in this object"), None);
    }
    if let "expected value" | "expected ident" | "key must be a string" = what
        && let Some((help, at)) = alien(text, at)
    {
        return (at, "this is not JSON".into(), Some(help.into()));
    }
    // Serde would take the list for the object's values, in order, and complain of one of them.
    if text.trim_start().starts_with('[') {
        let what = "here stands a list, and what fits is an object: `{ … }`";
        return (text.len() - text.trim_start().len(), what.into(), None);
    }
    match what {
        "trailing comma" => helped("a comma with nothing behind it", "take it away"),
        "key must be a string" | "expected value" if here == Some('/') => helped(
            "JSON has no comments",
            "notes go into en.md and zh.md, between `<!--` and `-->`",
        ),
        "key must be a string" => helped(
            "a key stands in straight quotes",
            "write it like `\"runs\"`",
        ),
        "expected `,` or `}`" | "expected `,` or `]`" => {
            helped(what, "is there a comma missing before this?")
        }
        "expected value" if next == Some(',') && word_before(text, at) != Some("transport") => {
            helped(
                "one step is one object with one key",
                "close it before the comma: `{ \"send\": \"a\" }, { \"send\": \"b\" }`",
            )
        }
        "expected value" if is_left_open(text, at) => helped(
            "this object is not closed before the `]`",
            "is there a `}` missing?",
        ),
        "expected value" => no_word(text, at),
        "expected `:`" => helped(
            "a `:` belongs here, between a key and its value",
            "`{ \"recv\": 5 }`",
        ),
        "trailing characters" => helped(
            "here something follows behind the end",
            "is there a `}` too many before it?",
        ),
        "invalid escape" => helped(
            "JSON has no such escape",
            "a backslash is written `\\\\`, a byte that is no text with `hex`",
        ),
        "lone leading surrogate in hex escape" | "unexpected end of hex escape" => {
            half_a_character(text, at)
        }
        "recursion limit exceeded" => (at, "this is nested too deep".into(), None),
        _ if what.starts_with("control character") => {
            let here = text[..at + width(&text[at..], 1)].rfind(char::is_control);
            (
                here.unwrap_or(at),
                "a line break or another control character inside a text".into(),
                Some("write `\\n` for it, or close the quote".into()),
            )
        }
        _ if what.starts_with("duplicate field") => stands_twice(what, text, at),
        _ if what.starts_with("invalid length") && what.contains("expected struct ") => {
            let start = start_of(&text[..at], '[', ']').unwrap_or(at);
            let whole = what.split(", expected ").nth(1).unwrap_or_default();
            let name = whole.split(" with ").next().unwrap_or_default();
            let what = format!("here stands a list, and what fits is {}", fits(name));
            (start, what, None)
        }
        _ if what.starts_with("EOF while parsing") => {
            let inside = what.trim_start_matches("EOF while parsing ");
            helped(
                &format!("the text ends inside {inside}"),
                "is there a `}`, a `]` or a quote missing?",
            )
        }
        "invalid type: unit variant, expected newtype variant" => {
            let word = word_before(text, at).unwrap_or("…");
            helped(
                &format!("`{word}` says too little: it needs a value"),
                &format!("write `{{ \"{word}\": … }}`"),
            )
        }
        _ => {
            let wrong = what
                .strip_prefix("invalid type: ")
                .or(what.strip_prefix("invalid value: "));
            let what = wrong.map_or_else(|| what.to_string(), mismatch);
            (at, what, None)
        }
    }
}

/// What comes from another language, with what JSON has for it, and where it stands.
fn alien(text: &str, at: usize) -> Option<(&'static str, usize)> {
    // The parser stops at the first character that does not fit, or at the one behind it.
    let behind = |c: char| !c.is_ascii_alphabetic();
    let start = text[..at]
        .rfind(behind)
        .map_or(0, |i| i + width(&text[i..], 1));
    let rest = &text[start..];
    let word = &rest[..rest.find(behind).unwrap_or(rest.len())];
    let help = match word {
        "True" => "write `true`",
        "False" => "write `false`",
        "None" => "leave the key out",
        _ if rest.starts_with('\'') => "texts stand in double quotes: `\"…\"`",
        _ => return None,
    };
    Some((help, start))
}

/// A key that is in its object already: the parser stops behind it.
fn stands_twice(what: &str, text: &str, at: usize) -> (usize, String, Option<String>) {
    let before = text[..at + width(&text[at..], 1)]
        .trim_end()
        .strip_suffix('"');
    let start = before.and_then(|before| before.rfind('"'));
    let twice = what.trim_start_matches("duplicate field ");
    let what = format!("{twice} stands twice in this object");
    (start.unwrap_or(at), what, None)
}

/// An escape of a pair without the other one.
fn half_a_character(text: &str, at: usize) -> (usize, String, Option<String>) {
    let before = &text[..at];
    let half = before.rfind("\\ud").max(before.rfind("\\uD"));
    let half = half.unwrap_or(at);
    let written: String = text[half..].chars().take(6).collect();
    let what = format!("`{written}` is half of a character, and its other half is missing");
    let help = "write the character itself, or bytes that are no text with `hex`";
    (half, what, Some(help.into()))
}

/// Whether a list ends while the object in it is still open.
fn is_left_open(text: &str, at: usize) -> bool {
    let (before, behind) = text.split_at(at + width(&text[at..], 1));
    before.trim_end().ends_with(['"', '}']) && behind.trim_start().starts_with(']')
}

/// Where one word of a choice belongs, or an object with one, stands something else.
fn no_word(text: &str, at: usize) -> (usize, String, Option<String>) {
    let found = match text[at..].chars().next() {
        Some('}') if text[..at].trim_end().ends_with('{') => "an empty object",
        Some('[') => "a list",
        Some('n') => "null",
        Some('t' | 'f') => "true or false",
        Some(c) if c == '-' || c.is_ascii_digit() => "a number",
        found => {
            let found = found.unwrap_or(' ').escape_debug();
            let what = format!("a value belongs here, and there stands `{found}`");
            return (at, what, None);
        }
    };
    (
        at,
        format!(
            "here stands {found}, and what fits is a word in quotes, or an object with one key"
        ),
        Some(
            "such as `\"accept\"` or `{ \"recv\": 5 }` for a step; `lab help writing` has them all"
                .into(),
        ),
    )
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
fn unknown(what: &str, text: &str, at: usize) -> (usize, String, Option<String>) {
    let said = what.split(", expected").next().unwrap_or(what);
    let said = said.replacen("unknown variant", "unknown word", 1);
    let mut words = what.split('`').skip(1).step_by(2);
    let Some(wrong) = words.next() else {
        return (at, said, None);
    };
    let valid: Vec<&str> = words.collect();
    let meant = MEANT
        .iter()
        .find(|(other, _)| *other == wrong.to_lowercase());
    let meant = meant.map(|(_, own)| *own).filter(|own| valid.contains(own));
    let help = match meant.or_else(|| nearest(wrong, valid.iter().copied())) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("valid here: {}", valid.join(", ")),
    };
    // The parser stops at the end of the wrong word or behind it; a person looks for its start.
    let until = text[at..].find('\n').map_or(text.len(), |end| at + end);
    let behind = (at + width(&text[at..], 2)).min(until);
    let line = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    let start = text[line..behind].rfind(&format!("\"{wrong}\""));
    (start.map_or(at, |start| line + start), said, Some(help))
}

/// «integer `5`, expected a sequence»: the parser's names for things, as JSON's users have them.
fn mismatch(wrong: &str) -> String {
    let Some((got, expected)) = wrong.split_once(", expected ") else {
        return format!("invalid type: {wrong}");
    };
    let expected = fits(expected);
    let got = got
        .replacen("string", "the text", 1)
        .replacen("integer", "the number", 1)
        .replacen("floating point", "the number", 1)
        .replacen("boolean", "the word", 1);
    let got = match got.as_str() {
        "map" | "newtype variant" | "struct variant" => "an object",
        "sequence" => "a list",
        other => other,
    };
    format!("here stands {got}, and what fits is {expected}")
}

/// What fits, as a person who writes a lab would say it.
fn fits(expected: &str) -> String {
    let known = match expected {
        "u8" => "a whole number from 0 to 255",
        "u16" => "a whole number from 0 to 65535",
        "u32" | "u64" | "usize" => "a whole number from 0 on",
        "a nonzero u16" => "a whole number from 1 to 65535",
        "a sequence" => "a list: `[ … ]`",
        "a map" => "an object: `{ … }`",
        "a string" => "a text in quotes",
        "a boolean" => "true or false",
        "unit" => "the word alone, as in `\"close\"`",
        other if other.starts_with("a nonzero") => "a whole number from 1 on",
        other => match other.strip_prefix("struct ") {
            Some(name) => return object(name),
            None => other,
        },
    };
    known.into()
}

/// An object of this type, with the keys that it may have.
fn object(name: &str) -> String {
    // A fuzzer, or whoever checks many files, meets many errors.
    static SCHEMA: LazyLock<serde_json::Value> =
        LazyLock::new(|| serde_json::from_str(&schema()).unwrap_or_default());
    let own = match name {
        "Lab" => Some(&*SCHEMA),
        name => SCHEMA.get("$defs").and_then(|types| types.get(name)),
    };
    let keys = own.and_then(|own| own.get("properties")?.as_object());
    let Some(keys) = keys else {
        return "an object: `{ … }`".into();
    };
    let keys: Vec<&str> = keys
        .keys()
        .map(String::as_str)
        .filter(|key| !key.starts_with('$'))
        .collect();
    format!(
        "an object, `{{ … }}`, with keys from these: {}",
        keys.join(", ")
    )
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
