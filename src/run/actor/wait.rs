//! What a side waits for: the kernel's count, or the other side.

use std::io;
use std::time::Duration;

use socket2::Socket;

use super::Actor;
use crate::event::{Action, Barrier, Ends, PEER_ENDED};
use crate::run::connection::Backoff;
use crate::run::rendezvous::{Met, State};
use crate::scenario::Wait;

impl Actor {
    pub(super) fn wait(&mut self, wait: &Wait) -> io::Result<()> {
        match wait {
            Wait::For(span) => self.pause(*span),
            Wait::Until(barrier) => self.wait_until(barrier),
            Wait::States(until) => self.states(*until),
        }
    }

    fn pause(&self, span: Duration) -> io::Result<()> {
        let us = u64::try_from(span.as_micros()).unwrap_or(u64::MAX);
        let sleep = || {
            let left = self.ctx.left()?;
            std::thread::sleep(span.min(left));
            if span > left {
                return Err(io::ErrorKind::TimedOut.into());
            }
            Ok(())
        };
        self.ctx.plain_call(Action::Pause { us }, sleep)
    }

    pub(super) fn wait_until(&mut self, barrier: &Barrier) -> io::Result<()> {
        let ctx = &self.ctx;
        let action = Action::Await {
            until: barrier.clone(),
            seen: None,
        };
        let note = |action: &mut Action, count: &Option<u64>| {
            if let Action::Await { seen, .. } = action {
                *seen = *count;
            }
        };
        let meet = |so: &dyn Fn(&State) -> bool| {
            let met = ctx.rendezvous.wait(ctx.recorder.actor, ctx.deadline, so);
            match met {
                Met::Yes => Ok(None),
                Met::PeerEnded => Err(io::Error::new(io::ErrorKind::BrokenPipe, PEER_ENDED)),
                Met::Deadline => Err(io::ErrorKind::TimedOut.into()),
            }
        };
        let Some(connection) = &self.connection else {
            // A signal can be waited for before there is a connection, and after.
            let Barrier::Signal(name) = barrier else {
                return Err(io::ErrorKind::NotConnected.into());
            };
            let heard = || meet(&|state| state.signalled(name));
            return ctx.call(action, heard, note).map(drop);
        };
        let question = |socket: &Socket| match barrier {
            Barrier::Queued(bytes) => ctx.kernel.queued(socket, bytes.0 as u64),
            Barrier::State(state) => Some(u64::from(ctx.kernel.state(socket)? == *state)),
            Barrier::Error => connection.has_error(ctx).map(u64::from),
            Barrier::Sent => ctx.kernel.unsent(socket),
            _ => ctx.kernel.unacked(socket),
        };
        let enough = |count| match barrier {
            Barrier::Queued(bytes) => count >= bytes.0 as u64,
            Barrier::State(_) | Barrier::Error => count == 1,
            _ => count == 0,
        };
        let wait = || match barrier {
            Barrier::Signal(name) => meet(&|state| state.signalled(name)),
            Barrier::Read => {
                let (peer, client) = (ctx.recorder.side.other(), connection.client());
                meet(&|state| state.read(peer, &client) >= connection.written())
            }
            _ => connection.poll(ctx, question, enough),
        };
        connection.record(ctx, action, wait, note).map(drop)
    }

    /// Looks at both ends of this side's last connection until they are as wanted.
    fn states(&self, until: Ends) -> io::Result<()> {
        let both = self.ends.ok_or(io::ErrorKind::NotConnected)?;
        let ctx = &self.ctx;
        let look = || {
            let mut rest = Backoff::default();
            loop {
                let there = ctx.kernel.ends(both);
                if until.hold(there) || there.is_empty() {
                    return Ok(there);
                }
                ctx.left()?;
                rest.wait();
            }
        };
        let states = |ends| Action::States { until, ends };
        let note = |action: &mut Action, there: &Ends| *action = states(*there);
        ctx.call(states(Ends::default()), look, note).map(drop)
    }
}
