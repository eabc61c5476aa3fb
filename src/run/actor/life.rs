//! Steps about the life of a connection and of the socket that gives them: when they come, in
//! which states they are, when they go.

use std::io;

use super::Actor;
use crate::event::{Action, Ends};
use crate::lab::file::Options;
use crate::run::connection::Backoff;

impl Actor {
    pub(super) fn connect(&mut self) -> io::Result<()> {
        let address = self.address.clone();
        let (connection, ctx) = self.wired()?;
        connection.connect(ctx, &address)?;
        self.ends = connection.ends();
        Ok(())
    }

    pub(super) fn accept(&mut self) -> io::Result<()> {
        let listener = self.listener.as_ref().ok_or(io::ErrorKind::NotConnected)?;
        let connection = listener.accept(&self.ctx)?;
        self.ends = connection.ends();
        self.connection = Some(connection);
        Ok(())
    }

    pub(super) fn listen(&mut self, options: &Options) -> io::Result<()> {
        let listener = self.listener.as_mut().ok_or(io::ErrorKind::NotConnected)?;
        listener.listen_again(&self.ctx, options)
    }

    pub(super) fn stop_listening(&mut self) -> io::Result<()> {
        let listener = self.listener.as_mut().ok_or(io::ErrorKind::NotConnected)?;
        listener.stop(&self.ctx)
    }

    /// Looks at both ends of this side's last connection until they are as wanted.
    pub(super) fn states(&self, until: Ends) -> io::Result<()> {
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
