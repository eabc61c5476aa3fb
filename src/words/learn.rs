//! The words of the course around its runs.

use crate::lang::Lang;
use crate::safe;

phrases! {
    leave_whenever:
        "Leave whenever you like, with q or Ctrl-C; it goes on from there next time.",
        "随时可以退出：q 或 Ctrl-C。下次从那里接着来。";
    next: "Enter goes on, q leaves: ", "回车继续，q 退出：";
    end:
        "The course ends here. lab lists the other labs, lab myths puts what you believed to the \
         test; lab learn --reset begins anew.",
        "课程到这里结束。lab 列出其余的实验，lab myths 检验常见的说法；lab learn --reset 从头再来。";
    forgotten:
        "Nothing is remembered any more; lab learn begins with the first station.",
        "已清空；lab learn 从第一站开始。";
}

/// How far somebody is who is neither at the beginning nor at the end.
pub(crate) fn welcome(lang: Lang, passed: usize, of: usize) -> String {
    say! { lang, passed;
        0 =>
            "The course has {of} stations. At each you say first what will happen, then see it.",
            "课程共 {of} 站。每一站先说会发生什么，然后看结果。";
        _ =>
            "You have been through {passed} of {of} stations; here is the next one.",
            "共 {of} 站，已经走过 {passed} 站，从下一站继续。";
    }
}

sentences! {
    station(number: usize, of: usize): "station {number} of {of}", "第 {number} 站，共 {of} 站";
}

/// What was to be seen, or of a run that came out otherwise what the lab says.
pub(crate) fn why(lang: Lang, as_expected: bool, explain: &str) -> String {
    say! { lang, as_expected;
        true => "Why: {explain}", "为什么：{explain}";
        false => "When it comes out as the lab says: {explain}", "与实验所述相符时：{explain}";
    }
}

sentences! {
    lang;
    prompt(choices: usize): "1 to {choices} (q leaves): ", "输入 1 到 {choices}（q 退出）：";
    no_choice(typed: &str, choices: usize; typed = safe::words(typed)):
        "`{typed}` is none of the answers; type a number from 1 to {choices}, or q",
        "`{typed}` 不是选项；请输入 1 到 {choices}，或者 q";
    /// Nothing was asked, and something was typed.
    no_answer_now(typed: &str; typed = safe::words(typed)):
        "nothing is asked here, so `{typed}` means nothing; press Enter alone, or q and Enter",
        "这里没有提问，`{typed}` 没有用处；请只按回车，或者输入 q 再回车";
    right(because: &str): "Right: {because}", "对：{because}";
    wrong(because: &str): "Not so: {because}", "不对：{because}";
    /// The answer that would have been right.
    answer(says: &str, because: &str): "{says}: {because}", "{says}：{because}";
    passed(n: usize, of: usize):
        "You have been through {n} of {of} stations.",
        "共 {of} 站，走过 {n} 站。";
    /// Somebody leaves before the end.
    left(n: usize, of: usize; passed = passed(lang, n, of)):
        "{passed} lab learn goes on from here.",
        "{passed}下次用 lab learn 从这里继续。";
}

/// Whether a station is behind, in words.
pub(crate) fn done(lang: Lang, done: bool) -> &'static str {
    phrase! { lang, done;
        true => "done:", "走过：";
        false => "to come:", "还没到：";
    }
}
