//! What the runs of one command share: the kernel that they ask, the threads, and Ctrl-C.

use std::sync::{Arc, LazyLock, Once};

use super::bar::Bar;
use super::live::could_not_run;
use super::speak::say;
use super::{COULD_NOT_RUN, Exit, ask, stage, warn};
use crate::event::{Action, LabInfo, RunTrace, Side};
use crate::lab::Lab;
use crate::run::{Interrupt, Kernel, Running, Stage, Wire};
use crate::scenario::Scenario;
use crate::wire::Frame;

/// What the runs of one command share: the kernel that they ask, the threads, and Ctrl-C.
pub(super) struct Runner {
    kernel: Kernel,
    interrupt: Arc<Interrupt>,
    stage: Stage,
    bar: Arc<Bar>,
}

static INTERRUPT: LazyLock<Arc<Interrupt>> = LazyLock::new(Arc::default);

/// Lets Ctrl-C end what is going on with a last word. Without a handler it still ends the program.
pub(super) fn handle_ctrl_c() {
    static HEEDED: Once = Once::new();
    HEEDED.call_once(|| {
        let _ = ctrlc::set_handler(|| {
            ask::interrupted();
            stage::interrupted();
            INTERRUPT.press();
        });
    });
}

/// Whether Ctrl-C was pressed.
pub(super) fn was_interrupted() -> bool {
    INTERRUPT.is_pressed()
}

impl Runner {
    pub(super) fn new() -> Self {
        Self::asking(Kernel::Asked)
    }

    pub(super) fn asking(kernel: Kernel) -> Self {
        let bar = Arc::new(Bar::default());
        Self {
            kernel,
            interrupt: INTERRUPT.clone(),
            stage: Stage::new(kernel, INTERRUPT.clone()).observed_by(bar.clone()),
            bar,
        }
    }

    /// Whether there is a kernel that can be asked for evidence.
    pub(super) fn has_evidence(&self) -> bool {
        !self.kernel.evidence().is_empty()
    }

    pub(super) fn info(&self, lab: &Lab) -> LabInfo {
        LabInfo {
            lab: lab.number,
            slug: lab.slug.clone(),
            texts: lab.texts.clone(),
            os: std::env::consts::OS.into(),
            evidence: self.kernel.evidence(),
        }
    }

    pub(super) fn start(&mut self, scenario: &Scenario) -> Result<Running, Exit> {
        let running = self.stage.start(scenario);
        // Without a run there is nothing to say a last word about; and the thread that listens for
        // Ctrl-C can start beside it.
        handle_ctrl_c();
        let running = running.map_err(|error| could_not_run(&error, scenario))?;
        if scenario.script.elsewhere() == Some(Side::Client) {
            let (name, address) = (&scenario.script.name, running.address());
            let deadline = humantime::format_duration(scenario.deadline);
            warn(&say(
                format!(
                    "run `{name}` waits for your client on {address} (until {deadline} are over, \
                     or Ctrl-C)"
                ),
                format!("`{name}` 正在 {address} 等你的客户端（最多等 {deadline}，Ctrl-C 可中止）"),
            ));
        }
        Ok(running)
    }

    /// Does a run from beginning to end.
    pub(super) fn run(&mut self, scenario: &Scenario) -> Result<RunTrace, Exit> {
        let trace = self.start(scenario)?.finish();
        unless_unheard(trace)
    }

    /// Watches the wire during the runs that ask for it, or during all of them.
    pub(super) fn watch(&mut self, wire: Arc<Wire>, all: bool) {
        self.stage.watch(wire, all);
    }

    /// The frames of the run that is over, where they are kept whole.
    pub(super) fn take_frames(&self) -> Vec<Frame> {
        self.stage.take_frames()
    }

    /// Waits for the end of a run, with a bar while a file transfer takes long.
    pub(super) fn finish(&self, running: Running) -> Result<RunTrace, Exit> {
        unless_unheard(self.bar.while_waiting(|| running.finish()))
    }

    pub(super) fn is_interrupted(&self) -> bool {
        self.interrupt.is_pressed()
    }
}

/// The run, unless it found nobody where its server should have been: a server that somebody else
/// starts, and has not started. A lab that claims failures has thought of that.
fn unless_unheard(run: RunTrace) -> Result<RunTrace, Exit> {
    let refused = run.events.iter().find_map(|event| match &event.action {
        Action::Connect { peer, .. } if event.error.as_deref() == Some("ECONNREFUSED") => {
            Some(peer)
        }
        _ => None,
    });
    let script = &run.script;
    let Some(peer) = refused
        .filter(|_| script.elsewhere() == Some(Side::Server) && script.expect.errors.is_none())
    else {
        return Ok(run);
    };
    let port = script.port.map_or(0, u16::from);
    Err(Exit::Failed(
        COULD_NOT_RUN,
        say(
            format!(
                "run `{}` could not begin: connect {peer}: ECONNREFUSED, nobody listens there; \
                 start your server on port {port} first",
                script.name
            ),
            format!(
                "`{}` 没能开始：connect {peer}：ECONNREFUSED，那里没有程序在监听；请先在端口 \
                 {port} 上启动你的服务端",
                script.name
            ),
        ),
    ))
}
