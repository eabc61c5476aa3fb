//! From what was written to what can be run: resolves a lab file's run, or says why it cannot be.

mod elsewhere;
mod frames;
mod steps;

use std::sync::Arc;

use super::op::InHand;
use super::{
    Commands, DEADLINE_FOR_A_PERSON, DEFAULT_BACKLOG, DEFAULT_DEADLINE, Interpret, Life, MAX_BYTES,
    MAX_CLIENTS, MAX_STEPS, Op, Planned, Scenario, Stop, UNKNOWN_COMMAND, Wait,
};
use crate::event::{Side, Transport};
use crate::lab::Source;
use crate::lab::error::LabError;
use crate::lab::file::{self, Options, Step};
use crate::lab::read::{PathSegment as Path, locate};

/// What is impossible about a run, and the path to it in the lab file.
#[derive(Clone, Debug, PartialEq)]
pub struct Impossible {
    /// Where it stands.
    pub path: Vec<Path<'static>>,
    /// What is wrong.
    pub what: String,
    /// What would help.
    pub help: Option<String>,
}

type Resolved<T> = Result<T, Impossible>;

impl Impossible {
    /// Says it of the lab file that the run was read from.
    #[must_use]
    pub fn in_file(self, source: &Source) -> LabError {
        LabError {
            file: source.name.clone(),
            place: Some(locate(&source.text, &self.path)),
            what: self.what,
            help: self.help,
        }
    }
}

/// Resolves one run of a lab file; `index` is its place in the file.
///
/// # Errors
/// If steps do not fit the transport, the side or each other.
pub fn resolve(lab: &file::Lab, index: usize) -> Result<Scenario, Impossible> {
    let run = &lab.runs[index];
    let transport = run.transport.unwrap_or(lab.transport);
    let mut script = run.clone();
    script.transport = Some(transport);
    let at_run = |key: &'static str| vec![Path::Key("runs"), Path::Index(index), Path::Key(key)];
    check_name(lab, index)?;
    elsewhere::check(run, index, transport)?;
    if run.more_clients.len() >= MAX_CLIENTS {
        return Err(Impossible {
            path: at_run("more_clients"),
            what: format!("a run has at most {MAX_CLIENTS} clients"),
            help: None,
        });
    }
    let commands = Arc::new(commands(lab, run));
    let elsewhere = run.elsewhere();
    let (mut clients, mut server) = (Vec::new(), Vec::new());
    for (actor, steps) in actors(run) {
        let mut path = at_run(actor.key());
        if let Actor::Client(i @ 1..) = actor {
            path.push(Path::Index(i - 1));
        }
        let planned = Resolver {
            run,
            transport,
            actor,
            path,
            round: None,
            says_when: false,
            line: Line::Never,
            in_hand: Vec::new(),
            commands: commands.clone(),
            listens: true,
            plan: Vec::new(),
            bytes: 0,
        }
        .finish(steps)?;
        match actor {
            Actor::Client(_) => clients.push(planned),
            Actor::Server => server = planned,
        }
    }
    if elsewhere == Some(Side::Client) {
        serve_again(&mut server);
    }
    let runs_one = |step: &Planned| matches!(step.op, Op::Interpret(Interpret::Run(_)));
    if run.outputs.is_some() && !clients.iter().chain([&server]).flatten().any(runs_one) {
        return Err(Impossible {
            path: at_run("outputs"),
            what: "`outputs` says how a command is read, and this run has no `run_command`".into(),
            help: Some("leave it out".into()),
        });
    }
    Ok(Scenario {
        transport,
        port: run.port.map_or(0, Into::into),
        backlog: run.backlog.map_or(DEFAULT_BACKLOG, u32::from),
        mtu: run.mtu,
        deadline: match (run.deadline, elsewhere) {
            (Some(span), _) => span.0,
            (None, Some(Side::Client)) => DEADLINE_FOR_A_PERSON,
            (None, _) => DEFAULT_DEADLINE,
        },
        clients,
        server,
        script,
    })
}

/// Whether the run has a name, and one of its own.
fn check_name(lab: &file::Lab, index: usize) -> Result<(), Impossible> {
    let run = &lab.runs[index];
    let at_name = || vec![Path::Key("runs"), Path::Index(index), Path::Key("name")];
    if run.name.is_empty()
        || !run
            .name
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
    {
        return Err(Impossible {
            path: at_name(),
            what: format!(
                "the run name `{}` is not lower-case words joined by hyphens",
                run.name.escape_debug()
            ),
            help: None,
        });
    }
    if lab.runs[..index].iter().any(|other| other.name == run.name) {
        return Err(Impossible {
            path: at_name(),
            what: format!("two runs are named `{}`", run.name),
            help: Some("give each run its own name".into()),
        });
    }
    Ok(())
}

