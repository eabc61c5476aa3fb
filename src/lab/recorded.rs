//! What a recorded run says of itself, where it is a lab's.

use super::file::{Run, SideScript};
use crate::event::{Program, RunHead, RunTrace, Script};

impl Run {
    /// What is known of it before it has begun.
    pub fn head(&self) -> RunHead {
        RunHead {
            name: self.name.clone(),
            cures: self.cures.clone(),
            shown_first: self.shown_first,
        }
    }

    /// The record of this run before anything has happened in it.
    pub fn record(&self) -> RunTrace {
        let program = |half: &SideScript| match half {
            SideScript::Steps(_) => Program::Scripted,
            SideScript::Elsewhere => Program::Unseen,
        };
        let more = u32::try_from(self.more_clients.len()).unwrap_or(u32::MAX);
        RunTrace {
            client: program(&self.client),
            server: program(&self.server),
            clients: more.saturating_add(1),
            wire: self.wire,
            cures: self.cures.clone(),
            shown_first: self.shown_first,
            claims: self.expect.clone(),
            script: Some(Script::of(self)),
            ..RunTrace::new(&self.name, self.transport.unwrap_or_default())
        }
    }

    /// The run that a record was made of; none if no lab's, or none that this program knows.
    pub fn of(recorded: &RunTrace) -> Option<Self> {
        let script = recorded.script.as_ref()?;
        serde_json::from_str(script.json()).ok()
    }
}
