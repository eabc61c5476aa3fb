//! Runs beside one another: what followed each write, one ruler of bytes, and what they differ in.

mod glance;
mod table;

use std::iter;

use super::block::{Block, Document};
use super::findings::{self, Finding};
use super::paint::{Ink, Line, columns};
use super::ruler;
use super::{Detail, View, facts, legend, page, plain, run, timeline, title, wrap};
use crate::report::Reported;
use crate::report::compare::{Aspect, Comparison};
use crate::safe;
use crate::words::{self, list};
pub use glance::ComparedSteps;
use table::{RunColumns, table};

const INDENT: usize = 2;
const GAP: usize = 3;
/// From this width on a run's rulers and findings stand below its own column.
const BESIDE: usize = 72;

impl Reported<'_> {
    /// Its name, as a person types it: `3:leftover`.
    fn name(&self) -> String {
        let run = safe::words(&self.run.name);
        match self.lab.lab {
            Some(number) => format!("{number}:{run}"),
            None => format!("{}:{run}", safe::words(&self.lab.slug)),
        }
    }

    /// How it is drawn: whether a kernel was asked may differ from run to run.
    fn view(&self, view: &View) -> View {
        View {
            has_evidence: !self.lab.evidence.is_empty(),
            ..*view
        }
    }
}

/// Runs beside one another, two or three of them.
pub fn compare<'a>(
    runs: &'a [Reported<'a>],
    compared: &Comparison,
    view: &'a View,
) -> Document<'a> {
    let names: Vec<String> = runs.iter().map(Reported::name).collect();
    let says = words::compare::verdict(view.lang, compared);
    Document::new(view)
        .either(
            || match view.detail {
                Detail::Glance => glance::draw(runs, view),
                Detail::Full => draw(runs, compared, &names, view),
            },
            || facts(runs, compared, &names, view),
        )
        .add(Block::Verdict(says, Ink::Strong))
}

fn draw(runs: &[Reported<'_>], compared: &Comparison, names: &[String], view: &View) -> Vec<Line> {
    let mut lines = vec![heading(names, view)];
    lines.extend(opening(runs, names, view));
    lines.push(Line::new());
    let layout = RunColumns::of(runs.len(), view);
    lines.extend(table(runs, names, &layout, view));
    lines.push(Line::new());
    lines.extend(below(runs, names, &layout, view));
    lines.push(Line::new());
    lines.extend(differences(runs, compared, names, &layout, view));
    lines
}

/// What happened in each run, and what differs.
fn facts<'a>(
    runs: &'a [Reported<'a>],
    compared: &Comparison,
    names: &[String],
    view: &'a View,
) -> impl Iterator<Item = String> + use<'a> {
    let lang = view.lang;
    let first = iter::once(words::compare::compared(lang, names));
    let facts = runs.iter().zip(names.to_vec()).flat_map(|(run, name)| {
        let view = run.view(view);
        let said = facts::of(run.run, run.report, view);
        let verdicts = run::verdicts(run.run, run.report, &view).into_iter();
        let verdicts = verdicts.flat_map(move |found| plain::facts(found, &view));
        said.chain(verdicts)
            .map(move |fact| format!("{name}: {fact}"))
    });
    let mut differences = Vec::new();
    for (name, values) in rows(runs, compared, view) {
        for (value, run) in values.iter().zip(names) {
            differences.push(words::compare::differs_in(lang, name, run, value));
        }
    }
    first.chain(facts).chain(differences)
}

fn heading(names: &[String], view: &View) -> Line {
    let title = words::compare::title(view.lang);
    Line::of(format!("{title} · {}", names.join(" | ")), Ink::Strong)
}

