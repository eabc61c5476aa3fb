//! The pages of help in the language of the person. English is the parser's own; another language
//! has the same parts in the same order, with lines that end where its script lets them.

use std::fmt::Write as _;

use clap::builder::PossibleValue;
use clap::builder::styling::Style;
use clap::{Arg, Command, CommandFactory};
use textwrap::core::display_width;

use super::language::lang;
use super::{Exit, Status, print};
use crate::cli::{Cli, Topic};
use crate::lang::Lang;
use crate::line_break;
use crate::screen::Environment;
use crate::words::help::{self as words, Help};

/// The widest that a page gets, as the parser has it.
const WIDEST: usize = 100;

/// The width where there is no terminal.
const USUAL: usize = 80;

/// The narrowest that the texts of a table get.
const NARROWEST: usize = 20;

/// What is left free on both sides of a table's names.
const MARGIN: usize = 2;

/// Prints a page on a topic, or that of the program itself.
pub(super) fn help(topic: Option<Topic>) -> Result<Status, Exit> {
    let own = words::of(lang());
    let page = match topic {
        None => {
            print(&command_line(lang()).render_help().to_string())?;
            return Ok(Status::AsExpected);
        }
        Some(Topic::Json) => include_str!("../../docs/json.md"),
        Some(Topic::Writing) => include_str!("../../docs/writing-labs.md"),
        Some(Topic::Evidence) => match own {
            Some(help) => return print(help.evidence).map(|()| Status::AsExpected),
            None => include_str!("../../docs/evidence.md"),
        },
    };
    if let Some(help) = own {
        print(&format!("{}\n\n", help.in_english))?;
    }
    print(page)?;
    Ok(Status::AsExpected)
}

/// The command line, its help in this language.
pub(super) fn command_line(lang: Lang) -> Command {
    let mut command = Cli::command();
    let Some(help) = words::of(lang) else {
        return command;
    };
    // What a command takes is made out only now.
    command.build();
    let columns = Environment::of_process().columns;
    let page = Page {
        help,
        width: columns.unwrap_or(USUAL).min(WIDEST),
    };
    page.on(command)
}

/// How the pages are written.
struct Page {
    help: &'static Help,
    width: usize,
}

impl Page {
    /// A command that has a page in place of the parser's own, and so do those below it.
    fn on(&self, mut command: Command) -> Command {
        let text = self.text(&mut command);
        let command = command.override_help(text);
        command.mut_subcommands(|command| self.on(command))
    }

    fn text(&self, command: &mut Command) -> String {
        let usage = command.render_usage().to_string();
        let styles = command.get_styles();
        let (header, literal) = (styles.get_header(), styles.get_literal());
        let name = command.get_bin_name().unwrap_or(command.get_name());
        let about = textwrap::fill(self.help.command(name), line_break::options(self.width));
        let mut page = format!("{about}\n\n{}\n", self.help.usage(&usage));

        let commands = command
            .get_subcommands()
            .filter(|command| !command.is_hide_set());
        let commands = commands.map(|command| {
            let about = self.help.command(&format!("{name} {}", command.get_name()));
            (command.get_name().to_owned(), about.to_owned())
        });
        let shown = command.get_arguments().filter(|arg| !arg.is_hide_set());
        let (arguments, mut options): (Vec<_>, Vec<_>) = shown.partition(|arg| arg.is_positional());
        // What every command has stands last, as the parser has it.
        options.sort_by_key(|arg| arg.get_short().is_some());
        let rows = |args: Vec<&Arg>| {
            let rows = args
                .into_iter()
                .map(|arg| (shape(arg), self.purpose(name, arg)));
            rows.collect()
        };
        let parts: [Vec<_>; 3] = [commands.collect(), rows(arguments), rows(options)];
        for (heading, rows) in self.help.headings.iter().zip(parts) {
            if !rows.is_empty() {
                let table = self.table(&rows, *literal);
                let _ = write!(page, "\n{header}{heading}{header:#}\n{table}");
            }
        }
        if command.get_after_help().is_some() {
            page = page + "\n" + self.help.examples + "\n";
        }
        page
    }

    /// What an argument is for, what it may be, and what it is if nobody says.
    fn purpose(&self, command: &str, arg: &Arg) -> String {
        let mut purpose = String::from(self.help.argument(command, arg.get_id().as_str()));
        if !arg.get_action().takes_values() {
            return purpose;
        }
        let possible = arg.get_possible_values();
        if !possible.is_empty() && !arg.is_hide_possible_values_set() {
            let names: Vec<&str> = possible.iter().map(PossibleValue::get_name).collect();
            purpose = purpose + " " + &self.help.possible(&names);
        }
        let default = arg.get_default_values().first();
        if let Some(value) = default.filter(|_| !arg.is_hide_default_value_set()) {
            purpose = purpose + " " + &self.help.default(&value.to_string_lossy());
        }
        purpose
    }

    /// Names in a column, and what is said of them beside it.
    fn table(&self, rows: &[(String, String)], literal: Style) -> String {
        let widest = rows.iter().map(|(name, _)| display_width(name)).max();
        let column = MARGIN + widest.unwrap_or_default() + MARGIN;
        let options = line_break::options(self.width.saturating_sub(column).max(NARROWEST));
        let row = |(name, text): &(String, String)| {
            let text = textwrap::fill(text, &options).replace('\n', &format!("\n{:column$}", ""));
            let gap = column - MARGIN - display_width(name);
            format!(
                "{:MARGIN$}{literal}{name}{literal:#}{:gap$}{text}\n",
                "", ""
            )
        };
        rows.iter().map(row).collect()
    }
}

/// How an argument is given: `-h, --help`, `    --run <NAME>`, `<DIR|FILE>`.
fn shape(arg: &Arg) -> String {
    match arg.get_short() {
        Some(short) => format!("-{short}, {arg}"),
        None if arg.is_positional() => arg.to_string(),
        None => format!("    {arg}"),
    }
}
