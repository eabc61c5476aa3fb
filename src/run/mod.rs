//! Runs scenarios on real sockets: listener first, then a named thread for each actor, then the
//! record.
//!
//! Nothing here judges or prints. Everything that happens on a socket goes through the recorder;
//! what comes out is a [`RunTrace`](crate::event::RunTrace).

mod actor;
mod began;
mod children;
mod connection;
mod context;
mod downloads;
mod endpoint;
mod interrupt;
mod kernel;
mod listener;
mod load;
mod process;
mod progress;
mod recorder;
mod rendezvous;
mod runner;
mod running;
mod wire;
mod workers;

use std::fmt;
use std::io;

pub use interrupt::Interrupt;
pub use kernel::Kernel;
pub use load::Load;
pub use progress::{Observer, Progress};
pub use runner::Runner;
pub use running::Running;
pub use wire::{Forbidden, Keep, Wire};

/// A run that could not begin.
#[derive(Debug)]
pub struct RunError {
    /// The operation, such as `bind`.
    pub operation: &'static str,
    /// On which address.
    pub address: String,
    /// What the system said.
    pub error: io::Error,
}

impl fmt::Display for RunError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: {}", self.operation, self.address, self.error)
    }
}

impl std::error::Error for RunError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.error)
    }
}

/// The error of an operation, as [`RunError`] has it.
fn failed<'a>(
    operation: &'static str,
    address: &'a impl fmt::Display,
) -> impl FnOnce(io::Error) -> RunError + 'a {
    move |error| RunError {
        operation,
        address: address.to_string(),
        error,
    }
}
