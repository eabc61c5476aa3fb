//! Waits on a socket: in a call that may take so long, or by asking the kernel until it says so.

use std::io;
use std::time::{Duration, Instant};

use socket2::Socket;

use super::{Connection, Context, arrived, has_waited};
use crate::event::{Action, Barrier};
use crate::run::kernel::{self, Watch};
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

/// What a look finds while somebody waits: nothing yet, what was waited for, or that it will not
/// come.
type Found<T> = Option<io::Result<T>>;

/// Looks again and again until there is something to be found, and sleeps between the looks: most
/// answers come within microseconds, so at first not at all; then until something happens to the
/// socket or another side does something. Where the kernel tells of no change (`is_told`), it is
/// asked in growing pauses.
pub(super) fn watch<T>(
    ctx: &Context,
    socket: &Socket,
    is_told: bool,
    mut look: impl FnMut() -> Found<T>,
) -> io::Result<T> {
    let mut rest = Backoff::default();
    while rest.is_short() {
        if let Some(found) = look() {
            return found;
        }
        ctx.left()?;
        rest.wait();
    }
    let watch = Watch::of(socket)?;
    let _waking = ctx.rendezvous.waking(ctx.recorder.actor, watch.waker());
    loop {
        if let Some(found) = look() {
            return found;
        }
        let left = ctx.left()?;
        let pause = if is_told {
            left
        } else {
            rest.pause().min(left)
        };
        if pause < Duration::from_millis(1) {
            std::thread::sleep(pause);
        } else {
            watch.sleep(pause)?;
        }
    }
}

impl Connection {
    /// Waits until the kernel has room for a write again, or no time is left, which is for that
    /// write to say.
    pub(in crate::run) fn await_room(&self, ctx: &Context) -> io::Result<()> {
        let look = || match kernel::has_room(&self.socket) {
            Ok(false) => None,
            done => Some(done.map(drop)),
        };
        match watch(ctx, &self.socket, true, look) {
            Err(error) if has_waited(&error) => Ok(()),
            done => done,
        }
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

    /// Asks the kernel again and again until `enough` says so, and returns the last answer; `None`
    /// where the kernel does not say. It ends with an error when that can never be.
    pub(in crate::run) fn poll(
        &self,
        ctx: &Context,
        barrier: &Barrier,
        question: impl Fn(&Socket) -> Option<u64>,
        enough: impl Fn(u64) -> bool,
    ) -> io::Result<Option<u64>> {
        self.socket.set_read_timeout(Some(ctx.left()?))?;
        // Nobody is told of each ACK, unless by time stamps.
        let is_told = !matches!(barrier, Barrier::Sent | Barrier::Acked);
        watch(ctx, &self.socket, is_told, || {
            // First whether this is the end: what came before it is counted then.
            let last = self.is_last_count(ctx, barrier);
            match question(&self.socket) {
                Some(count) if !enough(count) => {
                    let broken = |name| io::Error::new(io::ErrorKind::BrokenPipe, name);
                    last.map(|name| Err(broken(name)))
                }
                count => Some(Ok(count)),
            }
        })
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
/// answers come within microseconds, then for a part of the time that has passed, to leave the
/// processor to those who work.
pub(in crate::run) struct Backoff {
    looks: u32,
    began: Instant,
}

/// Questions without a pause.
const SHORT: u32 = 100;
/// The shortest pause and the longest.
const PAUSE: [Duration; 2] = [Duration::from_micros(50), Duration::from_millis(20)];

impl Default for Backoff {
    fn default() -> Self {
        Self {
            looks: 0,
            began: Instant::now(),
        }
    }
}

impl Backoff {
    fn is_short(&self) -> bool {
        self.looks < SHORT
    }

    fn pause(&self) -> Duration {
        (self.began.elapsed() / 16).clamp(PAUSE[0], PAUSE[1])
    }

    pub(in crate::run) fn wait(&mut self) {
        self.looks += 1;
        if self.is_short() {
            std::thread::yield_now();
        } else {
            std::thread::sleep(self.pause());
        }
    }
}
