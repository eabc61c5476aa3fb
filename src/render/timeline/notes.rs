//! What is said of a read besides its bytes: what it left, and what the decoders made of it.

use crate::event::{Decoder, Read, RunTrace};
use crate::frame;
use crate::lang::Lang;
use crate::render::paint::Ink;
use crate::render::words::{self, group, pick};
use crate::render::{View, safe};
use crate::text;

/// What is to be said of a read besides its bytes.
pub(in crate::render) fn read_notes(
    read: &Read,
    run: &RunTrace,
    view: &View,
) -> Vec<(String, Ink)> {
    let lang = view.lang;
    let mut notes = Vec::new();
    let mut note = |text: String, ink| notes.push((text, ink));
    if let Some(left @ 1..) = read.left {
        let left = group(left);
        // With room in the buffer it took all that was there: this came as it returned.
        let left = if read.returned < Some(read.asked) && read.truncated.is_none() {
            pick(
                lang,
                format!("{left} more came as it returned"),
                format!("返回时又到了 {left}"),
            )
        } else {
            pick(
                lang,
                format!("{left} left in the queue"),
                format!("队列里还剩 {left}"),
            )
        };
        note(left, Ink::Plain);
    }
    if let Some(gone @ 1..) = read.truncated {
        note(
            words::datagram_cut(lang, read.hex.0.len() as u64, gone),
            Ink::Bad,
        );
    }
    // What asks for nothing gets nothing, whatever there is.
    if read.returned == Some(0) && read.asked > 0 {
        let connected = run.script.transport.unwrap_or_default().has_connections();
        let empty = if !connected || read.truncated.is_some() {
            pick(lang, "an empty datagram", "一个空数据报")
        } else {
            pick(lang, "end of stream", "流结束")
        };
        note(empty.into(), Ink::Plain);
    }
    if let Some(text) = &read.text {
        notes.extend(text_notes(text, lang));
    }
    if let Some(decoder) = &read.decoder {
        // At the end of the stream nothing more is waited for; what is missing is a refusal.
        let over = read.returned == Some(0) && read.asked > 0;
        notes.extend(decoder_notes(decoder, over, lang));
    }
    notes
}

/// What a frame decoder made of a read. `over` says that no other one follows.
fn decoder_notes(decoder: &Decoder, over: bool, lang: Lang) -> Vec<(String, Ink)> {
    let mut notes = Vec::new();
    let mut note = |text: String, ink| notes.push((text, ink));
    for message in &decoder.out {
        let mut text = match &message.header {
            Some(header) if message.hex.0.is_empty() => {
                let json = serde_json::Value::Object(header.clone()).to_string();
                format!(
                    "{} {}",
                    words::part(lang, frame::Part::Header),
                    safe::words(&json)
                )
            }
            _ => safe::quoted(&message.hex.0, 24),
        };
        if message.verified.is_some() {
            text += pick(lang, ", md5 right", "，md5 相符");
        }
        note(
            pick(lang, format!("out: {text}"), format!("取出：{text}")),
            Ink::Good,
        );
    }
    if let Some(refused) = &decoder.refused {
        note(
            pick(lang, "refused: ", "拒收：").to_string() + &words::refusal(lang, refused),
            Ink::Bad,
        );
    }
    if over || decoder.refused.is_some() {
        return notes;
    }
    if decoder.part == frame::Part::Payload && decoder.kept == 0 {
        // A file's content, which the decoder hands on and does not keep.
        let percent = words::percent(decoder.have, decoder.need);
        let (have, need) = (group(decoder.have), group(decoder.need));
        let part = words::part(lang, decoder.part);
        note(format!("{part} {have}/{need}, {percent} %"), Ink::Plain);
    } else if decoder.kept > 0 || decoder.out.is_empty() {
        let part = words::part(lang, decoder.part);
        let (have, need, kept) = (
            group(decoder.have),
            group(decoder.need),
            group(decoder.kept),
        );
        note(
            pick(
                lang,
                format!("waiting: {part} {have}/{need}, {kept} kept"),
                format!("等待：{part} {have}/{need}，留存 {kept}"),
            ),
            Ink::Plain,
        );
    }
    notes
}

/// What a text decoder made of a read.
fn text_notes(text: &text::Decoded, lang: Lang) -> Vec<(String, Ink)> {
    let mut notes = Vec::new();
    if text.failed {
        let fails = pick(
            lang,
            "decode fails: no valid text in this encoding",
            "解码失败：按这种编码不是合法文本",
        );
        notes.push((fails.into(), Ink::Bad));
    } else {
        let out = safe::quoted(text.out.as_bytes(), 48);
        notes.push((
            pick(lang, format!("text: {out}"), format!("文本：{out}")),
            Ink::Good,
        ));
    }
    if text.lost > 0 {
        let lost = words::bytes(lang, text.lost);
        notes.push((
            pick(lang, format!("{lost} left out"), format!("丢弃 {lost}")),
            Ink::Bad,
        ));
    }
    if text.kept > 0 {
        let kept = words::bytes(lang, text.kept);
        let waiting = pick(
            lang,
            format!("{kept} kept for the next read"),
            format!("留存 {kept}，等下一次读"),
        );
        notes.push((waiting, Ink::Plain));
    }
    notes
}
