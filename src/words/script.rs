//! What a side of a run is told to do, step by step.

use super::{barrier, bytes, group, side, states_wanted};
use crate::event::{Payload, Side};
use crate::lab::file::{Options, Outputs, Run, Step};
use crate::lab::program::{Ask, AtEnd, Counting, RecvLoop, Until};
use crate::lang::Lang;
use crate::safe;
use crate::text::{Encoding, TextErrors};

/// A payload is shown up to here.
const MOST: usize = 32;
/// A side's steps, each with how deep it stands in what is repeated.
pub(crate) fn steps(run: &Run, me: Side, lang: Lang) -> Vec<(usize, String)> {
    let steps = match me {
        Side::Client => &run.client,
        Side::Server => &run.server,
    };
    let mut said = Vec::new();
    tell(
        &mut said,
        steps,
        run.outputs.unwrap_or_default(),
        me,
        lang,
        0,
    );
    said
}

fn tell(
    said: &mut Vec<(usize, String)>,
    steps: &[Step],
    outputs: Outputs,
    me: Side,
    lang: Lang,
    deep: usize,
) {
    for step in steps {
        match step {
            Step::Repeat(repeat) => {
                let n = group(repeat.times.into());
                said.push((deep, say!(lang, "{n} times:", "重复 {n} 次：")));
                tell(said, &repeat.steps, outputs, me, lang, deep + 1);
            }
            Step::RunCommand if outputs == Outputs::StdoutFirst => said.push((
                deep,
                say!(
                    lang,
                    "run the command that came, read its stdout to the end, then its stderr",
                    "执行收到的命令，先把 stdout 读到结束，再读 stderr"
                ),
            )),
            step => said.push((deep, step_text(step, me, lang))),
        }
    }
}

/// A step where both sides' stand below one another.
pub(crate) fn of_side(lang: Lang, me: Side, step: &str) -> String {
    let name = side(lang, me);
    say!(lang, "{name}: {step}", "{name}：{step}")
}

pub(crate) fn payload(payload: &Payload) -> String {
    safe::quoted(&payload.bytes(None), MOST)
}

pub(crate) fn step_text(step: &Step, me: Side, lang: Lang) -> String {
    let moves_bytes = sending(step, lang).or_else(|| reading(step, lang));
    moves_bytes.unwrap_or_else(|| around(step, me, lang))
}

fn sending(step: &Step, lang: Lang) -> Option<String> {
    Some(match step {
        Step::Send(bytes) => format!("send({})", payload(bytes)),
        Step::SendSome(bytes) => say!(
            lang,
            "send({bytes}), without waiting",
            "send({bytes})，不等待",
            bytes = payload(bytes)
        ),
        Step::SendLoop(bytes) => say!(
            lang,
            "send({bytes}), again until all is taken",
            "send({bytes})，反复发，直到内核全部收下",
            bytes = payload(bytes)
        ),
        Step::Sendto(bytes) => format!("sendto({})", payload(bytes)),
        Step::SendFrame(framed) => {
            let message = payload(&framed.payload);
            say! { lang, framed.cut.len() + 1;
                1 => "send, framed: {message}", "send，加帧：{message}";
                n =>
                    "send, framed, in {n} writes: {message}",
                    "加帧，分 {n} 次 send：{message}";
            }
        }
        Step::SendFile(file) => {
            let name = safe::quoted(file.filename.as_bytes(), MOST);
            let mut says = say!(lang, "send the file {name}", "发送文件 {name}");
            if let Some(offset) = file.alter.map(group) {
                says += &say!(
                    lang,
                    ", byte {offset} altered after the digest",
                    "，算完摘要后改掉偏移 {offset} 处的字节"
                );
            }
            if let Some(sent) = file.stop_after.map(group) {
                says += &say!(lang, ", only {sent} bytes of it", "，只发其中 {sent} 字节");
            }
            says
        }
        Step::SendAnswer => say!(lang, "send the answer", "发送应答"),
        Step::SendAnswerSize(form) => {
            let form = safe::words(form.as_str());
            say!(
                lang,
                "send the answer's size: \"{form}\"",
                "发送应答的大小：\"{form}\""
            )
        }
        Step::SendAnswerFrame(frame) => {
            let mut says = say!(lang, "send the answer, framed", "发送应答，加帧");
            if frame.in_parts {
                says += phrase!(lang, ", each part by itself", "，各部分分开 send");
            }
            says
        }
        _ => return None,
    })
}

