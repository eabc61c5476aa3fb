//! A run before it is shown, the question that is asked, and what the answer is worth.

use super::paint::{Ink, Line};
use super::words::{self, group, pick};
use super::{NARROWEST, View, finish, page, plain, safe, script, wrap};
use crate::event::{LabInfo, Label, RunTrace};
use crate::lang::Lang;
use crate::report::legal::{Broken, Rule};
use crate::report::predict::{self, Question, Timing, Unasked, Unreadable, Verdict};

const INDENT: usize = page::INDENT;

/// Which lab it is. Its title and its question come after the answer: they would tell it.
#[must_use]
pub fn predict_opening(lab: &LabInfo, plainly: bool, view: &View) -> String {
    let name = page::name(lab, view);
    let name = match lab.lab {
        Some(_) => name,
        None => format!("{name} · {}", safe::words(&lab.slug)),
    };
    if plainly {
        return plain::finish(&[name], view);
    }
    finish(&[Line::of(name, Ink::Strong)], view)
}

/// What both sides are told to do, and what is asked.
#[must_use]
pub fn predict_question(run: &RunTrace, question: &Question, plainly: bool, view: &View) -> String {
    let lang = view.lang;
    let name = safe::words(&run.script.name);
    let transport = run.script.transport.unwrap_or_default().to_string();
    let reader = words::side(lang, question.from.other());
    let asks = pick(
        lang,
        format!("What will each recv of the {reader} return?"),
        format!("{reader}的每次 recv 会返回什么？"),
    );
    let choices: Vec<String> = question
        .choices
        .iter()
        .map(|choice| notation(choice))
        .collect();
    if plainly {
        let mut facts = vec![format!("{} {name}: {transport}", pick(lang, "run", "运行"))];
        facts.extend(
            script::facts(&run.script, lang)
                .into_iter()
                .map(|fact| format!("{name}: {fact}")),
        );
        facts.push(format!("{name}: {asks}"));
        let numbered = choices.iter().zip(1..);
        facts.extend(numbered.map(|(choice, n)| format!("{name}: {n}: {choice}")));
        return plain::finish(&facts, view);
    }
    let mut lines = vec![Line::new(), page::parting(&name, &transport, view.width)];
    lines.extend(script::draw(&run.script, view));
    lines.push(Line::new());
    lines.extend(page::indent(
        wrap::text(&asks, page::measure(view), Ink::Strong),
        INDENT,
    ));
    for (choice, n) in choices.iter().zip(1..) {
        let at = INDENT + 4;
        for (i, part) in wrap::text(choice, view.width.saturating_sub(at), Ink::Plain)
            .iter()
            .enumerate()
        {
            let mut line = Line::new();
            line.pad_to(INDENT);
            if i == 0 {
                line.put(format!("{n}"), Ink::Strong);
            }
            line.pad_to(at).append(part);
            lines.push(line);
        }
    }
    finish(&lines, view)
}

/// How to answer.
#[must_use]
pub fn predict_prompt(question: &Question, view: &View) -> String {
    let n = question.choices.len();
    if view.width < NARROWEST {
        return pick(
            view.lang,
            format!("1 to {n}, or  ab | cd  (q leaves): "),
            format!("1 到 {n}，或  ab | cd  （q 退出）："),
        );
    }
    pick(
        view.lang,
        format!("1 to {n}, or your own, such as  ab | cd  (q leaves): "),
        format!("输入 1 到 {n}，或者自己写，如  ab | cd  （q 退出）："),
    )
}

/// What it is worth.
#[must_use]
pub fn predict_verdict(
    verdict: &Verdict,
    guess: &[Vec<u8>],
    question: &Question,
    run: &RunTrace,
    plainly: bool,
    view: &View,
) -> String {
    let lang = view.lang;
    let (says, ink) = match verdict {
        Verdict::Right => (
            pick(
                lang,
                "Right: this is what the reads returned.".into(),
                "对了：各次读取返回的正是这些。".into(),
            ),
            Ink::Good,
        ),
        Verdict::Legal(timing) => (
            pick(
                lang,
                "Legal, but not this time: another timing gives it.".to_string(),
                "合法，但这一次不是：换一种时机就会这样。".into(),
            ) + &timing_text(timing.as_ref(), lang),
            Ink::Strong,
        ),
        Verdict::NotHere(timing) => (
            pick(
                lang,
                "Legal, but not here: the transport allows it, and the waits of this script rule \
                 it out."
                    .to_string(),
                "合法，但这里不会：这种传输方式允许，是脚本里的等待排除了它。".into(),
            ) + &timing_text(timing.as_ref(), lang),
            Ink::Strong,
        ),
        Verdict::Impossible(broken) => (
            pick(lang, "Impossible: ", "不可能：").to_string()
                + &broken_text(broken, guess, question, lang),
            Ink::Bad,
        ),
    };
    let guessed = notation(guess);
    let guessed = pick(
        lang,
        format!("Your prediction: {guessed}"),
        format!("你的预测：{guessed}"),
    );
    let mut out = sentence(&guessed, Ink::Strong, run, plainly, view);
    if !plainly {
        out.insert(0, '\n');
    }
    out += &sentence(&says, ink, run, plainly, view);
    if *verdict != Verdict::Right {
        let came = notation(question.came());
        let says = pick(
            lang,
            format!("This time: {came}"),
            format!("这一次：{came}"),
        );
        out += &sentence(&says, Ink::Strong, run, plainly, view);
    }
    out
}

