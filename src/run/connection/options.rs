//! Socket options, each set by a call that is recorded.

use std::io;

use socket2::Socket;

use super::{Connection, Context};
use crate::event::Action;
use crate::lab::file::Options;
use crate::run::kernel;

impl Connection {
    /// setsockopt(2), once for each option that is set.
    pub(in crate::run) fn set(&mut self, ctx: &Context, options: &Options) -> io::Result<()> {
        self.set_if(ctx, "SO_REUSEADDR", options.reuse_address, |socket, on| {
            socket.set_reuse_address(on)
        })?;
        self.set_if(ctx, "SO_SNDBUF", options.send_buffer, |socket, bytes| {
            socket.set_send_buffer_size(bytes as usize)
        })?;
        self.set_if(ctx, "SO_RCVBUF", options.recv_buffer, |socket, bytes| {
            socket.set_recv_buffer_size(bytes as usize)
        })?;
        for (which, (option, span)) in [
            ("SO_RCVTIMEO", options.recv_timeout),
            ("SO_SNDTIMEO", options.send_timeout),
        ]
        .into_iter()
        .enumerate()
        {
            if let Some(span) = span {
                let milliseconds = u64::try_from(span.0.as_millis()).unwrap_or(u64::MAX);
                self.timeouts[which] = Some(span.0);
                self.set_option(ctx, option, milliseconds, |socket| match which {
                    0 => socket.set_read_timeout(Some(span.0)),
                    _ => socket.set_write_timeout(Some(span.0)),
                })?;
            }
        }
        let (max_segment, quickack) = (options.max_segment, options.quickack);
        self.set_if(ctx, "TCP_MAXSEG", max_segment, kernel::set_max_segment)?;
        self.set_if(ctx, "TCP_NODELAY", options.nodelay, Socket::set_tcp_nodelay)?;
        self.set_if(ctx, "TCP_CORK", options.cork, kernel::set_cork)?;
        self.set_if(ctx, "TCP_QUICKACK", quickack, kernel::set_quickack)?;
        self.quickack = quickack.or(self.quickack);
        Ok(())
    }

    fn set_if<T: Copy + Into<u64>>(
        &self,
        ctx: &Context,
        option: &str,
        value: Option<T>,
        set: impl FnOnce(&Socket, T) -> io::Result<()>,
    ) -> io::Result<()> {
        let Some(value) = value else {
            return Ok(());
        };
        self.set_option(ctx, option, value.into(), |socket| set(socket, value))
    }

    pub(super) fn set_option(
        &self,
        ctx: &Context,
        option: &str,
        value: u64,
        set: impl FnOnce(&Socket) -> io::Result<()>,
    ) -> io::Result<()> {
        let action = Action::Setsockopt {
            option: option.into(),
            value,
        };
        // Taking the cork out lets bytes go, so the kernel is asked after it.
        match self.record(ctx, action, || set(&self.socket), |_, ()| ()) {
            // The record says so, and the run goes on without.
            Err(error) if error.kind() == io::ErrorKind::Unsupported => Ok(()),
            done => done,
        }
    }
}
