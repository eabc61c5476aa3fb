//! What made the difference between runs, in words: from their scripts and their reports, and no
//! more than these show.

use super::compare::Compared;
use super::paint::Ink;
use super::words::pick;
use crate::lab::text::Lang;
use crate::report::differ::{Difference, Facet};
use crate::report::repeat::EdgeFate;
use crate::report::{Flow, Report};

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

/// Whether the same came of two runs: reads, edges, messages out of a decoder.
fn same_came(a: &Report, b: &Report) -> bool {
    let same = |(a, b): (&Flow, &Flow)| {
        let reads = |flow: &Flow| -> Vec<(u64, u64)> {
            let reads = flow.ranges.reads.iter();
            reads.map(|read| (read.start, read.end)).collect()
        };
        let fates = |flow: &Flow| -> Vec<EdgeFate> {
            flow.edges.iter().map(|edge| edge.fate.into()).collect()
        };
        let out = |flow: &Flow| flow.decoded.as_ref().map(Vec::len);
        (reads(a), fates(a), out(a)) == (reads(b), fates(b), out(b))
    };
    a.flows.len() == b.flows.len() && a.flows.iter().zip(&b.flows).all(same)
}

/// What made the difference, as far as scripts and reports show it.
pub(super) fn verdict(runs: &[Compared<'_>], differ: &[Difference], lang: Lang) -> (String, Ink) {
    let alike = runs
        .windows(2)
        .all(|pair| same_came(pair[0].report, pair[1].report));
    let differs = |wanted: Facet| differ.iter().any(|found| found.facet == wanted);
    let decoding = |run: &Compared<'_>| run.report.flows.iter().any(|flow| flow.decoded.is_some());
    let decoders = runs.iter().filter(|run| decoding(run)).count();
    let keeping = |run: &&Compared<'_>| run.run.script.transport.unwrap_or_default().keeps_edges();
    let some_keep_edges = (1..runs.len()).contains(&runs.iter().filter(keeping).count());
    let some_decode = (1..runs.len()).contains(&decoders);
    let list = || {
        let names = differ.iter().map(|found| facet(lang, found.facet));
        names.collect::<Vec<_>>().join(pick(lang, ", ", "、"))
    };
    let says = match differ {
        [] if alike => pick(
            lang,
            "No difference: the same script, and the same came of it.".into(),
            "没有不同：脚本一样，结果也一样。".into(),
        ),
        _ if !alike && runs.iter().any(|run| run.run.script.elsewhere().is_some()) => pick(
            lang,
            "What made the difference is not worked out: one side is another program.".into(),
            "差别从何而来，没有推算：有一方是另一个程序。".into(),
        ),
        [] => pick(
            lang,
            "What made the difference: timing alone. The scripts are the same.".into(),
            "差别只来自时机：脚本完全一样。".into(),
        ),
        _ if alike => pick(
            lang,
            format!("No difference in what the reads returned, though the scripts differ: {}.", list()),
            format!("读到的没有不同，尽管脚本不同：{}。", list()),
        ),
        _ if some_keep_edges && !differs(Facet::Framing) => pick(
            lang,
            "What made the difference: the transport. A read of a datagram socket hands over one \
             datagram, which keeps the edges; a stream of bytes has none to keep."
                .into(),
            "差别来自：传输层。数据报套接字一次读取交出一个数据报，边界就在；字节流里本来就没有边界。"
                .into(),
        ),
        _ if differs(Facet::Framing) && !differs(Facet::Transport) && some_decode => pick(
            lang,
            "What made the difference: the framing. The edges are in the bytes now, and a decoder \
             finds them wherever the reads cut the stream."
                .into(),
            "差别来自：成帧。边界写进了字节里，读取切在哪里，解码器都找得到。".into(),
        ),
        [only] => {
            let name = facet(lang, only.facet);
            pick(
                lang,
                format!("What made the difference: the {name}. Nothing else in the scripts differs."),
                format!("差别来自：{name}。脚本的其余部分都一样。"),
            )
        }
        _ => pick(
            lang,
            format!("What may have made the difference: {}; the scripts differ in these.", list()),
            format!("差别可能来自：{}。脚本在这几处不同。", list()),
        ),
    };
    (says, Ink::Strong)
}
