//! One of the two programs: its sockets, and which steps stand inside which `with`.

use std::mem::Discriminant;

use super::helpers::Needs;
use super::literal::Literal;
use super::source::Source;
use super::words;
use crate::event::{Barrier, Side, Transport};
use crate::frame::Framing;
use crate::lab::file::{Options, Run, Step};
use crate::lang::Lang;
use crate::scenario::{self, Scenario};

/// A program being written.
pub(super) struct Half<'a> {
    pub(super) run: &'a Run,
    pub(super) transport: Transport,
    pub(super) side: Side,
    pub(super) lang: Lang,
    pub(super) source: Source,
    pub(super) needs: Needs,
    /// The steps up to here are done before there is a connection.
    before: usize,
    backlog: u32,
    /// Whether the server has accepted a connection, or received a datagram.
    pub(super) has_met_client: bool,
    /// Whether a datagram socket has been given its one peer.
    pub(super) is_connected: bool,
    /// What the lab's waits are, of which it has been said what a program does instead.
    pub(super) explained: Vec<Discriminant<Barrier>>,
    /// Signals between clients: these are threads of one program, and can tell each other.
    pub(super) events: Vec<String>,
    /// Set again after each read.
    pub(super) quickack: Option<bool>,
    /// The loop variables, the innermost last.
    pub(super) rounds: Vec<String>,
    /// What stands in front of what a read returned, where several clients print.
    pub(super) who: String,
    /// The framing of what is read, and whether its reads have several sizes.
    pub(super) reads: Option<(Framing, bool)>,
    /// The variable that the message last taken is in.
    pub(super) message: &'static str,
    /// Whether it has been decoded into `text`.
    pub(super) has_text: bool,
}

/// Calls for each step, those inside repeats and tries too.
pub(super) fn each<'a>(steps: &'a [Step], see: &mut impl FnMut(&'a Step)) {
    fn all<'a>(steps: &'a [Step], see: &mut dyn FnMut(&'a Step)) {
        for step in steps {
            see(step);
            match step {
                Step::Repeat(repeat) => all(&repeat.steps, see),
                Step::Try(inner) => all(std::slice::from_ref(&**inner), see),
                _ => {}
            }
        }
    }
    all(steps, see);
}

/// Whether a step makes a connection, or begins with one that does.
fn opens(step: &Step) -> bool {
    match step {
        Step::Connect | Step::Accept => true,
        Step::Try(inner) => opens(inner),
        _ => false,
    }
}

impl<'a> Half<'a> {
    pub(super) fn new(scenario: &'a Scenario, side: Side, lang: Lang) -> Self {
        Self {
            run: &scenario.script,
            transport: scenario.transport,
            side,
            lang,
            source: Source::default(),
            needs: Needs::default(),
            before: 0,
            backlog: scenario.backlog,
            has_met_client: false,
            is_connected: false,
            explained: Vec::new(),
            events: Vec::new(),
            quickack: None,
            rounds: Vec::new(),
            who: String::new(),
            reads: None,
            message: "data",
            has_text: false,
        }
    }

    /// The steps of every client.
    pub(super) fn clients(&self) -> impl Iterator<Item = &'a [Step]> + use<'a> {
        let run = self.run;
        let more = run.more_clients.iter().map(Vec::as_slice);
        std::iter::once(&run.client[..]).chain(more)
    }

