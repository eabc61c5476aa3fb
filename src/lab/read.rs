//! Reads `lab.json` and the other JSON files of `labs/`: text in, typed data or an error with its
//! place out.

use serde::de::DeserializeOwned;

use super::error::{LabError, Place};
use super::explain::explain;
use super::fault::RunFault;
use super::file;
use super::locator::Locator;
use super::locator::PathSegment::{self, Key};
use super::twice::EachOnce;

/// The largest lab file or text: far above any real one, so that a wrong path (a device, a disk
/// image) ends in an error and not in all memory used.
pub const MAX_FILE: u64 = 4 << 20;

/// Parses the text of a lab file. `file` is its name in errors.
///
/// # Errors
/// Says what is wrong, with line and column, and the nearest valid word for an unknown one.
pub fn parse(file: &str, text: &str) -> Result<file::Lab, LabError> {
    let lab = of_catalogue(file, text)?;
    each_once(text).map_err(|error| explain(file, text, &error))?;
    Ok(lab)
}

/// The same without looking for keys that stand twice: of the labs that are built in a test does
/// that, and a student need not wait for it.
pub(super) fn of_catalogue(file: &str, text: &str) -> Result<file::Lab, LabError> {
    let lab: file::Lab = serde_json::from_str(text).map_err(|error| explain(file, text, &error))?;
    if lab.runs.is_empty() {
        let place = locate(text, &[Key("runs")]);
        return Err(LabError::new(file, RunFault::NoRuns).at(place));
    }
    Ok(lab)
}

/// Parses a JSON text into strict types. `file` is its name in errors.
///
/// # Errors
/// Says what is wrong, with line and column, and the nearest valid word for an unknown one.
pub fn json<T: DeserializeOwned>(file: &str, text: &str) -> Result<T, LabError> {
    let read = serde_json::from_str(text).and_then(|value| each_once(text).map(|()| value));
    read.map_err(|error| explain(file, text, &error))
}

fn each_once(text: &str) -> serde_json::Result<()> {
    serde_json::from_str(text).map(|EachOnce| ())
}

/// Where the value at this path begins, as far as the path leads.
pub fn locate(text: &str, path: &[PathSegment<'_>]) -> Place {
    Locator::of(text).locate(path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use PathSegment::Index;

    fn error(text: &str) -> String {
        parse("lab.json", text).unwrap_err().to_string()
    }

    fn of_client(step: &str) -> String {
        let run = format!(r#"{{ "name": "a", "client": [ {step} ], "server": [] }}"#);
        error(&format!("{{ \"runs\": [\n  {run} ] }}"))
    }

    #[test]
    fn an_unknown_word_is_pointed_at_and_mended() {
        let (said, place) = (of_client(r#"{ "sned": "x" }"#), "lab.json:2:32");
        assert_eq!(
            said,
            format!("{place}: unknown word `sned`; did you mean `send`?")
        );
        let said = error("{\n  \"transprot\": \"tcp\",\n  \"runs\": [] }");
        let mended = "unknown field `transprot`; did you mean `transport`?";
        assert_eq!(said, format!("lab.json:2:3: {mended}"));
        let said = error(r#"{ "transport": "tpc", "runs": [] }"#);
        let mended = "unknown word `tpc`; did you mean `tcp`?";
        assert_eq!(said, format!("lab.json:1:16: {mended}"));
    }

    #[test]
    fn an_impossible_value_names_its_place_and_its_range() {
        for (step, said) in [
            (
                r#"{ "recv": 0 }"#,
                "lab.json:2:41: a read offers 1 to 16777216 bytes, not 0",
            ),
            (
                r#"{ "pause": "2 parsecs" }"#,
                "`2 parsecs` is not a span of time",
            ),
            (
                r#"{ "send": { "hex": "6z" } }"#,
                "`z` is not a hexadecimal digit",
            ),
        ] {
            let error = of_client(step);
            assert!(error.contains(said), "{error}");
        }
    }

    #[test]
    fn a_broken_file_says_where_it_broke() {
        let no_value = "lab.json:1:13: a value belongs here, and there stands `}`";
        assert_eq!(error("{ \"runs\": [ }"), no_value);
        let ends = "the text ends inside a value; is there a `}`, a `]` or a quote missing?";
        assert_eq!(error(""), format!("lab.json:1:1: {ends}"));
        assert!(error(&"[".repeat(100_000)).starts_with("lab.json:1:"));
    }

    #[test]
    fn a_path_leads_to_line_and_column() {
        let text = "{ \"runs\": [\n  { \"name\": \"你\", \"client\": [ \"connect\",\n     { \"send\": \"x\" } ] } ] }";
        let path = [Key("runs"), Index(0), Key("client"), Index(1)];
        assert_eq!(locate(text, &path), Place { line: 3, column: 6 });
        let mut locator = Locator::of(text);
        for path in [&path[..], &path[..3], &path[..1], &path[..3], &path] {
            assert_eq!(locator.locate(path), locate(text, path), "asked again");
        }
        let (line, column) = (2, 28);
        assert_eq!(locate(text, &path[..3]), Place { line, column });
        let nowhere = locate(text, &[Key("none")]);
        assert_eq!(nowhere, Place { line: 1, column: 1 });
    }
}
