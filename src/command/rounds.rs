//! How far the rounds of a long command are, if somebody watches.

use std::time::Duration;

use super::meter::{self, Meter};
use crate::render::harmless;

/// Shows how far the rounds of a lab's runs are.
pub(super) struct Rounds {
    lab: String,
    meter: Meter,
}

impl Rounds {
    pub(super) fn begin(lab: &str) -> Self {
        Self {
            lab: harmless(lab),
            meter: Meter::after(Duration::from_millis(500)),
        }
    }

    pub(super) fn show(&mut self, run: &str, round: u32, times: u32) {
        let lab = &self.lab;
        self.meter.show(|| {
            let bar = meter::bar(round.into(), times.into());
            format!("{lab}: {} {bar} {round}/{times}", harmless(run))
        });
    }
}
