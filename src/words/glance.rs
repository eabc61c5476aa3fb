//! What stands on the first screen besides the picture.

use super::group;
use crate::lang::Lang;

phrases! {
    sent: "sent", "发出";
    got: "got", "收到";
    not_seen: "not seen", "没有看到";
    nothing: "nothing", "什么也没有";
    others: "Others", "其余";
    /// In small print: what the lab's author claimed came true.
    as_claimed: "as the lab says", "与实验所说相符";
}

/// Which of the lab's runs is drawn.
pub(crate) fn which_run(lang: Lang, name: &str, of: usize) -> String {
    say! { lang, of;
        0 | 1 => "{name}", "{name}";
        _ => "{name}, 1 of {of} runs", "{name}，{of} 次运行之一";
    }
}

/// How many messages came whole, where not all did.
pub(crate) fn came_whole(lang: Lang, whole: u64, sent: usize) -> String {
    say! { lang, (whole, sent);
        (0, 1) => "it did not come whole", "这条没有完整到达";
        (0, 2) => "neither came whole", "两条都没有完整到达";
        (0, _) => "none of {sent} came whole", "{sent} 条没有一条完整到达";
        _ => "{whole} of {sent} came whole", "{sent} 条里只有 {whole} 条完整到达";
    }
}

sentences! {
    /// Messages that there is no room for.
    more_messages(n: usize; n = group(n as u64)): "{n} more", "另外 {n} 条";
    /// Runs of which no more is said.
    more_runs(n: usize; n = group(n as u64)): "and {n} more, see --full", "另有 {n} 次，见 --full";
}
