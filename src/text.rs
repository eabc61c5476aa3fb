//! Text out of the reads of a stream: strict, careless, or incremental, as programs do it.

use crate::usual;
use encoding_rs::{DecoderResult, GBK, UTF_8};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A text encoding.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum Encoding {
    /// UTF-8: 1 to 4 bytes a character.
    #[default]
    #[serde(rename = "utf-8")]
    Utf8,
    /// GBK: 1 or 2 bytes a character.
    #[serde(rename = "gbk")]
    Gbk,
}

impl Encoding {
    /// What encodes and decodes it.
    pub(crate) fn codec(self) -> &'static encoding_rs::Encoding {
        match self {
            Self::Utf8 => UTF_8,
            Self::Gbk => GBK,
        }
    }

    /// The text of these bytes, all of them or none.
    pub fn decode(self, bytes: &[u8]) -> Option<String> {
        let text = self
            .codec()
            .decode_without_bom_handling_and_without_replacement(bytes)?;
        Some(text.into_owned())
    }
}

/// How a text decoder treats bytes that are no text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TextErrors {
    /// Give up.
    Strict,
    /// Leave them out.
    Ignore,
    /// Keep the start of a character until the rest of it comes.
    Incremental,
}

/// What became of one read's bytes as text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DecodedText {
    /// The characters that came out.
    pub out: String,
    /// Bytes held for the next read: the start of a character.
    #[serde(default, skip_serializing_if = "usual::is_default")]
    pub kept: u64,
    /// Bytes left out because they were no text.
    #[serde(default, skip_serializing_if = "usual::is_default")]
    pub lost: u64,
    /// The decoder gave up: none of this read's bytes came out.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub failed: bool,
}

/// A text decoder for one direction of a stream.
pub struct TextDecoder {
    encoding: &'static encoding_rs::Encoding,
    errors: TextErrors,
    /// Carries the start of a character from one read to the next.
    carrying: encoding_rs::Decoder,
    kept: u64,
}

impl TextDecoder {
    /// A decoder at the start of a text.
    pub fn new(encoding: Encoding, errors: TextErrors) -> Self {
        let encoding = encoding.codec();
        let carrying = encoding.new_decoder_without_bom_handling();
        Self {
            encoding,
            errors,
            carrying,
            kept: 0,
        }
    }

    /// Decodes what one read returned; no bytes are the end of the stream.
    pub fn decode(&mut self, bytes: &[u8]) -> DecodedText {
        let at_end = bytes.is_empty();
        match self.errors {
            TextErrors::Strict => {
                let text = self
                    .encoding
                    .decode_without_bom_handling_and_without_replacement(bytes);
                DecodedText {
                    failed: text.is_none(),
                    out: text.unwrap_or_default().into_owned(),
                    ..DecodedText::default()
                }
            }
            TextErrors::Ignore => {
                let mut decoder = self.encoding.new_decoder_without_bom_handling();
                let (out, lost) = drain(&mut decoder, bytes, true);
                DecodedText {
                    out,
                    lost,
                    ..DecodedText::default()
                }
            }
            TextErrors::Incremental => {
                let (out, lost) = drain(&mut self.carrying, bytes, at_end);
                let (encoded, _, _) = self.encoding.encode(&out);
                let held = self.kept + bytes.len() as u64;
                self.kept = held.saturating_sub(encoded.len() as u64 + lost);
                DecodedText {
                    out,
                    lost,
                    kept: self.kept,
                    failed: false,
                }
            }
        }
    }
}

/// Decodes all bytes; returns the text and how many bytes were no part of any.
fn drain(decoder: &mut encoding_rs::Decoder, mut bytes: &[u8], last: bool) -> (String, u64) {
    let mut out = String::new();
    let mut malformed = 0;
    loop {
        out.reserve(
            decoder
                .max_utf8_buffer_length_without_replacement(bytes.len())
                .unwrap_or(bytes.len()),
        );
        let (result, read) = decoder.decode_to_string_without_replacement(bytes, &mut out, last);
        bytes = &bytes[read..];
        match result {
            DecoderResult::InputEmpty => return (out, malformed),
            DecoderResult::OutputFull => {}
            DecoderResult::Malformed(length, _) => malformed += u64::from(length),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decode(encoding: Encoding, errors: TextErrors, reads: &[&[u8]]) -> Vec<DecodedText> {
        let mut decoder = TextDecoder::new(encoding, errors);
        reads.iter().map(|read| decoder.decode(read)).collect()
    }

    fn out(text: &str) -> DecodedText {
        DecodedText {
            out: text.into(),
            ..DecodedText::default()
        }
    }

    #[test]
    fn a_character_cut_in_two() {
        let text = "你好".as_bytes();
        let reads: [&[u8]; 3] = [&text[..4], &text[4..], &[]];
        let of = |errors| decode(Encoding::Utf8, errors, &reads);
        let failed = DecodedText {
            failed: true,
            ..DecodedText::default()
        };
        let strict = [failed.clone(), failed, out("")];
        assert_eq!(of(TextErrors::Strict), strict);
        let lost = |lost, text| DecodedText { lost, ..out(text) };
        let ignored = [lost(1, "你"), lost(2, ""), out("")];
        assert_eq!(of(TextErrors::Ignore), ignored);
        let first = DecodedText {
            kept: 1,
            ..out("你")
        };
        let gathered = [first, out("好"), out("")];
        assert_eq!(of(TextErrors::Incremental), gathered);
    }

    #[test]
    fn gbk_has_two_bytes_a_character() {
        // '你好'.encode('gbk') in Python
        let text = [0xc4, 0xe3, 0xba, 0xc3];
        let reads: [&[u8]; 2] = [&text[..1], &text[1..]];
        let half = DecodedText { kept: 1, ..out("") };
        let gathered = decode(Encoding::Gbk, TextErrors::Incremental, &reads);
        assert_eq!(gathered, [half, out("你好")]);
        let strict = decode(Encoding::Utf8, TextErrors::Strict, &[&text]);
        assert!(strict[0].failed, "GBK is no UTF-8");
    }

    #[test]
    fn what_is_still_held_at_the_end_is_lost() {
        let reads: [&[u8]; 2] = [&"你".as_bytes()[..2], &[]];
        let last = &decode(Encoding::Utf8, TextErrors::Incremental, &reads)[1];
        assert_eq!((last.lost, last.kept), (2, 0));
    }
}
