//! What is said of a capture.

use super::{group, plural};
use crate::lang::Lang;

/// What is known of the segments without a whole capture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Otherwise {
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
pub(crate) fn not_watched(lang: Lang, otherwise: Otherwise) -> &'static str {
    phrase! { lang, otherwise;
        Otherwise::Counted =>
            "Not watched on the wire: which bytes left together is known from counters alone.",
            "这次没有抓包：哪些字节是一起发出的，只能凭内核计数来说。";
        Otherwise::Unproven =>
            "Not watched on the wire, and the kernel's counters prove nothing: which bytes left \
             together is not known.",
            "这次没有抓包，内核计数也证明不了什么：哪些字节是一起发出的，不知道。";
        Otherwise::NotAsked =>
            "Not watched on the wire, and no kernel was asked: which bytes left together is not \
             known.",
            "这次没有抓包，也没有内核计数可查：哪些字节是一起发出的，不知道。";
        Otherwise::NoSegments => "Not watched on the wire.", "这次没有抓包。";
    }
}

/// Packets that carried nothing new; of a capture that is not `complete` there may be more.
pub(crate) fn sent_again(lang: Lang, packets: u64, complete: bool) -> String {
    let (n, s) = (group(packets), plural(packets));
    let were = if packets == 1 { "was" } else { "were" };
    say! { lang, complete;
        true =>
            "{n} packet{s} {were} sent again (retransmission).",
            "有 {n} 个包是重发（重传）的。";
        false =>
            "At least {n} packet{s} {were} sent again (retransmission).",
            "至少有 {n} 个包是重发（重传）的。";
    }
}

phrases! {
    /// A capture that is not of a private network.
    on_the_host:
        "Captured on the host's loopback: there one packet may be several segments.",
        "抓的是本机的回环接口：那里一个包可能装着好几个报文段。";
}

/// Packets that the capture did not get.
pub(crate) fn missed(lang: Lang, packets: u64, otherwise: Otherwise) -> String {
    let (n, s) = (group(packets), plural(packets));
    say! { lang, otherwise;
        Otherwise::Counted =>
            "The capture missed {n} packet{s}, so what is known of the segments rests on the \
             kernel's counters.",
            "抓包漏了 {n} 个包，所以报文段只能凭内核计数来说。";
        Otherwise::Unproven =>
            "The capture missed {n} packet{s}, and the kernel's counters prove nothing: the \
             segments are not known.",
            "抓包漏了 {n} 个包，内核计数也证明不了什么，所以不知道有哪些报文段。";
        Otherwise::NotAsked =>
            "The capture missed {n} packet{s}, and no kernel was asked: the segments are not \
             known.",
            "抓包漏了 {n} 个包，也没有内核计数可查，所以不知道有哪些报文段。";
        Otherwise::NoSegments =>
            "The capture missed {n} packet{s}, so whose bytes the others carried is not known.",
            "抓包漏了 {n} 个包，所以不知道其余的包装的是谁的字节。";
    }
}
