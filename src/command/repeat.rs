//! Does a run many times, or reads many records of it, and shows how often each outcome came up.

use std::collections::HashMap;
use std::iter;
use std::rc::Rc;

use super::printer::Printer;
use super::rounds::Rounds;
use super::sources::{LabRuns, Source, model};
use super::{Exit, Status, interrupt, lang, sessions};
use crate::cli::Show;
use crate::event::LabInfo;
use crate::render::{self, Repetition};
use crate::report::Outcome;
use crate::report::legal::{Model, Unmodelled};
use crate::report::repeat::{Counter, Repeats};
use crate::run::Load;
use crate::words::command as words;

/// A run of which there are many.
struct Repeated {
    lab: Rc<LabInfo>,
    name: String,
    model: Result<Model, Unmodelled>,
    times: u32,
    rounds: Box<dyn Iterator<Item = Source>>,
}

impl Repeated {
    /// Of a run like this one; the rounds are still to be given.
    fn like(run: &Source, times: u32) -> Self {
        Self {
            lab: run.lab.clone(),
            name: run.name().to_string(),
            model: model(run.script()),
            times,
            rounds: Box::new(iter::empty()),
        }
    }

    fn with(self, rounds: impl Iterator<Item = Source> + 'static) -> Self {
        Self {
            rounds: Box::new(rounds),
            ..self
        }
    }
}

/// Does the runs of a lab so often, one run after the other.
pub(super) fn live(runs: LabRuns, times: u32, load: u16, show: &Show) -> Result<Status, Exit> {
    let _busy = Load::of(load.into())
        .map_err(|error| Exit::could_not_run(words::no_load(lang(), load, &error)))?;
    // Whoever reads the title may have seen enough before the first run begins.
    interrupt::handle_ctrl_c();
    let repeated = |run: Source| {
        let rounds = usize::try_from(times).unwrap_or(usize::MAX);
        Repeated::like(&run, times).with(iter::repeat_n(run, rounds))
    };
    // How often else a deadline would pass nobody should have to wait for.
    let until = |outcome| outcome == Outcome::Deadline;
    repeat(
        runs.runs.into_iter().map(repeated).collect(),
        load,
        until,
        show,
    )
}

/// Counts the records of each run.
pub(super) fn recorded(labs: Vec<LabRuns>, show: &Show) -> Result<Status, Exit> {
    let mut all: Vec<Vec<Source>> = Vec::new();
    // Runs of one name are the same run as long as their scripts are.
    let mut places: HashMap<(String, String), Vec<usize>> = HashMap::new();
    for run in labs.into_iter().flat_map(|lab| lab.runs) {
        let key = (run.lab.slug.clone(), run.name().to_string());
        let named = places.entry(key).or_default();
        let is_same = |place: &&usize| all[**place][0].repeats(&run);
        if let Some(&place) = named.iter().find(is_same) {
            all[place].push(run);
        } else {
            named.push(all.len());
            all.push(vec![run]);
        }
    }
    let repeated = |records: Vec<Source>| {
        let times = u32::try_from(records.len()).unwrap_or(u32::MAX);
        Repeated::like(&records[0], times).with(records.into_iter())
    };
    repeat(all.into_iter().map(repeated).collect(), 0, |_| false, show)
}

/// Counts how each run comes out; a run that comes out so that `enough` says so is not repeated.
fn repeat(
    all: Vec<Repeated>,
    load: u16,
    enough: impl Fn(Outcome) -> bool,
    show: &Show,
) -> Result<Status, Exit> {
    let mut printer = Printer::new(show, true)?;
    let heads: Vec<(Rc<LabInfo>, String)> = all
        .iter()
        .map(|run| (run.lab.clone(), run.name.clone()))
        .collect();
    let mut status = Status::AsExpected;
    let mut before: Option<Rc<LabInfo>> = None;
    for run in all {
        let lab = &run.lab;
        printer.turn_to(lab);
        if before.as_ref().is_none_or(|before| before.slug != lab.slug) {
            if before.is_some() {
                printer.between()?;
            }
            let of_it = heads.iter().filter(|(other, _)| other.slug == lab.slug);
            let names: Vec<&str> = of_it.map(|(_, name)| &**name).collect();
            opening(&printer, lab, &names)?;
        }
        let mut counter = Counter::default();
        let mut rounds = Rounds::begin(&lab.slug);
        for (round, source) in (1..).zip(run.rounds) {
            let session = sessions::one(source)?;
            let outcome = session.report.outcome;
            counter.add(session.run, session.report);
            if enough(outcome) || interrupt::was_pressed() {
                break;
            }
            rounds.show(&run.name, round, run.times);
        }
        drop(rounds);
        let often = Repetition {
            run: &run.name,
            wanted: run.times,
            load,
        };
        let repeats = counter.finish(run.model);
        status = status.max(tell(&printer, often, &repeats)?);
        if interrupt::was_pressed() {
            break;
        }
        before = Some(run.lab);
    }
    Ok(status)
}

fn opening(printer: &Printer, lab: &LabInfo, names: &[&str]) -> Result<(), Exit> {
    printer.either(
        || render::json::opening(lab, names, printer.view.lang),
        |view| render::title(lab, view),
    )
}

fn tell(printer: &Printer, often: Repetition<'_>, repeats: &Repeats) -> Result<Status, Exit> {
    printer.either(
        || render::json::repeat(often, repeats),
        |view| render::repeat(often, repeats, view),
    )?;
    if repeats.as_expected + repeats.unconfirmed == repeats.times {
        Ok(Status::AsExpected)
    } else {
        Ok(Status::Differs)
    }
}
