//! The glossary: all words by theme, or one with what it means.

use super::block::{Block, Document};
use super::page::{INDENT, measure};
use super::paint::{Ink, Line};
use super::plain::unmarked;
use super::{View, wrap};
use crate::lab::glossary::{Glossary, Word};
use crate::lang::Lang;
use crate::{safe, words};

/// The word in the reader's language, then in the other one where that can be shown and is
/// another word.
fn name(word: &Word, view: &View) -> (String, Option<String>) {
    let term = unmarked(&word.entry(view.lang).term);
    let other = unmarked(&word.entry(view.lang.other()).term);
    let can_be_shown = !view.ascii || other.is_ascii();
    let other = (can_be_shown && other != term).then_some(other);
    (term, other)
}

fn entry(word: &Word, between: &str, view: &View) -> Line {
    let (term, other) = name(word, view);
    let mut line = Line::of(term, Ink::Strong);
    if let Some(other) = other {
        line.text(between).text(other);
    }
    line
}

/// Every word, by theme.
pub fn glossary<'a>(glossary: &'a Glossary, view: &'a View) -> Document<'a> {
    Document::new(view).either(|| columns(glossary, view), || list(glossary, view))
}

fn columns(glossary: &Glossary, view: &View) -> Vec<Line> {
    const GAP: usize = 3;
    let lang = view.lang;
    let widest = glossary
        .iter()
        .map(|word| entry(word, "  ", view).width())
        .max();
    let widest = widest.unwrap_or(0);
    let columns = ((view.width - INDENT + GAP) / (widest + GAP)).max(1);
    let mut lines = Vec::new();
    for theme in &glossary.themes {
        lines.push(Line::of(unmarked(theme.title.get(lang)), Ink::Heading));
        // Down each column, as a list is read.
        let rows = theme.words.len().div_ceil(columns);
        for row in 0..rows {
            let mut line = Line::new();
            let words = theme.words.iter().skip(row).step_by(rows);
            for (column, word) in words.enumerate() {
                line.pad_to(INDENT + column * (widest + GAP));
                line.append(&entry(word, "  ", view));
            }
            lines.push(line);
        }
        lines.push(Line::new());
    }
    let hint = words::glossary::hint(lang);
    lines.extend(wrap::text(hint, view.width, Ink::Plain));
    lines
}

fn list(glossary: &Glossary, view: &View) -> Vec<String> {
    let themes = glossary.themes.iter();
    let facts = themes.flat_map(|theme| {
        let title = unmarked(theme.title.get(view.lang));
        let words = theme.words.iter();
        words.map(move |word| format!("{title}: {}", plain_name(word, view)))
    });
    facts.collect()
}

/// One word: what it means, where that is defined, which runs show it.
pub fn word<'a>(word: &Word, view: &'a View) -> Document<'a> {
    let lang = view.lang;
    Document::new(view)
        .either(
            || vec![entry(word, " · ", view)],
            || {
                let label = words::glossary::word(lang).to_lowercase();
                vec![format!("{label}: {}", plain_name(word, view))]
            },
        )
        .add(Block::Text {
            label: meaning(lang),
            text: word.entry(lang).says.clone(),
        })
        .section(words::glossary::source(lang), &[word.sources.join("; ")])
        .section(words::glossary::see(lang), &seen_in(word))
}

/// A word that only one lab needs, as that lab explains it.
pub fn word_of_a_lab<'a>(number: u32, says: &str, view: &'a View) -> Document<'a> {
    let lang = view.lang;
    Document::new(view)
        .either(
            || wrap::marked(&safe::words(says), measure(view)),
            || vec![meaning(lang) + &unmarked(says)],
        )
        .section(words::glossary::see(lang), &[format!("lab {number}")])
}

/// What stands before a word's meaning in the linear form.
fn meaning(lang: Lang) -> String {
    words::glossary::meaning(lang).to_lowercase() + ": "
}

fn plain_name(word: &Word, view: &View) -> String {
    match name(word, view) {
        (term, Some(other)) => format!("{term} ({other})"),
        (term, None) => term,
    }
}

fn seen_in(word: &Word) -> Vec<String> {
    word.seen_in.iter().map(ToString::to_string).collect()
}