/// The port of a server whose client is elsewhere is always the same one, and that run is done
/// again and again: without `SO_REUSEADDR` a `TIME_WAIT` of the last run would be in the way.
fn serve_again(server: &mut Vec<Planned>) {
    let mut first = server.iter().map_while(Planned::sets);
    if !first.any(|options| options.reuse_address.is_some()) {
        let options = Options {
            reuse_address: Some(true),
            ..Options::default()
        };
        server.insert(0, Op::Set(options).into());
    }
}

fn commands(lab: &file::Lab, run: &file::Run) -> Commands {
    let otherwise = lab.unknown_command.as_deref().unwrap_or(UNKNOWN_COMMAND);
    let known = lab.commands.iter();
    Commands {
        known: known
            .map(|(name, argv)| (name.clone(), argv.0.clone()))
            .collect(),
        otherwise: otherwise.into(),
        outputs: run.outputs.unwrap_or_default(),
    }
}

/// A connection as the steps so far leave it.
#[derive(Clone, Copy, PartialEq)]
enum Line {
    Never,
    Open,
    Closed,
}

/// Whose steps are being resolved; clients by their place, from 0.
#[derive(Clone, Copy, PartialEq)]
enum Actor {
    Client(usize),
    Server,
}

impl Actor {
    fn side(self) -> Side {
        match self {
            Self::Client(_) => Side::Client,
            Self::Server => Side::Server,
        }
    }

    /// Where its steps stand in a run.
    fn key(self) -> &'static str {
        match self {
            Self::Client(0) => "client",
            Self::Client(_) => "more_clients",
            Self::Server => "server",
        }
    }
}

/// The actors of a run that are the lab's, and their steps: the clients, then the server.
fn actors(run: &file::Run) -> impl DoubleEndedIterator<Item = (Actor, &[Step])> {
    let more = run.more_clients.iter().map(Vec::as_slice);
    let clients: Vec<&[Step]> = std::iter::once(&run.client[..]).chain(more).collect();
    let clients = clients.into_iter().enumerate();
    clients
        .map(|(i, steps)| (Actor::Client(i), steps))
        .chain([(Actor::Server, &run.server[..])])
        .filter(|(actor, _)| run.elsewhere() != Some(actor.side()))
}

struct Resolver<'a> {
    run: &'a file::Run,
    transport: Transport,
    actor: Actor,
    path: Vec<Path<'static>>,
    round: Option<u32>,
    /// Whether a `connect` or `accept` is written where the first one is wanted.
    says_when: bool,
    /// What has become of the connection so far.
    line: Line,
    in_hand: Vec<InHand>,
    commands: Arc<Commands>,
    /// Whether the server's listening socket is still open.
    listens: bool,
    plan: Vec<Planned>,
    bytes: usize,
}

