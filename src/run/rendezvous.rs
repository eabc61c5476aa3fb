//! Where the actors of a run meet: signals, and how much each has written and read.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use super::kernel::Waker;
use crate::event::Side;

/// Shared by the threads of a run.
pub(super) struct Rendezvous {
    state: Mutex<State>,
    changed: Condvar,
    /// Whose side each actor is on.
    actors: Vec<Side>,
    /// Who gives each signal.
    givers: HashMap<String, Vec<usize>>,
}

/// A connection, by the address of its client's end: both ends know it.
pub(super) type ClientName = Arc<str>;

#[derive(Default)]
pub(super) struct State {
    signals: BTreeSet<String>,
    read: HashMap<(Side, ClientName), u64>,
    /// How many datagrams each side has sent, and each client, or to each.
    sent: HashMap<(Side, Option<ClientName>), u64>,
    /// Ends of connections that are closed.
    closed: HashSet<(Side, ClientName)>,
    /// Who has closed a socket that is for everybody.
    left: BTreeSet<usize>,
    connected: BTreeSet<usize>,
    accepted: usize,
    /// How many had connected and were not accepted when their listener was closed.
    turned_away: usize,
    /// How many datagrams had been sent to a side when all of them were read there, or dropped.
    drained: HashMap<Side, u64>,
    messages: HashMap<Side, usize>,
    ended: BTreeSet<usize>,
    out_of_time: BTreeSet<usize>,
    /// How many threads wait for a change: without any, the kernel need not be called.
    waiting: usize,
    /// Who waits elsewhere, and wants to know of a change.
    asleep: Vec<(usize, Waker)>,
}

/// How a wait ended.
#[derive(Debug, PartialEq)]
pub(super) enum Met {
    /// What was waited for is so.
    Yes,
    /// Whoever could do it ended without.
    PeerEnded,
    /// The deadline passed.
    Deadline,
}

impl State {
    /// Whether anyone has come to the `signal` of this name.
    pub(super) fn signalled(&self, name: &str) -> bool {
        self.signals.contains(name)
    }

    /// What this side's reads have returned on a connection: bytes, or messages where edges are
    /// kept.
    pub(super) fn read(&self, side: Side, client: &ClientName) -> u64 {
        let key = (side, client.clone());
        self.read.get(&key).copied().unwrap_or(0)
    }

    /// Datagrams that this side has sent: all, or only to this client or from it.
    pub(super) fn sent(&self, side: Side, client: Option<&ClientName>) -> u64 {
        let key = (side, client.cloned());
        self.sent.get(&key).copied().unwrap_or(0)
    }

    /// Whether all datagrams that were sent to this side so far are known to be read, or dropped.
    pub(super) fn is_drained(&self, side: Side) -> bool {
        self.drained.get(&side) == Some(&self.sent(side.other(), None))
    }

    /// Whether this end of a connection is closed.
    pub(super) fn is_closed(&self, side: Side, client: &ClientName) -> bool {
        self.closed.contains(&(side, client.clone()))
    }
}

impl Rendezvous {
    /// Of these actors, each by its side, and of those who give each signal.
    pub(super) fn of(actors: Vec<Side>, givers: HashMap<String, Vec<usize>>) -> Self {
        Self {
            state: Mutex::default(),
            changed: Condvar::new(),
            actors,
            givers,
        }
    }

    /// Whether nobody is left on this side who could still read or write.
    pub(super) fn is_gone(&self, state: &State, side: Side) -> bool {
        let mut there = (0..).zip(&self.actors).filter(|(_, own)| **own == side);
        there.all(|(i, _)| state.ended.contains(&i) || state.left.contains(&i))
    }

    /// Whether everybody has ended who would give this signal.
    pub(super) fn is_never_given(&self, state: &State, name: &str) -> bool {
        let mut givers = self.givers.get(name).into_iter().flatten();
        givers.all(|giver| state.ended.contains(giver))
    }

    /// Whether all our clients that could come have come, and have been accepted. One that is not
    /// ours may always come.
    pub(super) fn is_everybody_here(&self, state: &State) -> bool {
        let clients = (0..).zip(&self.actors);
        let clients = clients.filter(|(_, side)| **side == Side::Client);
        let mut clients = clients.map(|(i, _)| i).peekable();
        clients.peek().is_some()
            && clients.all(|i| state.ended.contains(&i) || state.connected.contains(&i))
            && state.connected.len() <= state.accepted + state.turned_away
    }

