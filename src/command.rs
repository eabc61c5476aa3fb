//! Carries out a command: lab to scenario to run to report to renderer, one run after the other.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Write};
use std::path::Path;
use std::process::ExitCode;
use std::sync::{Arc, LazyLock};

use clap::CommandFactory;
use sticky_lab::cli::{Cli, Command, Look, Runs, Show, Topic};
use sticky_lab::event::{LabInfo, RunTrace, Trace};
use sticky_lab::lab::error::{LabError, nearest};
use sticky_lab::lab::{self, Lab, read};
use sticky_lab::render::{self, Colour, View};
use sticky_lab::report::{self, Outcome, Report};
use sticky_lab::run::{self, Interrupt, Kernel};
use sticky_lab::scenario::{self, Scenario};
use sticky_lab::screen::{self, Environment};

/// All went as the labs say.
const AS_EXPECTED: u8 = 0;
/// A run came out otherwise.
const DIFFERS: u8 = 1;
/// The command line, or a lab, is not usable.
pub(crate) const USAGE: u8 = 2;
/// A run could not begin.
const COULD_NOT_RUN: u8 = 3;
/// Ctrl-C: 128 + SIGINT, as shells have it.
const INTERRUPTED: u8 = 130;

/// Why a command ended early.
enum Stop {
    /// With a message for standard error.
    Failed(u8, String),
    /// Whoever read the output has gone.
    ClosedPipe,
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::ClosedPipe,
            _ => Self::Failed(COULD_NOT_RUN, format!("cannot write the output: {error}")),
        }
    }
}

impl From<LabError> for Stop {
    fn from(error: LabError) -> Self {
        Self::Failed(USAGE, error.to_string())
    }
}

/// Does what the person said.
pub(crate) fn carry_out(cli: Cli) -> ExitCode {
    let done = match cli.command {
        None => match cli.watch.lab {
            None => list(&cli.watch.show.look),
            Some(wanted) => watch(&wanted, &cli.watch.runs, &cli.watch.show),
        },
        Some(Command::List { look }) => list(&look),
        Some(Command::All { show }) => lab::catalogue()
            .map_err(Stop::from)
            .and_then(|labs| run_labs(&labs, &[], &show)),
        Some(Command::Run { path, runs, show }) => lab::open(&path)
            .map_err(Stop::from)
            .and_then(|lab| run_labs(&[lab], &runs.names, &show)),
        Some(Command::Replay { trace, runs, show }) => replay(&trace, &runs.names, &show),
        Some(Command::Help { topic }) => help(topic),
    };
    match done {
        Ok(code) => ExitCode::from(code),
        Err(Stop::ClosedPipe) => ExitCode::SUCCESS,
        Err(Stop::Failed(code, message)) => {
            complain(&message);
            ExitCode::from(code)
        }
    }
}

/// Says what is wrong, on standard error. Words from a file or the command line may be in it, so
/// nothing that a terminal obeys gets through. Where nobody listens there is nobody to tell.
fn complain(message: &str) {
    let _ = writeln!(io::stderr(), "lab: {}", render::harmless(message));
}

fn print(text: &str) -> Result<(), Stop> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    Ok(out.flush()?)
}

/// Decides how to draw, and tells the colour crate, which otherwise would decide for itself.
fn view(look: &Look, asked: bool) -> Result<(View, bool), Stop> {
    let decided = screen::decide(look, &Environment::look(), asked);
    let (view, narrow) = decided.map_err(|_| {
        Stop::Failed(
            USAGE,
            "--ascii cannot show Chinese; leave one of --ascii and --lang zh out".into(),
        )
    })?;
    colored::control::set_override(view.colour != Colour::None);
    Ok((view, narrow))
}

fn list(look: &Look) -> Result<u8, Stop> {
    let (view, _) = view(look, true)?;
    print(&render::catalogue(&lab::catalogue()?, &view))?;
    Ok(AS_EXPECTED)
}

