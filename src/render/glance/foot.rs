//! What the first screen ends with: why it happens, what came of the other runs, what to type next.

use super::others::Others;
use super::{HEADING, INDENT, RunAndReport, beside};
use crate::event::{LabInfo, RunTrace};
use crate::render::paint::Line;
use crate::render::{View, safe, words, wrap};

/// Why it happens, what the other runs gave, what to type next: where no run is drawn, how to see
/// this one.
pub(in crate::render) fn foot(
    lab: &LabInfo,
    one: Option<&str>,
    drawn: Option<RunAndReport<'_>>,
    others: Others<'_>,
    view: &View,
) -> Vec<Line> {
    let lang = view.lang;
    let mut lines = Vec::new();
    let width = view.width.saturating_sub(INDENT + HEADING);
    let text = lab.texts.get(lang);
    let short = text.map(|text| safe::words(&text.short));
    if let Some(short) = short.filter(|short| !short.is_empty()) {
        let why = words::page::heading(lang, words::page::Section::Why);
        lines.extend(beside(why, wrap::marked(&short, width)));
    }
    let is_alone = others.runs.is_empty();
    let others = others.draw(drawn, width, view);
    lines.extend(beside(words::glance::others(lang), others));
    let next = match (one, drawn) {
        (Some(one), _) => next_of_one(lab, one, view),
        (None, drawn) => next(lab, drawn.filter(|_| is_alone).map(|(run, _)| run), view),
    };
    lines.extend(beside(
        words::page::heading(lang, words::page::Section::Next),
        wrap::items(&next, width),
    ));
    lines
}

/// The commands that show more: also the comparison that the lab's own text names. Below one run
/// alone that is of others of the lab it is not: there a cure is compared with what it mends.
fn next(lab: &LabInfo, alone: Option<&RunTrace>, view: &View) -> Vec<String> {
    let mut all = vec![command(lab, "--full"), "--step".into(), "--predict".into()];
    let cure = alone.and_then(|run| Some((run.cures.as_ref()?, &run.name)));
    let own = cure.zip(lab.lab).map(|((bug, cure), lab)| {
        let [bug, cure] = [bug, cure].map(|name| safe::words(name));
        format!("lab compare {lab}:{bug} {lab}:{cure}")
    });
    all.extend(own.or_else(|| {
        let named = comparison(lab, view)?;
        let is_of = |run: &RunTrace| !named.contains(':') || named.contains(&run.name);
        alone.is_none_or(is_of).then_some(named)
    }));
    all
}

/// The same below pairs: how to see one run, and a pair.
fn next_of_one(lab: &LabInfo, run: &str, view: &View) -> Vec<String> {
    let one = format!("--run {}", safe::words(run));
    let mut all = vec![command(lab, &one)];
    all.extend(comparison(lab, view));
    all.push(command(lab, "--full"));
    all
}

/// What shows the lab in another way.
fn command(lab: &LabInfo, option: &str) -> String {
    match lab.lab {
        Some(number) => format!("lab {number} {option}"),
        None => format!("lab run … {option}"),
    }
}

fn comparison(lab: &LabInfo, view: &View) -> Option<String> {
    let text = lab.texts.get(view.lang)?;
    text.comparison().map(safe::words)
}
