//! What both sides of a run are told to do, before anything is known of what came of it.

use super::paint::{Ink, Line};
use super::words::{self, group, pick};
use super::{View, page, safe, wrap};
use crate::event::{Payload, Side};
use crate::lab::file::{Options, Outputs, Run, Step};
use crate::lab::program::{Ask, AtEnd, Counting, RecvLoop, Until};
use crate::lang::Lang;
use crate::text::{Encoding, TextErrors};

/// A payload is shown up to here.
const MOST: usize = 32;
/// Between the two columns.
const GAP: usize = 3;

/// Client and server beside one another.
pub(super) fn draw(run: &Run, view: &View) -> Vec<Line> {
    let room = page::measure(view);
    let half = (room - GAP) / 2;
    let column = |me: Side| {
        let mut lines = vec![Line::of(words::side(view.lang, me), Ink::Heading)];
        for step in steps(run, me, view.lang) {
            let deeper = step.len() - step.trim_start().len();
            for (i, part) in wrap::text(step.trim_start(), half - deeper - 2, Ink::Plain)
                .iter()
                .enumerate()
            {
                let mut line = Line::new();
                line.pad_to(deeper + 2 * usize::from(i > 0)).append(part);
                lines.push(line);
            }
        }
        lines
    };
    let (client, server) = (column(Side::Client), column(Side::Server));
    let rows = (0..client.len().max(server.len())).map(|i| {
        let mut line = client.get(i).cloned().unwrap_or_default();
        if let Some(right) = server.get(i) {
            line.pad_to(half + GAP).append(right);
        }
        line
    });
    page::indent(rows.collect(), page::INDENT).collect()
}

/// The same, one fact a line.
pub(super) fn facts(run: &Run, lang: Lang) -> Vec<String> {
    let of = |me: Side| {
        let name = words::side(lang, me);
        let colon = pick(lang, ": ", "：");
        steps(run, me, lang)
            .into_iter()
            .map(move |step| format!("{name}{colon}{}", step.trim_start()))
    };
    Side::BOTH.into_iter().flat_map(of).collect()
}

/// A side's steps, a repeated one further in than the line that says how often.
fn steps(run: &Run, me: Side, lang: Lang) -> Vec<String> {
    let mut said = Vec::new();
    let steps = match me {
        Side::Client => &run.client,
        Side::Server => &run.server,
    };
    let reads = outputs(run.outputs.unwrap_or_default(), lang);
    tell(
        &mut said,
        steps,
        &|step| step_text(step, me, lang) + if *step == Step::RunCommand { reads } else { "" },
        lang,
        0,
    );
    said
}

/// How the outputs of a command are read, if it is not the usual way.
fn outputs(outputs: Outputs, lang: Lang) -> &'static str {
    match outputs {
        Outputs::BothAtOnce => "",
        Outputs::StdoutFirst => pick(
            lang,
            ", read its stdout to the end, then its stderr",
            "，先把 stdout 读到结束，再读 stderr",
        ),
    }
}

fn tell(
    said: &mut Vec<String>,
    steps: &[Step],
    text: &dyn Fn(&Step) -> String,
    lang: Lang,
    deep: usize,
) {
    for step in steps {
        let indent = " ".repeat(2 * deep);
        if let Step::Repeat(repeat) = step {
            let times = group(repeat.times.into());
            let often = pick(
                lang,
                format!("{times} times:"),
                format!("重复 {times} 次："),
            );
            said.push(indent + &often);
            tell(said, &repeat.steps, text, lang, deep + 1);
        } else {
            said.push(indent + &text(step));
        }
    }
}

pub(super) fn payload(payload: &Payload) -> String {
    safe::quoted(&payload.bytes(None), MOST)
}

pub(super) fn step_text(step: &Step, me: Side, lang: Lang) -> String {
    let moves_bytes = sending(step, lang).or_else(|| reading(step, lang));
    moves_bytes.unwrap_or_else(|| around(step, me, lang))
}

