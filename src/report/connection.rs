//! What a run recorded of one connection.

use std::collections::BTreeMap;

use crate::event::{Event, Packet, RunTrace};

/// Calls of a run, each with its place in it.
pub(super) type Calls<'a> = [(usize, &'a Event)];

/// The calls on one connection, each with its place in the run, and its packets. Whoever asks what
/// became of a connection would otherwise go through the whole run for each.
#[derive(Default)]
pub(super) struct ConnectionTrace<'a> {
    pub(super) calls: Vec<(usize, &'a Event)>,
    pub(super) packets: Vec<&'a Packet>,
}

/// Events, each with its place.
#[cfg(test)]
pub(super) fn placed(events: &[Event]) -> Vec<(usize, &Event)> {
    events.iter().enumerate().collect()
}

impl<'a> ConnectionTrace<'a> {
    /// Those of a run, by the connections' numbers.
    pub(super) fn all(run: &'a RunTrace) -> BTreeMap<u32, Self> {
        let mut all = BTreeMap::new();
        for call in run.events.iter().enumerate() {
            let of = all.entry(call.1.conn).or_insert_with(Self::default);
            of.calls.push(call);
        }
        for packet in &run.packets {
            let of = all.entry(packet.conn).or_insert_with(Self::default);
            of.packets.push(packet);
        }
        all
    }
}
