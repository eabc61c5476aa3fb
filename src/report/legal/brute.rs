//! The model against a world that is tried out: bytes that arrive one by one, in every interleaving
//! with the calls of both sides.

use std::collections::{BTreeSet, HashSet};

use super::model::{Act, Calls, Model, Written};
use super::{Range, Reads, Waits, enumerate};
use crate::event::Side;

/// All that can be told apart at a moment.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
struct World {
    at: [usize; 2],
    /// Bytes that the step under way has read.
    got: [u64; 2],
    written: [u64; 2],
    arrived: [u64; 2],
    read: [u64; 2],
    closed: [bool; 2],
    /// Whether the end of the stream has arrived.
    ended: [bool; 2],
    said: BTreeSet<String>,
    reads: [Vec<Range>; 2],
}

/// Every world that can follow from this one in one move.
fn moves(world: &World, script: &Model, waits: Waits) -> Vec<World> {
    let mut all = Vec::new();
    for from in 0..2 {
        let mut next = world.clone();
        if world.arrived[from] < world.written[from] {
            next.arrived[from] += 1;
            all.push(next);
        } else if world.closed[from] && !world.ended[from] {
            next.ended[from] = true;
            all.push(next);
        }
    }
    for side in Side::BOTH {
        all.extend(call(world, script, side, waits));
    }
    all
}

fn call(world: &World, script: &Model, side: Side, waits: Waits) -> Option<World> {
    let me = side.index();
    let peer = 1 - me;
    let act = script.acts(side).get(world.at[me])?;
    let mut next = world.clone();
    // Whether what is waited for is so, and whether a peer that is gone leaves it in vain.
    let (is_so, may_be_in_vain) = match act {
        Act::Write(bytes) => {
            next.written[me] += bytes;
            (true, false)
        }
        Act::Close => {
            next.closed[me] = true;
            (true, false)
        }
        Act::Say(name) => {
            next.said.insert(name.clone());
            (true, false)
        }
        Act::Heard(name) => (world.said.contains(name), true),
        Act::IsRead => (world.read[me] == world.written[me], true),
        Act::Acked => (world.arrived[me] == world.written[me], false),
        Act::Queued(bytes) => {
            let queued = world.arrived[peer] - world.read[peer];
            let to_come = world.written[peer] - world.read[peer];
            // Whoever may still see it come does not give up.
            (queued >= *bytes, to_come < *bytes)
        }
        Act::Read(_) | Act::Echo { .. } => return read(world, act, me),
    };
    let peer_is_gone = world.at[peer] >= script.acts(side.other()).len();
    if is_so || waits == Waits::Ignored {
        next.at[me] += 1;
        Some(next)
    } else if may_be_in_vain && peer_is_gone {
        (next.at[me], next.closed[me]) = (usize::MAX, true);
        Some(next)
    } else {
        None
    }
}

fn read(world: &World, act: &Act, me: usize) -> Option<World> {
    let peer = 1 - me;
    let mut next = world.clone();
    let (asked, again) = match act {
        Act::Read(Calls::Once(size)) => (*size, false),
        Act::Read(Calls::Exact(bytes)) => (bytes - world.got[me], true),
        Act::Read(Calls::ToEnd(size)) | Act::Echo { size, .. } => (*size, true),
        _ => unreachable!("not among the scripts here"),
    };
    let there = world.arrived[peer] - world.read[peer];
    if there > 0 {
        let bytes = there.min(asked);
        let start = world.read[peer];
        next.read[peer] += bytes;
        next.reads[peer].push((start, start + bytes));
        next.got[me] += bytes;
        if let Act::Echo { more, .. } = act {
            next.written[me] += bytes + more;
        }
        let exact = matches!(act, Act::Read(Calls::Exact(all)) if next.got[me] == *all);
        if !again || exact {
            next.at[me] += 1;
            next.got[me] = 0;
        }
    } else if world.ended[peer] {
        next.got[me] = 0;
        if matches!(act, Act::Read(Calls::Exact(_))) {
            (next.at[me], next.closed[me]) = (usize::MAX, true);
        } else {
            next.at[me] += 1;
        }
    } else {
        return None;
    }
    Some(next)
}

