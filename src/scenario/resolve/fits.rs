//! Whether a step can be done: by this side, over this transport, after the steps before it.

use std::ops::RangeInclusive;

use super::{Actor, Impossible, Line, Resolver};
use crate::event::{Barrier, Side};
use crate::lab::file::{Options, Step as Written};

/// What the kernel takes for `TCP_MAXSEG` (tcp(7)); the schema says the same.
const MAX_SEGMENT: RangeInclusive<u32> = 88..=32767;

/// What a step needs of the transport and of the steps before it.
#[derive(Clone, Copy, PartialEq)]
enum Needs {
    /// A stream of bytes, connected.
    Stream,
    /// A connection, or a datagram socket with one peer.
    Peer,
    /// A connection that one side makes and the other accepts.
    Connection,
    /// A datagram socket that has not been connected to one peer.
    NoPeer,
}

/// What a step needs, its name, and what stands for it where that is not so.
fn needs(step: &Written) -> Option<(Needs, &'static str, &'static str)> {
    use Needs::{Connection, NoPeer, Peer, Stream};
    Some(match step {
        Written::Send(_) => (Peer, "send", "sendto"),
        Written::Recv(_) => (Peer, "recv", "recvfrom"),
        Written::RecvUntilEnd(_) => (Connection, "recv_until_end", "recvfrom_rest"),
        Written::RecvExact(_) => (Stream, "recv_exact", "recvfrom"),
        Written::SendFrame(_) => (Stream, "send_frame", "sendto"),
        Written::RecvFrames(_) => (Stream, "recv_frames", "recvfrom"),
        Written::SendFile(_) => (Stream, "send_file", "sendto"),
        Written::RecvFile(_) => (Stream, "recv_file", "recvfrom"),
        Written::Accept => (Connection, "accept", "recvfrom"),
        Written::Shutdown => (Connection, "shutdown", "close"),
        Written::SendSome(_) => (Stream, "send_some", "sendto"),
        Written::SendLoop(_) => (Stream, "send_loop", "sendto"),
        Written::RecvText(_) => (Stream, "recv_text", "recvfrom"),
        Written::RecvLoop(_) => (Stream, "recv_loop", "recvfrom"),
        Written::SendAnswerFrame(_) => (Stream, "send_answer_frame", "send_answer"),
        Written::Listen(_) => (Connection, "listen", "recvfrom"),
        Written::StopListening => (Connection, "stop_listening", "close"),
        Written::Sendto(_) => (NoPeer, "sendto", "send"),
        Written::Recvfrom(_) => (NoPeer, "recvfrom", "recv"),
        Written::RecvfromRest(_) => (NoPeer, "recvfrom_rest", "recv_until_end"),
        _ => return None,
    })
}

/// The name of a step or wait that only TCP can do, and what stands for it elsewhere.
fn tcp_only(step: &Written) -> Option<(&'static str, &'static str)> {
    match step {
        Written::States(_) => Some(("states", "only TCP has these states")),
        Written::Abort => Some(("abort", "only TCP has a reset; use `close`")),
        Written::Set(options) | Written::Listen(options) => {
            tcp_option(options).map(|option| (option, "leave this option out"))
        }
        Written::Await(Barrier::State(_)) => Some(("state", "wait for a `signal`")),
        Written::Await(Barrier::Sent) => Some(("sent", "wait until it is `queued`")),
        Written::Await(Barrier::Acked) => Some(("acked", "wait until it is `queued`")),
        _ => None,
    }
}

/// The first option among these that only TCP has.
fn tcp_option(options: &Options) -> Option<&'static str> {
    let set = [
        (options.nodelay.is_some(), "nodelay"),
        (options.cork.is_some(), "cork"),
        (options.quickack.is_some(), "quickack"),
        (options.max_segment.is_some(), "max_segment"),
    ];
    let first = set.into_iter().find(|(is_set, _)| *is_set);
    first.map(|(_, option)| option)
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
            | Written::Listen(_)
            | Written::StopListening
            | Written::Await(Barrier::Signal(_))
    )
}

