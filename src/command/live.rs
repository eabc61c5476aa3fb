//! Runs labs, and prints each run as it is over.

use std::io;
use std::sync::{Arc, LazyLock};

use clap::CommandFactory;
use sticky_lab::cli::{Cli, Runs, Show};
use sticky_lab::event::LabInfo;
use sticky_lab::lab::error::{LabError, nearest};
use sticky_lab::lab::{self, Lab, read};
use sticky_lab::report;
use sticky_lab::run::{self, Interrupt, Kernel, Observer};
use sticky_lab::scenario::{self, Scenario};

use super::bar::Bar;
use super::printer::Printer;
use super::{AS_EXPECTED, COULD_NOT_RUN, INTERRUPTED, Stop, USAGE, print, worse};

pub(super) fn watch(wanted: &str, runs: &Runs, show: &Show) -> Result<u8, Stop> {
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

pub(super) fn run_labs(labs: &[Lab], names: &[String], show: &Show) -> Result<u8, Stop> {
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
    let bar: Arc<dyn Observer> = Arc::new(Bar::default());
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
            let trace = run::run_observed(scenario, kernel, &interrupt, &bar)
                .map_err(|error| could_not_run(&error, scenario))?;
            // Where the deadline left a transfer standing, nobody else has ended it.
            bar.ended();
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
