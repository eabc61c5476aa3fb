//! The header dict: a JSON object in front of the payload that names the file, its hash, its size.

use serde_json::{Map, Value};

use super::error::preview;
use super::{Body, FrameError, JsonStyle, Layout, Outgoing, bytes, json};

/// The keys that programs use for the file's name, in the order they are looked up.
const NAME_KEYS: [&str; 2] = ["filename", "file_name"];
/// For the MD5 of the payload.
const HASH_KEYS: [&str; 2] = ["md5", "hash"];
/// For the size of the payload.
const SIZE_KEYS: [&str; 2] = ["total_size", "file_size"];

/// The JSON header of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// The text under `filename`, else under `file_name`.
    pub name: Option<String>,
    /// The text under `md5`, else under `hash`, if it is 32 hexadecimal digits. Anything else
    /// there, such as the placeholders that tutorials write, is no hash and is not checked.
    pub md5: Option<String>,
    /// The number under `total_size`, or if that key is missing under `file_size`, in bytes.
    pub size: u64,
    /// The whole object, with its keys in the order they were sent.
    pub fields: Map<String, Value>,
}

impl Header {
    /// Reads a header that is complete.
    ///
    /// Of a key that stands there twice, the last counts, as in Python.
    pub(super) fn parse(text: &[u8]) -> Result<Self, FrameError> {
        let bad = |reason: String| FrameError::BadHeader {
            reason,
            found: preview(text),
        };
        if text.is_empty() {
            return Err(bad("it has no bytes".into()));
        }
        let fields = match serde_json::from_slice(text).map_err(|error| bad(error.to_string()))? {
            Value::Object(fields) => fields,
            Value::Null => return Err(bad("it is null".into())),
            Value::Bool(_) => return Err(bad("it is a boolean".into())),
            Value::Number(_) => return Err(bad("it is a number".into())),
            Value::String(_) => return Err(bad("it is a string".into())),
            Value::Array(_) => return Err(bad("it is an array".into())),
        };
        let name = texts(&fields, NAME_KEYS).next().map(str::to_owned);
        let md5 = texts(&fields, HASH_KEYS)
            .find(|text| text.len() == 32 && text.bytes().all(|b| b.is_ascii_hexdigit()))
            .map(str::to_owned);
        let size = size(&fields)?;
        Ok(Self {
            name,
            md5,
            size,
            fields,
        })
    }

    /// Holds the payload against the hash, if the header has one.
    pub(super) fn verify(&self, payload: &[u8]) -> Result<(), FrameError> {
        match self.md5 {
            Some(_) => self.agrees_with(&md5_of([payload])),
            None => Ok(()),
        }
    }

    /// Holds the hash of the payload against the one that was announced, if one was.
    pub(super) fn agrees_with(&self, computed: &str) -> Result<(), FrameError> {
        match &self.md5 {
            Some(announced) if !computed.eq_ignore_ascii_case(announced) => {
                Err(FrameError::HashMismatch {
                    name: self.name.as_ref().map(|name| preview(name.as_bytes())),
                    announced: announced.clone(),
                    computed: computed.into(),
                })
            }
            _ => Ok(()),
        }
    }
}

/// The texts that stand under these keys.
fn texts<'a>(
    fields: &'a Map<String, Value>,
    keys: [&'static str; 2],
) -> impl Iterator<Item = &'a str> {
    keys.into_iter().filter_map(|key| fields.get(key)?.as_str())
}

fn size(fields: &Map<String, Value>) -> Result<u64, FrameError> {
    let named = SIZE_KEYS
        .into_iter()
        .find_map(|key| Some((key, fields.get(key)?)));
    let (key, found) = match named {
        Some((key, value)) => match value.as_u64() {
            Some(size) => return Ok(size),
            None => (key, Some(preview(value.to_string().as_bytes()))),
        },
        None => (SIZE_KEYS[0], None),
    };
    Err(FrameError::BadSize {
        key: key.into(),
        found,
    })
}

/// The parts `[prefix, header]` in front of a payload that somebody else sends.
///
/// # Errors
/// [`FrameError::DoesNotFit`] if the header is longer than the prefix can say.
pub fn head(
    layout: Layout,
    name: Option<&str>,
    md5: &str,
    size: u64,
    style: JsonStyle,
) -> Result<[Vec<u8>; 2], FrameError> {
    let mut fields = Map::new();
    if let Some(name) = name {
        fields.insert(NAME_KEYS[0].into(), name.into());
    }
    fields.insert(HASH_KEYS[0].into(), md5.into());
    fields.insert(SIZE_KEYS[0].into(), size.into());
    let header = json::dumps(&fields, style);
    let prefix = layout.encode(bytes(header.len()))?.to_vec();
    Ok([prefix, header])
}

