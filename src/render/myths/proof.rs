//! One belief with its proof: what is to be thought of it, and whether its run came out so.

use super::{judged, outcome_ink, reason, title};
use crate::event::{RunTrace, Side};
use crate::lab::myth::Myth;
use crate::lang::Lang;
use crate::render::claims::value_text;
use crate::render::page::{HEADING, INDENT, indent, measure, section};
use crate::render::paint::Ink;
use crate::render::plain::{self, unmarked};
use crate::render::words::{self, pick};
use crate::render::{View, finish, wrap};
use crate::report::{self, Check, Outcome, Proof, Report};

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
    section(&mut lines, shown(proof, view), shows, view);
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

/// What stands before the words for what the run shows: of a run that came out otherwise, what it
/// should have.
fn shown(proof: &Proof, view: &View) -> &'static str {
    match proof.outcome {
        Outcome::AsExpected => pick(view.lang, "Proof", "证据"),
        _ => pick(view.lang, "Wanted", "应看到"),
    }
}

fn more(myth: &Myth, view: &View) -> String {
    let lab = myth.proof.lab;
    let run_ref = &myth.proof;
    pick(
        view.lang,
        format!("{run_ref} is this run; lab {lab} has its explanation and the runs beside it."),
        format!("{run_ref} 就是这次运行；lab {lab} 里有详细的解释和可以对照的其他运行。"),
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
            "Unconfirmed here: nothing speaks against it, but this system does not have, or its \
             kernel does not say, all that would prove it.",
            "在这里无法证实：没有相反的证据，但本系统缺少证明它所需的东西，或内核没有提供。",
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

/// What a claim is about, with its direction if that is not the client's.
fn claim(check: &Check, run: &RunTrace, view: &View) -> String {
    let name = words::claim(view.lang, check.claim);
    if check.direction.from == Side::Client && check.direction.conn == 1 {
        return name.into();
    }
    let direction = words::direction(view.lang, check.direction, run);
    pick(
        view.lang,
        format!("{name}, {direction},"),
        format!("{name}（{direction}）"),
    )
}

/// Every claim that did not come true or could not be confirmed: the myth's, then those of the lab
/// that the myth does not make as well.
pub(super) fn differences(
    run: &RunTrace,
    report: &Report,
    proof: &Proof,
    view: &View,
) -> Vec<String> {
    if proof.outcome == Outcome::Interrupted {
        return Vec::new();
    }
    let (myth, lab) = (
        pick(view.lang, "the myth", "本条所写"),
        pick(view.lang, "the lab", "实验所述"),
    );
    let same = |a: &Check, b: &Check| {
        (a.claim, a.direction, &a.expected) == (b.claim, b.direction, &b.expected)
    };
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
            shown(proof, view).to_lowercase(),
            unmarked(&myth.says(view.lang).shows)
        ),
        outcome(run, proof, view),
    ];
    said.extend(differences(run, report, proof, view));
    let lines: Vec<String> = said.iter().map(|fact| format!("{name}: {fact}")).collect();
    plain::finish(&lines, view)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::event::WireDetail;
    use crate::lab::myth;
    use crate::render::Colour;

    #[test]
    fn what_a_run_did_not_show_is_not_its_proof() {
        let myths = myth::catalogue().expect("the myths");
        let first = myths.iter().next().expect("a myth");
        let run: RunTrace = serde_json::from_value(json!({
            "script": { "name": "one", "client": [], "server": [] }, "address": ""
        }))
        .expect("a run");
        let report = report::build(&run, true);
        let view = View {
            lang: Lang::En,
            colour: Colour::None,
            ascii: false,
            width: 80,
            has_evidence: true,
            wire: WireDetail::Data,
        };
        let says = |outcome| {
            let proof = Proof {
                checks: Vec::new(),
                outcome,
            };
            [
                myth_closing(first, &run, &report, &proof, &view),
                plain_myth_closing(first, &run, &report, &proof, &view).to_lowercase(),
            ]
        };
        let [picture, plain] = says(Outcome::AsExpected);
        assert!(picture.contains("  Proof ") && plain.contains(": proof: "));
        for outcome in [Outcome::Differs, Outcome::Unconfirmed, Outcome::Deadline] {
            let [picture, plain] = says(outcome);
            assert!(
                !picture.contains("Proof ") && picture.contains("  Wanted "),
                "{picture}"
            );
            assert!(!plain.contains("proof: "), "{plain}");
        }
    }
}
