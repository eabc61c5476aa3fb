//! The progress bar of a file transfer that takes long: on standard error, if that is a terminal.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::meter::{self, Meter};
use crate::render;
use crate::run::{Observer, Progress};

/// How long a transfer takes before it gets a bar: shorter ones are over before it could be read.
const LONG: Duration = Duration::from_millis(100);

/// Draws one transfer at a time, and only while nothing else is printed. It leaves nothing behind:
/// what is to stay is in the picture.
#[derive(Default)]
pub(super) struct Bar(Mutex<State>);

#[derive(Default)]
struct State {
    /// Whether the main thread does nothing but wait.
    waiting: bool,
    transfer: Option<Meter>,
}

impl Bar {
    fn state(&self) -> MutexGuard<'_, State> {
        // A bar is for looking at only: whatever state it is in will do.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for a run; only meanwhile there may be a bar.
    pub(super) fn while_waiting<T>(&self, wait: impl FnOnce() -> T) -> T {
        self.state().waiting = true;
        let waited = wait();
        // Where the deadline left a transfer standing, nobody else has ended it.
        *self.state() = State::default();
        waited
    }
}

impl Observer for Bar {
    fn progress(&self, progress: Progress<'_>) {
        let State { waiting, transfer } = &mut *self.state();
        let meter = transfer.get_or_insert_with(|| Meter::after(LONG));
        if *waiting {
            meter.show(|| line(progress));
        }
    }

    fn ended(&self) {
        self.state().transfer = None;
    }
}

fn line(progress: Progress<'_>) -> String {
    let Progress { name, have, need } = progress;
    let percent = have.saturating_mul(100).checked_div(need).unwrap_or(100);
    format!(
        "  {} {} {percent:>3} % {have}/{need} B",
        render::harmless(name),
        meter::bar(have, need)
    )
}
