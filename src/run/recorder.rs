//! The recorder: every socket call goes through it, and each is stamped at call and at return.

use std::collections::HashMap;
use std::io;
use std::mem;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use socket2::SockAddr;

use super::endpoint;
use crate::event::{
    Action, Bytes, Event, RECORD_FULL, Read, ReceiverState, SenderState, Side, Stamp, Write,
};
use crate::scenario::MAX_BYTES;

/// An event with the stamps that it is ordered by.
pub(super) struct Stamped {
    /// The actor's how-manieth connection this was.
    connection: usize,
    call_ns: u64,
    return_ns: u64,
    /// The event, its place and its times still to be filled in.
    event: Event,
}

/// What the kernel says after a call.
#[derive(Default)]
pub(super) struct Told {
    pub(super) kernel: Option<SenderState>,
    pub(super) arrived: Option<ReceiverState>,
    pub(super) stamps: Vec<Stamp>,
}

/// One side's record of a run. The side writes it; the main thread reads it when the run is over,
/// or when it has to be cut short.
pub(super) struct Recorder {
    pub(super) side: Side,
    /// The actor's number in the run.
    pub(super) actor: usize,
    pub(super) start: Instant,
    log: Mutex<Log>,
    most: Most,
}

/// The most that the record of a side takes. What would add bytes to it beyond that is not done: so a
/// peer that never stops, in another program, takes no more memory than this, and what was read is
/// all known. So does a script that makes something of a large message again and again.
#[derive(Clone, Copy)]
struct Most {
    bytes: usize,
    calls: usize,
}

impl Most {
    /// As many bytes as the sides of a lab may send in all, so that only what no lab sends is too
    /// many; and calls that take about as much memory.
    const USUAL: Self = Self {
        bytes: MAX_BYTES,
        calls: 1_000_000,
    };
}

#[derive(Default)]
struct Log {
    done: Vec<Stamped>,
    /// How many bytes are in it.
    bytes: usize,
    /// The call under way: what a report of who waited for what is made of.
    current: Option<(u64, Action)>,
    /// Where in `done` calls began of which only the first and last few are kept, if any did.
    fold: Option<usize>,
    /// How many connections this actor has accepted.
    accepted: usize,
    /// The address that a client has, once it is known, and its port.
    address: Option<(String, Option<u16>)>,
    /// Set when the record was taken away: a thread that comes back late writes nothing more.
    closed: bool,
}

/// How many calls of a kind are kept at the start of a file transfer, and how many at its end.
const KEPT: (usize, usize) = (2, 2);

impl Log {
    /// Of the calls like the last one since the transfer began, folds the one that is no longer
    /// among the last few into the event in the middle, so that the record has a bound.
    fn fold_last(&mut self) {
        let (Some(start), Some(last)) = (self.fold, self.done.last()) else {
            return;
        };
        let kind = mem::discriminant(&last.event.action);
        let alike: Vec<usize> = (start..self.done.len())
            .filter(|i| mem::discriminant(&self.done[*i].event.action) == kind)
            .collect();
        if alike.len() > KEPT.0 + 1 + KEPT.1 {
            let next = self.done.remove(alike[KEPT.0 + 1]);
            let own = &mut self.done[alike[KEPT.0]];
            let before = own.bytes() + next.bytes();
            own.absorb(next);
            self.bytes -= before - own.bytes();
        }
    }

    fn is_full(&self, most: Most) -> bool {
        self.bytes > most.bytes || self.done.len() >= most.calls
    }
}

fn nanoseconds(start: Instant) -> u64 {
    u64::try_from(start.elapsed().as_nanos()).unwrap_or(u64::MAX)
}

impl Recorder {
    pub(super) fn new(side: Side, actor: usize, start: Instant) -> Self {
        Self {
            side,
            actor,
            start,
            log: Mutex::default(),
            most: Most::USUAL,
        }
    }

