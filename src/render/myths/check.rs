//! What the check of all beliefs found.

use super::proof::differences;
use super::{TEXT, numbered, outcome_ink, proof_line};
use crate::event::RunTrace;
use crate::lab::myth::Myth;
use crate::render::paint::{Ink, Line};
use crate::render::plain::unmarked;
use crate::render::words::pick;
use crate::render::{View, finish, timeline, wrap};
use crate::report::{Outcome, Proof, Report};

/// The first line of a check.
#[must_use]
pub fn checking(view: &View) -> String {
    let text = pick(
        view.lang,
        "Does each verdict of lab myths come out as it is written? Its run decides:",
        "lab myths 的每一条结论，都由它的运行来检验：",
    );
    let mut lines = wrap::text(text, view.width, Ink::Plain);
    lines.push(Line::new());
    finish(&lines, view)
}

/// What became of one belief when all of them are checked.
#[must_use]
pub fn checked(myth: &Myth, run: &RunTrace, report: &Report, proof: &Proof, view: &View) -> String {
    let lang = view.lang;
    let result = match proof.outcome {
        Outcome::AsExpected => pick(lang, "as written", "相符"),
        Outcome::Unconfirmed => pick(lang, "unconfirmed", "未证实"),
        Outcome::Differs => pick(lang, "DIFFERS", "不符"),
        Outcome::Deadline => pick(lang, "TIME OVER", "超时"),
        Outcome::Interrupted => pick(lang, "interrupted", "中断"),
    };
    let column = TEXT + pick(lang, 13, 8);
    let width = view.width - column;
    let mut texts = wrap::text(&unmarked(&myth.says(lang).belief), width, Ink::Plain);
    if proof.outcome != Outcome::AsExpected {
        texts.push(proof_line(myth, view));
    }
    for difference in differences(run, report, proof, view) {
        texts.extend(wrap::text(&difference, width, Ink::Plain));
    }
    let head = numbered(0, myth, &Line::of(result, outcome_ink(proof)));
    let lines = timeline::beside(&[(0, vec![head]), (column, texts)]);
    finish(&lines, view)
}

/// How many beliefs came out how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sum {
    /// As they are written.
    pub as_written: usize,
    /// This system's kernel does not say enough.
    pub unconfirmed: usize,
    /// Otherwise, or not at all.
    pub otherwise: usize,
    /// How many runs that took.
    pub runs: usize,
}

/// The last line of a check.
#[must_use]
pub fn sum(sum: Sum, view: &View) -> String {
    let lang = view.lang;
    let all = sum.as_written + sum.unconfirmed + sum.otherwise;
    let s = |n: usize| if n == 1 { "" } else { "s" };
    let head = pick(
        lang,
        format!("{all} myth{}, {} run{}: ", s(all), sum.runs, s(sum.runs)),
        format!("{all} 条说法，{} 次运行：", sum.runs),
    );
    let mut parts = Vec::new();
    if sum.as_written == all {
        parts.push(pick(
            lang,
            "all came out as written".into(),
            "全部与所写相符".into(),
        ));
    } else {
        let n = sum.as_written;
        parts.push(pick(
            lang,
            format!("{n} came out as written"),
            format!("{n} 条相符"),
        ));
    }
    if sum.unconfirmed > 0 {
        let n = sum.unconfirmed;
        parts.push(pick(
            lang,
            format!("{n} could not be confirmed on this system"),
            format!("{n} 条在本系统上无法证实"),
        ));
    }
    if sum.otherwise > 0 {
        let n = sum.otherwise;
        parts.push(pick(lang, format!("{n} did not"), format!("{n} 条不符")));
    }
    let ink = match (sum.otherwise, sum.unconfirmed) {
        (0, 0) => Ink::Good,
        (0, _) => Ink::Strong,
        _ => Ink::Bad,
    };
    let text = format!(
        "{head}{}{}",
        parts.join(pick(lang, ", ", "，")),
        pick(lang, ".", "。")
    );
    let mut lines = vec![Line::new()];
    lines.extend(wrap::text(&text, view.width, ink));
    finish(&lines, view)
}
