//! The `lab` program: parses, decides once how to draw, wires lab to run to report to renderer.

mod command;

use std::process::ExitCode;

use clap::Parser;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use sticky_lab::cli::Cli;

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let quiet = matches!(
                error.kind(),
                ErrorKind::DisplayHelp | ErrorKind::DisplayVersion
            );
            // What the parser prints would name a word that is no command as one.
            let behind = match error.get(ContextKind::InvalidSubcommand) {
                Some(ContextValue::String(word)) if error.kind() == ErrorKind::ArgumentConflict => {
                    Some(word)
                }
                _ => None,
            };
            if let Some(meant) = behind.and_then(|word| command::extra_word(word)) {
                command::warn(&meant);
                return ExitCode::from(command::USAGE);
            }
            // To a closed pipe nothing more can be said.
            let _ = error.print();
            if behind.is_some() {
                command::warn("options stand behind the command: lab compare 3 4 --lang zh");
            }
            return if quiet {
                ExitCode::SUCCESS
            } else {
                ExitCode::from(command::USAGE)
            };
        }
    };
    command::carry_out(cli)
}
