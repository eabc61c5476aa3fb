//! Shows runs one after the other: those of labs, each drawn while the next one goes on, and
//! recorded ones.

use super::capture::{self, Capture};
use super::printer::{Printer, print_page};
use super::sessions::{self, Sessions};
use super::sources::{self, LabRuns};
use super::terminal_runner::TerminalRunner;
use super::{Exit, Status, interrupt, print};
use crate::cli::{Amount, Network, Packets, Show};
use crate::lab::Lab;
use crate::render;

/// Does runs of labs.
pub(super) fn run(
    labs: &[Lab],
    names: &[String],
    network: &Network,
    amount: Amount,
    show: &Show,
) -> Result<Status, Exit> {
    capture::refuse_beside_packets(network, show)?;
    // First of all: once there is a second thread, no process can move into another network.
    let mut capture = capture::open(labs, names, network)?;
    let runner = TerminalRunner::with_bar(capture.wire.clone(), network.is_asked_for());
    // All that can be wrong is found before the first socket is opened.
    let mut all = Vec::new();
    for lab in labs {
        all.push(sources::of_lab(lab, names, &runner)?);
    }
    let mut printer = Printer::new(show, runner.has_evidence())?
        .at_a_glance(amount)
        .showing(network.wire);
    printer.silent = network.is_to_stdout();
    let status = show_all(all, printer, &mut capture)?;
    capture.finish()?;
    Ok(status)
}

/// Shows again what was recorded.
pub(super) fn replay(
    recorded: Vec<LabRuns>,
    packets: Option<Packets>,
    amount: Amount,
    show: &Show,
) -> Result<Status, Exit> {
    let printer = Printer::new(show, true)?
        .at_a_glance(amount)
        .showing(packets);
    show_all(recorded, printer, &mut Capture::default())
}

fn show_all(
    labs: Vec<LabRuns>,
    mut printer: Printer,
    capture: &mut Capture,
) -> Result<Status, Exit> {
    let mut status = Status::AsExpected;
    for (i, runs) in labs.into_iter().enumerate() {
        if i > 0 {
            printer.between()?;
        }
        printer.turn_to(&runs.lab);
        status = status.max(show_lab(runs, &printer, capture)?);
        // Pressed when a run was all but over, it ends the labs all the same.
        if interrupt::was_pressed() {
            break;
        }
    }
    Ok(status)
}

fn show_lab(runs: LabRuns, printer: &Printer, capture: &mut Capture) -> Result<Status, Exit> {
    let heads = runs.heads();
    let LabRuns { lab, runs } = runs;
    let sessions = Sessions::ahead(runs);
    if printer.is_at_a_glance() {
        let screen = render::Glance::of(&lab, &heads, &printer.view);
        print_page(screen.opening())?;
        return glance(screen, sessions, capture);
    }
    let names: Vec<&str> = heads.iter().map(|run| run.name.as_str()).collect();
    printer.opening(&lab, &names)?;
    // What stands below is drawn while the first run goes on.
    let closing = printer.closing(&lab);
    let mut status = Status::AsExpected;
    for session in sessions {
        let session = session?;
        status = status.max(session.report.outcome.into());
        capture.keep(&session)?;
        printer.run(&session)?;
        if session.run.interrupted {
            return Ok(status);
        }
    }
    print(&closing)?;
    Ok(status)
}

/// Shows the rest of a lab's screen, when all its runs are over.
fn glance(
    mut screen: render::Glance<'_>,
    sessions: Sessions,
    capture: &mut Capture,
) -> Result<Status, Exit> {
    let mut done = Vec::new();
    for session in sessions {
        let session = session?;
        capture.keep(&session)?;
        screen.add(&session.run, &session.report);
        let interrupted = session.run.interrupted;
        done.push(session);
        if interrupted {
            break;
        }
    }
    let runs: Vec<_> = done
        .iter()
        .map(|session| (&session.run, &session.report))
        .collect();
    print_page(screen.rest(&runs))?;
    Ok(sessions::worst(&done))
}
