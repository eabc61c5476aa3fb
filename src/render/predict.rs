//! A run before it is shown, the question that is asked, and what the answer is worth.

use super::paint::{Ink, Line};
use super::{NARROWEST, View, finish, page, plain, script, wrap};
use crate::event::{LabInfo, RunTrace};
use crate::lang::Lang;
use crate::report::predict::{self, Question, Unasked, Unreadable, Verdict};
use crate::{safe, words};

const INDENT: usize = page::INDENT;

/// Which lab it is. Its title and its question come after the answer: they would tell it.
#[must_use]
pub fn predict_opening(lab: &LabInfo, plainly: bool, view: &View) -> String {
    let name = words::page::lab_name(view.lang, lab.lab);
    let name = match lab.lab {
        Some(_) => name,
        None => format!("{name} · {}", safe::words(&lab.slug)),
    };
    if plainly {
        return plain::finish(&[name], view);
    }
    finish(&[Line::of(name, Ink::Strong)], view)
}

/// What both sides are told to do, and what is asked.
#[must_use]
pub fn predict_question(run: &RunTrace, question: &Question, plainly: bool, view: &View) -> String {
    let lang = view.lang;
    let name = safe::words(&run.name);
    let transport = run.transport.to_string();
    let asks = words::predict::question(lang, question.from.other());
    let choices: Vec<String> = question
        .choices
        .iter()
        .map(|choice| notation(choice))
        .collect();
    if plainly {
        let mut facts = vec![words::page::run(lang, &name, &transport)];
        facts.extend(
            script::facts(run, lang)
                .into_iter()
                .map(|fact| format!("{name}: {fact}")),
        );
        facts.push(format!("{name}: {asks}"));
        let numbered = choices.iter().zip(1..);
        facts.extend(numbered.map(|(choice, n)| format!("{name}: {n}: {choice}")));
        return plain::finish(&facts, view);
    }
    let mut lines = vec![Line::new(), page::parting(&name, &transport, view.width)];
    lines.extend(script::draw(run, view));
    lines.push(Line::new());
    lines.extend(page::indent(
        wrap::text(&asks, page::measure(view), Ink::Strong),
        INDENT,
    ));
    lines.extend(page::choices(&choices, view));
    finish(&lines, view)
}

/// How to answer.
#[must_use]
pub fn predict_prompt(question: &Question, view: &View) -> String {
    let is_narrow = view.width < NARROWEST;
    words::predict::prompt(view.lang, question.choices.len(), is_narrow)
}

/// What it is worth.
#[must_use]
pub fn predict_verdict(
    verdict: &Verdict,
    guess: &[Vec<u8>],
    question: &Question,
    run: &RunTrace,
    plainly: bool,
    view: &View,
) -> String {
    let lang = view.lang;
    let says = words::predict::verdict(lang, verdict, guess, question);
    let ink = match verdict {
        Verdict::Right => Ink::Good,
        Verdict::Legal(_) | Verdict::NotHere(_) => Ink::Strong,
        Verdict::Impossible(_) => Ink::Bad,
    };
    let guessed = words::predict::guessed(lang, &notation(guess));
    let mut out = sentence(&guessed, Ink::Strong, run, plainly, view);
    if !plainly {
        out.insert(0, '\n');
    }
    out += &sentence(&says, ink, run, plainly, view);
    if *verdict != Verdict::Right {
        let says = words::predict::came(lang, &notation(question.came()));
        out += &sentence(&says, Ink::Strong, run, plainly, view);
    }
    out
}

/// The lab's title and its question, now that they tell nothing any more, and where the reasons
/// stand: below the verdict they would push it off the screen.
#[must_use]
pub fn predict_closing(lab: &LabInfo, plainly: bool, view: &View) -> String {
    let reasons = lab
        .lab
        .map(|number| words::predict::reasons(view.lang, number));
    if plainly {
        let facts = plain::title_and_question(lab, view).into_iter();
        return plain::finish(&facts.chain(reasons).collect::<Vec<_>>(), view);
    }
    let mut lines = vec![Line::new()];
    lines.extend(page::title_and_question(lab, view));
    if let Some(reasons) = reasons {
        let wrapped = wrap::text(&reasons, page::measure(view), Ink::Plain);
        lines.extend(page::indent(wrapped, INDENT));
    }
    finish(&lines, view)
}

/// Why nothing is asked.
#[must_use]
pub fn predict_unasked(why: Unasked, run: &RunTrace, plainly: bool, view: &View) -> String {
    let name = safe::words(&run.name);
    let says = words::predict::unasked(view.lang, &name, why);
    if plainly {
        return plain::finish(&[says], view);
    }
    let mut lines = vec![Line::new()];
    lines.extend(page::indent(
        wrap::text(&says, page::measure(view), Ink::Plain),
        INDENT,
    ));
    finish(&lines, view)
}

/// What could not be read, and how it is written.
#[must_use]
pub fn predict_unreadable(wrong: &Unreadable, lang: Lang) -> String {
    words::predict::unreadable(lang, wrong)
}

fn sentence(says: &str, ink: Ink, run: &RunTrace, plainly: bool, view: &View) -> String {
    if plainly {
        let name = safe::words(&run.name);
        return plain::finish(&[format!("{name}: {says}")], view);
    }
    let wrapped = wrap::headed(says, page::measure(view), ink);
    finish(&page::indent(wrapped, INDENT).collect::<Vec<_>>(), view)
}

fn notation(reads: &[Vec<u8>]) -> String {
    safe::words(&predict::write(reads))
}
