//! What each letter of a picture stands for.

use super::page::INDENT;
use super::paint::{Ink, Line};
use super::words;
use super::{View, safe};
use crate::event::RunTrace;
use crate::frame::Part;
use crate::report::{Message, Report};

/// What each letter stands for.
pub(super) fn draw(run: &RunTrace, report: &Report, view: &View) -> Vec<Line> {
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
        let Some(write) = run.events[event].action.write() else {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::fixture::{run, send};
    use crate::report;

    /// What is said of a message written in several calls, of which the middle ones are one event.
    #[test]
    fn bytes_that_are_not_recorded_leave_a_gap_in_the_message() {
        let says = |writes: &[_]| {
            let run = run(crate::event::Transport::Tcp, writes);
            draw(&run, &report::build(&run, true), &View::EN)[0].words()
        };
        let between = send("A", "cdefgh").calls(3).at(1, 1);
        let (first, last) = (send("A", "ab"), send("A", "yz").at(2, 2));
        let both = [first.clone(), last.clone()];
        assert_eq!(says(&both), r#"A = "abyz" in 2 writes"#);
        assert_eq!(
            says(&[first, between, last]),
            r#"A = "ab" ... "yz" in 5 writes"#
        );
    }
}
