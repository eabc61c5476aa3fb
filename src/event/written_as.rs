//! Values that may be written in two ways, such as a number or an object with bounds.

/// Reads a type in each of these ways; `$expected` names them all for whoever wrote another one.
macro_rules! written_as {
    ($type:ident: $expected:ident, $($form:ident $make:expr),+ $(,)?) => {
        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                struct Forms;

                impl<'de> serde::de::Visitor<'de> for Forms {
                    type Value = $type;

                    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        f.write_str($crate::event::Expected::$expected.into())
                    }

                    $($crate::event::written_as! { @$form $make })+
                }

                from.deserialize_any(Forms)
            }
        }
    };
    (@number $make:expr) => {
        fn visit_u64<E: serde::de::Error>(self, n: u64) -> Result<Self::Value, E> {
            Ok($make(n))
        }
    };
    (@text $make:expr) => {
        fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Self::Value, E> {
            $make(text).map_err(E::custom)
        }
    };
    (@list $make:expr) => {
        fn visit_seq<A: serde::de::SeqAccess<'de>>(self, of: A) -> Result<Self::Value, A::Error> {
            Vec::deserialize(serde::de::value::SeqAccessDeserializer::new(of)).map($make)
        }
    };
    (@object $make:expr) => {
        fn visit_map<A: serde::de::MapAccess<'de>>(self, of: A) -> Result<Self::Value, A::Error> {
            let object = serde::Deserialize::deserialize(
                serde::de::value::MapAccessDeserializer::new(of),
            )?;
            $make(object).map_err(serde::de::Error::custom)
        }
    };
}

pub(crate) use written_as;
