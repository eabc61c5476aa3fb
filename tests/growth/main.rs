//! Whether memory grows with a run, and no faster, in every form in which a run is shown.
//!
//! A process of its own: the allocator counts for all of it. It counts bytes, not time, so it is
//! the same on every machine; `benches/growth.rs` has the times.

mod traces;

use cap::Cap;
use peak_alloc::PeakAlloc;
use sticky_lab::event::{Trace as Runs, WireDetail};
use sticky_lab::lang::Lang;
use sticky_lab::render::{self, Colour, Detail, Form, Repetition, Stepped, View, json};
use sticky_lab::report::compare;
use sticky_lab::report::legal::Unmodelled;
use sticky_lab::report::repeat::{Counter, Repeats};
use sticky_lab::report::{self, Report, Reported};
use sticky_lab::trace;
use traces::{KINDS, Trace};

#[global_allocator]
static ALLOCATED: Cap<PeakAlloc> = Cap::new(PeakAlloc, usize::MAX);

/// How a run is shown.
type Show = fn(Runs, Report, &View) -> String;

const SHOWN: [(&str, Form, Show); 11] = [
    ("one screen", Form::Picture, |runs, report, view| {
        let run = &runs.runs[0];
        let (heads, view) = ([run.head()], at_a_glance(view));
        let mut screen = render::Glance::of(&runs.lab, &heads, &view);
        screen.add(run, &report);
        screen.rest(&[(run, &report)]).finish()
    }),
    (
        "compare on one screen",
        Form::Picture,
        |runs, report, view| compare(runs, report, &at_a_glance(view)),
    ),
    ("the picture", Form::Picture, run),
    ("--plain", Form::Plain, run),
    // As it is printed, line by line.
    ("--json", Form::Picture, |runs, report, _| {
        let lines = json::lines(&runs.runs[0], &report);
        lines.last().unwrap_or_default()
    }),
    ("compare", Form::Picture, compare),
    ("compare --plain", Form::Plain, compare),
    ("--repeat", Form::Picture, repeat),
    ("--repeat --plain", Form::Plain, repeat),
    ("--repeat --json", Form::Picture, |runs, report, _| {
        json::repeat(OFTEN, &repeated(runs, report))
    }),
    ("--step", Form::Picture, |runs, report, view| {
        let steps = Reported {
            lab: &runs.lab,
            run: &runs.runs[0],
            report: &report,
        };
        steps.screen(20, "", (80, 24), view)
    }),
];

fn at_a_glance(view: &View) -> View {
    View {
        detail: Detail::Glance,
        ..*view
    }
}

#[expect(clippy::needless_pass_by_value, reason = "as `Show` has it")]
fn run(runs: Runs, report: Report, view: &View) -> String {
    render::run(&runs.lab, &runs.runs[0], &report, view).finish()
}

#[expect(clippy::needless_pass_by_value, reason = "as `Show` has it")]
fn compare(runs: Runs, report: Report, view: &View) -> String {
    let both = [(); 2].map(|()| Reported {
        lab: &runs.lab,
        run: &runs.runs[0],
        report: &report,
    });
    render::compare(&both, &compare::compare(&both), view).finish()
}

fn repeat(runs: Runs, report: Report, view: &View) -> String {
    render::repeat(OFTEN, &repeated(runs, report), view).finish()
}

const OFTEN: Repetition<'_> = Repetition {
    run: "long",
    wanted: 1,
    load: 0,
};

fn repeated(mut runs: Runs, report: Report) -> Repeats {
    let mut counter = Counter::default();
    counter.add(runs.runs.pop().expect("a run"), report);
    counter.finish(Err(Unmodelled::Step))
}

/// Reads a trace, judges it and draws it, as `lab replay` does.
fn replay(text: &str, form: Form, show: Show) -> String {
    let view = View {
        form,
        lang: Lang::En,
        colour: Colour::None,
        ascii: false,
        width: 80,
        has_evidence: true,
        wire: WireDetail::Full,
        detail: Detail::Full,
        hex: false,
    };
    let mut traces = trace::read(text.as_bytes()).expect("a trace");
    let report = report::build(&traces[0].runs[0], true);
    show(traces.swap_remove(0), report, &view)
}

/// A trace as this program writes it.
fn recorded(write: fn(&mut Trace, usize), lines: usize) -> String {
    let written = Trace::of(write, lines);
    let traces = trace::read(written.as_bytes()).expect("a trace");
    let Runs { lab, runs } = &traces[0];
    let report = report::build(&runs[0], true);
    json::opening(lab, &[&runs[0].name], Lang::En) + &json::run(&runs[0], &report)
}

/// How many times as long as its trace what a run takes may be, at most.
const MOST: usize = 4;

/// What is drawn with more lines than it has events: what is drawn is what it takes.
const MUCH_DRAWN: [&str; 2] = ["a client for each send", "waits and looks"];

#[test]
fn what_a_run_takes_grows_with_it_and_no_faster() {
    // The first time some tables are made that stay.
    let first = recorded(KINDS[0].1, 100);
    for (_, form, show) in SHOWN {
        replay(&first, form, show);
    }
    for (kind, write) in KINDS {
        let texts = [1000, 2000].map(|lines| recorded(write, lines));
        for (name, form, show) in SHOWN {
            let [once, twice] = [0, 1].map(|i| {
                let (total, now) = (ALLOCATED.total_allocated(), PeakAlloc.current_usage());
                PeakAlloc.reset_peak_usage();
                replay(&texts[i], form, show);
                let (most, all) = (PeakAlloc.peak_usage() - now, texts[i].len());
                assert!(
                    MUCH_DRAWN.contains(&kind) || most <= MOST * all,
                    "{name} of {kind}: {most} bytes at once for a trace of {all}"
                );
                ALLOCATED.total_allocated() - total
            });
            assert!(
                10 * twice <= 23 * once,
                "{name} of {kind}: {once} bytes for 1000 lines, {twice} for 2000"
            );
        }
    }
}
