//! Waits on a socket: in a call that may take so long, or by asking the kernel until it says so.

use std::io;
use std::time::{Duration, Instant};

use socket2::Socket;

use super::{Connection, Context, arrived};
use crate::event::{Action, Barrier};
use crate::run::kernel;
use crate::run::recorder::Told;

/// How long a call may wait, with the option of the socket that says so.
pub(super) struct Timeout {
    until: Instant,
    set: fn(&Socket, Option<Duration>) -> io::Result<()>,
}

impl Timeout {
    /// Lets calls on this socket wait so long: `set` is for reads or for writes.
    pub(super) fn set(
        socket: &Socket,
        most: Duration,
        set: fn(&Socket, Option<Duration>) -> io::Result<()>,
    ) -> io::Result<Self> {
        set(socket, Some(most))?;
        let until = Instant::now() + most;
        Ok(Self { until, set })
    }

    /// Makes a call, and makes it again if a signal broke it off (SIGCHLD of a command, SIGCONT
    /// after Ctrl-Z). Without a timeout the kernel would do so itself (signal(7)), and Python does
    /// (PEP 475): what a student's own socket never shows is not shown here.
    pub(super) fn call<T>(
        self,
        socket: &Socket,
        mut call: impl FnMut(&Socket) -> io::Result<T>,
    ) -> io::Result<T> {
        loop {
            match call(socket) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                done => return done,
            }
            let left = self.until.saturating_duration_since(Instant::now());
            // To the socket, zero is forever.
            if left.is_zero() {
                return Err(io::ErrorKind::TimedOut.into());
            }
            (self.set)(socket, Some(left))?;
        }
    }
}

impl Connection {
    /// Waits until the kernel has room for a write again, or no time is left, which is for that
    /// write to say.
    pub(in crate::run) fn await_room(&self, ctx: &Context) -> io::Result<()> {
        let mut rest = Backoff::default();
        while ctx.left().is_ok() && !kernel::has_room(&self.socket)? {
            rest.wait();
        }
        Ok(())
    }

    /// Whether an error is ready for the next call.
    pub(in crate::run) fn has_error(&self, ctx: &Context) -> Option<bool> {
        // A time stamp that is there looks just so, until it is fetched.
        loop {
            let there = ctx.kernel.has_error(&self.socket)?;
            if !there || !self.stamps.borrow_mut().fetch(ctx, &self.socket) {
                return Some(there);
            }
        }
    }

    /// Asks the kernel again and again until `enough` says so, and returns the last answer;
    /// `None` where the kernel does not say.
    pub(in crate::run) fn poll(
        &self,
        ctx: &Context,
        question: impl Fn(&Socket) -> Option<u64>,
        enough: impl Fn(u64) -> bool,
    ) -> io::Result<Option<u64>> {
        self.socket.set_read_timeout(Some(ctx.left()?))?;
        let mut rest = Backoff::default();
        loop {
            match question(&self.socket) {
                None => return Ok(None),
                Some(count) if enough(count) => return Ok(Some(count)),
                Some(_) => {}
            }
            ctx.left()?;
            rest.wait();
        }
    }

    /// Records a call or a wait, with what the kernel says of this socket's sending after it.
    pub(in crate::run) fn record<T>(
        &self,
        ctx: &Context,
        action: Action,
        make: impl FnOnce() -> io::Result<T>,
        finish: impl FnOnce(&mut Action, &T),
    ) -> io::Result<T> {
        let counts = matches!(
            &action,
            Action::Await {
                until: Barrier::Queued(_),
                ..
            }
        );
        ctx.call_and_ask(action, make, finish, || Told {
            arrived: counts
                .then(|| arrived(ctx, self.transport, &self.socket, self.read.get()))
                .flatten(),
            ..self.told(ctx)
        })
    }
}

/// How long to stay away between two questions to the kernel: not at all at first, since most
/// answers come within microseconds, then a little, to leave the processor to those who work.
#[derive(Default)]
pub(in crate::run) struct Backoff(u32);

impl Backoff {
    pub(in crate::run) fn wait(&mut self) {
        self.0 += 1;
        if self.0 < 100 {
            std::thread::yield_now();
        } else {
            std::thread::sleep(Duration::from_micros(50));
        }
    }
}
