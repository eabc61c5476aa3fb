//! Runs scenarios on real sockets: listener first, then a named thread for each actor, then the
//! record.
//!
//! Nothing here judges or prints. Everything that happens on a socket goes through the recorder;
//! what comes out is a [`RunTrace`].

mod actor;
mod connection;
mod context;
mod downloads;
mod endpoint;
mod kernel;
mod listener;
mod load;
mod process;
mod progress;
mod recorder;
mod rendezvous;
mod wire;
mod workers;

use std::fmt;
use std::io;
use std::mem::ManuallyDrop;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::{Duration, Instant};

use socket2::SockAddr;

pub use kernel::Kernel;
pub use load::Load;
pub use progress::{Observer, Progress};
pub use wire::{Forbidden, Keep, Wire};

use crate::event::{DEADLINE, INTERRUPTED, Mtu, RunTrace, Side, Transport};
use crate::lab::file;
use crate::scenario::{Planned, Scenario};
use crate::wire::Frame;
use actor::Actor;
use connection::Connection;
use context::Context;
use downloads::Owner;
use endpoint::Endpoints;
use listener::Listener;
use progress::Nobody;
use recorder::{Recorder, merge};
use rendezvous::Rendezvous;
use wire::Began;
use workers::Workers;

/// A run that could not begin.
#[derive(Debug)]
pub struct RunError {
    /// The operation, such as `bind`.
    pub operation: &'static str,
    /// On which address.
    pub address: String,
    /// What the system said.
    pub error: io::Error,
}

impl fmt::Display for RunError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: {}", self.operation, self.address, self.error)
    }
}

impl std::error::Error for RunError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.error)
    }
}

/// How long a thread may take beyond the deadline to come back from a call whose timeout has
/// passed, before the run is reported without it.
const GRACE: Duration = Duration::from_millis(500);

/// Ctrl-C, as the run in progress gets to know of it.
#[derive(Default)]
pub struct Interrupt(Mutex<Pressed>);

#[derive(Default)]
struct Pressed {
    pressed: bool,
    run: Weak<Sender<Interrupted>>,
}

impl Interrupt {
    fn lock(&self) -> std::sync::MutexGuard<'_, Pressed> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Ends the run in progress.
    pub fn press(&self) {
        let mut state = self.lock();
        state.pressed = true;
        if let Some(run) = state.run.upgrade() {
            // A run that was given up no longer listens, and need not.
            let _ = run.send(Interrupted);
        }
    }

    /// Whether it was pressed.
    pub fn is_pressed(&self) -> bool {
        self.lock().pressed
    }
}

/// What the main thread is told while it waits. Every actor has a hand on the sender for as long as
/// it is at work, so that nobody has to be told of their ends: the last one closes the channel.
struct Interrupted;

const SERVER: &str = "lab-server";

fn client_name(i: usize) -> String {
    format!("lab-client-{}", i + 1)
}

/// Runs scenarios, one after the other, on threads that it keeps.
pub struct Runner {
    kernel: Kernel,
    interrupt: Arc<Interrupt>,
    observer: Arc<dyn Observer>,
    workers: Workers,
    /// The wire, and whether all runs are watched or only those that ask for it.
    wire: Option<(Arc<Wire>, bool)>,
}

/// A run under way.
pub struct Running {
    /// What is known of it before anything has happened.
    record: RunTrace,
    /// The paths of its sockets, which stay until it is over.
    endpoints: Endpoints,
    until: Instant,
    recorders: Vec<Arc<Recorder>>,
    told: Receiver<Interrupted>,
    interrupt: Arc<Interrupt>,
    watched: Option<Watched>,
    /// What was received is gone when the run is over, or given up.
    _downloads: Owner,
}

/// A run whose wire is watched.
struct Watched {
    wire: Arc<Wire>,
    began: Began,
    port: u16,
    mtu: Mtu,
}

