//! From what was written to what can be run: resolves a lab file's run, or says why it cannot be.

mod elsewhere;
mod fits;
mod transfer;
mod translate;

use std::sync::Arc;

use super::in_hand::InHand;
use super::{
    Commands, DEADLINE_FOR_A_PERSON, DEFAULT_BACKLOG, DEFAULT_DEADLINE, MAX_BYTES, MAX_CLIENTS,
    MAX_STEPS, Scenario, Step, UNKNOWN_COMMAND,
};
use crate::event::{Side, Transport};
use crate::lab::Source;
use crate::lab::error::LabError;
use crate::lab::file::{self, Options, Step as Written};
use crate::lab::read::{PathSegment as Path, locate};
use fits::{needs_no_connection, opens};

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

impl Impossible<'_> {
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
pub fn resolve(lab: &file::Lab, index: usize) -> Result<Scenario, Impossible<'static>> {
    let run = &lab.runs[index];
    let transport = run.transport.unwrap_or(lab.transport);
    let mut script = run.clone();
    script.transport = Some(transport);
    let at_run = |key: &'static str| vec![Path::Key("runs"), Path::Index(index), Path::Key(key)];
    check_name(lab, index)?;
    elsewhere::check(run, index, transport)?;
    let commands = Arc::new(commands(lab, run));
    let steps = |actor: Actor| {
        let (mut path, written) = match actor {
            Actor::Server => (at_run("server"), &run.server[..]),
            Actor::Client(0) => (at_run("client"), &run.client[..]),
            Actor::Client(i) => (at_run("more_clients"), &run.more_clients[i - 1][..]),
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
            in_hand: InHand::default(),
            commands: commands.clone(),
            listens: true,
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
    let elsewhere = run.elsewhere();
    let of_the_lab = if elsewhere == Some(Side::Client) {
        0
    } else {
        1 + run.more_clients.len()
    };
    let clients: Result<Vec<_>, _> = (0..of_the_lab).map(|i| steps(Actor::Client(i))).collect();
    let clients = clients?;
    let mut server = Vec::new();
    if elsewhere != Some(Side::Server) {
        server = steps(Actor::Server)?;
    }
    if elsewhere == Some(Side::Client) {
        serve_again(&mut server);
    }
    let runs_one = |step: &Step| match step {
        Step::Try(inner) => matches!(**inner, Step::RunCommand(_)),
        step => matches!(step, Step::RunCommand(_)),
    };
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
fn check_name(lab: &file::Lab, index: usize) -> Result<(), Impossible<'static>> {
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
fn serve_again(server: &mut Vec<Step>) {
    let says = |step: &Step| match step {
        Step::Set(options) => Some(options.reuse_address),
        _ => None,
    };
    if !server.iter().map_while(says).any(|said| said.is_some()) {
        let options = Options {
            reuse_address: Some(true),
            ..Options::default()
        };
        server.insert(0, Step::Set(options));
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
    in_hand: InHand,
    commands: Arc<Commands>,
    /// Whether the server's listening socket is still open.
    listens: bool,
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

    fn error<T>(
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
        !self.transport.has_connections() || self.line != Line::Never
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
        if let Err((what, help)) = self.in_hand.after(&step) {
            return self.error(what, help);
        }
        self.line = match &step {
            step if step.opens() => Line::Open,
            Step::Close | Step::Abort => Line::Closed,
            _ => self.line,
        };
        let tried = match &step {
            Step::Try(inner) => inner,
            step => step,
        };
        self.listens = match tried {
            Step::StopListening => false,
            // One that is tried may fail; then the run says so.
            Step::Listen(_) => true,
            _ => self.listens,
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
}
