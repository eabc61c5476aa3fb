//! There is nothing of that name; what may have been meant.

use crate::lab::error::LabError;
use crate::lang::Lang;

/// What a person typed, in one line and not too long.
fn shown(wanted: &str) -> String {
    let start: String = wanted.chars().take(60).collect();
    start.escape_debug().to_string()
}

phrases! {
    no_run: "the lab has no run", "这个实验里没有任何运行";
}

/// `lab 3:leftover`, as `lab compare` has it.
pub(crate) fn no_lab_but_a_run(lang: Lang, wanted: &str, lab: &str, run: &str) -> String {
    let (wanted, run) = (shown(wanted), run.escape_debug());
    say!(
        lang,
        "there is no lab `{wanted}`; did you mean `lab {lab} --run {run}`?",
        "没有实验 `{wanted}`；是不是想说 `lab {lab} --run {run}`？"
    )
}

pub(crate) fn no_lab_but_a_word(lang: Lang, wanted: &str) -> String {
    let wanted = shown(wanted);
    say!(
        lang,
        "lab `{wanted}`: there is no such lab; `lab explain {wanted}` explains the word",
        "没有实验 `{wanted}`；`lab explain {wanted}` 解释这个词"
    )
}

pub(crate) fn no_lab_but_a_command(lang: Lang, wanted: &str, command: &str) -> String {
    let wanted = shown(wanted);
    say!(
        lang,
        "lab `{wanted}`: there is no such lab; did you mean `lab {command}`?",
        "没有实验 `{wanted}`；是不是想说 `lab {command}`？"
    )
}

pub(crate) fn no_lab(
    lang: Lang,
    wanted: &str,
    error: &LabError,
    nearest: Option<(u32, &str)>,
) -> String {
    let wanted = shown(wanted);
    say! { lang, nearest;
        Some((number, slug)) =>
            "{error}",
            "没有实验 `{wanted}`；最接近的是 `lab {number}`（{slug}）";
        None => "{error}", "没有实验 `{wanted}`；`lab list` 列出所有实验";
    }
}

/// A lab, or a trace, has no run of this name.
pub(crate) fn no_such_run(
    lang: Lang,
    place: &str,
    wanted: &str,
    nearest: Option<&str>,
    known: &[&str],
) -> String {
    let wanted = wanted.escape_debug();
    let help = if let Some(near) = nearest {
        say!(lang, "did you mean `{near}`?", "是不是想说 `{near}`？")
    } else {
        let known = known.join(phrase!(lang, ", ", "、"));
        say!(lang, "its runs are {known}", "它有的是 {known}")
    };
    say!(
        lang,
        "`{place}` has no run `{wanted}`; {help}",
        "`{place}` 里没有 `{wanted}` 这次运行；{help}"
    )
}

/// A word in place of a myth's number; these speak of it.
pub(crate) fn no_number(lang: Lang, wanted: &str, speaking: &[u32]) -> String {
    let wanted = wanted.escape_debug();
    let Some(first) = speaking.first() else {
        return say!(
            lang,
            "a myth is shown by its number, such as `lab myths 5`, and `{wanted}` is none; `lab \
             myths` lists them all",
            "要看哪一条，请给出编号，如 `lab myths 5`，`{wanted}` 不是编号；`lab myths` 列出全部"
        );
    };
    let numbers: Vec<String> = speaking.iter().map(ToString::to_string).collect();
    let numbers = numbers.join(phrase!(lang, ", ", "、"));
    say!(
        lang,
        "a myth is shown by its number; of `{wanted}` speak {numbers}: `lab myths {first}`",
        "要看哪一条，请给出编号；说到 `{wanted}` 的有第 {numbers} 条：`lab myths {first}`"
    )
}

pub(crate) fn no_such_myth(lang: Lang, number: u32, nearest: Option<u32>) -> String {
    let nearest = nearest.map_or_else(String::new, |near| {
        say!(
            lang,
            "the nearest is `lab myths {near}`, and ",
            "最接近的是 `lab myths {near}`，"
        )
    });
    say!(
        lang,
        "there is no myth {number}; {nearest}`lab myths` lists them all",
        "没有第 {number} 条；{nearest}`lab myths` 列出全部"
    )
}

pub(crate) fn neither_command_nor_lab(lang: Lang, word: &str) -> String {
    let word = word.escape_debug();
    say!(
        lang,
        "`{word}` is neither a command nor a lab; `lab` lists the labs, `lab --help` the commands",
        "`{word}` 既不是命令也不是实验；`lab` 列出实验，`lab --help` 列出命令"
    )
}

pub(crate) fn one_lab_at_a_time(lang: Lang, lab: &str, another: &str) -> String {
    say!(
        lang,
        "one lab at a time; two side by side: lab compare {lab} {another}",
        "一次只能运行一个实验；要两个并排对照：lab compare {lab} {another}"
    )
}

pub(crate) fn runs_are_named(lang: Lang, lab: &str, word: &str, nearest: Option<&str>) -> String {
    let word = word.escape_debug().to_string();
    let run = nearest.unwrap_or(&word);
    say!(
        lang,
        "`{word}` is no command; a run is named with --run: lab {lab} --run {run}",
        "没有命令 `{word}`；要指定某次运行，请用 --run：lab {lab} --run {run}"
    )
}
