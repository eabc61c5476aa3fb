//! JSON text as Python's `json.dumps` writes it, so that headers agree byte for byte.

use std::io::{self, Write};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::ser::{Formatter, Serializer};
use serde_json::{Map, Value};

/// How JSON text is written, by the names of Python's `json.dumps`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(rename = "Json")]
pub struct JsonStyle {
    /// A line for each key, indented by so many spaces. Default: all on one line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub indent: Option<u8>,
    /// Whether what is not ASCII is written as `\uXXXX`. Default true, as in Python.
    #[serde(skip_serializing_if = "Clone::clone")]
    pub ensure_ascii: bool,
}

impl Default for JsonStyle {
    fn default() -> Self {
        Self {
            indent: None,
            ensure_ascii: true,
        }
    }
}

/// The object as [`json.dumps`](https://docs.python.org/3/library/json.html#json.dumps) writes it:
/// unless the style says otherwise `, ` and `: ` between things, and nothing outside printable
/// ASCII.
///
/// Python writes some floating-point numbers differently; no header of ours holds one.
pub(super) fn dumps(object: &Map<String, Value>, style: JsonStyle) -> Vec<u8> {
    let mut text = Vec::new();
    let python = Python {
        style,
        depth: 0,
        empty: true,
    };
    object
        .serialize(&mut Serializer::with_formatter(&mut text, python))
        .expect("an object with string keys goes into a Vec");
    text
}

struct Python {
    style: JsonStyle,
    /// How many arrays and objects are open.
    depth: usize,
    /// Nothing stands yet in the innermost one.
    empty: bool,
}

impl Python {
    /// A new line, if each thing stands on its own.
    fn line<W: ?Sized + Write>(&self, writer: &mut W) -> io::Result<()> {
        let Some(indent) = self.style.indent else {
            return Ok(());
        };
        writer.write_all(b"\n")?;
        let spaces = usize::from(indent) * self.depth;
        writer.write_all(&b" ".repeat(spaces))
    }

    fn open<W: ?Sized + Write>(&mut self, writer: &mut W, bracket: u8) -> io::Result<()> {
        self.depth += 1;
        self.empty = true;
        writer.write_all(&[bracket])
    }

    /// What goes in front of an item of an array or object.
    fn separate<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.empty = false;
        match (first, self.style.indent) {
            (true, _) => {}
            (false, None) => writer.write_all(b", ")?,
            (false, Some(_)) => writer.write_all(b",")?,
        }
        self.line(writer)
    }

    fn close<W: ?Sized + Write>(&mut self, writer: &mut W, bracket: u8) -> io::Result<()> {
        self.depth -= 1;
        if !std::mem::take(&mut self.empty) {
            self.line(writer)?;
        }
        writer.write_all(&[bracket])
    }
}

impl Formatter for Python {
    fn begin_array<W: ?Sized + Write>(&mut self, w: &mut W) -> io::Result<()> {
        self.open(w, b'[')
    }

    fn end_array<W: ?Sized + Write>(&mut self, w: &mut W) -> io::Result<()> {
        self.close(w, b']')
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, w: &mut W, first: bool) -> io::Result<()> {
        self.separate(w, first)
    }

    fn begin_object<W: ?Sized + Write>(&mut self, w: &mut W) -> io::Result<()> {
        self.open(w, b'{')
    }

    fn end_object<W: ?Sized + Write>(&mut self, w: &mut W) -> io::Result<()> {
        self.close(w, b'}')
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, w: &mut W, first: bool) -> io::Result<()> {
        self.separate(w, first)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, w: &mut W) -> io::Result<()> {
        w.write_all(b": ")
    }

    fn write_string_fragment<W: ?Sized + Write>(
        &mut self,
        w: &mut W,
        text: &str,
    ) -> io::Result<()> {
        if !self.style.ensure_ascii {
            return w.write_all(text.as_bytes());
        }
        // serde_json escapes what JSON demands; DEL and all that is not ASCII is Python's habit.
        // A character outside the basic plane is a surrogate pair, so two escapes.
        for c in text.chars() {
            if matches!(c, ' '..='~') {
                write!(w, "{c}")?;
            } else {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    write!(w, "\\u{unit:04x}")?;
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dumped(json: &str) -> String {
        styled(json, JsonStyle::default())
    }

    fn styled(json: &str, style: JsonStyle) -> String {
        let object = serde_json::from_str(json).unwrap();
        String::from_utf8(dumps(&object, style)).unwrap()
    }

    /// Each measured with Python 3.11: `json.dumps(json.loads(text))`.
    #[test]
    fn writes_what_python_writes() {
        for (given, python) in [
            ("{}", "{}"),
            (
                r#"{"a":1,"b":[],"c":[1,2,{"d":null}]}"#,
                r#"{"a": 1, "b": [], "c": [1, 2, {"d": null}]}"#,
            ),
            (
                r#"{"a":true,"n":-5,"u":18446744073709551615}"#,
                r#"{"a": true, "n": -5, "u": 18446744073709551615}"#,
            ),
            (r#"{"名":"文件.txt"}"#, r#"{"\u540d": "\u6587\u4ef6.txt"}"#),
            (r#"{"a":"é😀/x"}"#, r#"{"a": "\u00e9\ud83d\ude00/x"}"#),
            (
                r#"{"a":"q\"b\\ \b\f\n\r\t\u0001\u001f\u007f"}"#,
                r#"{"a": "q\"b\\ \b\f\n\r\t\u0001\u001f\u007f"}"#,
            ),
        ] {
            assert_eq!(dumped(given), python);
        }
    }

    /// Each measured with Python 3.11: `json.dumps(json.loads(text), indent=2)` and so on.
    #[test]
    fn writes_the_styles_that_python_has() {
        let text = r#"{"名":"文件.txt","a":[1,{}],"b":[],"d":{"e":"\u007f\u001f"}}"#;
        for (indent, ensure_ascii, python) in [
            (
                Some(2),
                true,
                "{\n  \"\\u540d\": \"\\u6587\\u4ef6.txt\",\n  \"a\": [\n    1,\n    {}\n  ],\n  \
                 \"b\": [],\n  \"d\": {\n    \"e\": \"\\u007f\\u001f\"\n  }\n}",
            ),
            (
                Some(0),
                true,
                "{\n\"\\u540d\": \"\\u6587\\u4ef6.txt\",\n\"a\": [\n1,\n{}\n],\n\
                 \"b\": [],\n\"d\": {\n\"e\": \"\\u007f\\u001f\"\n}\n}",
            ),
            (
                None,
                false,
                "{\"名\": \"文件.txt\", \"a\": [1, {}], \"b\": [], \
                 \"d\": {\"e\": \"\u{7f}\\u001f\"}}",
            ),
        ] {
            let style = JsonStyle {
                indent,
                ensure_ascii,
            };
            assert_eq!(styled(text, style), python);
        }
        let indented = JsonStyle {
            indent: Some(2),
            ..JsonStyle::default()
        };
        assert_eq!(styled("{}", indented), "{}");
    }
}