impl Resolver<'_> {
    fn finish(mut self, written: &[Step]) -> Resolved<Vec<Planned>> {
        let mut ops = written.iter().map(|step| self.op(step).ok());
        let first = ops.find(|op| !op.as_ref().is_some_and(Op::needs_no_connection));
        self.says_when = first.flatten().is_some_and(|op| op.opens());
        self.all(written)?;
        if !self.is_open() {
            // A side without a step still connects or accepts.
            self.open();
        }
        if self.line != Line::Closed {
            self.plan.push(Op::Socket(Life::Close).into());
        }
        Ok(self.plan)
    }

    fn side(&self) -> Side {
        self.actor.side()
    }

    fn all(&mut self, written: &[Step]) -> Resolved<()> {
        for (i, step) in written.iter().enumerate() {
            self.path.push(Path::Index(i));
            match step {
                Step::Repeat(repeat) => self.repeat(repeat)?,
                step => self.one(step)?,
            }
            self.path.pop();
        }
        Ok(())
    }

    fn error<T>(&self, what: impl Into<String>, help: impl Into<String>) -> Resolved<T> {
        Err(Impossible {
            path: self.path.clone(),
            what: what.into(),
            help: Some(help.into()),
        })
    }

    fn is_open(&self) -> bool {
        !self.transport.has_connections() || self.line != Line::Never
    }

    fn open(&mut self) {
        self.line = Line::Open;
        let life = match self.side() {
            Side::Client => Life::Connect,
            Side::Server => Life::Accept,
        };
        self.plan.push(Op::Socket(life).into());
    }

    fn one(&mut self, step: &Step) -> Resolved<()> {
        let op = self.op(step)?;
        self.check_side(&op)?;
        self.check_line(&op)?;
        let implies = match op {
            Op::Set(_) => false,
            _ if op.opens() => false,
            _ => !(self.says_when && op.needs_no_connection()),
        };
        if implies && !self.is_open() {
            self.open();
        }
        let may_fail = matches!(step, Step::Try(_));
        self.push(Planned { op, may_fail })
    }

    fn check_side(&self, op: &Op) -> Resolved<()> {
        let (what, help) = match (op, self.side()) {
            (Op::Socket(Life::Connect), Side::Server) => {
                ("a server does not `connect`", "use `accept`")
            }
            (Op::Socket(Life::Accept), Side::Client) => {
                ("a client does not `accept`", "use `connect`")
            }
            (Op::Socket(Life::Listen(_) | Life::StopListening), Side::Client) => {
                ("a client does not listen", "this is a step of the server")
            }
            (Op::Read(reading), Side::Client) if reading.stop == Stop::AllSent => {
                ("`recvfrom_rest` is for the server", "use `recvfrom`")
            }
            _ => return Ok(()),
        };
        self.error(what, help)
    }

    /// Whether what has become of the sockets so far lets this be done.
    fn check_line(&self, op: &Op) -> Resolved<()> {
        match op {
            Op::Socket(Life::Accept | Life::StopListening) if !self.listens => {
                self.error("nobody is listening any more", "put `listen` before it")
            }
            Op::Socket(Life::Accept) if self.line == Line::Closed => Ok(()),
            Op::Socket(Life::Connect | Life::Accept) if self.line != Line::Never => self.error(
                "this side is connected already",
                "`connect` comes once; `accept` comes again only after a `close`",
            ),
            Op::Wait(Wait::States(_)) => Ok(()),
            Op::Set(_) => self.check_not_closed(),
            op if op.needs_no_connection() => Ok(()),
            _ => self.check_not_closed(),
        }
    }

    fn check_not_closed(&self) -> Resolved<()> {
        if self.line != Line::Closed {
            return Ok(());
        }
        self.error(
            "this step comes after the socket was closed",
            "move it before the `close`, or let the server `accept` again",
        )
    }

    fn push(&mut self, step: Planned) -> Resolved<()> {
        self.bytes = self.bytes.saturating_add(step.op.writes());
        if self.bytes > MAX_BYTES {
            return self.error(
                format!("this side writes more than {MAX_BYTES} bytes"),
                "make the payloads smaller",
            );
        }
        if let Some(lacks) = step.op.takes().filter(|what| !self.in_hand.contains(what)) {
            let (what, help) = lacks.said();
            return self.error(what, help);
        }
        let gives = step.op.gives().filter(|what| !self.in_hand.contains(what));
        self.in_hand.extend(gives);
        match &step.op {
            Op::Socket(Life::Connect | Life::Accept) => self.line = Line::Open,
            Op::Socket(Life::Close | Life::Abort) if !step.may_fail => self.line = Line::Closed,
            Op::Socket(Life::StopListening) => self.listens = false,
            // One that is tried may fail; then the run says so.
            Op::Socket(Life::Listen(_)) => self.listens = true,
            _ => {}
        }
        if self.plan.len() >= MAX_STEPS {
            return self.error(
                format!("this side has more than {MAX_STEPS} steps"),
                "lower a `times`",
            );
        }
        self.plan.push(step);
        Ok(())
    }

    fn repeat(&mut self, repeat: &file::Repeat) -> Resolved<()> {
        self.check_not_closed()?;
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
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_step_finds_what_it_works_on_or_says_what_would_bring_it() {
        let refused = |steps: &str| {
            let lab = format!(
                r#"{{"commands": {{"ls": ["ls"]}},
                    "runs": [{{"name": "one", "client": [], "server": [{steps}]}}]}}"#
            );
            let lab = serde_json::from_str(&lab).expect("a lab");
            resolve(&lab, 0).err().map(|wrong| wrong.what)
        };
        let [take, announced, unpack, run] = [
            r#"{"recv_loop": {"size": 1024, "until": 4}}"#,
            r#"{"recv_loop": {"size": 1024, "until": "announced"}}"#,
            r#"{"unpack": "<i"}"#,
            r#""run_command""#,
        ];
        let [message, number, answer] = [InHand::Message, InHand::Number, InHand::Answer]
            .map(|lacks| Some(lacks.said().0.to_string()));
        assert_eq!(refused(unpack), message);
        assert_eq!(refused(run), message);
        assert_eq!(refused(announced), number);
        assert_eq!(refused(r#"{"try": "send_answer"}"#), answer);
        assert_eq!(refused(&format!("{take}, {announced}")), number);
        assert_eq!(refused(&format!("{take}, {unpack}, {announced}")), None);
        assert_eq!(
            refused(&format!(r#"{take}, {unpack}, "send_answer""#)),
            answer
        );
        assert_eq!(refused(&format!(r#"{take}, {run}, "send_answer""#)), None);
    }
}
