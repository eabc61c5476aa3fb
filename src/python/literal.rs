//! Python's literals for any text and any bytes.

use unicode_width::UnicodeWidthStr;

use crate::event::{Payload, PayloadSource};
use crate::safe;
use crate::text::Encoding;

/// A payload as a Python expression, in pieces that Python joins where they stand side by side.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Literal {
    /// What stands in front of each opening quote: `b`, `f` or nothing.
    prefix: &'static str,
    quote: char,
    /// What stands between the quotes; nothing in it may be parted.
    units: Vec<String>,
    /// What is done with it: `.encode()`, ` * 20000`.
    suffix: String,
}

impl Literal {
    /// The bytes of a payload; `round` is the name of the loop variable that `{n}` stands for.
    pub(super) fn payload(payload: &Payload, round: Option<&str>) -> Self {
        let mut literal = match (&payload.source, round) {
            (PayloadSource::Text(text, encoding), Some(n)) if text.contains("{n}") => Self {
                suffix: encode(*encoding).into(),
                ..Self::template(text, "{n}", n)
            },
            // These bytes are the same in every encoding that there is here.
            (PayloadSource::Text(text, _), _) if text.is_ascii() => Self::bytes(text.as_bytes()),
            (PayloadSource::Text(text, encoding), _) => Self {
                suffix: encode(*encoding).into(),
                ..Self::text(text)
            },
            (PayloadSource::Hex(bytes), _) => Self::bytes(bytes),
        };
        if payload.times > 1 {
            literal.suffix += " * ";
            literal.suffix += &payload.times.to_string();
        }
        literal
    }

    /// The bytes of a text in UTF-8.
    pub(super) fn utf8(text: &str) -> Self {
        let payload = Payload {
            source: PayloadSource::Text(text.into(), Encoding::Utf8),
            times: 1,
        };
        Self::payload(&payload, None)
    }

    pub(super) fn bytes(bytes: &[u8]) -> Self {
        let quote = quote(bytes.contains(&b'"'), bytes.contains(&b'\''));
        Self {
            prefix: "b",
            quote,
            units: bytes.iter().map(|&byte| byte_unit(byte, quote)).collect(),
            suffix: String::new(),
        }
    }

    pub(super) fn text(text: &str) -> Self {
        let quote = quote(text.contains('"'), text.contains('\''));
        Self {
            prefix: "",
            quote,
            units: text.chars().map(|c| unit(c, quote)).collect(),
            suffix: String::new(),
        }
    }

    /// A text with the value of an expression where `slot` stands, as UTF-8.
    pub(super) fn template(text: &str, slot: &str, expression: &str) -> Self {
        let quote = quote(text.contains('"'), text.contains('\''));
        let mut units = Vec::new();
        for (i, between) in text.split(slot).enumerate() {
            if i > 0 {
                units.push(format!("{{{expression}}}"));
            }
            units.extend(between.chars().map(|c| match c {
                '{' | '}' => format!("{c}{c}"),
                c => unit(c, quote),
            }));
        }
        Self {
            prefix: "f",
            quote,
            units,
            suffix: encode(Encoding::Utf8).into(),
        }
    }

    /// On one line, if it takes no more than so many columns.
    pub(super) fn inline(&self, columns: usize) -> Option<String> {
        // Looked at first, because a payload may be long.
        let fits = self.units.len() <= columns;
        let whole = fits.then(|| self.piece(&self.units) + &self.suffix);
        whole.filter(|whole| whole.width() <= columns)
    }

    /// On as many lines as it takes, each within so many columns, and what stands behind the
    /// parenthesis that closes them.
    pub(super) fn lines(&self, columns: usize) -> (Vec<String>, &str) {
        let most = columns.saturating_sub(self.prefix.len() + 2);
        let mut lines = Vec::new();
        let (mut start, mut width) = (0, 0);
        for (i, unit) in self.units.iter().enumerate() {
            if width + unit.width() > most && i > start {
                lines.push(self.piece(&self.units[start..i]));
                (start, width) = (i, 0);
            }
            width += unit.width();
        }
        lines.push(self.piece(&self.units[start..]));
        (lines, &self.suffix)
    }

    fn piece(&self, units: &[String]) -> String {
        format!("{}{1}{2}{1}", self.prefix, self.quote, units.concat())
    }
}

