//! Beliefs: the list of them, one with its proof, and what the check of all of them found.

use super::findings::value_text;
use super::page::{HEADING, INDENT, indent, measure, section};
use super::paint::{Ink, Line};
use super::plain::{self, unmarked};
use super::words::{self, pick};
use super::{View, finish, wrap};
use crate::event::{RunTrace, Side};
use crate::lab::myth::{Myth, Myths, Verdict};
use crate::lab::text::Lang;
use crate::report::{self, Check, Outcome, Proof, Report};

/// Where a belief begins, behind its number.
const TEXT: usize = 6;
/// From this width on the reason stands beside the belief.
const TWO_COLUMNS: usize = 130;

/// Every belief with its verdict, its reason and its proof.
#[must_use]
pub fn myths(myths: &Myths, view: &View) -> String {
    let lang = view.lang;
    let mut lines = Vec::new();
    for theme in &myths.themes {
        lines.push(Line::of(unmarked(theme.title.get(lang)), Ink::Heading));
        for myth in &theme.myths {
            if view.width < TWO_COLUMNS {
                lines.extend(stacked(myth, view));
            } else {
                lines.extend(side_by_side(myth, view));
            }
        }
        lines.push(Line::new());
    }
    let example = myths.iter().next().map_or(1, |myth| myth.number);
    let hint = pick(
        lang,
        format!(
            "lab myths {example} shows myth {example} and runs its proof; lab myths --check runs them all."
        ),
        format!(
            "lab myths {example} 细看第 {example} 条，并当场运行它的证据；lab myths --check 把全部证据运行一遍。"
        ),
    );
    lines.extend(wrap::text(&hint, view.width, Ink::Plain));
    finish(&lines, view)
}

fn stacked(myth: &Myth, view: &View) -> Vec<Line> {
    let width = view.width - TEXT;
    let mut texts = belief(myth, width, view);
    texts.extend(reason(myth, width, view));
    texts.push(proof_line(myth, view));
    texts
        .iter()
        .enumerate()
        .map(|(i, text)| numbered(i, myth, text))
        .collect()
}

fn side_by_side(myth: &Myth, view: &View) -> Vec<Line> {
    const GAP: usize = 3;
    let left = (view.width - TEXT - GAP) * 2 / 5;
    let right = view.width - TEXT - GAP - left;
    let belief = belief(myth, left, view);
    let mut reason = reason(myth, right, view);
    reason.push(proof_line(myth, view));
    (0..belief.len().max(reason.len()))
        .map(|i| {
            let mut line = numbered(i, myth, belief.get(i).unwrap_or(&Line::new()));
            if let Some(reason) = reason.get(i) {
                line.pad_to(TEXT + left + GAP).append(reason);
            }
            line
        })
        .collect()
}

/// The line of this place, with the belief's number before the first one.
fn numbered(place: usize, myth: &Myth, text: &Line) -> Line {
    let mut line = Line::new();
    if place == 0 {
        line.put(format!("{:>4}", myth.number), Ink::Strong);
    }
    line.pad_to(TEXT).append(text);
    line
}

fn belief(myth: &Myth, width: usize, view: &View) -> Vec<Line> {
    wrap::text(&unmarked(&myth.says(view.lang).belief), width, Ink::Strong)
}

fn reason(myth: &Myth, width: usize, view: &View) -> Vec<Line> {
    wrap::headed(&judged(myth, view), width, ink(myth.verdict))
}

/// The verdict and its reason, as one sentence.
fn judged(myth: &Myth, view: &View) -> String {
    let reason = unmarked(&myth.says(view.lang).reason);
    let verdict = verdict(myth.verdict, view);
    pick(
        view.lang,
        format!("{verdict}: {reason}"),
        format!("{verdict}：{reason}"),
    )
}

fn verdict(verdict: Verdict, view: &View) -> &'static str {
    match verdict {
        Verdict::False => pick(view.lang, "False", "不对"),
        Verdict::HalfTrue => pick(view.lang, "Half true", "只对一半"),
        Verdict::TrueHere => pick(view.lang, "True here", "在这里成立"),
    }
}

