//! What is said around a prediction: what is asked, what the answer is worth, and why.

use super::list;
use super::{bytes, group, side, unmodelled};
use crate::event::Side;
use crate::lang::Lang;
use crate::report::legal::{Broken, Rule};
use crate::report::predict::{Question, Timing, Unasked, Unreadable, Worth};
use crate::safe;

/// How to answer; shorter where there is little room.
pub(crate) fn prompt(lang: Lang, choices: usize, is_narrow: bool) -> String {
    say! { lang, is_narrow;
        true =>
            "1 to {choices}, or  ab | cd  (? q): ",
            "1 到 {choices}，或  ab | cd  （? q）：";
        false =>
            "1 to {choices}, or your own, such as  ab | cd  (? helps, q leaves): ",
            "输入 1 到 {choices}，或者自己写，如  ab | cd  （? 帮助，q 退出）：";
    }
}

sentences! {
    lang;
    question(reader: Side; reader = side(lang, reader)):
        "What will each recv of the {reader} return?",
        "{reader}的每次 recv 会返回什么？";
    /// What can be typed at the prompt.
    help(choices: usize):
        "type a number from 1 to {choices}, or what each recv returns, a bar between two of them: \
         ab | cd  (\"ab\" | \"cd\" and ['ab', 'cd'] are read as well; \"\" is a recv that \
         returns nothing). Asking costs nothing.",
        "输入 1 到 {choices} 的数字；或者写出每次 recv 返回什么，中间用竖线隔开：ab | cd  （也可以\
         写成 \"ab\" | \"cd\" 或 ['ab', 'cd']；\"\" 表示什么也没返回）。问帮助不算作答。";
    guessed(guess: &str): "Your prediction: {guess}", "你的预测：{guess}";
    came(came: &str): "This time: {came}", "这一次：{came}";
    /// Where the reasons stand: below the verdict they would push it off the screen.
    reasons(lab: u32):
        "Why it is so, and what to try next: lab {lab} --full",
        "原因，以及接下来可以试什么：lab {lab} --full";
}

/// Why nothing is asked of a run.
pub(crate) fn unasked(lang: Lang, run: &str, why: Unasked) -> String {
    let why = match why {
        Unasked::NotOver => say!(lang, "it did not come to its end", "它没有跑完"),
        Unasked::NothingRead => say!(lang, "nothing was read", "它什么也没读到"),
        Unasked::TooLong => say!(
            lang,
            "too many bytes or reads to write down",
            "字节或 recv 太多，写不下来"
        ),
        Unasked::Unmodelled(why) => unmodelled(lang, why).into(),
    };
    say!(
        lang,
        "Run {run} is shown without a question: {why}.",
        "{run} 这一次不提问：{why}。"
    )
}

/// What could not be read, and how it is written.
pub(crate) fn unreadable(lang: Lang, wrong: &Unreadable) -> String {
    say! { lang, wrong;
        Unreadable::Escape(escape) =>
            "`{escape}` stands for no byte; write \\n, \\r, \\t, \\x00, or \\| for a bar",
            "`{escape}` 不代表任何字节；可以写 \\n、\\r、\\t、\\x00，竖线写 \\|",
            escape = safe::words(escape);
        Unreadable::Unclosed(mark) =>
            "the quotation mark {mark} is opened and not closed; write for example  \"ab\" | cd  \
             and \\{mark} for one that was sent",
            "引号 {mark} 只有前一半；可以写成  \"ab\" | cd  ，发送的就是引号则写 \\{mark}";
        Unreadable::Behind(c) =>
            "behind a closing quotation mark a bar belongs, and there stands `{c}`; write for \
             example  \"ab\" | cd",
            "引号后面应当是竖线，这里却是 `{c}`；可以写成  \"ab\" | cd",
            c = safe::words(&c.to_string());
        Unreadable::Choice(of) =>
            "there are {of} choices, and nobody sent these digits; give a number from 1 to {of}, \
             or what each read returns, for example  ab | cd  (digits that you predict all the \
             same: \"42\")",
            "只有 {of} 个选项，也没有谁发过这些数字；请输入 1 到 {of}，或者写出每次 recv 返回什么，\
             比如  ab | cd  （预测的就是数字，加上引号：\"42\"）";
    }
}

/// What a prediction is worth.
pub(crate) fn verdict(
    lang: Lang,
    verdict: &Worth,
    guess: &[Vec<u8>],
    question: &Question,
) -> String {
    match verdict {
        Worth::Right => say!(
            lang,
            "Right: this is what the reads returned.",
            "对了：各次 recv 返回的正是这些。"
        ),
        Worth::Legal(timing) => {
            let takes = takes(lang, timing.as_ref());
            say!(
                lang,
                "Legal, but not this time: another timing gives it.{takes}",
                "合法，只是这一次没有：换个时机就会这样。{takes}"
            )
        }
        Worth::NotHere(timing) => {
            let takes = takes(lang, timing.as_ref());
            say!(
                lang,
                "Legal, but not here: the transport allows it, and the waits of this script rule \
                 it out.{takes}",
                "合法，但在这里不会出现：传输方式允许，脚本里的等待却排除了它。{takes}"
            )
        }
        Worth::Impossible(broken) => impossible(lang, broken, guess, question),
    }
}

