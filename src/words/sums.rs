//! The sums of a direction, and of a read loop.

use std::cmp::Ordering;

use super::{bytes, group, pick, side};
use crate::event::{Side, Taken};
use crate::lang::Lang;

/// The bytes of a direction in one sentence.
pub(crate) fn totals(lang: Lang, sent: u64, received: u64) -> String {
    let rest = match (lang, sent.saturating_sub(received)) {
        (_, 0) => String::new(),
        (Lang::En, n) => format!(", {} not received", group(n)),
        (Lang::Zh, n) => format!("，未收到 {}", group(n)),
    };
    let (sent, received) = (group(sent), group(received));
    pick(
        lang,
        format!("Bytes: {sent} sent, {received} received{rest}."),
        format!("字节：发出 {sent}，收到 {received}{rest}。"),
    )
}

/// The same of a direction that another program reads.
pub(crate) fn only_sent(lang: Lang, sent: u64) -> String {
    let sent = group(sent);
    pick(
        lang,
        format!("Bytes: {sent} sent."),
        format!("字节：发出 {sent}。"),
    )
}

/// The same of a direction that another program writes.
pub(crate) fn only_received(lang: Lang, received: u64) -> String {
    let received = group(received);
    pick(
        lang,
        format!("Bytes: {received} received."),
        format!("字节：收到 {received}。"),
    )
}

/// What a side that is elsewhere leaves unknown.
pub(crate) fn another_program(lang: Lang) -> &'static str {
    pick(
        lang,
        "another program: its calls are not seen, so its bytes have no letters, and where its \
         messages end and what it read is not known",
        "另一个程序：看不到它的调用，所以它发的字节没有字母，它的消息在哪里结束、它读到了什么，都不知道",
    )
}

/// How many edges were kept; of some the record may not say it.
pub(crate) fn edges_kept(lang: Lang, kept: usize, of: usize, not_recorded: usize) -> String {
    let (en, zh) = match not_recorded {
        0 => Default::default(),
        n => (format!(", {n} not recorded"), format!("，没有记录 {n}")),
    };
    pick(
        lang,
        format!("Edges kept: {kept} of {of}{en}."),
        format!("保住的边界：{kept}/{of}{zh}。"),
    )
}

/// What the frame decoder brought back.
pub(crate) fn restored(lang: Lang, whole: usize, of: Option<usize>) -> String {
    let (en, zh) = of.map_or_else(Default::default, |of| {
        (format!(" of {of}"), format!("/{of}"))
    });
    pick(
        lang,
        format!("Messages whole out of the decoder: {whole}{en}."),
        format!("解码器还原出完整消息：{whole}{zh}。"),
    )
}

/// Bytes that waited at the sender.
pub(crate) fn waited(lang: Lang, from: Side, unsent: u64, at: &str) -> String {
    let from = side(lang, from);
    pick(
        lang,
        format!(
            "Held unsent in the {from}'s kernel at {at}: {} (TCP_INFO).",
            bytes(lang, unsent)
        ),
        format!(
            "{at} 时{from}内核里有 {}写了却还没发出（TCP_INFO）。",
            bytes(lang, unsent)
        ),
    )
}

/// What a read loop took for one message.
pub(crate) fn taken(lang: Lang, taken: &Taken) -> String {
    let Taken {
        wanted,
        counted,
        has,
        empty,
    } = *taken;
    let (all, of) = (bytes(lang, has), group(wanted));
    let mut says = match has.cmp(&wanted) {
        Ordering::Equal => pick(lang, format!("has all {all}"), format!("凑齐了 {all}")),
        Ordering::Greater => {
            let more = group(has - wanted);
            pick(
                lang,
                format!("took {all} for a message of {of}: {more} too many"),
                format!("消息只有 {of} 字节，却读了 {all}：多了 {more}"),
            )
        }
        Ordering::Less => {
            let missing = group(wanted - has);
            pick(
                lang,
                format!("has {all} of a message of {of}: {missing} missing"),
                format!("消息有 {of} 字节，只读到 {all}：少了 {missing}"),
            )
        }
    };
    if counted != has {
        says += &pick(
            lang,
            format!(", and counted {}", group(counted)),
            format!("，却数成了 {}", group(counted)),
        );
    }
    if empty > 1 {
        says += &pick(
            lang,
            format!(
                "; {} empty reads in a row, until the lab ended the loop",
                group(empty)
            ),
            format!("；连着读到 {} 次空，最后由实验叫停", group(empty)),
        );
    }
    says
}

/// What became of a datagram that the kernel counted and no read returned.
pub(crate) fn dropped(lang: Lang) -> &'static str {
    pick(lang, "dropped by the kernel", "被内核丢弃")
}

/// What was cut off of all the messages together.
pub(crate) fn cut_off(lang: Lang, gone: u64) -> String {
    let gone_bytes = bytes(lang, gone);
    match (lang, gone) {
        (Lang::En, 1) => format!(" {gone_bytes} did not fit and was lost."),
        (Lang::En, _) => format!(" {gone_bytes} did not fit and were lost."),
        (Lang::Zh, _) => format!("放不下而丢失的有 {gone_bytes}。"),
    }
}

/// Datagrams that cannot be dropped, in one sentence.
pub(crate) fn records(lang: Lang, sent: u64, received: u64) -> String {
    let (sent, received) = (group(sent), group(received));
    pick(
        lang,
        format!("Messages: {sent} sent, {received} received."),
        format!("消息：发出 {sent}，收到 {received}。"),
    )
}

/// Datagrams in one sentence.
pub(crate) fn datagrams(lang: Lang, sent: u64, received: u64, dropped: Option<u64>) -> String {
    let unread = sent
        .saturating_sub(received)
        .saturating_sub(dropped.unwrap_or_default());
    let over = received.saturating_add(dropped.unwrap_or_default()) > sent;
    let (sent, received) = (group(sent), group(received));
    let Some(dropped) = dropped else {
        return pick(
            lang,
            format!(
                "Datagrams: {sent} sent, {received} received; how many were dropped is undetermined."
            ),
            format!("数据报：发出 {sent}，收到 {received}；丢了多少未定，内核没有给出计数。"),
        );
    };
    if over {
        // The kernel counts at the socket, whoever sent.
        let dropped = group(dropped);
        return pick(
            lang,
            format!(
                "Datagrams: {sent} sent, {received} received; the kernel counted {dropped} dropped \
                 (SO_MEMINFO), not all of these."
            ),
            format!(
                "数据报：发出 {sent}，收到 {received}；内核记下丢弃 {dropped} 个（SO_MEMINFO），其中有别处来的。"
            ),
        );
    }
    let rest = match (lang, unread) {
        (_, 0) => String::new(),
        (Lang::En, n) => format!(" + {} not read", group(n)),
        (Lang::Zh, n) => format!(" + 未读 {}", group(n)),
    };
    let dropped = group(dropped);
    pick(
        lang,
        format!(
            "Datagrams: {sent} sent = {received} received + {dropped} dropped by the kernel (SO_MEMINFO){rest}."
        ),
        format!("数据报：发出 {sent} = 收到 {received} + 内核丢弃 {dropped}（SO_MEMINFO）{rest}。"),
    )
}
