//! The linear form: one fact a line, no columns, for screen readers and `grep`.

use std::iter;

use super::claims;
use super::findings::{self, Finding};
use super::highlights::Highlights;
use super::paint::Ink;
use super::timeline::TimelineItem;
use super::words::{Counted, page::Section};
use super::{Colour, NARROWEST, View, calls, safe, timeline, words, wrap};
use crate::event::{Action, Bytes, Event, LabInfo, RunTrace};
use crate::report::{self, Report};

/// A fact a line. Only where they stand in for pictures, in a narrow window, a fact takes as many
/// lines as its words need.
pub(super) fn finish<T: AsRef<str>>(lines: impl IntoIterator<Item = T>, view: &View) -> String {
    let mut out = String::new();
    for line in lines {
        let line = line.as_ref();
        if view.width < NARROWEST {
            for part in wrap::text(line.trim_end(), view.width, Ink::Plain) {
                part.write(&mut out, Colour::None);
            }
            continue;
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
    if view.ascii { safe::ascii(&out) } else { out }
}

/// A text without its marks, safe to print.
pub(super) fn unmarked(text: &str) -> String {
    safe::words(&text.replace('`', "").replace("**", ""))
}

fn section(lines: &mut Vec<String>, section: Section, paragraphs: &[String], view: &View) {
    let label = words::page::label(view.lang, section);
    let paragraphs = paragraphs.iter();
    lines.extend(paragraphs.map(|paragraph| format!("{label}: {}", unmarked(paragraph))));
}

/// The lab's number and title.
pub(super) fn title(lab: &LabInfo, view: &View) -> String {
    let text = lab
        .texts
        .get(view.lang)
        .filter(|text| !text.title.is_empty());
    let title = text.map_or(&lab.slug, |text| &text.title);
    format!(
        "{}: {}",
        words::page::lab_name(view.lang, lab.lab),
        unmarked(title)
    )
}

/// The lab's title, and what it asks.
pub(super) fn title_and_question(lab: &LabInfo, view: &View) -> Vec<String> {
    let mut facts = vec![title(lab, view)];
    if let Some(text) = lab.texts.get(view.lang)
        && !text.question.is_empty()
    {
        let question = unmarked(&text.question);
        facts.push(words::page::question(view.lang, &question));
    }
    facts
}

/// The lab's title, its question and what to look at.
#[must_use]
pub fn plain_opening(lab: &LabInfo, view: &View) -> String {
    let mut lines = title_and_question(lab, view);
    if let Some(text) = lab.texts.get(view.lang) {
        section(&mut lines, Section::Look, &text.look, view);
    }
    finish(&lines, view)
}

/// Why it happens, what to try next, the words for it.
#[must_use]
pub fn plain_closing(lab: &LabInfo, view: &View) -> String {
    let Some(text) = lab.texts.get(view.lang) else {
        return String::new();
    };
    let mut lines = Vec::new();
    section(&mut lines, Section::Why, &text.why, view);
    section(&mut lines, Section::Next, &text.next, view);
    section(&mut lines, Section::Words, &text.words, view);
    finish(&lines, view)
}

/// One run, event by event, then what was found out.
#[must_use]
pub fn plain_run(lab: &LabInfo, run: &RunTrace, report: &Report, view: &View) -> String {
    let lang = view.lang;
    let name = safe::words(&run.name);
    let address = safe::words(&run.address);
    let beside = format!("{} {address}", run.transport);
    let mut lines = vec![words::page::run(lang, &name, &beside)];
    if let Some(sentence) = lab.texts.get(lang).and_then(|text| text.run(&run.name)) {
        lines.push(format!("{name}: {}", unmarked(sentence)));
    }
    let facts = facts(run, report, view);
    let facts = facts.map(|fact| format!("{name}: {fact}"));
    finish(lines.into_iter().chain(facts), view)
}

/// What happened in a run, event by event, and what was found out: each fact is made when its turn
/// comes, for a long run has many.
pub(super) fn facts<'a>(
    run: &'a RunTrace,
    report: &'a Report,
    view: &'a View,
) -> impl Iterator<Item = String> {
    let highlights = Highlights::of(report);
    let all = timeline::among(0..run.events.len(), |i| *i, run, report, view);
    let facts = all.into_iter().map(move |item| match item {
        TimelineItem::Call(i) => fact(run, i, report, &highlights, view),
        TimelineItem::Packet(i) => packet(run, i, report, view),
    });
    facts
        .chain(iter::once_with(|| sums(run, report, view)).flatten())
        .chain(iter::once_with(|| verdicts(run, report, view)).flatten())
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

/// What was found out, and how the run came out.
pub(super) fn verdicts(run: &RunTrace, report: &Report, view: &View) -> Vec<String> {
    let found = findings::findings(run, report, view);
    let outcome = claims::outcome(run, report, view);
    found.iter().chain(&outcome).map(sentence).collect()
}

fn sentence(finding: &Finding) -> String {
    let about = finding.about.words();
    if about.is_empty() {
        finding.says.clone()
    } else {
        format!("{about}: {}", finding.says)
    }
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
                timeline::read_notes(read, run, view)
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
            .map(|kernel| words::calls::kernel(lang, kernel)),
    );
    words::list::parts(lang, said)
}
