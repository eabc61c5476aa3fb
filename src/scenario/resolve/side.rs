//! The steps of one side, one after the other: which of them can stand where they do, what they
//! imply, and the plan that they come to.

use std::sync::Arc;

use super::{Impossible, Resolved};
use crate::event::{Side, Transport};
use crate::lab::fault::{InHand, LineFault, RunFault};
use crate::lab::file::{self, Step};
use crate::lab::locator::PathSegment as Path;
use crate::scenario::{Commands, Life, MAX_BYTES, MAX_STEPS, Op, Planned, Stop, Wait};

/// A connection as the steps so far leave it.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Line {
    Never,
    Open,
    Closed,
}

/// Whose steps are resolved: a side, and the place among its programs, from 0.
pub(super) type Actor = (Side, usize);

/// The actors of a run that are the lab's, and their steps: the clients, then the server.
pub(super) fn actors(run: &file::Run) -> impl Iterator<Item = (Actor, &[Step])> {
    let more = run.more_clients.iter().map(Vec::as_slice);
    let clients = std::iter::once(&run.client[..]).chain(more).enumerate();
    clients
        .map(|(i, steps)| ((Side::Client, i), steps))
        .chain([((Side::Server, 0), &run.server[..])])
        .filter(|((side, _), _)| run.elsewhere() != Some(*side))
}

pub(super) struct Resolver<'a> {
    pub(super) run: &'a file::Run,
    pub(super) transport: Transport,
    pub(super) actor: Actor,
    pub(super) path: Vec<Path<'static>>,
    pub(super) round: Option<u32>,
    /// Whether a `connect` or `accept` is written where the first one is wanted.
    pub(super) says_when: bool,
    /// What has become of the connection so far.
    pub(super) line: Line,
    pub(super) in_hand: Vec<InHand>,
    pub(super) commands: Arc<Commands>,
    /// Whether the server's listening socket is still open.
    pub(super) listens: bool,
    pub(super) plan: Vec<Planned>,
    pub(super) bytes: usize,
}

impl Resolver<'_> {
    pub(super) fn finish(mut self, written: &[Step]) -> Resolved<Vec<Planned>> {
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

    pub(super) fn side(&self) -> Side {
        self.actor.0
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

    pub(super) fn error<T>(&self, what: RunFault) -> Resolved<T> {
        Err(Impossible {
            path: self.path.clone(),
            what,
        })
    }

    pub(super) fn is_open(&self) -> bool {
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
        self.check_fits(&op)?;
        let implies = !matches!(op, Op::Set(_)) && !op.opens();
        if implies && !(self.says_when && op.needs_no_connection()) && !self.is_open() {
            self.open();
        }
        let may_fail = matches!(step, Step::Try(_));
        self.push(Planned {
            op,
            may_fail,
            word: Some(step.name()),
        })
    }

    /// Whether this side can do it, after what has become of the sockets so far.
    fn check_fits(&self, op: &Op) -> Resolved<()> {
        let is_server = self.side() == Side::Server;
        let is_closed = self.line == Line::Closed;
        let what = match op {
            Op::Socket(Life::Connect) if is_server => RunFault::Line(LineFault::ServerConnects),
            Op::Socket(Life::Accept) if !is_server => RunFault::Line(LineFault::ClientAccepts),
            Op::Socket(Life::Listen(_) | Life::StopListening) if !is_server => {
                RunFault::Line(LineFault::ClientListens)
            }
            Op::Read(reading) if !is_server && reading.stop == Stop::AllSent => {
                RunFault::Line(LineFault::RestOnClient)
            }
            Op::Socket(Life::Accept | Life::StopListening) if !self.listens => {
                RunFault::Line(LineFault::NobodyListens)
            }
            Op::Socket(Life::Accept) if is_closed => return Ok(()),
            Op::Socket(Life::Connect | Life::Accept) if self.line != Line::Never => {
                RunFault::Line(LineFault::ConnectedAlready)
            }
            Op::Wait(Wait::States(_)) => return Ok(()),
            Op::Set(_) => return self.check_not_closed(),
            op if op.needs_no_connection() => return Ok(()),
            _ => return self.check_not_closed(),
        };
        self.error(what)
    }

    fn check_not_closed(&self) -> Resolved<()> {
        if self.line != Line::Closed {
            return Ok(());
        }
        self.error(RunFault::Line(LineFault::AfterClose))
    }

    fn push(&mut self, step: Planned) -> Resolved<()> {
        self.bytes = self.bytes.saturating_add(step.op.writes());
        if self.bytes > MAX_BYTES {
            return self.error(RunFault::TooManyBytes(MAX_BYTES));
        }
        if let Some(lacks) = step.op.takes().filter(|what| !self.in_hand.contains(what)) {
            return self.error(RunFault::NotInHand(lacks));
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
            return self.error(RunFault::TooManySteps(MAX_STEPS));
        }
        self.plan.push(step);
        Ok(())
    }

    fn repeat(&mut self, repeat: &file::Repeat) -> Resolved<()> {
        self.check_not_closed()?;
        if repeat.times == 0 || repeat.steps.is_empty() {
            return self.error(RunFault::RepeatsNothing);
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
