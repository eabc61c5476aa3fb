//! Where the actors of a run meet: signals, and how much each has written and read.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use crate::event::Side;

/// Shared by the threads of a run.
pub(super) struct Rendezvous {
    state: Mutex<State>,
    changed: Condvar,
    /// How many actors there are.
    actors: usize,
}

/// A connection, by the address of its client's end: both ends know it.
pub(super) type ClientName = Arc<str>;

#[derive(Default)]
pub(super) struct State {
    signals: BTreeSet<String>,
    read: HashMap<(Side, ClientName), u64>,
    sent: HashMap<Side, u64>,
    messages: HashMap<Side, usize>,
    ended: BTreeSet<usize>,
    out_of_time: BTreeSet<usize>,
    /// How many threads wait for a change: without any, the kernel need not be called.
    waiting: usize,
}

/// How a wait ended.
#[derive(Debug, PartialEq)]
pub(super) enum Met {
    /// What was waited for is so.
    Yes,
    /// All others ended without it.
    PeerEnded,
    /// The deadline passed.
    Deadline,
}

impl State {
    /// Whether anyone has come to the `signal` of this name.
    pub(super) fn signalled(&self, name: &str) -> bool {
        self.signals.contains(name)
    }

    /// Bytes that this side's reads have returned on a connection.
    pub(super) fn read(&self, side: Side, client: &ClientName) -> u64 {
        let key = (side, client.clone());
        self.read.get(&key).copied().unwrap_or(0)
    }

    /// Datagrams that this side has sent.
    pub(super) fn sent(&self, side: Side) -> u64 {
        self.sent.get(&side).copied().unwrap_or(0)
    }
}

impl Rendezvous {
    pub(super) fn of(actors: usize) -> Self {
        Self {
            state: Mutex::default(),
            changed: Condvar::new(),
            actors,
        }
    }

    fn change<T>(&self, what: impl FnOnce(&mut State) -> T) -> T {
        let mut state = self.look();
        let result = what(&mut state);
        if state.waiting > 0 {
            self.changed.notify_all();
        }
        result
    }

    /// Waits for an answer that the state gives, until this time.
    fn until<T>(&self, latest: Instant, answer: impl Fn(&State) -> Option<T>) -> Option<T> {
        let mut state = self.look();
        state.waiting += 1;
        let left = latest.saturating_duration_since(Instant::now());
        let waits = |state: &mut State| answer(state).is_none();
        let waited = self.changed.wait_timeout_while(state, left, waits);
        let (mut state, _) = waited.unwrap_or_else(PoisonError::into_inner);
        state.waiting -= 1;
        answer(&state)
    }

    /// The state as it is now.
    pub(super) fn look(&self) -> MutexGuard<'_, State> {
        // No code panics while it holds the lock, and the state is whole after each change.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn signal(&self, name: &str) {
        self.change(|state| state.signals.insert(name.into()));
    }

    pub(super) fn has_read(&self, side: Side, client: &ClientName, bytes: u64) {
        let key = (side, client.clone());
        self.change(|state| *state.read.entry(key).or_default() += bytes);
    }

    pub(super) fn has_sent_datagram(&self, side: Side) {
        self.change(|state| *state.sent.entry(side).or_default() += 1);
    }

    pub(super) fn has_ended(&self, actor: usize) {
        self.change(|state| state.ended.insert(actor));
    }

    /// The place of the next message among this side's messages.
    pub(super) fn next_message(&self, side: Side) -> usize {
        self.change(|state| {
            let next = state.messages.entry(side).or_default();
            *next += 1;
            *next - 1
        })
    }

    /// Waits until all others are out of time as well, or have ended, but not past `latest`.
    pub(super) fn is_out_of_time(&self, me: usize, latest: Instant) {
        self.change(|state| state.out_of_time.insert(me));
        self.until(latest, |state| {
            let gone = |actor| state.out_of_time.contains(&actor) || state.ended.contains(&actor);
            (0..self.actors).all(gone).then_some(())
        });
    }

    /// Waits until `so`, for as long as others can still bring it about.
    pub(super) fn wait(&self, me: usize, deadline: Instant, so: impl Fn(&State) -> bool) -> Met {
        let over = |state: &State| {
            if so(state) {
                return Some(Met::Yes);
            }
            let mut others = (0..self.actors).filter(|actor| *actor != me);
            let all_ended = others.all(|actor| state.ended.contains(&actor));
            all_ended.then_some(Met::PeerEnded)
        };
        self.until(deadline, over).unwrap_or(Met::Deadline)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_wait_ends_in_one_of_three_ways() {
        let rendezvous = Rendezvous::of(3);
        let soon = || Instant::now() + Duration::from_millis(20);
        let go = |state: &State| state.signalled("go");
        assert_eq!(rendezvous.wait(0, soon(), go), Met::Deadline);
        std::thread::scope(|scope| {
            scope.spawn(|| rendezvous.signal("go"));
            let long = Instant::now() + Duration::from_secs(60);
            assert_eq!(rendezvous.wait(0, long, go), Met::Yes);
        });
        let read = |state: &State| state.read(Side::Server, &"127.0.0.1:7".into()) > 0;
        rendezvous.has_ended(1);
        let waited = rendezvous.wait(0, soon(), read);
        assert_eq!(waited, Met::Deadline, "one is still there");
        rendezvous.has_ended(2);
        let waited = rendezvous.wait(0, soon(), go);
        assert_eq!(waited, Met::Yes, "what was given stays given");
        assert_eq!(rendezvous.wait(0, soon(), read), Met::PeerEnded);
    }
}
