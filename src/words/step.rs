//! What is said around a run that is revealed step by step.

use crate::lang::Lang;
use crate::safe;

/// The keys, in as much room as there is.
pub(crate) fn keys(lang: Lang, is_narrow: bool) -> &'static str {
    phrase! { lang, is_narrow;
        true => "space next  b back  q quit", "空格下一步 b 上一步 q 退出";
        false =>
            "space Enter → PgDn: next   b ← PgUp: back   number Enter: go there   q: quit",
            "空格 回车 → PgDn：下一步   b ← PgUp：上一步   数字加回车：跳转   q：退出";
    }
}

sentences! {
    /// The number of a step is being typed.
    go_to(typed: &str): "go to {typed}: Enter", "跳到第 {typed} 步：回车";
}

/// The keys of the linear form.
pub(crate) fn prompt(lang: Lang, step: usize, last: usize, is_narrow: bool) -> String {
    say! { lang, is_narrow;
        true =>
            "({step} of {last}; Enter; b+Enter, q+Enter) ",
            "（{step}/{last}；回车；b 回车、q 回车）";
        false =>
            "({step} of {last}; Enter next; with Enter: b back, q leaves, a number goes there) ",
            "（{step}/{last}；回车 下一步；加回车：b 上一步，q 退出，数字跳转）";
    }
}

sentences! {
    /// What was typed there means nothing.
    unknown(typed: &str; typed = safe::words(typed)):
        "`{typed}` means nothing here; there are Enter alone, b, q, and the number of a step",
        "不认识 `{typed}`；可以只按回车，或者输入 b、q、第几步的数字";
}
