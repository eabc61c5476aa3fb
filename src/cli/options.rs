//! What commands have in common: which runs, how often, at what pace, in what form.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use crate::event::{Mtu, WireDetail};
use crate::lang::Lang;
use crate::render::NARROWEST;

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