/// The lab's title and its question, now that they tell nothing any more, and where the reasons
/// stand: below the verdict they would push it off the screen.
#[must_use]
pub fn predict_closing(lab: &LabInfo, plainly: bool, view: &View) -> String {
    let reasons = lab.lab.map(|number| {
        pick(
            view.lang,
            format!("Why it is so, and what to try next: lab {number}"),
            format!("原因，以及接下来可以试什么：lab {number}"),
        )
    });
    if plainly {
        let facts = plain::title_and_question(lab, view).into_iter();
        return plain::finish(&facts.chain(reasons).collect::<Vec<_>>(), view);
    }
    let mut lines = vec![Line::new()];
    lines.extend(page::title_and_question(lab, view));
    if let Some(reasons) = reasons {
        let wrapped = wrap::text(&reasons, page::measure(view), Ink::Plain);
        lines.extend(page::indent(wrapped, INDENT));
    }
    finish(&lines, view)
}

/// Why nothing is asked.
#[must_use]
pub fn predict_unasked(why: Unasked, run: &RunTrace, plainly: bool, view: &View) -> String {
    let lang = view.lang;
    let why = match why {
        Unasked::NotOver => pick(lang, "it did not come to its end", "它没有跑完"),
        Unasked::NothingRead => pick(lang, "nothing was read", "它什么也没读到"),
        Unasked::TooLong => pick(
            lang,
            "too many bytes or reads to write down",
            "字节或读取太多，写不下来",
        ),
        Unasked::Unmodelled(why) => words::unmodelled(lang, why),
    };
    let name = safe::words(&run.script.name);
    let says = pick(
        lang,
        format!("Run {name} is shown without a question: {why}."),
        format!("{name} 这一次不提问：{why}。"),
    );
    if plainly {
        return plain::finish(&[says], view);
    }
    let mut lines = vec![Line::new()];
    lines.extend(page::indent(
        wrap::text(&says, page::measure(view), Ink::Plain),
        INDENT,
    ));
    finish(&lines, view)
}

/// What could not be read, and how it is written.
#[must_use]
pub fn predict_unreadable(wrong: &Unreadable, lang: Lang) -> String {
    match wrong {
        Unreadable::Escape(escape) => {
            let escape = safe::words(escape);
            pick(
                lang,
                format!(
                    "`{escape}` stands for no byte; write \\n, \\r, \\t, \\x00, or \\| for a bar"
                ),
                format!("`{escape}` 不代表任何字节；可以写 \\n、\\r、\\t、\\x00，竖线写 \\|"),
            )
        }
        Unreadable::Unclosed(mark) => pick(
            lang,
            format!(
                "the quotation mark {mark} is opened and not closed; write for example  \
                 \"ab\" | cd  and \\{mark} for one that was sent"
            ),
            format!("引号 {mark} 只有前一半；可以写成  \"ab\" | cd  ，发送的就是引号则写 \\{mark}"),
        ),
        Unreadable::Behind(c) => {
            let c = safe::words(&c.to_string());
            pick(
                lang,
                format!(
                    "behind a closing quotation mark a bar belongs, and there stands `{c}`; write \
                     for example  \"ab\" | cd"
                ),
                format!("引号后面应当是竖线，这里却是 `{c}`；可以写成  \"ab\" | cd"),
            )
        }
        Unreadable::Choice(of) => pick(
            lang,
            format!(
                "there are {of} choices, and nobody sent these digits; give a number from 1 to \
                 {of}, or what each read returns, for example  ab | cd  (digits that you \
                 predict all the same: \"42\")"
            ),
            format!(
                "只有 {of} 个选项，也没有谁发过这些数字；请输入 1 到 {of}，或者写出每次读到什么，\
                 比如  ab | cd  （预测的就是数字，加上引号：\"42\"）"
            ),
        ),
    }
}

fn sentence(says: &str, ink: Ink, run: &RunTrace, plainly: bool, view: &View) -> String {
    if plainly {
        let name = safe::words(&run.script.name);
        return plain::finish(&[format!("{name}: {says}")], view);
    }
    let wrapped = wrap::headed(says, page::measure(view), ink);
    finish(&page::indent(wrapped, INDENT).collect::<Vec<_>>(), view)
}

fn notation(reads: &[Vec<u8>]) -> String {
    safe::words(&predict::write(reads))
}

fn labels(labels: &[Label], lang: Lang) -> String {
    let each: Vec<String> = labels.iter().map(ToString::to_string).collect();
    each.join(pick(lang, ", ", "、"))
}

