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
mod network;
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

use crate::scenario::Scenario;

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

impl RunError {
    /// What is in the way, where something would help.
    pub fn obstacle(&self, scenario: &Scenario) -> Option<Obstacle> {
        let binds = self.operation == BIND;
        let has_path = binds && scenario.transport.is_local();
        match self.error.kind() {
            // Who is not permitted at all gets EPERM: by a filter of system calls, or another guard.
            _ if self.error.raw_os_error() == Some(EPERM) => Some(Obstacle::Forbidden),
            _ if has_path || self.operation == TEMPORARY => Some(Obstacle::Temporary),
            io::ErrorKind::AddrInUse => Some(Obstacle::PortInUse),
            io::ErrorKind::PermissionDenied => {
                let first_free = kernel::first_free_port();
                Some(match scenario.port {
                    1.. if binds && scenario.port < first_free => Obstacle::Port { first_free },
                    _ => Obstacle::Forbidden,
                })
            }
            _ => None,
        }
    }
}

/// What keeps a run from beginning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// The directory for temporary files: not there, not writable, or its path is too long.
    Temporary,
    /// Somebody has the port.
    PortInUse,
    /// Not everybody may bind the port.
    Port {
        /// The first that everybody may.
        first_free: u16,
    },
    /// A guard of this system, or around this program.
    Forbidden,
}

const TEMPORARY: &str = "temporary directory for";
const BIND: &str = "bind";
/// The same number on every Unix.
const EPERM: i32 = 1;

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