/// A text between quotes, however long.
pub(super) fn quoted(text: &str) -> String {
    Literal::text(text).inline(usize::MAX).unwrap_or_default()
}

/// An encoding as Python calls it.
pub(super) fn codec(encoding: Encoding) -> &'static str {
    match encoding {
        Encoding::Utf8 => "utf-8",
        Encoding::Gbk => "gbk",
    }
}

/// How a text becomes bytes.
fn encode(encoding: Encoding) -> &'static str {
    match encoding {
        Encoding::Utf8 => ".encode()",
        Encoding::Gbk => ".encode(\"gbk\")",
    }
}

/// Double quotes, unless single ones spare the backslashes.
fn quote(has_double: bool, has_single: bool) -> char {
    if has_double && !has_single { '\'' } else { '"' }
}

fn byte_unit(byte: u8, quote: char) -> String {
    match byte {
        0x80.. => format!("\\x{byte:02x}"),
        byte => unit(byte.into(), quote),
    }
}

/// A character as it stands between quotes. What a terminal would obey, or nobody would see, is
/// written as an escape.
fn unit(c: char, quote: char) -> String {
    match c {
        '\\' => "\\\\".into(),
        '\n' => "\\n".into(),
        '\r' => "\\r".into(),
        '\t' => "\\t".into(),
        c if c == quote => format!("\\{c}"),
        c if safe::words(c.encode_utf8(&mut [0; 4])).chars().eq([c]) => c.into(),
        c => match u32::from(c) {
            code @ 0..=0xff => format!("\\x{code:02x}"),
            code @ 0x100..=0xffff => format!("\\u{code:04x}"),
            code => format!("\\U{code:08x}"),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn payload(text: &str, encoding: Encoding) -> Payload {
        let source = PayloadSource::Text(text.into(), encoding);
        Payload { source, times: 1 }
    }

    fn whole(payload: &Payload, round: Option<&str>) -> String {
        Literal::payload(payload, round).inline(1000).unwrap()
    }

    /// tests/python has Python read such literals; here is how they look.
    #[test]
    fn looks_as_a_person_would_write_it() {
        for (text, python) in [
            ("hello", r#"b"hello""#),
            ("", r#"b"""#),
            (r#"say "hi""#, r#"b'say "hi"'"#),
            (r#"it's "hi""#, r#"b"it's \"hi\"""#),
            ("a\\b\r\n\t\0\u{7f}", r#"b"a\\b\r\n\t\x00\x7f""#),
            ("你好", r#""你好".encode()"#),
            ("é\u{85}\u{202e}", r#""é\x85\u202e".encode()"#),
            ("é\u{e0001}", r#""é\U000e0001".encode()"#),
            ("{n} is not in a loop", r#"b"{n} is not in a loop""#),
        ] {
            assert_eq!(whole(&payload(text, Encoding::Utf8), None), python);
        }
        let gbk = payload("你好", Encoding::Gbk);
        assert_eq!(whole(&gbk, None), r#""你好".encode("gbk")"#);
        let hex = Payload {
            source: PayloadSource::Hex(b"\0\0\0\x05hello\xff".to_vec()),
            times: 3,
        };
        let python = r#"b"\x00\x00\x00\x05hello\xff" * 3"#;
        assert_eq!(whole(&hex, Some("n")), python);
    }

    #[test]
    fn a_round_is_an_f_string() {
        let of = |text, round| whole(&payload(text, Encoding::Utf8), Some(round));
        let python = r#"f"{n_2}: {{x}} 你".encode()"#;
        assert_eq!(of("{n}: {x} 你", "n_2"), python);
        assert_eq!(of("hello", "n"), r#"b"hello""#);
    }

    #[test]
    fn a_long_one_is_parted_between_its_units() {
        let text = payload("好\u{202e}好\n", Encoding::Utf8);
        let literal = Literal::payload(&text, None);
        assert_eq!(literal.inline(12), None);
        let units = [r#""好\u202e""#, r#""好\n""#].map(String::from);
        assert_eq!(literal.lines(10), (units.into(), ".encode()"));
        let empty = Literal::bytes(b"");
        assert_eq!(empty.lines(10).0, [r#"b"""#]);
    }
}
