//! What is said about a run, in each language. Facts come in, sentences go out; nothing is judged.

use std::cmp::Ordering;

use super::safe;
use crate::event::{
    DEADLINE, Event, INTERRUPTED, NO_JSON, NO_NUMBER, NO_PROGRAM, NO_TEXT, PEER_ENDED, RunTrace,
    Side, TOO_LONG, Taken, UNFINISHED, UNSUPPORTED, WRONG_SIZE,
};
use crate::frame::{FrameError, NameFault, Part};
use crate::lab::file::{Barrier, Ends, TcpState, Transport};
use crate::lab::text::Lang;
pub(super) use crate::number::group;
use crate::report::repeat::EdgeFate;
use crate::report::{Claim, CutBy, LostIn, Way};

/// Chooses between the two languages.
pub(crate) fn pick<T>(lang: Lang, en: T, zh: T) -> T {
    match lang {
        Lang::En => en,
        Lang::Zh => zh,
    }
}

/// «1 byte», «2 bytes», «2 字节».
pub(super) fn bytes(lang: Lang, n: u64) -> String {
    match (lang, n) {
        (Lang::Zh, n) => format!("{} 字节", group(n)),
        (Lang::En, 1) => "1 byte".into(),
        (Lang::En, n) => format!("{} bytes", group(n)),
    }
}

pub(super) fn side(lang: Lang, side: Side) -> &'static str {
    match side {
        Side::Client => pick(lang, "client", "客户端"),
        Side::Server => pick(lang, "server", "服务端"),
    }
}

/// Who made a call: which client, where there are several.
pub(super) fn who(lang: Lang, event: &Event, run: &RunTrace) -> String {
    let name = side(lang, event.side);
    match event.side {
        Side::Client if has_several_clients(run) => format!("{name} {}", event.conn),
        _ => name.into(),
    }
}

/// A direction in words.
pub(super) fn way(lang: Lang, way: Way, run: &RunTrace) -> String {
    let number = if has_several_clients(run) {
        format!(" {}", way.conn)
    } else {
        String::new()
    };
    match (lang, way.from) {
        (Lang::En, Side::Client) => format!("client{number} to server"),
        (Lang::En, Side::Server) => format!("server to client{number}"),
        (Lang::Zh, Side::Client) => format!(
            "客户端{number}{}到服务端",
            if number.is_empty() { "" } else { " " }
        ),
        (Lang::Zh, Side::Server) => format!("服务端到客户端{number}"),
    }
}

/// Bytes that lie in another direction than the one that is shown.
pub(super) fn elsewhere(lang: Lang, way: Way, bytes: u64, run: &RunTrace) -> String {
    let bytes = group(bytes);
    let client = if has_several_clients(run) {
        pick(
            lang,
            format!("client {}", way.conn),
            format!("客户端 {}", way.conn),
        )
    } else {
        pick(lang, "client", "客户端").into()
    };
    match (lang, way.from) {
        (Lang::En, Side::Client) => format!("+ {bytes} from {client}"),
        (Lang::En, Side::Server) => format!("+ {bytes} for {client}"),
        (Lang::Zh, Side::Client) => format!("另有 {client}发的 {bytes} 字节"),
        (Lang::Zh, Side::Server) => format!("另有给{client}的 {bytes} 字节"),
    }
}

/// What is counted of a direction.
#[derive(Clone, Copy)]
pub(super) enum Counted {
    Writes,
    Segments,
    Recvs,
}

/// A count with its noun; `?` where nobody knows it.
pub(super) fn count(lang: Lang, what: Counted, n: Option<u64>) -> String {
    let (one, many, zh) = match what {
        Counted::Writes => ("write", "writes", "写入"),
        Counted::Segments => ("segment", "segments", "报文段"),
        Counted::Recvs => ("recv", "recvs", "读取"),
    };
    let shown = n.map_or_else(|| "?".into(), group);
    match lang {
        Lang::En => format!("{shown} {}", if n == Some(1) { one } else { many }),
        Lang::Zh => format!("{zh} {shown}"),
    }
}

