//! What is said of packets.

use super::{group, list, side};
use crate::event::Side;
use crate::lang::Lang;

/// Packets that are not drawn, by what they are for.
pub(crate) fn not_drawn(lang: Lang, handshake: u64, acks: u64, close: u64) -> Option<String> {
    let counts = [
        (handshake, phrase!(lang, "handshake", "握手")),
        (acks, phrase!(lang, "ACK", "纯 ACK")),
        (close, phrase!(lang, "close", "关闭连接")),
    ];
    let some = counts.into_iter().filter(|(n, _)| *n > 0);
    let said: Vec<String> = some
        .map(|(n, name)| format!("{name} {}", group(n)))
        .collect();
    let all = list::parts(lang, said);
    (!all.is_empty()).then(|| {
        say!(
            lang,
            "Packets without data, not drawn: {all} (--wire=full).",
            "不带数据、没有画出的包：{all}（--wire=full 全部画出）。"
        )
    })
}

phrases! {
    again: "again", "重发";
    no_answer: "no answer", "无人应答";
}

sentences! { lang;
    /// Where a packet goes, in the linear form.
    way(from: Side; to = side(lang, from.other()), from = side(lang, from)):
        "wire: {from} to {to}",
        "线路：{from}到{to}";
    later(milliseconds: u64): "{milliseconds} ms later", "{milliseconds} ms 之后";
    connection(number: u32): "connection {number}", "连接 {number}";
}
