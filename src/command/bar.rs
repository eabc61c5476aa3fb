//! The progress bar of a file transfer that takes long: on standard error, if that is a terminal.

use std::io::{self, IsTerminal};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use sticky_lab::render;
use sticky_lab::run::{Observer, Progress};

/// How long a transfer takes before it gets a bar: shorter ones are over before it could be read.
const LONG: Duration = Duration::from_millis(100);

/// Draws one transfer at a time. It leaves nothing behind: what is to stay is in the picture.
#[derive(Default)]
pub(super) struct Bar(Mutex<State>);

#[derive(Default)]
struct State {
    began: Option<Instant>,
    drawn: Option<ProgressBar>,
}

impl Bar {
    fn state(&self) -> MutexGuard<'_, State> {
        // A bar is for looking at only: whatever state it is in will do.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Observer for Bar {
    fn progress(&self, progress: Progress<'_>) {
        let mut state = self.state();
        let began = *state.began.get_or_insert_with(Instant::now);
        if state.drawn.is_none() && began.elapsed() < LONG {
            return;
        }
        let bar = state.drawn.get_or_insert_with(|| draw(progress));
        bar.set_position(progress.have);
    }

    fn ended(&self) {
        let mut state = self.state();
        state.began = None;
        if let Some(bar) = state.drawn.take() {
            bar.finish_and_clear();
        }
    }
}

fn draw(progress: Progress<'_>) -> ProgressBar {
    let target = if io::stderr().is_terminal() {
        ProgressDrawTarget::stderr()
    } else {
        ProgressDrawTarget::hidden()
    };
    let style =
        ProgressStyle::with_template("  {msg} [{bar:30}] {percent:>3} % {bytes}/{total_bytes}");
    let style = style.expect("the template is right").progress_chars("## ");
    ProgressBar::with_draw_target(Some(progress.need), target)
        .with_style(style)
        .with_message(render::harmless(progress.name))
}
