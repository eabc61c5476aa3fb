//! Every sentence of the program, each language beside the other, and nowhere else.
//!
//! A sentence is a small function that is named for what it says. Facts come in, typed, and one
//! sentence goes out, in one language; nothing is judged here and nothing laid out. Only the
//! language that is asked for is formatted.

#![allow(
    missing_docs,
    reason = "a sentence's name and its English say what it says"
)]

use crate::lang::Lang;

/// A sentence with facts in it, which stand in braces as in `format!`:
/// `say!(lang, "{n} bytes", "{n} 字节")`, or `say!(lang, "{n} bytes", "{n} 字节", n = group(n))`.
/// Where it depends on a fact which one it is, they stand as the arms of a `match`:
/// `say! { lang, side; Side::Client => "client", "客户端"; Side::Server => "server", "服务端"; }`.
/// Another language is another literal here, and then the compiler names each sentence that does
/// not have it yet.
macro_rules! say {
    ($lang:expr, $en:literal, $zh:literal $(, $name:ident = $fact:expr)* $(,)?) => {
        match $lang {
            $crate::lang::Lang::En => format!($en $(, $name = $fact)*),
            $crate::lang::Lang::Zh => format!($zh $(, $name = $fact)*),
        }
    };
    ($lang:expr, $of:expr; $(
        $case:pat $(if $when:expr)? => $en:literal, $zh:literal $(, $name:ident = $fact:expr)*;
    )+) => {
        match $of {
            $($case $(if $when)? => say!($lang, $en, $zh $(, $name = $fact)*),)+
        }
    };
}

/// Fixed words, which need no memory, in the same two ways: `phrase!(lang, "client", "客户端")`.
macro_rules! phrase {
    ($lang:expr, $en:literal, $zh:literal $(,)?) => {
        match $lang {
            $crate::lang::Lang::En => $en,
            $crate::lang::Lang::Zh => $zh,
        }
    };
    ($lang:expr, $of:expr; $($case:pat $(if $when:expr)? => $en:literal, $zh:literal;)+) => {
        match $of {
            $($case $(if $when)? => phrase!($lang, $en, $zh),)+
        }
    };
}

