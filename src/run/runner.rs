//! Starts runs: the listener first, then a thread for each actor.

use std::collections::HashMap;
use std::io;
use std::mem::ManuallyDrop;
use std::sync::Arc;
use std::sync::mpsc;
use std::time::Instant;

use socket2::SockAddr;

use super::actor::Actor;
use super::connection::Connection;
use super::context::{Context, GRACE};
use super::endpoint::{self, Endpoints};
use super::interrupt::Interrupt;
use super::kernel::Kernel;
use super::listener::Listener;
use super::network::Network;
use super::progress::{Nobody, Observer};
use super::recorder::Recorder;
use super::rendezvous::Rendezvous;
use super::running::Running;
use super::wire::{Watched, Wire};
use super::workers::Workers;
use super::{RunError, TEMPORARY, children, downloads, failed};
use crate::event::{Mtu, RunTrace, Side, Transport};
use crate::lab::file;
use crate::scenario::{Op, Planned, Scenario};
use crate::wire::Frame;

/// Runs scenarios, one after the other, on threads that it keeps.
pub struct Runner {
    kernel: Kernel,
    interrupt: Arc<Interrupt>,
    observer: Arc<dyn Observer>,
    workers: Workers,
    network: Network,
    /// The wire, and whether all runs are watched or only those that ask for it.
    wire: Option<(Arc<Wire>, bool)>,
}

impl Runner {
    /// A runner whose run under way ends when `interrupt` is pressed.
    pub fn new(kernel: Kernel, interrupt: Arc<Interrupt>) -> Self {
        let mut workers = Workers::default();
        // Every run has these two: they can start while the first one is being planned. What
        // keeps them from starting now is reported when they are given their parts.
        let _ = workers
            .ready(SERVER)
            .and_then(|()| workers.ready(&client_name(0)));
        Self {
            kernel,
            interrupt,
            observer: Arc::new(Nobody),
            workers,
            network: Network::of(kernel),
            wire: None,
        }
    }

    /// Watches this wire during the runs that ask for it, or during all of them.
    pub fn watch(&mut self, wire: Arc<Wire>, all: bool) {
        self.wire = Some((wire, all));
    }

    /// The frames of the run that is over, one for each of its packets; none unless the wire
    /// keeps them whole.
    pub fn take_frames(&self) -> Vec<Frame> {
        let wire = self.wire.as_ref();
        wire.map_or_else(Vec::new, |(wire, _)| wire.take_frames())
    }

    /// The same, with somebody who is told how far file transfers are.
    #[must_use]
    pub fn observed_by(self, observer: Arc<dyn Observer>) -> Self {
        Self { observer, ..self }
    }

    /// Begins to watch the wire, if there is one and this run is to be watched.
    fn watched(
        &self,
        scenario: &Scenario,
        server: &SockAddr,
        start: Instant,
        shown: &str,
    ) -> Result<Option<Watched>, RunError> {
        let (Some((wire, all)), Some(server)) = (&self.wire, server.as_socket()) else {
            return Ok(None);
        };
        if !all && scenario.script.wire.is_none() {
            // It takes place as it would if no wire were there to be watched.
            wire.shape(Some(Mtu::LOOPBACK))
                .map_err(failed("MTU for", &shown))?;
            return Ok(None);
        }
        let mtu = wire
            .shape(scenario.mtu)
            .map_err(failed("MTU for", &shown))?;
        let watched = wire.watch(server.port(), start, mtu);
        watched.map(Some).map_err(failed("capture at", &shown))
    }

