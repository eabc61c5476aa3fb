//! A word too many behind a lab: the parser takes it for a command, and it is meant as a run, or as
//! another lab.

use std::env;

use clap::CommandFactory;

use crate::cli::Cli;
use crate::lab::{self, Lab};

/// What the person may have meant, if no word is a command.
pub(crate) fn extra_word(word: &str) -> Option<String> {
    let given: Vec<String> = env::args_os()
        .skip(1)
        .map(|word| word.to_string_lossy().into_owned())
        .take_while(|given| given != word)
        .filter(|given| !given.starts_with('-'))
        .collect();
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
        return Some(format!(
            "`{}` is neither a command nor a lab; `lab` lists the labs, `lab --help` the commands",
            given.first()?.escape_debug()
        ));
    };
    let shown = word.escape_debug();
    if lab::find(word).is_ok() {
        return Some(format!(
            "one lab at a time; two side by side: lab compare {wanted} {word}"
        ));
    }
    let name = run_like(&lab, word).map_or_else(|| shown.to_string(), str::to_owned);
    Some(format!(
        "`{shown}` is no command; a run is named with --run: lab {wanted} --run {name}"
    ))
}

/// The run of the lab that has this name, or one much like it.
fn run_like<'a>(lab: &'a Lab, word: &str) -> Option<&'a str> {
    lab::error::nearest(word, lab.file.runs.iter().map(|run| run.name.as_str()))
}
