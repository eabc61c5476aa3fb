//! The catalogue: a line a lab.

use super::paint::{Ink, Line};
use super::{View, finish, safe, words, wrap};
use crate::lab::Lab;

/// Number, title and question of each lab.
#[must_use]
pub fn catalogue(labs: &[Lab], view: &View) -> String {
    let lang = view.lang;
    let titles: Vec<_> = labs
        .iter()
        .map(|lab| (lab, lab.texts.get(lang)))
        .map(|(lab, text)| {
            let title =
                text.map_or_else(|| safe::words(&lab.slug), |text| safe::words(&text.title));
            (
                lab,
                title,
                text.map(|text| safe::words(&text.question))
                    .unwrap_or_default(),
            )
        })
        .collect();
    let widest = titles
        .iter()
        .map(|(_, title, _)| Line::of(title, Ink::Plain).width())
        .max()
        .unwrap_or(0);
    let question_at = 6 + widest + 2;
    let mut lines = Vec::new();
    for (lab, title, question) in titles {
        let number = lab.number.map(|n| n.to_string()).unwrap_or_default();
        let mut line = Line::of(format!("{number:>4}  "), Ink::Strong);
        line.put(title, Ink::Strong);
        // Beside the title if there is room for the question there, else below it.
        let beside = view.width.saturating_sub(question_at);
        if beside >= 40 {
            for (i, part) in wrap::marked(&question, beside).iter().enumerate() {
                let mut row = if i == 0 {
                    std::mem::take(&mut line)
                } else {
                    Line::new()
                };
                row.pad_to(question_at).append(part);
                lines.push(row);
            }
            if question.is_empty() {
                lines.push(line);
            }
        } else {
            lines.push(line);
            for part in wrap::marked(&question, view.width.saturating_sub(6)) {
                let mut row = Line::new();
                row.pad_to(6).append(&part);
                lines.push(row);
            }
        }
    }
    lines.push(Line::new());
    let example = labs.first().and_then(|lab| lab.number).unwrap_or(1);
    lines.push(Line::of(words::page::how_to_run(lang, example), Ink::Plain));
    finish(lines, view)
}
