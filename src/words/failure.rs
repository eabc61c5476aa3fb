//! Why a call failed, and why a decoder refused.

use super::group;
use crate::event::{
    DEADLINE, INTERRUPTED, NO_JSON, NO_NUMBER, NO_PROGRAM, NO_TEXT, PEER_CLOSED, PEER_ENDED,
    PEER_RESET, RECORD_FULL, STUCK, TOO_LONG, UNFINISHED, UNREACHABLE, UNSUPPORTED, Undone,
    WRONG_SIZE,
};
use crate::frame::{FrameError, NameFault, Part, preview};
use crate::lang::Lang;
use crate::safe;

/// Why a call failed.
pub(crate) fn failure(lang: Lang, error: &str) -> String {
    say! { lang, error;
        DEADLINE => "was still waiting at the deadline", "到时限仍在等待";
        INTERRUPTED => "was under way when Ctrl-C came", "进行中被 Ctrl-C 打断";
        PEER_ENDED =>
            "waited for what cannot come any more: the other side has ended",
            "等不到了：对方已经结束";
        PEER_CLOSED =>
            "waited for what cannot come any more: the other side has closed the connection",
            "等不到了：对方已经关闭了连接";
        PEER_RESET =>
            "waited for what cannot come any more: the other side has reset the connection",
            "等不到了：对方用复位断开了连接";
        UNREACHABLE =>
            "waited for what cannot come: nothing leads there from here",
            "等的事不会发生：从现在的状态到不了那里";
        WRONG_SIZE =>
            "fails: the layout takes more bytes, or fewer (struct.error)",
            "失败：字节数和格式不符（struct.error）";
        NO_NUMBER => "fails: there is no such number", "失败：里面没有这样的数";
        NO_JSON =>
            "fails: this is no whole JSON text (JSONDecodeError)",
            "失败：不是完整的 JSON（JSONDecodeError）";
        NO_TEXT =>
            "fails: no valid text in this encoding (UnicodeDecodeError)",
            "失败：按这种编码不是合法文本（UnicodeDecodeError）";
        UNFINISHED =>
            "ends with an error: the stream ended in mid-message",
            "报错结束：流在消息中间就结束了";
        NO_PROGRAM =>
            "cannot be started: this system has no such program",
            "启动不了：这个系统里没有这个程序";
        STUCK =>
            "is stuck: its stderr pipe is full, and its reader waits for the end of stdout; \
             the lab ends it",
            "卡住了：它等 stderr 的管道腾出地方，读它的一方却在等 stdout 结束；实验把它中止";
        TOO_LONG => "was ended: it writes too much", "被中止：输出太多";
        RECORD_FULL =>
            "was not made: the record of this side is full",
            "没有执行：这一方的记录已经满了";
        UNSUPPORTED => "is not supported on this system", "这个系统不支持";
        errno => "{failed}", "{failed}", failed = failed(lang, errno);
    }
}

sentences! {
    failed(what: &str; what = safe::words(what)): "failed: {what}", "失败：{what}";
}

/// The steps that a side left undone.
pub(crate) fn undone(lang: Lang, undone: &Undone) -> String {
    let Undone { count, steps } = undone;
    let named: Vec<String> = steps.iter().map(|step| safe::words(step)).collect();
    let more = if *count > named.len() as u64 {
        ", …"
    } else {
        ""
    };
    let s = if *count == 1 { "" } else { "s" };
    say!(
        lang,
        "left {n} step{s} undone: {named}{more}",
        "没做完，还剩 {n} 步：{named}{more}",
        n = group(*count),
        named = named.join(", ")
    )
}

/// A call that failed, as a lab claims it: `server recv ECONNRESET`.
pub(crate) fn failed_call(lang: Lang, call: &str) -> String {
    match call {
        DEADLINE => say!(lang, "the run's time was over", "超过了时限"),
        call => failed(lang, call),
    }
}

/// Why a decoder refused.
pub(crate) fn refusal(lang: Lang, error: &FrameError) -> String {
    // The error may have been read from a trace file, which is no more to be trusted than a peer.
    let clean = |text: &str| safe::words(&preview(text.as_bytes()));
    say! { lang, error;
        FrameError::Negative { layout, value, other_order, text } =>
            "the length is negative: {value}, read as {layout}{hint}",
            "长度是负数：按 {layout} 读出 {value}{hint}",
            hint = hint(lang, *other_order, text.as_deref());
        FrameError::OverLimit { part, value, limit, other_order, text } =>
            "the {part} would have {value} bytes, the limit is {limit}{hint}",
            "{part}声称有 {value} 字节，超过上限 {limit}{hint}",
            part = part_of_frame(lang, *part), value = group(*value), limit = group(*limit),
            hint = hint(lang, *other_order, text.as_deref());
        FrameError::DoesNotFit { value, layout, max } =>
            "the length {value} does not fit in {layout}, which ends at {max}",
            "{value} 放不进 {layout}（最大 {max}）",
            value = group(*value), max = group(*max);
        FrameError::BadHeader { reason, found } =>
            "the header is not a JSON object: {reason}; it reads \"{found}\"",
            "头部不是 JSON 对象：{reason}（开头是 {found}）",
            reason = clean(reason), found = clean(found);
        FrameError::BadSize { key, found: None } =>
            "the header has no {key}",
            "头部里没有 {key}",
            key = clean(key);
        FrameError::BadSize { key, found: Some(found) } =>
            "the header's {key} is not a whole number of bytes: {found}",
            "头部里的 {key} 不是合法的大小：{found}",
            key = clean(key), found = clean(found);
        FrameError::BadName { name: None, .. } => "the header names no file", "头部里没有文件名";
        FrameError::BadName { name: Some(name), reason } =>
            "\"{name}\" is no plain file name: {fault}",
            "“{name}”不能当文件名：{fault}",
            name = clean(name), fault = name_fault(lang, *reason);
        FrameError::HashMismatch { name, announced, computed } =>
            "the MD5 of {of} is {computed}, the header says {announced}",
            "{of}的 md5 对不上：头部写的是 {announced}，内容算出来是 {computed}",
            of = content(lang, name.as_deref().map(clean)),
            announced = clean(announced), computed = clean(computed);
        FrameError::Unfinished { part: Part::Prefix, have: 0, .. } =>
            "the stream ended, and another message was asked for",
            "还要下一条消息，流却已经结束";
        FrameError::Unfinished { part, have, need } =>
            "{says}",
            "{says}",
            says = unfinished(lang, *part, *have, *need);
    }
}