    /// Wakes somebody who waits elsewhere with each change, as long as what is returned lives.
    pub(super) fn waking(&self, me: usize, waker: Waker) -> Waking<'_> {
        self.look().asleep.push((me, waker));
        Waking(self, me)
    }

    fn change<T>(&self, what: impl FnOnce(&mut State) -> T) -> T {
        let mut state = self.look();
        let result = what(&mut state);
        if state.waiting > 0 {
            self.changed.notify_all();
        }
        for (_, waker) in &state.asleep {
            waker.wake();
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

    pub(super) fn has_read(&self, side: Side, client: &ClientName, much: u64) {
        let key = (side, client.clone());
        self.change(|state| *state.read.entry(key).or_default() += much);
    }

    pub(super) fn has_sent_datagram(&self, side: Side, client: &ClientName) {
        self.change(|state| {
            for client in [None, Some(client.clone())] {
                *state.sent.entry((side, client)).or_default() += 1;
            }
        });
    }

    pub(super) fn has_connected(&self, actor: usize) {
        self.change(|state| state.connected.insert(actor));
    }

    pub(super) fn has_accepted(&self) {
        self.change(|state| state.accepted += 1);
    }

    /// A listener is closed: the kernel resets whoever waited there to be accepted.
    pub(super) fn has_stopped_listening(&self) {
        self.change(|state| {
            let there = state.connected.len();
            let met = state.accepted + state.turned_away;
            state.turned_away += there.saturating_sub(met);
        });
    }

    /// When so many datagrams had been sent to this side, all were read there, or dropped.
    pub(super) fn has_drained(&self, side: Side, sent: u64) {
        if self.look().drained.get(&side) != Some(&sent) {
            self.change(|state| state.drained.insert(side, sent));
        }
    }

    /// This end of a connection is closed.
    pub(super) fn has_closed(&self, side: Side, client: &ClientName) {
        let key = (side, client.clone());
        self.change(|state| state.closed.insert(key));
    }

    /// A socket that is for everybody is closed.
    pub(super) fn has_left(&self, actor: usize) {
        self.change(|state| state.left.insert(actor));
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
            (0..self.actors.len()).all(gone).then_some(())
        });
    }

    /// Waits until `so`, for as long as others can still bring it about.
    pub(super) fn wait(
        &self,
        deadline: Instant,
        so: impl Fn(&State) -> bool,
        never: impl Fn(&State) -> bool,
    ) -> Met {
        let over = |state: &State| {
            if so(state) {
                return Some(Met::Yes);
            }
            never(state).then_some(Met::PeerEnded)
        };
        self.until(deadline, over).unwrap_or(Met::Deadline)
    }
}

/// Somebody who waits elsewhere.
pub(super) struct Waking<'a>(&'a Rendezvous, usize);

impl Drop for Waking<'_> {
    fn drop(&mut self) {
        let Self(rendezvous, me) = self;
        rendezvous.look().asleep.retain(|(actor, _)| actor != me);
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn soon() -> Instant {
        Instant::now() + Duration::from_millis(20)
    }

    fn long() -> Instant {
        Instant::now() + Duration::from_secs(60)
    }

    /// Two clients and a server, of whom the first client and the server give a signal.
    fn three() -> Rendezvous {
        let givers = [("go".to_string(), vec![0, 2])];
        let sides = vec![Side::Client, Side::Client, Side::Server];
        Rendezvous::of(sides, givers.into())
    }

    #[test]
    fn a_wait_ends_in_one_of_three_ways() {
        let rendezvous = three();
        let wait = |until| {
            let never = |state: &State| rendezvous.is_never_given(state, "go");
            rendezvous.wait(until, |state| state.signalled("go"), never)
        };
        assert_eq!(wait(soon()), Met::Deadline);
        rendezvous.has_ended(2);
        assert_eq!(wait(soon()), Met::Deadline, "one is still there");
        rendezvous.has_ended(0);
        assert_eq!(wait(long()), Met::PeerEnded, "the other one never gives it");
        let rendezvous = three();
        let wait = |never: bool| rendezvous.wait(long(), |state| state.signalled("go"), |_| never);
        std::thread::scope(|scope| {
            scope.spawn(|| rendezvous.signal("go"));
            assert_eq!(wait(false), Met::Yes);
        });
        assert_eq!(wait(true), Met::Yes, "what was given stays given");
    }

    #[test]
    fn everybody_is_here_when_each_client_has_come_or_ended_and_was_accepted() {
        let rendezvous = three();
        let here = || rendezvous.is_everybody_here(&rendezvous.look());
        assert!(!here());
        rendezvous.has_connected(0);
        rendezvous.has_ended(1);
        assert!(!here(), "one waits to be accepted");
        rendezvous.has_accepted();
        assert!(here());
        let elsewhere = Rendezvous::of(vec![Side::Server], HashMap::new());
        let here = elsewhere.is_everybody_here(&elsewhere.look());
        assert!(!here, "a client that is not ours may always come");
    }

    #[test]
    fn a_side_is_gone_when_each_of_it_has_ended_or_left() {
        let rendezvous = three();
        let gone = |side| rendezvous.is_gone(&rendezvous.look(), side);
        rendezvous.has_left(0);
        assert!(!gone(Side::Client) && !gone(Side::Server));
        rendezvous.has_ended(1);
        assert!(gone(Side::Client) && !gone(Side::Server));
    }
}
