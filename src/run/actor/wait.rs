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
        let left = self.ctx.left()?;
        let sleep = || {
            std::thread::sleep(span.min(left));
            if span > left {
                return Err(io::ErrorKind::TimedOut.into());
            }
            Ok(())
        };
        self.ctx.call(Action::Pause { us }, sleep, |_, ()| ())
    }

    pub(super) fn wait_until(&mut self, barrier: &Barrier) -> io::Result<()> {
        let me = self.ctx.recorder.side;
        let action = Action::Await {
            until: barrier.clone(),
            seen: None,
        };
        let note = |action: &mut Action, count: &Option<u64>| {
            if let Action::Await { seen, .. } = action {
                *seen = *count;
            }
        };
        let ctx = &self.ctx;
        let meet = |so: &dyn Fn(&State) -> bool| match ctx.rendezvous.wait(
            ctx.recorder.actor,
            ctx.deadline,
            so,
        ) {
            Met::Yes => Ok(None),
            Met::PeerEnded => Err(io::Error::new(io::ErrorKind::BrokenPipe, PEER_ENDED)),
            Met::Deadline => Err(io::ErrorKind::TimedOut.into()),
        };
        let Some(connection) = &self.connection else {
            // A signal can be waited for before there is a connection, and after.
            let Barrier::Signal(name) = barrier else {
                return Err(io::ErrorKind::NotConnected.into());
            };
            return ctx
                .call(action, || meet(&|state| state.signalled(name)), note)
                .map(drop);
        };
        let poll = |question: &dyn Fn(&Socket) -> Option<u64>, enough: &dyn Fn(u64) -> bool| {
            connection
                .record_wait(
                    ctx,
                    action.clone(),
                    || connection.poll(ctx, question, enough),
                    note,
                )
                .map(drop)
        };
        match barrier {
            Barrier::Queued(bytes) => poll(
                &|socket| ctx.kernel.queued(socket, bytes.0 as u64),
                &|count| count >= bytes.0 as u64,
            ),
            Barrier::State(state) => {
                let so =
                    |socket: &Socket| ctx.kernel.state(socket).map(|now| u64::from(now == *state));
                poll(&so, &|is_so| is_so == 1)
            }
            Barrier::Error => poll(
                &|socket| ctx.kernel.has_error(socket).map(u64::from),
                &|there| there == 1,
            ),
            Barrier::Sent => poll(&|socket| ctx.kernel.unsent(socket), &|count| count == 0),
            Barrier::Acked => poll(&|socket| ctx.kernel.unacked(socket), &|count| count == 0),
            Barrier::Read => {
                let (written, client) = (connection.written(), connection.client());
                let so = |state: &State| state.read(me.other(), &client) >= written;
                connection
                    .record_wait(ctx, action, || meet(&so), note)
                    .map(drop)
            }
            Barrier::Signal(name) => {
                let so = |state: &State| state.signalled(name);
                connection
                    .record_wait(ctx, action, || meet(&so), note)
                    .map(drop)
            }
        }
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
        let action = Action::States {
            until,
            ends: Ends::default(),
        };
        ctx.call(action, look, |action, there| {
            if let Action::States { ends, .. } = action {
                *ends = *there;
            }
        })
        .map(drop)
    }
}
