//! How a prediction is written: `he | lloworld`, a bar between two reads, or a full-width one, as
//! Chinese input methods have it.
//!
//! What is no text stands as `\n`, `\r`, `\t` or `\x00`; `\|` is a bar that was sent, `\"` a
//! quotation mark. Spaces around a read do not count, unless it stands in quotation marks.
//!
//! Who comes from Python or JSON writes `['he', 'lloworld']` or `b'he', b'lloworld'`, and that is
//! read as well where it can mean nothing else: a comma parts, a single quotation mark quotes and
//! brackets stand around all if nobody sent one.

use std::fmt::Write as _;
use std::iter::Peekable;
use std::str::Chars;

const WIDE_BAR: char = '｜';
const WIDE_COMMA: char = '，';

/// What else parts and quotes, in a prediction about what was sent.
#[derive(Clone, Copy, Debug, Default)]
pub struct Marks {
    commas: bool,
    single_quotes: bool,
    brackets: bool,
}

impl Marks {
    /// Those that cannot be meant as text: nobody sent them.
    pub fn beside(stream: &[u8]) -> Self {
        Self {
            commas: !stream.contains(&b',') && !holds(stream, WIDE_COMMA),
            single_quotes: !stream.contains(&b'\''),
            brackets: !stream.contains(&b'['),
        }
    }

    fn parts(self, c: char) -> bool {
        matches!(c, '|' | WIDE_BAR) || (self.commas && matches!(c, ',' | WIDE_COMMA))
    }

    /// What is between the brackets of a list.
    fn within(self, text: &str) -> &str {
        let list = text.trim().strip_prefix('[');
        let list = list.and_then(|list| list.strip_suffix(']'));
        list.filter(|_| self.brackets).unwrap_or(text)
    }

    fn quotes(self, c: char) -> bool {
        c == '"' || (self.single_quotes && c == '\'')
    }
}

fn holds(stream: &[u8], wanted: char) -> bool {
    let wanted = wanted.to_string();
    let mut places = stream.windows(wanted.len());
    places.any(|place| place == wanted.as_bytes())
}

/// What is wrong with a prediction as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unreadable {
    /// A backslash that no known escape follows; how it is written.
    Escape(String),
    /// This quotation mark is opened and never closed.
    Unclosed(char),
    /// Text follows a closing quotation mark, and begins so.
    Behind(char),
    /// A number that no choice has, of so many, and that is in no message either.
    Choice(usize),
}

/// Reads a prediction: what each read is to return.
///
/// # Errors
/// Says what cannot be read.
pub fn parse(text: &str, marks: Marks) -> Result<Vec<Vec<u8>>, Unreadable> {
    let mut reads = Vec::new();
    let mut rest = marks.within(text).chars().peekable();
    loop {
        while rest.next_if(|c| c.is_whitespace()).is_some() {}
        // Python's `b` before a quotation mark.
        if rest.clone().nth(1).is_some_and(|c| marks.quotes(c)) {
            rest.next_if_eq(&'b');
        }
        let quote = rest.next_if(|c| marks.quotes(*c));
        let quoted = quote.is_some();
        let mut read = Vec::new();
        // Up to here the bytes count; blanks behind them may be only before a bar.
        let mut end = 0;
        let mut closed = !quoted;
        let mut more = false;
        while let Some(c) = rest.next() {
            match c {
                c if closed && marks.parts(c) => {
                    more = true;
                    break;
                }
                c if !closed && quote == Some(c) => {
                    closed = true;
                    end = read.len();
                    continue;
                }
                c if quoted && closed => {
                    if !c.is_whitespace() {
                        return Err(Unreadable::Behind(c));
                    }
                    continue;
                }
                '\\' => read.extend(escaped(&mut rest)?),
                c => read.extend(c.encode_utf8(&mut [0; 4]).bytes()),
            }
            if quoted || !c.is_whitespace() {
                end = read.len();
            }
        }
        if let (Some(quote), false) = (quote, closed) {
            return Err(Unreadable::Unclosed(quote));
        }
        read.truncate(end);
        reads.push(read);
        if !more {
            return Ok(reads);
        }
    }
}

