//! Socket calls as a line: `send(A) = 5`, `recv(10) = 8`.

use super::paint::{Ink, Line};
use super::safe;
use super::words::{self, group, pick};
use crate::event::{Action, Command, Event, FullPipe, OUT_OF_RANGE, Place, RunTrace, Taken, Write};
use crate::lang::Lang;
use crate::report::{Note, Report};
use crate::text::Encoding;

/// A read as it is named in a sentence: `recv(10)`.
pub(super) fn read_name(event: &Event) -> String {
    match &event.action {
        Action::Recv(read) | Action::Recvfrom(read) => {
            format!("{}({})", event.action.name(), read.asked)
        }
        action => format!("{}()", action.name()),
    }
}

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
            line.text(format!("{} = {value}", safe::words(option)));
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
        | Action::Loop(_) => {}
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

/// A call to the file system.
fn file_call(action: &Action) -> String {
    let name = action.name();
    match action {
        Action::Open { path, .. } | Action::WriteFile { path } | Action::Unlink { path } => {
            format!("{name}({})", safe::words(path))
        }
        Action::Rename { from, to } => {
            format!("{name}({}, {})", safe::words(from), safe::words(to))
        }
        _ => format!("{name}()"),
    }
}

/// A command as it came.
pub(super) fn command(event: &Event) -> String {
    let name = match &event.action {
        Action::Command(command) => {
            let text = command.name.as_ref().map(String::as_bytes);
            safe::quoted(text.unwrap_or(&command.hex.0), 40)
        }
        action => action.name().into(),
    };
    format!("command {name}")
}

/// What a program made of the message in hand: `unpack('<i') = 1500`.
fn made_of(action: &Action) -> String {
    let (call, result) = match action {
        Action::Unpack { layout, value, .. } => (
            format!("unpack('{layout}')"),
            value.as_ref().map(ToString::to_string),
        ),
        Action::Parse { place, value, .. } => (
            match place {
                Place::Form(form) => {
                    format!("parse({})", safe::quoted(form.as_str().as_bytes(), 40))
                }
                Place::Key(key) => format!("json.loads()[{}]", safe::quoted(key.as_bytes(), 40)),
            },
            value.map(|value| value.to_string()),
        ),
        Action::Decode { encoding, text, .. } => (
            match encoding {
                Encoding::Utf8 => "decode('utf-8')".into(),
                Encoding::Gbk => "decode('gbk')".into(),
            },
            text.as_ref().map(|text| safe::quoted(text.as_bytes(), 40)),
        ),
        action => (format!("{}()", action.name()), None),
    };
    match result {
        Some(result) => format!("{call} = {result}"),
        None => call,
    }
}

