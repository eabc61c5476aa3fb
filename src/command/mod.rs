//! Carries out a command: a file for each kind. What they share stands in files of its own: where
//! runs come from (`sessions`), what is printed (`printer`), how it ends (`exit`, `interrupt`).

mod alternate_screen;
mod ask;
mod bar;
mod capture;
mod code;
mod compare;
mod exit;
mod explain;
mod find;
mod help;
mod interrupt;
mod language;
mod learn;
mod learned;
mod lint;
mod meter;
mod myths;
mod new;
mod output;
mod parse;
mod permission;
mod predict;
mod printer;
mod repeat;
mod rounds;
mod sessions;
mod sources;
mod step;
mod terminal_runner;
mod watch;

use std::process::ExitCode;
use std::slice;

use crate::cli::{Cli, Command, How, Show};
use crate::lab::{self, Lab};
use crate::render;
use crate::words;
use exit::{Exit, Status};
use language::lang;
use output::{print, warn, warn_lines};
use permission::Permission;
use printer::Printer;
use terminal_runner::TerminalRunner;

/// The whole program: parses, decides once how to draw, wires lab to run to report to renderer.
pub fn main() -> ExitCode {
    interrupt::let_writes_fail();
    let status = match parse::command_line() {
        Ok(cli) => {
            language::decide(&cli.look());
            match carry_out(cli) {
                Err(Exit::Failed(status, message)) => {
                    warn(&message);
                    status
                }
                // Pressed when all was all but over, it counts all the same.
                Ok(_) | Err(Exit::Quit) if interrupt::was_pressed() => Status::Interrupted,
                Err(Exit::Quit | Exit::ClosedPipe) => Status::AsExpected,
                Ok(status) => status,
            }
        }
        Err(status) => status,
    };
    status.into()
}

/// Does what the person said.
fn carry_out(cli: Cli) -> Result<Status, Exit> {
    let Some(command) = cli.command else {
        return match &cli.watch.lab {
            None => list(false, &cli.watch.how.show),
            Some(wanted) => watch(&find::lab(wanted)?, &cli.watch.how),
        };
    };
    match command {
        Command::List { full, show } => list(full, &show),
        Command::All {
            network,
            amount,
            show,
        } => watch::run(&lab::catalogue()?, &[], &network, amount, &show),
        Command::Run { path, trust, how } => {
            let lab = Permission::of(trust.allow_commands).open(&path)?;
            watch(&lab, &how)
        }
        Command::Replay {
            trace,
            runs,
            wire,
            repeat,
            guess,
            pace,
            amount,
            show,
        } => {
            let recorded = sources::of_trace(&trace, &runs.names)?;
            match () {
                () if guess.predict => predict::predict(recorded, &guess, amount, &show),
                () if pace.step => step::step(recorded, &show),
                () if repeat => repeat::recorded(recorded, &show),
                () => watch::replay(recorded, wire, amount, &show),
            }
        }
        Command::Compare {
            runs,
            step,
            amount,
            trust,
            show,
        } => {
            let permission = Permission::of(trust.allow_commands);
            compare::compare(&runs, permission, step, amount, &show)
        }
        Command::Code {
            lab,
            run,
            server,
            client,
            ..
        } => code::code(&lab, run.as_deref(), code::half(server, client)),
        Command::New { path, lang } => new::new(&path, lang),
        Command::Lint {
            paths,
            times,
            trust,
            ..
        } => lint::lint(&paths, times, Permission::of(trust.allow_commands)),
        Command::Myths {
            number: Some(number),
            show,
            ..
        } => myths::show(&number, &show),
        Command::Myths { check, show, .. } if check => myths::check(&show),
        Command::Myths { show, .. } => myths::list(&show),
        Command::Learn {
            status,
            reset,
            page,
        } => match () {
            () if status => learn::status(&page),
            () if reset => learn::reset(&page),
            () => learn::go_on(&page),
        },
        Command::Explain { words, show } => explain::explain(&words, &show),
        Command::Help { topic, .. } => help::help(topic),
    }
}

/// Runs a lab once, or often, asks first, or step by step.
fn watch(lab: &Lab, how: &How) -> Result<Status, Exit> {
    let (names, show) = (&how.runs.names, &how.show);
    let otherwise = how.pace.step || how.guess.predict || how.often.repeat.is_some();
    if !otherwise {
        return watch::run(slice::from_ref(lab), names, &how.network, how.amount, show);
    }
    if how.network.is_asked_for() {
        return Err(Exit::usage(words::command::wire_goes_with_no_mode(lang())));
    }
    let runs = sources::of_lab(lab, names, &TerminalRunner::new())?;
    match how.often.repeat {
        _ if how.pace.step => step::step(vec![runs], show),
        Some(times) if !how.guess.predict => repeat::live(runs, times, how.often.load, show),
        _ => predict::predict(vec![runs], &how.guess, how.amount, show),
    }
}

fn list(full: bool, show: &Show) -> Result<Status, Exit> {
    let printer = Printer::new(show, true)?;
    let labs = lab::catalogue()?;
    printer.each(
        &labs,
        |lab| render::json::lab(lab, lang()),
        |view| render::catalogue(&labs, full, view),
    )?;
    Ok(Status::AsExpected)
}
