//! The glossary: all words by theme, or one with what it means.

use super::page::{INDENT, indent, measure, section};
use super::paint::{Ink, Line};
use super::plain::{self, unmarked};
use super::{View, finish, wrap};
use crate::lab::glossary::{Glossary, Word};
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

fn entry(word: &Word, view: &View) -> Line {
    let (term, other) = name(word, view);
    let mut line = Line::of(term, Ink::Strong);
    if let Some(other) = other {
        line.text("  ").text(other);
    }
    line
}

/// Every word, by theme.
#[must_use]
pub fn glossary(glossary: &Glossary, view: &View) -> String {
    const GAP: usize = 3;
    let lang = view.lang;
    let widest = glossary
        .iter()
        .map(|word| entry(word, view).width())
        .max()
        .unwrap_or(0);
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
                line.append(&entry(word, view));
            }
            lines.push(line);
        }
        lines.push(Line::new());
    }
    let hint = words::glossary::hint(lang);
    lines.extend(wrap::text(hint, view.width, Ink::Plain));
    finish(&lines, view)
}

/// One word: what it means, where that is defined, which runs show it.
#[must_use]
pub fn word(word: &Word, view: &View) -> String {
    let lang = view.lang;
    let (term, other) = name(word, view);
    let mut title = Line::of(term, Ink::Strong);
    if let Some(other) = other {
        title.text(" · ").text(other);
    }
    let mut lines = vec![title];
    let says = safe::words(&word.entry(lang).says);
    lines.extend(indent(wrap::marked(&says, measure(view)), INDENT));
    section(
        &mut lines,
        words::glossary::source(lang),
        &[word.sources.join("; ")],
        view,
    );
    section(&mut lines, words::glossary::see(lang), &seen_in(word), view);
    finish(&lines, view)
}

/// A word that only one lab needs, as that lab explains it.
#[must_use]
pub fn word_of_a_lab(number: u32, says: &str, plainly: bool, view: &View) -> String {
    let lang = view.lang;
    let says = safe::words(says);
    if plainly {
        let facts = [
            format!(
                "{}: {}",
                words::glossary::meaning(lang).to_lowercase(),
                unmarked(&says)
            ),
            format!(
                "{}: lab {number}",
                words::glossary::see(lang).to_lowercase()
            ),
        ];
        return plain::finish(&facts, view);
    }
    let mut lines: Vec<Line> = wrap::marked(&says, measure(view));
    let see = [format!("lab {number}")];
    section(&mut lines, words::glossary::see(lang), &see, view);
    finish(&lines, view)
}

fn seen_in(word: &Word) -> Vec<String> {
    word.seen_in.iter().map(ToString::to_string).collect()
}

/// Every word, one a line.
#[must_use]
pub fn plain_glossary(glossary: &Glossary, view: &View) -> String {
    let mut lines = Vec::new();
    for theme in &glossary.themes {
        let title = unmarked(theme.title.get(view.lang));
        for word in &theme.words {
            lines.push(format!("{title}: {}", plain_name(word, view)));
        }
    }
    plain::finish(&lines, view)
}

fn plain_name(word: &Word, view: &View) -> String {
    match name(word, view) {
        (term, Some(other)) => format!("{term} ({other})"),
        (term, None) => term,
    }
}

/// One word, one fact a line.
#[must_use]
pub fn plain_word(word: &Word, view: &View) -> String {
    let lang = view.lang;
    let says = unmarked(&word.entry(lang).says);
    let mut lines = vec![
        format!(
            "{}: {}",
            words::glossary::word(lang).to_lowercase(),
            plain_name(word, view)
        ),
        format!("{}: {says}", words::glossary::meaning(lang).to_lowercase()),
        format!(
            "{}: {}",
            words::glossary::source(lang).to_lowercase(),
            word.sources.join("; ")
        ),
    ];
    let see = words::glossary::see(lang).to_lowercase();
    lines.extend(
        seen_in(word)
            .iter()
            .map(|run_ref| format!("{see}: {run_ref}")),
    );
    plain::finish(&lines, view)
}
