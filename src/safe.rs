//! What may reach a terminal. Bytes from a peer and words from a file are never printed raw.

use std::fmt::Write;
use std::iter;

use unicode_width::UnicodeWidthChar;

/// The punctuation that the texts use beyond ASCII, with what stands for it in ASCII.
const ASCII_FOR: [(char, &str); 16] = [
    ('–', "-"),
    ('—', "-"),
    ('─', "-"),
    ('‘', "'"),
    ('’', "'"),
    ('“', "\""),
    ('”', "\""),
    ('…', "..."),
    ('·', "-"),
    ('→', "->"),
    ('←', "<-"),
    ('×', "x"),
    ('≤', "<="),
    ('≥', ">="),
    ('✓', "ok"),
    ('✗', "X"),
];

/// A finished output in ASCII only, for terminals that show nothing else.
pub(crate) fn ascii(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match ASCII_FOR.iter().find(|(from, _)| *from == c) {
            Some((_, to)) => out.push_str(to),
            None if c.is_ascii() => out.push(c),
            // As many columns as it had, so that nothing moves.
            None => out.extend(std::iter::repeat_n('?', c.width().unwrap_or(0))),
        }
    }
    out
}

/// A character that is safe to print and takes the columns that it is measured to take: no
/// control, no invisible or combining mark, nothing that turns the direction of writing.
fn is_harmless(c: char) -> bool {
    match c {
        ' '..='~' => true,
        // Latin, Greek, Cyrillic: letters only. What follows (Hebrew, Arabic, …) is written from
        // right to left and would reorder the whole line.
        '\u{a0}'..='\u{58f}' => c.is_alphanumeric() && c.width() == Some(1),
        // Punctuation that the texts use, all of one column or of ambiguous width.
        c if ASCII_FOR.iter().any(|(from, _)| *from == c) => true,
        // East Asian: two columns each, and no marks among them.
        _ => c.width() == Some(2) && (c.is_alphanumeric() || is_cjk_punctuation(c)),
    }
}

fn is_cjk_punctuation(c: char) -> bool {
    matches!(c, '\u{3001}'..='\u{3020}' | '\u{ff01}'..='\u{ff60}')
}

/// Words from a file, with what may not reach a terminal written as an escape.
pub fn words(text: &str) -> String {
    // Most words are these, and need no table.
    if text.bytes().all(|b| matches!(b, b' '..=b'~')) {
        return text.into();
    }
    text.chars()
        .fold(String::with_capacity(text.len()), |mut out, c| {
            match c {
                '\n' | '\t' => out.push(' '),
                c if is_harmless(c) => out.push(c),
                c => out.extend(c.escape_unicode()),
            }
            out
        })
}

/// A line of JSON, with what may not reach a terminal written as JSON's own escapes. Outside its
/// strings JSON has nothing of the kind, so it says the same as before.
pub(crate) fn json(line: String) -> String {
    if line.bytes().all(|b| matches!(b, b' '..=b'~')) {
        return line;
    }
    let mut out = String::with_capacity(line.len());
    for c in line.chars() {
        if is_harmless(c) {
            out.push(c);
        } else {
            for unit in c.encode_utf16(&mut [0; 2]) {
                // Writing to a String cannot fail.
                let _ = write!(out, "\\u{unit:04x}");
            }
        }
    }
    out
}

/// How a byte of a payload is drawn: a whole character stands at its first byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Glyph {
    /// A character of one or two columns that starts here.
    Char(char),
    /// A further byte of the character before.
    Rest,
    /// A byte that has no harmless character.
    Dot,
}

/// Finds the characters in a payload that is UTF-8, or partly so.
pub(crate) fn glyphs(bytes: &[u8]) -> impl Iterator<Item = Glyph> {
    bytes.utf8_chunks().flat_map(|chunk| {
        let valid = chunk.valid().chars().flat_map(|c| {
            let (first, rest) = if is_harmless(c) && c != '…' {
                (Glyph::Char(c), Glyph::Rest)
            } else {
                (Glyph::Dot, Glyph::Dot)
            };
            iter::once(first).chain(iter::repeat_n(rest, c.len_utf8() - 1))
        });
        valid.chain(iter::repeat_n(Glyph::Dot, chunk.invalid().len()))
    })
}

fn escaped(out: &mut String, byte: u8) {
    // Writing to a String cannot fail.
    let _ = write!(out, "\\x{byte:02x}");
}