/// The content of a file, or of a message without a name.
fn content(lang: Lang, name: Option<String>) -> String {
    say! { lang, name;
        Some(name) => "\"{name}\"", "文件 {name} ";
        None => "the payload", "内容";
    }
}

fn unfinished(lang: Lang, part: Part, have: u64, need: u64) -> String {
    let part = part_of_frame(lang, part);
    let missing = group(need.saturating_sub(have));
    let (have, need) = (group(have), group(need));
    say!(
        lang,
        "the stream ended inside a {part}: {have} of {need} bytes came",
        "流在消息中间结束：{part}只到了 {have}/{need}，还差 {missing} 字节"
    )
}

/// What the bytes of a length look like that is none: a length in the other byte order that would
/// do, or text.
fn hint(lang: Lang, other_order: Option<u64>, text: Option<&str>) -> String {
    match (other_order, text) {
        (Some(n), _) => say!(
            lang,
            "; in the other byte order it would be {n}",
            "；换一种字节序读，是 {n}",
            n = group(n)
        ),
        (None, Some(text)) => say!(
            lang,
            "; these {n} bytes are the text {text}",
            "；这 {n} 个字节其实是文本 {text}",
            n = text.len(),
            text = safe::quoted(text.as_bytes(), 16)
        ),
        (None, None) => String::new(),
    }
}

/// A part as a decoder's error speaks of it.
fn part_of_frame(lang: Lang, part: Part) -> &'static str {
    match part {
        Part::Prefix => phrase!(lang, "prefix", "长度"),
        Part::Header => phrase!(lang, "header", "头部"),
        Part::Payload => phrase!(lang, "payload", "内容"),
    }
}

fn name_fault(lang: Lang, fault: NameFault) -> &'static str {
    phrase! { lang, fault;
        NameFault::Missing => "there is none", "没有名字";
        NameFault::Empty => "it is empty", "是空的";
        NameFault::Separator => "it leads to another directory", "会通到别的目录";
        NameFault::Directory => "it is a directory", "是一个目录";
        NameFault::Control => "it has a control character", "含有控制字符";
        NameFault::Reserved =>
            "it has a character that names no plain file on Windows",
            "含有 Windows 文件名不能用的字符";
        NameFault::Ending =>
            "it ends in a dot or a space, which Windows leaves off",
            "末尾是点或空格，Windows 会把它去掉";
        NameFault::Device => "it is a device on Windows", "在 Windows 上是设备名";
        NameFault::TooLong => "it is too long", "太长";
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_length_that_is_text_is_said_to_be_text() {
        let error = FrameError::OverLimit {
            part: Part::Payload,
            value: 1_195_725_856,
            limit: 8_388_608,
            other_order: None,
            text: Some("GET ".into()),
        };
        let says = refusal(Lang::En, &error);
        assert!(
            says.ends_with("; these 4 bytes are the text \"GET \""),
            "{says}"
        );
    }
    use crate::frame::one_of_each;

    #[test]
    fn each_refusal_is_said_in_a_sentence() {
        let sentences = [
            "the length is negative: -2, read as <i",
            "the payload would have 83,886,080 bytes, the limit is 8,388,608; \
                 in the other byte order it would be 5",
            "the length 3,000,000,000 does not fit in <i, which ends at 2,147,483,647",
            "the header is not a JSON object: it has no bytes; it reads \"\"",
            "the header has no total_size",
            "the header's file_size is not a whole number of bytes: -5",
            "\"../\\u{1b}x\" is no plain file name: it leads to another directory",
            "the header names no file",
            "the MD5 of \"a\\u{1b}[31m.txt\" is bb, the header says aa",
            "the MD5 of the payload is bb, the header says aa",
            "the stream ended inside a prefix: 2 of 4 bytes came",
        ];
        let refusals = one_of_each();
        assert_eq!(refusals.len(), sentences.len());
        for ((error, _), sentence) in refusals.iter().zip(sentences) {
            assert_eq!(refusal(Lang::En, error), sentence);
        }
    }
}
