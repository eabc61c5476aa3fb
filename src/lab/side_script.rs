//! One of the two programs of a run: ours, as steps, or somebody else's.

use std::ops::Deref;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::step::Step;
use crate::event::{BadValue, written_as};

/// What one side does: its steps, or `elsewhere`.
#[derive(Clone, Debug, PartialEq)]
pub enum SideScript {
    /// These steps.
    Steps(Vec<Step>),
    /// It is another program, which somebody starts.
    Elsewhere,
}

const ELSEWHERE: &str = "elsewhere";

/// The steps that are ours; none of a program that is not.
impl Deref for SideScript {
    type Target = [Step];

    fn deref(&self) -> &[Step] {
        match self {
            Self::Steps(steps) => steps,
            Self::Elsewhere => &[],
        }
    }
}

impl Serialize for SideScript {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Steps(steps) => steps.serialize(to),
            Self::Elsewhere => to.serialize_str(ELSEWHERE),
        }
    }
}

written_as! {
    SideScript: StepsOrElsewhere,
    text |text: &str| match text {
        ELSEWHERE => Ok(SideScript::Elsewhere),
        other => Err(BadValue::Side(other.into())),
    },
    list SideScript::Steps,
}

impl JsonSchema for SideScript {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Half".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let step = generator.subschema_for::<Step>();
        schemars::json_schema!({
            "description": "What one side does: its steps, or `elsewhere` for a program that is \
                            not the lab's: one that somebody starts in another terminal of this \
                            machine. Over TCP, with a `port`. What that program writes has no \
                            letters, since nobody saw its `send`s, and what it reads is not known.",
            "anyOf": [{ "type": "array", "items": step }, { "const": ELSEWHERE }]
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_side_is_a_list_or_elsewhere() {
        for text in [r#"[{"send":"a"}]"#, "[]", r#""elsewhere""#] {
            let half: SideScript = serde_json::from_str(text).unwrap();
            assert_eq!(serde_json::to_string(&half).unwrap(), text);
        }
        let wrong = serde_json::from_str::<SideScript>(r#""else""#).unwrap_err();
        assert!(wrong.to_string().contains("else"), "{wrong}");
    }
}
