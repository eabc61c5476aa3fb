//! The typed plan of one run: what was written in the lab file, resolved and found possible.
//!
//! Repeats are unrolled, payloads are bytes, every framed step knows its framing, the implied
//! `connect`, `accept` and `close` are spelled out, and all steps of the lab language have come down
//! to a few operations. What runs it need not ask again.

mod op;
mod resolve;
mod transfer;

use std::time::Duration;

pub use op::{
    Answer, Commands, How, Interpret, Life, Op, Planned, Reading, Stop, Then, Wait, What, Writes,
    Writing,
};
pub use resolve::{Impossible, resolve};
pub use transfer::{Content, FileIn, FileOut};

use crate::event::{Claims, Mtu, Transport};
use crate::lab::file;

/// How long a run may take if its file does not say.
pub const DEFAULT_DEADLINE: Duration = Duration::from_secs(5);
/// The same of a run whose client is elsewhere: somebody has to start it.
pub const DEADLINE_FOR_A_PERSON: Duration = Duration::from_secs(60);
/// The most steps that a side may have, repeats unrolled.
pub const MAX_STEPS: usize = 100_000;
/// How many connections may wait to be accepted if the file does not say.
pub const DEFAULT_BACKLOG: u32 = 16;
/// The most clients that a run may have.
pub const MAX_CLIENTS: usize = 64;
/// What a lab answers to a command that it does not know, if its file does not say.
pub const UNKNOWN_COMMAND: &str = "cmd error...";
/// The most bytes that a side may write.
pub const MAX_BYTES: usize = 256 << 20;

/// A run, ready to be run.
#[derive(Clone, Debug, PartialEq)]
pub struct Scenario {
    /// The run as it was written, transport filled in.
    pub script: file::Run,
    /// What carries the bytes.
    pub transport: Transport,
    /// The port to listen on; 0 lets the system choose.
    pub port: u16,
    /// How many connections may wait to be accepted.
    pub backlog: u32,
    /// The MTU of the network that it is watched in, if it is not the usual one.
    pub mtu: Option<Mtu>,
    /// When the run ends at the latest.
    pub deadline: Duration,
    /// The steps of each client: at least one, unless the client is elsewhere.
    pub clients: Vec<Vec<Planned>>,
    /// The server's steps; none if it is elsewhere.
    pub server: Vec<Planned>,
}

impl Scenario {
    /// What the lab claims of this run.
    pub fn expect(&self) -> &Claims {
        &self.script.expect
    }

    /// Whether a side starts programs.
    pub fn runs_commands(&self) -> bool {
        let mut steps = self.clients.iter().flatten().chain(&self.server);
        steps.any(|step| matches!(step.op, Op::Interpret(Interpret::Run(_))))
    }
}
