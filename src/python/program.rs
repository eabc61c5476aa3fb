//! One of the two programs: its sockets, and which steps stand inside which `with`.

use std::collections::HashMap;
use std::mem::Discriminant;

use super::functions::Functions;
use super::literal::quoted;
use super::script::{
    aborts, any, closes, is_about_reuse, is_answered, opens, opens_in_try, reads_frames, repeated,
    sets, signals_between, waits_before_words,
};
use super::template::Values;
use super::writer::Writer;
use crate::event::{Barrier, Side, Transport};
use crate::frame::Framing;
use crate::lab::file::{Run, Step};
use crate::lang::Lang;
use crate::scenario::{self, Scenario};

/// A program being written.
pub(super) struct Program<'a> {
    pub(super) run: &'a Run,
    pub(super) transport: Transport,
    pub(super) side: Side,
    pub(super) lang: Lang,
    pub(super) writer: Writer,
    pub(super) functions: Functions,
    /// The steps up to here are done before there is a connection.
    before: usize,
    pub(super) backlog: u32,
    /// Whether the server has accepted a connection, or received a datagram.
    pub(super) has_met_client: bool,
    /// Whether a datagram socket has been given its one peer.
    pub(super) is_connected: bool,
    /// What the lab's waits are, of which it has been said what a program does instead.
    pub(super) explained: Vec<Discriminant<Barrier>>,
    /// How many times the other side sleeps before it gives a word.
    pub(super) others_wait: HashMap<&'a str, u32>,
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

impl<'a> Program<'a> {
    pub(super) fn new(scenario: &'a Scenario, side: Side, lang: Lang) -> Self {
        let run = &scenario.script;
        let others = match side {
            Side::Server => clients(run),
            Side::Client => vec![&run.server[..]],
        };
        let mut others_wait = HashMap::new();
        for (word, waits) in others.into_iter().flat_map(waits_before_words) {
            let most = others_wait.entry(word).or_insert(waits);
            *most = waits.max(*most);
        }
        Self {
            run,
            transport: scenario.transport,
            side,
            lang,
            writer: Writer::new(lang),
            functions: Functions::default(),
            before: 0,
            backlog: scenario.backlog,
            has_met_client: false,
            is_connected: false,
            explained: Vec::new(),
            others_wait,
            events: Vec::new(),
            quickack: None,
            rounds: Vec::new(),
            who: String::new(),
            reads: None,
            message: "data",
            has_text: false,
        }
    }

    /// Writes a part of a template that has no body.
    pub(super) fn put(&mut self, part: &str, values: &Values<'_>) {
        self.around(part, values, |_| ());
    }

