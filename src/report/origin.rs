//! From where the times of a run are counted.

use crate::event::{Action, Event};

/// The moment from which times are counted: the first write (or, where nobody saw that, the first
/// read that brought bytes), or the first call at all. Where the connection itself is looked at,
/// its beginning.
pub(super) fn origin_us(events: &[Event]) -> u64 {
    let first = |so: fn(&Action) -> bool| events.iter().find(|event| so(&event.action));
    let looked = first(|action| matches!(action, Action::States { .. }));
    looked
        .and_then(|_| first(|action| matches!(action, Action::Connect { .. })))
        .map(|event| event.call_us)
        .or_else(|| events.iter().find(|event| moves(event)).map(Event::at_us))
        .or_else(|| events.first().map(|event| event.call_us))
        .unwrap_or(0)
}

/// Whether a call writes, or has read something.
fn moves(event: &Event) -> bool {
    event.action.write().is_some() || event.carried() > 0
}
