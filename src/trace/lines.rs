//! The lines of a trace, as text.

use std::io::{BufRead, Read};

use super::{TraceError, TraceFault};
use crate::lab::text_file::decode;

/// No line is longer: one with the largest payload, each byte written as an escape, has room. What
/// has no line breaks at all is not read to its end.
const LONGEST: u64 = 256 << 20;

/// Lines with their numbers, from 1.
pub(super) struct Lines<I> {
    input: I,
    number: usize,
}

impl<I: BufRead> Lines<I> {
    pub(super) fn of(input: I) -> Self {
        Self { input, number: 0 }
    }
}

impl<I: BufRead> Iterator for Lines<I> {
    type Item = Result<(usize, String), TraceError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.number += 1;
        let number = Some(self.number);
        let wrong = |what| Some(Err(TraceError::at(number, what)));
        let mut line = Vec::new();
        let mut input = self.input.by_ref().take(LONGEST);
        match input.read_until(b'\n', &mut line) {
            Ok(0) => return None,
            // The parser would say that a text that is too short ends on the next line.
            Ok(_) if line.ends_with(b"\n") => line.truncate(line.len() - 1),
            Ok(_) if input.limit() == 0 => {
                return wrong(TraceFault::LongLine(LONGEST));
            }
            Ok(_) => {}
            Err(error) => return wrong(TraceFault::Unreadable(error.to_string())),
        }
        Some(match decode(line) {
            Ok(line) => Ok((self.number, line)),
            Err((place, what)) => Err(TraceError {
                line: number,
                column: Some(place.column),
                what: TraceFault::Encoding(what),
            }),
        })
    }
}
