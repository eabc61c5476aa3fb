//! The names of messages.

use std::fmt;
use std::str::FromStr;

use serde_with::{DeserializeFromStr, SerializeDisplay};

use super::{BadValue, Side};

/// The name of a message: `A`, `B`, … `Z`, `AA` from the client; lower case from the server.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, SerializeDisplay, DeserializeFromStr,
)]
pub struct Label {
    /// Who sent it.
    pub side: Side,
    /// Its place among that side's messages, from 0.
    pub index: usize,
}

impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let first = if self.side == Side::Client {
            b'A'
        } else {
            b'a'
        };
        let mut letters = Vec::new();
        let mut rest = self.index;
        loop {
            letters.push(first + u8::try_from(rest % 26).expect("below 26"));
            if rest < 26 {
                break;
            }
            rest = rest / 26 - 1;
        }
        letters.reverse();
        f.pad(std::str::from_utf8(&letters).expect("ASCII letters"))
    }
}

impl FromStr for Label {
    type Err = BadValue;

    fn from_str(s: &str) -> Result<Self, BadValue> {
        let wrong = || BadValue::Label(s.into());
        let side = match s.bytes().next() {
            Some(b'A'..=b'Z') => Side::Client,
            Some(b'a'..=b'z') => Side::Server,
            _ => return Err(wrong()),
        };
        let first = if side == Side::Client { b'A' } else { b'a' };
        let mut index = 0_usize;
        for byte in s.bytes() {
            let digit = byte
                .checked_sub(first)
                .filter(|d| *d < 26)
                .ok_or_else(wrong)?;
            index = index
                .checked_mul(26)
                .and_then(|i| i.checked_add(usize::from(digit) + 1))
                .ok_or_else(wrong)?;
        }
        Ok(Self {
            side,
            index: index - 1,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_count_as_spreadsheet_columns_do() {
        let names = ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"];
        for (index, name) in [0, 25, 26, 51, 52, 701, 702].into_iter().zip(names) {
            let [label, answer] = Side::BOTH.map(|side| Label { side, index });
            assert_eq!(label.to_string(), name);
            assert_eq!(name.parse(), Ok(label));
            assert_eq!(name.to_lowercase().parse(), Ok(answer));
        }
        for wrong in ["", "1", "Ab", "A B", "é", &"Z".repeat(40)] {
            assert!(wrong.parse::<Label>().is_err(), "{wrong}");
        }
    }
}
