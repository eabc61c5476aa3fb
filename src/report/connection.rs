//! What a run recorded of one connection.

use std::collections::BTreeMap;

use crate::event::{Action, Event, Packet, Retransmitted, RunTrace, Side};

/// Calls of a run, each with its place in it.
pub(super) type Calls<'a> = [(usize, &'a Event)];

/// The calls on one connection, each with its place in the run, and its packets. Whoever asks what
/// became of a connection would otherwise go through the whole run for each.
#[derive(Default)]
pub(super) struct ConnectionTrace<'a> {
    pub(super) calls: Vec<(usize, &'a Event)>,
    pub(super) packets: Vec<&'a Packet>,
    /// The side of whose calls the record does not say what they were to this connection.
    pub(super) unseen: Option<Side>,
    /// Whether the looks at the senders of the run tell of all that was sent again in it.
    pub(super) tells_all_sent_again: bool,
    /// The server's one socket for all clients, where there are no connections.
    pub(super) shared: Option<Shared>,
}

/// What all clients together sent to a server's one socket, and what became of it.
#[derive(Clone, Copy, Default)]
pub(super) struct Shared {
    pub(super) sent: u64,
    pub(super) received: u64,
    /// The kernel's count of drops, with the last read that told it.
    pub(super) dropped: Option<(u64, usize)>,
    /// Whether a datagram was in the queue after that read.
    pub(super) has_next: bool,
    /// Whose it was, and how long, if of all that were not read only one is as long.
    pub(super) next: Option<(u32, u64)>,
    /// Whether all of them came from one client. What a stranger sends is known only if it is read.
    pub(super) is_one_clients: bool,
    pub(super) has_strangers: bool,
}

impl Shared {
    fn of(run: &RunTrace) -> Self {
        let mut all = Self::default();
        let mut next = None;
        for (i, event) in run.events.iter().enumerate() {
            match (event.side, event.action.read(), event.action.write()) {
                (Side::Client, _, Some(write)) if write.returned.is_some() => all.sent += 1,
                (Side::Server, Some(read), _) if read.returned.is_some() => {
                    all.received += 1;
                    all.has_strangers |= event.conn == 0;
                    all.dropped = read.dropped.map(|dropped| (dropped, i)).or(all.dropped);
                    next = read.next.filter(|length| *length > 0);
                }
                _ => {}
            }
        }
        all.has_next = next.is_some();
        all.next = next.and_then(|length| Some((only_unread(run, length)?, length)));
        all.is_one_clients = run.clients <= 1 && !all.has_strangers;
        all
    }

    /// Whether received, dropped and in the queue together are all that were sent, and it is known
    /// whose is in the queue.
    pub(super) fn accounts_for_all(&self) -> bool {
        let met = |dropped| {
            let known = self.received.saturating_add(dropped);
            known.saturating_add(self.has_next.into()) == self.sent
        };
        !self.has_strangers
            && self.has_next == self.next.is_some()
            && self.dropped.is_some_and(|(dropped, _)| met(dropped))
    }
}

/// Whose datagram of this length was not read, if there is only one.
fn only_unread(run: &RunTrace, length: u64) -> Option<u32> {
    let mut unread: BTreeMap<u32, i64> = BTreeMap::new();
    for event in &run.events {
        let of = match (event.side, event.action.read(), event.action.write()) {
            (Side::Client, _, Some(write)) if write.returned == Some(length) => 1,
            (Side::Server, Some(read), _) => {
                let all = read.returned.zip(read.truncated);
                -i64::from(all.is_some_and(|(got, cut)| got.saturating_add(cut) == length))
            }
            _ => 0,
        };
        *unread.entry(event.conn).or_default() += of;
    }
    let mut left = unread.into_iter().filter(|(_, n)| *n != 0);
    match (left.next(), left.next()) {
        (Some((conn, 1)), None) => Some(conn),
        _ => None,
    }
}

/// The side of whose calls it is not known what they were to each connection: another program, or
/// a server of several clients whose record does not name the peer of each datagram.
pub(super) fn unseen(run: &RunTrace) -> Option<Side> {
    let names_none = |event: &Event| match &event.action {
        Action::Recvfrom(read) => read.returned.is_some() && read.peer.is_none(),
        Action::Sendto(write) => write.peer.is_none(),
        _ => false,
    };
    let server = |event: &Event| event.side == Side::Server && names_none(event);
    let is_lost = !run.transport.has_connections() && run.clients > 1;
    let lost = || is_lost && run.events.iter().any(server);
    run.unseen().or_else(|| lost().then_some(Side::Server))
}