fn sending(step: &Step, lang: Lang) -> Option<String> {
    Some(match step {
        Step::Send(bytes) => format!("send({})", payload(bytes)),
        Step::SendSome(bytes) => pick(
            lang,
            format!("send({}), without waiting", payload(bytes)),
            format!("send({})，不等待", payload(bytes)),
        ),
        Step::SendLoop(bytes) => pick(
            lang,
            format!("send({}), again until all is taken", payload(bytes)),
            format!("send({})，反复发，直到全部写进去", payload(bytes)),
        ),
        Step::Sendto(bytes) => format!("sendto({})", payload(bytes)),
        Step::SendFrame(framed) => {
            let message = payload(&framed.payload);
            let writes = framed.cut.len() + 1;
            match (lang, writes) {
                (Lang::En, 1) => format!("send, framed: {message}"),
                (Lang::Zh, 1) => format!("send，加帧：{message}"),
                (Lang::En, n) => format!("send, framed, in {n} writes: {message}"),
                (Lang::Zh, n) => format!("send，加帧，分 {n} 次写入：{message}"),
            }
        }
        Step::SendFile(file) => {
            let name = safe::quoted(file.filename.as_bytes(), MOST);
            let mut says = pick(
                lang,
                format!("send the file {name}"),
                format!("发送文件 {name}"),
            );
            if let Some(offset) = file.alter.map(group) {
                says += &pick(
                    lang,
                    format!(", byte {offset} altered after the digest"),
                    format!("，算完摘要后改掉偏移 {offset} 处的字节"),
                );
            }
            if let Some(sent) = file.stop_after.map(group) {
                says += &pick(
                    lang,
                    format!(", only {sent} bytes of it"),
                    format!("，只发其中 {sent} 字节"),
                );
            }
            says
        }
        Step::SendAnswer => pick(lang, "send the answer", "发送应答").into(),
        Step::SendAnswerSize(form) => {
            let form = safe::words(form.as_str());
            pick(
                lang,
                format!("send the answer's size: \"{form}\""),
                format!("发送应答的大小：\"{form}\""),
            )
        }
        Step::SendAnswerFrame(frame) => {
            let parts = pick(lang, ", each part by itself", "，各部分分开写");
            let framed = pick(lang, "send the answer, framed", "发送应答，加帧");
            String::from(framed) + if frame.in_parts { parts } else { "" }
        }
        _ => return None,
    })
}

fn reading(step: &Step, lang: Lang) -> Option<String> {
    Some(match step {
        Step::Recv(size) => format!("recv({})", size.0),
        Step::Recvfrom(size) => format!("recvfrom({})", size.0),
        Step::RecvUntilEnd(size) => pick(
            lang,
            format!("recv({}), until the stream ends", size.0),
            format!("recv({})，一直读到流结束", size.0),
        ),
        Step::RecvfromRest(size) => pick(
            lang,
            format!("recvfrom({}), as long as any come", size.0),
            format!("recvfrom({})，有多少读多少", size.0),
        ),
        Step::RecvExact(size) => pick(
            lang,
            format!("recv until exactly {} bytes have come", size.0),
            format!("反复 recv，读满 {} 字节为止", size.0),
        ),
        Step::RecvFrames(frames) => {
            let sizes: Vec<String> = frames.sizes.iter().map(|size| size.0.to_string()).collect();
            let (n, sizes) = (frames.count, sizes.join(", "));
            pick(
                lang,
                format!("recv({sizes}) until {n} messages are whole"),
                format!("recv({sizes})，直到解出 {n} 条完整消息"),
            )
        }
        Step::RecvText(text) => {
            let errors = match text.errors {
                TextErrors::Strict => pick(lang, "strictly", "严格"),
                TextErrors::Ignore => pick(lang, "ignoring errors", "忽略错误"),
                TextErrors::Incremental => pick(lang, "incrementally", "增量"),
            };
            pick(
                lang,
                format!("recv({}) to the end, each decoded {errors}", text.size.0),
                format!("recv({})，读到结束，每次读到的{errors}解码", text.size.0),
            )
        }
        Step::RecvLoop(read) => recv_loop(read, lang),
        Step::RecvFile(file) => {
            let at_once = pick(
                lang,
                ", under its own name from the first byte on",
                "，从第一个字节起就写在目标名下",
            );
            let receive = pick(lang, "receive a file", "接收一个文件");
            String::from(receive) + if file.in_place { at_once } else { "" }
        }
        Step::Echo(echo) => pick(
            lang,
            format!("recv({}) and send it back, until the end", echo.size.0),
            format!("recv({})，原样发回，直到结束", echo.size.0),
        ),
        _ => return None,
    })
}

