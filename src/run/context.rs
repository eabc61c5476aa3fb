//! What every call of one side needs: where it is recorded, whom it meets, how long it may take.

use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::children::Children;
use super::downloads::Downloads;
use super::kernel::{self, Kernel};
use super::progress::Observer;
use super::recorder::{Recorder, Told};
use super::rendezvous::Rendezvous;
use crate::event::{Action, DEADLINE};

/// How long a thread may take beyond the deadline to come back from a call whose timeout has
/// passed, before the run is reported without it.
pub(super) const GRACE: Duration = Duration::from_millis(500);

/// What every call of one side needs.
pub(super) struct Context {
    pub(super) recorder: Arc<Recorder>,
    pub(super) rendezvous: Arc<Rendezvous>,
    pub(super) kernel: Kernel,
    pub(super) deadline: Instant,
    pub(super) downloads: Arc<Downloads>,
    pub(super) children: Arc<Children>,
    pub(super) observer: Arc<dyn Observer>,
}

impl Context {
    /// Time left; an error once there is none, so that no call is made that could only wait.
    pub(super) fn left(&self) -> io::Result<Duration> {
        let left = self.deadline.checked_duration_since(Instant::now());
        let left = left.filter(|left| !left.is_zero());
        left.ok_or_else(|| io::ErrorKind::TimedOut.into())
    }

    /// The name of an error in the trace. A socket's own timeout is set to what is left of the
    /// run, so running into it is running into the deadline.
    pub(super) fn name(&self, error: &io::Error) -> String {
        let waited = has_waited(error) || error.raw_os_error() == Some(EINPROGRESS);
        match error.get_ref() {
            _ if waited && self.deadline <= Instant::now() => DEADLINE.into(),
            // The program's own errors carry their name in the contract.
            Some(own) => own.to_string(),
            None => kernel::errno_name(error),
        }
    }

    /// Records a call that the kernel is not asked about afterwards.
    pub(super) fn call<T>(
        &self,
        action: Action,
        make: impl FnOnce() -> io::Result<T>,
        finish: impl FnOnce(&mut Action, &T),
    ) -> io::Result<T> {
        self.call_and_ask(action, make, finish, Told::default)
    }

    /// Records a call that brings nothing back to be noted.
    pub(super) fn plain_call<T>(
        &self,
        action: Action,
        make: impl FnOnce() -> io::Result<T>,
    ) -> io::Result<T> {
        self.call(action, make, |_, _| ())
    }

    /// Records a call, and what the kernel says when it is asked after it.
    pub(super) fn call_and_ask<T>(
        &self,
        action: Action,
        make: impl FnOnce() -> io::Result<T>,
        finish: impl FnOnce(&mut Action, &T),
        ask: impl FnOnce() -> Told,
    ) -> io::Result<T> {
        let finish = |action: &mut Action, result: &io::Result<T>| {
            if let Ok(value) = result {
                finish(action, value);
            }
        };
        let name = |error: &io::Error| self.name(error);
        self.recorder.call(action, make, finish, ask, name)
    }

    /// Records what the program itself made of something, or the name of the error.
    pub(super) fn note<T>(&self, action: Action, made: Result<T, &'static str>) -> io::Result<T> {
        let made = made.map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error));
        self.plain_call(action, || made)
    }
}

/// Whether a call came back because it may wait no longer, or not at all.
pub(super) fn has_waited(error: &io::Error) -> bool {
    use io::ErrorKind::{TimedOut, WouldBlock};
    matches!(error.kind(), WouldBlock | TimedOut)
}

/// connect(2) under a timeout ends so (Linux); elsewhere the deadline ends the run from outside.
const EINPROGRESS: i32 = 115;
