//! What the other runs of a lab gave, as short as it can be said.

use super::{RunAndReport, got};
use crate::event::RunTrace;
use crate::render::findings;
use crate::render::paint::{Ink, Line, columns};
use crate::render::{View, safe, timeline, words, wrap};
use crate::report::{Flow, Outcome, Report};

const GAP: usize = 4;
/// What is cut shorter than this says nothing.
const LEAST_WORDS: usize = 20;

/// The other runs of a lab.
#[derive(Clone, Copy)]
pub(in crate::render) struct Others<'a> {
    pub(super) runs: &'a [RunAndReport<'a>],
    pub(super) most: MostOthers,
}

/// How much is said of them.
#[derive(Clone, Copy)]
pub(in crate::render) struct MostOthers {
    pub(super) lines: usize,
    /// Whether only how each came out.
    pub(super) brief: bool,
}

impl<'a> Others<'a> {
    /// All of them.
    pub(in crate::render) fn of(runs: &'a [RunAndReport<'a>]) -> Self {
        let most = MostOthers {
            lines: usize::MAX,
            brief: false,
        };
        Self { runs, most }
    }

    /// As many beside one another as there is room for.
    pub(super) fn draw(
        self,
        drawn: Option<RunAndReport<'_>>,
        width: usize,
        view: &View,
    ) -> Vec<Line> {
        let mut lines: Vec<Line> = Vec::new();
        // How many runs stand on the lines before each.
        let mut before = Vec::new();
        for (place, run) in self.runs.iter().enumerate() {
            let said = if self.most.brief {
                in_brief(*run, view)
            } else {
                said(*run, drawn, width, view)
            };
            let all_lines = lines.len();
            if let Some(line) = lines.last_mut()
                && line.width() + GAP + said.width() <= width
            {
                line.pad_to(line.width() + GAP).append(&said);
            } else if all_lines < self.most.lines {
                lines.push(said);
                before.push(place);
            } else {
                lines.pop();
                let more = self.runs.len() - before.pop().unwrap_or_default();
                let says = words::glance::more_runs(view.lang, more);
                lines.push(Line::of(says, Ink::Plain));
                break;
            }
        }
        lines
    }
}

/// How one of them came out: whether all came whole, and whether something went wrong besides.
fn in_brief((run, report): RunAndReport<'_>, view: &View) -> Line {
    let mut said = Line::of(safe::words(&run.name), Ink::Strong);
    if let Some((mark, ink)) = got::mark(report.foremost(), run, report) {
        said.text(" ").put(mark, ink);
    }
    if matches!(besides(run, report, view), Some((_, Ink::Bad))) {
        said.text(" ")
            .put(words::glance::trouble(view.lang), Ink::Bad);
    }
    said
}

/// What one of them gave.
fn said(
    (run, report): RunAndReport<'_>,
    drawn: Option<RunAndReport<'_>>,
    width: usize,
    view: &View,
) -> Line {
    let flow = report.foremost();
    let mut said = Line::of(safe::words(&run.name), Ink::Strong);
    said.text(": ");
    if drawn.is_some_and(|(_, drawn)| drawn.foremost().direction.from != flow.direction.from) {
        let direction = words::direction(view.lang, flow.direction, run);
        said.text(direction).text(": ");
    }
    let besides = besides(run, report, view);
    let trouble = words::glance::trouble(view.lang);
    let is_bad = matches!(besides, Some((_, Ink::Bad)));
    let kept = if is_bad { columns(trouble) + 1 } else { 0 };
    let room = width.saturating_sub(said.width() + kept);
    said.append(&got::in_few_words(run, report, room, view));
    let room = width.saturating_sub(said.width() + 2);
    match besides {
        Some((says, ink)) if columns(&says) <= room || room >= LEAST_WORDS => {
            said.text("  ").put(wrap::cut(&says, room), ink);
        }
        // That something went wrong is said in any case.
        Some((_, Ink::Bad)) => {
            said.text(" ").put(trouble, Ink::Bad);
        }
        _ => {}
    }
    said
}

/// What is to be said of a run besides what its program got: that it did not come out as claimed,
/// what went wrong, what the kernel held back.
pub(in crate::render) fn besides(
    run: &RunTrace,
    report: &Report,
    view: &View,
) -> Option<(String, Ink)> {
    if report.outcome != Outcome::AsExpected {
        let says = words::claims::outcome(view.lang, report.outcome, false);
        return Some((says, Ink::Bad));
    }
    let mut trouble = findings::trouble(run, report, view).into_iter();
    if let Some(finding) = trouble.next() {
        return Some((finding.says, Ink::Bad));
    }
    if report.foremost().delivery.is_text_in_pieces() {
        let says = words::glance::text_in_pieces(view.lang);
        return Some((says.into(), Ink::Plain));
    }
    let (unsent, time) = waited(report.foremost(), run)?;
    let time = timeline::milliseconds(time);
    Some((words::glance::waited(view.lang, unsent, &time), Ink::Plain))
}

/// How many bytes the kernel was seen to hold back, and how long they then still waited.
fn waited(flow: &Flow, run: &RunTrace) -> Option<(u64, u64)> {
    let (unsent, event) = flow.most_unsent?;
    let left = flow.released?.left_us;
    Some((unsent, left.checked_sub(run.events[event].return_us)?))
}
