//! The progress bar of a file transfer that takes long: on standard error, if that is a terminal.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};
use sticky_lab::render;
use sticky_lab::run::{Observer, Progress};

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
    began: Option<Instant>,
    drawn: Option<ProgressBar>,
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
        let mut state = self.state();
        state.waiting = false;
        // Where the deadline left a transfer standing, nobody else has ended it.
        state.end();
        waited
    }
}

impl State {
    fn end(&mut self) {
        self.began = None;
        if let Some(bar) = self.drawn.take() {
            bar.finish_and_clear();
        }
    }
}

impl Observer for Bar {
    fn progress(&self, progress: Progress<'_>) {
        let mut state = self.state();
        let began = *state.began.get_or_insert_with(Instant::now);
        if !state.waiting || (state.drawn.is_none() && began.elapsed() < LONG) {
            return;
        }
        let bar = state.drawn.get_or_insert_with(|| draw(progress));
        bar.set_position(progress.have);
    }

    fn ended(&self) {
        self.state().end();
    }
}

fn draw(progress: Progress<'_>) -> ProgressBar {
    let style =
        ProgressStyle::with_template("  {msg} [{bar:30}] {percent:>3} % {bytes}/{total_bytes}");
    let style = style.expect("the template is right").progress_chars("## ");
    // Where standard error is no terminal it draws nothing.
    ProgressBar::new(progress.need)
        .with_style(style)
        .with_message(render::harmless(progress.name))
}
