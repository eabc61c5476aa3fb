//! What a wait that came to its end says was so then.

use std::collections::HashMap;

use sticky_lab::event::{Action, Barrier, RunTrace, Side};

use super::model::{self, Truth};
use super::tally::Sheet;

/// Holds each wait of a side against what had been captured by its end.
pub(crate) fn hold(
    sheet: &mut Sheet,
    run: &RunTrace,
    truths: &HashMap<(u32, Side), Truth>,
    name: &str,
) {
    let mut written: HashMap<(u32, Side), u64> = HashMap::new();
    let mut read: HashMap<(u32, Side), u64> = HashMap::new();
    for event in &run.events {
        let (own, other) = ((event.conn, event.side), (event.conn, event.side.other()));
        if event.error.is_some() {
            continue;
        }
        let Action::Await { until, .. } = &event.action else {
            if event.action.write().is_some() {
                *written.entry(own).or_default() += event.carried();
            } else if event.action.read().is_some() {
                *read.entry(other).or_default() += event.carried();
            }
            continue;
        };
        let by = |at: Option<u64>| Some(at? <= model::later(event.return_us));
        let captured = |of, byte: u64, what: fn(&Truth, u64) -> Option<u64>| {
            // A wait for nothing is over at once.
            let Some(last) = byte.checked_sub(1) else {
                return Some(true);
            };
            by(what(truths.get(&of)?, last)).or(Some(false))
        };
        let mine = written.get(&own).copied().unwrap_or(0);
        let so = match until {
            Barrier::Acked => captured(own, mine, Truth::acknowledged),
            Barrier::Read => {
                let theirs = read.get(&own).copied().unwrap_or(0);
                Some(theirs >= mine)
            }
            Barrier::Queued(bytes) => {
                let had = read.get(&other).copied().unwrap_or(0);
                captured(other, had + bytes.0 as u64, Truth::came)
            }
            Barrier::Sent | Barrier::State(_) | Barrier::Error | Barrier::Signal(_) => continue,
        };
        let place = format!("{name}: {until:?} at event {}", event.seq);
        sheet.hold("waits that ended", Some(true), so, || place);
    }
}
