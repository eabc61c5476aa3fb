//! The fixed-width integers that stand in front of a message, named as Python's `struct` names them.

use std::fmt;
use std::ops::Deref;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::FrameError;

/// The width, sign and byte order of a length prefix: one of eight format strings of Python's
/// [`struct`](https://docs.python.org/3/library/struct.html#format-characters) module.
///
/// Without `<` or `>`, Python takes the machine's own order, which is little-endian on x86-64 and
/// on ARM; network order is big-endian.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
pub enum Layout {
    /// `<i`: 4 bytes, signed, little-endian.
    #[serde(rename = "<i")]
    I32Le,
    /// `>i`: 4 bytes, signed, big-endian.
    #[serde(rename = ">i")]
    I32Be,
    /// `<I`: 4 bytes, unsigned, little-endian.
    #[serde(rename = "<I")]
    U32Le,
    /// `>I`: 4 bytes, unsigned, big-endian.
    #[serde(rename = ">I")]
    U32Be,
    /// `<q`: 8 bytes, signed, little-endian.
    #[serde(rename = "<q")]
    I64Le,
    /// `>q`: 8 bytes, signed, big-endian.
    #[serde(rename = ">q")]
    I64Be,
    /// `<Q`: 8 bytes, unsigned, little-endian.
    #[serde(rename = "<Q")]
    U64Le,
    /// `>Q`: 8 bytes, unsigned, big-endian.
    #[serde(rename = ">Q")]
    U64Be,
}

impl Layout {
    /// All eight, in the order `<i >i <I >I <q >q <Q >Q`.
    pub const ALL: [Self; 8] = [
        Self::I32Le,
        Self::I32Be,
        Self::U32Le,
        Self::U32Be,
        Self::I64Le,
        Self::I64Be,
        Self::U64Le,
        Self::U64Be,
    ];

    /// The format string, such as `<i`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::I32Le => "<i",
            Self::I32Be => ">i",
            Self::U32Le => "<I",
            Self::U32Be => ">I",
            Self::I64Le => "<q",
            Self::I64Be => ">q",
            Self::U64Le => "<Q",
            Self::U64Be => ">Q",
        }
    }

    /// How many bytes it takes on the wire: 4 or 8.
    pub const fn size(self) -> usize {
        match self {
            Self::I32Le | Self::I32Be | Self::U32Le | Self::U32Be => 4,
            Self::I64Le | Self::I64Be | Self::U64Le | Self::U64Be => 8,
        }
    }

    /// The largest value that it holds.
    pub const fn max(self) -> u64 {
        match self {
            Self::I32Le | Self::I32Be => i32::MAX as u64,
            Self::U32Le | Self::U32Be => u32::MAX as u64,
            Self::I64Le | Self::I64Be => i64::MAX as u64,
            Self::U64Le | Self::U64Be => u64::MAX,
        }
    }

    /// The layout of the same width and sign in the other byte order.
    #[must_use]
    pub const fn swapped(self) -> Self {
        // The two orders stand side by side.
        Self::ALL[self as usize ^ 1]
    }

    /// The bytes of a length, as `struct.pack` gives them.
    ///
    /// # Errors
    ///
    /// [`FrameError::DoesNotFit`] if `value` is over [`max`](Self::max).
    pub fn encode(self, value: u64) -> Result<Prefix, FrameError> {
        if value > self.max() {
            return Err(FrameError::DoesNotFit {
                value,
                layout: self,
                max: self.max(),
            });
        }
        // The low bytes are the last ones in big-endian order and the first in little-endian.
        let (bytes, start) = match self {
            Self::I32Be | Self::U32Be | Self::I64Be | Self::U64Be => {
                (value.to_be_bytes(), 8 - self.size())
            }
            Self::I32Le | Self::U32Le | Self::I64Le | Self::U64Le => (value.to_le_bytes(), 0),
        };
        Ok(Prefix {
            bytes,
            start,
            end: start + self.size(),
        })
    }

    /// The value of these bytes, as `struct.unpack` gives it; from −2⁶³ to 2⁶⁴ − 1.
    ///
    /// `None` if there are not exactly [`size`](Self::size) bytes, where `struct.unpack` raises
    /// `struct.error`.
    pub fn decode(self, bytes: &[u8]) -> Option<i128> {
        Some(match self {
            Self::I32Le => i32::from_le_bytes(bytes.try_into().ok()?).into(),
            Self::I32Be => i32::from_be_bytes(bytes.try_into().ok()?).into(),
            Self::U32Le => u32::from_le_bytes(bytes.try_into().ok()?).into(),
            Self::U32Be => u32::from_be_bytes(bytes.try_into().ok()?).into(),
            Self::I64Le => i64::from_le_bytes(bytes.try_into().ok()?).into(),
            Self::I64Be => i64::from_be_bytes(bytes.try_into().ok()?).into(),
            Self::U64Le => u64::from_le_bytes(bytes.try_into().ok()?).into(),
            Self::U64Be => u64::from_be_bytes(bytes.try_into().ok()?).into(),
        })
    }
}

