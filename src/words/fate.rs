//! What became of an edge, of a message, of a datagram.

use super::{bytes, group};
use crate::event::Transport;
use crate::lang::Lang;
use crate::report::Fate;
use crate::report::{CutBy, LostIn, Testimony, Unproven, Witness};

/// What became of a lost edge, by those who say so. `by` is the read that went across it;
/// `unproven` says why nobody knows where it was lost, if nobody does.
pub(crate) fn edge_lost(
    lang: Lang,
    said: Testimony,
    by: &str,
    has_evidence: bool,
    over: Transport,
    unproven: Option<Unproven>,
) -> String {
    let was_counted = said.iter().any(|(witness, _)| witness == Witness::Queue);
    say! { lang, said.verdict();
        LostIn::Sender =>
            "lost at the sender: one segment carried bytes of both sides",
            "丢在发送端：它两侧的字节装进了同一个报文段";
        LostIn::ReceiveQueue if over.is_local() && !was_counted =>
            "lost in the receive queue: both sides had been sent before {by} was called, which took \
             both",
            "丢在接收队列：两侧在调用 {by} 之前就都发出了，它一次全取走了";
        LostIn::ReceiveQueue if over.is_local() =>
            "lost in the receive queue: both sides were counted there (FIONREAD) before {by} took them",
            "丢在接收队列：两侧的字节都已在里面（FIONREAD 数过），{by} 一次全取走了";
        LostIn::ReceiveQueue =>
            "lost in the receive queue: {by} took bytes of different segments",
            "丢在接收队列：两侧的字节分属不同的报文段，{by} 一起取走了";
        LostIn::Undetermined =>
            "lost, where is undetermined: {by} went across it, and {why}",
            "丢失，位置未定：{by} 跨过了它，{why}",
            why = not_proven(lang, has_evidence, over, unproven);
    }
}

/// Why nobody knows where an edge was lost.
fn not_proven(
    lang: Lang,
    has_evidence: bool,
    over: Transport,
    unproven: Option<Unproven>,
) -> &'static str {
    phrase! { lang, unproven;
        _ if over.is_local() && has_evidence =>
            "nothing shows that both sides were in the queue before",
            "没有证据表明此前两侧都在队列里";
        _ if over.is_local() =>
            "no kernel was asked what lay in the queue before",
            "没有内核可问，不知道此前队列里有什么";
        Some(Unproven::CutAnew) =>
            "the packets were cut anew there when they were sent again",
            "而重发时，这里的报文段切法变了";
        Some(Unproven::NotAcked) =>
            "nothing shows that the bytes arrived in the segments that they left in",
            "没有证据表明这些字节到达时的分段和发出时一样";
        Some(Unproven::Disagree) =>
            "the kernel's own words about it contradict one another",
            "而内核自己的几处说法互相矛盾";
        Some(Unproven::NotCaptured) =>
            "the capture has no packet with the bytes there",
            "而抓到的包里没有这里的字节";
        _ if has_evidence =>
            "the kernel's counters do not prove which segment carried which byte",
            "内核的计数证明不了哪个字节在哪个报文段里";
        _ => "no kernel was asked about segments", "没有内核可问，不知道有哪些报文段";
    }
}

phrases! {
    edge_kept: "kept: a recv ended or began exactly there", "保住：有一次 recv 正好读到这里，或者从这里读起";
    /// An edge of a stream that no read came to.
    edge_not_read: "not reached: no recv went past it", "没读到：没有 recv 越过这里";
    /// An edge at the end of bytes that are missing, or among them.
    edge_missing: "not reached: the bytes before it never came", "没读到：它前面的字节没有送到";
}

/// An edge between datagrams that no read showed, because `neither` was received or otherwise.
pub(crate) fn edge_not_seen(lang: Lang, neither: bool) -> &'static str {
    phrase! { lang, neither;
        true =>
            "not seen: neither datagram beside it was received",
            "看不到：两侧的数据报都没有收到";
        false =>
            "not seen: no recv is known to have begun or ended there",
            "看不到：不知道有没有 recv 正好读到这里，或者从这里读起";
    }
}

phrases! {
    edge_not_recorded:
        "not recorded: several calls, told as one, went past it",
        "没有记录：几次调用合记成了一条，越过了它";
}

