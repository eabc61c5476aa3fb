//! Puts runs beside one another: runs of labs, which are done now, or recorded ones.

use std::path::Path;

use super::printer::Printer;
use super::runner::Runner;
use super::speak::say;
use super::{AS_EXPECTED, Exit, INTERRUPTED, USAGE, live, print, replay, worse};
use crate::cli::Show;
use crate::event::{LabInfo, RunTrace};
use crate::lab::{self, Lab, file};
use crate::render;
use crate::report::compare::{self, Compared};
use crate::report::differ::is_another_way;
use crate::report::{self, Report};
use crate::scenario::Scenario;

/// A run that was named: one to be done, or one that was recorded.
enum Chosen {
    Live(Box<Lab>, Box<Scenario>),
    Recorded(Box<LabInfo>, Box<RunTrace>),
}

impl Chosen {
    fn script(&self) -> &file::Run {
        match self {
            Self::Live(_, scenario) => &scenario.script,
            Self::Recorded(_, run) => &run.script,
        }
    }
}

pub(super) fn compare(wanted: &[String], show: &Show) -> Result<u8, Exit> {
    let mut chosen: Vec<Chosen> = Vec::new();
    for wanted in wanted {
        let next = choose(wanted, chosen.first().map(Chosen::script))?;
        chosen.push(next);
    }
    let mut runner = Runner::new();
    let mut has_evidence = runner.has_evidence();
    let mut runs: Vec<(LabInfo, RunTrace)> = Vec::new();
    for chosen in chosen {
        match chosen {
            Chosen::Live(lab, scenario) => {
                let info = runner.info(&lab);
                runs.push((info, runner.run(&scenario)?));
                if runner.is_interrupted() {
                    return Ok(INTERRUPTED);
                }
            }
            Chosen::Recorded(lab, run) => {
                has_evidence &= !lab.evidence.is_empty();
                runs.push((*lab, *run));
            }
        }
    }
    let printer = Printer::new(show, has_evidence)?;
    let reports: Vec<Report> = runs
        .iter()
        .map(|(lab, run)| report::build(run, !lab.evidence.is_empty()))
        .collect();
    let compared: Vec<Compared<'_>> = runs
        .iter()
        .zip(&reports)
        .map(|((lab, run), report)| Compared { lab, run, report })
        .collect();
    let comparison = compare::compare(&compared);
    if printer.json {
        for Compared { lab, run, report } in &compared {
            printer.opening(lab, &[&run.script.name])?;
            printer.run(lab, run, report)?;
        }
    }
    print(&match () {
        () if printer.json => render::json::compare(&compared, &comparison),
        () if printer.plain => render::plain_compare(&compared, &comparison, &printer.view),
        () => render::compare(&compared, &comparison, &printer.view),
    })?;
    let code = |code, report: &Report| worse(code, report.outcome);
    Ok(reports.iter().fold(AS_EXPECTED, code))
}

/// The run that these words name: `3`, `3:leftover`, `my-lab/:halves`, `trace.json`,
/// `trace.json:leftover`. Where no run is named, the first; but a later lab's is the first that
/// sends what the run before it sends in another way.
fn choose(wanted: &str, other: Option<&file::Run>) -> Result<Chosen, Exit> {
    let (place, name) = match wanted.rsplit_once(':') {
        Some((place, name)) if !Path::new(wanted).exists() => (place, Some(name)),
        _ => (wanted, None),
    };
    if Path::new(place).is_file() && !is_lab_file(place) {
        return recorded(place, name, other);
    }
    let lab = if Path::new(place).exists() {
        lab::open(Path::new(place))?
    } else {
        live::find(place)?
    };
    let scenarios = match name {
        Some(name) => live::scenarios(&lab, &[name.to_string()])?,
        None => live::scenarios(&lab, &[])?,
    };
    let scripts = scenarios.iter().map(|scenario| &scenario.script);
    let place = fitting(scripts, other);
    let scenario = scenarios.into_iter().nth(place);
    let scenario = scenario
        .ok_or_else(|| Exit::Failed(USAGE, say("the lab has no run", "这个实验里没有任何运行")))?;
    Ok(Chosen::Live(Box::new(lab), Box::new(scenario)))
}

/// A lab file has a name of its own; what else is a file is taken for a trace.
fn is_lab_file(path: &str) -> bool {
    Path::new(path)
        .file_name()
        .is_some_and(|name| name == "lab.json")
}

fn recorded(path: &str, name: Option<&str>, other: Option<&file::Run>) -> Result<Chosen, Exit> {
    let mut runs: Vec<(LabInfo, RunTrace)> = Vec::new();
    for trace in replay::read(Path::new(path))? {
        let of = |run: RunTrace| (trace.lab.clone(), run);
        runs.extend(trace.runs.into_iter().map(of));
    }
    let known: Vec<String> = runs
        .iter()
        .map(|(_, run)| run.script.name.clone())
        .collect();
    if let Some(name) = name {
        runs.retain(|(_, run)| run.script.name == name);
    }
    let place = fitting(runs.iter().map(|(_, run)| &run.script), other);
    let (lab, run) = runs.into_iter().nth(place).ok_or_else(|| {
        let name = name.unwrap_or_default().escape_debug().to_string();
        let known = known.join(", ");
        let what = say(
            format!("{path} has no run `{name}`; its runs are {known}"),
            format!("{path} 里没有 `{name}` 这次运行；它有的是 {known}"),
        );
        Exit::Failed(USAGE, what)
    })?;
    Ok(Chosen::Recorded(Box::new(lab), Box::new(run)))
}

/// The place of the run that fits beside another one, if that is not its name's doing.
fn fitting<'a>(scripts: impl Iterator<Item = &'a file::Run>, other: Option<&file::Run>) -> usize {
    let mut scripts = scripts;
    let fits = |script: &file::Run| other.is_some_and(|other| is_another_way(other, script));
    scripts.position(fits).unwrap_or(0)
}
