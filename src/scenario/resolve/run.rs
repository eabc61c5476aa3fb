//! What is wrong with a run before its steps are looked at: its name, how many clients it has, and,
//! where another program is one of its sides, what only that program can do or knows.

use crate::event::{ClaimedRecvs, Claims, Side, Transport};
use crate::lab::fault::{Elsewhere, RunFault};
use crate::lab::file::{Lab, Run};
use crate::lab::locator::PathSegment as Path;
use crate::scenario::MAX_CLIENTS;

/// Where in the run, and what is wrong.
pub(super) type Wrong = (Vec<Path<'static>>, RunFault);

pub(super) fn wrong(lab: &Lab, index: usize, transport: Transport) -> Option<Wrong> {
    let run = &lab.runs[index];
    let of_the_other_program = |side| {
        of_what_is_elsewhere(run, side, transport).or_else(|| of_the_claims(&run.expect, side))
    };
    let too_many = || {
        let what = RunFault::TooManyClients(MAX_CLIENTS);
        let is_so = run.more_clients.len() >= MAX_CLIENTS;
        is_so.then(|| (vec![Path::Key("more_clients")], what))
    };
    of_the_name(&run.name, &lab.runs[..index])
        .or_else(|| run.elsewhere().and_then(of_the_other_program))
        .or_else(too_many)
        .or_else(|| of_the_cure(run, &lab.runs[..index]))
}

/// A bug comes first, its cures behind it.
fn of_the_cure(run: &Run, before: &[Run]) -> Option<Wrong> {
    let bug = run.cures.as_ref()?;
    let is_there = before.iter().any(|other| other.name == *bug);
    let what = RunFault::CuresNothing(bug.clone());
    (!is_there).then(|| (vec![Path::Key("cures")], what))
}

fn of_the_name(name: &str, before: &[Run]) -> Option<Wrong> {
    let fits = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    let what = if name.is_empty() || !name.bytes().all(fits) {
        RunFault::BadName(name.into())
    } else if before.iter().any(|other| other.name == name) {
        RunFault::NameTwice(name.into())
    } else {
        return None;
    };
    Some((vec![Path::Key("name")], what))
}

fn of_what_is_elsewhere(run: &Run, side: Side, over: Transport) -> Option<Wrong> {
    let own = match side {
        Side::Client => "client",
        Side::Server => "server",
    };
    let (key, what) = if run.is_all_elsewhere() {
        ("server", RunFault::Elsewhere(Elsewhere::All))
    } else if !over.is_tcp() {
        (own, RunFault::Elsewhere(Elsewhere::Over { side, over }))
    } else if run.port.is_none() {
        (own, RunFault::Elsewhere(Elsewhere::NoPort))
    } else if run.wire.is_some() {
        ("wire", RunFault::Elsewhere(Elsewhere::Wire))
    } else if side == Side::Client && !run.more_clients.is_empty() {
        ("more_clients", RunFault::Elsewhere(Elsewhere::MoreClients))
    } else {
        return None;
    };
    Some((vec![Path::Key(key)], what))
}

/// The first claim about what only the other program knows.
fn of_the_claims(expect: &Claims, side: Side) -> Option<Wrong> {
    let more = expect.more_clients.iter().enumerate();
    let more = more.map(|(i, expect)| (vec![Path::Key("more_clients"), Path::Index(i)], expect));
    std::iter::once((Vec::new(), expect))
        .chain(more)
        .find_map(|(under, expect)| of_a_client(under, expect, side))
}

/// The same of one connection.
fn of_a_client(mut path: Vec<Path<'static>>, expect: &Claims, side: Side) -> Option<Wrong> {
    path.insert(0, Path::Key("expect"));
    let answers = expect.answers.as_deref();
    let (from, key) = [(Side::Client, Some(expect)), (Side::Server, answers)]
        .into_iter()
        .find_map(|(from, claims)| Some((from, unknown(claims?, from == side)?)))?;
    if from == Side::Server {
        path.push(Path::Key("answers"));
    }
    path.push(Path::Key(key));
    let writes = from == side;
    Some((
        path,
        RunFault::Elsewhere(Elsewhere::Claim { key, side, writes }),
    ))
}

/// The first claim that cannot be held where nobody sees the writes, which rests on where they end
/// or on the sender's kernel, or where nobody sees what the reads returned.
fn unknown(claims: &Claims, writes: bool) -> Option<&'static str> {
    let c = claims;
    let any_legal = c.recvs == Some(ClaimedRecvs::AnyLegal);
    [
        ("recvs", any_legal, c.recvs.is_some()),
        ("writes", c.writes.is_some(), false),
        ("bytes_sent", c.bytes_sent.is_some(), false),
        ("recv_count", false, c.recv_count.is_some()),
        ("sizes", false, c.sizes.is_some()),
        ("bytes_lost", c.bytes_lost.is_some(), c.bytes_lost.is_some()),
        ("segments", c.segments.is_some(), false),
        ("edges", c.edges.is_some(), c.edges.is_some()),
        ("cuts", c.cuts.is_some(), c.cuts.is_some()),
        ("most_unsent", c.most_unsent.is_some(), false),
        ("messages", false, c.messages.is_some()),
        ("refused", false, c.refused.is_some()),
        ("files", false, c.files.is_some()),
        ("truncated", c.truncated.is_some(), c.truncated.is_some()),
        ("drops", c.drops.is_some(), c.drops.is_some()),
        ("end_of_stream", false, c.end_of_stream.is_some()),
        ("taken", false, c.taken.is_some()),
        ("texts", false, c.texts.is_some()),
    ]
    .into_iter()
    .find_map(|(key, of_writes, of_reads)| {
        (if writes { of_writes } else { of_reads }).then_some(key)
    })
}
