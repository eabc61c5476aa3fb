//! The command line: what a person can say, and what it is taken to mean. No file, socket or
//! environment is looked at here.

#![allow(
    missing_docs,
    reason = "of what groups arguments clap would print the doc as what the command is for"
)]

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

mod options;

pub use options::{
    Amount, Guess, How, Language, Look, Network, Often, Pace, Packets, Page, Runs, STDOUT, Show,
    Trust, When,
};

/// Shows why TCP messages stick together, tear and get lost: on real sockets, with the kernel's
/// own evidence.
#[derive(Debug, Parser)]
#[command(
    name = "lab",
    version,
    args_conflicts_with_subcommands = true,
    disable_help_subcommand = true,
    override_usage = "lab [LAB] [OPTIONS]\n       lab COMMAND",
    disable_help_flag = true,
    help_template = "{about}\n\n{usage-heading} {usage}\n\n{all-args}{after-help}",
    after_help = "\
Watch:   lab                     the catalogue
         lab 3                   lab 3, with all its runs
         lab 3 --run leftover    one of them
         lab compare 3 4         two runs beside one another, and what differs
         lab 1 --repeat 500      how often each outcome comes up
         lab 3 --step            event by event, with the keyboard
Learn:   lab learn               a course, from the first lab on
         lab 3 --predict         say first what each recv will return, then see
         lab myths               what people believe of TCP, put to the test
         lab myths 5             one belief, and the run that decides it
         lab explain nagle       a word, in English or Chinese: lab explain 粘包
         lab code 3              lab 3 as two Python programs, to run and mend
         lab help evidence       where the evidence comes from, where it ends
Teach:   lab help writing        how to write a lab, in ten minutes
         lab new my-lab          a lab to begin with ...
         lab run my-lab/         ... run it ...
         lab lint my-lab/        ... and check it before a class sees it
         lab 3 --json > t.json   keep what a run did ...
         lab replay t.json       ... and show it again, to the letter

Exit codes: 0 as expected, 1 something differs, 2 wrong usage, 3 could not run,
            130 Ctrl-C."
)]
pub struct Cli {
    #[command(flatten)]
    pub watch: Watch,
    /// Anything else.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// Print this help
    #[arg(short, long, global = true, action = clap::ArgAction::HelpShort)]
    help: Option<bool>,
}

impl Cli {
    /// What is said of how the output looks.
    pub fn look(&self) -> Look {
        match &self.command {
            None => self.watch.how.show.look.clone(),
            Some(Command::Run { how, .. }) => how.show.look.clone(),
            Some(
                Command::List { show, .. }
                | Command::All { show, .. }
                | Command::Compare { show, .. }
                | Command::Replay { show, .. }
                | Command::Myths { show, .. }
                | Command::Explain { show, .. },
            ) => show.look.clone(),
            Some(Command::Learn { page, .. }) => page.look.clone(),
            Some(
                Command::New { lang, .. }
                | Command::Code { lang, .. }
                | Command::Lint { lang, .. }
                | Command::Help { lang, .. },
            ) => Look::of_language(*lang),
        }
    }
}

// A lab of the catalogue, or none for the catalogue itself.
#[derive(Debug, Args)]
pub struct Watch {
    /// The lab to run, by number or name; without it, the catalogue
    #[arg(value_name = "LAB")]
    pub lab: Option<String>,
    #[command(flatten)]
    pub how: How,
}