fn watch(wanted: &str, runs: &Runs, show: &Show) -> Result<u8, Stop> {
    let lab = lab::find(wanted).map_err(|error| {
        // A mistyped command ends up here as well.
        let commands = Cli::command();
        let names: Vec<&str> = commands
            .get_subcommands()
            .map(clap::Command::get_name)
            .collect();
        match nearest(wanted, names) {
            Some(command)
                if error
                    .help
                    .as_deref()
                    .is_none_or(|help| help.contains("list")) =>
            {
                Stop::Failed(
                    USAGE,
                    format!(
                        "{}: {}; did you mean `lab {command}`?",
                        error.file, error.what
                    ),
                )
            }
            _ => error.into(),
        }
    })?;
    run_labs(&[lab], &runs.names, show)
}

fn help(topic: Option<Topic>) -> Result<u8, Stop> {
    match topic {
        None => print(&Cli::command().render_help().to_string())?,
        Some(Topic::Json) => print(include_str!("../docs/json.md"))?,
        Some(Topic::Evidence) => print(include_str!("../docs/evidence.md"))?,
    }
    Ok(AS_EXPECTED)
}

/// What is printed of labs and runs, in the form that was asked for.
struct Printer {
    view: View,
    json: bool,
    plain: bool,
}

impl Printer {
    fn new(show: &Show, asked: bool) -> Result<Self, Stop> {
        let (view, narrow) = view(&show.look, asked)?;
        let plain = show.plain || (narrow && !show.json);
        if plain && !show.plain {
            complain(&format!(
                "this terminal is too narrow for the pictures ({} columns at least); here is --plain",
                render::NARROWEST
            ));
        }
        Ok(Self {
            view,
            json: show.json,
            plain,
        })
    }

    fn opening(&self, lab: &LabInfo, runs: &[&str]) -> Result<(), Stop> {
        print(&match () {
            () if self.json => render::json::opening(lab, runs, self.view.lang),
            () if self.plain => render::plain_opening(lab, &self.view),
            () => render::opening(lab, &self.view),
        })
    }

    fn run(&self, lab: &LabInfo, run: &RunTrace, report: &Report) -> Result<(), Stop> {
        print(&match () {
            () if self.json => render::json::run(run, report),
            () if self.plain => render::plain_run(lab, run, report, &self.view),
            () => render::run(lab, run, report, &self.view),
        })
    }

    fn closing(&self, lab: &LabInfo) -> Result<(), Stop> {
        print(&match () {
            () if self.json => String::new(),
            () if self.plain => render::plain_closing(lab, &self.view),
            () => render::closing(lab, &self.view),
        })
    }
}

/// The worst that happened so far decides the exit code.
fn worse(so_far: u8, outcome: Outcome) -> u8 {
    so_far.max(match outcome {
        Outcome::AsExpected | Outcome::Unconfirmed => AS_EXPECTED,
        Outcome::Differs | Outcome::Deadline => DIFFERS,
        Outcome::Interrupted => INTERRUPTED,
    })
}

fn run_labs(labs: &[Lab], names: &[String], show: &Show) -> Result<u8, Stop> {
    static INTERRUPT: LazyLock<Arc<Interrupt>> = LazyLock::new(Arc::default);
    // All that can be wrong is found before the first socket is opened.
    let mut plans = Vec::new();
    for lab in labs {
        plans.push((lab, scenarios(lab, names)?));
    }
    let kernel = Kernel::Asked;
    let printer = Printer::new(show, !kernel.evidence().is_empty())?;
    let interrupt = INTERRUPT.clone();
    // Without a handler Ctrl-C still ends the program, only without a last word.
    let _ = ctrlc::set_handler(|| INTERRUPT.press());
    let mut code = AS_EXPECTED;
    let mut separate = false;
    for (lab, scenarios) in &plans {
        let info = LabInfo {
            lab: lab.number,
            slug: lab.slug.clone(),
            texts: lab.texts.clone(),
            os: std::env::consts::OS.into(),
            evidence: kernel.evidence(),
        };
        if separate && !printer.json {
            print("\n\n")?;
        }
        separate = true;
        let names: Vec<&str> = scenarios
            .iter()
            .map(|scenario| scenario.script.name.as_str())
            .collect();
        printer.opening(&info, &names)?;
        for scenario in scenarios {
            let trace = run::run(scenario, kernel, &interrupt)
                .map_err(|error| could_not_run(&error, scenario))?;
            let report = report::build(&trace, printer.view.asked);
            code = worse(code, report.outcome);
            printer.run(&info, &trace, &report)?;
            // Pressed when the run was all but over, it ends the labs all the same.
            if interrupt.is_pressed() {
                return Ok(INTERRUPTED);
            }
        }
        printer.closing(&info)?;
    }
    Ok(code)
}