pub(super) fn has_several_clients(run: &RunTrace) -> bool {
    !run.script.more_clients.is_empty()
}

pub(super) fn part(lang: Lang, part: Part) -> &'static str {
    match part {
        Part::Prefix => pick(lang, "length", "长度"),
        Part::Header => pick(lang, "header", "头部"),
        Part::Payload => pick(lang, "payload", "内容"),
    }
}

/// What an `await` waits for.
pub(super) fn barrier(lang: Lang, barrier: &Barrier, me: Side) -> String {
    let other = side(lang, me.other());
    match (lang, barrier) {
        (Lang::En, Barrier::Queued(n)) => format!("until {} queued", bytes(lang, n.0 as u64)),
        (Lang::Zh, Barrier::Queued(n)) => format!("等队列里有 {}", bytes(lang, n.0 as u64)),
        (Lang::En, Barrier::Sent) => "until all is sent".into(),
        (Lang::Zh, Barrier::Sent) => "等全部发出".into(),
        (Lang::En, Barrier::Acked) => "until all is ACKed".into(),
        (Lang::Zh, Barrier::Acked) => "等全部被确认".into(),
        (Lang::En, Barrier::State(state)) => format!("until {}", state_name(*state)),
        (Lang::Zh, Barrier::State(state)) => format!("等到 {}", state_name(*state)),
        (Lang::En, Barrier::Error) => "until an error is there".into(),
        (Lang::Zh, Barrier::Error) => "等内核报错".into(),
        (Lang::En, Barrier::Read) => format!("until {other} read it"),
        (Lang::Zh, Barrier::Read) => format!("等{other}读完"),
        (Lang::En, Barrier::Signal(name)) => format!("until \"{}\"", safe::words(name)),
        (Lang::Zh, Barrier::Signal(name)) => format!("等 \"{}\"", safe::words(name)),
    }
}

/// A TCP state as netstat and ss write it.
fn state_name(state: TcpState) -> String {
    serde_json::to_value(state)
        .ok()
        .and_then(|name| name.as_str().map(String::from))
        .unwrap_or_default()
}

/// The state of one end; nothing where it is not known.
pub(super) fn state_at(ends: Ends, end: Side) -> String {
    let state = match end {
        Side::Client => ends.client,
        Side::Server => ends.server,
    };
    state.map_or_else(String::new, state_name)
}

/// The states of both ends of a connection, as far as they are known.
pub(super) fn states(lang: Lang, ends: Ends) -> Vec<String> {
    let known = |end: &Side| !state_at(ends, *end).is_empty();
    let line = |end| format!("{} {}", side(lang, end), state_at(ends, end));
    Side::BOTH.into_iter().filter(known).map(line).collect()
}

/// The states that a side waits for.
pub(super) fn states_wanted(lang: Lang, until: Ends) -> String {
    let wanted = states(lang, until).join(pick(lang, ", ", "，"));
    pick(lang, format!("until {wanted}"), format!("等到{wanted}"))
}

/// Why a call failed.
pub(super) fn failure(lang: Lang, error: &str) -> String {
    match error {
        DEADLINE => pick(lang, "was still waiting at the deadline", "到时限仍在等待").into(),
        INTERRUPTED => pick(
            lang,
            "was under way when Ctrl-C came",
            "进行中被 Ctrl-C 打断",
        )
        .into(),
        PEER_ENDED => pick(
            lang,
            "waited for what cannot come any more: the other side has ended",
            "等不到了：对方已经结束",
        )
        .into(),
        WRONG_SIZE => pick(
            lang,
            "fails: the layout takes more bytes, or fewer (struct.error)",
            "失败：字节数和格式不符（struct.error）",
        )
        .into(),
        NO_NUMBER => pick(
            lang,
            "fails: there is no such number",
            "失败：里面没有这样的数",
        )
        .into(),
        NO_JSON => pick(
            lang,
            "fails: this is no whole JSON text (JSONDecodeError)",
            "失败：不是完整的 JSON（JSONDecodeError）",
        )
        .into(),
        NO_TEXT => pick(
            lang,
            "fails: no valid text in this encoding (UnicodeDecodeError)",
            "失败：按这种编码不是合法文本（UnicodeDecodeError）",
        )
        .into(),
        UNFINISHED => pick(
            lang,
            "ends with an error: the stream ended inside the message",
            "报错结束：流在消息中间就结束了",
        )
        .into(),
        NO_PROGRAM => pick(
            lang,
            "cannot be started: this system has no such program",
            "启动不了：这个系统里没有这个程序",
        )
        .into(),
        TOO_LONG => pick(lang, "was ended: it writes too much", "被中止：输出太多").into(),
        UNSUPPORTED => pick(lang, "is not supported on this system", "这个系统不支持").into(),
        errno => format!("{}{}", pick(lang, "failed: ", "失败："), safe::words(errno)),
    }
}

