//! What a plain program does where the lab waits: it sleeps, and hopes; or it does nothing.

use std::mem::discriminant;

use super::literal::quoted;
use super::program::Program;
use super::template::Values;
use crate::event::{Barrier, Ends, Side};
use crate::words::python as words;

/// How long a server sleeps instead of waiting for a client's word, in quarters of a second; so
/// much again for each wait of the other side between what it sent before and the word.
const FOR_A_CLIENTS_WORD: u32 = 1;
/// A client for a server's word, which may itself have waited for the client's.
const FOR_A_SERVERS_WORD: u32 = 2;
/// For requests to come, or for a state of the connection: longer than for a word, which may be
/// what the other side is held up by.
const FOR_ARRIVAL: u32 = 3;
/// For answers to come, or for the server to read: longer than that one sleeps before it does.
const FOR_A_SERVER: u32 = 4;
/// For what a kernel on the same machine does by itself.
const FOR_THE_KERNEL: u32 = 2;

impl Program<'_> {
    pub(super) fn wait(&mut self, barrier: &Barrier) {
        match barrier {
            Barrier::Signal(name) if self.events.contains(name) => {
                self.put("wait_for_signal", &[("signal", &quoted(name))]);
            }
            Barrier::Signal(name) => self.wait_for_word(barrier, name),
            Barrier::Queued(_) if self.side == Side::Client => {
                self.explain_and_sleep(barrier, FOR_A_SERVER);
            }
            Barrier::Queued(_) | Barrier::State(_) => self.explain_and_sleep(barrier, FOR_ARRIVAL),
            Barrier::Read => self.explain_and_sleep(barrier, FOR_A_SERVER),
            Barrier::Error => self.explain_and_sleep(barrier, FOR_THE_KERNEL),
            Barrier::Sent | Barrier::Acked => {
                let comment = self.explain(barrier);
                self.writer.comment(&comment.unwrap_or_else(|again| again));
            }
        }
    }

    /// Waits for the other program, which gives no signals.
    fn wait_for_word(&mut self, barrier: &Barrier, name: &str) {
        let word = match self.side {
            Side::Server => FOR_A_CLIENTS_WORD,
            Side::Client => FOR_A_SERVERS_WORD,
        };
        let quarters = word * (1 + self.others_wait.get(name).unwrap_or(&0));
        if self.side == Side::Client || self.has_met_client {
            self.explain_and_sleep(barrier, quarters);
            return;
        }
        let values: &Values<'_> = &[
            ("explained", &self.explain(barrier).unwrap_or_default()),
            ("datagrams", &!self.transport.has_connections()),
        ];
        self.put("first_arrival", values);
        self.sleep(quarters, "");
    }

    pub(super) fn signal(&mut self, name: &str) {
        if self.events.iter().any(|event| event == name) {
            self.put("signal", &[("signal", &quoted(name))]);
        } else {
            let comment = words::gives_signal(self.lang, name, self.side);
            self.writer.comment(&comment);
        }
    }

    pub(super) fn wait_for_states(&mut self, ends: Ends) {
        let comment = words::looks_up_states(self.lang, ends);
        self.writer.comment(&comment);
        if ends != Ends::default() {
            self.sleep(FOR_THE_KERNEL, "");
        }
    }

    fn explain_and_sleep(&mut self, barrier: &Barrier, quarters: u32) {
        match self.explain(barrier) {
            Ok(comment) => {
                self.writer.comment(&comment);
                self.sleep(quarters, "");
            }
            Err(again) => self.sleep(quarters, &again),
        }
    }

    fn sleep(&mut self, quarters: u32, remark: &str) {
        self.pause(f64::from(quarters) / 4.0, remark);
    }

    pub(super) fn pause(&mut self, seconds: f64, remark: &str) {
        self.put("pause", &[("seconds", &seconds), ("remark", &remark)]);
    }

    /// Says what the lab does here: at length the first time, then in a few words.
    fn explain(&mut self, barrier: &Barrier) -> Result<String, String> {
        let kind = discriminant(barrier);
        if self.explained.contains(&kind) {
            return Err(words::instead_again(self.lang, barrier, self.side));
        }
        self.explained.push(kind);
        Ok(words::instead_of(self.lang, barrier, self.side))
    }
}
