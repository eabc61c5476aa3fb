//! What `lab lint` finds. Those who write labs are spoken to in English, as in all that is wrong
//! with a file.

use std::time::Duration;

use indexmap::IndexSet;

use super::super::{self as words, plural};
use crate::event::Undone;
use crate::frame::FrameError;
use crate::lang::Lang;

pub(crate) fn otherwise(key: &str, expected: &str, got: &str) -> String {
    format!("`{key}` is claimed to be {expected}, and was {got}")
}

pub(crate) fn failed_unclaimed(calls: &[String]) -> String {
    let calls = calls.join(", ");
    format!("failed, and `errors` does not claim it: {calls}")
}

pub(crate) fn refused_unclaimed(error: &FrameError) -> String {
    let why = words::refusal(Lang::En, error);
    format!("the decoder refused, and `refused` does not claim it: {why}")
}

pub(crate) fn undone_unclaimed(undone: &Undone) -> String {
    let says = words::undone(Lang::En, undone);
    format!("{says}, and what failed before is not claimed")
}

pub(crate) fn still_waiting(calls: &[String]) -> String {
    let calls = calls.join(", ");
    format!("still waiting at the deadline: {calls}")
}

pub(crate) fn not_intact() -> &'static str {
    "what was read is not what was written"
}

pub(crate) fn so_often(run: &str, count: u32, times: u32, what: &str) -> String {
    format!("run `{run}`, {count} of {times} times: {what}")
}

pub(crate) fn shown_by(lab: Option<u32>, file: &str, run: &str) -> String {
    match lab {
        Some(number) => format!("`lab {number} --run {run}` shows it"),
        None => format!("`lab run {file} --run {run}` shows it"),
    }
}

pub(crate) fn as_claimed(runs: usize, times: u32) -> String {
    match runs {
        1 => format!("1 run, {times} of {times} times as it claims"),
        n => format!("{n} runs, each {times} of {times} times as it claims"),
    }
}

pub(crate) fn findings(n: usize) -> String {
    format!("{n} finding{}", plural(n as u64))
}

pub(crate) fn not_done(n: usize) -> String {
    format!("{n} not done: one side of it is another program")
}

pub(crate) fn not_confirmed(n: usize) -> String {
    format!("{n} not confirmed: this system's kernel says too little")
}

pub(crate) fn lacks_programs(n: usize, programs: &IndexSet<&str>) -> String {
    let named: Vec<String> = programs.iter().map(|it| format!("`{it}`")).collect();
    let (named, are) = (
        named.join(", "),
        if named.len() == 1 { "is" } else { "are" },
    );
    format!("{n} not confirmed: {named} {are} not installed here")
}

pub(crate) fn missing_text(name: &str) -> String {
    format!("{name} is missing")
}

/// The last line about a lab.
pub(crate) fn checked_lab(
    number: Option<u32>,
    slug: &str,
    said: &[String],
    took: Duration,
) -> String {
    let name = match number {
        Some(number) => format!("lab {number} {slug}"),
        None => slug.into(),
    };
    let (said, seconds) = (said.join("; "), took.as_secs_f64());
    format!("{name}: {said} ({seconds:.2} s)")
}
