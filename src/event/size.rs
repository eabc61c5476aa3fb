//! Sizes that stand in calls and in messages.

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, de};

use super::BadValue;

/// A number of bytes to offer to one read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(transparent)]
#[schemars(transparent)]
pub struct Size(#[schemars(range(min = 1, max = 16_777_216))] pub usize);

/// The largest buffer that a step may offer: 16 MiB.
pub const MAX_SIZE: usize = 16 << 20;

impl<'de> Deserialize<'de> for Size {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let n = u64::deserialize(from)?;
        match usize::try_from(n) {
            Ok(size) if (1..=MAX_SIZE).contains(&size) => Ok(Self(size)),
            _ => Err(de::Error::custom(BadValue::ReadSize(n))),
        }
    }
}

/// A text with `{size}` in it, where a number stands: `ready|{size}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(transparent)]
#[schemars(transparent)]
pub struct SizeForm(#[schemars(regex(pattern = r"\{size\}"))] String);

/// Where the number stands in a [`SizeForm`].
const SIZE: &str = "{size}";

impl<'de> Deserialize<'de> for SizeForm {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        if text.matches(SIZE).count() == 1 {
            Ok(Self(text))
        } else {
            Err(de::Error::custom(BadValue::SizeForm(text)))
        }
    }
}

impl SizeForm {
    /// The form as it is written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The text with this number in it.
    pub fn write(&self, size: u64) -> String {
        self.0.replace(SIZE, &size.to_string())
    }

    /// The number in a message; `None` if the message has not this form.
    pub fn read(&self, message: &[u8]) -> Option<u64> {
        let (before, behind) = self.0.split_once(SIZE)?;
        let digits = message
            .strip_prefix(before.as_bytes())?
            .strip_suffix(behind.as_bytes())?;
        // `parse` would take a sign too.
        let digits = str::from_utf8(digits)
            .ok()
            .filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))?;
        digits.parse().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_is_written_and_read_in_its_form_and_in_no_other() {
        let form: SizeForm = serde_json::from_str(r#""ready|{size}""#).unwrap();
        assert_eq!(form.write(1492), "ready|1492");
        assert_eq!(form.read(b"ready|1492"), Some(1492));
        let wrong = "ready| ready|1492x ready|+5 ready|-5 ready|99999999999999999999 1492";
        let wrong = wrong.split(' ').map(str::as_bytes);
        for wrong in wrong.chain([&b""[..], b"\xff"]) {
            assert_eq!(form.read(wrong), None, "{wrong:?}");
        }
        let form: SizeForm = serde_json::from_str(r#""size={size};""#).unwrap();
        assert_eq!(form.read(b"size=5;"), Some(5));
        assert_eq!(form.read(b"size=5"), None);
        for wrong in ["ready", "{size}{size}", "{n}"] {
            let json = serde_json::to_string(wrong).unwrap();
            assert!(serde_json::from_str::<SizeForm>(&json).is_err(), "{wrong}");
        }
    }
}