fn ink(verdict: Verdict) -> Ink {
    match verdict {
        Verdict::False => Ink::Bad,
        Verdict::HalfTrue => Ink::Strong,
        Verdict::TrueHere => Ink::Good,
    }
}

fn proof_line(myth: &Myth, view: &View) -> Line {
    let spot = &myth.proof;
    Line::of(
        pick(view.lang, format!("Proof: {spot}"), format!("证据：{spot}")),
        Ink::Plain,
    )
}

fn title(myth: &Myth, view: &View) -> String {
    let number = myth.number;
    pick(
        view.lang,
        format!("myth {number}"),
        format!("说法 {number}"),
    )
}

/// One belief and what is to be thought of it; its run is drawn below.
#[must_use]
pub fn myth_opening(myth: &Myth, view: &View) -> String {
    let belief = unmarked(&myth.says(view.lang).belief);
    let title = format!("{} · {belief}", title(myth, view));
    let mut lines = wrap::text(&title, view.width, Ink::Strong);
    lines.extend(indent(reason(myth, measure(view), view), INDENT));
    finish(&lines, view)
}

/// What in the run proves the verdict, and whether it came out so.
#[must_use]
pub fn myth_closing(
    myth: &Myth,
    run: &RunTrace,
    report: &Report,
    proof: &Proof,
    view: &View,
) -> String {
    let lang = view.lang;
    let mut lines = Vec::new();
    let shows = std::slice::from_ref(&myth.says(lang).shows);
    section(&mut lines, pick(lang, "Proof", "证据"), shows, view);
    let width = measure(view) - HEADING;
    let mut found = wrap::headed(&outcome(run, proof, view), width, outcome_ink(proof));
    for difference in differences(run, report, proof, view) {
        found.extend(wrap::text(&difference, width, Ink::Plain));
    }
    lines.extend(indent(found, INDENT + HEADING));
    section(
        &mut lines,
        pick(lang, "More", "还有"),
        &[more(myth, view)],
        view,
    );
    finish(&lines, view)
}

fn more(myth: &Myth, view: &View) -> String {
    let lab = myth.proof.lab;
    let spot = &myth.proof;
    pick(
        view.lang,
        format!("{spot} is this run; lab {lab} has its explanation and the runs beside it."),
        format!("{spot} 就是这次运行；lab {lab} 里有详细的解释和可以对照的其他运行。"),
    )
}

/// Whether the proof came out as written; what decided it, if it did.
fn outcome(run: &RunTrace, proof: &Proof, view: &View) -> String {
    let lang = view.lang;
    match proof.outcome {
        Outcome::AsExpected => {
            let facts: Vec<String> = proof
                .checks
                .iter()
                .map(|check| {
                    let value = value_text(check.claim, &check.got, lang);
                    format!("{} {value}", claim(check, run, view))
                })
                .collect();
            pick(
                lang,
                format!("As written: {}.", facts.join("; ")),
                format!("与所写相符：{}。", facts.join("；")),
            )
        }
        Outcome::Unconfirmed => pick(
            lang,
            "Unconfirmed here: nothing speaks against it, but this system's kernel does not say \
             enough to prove it.",
            "在这里无法证实：没有相反的证据，但本系统的内核提供的信息不足以证明。",
        )
        .into(),
        Outcome::Differs => pick(
            lang,
            "Not as written: this run does not prove it.",
            "与所写不符：这次运行没有证明它。",
        )
        .into(),
        Outcome::Deadline => pick(
            lang,
            "Not proven: the run's time was over.",
            "没有证明：运行超过了时限。",
        )
        .into(),
        Outcome::Interrupted => pick(lang, "Interrupted.", "已中断。").into(),
    }
}

fn outcome_ink(proof: &Proof) -> Ink {
    match proof.outcome {
        Outcome::AsExpected => Ink::Good,
        Outcome::Unconfirmed => Ink::Strong,
        Outcome::Differs | Outcome::Deadline | Outcome::Interrupted => Ink::Bad,
    }
}