/// What would have to be otherwise.
fn timing_text(timing: Option<&Timing>, lang: Lang) -> String {
    let Some(timing) = timing else {
        return String::new();
    };
    let says = match timing {
        Timing::BeforeArrival(read, label) => {
            let n = read + 1;
            pick(
                lang,
                format!("It takes read {n} to come before {label} has arrived."),
                format!("要第 {n} 次读发生在 {label} 到达之前。"),
            )
        }
        Timing::Apart(read, label) => {
            let n = read + 1;
            pick(
                lang,
                format!(
                    "It takes {label} to leave in a later segment, and read {n} to come before it \
                     has arrived; this time one segment carried what is before {label} as well."
                ),
                format!(
                    "要 {label} 装在后一个报文段里，并且第 {n} 次读赶在它到达之前；这一次它和前面的内容在同一个报文段里。"
                ),
            )
        }
        Timing::Torn(read, label, bytes) => {
            let (n, bytes) = (read + 1, words::bytes(lang, *bytes));
            pick(
                lang,
                format!(
                    "It takes a segment that ends after {bytes} of {label}, and read {n} before \
                     the rest has arrived."
                ),
                format!(
                    "要有一个报文段只装到 {label} 的第 {bytes}，并且第 {n} 次读赶在其余到达之前。"
                ),
            )
        }
        Timing::AfterArrival(read, label) => {
            let n = read + 1;
            pick(
                lang,
                format!("It takes read {n} to come later, when {label} is queued as well."),
                format!("要第 {n} 次读来得晚一些，等 {label} 也进了接收队列。"),
            )
        }
        Timing::Dropped(lost) => {
            let lost = labels(lost, lang);
            pick(
                lang,
                format!("It takes the loss of {lost} on the way."),
                format!("要 {lost} 在路上丢失。"),
            )
        }
        Timing::NotDropped(found) => {
            let found = labels(found, lang);
            pick(
                lang,
                format!("It takes a receive queue with room for {found}."),
                format!("要接收队列还装得下 {found}。"),
            )
        }
    };
    pick(lang, format!(" {says}"), says)
}

/// Which read cannot be, and why.
fn broken_text(broken: &Broken, guess: &[Vec<u8>], question: &Question, lang: Lang) -> String {
    let n = broken.read + 1;
    let read = guess.get(broken.read).map_or(&[][..], Vec::as_slice);
    let length = words::bytes(lang, read.len() as u64);
    let why = match &broken.rule {
        Rule::Skipped(range) => {
            let missing = safe::quoted(question.bytes(*range), 24);
            pick(
                lang,
                format!("a stream leaves nothing out, and {missing} comes first"),
                format!("流不会漏掉字节，{missing} 排在前面"),
            )
        }
        Rule::Again => pick(
            lang,
            "a stream gives each byte once, and these had been read".into(),
            "流里每个字节只给一次，这些已经读走了".into(),
        ),
        Rule::NotWritten => pick(
            lang,
            "nobody wrote these bytes in this order".into(),
            "没有谁按这个顺序写过这些字节".into(),
        ),
        Rule::OverSize { asked } => {
            let asked = group(*asked);
            pick(
                lang,
                format!("it asks for at most {asked}, and this is {length}"),
                format!("它最多要 {asked} 字节，这里却有 {length}"),
            )
        }
        Rule::NotTheEnd => pick(
            lang,
            "a read that returns nothing is the end of the stream, and there is more to come"
                .into(),
            "什么也没返回就是流结束，可后面还有字节".into(),
        ),
        Rule::NoSuchRead => pick(
            lang,
            "the script makes no such read".into(),
            "脚本里没有这次读取".into(),
        ),
        Rule::Returns => pick(
            lang,
            "there are bytes left, and a read returns as soon as one is there".into(),
            "还有字节没读，而只要有一个字节，recv 就会返回".into(),
        ),
        Rule::NotYet => pick(
            lang,
            "by then these bytes had not been written".into(),
            "那时这些字节还没有写".into(),
        ),
        Rule::Wait => pick(
            lang,
            "the waits of this script rule it out".into(),
            "脚本里的等待排除了它".into(),
        ),
        Rule::Merged => pick(
            lang,
            "a read returns one datagram, never a part of the next as well".into(),
            "一次读只返回一个数据报，不会带上下一个的字节".into(),
        ),
        Rule::Gone => pick(
            lang,
            "what did not fit into the read before is gone".into(),
            "上一次读放不下的部分已经没了".into(),
        ),
        Rule::CutShort => pick(
            lang,
            "a datagram that fits comes whole".into(),
            "放得下的数据报会完整地到".into(),
        ),
        Rule::Order => pick(
            lang,
            "on loopback the datagrams of one socket keep their order".into(),
            "在环回上，同一个套接字的数据报不会乱序".into(),
        ),
    };
    // That a read would follow is said of the script, not of a read that was written down.
    if broken.read >= guess.len() {
        return pick(
            lang,
            format!("read {n} would follow: {why}."),
            format!("后面还有第 {n} 次读：{why}。"),
        );
    }
    pick(
        lang,
        format!("read {n}: {why}."),
        format!("第 {n} 次读：{why}。"),
    )
}
