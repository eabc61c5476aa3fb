//! Says in a person's words what the JSON parser found wrong, and what would help.

use super::error::{LabError, Place, nearest};

/// Turns the parser's error into one that points at the word it is about. `file` is the file's
/// name, `text` what was parsed.
pub(super) fn explain(file: &str, text: &str, error: &serde_json::Error) -> LabError {
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
    match what {
        "trailing comma" => helped("a comma with nothing behind it", "take it away"),
        "key must be a string" if here == Some('/') => helped(
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
        "expected value" if next == Some(',') => helped(
            "one step is one object with one key",
            "close it before the comma: `{ \"send\": \"a\" }, { \"send\": \"b\" }`",
        ),
        _ if what.starts_with("EOF while parsing") => {
            let inside = what.trim_start_matches("EOF while parsing ");
            helped(
                &format!("the file ends inside {inside}"),
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
        _ => match what.strip_prefix("invalid type: ") {
            Some(wrong) => (at, mismatch(wrong), None),
            None => (at, what.to_string(), None),
        },
    }
}

/// «unknown field `sned`, expected one of `send`, `recv`»: the words stand in backticks.
fn unknown(what: &str, text: &str, at: usize) -> (usize, String, Option<String>) {
    let said = what.split(", expected").next().unwrap_or(what);
    let said = said.replacen("unknown variant", "unknown word", 1);
    let mut words = what.split('`').skip(1).step_by(2);
    let Some(wrong) = words.next() else {
        return (at, said, None);
    };
    let valid: Vec<&str> = words.collect();
    let help = match nearest(wrong, valid.iter().copied()) {
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
    let expected = match expected {
        "u8" | "u16" | "u32" | "u64" | "usize" => "a whole number",
        "a sequence" => "a list: `[ … ]`",
        "a string" => "a text in quotes",
        "a boolean" => "true or false",
        "unit" => "the word alone, as in `\"close\"`",
        other if other.starts_with("a nonzero") => "a whole number, at least 1",
        other if other.starts_with("struct ") => "an object: `{ … }`",
        other => other,
    };
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
    let mut open = Vec::new();
    let (mut quoted, mut escaped) = (false, false);
    for (i, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            '{' if !quoted => open.push(i),
            '}' if !quoted => drop(open.pop()),
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
        for (steps, words) in [
            (
                "\"recv\"",
                "`recv` says too little: it needs a value; write `{ \"recv\": … }`",
            ),
            (
                "{ \"close\": true }",
                "here stands the word `true`, and what fits is the word alone",
            ),
            (
                "{ \"recv\": \"5\" }",
                "here stands the text \"5\", and what fits is a whole number",
            ),
            (
                "{ \"send\": \"a\", \"send\": \"b\" }",
                "one step is one object with one key; close it",
            ),
            ("{ \"await\": \"queued\" }", "`queued` says too little"),
            (
                "{ \"send\": \"a\" },",
                "a comma with nothing behind it; take it away",
            ),
            (
                "{ \"send\": \"a\" } { \"send\": \"b\" }",
                "is there a comma missing before this?",
            ),
            ("// first\n", "expected value"),
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
        assert!(said("{ \"runs\": [").contains("the file ends inside a list; is there"));
        assert!(
            said("{ \"runs\": {} }").contains("here stands an object, and what fits is a list")
        );
    }
}
