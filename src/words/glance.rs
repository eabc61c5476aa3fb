//! What stands on the first screen besides the picture.

use super::{bytes, group};
use crate::lang::Lang;
use crate::report::{FileFate, Received};
use crate::safe;

phrases! {
    sent: "sent", "发出";
    got: "got", "收到";
    not_seen: "not seen", "没有看到";
    nothing: "nothing", "什么也没有";
    /// Something went wrong, where there is no room to say what.
    trouble: "error", "出错";
    /// Of no byte the sender's kernel said that it was unsent, whenever it was asked.
    none_held: "none held unsent (TCP_INFO)", "内核里没有压着的（TCP_INFO）";
    /// Of a text that did not come in one piece.
    text_in_pieces: "in pieces, and no byte lost", "分几段到，一个字节也没丢";
    others: "Others", "其余";
}

/// In small print: how to ask for a word, and that what the lab's author claimed came true, which is
/// no praise of the program shown.
pub(crate) fn small_print(lang: Lang, as_claimed: bool) -> &'static str {
    phrase! { lang, as_claimed;
        true =>
            "any word: lab explain edge · as the lab says",
            "查词：lab explain 边界 · 与实验所述相符";
        false => "any word: lab explain edge", "查词：lab explain 边界";
    }
}

/// Which of the lab's runs is drawn.
pub(crate) fn which_run(lang: Lang, name: &str, of: usize) -> String {
    say! { lang, of;
        0 | 1 => "{name}", "{name}";
        _ => "{name}, 1 of {of} runs", "{name}，共 {of} 次运行";
    }
}

/// How many messages came whole, where not all did.
pub(crate) fn came_whole(lang: Lang, whole: u64, sent: usize) -> String {
    say! { lang, (whole, sent);
        (0, 1) => "it did not come whole", "没能原样收到";
        (0, 2) => "neither came whole", "两条都没能原样收到";
        (0, _) => "none of {sent} came whole", "{sent} 条没有一条原样收到";
        _ => "{whole} of {sent} came whole", "{sent} 条里只有 {whole} 条原样收到";
    }
}

/// What became of a file, as short as it can be said.
pub(crate) fn file(lang: Lang, file: &Received) -> String {
    let name = safe::words(file.name.as_deref().unwrap_or_default());
    let (have, need) = (group(file.have), bytes(lang, file.need.unwrap_or_default()));
    say! { lang, file.fate;
        FileFate::None => "no file", "没有文件";
        FileFate::Saved => "{name} saved, {need}", "{name} 已保存，{need}";
        FileFate::Left => "{name} left there: {have} of {need}", "{name} 留在那里：{need}只到了 {have}";
        FileFate::Removed => "{name} removed: {have} of {need}", "{name} 已删除：{need}只到了 {have}";
        FileFate::Stray =>
            "{name} part not removed: {have} of {need}",
            "{name} 的半个文件没有删掉：{need}只到了 {have}";
    }
}

sentences! {
    /// How many runs are shown.
    runs(all: usize):
        "{all} runs",
        "{all} 次运行";
    /// Many messages, every one of which came whole.
    all_came(n: usize; n = group(n as u64)): "all {n} whole", "{n} 条全部完整";
    /// Bytes that the sender's kernel kept back, and how long.
    waited(unsent: u64, time: &str; n = group(unsent)):
        "{n} B waited {time} unsent", "{n} 字节写了没发，等了 {time}";
    /// Of which there is only room to say how many.
    messages(n: usize; n = group(n as u64)): "{n} pieces", "{n} 段";
    /// Messages that there is no room for.
    more_messages(n: usize; n = group(n as u64)): "{n} more", "另外 {n} 条";
    /// Runs of which no more is said.
    more_runs(n: usize; n = group(n as u64)): "and {n} more, see --full", "另有 {n} 次，见 --full";
}
