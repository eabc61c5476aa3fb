//! What is said of a read besides its bytes: what it left, and what the decoders made of it.

use super::{bytes, group, part, percent, refusal};
use crate::event::{Decoded, DecoderState};
use crate::frame::{FrameError, Part};
use crate::lang::Lang;
use crate::safe;
use crate::text;

phrases! {
    empty_datagram: "an empty datagram", "一个空数据报";
    end_of_stream: "end of stream", "流结束";
}

/// Bytes that the read left in the queue; with room in its buffer they `came_later`, as it
/// returned.
pub(crate) fn left(lang: Lang, bytes: u64, came_later: bool) -> String {
    let n = group(bytes);
    say! { lang, came_later;
        true => "{n} more came as it returned", "返回时又到了 {n}";
        false => "{n} left in the queue", "队列里还剩 {n}";
    }
}

sentences! {
    lang;
    /// Whose bytes a read returned, in the linear form.
    from(owners: &str): "from {owners}", "来自 {owners}";
    refused(error: &FrameError; why = refusal(lang, error)): "refused: {why}", "拒收：{why}";
    /// Bytes that came behind the last message that was asked for.
    behind(n: u64; n = group(n)):
        "{n} behind it, kept for the next message",
        "后面还有 {n} 字节，留给下一条消息";
    /// Bytes that a text decoder left out.
    left_out(n: u64; n = bytes(lang, n)): "{n} left out", "丢弃 {n}";
    /// Bytes that a text decoder kept.
    kept(n: u64; n = bytes(lang, n)): "{n} kept for the next read", "留着 {n}，等下一次 recv";
}

/// A message that a decoder gave out.
pub(crate) fn out(lang: Lang, message: &Decoded) -> String {
    let text = match &message.header {
        Some(header) if message.hex.0.is_empty() => {
            let json = serde_json::Value::Object(header.clone()).to_string();
            format!("{} {}", part(lang, Part::Header), safe::words(&json))
        }
        _ => safe::quoted(&message.hex.0, 24),
    };
    say! { lang, message.verified.is_some();
        true => "out: {text}, md5 right", "取出：{text}，md5 相符";
        false => "out: {text}", "取出：{text}";
    }
}

/// How far a decoder is with a file's content, which it hands on and does not keep.
pub(crate) fn handed_on(lang: Lang, decoder: &DecoderState) -> String {
    let percent = percent(decoder.have, decoder.need);
    let (have, need) = (group(decoder.have), group(decoder.need));
    format!("{} {have}/{need}, {percent} %", part(lang, decoder.part))
}

/// What a decoder waits for.
pub(crate) fn waiting(lang: Lang, decoder: &DecoderState) -> String {
    let part = part(lang, decoder.part);
    let (have, need, kept) = (
        group(decoder.have),
        group(decoder.need),
        group(decoder.kept),
    );
    say!(
        lang,
        "waiting: {part} {have}/{need}, {kept} kept",
        "等待：{part} {have}/{need}，已存 {kept}"
    )
}

/// What a text decoder gave out; nothing where it failed.
pub(crate) fn decoded(lang: Lang, text: &text::DecodedText) -> String {
    if text.failed {
        return say!(
            lang,
            "decode fails: no valid text in this encoding",
            "解码失败：按这种编码不是合法文本"
        );
    }
    let out = safe::quoted(text.out.as_bytes(), 48);
    say!(lang, "text: {out}", "文本：{out}")
}
