//! What was found out about a run, sentence by sentence; each form of output shows the same ones.

mod edges;
mod names;

pub(super) use names::{Names, edge_name};

use super::paint::{Ink, Line};
use super::words::{self, Otherwise};
use super::{View, safe, timeline};
use crate::event::{Action, Event, RunTrace};
use crate::lang::Lang;
use crate::report::{Fate, FileFate, Flow, Released, Report};

/// One finding: what it is about, and the sentence.
#[derive(Clone)]
pub(super) struct Finding {
    /// A message, an edge, a side; empty for one about the whole run.
    pub(super) about: Line,
    /// The sentence.
    pub(super) says: String,
    /// Its tone.
    pub(super) ink: Ink,
}

impl Finding {
    /// One about the whole run.
    pub(super) fn plain(says: impl Into<String>) -> Self {
        Self::new(Line::new(), says, Ink::Plain)
    }

    pub(super) fn new(about: Line, says: impl Into<String>, ink: Ink) -> Self {
        let says = says.into();
        Self { about, says, ink }
    }

    pub(super) fn about(self, name: impl AsRef<str>) -> Self {
        let about = Line::of(name, Ink::Strong);
        Self { about, ..self }
    }

    pub(super) fn ink(self, ink: Ink) -> Self {
        Self { ink, ..self }
    }
}

/// All that was found out, in the order in which it is read best.
pub(super) fn findings(run: &RunTrace, report: &Report, view: &View) -> Vec<Finding> {
    let mut found = Vec::new();
    for flow in &report.flows {
        if flow.files.is_empty() {
            found.extend(edges::cuts(flow, &run.events, view));
        }
        found.extend(edges::cut_datagrams(flow, &run.events, view));
        found.extend(edges::edges(flow, run, view));
        found.extend(taken(flow, &run.events, view));
        found.extend(parts(flow, view));
        let totals = totals(flow, run, report, view).into_iter();
        // With several directions each has its own sums.
        let several = report.flows.len() > 1;
        let name = several.then(|| words::direction(view.lang, flow.direction, run));
        found.extend(totals.map(|total| match &name {
            Some(name) => total.about(name),
            None => total,
        }));
        found.extend(files(flow, view));
    }
    if let Some(side) = run.unseen() {
        let says = words::another_program(view.lang);
        found.push(Finding::plain(says).about(words::side(view.lang, side)));
    }
    if run.unseen().is_none() && report.flows.iter().any(|flow| flow.unseen.is_some()) {
        found.push(Finding::plain(words::peers_not_recorded(view.lang)));
    }
    found.extend(wire(run, report, view));
    found.extend(failures(run, report, view));
    found
}

/// What is to be said of the capture itself, where it is not what it might be.
fn wire(run: &RunTrace, report: &Report, view: &View) -> Vec<Finding> {
    let lang = view.lang;
    let mut found = Vec::new();
    let over = run.transport;
    let otherwise = match () {
        () if !over.is_tcp() => Otherwise::NoSegments,
        () if report.flows.iter().any(|flow| flow.segments.are_known()) => Otherwise::Counted,
        () if view.has_evidence => Otherwise::Unproven,
        () => Otherwise::NotAsked,
    };
    let Some(capture) = run.capture else {
        if run.wire.is_some() {
            found.push(Finding::plain(words::not_watched(lang, otherwise)));
        }
        return found;
    };
    let again = report.wire.iter().filter(|sight| sight.again).count() as u64;
    if again > 0 {
        let says = words::sent_again(lang, again, capture.dropped == 0);
        found.push(Finding::plain(says));
    }
    if !capture.private {
        found.push(Finding::plain(words::on_the_host(lang)));
    }
    if capture.dropped > 0 {
        let says = words::missed(lang, capture.dropped, otherwise);
        found.push(Finding::plain(says).ink(Ink::Bad));
    }
    found
}

