//! A run as facts: what happened, event by event.

use std::iter;

use super::highlights::Highlights;
use super::timeline::TimelineItem;
use super::words::Counted;
use super::{View, calls, notes, safe, timeline, words};
use crate::event::{Action, Bytes, Event, RunTrace};
use crate::report::{self, Report};

/// What happened in a run, and what was counted: each fact is made when its turn comes.
pub(super) fn of<'a>(
    run: &'a RunTrace,
    report: &'a Report,
    view: View,
) -> impl Iterator<Item = String> + 'a {
    let highlights = Highlights::of(report);
    let all = timeline::among(0..run.events.len(), |i| *i, run, report, &view);
    let facts = all.into_iter().map(move |item| match item {
        TimelineItem::Call(i) => fact(run, i, report, &highlights, &view),
        TimelineItem::Packet(i) => packet(run, i, report, &view),
    });
    facts.chain(iter::once_with(move || sums(run, report, &view)).flatten())
}

/// How many calls there were in each direction.
fn sums(run: &RunTrace, report: &Report, view: &View) -> Vec<String> {
    let lang = view.lang;
    let mut lines = Vec::new();
    lines.extend(timeline::packets_left_out(run, report, view));
    for flow in &report.flows {
        let mut counted = vec![words::count(
            lang,
            Counted::Writes,
            flow.has_writes()
                .then(|| report::calls(&flow.ranges.writes)),
        )];
        if run.transport.is_tcp() {
            counted.push(words::count(lang, Counted::Segments, flow.segments.count));
        }
        counted.push(words::count(
            lang,
            Counted::Recvs,
            flow.has_reads().then(|| report::calls(&flow.ranges.reads)),
        ));
        let counted = words::list::parts(lang, counted);
        let direction = words::direction(lang, flow.direction, run);
        lines.push(format!("{direction}: {counted}"));
    }
    lines
}

/// What happened in a run, event by event.
pub(super) fn events(run: &RunTrace, report: &Report, view: &View) -> Vec<String> {
    let highlights = Highlights::of(report);
    let events = 0..run.events.len();
    events
        .map(|at| fact(run, at, report, &highlights, view))
        .collect()
}

fn packet(run: &RunTrace, i: usize, report: &Report, view: &View) -> String {
    let packet = &run.packets[i];
    let mut said: Vec<String> = timeline::since(report, packet.at_us).into_iter().collect();
    said.extend(timeline::packet_fact(run, packet, &report.wire[i], view));
    words::list::parts(view.lang, said)
}

/// The bytes of a call; of several in one event the record has none.
fn bytes(event: &Event, hex: &Bytes) -> Option<String> {
    (event.calls == 1).then(|| safe::quoted(&hex.0, 60))
}

fn fact(
    run: &RunTrace,
    at: usize,
    report: &Report,
    highlights: &Highlights<'_>,
    view: &View,
) -> String {
    let (event, note) = (&run.events[at], &report.notes[at]);
    let lang = view.lang;
    let mut said = Vec::new();
    if let Some(at) = timeline::at(report, event) {
        said.push(at);
    }
    let call =
        words::calls::step(lang, event).unwrap_or_else(|| calls::line(event, note, report).words());
    said.push(
        format!("{} {}", words::who(lang, event, run), call.trim_start())
            .trim_end()
            .into(),
    );
    match &event.action {
        Action::Send(write) | Action::Sendto(write) => said.extend(bytes(event, &write.hex)),
        Action::Recv(read) | Action::Recvfrom(read) => {
            said.extend(bytes(event, &read.hex));
            let owners: Vec<String> = note
                .owners
                .iter()
                .map(|(label, from, to)| format!("{label}[{from}:{to}]"))
                .collect();
            if !owners.is_empty() {
                said.push(words::reads::from(lang, &owners.join(" ")));
            }
            said.extend(
                notes::read_notes(read, run, view)
                    .into_iter()
                    .map(|(text, _)| text),
            );
        }
        Action::Open {
            target: Some(target),
            ..
        } => said.push(words::calls::to_be_called(lang, target)),
        _ => {}
    }
    let notes = calls::notes(event, run, lang).into_iter();
    said.extend(notes.map(|(text, _)| text));
    said.extend(highlights.says(at, lang).map(|(text, _)| text));
    said.extend(
        event
            .kernel
            .as_deref()
            .map(|kernel| words::calls::kernel(lang, *kernel)),
    );
    words::list::parts(lang, said)
}