/// What a claim is about, with its direction if that is not the client's.
fn claim(check: &Check, run: &RunTrace, view: &View) -> String {
    let name = words::claim(view.lang, check.claim);
    if check.way.from == Side::Client && check.way.conn == 1 {
        return name.into();
    }
    let way = words::way(view.lang, check.way, run);
    pick(
        view.lang,
        format!("{name}, {way},"),
        format!("{name}（{way}）"),
    )
}

/// Every claim that did not come true or could not be confirmed: the myth's, then those of the lab
/// that the myth does not make as well.
fn differences(run: &RunTrace, report: &Report, proof: &Proof, view: &View) -> Vec<String> {
    if proof.outcome == Outcome::Interrupted {
        return Vec::new();
    }
    let (myth, lab) = (
        pick(view.lang, "the myth", "本条所写"),
        pick(view.lang, "the lab", "实验所述"),
    );
    let same =
        |a: &Check, b: &Check| (a.claim, a.way, &a.expected) == (b.claim, b.way, &b.expected);
    let labs_own = report
        .checks
        .iter()
        .filter(|check| !proof.checks.iter().any(|said| same(said, check)));
    let all = proof
        .checks
        .iter()
        .map(|check| (myth, check))
        .chain(labs_own.map(|check| (lab, check)));
    all.filter(|(_, check)| check.verdict != report::Verdict::Met)
        .map(|(who, check)| difference(who, check, run, view))
        .collect()
}

fn difference(who: &str, check: &Check, run: &RunTrace, view: &View) -> String {
    let name = claim(check, run, view);
    let value = |value| value_text(check.claim, value, view.lang);
    let (expected, got) = (value(&check.expected), value(&check.got));
    match (view.lang, check.verdict) {
        (Lang::En, report::Verdict::Unconfirmed) => {
            format!("{name}: {who} says {expected}, which could not be confirmed")
        }
        (Lang::Zh, report::Verdict::Unconfirmed) => {
            format!("{name}：{who}为 {expected}，无法证实")
        }
        (Lang::En, _) => format!("{name}: {who} says {expected}, it was {got}"),
        (Lang::Zh, _) => format!("{name}：{who}为 {expected}，实际为 {got}"),
    }
}

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
    let mut lines = Vec::new();
    for (i, text) in texts.iter().enumerate() {
        let mut line = if i == 0 {
            numbered(0, myth, &Line::of(result, outcome_ink(proof)))
        } else {
            Line::new()
        };
        line.pad_to(column).append(text);
        lines.push(line);
    }
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

/// The list, one fact a line.
#[must_use]
pub fn plain_myths(myths: &Myths, view: &View) -> String {
    let mut lines = Vec::new();
    for theme in &myths.themes {
        let theme_title = unmarked(theme.title.get(view.lang));
        for myth in &theme.myths {
            let name = title(myth, view);
            let belief = unmarked(&myth.says(view.lang).belief);
            lines.push(format!("{name}: {theme_title}: {belief}"));
            lines.push(format!("{name}: {}", judged(myth, view)));
            lines.push(format!("{name}: {}", proof_line(myth, view).words()));
        }
    }
    plain::finish(&lines, view)
}

/// One belief and its verdict, one fact a line.
#[must_use]
pub fn plain_myth_opening(myth: &Myth, view: &View) -> String {
    let name = title(myth, view);
    let belief = unmarked(&myth.says(view.lang).belief);
    plain::finish(
        &[
            format!("{name}: {belief}"),
            format!("{name}: {}", judged(myth, view)),
        ],
        view,
    )
}

/// What proves the verdict, one fact a line.
#[must_use]
pub fn plain_myth_closing(
    myth: &Myth,
    run: &RunTrace,
    report: &Report,
    proof: &Proof,
    view: &View,
) -> String {
    let name = title(myth, view);
    let mut said = vec![
        format!(
            "{}: {}",
            pick(view.lang, "proof", "证据"),
            unmarked(&myth.says(view.lang).shows)
        ),
        outcome(run, proof, view),
    ];
    said.extend(differences(run, report, proof, view));
    let lines: Vec<String> = said.iter().map(|fact| format!("{name}: {fact}")).collect();
    plain::finish(&lines, view)
}
