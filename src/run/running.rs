//! A run under way, until it is over.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Instant;

use super::endpoint::Endpoints;
use super::interrupt::{Interrupt, Interrupted};
use super::kernel::Sent;
use super::network::Network;
use super::recorder::{Clients, Recorder, merge};
use super::wire::Watched;
use super::{children, downloads};
use crate::event::{DEADLINE, INTERRUPTED, Retransmitted, RunTrace};

/// A run under way.
pub struct Running {
    /// What is known of it before anything has happened.
    pub(super) record: RunTrace,
    /// The paths of its sockets, which stay until it is over.
    pub(super) endpoints: Endpoints,
    pub(super) until: Instant,
    pub(super) recorders: Vec<Arc<Recorder>>,
    pub(super) told: Receiver<Interrupted>,
    pub(super) interrupt: Arc<Interrupt>,
    pub(super) watched: Option<Watched>,
    pub(super) network: Network,
    /// What TCP had sent before it began.
    pub(super) before: Option<Sent>,
    /// What was received is gone when the run is over, or given up.
    pub(super) _downloads: downloads::Owner,
    /// So is what was started.
    pub(super) _children: children::Owner,
}

impl Running {
    /// Where the server listens, or is to be.
    pub fn address(&self) -> &str {
        &self.record.address
    }

    /// Waits for the run's end, its deadline, or an interrupt, whichever comes first.
    pub fn finish(self) -> RunTrace {
        let (unfinished, ended) = wait(&self.told, &self.interrupt, self.until);
        let records = self.recorders.iter();
        let ours = records.clone().filter(|recorder| recorder.is_client());
        let clients = Clients {
            server: self.record.address.clone(),
            ours: ours.clone().count(),
            own: ours.filter_map(|client| client.own_address()).collect(),
        };
        let events = merge(records.map(|recorder| recorder.take(unfinished)), &clients);
        let whose = |port| {
            let at = |recorder: &&Arc<Recorder>| recorder.port() == Some(port);
            let recorder = self.recorders.iter().find(at)?;
            u32::try_from(recorder.actor + 1).ok()
        };
        let record = RunTrace {
            interrupted: unfinished == INTERRUPTED,
            events,
            ..self.record
        };
        // What is sent from here on nobody of the record can have read.
        let retransmitted = self.before.and_then(|before| {
            // Reading it takes as long as ten calls; where nothing can follow nobody asks.
            if record.is_all_acknowledged() {
                return None;
            }
            let after = self.network.now()?;
            // A kernel that counts none at all says nothing by saying that none was sent again.
            (after.all > before.all).then_some(Retransmitted {
                before: before.again,
                after: after.again,
            })
        });
        let captured = self.watched.map(|watched| watched.take(ended, whose));
        let (capture, packets) = captured.unzip();
        RunTrace {
            retransmitted,
            capture,
            packets: packets.unwrap_or_default(),
            ..record
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