fn reading(step: &Step, lang: Lang) -> Option<String> {
    Some(match step {
        Step::Recv(size) => format!("recv({})", size.0),
        Step::Recvfrom(size) => format!("recvfrom({})", size.0),
        Step::RecvUntilEnd(size) => say!(
            lang,
            "recv({size}), until the stream ends",
            "recv({size})，一直读到流结束",
            size = size.0
        ),
        Step::RecvfromRest(size) => say!(
            lang,
            "recvfrom({size}), as long as any come",
            "recvfrom({size})，有多少读多少",
            size = size.0
        ),
        Step::RecvExact(size) => say!(
            lang,
            "recv until exactly {size} bytes have come",
            "反复 recv，读满 {size} 字节为止",
            size = size.0
        ),
        Step::RecvFrames(frames) => {
            let sizes: Vec<String> = frames.sizes.iter().map(|size| size.0.to_string()).collect();
            let (n, sizes) = (frames.count, sizes.join(", "));
            say!(
                lang,
                "recv({sizes}) until {n} messages are whole",
                "recv({sizes})，直到解出 {n} 条完整消息"
            )
        }
        Step::RecvText(text) => {
            let errors = match text.errors {
                TextErrors::Strict => phrase!(lang, "strictly", "严格"),
                TextErrors::Ignore => phrase!(lang, "ignoring errors", "忽略错误"),
                TextErrors::Incremental => phrase!(lang, "incrementally", "增量"),
            };
            say!(
                lang,
                "recv({size}) to the end, each decoded {errors}",
                "recv({size})，读到结束，每次 recv 到的{errors}解码",
                size = text.size.0
            )
        }
        Step::RecvLoop(read) => recv_loop(read, lang),
        Step::RecvFile(file) => {
            let mut says = say!(lang, "receive a file", "接收一个文件");
            if file.in_place {
                says += phrase!(
                    lang,
                    ", under its own name from the first byte on",
                    "，从第一个字节起就写在目标名下"
                );
            }
            says
        }
        Step::Echo(echo) => say!(
            lang,
            "recv({size}) and send it back, until the end",
            "recv({size})，原样发回，直到结束",
            size = echo.size.0
        ),
        _ => return None,
    })
}

/// A loop of reads, with the famous mistake that is in it, if one is.
fn recv_loop(read: &RecvLoop, lang: Lang) -> String {
    let size = read.size.0;
    let wanted = match read.until {
        Until::Bytes(n) => say!(lang, "{n}", " {n}", n = bytes(lang, n)),
        Until::Announced => say!(lang, "the announced bytes", "声称的字节数"),
    };
    if read.once {
        return say!(
            lang,
            "recv({size}) once, for {wanted}",
            "只 recv({size}) 一次，要的是{wanted}"
        );
    }
    let mut says = say!(
        lang,
        "recv({size}) in a loop, until it has {wanted}",
        "循环 recv({size})，直到收够{wanted}"
    );
    if read.ask == Ask::Size {
        says += phrase!(lang, ", never asking for less", "，每次都要这么多");
    }
    if read.count == Counting::AllSoFar {
        says += phrase!(
            lang,
            ", counting with each read all so far",
            "，每次都把已有的全部再数一遍"
        );
    }
    if read.at_end != AtEnd::Stop {
        says += phrase!(lang, ", going on at the end", "，到了结束还接着 recv");
    }
    says
}

/// What moves no byte.
fn around(step: &Step, me: Side, lang: Lang) -> String {
    match step {
        Step::Connect => "connect".into(),
        Step::Accept => "accept".into(),
        Step::Pause(span) => {
            let time = humantime::format_duration(span.0);
            say!(lang, "wait {time}", "等 {time}")
        }
        Step::Await(until) => say!(
            lang,
            "wait {until}",
            "{until}",
            until = barrier(lang, until, me)
        ),
        Step::Signal(name) => say!(
            lang,
            "signal \"{name}\"",
            "发信号 \"{name}\"",
            name = safe::words(name)
        ),
        Step::Set(set) => options(set),
        Step::Listen(set) => {
            let set = options(set);
            let again = phrase!(lang, "listen again", "重新 listen");
            if set.is_empty() {
                again.into()
            } else {
                format!("{again}, {set}")
            }
        }
        Step::Pack(pack) => format!("pack('{}', {})", pack.layout, pack.value),
        Step::Unpack(layout) => format!("unpack('{layout}')"),
        Step::ParseSize(form) => {
            let form = safe::words(form.as_str());
            say!(
                lang,
                "find the number in \"{form}\"",
                "从 \"{form}\" 里找出那个数"
            )
        }
        Step::ParseJson(key) => {
            let key = safe::words(key);
            say!(
                lang,
                "find \"{key}\" in the JSON",
                "从 JSON 里找出 \"{key}\""
            )
        }
        Step::Decode(Encoding::Utf8) => "decode('utf-8')".into(),
        Step::Decode(Encoding::Gbk) => "decode('gbk')".into(),
        Step::RunCommand => say!(lang, "run the command that came", "执行收到的命令"),
        Step::Shutdown => "shutdown()".into(),
        Step::Close => "close()".into(),
        Step::StopListening => "close(listener)".into(),
        Step::States(ends) => {
            let wanted = states_wanted(lang, *ends);
            say!(
                lang,
                "look at the states {wanted}",
                "看两端的状态，{wanted}"
            )
        }
        Step::Abort => say!(lang, "close(), with a reset", "close()，发 RST"),
        Step::Try(inner) => {
            let inner = step_text(inner, me, lang);
            say!(lang, "{inner}, which may fail", "{inner}（允许失败）")
        }
        // The rest is told as the lab file has it.
        _ => as_written(step),
    }
}

fn as_written(step: &Step) -> String {
    let written = serde_json::to_string(step).unwrap_or_default();
    let bare = written.trim_start_matches('{').trim_end_matches('}');
    safe::words(&bare.replace('"', ""))
}

/// Socket options as they stand in the file, which are the system's own names in small letters.
fn options(set: &Options) -> String {
    let Ok(serde_json::Value::Object(set)) = serde_json::to_value(set) else {
        return String::new();
    };
    let each = set.iter().map(|(name, value)| match value {
        serde_json::Value::String(value) => format!("{name} = {value}"),
        value => format!("{name} = {value}"),
    });
    each.collect::<Vec<_>>().join(", ")
}
