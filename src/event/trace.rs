//! All that runs leave behind: their events, and what each run was.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use serde_json::value::{RawValue, to_raw_value};

use super::{Capture, Claims, Event, Packet, Retransmitted, Side, Texts, Transport, WireDetail};
use crate::usual;

/// All that the runs of one lab left behind.
#[derive(Clone, Debug, PartialEq)]
pub struct Trace {
    /// Which lab it was, and where it ran.
    pub lab: LabInfo,
    /// Its runs, in order.
    pub runs: Vec<RunTrace>,
}

/// The lab of a trace, with all that a person is told about it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LabInfo {
    /// Its number in the catalogue; none for a lab from outside.
    pub lab: Option<u32>,
    /// Its name.
    pub slug: String,
    /// Title, question, explanation, in each language that the lab has.
    pub texts: Texts,
    /// The operating system of the run.
    pub os: String,
    /// What the kernel of that system could be asked: `tcp_info`, `inq`, `fionread`, `outq`, ….
    pub evidence: Vec<String>,
}

/// One run: what it was, and what happened in it.
#[serde_with::skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RunTrace {
    /// Lower-case words joined by hyphens, in a lab of ours.
    #[serde(rename = "run")]
    pub name: String,
    /// What carried the bytes.
    pub transport: Transport,
    /// What the client was.
    pub client: Program,
    /// What the server was.
    pub server: Program,
    /// How many clients the run has. One that is not ours may connect more than once.
    #[serde(default = "usual::one", skip_serializing_if = "usual::is_one")]
    pub clients: u32,
    /// How much of the wire is shown without being asked for; none if the wire need not be watched.
    pub wire: Option<WireDetail>,
    /// The run whose mistake it shows mended, if it is a cure.
    pub cures: Option<String>,
    /// Whether the lab's first screen shows its picture, in place of the first run's.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub shown_first: bool,
    /// What was claimed of it beforehand.
    #[serde(default, skip_serializing_if = "Claims::is_empty")]
    pub claims: Claims,
    /// Where the server listened.
    pub address: String,
    /// Whether Ctrl-C cut it short; it may have come while no call was under way.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub interrupted: bool,
    /// What TCP sent again in the network that it took place in; absent where nobody counted.
    pub retransmitted: Option<Retransmitted>,
    /// The capture that stood beside it; absent where there was none.
    pub capture: Option<Capture>,
    /// The script, if it followed one.
    pub script: Option<Script>,
    /// What happened.
    #[serde(skip)]
    pub events: Vec<Event>,
    /// What was captured, in order.
    #[serde(skip)]
    pub packets: Vec<Packet>,
}

impl RunTrace {
    /// A run of which nothing is known yet but what it is called and what carries its bytes: both
    /// sides follow a script, and no claim is made.
    pub fn new(name: impl Into<String>, transport: Transport) -> Self {
        Self {
            name: name.into(),
            transport,
            clients: 1,
            ..Self::default()
        }
    }

    /// What is known of it before it has begun.
    pub fn head(&self) -> RunHead {
        RunHead {
            name: self.name.clone(),
            cures: self.cures.clone(),
            shown_first: self.shown_first,
        }
    }

    /// The run as it stood before this event, when no claim could be judged yet. A long one is not
    /// copied beyond that.
    #[must_use]
    pub fn before(&self, event: usize) -> Self {
        Self {
            name: self.name.clone(),
            transport: self.transport,
            client: self.client.clone(),
            server: self.server.clone(),
            clients: self.clients,
            wire: self.wire,
            cures: self.cures.clone(),
            shown_first: self.shown_first,
            claims: Claims::default(),
            address: self.address.clone(),
            interrupted: self.interrupted,
            retransmitted: self.retransmitted,
            capture: self.capture,
            script: self.script.clone(),
            events: self.events[..event.min(self.events.len())].to_vec(),
            packets: self.packets.clone(),
        }
    }

    /// Whether each sender had nothing left that was not acknowledged when it was looked at last:
    /// after that TCP can have sent none of its bytes again. False where a sender is not ours.
    pub fn is_all_acknowledged(&self) -> bool {
        let mut acknowledged: HashMap<(u32, Side), bool> = HashMap::new();
        for event in &self.events {
            if event.kernel.is_some() || event.action.write().is_some() {
                let is_all = event.kernel.as_ref().is_some_and(|look| look.unacked == 0);
                acknowledged.insert((event.conn, event.side), is_all);
            }
        }
        self.unseen().is_none() && acknowledged.into_values().all(|is_all| is_all)
    }

    /// The side whose calls are not in the record, if there is one.
    pub fn unseen(&self) -> Option<Side> {
        match (&self.client, &self.server) {
            (_, Program::Unseen) => Some(Side::Server),
            (Program::Unseen, _) => Some(Side::Client),
            _ => None,
        }
    }
}

/// What a run is called, and what it is to its lab.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunHead {
    /// Its name.
    pub name: String,
    /// The run whose mistake it shows mended.
    pub cures: Option<String>,
    /// Whether the lab's first screen shows its picture.
    pub shown_first: bool,
}

/// What one side of a run was.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Program {
    /// It did the steps of a script.
    #[default]
    Scripted,
    /// A program of somebody else's whose calls were watched: how it was started, the program
    /// first.
    Watched(Vec<String>),
    /// A program of somebody else's of whose calls nothing is known.
    Unseen,
}

/// A script word for word, for those who know the language that it is written in: to a trace it is
/// some JSON.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Script(Box<RawValue>);

impl Script {
    /// What is written down of a script.
    ///
    /// # Panics
    /// If it cannot be written as JSON; every script that was read from JSON can.
    pub fn of(script: &impl Serialize) -> Self {
        Self(to_raw_value(script).expect("what was JSON can be JSON again"))
    }

    /// The JSON that it is.
    pub fn json(&self) -> &str {
        self.0.get()
    }
}

impl PartialEq for Script {
    fn eq(&self, other: &Self) -> bool {
        self.json() == other.json()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::SenderState;
    use crate::event::fixture::{self, send};

    #[test]
    fn all_is_acknowledged_if_the_last_look_at_each_sender_says_so() {
        let look = |side, unacked| {
            let state = SenderState {
                unacked,
                ..SenderState::default()
            };
            Event {
                kernel: Some(Box::new(state)),
                ..send("A", "hi").by(side)
            }
        };
        let [client, server] = Side::BOTH;
        let run = |events: Vec<Event>| fixture::run(Transport::Tcp, events);
        let all = vec![look(client, 2), look(client, 0), look(server, 0)];
        assert!(run(all.clone()).is_all_acknowledged());
        assert!(run(Vec::new()).is_all_acknowledged(), "nothing was sent");
        for last in [look(client, 2), look(server, 1), send("A", "not looked at")] {
            let more = [all.clone(), vec![last.clone()]].concat();
            assert!(!run(more).is_all_acknowledged(), "{last:?}");
        }
        let elsewhere = RunTrace {
            server: Program::Unseen,
            ..run(all)
        };
        assert!(!elsewhere.is_all_acknowledged());
    }
}
