//! What is said of a capture.

use super::{group, pick};
use crate::lab::text::Lang;

/// A run that asks for a capture and had none.
pub(in crate::render) fn not_watched(lang: Lang, asked: bool) -> &'static str {
    if !asked {
        return pick(
            lang,
            "Not watched on the wire, and no kernel was asked: which bytes left together is not known.",
            "这次没有抓包，也没有内核计数可查：哪些字节是一起发出的，不知道。",
        );
    }
    pick(
        lang,
        "Not watched on the wire: which bytes left together is known from counters alone.",
        "这次没有抓包：哪些字节是一起发出的，只能凭内核计数来说。",
    )
}

/// Packets that carried nothing new.
pub(in crate::render) fn sent_again(lang: Lang, packets: u64) -> String {
    let n = group(packets);
    match (lang, packets) {
        (Lang::En, 1) => "1 packet was sent again (retransmission).".into(),
        (Lang::En, _) => format!("{n} packets were sent again (retransmission)."),
        (Lang::Zh, _) => format!("有 {n} 个包是重发（重传）的。"),
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
pub(in crate::render) fn missed(lang: Lang, packets: u64) -> String {
    let n = group(packets);
    pick(
        lang,
        format!("The capture missed {n} packets, so the segments rest on the kernel's counters."),
        format!("抓包漏了 {n} 个包，所以报文段只能凭内核计数来说。"),
    )
}
