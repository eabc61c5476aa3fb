//! How the program ends: its exit codes, and why a command may end before it is through.

use std::io;
use std::process::ExitCode;

use super::language::lang;
use crate::lab::error::LabError;
use crate::report::Outcome;
use crate::words;

/// What the exit code says. The greater one is the worse, and of several runs the worst counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Status {
    /// All went as the labs say.
    AsExpected = 0,
    /// A run came out otherwise.
    Differs = 1,
    /// The command line, or a lab, is not usable.
    Usage = 2,
    /// A run could not begin.
    CouldNotRun = 3,
    /// Ctrl-C: 128 + SIGINT, as shells have it.
    Interrupted = 130,
}

impl From<Status> for ExitCode {
    fn from(status: Status) -> Self {
        Self::from(status as u8)
    }
}

impl From<Outcome> for Status {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::AsExpected | Outcome::Unconfirmed => Self::AsExpected,
            Outcome::Differs | Outcome::Deadline => Self::Differs,
            Outcome::Interrupted => Self::Interrupted,
        }
    }
}

/// Why a command ended early.
#[derive(Debug)]
pub(super) enum Exit {
    /// With a message for standard error.
    Failed(Status, String),
    /// The person had seen enough, and said so.
    Quit,
    /// Whoever read the output has gone.
    ClosedPipe,
}

impl Exit {
    /// What was asked for cannot be.
    pub(super) fn usage(message: impl Into<String>) -> Self {
        Self::Failed(Status::Usage, message.into())
    }

    /// The system does not let it be done.
    pub(super) fn could_not_run(message: impl Into<String>) -> Self {
        Self::Failed(Status::CouldNotRun, message.into())
    }
}

impl From<io::Error> for Exit {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::ClosedPipe,
            _ => Self::could_not_run(words::command::cannot_write_output(lang(), &error)),
        }
    }
}

impl From<LabError> for Exit {
    fn from(error: LabError) -> Self {
        Self::usage(words::lab_file::lab_error(lang(), &error))
    }
}
