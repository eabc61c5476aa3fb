//! What made the difference between runs, and what stands around their columns.

use super::list;
use crate::lang::Lang;
use crate::number::group;
use crate::report::compare::{Aspect, Cause, Comparison};
use crate::report::differ::Facet;

phrases! {
    title: "compare", "对比";
    writes: "writes", "send";
    send: "send ", "send ";
    files: "files", "文件";
    not_known: "not known", "不知道";
    differs: "differs", "不同";
}

sentences! { lang;
    /// Which runs, as a fact.
    compared(runs: &[String]; runs = runs.join(phrase!(lang, " and ", " 和 "))):
        "compare: {runs}", "对比：{runs}";
    rows_left_out(n: usize; n = group(n as u64)): "... {n} rows left out ...", "……略去 {n} 行……";
    /// What one run has of what differs, as a fact.
    differs_in(name: &str, run: &str, value: &str):
        "differs in {name}: {run}: {value}",
        "不同之处，{name}：{run}：{value}";
}

pub(crate) fn facet(lang: Lang, facet: Facet) -> &'static str {
    match facet {
        Facet::Transport => phrase!(lang, "transport", "传输"),
        Facet::Framing => phrase!(lang, "framing", "成帧"),
        Facet::Messages => phrase!(lang, "messages", "消息"),
        Facet::Pieces => phrase!(lang, "sends per message", "分次 send"),
        Facet::Options => phrase!(lang, "options", "选项"),
        Facet::Reads => phrase!(lang, "use of recv", "recv 的用法"),
        Facet::Waits => phrase!(lang, "waits", "等待"),
        Facet::Ending => phrase!(lang, "ending", "结束"),
        Facet::Rest => phrase!(lang, "other steps", "其他"),
    }
}

fn aspect(lang: Lang, aspect: Aspect) -> &'static str {
    phrase! { lang, aspect;
        Aspect::Reads => "what each read returned", "每次 recv 读到了什么";
        Aspect::Edges => "what became of the edges", "边界的下落";
        Aspect::Cuts => "how messages were cut", "消息的切口";
        Aspect::Messages => "what came out of the decoder", "解码器取出了什么";
        Aspect::Made => "what the program made of the bytes", "程序从字节里得出了什么";
        Aspect::Files => "the files that the receiver is left with", "接收方最后留下的文件";
        Aspect::Losses => "what was cut off or dropped", "截掉和丢弃了多少";
        Aspect::States => "the states of the connection", "连接的状态";
        Aspect::Failures => "which calls failed", "哪些调用失败了";
    }
}

/// What made the difference, as far as scripts and reports show it.
pub(crate) fn verdict(lang: Lang, compared: &Comparison) -> String {
    match compared.cause {
        None => no_difference(lang, compared),
        Some(cause) => what_differs(lang, compared) + &why(lang, cause, compared),
    }
}

fn aspects(lang: Lang, all: &[Aspect]) -> String {
    list::names(lang, all.iter().map(|one| aspect(lang, *one)))
}

fn scripts(lang: Lang, compared: &Comparison, but: Option<Facet>) -> String {
    let facets = compared.scripts.iter().map(|found| found.facet);
    let others = facets.filter(|found| Some(*found) != but);
    list::names(lang, others.map(|found| facet(lang, found)))
}

/// Nothing is known to differ of what came of the runs.
fn no_difference(lang: Lang, compared: &Comparison) -> String {
    let differ = scripts(lang, compared, None);
    let open = aspects(lang, &compared.open);
    if !compared.scripts_known {
        return say!(
            lang,
            "No difference is known in what came of them; what the programs were told to do is \
             not on record.",
            "就已知的结果看，没有不同；程序各自要做什么，记录里没有。"
        );
    }
    say! { lang, (differ.is_empty(), open.is_empty());
        (true, true) =>
            "No difference: the same script, and the reads returned the same.",
            "没有不同：脚本一样，读到的也一样。";
        (true, false) =>
            "No difference is known: the script is the same, and so is what is known of the \
             outcome. Not known: {open}.",
            "就已知的看，没有不同：脚本一样，已知的结果也一样。不知道的是：{open}。";
        (false, true) =>
            "No difference in what the reads returned, though the scripts differ: {differ}.",
            "脚本不同（{differ}），读到的却一样。";
        (false, false) =>
            "No difference is known in what came of them, though the scripts differ: {differ}. \
             Not known: {open}.",
            "脚本不同（{differ}），已知的结果却一样。不知道的是：{open}。";
    }
}

