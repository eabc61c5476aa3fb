//! Where runs come from: a lab whose runs are done now, or a trace. Whatever shows a run takes it
//! from here, and need not know which of the two it was.

use std::collections::{BTreeMap, HashSet};
use std::io::{self, BufRead, BufReader};
use std::path::Path;
use std::rc::Rc;

use super::terminal_runner::TerminalRunner;
use super::{Exit, lang};
use crate::event::{LabInfo, RunHead, RunTrace};
use crate::lab::error::nearest;
use crate::lab::run_ref::RunRef;
use crate::lab::{Lab, file};
use crate::regular_file;
use crate::report::legal::{Model, Unmodelled};
use crate::scenario::{self, Scenario};
use crate::trace;
use crate::wire::Frame;
use crate::words::{command as words, lab_file, trace_file};

/// A run that was asked for. Where it is to be done, that can be repeated.
#[derive(Clone)]
pub(super) struct Source {
    pub(super) lab: Rc<LabInfo>,
    origin: Origin,
}

#[derive(Clone)]
enum Origin {
    Lab(Rc<TerminalRunner>, Rc<Scenario>),
    Trace(Box<RunTrace>),
}

impl Source {
    pub(super) fn name(&self) -> &str {
        match &self.origin {
            Origin::Lab(_, scenario) => &scenario.script.name,
            Origin::Trace(run) => &run.name,
        }
    }

    /// What is known of it before it has begun.
    fn head(&self) -> RunHead {
        match &self.origin {
            Origin::Lab(_, scenario) => scenario.script.head(),
            Origin::Trace(run) => run.head(),
        }
    }

    /// What it is to do, or was; none where that is not on record.
    pub(super) fn script(&self) -> Option<file::Run> {
        match &self.origin {
            Origin::Lab(_, scenario) => Some(scenario.script.clone()),
            Origin::Trace(run) => file::Run::of(run),
        }
    }

    /// Whether both are records of one run of one lab.
    pub(super) fn repeats(&self, other: &Self) -> bool {
        match (&self.origin, &other.origin) {
            (Origin::Trace(one), Origin::Trace(two)) => {
                self.lab.slug == other.lab.slug && one.name == two.name && one.script == two.script
            }
            _ => false,
        }
    }

    /// Begins it, if it is to be done; gives what waits for its end.
    pub(super) fn begin(self) -> Begun {
        match self.origin {
            Origin::Lab(runner, scenario) => {
                let running = runner.start(&scenario);
                Box::new(move || runner.finish(running?))
            }
            Origin::Trace(run) => Box::new(move || Ok((*run, Vec::new()))),
        }
    }
}

/// Waits for the end of a run; its frames come with it, where they are kept whole.
pub(super) type Begun = Box<dyn FnOnce() -> Result<(RunTrace, Vec<Frame>), Exit>>;

/// The runs of one lab that were asked for.
pub(super) struct LabRuns {
    pub(super) lab: Rc<LabInfo>,
    pub(super) runs: Vec<Source>,
}

impl LabRuns {
    /// What is known of each before it has begun.
    pub(super) fn heads(&self) -> Vec<RunHead> {
        self.runs.iter().map(Source::head).collect()
    }
}

/// Runs of a lab, to be done now; all of them, if none is named.
pub(super) fn of_lab(
    lab: &Lab,
    names: &[String],
    runner: &Rc<TerminalRunner>,
) -> Result<LabRuns, Exit> {
    let scenarios = scenarios(lab, names)?;
    let info = Rc::new(LabInfo {
        lab: lab.number,
        slug: lab.slug.clone(),
        texts: lab.texts.clone(),
        os: std::env::consts::OS.into(),
        evidence: runner.evidence().to_vec(),
    });
    let source = |scenario| Source {
        lab: info.clone(),
        origin: Origin::Lab(runner.clone(), Rc::new(scenario)),
    };
    let runs = scenarios.into_iter().map(source).collect();
    Ok(LabRuns { lab: info, runs })
}

/// The run that a text points to.
pub(super) fn of_run_ref(at: &RunRef, runner: &Rc<TerminalRunner>) -> Result<Source, Exit> {
    let mut found = of_lab(&at.lab()?, std::slice::from_ref(&at.run), runner)?;
    let source = found.runs.pop();
    Ok(source.expect("a run that the lab does not have is refused"))
}

