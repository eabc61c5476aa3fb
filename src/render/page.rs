//! The picture of a lab: what it asks, each run drawn, why it happens.

use super::claims;
use super::findings::{self, Finding};
use super::paint::{Ink, Line, columns};
use super::words::{group, page::Section};
use super::{View, finish, ruler, safe, timeline, words, wrap};
use crate::event::{Action, LabInfo, RunTrace};
use crate::frame::Part;
use crate::report::{Flow, Message, Report};

pub(super) const INDENT: usize = 2;
/// Text is not set wider than it reads well, however wide the terminal.
const MEASURE: usize = 96;

pub(super) fn indent(lines: Vec<Line>, by: usize) -> impl Iterator<Item = Line> {
    lines.into_iter().map(move |line| {
        let mut moved = Line::new();
        moved.pad_to(by).append(&line);
        moved
    })
}

pub(super) fn measure(view: &View) -> usize {
    view.width.min(MEASURE) - INDENT
}

/// The lab's title, its question and what to look at.
#[must_use]
pub fn opening(lab: &LabInfo, view: &View) -> String {
    let mut lines = title_and_question(lab, view);
    if let Some(text) = lab.texts.get(view.lang) {
        section(
            &mut lines,
            words::page::heading(view.lang, Section::Look),
            &text.look,
            view,
        );
    }
    finish(&lines, view)
}

/// The lab's title, and below it what it asks.
pub(super) fn title_and_question(lab: &LabInfo, view: &View) -> Vec<Line> {
    let mut lines = vec![title(lab, view)];
    if let Some(text) = lab.texts.get(view.lang)
        && !text.question.is_empty()
    {
        let question = wrap::marked(&safe::words(&text.question), measure(view));
        lines.extend(indent(question, INDENT));
    }
    lines
}

/// The lab's number and title.
pub(super) fn title(lab: &LabInfo, view: &View) -> Line {
    let text = lab
        .texts
        .get(view.lang)
        .filter(|text| !text.title.is_empty());
    let words = safe::words(text.map_or(&lab.slug, |text| &text.title));
    Line::of(
        format!("{} · {words}", words::page::lab_name(view.lang, lab.lab)),
        Ink::Strong,
    )
}

/// Paragraphs with a heading beside the first of them.
pub(super) fn section(lines: &mut Vec<Line>, heading: &str, paragraphs: &[String], view: &View) {
    if paragraphs.is_empty() {
        return;
    }
    lines.push(Line::new());
    let column = INDENT + HEADING;
    for (i, paragraph) in paragraphs.iter().enumerate() {
        let width = measure(view).saturating_sub(HEADING);
        for (j, wrapped) in wrap::marked(&safe::words(paragraph), width)
            .iter()
            .enumerate()
        {
            let mut line = Line::new();
            line.pad_to(INDENT);
            if i + j == 0 {
                line.put(heading, Ink::Strong);
            }
            line.pad_to(column).append(wrapped);
            lines.push(line);
        }
    }
}

/// The width of the headings that stand beside a text.
pub(super) const HEADING: usize = 8;

/// One run: what was sent, the timeline, the ruler, the findings.
#[must_use]
pub fn run(lab: &LabInfo, run: &RunTrace, report: &Report, view: &View) -> String {
    let mut lines = vec![Line::new(), rule(run, view)];
    let text = lab.texts.get(view.lang);
    if let Some(sentence) = text.and_then(|text| text.run(&run.name)) {
        lines.extend(indent(
            wrap::marked(&safe::words(sentence), measure(view)),
            INDENT,
        ));
    }
    lines.extend(indent(legend(run, report, view), INDENT));
    lines.push(Line::new());
    lines.extend(timeline::draw(run, report, view));
    if let Some(left_out) = timeline::packets_left_out(run, report, view) {
        let width = view.width.saturating_sub(INDENT);
        lines.extend(indent(wrap::text(&left_out, width, Ink::Plain), INDENT));
    }
    let mut out = finish(&lines, view);
    // There may be as many directions as calls, and a ruler is much longer than a call.
    for flow in &report.flows {
        out += &finish(&ruler_of(flow, run, report, view), view);
    }
    out += &finish(&[Line::new()], view);
    out += &finish(&verdicts(run, report, view), view);
    out
}