/// What a write wrote: the message, or the slice of it that went with this write.
fn written(write: &Write, note: &Note, report: &Report) -> Line {
    let mut line = Line::of(write.message.to_string(), Ink::Owner(write.message));
    let pieces = report.flows.iter().find_map(|flow| {
        let messages = &flow.ranges.messages;
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
    let keeps_edges = run.script.transport.unwrap_or_default().keeps_edges();
    match &event.action {
        Action::Send(write) if write.returned == Some(0) && keeps_edges => {
            let message = pick(lang, "0 bytes, and still a message", "0 字节，也是一条消息");
            notes.push((message.into(), Ink::Plain));
        }
        Action::Send(write) if write.returned == Some(0) => {
            let nothing = pick(
                lang,
                "0 bytes: nothing enters the stream",
                "0 字节：流里什么也没多",
            );
            notes.push((nothing.into(), Ink::Plain));
        }
        Action::Sendto(write) if write.returned == Some(0) => {
            let nothing = pick(
                lang,
                "0 bytes, and still a datagram",
                "0 字节，也是一个数据报",
            );
            notes.push((nothing.into(), Ink::Plain));
        }
        Action::Abort => {
            let how = pick(lang, "with a reset (RST)", "用重置（RST）");
            notes.push((how.into(), Ink::Plain));
        }
        // What is wrong with it stands there already.
        Action::Loop(taken) => {
            notes.push((after(event, lang), taken_ink(taken)));
            return notes;
        }
        Action::Command(command) => {
            notes.extend(ran(command, lang));
            if let Some(FullPipe { queued, capacity }) = command.stderr {
                let (queued, capacity) = (group(queued), group(capacity));
                notes.push((
                    pick(
                        lang,
                        format!("stderr's pipe is full: {queued} of {capacity} bytes"),
                        format!("stderr 的管道满了：{capacity} 字节里有 {queued} 字节"),
                    ),
                    Ink::Plain,
                ));
            }
        }
        Action::Pack { layout, hex, .. } if event.error.is_none() => {
            let digits: Vec<String> = hex.0.iter().map(|byte| format!("{byte:02x}")).collect();
            notes.push((format!("= {} ({layout})", digits.join(" ")), Ink::Plain));
        }
        Action::Pack { layout, .. } if event.error.as_deref() == Some(OUT_OF_RANGE) => {
            let max = group((*layout).max());
            notes.push((
                pick(
                    lang,
                    format!("does not fit: the most is {max}"),
                    format!("放不下：最大只能是 {max}"),
                ),
                Ink::Bad,
            ));
            return notes;
        }
        _ => {}
    }
    if let Action::Readdir { files: there } = &event.action {
        notes.push((words::directory(lang, there), Ink::Plain));
    }
    if event.calls > 1 && event.carried() > 0 {
        let gone = pick(lang, "bytes not recorded", "字节没有记录");
        notes.push((gone.into(), Ink::Plain));
    }
    if let Some(error) = &event.error {
        notes.push((words::failure(lang, error), Ink::Bad));
    }
    notes
}

/// What was run for a command, and the size of its answer.
fn ran(command: &Command, lang: Lang) -> Option<(String, Ink)> {
    let answer = command.answer.map(|answer| words::bytes(lang, answer));
    let argv = safe::words(&command.argv.join(" "));
    Some(match (command.argv.is_empty(), answer) {
        (true, None) => return None,
        (true, Some(answer)) => (
            pick(
                lang,
                format!("unknown: {answer} of answer"),
                format!("没有这条命令：应答 {answer}"),
            ),
            Ink::Bad,
        ),
        (false, None) => (
            pick(lang, format!("runs {argv}"), format!("执行 {argv}")),
            Ink::Plain,
        ),
        (false, Some(answer)) => (
            pick(
                lang,
                format!("runs {argv}: {answer} of answer"),
                format!("执行 {argv}：应答 {answer}"),
            ),
            Ink::Plain,
        ),
    })
}

/// A step that stands below the call before it.
pub(super) fn after(event: &Event, lang: Lang) -> String {
    match &event.action {
        Action::Await { until, .. } => words::barrier(lang, until, event.side),
        Action::Pause { us } => {
            let span = humantime::format_duration(std::time::Duration::from_micros(*us));
            pick(lang, format!("pauses {span}"), format!("停 {span}"))
        }
        Action::Open { .. } | Action::Rename { .. } | Action::Unlink { .. } => {
            file_call(&event.action)
        }
        Action::Readdir { files: there } => words::directory(lang, there),
        Action::Unpack { .. } | Action::Parse { .. } | Action::Decode { .. } => {
            made_of(&event.action)
        }
        Action::Loop(taken) => {
            let mut says = words::taken(lang, taken);
            if let Some(error) = &event.error {
                says += pick(lang, "; ", "；");
                says += &words::failure(lang, error);
            }
            says
        }
        Action::Shutdown => "shutdown(SHUT_WR)".into(),
        Action::StopListening => "close(listener)".into(),
        Action::Listen { backlog } => format!("listen({backlog})"),
        Action::States { until, .. } => words::states_wanted(lang, *until),
        Action::Abort => pick(lang, "close() with a reset", "close()，发 RST").into(),
        action => format!("{}()", action.name()),
    }
}