/// What became of a lost edge. `by` is the read that went across it.
pub(super) fn edge_lost(
    lang: Lang,
    cause: LostIn,
    by: &str,
    asked: bool,
    over: Transport,
) -> String {
    match (lang, cause) {
        (Lang::En, LostIn::ReceiveQueue) if over.is_local() => format!(
            "lost in the receive queue: both sides were counted there (FIONREAD), {by} took both"
        ),
        (Lang::Zh, LostIn::ReceiveQueue) if over.is_local() => {
            format!("丢在接收队列：读之前两侧的字节就都在里面了（FIONREAD），{by} 一次取走了两边")
        }
        (Lang::En, LostIn::Undetermined) if asked && over.is_local() => format!(
            "lost, where is undetermined: {by} went across it, and nobody had counted both sides \
             in the queue before"
        ),
        (Lang::Zh, LostIn::Undetermined) if asked && over.is_local() => {
            format!("丢失，位置未定：{by} 跨过了它，此前没有数到两侧都在队列里")
        }
        (Lang::En, LostIn::Sender) => {
            "lost at the sender: one segment carried bytes from both sides of it".into()
        }
        (Lang::Zh, LostIn::Sender) => "丢在发送端：同一个报文段装着它两侧的字节".into(),
        (Lang::En, LostIn::ReceiveQueue) => format!(
            "lost in the receive queue: different segments brought the two sides, {by} took both"
        ),
        (Lang::Zh, LostIn::ReceiveQueue) => {
            format!("丢在接收队列：两侧由不同的报文段送到，{by} 一次取走了两边")
        }
        (Lang::En, LostIn::Undetermined) if asked => format!(
            "lost, where is undetermined: {by} went across it, and the kernel's counters do not \
             prove which segment carried which byte"
        ),
        (Lang::Zh, LostIn::Undetermined) if asked => {
            format!("丢失，位置未定：{by} 跨过了它，内核计数不足以证明哪个字节走的是哪个报文段")
        }
        (Lang::En, LostIn::Undetermined) => format!(
            "lost, where is undetermined: {by} went across it, and no kernel was asked about segments"
        ),
        (Lang::Zh, LostIn::Undetermined) => {
            format!("丢失，位置未定：{by} 跨过了它，这里没有内核的报文段证据")
        }
    }
}

pub(super) fn edge_kept(lang: Lang) -> &'static str {
    pick(
        lang,
        "kept: a read ended or began exactly there",
        "保住：有一次读取恰好停在或始于这里",
    )
}

pub(super) fn edge_not_read(lang: Lang, datagrams: bool) -> &'static str {
    if datagrams {
        pick(
            lang,
            "not seen: neither datagram beside it was received",
            "没见到：两侧的数据报都没有收到",
        )
    } else {
        pick(
            lang,
            "not reached: no read came this far",
            "未读到：没有读取到达这里",
        )
    }
}