/// The bytes that the characters behind a backslash stand for.
fn escaped(rest: &mut Peekable<Chars<'_>>) -> Result<Vec<u8>, Unreadable> {
    let unknown = |tail: String| Err(Unreadable::Escape(format!("\\{tail}")));
    match rest.next() {
        Some('n') => Ok(b"\n".into()),
        Some('r') => Ok(b"\r".into()),
        Some('t') => Ok(b"\t".into()),
        Some(c @ ('\\' | '|' | WIDE_BAR | '"' | '\'' | ',' | WIDE_COMMA)) => {
            Ok(c.to_string().into())
        }
        Some('x') => {
            let digits: String = rest.take(2).collect();
            match u8::from_str_radix(&digits, 16) {
                Ok(byte) if digits.len() == 2 => Ok(vec![byte]),
                _ => unknown(format!("x{digits}")),
            }
        }
        Some('u') => {
            let digits: String = rest.take(4).collect();
            let c = u32::from_str_radix(&digits, 16)
                .ok()
                .and_then(char::from_u32);
            match c {
                Some(c) if digits.len() == 4 => Ok(c.to_string().into()),
                _ => unknown(format!("u{digits}")),
            }
        }
        other => unknown(other.map_or_else(String::new, String::from)),
    }
}

/// Writes reads as they can be read again.
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

    /// Read as if commas and single quotation marks had been sent.
    fn parse(text: &str) -> Result<Vec<Vec<u8>>, Unreadable> {
        super::parse(text, Marks::default())
    }

    fn reads(text: &str) -> Vec<Vec<u8>> {
        parse(text).expect("readable")
    }

    #[test]
    fn a_bar_parts_two_reads_and_spaces_do_not_count() {
        let expected = [b"he".to_vec(), b"lloworld".to_vec()];
        let spaced = ["he | lloworld", "he|lloworld", "  he |  lloworld  "];
        for text in spaced.into_iter().chain(["\"he\" | lloworld"]) {
            assert_eq!(reads(text), expected, "{text}");
        }
        assert_eq!(reads("a b | \" c \""), [b"a b".to_vec(), b" c ".to_vec()]);
        assert_eq!(reads("hello | "), [b"hello".to_vec(), Vec::new()]);
        assert_eq!(reads(""), [Vec::<u8>::new()]);
        assert_eq!(reads(r"\x05\x00 | \|"), [vec![5, 0], b"|".to_vec()]);
        assert_eq!(reads("你好"), ["你好".as_bytes().to_vec()]);
    }

    #[test]
    fn commas_part_and_single_quotation_marks_quote_where_nobody_sent_them() {
        let marks = Marks::beside(b"helloworld");
        let expected = [b"he".to_vec(), b"lloworld".to_vec()];
        let commas = ["he, lloworld", "he，lloworld"];
        let quoted = ["'he', 'lloworld'", "\"he\", 'lloworld'", "'he' | lloworld"];
        for text in commas.into_iter().chain(quoted) {
            let read = super::parse(text, marks);
            assert_eq!(read, Ok(expected.to_vec()), "{text}");
        }
        for (sent, text, reads) in [
            ("helloworld", "'a, b' | c'd", &["a, b", "c'd"][..]),
            ("it's, so", "'s, | so", &["'s,", "so"]),
            ("是，不", "是，不", &["是，不"]),
        ] {
            let read = super::parse(text, Marks::beside(sent.as_bytes()));
            let reads = reads.iter().map(|read| read.as_bytes().to_vec());
            assert_eq!(read, Ok(reads.collect()), "{text}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_said() {
        assert_eq!(parse("\"he"), Err(Unreadable::Unclosed('"')));
        assert_eq!(parse("\"he\"x"), Err(Unreadable::Behind('x')));
        let single = super::parse("'he\"", Marks::beside(b""));
        assert_eq!(single, Err(Unreadable::Unclosed('\'')));
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
            let _ = super::parse(&text, Marks::beside(b""));
        }
    }
}
