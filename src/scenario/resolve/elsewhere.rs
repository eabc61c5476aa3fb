//! Whether a run can have another program as one of its sides, and claims nothing that only that
//! program knows.

use super::Impossible;
use crate::event::{ClaimedRecvs, Claims, Side, Transport};
use crate::lab::file::Run;
use crate::lab::read::PathSegment as Path;

/// Where in the run, what is wrong, and what would help.
type Wrong = (Vec<Path<'static>>, String, String);

/// Checks the run at this place of its file.
pub(super) fn check(run: &Run, index: usize, transport: Transport) -> Result<(), Impossible> {
    let Some(side) = run.elsewhere() else {
        return Ok(());
    };
    let wrong = of_the_run(run, side, transport).or_else(|| of_the_claims(&run.expect, side));
    let Some((rest, what, help)) = wrong else {
        return Ok(());
    };
    let mut path = vec![Path::Key("runs"), Path::Index(index)];
    path.extend(rest);
    Err(Impossible {
        path,
        what,
        help: Some(help),
    })
}

fn of_the_run(run: &Run, side: Side, transport: Transport) -> Option<Wrong> {
    let key = match side {
        Side::Client => "client",
        Side::Server => "server",
    };
    let wrong =
        |key, what: &str, help: &str| Some((vec![Path::Key(key)], what.into(), help.into()));
    if run.is_all_elsewhere() {
        return wrong(
            "server",
            "both sides are elsewhere, and nothing is left to run",
            "give one of them steps",
        );
    }
    if !transport.is_tcp() {
        let what =
            format!("a {side} elsewhere is for tcp and tcp6, and this run is over {transport}");
        return wrong(key, &what, "leave `transport` out, or give this side steps");
    }
    if run.port.is_none() {
        return wrong(
            key,
            "the other program has to know the port, and this run has none",
            "add `\"port\": 8888`",
        );
    }
    if run.wire.is_some() {
        return wrong(
            "wire",
            "the wire is watched in a network of the run's own, where no other program is",
            "leave `wire` out",
        );
    }
    if side == Side::Client && !run.more_clients.is_empty() {
        return wrong(
            "more_clients",
            "the client is elsewhere, so no other one is the lab's",
            "let the server `accept` as often as clients will come",
        );
    }
    None
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
        .find_map(|(from, claims)| {
            let key = if from == side {
                of_unknown_writes(claims?)
            } else {
                of_unknown_reads(claims?)
            };
            Some((from, key?))
        })?;
    if from == Side::Server {
        path.push(Path::Key("answers"));
    }
    path.push(Path::Key(key));
    let (does, can) = if from == side {
        (
            "writes",
            "claim what is read of it: `recvs`, `sizes`, `messages`, `texts`",
        )
    } else {
        (
            "reads",
            "claim what is written: `writes`, `bytes_sent`, `segments`",
        )
    };
    Some((
        path,
        format!("`{key}` is about what the {side} {does}, and the {side} is another program"),
        can.into(),
    ))
}

/// A claim that rests on where messages or writes end, or on the sender's kernel.
fn of_unknown_writes(expect: &Claims) -> Option<&'static str> {
    first([
        ("recvs", expect.recvs == Some(ClaimedRecvs::AnyLegal)),
        ("writes", expect.writes.is_some()),
        ("bytes_sent", expect.bytes_sent.is_some()),
        ("bytes_lost", expect.bytes_lost.is_some()),
        ("segments", expect.segments.is_some()),
        ("edges", expect.edges.is_some()),
        ("cuts", expect.cuts.is_some()),
        ("most_unsent", expect.most_unsent.is_some()),
        ("truncated", expect.truncated.is_some()),
        ("drops", expect.drops.is_some()),
    ])
}

/// A claim that rests on what reads returned.
fn of_unknown_reads(expect: &Claims) -> Option<&'static str> {
    first([
        ("recvs", expect.recvs.is_some()),
        ("recv_count", expect.recv_count.is_some()),
        ("sizes", expect.sizes.is_some()),
        ("bytes_lost", expect.bytes_lost.is_some()),
        ("edges", expect.edges.is_some()),
        ("cuts", expect.cuts.is_some()),
        ("messages", expect.messages.is_some()),
        ("refused", expect.refused.is_some()),
        ("files", expect.files.is_some()),
        ("truncated", expect.truncated.is_some()),
        ("drops", expect.drops.is_some()),
        ("end_of_stream", expect.end_of_stream.is_some()),
        ("taken", expect.taken.is_some()),
        ("texts", expect.texts.is_some()),
    ])
}

fn first<const N: usize>(claims: [(&'static str, bool); N]) -> Option<&'static str> {
    let made = claims.into_iter().find(|(_, made)| *made);
    made.map(|(key, _)| key)
}