    fn log(&self) -> MutexGuard<'_, Log> {
        // Each change to the log is a single push or swap, so it is whole even after a panic.
        self.log.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Stamps the call, makes it, stamps its return. `finish` puts into the action what came
    /// back; `ask` then asks the kernel, after the stamp, so that asking costs the call nothing.
    pub(super) fn call<T>(
        &self,
        action: Action,
        make: impl FnOnce() -> io::Result<T>,
        finish: impl FnOnce(&mut Action, &io::Result<T>),
        ask: impl FnOnce() -> Told,
        name_error: impl FnOnce(&io::Error) -> String,
    ) -> io::Result<T> {
        let grows = action.bytes().is_some();
        let (call_ns, is_full) = {
            let mut log = self.log();
            let is_full = grows && log.is_full(self.most);
            let now = nanoseconds(self.start);
            log.current = Some((now, action));
            (now, is_full)
        };
        let result = if is_full {
            Err(io::Error::other(RECORD_FULL))
        } else {
            make()
        };
        let return_ns = nanoseconds(self.start);
        let told = ask();
        let mut log = self.log();
        if let Some((_, mut action)) = log.current.take()
            && !log.closed
        {
            finish(&mut action, &result);
            let error = result.as_ref().err().map(name_error);
            if result.is_ok() && matches!(action, Action::Accept { .. }) {
                log.accepted += 1;
            }
            let mut stamped = self.stamp(&log, call_ns, return_ns, action);
            stamped.event.error = error;
            stamped.event.kernel = told.kernel.map(Box::new);
            stamped.event.arrived = told.arrived.map(Box::new);
            stamped.event.stamps = told.stamps;
            log.bytes += stamped.bytes();
            log.done.push(stamped);
            log.fold_last();
        }
        result
    }

    /// Notes the address of a client's own socket.
    pub(super) fn has_address(&self, own: &SockAddr) {
        let port = own.as_socket().map(|own| own.port());
        self.log().address = Some((endpoint::name(own), port));
    }

    /// The port that a client's packets come from; none for the server, who shares one with all.
    pub(super) fn port(&self) -> Option<u16> {
        self.log().address.as_ref()?.1
    }

    pub(super) fn is_client(&self) -> bool {
        self.side == Side::Client
    }

    /// A client's address, with the number of its connection.
    pub(super) fn own_address(&self) -> Option<(String, u32)> {
        let (own, _) = self.log().address.clone()?;
        Some((own, u32::try_from(self.actor + 1).unwrap_or(u32::MAX)))
    }

    /// From here on, or no longer, only the first and last few calls of a kind are kept each by
    /// itself; those between become one event.
    pub(super) fn fold(&self, on: bool) {
        let mut log = self.log();
        log.fold = on.then_some(log.done.len());
    }

    fn stamp(&self, log: &Log, call_ns: u64, return_ns: u64, action: Action) -> Stamped {
        let connection = match self.side {
            Side::Client => self.actor + 1,
            Side::Server => log.accepted,
        };
        let event = Event {
            seq: 0,
            side: self.side,
            conn: 1,
            calls: 1,
            call_us: call_ns / 1000,
            return_us: return_ns / 1000,
            action,
            kernel: None,
            arrived: None,
            stamps: Vec::new(),
            error: None,
        };
        Stamped {
            connection,
            call_ns,
            return_ns,
            event,
        }
    }

    /// Takes the record away. A call still under way is in it, with `unfinished` as its error.
    pub(super) fn take(&self, unfinished: &str) -> Vec<Stamped> {
        let mut log = self.log();
        log.closed = true;
        let mut events = mem::take(&mut log.done);
        if let Some((call_ns, action)) = log.current.take() {
            let mut stamped = self.stamp(&log, call_ns, nanoseconds(self.start), action);
            stamped.event.error = Some(unfinished.into());
            events.push(stamped);
        }
        events
    }
}

impl Stamped {
    /// How many bytes it holds.
    fn bytes(&self) -> usize {
        self.event.action.bytes().map_or(0, |held| held.0.len())
    }

