//! The command line: what a person can say, and what it is taken to mean. No file, socket or
//! environment is looked at here.

#![allow(
    missing_docs,
    reason = "of what groups arguments clap would print the doc as what the command is for"
)]

use std::path::{Path, PathBuf};

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::event::{Mtu, WireDetail};
use crate::lang::Lang;
use crate::render::NARROWEST;

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

// What a lab from outside the catalogue may do.
#[derive(Clone, Copy, Debug, Args)]
pub struct Trust {
    /// Let the lab start the programs that its file names under `commands`
    #[arg(long)]
    pub allow_commands: bool,
}

// Which runs.
#[derive(Clone, Debug, Args)]
pub struct Runs {
    /// Only the run of this name; can be given several times
    #[arg(long = "run", value_name = "NAME")]
    pub names: Vec<String>,
}

/// What stands for standard output where a file is named.
pub const STDOUT: &str = "-";

// What to see of the network.
#[derive(Clone, Debug, Args)]
pub struct Network {
    /// Capture the packets in a network of its own (Linux, no root) and draw the segments among
    /// the calls; --wire=full draws handshake, ACKs and close as well
    #[arg(long, value_name = "WHAT", num_args = 0..=1, require_equals = true, default_missing_value = "data", hide_possible_values = true)]
    pub wire: Option<Packets>,
    /// The MTU of that network [default: 1500, or the run's own]
    #[arg(long, value_name = "BYTES", value_parser = mtu)]
    pub mtu: Option<Mtu>,
    /// Write the packets to a new file for Wireshark, each with the writes that its bytes came from;
    /// - is standard output, and then nothing else is printed
    #[arg(long, value_name = "FILE")]
    pub pcap: Option<PathBuf>,
}

impl Network {
    /// Whether every run is to be watched.
    pub fn is_asked_for(&self) -> bool {
        self.wire.is_some() || self.mtu.is_some() || self.pcap.is_some()
    }

    /// Whether standard output is where the packets go.
    pub fn is_to_stdout(&self) -> bool {
        self.pcap.as_deref() == Some(Path::new(STDOUT))
    }
}

/// Which packets are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Packets {
    /// Those that carry data, and what is out of the ordinary
    Data,
    /// All of them
    Full,
}

impl From<Packets> for WireDetail {
    fn from(packets: Packets) -> Self {
        match packets {
            Packets::Data => Self::Data,
            Packets::Full => Self::Full,
        }
    }
}

// How often to run.
#[derive(Clone, Debug, Args)]
pub struct Often {
    /// Do each run N times, and count how often each outcome comes up
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub repeat: Option<u32>,
    /// With --repeat: keep N threads busy meanwhile
    #[arg(long, value_name = "N", requires = "repeat", default_value_t = 0, hide_default_value = true, value_parser = clap::value_parser!(u16).range(0..=256))]
    pub load: u16,
}

// How to go about the runs of a lab.
#[derive(Clone, Debug, Args)]
pub struct How {
    #[command(flatten)]
    pub runs: Runs,
    #[command(flatten)]
    pub network: Network,
    #[command(flatten)]
    pub often: Often,
    #[command(flatten)]
    pub guess: Guess,
    #[command(flatten)]
    pub pace: Pace,
    #[command(flatten)]
    pub amount: Amount,
    #[command(flatten)]
    pub show: Show,
}

// What is asked before a run is shown.
#[derive(Clone, Debug, Args)]
pub struct Guess {
    /// Predict what each recv will return before the run is shown
    #[arg(long, conflicts_with_all = ["json", "repeat"])]
    pub predict: bool,
    /// With --predict: the prediction, such as "ab | cd"; for all runs, or once for each
    #[arg(
        long = "answer",
        value_name = "READS",
        requires = "predict",
        allow_hyphen_values = true
    )]
    pub answer: Vec<String>,
}

// At what pace a run is shown.
#[derive(Clone, Copy, Debug, Args)]
pub struct Pace {
    /// Reveal the runs event by event, with the keyboard
    #[arg(long, conflicts_with_all = ["json", "repeat", "predict"])]
    pub step: bool,
}

impl Amount {
    /// What makes the point, on one screen.
    pub const SCREEN: Self = Self {
        full: false,
        hex: false,
    };
}

// How much is drawn.
#[derive(Clone, Copy, Debug, Args)]
pub struct Amount {
    /// All that there is to see, in place of one screen
    #[arg(long)]
    pub full: bool,
    /// Bytes in hexadecimal too
    #[arg(long)]
    pub hex: bool,
}

// In what form.
#[derive(Clone, Debug, Args)]
pub struct Show {
    /// One JSON object a line, for programs (lab help json)
    #[arg(long, conflicts_with = "plain")]
    pub json: bool,
    /// One fact a line, for screen readers and grep
    #[arg(long)]
    pub plain: bool,
    #[command(flatten)]
    pub look: Look,
}

// In what form, for people alone.
#[derive(Clone, Debug, Args)]
pub struct Page {
    /// One fact a line, for screen readers and grep
    #[arg(long)]
    pub plain: bool,
    #[command(flatten)]
    pub look: Look,
}

impl From<&Page> for Show {
    fn from(page: &Page) -> Self {
        Self {
            json: false,
            plain: page.plain,
            look: page.look.clone(),
        }
    }
}

// How the output looks.
#[derive(Clone, Debug, Args)]
pub struct Look {
    /// When to use colour: auto, always, never
    #[arg(
        long,
        value_name = "WHEN",
        default_value = "auto",
        hide_default_value = true,
        hide_possible_values = true
    )]
    pub color: When,
    /// Use only ASCII characters
    #[arg(long)]
    pub ascii: bool,
    /// The language: en, zh [default: the locale's]
    #[arg(long, hide_possible_values = true)]
    pub lang: Option<Language>,
    /// The width to draw in [default: the terminal's, or 80]
    #[arg(long, value_name = "COLUMNS", value_parser = width)]
    pub width: Option<usize>,
}

impl Look {
    /// Of a text that has a language and no colour.
    pub fn of_language(lang: Option<Language>) -> Self {
        Self {
            color: When::Never,
            ascii: false,
            lang,
            width: None,
        }
    }
}

/// When to use colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum When {
    /// If the output is a terminal that has it
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// The languages by their codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Language {
    /// English
    En,
    /// 中文
    Zh,
}

impl From<Language> for Lang {
    fn from(language: Language) -> Self {
        match language {
            Language::En => Self::En,
            Language::Zh => Self::Zh,
        }
    }
}

fn mtu(text: &str) -> Result<Mtu, String> {
    let bytes = text.parse().or(Err("not a number of bytes"))?;
    Mtu::new(bytes).ok_or_else(|| "an MTU is 576 to 65536 bytes".into())
}

fn width(text: &str) -> Result<usize, String> {
    let columns: usize = text.parse().or(Err("not a number of columns"))?;
    if (NARROWEST..=1000).contains(&columns) {
        Ok(columns)
    } else {
        Err(format!(
            "the pictures need {NARROWEST} to 1000 columns; --plain needs no width"
        ))
    }
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
