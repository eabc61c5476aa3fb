//! Runs labs, and prints each run as it is over.

use std::io;
use std::mem;

use clap::CommandFactory;

use super::printer::Printer;
use super::runner::Runner;
use super::speak::say;
use super::wire::{self, Watching};
use super::{AS_EXPECTED, COULD_NOT_RUN, Exit, INTERRUPTED, USAGE, print, worse};
use crate::cli::{Cli, Network, Show};
use crate::event::{LabInfo, RunTrace};
use crate::lab::error::nearest;
use crate::lab::{self, Lab};
use crate::report;
use crate::run;
use crate::scenario::{self, Scenario};
use crate::wire::Frame;

/// The lab of this number or name.
pub(super) fn find(wanted: &str) -> Result<Lab, Exit> {
    let shown: String = wanted.chars().take(60).collect();
    let shown = shown.escape_debug();
    // As `lab compare` has it.
    if let Some((lab, run)) = wanted.split_once(':')
        && lab::find(lab).is_ok()
    {
        let meant = format!("lab {lab} --run {}", run.escape_debug());
        return Err(Exit::Failed(
            USAGE,
            say(
                format!("there is no lab `{shown}`; did you mean `{meant}`?"),
                format!("没有实验 `{shown}`；是不是想说 `{meant}`？"),
            ),
        ));
    }
    lab::find(wanted).map_err(|error| match command_meant_by(wanted) {
        Some(command) => Exit::Failed(
            USAGE,
            say(
                format!(
                    "{}: {}; did you mean `lab {command}`?",
                    error.file, error.what
                ),
                format!("没有实验 `{shown}`；是不是想说 `lab {command}`？"),
            ),
        ),
        None => Exit::Failed(
            USAGE,
            say(
                error.to_string(),
                match lab::nearest_lab(wanted) {
                    Some((number, slug)) => {
                        format!("没有实验 `{shown}`；最接近的是 `lab {number}`（{slug}）")
                    }
                    None => format!("没有实验 `{shown}`；`lab list` 列出所有实验"),
                },
            ),
        ),
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

pub(super) fn run_labs(
    labs: &[Lab],
    names: &[String],
    network: &Network,
    show: &Show,
) -> Result<u8, Exit> {
    // First of all: once there is a second thread, no process can move into another network.
    let mut watching = wire::open(labs, names, network)?;
    let mut runner = Runner::new();
    if let Some(wire) = &watching.wire {
        runner.watch(wire.clone(), network.is_asked_for());
    }
    // All that can be wrong is found before the first socket is opened.
    let mut plans = Vec::new();
    for lab in labs {
        plans.push((lab, scenarios(lab, names)?));
    }
    let printer = Printer::new(show, runner.has_evidence())?.showing(network.wire);
    let mut code = AS_EXPECTED;
    for (i, (lab, scenarios)) in plans.iter().enumerate() {
        let mut info = runner.info(lab);
        info.evidence.extend(watching.evidence());
        if i > 0 && !printer.json {
            print("\n\n")?;
        }
        let outcome = run_lab(&mut runner, &info, scenarios, &printer, &mut watching)?;
        code = code.max(outcome);
        // Pressed when a run was all but over, it ends the labs all the same.
        if runner.is_interrupted() {
            return Ok(INTERRUPTED);
        }
    }
    watching.finish()?;
    // Its threads end with the program. To wake them for that takes as long as what a run does.
    mem::forget(runner);
    Ok(code)
}

/// Runs the runs of a lab one after the other. Each is drawn while the next one goes on.
fn run_lab(
    runner: &mut Runner,
    lab: &LabInfo,
    scenarios: &[Scenario],
    printer: &Printer,
    watching: &mut Watching,
) -> Result<u8, Exit> {
    let mut code = AS_EXPECTED;
    let mut show = |trace: &RunTrace, frames: Vec<Frame>| {
        let report = report::build(trace, printer.view.has_evidence);
        code = worse(code, report.outcome);
        watching.keep(trace, &report, &frames)?;
        printer.run(lab, trace, &report)
    };
    let names: Vec<&str> = scenarios
        .iter()
        .map(|scenario| scenario.script.name.as_str())
        .collect();
    let mut closing = None;
    let mut over: Option<(RunTrace, Vec<Frame>)> = None;
    for scenario in scenarios {
        let running = runner.start(scenario);
        match over.take() {
            Some((trace, frames)) => show(&trace, frames)?,
            None => printer.opening(lab, &names)?,
        }
        let running = running?;
        closing.get_or_insert_with(|| printer.closing(lab));
        let trace = runner.finish(running)?;
        let interrupted = trace.interrupted;
        over = Some((trace, runner.take_frames()));
        if interrupted {
            closing = None;
            break;
        }
    }
    if let Some((trace, frames)) = over {
        show(&trace, frames)?;
    }
    print(&closing.unwrap_or_default())?;
    Ok(code)
}

/// The runs of a lab that were asked for, resolved.
pub(super) fn scenarios(lab: &Lab, names: &[String]) -> Result<Vec<Scenario>, Exit> {
    let known: Vec<&str> = lab.file.runs.iter().map(|run| run.name.as_str()).collect();
    if let Some(unknown) = names.iter().find(|name| !known.contains(&name.as_str())) {
        let help = match nearest(unknown, known.iter().copied()) {
            Some(near) => say(
                format!("did you mean `{near}`?"),
                format!("是不是想说 `{near}`？"),
            ),
            None => say(
                format!("its runs are {}", known.join(", ")),
                format!("它有的是 {}", known.join("、")),
            ),
        };
        return Err(Exit::Failed(
            USAGE,
            say(
                format!(
                    "`{}` has no run `{}`; {help}",
                    lab.slug,
                    unknown.escape_debug()
                ),
                format!(
                    "`{}` 里没有 `{}` 这次运行；{help}",
                    lab.slug,
                    unknown.escape_debug()
                ),
            ),
        ));
    }
    let mut scenarios = Vec::new();
    for (i, run) in lab.file.runs.iter().enumerate() {
        let scenario =
            scenario::resolve(&lab.file, i).map_err(|wrong| wrong.in_file(&lab.source))?;
        if names.is_empty() || names.contains(&run.name) {
            scenarios.push(scenario);
        }
    }
    Ok(scenarios)
}

pub(super) fn could_not_run(error: &run::RunError, scenario: &Scenario) -> Exit {
    let help = match error.error.kind() {
        _ if scenario.transport.is_local() => say(
            "; set TMPDIR to a directory with a short path that you may write to",
            "；请把 TMPDIR 设成一个路径短、可以写的目录",
        ),
        io::ErrorKind::AddrInUse => {
            let port = scenario.port;
            // Another program has to know the port, so there is no leaving it out.
            let (or, or_zh) = if scenario.script.elsewhere().is_some() {
                (
                    "choose another `port` in the lab file",
                    "在实验文件里换一个 `port`",
                )
            } else {
                (
                    "leave `port` out of the lab file to get a free one",
                    "在实验文件里去掉 `port`",
                )
            };
            say(
                format!("; port {port} is in use: end who holds it, or {or}"),
                format!("；端口 {port} 被占着：结束占用它的程序，或者{or_zh}"),
            )
        }
        io::ErrorKind::PermissionDenied => say(
            "; this port needs privileges: choose one from 1024 on, or leave `port` out",
            "；这个端口要有特权才能用：请选 1024 以上的，或者去掉 `port`",
        ),
        _ => String::new(),
    };
    Exit::Failed(
        COULD_NOT_RUN,
        say(
            format!(
                "run `{}` could not begin: {error}{help}",
                scenario.script.name
            ),
            format!("`{}` 开始不了：{error}{help}", scenario.script.name),
        ),
    )
}
