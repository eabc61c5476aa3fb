//! A line on standard error that says how far a long command is, if somebody watches.

use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};
use sticky_lab::render;

/// What is over sooner needs no line.
const LONG: Duration = Duration::from_millis(500);

/// How far it is. Without a terminal nothing is drawn; dropping it takes the line away.
pub(super) struct Progress {
    lab: String,
    begun: Instant,
    bar: ProgressBar,
}

impl Progress {
    pub(super) fn begin(lab: &str) -> Self {
        let style = ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len} {eta:>4}")
            .expect("a template of known parts");
        Self {
            lab: render::harmless(lab),
            begun: Instant::now(),
            bar: ProgressBar::no_length().with_style(style.progress_chars("=> ")),
        }
    }

    pub(super) fn show(&mut self, run: &str, round: u32, times: u32) {
        if self.begun.elapsed() >= LONG {
            self.bar.set_length(times.into());
            let run = render::harmless(run);
            self.bar.set_message(format!("{}: {run}", self.lab));
            self.bar.set_position(round.into());
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
