//! Checks labs: how they are written, and whether what they claim comes true each time.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use super::rounds::Rounds;
use super::runner::Runner;
use super::{AS_EXPECTED, DIFFERS, Exit, INTERRUPTED, print};
use crate::event::Side;
use crate::lab::error::LabError;
use crate::lab::lint::{lint as read_through, missing_texts};
use crate::lab::read::{self, PathSegment};
use crate::lab::{self, Sources};
use crate::lang::Lang;
use crate::render;
use crate::report::{self, Check, Tally, Wrong};
use crate::scenario;
use crate::words;

pub(super) fn lint(paths: &[PathBuf], times: u32) -> Result<u8, Exit> {
    // A path that leads nowhere is found before the first run.
    let labs = if paths.is_empty() {
        lab::catalogue_sources()?
    } else {
        let read = paths.iter().map(|path| lab::read_sources(path));
        read.collect::<Result<Vec<Sources>, LabError>>()?
    };
    let mut runner = Runner::new();
    let mut code = AS_EXPECTED;
    for lab in &labs {
        let start = Instant::now();
        let mut found = read_through(lab);
        let tallies = try_runs(lab, times, &mut runner)?;
        if runner.is_interrupted() {
            return Ok(INTERRUPTED);
        }
        found.extend(
            tallies
                .iter()
                .flat_map(|(index, tally)| untrue(lab, *index, tally)),
        );
        for finding in &found {
            print(&(render::harmless(&finding.to_string()) + "\n"))?;
        }
        let line = summary(lab, found.len(), times, &tallies, start.elapsed());
        print(&(render::harmless(&line) + "\n"))?;
        if !found.is_empty() {
            code = DIFFERS;
        }
    }
    Ok(code)
}

/// Does each run that can be made so many times, one after the other; by its place in the file.
fn try_runs(lab: &Sources, times: u32, runner: &mut Runner) -> Result<Vec<(usize, Tally)>, Exit> {
    let Ok(file) = read::parse(&lab.file.name, &lab.file.text) else {
        return Ok(Vec::new());
    };
    let has_evidence = runner.has_evidence();
    let mut rounds = Rounds::begin(&lab.slug);
    let mut tallies = Vec::new();
    for index in 0..file.runs.len() {
        let Ok(scenario) = scenario::resolve(&file, index) else {
            continue;
        };
        // Nobody is there to start the other program twenty times.
        if scenario.script.elsewhere().is_some() {
            continue;
        }
        let mut tally = Tally::default();
        for round in 1..=times {
            rounds.show(&scenario.script.name, round, times);
            let trace = runner.run(&scenario)?;
            tally.add(&trace, &report::build(&trace, has_evidence));
            if runner.is_interrupted() {
                return Ok(tallies);
            }
            if tally.is_late() {
                break;
            }
        }
        tallies.push((index, tally));
    }
    Ok(tallies)
}

/// What came out otherwise than this run claims.
fn untrue(lab: &Sources, index: usize, tally: &Tally) -> Vec<LabError> {
    let Ok(file) = read::parse(&lab.file.name, &lab.file.text) else {
        return Vec::new();
    };
    let name = &file.runs[index].name;
    let runs = [PathSegment::Key("runs"), PathSegment::Index(index)];
    let lab_run = match lab.number {
        Some(number) => format!("lab {number}"),
        None => format!("lab run {}", lab.file.name),
    };
    let seen = format!("`{lab_run} --run {name}` shows it");
    let finding = |(wrong, count): &(Wrong, u32)| {
        let place =
            |path: &[PathSegment<'_>]| read::locate(&lab.file.text, &[&runs[..], path].concat());
        let at_name = place(&[PathSegment::Key("name")]);
        let (place, what) = match wrong {
            Wrong::Claim(check) => {
                let key = key(check);
                let shown = |value| words::claims::value(Lang::En, check.claim, value);
                let (expected, got) = (shown(&check.expected), shown(&check.got));
                let what = format!("`{key}` is claimed to be {expected}, and was {got}");
                (place(&claim_path(check, &key)), what)
            }
            Wrong::Failed(calls) => {
                let calls = calls.join(", ");
                (
                    at_name,
                    format!("failed, and `errors` does not claim it: {calls}"),
                )
            }
            Wrong::Deadline(calls) => {
                let calls = calls.join(", ");
                (at_name, format!("still waiting at the deadline: {calls}"))
            }
            Wrong::NotIntact => (at_name, "what was read is not what was written".into()),
        };
        LabError {
            file: lab.file.name.clone(),
            place: Some(place),
            what: format!("run `{name}`, {count} of {} times: {what}", tally.times),
            help: Some(seen.clone()),
        }
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

/// The last line about a lab.
fn summary(
    lab: &Sources,
    found: usize,
    times: u32,
    tallies: &[(usize, Tally)],
    took: Duration,
) -> String {
    let name = match lab.number {
        Some(number) => format!("lab {number} {}", lab.slug),
        None => lab.slug.clone(),
    };
    let seconds = took.as_secs_f64();
    let runs = tallies.len();
    let unconfirmed = tallies
        .iter()
        .filter(|(_, tally)| tally.unconfirmed > 0)
        .count();
    let said = match (found, runs) {
        (0, 1) => format!("1 run, {times} of {times} times as it claims"),
        (0, n) => format!("{n} runs, each {times} of {times} times as it claims"),
        (1, _) => "1 finding".into(),
        (n, _) => format!("{n} findings"),
    };
    let elsewhere = read::parse(&lab.file.name, &lab.file.text).map_or(0, |file| {
        let another = file.runs.iter().filter(|run| run.elsewhere().is_some());
        another.count()
    });
    let mut said = vec![said];
    if elsewhere > 0 {
        said.push(format!(
            "{elsewhere} not done: one side of it is another program"
        ));
    }
    if unconfirmed > 0 {
        said.push(format!(
            "{unconfirmed} not confirmed: this system's kernel says too little"
        ));
    }
    if found == 0 {
        let missing = missing_texts(lab);
        said.extend(
            missing
                .iter()
                .map(|text| format!("{} is missing", text.name)),
        );
    }
    format!("{name}: {} ({seconds:.2} s)", said.join("; "))
}
