//! Ctrl-C, as a run gets to know of it.

use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

/// Ctrl-C, as the run in progress gets to know of it.
#[derive(Default)]
pub struct Interrupt(Mutex<Pressed>);

#[derive(Default)]
struct Pressed {
    pressed: bool,
    run: Weak<Sender<Interrupted>>,
}

impl Interrupt {
    fn lock(&self) -> MutexGuard<'_, Pressed> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Ends the run in progress.
    pub fn press(&self) {
        let mut state = self.lock();
        state.pressed = true;
        if let Some(run) = state.run.upgrade() {
            // A run that was given up no longer listens, and need not.
            let _ = run.send(Interrupted);
        }
    }

    /// The run that it ends from here on, for as long as anybody in it is at work.
    pub(super) fn now_ends(&self, run: &Arc<Sender<Interrupted>>) {
        self.lock().run = Arc::downgrade(run);
    }

    /// Whether it was pressed.
    pub fn is_pressed(&self) -> bool {
        self.lock().pressed
    }
}

/// What the main thread is told while it waits. Every actor has a hand on the sender for as long as
/// it is at work, so that nobody has to be told of their ends: the last one closes the channel.
pub(super) struct Interrupted;