/// Fixed words that take no facts, a function each: `phrases! { time: "time", "时间"; }`.
macro_rules! phrases {
    ($($(#[$doc:meta])* $name:ident: $en:literal, $zh:literal;)+) => {$(
        $(#[$doc])*
        pub(crate) fn $name(lang: $crate::lang::Lang) -> &'static str {
            phrase!(lang, $en, $zh)
        }
    )+};
}

/// Sentences, a function each, and how a fact is shown if not as it is:
/// `sentences! { sent(path: &str, n: u64; n = group(n)): "{path}: {n} sent", "{path}：发了 {n}"; }`.
/// Where that depends on the language, its name stands first: `sentences! { lang; … }`.
macro_rules! sentences {
    ($lang:ident; $(
        $(#[$doc:meta])*
        $name:ident($($fact:ident: $type:ty),+ $(; $($shown:ident = $how:expr),+)?):
            $en:literal, $zh:literal;
    )+) => {$(
        $(#[$doc])*
        pub(crate) fn $name($lang: $crate::lang::Lang, $($fact: $type),+) -> String {
            say!($lang, $en, $zh $($(, $shown = $how)+)?)
        }
    )+};
    ($($all:tt)+) => { sentences! { lang; $($all)+ } };
}

pub(crate) mod calls;
mod capture;
pub(crate) mod claims;
pub(crate) mod command;
pub(crate) mod compare;
pub(crate) mod differ;
mod failure;
mod fate;
mod files;
pub(crate) mod glance;
pub(crate) mod glossary;
pub mod help;
pub(crate) mod lab_file;
pub(crate) mod learn;
pub(crate) mod list;
pub(crate) mod myths;
pub(crate) mod packets;
pub(crate) mod page;
pub(crate) mod picture;
pub(crate) mod predict;
pub(crate) mod python;
pub(crate) mod reads;
pub(crate) mod repeat;
pub(crate) mod script;
pub(crate) mod step;
mod sums;
pub(crate) mod trace_file;
mod wait;

use crate::event::{Event, RunTrace, Side};
use crate::frame::Part;
use crate::report::legal::Unmodelled;
use crate::report::{Claim, Direction};

pub(crate) use crate::number::group;
pub(crate) use capture::{Otherwise, missed, not_watched, on_the_host, sent_again};
pub(crate) use failure::{failed_call, failure, refusal, undone};
pub(crate) use fate::{
    cause, cut, datagram_cut, edge_fate, edge_kept, edge_lost, edge_missing, edge_not_read,
    edge_not_recorded, edge_not_seen,
};
pub(crate) use files::{directory, percent, received};
pub(crate) use sums::{
    another_program, between_sentences, came_out, contradicts_itself, cut_off, datagrams, dropped,
    edges_kept, missing, more_like_these, only_received, only_sent, part_taken, peers_not_recorded,
    records, released, restored, taken, totals, waited,
};
pub(crate) use wait::{barrier, state_at, states, states_wanted};

/// «1 byte», «2 bytes», «2 字节».
pub(crate) fn bytes(lang: Lang, n: u64) -> String {
    let (n, s) = (group(n), plural(n));
    say!(lang, "{n} byte{s}", "{n} 字节")
}

/// What English puts behind the noun of a count.
pub(crate) const fn plural(n: u64) -> &'static str {
    if n == 1 { "" } else { "s" }
}

pub(crate) fn side(lang: Lang, side: Side) -> &'static str {
    match side {
        Side::Client => phrase!(lang, "client", "客户端"),
        Side::Server => phrase!(lang, "server", "服务端"),
    }
}

/// Who made a call: which client, where there are several.
pub(crate) fn who(lang: Lang, event: &Event, run: &RunTrace) -> String {
    let name = side(lang, event.side);
    match event.side {
        Side::Client if has_several_clients(run) => format!("{name} {}", event.conn),
        _ => name.into(),
    }
}

/// A direction in words.
pub(crate) fn direction(lang: Lang, direction: Direction, run: &RunTrace) -> String {
    let number = if has_several_clients(run) {
        format!(" {}", direction.conn)
    } else {
        String::new()
    };
    match (lang, direction.from) {
        (Lang::En, Side::Client) => format!("client{number} to server"),
        (Lang::En, Side::Server) => format!("server to client{number}"),
        (Lang::Zh, Side::Client) => format!(
            "客户端{number}{}到服务端",
            if number.is_empty() { "" } else { " " }
        ),
        (Lang::Zh, Side::Server) => format!("服务端到客户端{number}"),
    }
}

/// Bytes, or datagrams, that lie in another direction than the one that is shown; `?` where nobody
/// knows how many.
pub(crate) fn elsewhere(
    lang: Lang,
    direction: Direction,
    held: Option<u64>,
    run: &RunTrace,
) -> String {
    let n = held.map_or_else(|| "?".into(), group);
    let mut client = String::from(side(lang, Side::Client));
    if has_several_clients(run) {
        client = format!("{client} {}", direction.conn);
    }
    let s = if held == Some(1) { "" } else { "s" };
    say! { lang, (run.transport.keeps_edges(), direction.from);
        (false, Side::Client) => "+ {n} from {client}", "另有 {client}发的 {n} 字节";
        (false, Side::Server) => "+ {n} for {client}", "另有给{client}的 {n} 字节";
        (true, Side::Client) =>
            "+ {n} message{s} from {client}",
            "另有 {client}发的 {n} 条消息";
        (true, Side::Server) =>
            "+ {n} message{s} for {client}",
            "另有给{client}的 {n} 条消息";
    }
}

/// What is counted of a direction.
#[derive(Clone, Copy)]
pub(crate) enum Counted {
    Writes,
    Segments,
    Recvs,
}

/// A count with its noun; `?` where nobody knows it.
pub(crate) fn count(lang: Lang, what: Counted, n: Option<u64>) -> String {
    let (one, many, zh) = match what {
        Counted::Writes => ("write", "writes", "次 send"),
        Counted::Segments => ("segment", "segments", "个报文段"),
        Counted::Recvs => ("recv", "recvs", "次 recv"),
    };
    let shown = n.map_or_else(|| "?".into(), group);
    match lang {
        Lang::En => format!("{shown} {}", if n == Some(1) { one } else { many }),
        Lang::Zh => format!("{shown} {zh}"),
    }
}

pub(crate) fn has_several_clients(run: &RunTrace) -> bool {
    // How often a client that is elsewhere came is known when the run is over: its server serves
    // one connection after the other.
    let came_again = || run.events.last().is_some_and(|event| event.conn > 1);
    run.clients > 1 || run.unseen() == Some(Side::Client) && came_again()
}

pub(crate) fn part(lang: Lang, part: Part) -> &'static str {
    match part {
        Part::Prefix => phrase!(lang, "length", "长度"),
        Part::Header => phrase!(lang, "header", "头部"),
        Part::Payload => phrase!(lang, "payload", "内容"),
    }
}