/// The runs of a lab that were asked for, resolved.
fn scenarios(lab: &Lab, names: &[String]) -> Result<Vec<Scenario>, Stop> {
    let known: Vec<&str> = lab.file.runs.iter().map(|run| run.name.as_str()).collect();
    if let Some(unknown) = names.iter().find(|name| !known.contains(&name.as_str())) {
        let help = match nearest(unknown, known.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("its runs are {}", known.join(", ")),
        };
        return Err(Stop::Failed(
            USAGE,
            format!(
                "`{}` has no run `{}`; {help}",
                lab.slug,
                unknown.escape_debug()
            ),
        ));
    }
    let mut scenarios = Vec::new();
    for (i, run) in lab.file.runs.iter().enumerate() {
        let scenario = scenario::resolve(&lab.file, i).map_err(|wrong| LabError {
            file: lab.source.name.clone(),
            place: Some(read::locate(&lab.source.text, &wrong.path)),
            what: wrong.what,
            help: wrong.help,
        })?;
        if names.is_empty() || names.contains(&run.name) {
            scenarios.push(scenario);
        }
    }
    Ok(scenarios)
}

fn could_not_run(error: &run::RunError, scenario: &Scenario) -> Stop {
    let help = match error.error.kind() {
        io::ErrorKind::AddrInUse => {
            let port = scenario.port;
            format!(
                "; port {port} is in use: end who holds it, or leave `port` out of the lab file to get a free one"
            )
        }
        io::ErrorKind::PermissionDenied => {
            "; this port needs privileges: choose one from 1024 on, or leave `port` out".into()
        }
        _ => String::new(),
    };
    Stop::Failed(
        COULD_NOT_RUN,
        format!(
            "run `{}` could not begin: {error}{help}",
            scenario.script.name
        ),
    )
}

fn replay(path: &Path, names: &[String], show: &Show) -> Result<u8, Stop> {
    let shown = path.display();
    let unreadable =
        |error: io::Error| Stop::Failed(USAGE, format!("{shown}: cannot be read: {error}"));
    let input: Box<dyn BufRead> = if path.as_os_str() == "-" {
        Box::new(io::stdin().lock())
    } else {
        Box::new(BufReader::new(File::open(path).map_err(unreadable)?))
    };
    let traces = render::json::read(input)
        .map_err(|error| Stop::Failed(USAGE, format!("{shown}: {error}")))?;
    let mut code = AS_EXPECTED;
    for (i, trace) in traces.iter().enumerate() {
        if i > 0 && !show.json {
            print("\n\n")?;
        }
        code = code.max(replay_one(trace, names, show)?);
    }
    Ok(code)
}

fn replay_one(trace: &Trace, names: &[String], show: &Show) -> Result<u8, Stop> {
    let printer = Printer::new(show, !trace.lab.evidence.is_empty())?;
    let runs: Vec<&RunTrace> = trace
        .runs
        .iter()
        .filter(|run| names.is_empty() || names.contains(&run.script.name))
        .collect();
    if runs.is_empty() {
        return Err(Stop::Failed(USAGE, "the trace has no such run".into()));
    }
    let names: Vec<&str> = runs.iter().map(|run| run.script.name.as_str()).collect();
    printer.opening(&trace.lab, &names)?;
    let mut code = AS_EXPECTED;
    for run in runs {
        let report = report::build(run, printer.view.asked);
        code = worse(code, report.outcome);
        printer.run(&trace.lab, run, &report)?;
        if report.outcome == Outcome::Interrupted {
            return Ok(code);
        }
    }
    printer.closing(&trace.lab)?;
    Ok(code)
}
