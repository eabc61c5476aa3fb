//! The sums of a direction, and of a read loop.

use std::cmp::Ordering;

use super::{bytes, group, side};
use crate::event::{Side, Taken};
use crate::lang::Lang;

/// The bytes of a direction in one sentence.
pub(crate) fn totals(lang: Lang, sent: u64, received: u64) -> String {
    let rest = match sent.saturating_sub(received) {
        0 => String::new(),
        n => say!(lang, ", {n} not received", "，未收到 {n}", n = group(n)),
    };
    let (sent, received) = (group(sent), group(received));
    say!(
        lang,
        "Bytes: {sent} sent, {received} received{rest}.",
        "字节：发出 {sent}，收到 {received}{rest}。"
    )
}

/// What was cut off of all the messages together.
pub(crate) fn cut_off(lang: Lang, gone: u64) -> String {
    let was = if gone == 1 { "was" } else { "were" };
    say!(
        lang,
        " {gone} did not fit and {was} lost.",
        "装不下而丢失的有 {gone}。",
        gone = bytes(lang, gone)
    )
}

sentences! { lang;
    /// Bytes that waited at the sender.
    waited(from: Side, unsent: u64, at: &str; from = side(lang, from), unsent = bytes(lang, unsent)):
        "Held unsent in the {from}'s kernel at {at}: {unsent} (TCP_INFO).",
        "{at} 时，{from}内核里还压着 {unsent}没有发出（TCP_INFO）。";
    /// The same of a direction that another program reads.
    only_sent(sent: u64; sent = group(sent)): "Bytes: {sent} sent.", "字节：发出 {sent}。";
    /// The same of a direction that another program writes.
    only_received(received: u64; received = group(received)):
        "Bytes: {received} received.",
        "字节：收到 {received}。";
}

phrases! {
    /// What is not known of an older record of several clients over datagrams.
    peers_not_recorded:
        "This record does not say from whom, or to whom, each datagram was: with several clients \
         nobody can tell whose they were.",
        "这份记录没有写每个数据报来自谁、发给谁：客户端不止一个，分不清是谁的。";
    /// What a side that is elsewhere leaves unknown.
    another_program:
        "another program: its calls are not seen, so its bytes have no letters, and where its \
         messages end and what it read is not known",
        "另一个程序：看不到它的调用，所以它发的字节没有字母，它的消息在哪里结束、它读到了什么，都\
         不知道";
}

/// How many edges were kept; of some the record may not say it.
pub(crate) fn edges_kept(lang: Lang, kept: usize, of: usize, not_recorded: usize) -> String {
    let rest = match not_recorded {
        0 => String::new(),
        n => say!(lang, ", {n} not recorded", "，没有记录 {n}"),
    };
    say!(
        lang,
        "Edges kept: {kept} of {of}{rest}.",
        "保住的边界：{kept}/{of}{rest}。"
    )
}

/// What the frame decoder brought back, and the first of all that came out and that nobody sent.
pub(crate) fn restored(
    lang: Lang,
    whole: u64,
    of: usize,
    strangers: &[String],
    all: usize,
) -> String {
    let (named, more) = (strangers.join(" · "), all.saturating_sub(strangers.len()));
    let more = match more {
        0 => String::new(),
        more => say!(lang, " and {more} more", " 等，另有 {more} 条"),
    };
    let rest = match all {
        0 => String::new(),
        _ => say!(
            lang,
            " Came out, and nobody sent it: {named}{more}.",
            "取出了没人发过的：{named}{more}。"
        ),
    };
    say!(
        lang,
        "Messages whole out of the decoder: {whole} of {of}.{rest}",
        "解码器还原出完整消息：{whole}/{of}。{rest}"
    )
}

sentences! {
    /// The same where nobody knows what was sent.
    came_out(out: usize): "Messages out of the decoder: {out}.", "解码器取出的消息：{out}。";
}

sentences! {
    /// A write, or a message, of which the kernel took only a part.
    part_taken(offered: u64, taken: u64; offered = group(offered), taken = group(taken)):
        "{offered} offered, {taken} taken",
        "交出 {offered} 字节，内核只收下 {taken}";
    /// When bytes that had waited left: after all before them was acknowledged.
    released(acked: &str, left: &str):
        "All before them was ACKed at {acked}; they left at {left} (time stamps).",
        "它们前面的字节在 {acked} 全部得到确认；它们在 {left} 发出（时间戳）。";
}

