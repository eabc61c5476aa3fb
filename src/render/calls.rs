//! Socket calls as a line: `send(A) = 5`, `recv(10) = 8`.

use super::notes::decoder_notes;
use super::paint::{Ink, Line};
use super::safe;
use super::words::calls::{Empty, command, file_call, made_of, option_value, read_name};
use super::words::{self, group};
use crate::event::{Action, Event, OUT_OF_RANGE, RunTrace, Taken, Write};
use crate::lang::Lang;
use crate::report::{Note, Report};

/// The call as a line.
pub(super) fn line(event: &Event, note: &Note, report: &Report) -> Line {
    let mut line = Line::new();
    match &event.action {
        Action::Send(write) | Action::Sendto(write) => {
            line.text(event.action.name()).text("(");
            line.append(&written(write, note, report));
            line.text(")").text(times(event));
            if let Some(n) = write.returned {
                line.text(format!(" = {n}"));
            }
        }
        Action::Recv(read) | Action::Recvfrom(read) => {
            line.text(read_name(event)).text(times(event));
            if let Some(n) = read.returned {
                line.text(format!(" = {n}"));
            }
        }
        Action::Setsockopt { option, value } => {
            line.text(format!(
                "{} = {}",
                safe::words(option),
                option_value(option, *value)
            ));
        }
        Action::Connect { peer, .. } | Action::Accept { peer } => {
            line.text(format!("{}({})", event.action.name(), safe::words(peer)));
        }
        Action::Bind { address } => {
            line.text(format!("bind({})", safe::words(address)));
        }
        Action::Listen { backlog } => {
            line.text(format!("listen({backlog})"));
        }
        Action::Pack { layout, value, .. } => {
            line.text(format!("pack('{layout}', {value})"));
        }
        Action::Unpack { .. } | Action::Parse { .. } | Action::Decode { .. } => {
            line.text(made_of(&event.action));
        }
        Action::Command(_) => {
            line.text(command(event));
        }
        Action::StopListening => {
            line.text("close(listener)");
        }
        Action::Shutdown | Action::Close | Action::Abort => {
            line.text(format!("{}()", event.action.name()));
        }
        Action::Open { .. }
        | Action::WriteFile { .. }
        | Action::Rename { .. }
        | Action::Unlink { .. } => {
            line.text(file_call(&event.action));
        }
        Action::Readdir { .. } => {
            line.text("readdir()");
        }
        // A step with no call of its own is a note without a head.
        Action::Pause { .. }
        | Action::Await { .. }
        | Action::Signal { .. }
        | Action::States { .. }
        | Action::Loop(_)
        | Action::Decoder(_)
        | Action::Undone(_) => {}
    }
    line
}

/// How many calls are told in one, if it is more than one.
fn times(event: &Event) -> String {
    if event.calls > 1 {
        format!(" x {}", group(event.calls))
    } else {
        String::new()
    }
}

/// What a write wrote: the message, or the slice of it that went with this write.
fn written(write: &Write, note: &Note, report: &Report) -> Line {
    let mut line = Line::of(write.message.to_string(), Ink::Owner(write.message));
    let pieces = note.flow.and_then(|flow| {
        let messages = &report.flows[flow].ranges.messages;
        let place = messages
            .binary_search_by_key(&write.message, |message| message.label)
            .ok()?;
        Some(messages[place].writes.len())
    });
    if let (Some(2..), Some((_, from, to))) = (pieces, note.owners.first()) {
        line.text(format!("[{from}:{to}]"));
    }
    line
}

/// Whether a loop took what it should have.
pub(super) fn taken_ink(taken: &Taken) -> Ink {
    if taken.is_right() {
        Ink::Good
    } else {
        Ink::Bad
    }
}

/// What is to be said below the call, whatever it is.
pub(super) fn notes(event: &Event, run: &RunTrace, lang: Lang) -> Vec<(String, Ink)> {
    let mut notes = Vec::new();
    let keeps_edges = run.transport.keeps_edges();
    match &event.action {
        Action::Send(write) | Action::Sendto(write) if write.returned == Some(0) => {
            let goes = match &event.action {
                Action::Sendto(_) => Empty::Datagram,
                _ if keeps_edges => Empty::Message,
                _ => Empty::Nothing,
            };
            notes.push((words::calls::empty_write(lang, goes), Ink::Plain));
        }
        // What is folded offers again in each call what the one before did not take.
        Action::Send(write)
            if event.calls == 1 && write.returned.is_some_and(|n| n < write.asked) =>
        {
            let taken = write.returned.unwrap_or_default();
            notes.push((words::part_taken(lang, write.asked, taken), Ink::Strong));
        }
        Action::Abort => notes.push((words::calls::with_a_reset(lang).into(), Ink::Plain)),
        // What is wrong with it stands there already.
        Action::Loop(taken) => {
            notes.push((words::calls::after(event, lang), taken_ink(taken)));
            return notes;
        }
        Action::Decoder(decoder) => notes.extend(decoder_notes(decoder, false, lang)),
        Action::Command(command) => {
            let ink = if command.argv.is_empty() {
                Ink::Bad
            } else {
                Ink::Plain
            };
            notes.extend(words::calls::ran(lang, command).map(|says| (says, ink)));
            if let Some(pipe) = command.stderr {
                notes.push((words::calls::full_pipe(lang, pipe), Ink::Plain));
            }
        }
        Action::Pack { layout, hex, .. } if event.error.is_none() => {
            let digits: Vec<String> = hex.0.iter().map(|byte| format!("{byte:02x}")).collect();
            notes.push((format!("= {} ({layout})", digits.join(" ")), Ink::Plain));
        }
        Action::Pack { layout, .. } if event.error.as_deref() == Some(OUT_OF_RANGE) => {
            notes.push((words::calls::does_not_fit(lang, *layout), Ink::Bad));
            return notes;
        }
        Action::Readdir { files: there } => {
            notes.push((words::directory(lang, there), Ink::Plain));
        }
        _ => {}
    }
    if event.conn == 0 {
        notes.push((words::calls::nobody_of_the_run(lang).into(), Ink::Plain));
    }
    if event.calls > 1 && event.carried() > 0 {
        notes.push((words::calls::bytes_not_recorded(lang).into(), Ink::Plain));
    }
    if let Some(error) = &event.error {
        notes.push((words::failure(lang, error), Ink::Bad));
    }
    notes
}