/// The cuts through one message: the only one, or how many. `read` is the read that ended there.
pub(super) fn cut(
    lang: Lang,
    places: &[u64],
    of: u64,
    by: CutBy,
    read: &str,
    left: Option<u64>,
) -> String {
    let of = group(of);
    let place = match (lang, places) {
        (Lang::En, [after]) => format!("cut after {} of {of} bytes", group(*after)),
        (Lang::Zh, [after]) => format!("在第 {} 字节后被切开（共 {of}）", group(*after)),
        (Lang::En, many) => format!("cut {} times within {of} bytes", many.len()),
        (Lang::Zh, many) => format!("{of} 字节被切了 {} 刀", many.len()),
    };
    let rest = match (lang, left) {
        (Lang::En, Some(left)) if places.len() == 1 => {
            format!("{} stayed queued", bytes(lang, left))
        }
        (Lang::Zh, Some(left)) if places.len() == 1 => format!("队列里还剩 {}", bytes(lang, left)),
        (Lang::En, _) => "more stayed queued".into(),
        (Lang::Zh, _) => "队列里还有剩".into(),
    };
    let why = match (lang, by) {
        (Lang::En, CutBy::Buffer) => {
            format!(", by the buffer: {read} got all it asked for, {rest}")
        }
        (Lang::Zh, CutBy::Buffer) => format!("，因为缓冲区太小：{read} 要多少得多少，{rest}"),
        (Lang::En, CutBy::Arrival) => {
            format!(", by arrival: {read} took all that was there, the rest came later")
        }
        (Lang::Zh, CutBy::Arrival) => format!("，因为其余还没到：{read} 取走了当时已到的全部"),
        (Lang::En, CutBy::Undetermined) => {
            format!(" by {read}, why is undetermined: nobody said what was left in the queue")
        }
        (Lang::Zh, CutBy::Undetermined) => format!("（{read}），原因未定：不知道队列里还剩什么"),
    };
    place + &why
}

