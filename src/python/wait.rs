//! What a plain program does where the lab waits: it sleeps, and hopes; or it does nothing.

use std::mem::discriminant;

use super::half::{Half, each, quoted};
use super::words;
use crate::event::Side;
use crate::lab::file::{Barrier, Step, Transport};

/// How long a program sleeps instead of waiting for its peer's word, in half seconds; so much
/// again for each wait of the peer before it gives the word.
const FOR_A_WORD: usize = 1;
/// For bytes to come, or for a state of the connection: longer than for a word, which may be what
/// the other side is held up by.
const FOR_ARRIVAL: usize = 2;
/// For the other side to read: longer than that one sleeps before it reads.
const FOR_A_READER: usize = 3;

impl Half<'_> {
    pub(super) fn wait(&mut self, barrier: &Barrier) {
        match barrier {
            Barrier::Signal(name) if self.events.contains(name) => {
                self.source
                    .line(format!("signals[{}].wait(10)", quoted(name)));
            }
            Barrier::Signal(name) => {
                let before = self.waits_before(name);
                let first = self.side == Side::Server && !self.has_met_client;
                let datagrams = self.transport == Transport::Udp;
                if first {
                    let arrival = words::first_arrival(self.lang, datagrams);
                    self.explain(barrier);
                    self.source.comment(arrival);
                    self.needs.module("select");
                    let waits_on = if datagrams { "sock" } else { "listener" };
                    self.source
                        .line(format!("select.select([{waits_on}], [], [])"));
                    self.sleep(FOR_A_WORD * (1 + before), None);
                } else {
                    self.explain_and_sleep(barrier, FOR_A_WORD * (1 + before));
                }
            }
            Barrier::Queued(_) | Barrier::State(_) => self.explain_and_sleep(barrier, FOR_ARRIVAL),
            Barrier::Read => self.explain_and_sleep(barrier, FOR_A_READER),
            Barrier::Sent | Barrier::Acked => {
                if !self.explain(barrier) {
                    let again = words::instead_again(self.lang, barrier, self.side);
                    self.source.comment(&again);
                }
            }
        }
    }

    pub(super) fn signal(&mut self, name: &str) {
        if self.events.iter().any(|event| event == name) {
            self.source.line(format!("signals[{}].set()", quoted(name)));
        } else {
            let comment = words::gives_signal(self.lang, name, self.side);
            self.source.comment(&comment);
        }
    }

    fn explain_and_sleep(&mut self, barrier: &Barrier, half_seconds: usize) {
        if self.explain(barrier) {
            self.sleep(half_seconds, None);
        } else {
            let again = words::instead_again(self.lang, barrier, self.side);
            self.sleep(half_seconds, Some(&again));
        }
    }

    fn sleep(&mut self, half_seconds: usize, remark: Option<&str>) {
        self.needs.module("time");
        let seconds = match half_seconds % 2 {
            0 => format!("{}", half_seconds / 2),
            _ => format!("{}.5", half_seconds / 2),
        };
        let statement = format!("time.sleep({seconds})");
        match remark {
            Some(remark) => self.source.remarked(&statement, remark),
            None => self.source.line(statement),
        }
    }

    /// Says at length what the lab does here, the first time; returns whether it did.
    fn explain(&mut self, barrier: &Barrier) -> bool {
        let kind = discriminant(barrier);
        if self.explained.contains(&kind) {
            return false;
        }
        self.explained.push(kind);
        let comment = words::instead_of(self.lang, barrier, self.side);
        self.source.comment(&comment);
        true
    }

    /// How many times the other side sleeps before it gives this word.
    fn waits_before(&self, name: &str) -> usize {
        let others: Vec<&[Step]> = match self.side {
            Side::Server => self.clients().collect(),
            Side::Client => vec![&self.run.server],
        };
        let mut most = 0;
        for steps in others {
            let (mut waits, mut given) = (0, None);
            each(steps, &mut |step| match step {
                Step::Signal(own) if own == name => given = given.or(Some(waits)),
                Step::Await(Barrier::Sent | Barrier::Acked) => {}
                Step::Await(_) => waits += 1,
                _ => {}
            });
            most = most.max(given.unwrap_or(0));
        }
        most
    }
}
