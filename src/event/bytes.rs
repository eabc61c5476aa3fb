//! Bytes as the contract writes them.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::BadValue;

/// Bytes that crossed a socket; hexadecimal in JSON, two digits a byte.
#[derive(Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Bytes(pub Vec<u8>);

impl fmt::Debug for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "b\"{}\"", self.0.escape_ascii())
    }
}

impl Serialize for Bytes {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let hex: Vec<u8> = self
            .0
            .iter()
            .flat_map(|b| [DIGITS[usize::from(b >> 4)], DIGITS[usize::from(b & 15)]])
            .collect();
        to.serialize_str(std::str::from_utf8(&hex).expect("hex digits"))
    }
}

impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        from_hex(&text).map(Self).map_err(serde::de::Error::custom)
    }
}

/// Reads hexadecimal digits, two a byte, white space between bytes allowed.
///
/// # Errors
/// Says which character is not a digit, or that a byte has only one.
pub fn from_hex(text: &str) -> Result<Vec<u8>, BadValue> {
    let mut bytes = Vec::with_capacity(text.len() / 2);
    let mut high = None;
    for c in text.chars() {
        if c.is_ascii_whitespace() && high.is_none() {
            continue;
        }
        let digit = c.to_digit(16).and_then(|d| u8::try_from(d).ok());
        let digit = digit.ok_or(BadValue::HexDigit(c))?;
        match high.take() {
            None => high = Some(digit << 4),
            Some(h) => bytes.push(h | digit),
        }
    }
    match high {
        None => Ok(bytes),
        Some(_) => Err(BadValue::HalfByte),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hex_comes_back_and_names_what_is_wrong() {
        assert_eq!(from_hex("68 65\n6c"), Ok(b"hel".to_vec()));
        assert_eq!(from_hex("6"), Err(BadValue::HalfByte));
        assert_eq!(from_hex("6g"), Err(BadValue::HexDigit('g')));
        let json = serde_json::to_string(&Bytes(vec![0, 255])).unwrap();
        assert_eq!(json, "\"00ff\"");
        let read: Bytes = serde_json::from_str(&json).unwrap();
        assert_eq!(read, Bytes(vec![0, 255]));
    }
}