/// Whether after the last look at each sender nothing was sent again: nothing was left to be, or all
/// that was sent again in the network during the run is what the looks showed.
fn tells_all_sent_again(run: &RunTrace) -> bool {
    if run.is_all_acknowledged() {
        return true;
    }
    let Some(Retransmitted { before, after }) = run.retransmitted else {
        return false;
    };
    let mut seen: BTreeMap<_, u64> = BTreeMap::new();
    for event in &run.events {
        let looks = event.kernel.iter().map(|look| look.retransmitted);
        let stamps = event.stamps.iter().map(|stamp| stamp.retransmitted);
        if let Some(most) = looks.chain(stamps).max() {
            let own = seen.entry((event.conn, event.side)).or_default();
            *own = most.max(*own);
        }
    }
    let seen = seen.into_values().fold(0, u64::saturating_add);
    after.checked_sub(before) == Some(seen)
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
        let unseen = unseen(run);
        let tells_all = tells_all_sent_again(run);
        let shared = (!run.transport.has_connections()).then(|| Shared::of(run));
        for of in all.values_mut() {
            (of.unseen, of.shared) = (unseen, shared);
            of.tells_all_sent_again = tells_all;
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::fixture::{self, recvfrom, sendto};
    use crate::event::{SenderState, Transport};
    use crate::report::{self, Direction, Flow, Outcome, Report};

    /// Two clients, at the addresses `one` and `two`, and a server that has read like this.
    fn built(events: impl Into<Vec<Event>>) -> (RunTrace, Report) {
        let run = RunTrace {
            clients: 2,
            ..fixture::run(Transport::Udp, events)
        };
        let report = report::build(&run, true);
        (run, report)
    }

    fn got(bytes: &str, peer: &str, conn: u32, dropped: u64) -> Event {
        let read = recvfrom(100, bytes).peer(peer).on(conn).at(30, 31);
        read.read(|read| (read.truncated, read.dropped) = (Some(0), Some(dropped)))
    }

    /// Of each client's datagrams: how many came, how many were dropped, and which.
    fn fates(report: &Report) -> Vec<(u64, Option<u64>, Vec<usize>)> {
        let from = report
            .flows
            .iter()
            .filter(|flow| flow.direction.from == Side::Client);
        from.map(|flow| {
            let of = flow.datagrams.as_ref().expect("datagrams");
            (of.received, of.dropped, of.gone.clone())
        })
        .collect()
    }

    #[test]
    fn a_datagram_has_the_owner_that_its_address_says() {
        let (_, report) = built([
            sendto("A", "hi").on(2).at(1, 2),
            sendto("B", "hi").at(3, 4),
            got("hi", "two", 2, 0),
        ]);
        let owner = report.notes[2].owners.first().expect("an owner").0;
        assert_eq!(owner.to_string(), "A");
        assert_eq!(fates(&report), [(0, Some(0), vec![]), (1, Some(0), vec![])]);
        assert!(report.flows.iter().all(|flow| flow.ranges.intact));
    }

    #[test]
    fn whose_the_dropped_ones_were_is_said_only_if_all_are_accounted_for() {
        let sent = [
            sendto("A", "one").at(1, 2),
            sendto("B", "zz").on(2).at(3, 4),
            sendto("C", "two").at(5, 6),
        ];
        let with = |reads: &[Event]| built([&sent, reads].concat()).1;
        let report = with(&[got("one", "one", 1, 1)]);
        assert_eq!(fates(&report), [(1, None, vec![]), (0, None, vec![])]);
        let held = |report: &Report| report.notes.last().expect("a note").in_kernel;
        assert_eq!(held(&report), None, "one lies there, or none");
        let report = with(&[got("one", "one", 1, 1), got("two", "one", 1, 1)]);
        assert_eq!(
            fates(&report),
            [(2, Some(0), vec![]), (0, Some(1), vec![0])]
        );
        let held = held(&report).expect("known");
        assert_eq!((held.from, held.to), (2, 2));
        // Somebody else's may be among those that were dropped.
        let report = with(&[got("?", "stranger", 0, 3)]);
        assert_eq!(fates(&report), [(0, None, vec![]), (0, None, vec![])]);
    }

    #[test]
    fn what_lies_in_the_queue_was_not_dropped() {
        let with = |last: &str, next: u64| {
            built([
                sendto("A", "one").at(1, 2),
                sendto("B", "zzzz").on(2).at(3, 4),
                sendto("C", last).at(5, 6),
                got("one", "one", 1, 1).read(|read| read.next = Some(next)),
            ])
            .1
        };
        let report = with("two", 3);
        assert_eq!(
            fates(&report),
            [(1, Some(0), vec![]), (0, Some(1), vec![0])]
        );
        let held = report.notes[3].in_kernel.expect("known");
        assert_eq!((held.from, held.to), (1, 2));
        let other = with("two", 4);
        assert_eq!(fates(&other), [(1, Some(1), vec![1]), (0, Some(0), vec![])]);
        // As long as another, or as none: nobody knows whose it is.
        for open in [with("four", 4), with("two", 9), with("two", 0)] {
            assert_eq!(fates(&open), [(1, None, vec![]), (0, None, vec![])]);
        }
    }

    #[test]
    fn what_was_sent_after_the_last_count_may_have_been_dropped() {
        let late = |us| sendto("B", "late").at(us, us + 1);
        let (_, report) = built([
            sendto("A", "one").at(1, 2),
            got("one", "one", 1, 0),
            late(40),
        ]);
        let held: Vec<_> = report
            .notes
            .iter()
            .map(|note| note.in_kernel.is_some())
            .collect();
        assert_eq!(held, [true, true, false]);
    }

    #[test]
    fn a_record_without_addresses_says_less_and_nothing_wrong() {
        let nameless = |bytes| recvfrom(100, bytes).at(30, 31);
        let (mut run, report) = built([
            sendto("A", "one").at(1, 2),
            sendto("B", "two").on(2).at(3, 4),
            nameless("one"),
            nameless("two"),
            sendto("a", "yes").at(40, 41),
            recvfrom(9, "yes").by(Side::Client).on(2).at(50, 51),
        ]);
        assert_eq!(unseen(&run), Some(Side::Server));
        assert_eq!(report.outcome, Outcome::AsExpected);
        for flow in &report.flows {
            assert!(flow.ranges.intact && flow.datagrams.is_none() && flow.edges.is_empty());
            assert_eq!(flow.has_reads(), flow.direction.from == Side::Server);
            assert_eq!(flow.has_writes(), flow.direction.from == Side::Client);
        }
        let answer = Direction {
            conn: 2,
            from: Side::Server,
        };
        assert!(Flow::of(&report.flows, answer).is_some());
        assert!(
            report.notes[2..]
                .iter()
                .all(|note| note.owners.is_empty() && note.in_kernel.is_none())
        );
        // Nor is any claim of them met, or not met.
        run.claims.recv_count = serde_json::from_str("0").expect("a count");
        assert_eq!(report::build(&run, true).outcome, Outcome::Unconfirmed);
        // Of one client each datagram can only be that client's.
        run.clients = 1;
        assert_eq!(unseen(&run), None);
    }

    #[test]
    fn all_that_was_sent_again_is_told_if_the_looks_at_the_senders_add_up_to_it() {
        let look = |side, retransmitted| {
            let state = SenderState {
                retransmitted,
                unacked: 2,
                ..SenderState::default()
            };
            let event = fixture::send("A", "hi").by(side);
            Event {
                kernel: Some(Box::new(state)),
                ..event
            }
        };
        let tells_all = |retransmitted| {
            // Each look tells of all until then.
            let [client, server] = Side::BOTH;
            let looks = [look(client, 1), look(client, 3), look(server, 2)];
            let run = RunTrace {
                retransmitted,
                ..fixture::run(Transport::Tcp, looks)
            };
            tells_all_sent_again(&run)
        };
        let counted = |before, after| Some(Retransmitted { before, after });
        assert!(tells_all(counted(10, 15)));
        for other in [counted(10, 16), counted(10, 14), counted(10, 9), None] {
            assert!(!tells_all(other), "{other:?}");
        }
    }
}