impl fmt::Display for Layout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Layout {
    type Err = ParseLayoutError;

    fn from_str(text: &str) -> Result<Self, ParseLayoutError> {
        Self::ALL
            .into_iter()
            .find(|layout| layout.as_str() == text)
            .ok_or(ParseLayoutError)
    }
}

/// The text is not one of the eight that name a [`Layout`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ParseLayoutError;

impl fmt::Display for ParseLayoutError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a length layout is one of")?;
        Layout::ALL
            .iter()
            .try_for_each(|layout| write!(f, " {layout}"))
    }
}

impl std::error::Error for ParseLayoutError {}

/// The bytes of an encoded length: 4 or 8, to be read as a `[u8]`.
#[derive(Clone, Copy, Debug)]
pub struct Prefix {
    bytes: [u8; 8],
    start: usize,
    end: usize,
}

impl Deref for Prefix {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.bytes[self.start..self.end]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::fixture::does_not_fit;

    /// `struct.pack(layout, value)`, measured with Python 3.11.
    const PACKED: [(&str, u64, &[u8]); 26] = [
        ("<i", 5, &[5, 0, 0, 0]),
        ("<i", 123, &[0x7b, 0, 0, 0]),
        ("<i", 2_147_483_647, &[0xff, 0xff, 0xff, 0x7f]),
        (">i", 5, &[0, 0, 0, 5]),
        (">i", 123, &[0, 0, 0, 0x7b]),
        (">i", 2_147_483_647, &[0x7f, 0xff, 0xff, 0xff]),
        ("<I", 123, &[0x7b, 0, 0, 0]),
        ("<I", 3_000_000_000, &[0x00, 0x5e, 0xd0, 0xb2]),
        ("<I", 4_294_967_295, &[0xff; 4]),
        (">I", 123, &[0, 0, 0, 0x7b]),
        (">I", 3_000_000_000, &[0xb2, 0xd0, 0x5e, 0x00]),
        (">I", 4_294_967_295, &[0xff; 4]),
        ("<q", 5, &[5, 0, 0, 0, 0, 0, 0, 0]),
        ("<q", 11_122_232_323, &[3, 0xcc, 0xef, 0x96, 2, 0, 0, 0]),
        ("<q", i64::MAX as u64, b"\xff\xff\xff\xff\xff\xff\xff\x7f"),
        (">q", 5, &[0, 0, 0, 0, 0, 0, 0, 5]),
        (">q", 11_122_232_323, &[0, 0, 0, 2, 0x96, 0xef, 0xcc, 3]),
        (">q", i64::MAX as u64, b"\x7f\xff\xff\xff\xff\xff\xff\xff"),
        ("<Q", 123, &[0x7b, 0, 0, 0, 0, 0, 0, 0]),
        ("<Q", 11_122_232_323, &[3, 0xcc, 0xef, 0x96, 2, 0, 0, 0]),
        ("<Q", 1_073_741_824_000, &[0, 0, 0, 0, 0xfa, 0, 0, 0]),
        ("<Q", 18_446_744_073_709_551_615, &[0xff; 8]),
        (">Q", 123, &[0, 0, 0, 0, 0, 0, 0, 0x7b]),
        (">Q", 11_122_232_323, &[0, 0, 0, 2, 0x96, 0xef, 0xcc, 3]),
        (">Q", 1_073_741_824_000, &[0, 0, 0, 0xfa, 0, 0, 0, 0]),
        (">Q", 18_446_744_073_709_551_615, &[0xff; 8]),
    ];

