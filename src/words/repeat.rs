//! What is said of a run that was done many times.

use super::{edge_fate, group, list, unmodelled};
use crate::lang::Lang;
use crate::report::repeat::{EdgeTally, Repeats};

phrases! {
    times: "times", "次数";
    share: "share", "占比";
    reads: "the reads returned", "各次 recv";
    no_reads: "(no read returned anything)", "（什么也没读到）";
    if_torn: "If a segment ends inside a write:", "如果有报文段断在一次 send 的中间：";
}

/// How often, of how often it was wanted, as it stands beside the run's name.
pub(crate) fn often(lang: Lang, times: u32, wanted: u32, load: u16) -> String {
    let (n, of) = (group(times.into()), group(wanted.into()));
    let busy = match load {
        0 => String::new(),
        _ => say!(lang, ", {load} threads busy", "，{load} 个线程占着 CPU"),
    };
    if times == wanted {
        return say!(lang, "{n} times{busy}", "{n} 次{busy}");
    }
    say!(lang, "{n} of {of} times{busy}", "{of} 次中的 {n} 次{busy}")
}

sentences! {
    /// An outcome that came up, as a fact.
    came_up(times: u32, share: &str, reads: &str; times = group(times.into())):
        "{times} times, {share}: {reads}",
        "{times} 次，{share}：{reads}";
}

/// A legal outcome that did not, as a fact.
pub(crate) fn did_not(lang: Lang, reads: &str, is_torn: bool) -> String {
    say! { lang, is_torn;
        true =>
            "legal, did not come up: {reads}; a segment ends inside a write",
            "合法，没有出现：{reads}；有报文段断在一次 send 的中间";
        false => "legal, did not come up: {reads}", "合法，没有出现：{reads}";
    }
}

/// What became of an edge, and how often.
pub(crate) fn fates(lang: Lang, edge: &EdgeTally) -> String {
    let each = edge.fates.iter().map(|(fate, times)| {
        let (fate, times) = (edge_fate(lang, *fate), group((*times).into()));
        say!(lang, "{fate}: {times}", "{fate}：{times}")
    });
    list::clauses(lang, each)
}

sentences! {
    /// The outcomes that there is no room for.
    more_came_up(outcomes: usize, times: u64; n = group(outcomes as u64), times = group(times)):
        "... and {n} more outcomes, which came up {times} times together",
        "……另有 {n} 种结果，共出现 {times} 次";
}

/// The legal outcomes that there is no room for; there may be more, if they are not `complete`.
pub(crate) fn more_did_not(lang: Lang, outcomes: usize, complete: bool) -> String {
    let n = group(outcomes as u64);
    say! { lang, complete;
        true => "... {n} more", "……另有 {n} 种";
        false => "... {n} more at least", "……至少另有 {n} 种";
    }
}

/// What is to be said of the outcomes that did not come up.
pub(crate) fn rest(lang: Lang, repeats: &Repeats) -> String {
    let absent = match &repeats.legal {
        Ok(absent) => absent,
        Err(why) => {
            let why = unmodelled(lang, *why);
            return say!(
                lang,
                "What else would be legal is not worked out: {why}.",
                "还有哪些结果合法，这里没有推算：{why}。"
            );
        }
    };
    let missing = absent.whole.len() + absent.torn.len();
    let (legal, n) = (group(absent.legal as u64), group(missing as u64));
    say! { lang, (missing, absent.complete);
        _ if absent.legal == 0 && !absent.complete =>
            "What else would be legal is too much to list: the script moves too many bytes.",
            "还有哪些结果合法，这里列不完：这个脚本收发的字节太多。";
        (0, true) if absent.legal == 1 && repeats.came.len() == 1 =>
            "No other outcome is legal: the script's waits and reads leave only this one.",
            "别的结果都不合法：按脚本里的等待和 recv，只可能是这一种。";
        (0, true) if absent.legal == 1 =>
            "The one legal outcome came up.",
            "合法的那一种结果出现了。";
        (0, true) =>
            "Each of the {legal} legal outcomes came up.",
            "合法的 {legal} 种结果都出现了。";
        (0, false) =>
            "More than {legal} outcomes are legal; those that were looked for came up.",
            "合法的结果不止 {legal} 种；查过的都出现了。";
        (_, true) =>
            "{legal} outcomes are legal; {n} of them did not come up:",
            "合法的结果共 {legal} 种，其中 {n} 种这次没有出现：";
        (_, false) =>
            "More than {legal} outcomes are legal; these did not come up:",
            "合法的结果不止 {legal} 种，这些没有出现：";
    }
}

sentences! {
    as_the_lab_says(of: u32; of = group(of.into())):
        "As the lab says: {of} of {of}.",
        "与实验所述相符：{of}/{of}。";
    unconfirmed(n: u32, of: u32; n = group(n.into()), of = group(of.into())):
        "Nothing differs from what the lab says, but not all of it could be confirmed here: {n} \
         of {of}.",
        "没有与实验所述不符之处，但在这里无法全部证实：{n}/{of}。";
    differs(n: u32, of: u32; n = group(n.into()), of = group(of.into())):
        "This differs from what the lab says: {n} of {of}.",
        "与实验所述不符：{n}/{of}。";
}
