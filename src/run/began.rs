//! The clock of the record, and that of the kernel's stamps.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// When a run began, by the clock of the record and by that of the kernel's stamps.
#[derive(Clone, Copy, Debug)]
pub(super) struct Began {
    since_1970: Duration,
}

impl Began {
    /// Looks at both clocks. Between the two looks the processor may be lost, so the closest of a
    /// few counts.
    pub(super) fn at(start: Instant) -> Self {
        let look = || {
            let before = Instant::now();
            let now = SystemTime::now();
            let after = Instant::now();
            (after - before, before + (after - before) / 2, now)
        };
        let (_, instant, now) = (0..5)
            .map(|_| look())
            .min_by_key(|(took, ..)| *took)
            .unwrap_or_else(look);
        let now = now.duration_since(UNIX_EPOCH).unwrap_or_default();
        Self {
            since_1970: now.saturating_sub(instant.saturating_duration_since(start)),
        }
    }

    /// Whether the two clocks still stand to one another as they did, give or take.
    pub(super) fn is_about(self, before: Self, most: Duration) -> bool {
        self.since_1970.abs_diff(before.since_1970) <= most
    }

    /// Microseconds from the beginning until a moment of the kernel's clock.
    pub(super) fn microseconds(self, at: Duration) -> u64 {
        let since = at.saturating_sub(self.since_1970);
        u64::try_from(since.as_micros()).unwrap_or(u64::MAX)
    }
}
