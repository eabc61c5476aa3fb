//! What is wrong with the files of a lab, where, and what would help. Those who write labs read it,
//! and whoever runs a lab that somebody else wrote.

mod json;
mod run;
mod text;
mod value;

use crate::lab::error::{LabError, Place};
use crate::lab::fault::{Fault, FileFault, MythFault};
use crate::lab::read::MAX_FILE;
use crate::lang::Lang;
use crate::words::command::cannot_be_read;

/// «lab.json:2:32: …», as editors and compilers have it.
pub(crate) fn lab_error(lang: Lang, error: &LabError) -> String {
    let LabError { file, place, what } = error;
    at(lang, file, *place, &fault(lang, what))
}

/// Something that is wrong with a file, and where in it.
pub(crate) fn at(lang: Lang, file: &str, place: Option<Place>, what: &str) -> String {
    match place {
        Some(Place { line, column }) => {
            say!(
                lang,
                "{file}:{line}:{column}: {what}",
                "{file}:{line}:{column}：{what}"
            )
        }
        None => say!(lang, "{file}: {what}", "{file}：{what}"),
    }
}

pub(crate) fn fault(lang: Lang, fault: &Fault) -> String {
    match fault {
        Fault::File(fault) => file(lang, fault),
        Fault::Json(fault) => json::json(lang, fault),
        Fault::Value(fault) => value::value(lang, fault),
        Fault::Run(fault) => run::run(lang, fault),
        Fault::Text(fault) => text::text(lang, fault),
        Fault::Myth(fault) => say! { lang, fault;
            MythFault::Twice(number) => "there are two myths {number}", "有两条编号都是 {number}";
            MythFault::ClaimsNothing =>
                "nothing is claimed of the run, so it cannot decide anything",
                "没有写这次运行应该怎样，所以它判定不了什么";
        },
    }
}

pub(crate) fn file(lang: Lang, fault: &FileFault) -> String {
    say! { lang, fault;
        FileFault::Unreadable { why, meant: Some(lab) } =>
            "{why}; the catalogue's lab is `lab {lab}`",
            "{why}；自带的实验这样运行：`lab {lab}`",
            why = cannot_be_read(lang, why);
        FileFault::Unreadable { why, meant: None } =>
            "{why}; a lab is a directory with a lab.json in it, or a lab file",
            "{why}；实验是一个含有 lab.json 的目录，或者一个实验文件",
            why = cannot_be_read(lang, why);
        FileFault::TooLarge =>
            "is larger than {MAX_FILE} bytes; this is no lab file",
            "超过 {MAX_FILE} 字节，不会是实验文件";
        FileFault::Utf16 =>
            "this is UTF-16, which Notepad and PowerShell write; save it as UTF-8",
            "这是 UTF-16 编码（记事本和 PowerShell 会这样写）；请另存为 UTF-8";
        FileFault::NotUtf8(byte) =>
            "the byte {byte:02x} here is no UTF-8; save the text as UTF-8",
            "这里的字节 {byte:02x} 不是 UTF-8；请把文件存成 UTF-8";
        FileFault::NotInCatalogue =>
            "this file is missing from the catalogue",
            "自带的实验里缺这个文件";
        FileFault::Missing =>
            "is missing; `lab new` writes one to begin with",
            "没有这个文件；`lab new` 会写一份可以照着改的";
        FileFault::NoSuchLab(nearest) =>
            "there is no such lab; {help}",
            "没有这个实验；{help}",
            help = nearest_lab(lang, *nearest);
        FileFault::NoSuchWord(Some(near)) =>
            "this word is not explained here; did you mean `lab explain {near}`?",
            "这里没有解释这个词；是不是想说 `lab explain {near}`？";
        FileFault::NoSuchWord(None) =>
            "this word is not explained here; `lab explain` lists the words",
            "这里没有解释这个词；`lab explain` 列出所有的词";
    }
}

/// What would help whoever asks for a lab that is not there.
fn nearest_lab(lang: Lang, nearest: Option<(u32, &str)>) -> String {
    say! { lang, nearest;
        Some((number, slug)) =>
            "the nearest is `lab {number}` ({slug})",
            "最接近的是 `lab {number}`（{slug}）";
        None => "`lab list` names them all", "`lab list` 列出所有实验";
    }
}

/// For those who build on this program; a person is spoken to in their language.
macro_rules! shown_in_english {
    ($($type:ty: $says:expr),+ $(,)?) => {$(
        impl std::fmt::Display for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&$says($crate::lang::Lang::En, self))
            }
        }
    )+};
}

