//! From what was written to what can be run: resolves a lab file's run, or says why it cannot be.

use std::ops::RangeInclusive;

use super::{
    DEFAULT_BACKLOG, DEFAULT_DEADLINE, Framed, MAX_BYTES, MAX_CLIENTS, MAX_STEPS, Scenario, Step,
};
use crate::event::{PartLen, Side};
use crate::frame::{FrameError, Framing, Outgoing, Part};
use crate::lab::file::{self, Barrier, Options, Step as Written, Transport};
use crate::lab::read::Step as Path;

/// What the kernel takes for `TCP_MAXSEG` (tcp(7)); the schema says the same.
const MAX_SEGMENT: RangeInclusive<u32> = 88..=32767;

/// What is impossible about a run, and the path to it in the lab file.
#[derive(Clone, Debug, PartialEq)]
pub struct Impossible<'a> {
    /// Where it stands.
    pub path: Vec<Path<'a>>,
    /// What is wrong.
    pub what: String,
    /// What would help.
    pub help: Option<String>,
}

/// Resolves one run of a lab file; `index` is its place in the file.
///
/// # Errors
/// If steps do not fit the transport, the side or each other.
pub fn resolve(lab: &file::Lab, index: usize) -> Result<Scenario, Impossible<'static>> {
    let run = &lab.runs[index];
    let transport = run.transport.unwrap_or(lab.transport);
    let mut script = run.clone();
    script.transport = Some(transport);
    let at_run = |key: &'static str| vec![Path::Key("runs"), Path::Index(index), Path::Key(key)];
    if run.name.is_empty()
        || !run
            .name
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
    {
        return Err(Impossible {
            path: at_run("name"),
            what: format!(
                "the run name `{}` is not lower-case words joined by hyphens",
                run.name.escape_debug()
            ),
            help: None,
        });
    }
    if lab.runs[..index].iter().any(|other| other.name == run.name) {
        return Err(Impossible {
            path: at_run("name"),
            what: format!("two runs are named `{}`", run.name),
            help: Some("give each run its own name".into()),
        });
    }
    let steps = |actor: Actor| {
        let (mut path, written) = match actor {
            Actor::Server => (at_run("server"), &run.server),
            Actor::Client(0) => (at_run("client"), &run.client),
            Actor::Client(i) => (at_run("more_clients"), &run.more_clients[i - 1]),
        };
        if let Actor::Client(i @ 1..) = actor {
            path.push(Path::Index(i - 1));
        }
        Resolver {
            run,
            transport,
            actor,
            path,
            round: None,
            says_when: false,
            line: Line::Never,
            steps: Vec::new(),
            bytes: 0,
        }
        .finish(written)
    };
    if run.more_clients.len() >= MAX_CLIENTS {
        return Err(Impossible {
            path: at_run("more_clients"),
            what: format!("a run has at most {MAX_CLIENTS} clients"),
            help: None,
        });
    }
    let clients: Result<_, _> = (0..=run.more_clients.len())
        .map(|i| steps(Actor::Client(i)))
        .collect();
    Ok(Scenario {
        transport,
        port: run.port.map_or(0, Into::into),
        backlog: run.backlog.map_or(DEFAULT_BACKLOG, u32::from),
        deadline: run.deadline.map_or(DEFAULT_DEADLINE, |span| span.0),
        clients: clients?,
        server: steps(Actor::Server)?,
        script,
    })
}