/// What became of the files of a direction, and of the directory that they went to.
fn files(flow: &Flow, view: &View) -> Vec<Finding> {
    let mut found = Vec::new();
    for file in &flow.files {
        let name = file.name.as_deref().unwrap_or_default();
        let ink = match file.fate {
            FileFate::Saved => Ink::Good,
            FileFate::None | FileFate::Removed => Ink::Plain,
            FileFate::Left | FileFate::Stray => Ink::Bad,
        };
        let came = Finding::plain(words::received(view.lang, file));
        found.push(came.about(safe::words(name)).ink(ink));
        if let Some(there) = &file.directory {
            found.push(Finding::plain(words::directory(view.lang, there)));
        }
    }
    shorten(found, view)
}

/// Of many findings of one kind the first few, and how many more there are.
fn shorten(found: impl IntoIterator<Item = Finding>, view: &View) -> Vec<Finding> {
    const MOST: usize = 6;
    let mut rest = found.into_iter();
    let mut found: Vec<Finding> = rest.by_ref().take(MOST).collect();
    let more = rest.count();
    if more > 0 {
        found.truncate(MOST - 1);
        let says = words::more_like_these(view.lang, more + 1);
        found.push(Finding::plain(says));
    }
    found
}

/// Messages of which a loop took too much or too little.
fn taken(flow: &Flow, events: &[Event], view: &View) -> Vec<Finding> {
    let wrong = flow.taken.iter().filter_map(|&i| match &events[i].action {
        Action::Loop(taken) if !taken.is_right() => {
            let says = Finding::plain(words::calls::after(&events[i], view.lang));
            let side = words::side(view.lang, events[i].side);
            Some(says.about(side).ink(Ink::Bad))
        }
        _ => None,
    });
    shorten(wrong, view)
}

/// Messages of which the kernel took only a part.
fn parts(flow: &Flow, view: &View) -> Vec<Finding> {
    let sent = flow.delivery.sent.iter().flatten();
    let parts = sent.filter(|sent| !sent.is_all_taken()).map(|sent| {
        let about = Line::of(sent.message.to_string(), Ink::Owner(sent.message));
        let says = words::part_taken(view.lang, sent.offered, sent.taken());
        Finding::new(about, says, Ink::Strong)
    });
    shorten(parts, view)
}

/// What went wrong beside the edges: loops that took too much or too little, refusals, failures.
pub(super) fn trouble(run: &RunTrace, report: &Report, view: &View) -> Vec<Finding> {
    let mut found = Vec::new();
    for flow in &report.flows {
        found.extend(taken(flow, &run.events, view));
        if let Some((_, error)) = &flow.refused {
            let says = words::reads::refused(view.lang, error);
            found.push(Finding::plain(says).ink(Ink::Bad));
        }
    }
    found.extend(failures(run, report, view));
    found.retain(|finding| finding.ink == Ink::Bad);
    found
}

/// How long bytes waited in the sender's kernel.
pub(super) fn held(flow: &Flow, run: &RunTrace, report: &Report, view: &View) -> Vec<Finding> {
    let Some((unsent @ 1.., event)) = flow.most_unsent else {
        return Vec::new();
    };
    let at = timeline::asked_at(report, &run.events[event]).unwrap_or_default();
    let says = words::waited(view.lang, flow.direction.from, unsent, &at);
    let mut found = vec![Finding::plain(says)];
    if let Some(Released { acked_us, left_us }) = flow.released
        && let Some(acked) = timeline::since(report, acked_us)
        && let Some(left) = timeline::since(report, left_us)
    {
        found.push(Finding::plain(words::released(view.lang, &acked, &left)));
    }
    found
}

