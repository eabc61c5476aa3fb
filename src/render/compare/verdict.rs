//! What made the difference between runs, in words: from their scripts and their reports, and no
//! more than these show.

use super::Compared;
use crate::event::{Action, Side};
use crate::lab::text::Lang;
use crate::render::paint::Ink;
use crate::render::words::pick;
use crate::report::differ::{Difference, Facet};
use crate::report::repeat::EdgeFate;
use crate::report::{Fate, Flow, LostIn};

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

/// What each read of a direction returned: the bytes, and how many, which is all that is known of
/// several calls in one event.
fn reads<'a>(run: &Compared<'a>, flow: &Flow) -> Vec<(&'a [u8], u64)> {
    let events = run.run.events.iter();
    let reads = events.filter(|event| flow.way.is_reader(event));
    reads
        .filter_map(|event| match &event.action {
            Action::Recv(read) | Action::Recvfrom(read) if read.returned.is_some() => {
                Some((&read.hex.0[..], event.carried()))
            }
            _ => None,
        })
        .collect()
}

/// The calls that failed, whichever side's were first.
fn failed<'a>(run: &Compared<'a>) -> Vec<(u32, Side, &'static str, Option<&'a str>)> {
    let failed = run.report.failed.iter().map(|&i| {
        let event = &run.run.events[i];
        let error = event.error.as_deref();
        (event.conn, event.side, event.action.name(), error)
    });
    let mut failed: Vec<_> = failed.collect();
    failed.sort_unstable();
    failed
}

/// Whether nothing that is known of two edges is another thing.
fn may_be_alike(a: EdgeFate, b: EdgeFate) -> bool {
    use EdgeFate::{Lost, NotRecorded};
    match (a, b) {
        (NotRecorded, _) | (_, NotRecorded) => true,
        (Lost(a), Lost(b)) => a == b || [a, b].contains(&LostIn::Undetermined),
        (a, b) => a == b,
    }
}

/// Whether the same came of two runs: what reads returned, calls that failed, edges, messages out
/// of a decoder.
fn same_came(a: &Compared<'_>, b: &Compared<'_>) -> bool {
    let same = |(of_a, of_b): (&Flow, &Flow)| {
        let out = |flow: &Flow| flow.decoded.as_ref().map(Vec::len);
        let edges = of_a.edges.iter().zip(&of_b.edges);
        reads(a, of_a) == reads(b, of_b)
            && out(of_a) == out(of_b)
            && of_a.edges.len() == of_b.edges.len()
            && edges
                .into_iter()
                .all(|(a, b)| may_be_alike(a.fate.into(), b.fate.into()))
    };
    let (of_a, of_b) = (&a.report.flows, &b.report.flows);
    failed(a) == failed(b) && of_a.len() == of_b.len() && of_a.iter().zip(of_b).all(same)
}

/// Whether some of the runs, not all, go over a transport that keeps edges, and every other one
/// lost some.
fn transport_kept_edges(runs: &[Compared<'_>]) -> bool {
    let keeps = |run: &Compared<'_>| run.run.script.transport.unwrap_or_default().keeps_edges();
    runs.iter().any(keeps)
        && !runs.iter().all(keeps)
        && runs.iter().all(|run| {
            if keeps(run) {
                kept_an_edge(run) && !lost_edges(run)
            } else {
                lost_edges(run)
            }
        })
}

fn kept_an_edge(run: &Compared<'_>) -> bool {
    let mut edges = run.report.flows.iter().flat_map(|flow| &flow.edges);
    edges.any(|edge| matches!(edge.fate, Fate::Kept))
}

fn lost_edges(run: &Compared<'_>) -> bool {
    let mut edges = run.report.flows.iter().flat_map(|flow| &flow.edges);
    edges.any(|edge| matches!(edge.fate.into(), EdgeFate::Lost(_)))
}

/// Whether some of the runs, not all, have a decoder, and each brought all messages back, which
/// every other one lost the edges of, or tore.
fn decoder_found_all(runs: &[Compared<'_>]) -> bool {
    let decodes = |run: &Compared<'_>| run.report.flows.iter().any(|flow| flow.decoded.is_some());
    let all = |run: &Compared<'_>| {
        let mut flows = run.report.flows.iter();
        flows.all(|flow| {
            let out = flow.decoded.as_ref().map(Vec::len);
            flow.refused.is_none() && out.is_none_or(|out| out == flow.ranges.messages.len())
        })
    };
    let torn = |run: &Compared<'_>| {
        let mut flows = run.report.flows.iter();
        lost_edges(run) || flows.any(|flow| !flow.cuts.is_empty())
    };
    runs.iter().any(decodes)
        && !runs.iter().all(decodes)
        && runs
            .iter()
            .all(|run| if decodes(run) { all(run) } else { torn(run) })
}