/// Whether a payload is shown in quotation marks: it would not be seen where it begins or ends, or
/// not all of it is text.
pub(crate) fn is_quoted(bytes: &[u8]) -> bool {
    match std::str::from_utf8(bytes) {
        Ok(text) => {
            let plain = |c: char| is_harmless(c) && !matches!(c, '"' | '\\' | '·');
            text.is_empty() || text.trim() != text || !text.chars().all(plain)
        }
        Err(_) => true,
    }
}

/// A payload as people write it: text as it is, or in quotation marks where it would not be seen
/// where it begins or ends; other bytes in hexadecimal.
pub(crate) fn content(bytes: &[u8]) -> String {
    let mut parts: Vec<String> = Vec::new();
    let mut text = false;
    for (glyph, byte) in glyphs(bytes).zip(bytes) {
        match (glyph, parts.last_mut()) {
            (Glyph::Dot, _) => parts.push(format!("{byte:02x}")),
            (Glyph::Char(c), Some(last)) if text => last.push(c),
            (Glyph::Char(c), _) => parts.push(c.into()),
            (Glyph::Rest, _) => {}
        }
        text = glyph != Glyph::Dot;
    }
    match &parts[..] {
        [one] if text && !is_quoted(bytes) => one.clone(),
        [] | [_] if text || bytes.is_empty() => quoted(bytes, usize::MAX),
        _ => parts.join(" "),
    }
}

/// A payload as a quoted text of one line: what is harmless as it is, the rest as escapes; cut in
/// the middle if it is longer than `most` characters.
pub(crate) fn quoted(bytes: &[u8], most: usize) -> String {
    const ELLIPSIS: &str = "...";
    let escape = |bytes: &[u8]| {
        let mut out = String::new();
        for chunk in bytes.utf8_chunks() {
            for c in chunk.valid().chars() {
                match c {
                    '"' | '\\' => out.extend(['\\', c]),
                    '\n' => out.push_str("\\n"),
                    '\r' => out.push_str("\\r"),
                    '\t' => out.push_str("\\t"),
                    c if is_harmless(c) => out.push(c),
                    c => {
                        let mut buffer = [0; 4];
                        for byte in c.encode_utf8(&mut buffer).bytes() {
                            escaped(&mut out, byte);
                        }
                    }
                }
            }
            for &byte in chunk.invalid() {
                escaped(&mut out, byte);
            }
        }
        out
    };
    if bytes.len() <= most {
        return format!("\"{}\"", escape(bytes));
    }
    let half = most.saturating_sub(ELLIPSIS.len()) / 2;
    format!(
        "\"{}{ELLIPSIS}{}\"",
        escape(&bytes[..half]),
        escape(&bytes[bytes.len() - half..])
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_a_terminal_obeys_gets_through() {
        let hostile = "\u{1b}[2J\u{9b}31m\u{7}\r\u{202e}abc\u{200b}\u{301}\u{fe0f}אב\u{feff}";
        let shown = words(hostile) + &quoted(hostile.as_bytes(), 1000);
        assert!(
            shown.chars().all(|c| c == '\n' || is_harmless(c)),
            "{shown}"
        );
        for glyph in glyphs(hostile.as_bytes()) {
            assert!(matches!(
                glyph,
                Glyph::Dot | Glyph::Char('[' | '2' | 'J' | '3' | '1' | 'm' | 'a'..='c')
            ));
        }
    }

    #[test]
    fn json_is_escaped_and_says_the_same() {
        let hostile = "é 粘包 \u{9b}31m\u{7f}\u{202e}\u{200b}\u{fe0f}\u{feff}😀\u{e0001}\"\\";
        let written = json(serde_json::to_string(hostile).unwrap());
        assert!(written.chars().all(is_harmless), "{written}");
        assert!(
            written.starts_with("\"é 粘包 \\u009b31m\\u007f"),
            "{written}"
        );
        assert_eq!(serde_json::from_str::<String>(&written).unwrap(), hostile);
    }

    #[test]
    fn a_character_stands_at_its_first_byte_and_a_torn_one_is_dots() {
        use Glyph::{Char, Dot, Rest};
        let all = |bytes: &[u8]| glyphs(bytes).collect::<Vec<_>>();
        assert_eq!(all("a你".as_bytes()), [Char('a'), Char('你'), Rest, Rest]);
        assert_eq!(all(&"你".as_bytes()[..2]), [Dot, Dot]);
        assert_eq!(all(&[0xff, b'x', 0]), [Dot, Char('x'), Dot]);
    }

    #[test]
    fn a_long_payload_is_cut_in_the_middle() {
        assert_eq!(quoted(b"he\"llo\n", 20), r#""he\"llo\n""#);
        assert_eq!(quoted(&[b'x'; 50], 9), "\"xxx...xxx\"");
    }
}