    /// Writes a part of a template around what `body` writes.
    pub(super) fn around(&mut self, part: &str, values: &Values<'_>, body: impl FnOnce(&mut Self)) {
        let (family, kind) = match self.transport {
            Transport::Tcp => ("AF_INET", "SOCK_STREAM"),
            Transport::Tcp6 => ("AF_INET6", "SOCK_STREAM"),
            Transport::Udp => ("AF_INET", "SOCK_DGRAM"),
            Transport::Unix => ("AF_UNIX", "SOCK_STREAM"),
            Transport::UnixSeqpacket => ("AF_UNIX", "SOCK_SEQPACKET"),
            Transport::UnixDatagram => ("AF_UNIX", "SOCK_DGRAM"),
        };
        let address = if self.transport.is_local() {
            "PATH"
        } else {
            "(HOST, PORT)"
        };
        let peer = match self.side {
            Side::Client => address,
            Side::Server => "address",
        };
        let common: &Values<'_> = &[
            ("family", &family),
            ("kind", &kind),
            ("address", &address),
            ("peer", &peer),
            ("sock", &self.socket()),
            ("socket", &self.configurable()),
            ("listener", &self.listener()),
            ("backlog", &self.backlog),
            ("who", &self.who),
            ("message", &self.message),
        ];
        let rest = self.writer.begin(part, &[values, common].concat());
        body(self);
        self.writer.end(rest);
    }

    /// What the socket that carries the bytes is called.
    pub(super) fn socket(&self) -> &'static str {
        if self.transport.has_connections() && self.side == Side::Server {
            "conn"
        } else {
            "sock"
        }
    }

    /// What the server's first socket is called.
    fn listener(&self) -> &'static str {
        if self.transport.has_connections() {
            "listener"
        } else {
            "sock"
        }
    }

    /// What options are set on now.
    fn configurable(&self) -> &'static str {
        if self.socket() == "conn" && !self.has_met_client {
            "listener"
        } else {
            self.socket()
        }
    }

    /// Writes the server's main part.
    pub(super) fn server(&mut self, scenario: &Scenario) {
        let steps = &self.run.server[..];
        self.prepare(steps, &scenario.server);
        // What the server sets before it accepts holds for the listener.
        let (first, then) = steps.split_at(steps.iter().take_while(|step| sets(step)).count());
        self.before = self.before.saturating_sub(first.len());
        let transport = self.transport;
        self.around("server", &[("local", &transport.is_local())], |program| {
            for step in first {
                program.step(step);
            }
            let values: &Values<'_> = &[
                (
                    "can_start_again",
                    &(transport.is_tcp() && !is_about_reuse(steps)),
                ),
                ("has_connections", &transport.has_connections()),
            ];
            program.put("start_listening", values);
            program.list(then);
        });
    }

    /// Writes the client's main part: one client, or a function for each of several.
    pub(super) fn client(&mut self, scenario: &Scenario) {
        let clients = clients(self.run);
        if let [only] = clients[..] {
            self.one_client(only, &scenario.clients[0]);
            return;
        }
        self.events = signals_between(&clients);
        let names: Vec<String> = (1..=clients.len()).map(|n| format!("client_{n}")).collect();
        let thread = |name: &String| format!("threading.Thread(target={name}),");
        let threads: Vec<String> = names.iter().map(thread).collect();
        let signal = |name: &String| format!("{}: threading.Event(),", quoted(name));
        let signals: Vec<String> = self.events.iter().map(signal).collect();
        let values: &Values<'_> = &[
            ("signals", &signals.join("\n")),
            ("threads", &threads.join("\n")),
        ];
        self.around("several_clients", values, |program| {
            for (i, (steps, resolved)) in clients.iter().zip(&scenario.clients).enumerate() {
                program.who = format!("client {}: ", i + 1);
                program.around("one_of_several", &[("client", &names[i])], |program| {
                    program.one_client(steps, resolved);
                });
                program.writer.blank();
                program.writer.blank();
            }
        });
    }

    fn one_client(&mut self, steps: &'a [Step], resolved: &[scenario::Planned]) {
        self.prepare(steps, resolved);
        let has_own_path = self.transport == Transport::UnixDatagram && is_answered(steps);
        self.around("client", &[("has_own_path", &has_own_path)], |program| {
            program.list(steps);
        });
    }

    /// Looks ahead at the steps that are to be written next.
    fn prepare(&mut self, steps: &'a [Step], resolved: &[scenario::Planned]) {
        self.before = resolved
            .iter()
            .position(|step| step.op.opens())
            .unwrap_or(resolved.len());
        self.has_met_client = false;
        self.is_connected = false;
        self.quickack = None;
        self.reads = reads_frames(steps, self.run.framing);
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
                rest = self.connection(opens_in_try(step), rest);
            } else {
                self.step(step);
                rest = after;
            }
            done = steps.len() - rest.len();
        }
        let needs_connection = self.transport.has_connections() && !self.has_met_client;
        if steps.is_empty() && self.rounds.is_empty() && needs_connection {
            // A side without a step still connects or accepts.
            self.connection(false, rest);
        }
    }

    /// Whether the connection is made by this step, or right before it because it is implied.
    fn makes_connection(&self, step: &Step, index: usize) -> bool {
        if !self.transport.has_connections() {
            return false;
        }
        let is_implied = || match repeated(step) {
            Some(steps) => !any(steps, opens),
            None => index >= self.before,
        };
        opens(step) || (!self.has_met_client && is_implied())
    }

    /// Writes the making of a connection and what is done on it; returns the steps behind it.
    fn connection(&mut self, is_tried: bool, steps: &'a [Step]) -> &'a [Step] {
        let make = match self.side {
            Side::Client => "connect",
            Side::Server => "accept",
        };
        if is_tried {
            self.tried("OSError", false, |program| program.put(make, &[]));
        } else {
            self.put(make, &[]);
        }
        self.has_met_client = true;
        let end = steps.iter().position(|step| closes(step) || aborts(step));
        // A client has one connection, and its socket is in a `with` already. In a loop that does
        // not close what it accepts, a `with` would.
        if self.side == Side::Client || (end.is_none() && !self.rounds.is_empty()) {
            self.begin_reading();
            self.list(steps);
            return &[];
        }
        let (inside, after) = steps.split_at(end.unwrap_or(steps.len()));
        self.around("with_connection", &[], |program| {
            program.begin_reading();
            program.list(inside);
            if let Some(last) = after.first().filter(|step| aborts(step)) {
                program.step(last);
            }
        });
        after.get(1..).unwrap_or_default()
    }

    /// What the functions that read messages carry from one to the next.
    fn begin_reading(&mut self) {
        if self.reads.is_some() {
            self.writer.line("buffer = b\"\"");
        }
    }

    /// Writes something that may fail; if it `is_looked_up`, its text is then none.
    pub(super) fn tried(
        &mut self,
        errors: &str,
        is_looked_up: bool,
        attempt: impl FnOnce(&mut Self),
    ) {
        let values: &Values<'_> = &[("errors", &errors), ("is_looked_up", &is_looked_up)];
        self.around("try", values, attempt);
    }
}

/// The steps of every client.
fn clients(run: &Run) -> Vec<&[Step]> {
    let more = run.more_clients.iter().map(Vec::as_slice);
    std::iter::once(&run.client[..]).chain(more).collect()
}
