//! Where the two sides meet: signals, and how much each has written and read.

use std::collections::BTreeSet;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use crate::event::Side;

/// Shared by the two threads of a run.
#[derive(Default)]
pub(super) struct Meeting {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
pub(super) struct State {
    signals: BTreeSet<(Side, String)>,
    read: [u64; 2],
    sent: [u64; 2],
    ended: [bool; 2],
    out_of_time: [bool; 2],
}

/// How a wait ended.
#[derive(Debug, PartialEq)]
pub(super) enum Met {
    /// What was waited for is so.
    Yes,
    /// The other side ended without it.
    PeerEnded,
    /// The deadline passed.
    Deadline,
}

impl State {
    /// Whether this side has come to its `signal` of this name.
    pub(super) fn signalled(&self, side: Side, name: &str) -> bool {
        self.signals
            .iter()
            .any(|(by, given)| *by == side && given == name)
    }

    /// Bytes that this side's reads have returned.
    pub(super) fn read(&self, side: Side) -> u64 {
        self.read[side as usize]
    }

    /// Datagrams that this side has sent.
    pub(super) fn sent(&self, side: Side) -> u64 {
        self.sent[side as usize]
    }
}

impl Meeting {
    fn change(&self, what: impl FnOnce(&mut State)) {
        what(&mut self.look());
        self.changed.notify_all();
    }

    /// The state as it is now.
    pub(super) fn look(&self) -> MutexGuard<'_, State> {
        // No code panics while it holds the lock, and the state is whole after each change.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn signal(&self, side: Side, name: &str) {
        self.change(|state| {
            state.signals.insert((side, name.into()));
        });
    }

    pub(super) fn has_read(&self, side: Side, bytes: u64) {
        self.change(|state| state.read[side as usize] += bytes);
    }

    pub(super) fn has_sent_datagram(&self, side: Side) {
        self.change(|state| state.sent[side as usize] += 1);
    }

    pub(super) fn has_ended(&self, side: Side) {
        self.change(|state| state.ended[side as usize] = true);
    }

    /// Waits until the other side is out of time as well, or has ended, but not past `latest`.
    pub(super) fn is_out_of_time(&self, me: Side, latest: Instant) {
        self.change(|state| state.out_of_time[me as usize] = true);
        let other = me.other() as usize;
        let mut state = self.look();
        while !state.out_of_time[other] && !state.ended[other] {
            let left = latest.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return;
            }
            state = self
                .changed
                .wait_timeout(state, left)
                .unwrap_or_else(PoisonError::into_inner)
                .0;
        }
    }

    /// Waits until `so`, for as long as the other side can still bring it about.
    pub(super) fn wait(&self, me: Side, deadline: Instant, so: impl Fn(&State) -> bool) -> Met {
        let mut state = self.look();
        loop {
            if so(&state) {
                return Met::Yes;
            }
            if state.ended[me.other() as usize] {
                return Met::PeerEnded;
            }
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Met::Deadline;
            }
            state = self
                .changed
                .wait_timeout(state, left)
                .unwrap_or_else(PoisonError::into_inner)
                .0;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_wait_ends_in_one_of_three_ways() {
        let meeting = Meeting::default();
        let soon = || Instant::now() + Duration::from_millis(20);
        let go = |state: &State| state.signalled(Side::Server, "go");
        assert_eq!(meeting.wait(Side::Client, soon(), go), Met::Deadline);
        std::thread::scope(|scope| {
            scope.spawn(|| meeting.signal(Side::Server, "go"));
            let long = Instant::now() + Duration::from_secs(60);
            assert_eq!(meeting.wait(Side::Client, long, go), Met::Yes);
        });
        meeting.has_ended(Side::Server);
        assert_eq!(
            meeting.wait(Side::Client, soon(), go),
            Met::Yes,
            "what was given stays given"
        );
        assert_eq!(
            meeting.wait(Side::Client, soon(), |state| state.read(Side::Server) > 0),
            Met::PeerEnded
        );
    }
}
