//! Runs of any length, any size and any count: whatever a trace says, it is refused or drawn, in
//! every form and width, each line in its width, and no more of it than a trace of that length
//! can need.

use serde_json::Value;
use snapbox::{assert_data_eq, file};
use sticky_lab::event::{Trace, WireDetail};
use sticky_lab::lang::Lang;
use sticky_lab::render::{self, Repetition, Stepped, View};
use sticky_lab::report::legal::Unmodelled;
use sticky_lab::report::repeat::Counter;
use sticky_lab::report::{self, Reported, compare};
use sticky_lab::trace;
use sticky_lab_fuzz::json::Dice;
use unicode_width::UnicodeWidthStr;

use super::{all, on_the_wire, picture, plain};
use crate::view::EN;

/// The lines that `--json` writes of it.
fn lines(trace: &Trace) -> Vec<Value> {
    let mut json = render::json::opening(&trace.lab, &[], Lang::En);
    for run in &trace.runs {
        json += &render::json::run(run, &report::build(run, true));
    }
    let lines = json.lines().map(serde_json::from_str);
    lines.collect::<Result<_, _>>().expect("JSON")
}

fn read(lines: &[Value]) -> Option<Trace> {
    let text: Vec<String> = lines.iter().map(Value::to_string).collect();
    // What contradicts itself is refused.
    trace::read(text.join("\n").as_bytes()).ok()?.pop()
}

/// Goes over each number of a line, with the name that it has there.
fn each_number(value: &mut Value, name: &str, change: &mut impl FnMut(&str, u64) -> u64) {
    match value {
        Value::Object(map) => {
            for (name, value) in map {
                each_number(value, name, change);
            }
        }
        Value::Array(list) => {
            for value in list {
                each_number(value, name, change);
            }
        }
        Value::Number(number) => {
            if let Some(n) = number.as_u64() {
                *value = change(name, n).into();
            }
        }
        _ => {}
    }
}

/// The same run so many times slower.
fn slower(lines: &mut [Value], times: u64) {
    for line in lines {
        each_number(line, "", &mut |name, n| match name {
            "call_us" | "return_us" | "at_us" | "us" => n.saturating_mul(times),
            _ => n,
        });
    }
}

/// Some of its numbers made those at which something might run over.
fn at_the_edges(lines: &mut [Value], dice: &mut Dice) {
    const EDGES: [u64; 10] = [
        0,
        1,
        999,
        1_000_000,
        u32::MAX as u64,
        1 << 40,
        i64::MAX as u64,
        u64::MAX - 1,
        u64::MAX,
        u64::MAX,
    ];
    let every = 1 + dice.below(40);
    for line in lines {
        each_number(line, "", &mut |name, n| match name {
            // What these say is held against the rest, and would only be refused.
            "schema" | "call_us" | "return_us" => n,
            _ if dice.below(every) == 0 => EDGES[dice.below(EDGES.len())],
            _ => n,
        });
    }
}

/// Draws it in every form.
fn draw(trace: &Trace, width: usize, what: &str) {
    let reports: Vec<_> = trace
        .runs
        .iter()
        .map(|run| report::build(run, true))
        .collect();
    let runs = || {
        let runs = trace.runs.iter().zip(&reports);
        runs.map(|(run, report)| Reported {
            lab: &trace.lab,
            run,
            report,
        })
    };
    let beside: Vec<_> = runs().chain(runs()).collect();
    let compared = compare::compare(&beside);
    let mut counter = Counter::default();
    for (run, report) in trace.runs.iter().zip(&reports) {
        counter.add(run.clone(), report.clone());
    }
    let repeats = counter.finish(Err(Unmodelled::NoScript));
    // A byte may take a few columns, in some rows; a call a few lines.
    let events = trace.runs.iter().map(|run| run.events.len()).sum::<usize>();
    let longest = (64 << 10) + 2000 * events;
    for lang in [Lang::En, Lang::Zh] {
        let view = View {
            lang,
            width,
            wire: WireDetail::Full,
            ..EN
        };
        let mut pictures = vec![
            picture(trace, &view),
            render::compare(&beside, &compared, &view).finish(),
        ];
        for run in runs() {
            let last = run.last(&view);
            pictures.extend([0, last / 2, last].map(|step| {
                let shown = run.screen(step, "", (width, 24), &view);
                assert!(shown.lines().count() <= 24, "{what} at {width}: {shown}");
                shown
            }));
        }
        let often = Repetition {
            run: "often",
            wanted: 2,
            load: 0,
        };
        pictures.push(render::repeat(often, &repeats, &view).finish());
        let line = pictures.iter().flat_map(|shown| shown.lines());
        let long = line.clone().find(|line| line.width() > width);
        assert_eq!(long, None, "{what} at {width}");
        let size: usize = line.map(str::len).sum();
        assert!(size < longest, "{what} at {width}: {size} B");
        let size = plain(trace, &view).len();
        assert!(size < longest, "{what} in plain words: {size} B");
    }
    assert!(render::json::compare(&beside, &compared).len() < longest);
}

#[test]
fn whatever_a_trace_says_is_drawn_within_bounds() {
    let mut dice = Dice::new(1);
    let (mut drawn, mut refused) = (0, 0);
    for (name, trace) in all() {
        let lines = lines(&trace);
        // An hour, days, and all that 64 bits can hold.
        for times in [1, 1_000, 1_000_000, 100_000_000, 1 << 32, u64::MAX] {
            let mut lines = lines.clone();
            slower(&mut lines, times);
            let trace = read(&lines).expect("nothing else was changed");
            draw(
                &trace,
                60 + dice.below(141),
                &format!("{name}, {times} times slower"),
            );
            for change in 0..4 {
                let mut lines = lines.clone();
                at_the_edges(&mut lines, &mut dice);
                let what = format!("{name}, {times} times slower, change {change}");
                match read(&lines) {
                    Some(trace) => {
                        draw(&trace, 60 + dice.below(141), &what);
                        drawn += 1;
                    }
                    None => refused += 1,
                }
            }
        }
    }
    assert!(drawn > 100, "{drawn} drawn, {refused} refused");
}

#[test]
fn a_time_of_any_length_has_its_column() {
    let lines = lines(&on_the_wire());
    let slow = |times| {
        let mut lines = lines.clone();
        slower(&mut lines, times);
        let full = View {
            wire: WireDetail::Full,
            ..EN
        };
        picture(&read(&lines).expect("nothing else was changed"), &full)
    };
    // Some 40 milliseconds become 101 seconds, and some hours.
    assert_data_eq!(slow(2_512), file!["wire-101s-80.txt"].raw());
    assert_data_eq!(slow(1_000_000), file!["wire-hours-80.txt"].raw());
}