/// The commands besides a lab's number.
#[derive(Debug, Subcommand)]
// What a command takes is made out only when it is given: building them all is felt in `lab 3`.
#[command(defer = true)]
pub enum Command {
    /// The catalogue: number, title and question of each lab
    List {
        /// With the question of each
        #[arg(long)]
        full: bool,
        #[command(flatten)]
        show: Show,
    },
    /// Run every lab of the catalogue
    All {
        #[command(flatten)]
        network: Network,
        #[command(flatten)]
        amount: Amount,
        #[command(flatten)]
        show: Show,
    },
    /// Run a lab from outside the catalogue
    Run {
        /// Its directory, or its lab file
        #[arg(value_name = "DIR|FILE")]
        path: PathBuf,
        #[command(flatten)]
        trust: Trust,
        #[command(flatten)]
        how: How,
    },
    /// Put two or three runs beside one another
    Compare {
        /// Labs, their runs, or traces: 3, 3:leftover, my-lab/:halves, t.json, t.json:leftover
        #[arg(value_name = "RUN", num_args = 2..=3, required = true)]
        runs: Vec<String>,
        /// Reveal them read by read, with the keyboard
        #[arg(long, conflicts_with_all = ["json", "full"])]
        step: bool,
        #[command(flatten)]
        amount: Amount,
        #[command(flatten)]
        trust: Trust,
        #[command(flatten)]
        show: Show,
    },
    /// Write a lab to begin with: a directory with all its files
    New {
        /// The directory to make; its name is the lab's
        #[arg(value_name = "DIR")]
        path: PathBuf,
        /// The language to say it in: en, zh [default: the locale's]
        #[arg(long, hide_possible_values = true)]
        lang: Option<Language>,
    },
    /// Check labs: their files, their words, and that their claims come true each time
    Lint {
        /// Their directories, or lab files; without any, the catalogue
        #[arg(value_name = "DIR|FILE")]
        paths: Vec<PathBuf>,
        /// How often to do each run
        #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
        times: u32,
        #[command(flatten)]
        trust: Trust,
        /// The language: en, zh [default: the locale's]
        #[arg(long, hide_possible_values = true)]
        lang: Option<Language>,
    },
    /// Draw again what --json wrote
    Replay {
        /// The trace, or - for standard input
        #[arg(value_name = "TRACE.json")]
        trace: PathBuf,
        #[command(flatten)]
        runs: Runs,
        /// How much of the captured packets, if it has any
        #[arg(long, value_name = "WHAT", num_args = 0..=1, require_equals = true, default_missing_value = "data")]
        wire: Option<Packets>,
        /// Count how often each outcome is in it, as `lab 1 --repeat` does
        #[arg(long)]
        repeat: bool,
        #[command(flatten)]
        guess: Guess,
        #[command(flatten)]
        pace: Pace,
        #[command(flatten)]
        amount: Amount,
        #[command(flatten)]
        show: Show,
    },
    /// A run as two plain Python programs, to run, break and mend
    Code {
        /// The lab, by number or name, or its directory
        #[arg(value_name = "LAB")]
        lab: String,
        /// Which of its runs [default: the first]
        #[arg(long, value_name = "NAME")]
        run: Option<String>,
        /// Only the server
        #[arg(long, conflicts_with = "client")]
        server: bool,
        /// Only the client
        #[arg(long)]
        client: bool,
        /// The language of the comments: en, zh [default: the locale's]
        #[arg(long, hide_possible_values = true)]
        lang: Option<Language>,
    },
    /// What people believe of TCP and UDP, with verdict, reason and proof
    Myths {
        /// The one to show, and to prove by running it; without it, all of them
        #[arg(value_name = "NUMBER")]
        number: Option<String>,
        /// Run every proof; exit code 1 if a verdict does not come out as written
        #[arg(long, conflicts_with = "number")]
        check: bool,
        #[command(flatten)]
        show: Show,
    },
    /// A course through the labs: predict, watch, think on; it goes on where you left
    Learn {
        /// Say how far you are
        #[arg(long, conflicts_with = "reset")]
        status: bool,
        /// Forget how far you are
        #[arg(long)]
        reset: bool,
        #[command(flatten)]
        page: Page,
    },
    /// Explain a word of the field, given in English or Chinese
    Explain {
        /// The word; without it, all words by theme
        #[arg(value_name = "WORD")]
        words: Vec<String>,
        #[command(flatten)]
        show: Show,
    },
    /// Explain a topic: writing, evidence, json
    Help {
        /// The topic; without it, this program's options
        topic: Option<Topic>,
        /// The language: en, zh [default: the locale's]
        #[arg(long, hide_possible_values = true)]
        lang: Option<Language>,
    },
}

/// What `lab help` explains.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Topic {
    /// How to write a lab
    Writing,
    /// Where the evidence comes from, and where it ends
    Evidence,
    /// The lines that --json writes
    Json,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn the_help_of_each_command_begins_with_what_it_is_for() {
        let mut cli = Cli::command();
        let listed: Vec<Option<String>> = abouts(&cli);
        cli.build();
        assert_eq!(abouts(&cli), listed);
    }

    fn abouts(cli: &clap::Command) -> Vec<Option<String>> {
        let commands = cli.get_subcommands();
        let abouts = commands.map(|command| command.get_about().map(ToString::to_string));
        abouts.collect()
    }
}