fn totals(flow: &Flow, run: &RunTrace, report: &Report, view: &View) -> Vec<Finding> {
    let lang = view.lang;
    let sent = flow.ranges.writes.len() as u64;
    let may_drop = run.transport.may_drop();
    let mut found = held(flow, run, report, view);
    let mut says = match &flow.datagrams {
        Some(d) if may_drop => {
            let at_socket = d.at_socket.map(|(dropped, _)| dropped);
            words::datagrams(lang, [sent, d.received], d.dropped, at_socket)
        }
        Some(d) => words::records(lang, sent, d.received),
        None if !flow.has_writes() => words::only_received(lang, flow.bytes_received),
        None if !flow.has_reads() => words::only_sent(lang, flow.bytes_sent),
        None => words::totals(lang, flow.bytes_sent, flow.bytes_received),
    };
    let truncated = flow.datagrams.as_ref().and_then(|d| d.truncated);
    if let Some(gone @ 1..) = truncated {
        says += &words::cut_off(lang, gone);
    }
    if !flow.edges.is_empty() && flow.datagrams.is_none() {
        let count = |fate: Fate| flow.edges.iter().filter(|edge| edge.fate == fate).count();
        let (kept, not_recorded) = (count(Fate::Kept), count(Fate::NotRecorded));
        says += words::between_sentences(lang);
        says += &words::edges_kept(lang, kept, flow.edges.len(), not_recorded);
    }
    found.push(Finding::plain(says));
    found.extend(restored(flow, run, lang));
    if let Some((_, error)) = &flow.refused {
        let says = words::reads::refused(lang, error);
        found.push(Finding::plain(says).ink(Ink::Bad));
    }
    if let missing @ 1.. = flow.ranges.missing {
        found.push(Finding::plain(words::missing(lang, missing)).ink(Ink::Bad));
    }
    if !flow.ranges.intact {
        found.push(Finding::plain(words::contradicts_itself(lang)).ink(Ink::Bad));
    }
    found
}

/// What the frame decoder brought back, if one was at work.
fn restored(flow: &Flow, run: &RunTrace, lang: Lang) -> Option<Finding> {
    const MOST: usize = 3;
    let out = flow.decoded.as_ref()?.len();
    let sent = flow.delivery.sent.as_ref().map(Vec::len);
    let Some((whole, of)) = flow.delivery.whole().zip(sent) else {
        return Some(Finding::plain(words::came_out(lang, out)));
    };
    let all = flow.delivery.strangers().count();
    let strangers = flow.delivery.strangers().take(MOST);
    let named = strangers.filter_map(|got| flow.got_bytes(&run.events, got));
    let named: Vec<String> = named.map(|bytes| safe::quoted(&bytes, 24)).collect();
    let ink = match () {
        () if flow.delivery.all_came() && all == 0 => Ink::Good,
        () if all > 0 => Ink::Bad,
        () => Ink::Plain,
    };
    Some(Finding::plain(words::restored(lang, whole, of, &named, all)).ink(ink))
}

