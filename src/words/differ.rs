//! What scripts differ in, in the reader's language. English has the words of a lab file, which are
//! English; in Chinese each step is told as a script is.

use super::script;
use crate::event::{Payload, Side};
use crate::lab::file::Step;
use crate::lang::Lang;
use crate::report::differ::{Difference, Facet, Setting};

/// What each run has of it.
pub(crate) fn describe(difference: &Difference, lang: Lang) -> Vec<String> {
    match lang {
        Lang::En => difference.values.clone(),
        Lang::Zh => difference.settings.iter().map(|all| list(all)).collect(),
    }
}

fn list(settings: &[Setting]) -> String {
    let mut out = String::new();
    for setting in settings {
        let side = setting.side.filter(|_| setting.names_side);
        if !out.is_empty() {
            out.push(if side.is_some() { '；' } else { '，' });
        }
        if let Some(side) = side {
            out += super::side(Lang::Zh, side);
            out.push('：');
        }
        out += &one(setting);
    }
    out
}

fn one(setting: &Setting) -> String {
    let whole = |step| {
        let side = setting.side.unwrap_or(Side::Client);
        script::step_text(step, side, Lang::Zh)
    };
    let text = match (&setting.step, setting.facet) {
        (Some(step), Facet::Messages) => match step.payload() {
            Some(bytes) => payload(bytes),
            None => whole(step),
        },
        (Some(Step::SendFrame(frame)), Facet::Pieces) => {
            let cuts: Vec<String> = frame.cut.iter().map(ToString::to_string).collect();
            format!("在 {} 处切开", cuts.join("、"))
        }
        (Some(Step::SendFrame(_)), Facet::Waits) => "每 send 一次，等对方读完".into(),
        (Some(Step::SendFrame(_)) | None, _) => named(setting),
        (Some(Step::SendSome(_)), Facet::Pieces) => "非阻塞，send 一次".into(),
        (Some(Step::SendLoop(_)), Facet::Pieces) => "非阻塞，直到发完".into(),
        (Some(step), _) => whole(step),
    };
    match setting.times {
        Some(times) => format!("{text}（{} 次）", super::group(times.into())),
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
        times => format!("{unit}（{} 次）", super::group(times as u64)),
    }
}

/// A setting by its name; what it is set to is the system's word, or the person's own.
fn named(setting: &Setting) -> String {
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
    // A framing is names and numbers; elsewhere a name stands first, and what follows is anybody's.
    let most = if setting.facet == Facet::Framing {
        usize::MAX
    } else {
        1
    };
    let words = setting.text.split(' ').enumerate().map(|(i, word)| {
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
                        let [one, other] = &difference.values[..] else {
                            panic!("two runs");
                        };
                        let zh = describe(&difference, Lang::Zh);
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
        let words = "client server await queued signal pause acked length until recv_loop \
            recv_until recv_frames recv_exact send_a send_l parse_";
        let labs = lab::catalogue().expect("the catalogue");
        let runs: Vec<_> = labs.iter().flat_map(|lab| &lab.file.runs).collect();
        for pair in runs.windows(2) {
            for difference in differ(pair) {
                for said in describe(&difference, Lang::Zh) {
                    let bare = without_quoted(&said);
                    for word in words.split(' ') {
                        assert!(!bare.contains(word), "{word}: {said}");
                    }
                }
            }
        }
    }
}
