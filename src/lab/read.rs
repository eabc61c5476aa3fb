//! Reads `lab.json` and the other JSON files of `labs/`: text in, typed data or an error with its
//! place out.

use serde::de::DeserializeOwned;

use super::error::{LabError, Place};
use super::explain::explain;
use super::file;
use super::locator::{Locator, PathSegment};

/// The largest lab file or text: far above any real one, so that a wrong path (a device, a disk
/// image) ends in an error and not in all memory used.
pub const MAX_FILE: u64 = 4 << 20;

/// Parses the text of a lab file. `file` is its name in errors.
///
/// # Errors
/// Says what is wrong, with line and column, and the nearest valid word for an unknown one.
pub fn parse(file: &str, text: &str) -> Result<file::Lab, LabError> {
    let lab: file::Lab = json(file, text)?;
    if lab.runs.is_empty() {
        return Err(LabError {
            file: file.into(),
            place: Some(locate(text, &[PathSegment::Key("runs")])),
            what: "a lab has at least one run".into(),
            help: None,
        });
    }
    Ok(lab)
}

/// Parses a JSON text into strict types. `file` is its name in errors.
///
/// # Errors
/// Says what is wrong, with line and column, and the nearest valid word for an unknown one.
pub fn json<T: DeserializeOwned>(file: &str, text: &str) -> Result<T, LabError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    serde_json::from_str(text).map_err(|error| explain(file, text, &error))
}

/// Where the value at this path begins, as far as the path leads.
#[must_use]
pub fn locate(text: &str, path: &[PathSegment<'_>]) -> Place {
    Locator::of(text).locate(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> String {
        parse("lab.json", text).unwrap_err().to_string()
    }

    #[test]
    fn an_unknown_word_is_pointed_at_and_mended() {
        let text = "{ \"runs\": [\n  { \"name\": \"a\", \"client\": [ { \"sned\": \"x\" } ], \"server\": [] } ] }";
        assert_eq!(
            error(text),
            "lab.json:2:32: unknown word `sned`; did you mean `send`?"
        );
        let text = "{\n  \"transprot\": \"tcp\",\n  \"runs\": [] }";
        assert_eq!(
            error(text),
            "lab.json:2:3: unknown field `transprot`; did you mean `transport`?"
        );
        let text = "{ \"transport\": \"sctp\", \"runs\": [] }";
        assert_eq!(
            error(text),
            "lab.json:1:16: unknown word `sctp`; did you mean `tcp`?"
        );
    }

    #[test]
    fn an_impossible_value_names_its_place_and_its_range() {
        let text = "{ \"runs\": [ { \"name\": \"a\", \"server\": [ { \"recv\": 0 } ], \"client\": [] } ] }";
        assert_eq!(
            error(text),
            "lab.json:1:51: a read offers 1 to 16777216 bytes, not 0"
        );
        let text = "{ \"runs\": [ { \"name\": \"a\", \"client\": [ { \"pause\": \"2 parsecs\" } ], \"server\": [] } ] }";
        assert!(
            error(text).contains("`2 parsecs` is not a span of time"),
            "{}",
            error(text)
        );
        let text = "{ \"runs\": [ { \"name\": \"a\", \"client\": [ { \"send\": { \"hex\": \"6z\" } } ], \"server\": [] } ] }";
        assert!(
            error(text).contains("`z` is not a hexadecimal digit"),
            "{}",
            error(text)
        );
    }

    #[test]
    fn a_broken_file_says_where_it_broke() {
        assert_eq!(
            error("{ \"runs\": [ }"),
            "lab.json:1:13: a value belongs here, and there stands `}`"
        );
        assert_eq!(
            error(""),
            "lab.json:1:1: the text ends inside a value; is there a `}`, a `]` or a quote missing?"
        );
        assert!(error(&"[".repeat(100_000)).starts_with("lab.json:1:"));
    }

    #[test]
    fn a_path_leads_to_line_and_column() {
        let text = "{ \"runs\": [\n  { \"name\": \"你\", \"client\": [ \"connect\",\n     { \"send\": \"x\" } ] } ] }";
        let path = [
            PathSegment::Key("runs"),
            PathSegment::Index(0),
            PathSegment::Key("client"),
            PathSegment::Index(1),
        ];
        assert_eq!(locate(text, &path), Place { line: 3, column: 6 });
        let mut locator = Locator::of(text);
        for path in [&path[..], &path[..3], &path[..1], &path[..3], &path] {
            assert_eq!(locator.locate(path), locate(text, path), "asked again");
        }
        assert_eq!(
            locate(text, &path[..3]),
            Place {
                line: 2,
                column: 28
            }
        );
        assert_eq!(
            locate(text, &[PathSegment::Key("none")]),
            Place { line: 1, column: 1 }
        );
    }
}
