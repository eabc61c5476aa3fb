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
use crate::event::{LabInfo, RunHead, RunTrace};
use crate::report::{Outcome, Report};
use others::MostOthers;
use pairs::Pair;
use timeline::Tells;

pub(super) use foot::foot;
pub(super) use others::Others;

type RunAndReport<'a> = (&'a RunTrace, &'a Report);

/// The rows of a usual terminal, without the one that the prompt takes.
const ROWS: usize = 23;
/// The least of the picture that still shows something, its heading among it.
const LEAST_PICTURE: usize = 7;
/// As many rows as a picture takes that has much to say.
const FULL_PICTURE: usize = 12;
/// The most rows of a screen.
const MOST_ROWS: usize = 29;

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
    let parts = |most: Most| {
        let mut verdict = got::draw(flow, run, view);
        verdict.extend(found(most.found, run, report, view));
        let others = Others {
            runs: &others,
            most: most.others,
        };
        let foot = foot(lab, None, Some((run, report)), others, view);
        [ruler::draw(flow, run, view), verdict, foot]
    };
    Document::new(view).add(drawn(fitted(above, parts, &picture, beside, view)))
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
    lines.extend(found(2, run, report, view));
    Document::new(view).add(drawn(lines))
}

/// Puts the parts below one another, the picture first and in what room is left. Of the free lines
/// before them the least needed go first, then what is said at length, so that what makes the point
/// of the picture stays.
fn fitted(
    above: usize,
    parts: impl Fn(Most) -> [Vec<Line>; 3],
    picture: &timeline::Glance,
    beside: [Option<&str>; 2],
    view: &View,
) -> Vec<Line> {
    let mut shortest = None;
    for most in Most::EVER_LESS {
        let parts = parts(most);
        let fixed = above + parts.iter().map(Vec::len).sum::<usize>();
        let room = ROWS.saturating_sub(fixed + 1);
        let (lines, tells) = picture.within(room.max(LEAST_PICTURE), view);
        if tells >= most.tells && lines.len() <= room {
            let spare = room - lines.len();
            return with_free_lines(lines, parts, spare, beside, view);
        }
        shortest = Some((parts, fixed));
    }
    let (parts, fixed) = shortest.expect("there is a least");
    let room = |rows: usize| rows.saturating_sub(fixed + 1).max(LEAST_PICTURE);
    // The lowest of those that tell most.
    let rooms = room(ROWS)..=room(MOST_ROWS).min(FULL_PICTURE);
    let pictures = rooms.map(|room| picture.within(room, view)).rev();
    let lines = pictures.max_by_key(|(_, tells)| (*tells).min(Tells::All));
    let lines = lines.map_or_else(Vec::new, |(lines, _)| lines);
    with_free_lines(lines, parts, 0, beside, view)
}

/// Of findings, and of lines on other runs, so many at the most.
#[derive(Clone, Copy)]
struct Most {
    found: usize,
    others: MostOthers,
    /// How much of the picture has to stand beside it.
    tells: Tells,
}

impl Most {
    const EVER_LESS: [Self; 5] = [
        Self::of(4, 6, false, Tells::Whole),
        Self::of(4, 4, false, Tells::All),
        Self::of(3, 3, true, Tells::All),
        Self::of(2, 3, true, Tells::All),
        Self::of(2, 2, true, Tells::All),
    ];

    const fn of(found: usize, lines: usize, brief: bool, tells: Tells) -> Self {
        let others = MostOthers { lines, brief };
        Self {
            found,
            others,
            tells,
        }
    }
}

/// The parts below one another, with so many free lines, and one in any case.
fn with_free_lines(
    picture: Vec<Line>,
    [ruler, verdict, foot]: [Vec<Line>; 3],
    spare: usize,
    [direction, claim]: [Option<&str>; 2],
    view: &View,
) -> Vec<Line> {
    const VERDICT: usize = 2;
    /// The parts before which there is a free line, the one that is given up last in front.
    const FREE: [usize; 4] = [VERDICT, 0, 3, 1];
    let free = &FREE[..(spare + 1).min(FREE.len())];
    let parts = [picture, ruler, verdict, foot];
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

/// Where edges were lost, what cut messages, what the sender's kernel held back, what failed, and
/// a claim that did not come true: that first.
fn found(most: usize, run: &RunTrace, report: &Report, view: &View) -> Vec<Line> {
    let mut found = Vec::new();
    if report.outcome != Outcome::AsExpected {
        found.extend(claims::outcome(run, report, view));
    }
    let mut bad = findings::findings(run, report, view);
    bad.retain(|finding| finding.ink == Ink::Bad);
    // Of files it is said above what became of them.
    let files = report.flows.iter().flat_map(|flow| &flow.files);
    let files: Vec<String> = files.map(|file| words::received(view.lang, file)).collect();
    bad.retain(|finding| !files.contains(&finding.says));
    if found.len() + bad.len() > most {
        // What the program got wrong is more than where the edges went.
        let trouble = findings::trouble(run, report, view);
        let is_trouble = |finding: &Finding| trouble.iter().any(|it| it.says == finding.says);
        bad.sort_by_key(|finding| !is_trouble(finding));
    }
    found.extend(bad);
    let held = findings::held(report.foremost(), run, report, view);
    let room = most.saturating_sub(held.len()).max(1);
    if found.len() > room {
        let kept = room.saturating_sub(1).max(1);
        let more = found.len() - kept;
        found.truncate(kept);
        found.push(Finding::plain(words::more_like_these(view.lang, more)));
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
