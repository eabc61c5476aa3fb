//! What a lab is called and what it asks.

use super::block::{Block, Document};
use super::paint::{Ink, Line};
use super::{View, safe, words};
use crate::event::LabInfo;

/// The lab's title alone.
pub fn title<'a>(lab: &LabInfo, view: &'a View) -> Document<'a> {
    Document::new(view).add(Block::Title {
        name: words::page::lab_name(view.lang, lab.lab),
        says: says(lab, view).into(),
    })
}

/// The same as a line.
pub(super) fn title_line(lab: &LabInfo, view: &View) -> Line {
    let name = words::page::lab_name(view.lang, lab.lab);
    let says = safe::words(says(lab, view));
    Line::of(format!("{name} · {says}"), Ink::Strong)
}

/// What a lab is called; one without a title by the name of its directory.
fn says<'a>(lab: &'a LabInfo, view: &View) -> &'a str {
    let text = lab.texts.get(view.lang);
    let title = text.map(|text| &text.title);
    title.filter(|title| !title.is_empty()).unwrap_or(&lab.slug)
}

/// The lab's title, and below it what it asks.
pub(super) fn title_and_question<'a>(lab: &LabInfo, view: &'a View) -> Document<'a> {
    let text = lab.texts.get(view.lang);
    let question = text.map(|text| &text.question);
    let question = question.filter(|question| !question.is_empty());
    title(lab, view).add(question.map(|question| Block::Text {
        label: words::page::question(view.lang).into(),
        text: question.clone(),
    }))
}