    /// Takes in the call that came next. What it moved is counted, its bytes are let go.
    fn absorb(&mut self, next: Self) {
        let (own, after) = (&mut self.event, next.event);
        self.return_ns = next.return_ns;
        own.return_us = after.return_us;
        own.calls += after.calls;
        // Of these the last one's are enough: each tells how it is then, and not what is new.
        own.kernel = after.kernel;
        own.arrived = after.arrived;
        own.stamps = after.stamps;
        match (&mut own.action, after.action) {
            (Action::Send(all), Action::Send(write)) => {
                all.returned = sum(all.returned, write.returned);
                all.hex = Bytes::default();
            }
            (Action::Recv(all), Action::Recv(read)) => {
                all.returned = sum(all.returned, read.returned);
                all.hex = Bytes::default();
                all.left = read.left;
                all.decoder = read.decoder;
            }
            // Of any other call only the number matters.
            _ => {}
        }
    }

    /// The time from which the call counts.
    fn effect_ns(&self) -> u64 {
        if Event::counts_from_return(&self.event.action) {
            self.return_ns
        } else {
            self.call_ns
        }
    }
}

fn sum(a: Option<u64>, b: Option<u64>) -> Option<u64> {
    Some(a?.saturating_add(b?))
}

/// Whose address is whose.
pub(super) struct Clients {
    /// Where the server is.
    pub(super) server: String,
    /// How many clients are ours.
    pub(super) ours: usize,
    /// Where they are, each with the number of its connection; one that has not come back from
    /// its connect is not yet among them.
    pub(super) own: HashMap<String, u32>,
}

impl Clients {
    /// Whose an address is; 0 is nobody of this run.
    fn number(&self, peer: &String) -> u32 {
        // An unknown one may be that of a client whose own is not known yet.
        let nobody = u32::from(self.own.len() < self.ours);
        self.own.get(peer).copied().unwrap_or(nobody)
    }

    /// Whose datagram a call moved, by the address that it names, where that says more than whose
    /// call it was.
    fn of_datagram(&self, event: &Event) -> Option<u32> {
        let (Action::Recvfrom(Read { peer, .. }) | Action::Sendto(Write { peer, .. })) =
            &event.action
        else {
            return None;
        };
        let peer = peer.as_ref()?;
        match event.side {
            Side::Server => Some(self.number(peer)),
            Side::Client if *peer == self.server => None,
            Side::Client => Some(0),
        }
    }

    /// Whose connection each `accept` gave, in order: the client whose own address it returned.
    /// Where no client is ours, each connection is the next one.
    fn accepted(&self, events: &[Stamped]) -> Vec<u32> {
        let accepted = events
            .iter()
            .filter_map(|stamped| match &stamped.event.action {
                Action::Accept { peer } if stamped.event.error.is_none() => Some(peer),
                _ => None,
            });
        (1..)
            .zip(accepted)
            .map(|(number, peer)| match self.ours {
                0 => number,
                _ => self.number(peer),
            })
            .collect()
    }
}

/// Puts the records of all actors into one order.
pub(super) fn merge(
    records: impl IntoIterator<Item = Vec<Stamped>>,
    clients: &Clients,
) -> Vec<Event> {
    let mut all: Vec<Stamped> = records.into_iter().flatten().collect();
    // The sort is stable, and each actor's own calls follow one another, so no actor's order
    // changes.
    all.sort_by_key(Stamped::effect_ns);
    let accepted = clients.accepted(&all);
    (0..)
        .zip(all)
        .map(|(seq, stamped)| {
            let conn = match (stamped.event.side, stamped.connection) {
                (Side::Client, connection) => u32::try_from(connection).unwrap_or(u32::MAX),
                // Before the first accept there is but one, and over datagrams only they say whose
                // they are.
                (Side::Server, 0) => 1,
                (Side::Server, number) => accepted.get(number - 1).copied().unwrap_or(1),
            };
            Event {
                seq,
                conn: clients.of_datagram(&stamped.event).unwrap_or(conn),
                ..stamped.event
            }
        })
        .collect()
}

#[cfg(test)]
mod tests;
