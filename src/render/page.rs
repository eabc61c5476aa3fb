//! Pages as pictures: how each block of one is set in lines.

use super::block::Block;
use super::findings::Finding;
use super::paint::{Ink, Line, columns};
use super::{View, finish, safe, timeline, wrap};

pub(super) const INDENT: usize = 2;
/// Text is not set wider than it reads well, however wide the terminal.
const MEASURE: usize = 96;
/// The width of the headings that stand beside a text.
pub(super) const HEADING: usize = 8;

/// Draws a page.
pub(super) fn draw(blocks: Vec<Block<'_>>, view: &View) -> String {
    let blocks = blocks.into_iter();
    let lines = blocks.flat_map(|block| match block {
        Block::Drawn(lines) => lines,
        block => Box::new(set(block, view).into_iter()),
    });
    finish(lines, view)
}

/// A block as lines.
pub(super) fn set(block: Block<'_>, view: &View) -> Vec<Line> {
    let indented = |lines| indent(lines, INDENT).collect();
    match block {
        Block::Gap => vec![Line::new()],
        Block::Line(text, ink) => vec![Line::of(text, ink)],
        Block::Title { name, says } => {
            let title = format!("{name} · {}", safe::words(&says));
            vec![Line::of(title, Ink::Strong)]
        }
        Block::Run { name, beside } => vec![Line::new(), parting(&name, &beside, view.width)],
        Block::Text { text, .. } => indented(wrap::marked(&safe::words(&text), measure(view))),
        Block::Section { heading, texts, .. } => section(heading, &texts, view),
        Block::Sentence(says, ink) => indented(wrap::text(&says, measure(view), ink)),
        Block::Verdict(says, ink) => indented(wrap::headed(&says, measure(view), ink)),
        Block::Choices(all) => choices(&all, view),
        Block::Findings(found) => findings(&found, view),
        Block::Drawn(lines) => lines.collect(),
        Block::Facts(_) => Vec::new(),
    }
}

pub(super) fn indent(lines: Vec<Line>, by: usize) -> impl Iterator<Item = Line> {
    timeline::beside(&[(by, lines)]).into_iter()
}

pub(super) fn measure(view: &View) -> usize {
    view.width.min(MEASURE) - INDENT
}

/// Texts with a heading beside the first of them.
fn section(heading: &str, texts: &[String], view: &View) -> Vec<Line> {
    let width = measure(view).saturating_sub(HEADING);
    let texts = texts.iter();
    let texts = texts.flat_map(|text| wrap::marked(&safe::words(text), width));
    let heading = vec![Line::of(heading, Ink::Strong)];
    let mut lines = vec![Line::new()];
    lines.extend(timeline::beside(&[
        (INDENT, heading),
        (INDENT + HEADING, texts.collect()),
    ]));
    lines
}

/// A line that parts what follows from what was before: a name, and what belongs to it.
pub(super) fn parting(name: &str, beside: &str, width: usize) -> Line {
    let mut line = Line::of("-- ", Ink::Plain);
    line.put(name, Ink::Strong).text(" ");
    let end = width.saturating_sub(columns(beside) + 1);
    while line.width() < end {
        line.text("-");
    }
    line.text(" ").text(beside);
    line
}

/// What somebody can choose from, each with its number.
fn choices(choices: &[String], view: &View) -> Vec<Line> {
    const BESIDE: usize = INDENT + 4;
    let width = view.width.saturating_sub(BESIDE);
    let numbered = choices.iter().zip(1..).map(|(choice, n)| {
        let number = Line::of(n.to_string(), Ink::Strong);
        let says = wrap::text(choice, width, Ink::Plain);
        timeline::beside(&[(INDENT, vec![number]), (BESIDE, says)])
    });
    numbered.flatten().collect()
}

/// Findings, what they are about beside them.
pub(super) fn findings(findings: &[Finding], view: &View) -> Vec<Line> {
    let names = findings.iter().map(|finding| finding.about.width()).max();
    let column = INDENT + names.unwrap_or(0) + 2;
    let lines = findings.iter().flat_map(|finding| {
        let start = match finding.about.width() {
            0 => INDENT,
            _ => column,
        };
        let says = wrap::headed(&finding.says, view.width.saturating_sub(start), finding.ink);
        timeline::beside(&[(INDENT, vec![finding.about.clone()]), (start, says)])
    });
    lines.collect()
}
