//! Where the reads of a stream begin: at its first byte, unless that never came.
//!
//! TCP hands over each byte, in order, or says that the connection broke. One thing that Linux does
//! breaks this: where more clients connect than the backlog has room for, it answers with SYN
//! cookies, keeps nothing of them, and may take a later segment for the first. What was before it
//! counts as acknowledged, and no read returns it.

use super::written::Written;
use crate::event::{Event, Read};

/// Places behind this one are not tried: no segment is so long.
const FURTHEST: u64 = 1 << 16;

/// The offset of the first byte that these reads returned. `ended` says that they came to the end of
/// a stream that nothing broke: then all but the missing bytes were read.
pub(super) fn begin(reads: &[(usize, &Event, &Read)], written: &Written<'_>, ended: bool) -> u64 {
    let carried = reads.iter().map(|(_, call, _)| call.carried());
    let Some(unread) = written
        .end
        .checked_sub(carried.fold(0, u64::saturating_add))
    else {
        return 0;
    };
    let fits = |begin: &u64| {
        let mut at = *begin;
        reads.iter().all(|(_, call, read)| {
            let start = at;
            at = at.saturating_add(call.carried());
            written.agrees(start, &read.hex.0)
        })
    };
    if ended && fits(&unread) {
        return unread;
    }
    if fits(&0) {
        return 0;
    }
    let Some((.., first)) = reads.iter().find(|(.., read)| !read.hex.0.is_empty()) else {
        return 0;
    };
    let mut places =
        (1..=unread.min(FURTHEST)).filter(|begin| written.agrees(*begin, &first.hex.0));
    match (places.next(), places.next()) {
        (Some(only), None) if fits(&only) => only,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use crate::event::fixture::{call, recv, run, send};
    use crate::event::{Action, Event, Side, Transport};
    use crate::report::{self, Fate, Flow, Outcome};

    fn of(events: &[Event]) -> Flow {
        let run = run(Transport::Tcp, events);
        report::build(&run, true).flows.remove(0)
    }

    fn missing(events: &[Event]) -> (u64, bool) {
        let Flow { ranges, .. } = of(events);
        (ranges.missing, ranges.intact)
    }

    fn end() -> Event {
        recv(9, "")
    }

    #[test]
    fn bytes_that_never_came_are_missing_at_the_beginning() {
        let sent = [send("A", "5"), send("B", "l864")];
        let with = |rest: &[Event]| missing(&[&sent[..], rest].concat());
        assert_eq!(with(&[recv(9, "l86"), recv(9, "4"), end()]), (1, true));
        assert_eq!(with(&[recv(9, "l86")]), (1, true), "it fits nowhere else");
        assert_eq!(with(&[recv(9, "5l86"), recv(9, "4"), end()]), (0, true));
        assert_eq!(with(&[recv(9, "5l")]), (0, true), "not read to the end");
        assert_eq!(with(&[recv(9, "x")]), (0, false), "nobody wrote it");
        let all = [&sent[..], &[recv(9, "l864"), end()]].concat();
        let flow = of(&all);
        assert_eq!(flow.edges[0].fate, Fate::NotRead, "A never came");
        assert_eq!(flow.ranges.reads[0].start, 1);
        let outcome = report::build(&run(Transport::Tcp, all), true).outcome;
        assert_eq!(outcome, Outcome::Differs);
    }

    #[test]
    fn where_all_bytes_are_alike_only_the_end_of_the_stream_tells() {
        let sent = || send("A", "vvvvv");
        assert_eq!(missing(&[sent(), recv(9, "vvvv"), end()]), (1, true));
        assert_eq!(missing(&[sent(), recv(9, "vvvv")]), (0, true));
        // A reset takes what was still to come, and then the stream ends as well.
        let reset = recv(9, "").failed("ECONNRESET");
        let broken = [sent(), recv(9, "vvvv"), reset, end()];
        assert_eq!(missing(&broken), (0, true));
        let abort = call(Side::Client, Action::Abort);
        assert_eq!(missing(&[sent(), abort, recv(9, "vvvv"), end()]), (0, true));
        // Two places fit.
        assert_eq!(missing(&[send("A", "xabab"), recv(9, "ab")]), (0, false));
    }
}