/// The runs in a file, or on standard input, lab by lab.
pub(super) fn of_trace(path: &Path, names: &[String]) -> Result<Vec<LabRuns>, Exit> {
    let shown = path.display().to_string();
    let unreadable =
        |error: io::Error| Exit::usage(words::unreadable(lang(), &shown, &error.into()));
    let input: Box<dyn BufRead> = if path.as_os_str() == "-" {
        Box::new(io::stdin().lock())
    } else {
        Box::new(BufReader::new(
            regular_file::open(path).map_err(unreadable)?,
        ))
    };
    let traces = trace::read(input).map_err(|error| {
        let what = trace_file::trace_error(lang(), &error);
        Exit::usage(lab_file::at(lang(), &shown, None, &what))
    })?;
    let runs = traces.iter().flat_map(|trace| &trace.runs);
    let known: Vec<&str> = runs.map(|run| run.name.as_str()).collect();
    check_names(&shown, &known, names)?;
    let labs = traces.into_iter().map(|trace| {
        let lab = Rc::new(trace.lab);
        let mut runs = trace.runs;
        runs.retain(|run| is_wanted(&run.name, names));
        let source = |run| Source {
            lab: lab.clone(),
            origin: Origin::Trace(Box::new(run)),
        };
        let runs = runs.into_iter().map(source).collect();
        LabRuns { lab, runs }
    });
    Ok(labs.filter(|lab| !lab.runs.is_empty()).collect())
}

/// What could come of a run, by its script: what commands answer nobody can tell beforehand, and the
/// model leaves such runs alone. One that cannot be resolved was not written by this program, and
/// nothing is claimed of it.
pub(super) fn model(script: Option<file::Run>) -> Result<Model, Unmodelled> {
    let mut script = script.ok_or(Unmodelled::NoScript)?;
    // The run with the mistake is not at hand.
    script.cures = None;
    let lab = file::Lab {
        schema: None,
        transport: script.transport.unwrap_or_default(),
        commands: BTreeMap::new(),
        unknown_command: None,
        runs: vec![script],
    };
    let scenario = scenario::resolve(&lab, 0).map_err(|_| Unmodelled::Step)?;
    Model::of(&scenario)
}

/// The runs of a lab that were asked for, resolved. The lab is checked as a whole.
pub(super) fn scenarios(lab: &Lab, names: &[String]) -> Result<Vec<Scenario>, Exit> {
    let runs = &lab.file.runs;
    let known: Vec<&str> = runs.iter().map(|run| run.name.as_str()).collect();
    check_names(&lab.slug, &known, names)?;
    let mut scenarios = Vec::new();
    for (i, run) in runs.iter().enumerate() {
        let scenario =
            scenario::resolve(&lab.file, i).map_err(|wrong| wrong.in_file(&lab.source))?;
        if is_wanted(&run.name, names) {
            scenarios.push(scenario);
        }
    }
    Ok(scenarios)
}

fn is_wanted(run: &String, names: &[String]) -> bool {
    names.is_empty() || names.contains(run)
}

fn check_names(place: &str, known: &[&str], names: &[String]) -> Result<(), Exit> {
    let unknown = names.iter().find(|name| !known.contains(&name.as_str()));
    unknown.map_or(Ok(()), |unknown| {
        let near = nearest(unknown, known.iter().copied());
        // A trace may have a run many times.
        let mut told = HashSet::new();
        let known: Vec<&str> = known
            .iter()
            .copied()
            .filter(|name| told.insert(*name))
            .collect();
        let said = words::no_such_run(lang(), place, unknown, near, &known);
        Err(Exit::usage(said))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lab;

    #[test]
    fn of_a_run_without_a_script_nothing_is_said_of_another_program() {
        assert_eq!(model(None), Err(Unmodelled::NoScript));
    }

    #[test]
    fn the_script_in_a_trace_says_what_could_come_as_its_lab_does() {
        for lab in lab::catalogue().expect("the catalogue") {
            let Ok(scenarios) = scenarios(&lab, &[]) else {
                panic!("{} is not resolved", lab.slug)
            };
            for scenario in &scenarios {
                let name = format!("{} {}", lab.slug, scenario.script.name);
                let written = model(Some(scenario.script.clone()));
                assert_eq!(written, Model::of(scenario), "{name}");
            }
        }
    }
}
