//! Does a run many times, or reads many records of it, and shows how often each outcome came up.

use std::collections::BTreeMap;
use std::path::Path;

use sticky_lab::cli::Show;
use sticky_lab::event::{LabInfo, RunTrace};
use sticky_lab::lab::{Lab, file};
use sticky_lab::render::{self, Often};
use sticky_lab::report::legal::{Script, Unmodelled};
use sticky_lab::report::repeat::{Counter, Repeats};
use sticky_lab::report::{self, Outcome};
use sticky_lab::run::Load;
use sticky_lab::scenario;

use super::printer::Printer;
use super::progress::Progress;
use super::runner::Runner;
use super::speak::say;
use super::{AS_EXPECTED, COULD_NOT_RUN, DIFFERS, INTERRUPTED, Stop, live, print, replay};

/// Does the runs of a lab so often, one run after the other.
pub(super) fn live(
    lab: &Lab,
    names: &[String],
    times: u32,
    load: u16,
    show: &Show,
) -> Result<u8, Stop> {
    let scenarios = live::scenarios(lab, names)?;
    let mut runner = Runner::new();
    let printer = Printer::new(show, runner.asked())?;
    let busy = Load::of(load.into()).map_err(|error| {
        let what = say(
            format!("cannot keep {load} threads busy: {error}; ask for fewer"),
            format!("开不了 {load} 个占 CPU 的线程：{error}；请少要几个"),
        );
        Stop::Failed(COULD_NOT_RUN, what)
    })?;
    let names = scenarios.iter().map(|scenario| &*scenario.script.name);
    opening(&printer, &runner.info(lab), &names.collect::<Vec<_>>())?;
    let mut code = AS_EXPECTED;
    for scenario in &scenarios {
        let mut counter = Counter::default();
        let mut progress = Progress::begin(&lab.slug);
        for round in 1..=times {
            let trace = runner.start(scenario)?.finish();
            let report = report::build(&trace, printer.view.asked);
            // How often else a deadline would pass nobody should have to wait for.
            let late = report.outcome == Outcome::Deadline;
            counter.add(trace, report);
            if late || runner.is_interrupted() {
                break;
            }
            progress.show(&scenario.script.name, round, times);
        }
        drop(progress);
        let often = Often {
            run: &scenario.script.name,
            wanted: times,
            load,
        };
        let repeats = counter.finish(Script::of(scenario));
        code = code.max(tell(&printer, often, &repeats)?);
        if runner.is_interrupted() {
            code = INTERRUPTED;
            break;
        }
    }
    drop(busy);
    Ok(code)
}

/// Counts the records of each run in a file.
pub(super) fn recorded(path: &Path, names: &[String], show: &Show) -> Result<u8, Stop> {
    let mut groups: Vec<(LabInfo, file::Run, Vec<RunTrace>)> = Vec::new();
    for trace in replay::read(path)? {
        let wanted = |run: &RunTrace| names.is_empty() || names.contains(&run.script.name);
        for run in trace.runs.into_iter().filter(wanted) {
            let same = |(lab, script, _): &&mut (LabInfo, file::Run, Vec<RunTrace>)| {
                lab.slug == trace.lab.slug && *script == run.script
            };
            match groups.iter_mut().find(same) {
                Some((_, _, runs)) => runs.push(run),
                None => groups.push((trace.lab.clone(), run.script.clone(), vec![run])),
            }
        }
    }
    if groups.is_empty() {
        return Err(replay::no_such_run());
    }
    let mut code = AS_EXPECTED;
    let mut before: Option<&LabInfo> = None;
    for (lab, script, runs) in &groups {
        let printer = Printer::new(show, !lab.evidence.is_empty())?;
        if before.is_none_or(|before| before.slug != lab.slug) {
            let names = groups.iter().filter(|(other, ..)| other.slug == lab.slug);
            let names: Vec<&str> = names.map(|(_, script, _)| &*script.name).collect();
            if before.is_some() && !printer.json {
                print("\n\n")?;
            }
            opening(&printer, lab, &names)?;
        }
        before = Some(lab);
        let often = Often {
            run: &script.name,
            wanted: u32::try_from(runs.len()).unwrap_or(u32::MAX),
            load: 0,
        };
        let mut counter = Counter::default();
        for run in runs {
            let report = report::build(run, printer.view.asked);
            counter.add(run.clone(), report);
        }
        let repeats = counter.finish(script_of(script));
        code = code.max(tell(&printer, often, &repeats)?);
    }
    Ok(code)
}

/// The model of a run as a trace has it. One that cannot be resolved was not written by this
/// program, and nothing is claimed of it.
pub(super) fn script_of(run: &file::Run) -> Result<Script, Unmodelled> {
    let lab = file::Lab {
        schema: None,
        transport: run.transport.unwrap_or_default(),
        // What commands answer nobody can tell beforehand; the model leaves such runs alone.
        commands: BTreeMap::new(),
        unknown_command: None,
        runs: vec![run.clone()],
    };
    let scenario = scenario::resolve(&lab, 0).map_err(|_| Unmodelled::Step)?;
    Script::of(&scenario)
}

fn opening(printer: &Printer, lab: &LabInfo, names: &[&str]) -> Result<(), Stop> {
    print(&match () {
        () if printer.json => render::json::opening(lab, names, printer.view.lang),
        () if printer.plain => render::plain_title(lab, &printer.view),
        () => render::title(lab, &printer.view),
    })
}

fn tell(printer: &Printer, often: Often<'_>, repeats: &Repeats) -> Result<u8, Stop> {
    print(&match () {
        () if printer.json => render::json::repeat(often, repeats),
        () if printer.plain => render::plain_repeat(often, repeats, &printer.view),
        () => render::repeat(often, repeats, &printer.view),
    })?;
    if repeats.as_expected == repeats.times {
        Ok(AS_EXPECTED)
    } else {
        Ok(DIFFERS)
    }
}
