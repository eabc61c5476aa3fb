//! What a side waits for, and the states of a connection.

use super::{bytes, pick, side};
use crate::event::{Barrier, Ends, Side, TcpState};
use crate::lang::Lang;
use crate::safe;

/// What an `await` waits for.
pub(crate) fn barrier(lang: Lang, barrier: &Barrier, me: Side) -> String {
    let other = side(lang, me.other());
    match (lang, barrier) {
        (Lang::En, Barrier::Queued(n)) => format!("until {} queued", bytes(lang, n.0 as u64)),
        (Lang::Zh, Barrier::Queued(n)) => format!("等队列里有 {}", bytes(lang, n.0 as u64)),
        (Lang::En, Barrier::Sent) => "until all is sent".into(),
        (Lang::Zh, Barrier::Sent) => "等全部发出".into(),
        (Lang::En, Barrier::Acked) => "until all is ACKed".into(),
        (Lang::Zh, Barrier::Acked) => "等全部被确认".into(),
        (Lang::En, Barrier::State(state)) => format!("until {}", state_name(*state)),
        (Lang::Zh, Barrier::State(state)) => format!("等到 {}", state_name(*state)),
        (Lang::En, Barrier::Error) => "until an error is there".into(),
        (Lang::Zh, Barrier::Error) => "等内核报错".into(),
        (Lang::En, Barrier::Read) => format!("until {other} read it"),
        (Lang::Zh, Barrier::Read) => format!("等{other}读完"),
        (Lang::En, Barrier::Signal(name)) => format!("until \"{}\"", safe::words(name)),
        (Lang::Zh, Barrier::Signal(name)) => format!("等 \"{}\"", safe::words(name)),
    }
}

/// A TCP state as netstat and ss write it.
fn state_name(state: TcpState) -> String {
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
    let wanted = states(lang, until).join(pick(lang, ", ", "，"));
    pick(lang, format!("until {wanted}"), format!("等到{wanted}"))
}
