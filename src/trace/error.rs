//! What is wrong with a trace, in words, and where it stands.

use std::fmt;

use crate::lab::explain::explain;

/// A trace that cannot be read back.
#[derive(Debug)]
pub struct TraceError {
    /// On which line, from 1; none if it was not one line's fault.
    pub line: Option<usize>,
    /// In which of its characters, from 1; none if the whole line is meant.
    pub column: Option<usize>,
    /// What is wrong.
    pub what: String,
}

impl fmt::Display for TraceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.line, self.column) {
            (Some(line), Some(column)) => {
                write!(f, "line {line}, column {column}: {}", self.what)
            }
            (Some(line), None) => write!(f, "line {line}: {}", self.what),
            (None, _) => f.write_str(&self.what),
        }
    }
}

impl std::error::Error for TraceError {}

impl TraceError {
    /// This is wrong with a line, or, without one, with the whole.
    pub(super) fn at(line: Option<usize>, what: String) -> Self {
        Self {
            line,
            column: None,
            what,
        }
    }

    /// A line that the parser does not take.
    pub(super) fn in_line(number: usize, line: &str, error: &serde_json::Error) -> Self {
        let wrong = explain("", line, error);
        let help = wrong
            .help
            .map_or_else(String::new, |help| format!("; {help}"));
        Self {
            line: Some(number),
            column: column(line, error, wrong.place.map(|place| place.column)),
            what: format!("not a line of a trace: {}{help}", wrong.what),
        }
    }
}

/// Where in its line it is wrong. An event is judged when all of it has been read, so the parser
/// stops at its end; the place is then that of the value that it names, if it names one.
fn column(line: &str, error: &serde_json::Error, stopped: Option<usize>) -> Option<usize> {
    let stopped = stopped?;
    if !error.is_data() || stopped < line.trim_end().chars().count() {
        return Some(stopped);
    }
    let full = error.to_string();
    let value_at = ['`', '"'].into_iter().find_map(|mark| {
        let start = full.find(mark)? + 1;
        let value = &full[start..start + full[start..].find(mark)?];
        let forms = [format!(":{value}"), format!(":\"{value}\"")];
        forms.iter().find_map(|form| line.find(form))
    });
    value_at.map(|at| line[..=at].chars().count() + 1)
}

#[cfg(test)]
mod tests {
    use super::super::read;

    const LAB: &str =
        r#"{"type":"lab","schema":1,"lab":3,"slug":"s","texts":{},"os":"linux","evidence":[]}"#;

    fn said(line: &str) -> String {
        let run = r#"{"type":"run","run":"a","transport":"tcp","client":"scripted","server":"scripted","address":""}"#;
        let text = format!("{LAB}\n{run}\n{line}\n");
        read(text.as_bytes()).unwrap_err().to_string()
    }

    #[test]
    fn a_wrong_value_has_one_place_and_no_word_of_the_parsers() {
        let event = r#"{"type":"event","run":"a","seq":0,"side":"client","call_us":1,"return_us":2,"op":"close"}"#;
        for (right, wrong, expected) in [
            (
                "\"seq\":0",
                "\"seq\":-1",
                "line 3, column 34: not a line of a trace: here stands the number `-1`, and what \
                 fits is a whole number from 0 on",
            ),
            (
                "close",
                "closs",
                "unknown word `closs`; did you mean `close`?",
            ),
            ("us\":1", "us\":\"x\"", "the text \"x\", and what"),
            ("}", "", "ends inside"),
        ] {
            let line = event.replace(right, wrong);
            let said = said(&line);
            assert!(said.contains(expected), "{said}");
            assert!(said.starts_with("line 3, column "), "{said}");
            assert!(!said.contains(" at line 1 "), "{said}");
        }
        let twice = r#"{"type":"event","run":"a","hex":{"header":{"a":1,"a":2}}}"#;
        assert!(said(twice).contains("column 50: not a line of a trace: `a` stands twice"));
        assert!(said("[1]").contains("here stands a list, and what fits is an object"));
        assert!(said("hello").contains("line 3, column 1: not a line"));
    }
}
