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

/// The screen of a lab, which is made while its runs go on.
pub struct Glance<'a> {
    lab: &'a LabInfo,
    runs: &'a [RunHead],
    view: &'a View,
    /// How many of them are over.
    over: usize,
    shown: Option<Shown>,
}

impl<'a> Glance<'a> {
    /// Of a lab with these runs.
    pub fn of(lab: &'a LabInfo, runs: &'a [RunHead], view: &'a View) -> Self {
        Self {
            lab,
            runs,
            view,
            over: 0,
            shown: None,
        }
    }

    /// What it begins with, before anything of its runs is known: the lab's title, which of them is
    /// drawn, and what it asks.
    pub fn opening(&self) -> Document<'a> {
        Document::new(self.view).add(drawn(head(self.lab, self.runs, self.view)))
    }

    /// The next of the runs is over: if it is the one that is shown, it is drawn now, while the
    /// others go on.
    pub fn add(&mut self, run: &RunTrace, report: &Report) {
        if self.over == shown(self.runs) && pairs::of(self.runs).is_empty() {
            self.shown = Some(Shown::of(run, report, self.view));
        }
        self.over += 1;
    }

    /// The rest of it, of those runs that took place: the one that is shown, and what came of each
    /// other one; or each bug beside its cures.
    pub fn rest(self, runs: &[(&RunTrace, &Report)]) -> Document<'a> {
        let (lab, view) = (self.lab, self.view);
        let heads: Vec<RunHead> = runs.iter().map(|(run, _)| run.head()).collect();
        let pairs = pairs::of(&heads);
        if !pairs.is_empty() {
            return Document::new(view).add(drawn(in_pairs(lab, &pairs, runs, view)));
        }
        let place = shown(&heads);
        let Some(&(run, report)) = runs.get(place) else {
            return Document::new(view);
        };
        // Where not all took place, it may be another one.
        let shown = self.shown.filter(|_| place == shown(self.runs));
        let shown = shown.unwrap_or_else(|| Shown::of(run, report, view));
        // What comes next in the lab has most to do with it.
        let others = [&runs[place + 1..], &runs[..place]].concat();
        let above = head(lab, &heads, view).len();
        let parts = |most: Most| {
            let others = Others {
                runs: &others,
                most: most.others,
            };
            let foot = foot(lab, None, Some((run, report)), others, view);
            let [ruler, verdict] = shown.parts(most, view);
            [ruler, verdict, foot]
        };
        let beside = [shown.direction.as_deref(), Some(shown.claim)];
        Document::new(view).add(drawn(fit::fitted(
            above,
            parts,
            &shown.picture,
            beside,
            view,
        )))
    }
}

/// What there is to be drawn of the run that is shown.
struct Shown {
    picture: timeline::Glance,
    ruler: Vec<Line>,
    got: Vec<Line>,
    found: Found,
    /// Which way it is about, where there are others.
    direction: Option<String>,
    claim: &'static str,
}

impl Shown {
    fn of(run: &RunTrace, report: &Report, view: &View) -> Self {
        let flow = report.foremost();
        let is_one_way = report.flows.len() < 2;
        Self {
            picture: timeline::Glance::of(run, report, view),
            ruler: ruler::draw(flow, run, view),
            got: got::draw(run, report, view),
            found: Found::of(run, report, view),
            direction: (!is_one_way).then(|| words::direction(view.lang, flow.direction, run)),
            claim: words::glance::small_print(view.lang, came_true((run, report))),
        }
    }

    /// Its ruler, and what is to be said of it.
    fn parts(&self, most: Most, view: &View) -> [Vec<Line>; 2] {
        let verdict = [self.got.clone(), self.found.draw(most.found, view)].concat();
        [self.ruler.clone(), verdict]
    }
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
    let mut lines = timeline::Glance::of(run, report, view).while_asked(ROOM, view);
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
