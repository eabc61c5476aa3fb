//! What is wrong with a trace, and where it stands.

use crate::event::Contradiction;
use crate::lab::explain::explain;
use crate::lab::fault::{Fault, FileFault};

/// A trace that cannot be read back.
#[derive(Debug)]
pub struct TraceError {
    /// On which line, from 1; none if it was not one line's fault.
    pub line: Option<usize>,
    /// In which of its characters, from 1; none if the whole line is meant.
    pub column: Option<usize>,
    /// What is wrong.
    pub what: TraceFault,
}

/// What can be wrong with a trace; `words/trace_file.rs` says it.
#[derive(Debug)]
#[cfg_attr(test, derive(strum::EnumIter))]
pub enum TraceFault {
    /// The parser does not take the line.
    #[cfg_attr(test, strum(disabled))]
    Line(Box<Fault>),
    /// It is no text.
    #[cfg_attr(test, strum(disabled))]
    Encoding(FileFault),
    /// A line has more bytes than this.
    LongLine(u64),
    /// The system does not let it be read, and says why.
    Unreadable(String),
    /// It is of another version of the contract than the program's own.
    Schema { of: u32, own: u32 },
    /// There is no lab yet that the run could be of.
    RunBeforeLab,
    /// There is no run yet that the event, or else the packet, could be of.
    OutsideItsRun { is_event: bool },
    /// An event cannot be true.
    #[cfg_attr(test, strum(disabled))]
    Contradiction(Contradiction),
    /// It holds what `--repeat` made of its runs.
    Sum,
    /// No line is of this type.
    UnknownType(String),
    /// Its end is missing.
    CutShort { run: String },
    /// No line is a lab's.
    NoLab,
}

impl std::error::Error for TraceError {}

impl TraceError {
    /// This is wrong with a line, or, without one, with the whole.
    pub(super) fn at(line: Option<usize>, what: TraceFault) -> Self {
        Self {
            line,
            column: None,
            what,
        }
    }

    /// A line that the parser does not take.
    pub(super) fn in_line(number: usize, line: &str, error: &serde_json::Error) -> Self {
        let wrong = explain("", line, error);
        Self {
            line: Some(number),
            column: column(line, error, wrong.place.map(|place| place.column)),
            what: TraceFault::Line(wrong.what),
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
        full.split(mark).skip(1).step_by(2).find_map(|value| {
            let forms = [format!(":{value}"), format!(":\"{value}\"")];
            forms.iter().find_map(|form| line.find(form))
        })
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
