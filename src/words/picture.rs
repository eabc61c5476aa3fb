//! The words in the picture of a run: its columns, its ruler, what was left out of it.

use super::{group, list, plural, side};
use crate::event::Side;
use crate::lang::Lang;
use crate::report::{Segments, Witness};

phrases! {
    in_the_kernel: "in the kernel", "内核里";
    empty: "(empty)", "空";
    states_beside: "<- states ->", "<- 状态 ->";
    time: "time", "时间";
}

/// What the brackets around bytes mean. The sender's kernel says what has not left, the receiver's
/// what has not come.
pub(crate) fn in_brackets(lang: Lang, asked_the_sender: bool) -> String {
    say! { lang, asked_the_sender;
        true => "[] unsent", "[] 未发出";
        false => "[] not queued", "[] 不在队列";
    }
}

/// What a call or a packet that is left out is counted under. A call's own name is a program's.
pub(crate) fn left_out_kind(lang: Lang, of: Side, call: Option<&str>) -> String {
    let (side, what) = (
        side(lang, of),
        call.unwrap_or(phrase!(lang, "packet", "包")),
    );
    format!("{side} {what}")
}

/// Calls that are left out, and packets; each kind with how many.
pub(crate) fn left_out(lang: Lang, kinds: &[(String, u64)], packets: bool) -> String {
    let all = kinds.iter().map(|(_, n)| *n).fold(0, u64::saturating_add);
    let kinds: Vec<String> = kinds
        .iter()
        .map(|(kind, n)| format!("{} x {kind}", group(*n)))
        .collect();
    let (n, kinds) = (group(all), list::parts(lang, kinds));
    say! { lang, packets;
        true =>
            "... {n} calls and packets left out: {kinds} ...",
            "... 略去 {n} 次调用和包：{kinds} ...";
        false => "... {n} calls left out: {kinds} ...", "... 略去 {n} 次调用：{kinds} ...";
    }
}

phrases! {
    /// What stands beneath the bytes.
    letters: "letters: which send a byte is of", "字母：字节来自哪次 send";
    /// The same where there is less room.
    a_letter: "A: by send(A)", "A：来自 send(A)";
}

/// The middle of a run that is longer than a screen.
pub(crate) fn rows_left_out(lang: Lang, n: usize, says_where: bool) -> String {
    let s = plural(n as u64);
    say! { lang, says_where;
        true => "... {n} more row{s}, see --full ...", "……还有 {n} 行，见 --full……";
        false => "... {n} more row{s} ...", "……还有 {n} 行……";
    }
}

/// A row of the ruler.
#[derive(Clone, Copy)]
pub(crate) enum RulerRow {
    Bytes,
    Writes,
    Segments,
    Recvs,
    Edges,
}

pub(crate) fn ruler_row(lang: Lang, row: RulerRow) -> &'static str {
    match row {
        RulerRow::Bytes => phrase!(lang, "bytes", "字节"),
        RulerRow::Writes => phrase!(lang, "writes", "send"),
        RulerRow::Segments => phrase!(lang, "segments", "报文段"),
        RulerRow::Recvs => phrase!(lang, "recvs", "recv"),
        RulerRow::Edges => phrase!(lang, "edges", "边界"),
    }
}

/// What the segments are known by.
pub(crate) fn known_by(lang: Lang, segments: &Segments) -> &'static str {
    match segments.witness {
        Witness::Capture => phrase!(lang, "capture", "抓包"),
        _ if segments.count.is_some() => "TCP_INFO",
        _ => phrase!(lang, "not known", "未知"),
    }
}

phrases! {
    ends_not_known:
        "? : how many there are is known, not where these end",
        "?：只知道有几个报文段，不知道这里各段断在哪里";
}

sentences! { lang;
    elsewhere(of: Side; of = side(lang, of)):
        "{of}, elsewhere",
        "{of}（别处）";
    edges_tally(kept: usize, lost: usize): "{kept} kept, {lost} lost", "保住 {kept}，丢失 {lost}";
    /// How many bytes a column of the ruler stands for.
    per_column(bytes: u64; n = group(bytes)): "1 col ~ {n} B", "每格约 {n} 字节";
}
