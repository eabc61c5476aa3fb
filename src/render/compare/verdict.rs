//! What made the difference between runs, in words.

use crate::lang::Lang;
use crate::render::words::pick;
use crate::report::compare::{Aspect, Cause, Comparison};
use crate::report::differ::Facet;

/// A value that nobody would read to its end.
pub(super) fn shorten(value: &str) -> String {
    const MOST: usize = 160;
    if value.chars().count() <= MOST {
        return value.into();
    }
    let head: String = value.chars().take(MOST - 3).collect();
    head + "..."
}

pub(super) fn facet(lang: Lang, facet: Facet) -> &'static str {
    match facet {
        Facet::Transport => pick(lang, "transport", "传输"),
        Facet::Framing => pick(lang, "framing", "成帧"),
        Facet::Messages => pick(lang, "messages", "消息"),
        Facet::Pieces => pick(lang, "pieces", "分次写"),
        Facet::Options => pick(lang, "options", "选项"),
        Facet::Reads => pick(lang, "reads", "读法"),
        Facet::Waits => pick(lang, "waits", "等待"),
        Facet::Ending => pick(lang, "ending", "结束"),
        Facet::Rest => pick(lang, "the rest", "其他"),
    }
}

fn aspect(lang: Lang, aspect: Aspect) -> &'static str {
    match aspect {
        Aspect::Reads => pick(lang, "what each read returned", "每次读到了什么"),
        Aspect::Edges => pick(lang, "what became of the edges", "边界的下落"),
        Aspect::Cuts => pick(lang, "how messages were cut", "消息的切口"),
        Aspect::Messages => pick(lang, "what came out of the decoder", "解码器取出了什么"),
        Aspect::Made => pick(
            lang,
            "what the program made of the bytes",
            "程序从字节里得出了什么",
        ),
        Aspect::Files => pick(
            lang,
            "the files that the receiver is left with",
            "接收方最后留下的文件",
        ),
        Aspect::Losses => pick(lang, "what was cut off or dropped", "截掉和丢弃了多少"),
        Aspect::States => pick(lang, "the states of the connection", "连接的状态"),
        Aspect::Failures => pick(lang, "which calls failed", "哪些调用失败了"),
    }
}

fn list(lang: Lang, names: impl Iterator<Item = &'static str>) -> String {
    names.collect::<Vec<_>>().join(pick(lang, ", ", "、"))
}

/// What made the difference, as far as scripts and reports show it.
pub(super) fn verdict(compared: &Comparison, lang: Lang) -> String {
    let Some(cause) = compared.cause else {
        return no_difference(compared, lang);
    };
    what_differs(compared, lang) + &why(cause, compared, lang)
}

fn scripts(compared: &Comparison, but: Option<Facet>, lang: Lang) -> String {
    let facets = compared.scripts.iter().map(|found| found.facet);
    let others = facets.filter(|found| Some(*found) != but);
    list(lang, others.map(|found| facet(lang, found)))
}

/// Nothing is known to differ of what came of the runs.
fn no_difference(compared: &Comparison, lang: Lang) -> String {
    let differ = scripts(compared, None, lang);
    let open = list(lang, compared.open.iter().map(|open| aspect(lang, *open)));
    match (differ.is_empty(), open.is_empty()) {
        (true, true) => pick(
            lang,
            "No difference: the same script, and the reads returned the same.".into(),
            "没有不同：脚本一样，读到的也一样。".into(),
        ),
        (true, false) => pick(
            lang,
            format!(
                "No difference is known: the script is the same, and so is what is known of the \
                 outcome. Not known: {open}."
            ),
            format!("没有已知的不同：脚本一样，结果里已知的部分也一样。不知道的是：{open}。"),
        ),
        (false, true) => pick(
            lang,
            format!(
                "No difference in what the reads returned, though the scripts differ: {differ}."
            ),
            format!("读到的没有不同，尽管脚本不同：{differ}。"),
        ),
        (false, false) => pick(
            lang,
            format!(
                "No difference is known in what came of them, though the scripts differ: {differ}. \
                 Not known: {open}."
            ),
            format!("结果没有已知的不同，尽管脚本不同：{differ}。不知道的是：{open}。"),
        ),
    }
}

/// What differs, where the reads do not show it.
fn what_differs(compared: &Comparison, lang: Lang) -> String {
    let differs = list(
        lang,
        compared.differs.iter().map(|found| aspect(lang, *found)),
    );
    if compared.differs.contains(&Aspect::Reads) {
        String::new()
    } else if compared.open.contains(&Aspect::Reads) {
        pick(
            lang,
            format!("What is known to differ: {differs}. "),
            format!("已知不同的是：{differs}。"),
        )
    } else {
        pick(
            lang,
            format!("The reads returned the same. What differs: {differs}. "),
            format!("读到的一样，不同的是：{differs}。"),
        )
    }
}

