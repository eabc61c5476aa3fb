//! Checks labs: how they are written, and whether what they claim comes true each time.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use indexmap::IndexSet;

use super::permission::Permission;
use super::rounds::Rounds;
use super::terminal_runner::TerminalRunner;
use super::{Exit, Status, interrupt, lang, print};
use crate::event::Side;
use crate::lab::error::LabError;
use crate::lab::locator::Locator;
use crate::lab::locator::PathSegment;
use crate::lab::read;
use crate::lab::{self, Sources, file};
use crate::lint::{lint as read_through, missing_texts};
use crate::render;
use crate::report::{self, Check, Tally, Wrong};
use crate::scenario;
use crate::words::{claims, command as words, lab_file};

pub(super) fn lint(
    paths: &[PathBuf],
    times: u32,
    mut permission: Permission,
) -> Result<Status, Exit> {
    // A path that leads nowhere is found before the first run.
    let labs = if paths.is_empty() {
        lab::catalogue_sources()?
    } else {
        let read = paths.iter().map(|path| lab::read_sources(path));
        read.collect::<Result<Vec<Sources>, LabError>>()?
    };
    // As is what nobody has allowed: the catalogue's own commands are this program's.
    for lab in labs.iter().filter(|lab| lab.number.is_none()) {
        if let Ok(file) = read::parse(&lab.file.name, &lab.file.text) {
            permission.ask_for(&file, &lab.file)?;
        }
    }
    let runner = TerminalRunner::new();
    let mut status = Status::AsExpected;
    for lab in &labs {
        let start = Instant::now();
        let found = read_through(lab);
        let mut found: Vec<String> = found
            .iter()
            .map(|error| lab_file::lab_error(lang(), error))
            .collect();
        // What cannot be read is among what was found.
        let file = read::parse(&lab.file.name, &lab.file.text).ok();
        let tallies = match &file {
            Some(file) => try_runs(lab, file, times, &runner)?,
            None => Vec::new(),
        };
        if interrupt::was_pressed() {
            break;
        }
        let mut places = Locator::of(&lab.file.text);
        for tried in &tallies {
            found.extend(untrue(lab, tried, &mut places));
        }
        for finding in &found {
            print(&(render::harmless(finding) + "\n"))?;
        }
        let runs = file.iter().flat_map(|file| &file.runs);
        let elsewhere = runs.filter(|run| run.elsewhere().is_some()).count();
        let line = summary(lab, &found, times, &tallies, elsewhere, start.elapsed());
        print(&(render::harmless(&line) + "\n"))?;
        if !found.is_empty() {
            status = Status::Differs;
        }
    }
    Ok(status)
}

/// A run that was done many times.
struct Tried {
    /// Its place in the file.
    index: usize,
    name: String,
    tally: Tally,
}

/// Does each run that can be made so many times, one after the other.
fn try_runs(
    lab: &Sources,
    file: &file::Lab,
    times: u32,
    runner: &TerminalRunner,
) -> Result<Vec<Tried>, Exit> {
    let mut rounds = Rounds::begin(&lab.slug);
    let mut all = Vec::new();
    for (index, run) in file.runs.iter().enumerate() {
        // Nobody is there to start the other program twenty times.
        if run.elsewhere().is_some() {
            continue;
        }
        let Ok(scenario) = scenario::resolve(file, index) else {
            continue;
        };
        let mut tally = Tally::default();
        for round in 1..=times {
            rounds.show(&run.name, round, times);
            let trace = runner.run(&scenario)?;
            tally.add(&trace, &report::build(&trace, runner.has_evidence()));
            if interrupt::was_pressed() {
                return Ok(all);
            }
            if tally.is_late() {
                break;
            }
        }
        let name = run.name.clone();
        all.push(Tried { index, name, tally });
    }
    Ok(all)
}