/// What would have to be otherwise, as a sentence that follows another one.
fn takes(lang: Lang, timing: Option<&Timing>) -> String {
    let Some(timing) = timing else {
        return String::new();
    };
    say! { lang, timing;
        Timing::BeforeArrival(read, label) =>
            " It takes read {n} to come before {label} has arrived.",
            "那要第 {n} 次 recv 赶在 {label} 到达之前。",
            n = read + 1;
        Timing::Apart(read, label) =>
            " It takes {label} to leave in a later segment, and read {n} to come before it has \
             arrived; this time one segment carried what is before {label} as well.",
            "那要 {label} 装在后一个报文段里，并且第 {n} 次 recv 赶在它到达之前；这一次它和前面的字\
             节在同一个报文段里。",
            n = read + 1;
        Timing::Torn(read, label, first) =>
            " It takes a segment that ends after {first} of {label}, and read {n} before the rest \
             has arrived.",
            "那要有一个报文段只装到 {label} 的第 {first}，并且第 {n} 次 recv 赶在其余到达之前。",
            n = read + 1, first = bytes(lang, *first);
        Timing::AfterArrival(read, label) =>
            " It takes read {n} to come later, when {label} is queued as well.",
            "那要第 {n} 次 recv 来得晚一些，等 {label} 也进了接收队列。",
            n = read + 1;
        Timing::Dropped(lost) =>
            " It takes the loss of {lost} on the way.",
            "那要 {lost} 在路上丢失。",
            lost = list::names(lang, lost.iter().map(ToString::to_string));
        Timing::NotDropped(found) =>
            " It takes a receive queue with room for {found}.",
            "那要接收队列还装得下 {found}。",
            found = list::names(lang, found.iter().map(ToString::to_string));
    }
}

/// Which read cannot be, and why.
fn impossible(lang: Lang, broken: &Broken, guess: &[Vec<u8>], question: &Question) -> String {
    let n = broken.read + 1;
    let read = guess.get(broken.read).map_or(&[][..], Vec::as_slice);
    let length = bytes(lang, read.len() as u64);
    let why = say! { lang, &broken.rule;
        Rule::Skipped(range) =>
            "a stream leaves nothing out, and {missing} comes first",
            "流不会漏掉字节，{missing} 排在前面",
            missing = safe::quoted(question.bytes(*range), 24);
        Rule::Again =>
            "a stream gives each byte once, and these had been read",
            "流里每个字节只给一次，这些已经读走了";
        Rule::NotWritten =>
            "nobody wrote these bytes in this order",
            "没有谁按这个顺序发过这些字节";
        Rule::OverSize { asked } =>
            "it asks for at most {asked}, and this is {length}",
            "它最多要 {asked} 字节，这里却有 {length}",
            asked = group(*asked);
        Rule::NotTheEnd =>
            "a read that returns nothing is the end of the stream, and there is more to come",
            "什么也没返回就是流结束，可后面还有字节";
        Rule::NoSuchRead => "the script makes no such read", "脚本里没有这次 recv";
        Rule::Returns =>
            "there are bytes left, and a read returns as soon as one is there",
            "还有字节没读，而只要有一个字节，recv 就会返回";
        Rule::NotYet => "by then these bytes had not been written", "那时这些字节还没有发";
        Rule::Wait => "the waits of this script rule it out", "脚本里的等待排除了它";
        Rule::Merged =>
            "a read returns one datagram, never a part of the next as well",
            "一次 recv 只返回一个数据报，不会带上下一个的字节";
        Rule::Gone =>
            "what did not fit into the read before is gone",
            "上一次 recv 装不下的部分已经没了";
        Rule::CutShort => "a datagram that fits comes whole", "放得下的数据报会完整地到";
        Rule::Order =>
            "on loopback the datagrams of one socket keep their order",
            "在环回上，同一个套接字的数据报不会乱序";
    };
    // That a read would follow is said of the script, not of a read that was written down.
    if broken.read >= guess.len() {
        return say!(
            lang,
            "Impossible: read {n} would follow: {why}.",
            "不可能：后面还有第 {n} 次 recv：{why}。"
        );
    }
    say!(
        lang,
        "Impossible: read {n}: {why}.",
        "不可能：第 {n} 次 recv：{why}。"
    )
}
