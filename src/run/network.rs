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
    /// When they were read last, and what had been sent then.
    last: Option<(Instant, Sent)>,
}

impl Network {
    pub(super) fn of(kernel: Kernel) -> Self {
        Self {
            kernel,
            counted: Arc::default(),
        }
    }

    /// What had been sent before a run, a few milliseconds ago at most: each reading costs as much
    /// as ten calls, and runs follow one another at once.
    pub(super) fn before(&self) -> Option<Sent> {
        const A_MOMENT: Duration = Duration::from_millis(10);
        let mut counted = self.lock();
        let last = counted.last.filter(|(at, _)| at.elapsed() < A_MOMENT);
        last.map(|(_, sent)| sent)
            .or_else(|| counted.read(self.kernel))
    }

    /// What has been sent by now.
    pub(super) fn now(&self) -> Option<Sent> {
        self.lock().read(self.kernel)
    }

    fn lock(&self) -> MutexGuard<'_, Counted> {
        self.counted.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Counted {
    fn read(&mut self, kernel: Kernel) -> Option<Sent> {
        let sent = kernel.sent(&mut self.counters)?;
        self.last = Some((Instant::now(), sent));
        Some(sent)
    }
}
