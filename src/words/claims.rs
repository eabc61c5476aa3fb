//! How a run came out, against what the lab claims.

use std::fmt::Display;

use super::cause;
use crate::event::TcpState;
use crate::lang::Lang;
use crate::report::{Check, CutAt, Fact, Outcome, Verdict};
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
    let expected = fact(lang, &check.expected);
    let got = fact(lang, &check.got);
    say! { lang, check.verdict;
        Verdict::Unconfirmed if has_evidence && check.got == Fact::NotKnown =>
            "not confirmed: the lab says {expected}; what it was here is not known",
            "无法证实：实验所述为 {expected}；这里是多少不知道";
        Verdict::Unconfirmed if has_evidence && check.got.is_open() =>
            "not confirmed: the lab says {expected}; what is proven here is only {got}",
            "无法证实：实验所述为 {expected}；这里能证明的只是 {got}";
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

/// A claim's fact in a sentence: bytes as text, lists with bars between, what follows itself in a
/// list only counted.
pub(crate) fn fact(lang: Lang, fact: &Fact) -> String {
    match fact {
        Fact::NoRefusal => none(lang),
        Fact::NotKnown => say!(lang, "not known", "未知"),
        Fact::Word(word) => safe::words(word),
        Fact::Flag(flag) => flag.to_string(),
        Fact::Number(n) => n.to_string(),
        Fact::Bounds(bounds) if bounds.at_least == bounds.at_most => bounds.at_least.to_string(),
        Fact::Bounds(bounds) => fields(&[
            ("at least", (bounds.at_least > 0).then_some(bounds.at_least)),
            (
                "at most",
                (bounds.at_most < u64::MAX).then_some(bounds.at_most),
            ),
        ]),
        Fact::Numbers(numbers) => list(lang, numbers, u64::to_string),
        Fact::Bytes(bytes) => list(lang, bytes, |bytes| safe::quoted(&bytes.0, 40)),
        Fact::Edges(fates) => list(lang, fates, |fate| cause(lang, fate.name()).into()),
        Fact::Cuts(cuts) => list(lang, cuts, |CutAt { message, after, by }| {
            let by = cause(lang, by.name());
            say!(
                lang,
                "{message} after {after} by {by}",
                "{message} 第 {after} 字节后（{by}）"
            )
        }),
        Fact::Files(files) => list(lang, files, |file| {
            format!("name {}, size {}", safe::words(&file.name), file.size)
        }),
        Fact::Loops(loops) => list(lang, loops, |taken| {
            fields(&[
                ("wanted", Some(taken.wanted)),
                ("counted", Some(taken.counted)),
                ("has", Some(taken.has)),
                ("empty", (taken.empty > 0).then_some(taken.empty)),
            ])
        }),
        Fact::Texts(texts) => list(lang, texts, |text| format!("\"{}\"", safe::words(text))),
        Fact::Calls(calls) => list(lang, calls, |call| safe::words(call)),
        Fact::States(states) => list(lang, states, |ends| {
            let name =
                |state: TcpState| serde_json::to_value(state).ok()?.as_str().map(String::from);
            fields(&[
                ("client", ends.client.and_then(name)),
                ("server", ends.server.and_then(name)),
            ])
        }),
    }
}

fn none(lang: Lang) -> String {
    say!(lang, "none", "无")
}

fn list<T: PartialEq>(lang: Lang, items: &[T], say: impl Fn(&T) -> String) -> String {
    if items.is_empty() {
        return none(lang);
    }
    let items = items.chunk_by(|a, b| a == b).map(|same| match same.len() {
        1 => say(&same[0]),
        n => format!("{} ×{n}", say(&same[0])),
    });
    items.collect::<Vec<_>>().join(" | ")
}

/// What there is of these, each behind its name: «at least 5».
fn fields<T: Display>(all: &[(&str, Option<T>)]) -> String {
    let there = all
        .iter()
        .filter_map(|(name, value)| Some(format!("{name} {}", value.as_ref()?)));
    there.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_said_is_not_known() {
        assert_eq!(fact(Lang::En, &Fact::NotKnown), "not known");
        assert_eq!(fact(Lang::En, &Fact::NoRefusal), "none");
        assert_eq!(fact(Lang::En, &Fact::Numbers(vec![2, 2, 1])), "2 ×2 | 1");
    }
}