fn why(cause: Cause, compared: &Comparison, lang: Lang) -> String {
    let besides = |but: Facet| match scripts(compared, Some(but), lang) {
        others if others.is_empty() => others,
        others => pick(
            lang,
            format!(" The scripts also differ in: {others}."),
            format!("此外脚本还有不同：{others}。"),
        ),
    };
    match cause {
        Cause::Elsewhere => pick(
            lang,
            "What made the difference is not worked out: one side is another program.",
            "差别从何而来，没有推算：有一方是另一个程序。",
        )
        .into(),
        Cause::CutShort => pick(
            lang,
            "What made the difference is not worked out: Ctrl-C cut a run short.",
            "差别从何而来，没有推算：有一次运行被 Ctrl-C 打断了。",
        )
        .into(),
        Cause::Contradiction => pick(
            lang,
            "What made the difference is not worked out: a record contradicts itself.",
            "差别从何而来，没有推算：有一份记录自相矛盾。",
        )
        .into(),
        Cause::NotTheScripts => pick(
            lang,
            "The scripts are the same, so they did not make the difference: timing did, or the \
             system or network that they ran on.",
            "脚本完全一样，差别不在脚本：要么是时机，要么是所在的系统或网络不同。",
        )
        .into(),
        Cause::Transport => pick(
            lang,
            "What kept the edges: the transport. A read of a datagram socket hands over one \
                 datagram; a stream of bytes has no edges to keep.",
            "保住边界的是传输方式：数据报套接字一次读取交出一个数据报；字节流里本来就没有边界。",
        )
        .to_string()
            + &besides(Facet::Transport),
        Cause::Framing => {
            pick(
                lang,
                "What brought the messages back: the framing. The edges are in the bytes now, and \
                 the decoder found all of them, wherever the reads cut the stream.",
                "把消息还原出来的是成帧：边界写进了字节里，不管读取把流切在哪里，解码器都找到了。",
            )
            .to_string()
                + &besides(Facet::Framing)
        }
        Cause::One(only) => {
            let name = facet(lang, only);
            pick(
                lang,
                format!(
                    "The scripts differ in one thing: {name}. That made the difference, or \
                     something outside the scripts did, such as timing."
                ),
                format!("脚本只有一处不同：{name}。差别要么来自它，要么来自脚本之外，比如时机。"),
            )
        }
        Cause::Several => {
            let differ = scripts(compared, None, lang);
            pick(
                lang,
                format!(
                    "What may have made the difference: {differ}; the scripts differ in these."
                ),
                format!("差别可能来自：{differ}。脚本在这几处不同。"),
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::differ::Difference;

    #[test]
    fn what_is_not_known_is_said_not_to_be() {
        let of = |differs: &[Aspect], open: &[Aspect], scripts: &[Facet]| {
            let differ = |facet: &Facet| Difference {
                facet: *facet,
                values: vec!["a".into(), "b".into()],
                said: Vec::new(),
            };
            let compared = Comparison {
                scripts: scripts.iter().map(differ).collect(),
                differs: differs.into(),
                open: open.into(),
                cause: (!differs.is_empty()).then_some(Cause::One(Facet::Reads)),
            };
            [Lang::En, Lang::Zh].map(|lang| verdict(&compared, lang))
        };
        for scripts in [&[][..], &[Facet::Waits]] {
            let [known, _] = of(&[], &[], scripts);
            assert!(known.contains("the reads returned"), "{known}");
            let [en, zh] = of(&[], &[Aspect::Reads], scripts);
            assert!(!en.contains("reads returned"), "{en}");
            assert!(en.ends_with("Not known: what each read returned."), "{en}");
            assert!(zh.ends_with("不知道的是：每次读到了什么。"), "{zh}");
        }
        // What the reads returned is called the same only where it is known to be.
        let scripts = &[Facet::Reads];
        let [sure, zh] = of(&[Aspect::Files], &[], scripts);
        assert!(sure.starts_with("The reads returned the same."), "{sure}");
        assert!(zh.starts_with("读到的一样，"), "{zh}");
        let [unsure, zh] = of(&[Aspect::Files], &[Aspect::Reads], scripts);
        assert!(unsure.starts_with("What is known to differ:"), "{unsure}");
        assert!(zh.starts_with("已知不同的是："), "{zh}");
    }
}
