//! Keys that stand twice in an object. The parser sees them where it knows the keys; where any word
//! may be one, the last would hold, and nobody would hear of the first.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};

/// Any value in whose objects no key stands twice.
pub(crate) struct EachOnce;

impl<'de> Deserialize<'de> for EachOnce {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(Self)
    }
}

/// What holds no keys.
macro_rules! leaves {
    ($($visit:ident: $type:ty),+) => {
        $(fn $visit<E: Error>(self, _: $type) -> Result<Self, E> {
            Ok(Self)
        })+
    };
}

impl<'de> Visitor<'de> for EachOnce {
    type Value = Self;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    leaves! { visit_bool: bool, visit_i64: i64, visit_u64: u64, visit_f64: f64, visit_str: &str }

    fn visit_unit<E: Error>(self) -> Result<Self, E> {
        Ok(Self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut of: A) -> Result<Self, A::Error> {
        while of.next_element::<Self>()?.is_some() {}
        Ok(Self)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut of: A) -> Result<Self, A::Error> {
        let mut keys: HashSet<Key<'de>> = HashSet::new();
        while let Some(key) = of.next_key::<Key<'de>>()? {
            if keys.contains(&key) {
                let key = key.0.escape_debug();
                return Err(A::Error::custom(format_args!("duplicate field `{key}`")));
            }
            keys.insert(key);
            of.next_value::<Self>()?;
        }
        Ok(Self)
    }
}

/// A key, borrowed from the text where nothing in it is an escape.
#[derive(PartialEq, Eq, Hash, serde::Deserialize)]
struct Key<'t>(#[serde(borrow)] Cow<'t, str>);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_that_stands_twice_is_found_however_deep_and_however_it_is_written() {
        for (text, column) in [
            (r#"{"a":1,"a":2}"#, Some(10)),
            (r#"{"a":1,"\u0061":2}"#, Some(15)),
            (r#"[{"b":[{"x":{"a":{},"c":1,"a":[]}}]}]"#, Some(29)),
            (r#"{"a":{"a":[{"a":1},{"a":-2.5}]},"A":null,"":true}"#, None),
        ] {
            let found = serde_json::from_str::<EachOnce>(text).err();
            assert_eq!(found.map(|error| error.column()), column, "{text}");
        }
    }
}