/// The rulers of all directions that carried bytes.
pub(super) fn rulers(run: &RunTrace, report: &Report, view: &View) -> Vec<Line> {
    let each = report.flows.iter();
    each.flat_map(|flow| ruler_of(flow, run, report, view))
        .collect()
}

/// The ruler of a direction, below its name where there are several.
fn ruler_of(flow: &Flow, run: &RunTrace, report: &Report, view: &View) -> Vec<Line> {
    let ruler = ruler::draw(flow, run, view);
    if ruler.is_empty() {
        return Vec::new();
    }
    let mut lines = vec![Line::new()];
    if report.flows.len() > 1 {
        let name = Line::of(
            words::direction(view.lang, flow.direction, run),
            Ink::Strong,
        );
        lines.extend(indent(vec![name], INDENT));
    }
    lines.extend(ruler);
    lines
}

/// What was found out, and how the run came out.
pub(super) fn verdicts(run: &RunTrace, report: &Report, view: &View) -> Vec<Line> {
    let mut lines = Vec::new();
    sentences(&mut lines, &findings::findings(run, report, view), view);
    sentences(&mut lines, &claims::outcome(run, report, view), view);
    lines
}

/// The line that parts the runs: the run's name, the transport, the address.
fn rule(run: &RunTrace, view: &View) -> Line {
    let mtu = run.capture.map_or_else(String::new, |capture| {
        format!(", MTU {}", group(capture.mtu))
    });
    let address = format!("{} {}{mtu}", run.transport, safe::words(&run.address));
    parting(&safe::words(&run.name), &address, view.width)
}

/// A line that parts what follows from what was before: a name, and what belongs to it.
pub(super) fn parting(name: &str, beside: &str, width: usize) -> Line {
    let mut line = Line::of("-- ", Ink::Plain);
    line.put(name, Ink::Strong).text(" ");
    let end = width.saturating_sub(columns(beside) + 1);
    while line.width() < end {
        line.text("-");
    }
    line.text(" ").text(beside);
    line
}

/// What each letter stands for.
pub(super) fn legend(run: &RunTrace, report: &Report, view: &View) -> Vec<Line> {
    const MOST: usize = 6;
    let messages: Vec<&Message> = report
        .flows
        .iter()
        .flat_map(|flow| &flow.ranges.messages)
        .collect();
    let (head, tail) = if messages.len() > MOST {
        (MOST - 2, 1)
    } else {
        (messages.len(), 0)
    };
    let mut entries: Vec<Line> = messages[..head]
        .iter()
        .map(|message| entry(run, message, view))
        .collect();
    if tail > 0 {
        let left_out = messages.len() - head - tail;
        let more = words::page::more_messages(view.lang, left_out);
        entries.push(Line::of(more, Ink::Plain));
        entries.extend(
            messages[messages.len() - tail..]
                .iter()
                .map(|message| entry(run, message, view)),
        );
    }
    // As many beside one another as there is room for.
    let mut lines: Vec<Line> = Vec::new();
    for entry in entries {
        match lines.last_mut() {
            Some(line) if line.width() + 3 + entry.width() <= view.width.saturating_sub(INDENT) => {
                line.text("   ").append(&entry);
            }
            _ => lines.push(entry),
        }
    }
    lines
}