impl Resolver<'_> {
    /// Whether a step can be done by this side, over this transport, after the steps before it.
    pub(super) fn check_fits(&self, step: &Written) -> Result<(), Impossible<'static>> {
        use Written as W;
        self.check_transport(step)?;
        match (step, self.side()) {
            (W::Connect, Side::Server) => {
                return self.error("a server does not `connect`", "use `accept`");
            }
            (W::Accept, Side::Client) => {
                return self.error("a client does not `accept`", "use `connect`");
            }
            (W::Accept, _) if !self.listens => {
                return self.error("nobody is listening any more", "put `listen` before it");
            }
            (W::Accept, _) if self.is_closed() => return Ok(()),
            (W::Connect | W::Accept, _) if self.line != Line::Never => {
                return self.error(
                    "this side is connected already",
                    "`connect` comes once; `accept` comes again only after a `close`",
                );
            }
            (W::Listen(_) | W::StopListening, Side::Client) => {
                return self.error("a client does not listen", "this is a step of the server");
            }
            (W::StopListening, _) if !self.listens => {
                return self.error("nobody is listening any more", "put `listen` before it");
            }
            (W::RecvfromRest(_), Side::Client) => {
                return self.error("`recvfrom_rest` is for the server", "use `recvfrom`");
            }
            _ => {}
        }
        let is_set = matches!(step, W::Set(_));
        let looks_back = matches!(step, W::States(_));
        if self.is_closed() && (is_set || !needs_no_connection(step)) && !looks_back {
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
        let asks_what_was_read = match step {
            W::Await(Barrier::Read) => Some("read"),
            W::SendFrame(frame) if frame.await_read => Some("await_read"),
            _ => None,
        };
        if let (Some(word), Some(side)) = (asks_what_was_read, self.run.elsewhere()) {
            return self.error(
                format!(
                    "`{word}` waits for what the {side} has read, and the {side} is another program"
                ),
                "wait until it is `acked`: the other side's kernel has it then",
            );
        }
        Ok(())
    }

    /// Whether the transport, and what the socket has been made into, can do the step.
    fn check_transport(&self, step: &Written) -> Result<(), Impossible<'static>> {
        let over = self.transport;
        if let Some((word, instead)) = tcp_only(step).filter(|_| !over.is_tcp()) {
            return self.error(
                format!("`{word}` is about TCP, and this run is over {over}"),
                instead,
            );
        }
        let Some((needs, word, instead)) = needs(step) else {
            return Ok(());
        };
        let instead = format!("use `{instead}`");
        match needs {
            Needs::Stream if over.keeps_edges() => self.error(
                format!("`{word}` needs a stream, and this run is over {over}"),
                if over.has_connections() {
                    "use `send` and `recv`".into()
                } else {
                    instead
                },
            ),
            Needs::Connection if !over.has_connections() => self.error(
                format!("`{word}` needs a connection, and this run is over {over}"),
                instead,
            ),
            Needs::Peer if !over.has_connections() && self.line == Line::Never => self.error(
                format!(
                    "`{word}` needs a stream or a socket with one peer, and this run is over {over}"
                ),
                if self.side() == Side::Client {
                    format!("{instead}, or `connect` first")
                } else {
                    instead
                },
            ),
            Needs::NoPeer if over.has_connections() => self.error(
                format!("`{word}` is for datagrams, and this run is over {over}"),
                instead,
            ),
            Needs::NoPeer if self.line == Line::Open => self.error(
                format!("`{word}` names a peer, and this socket is connected to one"),
                instead,
            ),
            _ => Ok(()),
        }
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
        let elsewhere = self.run.elsewhere();
        if self.actor != Actor::Server && elsewhere != Some(Side::Server) {
            given(&self.run.server, &mut names);
            others.push("server");
        }
        let more = self.run.more_clients.iter().map(Vec::as_slice);
        let clients = std::iter::once(&self.run.client[..]).chain(more);
        for (i, steps) in clients
            .enumerate()
            .filter(|(i, _)| self.actor != Actor::Client(*i))
        {
            given(steps, &mut names);
            if i == 0 && elsewhere != Some(Side::Client) {
                others.push("client");
            }
        }
        if names.contains(&name) {
            return Ok(());
        }
        let Some(other) = others.first() else {
            let other = self.side().other();
            return self.error(
                format!("no `signal` comes from the {other}, which is another program"),
                "wait for what the kernel counts, such as `queued`",
            );
        };
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
