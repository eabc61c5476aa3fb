//! How a prediction is written: `he | lloworld`, a bar between two reads, or a full-width one, as
//! Chinese input methods have it.
//!
//! What is no text stands as `\n`, `\r`, `\t` or `\x00`; `\|` is a bar that was sent, `\"` a
//! quotation mark. Spaces around a read do not count, unless it stands in quotation marks.

use std::fmt::Write as _;

const WIDE_BAR: char = '｜';

/// What is wrong with a prediction as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unreadable {
    /// A backslash that no known escape follows; how it is written.
    Escape(String),
    /// A quotation mark is opened and never closed, or text follows the closing one.
    Quote,
    /// A number that no choice has, of so many, and that is in no message either.
    Choice(usize),
}

/// Reads a prediction: what each read is to return.
///
/// # Errors
/// Says what cannot be read.
pub fn parse(text: &str) -> Result<Vec<Vec<u8>>, Unreadable> {
    let mut reads = Vec::new();
    let mut rest = text.chars().peekable();
    loop {
        while rest.next_if(|c| c.is_whitespace()).is_some() {}
        let quoted = rest.next_if_eq(&'"').is_some();
        let mut read = Vec::new();
        // Up to here the bytes count; blanks behind them may be only before a bar.
        let mut end = 0;
        let mut closed = !quoted;
        let mut more = false;
        while let Some(c) = rest.next() {
            match c {
                '|' | WIDE_BAR if closed => {
                    more = true;
                    break;
                }
                '"' if quoted && !closed => {
                    closed = true;
                    end = read.len();
                    continue;
                }
                c if quoted && closed => {
                    if !c.is_whitespace() {
                        return Err(Unreadable::Quote);
                    }
                    continue;
                }
                '\\' => read.push_escape(&mut rest)?,
                c => read.extend(c.encode_utf8(&mut [0; 4]).bytes()),
            }
            if quoted || !c.is_whitespace() {
                end = read.len();
            }
        }
        if !closed {
            return Err(Unreadable::Quote);
        }
        read.truncate(end);
        reads.push(read);
        if !more {
            return Ok(reads);
        }
    }
}

trait PushEscape {
    fn push_escape(
        &mut self,
        rest: &mut std::iter::Peekable<std::str::Chars<'_>>,
    ) -> Result<(), Unreadable>;
}

impl PushEscape for Vec<u8> {
    /// Adds the byte that the characters behind a backslash stand for.
    fn push_escape(
        &mut self,
        rest: &mut std::iter::Peekable<std::str::Chars<'_>>,
    ) -> Result<(), Unreadable> {
        let unknown = |tail: &str| Err(Unreadable::Escape(format!("\\{tail}")));
        match rest.next() {
            Some('n') => self.push(b'\n'),
            Some('r') => self.push(b'\r'),
            Some('t') => self.push(b'\t'),
            Some(c @ ('\\' | '|' | WIDE_BAR | '"')) => self.extend(c.to_string().bytes()),
            Some('x') => {
                let digits: String = rest.by_ref().take(2).collect();
                match u8::from_str_radix(&digits, 16) {
                    Ok(byte) if digits.len() == 2 => self.push(byte),
                    _ => return unknown(&format!("x{digits}")),
                }
            }
            Some(c) => return unknown(&c.to_string()),
            None => return unknown(""),
        }
        Ok(())
    }
}

/// Writes reads as they can be read again.
#[must_use]
pub fn write(reads: &[Vec<u8>]) -> String {
    let each: Vec<String> = reads.iter().map(|read| written(read)).collect();
    each.join(" | ")
}

fn written(read: &[u8]) -> String {
    let mut out = String::new();
    for chunk in read.utf8_chunks() {
        for c in chunk.valid().chars() {
            match c {
                '\n' => out.push_str("\\n"),
                '\r' => out.push_str("\\r"),
                '\t' => out.push_str("\\t"),
                '\\' | '|' | WIDE_BAR | '"' => out.extend(['\\', c]),
                c if c.is_control() => hex(&mut out, c.encode_utf8(&mut [0; 4]).as_bytes()),
                c => out.push(c),
            }
        }
        hex(&mut out, chunk.invalid());
    }
    if out.trim() == out && !out.is_empty() {
        out
    } else {
        format!("\"{out}\"")
    }
}

fn hex(out: &mut String, bytes: &[u8]) {
    for byte in bytes {
        // Writing to a String cannot fail.
        let _ = write!(out, "\\x{byte:02x}");
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn reads(text: &str) -> Vec<Vec<u8>> {
        parse(text).expect("readable")
    }

    #[test]
    fn a_bar_parts_two_reads_and_spaces_do_not_count() {
        let expected = [b"he".to_vec(), b"lloworld".to_vec()];
        for text in [
            "he | lloworld",
            "he|lloworld",
            "  he |  lloworld  ",
            "\"he\" | lloworld",
        ] {
            assert_eq!(reads(text), expected, "{text}");
        }
        assert_eq!(reads("a b | \" c \""), [b"a b".to_vec(), b" c ".to_vec()]);
        assert_eq!(reads("hello | "), [b"hello".to_vec(), Vec::new()]);
        assert_eq!(reads(""), [Vec::<u8>::new()]);
        assert_eq!(reads(r"\x05\x00 | \|"), [vec![5, 0], b"|".to_vec()]);
        assert_eq!(reads("你好"), ["你好".as_bytes().to_vec()]);
    }

    #[test]
    fn what_cannot_be_read_is_said() {
        assert_eq!(parse("\"he"), Err(Unreadable::Quote));
        assert_eq!(parse("\"he\"x"), Err(Unreadable::Quote));
        assert_eq!(parse(r"a\q"), Err(Unreadable::Escape(r"\q".into())));
        assert_eq!(parse(r"a\x5"), Err(Unreadable::Escape(r"\x5".into())));
        assert_eq!(parse("a\\"), Err(Unreadable::Escape("\\".into())));
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(
            reads in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..12), 1..6)
        ) {
            prop_assert_eq!(parse(&write(&reads)), Ok(reads));
        }

        #[test]
        fn texts_too(reads in prop::collection::vec("\\PC{0,12}|[ \"|\\\\]{0,6}", 1..5)) {
            let reads: Vec<Vec<u8>> = reads.into_iter().map(String::into_bytes).collect();
            prop_assert_eq!(parse(&write(&reads)), Ok(reads));
        }

        #[test]
        fn nothing_that_is_typed_panics(text in "\\PC*") {
            let _ = parse(&text);
        }
    }
}