/// Why it is not worked out what else could come of a run.
pub(crate) fn unmodelled(lang: Lang, why: Unmodelled) -> &'static str {
    phrase! { lang, why;
        Unmodelled::Clients =>
            "with several clients it depends on who is accepted first",
            "有几个客户端时，要看先接受谁";
        Unmodelled::PartialWrites =>
            "how much a write takes depends on the kernel's buffers",
            "一次 send 能发多少，要看内核的缓冲区";
        Unmodelled::Reset => "a reset throws away what was not read yet", "RST 会让还没读的字节作废";
        Unmodelled::Elsewhere =>
            "what the other program does nobody here can tell",
            "另一个程序会做什么，这里无从知道";
        Unmodelled::NoScript =>
            "no script that this program can read is on record",
            "记录里没有本程序读得懂的脚本";
        Unmodelled::Step =>
            "how it reads depends on more than the bytes",
            "它怎么 recv，不只取决于字节";
    }
}

pub(crate) fn claim(lang: Lang, claim: Claim) -> &'static str {
    match claim {
        Claim::Recvs => phrase!(lang, "recvs", "各次 recv 的结果"),
        Claim::Writes => phrase!(lang, "writes", "send 次数"),
        Claim::Sizes => phrase!(lang, "sizes of recvs", "各次 recv 的字节数"),
        Claim::Taken => phrase!(lang, "taken for a message", "当成一条消息的字节"),
        Claim::RecvCount => phrase!(lang, "number of recvs", "recv 次数"),
        Claim::BytesSent => phrase!(lang, "bytes sent", "发出的字节"),
        Claim::BytesLost => phrase!(lang, "bytes not received", "没收到的字节"),
        Claim::Texts => phrase!(lang, "texts", "文本"),
        Claim::Errors => phrase!(lang, "errors", "失败的调用"),
        Claim::States => phrase!(lang, "states", "连接状态"),
        Claim::Segments => phrase!(lang, "segments", "报文段数"),
        Claim::Edges => phrase!(lang, "edges", "边界"),
        Claim::Cuts => phrase!(lang, "cuts", "切口"),
        Claim::Whole => phrase!(lang, "messages come whole", "原样收到的消息"),
        Claim::Messages => phrase!(lang, "messages", "还原的消息"),
        Claim::Refused => phrase!(lang, "refusal", "拒收原因"),
        Claim::Files => phrase!(lang, "files", "目录里的文件"),
        Claim::MostUnsent => phrase!(lang, "most bytes unsent", "最多未发字节"),
        Claim::Truncated => phrase!(lang, "bytes cut off", "截掉的字节"),
        Claim::Drops => phrase!(lang, "drops", "丢弃"),
        Claim::EndOfStream => phrase!(lang, "end of stream", "流结束"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_and_counted() {
        assert_eq!(group(83_886_080), "83,886,080");
        assert_eq!(group(999), "999");
        assert_eq!(bytes(Lang::En, 1), "1 byte");
        assert_eq!(bytes(Lang::En, 1000), "1,000 bytes");
        assert_eq!(bytes(Lang::Zh, 1), "1 字节");
    }
}
