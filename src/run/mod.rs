//! Runs scenarios on real sockets: listener first, then a named thread for each actor, then the
//! record.
//!
//! Nothing here judges or prints. Everything that happens on a socket goes through the recorder;
//! what comes out is a [`RunTrace`].

mod actor;
mod connection;
mod crew;
mod downloads;
mod kernel;
mod meeting;
mod progress;
mod recorder;

use std::fmt;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::time::{Duration, Instant};

use socket2::{Domain, Protocol, Socket, Type};

pub use kernel::Kernel;
pub use progress::{Observer, Progress};

use crate::event::{Action, DEADLINE, INTERRUPTED, RunTrace, Side};
use crate::lab::file::{self, Transport};
use crate::scenario::{Scenario, Step};
use actor::Actor;
use connection::{Connection, Context};
use crew::Crew;
use downloads::Owner;
use meeting::Meeting;
use progress::Nobody;
use recorder::{Recorder, merge};

/// A run that could not begin.
#[derive(Debug)]
pub struct RunError {
    /// The operation, such as `bind`.
    pub operation: &'static str,
    /// On which address.
    pub address: SocketAddr,
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
    tell: Option<mpsc::Sender<Note>>,
}

impl Interrupt {
    fn lock(&self) -> std::sync::MutexGuard<'_, Pressed> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Ends the run in progress.
    pub fn press(&self) {
        let mut state = self.lock();
        state.pressed = true;
        if let Some(run) = &state.tell {
            // A run that is over no longer listens, and need not.
            let _ = run.send(Note::Interrupted);
        }
    }

    /// Whether it was pressed.
    pub fn is_pressed(&self) -> bool {
        self.lock().pressed
    }
}

/// What the main thread is told while it waits.
enum Note {
    Ended,
    Interrupted,
}

const SERVER: &str = "lab-server";

fn client_name(i: usize) -> String {
    format!("lab-client-{}", i + 1)
}

/// Where runs take place, one after the other.
pub struct Stage {
    kernel: Kernel,
    interrupt: Arc<Interrupt>,
    observer: Arc<dyn Observer>,
    crew: Crew,
}

/// A run under way.
pub struct Running {
    script: file::Run,
    address: SocketAddr,
    until: Instant,
    recorders: Vec<Arc<Recorder>>,
    notes: mpsc::Receiver<Note>,
    interrupt: Arc<Interrupt>,
    /// What was received is gone when the run is over, or given up.
    _downloads: Owner,
}

impl Stage {
    /// A stage where `interrupt` ends the run that is under way.
    #[must_use]
    pub fn new(kernel: Kernel, interrupt: Arc<Interrupt>) -> Self {
        let mut crew = Crew::default();
        // Every run has these two: they can start while the first one is being planned. What
        // keeps them from starting now is reported when they are given their parts.
        let _ = crew
            .ready(SERVER)
            .and_then(|()| crew.ready(&client_name(0)));
        Self {
            kernel,
            interrupt,
            observer: Arc::new(Nobody),
            crew,
        }
    }

    /// The same, with somebody who is told how far file transfers are.
    #[must_use]
    pub fn observed_by(self, observer: Arc<dyn Observer>) -> Self {
        Self { observer, ..self }
    }

    /// Starts a run, which goes on by itself.
    ///
    /// # Errors
    /// If the server cannot listen.
    pub fn start(&mut self, scenario: &Scenario) -> Result<Running, RunError> {
        let start = Instant::now();
        let deadline = start + scenario.deadline;
        // The clients are the first actors, the server is the last.
        let actors = scenario.clients.len() + 1;
        let meeting = Arc::new(Meeting::of(actors));
        let downloads = Owner::default();
        let context = |recorder: &Arc<Recorder>| Context {
            recorder: recorder.clone(),
            meeting: meeting.clone(),
            kernel: self.kernel,
            deadline,
            downloads: downloads.share(),
            observer: self.observer.clone(),
        };
        let recorder = |actor| {
            let side = if actor + 1 == actors {
                Side::Server
            } else {
                Side::Client
            };
            Arc::new(Recorder::new(side, actor, start))
        };
        let recorders: Vec<Arc<Recorder>> = (0..actors).map(recorder).collect();
        let server_record = &recorders[actors - 1];

        // What the server sets before it accepts holds for the listener, and is done before any
        // client is there.
        let before = scenario
            .server
            .iter()
            .take_while(|step| matches!(step, Step::Set(_)))
            .count();
        let (first, then) = scenario.server.split_at(before);
        let (listener, address) = listen(scenario, &context(server_record), first)?;
        let server = match scenario.transport {
            Transport::Tcp => Actor::new(context(server_record), address, Some(listener), None),
            Transport::Udp => {
                let connection = Connection::new(listener, Transport::Udp, None);
                Actor::new(context(server_record), address, None, Some(connection))
            }
        };
        let mut clients = Vec::new();
        for recorder in &recorders[..actors - 1] {
            let connection = client(scenario.transport, address).map_err(|error| RunError {
                operation: "socket for",
                address,
                error,
            })?;
            clients.push(Actor::new(
                context(recorder),
                address,
                None,
                Some(connection),
            ));
        }

        let (tell, notes) = mpsc::channel();
        self.interrupt.lock().tell = Some(tell.clone());
        let mut give = |name: &str, actor: Actor, steps: &[Step]| {
            let (steps, tell) = (steps.to_vec(), tell.clone());
            let part = move || {
                actor.act(&steps);
                // The main thread may have left at the deadline.
                let _ = tell.send(Note::Ended);
            };
            self.crew.give(name, part).map_err(|error| RunError {
                operation: "thread for",
                address,
                error,
            })
        };
        give(SERVER, server, then)?;
        for (i, (client, steps)) in clients.into_iter().zip(&scenario.clients).enumerate() {
            give(&client_name(i), client, steps)?;
        }
        Ok(Running {
            script: scenario.script.clone(),
            address,
            until: deadline + GRACE,
            recorders,
            notes,
            interrupt: self.interrupt.clone(),
            _downloads: downloads,
        })
    }
}

