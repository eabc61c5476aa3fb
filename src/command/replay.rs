//! Draws again what a live run wrote with `--json`.

use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::Path;

use super::printer::Printer;
use super::speak::say;
use super::{AS_EXPECTED, Exit, USAGE, print, worse};
use crate::cli::{Packets, Show};
use crate::event::{RunTrace, Trace};
use crate::render;
use crate::report::{self, Outcome};

pub(super) fn replay(
    path: &Path,
    names: &[String],
    wire: Option<Packets>,
    show: &Show,
) -> Result<u8, Exit> {
    let traces = read(path)?;
    let mut code = AS_EXPECTED;
    for (i, trace) in traces.iter().enumerate() {
        if i > 0 && !show.json {
            print("\n\n")?;
        }
        code = code.max(replay_one(trace, names, wire, show)?);
    }
    Ok(code)
}

/// The traces in a file, or on standard input.
pub(super) fn read(path: &Path) -> Result<Vec<Trace>, Exit> {
    let shown = path.display();
    let unreadable = |error: io::Error| {
        let what = say(
            format!("{shown}: cannot be read: {error}"),
            format!("{shown}：读不了：{error}"),
        );
        Exit::Failed(USAGE, what)
    };
    let input: Box<dyn BufRead> = if path.as_os_str() == "-" {
        Box::new(io::stdin().lock())
    } else {
        Box::new(BufReader::new(File::open(path).map_err(unreadable)?))
    };
    render::json::read(input).map_err(|error| Exit::Failed(USAGE, format!("{shown}: {error}")))
}

/// The runs that were asked for are not in the trace.
pub(super) fn no_such_run() -> Exit {
    Exit::Failed(
        USAGE,
        say("the trace has no such run", "记录里没有这次运行"),
    )
}

fn replay_one(
    trace: &Trace,
    names: &[String],
    wire: Option<Packets>,
    show: &Show,
) -> Result<u8, Exit> {
    let printer = Printer::new(show, !trace.lab.evidence.is_empty())?.showing(wire);
    let runs: Vec<&RunTrace> = trace
        .runs
        .iter()
        .filter(|run| names.is_empty() || names.contains(&run.script.name))
        .collect();
    if runs.is_empty() {
        return Err(no_such_run());
    }
    let names: Vec<&str> = runs.iter().map(|run| run.script.name.as_str()).collect();
    printer.opening(&trace.lab, &names)?;
    let mut code = AS_EXPECTED;
    for run in runs {
        let report = report::build(run, printer.view.has_evidence);
        code = worse(code, report.outcome);
        printer.run(&trace.lab, run, &report)?;
        if report.outcome == Outcome::Interrupted {
            return Ok(code);
        }
    }
    print(&printer.closing(&trace.lab))?;
    Ok(code)
}