/// The name of a step that needs a stream, and what stands for it over datagrams.
fn stream_only(step: &Written) -> Option<(&'static str, &'static str)> {
    match step {
        Written::Send(_) => Some(("send", "sendto")),
        Written::Recv(_) => Some(("recv", "recvfrom")),
        Written::RecvUntilEnd(_) => Some(("recv_until_end", "recvfrom_rest")),
        Written::RecvExact(_) => Some(("recv_exact", "recvfrom")),
        Written::SendFrame(_) => Some(("send_frame", "sendto")),
        Written::RecvFrames(_) => Some(("recv_frames", "recvfrom")),
        Written::SendFile(_) => Some(("send_file", "sendto")),
        Written::RecvFile(_) => Some(("recv_file", "recvfrom")),
        Written::Connect => Some(("connect", "sendto")),
        Written::Accept => Some(("accept", "recvfrom")),
        Written::Shutdown => Some(("shutdown", "close")),
        Written::Abort => Some(("abort", "close")),
        Written::SendSome(_) => Some(("send_some", "sendto")),
        Written::SendLoop(_) => Some(("send_loop", "sendto")),
        Written::Echo(_) => Some(("echo", "recvfrom")),
        Written::RecvText(_) => Some(("recv_text", "recvfrom")),
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

/// A connection as the steps so far leave it.
#[derive(Clone, Copy, PartialEq)]
enum Line {
    Never,
    Open,
    Closed,
}

/// A step that makes a connection.
fn opens(step: &Written) -> bool {
    match step {
        Written::Connect | Written::Accept => true,
        Written::Try(inner) => opens(inner),
        _ => false,
    }
}

/// A step that does nothing to a socket.
fn needs_no_connection(step: &Written) -> bool {
    matches!(
        step,
        Written::Pause(_)
            | Written::Signal(_)
            | Written::Pack(_)
            | Written::Set(_)
            | Written::Await(Barrier::Signal(_))
    )
}

/// Whose steps are being resolved; clients by their place, from 0.
#[derive(Clone, Copy, PartialEq)]
enum Actor {
    Client(usize),
    Server,
}

pub(super) struct Resolver<'a> {
    run: &'a file::Run,
    transport: Transport,
    actor: Actor,
    path: Vec<Path<'static>>,
    round: Option<u32>,
    /// Whether a `connect` or `accept` is written where the first one is wanted.
    says_when: bool,
    /// What has become of the connection so far.
    line: Line,
    steps: Vec<Step>,
    bytes: usize,
}

impl Resolver<'_> {
    fn finish(mut self, written: &[Written]) -> Result<Vec<Step>, Impossible<'static>> {
        self.says_when = written
            .iter()
            .find(|step| !needs_no_connection(step))
            .is_some_and(opens);
        self.all(written)?;
        if !self.is_open() {
            // A side without a step still connects or accepts.
            self.open();
        }
        if !self.is_closed() {
            self.steps.push(Step::Close);
        }
        Ok(self.steps)
    }

    fn side(&self) -> Side {
        if self.actor == Actor::Server {
            Side::Server
        } else {
            Side::Client
        }
    }

    fn all(&mut self, written: &[Written]) -> Result<(), Impossible<'static>> {
        for (i, step) in written.iter().enumerate() {
            self.path.push(Path::Index(i));
            self.one(step)?;
            self.path.pop();
        }
        Ok(())
    }

    /// The round of the enclosing `repeat`, if any.
    pub(super) fn round(&self) -> Option<u32> {
        self.round
    }

    pub(super) fn error<T>(
        &self,
        what: impl Into<String>,
        help: impl Into<String>,
    ) -> Result<T, Impossible<'static>> {
        Err(Impossible {
            path: self.path.clone(),
            what: what.into(),
            help: Some(help.into()),
        })
    }

    fn is_open(&self) -> bool {
        self.transport == Transport::Udp || self.line != Line::Never
    }

    fn is_closed(&self) -> bool {
        self.line == Line::Closed
    }

    fn open(&mut self) {
        self.line = Line::Open;
        self.steps.push(if self.side() == Side::Client {
            Step::Connect
        } else {
            Step::Accept
        });
    }

    fn one(&mut self, step: &Written) -> Result<(), Impossible<'static>> {
        let tried = match step {
            Written::Try(inner) => inner,
            step => step,
        };
        self.check_fits(tried)?;
        let implies = match tried {
            Written::Connect | Written::Accept | Written::Set(_) | Written::Repeat(_) => false,
            step if needs_no_connection(step) => !self.says_when,
            _ => true,
        };
        if implies && !self.is_open() {
            self.open();
        }
        if let Written::Repeat(repeat) = step {
            return self.repeat(repeat);
        }
        let step = self.translate(step)?;
        self.push(step)
    }

    /// The step as it is run.
    fn translate(&self, step: &Written) -> Result<Step, Impossible<'static>> {
        Ok(match step {
            Written::Connect => Step::Connect,
            Written::Accept => Step::Accept,
            Written::Send(payload) => Step::Send(payload.bytes(self.round)),
            Written::Sendto(payload) => Step::Sendto(payload.bytes(self.round)),
            Written::Recv(size) => Step::Recv(size.0),
            Written::RecvUntilEnd(size) => Step::RecvUntilEnd(size.0),
            Written::RecvExact(size) => Step::RecvExact(size.0),
            Written::Recvfrom(size) => Step::Recvfrom(size.0),
            Written::RecvfromRest(size) => Step::RecvfromRest(size.0),
            Written::SendFrame(frame) => Step::SendFrame(self.framed(frame)?),
            Written::RecvFrames(frames) => Step::RecvFrames {
                framing: self.framing(frames.framing)?,
                count: frames.count.get(),
                sizes: match &frames.sizes[..] {
                    [] => {
                        return self.error(
                            "`sizes` is empty",
                            "give the size of each read: `\"sizes\": [1024]`",
                        );
                    }
                    sizes => sizes.iter().map(|size| size.0).collect(),
                },
            },
            Written::SendFile(file) => Step::SendFile(self.file_out(file)?),
            Written::RecvFile(file) => Step::RecvFile(self.file_in(file)?),
            Written::Pause(span) => Step::Pause(span.0),
            Written::Await(barrier) => Step::Await(barrier.clone()),
            Written::Signal(name) => Step::Signal(name.clone()),
            Written::Set(options) => Step::Set(*options),
            Written::Pack(pack) => Step::Pack(*pack),
            Written::Shutdown => Step::Shutdown,
            Written::Close => Step::Close,
            Written::Abort => Step::Abort,
            Written::SendSome(payload) => Step::SendSome(payload.bytes(self.round)),
            Written::SendLoop(payload) => Step::SendLoop(payload.bytes(self.round)),
            Written::Echo(echo) => Step::Echo(echo.clone()),
            Written::RecvText(text) => Step::RecvText(*text),
            Written::Try(inner) => Step::Try(Box::new(self.translate(inner)?)),
            Written::Repeat(_) => {
                return self.error(
                    "a `repeat` cannot be tried as a whole",
                    "put `try` around the steps in it",
                );
            }
        })
    }

    fn push(&mut self, step: Step) -> Result<(), Impossible<'static>> {
        self.bytes += match &step {
            Step::Send(bytes)
            | Step::Sendto(bytes)
            | Step::SendSome(bytes)
            | Step::SendLoop(bytes) => bytes.len(),
            Step::SendFrame(framed) => framed.pieces.iter().map(Vec::len).sum(),
            Step::SendFile(file) => usize::try_from(file.stop).unwrap_or(MAX_BYTES),
            _ => 0,
        };
        if self.bytes > MAX_BYTES {
            return self.error(
                format!("this side writes more than {MAX_BYTES} bytes"),
                "make the payloads smaller",
            );
        }
        self.line = match &step {
            step if step.opens() => Line::Open,
            Step::Close | Step::Abort => Line::Closed,
            _ => self.line,
        };
        if self.steps.len() >= MAX_STEPS {
            return self.error(
                format!("this side has more than {MAX_STEPS} steps"),
                "lower a `times`",
            );
        }
        self.steps.push(step);
        Ok(())
    }

    fn repeat(&mut self, repeat: &file::Repeat) -> Result<(), Impossible<'static>> {
        if repeat.times == 0 || repeat.steps.is_empty() {
            return self.error(
                "this `repeat` repeats nothing",
                "`times` is at least 1, and there is at least one step",
            );
        }
        let outer = self.round;
        self.path.extend([Path::Key("repeat"), Path::Key("steps")]);
        for round in 1..=repeat.times {
            self.round = Some(round);
            self.all(&repeat.steps)?;
        }
        self.path.truncate(self.path.len() - 2);
        self.round = outer;
        Ok(())
    }

    /// Whether a step can be done by this side, over this transport, after the steps before it.
    fn check_fits(&self, step: &Written) -> Result<(), Impossible<'static>> {
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

    pub(super) fn framing(
        &self,
        own: Option<file::Framing>,
    ) -> Result<Framing, Impossible<'static>> {
        match own.or(self.run.framing) {
            Some(framing) => Ok(framing.0),
            None => self.error(
                "this step has no framing",
                "add `\"framing\": {\"length\": \">I\"}` to it or to the run",
            ),
        }
    }

    fn framed(&self, frame: &file::SendFrame) -> Result<Framed, Impossible<'static>> {
        let payload = frame.payload.bytes(self.round);
        let outgoing = Outgoing {
            payload: &payload,
            name: frame.filename.as_deref(),
            announced_size: frame.total_size,
            alter: frame.alter,
        };
        let framing = self.framing(frame.framing)?;
        let parts = match framing.encode(&outgoing) {
            Ok(parts) => parts,
            Err(error) => return self.unencodable(&error),
        };
        let names: &[Part] = match framing {
            Framing::Length { .. } => &[Part::Prefix, Part::Payload],
            Framing::HeaderDict { .. } => &[Part::Prefix, Part::Header, Part::Payload],
        };
        let lengths = names.iter().zip(&parts).map(|(&part, bytes)| PartLen {
            part,
            bytes: bytes.len() as u64,
        });
        let lengths = lengths.collect();
        let whole = parts.concat();
        let mut pieces = Vec::new();
        let mut start = 0;
        for &end in frame.cut.iter().chain([&whole.len()]) {
            if end <= start || end > whole.len() || (end == whole.len() && frame.cut.contains(&end))
            {
                return self.error(
                    format!(
                        "`cut` has {end}, and the frame has bytes 0 to {}",
                        whole.len()
                    ),
                    "give offsets inside the frame, each larger than the one before",
                );
            }
            pieces.push(whole[start..end].to_vec());
            start = end;
        }
        Ok(Framed {
            parts: lengths,
            pieces,
            await_read: frame.await_read,
        })
    }

    pub(super) fn unencodable<T>(&self, error: &FrameError) -> Result<T, Impossible<'static>> {
        self.error(
            format!("this message cannot be framed: {error}"),
            "choose a wider layout, or use `pack` to show that it does not fit",
        )
    }
}