pub(super) use shown_in_english;

shown_in_english! {
    LabError: lab_error,
    Fault: fault,
    crate::lab::fault::RunFault: run::run,
}

#[cfg(test)]
mod tests {
    use strum::IntoEnumIterator;

    use super::*;
    use crate::event::{BadValue, Contradiction, Expected, Transport};
    use crate::lab::fault::{
        Alien, CommandFault, Elsewhere, Fits, FramingFault, Got, InHand, Inside, InsteadOfTcp,
        JsonFault, Lacks, LineFault, RunFault, TextFault,
    };

    use crate::trace::{TraceError, TraceFault};
    use crate::words::trace_file::trace_error;

    fn each<F: IntoEnumIterator + Into<Fault>>() -> impl Iterator<Item = Fault> {
        F::iter().map(Into::into)
    }

    fn of_each<T: IntoEnumIterator, F: Into<Fault>>(
        fault: impl Fn(T) -> F,
    ) -> impl Iterator<Item = Fault> {
        T::iter().map(move |of| fault(of).into())
    }

    /// One of each kind, without facts.
    fn faults() -> Vec<Fault> {
        let fits = |fits| JsonFault::Mismatch {
            got: Got::List,
            fits,
        };
        let lacks = |lacks| RunFault::Unable {
            step: "",
            over: Transport::Tcp,
            lacks,
            instead: "",
        };
        let only_tcp = |instead| RunFault::OnlyTcp {
            what: "",
            over: Transport::Tcp,
            instead,
        };
        let command = |wrong| TextFault::Command {
            code: String::new(),
            wrong,
        };
        each::<FileFault>()
            .chain(each::<JsonFault>())
            .chain(each::<BadValue>())
            .chain(each::<RunFault>())
            .chain(each::<TextFault>())
            .chain(each::<MythFault>())
            .chain(of_each::<Got, _>(JsonFault::NoWord))
            .chain(of_each::<Fits, _>(fits))
            .chain(of_each::<Expected, _>(move |own| fits(Fits::Own(own))))
            .chain(of_each::<Alien, _>(JsonFault::Alien))
            .chain(of_each::<Inside, _>(JsonFault::EndsInside))
            .chain(of_each::<Elsewhere, _>(RunFault::Elsewhere))
            .chain(of_each::<FramingFault, _>(RunFault::Framing))
            .chain(of_each::<LineFault, _>(RunFault::Line))
            .chain(of_each::<InHand, _>(RunFault::NotInHand))
            .chain(of_each::<Lacks, _>(lacks))
            .chain(of_each::<InsteadOfTcp, _>(only_tcp))
            .chain(of_each::<CommandFault, _>(command))
            .collect()
    }

    /// Two words side by side, outside of what stands in backticks or quotes.
    fn has_english(said: &str) -> bool {
        let outside = said.split(['`', '"']).step_by(2);
        let words = |part: &str| -> Vec<bool> {
            let is_word =
                |word: &str| word.len() > 1 && word.chars().all(|c| c.is_ascii_lowercase());
            part.split(' ').map(is_word).collect()
        };
        outside
            .map(words)
            .any(|words| words.windows(2).any(|two| two == [true, true]))
    }

    #[track_caller]
    fn is_in_its_own_language(says: impl Fn(Lang) -> String) {
        let is_chinese = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
        let (en, zh) = (says(Lang::En), says(Lang::Zh));
        assert!(!en.contains(is_chinese), "{en}");
        assert!(zh.contains(is_chinese) && !has_english(&zh), "{en}: {zh}");
    }

    #[test]
    fn each_kind_is_said_in_its_own_language() {
        let faults = faults();
        assert!(faults.len() > 120);
        for fault in &faults {
            is_in_its_own_language(|lang| super::fault(lang, fault));
        }
        let call = "";
        let (returned, recorded) = (0, 0);
        let contradictions = [
            Contradiction::ReturnedEarly { call },
            Contradiction::Bytes {
                call,
                returned,
                recorded,
            },
        ];
        let lines = faults
            .into_iter()
            .map(|fault| TraceFault::Line(fault.into()));
        let lines = lines.chain(contradictions.map(TraceFault::Contradiction));
        for what in lines.chain(TraceFault::iter()) {
            let (line, column) = (None, None);
            let error = TraceError { line, column, what };
            is_in_its_own_language(|lang| trace_error(lang, &error));
        }
    }
}
