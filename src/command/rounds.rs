//! How far the rounds of a long command are, if somebody watches.

use std::time::{Duration, Instant};

use super::meter::{self, Meter};
use crate::render;

/// What is over sooner needs no line.
const LONG: Duration = Duration::from_millis(500);

/// Shows how far the rounds of a lab's runs are.
pub(super) struct Rounds {
    lab: String,
    begun: Instant,
    meter: Meter,
}

impl Rounds {
    pub(super) fn begin(lab: &str) -> Self {
        Self {
            lab: render::harmless(lab),
            begun: Instant::now(),
            meter: Meter::default(),
        }
    }

    pub(super) fn show(&mut self, run: &str, round: u32, times: u32) {
        if self.begun.elapsed() >= LONG {
            let lab = &self.lab;
            self.meter.show(|| {
                let bar = meter::bar(round.into(), times.into());
                format!("{lab}: {} {bar} {round}/{times}", render::harmless(run))
            });
        }
    }
}
