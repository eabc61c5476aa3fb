//! What is said of a run that was done many times, in both languages.

use super::{MOST_CAME, Often};
use crate::lang::Lang;
use crate::render::paint::Ink;
use crate::render::words::{self, group, pick};
use crate::report::legal::Unmodelled;
use crate::report::repeat::Repeats;

/// How often, as it stands beside the run's name.
pub(super) fn often_words(often: Often<'_>, repeats: &Repeats, lang: Lang) -> String {
    let (times, wanted) = (group(repeats.times.into()), group(often.wanted.into()));
    let mut says = if times == wanted {
        pick(lang, format!("{times} times"), format!("{times} 次"))
    } else {
        pick(
            lang,
            format!("{times} of {wanted} times"),
            format!("{wanted} 次中的 {times} 次"),
        )
    };
    if often.load > 0 {
        let load = often.load;
        says += &pick(
            lang,
            format!(", {load} threads busy"),
            format!("，{load} 个线程占着 CPU"),
        );
    }
    says
}

pub(super) fn nothing(lang: Lang) -> &'static str {
    pick(lang, "(no read returned anything)", "（什么也没读到）")
}

pub(super) fn percent(times: u32, of: u32) -> String {
    let tenths = (u64::from(times) * 1000 + u64::from(of) / 2) / u64::from(of.max(1));
    // What came up is not nothing, and what else came up leaves less than all.
    match tenths {
        0 if times > 0 => return "<0.1 %".into(),
        1000 if times < of => return ">99.9 %".into(),
        _ => {}
    }
    format!("{}.{} %", tenths / 10, tenths % 10)
}

/// The outcomes that there is no room for.
pub(super) fn more_came(repeats: &Repeats, lang: Lang) -> Option<String> {
    let rest = repeats
        .came
        .get(MOST_CAME..)
        .filter(|rest| !rest.is_empty())?;
    let n = group(rest.len() as u64);
    let times: u64 = rest.iter().map(|came| u64::from(came.times)).sum();
    let times = group(times);
    Some(pick(
        lang,
        format!("... and {n} more outcomes, which came up {times} times together"),
        format!("……另有 {n} 种结果，共出现 {times} 次"),
    ))
}

pub(super) fn torn_words(lang: Lang) -> String {
    pick(
        lang,
        "If a segment ends inside a write:",
        "如果有报文段断在一次写入中间：",
    )
    .into()
}

pub(super) fn more_absent(more: usize, complete: bool, lang: Lang) -> String {
    let n = group(more as u64);
    if complete {
        pick(lang, format!("... {n} more"), format!("……另有 {n} 种"))
    } else {
        pick(
            lang,
            format!("... {n} more at least"),
            format!("……至少另有 {n} 种"),
        )
    }
}

/// What is to be said of the outcomes that did not come up.
pub(super) fn rest(repeats: &Repeats, lang: Lang) -> String {
    let absent = match &repeats.legal {
        Err(why) => return unmodelled(lang, *why),
        Ok(absent) => absent,
    };
    let missing = absent.whole.len() + absent.torn.len();
    let legal = group(absent.legal as u64);
    match (missing, absent.complete) {
        _ if absent.legal == 0 && !absent.complete => pick(
            lang,
            "What else would be legal is too much to list: the script moves too many bytes.".into(),
            "还有哪些结果合法，这里列不完：这个脚本收发的字节太多。".into(),
        ),
        (0, true) if absent.legal == 1 && repeats.came.len() == 1 => pick(
            lang,
            "No other outcome is legal: the script's waits and reads leave only this one.".into(),
            "别的结果都不合法：按脚本的等待和读取，只可能是这一种。".into(),
        ),
        (0, true) if absent.legal == 1 => pick(
            lang,
            "The one legal outcome came up.".into(),
            "合法的那一种结果出现了。".into(),
        ),
        (0, true) => pick(
            lang,
            format!("Each of the {legal} legal outcomes came up."),
            format!("合法的 {legal} 种结果都出现了。"),
        ),
        (0, false) => pick(
            lang,
            format!("More than {legal} outcomes are legal; those that were looked for came up."),
            format!("合法的结果不止 {legal} 种；查过的都出现了。"),
        ),
        (n, complete) => {
            let n = group(n as u64);
            if complete {
                pick(
                    lang,
                    format!("{legal} outcomes are legal; {n} of them did not come up:"),
                    format!("合法的结果共 {legal} 种，其中 {n} 种这次没有出现："),
                )
            } else {
                pick(
                    lang,
                    format!("More than {legal} outcomes are legal; these did not come up:"),
                    format!("合法的结果不止 {legal} 种，这些没有出现："),
                )
            }
        }
    }
}

fn unmodelled(lang: Lang, why: Unmodelled) -> String {
    let why = words::unmodelled(lang, why);
    pick(
        lang,
        format!("What else would be legal is not worked out: {why}."),
        format!("还有哪些结果合法，这里没有推算：{why}。"),
    )
}

/// How often the lab was right.
pub(super) fn judged(repeats: &Repeats, lang: Lang) -> Option<(String, Ink)> {
    let claims = repeats.came.first()?.run.script.expect.is_empty();
    let (times, open) = (repeats.times, repeats.unconfirmed);
    let differs = times - repeats.as_expected - open;
    let (all, n) = (group(times.into()), group(differs.into()));
    match (differs, open) {
        _ if claims => None,
        (0, 1..) => {
            let n = group(open.into());
            Some((
                pick(
                    lang,
                    format!(
                        "Nothing differs from what the lab says, but not all of it could be \
                         confirmed here: {n} of {all}."
                    ),
                    format!("没有与实验所述不符之处，但在这里无法全部证实：{n}/{all}。"),
                ),
                Ink::Plain,
            ))
        }
        (0, 0) => Some((
            pick(
                lang,
                format!("As the lab says: {all} of {all}."),
                format!("与实验所述相符：{all}/{all}。"),
            ),
            Ink::Good,
        )),
        _ => Some((
            pick(
                lang,
                format!("This differs from what the lab says: {n} of {all}."),
                format!("与实验所述不符：{n}/{all}。"),
            ),
            Ink::Bad,
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_rounded_to_a_tenth() {
        assert_eq!(percent(1, 3), "33.3 %");
        assert_eq!(percent(2, 3), "66.7 %");
        assert_eq!(percent(500, 500), "100.0 %");
        assert_eq!(percent(0, 0), "0.0 %");
        assert_eq!(
            (percent(1, 5000), percent(4999, 5000)),
            ("<0.1 %".into(), ">99.9 %".into())
        );
    }
}