/// A loop of reads, with the famous mistake that is in it, if one is.
fn recv_loop(read: &RecvLoop, lang: Lang) -> String {
    let size = read.size.0;
    let wanted = match read.until {
        Until::Bytes(n) => pick(lang, "", " ").to_string() + &words::bytes(lang, n),
        Until::Announced => pick(lang, "the announced bytes", "声称的字节数").into(),
    };
    if read.once {
        return pick(
            lang,
            format!("recv({size}) once, for {wanted}"),
            format!("只 recv({size}) 一次，要的是{wanted}"),
        );
    }
    let mut says = pick(
        lang,
        format!("recv({size}) in a loop, until it has {wanted}"),
        format!("循环 recv({size})，直到收够{wanted}"),
    );
    if read.ask == Ask::Size {
        says += pick(lang, ", never asking for less", "，每次都要这么多");
    }
    if read.count == Counting::AllSoFar {
        says += pick(
            lang,
            ", counting with each read all so far",
            "，每次都把已有的全部再数一遍",
        );
    }
    if read.at_end != AtEnd::Stop {
        says += pick(lang, ", going on at the end", "，到了结束还继续读");
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
            pick(lang, format!("wait {time}"), format!("等 {time}"))
        }
        Step::Await(barrier) => {
            let says = words::barrier(lang, barrier, me);
            pick(lang, format!("wait {says}"), says)
        }
        Step::Signal(name) => pick(
            lang,
            format!("signal \"{}\"", safe::words(name)),
            format!("发话 \"{}\"", safe::words(name)),
        ),
        Step::Set(set) => options(set),
        Step::Listen(set) => {
            let set = options(set);
            let again = pick(lang, "listen again", "重新 listen");
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
            pick(
                lang,
                format!("find the number in \"{form}\""),
                format!("从 \"{form}\" 里找出那个数"),
            )
        }
        Step::ParseJson(key) => {
            let key = safe::words(key);
            pick(
                lang,
                format!("find \"{key}\" in the JSON"),
                format!("从 JSON 里找出 \"{key}\""),
            )
        }
        Step::Decode(Encoding::Utf8) => "decode('utf-8')".into(),
        Step::Decode(Encoding::Gbk) => "decode('gbk')".into(),
        Step::RunCommand => pick(lang, "run the command that came", "执行收到的命令").into(),
        Step::Shutdown => "shutdown()".into(),
        Step::Close => "close()".into(),
        Step::StopListening => "close(listener)".into(),
        Step::States(ends) => {
            let wanted = words::states_wanted(lang, *ends);
            pick(
                lang,
                format!("look at the states {wanted}"),
                format!("看两端的状态，{wanted}"),
            )
        }
        Step::Abort => pick(lang, "close(), with a reset", "close()，发 RST").into(),
        Step::Try(inner) => {
            let inner = step_text(inner, me, lang);
            pick(
                lang,
                format!("{inner}, which may fail"),
                format!("{inner}（允许失败）"),
            )
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lab;

    #[test]
    fn every_step_of_the_catalogue_is_told_in_both_languages() {
        for lab in lab::catalogue().expect("the catalogue") {
            for run in &lab.file.runs {
                for lang in [Lang::En, Lang::Zh] {
                    for fact in facts(run, lang) {
                        assert!(
                            !fact.trim_end().ends_with([':', '：'])
                                || fact.contains("times:")
                                || fact.contains('次'),
                            "{}: {fact}",
                            lab.slug
                        );
                    }
                }
            }
        }
    }
}
