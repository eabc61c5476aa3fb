//! What a plain program does where the lab waits: it sleeps, and hopes; or it does nothing.

use std::mem::discriminant;

use super::half::{Half, each, quoted};
use super::words;
use crate::event::{Barrier, Ends, Side};
use crate::lab::file::Step;

/// How long a server sleeps instead of waiting for a client's word, in quarters of a second; so
/// much again for each wait of the other side between what it sent before and the word.
const FOR_A_CLIENTS_WORD: usize = 1;
/// A client for a server's word, which may itself have waited for the client's.
const FOR_A_SERVERS_WORD: usize = 2;
/// For requests to come, or for a state of the connection: longer than for a word, which may be
/// what the other side is held up by.
const FOR_ARRIVAL: usize = 3;
/// For answers to come, or for the server to read: longer than that one sleeps before it does.
const FOR_A_SERVER: usize = 4;
/// For what a kernel on the same machine does by itself.
const FOR_THE_KERNEL: usize = 2;

impl Half<'_> {
    pub(super) fn wait(&mut self, barrier: &Barrier) {
        match barrier {
            Barrier::Signal(name) if self.events.contains(name) => {
                self.source
                    .line(format!("signals[{}].wait(10)", quoted(name)));
            }
            Barrier::Signal(name) => {
                let word = match self.side {
                    Side::Server => FOR_A_CLIENTS_WORD,
                    Side::Client => FOR_A_SERVERS_WORD,
                };
                let quarters = word * (1 + self.waits_before(name));
                let first = self.side == Side::Server && !self.has_met_client;
                let datagrams = !self.transport.has_connections();
                if first {
                    let arrival = words::first_arrival(self.lang, datagrams);
                    self.explain(barrier);
                    self.source.comment(arrival);
                    self.needs.module("select");
                    let waits_on = if datagrams { "sock" } else { "listener" };
                    self.source
                        .line(format!("select.select([{waits_on}], [], [])"));
                    self.sleep(quarters, None);
                } else {
                    self.explain_and_sleep(barrier, quarters);
                }
            }
            Barrier::Queued(_) if self.side == Side::Client => {
                self.explain_and_sleep(barrier, FOR_A_SERVER);
            }
            Barrier::Queued(_) | Barrier::State(_) => self.explain_and_sleep(barrier, FOR_ARRIVAL),
            Barrier::Read => self.explain_and_sleep(barrier, FOR_A_SERVER),
            Barrier::Error => self.explain_and_sleep(barrier, FOR_THE_KERNEL),
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

    pub(super) fn wait_for_states(&mut self, ends: Ends) {
        let comment = words::states(self.lang, ends);
        self.source.comment(&comment);
        if ends != Ends::default() {
            self.sleep(FOR_THE_KERNEL, None);
        }
    }

    fn explain_and_sleep(&mut self, barrier: &Barrier, quarters: usize) {
        if self.explain(barrier) {
            self.sleep(quarters, None);
        } else {
            let again = words::instead_again(self.lang, barrier, self.side);
            self.sleep(quarters, Some(&again));
        }
    }

    fn sleep(&mut self, quarters: usize, remark: Option<&str>) {
        self.needs.module("time");
        let seconds = quarters / 4;
        let statement = match quarters % 4 {
            0 => format!("time.sleep({seconds})"),
            2 => format!("time.sleep({seconds}.5)"),
            odd => format!("time.sleep({seconds}.{})", odd * 25),
        };
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

    /// How many times the other side sleeps before it gives this word, after what it sent last.
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
                Step::Await(_) | Step::States(_) => waits += 1,
                step if sends(step) => waits = 0,
                _ => {}
            });
            most = most.max(given.unwrap_or(0));
        }
        most
    }
}

/// Whether the other side notices that a program has come so far.
fn sends(step: &Step) -> bool {
    matches!(
        step,
        Step::Send(_)
            | Step::SendFrame(_)
            | Step::SendSome(_)
            | Step::SendLoop(_)
            | Step::Sendto(_)
            | Step::SendAnswer
            | Step::SendAnswerSize(_)
            | Step::SendAnswerFrame(_)
    )
}