    /// What the socket that carries the bytes is called.
    pub(super) fn socket(&self) -> &'static str {
        if self.transport.has_connections() && self.side == Side::Server {
            "conn"
        } else {
            "sock"
        }
    }

    /// How Python makes a socket of this run's transport.
    pub(super) fn new_socket(&self) -> String {
        let (family, kind) = match self.transport {
            Transport::Tcp => ("AF_INET", "SOCK_STREAM"),
            Transport::Tcp6 => ("AF_INET6", "SOCK_STREAM"),
            Transport::Udp => ("AF_INET", "SOCK_DGRAM"),
            Transport::Unix => ("AF_UNIX", "SOCK_STREAM"),
            Transport::UnixSeqpacket => ("AF_UNIX", "SOCK_SEQPACKET"),
            Transport::UnixDatagram => ("AF_UNIX", "SOCK_DGRAM"),
        };
        format!("socket.socket(socket.{family}, socket.{kind})")
    }

    /// The server's address.
    pub(super) fn address(&self) -> &'static str {
        if self.transport.is_local() {
            "PATH"
        } else {
            "(HOST, PORT)"
        }
    }

    /// What options are set on now.
    pub(super) fn configurable(&self) -> &'static str {
        if self.socket() == "conn" && !self.has_met_client {
            "listener"
        } else {
            self.socket()
        }
    }

    /// Writes the server's main part.
    pub(super) fn server(&mut self, scenario: &'a Scenario) {
        self.needs.module("socket");
        self.prepare(&self.run.server, &scenario.server);
        let steps = &self.run.server;
        // What the server sets before it accepts holds for the listener.
        let sets = steps
            .iter()
            .take_while(|step| matches!(step, Step::Set(_)))
            .count();
        let name = if self.transport.has_connections() {
            "listener"
        } else {
            "sock"
        };
        if self.transport.is_local() {
            self.clear_path("PATH");
        }
        let opened = self
            .source
            .open(&format!("with {} as {name}:", self.new_socket()));
        // Where the lab is about whether an address can be had again, it is left as it is.
        let mut reuses = !self.transport.is_tcp();
        each(steps, &mut |step| reuses |= matches!(step, Step::Listen(_)));
        for step in &steps[..sets] {
            reuses |= matches!(step, Step::Set(options) if options.reuse_address.is_some());
            self.step(step);
        }
        if !reuses {
            let why = words::start_again(self.lang);
            self.source.comment(why);
            self.source
                .line("listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)");
        }
        self.source.line(format!("{name}.bind({})", self.address()));
        if self.transport.has_connections() {
            let backlog = self.backlog;
            self.source.line(format!("listener.listen({backlog})"));
        }
        self.source.line(format!(
            "print(\"listening on\", {name}.getsockname(), flush=True)"
        ));
        self.before = self.before.saturating_sub(sets);
        self.list(&steps[sets..]);
        self.source.close(opened);
    }

    /// Writes the client's main part: one client, or a function for each of several.
    pub(super) fn client(&mut self, scenario: &'a Scenario) {
        self.needs.module("socket");
        let clients: Vec<&[Step]> = self.clients().collect();
        if let [only] = clients[..] {
            self.one_client(only, &scenario.clients[0]);
            return;
        }
        self.events = events(&clients);
        self.needs.module("threading");
        if !self.events.is_empty() {
            self.signals();
        }
        for (i, (steps, resolved)) in clients.iter().zip(&scenario.clients).enumerate() {
            let number = i + 1;
            self.who = format!("client {number}: ");
            let opened = self.source.open(&format!("def client_{number}():"));
            self.one_client(steps, resolved);
            self.source.close(opened);
            self.source.blank();
            self.source.blank();
        }
        let opened = self.source.open("threads = [");
        for number in 1..=clients.len() {
            self.source
                .line(format!("threading.Thread(target=client_{number}),"));
        }
        self.source.close(opened);
        self.source.lines(
            "]\nfor thread in threads:\n    thread.start()\nfor thread in threads:\n    thread.join()",
        );
    }

    fn signals(&mut self) {
        let why = words::events(self.lang);
        self.source.comment(why);
        let opened = self.source.open("signals = {");
        for name in self.events.clone() {
            let key = quoted(&name);
            self.source.line(format!("{key}: threading.Event(),"));
        }
        self.source.close(opened);
        self.source.line("}");
        self.source.blank();
        self.source.blank();
    }

    fn one_client(&mut self, steps: &'a [Step], resolved: &[scenario::Planned]) {
        self.prepare(steps, resolved);
        let mut reads = false;
        each(steps, &mut |step| {
            reads |= matches!(step, Step::Recvfrom(_));
        });
        let answered_at_path = reads && self.transport == Transport::UnixDatagram;
        if answered_at_path {
            self.source.line("OWN_PATH = PATH + \".client\"");
            self.clear_path("OWN_PATH");
        }
        let opened = self
            .source
            .open(&format!("with {} as sock:", self.new_socket()));
        if answered_at_path {
            self.source.line("sock.bind(OWN_PATH)");
        }
        self.list(steps);
        self.source.close(opened);
    }

    /// Writes the removal of a path that an earlier run has left.
    fn clear_path(&mut self, path: &str) {
        self.needs.module("os");
        let why = words::path_in_the_way(self.lang);
        self.source.comment(why);
        self.source
            .block(&format!("if os.path.exists({path}):"), |source| {
                source.line(format!("os.remove({path})"));
            });
        self.source.blank();
    }

    /// Writes a socket that listens where the first one did.
    pub(super) fn listen(&mut self, options: &'a Options) {
        self.source
            .line(format!("listener = {}", self.new_socket()));
        let had_met = std::mem::replace(&mut self.has_met_client, false);
        self.set(options);
        self.has_met_client = had_met;
        self.source
            .line(format!("listener.bind({})", self.address()));
        let backlog = self.backlog;
        self.source.line(format!("listener.listen({backlog})"));
        self.source.line("print(\"listening again\")");
    }

    /// Looks ahead at the steps that are to be written next.
    fn prepare(&mut self, steps: &'a [Step], resolved: &[scenario::Planned]) {
        self.before = resolved
            .iter()
            .position(scenario::Planned::opens)
            .unwrap_or(resolved.len());
        self.has_met_client = false;
        self.is_connected = false;
        self.quickack = None;
        self.reads = None;
        let (mut framing, mut several) = (None, false);
        each(steps, &mut |step| {
            if let Step::RecvFrames(frames) = step {
                // A side has one decoder, in the framing of its first read.
                framing = framing.or(frames.framing.or(self.run.framing));
                several |= frames.sizes.len() > 1;
            }
        });
        self.reads = framing.map(|framing| (framing.0, several));
    }

    /// Writes steps that stand side by side. The one that makes the connection may be implied.
    pub(super) fn list(&mut self, steps: &'a [Step]) {
        let mut rest = steps;
        let mut done = 0;
        while let Some((step, after)) = rest.split_first() {
            if self.makes_connection(step, done) {
                if opens(step) {
                    rest = after;
                }
                rest = self.connection(matches!(step, Step::Try(_)) && opens(step), rest);
            } else {
                self.step(step);
                rest = after;
            }
            done = steps.len() - rest.len();
        }
        if steps.is_empty() && self.rounds.is_empty() && self.needs_connection() {
            // A side without a step still connects or accepts.
            self.connection(false, rest);
        }
    }

    fn needs_connection(&self) -> bool {
        self.transport.has_connections() && !self.has_met_client
    }

    /// Whether the connection is made by this step, or right before it because it is implied.
    fn makes_connection(&self, step: &Step, index: usize) -> bool {
        if !self.transport.has_connections() {
            return false;
        }
        if opens(step) {
            return true;
        }
        let opens_inside = |steps: &[Step]| {
            let mut found = false;
            each(steps, &mut |step| found |= opens(step));
            found
        };
        match step {
            _ if self.has_met_client => false,
            Step::Repeat(repeat) => !opens_inside(&repeat.steps),
            _ => index >= self.before,
        }
    }

    /// Writes the making of a connection and what is done on it; returns the steps behind it.
    fn connection(&mut self, tried: bool, steps: &'a [Step]) -> &'a [Step] {
        let make = match self.side {
            Side::Client => format!("sock.connect({})", self.address()),
            Side::Server => "conn, address = listener.accept()".into(),
        };
        if tried {
            self.tried("OSError", None, |half| half.source.line(make));
        } else {
            self.source.line(make);
        }
        self.has_met_client = true;
        let ends = |step: &Step| matches!(step, Step::Close | Step::Abort);
        let end = steps.iter().position(ends);
        // A client has one connection, and its socket is in a `with` already. In a loop that does
        // not close what it accepts, a `with` would.
        if self.side == Side::Client || (end.is_none() && !self.rounds.is_empty()) {
            self.begin_reading();
            let all = steps.len();
            self.list(steps);
            return &steps[all..];
        }
        let end = end.unwrap_or(steps.len());
        let opened = self.source.open("with conn:");
        self.begin_reading();
        let (inside, mut after) = steps.split_at(end);
        self.list(inside);
        if let Some((last, rest)) = after.split_first() {
            if *last == Step::Abort {
                self.step(last);
            }
            after = rest;
        }
        self.source.close(opened);
        after
    }

    /// What the functions that read messages carry from one to the next.
    fn begin_reading(&mut self) {
        if self.reads.is_some() {
            self.source.line("buffer = b\"\"");
        }
    }

    /// Writes something that may fail, and what to do besides when it does.
    pub(super) fn tried(
        &mut self,
        errors: &str,
        otherwise: Option<&str>,
        attempt: impl FnOnce(&mut Self),
    ) {
        let opened = self.source.open("try:");
        attempt(self);
        self.source.close(opened);
        let who = self.who.clone();
        self.source
            .block(&format!("except {errors} as error:"), |source| {
                source.line(format!("print(f\"{who}failed: {{error!r}}\")"));
                if let Some(statement) = otherwise {
                    source.line(statement);
                }
            });
    }
}

/// The signals that one client gives and another one awaits.
fn events(clients: &[&[Step]]) -> Vec<String> {
    let mut awaited = Vec::new();
    let mut given = Vec::new();
    for steps in clients {
        each(steps, &mut |step| match step {
            Step::Await(Barrier::Signal(name)) => awaited.push(name),
            Step::Signal(name) if !given.contains(name) => given.push(name.clone()),
            _ => {}
        });
    }
    given.retain(|name| awaited.contains(&name));
    given
}

/// A text between quotes, however long.
pub(super) fn quoted(text: &str) -> String {
    Literal::text(text).inline(usize::MAX).unwrap_or_default()
}
