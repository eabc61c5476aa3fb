//! Python on the other side: the programs that `lab code` prints, and peers that speak the
//! framings as Python programs do.
//!
//! Not part of plain `cargo test`, since it takes Python 3: `cargo test --test python`.

mod child;
mod elsewhere;
mod framed;
mod pairs;
#[path = "../shell/mod.rs"]
mod shell;
#[cfg(target_os = "linux")]
mod stuck;
mod systems;

use std::sync::Arc;

use sticky_lab::event::RunTrace;
use sticky_lab::run::{Interrupt, Kernel, Runner};
use sticky_lab::scenario::Scenario;

/// A lab's own run.
fn run(plan: &Scenario) -> RunTrace {
    let mut runner = Runner::new(Kernel::Asked, Arc::<Interrupt>::default());
    runner.start(plan).expect("the run begins").finish()
}