/// What differs, where the reads do not show it.
fn what_differs(lang: Lang, compared: &Comparison) -> String {
    let differs = aspects(lang, &compared.differs);
    if compared.differs.contains(&Aspect::Reads) {
        String::new()
    } else if compared.open.contains(&Aspect::Reads) {
        say!(
            lang,
            "What is known to differ: {differs}. ",
            "已知不同的是：{differs}。"
        )
    } else {
        say!(
            lang,
            "The reads returned the same. What differs: {differs}. ",
            "读到的一样，不同的是：{differs}。"
        )
    }
}

fn why(lang: Lang, cause: Cause, compared: &Comparison) -> String {
    let besides = |but| match scripts(lang, compared, Some(but)) {
        others if others.is_empty() => others,
        others => say!(
            lang,
            " The scripts also differ in: {others}.",
            "此外脚本还有不同：{others}。"
        ),
    };
    say! { lang, cause;
        Cause::Elsewhere =>
            "What made the difference is not worked out: one side is another program.",
            "差别从何而来，没有推算：有一方是另一个程序。";
        Cause::CutShort =>
            "What made the difference is not worked out: Ctrl-C cut a run short.",
            "差别从何而来，没有推算：有一次运行被 Ctrl-C 打断了。";
        Cause::Contradiction =>
            "What made the difference is not worked out: in one run the bytes read are not the bytes \
             written.",
            "差别从何而来，没有推算：有一次运行读到的字节与发出的不一致。";
        Cause::NotTheScripts =>
            "The scripts are the same, so they did not make the difference: timing did, or the \
             system or network that they ran on.",
            "脚本完全一样，差别不在脚本：要么是时机，要么是所在的系统或网络不同。";
        Cause::Transport =>
            "What kept the edges: the transport. A read of a datagram socket hands over one \
             datagram; a stream of bytes has no edges to keep.{besides}",
            "保住边界的是传输方式：数据报套接字一次 recv 取一个数据报；字节流里本来就没有边界。\
             {besides}",
            besides = besides(Facet::Transport);
        Cause::Framing =>
            "What brought the messages back: the framing. The edges are in the bytes now, and the \
             decoder found all of them, wherever the reads cut the stream.{besides}",
            "把消息还原出来的是成帧：边界写进了字节里，不管 recv 把流切在哪里，解码器都找到了。\
             {besides}",
            besides = besides(Facet::Framing);
        Cause::One(only) =>
            "The scripts differ in one thing: {name}. That made the difference, or something \
             outside the scripts did, such as timing.",
            "脚本只有一处不同：{name}。差别要么来自它，要么来自脚本之外，比如时机。",
            name = facet(lang, only);
        Cause::Several =>
            "What may have made the difference: {differ}; the scripts differ in these.",
            "差别可能来自：{differ}。脚本在这几处不同。",
            differ = scripts(lang, compared, None);
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
                settings: Vec::new(),
            };
            let compared = Comparison {
                scripts_known: true,
                scripts: scripts.iter().map(differ).collect(),
                differs: differs.into(),
                open: open.into(),
                cause: (!differs.is_empty()).then_some(Cause::One(Facet::Reads)),
            };
            [Lang::En, Lang::Zh].map(|lang| verdict(lang, &compared))
        };
        for scripts in [&[][..], &[Facet::Waits]] {
            let [known, _] = of(&[], &[], scripts);
            assert!(known.contains("the reads returned"), "{known}");
            let [en, zh] = of(&[], &[Aspect::Reads], scripts);
            assert!(!en.contains("reads returned"), "{en}");
            assert!(en.ends_with("Not known: what each read returned."), "{en}");
            assert!(zh.ends_with("不知道的是：每次 recv 读到了什么。"), "{zh}");
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
