//! Why a call failed, and why a decoder refused.

use super::{bytes, group, part, pick};
use crate::event::{
    DEADLINE, INTERRUPTED, NO_JSON, NO_NUMBER, NO_PROGRAM, NO_TEXT, PEER_ENDED, STUCK, TOO_LONG,
    UNFINISHED, UNSUPPORTED, WRONG_SIZE,
};
use crate::frame::{FrameError, NameFault};
use crate::lang::Lang;
use crate::safe;

/// Why a call failed.
pub(crate) fn failure(lang: Lang, error: &str) -> String {
    match error {
        DEADLINE => pick(lang, "was still waiting at the deadline", "到时限仍在等待").into(),
        INTERRUPTED => pick(
            lang,
            "was under way when Ctrl-C came",
            "进行中被 Ctrl-C 打断",
        )
        .into(),
        PEER_ENDED => pick(
            lang,
            "waited for what cannot come any more: the other side has ended",
            "等不到了：对方已经结束",
        )
        .into(),
        WRONG_SIZE => pick(
            lang,
            "fails: the layout takes more bytes, or fewer (struct.error)",
            "失败：字节数和格式不符（struct.error）",
        )
        .into(),
        NO_NUMBER => pick(
            lang,
            "fails: there is no such number",
            "失败：里面没有这样的数",
        )
        .into(),
        NO_JSON => pick(
            lang,
            "fails: this is no whole JSON text (JSONDecodeError)",
            "失败：不是完整的 JSON（JSONDecodeError）",
        )
        .into(),
        NO_TEXT => pick(
            lang,
            "fails: no valid text in this encoding (UnicodeDecodeError)",
            "失败：按这种编码不是合法文本（UnicodeDecodeError）",
        )
        .into(),
        UNFINISHED => pick(
            lang,
            "ends with an error: the stream ended inside the message",
            "报错结束：流在消息中间就结束了",
        )
        .into(),
        NO_PROGRAM => pick(
            lang,
            "cannot be started: this system has no such program",
            "启动不了：这个系统里没有这个程序",
        )
        .into(),
        STUCK => pick(
            lang,
            "is stuck: it waits for room in the pipe of its stderr, and its reader waits for the \
             end of stdout; the lab ends it",
            "卡住了：它等 stderr 的管道腾出地方，读它的一方在等 stdout 结束；实验把它中止",
        )
        .into(),
        TOO_LONG => pick(lang, "was ended: it writes too much", "被中止：输出太多").into(),
        UNSUPPORTED => pick(lang, "is not supported on this system", "这个系统不支持").into(),
        errno => format!("{}{}", pick(lang, "failed: ", "失败："), safe::words(errno)),
    }
}

/// A call that failed, as a lab claims it: `server recv ECONNRESET`.
pub(crate) fn failed_call(lang: Lang, call: &str) -> String {
    if call == DEADLINE {
        return pick(lang, "the run's time was over", "超过了时限").into();
    }
    pick(lang, "failed: ", "失败：").to_string() + &safe::words(call)
}

/// Why a decoder refused.
pub(crate) fn refusal(lang: Lang, error: &FrameError) -> String {
    if lang == Lang::En {
        return error.to_string();
    }
    let hint = |other: &Option<u64>| {
        other.map_or_else(String::new, |n| {
            format!("；按另一种字节序读是 {}，多半是字节序弄反了", group(n))
        })
    };
    match error {
        FrameError::Negative {
            layout,
            value,
            other_order,
        } => {
            format!("长度是负数：按 {layout} 读出 {value}{}", hint(other_order))
        }
        FrameError::OverLimit {
            part: which,
            value,
            limit,
            other_order,
        } => format!(
            "{}声称有 {}，上限是 {}，一个字节也没有分配{}",
            part(lang, *which),
            bytes(lang, *value),
            group(*limit),
            hint(other_order)
        ),
        FrameError::DoesNotFit { value, layout, max } => {
            format!("{} 放不进 {layout}（最大 {}）", group(*value), group(*max))
        }
        FrameError::BadHeader { reason, found } => {
            format!(
                "头部不是 JSON 对象：{}（开头是 {}）",
                safe::words(reason),
                safe::words(found)
            )
        }
        FrameError::BadSize {
            key,
            found: Some(found),
        } => {
            format!(
                "头部里的 {} 不是合法的大小：{}",
                safe::words(key),
                safe::words(found)
            )
        }
        FrameError::BadSize { key, found: None } => format!("头部里没有 {}", safe::words(key)),
        FrameError::BadName { name: None, .. } => "头部里没有文件名".into(),
        FrameError::BadName {
            name: Some(name),
            reason,
        } => format!(
            "“{}”不能当文件名：{}",
            safe::words(name),
            name_fault_zh(*reason)
        ),
        FrameError::HashMismatch {
            name,
            announced,
            computed,
        } => format!(
            "{}的 md5 对不上：头部写的是 {}，内容算出来是 {}",
            name.as_deref().map_or_else(
                || "内容".into(),
                |name| format!("文件 {} ", safe::words(name))
            ),
            safe::words(announced),
            safe::words(computed)
        ),
        FrameError::Unfinished {
            part: which,
            have,
            need,
        } => format!(
            "流在消息中间结束：{}只到了 {}/{}，还差 {}",
            part(lang, *which),
            group(*have),
            group(*need),
            bytes(lang, need.saturating_sub(*have))
        ),
    }
}

/// In English [`NameFault`] says it itself.
fn name_fault_zh(fault: NameFault) -> &'static str {
    match fault {
        NameFault::Missing => "没有名字",
        NameFault::Empty => "是空的",
        NameFault::Separator => "会通到别的目录",
        NameFault::Directory => "是一个目录",
        NameFault::Control => "含有控制字符",
        NameFault::Reserved => "含有 Windows 文件名不能用的字符",
        NameFault::Ending => "末尾是点或空格，Windows 会把它去掉",
        NameFault::Device => "在 Windows 上是设备名",
        NameFault::TooLong => "太长",
    }
}
