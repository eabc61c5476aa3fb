//! Reads the command line, and helps with what the parser cannot: a word too many behind a lab,
//! which it takes for a command, and which is meant as a run, or as another lab.

use std::env;
use std::io::{self, Write};

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{CommandFactory, Parser};

use super::language::{self, lang};
use super::{Exit, Status, help, warn, warn_lines};
use crate::cli::Cli;
use crate::lab;
use crate::render;
use crate::words::command as words;

/// What was said, or how the program ends without it.
pub(super) fn command_line() -> Result<Cli, Status> {
    Cli::try_parse().map_err(|error| {
        language::decide_by(&given());
        if error.use_stderr() {
            mistyped(&error);
            Status::Usage
        } else {
            help(&error)
        }
    })
}

/// The words of the command line.
fn given() -> Vec<String> {
    let words = env::args_os().skip(1);
    words
        .map(|word| word.to_string_lossy().into_owned())
        .collect()
}

fn mistyped(error: &clap::Error) {
    // What the parser prints would name a word that is no command as one.
    let behind = match error.get(ContextKind::InvalidSubcommand) {
        Some(ContextValue::String(word)) if error.kind() == ErrorKind::ArgumentConflict => {
            Some(word)
        }
        _ => None,
    };
    if let Some(meant) = behind.and_then(|word| extra_word(word)) {
        return warn(&meant);
    }
    if let Some(said) = words::mistyped(lang(), error) {
        warn_lines(&said);
    } else {
        print_harmless(error);
    }
    if behind.is_some() {
        warn(words::options_behind(lang()));
    }
}

/// What the parser says. It repeats what was typed as it is: what a terminal might obey goes out as
/// words.
fn print_harmless(error: &clap::Error) {
    let said = error.to_string();
    let is_harmless = |line: &str| render::harmless(line) == line;
    if said.lines().all(is_harmless) {
        // To a closed pipe nothing more can be said.
        let _ = error.print();
    } else {
        warn_lines(&said);
    }
}

/// Help that was asked for, which the parser calls an error: in the language that is spoken here.
fn help(asked: &clap::Error) -> Status {
    let spoken = help::command_line(lang()).try_get_matches_from(env::args_os());
    let asked = spoken.as_ref().err().unwrap_or(asked);
    let printed = asked.print().and_then(|()| io::stdout().flush());
    match printed.map_err(Exit::from) {
        Err(Exit::Failed(status, message)) => {
            warn(&message);
            status
        }
        _ => Status::AsExpected,
    }
}

/// What the person may have meant, if no word is a command.
fn extra_word(word: &str) -> Option<String> {
    let given = given().into_iter().take_while(|given| given != word);
    let given: Vec<String> = given.filter(|given| !given.starts_with('-')).collect();
    let commands = Cli::command();
    let is_command = |given: &str| commands.find_subcommand(given).is_some();
    if is_command(word) || given.iter().any(|given| is_command(given)) {
        return None;
    }
    // The value of an option may stand between the lab and the word.
    let found = given
        .iter()
        .rev()
        .find_map(|given| Some((given, lab::find(given).ok()?)));
    let Some((wanted, lab)) = found else {
        return Some(words::neither_command_nor_lab(lang(), given.first()?));
    };
    if lab::find(word).is_ok() {
        return Some(words::one_lab_at_a_time(lang(), wanted, word));
    }
    let runs = lab.file.runs.iter().map(|run| run.name.as_str());
    let near = lab::error::nearest(word, runs);
    Some(words::runs_are_named(lang(), wanted, word, near))
}
