//! Puts runs beside one another: runs of labs, which are done now, or recorded ones.

use std::path::Path;
use std::rc::Rc;

use super::permission::Permission;
use super::printer::Printer;
use super::sessions::{self, Session, Sessions};
use super::sources::{self, Source};
use super::step;
use super::terminal_runner::TerminalRunner;
use super::{Exit, Status, find, lang};
use crate::cli::{Amount, Show};
use crate::render::{self, ComparedSteps};
use crate::report::Reported;
use crate::report::compare;
use crate::report::differ::is_another_way;
use crate::words::command as words;

pub(super) fn compare(
    wanted: &[String],
    mut permission: Permission,
    step: bool,
    amount: Amount,
    show: &Show,
) -> Result<Status, Exit> {
    let runner = TerminalRunner::new();
    let mut chosen: Vec<Source> = Vec::new();
    for wanted in wanted {
        let next = choose(wanted, chosen.first(), &runner, &mut permission)?;
        chosen.push(next);
    }
    let sessions = Sessions::of(chosen).all()?;
    let printer =
        Printer::new(show, sessions.iter().all(Session::has_evidence))?.at_a_glance(amount);
    let compared: Vec<Reported<'_>> = sessions.iter().map(Session::reported).collect();
    let comparison = compare::compare(&compared);
    if step {
        let steps = ComparedSteps {
            runs: &compared,
            comparison: &comparison,
        };
        return step::beside(steps, &sessions, &printer.view);
    }
    if printer.json {
        for session in &sessions {
            printer.opening(&session.lab, &[&session.run.name])?;
            printer.run(session)?;
        }
    }
    printer.either(
        || render::json::compare(&compared, &comparison),
        |view| render::compare(&compared, &comparison, view),
    )?;
    Ok(sessions::worst(&sessions))
}

/// The run that these words name: `3`, `3:leftover`, `my-lab/:halves`, `trace.json`,
/// `trace.json:leftover`. Where no run is named, the first; but a later lab's is the first that
/// sends what the run before it sends in another way.
fn choose(
    wanted: &str,
    other: Option<&Source>,
    runner: &Rc<TerminalRunner>,
    permission: &mut Permission,
) -> Result<Source, Exit> {
    let (place, name) = match wanted.rsplit_once(':') {
        Some((place, name)) if !Path::new(wanted).exists() => (place, Some(name.to_string())),
        _ => (wanted, None),
    };
    let (path, names) = (Path::new(place), name.as_slice());
    let runs = if path.is_file() && !is_lab_file(path) {
        let labs = sources::of_trace(path, names)?.into_iter();
        labs.flat_map(|lab| lab.runs).collect()
    } else if path.exists() {
        sources::of_lab(&permission.open(path)?, names, runner)?.runs
    } else {
        sources::of_lab(&find::lab(place)?, names, runner)?.runs
    };
    let other = other.and_then(Source::script);
    let fits = |run: &Source| match (&other, run.script()) {
        (Some(other), Some(script)) => is_another_way(other, &script),
        _ => false,
    };
    let place = runs.iter().position(fits).unwrap_or(0);
    let run = runs.into_iter().nth(place);
    run.ok_or_else(|| Exit::usage(words::no_run(lang())))
}

/// A lab file has a name of its own; what else is a file is taken for a trace.
fn is_lab_file(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name == "lab.json")
}
