//! What stands on the first screen besides the picture.

use super::group;
use crate::lang::Lang;

phrases! {
    sent: "sent", "发出";
    got: "got", "收到";
    not_seen: "not seen", "没有看到";
    nothing: "nothing", "什么也没有";
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

sentences! {
    /// Messages that there is no room for.
    more_messages(n: usize; n = group(n as u64)): "{n} more", "另外 {n} 条";
    /// Runs of which no more is said.
    more_runs(n: usize; n = group(n as u64)): "and {n} more, see --full", "另有 {n} 次，见 --full";
}
