//! What a side waits for: the kernel's count, or the other side.

use std::io;
use std::time::Duration;

use socket2::Socket;

use super::Actor;
use crate::event::{Action, Barrier, Ends, PEER_ENDED, TcpState, UNREACHABLE};
use crate::run::connection::Backoff;
use crate::run::rendezvous::{Met, State};
use crate::scenario::Wait;

/// A connection of which the kernel knows neither end any more. It does not come back.
const GONE: Ends = Ends {
    client: Some(TcpState::Close),
    server: Some(TcpState::Close),
};

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
        let there = &ctx.rendezvous;
        let meet = |so: &dyn Fn(&State) -> bool, never: &dyn Fn(&State) -> bool| match there.wait(
            ctx.deadline,
            so,
            never,
        ) {
            Met::Yes => Ok(None),
            Met::PeerEnded => Err(io::Error::new(io::ErrorKind::BrokenPipe, PEER_ENDED)),
            Met::Deadline => Err(io::ErrorKind::TimedOut.into()),
        };
        let hear = |name: &str| {
            let never = |state: &State| there.is_never_given(state, name);
            meet(&|state| state.signalled(name), &never)
        };
        let Some(connection) = &self.connection else {
            // A signal can be waited for before there is a connection, and after.
            let Barrier::Signal(name) = barrier else {
                return Err(io::ErrorKind::NotConnected.into());
            };
            return ctx.call(action, || hear(name), note).map(drop);
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
            Barrier::Signal(name) => hear(name),
            Barrier::Read => {
                let (peer, client) = (ctx.recorder.side.other(), connection.client());
                let read = |state: &State| state.read(peer, &client) >= connection.taken();
                let gone =
                    |state: &State| state.is_closed(peer, &client) || there.is_gone(state, peer);
                let never = |state: &State| gone(state) || state.is_drained(peer);
                let done = meet(&read, &never);
                // Who is still there did not get it: it was dropped.
                done.map_err(|error| match error.kind() {
                    io::ErrorKind::BrokenPipe if !gone(&there.look()) => {
                        io::Error::new(error.kind(), UNREACHABLE)
                    }
                    _ => error,
                })
            }
            _ => connection.poll(ctx, barrier, question, enough),
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
                if there == GONE {
                    return Err(io::Error::new(io::ErrorKind::BrokenPipe, UNREACHABLE));
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
