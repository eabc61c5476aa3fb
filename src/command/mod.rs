//! Carries out a command: a file for each kind. Here stand what they share and the small ones.

mod ask;
mod bar;
mod code;
mod compare;
mod explain;
mod extra;
mod learn;
mod learned;
mod lint;
mod live;
mod meter;
mod myths;
mod new;
mod predict;
mod printer;
mod repeat;
mod replay;
mod rounds;
mod runner;
mod speak;
mod stage;
mod step;
mod wire;

use std::io::{self, Write};
use std::process::ExitCode;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{CommandFactory, Parser};

use crate::cli::{Cli, Command, How, Look, Network, Runs, Show, Topic};
use crate::lab::error::LabError;
use crate::lab::{self, Lab};
use crate::render::{self, Colour, View};
use crate::report::Outcome;
use crate::screen::{self, Environment};
use extra::extra_word;
use speak::say;

/// All went as the labs say.
const AS_EXPECTED: u8 = 0;
/// A run came out otherwise.
const DIFFERS: u8 = 1;
/// The command line, or a lab, is not usable.
const USAGE: u8 = 2;
/// A run could not begin.
const COULD_NOT_RUN: u8 = 3;
/// Ctrl-C: 128 + SIGINT, as shells have it.
const INTERRUPTED: u8 = 130;

/// Why a command ended early.
enum Exit {
    /// With a message for standard error.
    Failed(u8, String),
    /// Whoever read the output has gone.
    ClosedPipe,
}

impl From<io::Error> for Exit {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::ClosedPipe,
            _ => Self::Failed(
                COULD_NOT_RUN,
                say(
                    format!("cannot write the output: {error}"),
                    format!("写不出结果：{error}"),
                ),
            ),
        }
    }
}

impl From<LabError> for Exit {
    fn from(error: LabError) -> Self {
        Self::Failed(USAGE, error.to_string())
    }
}

/// The whole program: parses, decides once how to draw, wires lab to run to report to renderer.
pub fn main() -> ExitCode {
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
            if let Some(meant) = behind.and_then(|word| extra_word(word)) {
                warn(&meant);
                return ExitCode::from(USAGE);
            }
            // To a closed pipe nothing more can be said.
            let _ = error.print();
            if behind.is_some() {
                warn("options stand behind the command: lab compare 3 4 --lang zh");
            }
            return if quiet {
                ExitCode::SUCCESS
            } else {
                ExitCode::from(USAGE)
            };
        }
    };
    carry_out(cli)
}

/// Does what the person said.
fn carry_out(cli: Cli) -> ExitCode {
    speak::decide(&cli.look());
    let done = match cli.command {
        None => match &cli.watch.lab {
            None => list(&cli.watch.show.look),
            Some(wanted) => live::find(wanted).and_then(|lab| {
                let said = &cli.watch;
                watch(&lab, &said.how, &said.runs, &said.network, &said.show)
            }),
        },
        Some(Command::List { look }) => list(&look),
        Some(Command::All { network, show }) => lab::catalogue()
            .map_err(Exit::from)
            .and_then(|labs| live::run_labs(&labs, &[], &network, &show)),
        Some(Command::Run {
            path,
            runs,
            how,
            network,
            show,
        }) => lab::open(&path)
            .map_err(Exit::from)
            .and_then(|lab| watch(&lab, &how, &runs, &network, &show)),
        Some(Command::Replay {
            trace,
            runs,
            guess,
            show,
            ..
        }) if guess.predict => predict::recorded(&trace, &runs.names, &guess, &show),
        Some(Command::Replay {
            trace,
            runs,
            pace,
            show,
            ..
        }) if pace.step => step::recorded(&trace, &runs.names, &show),
        Some(Command::Replay {
            trace,
            runs,
            wire,
            repeat: false,
            show,
            ..
        }) => replay::replay(&trace, &runs.names, wire, &show),
        Some(Command::Replay {
            trace, runs, show, ..
        }) => repeat::recorded(&trace, &runs.names, &show),
        Some(Command::Compare { runs, show }) => compare::compare(&runs, &show),
        Some(Command::Code {
            lab,
            run,
            server,
            client,
            lang,
        }) => code::code(&lab, run.as_deref(), code::half(server, client), lang),
        Some(Command::New { path, lang }) => new::new(&path, lang),
        Some(Command::Lint { paths, times }) => lint::lint(&paths, times),
        Some(Command::Myths {
            number: None,
            check: false,
            page,
        }) => myths::list(&page),
        Some(Command::Myths {
            number: None, page, ..
        }) => myths::check(&page),
        Some(Command::Myths {
            number: Some(number),
            page,
            ..
        }) => myths::show(&number, &page),
        Some(Command::Learn {
            status: true, page, ..
        }) => learn::status(&page),
        Some(Command::Learn {
            reset: true, page, ..
        }) => learn::reset(&page),
        Some(Command::Learn { page, .. }) => learn::go_on(&page),
        Some(Command::Explain { words, page }) => explain::explain(&words, &page),
        Some(Command::Help { topic }) => help(topic),
    };
    match done {
        Ok(code) => ExitCode::from(code),
        Err(Exit::ClosedPipe) => ExitCode::SUCCESS,
        Err(Exit::Failed(code, message)) => {
            warn(&message);
            ExitCode::from(code)
        }
    }
}