/// The bytes of a direction in one sentence.
pub(super) fn totals(lang: Lang, sent: u64, received: u64) -> String {
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

pub(super) fn edges_kept(lang: Lang, kept: usize, of: usize) -> String {
    pick(
        lang,
        format!("Edges kept: {kept} of {of}."),
        format!("保住的边界：{kept}/{of}。"),
    )
}

/// What the frame decoder brought back.
pub(super) fn restored(lang: Lang, whole: usize, of: usize) -> String {
    pick(
        lang,
        format!("Messages whole out of the decoder: {whole} of {of}."),
        format!("解码器还原出完整消息：{whole}/{of}。"),
    )
}

/// Bytes that waited at the sender.
pub(super) fn waited(lang: Lang, from: Side, unsent: u64, at: &str) -> String {
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
pub(super) fn taken(lang: Lang, taken: &Taken) -> String {
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

/// Datagrams that cannot be dropped, in one sentence.
pub(super) fn records(lang: Lang, sent: u64, received: u64) -> String {
    let (sent, received) = (group(sent), group(received));
    pick(
        lang,
        format!("Messages: {sent} sent, {received} received."),
        format!("消息：发出 {sent}，收到 {received}。"),
    )
}

/// A run that asks for a capture and had none.
pub(super) fn not_watched(lang: Lang) -> &'static str {
    pick(
        lang,
        "Not watched on the wire: which bytes left together is known from counters alone.",
        "这次没有抓包：哪些字节是一起发出的，只能凭内核计数来说。",
    )
}

/// Packets that carried nothing new.
pub(super) fn sent_again(lang: Lang, packets: u64) -> String {
    let n = group(packets);
    match (lang, packets) {
        (Lang::En, 1) => "1 packet was sent again (retransmission).".into(),
        (Lang::En, _) => format!("{n} packets were sent again (retransmission)."),
        (Lang::Zh, _) => format!("有 {n} 个包是重发（重传）的。"),
    }
}

/// A capture that is not of a private network.
pub(super) fn on_the_host(lang: Lang) -> &'static str {
    pick(
        lang,
        "Captured on the host's loopback: there one packet may be several segments.",
        "抓的是本机的回环接口：那里一个包可能装着好几个报文段。",
    )
}

/// Packets that the capture did not get.
pub(super) fn missed(lang: Lang, packets: u64) -> String {
    let n = group(packets);
    pick(
        lang,
        format!("The capture missed {n} packets, so the segments rest on the kernel's counters."),
        format!("抓包漏了 {n} 个包，所以报文段只能凭内核计数来说。"),
    )
}

/// Datagrams in one sentence.
pub(super) fn datagrams(lang: Lang, sent: u64, received: u64, dropped: Option<u64>) -> String {
    let unread = sent
        .saturating_sub(received)
        .saturating_sub(dropped.unwrap_or_default());
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

/// A datagram that did not fit.
pub(super) fn datagram_cut(lang: Lang, kept: u64, gone: u64) -> String {
    pick(
        lang,
        format!(
            "cut off after {}: {} did not fit and are gone for good",
            bytes(lang, kept),
            group(gone)
        ),
        format!(
            "只留下前 {}：放不下的 {}就此丢失，再也读不到",
            bytes(lang, kept),
            bytes(lang, gone)
        ),
    )
}

/// What became of a datagram that the kernel counted and no read returned.
pub(super) fn dropped(lang: Lang) -> &'static str {
    pick(lang, "dropped by the kernel", "被内核丢弃")
}

/// What was cut off of all the messages together.
pub(super) fn cut_off(lang: Lang, gone: u64) -> String {
    let gone_bytes = bytes(lang, gone);
    match (lang, gone) {
        (Lang::En, 1) => format!(" {gone_bytes} did not fit and was lost."),
        (Lang::En, _) => format!(" {gone_bytes} did not fit and were lost."),
        (Lang::Zh, _) => format!("放不下而丢失的有 {gone_bytes}。"),
    }
}

/// Why a decoder refused.
pub(super) fn refusal(lang: Lang, error: &FrameError) -> String {
    if lang == Lang::En {
        return error.to_string();
    }
    let hint = |other: &Option<u64>| {
        other.map_or_else(String::new, |n| {
            format!("；按另一种字节序读是 {}，多半是字节序弄反了", group(n))
        })
    };
    match error {
        FrameError::Negative {
            layout,
            value,
            other_order,
        } => {
            format!("长度是负数：按 {layout} 读出 {value}{}", hint(other_order))
        }
        FrameError::OverLimit {
            part: which,
            value,
            limit,
            other_order,
        } => format!(
            "{}声称有 {}，上限是 {}，一个字节也没有分配{}",
            part(lang, *which),
            bytes(lang, *value),
            group(*limit),
            hint(other_order)
        ),
        FrameError::DoesNotFit { value, layout, max } => {
            format!("{} 放不进 {layout}（最大 {}）", group(*value), group(*max))
        }
        FrameError::BadHeader { reason, found } => {
            format!(
                "头部不是 JSON 对象：{}（开头是 {}）",
                safe::words(reason),
                safe::words(found)
            )
        }
        FrameError::BadSize {
            key,
            found: Some(found),
        } => {
            format!(
                "头部里的 {} 不是合法的大小：{}",
                safe::words(key),
                safe::words(found)
            )
        }
        FrameError::BadSize { key, found: None } => format!("头部里没有 {}", safe::words(key)),
        FrameError::BadName { name: None, .. } => "头部里没有文件名".into(),
        FrameError::BadName {
            name: Some(name),
            reason,
        } => format!(
            "“{}”不能当文件名：{}",
            safe::words(name),
            name_fault_zh(*reason)
        ),
        FrameError::HashMismatch {
            name,
            announced,
            computed,
        } => format!(
            "{}的 md5 对不上：头部写的是 {}，内容算出来是 {}",
            name.as_deref().map_or_else(
                || "内容".into(),
                |name| format!("文件 {} ", safe::words(name))
            ),
            safe::words(announced),
            safe::words(computed)
        ),
        FrameError::Unfinished {
            part: which,
            have,
            need,
        } => format!(
            "流在消息中间结束：{}只到了 {}/{}，还差 {}",
            part(lang, *which),
            group(*have),
            group(*need),
            bytes(lang, need.saturating_sub(*have))
        ),
    }
}

/// In English [`NameFault`] says it itself.
fn name_fault_zh(fault: NameFault) -> &'static str {
    match fault {
        NameFault::Missing => "没有名字",
        NameFault::Empty => "是空的",
        NameFault::Separator => "会通到别的目录",
        NameFault::Directory => "是一个目录",
        NameFault::Control => "含有控制字符",
        NameFault::Reserved => "含有 Windows 文件名不能用的字符",
        NameFault::Ending => "末尾是点或空格，Windows 会把它去掉",
        NameFault::Device => "在 Windows 上是设备名",
        NameFault::TooLong => "太长",
    }
}

