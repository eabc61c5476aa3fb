//! Bugs beside their cures: what went wrong, and what the cure got, in a line or two each.

use std::collections::HashMap;

use super::{RunAndReport, got, words};
use crate::event::{RunHead, RunTrace};
use crate::render::paint::{Ink, Line};
use crate::render::{View, findings, safe, timeline, wrap};
use crate::report::{Flow, Outcome, Report};

/// The most pairs that have room.
const MOST: usize = 6;
/// The most lines of what went wrong, unless it is what the kernel held back.
const MOST_LINES: usize = 2;
/// How far what is said stands in from the name above it.
const IN: usize = 2;
const GAP: usize = 2;
/// The least width of what stands beside something else.
const LEAST: usize = 26;

/// A bug and its cures, by their places among the runs.
pub(super) struct Pair {
    pub(super) bug: usize,
    pub(super) cures: Vec<usize>,
}

impl Pair {
    pub(super) fn places(&self) -> impl Iterator<Item = usize> {
        std::iter::once(self.bug).chain(self.cures.iter().copied())
    }
}

/// Each bug that has a cure among the runs, with its cures.
pub(super) fn of(runs: &[RunHead]) -> Vec<Pair> {
    let mut bugs: HashMap<&str, usize> = HashMap::new();
    for (place, run) in runs.iter().enumerate() {
        bugs.entry(&run.name).or_insert(place);
    }
    let mut pairs: Vec<Pair> = Vec::new();
    let mut pair_of: HashMap<usize, usize> = HashMap::new();
    for (place, run) in runs.iter().enumerate() {
        let cures = run.cures.as_deref();
        let Some(&bug) = cures.and_then(|bug| bugs.get(bug)) else {
            continue;
        };
        let pair = *pair_of.entry(bug).or_insert_with(|| {
            let cures = Vec::new();
            pairs.push(Pair { bug, cures });
            pairs.len() - 1
        });
        pairs[pair].cures.push(place);
    }
    pairs
}

/// Each bug, its cures beside it, or below it where there is no room.
pub(super) fn draw(pairs: &[Pair], runs: &[RunAndReport<'_>], view: &View) -> Vec<Line> {
    let room = view.width.saturating_sub(super::INDENT);
    // What went wrong takes more words.
    let left = (room - GAP) * 3 / 5;
    let right = room - GAP - left;
    let mut lines = Vec::new();
    for pair in pairs.iter().take(MOST) {
        let is_held = runs[pair.bug]
            .1
            .foremost()
            .most_unsent
            .is_some_and(|(unsent, _)| unsent > 0);
        let cures = pair.cures.iter().map(|&place| runs[place]);
        let parts = if right >= LEAST {
            let cures = cures
                .flat_map(|run| cure(run, is_held, right, view))
                .collect();
            let start = super::INDENT + left + GAP;
            vec![
                (super::INDENT, bug(runs[pair.bug], left, view)),
                (start, cures),
            ]
        } else {
            let mut all = bug(runs[pair.bug], room, view);
            all.extend(cures.flat_map(|run| cure(run, is_held, room, view)));
            vec![(super::INDENT, all)]
        };
        lines.extend(timeline::beside(&parts));
    }
    if let more @ 1.. = pairs.len().saturating_sub(MOST) {
        let says = words::glance::more_runs(view.lang, more);
        lines.extend(wrap::text(&says, view.width, Ink::Plain));
    }
    lines
}

/// What was sent, and what went wrong.
fn bug((run, report): RunAndReport<'_>, width: usize, view: &View) -> Vec<Line> {
    let room = width.saturating_sub(IN);
    let flow = report.foremost();
    let held = held(flow, run, report, view);
    let mut name = name(run, report);
    name.text(" · ")
        .text(words::glance::sent(view.lang))
        .text(" ");
    let left = width.saturating_sub(name.width());
    name.append(&got::sent_in_brief(flow, run, left, view));
    let says = match trouble(run, report, view) {
        Some(says) => wrap::in_few_lines(&says, MOST_LINES, room, Ink::Plain),
        None if held.is_empty() => vec![got(flow, run, room, view)],
        // They came whole: what is wrong is when.
        None => [
            vec![got(flow, run, room, view)],
            wrap::text(&held, room, Ink::Plain),
        ]
        .concat(),
    };
    below(name, says)
}

/// What the cure got, or the error that it rightly ends with, and what its kernel held back: where
/// that was the bug, also that it was nothing.
fn cure((run, report): RunAndReport<'_>, is_held: bool, width: usize, view: &View) -> Vec<Line> {
    let room = width.saturating_sub(IN);
    let name = name(run, report);
    if report.is_right(run) != Some(true) || report.outcome != Outcome::AsExpected {
        let says = trouble(run, report, view);
        let got = || vec![got(report.foremost(), run, room, view)];
        return below(
            name,
            says.map_or_else(got, |says| {
                wrap::in_few_lines(&says, MOST_LINES, room, Ink::Plain)
            }),
        );
    }
    let error = |failed: &usize| run.events[*failed].error.as_deref();
    if let Some(error) = report.failed.iter().find_map(error) {
        return below(
            name,
            wrap::in_few_lines(
                &words::failure(view.lang, error),
                MOST_LINES,
                room,
                Ink::Plain,
            ),
        );
    }
    // Where all came the answers are the point: they come last.
    let answers = report.flows.last().unwrap_or_else(|| report.foremost());
    let mut says = vec![got(answers, run, room, view)];
    let mut held = held(report.foremost(), run, report, view);
    if is_held && matches!(report.foremost().most_unsent, Some((0, _))) {
        held = words::glance::none_held(view.lang).into();
    }
    if !held.is_empty() {
        says.extend(wrap::text(&held, room, Ink::Plain));
    }
    below(name, says)
}

/// What the sender's kernel held back.
fn held(flow: &Flow, run: &RunTrace, report: &Report, view: &View) -> String {
    let held = findings::held(flow, run, report, view).into_iter();
    let says: Vec<String> = held.map(|finding| finding.says).collect();
    says.join(words::between_sentences(view.lang))
}

/// The run's name, and whether its program did right: a cure is one only if the run says so.
fn name(run: &RunTrace, report: &Report) -> Line {
    let (mark, ink) = match report.is_right_and_prompt(run) {
        Some(true) => ("✓", Ink::Good),
        Some(false) => ("✗", Ink::Bad),
        None => ("?", Ink::Plain),
    };
    let mut name = Line::of(mark, ink);
    name.text(" ").put(safe::words(&run.name), Ink::Strong);
    name
}

fn below(name: Line, says: Vec<Line>) -> Vec<Line> {
    let mut lines = vec![name];
    lines.extend(timeline::beside(&[(IN, says)]));
    lines
}

/// That it did not come out as claimed, or the first thing that went wrong in it.
fn trouble(run: &RunTrace, report: &Report, view: &View) -> Option<String> {
    if report.outcome != Outcome::AsExpected {
        return Some(words::claims::outcome(view.lang, report.outcome, false));
    }
    let mut trouble = findings::trouble(run, report, view).into_iter();
    trouble.next().map(|finding| finding.says)
}

/// What the program got.
fn got(flow: &Flow, run: &RunTrace, width: usize, view: &View) -> Line {
    let mut line = Line::new();
    if !got::is_many(flow) {
        line.text(words::glance::got(view.lang)).text(" ");
    }
    let room = width.saturating_sub(line.width());
    line.append(&got::without_mark(flow, run, room, view));
    line
}