/// What a read loop took for one message.
pub(crate) fn taken(lang: Lang, taken: &Taken) -> String {
    let Taken {
        wanted,
        counted,
        has,
        empty,
    } = *taken;
    let (all, of) = (bytes(lang, has), bytes(lang, wanted));
    let n = group(has);
    let mut says = say! { lang, has.cmp(&wanted);
        Ordering::Equal => "has all {all}", "凑齐了 {all}";
        Ordering::Greater =>
            "wanted {of}, took {n}: {more} too many",
            "只要 {of}，却读了 {n}，多了 {more}",
            more = group(has - wanted);
        Ordering::Less =>
            "wants {of}, has {n}: {missing} missing",
            "要 {of}，只读到 {n}，还差 {missing}",
            missing = group(wanted - has);
    };
    if counted != has {
        says += &say!(
            lang,
            ", and counted {n}",
            "，却数成了 {n}",
            n = group(counted)
        );
    }
    if empty > 1 {
        says += &say!(
            lang,
            "; {n} empty reads in a row: the lab ends it",
            "；连着 {n} 次 recv 读到空：实验叫停",
            n = group(empty)
        );
    }
    says
}

phrases! {
    /// What became of a datagram that the kernel counted and no read returned.
    dropped: "dropped by the kernel", "被内核丢弃";
}

sentences! {
    /// Datagrams that cannot be dropped, in one sentence.
    records(sent: u64, received: u64; sent = group(sent), received = group(received)):
        "Messages: {sent} sent, {received} received.",
        "消息：发出 {sent}，收到 {received}。";
}

/// Datagrams in one sentence. At their socket the kernel counted so many drops, whoever sent them;
/// it may not be certain how many of those were of these.
pub(crate) fn datagrams(
    lang: Lang,
    [sent, received]: [u64; 2],
    dropped: Option<u64>,
    at_socket: Option<u64>,
) -> String {
    let unread = sent
        .saturating_sub(received)
        .saturating_sub(dropped.unwrap_or_default());
    let over = received.saturating_add(dropped.unwrap_or_default()) > sent;
    let (sent, received) = (group(sent), group(received));
    if let (None, Some(all)) = (dropped, at_socket) {
        let all = group(all);
        return say!(
            lang,
            "Datagrams: {sent} sent, {received} received; the kernel dropped {all} at this socket \
                 (SO_MEMINFO), which others send to as well: whose is undetermined.",
            "数据报：发出 {sent}，收到 {received}；内核在这个套接字上丢弃了 {all} 个（SO_MEMINFO），\
                 往这里发的不止它一个：丢的是谁的未定。"
        );
    }
    let Some(dropped) = dropped else {
        return say!(
            lang,
            "Datagrams: {sent} sent, {received} received; how many were dropped is undetermined.",
            "数据报：发出 {sent}，收到 {received}；丢了多少未定。"
        );
    };
    if over {
        // The kernel counts at the socket, whoever sent.
        let dropped = group(dropped);
        return say!(
            lang,
            "Datagrams: {sent} sent, {received} received; the kernel counted {dropped} dropped \
                 (SO_MEMINFO), not all of these.",
            "数据报：发出 {sent}，收到 {received}；内核记下丢弃 {dropped} 个（SO_MEMINFO），其中有别处来的。"
        );
    }
    let rest = match unread {
        0 => String::new(),
        n => say!(lang, " + {n} not read", " + 未读 {n}", n = group(n)),
    };
    let dropped = group(dropped);
    say!(
        lang,
        "Datagrams: {sent} sent = {received} received + {dropped} dropped by the kernel (SO_MEMINFO){rest}.",
        "数据报：发出 {sent} = 收到 {received} + 内核丢弃 {dropped}（SO_MEMINFO）{rest}。"
    )
}

sentences! {
    /// How many more findings there are of a kind.
    more_like_these(n: usize): "... and {n} more like these", "……还有 {n} 处与此类似";
}

/// The bytes at the beginning of a stream that no read returned.
pub(crate) fn missing(lang: Lang, n: u64) -> String {
    let first = say! { lang, n;
        1 => "The first byte", "第一个字节";
        _ => "The first {n} bytes", "开头 {n} 个字节", n = group(n);
    };
    say!(
        lang,
        "{first} never came, though what is behind came: where more clients connect than the backlog \
         has room for, Linux can lose the beginning so (SYN cookies).",
        "{first}没有送到，后面的却到了：连接的客户端多过 backlog 容得下的，Linux 就可能这样丢掉开头（SYN cookie）。"
    )
}

phrases! {
    /// What stands between two sentences of a paragraph.
    between_sentences: " ", "";
    contradicts_itself:
        "The bytes read are not the bytes written: some are missing, or this trace contradicts itself.",
        "读到的字节与发出的不一致：要么丢了字节，要么这份记录自相矛盾。";
}
