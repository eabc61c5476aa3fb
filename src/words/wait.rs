//! What a side waits for, and the states of a connection.

use super::{bytes, list, side};
use crate::event::{Barrier, Ends, Side, TcpState};
use crate::lang::Lang;
use crate::safe;

/// What an `await` waits for.
pub(crate) fn barrier(lang: Lang, barrier: &Barrier, me: Side) -> String {
    let other = side(lang, me.other());
    say! { lang, barrier;
        Barrier::Queued(n) => "until {n} queued", "等队列里有 {n}", n = bytes(lang, n.0 as u64);
        Barrier::Sent => "until all is sent", "等全部发出";
        Barrier::Acked => "until all is ACKed", "等 ACK 到齐";
        Barrier::State(state) => "until {state}", "等到 {state}", state = state_name(*state);
        Barrier::Error => "until an error is there", "等内核报错";
        Barrier::Read => "until {other} read it", "等{other}读完";
        Barrier::Signal(name) => "until \"{name}\"", "等 \"{name}\"", name = safe::words(name);
    }
}

/// A TCP state as netstat and ss write it.
pub(super) fn state_name(state: TcpState) -> String {
    serde_json::to_value(state)
        .ok()
        .and_then(|name| name.as_str().map(String::from))
        .unwrap_or_default()
}

/// The state of one end; nothing where it is not known.
pub(crate) fn state_at(ends: Ends, end: Side) -> String {
    let state = match end {
        Side::Client => ends.client,
        Side::Server => ends.server,
    };
    state.map_or_else(String::new, state_name)
}

/// The states of both ends of a connection, as far as they are known.
pub(crate) fn states(lang: Lang, ends: Ends) -> Vec<String> {
    let known = |end: &Side| !state_at(ends, *end).is_empty();
    let line = |end| format!("{} {}", side(lang, end), state_at(ends, end));
    Side::BOTH.into_iter().filter(known).map(line).collect()
}

/// The states that a side waits for.
pub(crate) fn states_wanted(lang: Lang, until: Ends) -> String {
    let wanted = list::parts(lang, states(lang, until));
    say!(lang, "until {wanted}", "等到{wanted}")
}