/// What became of an edge, in a list of several that did not fare alike.
pub(crate) fn edge_fate(lang: Lang, fate: Fate) -> &'static str {
    phrase! { lang, fate;
        Fate::Kept => "kept", "保住";
        Fate::Lost(LostIn::Sender) => "lost at the sender", "丢在发送端";
        Fate::Lost(LostIn::ReceiveQueue) => "lost in the receive queue", "丢在接收队列";
        Fate::Lost(LostIn::Undetermined) => "lost, where is undetermined", "丢失，位置未定";
        Fate::NotRead => "not reached", "没读到";
        Fate::NotRecorded => "not recorded", "没有记录";
    }
}

/// The cuts through one message: the only one, or how many. `read` is the read that ended there.
pub(crate) fn cut(
    lang: Lang,
    places: &[u64],
    of: u64,
    by: CutBy,
    read: &str,
    left: Option<u64>,
) -> String {
    let (of, times) = (group(of), places.len());
    let place = say! { lang, places;
        [after] =>
            "cut after {after} of {of} bytes",
            "{of} 字节在第 {after} 个之后切开",
            after = group(*after);
        _ => "cut {times} times within {of} bytes", "{of} 字节被切开 {times} 次";
    };
    let why = say! { lang, by;
        CutBy::Buffer =>
            ", by the buffer: {read} was full, {rest}",
            "：{read} 的缓冲区满了，{rest}",
            rest = match left { Some(left) if times == 1 => say!(lang, "{left} stayed queued", "队列里还剩 {left}", left = group(left)), _ => say!(lang, "more stayed queued", "队列里还有剩"), };
        CutBy::Arrival =>
            ", by arrival: {read} took all that was there, the rest came later",
            "：{read} 取光了队列，其余后来才到";
        CutBy::Undetermined if left.is_some() =>
            " by {read}, why is undetermined: several calls are told as one",
            "（{read}），原因未定：几次调用合记成了一条";
        CutBy::Undetermined =>
            " by {read}, why is undetermined: nobody said what was left in the queue",
            "（{read}），原因未定：不知道队列里还剩什么";
    };
    place + &why
}

sentences! { lang;
    /// A datagram that did not fit.
    datagram_cut(kept: u64, gone: u64; kept = bytes(lang, kept), gone = group(gone)):
        "cut off after {kept}: {gone} did not fit and are gone for good",
        "只留下前 {kept}：装不下的 {gone} 字节就此丢失，再也读不到";
}

/// What became of an edge, or what cut a message, in the words of a lab file or of the reader.
pub(crate) fn cause(lang: Lang, name: &str) -> &str {
    match (lang, name) {
        (Lang::Zh, "kept") => "保住",
        (Lang::Zh, "sender") => "丢在发送端",
        (Lang::Zh, "receive-queue") => "丢在接收队列",
        (Lang::Zh, "not-read") => "没读到",
        (Lang::Zh, "not-recorded") => "没有记录",
        (Lang::Zh, "undetermined") => "未定",
        (Lang::Zh, "buffer") => "缓冲区",
        (Lang::Zh, "arrival") => "到达先后",
        (_, name) => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_undetermined_edge_is_given_only_the_reason_that_holds() {
        let says = |has_evidence, over, unproven| {
            let said = Testimony::default();
            edge_lost(
                Lang::En,
                said,
                "recv(9)",
                has_evidence,
                over,
                Some(unproven),
            )
        };
        let anew = "sent again";
        let tcp = |unproven| says(true, Transport::Tcp, unproven);
        assert!(tcp(Unproven::CutAnew).contains(anew));
        let not_captured = tcp(Unproven::NotCaptured);
        assert!(!not_captured.contains(anew), "{not_captured}");
        assert!(tcp(Unproven::Counters).contains("counters"));
        let nobody = says(false, Transport::Tcp, Unproven::Counters);
        assert!(nobody.contains("no kernel was asked"), "{nobody}");
        // Over AF_UNIX there are no segments that could have been asked about.
        for has_evidence in [true, false] {
            let local = says(has_evidence, Transport::Unix, Unproven::Counters);
            assert!(!local.contains("segment"), "{local}");
            let nobody = local.contains("no kernel was asked");
            assert_eq!(nobody, !has_evidence, "{local}");
        }
    }
}
