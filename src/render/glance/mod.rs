//! The first screen: what makes the point of a lab, on 24 rows of 80 columns.

mod foot;
pub(super) mod got;
pub(super) mod others;
mod pairs;

use std::collections::HashSet;

use super::block::{Block, Document};
use super::findings::{self, Finding};
use super::page::{self, HEADING, INDENT};
use super::paint::{Ink, Line, columns};
use super::{View, claims, ruler, safe, timeline, title, words, wrap};
use crate::event::{LabInfo, RunTrace};
use crate::report::{Outcome, Report};
use pairs::Pair;

pub(super) use foot::foot;
pub use pairs::Named;

type RunAndReport<'a> = (&'a RunTrace, &'a Report);

/// The rows of a usual terminal, without the one that the prompt takes.
const ROWS: usize = 23;
/// The least of the picture that still shows something, its heading among it.
const LEAST_PICTURE: usize = 7;
/// As many rows as a picture takes that has much to say.
const FULL_PICTURE: usize = 12;
/// The most rows of a screen.
const MOST_ROWS: usize = 29;
/// The most lines of what was found out.
const MOST_FOUND: usize = 4;

/// What the screen of a lab begins with, before anything of its runs is known: its title, which
/// of them is drawn, and what it asks.
pub fn glance_opening<'a>(lab: &LabInfo, runs: &[Named<'_>], view: &'a View) -> Document<'a> {
    Document::new(view).add(drawn(head(lab, runs, view)))
}

/// The rest of it: the first run, and what came of each other one; or each bug beside its cures.
pub fn glance<'a>(lab: &LabInfo, runs: &[(&RunTrace, &Report)], view: &'a View) -> Document<'a> {
    let named: Vec<Named<'_>> = runs.iter().map(|(run, _)| pairs::named(run)).collect();
    let pairs = pairs::of(&named);
    if !pairs.is_empty() {
        return Document::new(view).add(drawn(in_pairs(lab, &pairs, runs, view)));
    }
    let Some((&(run, report), others)) = runs.split_first() else {
        return Document::new(view);
    };
    let flow = report.foremost();
    let mut verdict = got::draw(flow, run, view);
    verdict.extend(found(MOST_FOUND, run, report, view));
    let above = head(lab, &named, view).len();
    let parts = [
        Vec::new(),
        ruler::draw(flow, run, view),
        verdict,
        foot(lab, None, Some(runs[0]), others, view),
    ];
    let picture = |room, most| timeline::draw_within(room, most, run, report, view);
    let came_true = came_true((run, report));
    let claim = Some(words::glance::small_print(view.lang, came_true));
    // Which way it is about, where there are others.
    let direction =
        (report.flows.len() > 1).then(|| words::direction(view.lang, flow.direction, run));
    let beside = [direction.as_deref(), claim];
    Document::new(view).add(drawn(fitted(above, parts, picture, beside, view)))
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
    lines.extend(foot(lab, Some(first), None, &others, view));
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
    let mut lines = timeline::draw_within(ROOM, ROOM, run, report, view);
    lines.extend(ruler::draw(flow, run, view));
    lines.extend(found(2, run, report, view));
    Document::new(view).add(drawn(lines))
}

/// Puts the parts below one another, the picture first and in what room is left. Of the free lines
/// before them the least needed go first, then the middle of the picture.
fn fitted(
    above: usize,
    mut parts: [Vec<Line>; 4],
    picture: impl Fn(usize, usize) -> Vec<Line>,
    [direction, claim]: [Option<&str>; 2],
    view: &View,
) -> Vec<Line> {
    /// The parts before which there is a free line, the one that is given up last in front.
    const FREE: [usize; 4] = [VERDICT, 0, 3, 1];
    const VERDICT: usize = 2;
    let fixed: usize = above + parts.iter().map(Vec::len).sum::<usize>();
    let whole = picture(usize::MAX, usize::MAX);
    let spare = ROWS.saturating_sub(fixed + whole.len());
    let free = &FREE[..spare.clamp(1, FREE.len())];
    parts[0] = if spare > 0 {
        whole
    } else {
        let room = |rows: usize| rows.saturating_sub(fixed + free.len());
        let most = FULL_PICTURE.min(room(MOST_ROWS));
        picture(room(ROWS).max(LEAST_PICTURE), most)
    };
    let mut lines = Vec::new();
    for (place, part) in parts.into_iter().enumerate() {
        // That a lab's author was right is small print: it is no praise of the program shown.
        let [direction, claim] =
            [direction, claim].map(|says| says.filter(|_| place == VERDICT).unwrap_or_default());
        if free.contains(&place) && !part.is_empty() {
            let mut line = Line::new();
            line.pad_to(INDENT * usize::from(!direction.is_empty()));
            line.text(direction);
            lines.push(at_the_end(line, claim, Ink::Faint, view));
        }
        lines.extend(part);
    }
    lines
}

/// The lab's title, which of its runs this is, and what it asks.
fn head(lab: &LabInfo, runs: &[Named<'_>], view: &View) -> Vec<Line> {
    let which = match runs.first() {
        None => String::new(),
        Some(_) if !pairs::of(runs).is_empty() => words::glance::runs(view.lang, runs.len()),
        Some((first, _)) => words::glance::which_run(view.lang, &safe::words(first), runs.len()),
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

/// Where edges were lost, what cut messages, what the sender's kernel held back, what failed, and
/// a claim that did not come true: that first.
fn found(most: usize, run: &RunTrace, report: &Report, view: &View) -> Vec<Line> {
    let mut found = Vec::new();
    if report.outcome != Outcome::AsExpected {
        found.extend(claims::outcome(run, report, view));
    }
    let mut bad = findings::findings(run, report, view);
    bad.retain(|finding| finding.ink == Ink::Bad);
    found.extend(bad);
    let held = findings::held(report.foremost(), run, report, view);
    let more = (found.len() + held.len()).saturating_sub(most);
    if more > 0 {
        found.truncate(most.saturating_sub(held.len() + 1));
        found.push(Finding::plain(words::more_like_these(view.lang, more + 1)));
    }
    found.extend(held);
    page::findings(&found, view)
}

/// Lines with a heading beside the first.
fn beside(heading: &str, lines: Vec<Line>) -> Vec<Line> {
    if lines.is_empty() {
        return lines;
    }
    let heading = vec![Line::of(heading, Ink::Strong)];
    timeline::beside(&[(INDENT, heading), (INDENT + HEADING, lines)])
}
