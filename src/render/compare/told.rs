//! What scripts differ in, in the reader's language. English has the words of a lab file, which are
//! English; in Chinese each step is told as a script is.

use crate::event::{Payload, Side};
use crate::lab::file::Step;
use crate::lang::Lang;
use crate::report::differ::{Difference, Facet, Said};
use crate::words::{self, script};

/// What each run has of it.
pub(super) fn told(difference: &Difference, lang: Lang) -> Vec<String> {
    match lang {
        Lang::En => difference.values.clone(),
        Lang::Zh => difference.said.iter().map(|said| all(said)).collect(),
    }
}

fn all(said: &[Said]) -> String {
    let mut out = String::new();
    for said in said {
        let side = said.side.filter(|side| names(said, *side));
        if !out.is_empty() {
            out.push(if side.is_some() { '；' } else { '，' });
        }
        if let Some(side) = side {
            out += words::side(Lang::Zh, side);
            out.push('：');
        }
        out += &one(said);
    }
    out
}

/// Whether the lab file's words begin with the side.
fn names(said: &Said, side: Side) -> bool {
    let rest = said.text.strip_prefix(&side.to_string());
    rest.is_some_and(|rest| rest.starts_with(' ')) && said.facet != Facet::Messages
}

fn one(said: &Said) -> String {
    let text = match (&said.step, said.facet) {
        (Some(Step::SendFrame(frame)), Facet::Messages) => payload(&frame.payload),
        (Some(Step::SendFrame(frame)), Facet::Pieces) => {
            let cuts: Vec<String> = frame.cut.iter().map(ToString::to_string).collect();
            format!("在 {} 处切开", cuts.join("、"))
        }
        (Some(Step::SendFrame(_)), Facet::Waits) => "每写一次，等对方读完".into(),
        (Some(Step::SendFrame(_)) | None, _) => named(said),
        (
            Some(
                Step::Send(bytes)
                | Step::SendSome(bytes)
                | Step::SendLoop(bytes)
                | Step::Sendto(bytes),
            ),
            Facet::Messages,
        ) => payload(bytes),
        (Some(Step::SendSome(_)), Facet::Pieces) => "非阻塞，写一次".into(),
        (Some(Step::SendLoop(_)), Facet::Pieces) => "非阻塞，直到写完".into(),
        (Some(step), _) => script::step_text(step, said.side.unwrap_or(Side::Client), Lang::Zh),
    };
    match said.times {
        Some(times) => format!("{text}（{} 次）", words::group(times.into())),
        None => text,
    }
}

/// One of what is repeated, and how often.
fn payload(payload: &Payload) -> String {
    let unit = Payload {
        times: 1,
        ..payload.clone()
    };
    let unit = script::payload(&unit);
    match payload.times {
        1 => unit,
        times => format!("{unit}（{} 次）", words::group(times as u64)),
    }
}

/// A setting by its name; what it is set to is the system's word, or the person's own.
fn named(said: &Said) -> String {
    const NAMES: [(&str, &str); 12] = [
        ("length", "长度"),
        ("header_dict", "报头字典"),
        ("limit", "上限"),
        ("header_limit", "报头上限"),
        ("header_only", "只有报头"),
        ("outputs", "命令的输出"),
        ("port", "端口"),
        ("deadline", "时限"),
        ("elsewhere", "由别的程序担任"),
        ("filename", "文件名"),
        ("total_size", "声称的大小"),
        ("alter", "改动第几个字节"),
    ];
    let text = match said.side.filter(|side| names(said, *side)) {
        Some(side) => &said.text[side.to_string().len() + 1..],
        None => &said.text,
    };
    // A framing is names and numbers; elsewhere a name stands first, and what follows is anybody's.
    let most = if said.facet == Facet::Framing {
        usize::MAX
    } else {
        1
    };
    let words = text.split(' ').enumerate().map(|(i, word)| {
        let known = NAMES.iter().find(|(name, _)| *name == word && i < most);
        known.map_or(word, |(_, zh)| zh)
    });
    words.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lab;
    use crate::report::differ::differ;

    /// A person's own words may be in any language: what is sent, what a signal is called.
    fn without_quoted(text: &str) -> String {
        text.split('"').step_by(2).collect()
    }

    #[test]
    fn what_differs_in_english_differs_in_chinese() {
        let mut lost = Vec::new();
        for lab in lab::catalogue().expect("the catalogue") {
            for one in &lab.file.runs {
                for other in &lab.file.runs {
                    for difference in differ(&[one, other]) {
                        let [Some(one), Some(other)] = [0, 1].map(|i| difference.values.get(i))
                        else {
                            panic!("two runs");
                        };
                        let zh = told(&difference, Lang::Zh);
                        if one != other && zh[0] == zh[1] {
                            lost.push(format!("{one} | {other}: {}", zh[0]));
                        }
                    }
                }
            }
        }
        assert_eq!(lost, Vec::<String>::new());
    }

    #[test]
    fn no_word_of_a_lab_file_is_left_in_chinese() {
        let labs = lab::catalogue().expect("the catalogue");
        let runs: Vec<_> = labs.iter().flat_map(|lab| &lab.file.runs).collect();
        for pair in runs.windows(2) {
            for difference in differ(pair) {
                for said in told(&difference, Lang::Zh) {
                    let bare = without_quoted(&said);
                    for word in [
                        "client",
                        "server",
                        "await",
                        "queued",
                        "signal",
                        "pause",
                        "acked",
                        "length",
                        "until",
                        "recv_loop",
                        "recv_until",
                        "recv_frames",
                        "recv_exact",
                        "send_a",
                        "send_l",
                        "parse_",
                    ] {
                        assert!(!bare.contains(word), "{word}: {said}");
                    }
                }
            }
        }
    }
}
