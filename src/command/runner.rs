//! What the runs of one command share: the kernel that they ask, the threads, and Ctrl-C.

use std::sync::{Arc, LazyLock};

use sticky_lab::event::{LabInfo, RunTrace};
use sticky_lab::lab::Lab;
use sticky_lab::run::{Interrupt, Kernel, Running, Stage, Wire};
use sticky_lab::scenario::Scenario;
use sticky_lab::wire::Frame;

use super::bar::Bar;
use super::live::could_not_run;
use super::{Stop, ask, stage};

/// What the runs of one command share: the kernel that they ask, the threads, and Ctrl-C.
pub(super) struct Runner {
    kernel: Kernel,
    interrupt: Arc<Interrupt>,
    stage: Stage,
    bar: Arc<Bar>,
}

static INTERRUPT: LazyLock<Arc<Interrupt>> = LazyLock::new(Arc::default);

/// Lets Ctrl-C end what is going on with a last word. Without a handler it still ends the program.
pub(super) fn heed_ctrl_c() {
    let _ = ctrlc::set_handler(|| {
        ask::interrupted();
        stage::interrupted();
        INTERRUPT.press();
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
        heed_ctrl_c();
        let bar = Arc::new(Bar::default());
        Self {
            kernel,
            interrupt: INTERRUPT.clone(),
            stage: Stage::new(kernel, INTERRUPT.clone()).observed_by(bar.clone()),
            bar,
        }
    }

    /// Whether there is a kernel that can be asked for evidence.
    pub(super) fn asked(&self) -> bool {
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

    pub(super) fn start(&mut self, scenario: &Scenario) -> Result<Running, Stop> {
        let running = self.stage.start(scenario);
        running.map_err(|error| could_not_run(&error, scenario))
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
    pub(super) fn finish(&self, running: Running) -> RunTrace {
        self.bar.while_waiting(|| running.finish())
    }

    pub(super) fn is_interrupted(&self) -> bool {
        self.interrupt.is_pressed()
    }
}
