//! JSON text as Python's `json.dumps` writes it, so that headers agree byte for byte.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::{Formatter, Serializer};
use serde_json::{Map, Value};

/// The object as [`json.dumps`](https://docs.python.org/3/library/json.html#json.dumps) writes it
/// by default: `, ` and `: ` between things, and nothing outside printable ASCII.
///
/// Python writes some floating-point numbers differently; no header of ours holds one.
pub(super) fn dumps(object: &Map<String, Value>) -> Vec<u8> {
    let mut text = Vec::new();
    object
        .serialize(&mut Serializer::with_formatter(&mut text, Python))
        .expect("an object with string keys goes into a Vec");
    text
}

struct Python;

/// What goes in front of an item of an array or object.
fn separate<W: ?Sized + Write>(writer: &mut W, first: bool) -> io::Result<()> {
    if first {
        return Ok(());
    }
    writer.write_all(b", ")
}

impl Formatter for Python {
    fn begin_array_value<W: ?Sized + Write>(&mut self, w: &mut W, first: bool) -> io::Result<()> {
        separate(w, first)
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, w: &mut W, first: bool) -> io::Result<()> {
        separate(w, first)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, w: &mut W) -> io::Result<()> {
        w.write_all(b": ")
    }

    fn write_string_fragment<W: ?Sized + Write>(
        &mut self,
        w: &mut W,
        text: &str,
    ) -> io::Result<()> {
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
        let object = serde_json::from_str(json).unwrap();
        String::from_utf8(dumps(&object)).unwrap()
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
}
