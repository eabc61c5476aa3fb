//! The catalogue: number and title of each lab, and what each asks, if that is wanted.

use super::block::{Block, Document};
use super::paint::{Ink, Line};
use super::{View, safe, words, wrap};
use crate::lab::Lab;

/// Where a title begins, behind the number.
const TITLE: usize = 5;
/// A column of titles, of which a terminal of 80 columns has two.
const COLUMN: usize = 40;
/// The least room for a question beside its title.
const BESIDE: usize = 40;

/// A lab as the catalogue shows it.
struct Entry {
    number: String,
    title: String,
    question: String,
}

/// Each lab: titles alone in columns, on one screen, or each with its question.
pub fn catalogue<'a>(labs: &[Lab], full: bool, view: &'a View) -> Document<'a> {
    let lang = view.lang;
    let entries = labs.iter().map(|lab| {
        let text = lab.texts.get(lang);
        let title = text.map_or(&lab.slug, |text| &text.title);
        Entry {
            number: lab.number.map(|n| n.to_string()).unwrap_or_default(),
            title: safe::words(title),
            question: text
                .map(|text| safe::words(&text.question))
                .unwrap_or_default(),
        }
    });
    let entries: Vec<Entry> = entries.collect();
    let example = labs.first().and_then(|lab| lab.number).unwrap_or(1);
    let drawn = || {
        if full {
            questions(&entries, view)
        } else {
            titles(&entries, view)
        }
    };
    let facts = || {
        let fact =
            |lab: &Entry| words::page::lab_fact(lang, &lab.number, &lab.title, &lab.question);
        entries.iter().map(fact).collect::<Vec<_>>()
    };
    Document::new(view)
        .either(drawn, facts)
        .add(Block::Gap)
        .add(Block::Line(
            words::page::how_to_run(lang, example),
            Ink::Plain,
        ))
        .add(Block::Line(words::page::new_here(lang).into(), Ink::Strong))
}

/// The title behind its number.
fn head(lab: &Entry, title: &str) -> Line {
    let mut line = Line::of(format!("{:>3}  ", lab.number), Ink::Strong);
    line.text(title);
    line
}

/// In as many columns as there is room for, down each column, as a list is read.
fn titles(labs: &[Entry], view: &View) -> Vec<Line> {
    let columns = (view.width / COLUMN).max(1);
    let rows = labs.len().div_ceil(columns);
    let row = |row: usize| {
        let mut line = Line::new();
        for (column, lab) in labs.iter().skip(row).step_by(rows).enumerate() {
            let title = wrap::cut(&lab.title, COLUMN - TITLE - 1);
            line.pad_to(column * COLUMN).append(&head(lab, &title));
        }
        line
    };
    (0..rows).map(row).collect()
}

/// Each with its question: beside the title if there is room for it, else below.
fn questions(labs: &[Entry], view: &View) -> Vec<Line> {
    let widest = labs.iter().map(|lab| head(lab, &lab.title).width()).max();
    let start = widest.unwrap_or(0) + 2;
    let beside = view.width.saturating_sub(start);
    let each = labs.iter().flat_map(|lab| {
        if beside >= BESIDE {
            let question = wrap::marked(&lab.question, beside);
            return super::timeline::beside(&[(0, vec![head(lab, &lab.title)]), (start, question)]);
        }
        let question = wrap::marked(&lab.question, view.width.saturating_sub(TITLE));
        let below = super::page::indent(question, TITLE);
        std::iter::once(head(lab, &lab.title))
            .chain(below)
            .collect()
    });
    each.collect()
}
