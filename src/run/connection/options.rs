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
        let flag = u64::from;
        if let Some(on) = options.reuse_address {
            self.set_option(ctx, "SO_REUSEADDR", flag(on), |socket| {
                socket.set_reuse_address(on)
            })?;
        }
        if let Some(bytes) = options.send_buffer {
            self.set_option(ctx, "SO_SNDBUF", bytes.into(), |socket| {
                socket.set_send_buffer_size(bytes as usize)
            })?;
        }
        if let Some(bytes) = options.recv_buffer {
            self.set_option(ctx, "SO_RCVBUF", bytes.into(), |socket| {
                socket.set_recv_buffer_size(bytes as usize)
            })?;
        }
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
        if let Some(bytes) = options.max_segment {
            self.set_option(ctx, "TCP_MAXSEG", bytes.into(), |socket| {
                kernel::set_max_segment(socket, bytes)
            })?;
        }
        if let Some(on) = options.nodelay {
            self.set_option(ctx, "TCP_NODELAY", flag(on), |socket| {
                socket.set_tcp_nodelay(on)
            })?;
        }
        if let Some(on) = options.cork {
            self.set_option(ctx, "TCP_CORK", flag(on), |socket| {
                kernel::set_cork(socket, on)
            })?;
        }
        if let Some(on) = options.quickack {
            self.set_option(ctx, "TCP_QUICKACK", flag(on), |socket| {
                kernel::set_quickack(socket, on)
            })?;
            self.quickack = Some(on);
        }
        Ok(())
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
