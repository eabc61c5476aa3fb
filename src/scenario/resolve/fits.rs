//! Whether a step can be done: by this side, over this transport, after the steps before it.

use std::ops::RangeInclusive;

use super::{Actor, Impossible, Resolver};
use crate::event::Side;
use crate::lab::file::{Barrier, Options, Step as Written, Transport};

/// What the kernel takes for `TCP_MAXSEG` (tcp(7)); the schema says the same.
const MAX_SEGMENT: RangeInclusive<u32> = 88..=32767;

/// The name of a step that needs a stream, and what stands for it over datagrams.
fn stream_only(step: &Written) -> Option<(&'static str, &'static str)> {
    match step {
        Written::Send(_) => Some(("send", "sendto")),
        Written::Recv(_) => Some(("recv", "recvfrom")),
        Written::RecvUntilEnd(_) => Some(("recv_until_end", "recvfrom_rest")),
        Written::RecvExact(_) => Some(("recv_exact", "recvfrom")),
        Written::SendFrame(_) => Some(("send_frame", "sendto")),
        Written::RecvFrames(_) => Some(("recv_frames", "recvfrom")),
        Written::Connect => Some(("connect", "sendto")),
        Written::Accept => Some(("accept", "recvfrom")),
        Written::Shutdown => Some(("shutdown", "close")),
        Written::Abort => Some(("abort", "close")),
        Written::SendSome(_) => Some(("send_some", "sendto")),
        Written::SendLoop(_) => Some(("send_loop", "sendto")),
        Written::Echo(_) => Some(("echo", "recvfrom")),
        Written::RecvText(_) => Some(("recv_text", "recvfrom")),
        Written::RecvLoop(_) => Some(("recv_loop", "recvfrom")),
        Written::SendAnswerFrame(_) => Some(("send_answer_frame", "send_answer")),
        _ => None,
    }
}

/// The name of a step for datagrams, and what stands for it on a stream.
fn datagram_only(step: &Written) -> Option<(&'static str, &'static str)> {
    match step {
        Written::Sendto(_) => Some(("sendto", "send")),
        Written::Recvfrom(_) => Some(("recvfrom", "recv")),
        Written::RecvfromRest(_) => Some(("recvfrom_rest", "recv_until_end")),
        _ => None,
    }
}

/// A step that makes a connection.
pub(super) fn opens(step: &Written) -> bool {
    match step {
        Written::Connect | Written::Accept => true,
        Written::Try(inner) => opens(inner),
        _ => false,
    }
}

/// A step that does nothing to a socket.
pub(super) fn needs_no_connection(step: &Written) -> bool {
    matches!(
        step,
        Written::Pause(_)
            | Written::Signal(_)
            | Written::Pack(_)
            | Written::Set(_)
            | Written::Unpack(_)
            | Written::ParseSize(_)
            | Written::ParseJson(_)
            | Written::Decode(_)
            | Written::RunCommand
            | Written::Await(Barrier::Signal(_))
    )
}

impl Resolver<'_> {
    /// Whether a step can be done by this side, over this transport, after the steps before it.
    pub(super) fn check_fits(&self, step: &Written) -> Result<(), Impossible<'static>> {
        use Written as W;
        match (self.transport, stream_only(step), datagram_only(step)) {
            (Transport::Udp, Some((word, instead)), _) => {
                return self.error(
                    format!("`{word}` needs a stream, and this run is over udp"),
                    format!("use `{instead}`"),
                );
            }
            (Transport::Tcp, _, Some((word, instead))) => {
                return self.error(
                    format!("`{word}` is for datagrams, and this run is over tcp"),
                    format!("use `{instead}`"),
                );
            }
            _ => {}
        }
        match (step, self.side()) {
            (W::Connect, Side::Server) => {
                return self.error("a server does not `connect`", "use `accept`");
            }
            (W::Accept, Side::Client) => {
                return self.error("a client does not `accept`", "use `connect`");
            }
            (W::Accept, _) if self.is_closed() => return Ok(()),
            (W::Connect | W::Accept, _) if self.is_open() => {
                return self.error(
                    "this side is connected already",
                    "`connect` comes once; `accept` comes again only after a `close`",
                );
            }
            (W::RecvfromRest(_), Side::Client) => {
                return self.error("`recvfrom_rest` is for the server", "use `recvfrom`");
            }
            _ => {}
        }
        let is_set = matches!(step, W::Set(_));
        if self.is_closed() && (is_set || !needs_no_connection(step)) {
            return self.error(
                "this step comes after the socket was closed",
                "move it before the `close`, or let the server `accept` again",
            );
        }
        if let (
            W::Set(Options {
                quickack: Some(_), ..
            }),
            false,
        ) = (step, self.is_open())
        {
            let open = if self.side() == Side::Client {
                "connect"
            } else {
                "accept"
            };
            return self.error(
                "`quickack` has no effect before there is a connection",
                format!("put \"{open}\" before this step"),
            );
        }
        if let W::Set(Options {
            max_segment: Some(bytes),
            ..
        }) = step
            && !MAX_SEGMENT.contains(bytes)
        {
            return self.error(
                format!("a largest segment of {bytes} bytes cannot be set"),
                format!(
                    "`max_segment` is {} to {}",
                    MAX_SEGMENT.start(),
                    MAX_SEGMENT.end()
                ),
            );
        }
        if matches!(step, W::RunCommand) && self.commands.known.is_empty() {
            return self.error(
                "this lab has no commands to run",
                "name them beside `runs`: `\"commands\": {\"ls\": [\"seq\", \"1\", \"400\"]}`",
            );
        }
        if let W::Await(Barrier::Signal(name)) = step {
            self.check_signal(name)?;
        }
        Ok(())
    }

    fn check_signal(&self, name: &str) -> Result<(), Impossible<'static>> {
        fn given<'a>(steps: &'a [Written], into: &mut Vec<&'a str>) {
            for step in steps {
                match step {
                    Written::Signal(name) => into.push(name),
                    Written::Repeat(repeat) => given(&repeat.steps, into),
                    _ => {}
                }
            }
        }
        let mut names = Vec::new();
        let mut others = Vec::new();
        if self.actor != Actor::Server {
            given(&self.run.server, &mut names);
            others.push("server");
        }
        let clients = std::iter::once(&self.run.client).chain(&self.run.more_clients);
        for (i, steps) in clients
            .enumerate()
            .filter(|(i, _)| self.actor != Actor::Client(*i))
        {
            given(steps, &mut names);
            if i == 0 {
                others.push("client");
            }
        }
        if names.contains(&name) {
            return Ok(());
        }
        let other = others[0];
        let help = match crate::lab::error::nearest(name, names.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("add {{\"signal\": \"{name}\"}} to the {other}'s steps"),
        };
        self.error(
            format!(
                "the {other} never gives the signal `{}`",
                name.escape_debug()
            ),
            help,
        )
    }
}
