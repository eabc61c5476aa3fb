//! Finds the lab that a person means.

use clap::CommandFactory;

use super::{Exit, lang};
use crate::cli::Cli;
use crate::lab::error::nearest;
use crate::lab::{self, Lab, glossary};
use crate::words::command as words;

/// The lab of this number or name.
pub(super) fn lab(wanted: &str) -> Result<Lab, Exit> {
    // As `lab compare` has it.
    if let Some((lab, run)) = wanted.split_once(':')
        && lab::find(lab).is_ok()
    {
        return Err(Exit::usage(words::no_lab_but_a_run(
            lang(),
            wanted,
            lab,
            run,
        )));
    }
    lab::find(wanted).map_err(|error| {
        let explained = glossary::catalogue().is_ok_and(|words| words.find(wanted).is_ok());
        Exit::usage(match command_meant_by(wanted) {
            _ if explained => words::no_lab_but_a_word(lang(), wanted),
            Some(command) => words::no_lab_but_a_command(lang(), wanted, &command),
            None => words::no_lab(lang(), wanted, &error, lab::nearest_lab(wanted)),
        })
    })
}

/// The command that a mistyped word is more like than the name of any lab.
fn command_meant_by(wanted: &str) -> Option<String> {
    let cli = Cli::command();
    let commands: Vec<&str> = cli.get_subcommands().map(clap::Command::get_name).collect();
    let labs = lab::catalogue().unwrap_or_default();
    let slugs = labs.iter().map(|lab| lab.slug.as_str());
    let nearest = nearest(wanted, slugs.chain(commands.iter().copied()))?;
    commands.contains(&nearest).then(|| nearest.into())
}