    /// Starts a run, which goes on by itself.
    ///
    /// # Errors
    /// If the server cannot listen.
    pub fn start(&mut self, scenario: &Scenario) -> Result<Running, RunError> {
        let start = Instant::now();
        let deadline = start + scenario.deadline;
        let recorders = recorders(scenario, start);
        let clients = scenario.clients.len();
        let sides = recorders.iter().map(|recorder| recorder.side).collect();
        let rendezvous = Arc::new(Rendezvous::of(sides, givers(scenario)));
        let (downloads, children) = (downloads::Owner::default(), children::Owner::default());
        let (stored, started) = (downloads.share(), children.share());
        let context = |recorder: &Arc<Recorder>| Context {
            recorder: recorder.clone(),
            rendezvous: rendezvous.clone(),
            kernel: self.kernel,
            deadline,
            downloads: stored.clone(),
            children: started.clone(),
            observer: self.observer.clone(),
        };
        let transport = scenario.transport;
        let before = transport.is_tcp().then(|| self.network.before()).flatten();
        let endpoints =
            Endpoints::of(transport, scenario.port).map_err(failed(TEMPORARY, &transport))?;
        for actor in receivers(scenario) {
            // Made at once: without it there is no run, and the other side would be blamed.
            stored
                .of(actor)
                .map_err(failed(TEMPORARY, &"what is received"))?;
        }
        let (first, then) = before_accept(&scenario.server);
        let (tell, told) = mpsc::channel();
        let at_work = Arc::new(tell);
        let wanted = endpoints.server().map_err(failed(TEMPORARY, &transport))?;
        let mut running = Running {
            record: RunTrace::new(&scenario.script.name, transport),
            endpoints,
            until: deadline + GRACE,
            recorders: Vec::new(),
            told,
            interrupt: self.interrupt.clone(),
            watched: None,
            network: self.network.clone(),
            before,
            _downloads: downloads,
            _children: children,
        };
        let opened = recorders
            .get(clients)
            .map(|record| Listener::open(scenario, &context(record), &first, &wanted));
        let listener = match opened.transpose() {
            Ok(listener) => listener,
            // The record says that the system has no such thing, and nothing else is in it.
            Err(error) if endpoint::is_lacking(transport, &error.error) => {
                running.record = scenario.script.record();
                running.record.address = endpoint::name(&wanted);
                running.recorders = recorders;
                return Ok(running);
            }
            Err(error) => return Err(error),
        };
        let address = listener
            .as_ref()
            .map_or(wanted, |listener| listener.address().clone());
        let shown = endpoint::name(&address);
        // From here on a client can be there, and its packets.
        running.watched = self.watched(scenario, &address, start, &shown)?;
        let server = listener.map(|listener| {
            let ctx = context(&recorders[clients]);
            if transport.has_connections() {
                return Actor::new(ctx, address.clone(), Some(listener), None);
            }
            Actor::new(ctx, address.clone(), None, listener.into_connection())
        });
        let mut client_actors = Vec::new();
        for (i, recorder) in recorders[..clients].iter().enumerate() {
            let connection = client(transport, &running.endpoints, i + 1, &address, recorder)
                .map_err(failed("socket for", &shown))?;
            client_actors.push(Actor::new(
                context(recorder),
                address.clone(),
                None,
                Some(connection),
            ));
        }

        self.interrupt.now_ends(&at_work);
        let mut give = |name: &str, actor: Actor, steps: &[Planned]| {
            let steps = steps.to_vec();
            // One that panics never lets go: it has not ended, and the deadline says so.
            let at_work = ManuallyDrop::new(at_work.clone());
            let over = move || drop(ManuallyDrop::into_inner(at_work));
            self.workers
                .give(name, move || actor.act(&steps), over)
                .map_err(failed("thread for", &shown))
        };
        if let Some(server) = server {
            give(SERVER, server, then)?;
        }
        for (i, (client, steps)) in client_actors.into_iter().zip(&scenario.clients).enumerate() {
            give(&client_name(i), client, steps)?;
        }
        running.recorders = recorders;
        // Nobody waits for this: the run goes on.
        running.record = RunTrace {
            address: shown,
            ..scenario.script.record()
        };
        Ok(running)
    }
}

const SERVER: &str = "lab-server";

fn client_name(i: usize) -> String {
    format!("lab-client-{}", i + 1)
}

/// A recorder for each actor: the clients are the first, the server is the last. A side that is
/// elsewhere has none.
fn recorders(scenario: &Scenario, start: Instant) -> Vec<Arc<Recorder>> {
    let clients = scenario.clients.iter().map(|_| Side::Client);
    let has_server = scenario.script.elsewhere() != Some(Side::Server);
    let sides = clients.chain(has_server.then_some(Side::Server));
    sides
        .enumerate()
        .map(|(actor, side)| Arc::new(Recorder::new(side, actor, start)))
        .collect()
}

/// Which actors give each signal; they are numbered as their recorders are.
fn givers(scenario: &Scenario) -> HashMap<String, Vec<usize>> {
    let mut givers: HashMap<String, Vec<usize>> = HashMap::new();
    let all = scenario.clients.iter().chain([&scenario.server]);
    for (actor, steps) in all.enumerate() {
        for step in steps {
            if let Op::Signal(name) = &step.op {
                givers.entry(name.clone()).or_default().push(actor);
            }
        }
    }
    givers
}

/// Which actors receive files.
fn receivers(scenario: &Scenario) -> impl Iterator<Item = usize> {
    let all = scenario.clients.iter().chain([&scenario.server]);
    let receives = |steps: &[Planned]| steps.iter().any(|it| matches!(it.op, Op::RecvFile(_)));
    let found = all.enumerate().filter(move |(_, steps)| receives(steps));
    found.map(|(actor, _)| actor)
}

/// What the server sets before it accepts holds for the listener, and is done before any client is
/// there. Then the rest of its steps.
fn before_accept(steps: &[Planned]) -> (Vec<file::Options>, &[Planned]) {
    let first: Vec<_> = steps.iter().map_while(Planned::sets).copied().collect();
    let then = &steps[first.len()..];
    (first, then)
}

/// A client's socket, with an address where it needs one before it is connected.
fn client(
    transport: Transport,
    endpoints: &Endpoints,
    number: usize,
    server: &SockAddr,
    recorder: &Recorder,
) -> io::Result<Connection> {
    let socket = endpoint::socket(transport)?;
    if let Some(own) = endpoints.client(number) {
        socket.bind(&own?)?;
        recorder.has_address(&socket.local_addr()?);
    }
    let peer = (!transport.has_connections()).then(|| server.clone());
    let own = peer.is_some().then(|| socket.local_addr()).transpose()?;
    Ok(Connection::new(socket, transport, peer, own.as_ref()))
}