/// Whether the runs took place on the same kind of system and of network.
fn same_surroundings(a: &Compared<'_>, b: &Compared<'_>) -> bool {
    let network = |of: &Compared<'_>| of.run.capture.map(|capture| (capture.private, capture.mtu));
    a.lab.os == b.lab.os && network(a) == network(b)
}

/// What made the difference, as far as scripts and reports show it.
pub(super) fn verdict(runs: &[Compared<'_>], differ: &[Difference], lang: Lang) -> (String, Ink) {
    let surroundings = runs
        .windows(2)
        .all(|pair| same_surroundings(&pair[0], &pair[1]));
    let alike = runs.windows(2).all(|pair| same_came(&pair[0], &pair[1]));
    let differs = |wanted: Facet| differ.iter().any(|found| found.facet == wanted);
    let list = |but: Option<Facet>| {
        let others = differ.iter().filter(|found| Some(found.facet) != but);
        let names = others.map(|found| facet(lang, found.facet));
        names.collect::<Vec<_>>().join(pick(lang, ", ", "、"))
    };
    let besides = |but: Facet| match list(Some(but)) {
        others if others.is_empty() => others,
        others => pick(
            lang,
            format!(" The scripts also differ in: {others}."),
            format!("此外脚本还有不同：{others}。"),
        ),
    };
    let says = match differ {
        [] if alike => pick(
            lang,
            "No difference: the same script, and the reads returned the same.".into(),
            "没有不同：脚本一样，读到的也一样。".into(),
        ),
        _ if !alike && runs.iter().any(|run| run.run.script.elsewhere().is_some()) => pick(
            lang,
            "What made the difference is not worked out: one side is another program.".into(),
            "差别从何而来，没有推算：有一方是另一个程序。".into(),
        ),
        [] => pick(
            lang,
            "The scripts are the same, so they did not make the difference: timing did, or the \
             system or network that they ran on."
                .into(),
            "脚本完全一样，差别不在脚本：要么是时机，要么是所在的系统或网络不同。".into(),
        ),
        _ if alike => pick(
            lang,
            format!(
                "No difference in what the reads returned, though the scripts differ: {}.",
                list(None)
            ),
            format!("读到的没有不同，尽管脚本不同：{}。", list(None)),
        ),
        _ if transport_kept_edges(runs) && !differs(Facet::Framing) => pick(
            lang,
            "What kept the edges: the transport. A read of a datagram socket hands over one \
             datagram; a stream of bytes has no edges to keep.",
            "保住边界的是传输方式：数据报套接字一次读取交出一个数据报；字节流里本来就没有边界。",
        )
        .to_string()
            + &besides(Facet::Transport),
        _ if differs(Facet::Framing) && !differs(Facet::Transport) && decoder_found_all(runs) => {
            pick(
                lang,
                "What brought the messages back: the framing. The edges are in the bytes now, and \
                 the decoder found all of them, wherever the reads cut the stream.",
                "把消息还原出来的是成帧：边界写进了字节里，不管读取把流切在哪里，解码器都找到了。",
            )
            .to_string()
                + &besides(Facet::Framing)
        }
        [only] if only.facet != Facet::Rest && surroundings => {
            let name = facet(lang, only.facet);
            pick(
                lang,
                format!(
                    "The scripts differ in one thing: {name}. That made the difference, or timing did."
                ),
                format!("脚本只有一处不同：{name}。差别要么来自它，要么来自时机。"),
            )
        }
        _ => pick(
            lang,
            format!(
                "What may have made the difference: {}; the scripts differ in these.",
                list(None)
            ),
            format!("差别可能来自：{}。脚本在这几处不同。", list(None)),
        ),
    };
    (says, Ink::Strong)
}
