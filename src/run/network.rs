//! What TCP has sent in the network that runs take place in, counted around each of them.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::kernel::{Counters, Kernel, Sent};

/// The network of some runs, one after the other.
#[derive(Clone)]
pub(super) struct Network {
    kernel: Kernel,
    counted: Arc<Mutex<Counted>>,
}

#[derive(Default)]
struct Counted {
    counters: Counters,
    /// What had been sent when the last run was over.
    last: Option<(Instant, Sent)>,
}

impl Network {
    pub(super) fn of(kernel: Kernel) -> Self {
        Self {
            kernel,
            counted: Arc::default(),
        }
    }

    /// What has been sent before a run. Each reading costs as much as ten calls: a run that follows
    /// another at once begins with what that one ended with.
    pub(super) fn before(&self) -> Option<Sent> {
        const AT_ONCE: Duration = Duration::from_millis(10);
        let mut counted = self.lock();
        let last = counted.last.filter(|(at, _)| at.elapsed() < AT_ONCE);
        let last = last.map(|(_, sent)| sent);
        last.or_else(|| self.kernel.sent(&mut counted.counters))
    }

    /// What has been sent when a run is over.
    pub(super) fn after(&self) -> Option<Sent> {
        let mut counted = self.lock();
        let sent = self.kernel.sent(&mut counted.counters)?;
        counted.last = Some((Instant::now(), sent));
        Some(sent)
    }

    fn lock(&self) -> MutexGuard<'_, Counted> {
        self.counted.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
