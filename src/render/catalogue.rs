//! The catalogue: a line a lab.

use super::paint::{Ink, Line};
use super::{View, finish, safe, timeline, words, wrap};
use crate::lab::Lab;

/// Room for a lab's number.
const NUMBER: usize = 4;

/// Number, title and question of each lab.
#[must_use]
pub fn catalogue(labs: &[Lab], view: &View) -> String {
    let lang = view.lang;
    let titles = labs.iter().map(|lab| {
        let number = lab.number.map(|n| n.to_string()).unwrap_or_default();
        let text = lab.texts.get(lang);
        let title = safe::words(text.map_or(&lab.slug, |text| &text.title));
        let title = Line::of(format!("{number:>NUMBER$}  {title}"), Ink::Strong);
        (title, text.map(|text| safe::words(&text.question)))
    });
    let titles: Vec<_> = titles.collect();
    let widest = titles.iter().map(|(title, _)| title.width()).max();
    let behind = widest.unwrap_or(0) + 2;
    // Beside the title if there is room for the question there, else below it.
    let is_beside = view.width.saturating_sub(behind) >= 40;
    let at = if is_beside { behind } else { NUMBER + 2 };
    let mut lines = Vec::new();
    for (title, question) in titles {
        let question = wrap::marked(&question.unwrap_or_default(), view.width.saturating_sub(at));
        if is_beside {
            lines.extend(timeline::beside(&[(0, vec![title]), (at, question)]));
        } else {
            lines.push(title);
            lines.extend(timeline::beside(&[(at, question)]));
        }
    }
    lines.push(Line::new());
    let example = labs.first().and_then(|lab| lab.number).unwrap_or(1);
    lines.push(Line::of(words::page::how_to_run(lang, example), Ink::Plain));
    finish(lines, view)
}
