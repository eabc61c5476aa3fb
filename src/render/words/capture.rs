//! What is said of a capture.

use super::{group, pick};
use crate::lab::text::Lang;

/// What is known of the segments without a whole capture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::render) enum Otherwise {
    /// The kernel's counters prove something of them.
    Counted,
    /// They prove nothing.
    Unproven,
    /// No kernel was asked.
    NotAsked,
    /// There are none: it is not TCP.
    NoSegments,
}

/// A run that asks for a capture and had none.
pub(in crate::render) fn not_watched(lang: Lang, otherwise: Otherwise) -> &'static str {
    match otherwise {
        Otherwise::Counted => pick(
            lang,
            "Not watched on the wire: which bytes left together is known from counters alone.",
            "这次没有抓包：哪些字节是一起发出的，只能凭内核计数来说。",
        ),
        Otherwise::Unproven => pick(
            lang,
            "Not watched on the wire, and the kernel's counters prove nothing: which bytes left \
             together is not known.",
            "这次没有抓包，内核计数也证明不了什么：哪些字节是一起发出的，不知道。",
        ),
        Otherwise::NotAsked => pick(
            lang,
            "Not watched on the wire, and no kernel was asked: which bytes left together is not known.",
            "这次没有抓包，也没有内核计数可查：哪些字节是一起发出的，不知道。",
        ),
        Otherwise::NoSegments => pick(lang, "Not watched on the wire.", "这次没有抓包。"),
    }
}

/// Packets that carried nothing new; of a capture that is not `complete` there may be more.
pub(in crate::render) fn sent_again(lang: Lang, packets: u64, complete: bool) -> String {
    let n = group(packets);
    match (lang, packets, complete) {
        (Lang::En, 1, true) => "1 packet was sent again (retransmission).".into(),
        (Lang::En, _, true) => format!("{n} packets were sent again (retransmission)."),
        (Lang::En, 1, false) => "At least 1 packet was sent again (retransmission).".into(),
        (Lang::En, _, false) => {
            format!("At least {n} packets were sent again (retransmission).")
        }
        (Lang::Zh, _, true) => format!("有 {n} 个包是重发（重传）的。"),
        (Lang::Zh, _, false) => format!("至少有 {n} 个包是重发（重传）的。"),
    }
}

/// A capture that is not of a private network.
pub(in crate::render) fn on_the_host(lang: Lang) -> &'static str {
    pick(
        lang,
        "Captured on the host's loopback: there one packet may be several segments.",
        "抓的是本机的回环接口：那里一个包可能装着好几个报文段。",
    )
}

/// Packets that the capture did not get.
pub(in crate::render) fn missed(lang: Lang, packets: u64, otherwise: Otherwise) -> String {
    let n = group(packets);
    let s = if packets == 1 { "" } else { "s" };
    let (en, zh) = match otherwise {
        Otherwise::Counted => (
            "so what is known of the segments rests on the kernel's counters",
            "所以报文段只能凭内核计数来说",
        ),
        Otherwise::Unproven => (
            "and the kernel's counters prove nothing: the segments are not known",
            "内核计数也证明不了什么，所以不知道有哪些报文段",
        ),
        Otherwise::NotAsked => (
            "and no kernel was asked: the segments are not known",
            "也没有内核计数可查，所以不知道有哪些报文段",
        ),
        Otherwise::NoSegments => (
            "so whose bytes the others carried is not known",
            "所以不知道其余的包装的是谁的字节",
        ),
    };
    pick(
        lang,
        format!("The capture missed {n} packet{s}, {en}."),
        format!("抓包漏了 {n} 个包，{zh}。"),
    )
}
