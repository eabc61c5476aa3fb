//! Does a run many times, or reads many records of it, and shows how often each outcome came up.

use std::collections::BTreeMap;
use std::path::Path;

use super::printer::Printer;
use super::rounds::Rounds;
use super::runner::Runner;
use super::speak::say;
use super::{AS_EXPECTED, COULD_NOT_RUN, DIFFERS, Exit, INTERRUPTED, live, print, replay, runner};
use crate::cli::Show;
use crate::event::{LabInfo, RunTrace};
use crate::lab::{Lab, file};
use crate::render::{self, Often};
use crate::report::legal::{Model, Unmodelled};
use crate::report::repeat::{Counter, Repeats};
use crate::report::{self, Outcome};
use crate::run::Load;
use crate::scenario;

/// Does the runs of a lab so often, one run after the other.
pub(super) fn live(
    lab: &Lab,
    names: &[String],
    times: u32,
    load: u16,
    show: &Show,
) -> Result<u8, Exit> {
    let scenarios = live::scenarios(lab, names)?;
    let mut runner = Runner::new();
    let printer = Printer::new(show, runner.has_evidence())?;
    let busy = Load::of(load.into()).map_err(|error| {
        let what = say(
            format!("cannot keep {load} threads busy: {error}; ask for fewer"),
            format!("开不了 {load} 个占 CPU 的线程：{error}；请少要几个"),
        );
        Exit::Failed(COULD_NOT_RUN, what)
    })?;
    let names = scenarios.iter().map(|scenario| &*scenario.script.name);
    // Whoever reads the title may have seen enough before the first run begins.
    runner::handle_ctrl_c();
    opening(&printer, &runner.info(lab), &names.collect::<Vec<_>>())?;
    let mut code = AS_EXPECTED;
    for scenario in &scenarios {
        let mut counter = Counter::default();
        let mut rounds = Rounds::begin(&lab.slug);
        for round in 1..=times {
            let trace = runner.run(scenario)?;
            let report = report::build(&trace, printer.view.has_evidence);
            // How often else a deadline would pass nobody should have to wait for.
            let late = report.outcome == Outcome::Deadline;
            counter.add(trace, report);
            if late || runner.is_interrupted() {
                break;
            }
            rounds.show(&scenario.script.name, round, times);
        }
        drop(rounds);
        let often = Often {
            run: &scenario.script.name,
            wanted: times,
            load,
        };
        let repeats = counter.finish(Model::of(scenario));
        code = code.max(tell(&printer, often, &repeats)?);
        if runner.is_interrupted() {
            code = INTERRUPTED;
            break;
        }
    }
    drop(busy);
    Ok(code)
}

/// All records of one run.
struct Records {
    /// As the first of them has it.
    lab: LabInfo,
    script: file::Run,
    wanted: u32,
    counter: Counter,
}

/// Counts the records of each run in a file.
pub(super) fn recorded(path: &Path, names: &[String], show: &Show) -> Result<u8, Exit> {
    let mut all: Vec<Records> = Vec::new();
    for trace in replay::read(path)? {
        let wanted = |run: &RunTrace| names.is_empty() || names.contains(&run.script.name);
        // Whether a kernel was asked may differ from record to record.
        let has_evidence = !trace.lab.evidence.is_empty();
        for run in trace.runs.into_iter().filter(wanted) {
            let same = |of: &Records| of.lab.slug == trace.lab.slug && of.script == run.script;
            let place = all.iter().position(same).unwrap_or_else(|| {
                all.push(Records {
                    lab: trace.lab.clone(),
                    script: run.script.clone(),
                    wanted: 0,
                    counter: Counter::default(),
                });
                all.len() - 1
            });
            let report = report::build(&run, has_evidence);
            all[place].wanted = all[place].wanted.saturating_add(1);
            all[place].counter.add(run, report);
        }
    }
    if all.is_empty() {
        return Err(replay::no_such_run());
    }
    let heads: Vec<(String, String)> = all
        .iter()
        .map(|of| (of.lab.slug.clone(), of.script.name.clone()))
        .collect();
    let mut code = AS_EXPECTED;
    let mut before: Option<String> = None;
    for of in all {
        let printer = Printer::new(show, !of.lab.evidence.is_empty())?;
        let slug = &of.lab.slug;
        if before.as_ref() != Some(slug) {
            let names = heads.iter().filter(|(other, _)| other == slug);
            let names: Vec<&str> = names.map(|(_, name)| &**name).collect();
            if before.is_some() && !printer.json {
                print("\n\n")?;
            }
            opening(&printer, &of.lab, &names)?;
        }
        before = Some(slug.clone());
        let often = Often {
            run: &of.script.name,
            wanted: of.wanted,
            load: 0,
        };
        let repeats = of.counter.finish(script_of(&of.script));
        code = code.max(tell(&printer, often, &repeats)?);
    }
    Ok(code)
}

/// The model of a run as a trace has it. One that cannot be resolved was not written by this
/// program, and nothing is claimed of it.
pub(super) fn script_of(run: &file::Run) -> Result<Model, Unmodelled> {
    let lab = file::Lab {
        schema: None,
        transport: run.transport.unwrap_or_default(),
        // What commands answer nobody can tell beforehand; the model leaves such runs alone.
        commands: BTreeMap::new(),
        unknown_command: None,
        runs: vec![run.clone()],
    };
    let scenario = scenario::resolve(&lab, 0).map_err(|_| Unmodelled::Step)?;
    Model::of(&scenario)
}

fn opening(printer: &Printer, lab: &LabInfo, names: &[&str]) -> Result<(), Exit> {
    print(&match () {
        () if printer.json => render::json::opening(lab, names, printer.view.lang),
        () if printer.plain => render::plain_title(lab, &printer.view),
        () => render::title(lab, &printer.view),
    })
}

fn tell(printer: &Printer, often: Often<'_>, repeats: &Repeats) -> Result<u8, Exit> {
    print(&match () {
        () if printer.json => render::json::repeat(often, repeats),
        () if printer.plain => render::plain_repeat(often, repeats, &printer.view),
        () => render::repeat(often, repeats, &printer.view),
    })?;
    if repeats.as_expected + repeats.unconfirmed == repeats.times {
        Ok(AS_EXPECTED)
    } else {
        Ok(DIFFERS)
    }
}