/// The MD5 of bytes that come piece by piece, in the digits that a header has.
pub fn md5_of<'a>(pieces: impl IntoIterator<Item = &'a [u8]>) -> String {
    let mut digest = md5::Context::new();
    for piece in pieces {
        digest.consume(piece);
    }
    format!("{:x}", digest.finalize())
}

/// The parts `[prefix, header, payload]`, without the last if `body` is none.
pub(super) fn encode(
    layout: Layout,
    body: Body,
    message: &Outgoing<'_>,
) -> Result<Vec<Vec<u8>>, FrameError> {
    let mut parts = Vec::from(head(
        layout,
        message.name,
        &md5_of([message.payload]),
        message.size(),
        message.json,
    )?);
    if body == Body::Payload {
        parts.push(message.body());
    }
    Ok(parts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::fixture::{file, over_limit};
    use crate::frame::{DEFAULT_HEADER_LIMIT, DEFAULT_LIMIT, Framing, Part, State};

    const DICT: Framing = Framing::header_dict(Layout::I32Le);
    const HEADER_ONLY: Framing = Framing::HeaderDict {
        layout: Layout::I32Le,
        limit: DEFAULT_LIMIT,
        header_limit: DEFAULT_HEADER_LIMIT,
        body: Body::None,
    };

    /// A header behind its length, as a Python peer sends it.
    fn with_prefix(header: &str) -> Vec<u8> {
        let mut stream = Layout::I32Le.encode(bytes(header.len())).unwrap().to_vec();
        stream.extend(header.bytes());
        stream
    }

    fn error(stream: &[u8]) -> FrameError {
        DICT.decoder().decode(&mut &*stream).unwrap_err()
    }

    /// The header and the payload of the one message in a stream.
    fn read(framing: Framing, stream: &[u8]) -> (Header, Vec<u8>) {
        let mut decoder = framing.decoder();
        let frame = decoder.decode(&mut &*stream).unwrap().unwrap();
        let both = (*frame.header.unwrap(), frame.payload.to_vec());
        assert_eq!(decoder.capacity(), 0);
        both
    }

    /// Python 3.11: `header = json.dumps({"filename": "a.txt", "md5": md5(b"hello").hexdigest(),
    /// "total_size": 5})`, then `pack("<i", len(header)) + header + b"hello"`.
    const PYTHON: &[u8] = b"\x51\0\0\0{\"filename\": \"a.txt\", \
        \"md5\": \"5d41402abc4b2a76b9719d911017c592\", \"total_size\": 5}hello";

    #[test]
    fn agrees_with_python() {
        let message = Outgoing {
            name: Some("a.txt"),
            ..Outgoing::new(b"hello")
        };
        let parts = DICT.encode(&message).unwrap();
        assert_eq!(parts.iter().map(Vec::len).collect::<Vec<_>>(), [4, 81, 5]);
        assert_eq!(parts.concat(), PYTHON);

        let (header, payload) = read(DICT, PYTHON);
        assert_eq!(payload, b"hello");
        assert_eq!((header.name.as_deref(), header.size), (Some("a.txt"), 5));
        let keys: Vec<_> = header.fields.keys().collect();
        assert_eq!(keys, ["filename", "md5", "total_size"]);
    }

    /// Measured with Python 3.11: `json.dumps({"file_size": 1073741824000, "file_name":
    /// "/a/b/c/d/e.txt", "md5": "x" * 32})`, and `json.dumps({"file_name": "文件.txt",
    /// "file_size": 2}, indent=2)`.
    #[test]
    fn reads_the_headers_that_tutorials_send() {
        let stream = with_prefix(
            "{\"file_size\": 1073741824000, \"file_name\": \"/a/b/c/d/e.txt\", \
             \"md5\": \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"}",
        );
        let (header, payload) = read(HEADER_ONLY, &stream);
        assert_eq!((header.size, header.md5), (1_073_741_824_000, None));
        assert_eq!(header.name.as_deref(), Some("/a/b/c/d/e.txt"));
        assert_eq!(payload, b"");

        let mut stream =
            with_prefix("{\n  \"file_name\": \"\\u6587\\u4ef6.txt\",\n  \"file_size\": 2\n}");
        stream.extend(b"ok");
        let (header, payload) = read(DICT, &stream);
        assert_eq!(header.name.as_deref(), Some("文件.txt"));
        assert_eq!(payload, b"ok");
    }

    #[test]
    fn without_a_payload_any_size_may_stand_in_the_header() {
        let message = Outgoing {
            announced_size: Some(u64::MAX),
            ..Outgoing::new(b"")
        };
        let parts = HEADER_ONLY.encode(&message).unwrap();
        assert_eq!(parts.len(), 2);
        assert_eq!(read(HEADER_ONLY, &parts.concat()).0.size, u64::MAX);
    }

    #[test]
    fn a_wrong_hash_is_found_under_either_key() {
        let altered = file(DICT, b"hello", Some(0));
        assert!(altered.ends_with(b"iello"));
        let text = String::from_utf8(altered).unwrap();
        let other_key = text.replace("\x51\0", "\x52\0").replace("md5", "hash");
        let upper_case = text.replace("5d41402abc4b", "5D41402ABC4B");
        for stream in [text, other_key, upper_case] {
            let FrameError::HashMismatch {
                name,
                announced,
                computed,
            } = error(stream.as_bytes())
            else {
                panic!("{stream}");
            };
            assert_eq!(name.as_deref(), Some("a.txt"));
            assert!(announced.eq_ignore_ascii_case("5d41402abc4b2a76b9719d911017c592"));
            // Python: `hashlib.md5(b"iello").hexdigest()`.
            assert_eq!(computed, "23b3de92df8dc61b1cd3d9627ba595d2");
        }
    }

    #[test]
    fn a_hash_is_32_hexadecimal_digits_in_either_case() {
        for (hash, checked) in [
            ("5D41402ABC4B2A76B9719D911017C592", true),
            ("xxdxxx", false),
            ("", false),
            ("aa", false),
            ("5d41402abc4b2a76b9719d911017c59g", false),
            // SHA-256: whose it is, the header does not say.
            (&"a".repeat(64), false),
        ] {
            let mut stream = with_prefix(&format!(r#"{{"hash": "{hash}", "total_size": 5}}"#));
            stream.extend(b"hello");
            let md5 = read(DICT, &stream).0.md5;
            assert_eq!(md5.as_deref(), checked.then_some(hash), "{hash}");
        }
    }

    #[test]
    fn a_header_that_is_no_object_is_shown() {
        for (header, expected, shown) in [
            ("", "it has no bytes", ""),
            ("[1]", "it is an array", "[1]"),
            ("\"\u{1b}\"", "control character", "\"\\u{1b}\""),
            ("\"text\"", "it is a string", "\"text\""),
            ("5", "it is a number", "5"),
            ("true", "it is a boolean", "true"),
            ("null", "it is null", "null"),
            ("{\"a\"", "EOF while parsing", "{\"a\""),
            ("{}{}", "trailing characters", "{}{}"),
        ] {
            let FrameError::BadHeader { reason, found } = error(&with_prefix(header)) else {
                panic!("{header}");
            };
            assert!(reason.contains(expected), "{reason}");
            assert_eq!(found, shown);
        }
        let deep = "[".repeat(60_000);
        assert_eq!(error(&with_prefix(&deep)).kind(), "bad-header");
    }

    #[test]
    fn a_size_that_is_no_number_of_bytes_is_named() {
        let null = r#"{"total_size": null, "file_size": 5}"#;
        let beyond = r#"{"file_size": 18446744073709551616}"#;
        for (header, key, shown) in [
            ("{}", "total_size", None),
            (r#"{"total_size": -5}"#, "total_size", Some("-5")),
            (null, "total_size", Some("null")),
            (r#"{"file_size": "5"}"#, "file_size", Some("\"5\"")),
            (r#"{"file_size": 5.0}"#, "file_size", Some("5.0")),
            (r#"{"file_size": true}"#, "file_size", Some("true")),
            (beyond, "file_size", Some("1.8446744073709552e+19")),
        ] {
            let (key, found) = (key.into(), shown.map(str::to_owned));
            assert_eq!(
                error(&with_prefix(header)),
                FrameError::BadSize { key, found }
            );
        }
    }

    #[test]
    fn both_lengths_have_their_limit() {
        let header = over_limit(Part::Header, [65_537, DEFAULT_HEADER_LIMIT], None);
        assert_eq!(error(b"\x01\0\x01\0"), header);
        let stream = with_prefix(r#"{"total_size": 8388609}"#);
        let mut decoder = DICT.decoder();
        let payload = over_limit(Part::Payload, [8_388_609, DEFAULT_LIMIT], None);
        assert_eq!(decoder.decode(&mut &*stream), Err(payload));
        assert_eq!(decoder.capacity(), 0);
        let (part, have, need) = (Part::Header, 23, 23);
        assert_eq!(decoder.state(), State { part, have, need });
    }
}