fn entry(run: &RunTrace, message: &Message, view: &View) -> Line {
    let lang = view.lang;
    let mut line = Line::of(message.label.to_string(), Ink::Owner(message.label));
    let mut whole = Vec::new();
    // Where bytes are missing because the record has several calls in one event.
    let mut gap = None;
    let mut parts = Vec::new();
    for (i, &event) in message.writes.iter().enumerate() {
        let (Action::Send(write) | Action::Sendto(write)) = &run.events[event].action else {
            continue;
        };
        if run.events[event].calls > 1 {
            gap = Some(whole.len());
        }
        whole.extend_from_slice(&write.hex.0);
        if i == 0 {
            parts.clone_from(&write.layout);
        }
    }
    line.text(" = ");
    // The parts before the payload carry the mark that they have on the ruler.
    let mut skip = 0;
    for part in parts.iter().filter(|part| part.part != Part::Payload) {
        line.text(words::page::before_payload(lang, *part));
        skip = usize::try_from(part.bytes)
            .unwrap_or(usize::MAX)
            .saturating_add(skip);
    }
    let skip = skip.min(whole.len());
    line.text(match gap.map(|gap| whole.split_at(gap.max(skip))) {
        None => safe::quoted(&whole[skip..], 40),
        Some((head, tail)) => {
            let (head, tail) = (safe::quoted(&head[skip..], 18), safe::quoted(tail, 18));
            format!("{head} ... {tail}")
        }
    });
    if message.writes.len() > 1 {
        let n = message.writes.iter().map(|&event| run.events[event].calls);
        let n = n.fold(0, u64::saturating_add);
        line.text(words::page::in_writes(lang, n));
    }
    line
}

/// What somebody can choose from, each with its number.
pub(super) fn choices(choices: &[String], view: &View) -> Vec<Line> {
    const BESIDE: usize = INDENT + 4;
    let width = view.width.saturating_sub(BESIDE);
    let numbered = choices.iter().zip(1..).map(|(choice, n)| {
        let number = Line::of(n.to_string(), Ink::Strong);
        let says = wrap::text(choice, width, Ink::Plain);
        timeline::beside(&[(INDENT, vec![number]), (BESIDE, says)])
    });
    numbered.flatten().collect()
}

/// Findings, what they are about beside them.
pub(super) fn sentences(lines: &mut Vec<Line>, findings: &[Finding], view: &View) {
    let names = findings
        .iter()
        .map(|finding| finding.about.width())
        .max()
        .unwrap_or(0);
    let column = INDENT + if names == 0 { 0 } else { names + 2 };
    for finding in findings {
        let start = if finding.about.width() == 0 {
            INDENT
        } else {
            column
        };
        let wrapped = wrap::headed(&finding.says, view.width.saturating_sub(start), finding.ink);
        for (i, part) in wrapped.iter().enumerate() {
            let mut line = Line::new();
            line.pad_to(INDENT);
            if i == 0 {
                line.append(&finding.about);
            }
            line.pad_to(start).append(part);
            lines.push(line);
        }
    }
}

/// Why it happens, what to try next, the words for it.
#[must_use]
pub fn closing(lab: &LabInfo, view: &View) -> String {
    let Some(text) = lab.texts.get(view.lang) else {
        return String::new();
    };
    let mut lines = Vec::new();
    section(
        &mut lines,
        words::page::heading(view.lang, Section::Why),
        &text.why,
        view,
    );
    section(
        &mut lines,
        words::page::heading(view.lang, Section::Next),
        &text.next,
        view,
    );
    section(
        &mut lines,
        words::page::heading(view.lang, Section::Words),
        &text.words,
        view,
    );
    finish(&lines, view)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::report;

    /// What is said of a message written in several calls, of which the middle ones are one event.
    #[test]
    fn bytes_that_are_not_recorded_leave_a_gap_in_the_message() {
        let mut run = RunTrace::new("one", crate::event::Transport::Tcp);
        let write = |seq: u64, calls: u64, hex: &str, n: u64| {
            json!({ "seq": seq, "side": "client", "call_us": seq, "return_us": seq, "op": "send",
                    "calls": calls, "message": "A", "asked": 2, "returned": n, "hex": hex })
        };
        let says = |run: &RunTrace| {
            let report = report::build(run, true);
            legend(run, &report, &View::EN)[0].words()
        };
        let all = [
            write(0, 1, "6162", 2),
            write(1, 3, "", 6),
            write(2, 1, "797a", 2),
        ];
        run.events = serde_json::from_value(json!(all)).expect("events");
        assert_eq!(says(&run), r#"A = "ab" ... "yz" in 5 writes"#);
        run.events.remove(1);
        assert_eq!(says(&run), r#"A = "abyz" in 2 writes"#);
    }
}
