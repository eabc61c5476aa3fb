//! The first screen: what makes the point of a lab, on 24 rows of 80 columns.

mod fit;
mod foot;
mod found;
pub(super) mod got;
pub(super) mod others;
mod pairs;

use std::collections::HashSet;

use super::block::{Block, Document};
use super::page::{HEADING, INDENT};
use super::paint::{Ink, Line, columns};
use super::{View, ruler, safe, timeline, title, words, wrap};
use crate::event::{LabInfo, RunHead, RunTrace};
use crate::report::{Outcome, Report};
use fit::Most;
use found::Found;
use pairs::Pair;

pub(super) use foot::foot;
pub(super) use others::Others;

type RunAndReport<'a> = (&'a RunTrace, &'a Report);

/// The rows of a usual terminal, without the one that the prompt takes.
const ROWS: usize = 23;

/// What the screen of a lab begins with, before anything of its runs is known: its title, which
/// of them is drawn, and what it asks.
pub fn glance_opening<'a>(lab: &LabInfo, runs: &[RunHead], view: &'a View) -> Document<'a> {
    Document::new(view).add(drawn(head(lab, runs, view)))
}

/// The rest of it: the run that is shown, and what came of each other one; or each bug beside its
/// cures.
pub fn glance<'a>(lab: &LabInfo, runs: &[(&RunTrace, &Report)], view: &'a View) -> Document<'a> {
    let heads: Vec<RunHead> = runs.iter().map(|(run, _)| run.head()).collect();
    let pairs = pairs::of(&heads);
    if !pairs.is_empty() {
        return Document::new(view).add(drawn(in_pairs(lab, &pairs, runs, view)));
    }
    let shown = shown(&heads);
    let Some(&(run, report)) = runs.get(shown) else {
        return Document::new(view);
    };
    // What comes next in the lab has most to do with it.
    let others = [&runs[shown + 1..], &runs[..shown]].concat();
    let flow = report.foremost();
    let above = head(lab, &heads, view).len();
    let picture = timeline::Glance::of(run, report, view);
    let claim = words::glance::small_print(view.lang, came_true((run, report)));
    // Which way it is about, where there are others.
    let direction =
        (report.flows.len() > 1).then(|| words::direction(view.lang, flow.direction, run));
    let beside = [direction.as_deref(), Some(claim)];
    let (ruler, got) = (ruler::draw(flow, run, view), got::draw(flow, run, view));
    let found = Found::of(run, report, view);
    let parts = |most: Most| {
        let verdict = [got.clone(), found.draw(most.found, view)].concat();
        let others = Others {
            runs: &others,
            most: most.others,
        };
        let foot = foot(lab, None, Some((run, report)), others, view);
        [ruler.clone(), verdict, foot]
    };
    Document::new(view).add(drawn(fit::fitted(above, parts, &picture, beside, view)))
}

/// The rest of a screen of pairs.
fn in_pairs(lab: &LabInfo, pairs: &[Pair], runs: &[RunAndReport<'_>], view: &View) -> Vec<Line> {
    let above = head(lab, &[], view).len();
    let mut lines = pairs::draw(pairs, runs, view);
    let all_true = runs.iter().copied().all(came_true);
    let claim = words::glance::small_print(view.lang, all_true);
    lines.push(at_the_end(Line::new(), claim, Ink::Faint, view));
    let in_pairs: HashSet<usize> = pairs.iter().flat_map(Pair::places).collect();
    let others = runs.iter().enumerate();
    let others = others.filter(|(place, _)| !in_pairs.contains(place));
    let others: Vec<RunAndReport<'_>> = others.map(|(_, run)| *run).collect();
    let first = &runs[pairs[0].bug].0.name;
    lines.extend(foot(lab, Some(first), None, Others::of(&others), view));
    if above + lines.len() < ROWS {
        lines.insert(0, Line::new());
    }
    lines
}

/// Whether all that the lab claims of a run came true.
fn came_true((run, report): RunAndReport<'_>) -> bool {
    report.outcome == Outcome::AsExpected && !run.claims.is_empty()
}

fn drawn(lines: Vec<Line>) -> Block<'static> {
    Block::Drawn(Box::new(lines.into_iter()))
}

/// One run by itself, below a verdict that says what it returned and has to stay on the screen.
pub(super) fn picture<'a>(run: &RunTrace, report: &Report, view: &'a View) -> Document<'a> {
    /// The rows that the picture may take, its heading among them.
    const ROOM: usize = 9;
    let flow = report.foremost();
    let (mut lines, _) = timeline::Glance::of(run, report, view).within(ROOM, view);
    lines.extend(ruler::draw(flow, run, view));
    lines.extend(Found::of(run, report, view).draw(2, view));
    Document::new(view).add(drawn(lines))
}

/// The place of the run whose picture is shown.
fn shown(runs: &[RunHead]) -> usize {
    let place = runs.iter().position(|run| run.shown_first);
    place.unwrap_or_default()
}

/// The lab's title, which of its runs this is, and what it asks.
fn head(lab: &LabInfo, runs: &[RunHead], view: &View) -> Vec<Line> {
    let which = match runs.get(shown(runs)) {
        None => String::new(),
        Some(_) if !pairs::of(runs).is_empty() => words::glance::runs(view.lang, runs.len()),
        Some(run) => words::glance::which_run(view.lang, &safe::words(&run.name), runs.len()),
    };
    let title = at_the_end(title::title_line(lab, view), &which, Ink::Plain, view);
    let mut lines = title.fold(view.width);
    let text = lab.texts.get(view.lang);
    let question = text.map(|text| safe::words(&text.question));
    if let Some(question) = question.filter(|question| !question.is_empty()) {
        lines.extend(wrap::marked(&question, view.width));
    }
    lines
}

/// Adds what stands at the right edge, if there is room.
fn at_the_end(mut line: Line, says: &str, ink: Ink, view: &View) -> Line {
    let start = view.width.saturating_sub(columns(says));
    if !says.is_empty() && line.width() + 2 <= start {
        line.pad_to(start).put(says, ink);
    }
    line
}

/// Lines with a heading beside the first.
fn beside(heading: &str, lines: Vec<Line>) -> Vec<Line> {
    if lines.is_empty() {
        return lines;
    }
    let heading = vec![Line::of(heading, Ink::Strong)];
    timeline::beside(&[(INDENT, heading), (INDENT + HEADING, lines)])
}
