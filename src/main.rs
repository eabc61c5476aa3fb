//! The `lab` program: parses, decides once how to draw, wires lab to run to report to renderer.

mod command;

use std::process::ExitCode;

use clap::Parser;
use clap::error::{ContextKind, ErrorKind};
use sticky_lab::cli::Cli;

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let quiet = matches!(
                error.kind(),
                ErrorKind::DisplayHelp | ErrorKind::DisplayVersion
            );
            // To a closed pipe nothing more can be said.
            let _ = error.print();
            // What is printed then names a word that is no command as one.
            if error.kind() == ErrorKind::ArgumentConflict
                && error.get(ContextKind::InvalidSubcommand).is_some()
            {
                command::complain("options stand behind the command: lab compare 3 4 --lang zh");
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