impl Runner {
    /// A runner whose run under way ends when `interrupt` is pressed.
    #[must_use]
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
        let port = server.port();
        wire.watch(port).map_err(failed("capture at", &shown))?;
        Ok(Some(Watched {
            wire: wire.clone(),
            began: Began::at(start),
            port,
            mtu,
        }))
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
        let rendezvous = Arc::new(Rendezvous::of(recorders.len()));
        let downloads = Owner::default();
        let stored = downloads.share();
        let context = |recorder: &Arc<Recorder>| Context {
            recorder: recorder.clone(),
            rendezvous: rendezvous.clone(),
            kernel: self.kernel,
            deadline,
            downloads: stored.clone(),
            observer: self.observer.clone(),
        };
        let transport = scenario.transport;
        let endpoints = Endpoints::of(transport, scenario.port)
            .map_err(failed("temporary directory for", &transport))?;
        let (first, then) = before_accept(&scenario.server);
        let (tell, told) = mpsc::channel();
        let at_work = Arc::new(tell);
        let wanted = endpoints
            .server()
            .map_err(failed("address for", &transport))?;
        let mut running = Running {
            record: RunTrace {
                address: endpoint::name(&wanted),
                ..scenario.script.record()
            },
            endpoints,
            until: deadline + GRACE,
            recorders: Vec::new(),
            told,
            interrupt: self.interrupt.clone(),
            watched: None,
            _downloads: downloads,
        };
        let opened = recorders
            .get(clients)
            .map(|record| Listener::open(scenario, &context(record), &first, &wanted));
        let listener = match opened.transpose() {
            Ok(listener) => listener,
            // The record says that the system has no such thing, and nothing else is in it.
            Err(error) if endpoint::is_lacking(transport, &error.error) => {
                running.recorders = recorders;
                return Ok(running);
            }
            Err(error) => return Err(error),
        };
        let address = listener
            .as_ref()
            .map_or(wanted, |listener| listener.address().clone());
        running.record.address = endpoint::name(&address);
        let shown = running.record.address.clone();
        // From here on a client can be there, and its packets.
        running.watched = self.watched(scenario, &address, start, &shown)?;
        let server = listener.map(|listener| {
            let ctx = context(&recorders[clients]);
            if transport.has_connections() {
                return Actor::new(ctx, address.clone(), Some(listener), None);
            }
            let bound = listener.into_socket();
            let connection = bound.map(|socket| Connection::new(socket, transport, None));
            Actor::new(ctx, address.clone(), None, connection)
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

        self.interrupt.lock().run = Arc::downgrade(&at_work);
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
        Ok(running)
    }
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

/// What the server sets before it accepts holds for the listener, and is done before any client is
/// there. Then the rest of its steps.
fn before_accept(steps: &[Planned]) -> (Vec<file::Options>, &[Planned]) {
    let first: Vec<_> = steps.iter().map_while(Planned::sets).copied().collect();
    let then = &steps[first.len()..];
    (first, then)
}

impl Running {
    /// Where the server listens, or is to be.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.record.address
    }

    /// Waits for the run's end, its deadline, or an interrupt, whichever comes first.
    #[must_use]
    pub fn finish(self) -> RunTrace {
        let (unfinished, ended) = wait(&self.told, &self.interrupt, self.until);
        let records = self.recorders.iter();
        let events = merge(records.map(|recorder| recorder.take(unfinished)));
        let whose = |port| {
            let at = |recorder: &&Arc<Recorder>| recorder.port() == Some(port);
            let recorder = self.recorders.iter().find(at)?;
            u32::try_from(recorder.actor + 1).ok()
        };
        let captured = self.watched.map(|watched| {
            let Watched {
                wire,
                began,
                port,
                mtu,
            } = watched;
            wire.take(began, port, mtu, ended, whose)
        });
        let (capture, packets) = captured.map_or((None, Vec::new()), |(capture, packets)| {
            (Some(capture), packets)
        });
        RunTrace {
            interrupted: unfinished == INTERRUPTED,
            capture,
            events,
            packets,
            ..self.record
        }
    }
}

/// Waits for all threads; returns why a call that is still under way did not come back, and
/// whether all of them did.
fn wait(
    told: &Receiver<Interrupted>,
    interrupt: &Interrupt,
    until: Instant,
) -> (&'static str, bool) {
    // Pressed before the run began, it was told to nobody.
    if interrupt.is_pressed() {
        return (INTERRUPTED, false);
    }
    match told.recv_timeout(until.saturating_duration_since(Instant::now())) {
        Ok(Interrupted) => (INTERRUPTED, false),
        Err(RecvTimeoutError::Timeout) => (DEADLINE, false),
        Err(RecvTimeoutError::Disconnected) if interrupt.is_pressed() => (INTERRUPTED, false),
        Err(RecvTimeoutError::Disconnected) => (DEADLINE, true),
    }
}

/// The error of an operation, as [`RunError`] has it.
fn failed<'a>(
    operation: &'static str,
    address: &'a impl fmt::Display,
) -> impl FnOnce(io::Error) -> RunError + 'a {
    move |error| RunError {
        operation,
        address: address.to_string(),
        error,
    }
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
        if let Some(own) = socket.local_addr()?.as_socket() {
            recorder.has_port(own.port());
        }
    }
    if transport.has_connections() {
        Ok(Connection::new(socket, transport, None))
    } else {
        Connection::datagrams(socket, transport, server.clone())
    }
}
