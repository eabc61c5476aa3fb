//! What `lab lint` finds when it does a lab's runs, and what it sums up.

use std::time::Duration;

use indexmap::IndexSet;

use super::super::{self as words, list, plural};
use crate::event::Undone;
use crate::frame::FrameError;
use crate::lang::Lang;

phrases! {
    not_intact: "what was read is not what was written", "读到的和写入的不一样";
}

sentences! { lang;
    otherwise(key: &str, expected: &str, got: &str):
        "`{key}` is claimed to be {expected}, and was {got}",
        "`{key}` 写的是 {expected}，实际是 {got}";
    failed_unclaimed(calls: &[String]; calls = list::names(lang, calls.iter().map(String::as_str))):
        "failed, and `errors` does not claim it: {calls}",
        "调用失败了，而 `errors` 里没有写：{calls}";
    refused_unclaimed(error: &FrameError; why = words::refusal(lang, error)):
        "the decoder refused, and `refused` does not claim it: {why}",
        "解码器拒收了，而 `refused` 里没有写：{why}";
    undone_unclaimed(undone: &Undone; says = words::undone(lang, undone)):
        "{says}, and what failed before is not claimed",
        "{says}，而之前的失败没有写";
    still_waiting(calls: &[String]; calls = list::names(lang, calls.iter().map(String::as_str))):
        "still waiting at the deadline: {calls}",
        "到时限还在等：{calls}";
    so_often(run: &str, count: u32, times: u32, what: &str, shown_by: &str):
        "run `{run}`, {count} of {times} times: {what}; `lab {shown_by} --run {run}` shows it",
        "`{run}` 在 {times} 次里有 {count} 次：{what}；想看就用 `lab {shown_by} --run {run}`";
    not_done(n: usize):
        "{n} not done: one side of it is another program",
        "{n} 次运行没有做：有一端是另一个程序";
    not_confirmed(n: usize):
        "{n} not confirmed: this system's kernel says too little",
        "{n} 次运行没能证实：这个系统的内核说得太少";
    missing_text(name: &str): "{name} is missing", "没有 {name}";
}

pub(crate) fn findings(lang: Lang, n: usize) -> String {
    let s = plural(n as u64);
    say!(lang, "{n} finding{s}", "发现 {n} 处问题")
}

pub(crate) fn as_claimed(lang: Lang, runs: usize, times: u32) -> String {
    say! { lang, runs;
        1 => "1 run, {times} of {times} times as it claims", "1 次运行，做了 {times} 遍，遍遍如实验所写";
        n =>
            "{n} runs, each {times} of {times} times as it claims",
            "{n} 次运行，各做 {times} 遍，遍遍如实验所写";
    }
}

pub(crate) fn lacks_programs(lang: Lang, n: usize, programs: &IndexSet<&str>) -> String {
    let named = programs.iter().map(|program| format!("`{program}`"));
    let named = list::names(lang, named);
    let are = if programs.len() == 1 { "is" } else { "are" };
    say!(
        lang,
        "{n} not confirmed: {named} {are} not installed here",
        "{n} 次运行没能证实：这里没有安装 {named}"
    )
}

/// The last line about a lab.
pub(crate) fn checked_lab(
    lang: Lang,
    number: Option<u32>,
    slug: &str,
    said: &[String],
    took: Duration,
) -> String {
    let name = match number {
        Some(number) => format!("lab {number} {slug}"),
        None => slug.into(),
    };
    let said = list::clauses(lang, said.iter().map(String::as_str));
    let seconds = took.as_secs_f64();
    say!(
        lang,
        "{name}: {said} ({seconds:.2} s)",
        "{name}：{said}（{seconds:.2} s）"
    )
}
