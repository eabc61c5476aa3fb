//! All beliefs, a line each: the whole of one is shown by its number.

use super::{TEXT, ink, judged, number, proof_line, title};
use crate::lab::myth::{Myth, Myths};
use crate::render::block::Document;
use crate::render::paint::{Ink, Line, columns};
use crate::render::plain::unmarked;
use crate::render::{View, wrap};
use crate::words;

/// Every belief with its verdict, by number; as facts with its reason and its proof too.
pub fn myths<'a>(myths: &Myths, view: &'a View) -> Document<'a> {
    let all = myths.in_order();
    Document::new(view).either(|| draw(&all, view), || facts(&all, view))
}

fn draw(myths: &[&Myth], view: &View) -> Vec<Line> {
    let lang = view.lang;
    let verdict = |myth: &Myth| words::myths::verdict(lang, myth.verdict);
    let widest = myths.iter().map(|myth| columns(verdict(myth))).max();
    let start = TEXT + widest.unwrap_or(0) + 2;
    let line = |myth: &&Myth| {
        let mut line = number(myth);
        line.pad_to(TEXT).put(verdict(myth), ink(myth.verdict));
        let belief = unmarked(&myth.says(lang).belief);
        let belief = wrap::cut(&belief, view.width.saturating_sub(start));
        line.pad_to(start).text(belief);
        line
    };
    let mut lines: Vec<Line> = myths.iter().map(line).collect();
    lines.push(Line::new());
    let example = myths.first().map_or(1, |myth| myth.number);
    let hint = words::myths::hint(lang, example);
    lines.extend(wrap::text(&hint, view.width, Ink::Plain));
    lines
}

fn facts(myths: &[&Myth], view: &View) -> Vec<String> {
    let facts = myths.iter().flat_map(|myth| {
        let name = title(myth, view);
        let says = [
            unmarked(&myth.says(view.lang).belief),
            judged(myth, view),
            proof_line(myth, view).words(),
        ];
        says.map(|says| format!("{name}: {says}"))
    });
    facts.collect()
}