pub(super) fn claim(lang: Lang, claim: Claim) -> &'static str {
    match claim {
        Claim::Recvs => pick(lang, "recvs", "读取结果"),
        Claim::Writes => pick(lang, "writes", "写入次数"),
        Claim::Sizes => pick(lang, "sizes of recvs", "各次读到的字节数"),
        Claim::Taken => pick(lang, "taken for a message", "当成一条消息的字节"),
        Claim::RecvCount => pick(lang, "number of recvs", "读取次数"),
        Claim::BytesSent => pick(lang, "bytes sent", "发出的字节"),
        Claim::BytesLost => pick(lang, "bytes not received", "没收到的字节"),
        Claim::Texts => pick(lang, "texts", "文本"),
        Claim::Errors => pick(lang, "errors", "失败的调用"),
        Claim::States => pick(lang, "states", "连接状态"),
        Claim::Segments => pick(lang, "segments", "报文段数"),
        Claim::Edges => pick(lang, "edges", "边界"),
        Claim::Cuts => pick(lang, "cuts", "切口"),
        Claim::Messages => pick(lang, "messages", "还原的消息"),
        Claim::Refused => pick(lang, "refusal", "拒收原因"),
        Claim::Files => pick(lang, "files", "目录里的文件"),
        Claim::MostUnsent => pick(lang, "most bytes unsent", "最多未发字节"),
        Claim::Truncated => pick(lang, "bytes cut off", "截掉的字节"),
        Claim::Drops => pick(lang, "drops", "丢弃"),
        Claim::EndOfStream => pick(lang, "end of stream", "流结束"),
    }
}

/// What became of an edge, or what cut a message, in the words of a lab file or of the reader.
pub(super) fn cause(lang: Lang, name: &str) -> &str {
    match (lang, name) {
        (Lang::Zh, "kept") => "保住",
        (Lang::Zh, "sender") => "丢在发送端",
        (Lang::Zh, "receive-queue") => "丢在接收队列",
        (Lang::Zh, "not-read") => "未读到",
        (Lang::Zh, "undetermined") => "未定",
        (Lang::Zh, "buffer") => "缓冲区",
        (Lang::Zh, "arrival") => "到达先后",
        (_, name) => name,
    }
}

/// What became of an edge, in a list of several that did not fare alike.
pub(super) fn edge_fate(lang: Lang, fate: EdgeFate) -> &'static str {
    match fate {
        EdgeFate::Kept => pick(lang, "kept", "保住"),
        EdgeFate::Lost(LostIn::Sender) => pick(lang, "lost at the sender", "丢在发送端"),
        EdgeFate::Lost(LostIn::ReceiveQueue) => {
            pick(lang, "lost in the receive queue", "丢在接收队列")
        }
        EdgeFate::Lost(LostIn::Undetermined) => {
            pick(lang, "lost, where is undetermined", "丢失，位置未定")
        }
        EdgeFate::NotRead => pick(lang, "not reached", "未读到"),
    }
}

/// A call that failed, as a lab claims it: `server recv ECONNRESET`.
pub(super) fn failed_call(lang: Lang, call: &str) -> String {
    if call == DEADLINE {
        return pick(lang, "the run's time was over", "超过了时限").into();
    }
    pick(lang, "failed: ", "失败：").to_string() + &safe::words(call)
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
