//! Calls, and what is said of them. A call itself stands as a program writes it, in every
//! language.

use super::{barrier, bytes, directory, failure, group, list, states, states_wanted};
use crate::event::{Action, Command, Event, FullPipe, NumberPlace, SenderState};
use crate::frame::Layout;
use crate::lang::Lang;
use crate::safe;
use crate::text::Encoding;

phrases! {
    with_a_reset: "with a reset (RST)", "用复位（RST）";
    /// Of a datagram that somebody sent, or was sent, who has no part in the run.
    nobody_of_the_run: "another program's: no client of this run has that address",
        "是别的程序的：这次运行里没有客户端用这个地址";
    bytes_not_recorded: "bytes not recorded", "字节没有记录";
}

/// A read as it is named in a sentence: `recv(10)`.
pub(crate) fn read_name(event: &Event) -> String {
    match &event.action {
        Action::Recv(read) | Action::Recvfrom(read) => {
            format!("{}({})", event.action.name(), read.asked)
        }
        action => format!("{}()", action.name()),
    }
}

/// What a socket option was set to, with the unit that it is in: flags have none.
pub(crate) fn option_value(option: &str, value: u64) -> String {
    let unit = match option {
        "SO_RCVTIMEO" | "SO_SNDTIMEO" => " ms",
        "SO_RCVBUF" | "SO_SNDBUF" | "TCP_MAXSEG" => " B",
        _ => "",
    };
    format!("{value}{unit}")
}

/// A call to the file system.
pub(crate) fn file_call(action: &Action) -> String {
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
pub(crate) fn command(event: &Event) -> String {
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
pub(crate) fn made_of(action: &Action) -> String {
    let (call, result) = match action {
        Action::Unpack { layout, value, .. } => (
            format!("unpack('{layout}')"),
            value.as_ref().map(ToString::to_string),
        ),
        Action::Parse { place, value, .. } => (
            match place {
                NumberPlace::Form(form) => {
                    format!("parse({})", safe::quoted(form.as_str().as_bytes(), 40))
                }
                NumberPlace::Key(key) => {
                    format!("json.loads()[{}]", safe::quoted(key.as_bytes(), 40))
                }
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

/// A step that stands below the call before it.
pub(crate) fn after(event: &Event, lang: Lang) -> String {
    match &event.action {
        Action::Await { until, .. } => barrier(lang, until, event.side),
        Action::Pause { us } => {
            let span = humantime::format_duration(std::time::Duration::from_micros(*us));
            say!(lang, "pauses {span}", "停 {span}")
        }
        Action::Open { .. } | Action::Rename { .. } | Action::Unlink { .. } => {
            file_call(&event.action)
        }
        Action::Readdir { files: there } => directory(lang, there),
        Action::Unpack { .. } | Action::Parse { .. } | Action::Decode { .. } => {
            made_of(&event.action)
        }
        Action::Loop(taken) => {
            let says = super::taken(lang, taken);
            match &event.error {
                Some(error) => {
                    let failure = failure(lang, error);
                    say!(lang, "{says}; {failure}", "{says}；{failure}")
                }
                None => says,
            }
        }
        Action::Decoder(_) => say!(lang, "no recv: it is here", "不用 recv：已经在手里"),
        Action::Undone(undone) => super::undone(lang, undone),
        Action::Shutdown => "shutdown(SHUT_WR)".into(),
        Action::StopListening => "close(listener)".into(),
        Action::Listen { backlog } => format!("listen({backlog})"),
        Action::States { until, .. } => states_wanted(lang, *until),
        Action::Abort => say!(lang, "close() with a reset", "close()，发 RST"),
        action => format!("{}()", action.name()),
    }
}

/// A write of no bytes: what goes out, of what carries a message in each write.
pub(crate) fn empty_write(lang: Lang, goes: Empty) -> String {
    say! { lang, goes;
        Empty::Nothing => "0 bytes: nothing enters the stream", "0 字节：流里什么也没多";
        Empty::Message => "0 bytes, and still a message", "0 字节，也是一条消息";
        Empty::Datagram => "0 bytes, and still a datagram", "0 字节，也是一个数据报";
    }
}

/// What a write of no bytes sends.
#[derive(Clone, Copy)]
pub(crate) enum Empty {
    Nothing,
    Message,
    Datagram,
}

sentences! {
    full_pipe(pipe: FullPipe; queued = group(pipe.queued), capacity = group(pipe.capacity)):
        "stderr's pipe is full: {queued} of {capacity} bytes",
        "stderr 的管道满了：{capacity} 字节里有 {queued} 字节";
    does_not_fit(layout: Layout; max = group(layout.max())):
        "does not fit: the most is {max}",
        "放不下：最大只能是 {max}";
}

/// What was run for a command, and the size of its answer.
pub(crate) fn ran(lang: Lang, command: &Command) -> Option<String> {
    let answer = command.answer.map(|answer| bytes(lang, answer));
    let argv = safe::words(&command.argv.join(" "));
    Some(match (command.argv.is_empty(), answer) {
        (true, None) => return None,
        (true, Some(answer)) => say!(
            lang,
            "unknown: {answer} of answer",
            "没有这条命令：应答 {answer}"
        ),
        (false, None) => say!(lang, "runs {argv}", "执行 {argv}"),
        (false, Some(answer)) => say!(
            lang,
            "runs {argv}: {answer} of answer",
            "执行 {argv}：应答 {answer}"
        ),
    })
}

sentences! {
    /// A write that was under way while others were read.
    read_meanwhile(writes: usize; n = group(writes as u64)):
        "returned after {n} were read",
        "返回时，已有 {n} 个被读走";
}

/// A step that is no call of its own, where it has a line of its own; of others nothing.
pub(crate) fn step(lang: Lang, event: &Event) -> Option<String> {
    Some(match &event.action {
        Action::Await { until, .. } => say!(
            lang,
            "waits {until}",
            "{until}",
            until = barrier(lang, until, event.side)
        ),
        Action::Pause { .. } | Action::Decoder(_) | Action::Undone(_) => after(event, lang),
        Action::Signal { name } => say!(
            lang,
            "signals \"{name}\"",
            "发信号 \"{name}\"",
            name = safe::words(name)
        ),
        Action::Loop(_) => say!(lang, "loop", "循环"),
        Action::States { until, ends } => {
            let there = if ends.is_empty() {
                states_wanted(lang, *until)
            } else {
                list::parts(lang, states(lang, *ends))
            };
            say!(lang, "looks into the kernel: {there}", "查看内核：{there}")
        }
        _ => return None,
    })
}

sentences! {
    /// A file that is written under another name than it is to have.
    to_be_called(target: &str; target = safe::words(target)): "for {target}", "最后要叫 {target}";
}

/// What the sender's kernel counted when it was asked.
pub(crate) fn kernel(lang: Lang, kernel: SenderState) -> String {
    let SenderState {
        segments_out,
        unsent,
        unacked,
        ..
    } = kernel;
    say!(
        lang,
        "kernel: segments out {segments_out}, unsent {unsent}, not ACKed {unacked}",
        "内核：已发 {segments_out} 个报文段，未发 {unsent} 字节，未确认 {unacked} 字节"
    )
}
