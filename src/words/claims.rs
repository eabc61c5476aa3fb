//! How a run came out, against what the lab claims.

use super::cause;
use crate::event::from_hex;
use crate::lang::Lang;
use crate::report::{Check, Claim, Outcome, Verdict};
use crate::safe;

/// How a run came out; where it `varies`, another time it may come out otherwise.
pub(crate) fn outcome(lang: Lang, outcome: Outcome, varies: bool) -> String {
    say! { lang, outcome;
        Outcome::AsExpected if varies =>
            "As the lab says: this may come out otherwise next time.",
            "与实验所述相符：下次的结果可能不同。";
        Outcome::AsExpected => "As the lab says.", "与实验所述相符。";
        Outcome::Differs => "This differs from what the lab says.", "与实验所述不符。";
        Outcome::Unconfirmed =>
            "Nothing differs from what the lab says, but not all of it could be confirmed here.",
            "没有与实验所述不符之处，但在这里无法全部证实。";
        Outcome::Deadline => "The run's time was over.", "本次运行超过了时限。";
        Outcome::Interrupted =>
            "Interrupted: this is what was seen so far.",
            "已中断：以上是到此为止所见。";
    }
}

/// A claim that was not met.
pub(crate) fn difference(lang: Lang, check: &Check, has_evidence: bool) -> String {
    let expected = value(lang, check.claim, &check.expected);
    let got = value(lang, check.claim, &check.got);
    say! { lang, check.verdict;
        // What the claim rests on could not be had: an option, a transport, a wait.
        Verdict::Unconfirmed if has_evidence =>
            "not confirmed: the lab says {expected}; here it was {got}, but not as the lab wants \
             it done",
            "无法证实：实验所述为 {expected}；这里是 {got}，但没能照实验的要求来做";
        Verdict::Unconfirmed =>
            "not confirmed: the lab says {expected}; this system's kernel was not asked",
            "无法证实：实验所述为 {expected}，本系统的内核没有提供证据";
        _ => "the lab says {expected}, it was {got}", "实验所述为 {expected}，实际为 {got}";
    }
}

/// A claim's value in a sentence: bytes as text, lists with bars between, what follows itself in a
/// list only counted.
pub(crate) fn value(lang: Lang, claim: Claim, value: &serde_json::Value) -> String {
    use serde_json::Value;
    match value {
        // Nothing was refused; of all else nothing is what nobody said.
        Value::Null if claim == Claim::Refused => say!(lang, "none", "无"),
        Value::Null => say!(lang, "not known", "未知"),
        Value::Array(items) if items.is_empty() => say!(lang, "none", "无"),
        Value::Array(items) => {
            let items = items.chunk_by(|a, b| a == b).map(|same| {
                let item = self::value(lang, claim, &same[0]);
                match same.len() {
                    1 => item,
                    n => format!("{item} ×{n}"),
                }
            });
            items.collect::<Vec<_>>().join(" | ")
        }
        Value::String(hex) if matches!(claim, Claim::Recvs | Claim::Messages) => {
            from_hex(hex).map_or_else(|_| safe::words(hex), |bytes| safe::quoted(&bytes, 40))
        }
        Value::String(text) if claim == Claim::Texts => {
            format!("\"{}\"", safe::words(text))
        }
        Value::String(fate) if claim == Claim::Edges => safe::words(cause(lang, fate)),
        Value::Object(cut) if claim == Claim::Cuts => {
            let part = |key: &str| cut.get(key).map_or_else(String::new, plain_value);
            let (message, after, by) = (part("message"), part("after"), part("by"));
            let by = cause(lang, &by);
            say!(
                lang,
                "{message} after {after} by {by}",
                "{message} 第 {after} 字节后（{by}）"
            )
        }
        value => plain_value(value),
    }
}

fn plain_value(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::String(text) => safe::words(text),
        // «at least 5»
        serde_json::Value::Object(fields) => {
            let fields = fields.iter().map(|(key, value)| {
                let key = safe::words(&key.replace('_', " "));
                format!("{key} {}", plain_value(value))
            });
            fields.collect::<Vec<_>>().join(", ")
        }
        other => safe::words(&other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    #[test]
    fn what_nobody_said_is_not_known() {
        let says = |claim| value(Lang::En, claim, &Value::Null);
        assert_eq!(says(Claim::Segments), "not known");
        assert_eq!(says(Claim::Refused), "none");
    }
}
