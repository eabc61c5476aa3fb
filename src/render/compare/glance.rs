//! Runs beside one another on one screen: what each program got, read by read, and the rulers; or
//! revealed step by step, a read of each run at a time.

use super::table::RunColumns;
use super::{INDENT, ruler};
use crate::event::RunTrace;
use crate::render::block::Block;
use crate::render::glance::{got, others};
use crate::render::paint::{Ink, Line};
use crate::render::step::{Stepped, foot, on_screen};
use crate::render::{View, page, timeline, wrap};

use crate::report::compare::Comparison;
use crate::report::{Flow, Reported};
use crate::words::{self, picture::RulerRow};

/// The most lines of reads: with more their middle is left out.
const MOST: usize = 12;

/// Runs beside one another that are revealed read by read.
pub struct ComparedSteps<'a> {
    /// The runs.
    pub runs: &'a [Reported<'a>],
    /// What came of holding them against one another.
    pub comparison: &'a Comparison,
}

/// What stands on the screen, from the top: what was sent and what was got of it, the reads row by
/// row, the rulers.
struct Parts {
    head: Vec<Line>,
    reads: Vec<Line>,
    rulers: Vec<Line>,
}

/// All but the sentence that says what made the difference.
pub(super) fn draw(runs: &[Reported<'_>], view: &View) -> Vec<Line> {
    let Parts {
        head,
        reads,
        rulers,
    } = Parts::of(runs, None, MOST, view);
    [head, reads, rulers].concat()
}

/// The direction that is shown of each run.
fn flows<'a>(runs: &'a [Reported<'_>]) -> Vec<&'a Flow> {
    runs.iter().map(|run| run.report.foremost()).collect()
}

impl Parts {
    /// With no more than so many reads of each run, if that is said; what the programs got of all
    /// is not told then. The reads take so many lines at most.
    fn of(runs: &[Reported<'_>], until: Option<usize>, most: usize, view: &View) -> Self {
        let lang = view.lang;
        let names: Vec<String> = runs.iter().map(Reported::name).collect();
        let layout = RunColumns::of(runs.len(), view);
        let whole = flows(runs);
        let flows: Vec<Flow> = whole.iter().map(|flow| so_far(flow, until)).collect();
        let each = |cell: &dyn Fn(&RunTrace, &Flow) -> Line| -> Vec<Vec<Line>> {
            let both = runs.iter().zip(&flows);
            both.map(|(run, flow)| vec![cell(run.run, flow)]).collect()
        };
        let got = |(run, flow): (&Reported<'_>, &Flow)| {
            vec![got::in_brief(flow, run.run, run.report, layout.each, view)]
        };
        let mut head = vec![layout.names("", &names)];
        let sent = each(&|run, flow| got::sent_in_brief(flow, run, layout.each, view));
        head.extend(layout.row(words::glance::sent(lang), sent));
        let got = match until {
            None => runs.iter().zip(&flows).map(got).collect(),
            Some(_) => Vec::new(),
        };
        head.extend(layout.row(words::glance::got(lang), got));
        if until.is_none() {
            let besides = runs.iter().map(|run| besides(run, layout.each, view));
            let besides: Vec<_> = besides.collect();
            if besides.iter().any(|lines| !lines.is_empty()) {
                head.extend(layout.row("", besides));
            }
        }
        let common = ruler::Common::of(whole, view);
        let scale = common.scale_within(layout.each.saturating_sub(1));
        let rulers = [RulerRow::Writes, RulerRow::Recvs]
            .into_iter()
            .flat_map(|row| {
                let marks = each(&|run, flow| ruler::marks(row, flow, run, &scale));
                layout.row(words::picture::ruler_row(lang, row), marks)
            });
        let rulers = rulers.collect();
        let all = flows.iter().map(|flow| flow.ranges.reads.len()).max();
        let read = |place| read(place, runs, &flows, &layout, view);
        let reads = within(most, all.unwrap_or(0), read, view);
        Self {
            head,
            reads,
            rulers,
        }
    }
}

/// What else is to be said of a run, in few lines.
fn besides(run: &Reported<'_>, width: usize, view: &View) -> Vec<Line> {
    const MOST: usize = 3;
    let says = others::besides(run.run, run.report, &run.view(view));
    let lines = says.map(|(says, ink)| wrap::in_few_lines(&says, MOST, width, ink));
    lines.unwrap_or_default()
}

/// A direction as it stood after so many reads.
fn so_far(flow: &Flow, until: Option<usize>) -> Flow {
    let mut flow = flow.clone();
    flow.ranges.reads.truncate(until.unwrap_or(usize::MAX));
    flow
}

/// The read at this place of each run, beside one another.
fn read(
    place: usize,
    runs: &[Reported<'_>],
    flows: &[Flow],
    layout: &RunColumns,
    view: &View,
) -> Vec<Line> {
    let at = |flow: &Flow| flow.ranges.reads.get(place).map(|read| read.event);
    let events: Vec<Option<usize>> = flows.iter().map(at).collect();
    let called = runs.iter().zip(&events).filter_map(|(run, event)| {
        event.map(|event| words::calls::read_name(&run.run.events[event]))
    });
    let mut called: Vec<String> = called.collect();
    called.dedup();
    let same = called.len() == 1;
    let cells = runs.iter().zip(&events).map(|(run, event)| match event {
        Some(event) => {
            let narrow = run.view(view).within(layout.each);
            timeline::read_at_a_glance(*event, run.run, run.report, !same, &narrow)
        }
        None => Vec::new(),
    });
    let name = if same { called.concat() } else { String::new() };
    layout.row(&name, cells.collect())
}

/// Rows on so many lines at most: of what is too long the middle is left out, and not drawn.
fn within(most: usize, all: usize, row: impl Fn(usize) -> Vec<Line>, view: &View) -> Vec<Line> {
    let (mut first, mut last) = (Vec::new(), Vec::new());
    let mut height = 0;
    let mut drawn = 0;
    while drawn < all && height <= most {
        let at_the_end = drawn % 2 == 1;
        let place = if at_the_end {
            all - 1 - drawn / 2
        } else {
            drawn / 2
        };
        let lines = row(place);
        height += lines.len();
        drawn += 1;
        if at_the_end { &mut last } else { &mut first }.push(lines);
    }
    let mut gap = Vec::new();
    if height > most {
        // The line that says so takes one of them.
        while drawn > 2 && height >= most {
            let longer = if drawn % 2 == 0 {
                &mut last
            } else {
                &mut first
            };
            height -= longer.pop().map_or(0, |lines| lines.len());
            drawn -= 1;
        }
        let says = words::picture::rows_left_out(view.lang, all - drawn, true);
        let mut line = Line::new();
        line.pad_to(INDENT).put(says, Ink::Plain);
        gap.push(line);
    }
    first
        .into_iter()
        .flatten()
        .chain(gap)
        .chain(last.into_iter().rev().flatten())
        .collect()
}

impl Stepped for ComparedSteps<'_> {
    fn last(&self, _view: &View) -> usize {
        let reads = flows(self.runs)
            .into_iter()
            .map(|flow| flow.ranges.reads.len());
        reads.max().unwrap_or(0) + 1
    }

    fn screen(
        &self,
        step: usize,
        typed: &str,
        (columns, rows): (usize, usize),
        view: &View,
    ) -> String {
        let view = &view.within(columns);
        let last = self.last(view);
        let until = (step < last).then_some(step);
        let Parts {
            head,
            reads,
            mut rulers,
        } = Parts::of(self.runs, until, usize::MAX, view);
        if until.is_none() {
            let says = words::compare::verdict(view.lang, self.comparison);
            rulers.extend(page::set(Block::Verdict(says, Ink::Strong), view));
        }
        on_screen([head, reads, rulers, foot(typed, view)], false, rows, view)
    }
}