/// Runs a lab once, or often, asks first, or step by step.
fn watch(lab: &Lab, how: &How, runs: &Runs, network: &Network, show: &Show) -> Result<u8, Exit> {
    let otherwise = how.pace.step || how.guess.predict || how.often.repeat.is_some();
    if otherwise && network.is_asked_for() {
        return Err(Exit::Failed(
            USAGE,
            say(
                "--wire, --mtu and --pcap do not go with --step, --predict or --repeat",
                "--wire、--mtu、--pcap 不能和 --step、--predict、--repeat 一起用",
            ),
        ));
    }
    match how.often.repeat {
        _ if how.pace.step => step::live(lab, &runs.names, show),
        _ if how.guess.predict => predict::live(lab, &runs.names, &how.guess, show),
        None => live::run_labs(std::slice::from_ref(lab), &runs.names, network, show),
        Some(times) => repeat::live(lab, &runs.names, times, how.often.load, show),
    }
}

/// Says what is wrong, on standard error. Words from a file or the command line may be in it, so
/// nothing that a terminal obeys gets through. Where nobody listens there is nobody to tell.
fn warn(message: &str) {
    let _ = writeln!(io::stderr(), "lab: {}", render::harmless(message));
}

fn print(text: &str) -> Result<(), Exit> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    Ok(out.flush()?)
}

/// Decides how to draw, and tells the colour crate, which otherwise would decide for itself.
fn view(look: &Look, has_evidence: bool) -> Result<(View, Option<usize>), Exit> {
    let decided = screen::decide(look, &Environment::look(), has_evidence);
    let (view, narrow) = decided.map_err(|_| {
        Exit::Failed(
            USAGE,
            "--ascii cannot show Chinese; leave one of --ascii and --lang zh out".into(),
        )
    })?;
    colored::control::set_override(view.colour != Colour::None);
    Ok((view, narrow))
}

/// Says why question marks stand where the labs have Chinese, if nobody asked for that.
fn explain_ascii(look: &Look) {
    if Environment::look().keeps_to_ascii(look) {
        warn(
            "the locale has no UTF-8, so a ? stands for what is not ASCII; with LC_ALL=C.UTF-8 it \
             is shown",
        );
    }
}

fn list(look: &Look) -> Result<u8, Exit> {
    let (view, _) = view(look, true)?;
    print(&render::catalogue(&lab::catalogue()?, &view))?;
    Ok(AS_EXPECTED)
}

fn help(topic: Option<Topic>) -> Result<u8, Exit> {
    match topic {
        None => print(&Cli::command().render_help().to_string())?,
        Some(Topic::Json) => print(include_str!("../../docs/json.md"))?,
        Some(Topic::Writing) => print(include_str!("../../docs/writing-labs.md"))?,
        Some(Topic::Evidence) => print(include_str!("../../docs/evidence.md"))?,
    }
    Ok(AS_EXPECTED)
}

/// The worst that happened so far decides the exit code.
fn worse(so_far: u8, outcome: Outcome) -> u8 {
    so_far.max(match outcome {
        Outcome::AsExpected | Outcome::Unconfirmed => AS_EXPECTED,
        Outcome::Differs | Outcome::Deadline => DIFFERS,
        Outcome::Interrupted => INTERRUPTED,
    })
}