/// Which runs these are, and what each letter stands for: said once if it is the same in all.
fn opening(runs: &[Reported<'_>], names: &[String], view: &View) -> Vec<Line> {
    let longest = names.iter().map(|name| columns(name)).max();
    let start = INDENT + longest.unwrap_or(0) + GAP;
    let narrow = view.within(view.width.saturating_sub(start));
    let of = |run: &Reported<'_>| legend::draw(run.run, run.report, &narrow);
    let legends: Vec<Vec<Line>> = runs.iter().map(of).collect();
    let same = legends.windows(2).all(|pair| pair[0] == pair[1]);
    let mut lines = Vec::new();
    for (i, (run, legend)) in runs.iter().zip(legends).enumerate() {
        let transport = run.run.transport.to_string();
        let title = list::parts(
            view.lang,
            [title::title_line(run.lab, view).words(), transport],
        );
        let mut about = wrap::text(&title, narrow.width, Ink::Plain);
        if !same || i + 1 == runs.len() {
            about.extend(legend);
        }
        let name = vec![Line::of(&names[i], Ink::Strong)];
        lines.extend(timeline::beside(&[(INDENT, name), (start, about)]));
    }
    lines
}

/// The rulers on one scale, and what was found out of each run: below its column if there is room
/// for that, else one run below the other.
fn below(runs: &[Reported<'_>], names: &[String], layout: &RunColumns, view: &View) -> Vec<Line> {
    let beside = layout.each >= BESIDE;
    // Below one another the rulers have the whole width, beside one another their columns.
    let narrow = view.within(if beside { layout.each } else { view.width });
    let flows = runs.iter().flat_map(|run| &run.report.flows);
    let common = ruler::Common::of(flows, &narrow);
    let mut parts = Vec::new();
    for (i, (run, name)) in runs.iter().zip(names).enumerate() {
        let mut part = Vec::new();
        let head = Line::of(name, Ink::Strong);
        part.extend(page::indent(vec![head], INDENT));
        let narrow = run.view(&narrow);
        for flow in &run.report.flows {
            if run.report.flows.len() > 1 {
                let direction = words::direction(view.lang, flow.direction, run.run);
                part.extend(page::indent(vec![Line::of(direction, Ink::Strong)], INDENT));
            }
            part.extend(ruler::draw_on(&common, flow, run.run, &narrow));
        }
        part.push(Line::new());
        let found: Vec<Finding> = findings::findings(run.run, run.report, &narrow);
        part.extend(page::findings(&found, &narrow));
        parts.push((layout.start(i).saturating_sub(INDENT), part));
    }
    if beside {
        return timeline::beside(&parts);
    }
    let mut lines = Vec::new();
    for (i, (_, part)) in parts.into_iter().enumerate() {
        if i > 0 {
            lines.push(Line::new());
        }
        lines.extend(part);
    }
    lines
}

/// What differs, with what each run has: facet by facet what the scripts have, then the files that
/// are left.
fn rows(
    runs: &[Reported<'_>],
    compared: &Comparison,
    view: &View,
) -> Vec<(&'static str, Vec<String>)> {
    let lang = view.lang;
    let scripts = compared.scripts.iter().map(|difference| {
        let values = words::differ::describe(difference, lang);
        let values = values.iter().map(|value| safe::words(value));
        (
            words::compare::facet(lang, difference.facet),
            values.collect(),
        )
    });
    let mut rows: Vec<(&'static str, Vec<String>)> = scripts.collect();
    if compared.differs.contains(&Aspect::Files) {
        let left = runs.iter().map(|run| left(run, view));
        rows.push((words::compare::files(lang), left.collect()));
    }
    for (_, values) in &mut rows {
        for value in values.iter_mut().filter(|value| value.is_empty()) {
            value.push('-');
        }
    }
    rows
}

/// A value that nobody would read to its end.
fn shorten(value: &str) -> String {
    const MOST: usize = 160;
    if value.chars().count() <= MOST {
        return value.into();
    }
    let head: String = value.chars().take(MOST - 3).collect();
    head + "..."
}

/// The files that a run's receiver is left with.
fn left(run: &Reported<'_>, view: &View) -> String {
    let files = run.report.flows.iter().filter_map(|flow| flow.files.last());
    let there = files.map(|file| match &file.directory {
        Some(there) => words::directory(view.lang, there),
        None => words::compare::not_known(view.lang).into(),
    });
    list::parts(view.lang, there)
}

/// What the runs differ in, below their columns.
fn differences(
    runs: &[Reported<'_>],
    compared: &Comparison,
    names: &[String],
    layout: &RunColumns,
    view: &View,
) -> Vec<Line> {
    let rows = rows(runs, compared, view);
    if rows.is_empty() {
        return Vec::new();
    }
    let mut lines = vec![layout.names(words::compare::differs(view.lang), names)];
    for (name, values) in rows {
        let mut columns = vec![(INDENT, vec![Line::of(name, Ink::Plain)])];
        for (i, value) in values.iter().enumerate() {
            let cell = wrap::text(&shorten(value), layout.each, Ink::Plain);
            columns.push((layout.start(i), cell));
        }
        lines.extend(timeline::beside(&columns));
    }
    lines.push(Line::new());
    lines
}