    #[test]
    fn packs_and_unpacks_as_python_does() {
        for (code, value, packed) in PACKED {
            let layout: Layout = code.parse().unwrap();
            assert_eq!(&*layout.encode(value).unwrap(), packed, "{code} {value}");
            let value = Some(value.into());
            assert_eq!(layout.decode(packed), value, "{code} {packed:?}");
        }
    }

    /// Python: `struct.pack("<i", -2)` and so on.
    #[test]
    fn signed_layouts_read_negative_values() {
        for (layout, packed, value) in [
            (Layout::I32Le, &b"\xfe\xff\xff\xff"[..], -2),
            (Layout::I32Be, b"\xff\xff\xff\xfe", -2),
            (Layout::I32Be, b"\x80\x00\x00\x00", -2_147_483_648),
            (Layout::I64Le, b"\xfe\xff\xff\xff\xff\xff\xff\xff", -2),
            (Layout::I64Be, b"\xff\xff\xff\xff\xff\xff\xff\xfe", -2),
        ] {
            assert_eq!(layout.decode(packed), Some(value), "{layout}");
        }
    }

    #[test]
    fn unpack_wants_exactly_its_size() {
        for layout in Layout::ALL {
            for len in (0..=9).filter(|&len| len != layout.size()) {
                assert_eq!(layout.decode(&[0; 9][..len]), None, "{layout} {len}");
            }
        }
    }

    /// Python: `struct.error: 'i' format requires -2147483648 <= number <= 2147483647`.
    #[test]
    fn a_value_over_the_maximum_does_not_fit() {
        for layout in Layout::ALL {
            assert!(layout.encode(layout.max()).is_ok());
            if let Some(value) = layout.max().checked_add(1) {
                let refused = layout.encode(value).unwrap_err();
                assert_eq!(refused, does_not_fit(value, layout));
            }
        }
    }

    #[test]
    fn the_other_order_has_the_bytes_reversed() {
        for layout in Layout::ALL {
            let mut packed = layout.encode(5).unwrap().to_vec();
            packed.reverse();
            assert_eq!(layout.swapped().decode(&packed), Some(5), "{layout}");
            assert_eq!(layout.swapped().max(), layout.max(), "{layout}");
        }
    }

    #[test]
    fn has_one_name_in_text_in_json_and_in_the_schema() {
        let schema = schemars::schema_for!(Layout).to_value().to_string();
        for layout in Layout::ALL {
            let text = layout.to_string();
            assert_eq!(text.parse(), Ok(layout));
            assert_eq!(serde_json::to_value(layout).unwrap(), text);
            let read: Layout = serde_json::from_value(text.clone().into()).unwrap();
            assert_eq!(read, layout);
            assert!(schema.contains(&format!("\"{text}\"")), "{schema}");
        }
        for wrong in ["", "i", "!i", "=q", "<h", "<i "] {
            assert_eq!(wrong.parse::<Layout>(), Err(ParseLayoutError), "{wrong}");
        }
        let all = "a length layout is one of <i >i <I >I <q >q <Q >Q";
        assert_eq!(ParseLayoutError.to_string(), all);
    }
}
