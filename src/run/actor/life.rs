//! The life of a connection and of the socket that gives them: when they come and when they go.

use std::io;

use super::Actor;
use crate::scenario::Life;

impl Actor {
    pub(super) fn live(&mut self, life: &Life) -> io::Result<()> {
        let listener = self.listener.as_mut().ok_or(io::ErrorKind::NotConnected);
        match life {
            Life::Connect => {
                let address = self.address.clone();
                let (connection, ctx) = self.wired()?;
                connection.connect(ctx, &address)?;
                self.ends = connection.ends();
                Ok(())
            }
            Life::Accept => {
                let connection = listener?.accept(&self.ctx)?;
                self.ends = connection.ends();
                self.connection = Some(connection);
                // What is left of the last one's stream is no part of this one's.
                self.unframer = None;
                Ok(())
            }
            Life::Listen(options) => listener?.listen_again(&self.ctx, options),
            Life::StopListening => listener?.stop(&self.ctx),
            Life::Shutdown => {
                let (connection, ctx) = self.wired()?;
                connection.shutdown(ctx)
            }
            Life::Close | Life::Abort => match self.connection.take() {
                Some(connection) => connection.close(&self.ctx, *life == Life::Abort),
                None => Ok(()),
            },
        }
    }
}
