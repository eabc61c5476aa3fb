//! A run before it is shown, the question that is asked, and what the answer is worth.

use super::block::{Block, Document};
use super::paint::Ink;
use super::{View, script, title};
use crate::event::{LabInfo, RunTrace};
use crate::report::predict::{self, Question, Unasked, Worth};
use crate::{safe, words};

/// Which lab it is. Its title and its question come after the answer: they would tell it.
pub fn predict_opening<'a>(lab: &LabInfo, view: &'a View) -> Document<'a> {
    let name = words::page::lab_name(view.lang, lab.lab);
    let name = match lab.lab {
        Some(_) => name,
        None => format!("{name} · {}", safe::words(&lab.slug)),
    };
    Document::new(view).add(Block::Line(name, Ink::Strong))
}

/// What both sides are told to do, and what is asked.
pub fn predict_question<'a>(run: &RunTrace, question: &Question, view: &'a View) -> Document<'a> {
    let name = safe::words(&run.name);
    let beside = run.transport.to_string();
    let asks = words::predict::question(view.lang, question.from.other());
    let choices = question.choices.iter();
    let choices = choices.map(|choice| notation(choice)).collect();
    Document::about(&name, view)
        .add(Block::Run { name, beside })
        .either(|| script::draw(run, view), || script::facts(run, view.lang))
        .add(Block::Gap)
        .add(Block::Sentence(asks, Ink::Strong))
        .add(Block::Choices(choices))
}

/// What it is worth.
pub fn predict_verdict<'a>(
    verdict: &Worth,
    guess: &[Vec<u8>],
    question: &Question,
    run: &RunTrace,
    view: &'a View,
) -> Document<'a> {
    let lang = view.lang;
    let says = words::predict::verdict(lang, verdict, guess, question);
    let ink = match verdict {
        Worth::Right => Ink::Good,
        Worth::Legal(_) | Worth::NotHere(_) => Ink::Strong,
        Worth::Impossible(_) => Ink::Bad,
    };
    let guessed = words::predict::guessed(lang, &notation(guess));
    let came =
        (*verdict != Worth::Right).then(|| words::predict::came(lang, &notation(question.came())));
    Document::about(safe::words(&run.name), view)
        .add(Block::Gap)
        .add(Block::Verdict(guessed, Ink::Strong))
        .add(Block::Verdict(says, ink))
        .add(came.map(|says| Block::Verdict(says, Ink::Strong)))
}

/// The lab's title and its question, now that they tell nothing any more, and where the reasons
/// stand: below the verdict they would push it off the screen.
pub fn predict_closing<'a>(lab: &LabInfo, view: &'a View) -> Document<'a> {
    let reasons = lab
        .lab
        .map(|number| words::predict::reasons(view.lang, number));
    title::title_and_question(lab, view).add(reasons.map(|says| Block::Sentence(says, Ink::Plain)))
}

/// Why it happens, in the lab's sentence.
pub fn predict_why<'a>(lab: &LabInfo, view: &'a View) -> Document<'a> {
    let why = words::page::heading(view.lang, words::page::Section::Why);
    let text = lab.texts.get(view.lang);
    let short = text
        .map(|text| text.short.clone())
        .filter(|short| !short.is_empty());
    Document::new(view).section(why, short.as_slice())
}

/// Why nothing is asked.
pub fn predict_unasked<'a>(why: Unasked, run: &RunTrace, view: &'a View) -> Document<'a> {
    let name = safe::words(&run.name);
    let says = words::predict::unasked(view.lang, &name, why);
    Document::new(view)
        .add(Block::Gap)
        .add(Block::Sentence(says, Ink::Plain))
}

fn notation(reads: &[Vec<u8>]) -> String {
    safe::words(&predict::write(reads))
}
