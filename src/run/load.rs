//! Threads that keep the processor busy while runs go on.

use std::hint;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};

/// Busy threads; dropping it ends them.
pub struct Load {
    over: Arc<AtomicBool>,
    threads: Vec<JoinHandle<()>>,
}

impl Load {
    /// So many threads that do nothing but be in the way.
    ///
    /// # Errors
    /// If the system gives no thread.
    pub fn of(threads: usize) -> io::Result<Self> {
        let mut load = Self {
            over: Arc::default(),
            threads: Vec::new(),
        };
        for _ in 0..threads {
            let over = load.over.clone();
            let busy = move || {
                while !over.load(Ordering::Relaxed) {
                    hint::spin_loop();
                }
            };
            let thread = thread::Builder::new().name("lab-load".into());
            load.threads.push(thread.spawn(busy)?);
        }
        Ok(load)
    }
}

impl Drop for Load {
    fn drop(&mut self) {
        self.over.store(true, Ordering::Relaxed);
        for thread in self.threads.drain(..) {
            // A thread that only spins does not panic.
            let _ = thread.join();
        }
    }
}