impl Running {
    /// Waits for the run's end, its deadline, or an interrupt, whichever comes first.
    #[must_use]
    pub fn finish(self) -> RunTrace {
        let actors = self.recorders.len();
        let unfinished = wait(&self.notes, actors, &self.interrupt, self.until);
        self.interrupt.lock().tell = None;
        let records = self.recorders.iter();
        RunTrace {
            script: self.script,
            address: self.address.to_string(),
            interrupted: unfinished == INTERRUPTED,
            events: merge(records.map(|recorder| recorder.take(unfinished))),
        }
    }
}

/// Waits for all threads; returns why a call that is still under way did not come back.
fn wait(
    notes: &mpsc::Receiver<Note>,
    actors: usize,
    interrupt: &Interrupt,
    until: Instant,
) -> &'static str {
    let mut running = actors;
    while running > 0 && !interrupt.is_pressed() {
        match notes.recv_timeout(until.saturating_duration_since(Instant::now())) {
            Ok(Note::Ended) => running -= 1,
            Ok(Note::Interrupted) => return INTERRUPTED,
            Err(_) => return DEADLINE,
        }
    }
    if interrupt.is_pressed() {
        INTERRUPTED
    } else {
        DEADLINE
    }
}

fn client(transport: Transport, server: SocketAddr) -> io::Result<Connection> {
    let socket = socket(transport)?;
    if transport == Transport::Udp {
        socket.bind(&SocketAddr::from((Ipv4Addr::LOCALHOST, 0)).into())?;
        return Connection::datagrams(socket, server);
    }
    Ok(Connection::new(socket, transport, None))
}

fn socket(transport: Transport) -> io::Result<Socket> {
    let (kind, protocol) = match transport {
        Transport::Tcp => (Type::STREAM, Protocol::TCP),
        Transport::Udp => (Type::DGRAM, Protocol::UDP),
    };
    Socket::new(Domain::IPV4, kind, Some(protocol))
}

/// The server's socket, ready for the client, and the address that it got.
fn listen(
    scenario: &Scenario,
    ctx: &Context,
    options: &[Step],
) -> Result<(Socket, SocketAddr), RunError> {
    let wanted = SocketAddr::from((Ipv4Addr::LOCALHOST, scenario.port));
    let fail = |operation| {
        move |error| RunError {
            operation,
            address: wanted,
            error,
        }
    };
    let socket = socket(scenario.transport).map_err(fail("socket for"))?;
    let mut unbound = Connection::new(socket, scenario.transport, None);
    for step in options {
        if let Step::Set(options) = step {
            unbound.set(ctx, options).map_err(fail("setsockopt on"))?;
        }
    }
    let socket = unbound.into_socket();
    ctx.call(
        Action::Bind {
            address: wanted.to_string(),
        },
        || {
            socket.bind(&wanted.into())?;
            socket.local_addr()
        },
        |action, given| {
            if let (Action::Bind { address }, Some(given)) = (action, given.as_socket()) {
                *address = given.to_string();
            }
        },
    )
    .map_err(fail("bind"))?;
    let got = socket
        .local_addr()
        .map_err(fail("getsockname of"))?
        .as_socket()
        .unwrap_or(wanted);
    match scenario.transport {
        Transport::Udp => ctx.kernel.ask_for_reports(&socket, false),
        Transport::Tcp => {
            let backlog = scenario.backlog;
            ctx.call(
                Action::Listen { backlog },
                || socket.listen(backlog.cast_signed()),
                |_, ()| (),
            )
            .map_err(fail("listen on"))?;
        }
    }
    Ok((socket, got))
}