fn failures(run: &RunTrace, report: &Report, view: &View) -> Vec<Finding> {
    // A loop that failed has been spoken of with what it took.
    let told = |i: &&usize| !matches!(run.events[**i].action, Action::Loop(_));
    let failed = report.failed.iter().filter(told).map(|&i| {
        let event = &run.events[i];
        let error = event.error.as_deref().unwrap_or_default();
        let call = match &event.action {
            Action::Await { .. } | Action::Pause { .. } | Action::States { .. } => {
                format!("({}) ", words::calls::after(event, view.lang))
            }
            Action::Recv(_) | Action::Recvfrom(_) => words::calls::read_name(event) + " ",
            Action::Unpack { .. } | Action::Parse { .. } | Action::Decode { .. } => {
                words::calls::after(event, view.lang) + " "
            }
            Action::Command(_) => words::calls::command(event) + " ",
            action => action.name().to_string() + "() ",
        };
        let says = Finding::plain(call + &words::failure(view.lang, error));
        says.about(words::who(view.lang, event, run)).ink(Ink::Bad)
    });
    let mut found: Vec<Finding> = failed.collect();
    for (i, event) in run.events.iter().enumerate() {
        let refused = event.action.decoder().and_then(|it| it.refused.as_ref());
        let told = |flow: &Flow| matches!(flow.refused, Some((at, _)) if at == i);
        let says = match (&event.action, refused) {
            (Action::Undone(undone), _) => words::undone(view.lang, undone),
            (_, Some(error)) if !report.flows.iter().any(told) => {
                words::reads::refused(view.lang, error)
            }
            _ => continue,
        };
        found.push(Finding {
            about: Line::of(words::who(view.lang, event, run), Ink::Strong),
            says,
            ink: Ink::Bad,
        });
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::Transport::{self, Tcp, Udp};
    use crate::event::fixture::{self, recv, recvfrom, segment, send, sendto};
    use crate::event::{Capture, Packet, WireDetail};
    use crate::report;

    fn joined(findings: Vec<Finding>) -> String {
        let says: Vec<String> = findings.into_iter().map(|it| it.says).collect();
        says.join(" ")
    }

    /// What is said of the wire of a run that sent two bytes; a capture missed so many packets.
    fn of_wire(
        (transport, counted, has_evidence): (Transport, bool, bool),
        missed: Option<u64>,
        packets: Vec<Packet>,
    ) -> String {
        let capture = missed.map(|dropped| Capture {
            mtu: 1500,
            tells_segments: false,
            private: true,
            dropped,
        });
        let write = match transport {
            Udp => sendto("A", "aa"),
            _ if counted => send("A", "aa").counters(1, 0),
            _ => send("A", "aa"),
        };
        let run = RunTrace {
            wire: Some(WireDetail::Data),
            capture,
            packets,
            ..fixture::run(transport, [write])
        };
        let view = View {
            has_evidence,
            ..View::EN
        };
        joined(wire(&run, &report::build(&run, has_evidence), &view))
    }

    #[test]
    fn counters_are_named_only_where_they_say_something() {
        for missed in [None, Some(1)] {
            let of = |transport, counted, has_evidence| {
                of_wire((transport, counted, has_evidence), missed, vec![])
            };
            let by_counters = of(Tcp, true, true);
            assert!(!by_counters.contains("not known"), "{by_counters}");
            assert!(by_counters.contains("counters"), "{by_counters}");
            let silent = of(Tcp, false, true);
            assert!(silent.contains("counters prove nothing"), "{silent}");
            let nobody = of(Tcp, false, false);
            assert!(nobody.contains("no kernel was asked"), "{nobody}");
            assert!(!nobody.contains("counters"), "{nobody}");
            let datagram = of(Udp, false, true);
            let says = |word| datagram.contains(word);
            assert!(!says("counters") && !says("segment"), "{datagram}");
        }
    }

    fn about_edges(transport: Transport, events: &[Event]) -> String {
        let run = fixture::run(transport, events);
        joined(findings(&run, &report::build(&run, true), &View::EN))
    }

    #[test]
    fn a_datagram_that_was_cut_off_was_received_all_the_same() {
        // A datagram of two bytes and one of three, and a read of the first.
        let got = |bytes: &str, truncated| {
            let read = recvfrom(bytes.len() as u64, bytes).at(4, 5).read(|read| {
                (read.truncated, read.dropped) = (Some(truncated), Some(0));
            });
            about_edges(
                Udp,
                &[
                    sendto("A", "aa").at(0, 1),
                    sendto("B", "bbb").at(2, 3),
                    read,
                ],
            )
        };
        let neither = "neither datagram beside it was received";
        let unread = about_edges(Udp, &[sendto("A", "aa"), sendto("B", "bbb")]);
        assert!(unread.contains(neither));
        assert!(got("aa", 0).contains("kept"));
        let cut = got("a", 1);
        assert!(cut.contains("not seen:") && !cut.contains(neither), "{cut}");
    }

    #[test]
    fn an_edge_that_was_not_recorded_is_not_counted_as_lost() {
        let events = [
            send("A", "aa").at(0, 1),
            send("B", "bbb").at(2, 3),
            recv(4, "aabbb").calls(2).at(4, 5),
        ];
        let says = about_edges(Tcp, &events);
        let kept = "Edges kept: 0 of 1, 1 not recorded.";
        assert!(says.contains(kept), "{says}");
    }

    #[test]
    fn of_a_capture_with_holes_what_was_sent_again_is_the_least() {
        let of = |missed| {
            let packets = vec![segment(1, 0, 2), segment(2, 0, 2)];
            of_wire((Tcp, false, true), Some(missed), packets)
        };
        assert_eq!(of(0), "1 packet was sent again (retransmission).");
        let holes = of(1);
        assert!(holes.starts_with("At least 1 packet was"), "{holes}");
        assert!(holes.contains("missed 1 packet,"), "{holes}");
    }
}