/// What came out otherwise than this run claims.
fn untrue(lab: &Sources, tried: &Tried, places: &mut Locator<'_>) -> Vec<String> {
    let Tried { index, name, tally } = tried;
    let runs = [PathSegment::Key("runs"), PathSegment::Index(*index)];
    let lang = lang();
    let shown_by = match lab.number {
        Some(number) => number.to_string(),
        None => format!("run {}", lab.file.name),
    };
    let finding = |(wrong, count): &(Wrong, u32)| {
        let mut place = |path: &[PathSegment<'_>]| places.locate(&[&runs[..], path].concat());
        let at_name = place(&[PathSegment::Key("name")]);
        let (place, what) = match wrong {
            Wrong::Claim(check) => {
                let key = key(check);
                let shown = |value| claims::fact(lang, value);
                let what =
                    words::otherwise(lang, &key, &shown(&check.expected), &shown(&check.got));
                (place(&claim_path(check, &key)), what)
            }
            Wrong::Failed(calls) => (at_name, words::failed_unclaimed(lang, calls)),
            Wrong::Refused(error) => (at_name, words::refused_unclaimed(lang, error)),
            Wrong::Undone(undone) => (at_name, words::undone_unclaimed(lang, undone)),
            Wrong::Deadline(calls) => (at_name, words::still_waiting(lang, calls)),
            Wrong::NotIntact => (at_name, words::not_intact(lang).into()),
        };
        let what = words::so_often(lang, name, *count, tally.times, &what, &shown_by);
        lab_file::at(lang, &lab.file.name, Some(place), &what)
    };
    tally.wrong.iter().map(finding).collect()
}

/// The claim's key in `expect`.
fn key(check: &Check) -> String {
    let name = serde_json::to_value(check.claim).unwrap_or_default();
    name.as_str().unwrap_or_default().into()
}

/// Where in a run the claim stands.
fn claim_path<'a>(check: &Check, key: &'a str) -> Vec<PathSegment<'a>> {
    let mut path = vec![PathSegment::Key("expect")];
    // The first connection's claims are the run's own; `more_clients` begins with the second.
    if let Some(more) = check.direction.conn.checked_sub(2) {
        path.extend([
            PathSegment::Key("more_clients"),
            PathSegment::Index(more as usize),
        ]);
    }
    if check.direction.from == Side::Server {
        path.push(PathSegment::Key("answers"));
    }
    path.push(PathSegment::Key(key));
    path
}

/// The last line about a lab. So many of its runs are elsewhere, and were not done.
fn summary(
    lab: &Sources,
    found: &[String],
    times: u32,
    tried: &[Tried],
    elsewhere: usize,
    took: Duration,
) -> String {
    let lang = lang();
    let (unconfirmed, confirmed): (Vec<_>, Vec<_>) =
        tried.iter().partition(|run| run.tally.unconfirmed > 0);
    let mut said = Vec::new();
    match found.len() {
        0 if confirmed.is_empty() && !tried.is_empty() => {}
        0 => said.push(words::as_claimed(lang, confirmed.len(), times)),
        n => said.push(words::findings(lang, n)),
    }
    if elsewhere > 0 {
        said.push(words::not_done(lang, elsewhere));
    }
    let (lacking, unproven): (Vec<&Tried>, Vec<_>) = unconfirmed
        .into_iter()
        .partition(|run| !run.tally.missing.is_empty());
    if !lacking.is_empty() {
        let programs = lacking.iter().flat_map(|run| &run.tally.missing);
        let programs: IndexSet<&str> = programs.map(String::as_str).collect();
        said.push(words::lacks_programs(lang, lacking.len(), &programs));
    }
    if !unproven.is_empty() {
        said.push(words::not_confirmed(lang, unproven.len()));
    }
    if found.is_empty() {
        let missing = missing_texts(lab);
        said.extend(
            missing
                .iter()
                .map(|text| words::missing_text(lang, &text.name)),
        );
    }
    words::checked_lab(lang, lab.number, &lab.slug, &said, took)
}
