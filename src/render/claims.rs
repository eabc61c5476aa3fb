//! How a run came out, against what the lab claims.

use super::View;
use super::findings::Finding;
use super::paint::{Ink, Line};
use super::words::{self, pick};
use crate::event::{ClaimedRecvs, RunTrace};
use crate::lang::Lang;
use crate::report::{Check, Claim, Outcome, Report, Verdict};

/// How the run came out, against what the lab claims.
pub(super) fn outcome(run: &RunTrace, report: &Report, view: &View) -> Vec<Finding> {
    let lang = view.lang;
    let claimed = !run.script.expect.is_empty();
    let varies = run.script.expect.recvs == Some(ClaimedRecvs::AnyLegal);
    let (says, ink) = match report.outcome {
        Outcome::AsExpected if !claimed => return Vec::new(),
        Outcome::AsExpected if varies => (
            pick(
                lang,
                "As the lab says: this may come out otherwise next time.",
                "与实验所述相符：下次的结果可能不同。",
            ),
            Ink::Good,
        ),
        Outcome::AsExpected => (
            pick(lang, "As the lab says.", "与实验所述相符。"),
            Ink::Good,
        ),
        Outcome::Differs => (
            pick(
                lang,
                "This differs from what the lab says.",
                "与实验所述不符。",
            ),
            Ink::Bad,
        ),
        Outcome::Unconfirmed => (
            pick(
                lang,
                "Nothing differs from what the lab says, but not all of it could be confirmed here.",
                "没有与实验所述不符之处，但在这里无法全部证实。",
            ),
            Ink::Plain,
        ),
        Outcome::Deadline => (
            pick(lang, "The run's time was over.", "本次运行超过了时限。"),
            Ink::Bad,
        ),
        Outcome::Interrupted => (
            pick(
                lang,
                "Interrupted: this is what was seen so far.",
                "已中断：以上是到此为止所见。",
            ),
            Ink::Bad,
        ),
    };
    let mut found = vec![Finding {
        about: Line::new(),
        says: says.into(),
        ink,
    }];
    // What was cut short has not had its chance to come true.
    let judged = report.outcome != Outcome::Interrupted;
    for check in report
        .checks
        .iter()
        .filter(|check| judged && check.verdict != Verdict::Met)
    {
        found.push(difference(check, view));
    }
    found
}

fn difference(check: &Check, view: &View) -> Finding {
    let show = |value: &serde_json::Value| value_text(check.claim, value, view.lang);
    let (expected, got) = (show(&check.expected), show(&check.got));
    let says = match check.verdict {
        // What the claim rests on could not be had: an option, a transport, a wait.
        Verdict::Unconfirmed if view.has_evidence => pick(
            view.lang,
            format!(
                "not confirmed: the lab says {expected}; here it was {got}, but not as the lab wants it done"
            ),
            format!("无法证实：实验所述为 {expected}；这里是 {got}，但没能照实验的要求来做"),
        ),
        Verdict::Unconfirmed => pick(
            view.lang,
            format!("not confirmed: the lab says {expected}; this system's kernel was not asked"),
            format!("无法证实：实验所述为 {expected}，本系统的内核没有提供证据"),
        ),
        _ => pick(
            view.lang,
            format!("the lab says {expected}, it was {got}"),
            format!("实验所述为 {expected}，实际为 {got}"),
        ),
    };
    let ink = if check.verdict == Verdict::Differs {
        Ink::Bad
    } else {
        Ink::Plain
    };
    Finding {
        about: Line::of(words::claim(view.lang, check.claim), Ink::Strong),
        says,
        ink,
    }
}

/// A claim's value in a sentence: bytes as text, lists with bars between, what follows itself in a
/// list only counted.
#[must_use]
pub fn value_text(claim: Claim, value: &serde_json::Value, lang: Lang) -> String {
    use serde_json::Value;
    match value {
        // Nothing was refused; of all else nothing is what nobody said.
        Value::Null if claim == Claim::Refused => pick(lang, "none", "无").into(),
        Value::Null => pick(lang, "not known", "未知").into(),
        Value::Array(items) if items.is_empty() => pick(lang, "none", "无").into(),
        Value::Array(items) => {
            let items = items.chunk_by(|a, b| a == b).map(|same| {
                let item = value_text(claim, &same[0], lang);
                match same.len() {
                    1 => item,
                    n => format!("{item} ×{n}"),
                }
            });
            items.collect::<Vec<_>>().join(" | ")
        }
        Value::String(hex) if matches!(claim, Claim::Recvs | Claim::Messages) => {
            crate::event::from_hex(hex).map_or_else(
                |_| super::safe::words(hex),
                |bytes| super::safe::quoted(&bytes, 40),
            )
        }
        Value::String(text) if claim == Claim::Texts => {
            format!("\"{}\"", super::safe::words(text))
        }
        Value::String(fate) if claim == Claim::Edges => {
            super::safe::words(words::cause(lang, fate))
        }
        Value::Object(cut) if claim == Claim::Cuts => {
            let part = |key: &str| cut.get(key).map_or_else(String::new, plain_value);
            let (message, after, by) = (part("message"), part("after"), part("by"));
            let by = words::cause(lang, &by);
            pick(
                lang,
                format!("{message} after {after} by {by}"),
                format!("{message} 第 {after} 字节后（{by}）"),
            )
        }
        value => plain_value(value),
    }
}

fn plain_value(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::String(text) => super::safe::words(text),
        // «at least 5»
        serde_json::Value::Object(fields) => {
            let fields = fields.iter().map(|(key, value)| {
                let key = super::safe::words(&key.replace('_', " "));
                format!("{key} {}", plain_value(value))
            });
            fields.collect::<Vec<_>>().join(", ")
        }
        other => super::safe::words(&other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    #[test]
    fn what_nobody_said_is_not_known() {
        let says = |claim| value_text(claim, &Value::Null, Lang::En);
        assert_eq!(says(Claim::Segments), "not known");
        assert_eq!(says(Claim::Refused), "none");
    }
}
