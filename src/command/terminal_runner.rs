//! Runs scenarios for a person at a terminal: heeds Ctrl-C, shows how far a long transfer is, says
//! in words what keeps a run from beginning.

use std::cell::RefCell;
use std::mem::ManuallyDrop;
use std::rc::Rc;
use std::sync::Arc;

use super::bar::Bar;
use super::interrupt::{handle_ctrl_c, interrupt};
use super::{Exit, lang, warn};
use crate::event::{Action, RunTrace, Side};
use crate::run::{Kernel, Obstacle, RunError, Runner, Running, Wire};
use crate::scenario::Scenario;
use crate::wire::Frame;
use crate::words::command as words;

/// Runs scenarios for a person at a terminal.
pub(super) struct TerminalRunner {
    /// What can be asked of the kernel, and of the wire.
    evidence: Vec<String>,
    /// Its threads end with the program. To wake them for that takes as long as what a run does.
    runner: ManuallyDrop<RefCell<Runner>>,
    bar: Option<Arc<Bar>>,
}

impl TerminalRunner {
    pub(super) fn new() -> Rc<Self> {
        Self::asking(Kernel::Asked)
    }

    pub(super) fn asking(kernel: Kernel) -> Rc<Self> {
        Self::over(kernel.evidence(), Runner::new(kernel, interrupt()), None)
    }

    /// A transfer that takes long gets a progress bar, and the wire is watched, if there is one:
    /// in the runs that ask for it, or in all of them.
    pub(super) fn with_bar(wire: Option<Arc<Wire>>, all: bool) -> Rc<Self> {
        let bar = Arc::new(Bar::default());
        let mut runner = Runner::new(Kernel::Asked, interrupt()).observed_by(bar.clone());
        let mut evidence = Kernel::Asked.evidence();
        if let Some(wire) = wire {
            runner.watch(wire, all);
            evidence.push("capture".into());
        }
        Self::over(evidence, runner, Some(bar))
    }

    fn over(evidence: Vec<String>, runner: Runner, bar: Option<Arc<Bar>>) -> Rc<Self> {
        Rc::new(Self {
            evidence,
            runner: ManuallyDrop::new(RefCell::new(runner)),
            bar,
        })
    }

    pub(super) fn evidence(&self) -> &[String] {
        &self.evidence
    }

    pub(super) fn has_evidence(&self) -> bool {
        !self.evidence.is_empty()
    }

    /// Begins a run, which goes on by itself.
    pub(super) fn start(&self, scenario: &Scenario) -> Result<Running, Exit> {
        // No program that is started may be left behind.
        if scenario.runs_commands() {
            handle_ctrl_c();
        }
        let running = self.runner.borrow_mut().start(scenario);
        // Without a run there is nothing to say a last word about; and the thread that listens for
        // Ctrl-C can start beside it.
        handle_ctrl_c();
        let running = running.map_err(|error| could_not_begin(&error, scenario))?;
        if scenario.script.elsewhere() == Some(Side::Client) {
            warn(&words::waits_for_client(
                lang(),
                &scenario.script.name,
                running.address(),
                scenario.deadline,
            ));
        }
        Ok(running)
    }

    /// Waits for the end of a run; returns the frames as well, where they are kept whole.
    pub(super) fn finish(&self, running: Running) -> Result<(RunTrace, Vec<Frame>), Exit> {
        let run = match &self.bar {
            Some(bar) => bar.while_waiting(|| running.finish()),
            None => running.finish(),
        };
        if let Some(address) = unreachable(&run) {
            let said = words::loopback_is_down(lang(), &run.name, address);
            return Err(Exit::could_not_run(said));
        }
        match missing_server(&run) {
            None => Ok((run, self.runner.borrow().take_frames())),
            Some(peer) => {
                let port = peer.rsplit(':').next().unwrap_or_default();
                Err(Exit::could_not_run(words::no_server(
                    lang(),
                    &run.name,
                    peer,
                    port,
                )))
            }
        }
    }

    /// Does a run from beginning to end.
    pub(super) fn run(&self, scenario: &Scenario) -> Result<RunTrace, Exit> {
        let (run, _) = self.finish(self.start(scenario)?)?;
        Ok(run)
    }
}

fn could_not_begin(error: &RunError, scenario: &Scenario) -> Exit {
    let help = match error.obstacle(scenario) {
        Some(Obstacle::Temporary) => words::set_tmpdir(lang()).into(),
        // Another program has to know the port, so there is no leaving it out.
        Some(Obstacle::PortInUse) => {
            words::port_in_use(lang(), scenario.port, scenario.script.elsewhere().is_some())
        }
        Some(Obstacle::Port { first_free }) => words::port_needs_privileges(lang(), first_free),
        Some(Obstacle::Forbidden) => words::is_forbidden(lang()).into(),
        None => String::new(),
    };
    Exit::could_not_run(words::could_not_begin(
        lang(),
        &scenario.script.name,
        error,
        &help,
    ))
}

/// Where a run wanted to go and found no network: all of them are on this host, whose loopback then
/// is down.
fn unreachable(run: &RunTrace) -> Option<&str> {
    let failed = |error: &Option<String>| error.as_deref() == Some("ENETUNREACH");
    let found = run.events.iter().any(|event| failed(&event.error));
    found.then_some(&*run.address)
}

/// Where nobody listened, though a server that somebody else starts should have. A lab that claims
/// failures has thought of that.
fn missing_server(run: &RunTrace) -> Option<&str> {
    if run.unseen() != Some(Side::Server) || run.claims.errors.is_some() {
        return None;
    }
    run.events.iter().find_map(|event| match &event.action {
        Action::Connect { peer, .. } if event.error.as_deref() == Some("ECONNREFUSED") => {
            Some(&**peer)
        }
        _ => None,
    })
}
