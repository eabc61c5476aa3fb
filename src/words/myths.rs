//! What is said of beliefs and their proofs.

use super::{claim, direction, list, plural};
use crate::event::{RunTrace, Side};
use crate::lab::myth::Truth;
use crate::lab::run_ref::RunRef;
use crate::lang::Lang;
use crate::report::{self, Check, Outcome};

phrases! {
    more_heading: "More", "还有";
    checking:
        "Does each verdict of lab myths come out as it is written? Its run decides:",
        "lab myths 的每一条结论，都由它的运行来检验：";
}

sentences! {
    title(number: u32): "myth {number}", "说法 {number}";
}

/// The verdict alone.
pub(crate) fn verdict(lang: Lang, verdict: Truth) -> &'static str {
    phrase! { lang, verdict;
        Truth::False => "false", "不对";
        Truth::HalfTrue => "half true", "只对一半";
        Truth::TrueHere => "true here", "在这里成立";
    }
}

/// The verdict and its reason, as one sentence.
pub(crate) fn judged(lang: Lang, verdict: Truth, reason: &str) -> String {
    match verdict {
        Truth::False => say!(lang, "False: {reason}", "不对：{reason}"),
        Truth::HalfTrue => say!(lang, "Half true: {reason}", "只对一半：{reason}"),
        Truth::TrueHere => say!(lang, "True here: {reason}", "在这里成立：{reason}"),
    }
}

sentences! {
    proven_by(proof: &RunRef): "Proof: {proof}", "证据：{proof}";
    hint(example: u32):
        "lab myths {example} shows myth {example} and runs its proof; lab myths --check runs them \
         all.",
        "lab myths {example} 细看第 {example} 条，并当场运行它的证据；lab myths --check 把全部证据\
         运行一遍。";
}

/// What stands before the words for what the run shows: of a run that came out otherwise, what it
/// should have.
pub(crate) fn shown(lang: Lang, outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::AsExpected => phrase!(lang, "Proof", "证据"),
        _ => phrase!(lang, "Wanted", "应看到"),
    }
}

sentences! {
    more(proof: &RunRef; lab = proof.lab):
        "{proof} is this run; lab {lab} has its explanation and the runs beside it.",
        "{proof} 就是这次运行；lab {lab} 里有详细的解释和可以对照的其他运行。";
}

/// Whether the proof came out as written, and the facts that decided it, if it did.
pub(crate) fn outcome(lang: Lang, outcome: Outcome, facts: &[String]) -> String {
    say! { lang, outcome;
        Outcome::AsExpected =>
            "As written: {facts}.",
            "与所写相符：{facts}。",
            facts = list::clauses(lang, facts.iter().map(String::as_str));
        Outcome::Unconfirmed =>
            "Unconfirmed here: nothing speaks against it, but this system does not have, or its \
             kernel does not say, all that would prove it.",
            "在这里无法证实：没有相反的证据，但本系统缺少证明它所需的东西，或内核没有提供。";
        Outcome::Differs =>
            "Not as written: this run does not prove it.",
            "与所写不符：这次运行没有证明它。";
        Outcome::Deadline => "Not proven: the run's time was over.", "没有证明：运行超过了时限。";
        Outcome::Interrupted => "Interrupted.", "已中断。";
    }
}

/// What a claim is about, with its direction if that is not the client's.
pub(crate) fn about(lang: Lang, check: &Check, run: &RunTrace) -> String {
    let name = claim(lang, check.claim);
    if check.direction.from == Side::Client && check.direction.conn == 1 {
        return name.into();
    }
    let direction = direction(lang, check.direction, run);
    say!(lang, "{name}, {direction},", "{name}（{direction}）")
}

/// A claim that did not come true, or could not be confirmed, and whose it is.
pub(crate) fn difference(
    lang: Lang,
    about: &str,
    is_the_labs: bool,
    verdict: report::Verdict,
    [expected, got]: [&str; 2],
) -> String {
    let who = if is_the_labs {
        phrase!(lang, "the lab", "实验所述")
    } else {
        phrase!(lang, "the myth", "本条所写")
    };
    say! { lang, verdict;
        report::Verdict::Unconfirmed =>
            "{about}: {who} says {expected}, which could not be confirmed",
            "{about}：{who}为 {expected}，无法证实";
        _ =>
            "{about}: {who} says {expected}, it was {got}",
            "{about}：{who}为 {expected}，实际为 {got}";
    }
}

/// How a belief came out when all of them are checked, in a word.
pub(crate) fn result(lang: Lang, outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::AsExpected => phrase!(lang, "as written", "相符"),
        Outcome::Unconfirmed => phrase!(lang, "unconfirmed", "未证实"),
        Outcome::Differs => phrase!(lang, "DIFFERS", "不符"),
        Outcome::Deadline => phrase!(lang, "TIME OVER", "超时"),
        Outcome::Interrupted => phrase!(lang, "interrupted", "中断"),
    }
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
pub(crate) fn sum(lang: Lang, sum: Sum) -> String {
    let Sum {
        as_written,
        unconfirmed,
        otherwise,
        runs,
    } = sum;
    let all = as_written + unconfirmed + otherwise;
    let mut parts = Vec::new();
    if as_written == all {
        parts.push(say!(lang, "all came out as written", "全部与所写相符"));
    } else {
        parts.push(say!(
            lang,
            "{as_written} came out as written",
            "{as_written} 条相符"
        ));
    }
    if unconfirmed > 0 {
        parts.push(say!(
            lang,
            "{unconfirmed} could not be confirmed on this system",
            "{unconfirmed} 条在本系统上无法证实"
        ));
    }
    if otherwise > 0 {
        parts.push(say!(lang, "{otherwise} did not", "{otherwise} 条不符"));
    }
    let parts = list::parts(lang, parts);
    let (s, of_runs) = (plural(all as u64), plural(runs as u64));
    say!(
        lang,
        "{all} myth{s}, {runs} run{of_runs}: {parts}.",
        "{all} 条说法，{runs} 次运行：{parts}。"
    )
}