/// What comes of a script in every world, of those in which both sides come to their end.
fn tried_out(script: &Model, waits: Waits) -> BTreeSet<Reads> {
    let mut seen = HashSet::new();
    let mut open = vec![World::default()];
    let mut outcomes = BTreeSet::new();
    while let Some(world) = open.pop() {
        let over = |side: Side| world.at[side.index()] >= script.acts(side).len();
        if Side::BOTH.into_iter().all(over) {
            outcomes.insert(Reads(world.reads.clone()));
        }
        for next in moves(&world, script, waits) {
            if seen.insert(next.clone()) {
                open.push(next);
            }
        }
    }
    outcomes
}

fn script(client: &[Act], server: &[Act]) -> Model {
    let whole = |acts: &[Act]| [acts, &[Act::Close]].concat();
    let written = |acts: &[Act], first: u8| {
        let mut end = 0;
        let ends = acts.iter().filter_map(|act| match act {
            Act::Write(bytes) => {
                end += bytes;
                Some(end)
            }
            _ => None,
        });
        let ends: Vec<u64> = ends.collect();
        let known = !acts.iter().any(|act| matches!(act, Act::Echo { .. }));
        let bytes = (0..ends.last().copied().unwrap_or(0)).zip(first..);
        Written {
            bytes: known.then(|| bytes.map(|(_, byte)| byte).collect()),
            ends,
        }
    };
    Model {
        is_datagrams: false,
        may_lose: false,
        written: [written(client, b'a'), written(server, b'A')],
        acts: [whole(client), whole(server)],
    }
}

/// Every list of up to so many of these.
fn lists(of: &[Act], most: usize) -> Vec<Vec<Act>> {
    let mut all: Vec<Vec<Act>> = vec![Vec::new()];
    let mut longest = 0;
    for _ in 0..most {
        let longer: Vec<Vec<Act>> = all[longest..]
            .iter()
            .flat_map(|list| {
                of.iter()
                    .map(move |act| [&list[..], std::slice::from_ref(act)].concat())
            })
            .collect();
        longest = all.len();
        all.extend(longer);
    }
    all
}

fn once(size: u64) -> Act {
    Act::Read(Calls::Once(size))
}

const BOTH: [Waits; 2] = [Waits::Kept, Waits::Ignored];

/// Every pair of a client and a server, with each of these.
fn all_agree(clients: &[Vec<Act>], servers: &[Vec<Act>], waits: &[Waits]) {
    for client in clients {
        for server in servers {
            let script = script(client, server);
            for waits in waits {
                agrees(&script, *waits);
            }
        }
    }
}

fn agrees(script: &Model, waits: Waits) {
    let legal = enumerate(script, waits, usize::MAX);
    assert!(legal.complete, "{script:?}");
    let model: BTreeSet<Reads> = legal.outcomes.iter().cloned().collect();
    assert_eq!(model.len(), legal.outcomes.len(), "twice: {script:?}");
    assert_eq!(model, tried_out(script, waits), "{waits:?} {script:?}");
}

#[test]
fn one_direction_is_as_all_interleavings_have_it() {
    let writes = [Act::Write(1), Act::Write(2), Act::Acked, Act::IsRead];
    let reads = [
        once(1),
        once(2),
        once(9),
        Act::Read(Calls::Exact(2)),
        Act::Read(Calls::ToEnd(2)),
        Act::Queued(2),
    ];
    all_agree(&lists(&writes, 3), &lists(&reads, 2), &BOTH);
}

#[test]
fn both_directions_with_signals_are_as_all_interleavings_have_it() {
    let say = |name: &str| Act::Say(name.into());
    let heard = |name: &str| Act::Heard(name.into());
    let client = [
        Act::Write(2),
        once(2),
        Act::Acked,
        say("go"),
        heard("on"),
        Act::Read(Calls::ToEnd(9)),
    ];
    let server = [
        Act::Write(1),
        once(9),
        Act::IsRead,
        say("on"),
        heard("go"),
        Act::Echo { size: 2, more: 1 },
    ];
    all_agree(&lists(&client, 2), &lists(&server, 2), &BOTH);
}

#[test]
fn what_is_acknowledged_before_a_word_is_there_after_it() {
    let client = [Act::Write(2), Act::Acked, Act::Say("go".into())];
    let server = [once(1), once(9), Act::Heard("go".into())];
    all_agree(&lists(&client, 3), &lists(&server, 3), &[Waits::Kept]);
}
