//! The templates: Python files, cut at their `# %%` lines into parts that are filled in. What stands
//! above the first of these lines is for who reads the file.
//!
//! A hole `__name__` takes a value or, where there is none of that name, a sentence. A hole alone on
//! its line takes any number of lines, `__body__` what a caller writes there, and one in a comment
//! is laid out as a comment. What stands between `#if name` and `#end`, or before `#if name` on one
//! line, is there only if that value is neither empty nor false; `#else` and `#if not name` turn it
//! round. Imports go to the top of the program, and the blank line behind them with them.

use std::collections::{HashMap, VecDeque};
use std::fmt::Display;
use std::sync::LazyLock;

use include_dir::{Dir, include_dir};

use crate::lang::Lang;
use crate::words::python as words;

static FILES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/src/python/templates");

static PARTS: LazyLock<HashMap<&str, &str>> = LazyLock::new(|| {
    let texts = FILES.files().filter_map(|file| file.contents_utf8());
    let parts = texts.flat_map(|text| text.split("\n# %% ").skip(1));
    parts.filter_map(|part| part.split_once('\n')).collect()
});

/// What the holes of a part are filled with.
pub(super) type Values<'a> = [(&'a str, &'a dyn Display)];

/// A line of a part that has been filled in.
#[derive(Debug, PartialEq)]
pub(super) enum Filled {
    /// So deep inside the part: a statement and the comment that goes with it, each perhaps empty.
    Code(usize, String, String),
    /// Where what the caller writes stands, and how deep.
    Body(usize),
    /// A module that the part needs.
    Import(&'static str),
}

/// The lines of a part that are wanted, with their holes filled.
pub(super) fn fill(part: &str, values: &Values<'_>, lang: Lang) -> VecDeque<Filled> {
    let text = PARTS.get(part);
    let text = text.unwrap_or_else(|| panic!("no template has a part `{part}`"));
    let value = |name: &str| {
        let own = values.iter().find(|(other, _)| *other == name);
        let own = own.map(|(_, value)| value.to_string());
        let sentence = words::sentence(lang, name);
        debug_assert!(own.is_none() || sentence.is_none(), "two for `{name}`");
        own.or(sentence.map(String::from))
            .unwrap_or_else(|| panic!("part `{part}` asks for `{name}`"))
    };
    // Between two pairs of underscores stands a name.
    let filled = |text: &str| {
        let pieces = text.split("__").enumerate();
        let pieces = pieces.map(|(i, piece)| match i % 2 {
            0 => piece.to_string(),
            _ => value(piece),
        });
        pieces.collect::<String>()
    };
    let holds = |condition: &str| match condition.strip_prefix("not ") {
        Some(name) => matches!(value(name).as_str(), "" | "false"),
        None => !matches!(value(condition).as_str(), "" | "false"),
    };
    let mut lines = VecDeque::new();
    // The conditions that the line stands under, the innermost last.
    let mut conditions = Vec::new();
    for line in text.trim_end().lines() {
        let code = line.trim_start();
        let depth = (line.len() - code.len()) / 4;
        if let Some(condition) = code.strip_prefix("#if ") {
            let is_read = conditions.iter().all(|&holds| holds);
            conditions.push(is_read && holds(condition));
            continue;
        } else if code == "#else" {
            if let Some(last) = conditions.last_mut() {
                *last = !*last;
            }
            continue;
        } else if code == "#end" {
            conditions.pop();
            continue;
        } else if conditions.contains(&false) {
            continue;
        }
        let (code, condition) = code.split_once("  #if ").unwrap_or((code, ""));
        if !condition.is_empty() && !holds(condition) {
            continue;
        }
        if code == "__body__" {
            lines.push_back(Filled::Body(depth));
        } else if let Some(module) = code.strip_prefix("import ") {
            lines.push_back(Filled::Import(module));
        } else if let Some(comment) = code.strip_prefix("# ") {
            let comment = filled(comment);
            if !comment.is_empty() {
                lines.push_back(Filled::Code(depth, String::new(), comment));
            }
        } else if let Some((code, comment)) = code.split_once("  # ") {
            lines.push_back(Filled::Code(depth, filled(code), filled(comment)));
        } else if code.is_empty() {
            if !matches!(lines.back(), Some(Filled::Import(_))) {
                lines.push_back(Filled::Code(depth, String::new(), String::new()));
            }
        } else {
            let code = filled(code);
            lines.extend(
                code.lines()
                    .map(|code| Filled::Code(depth, code.into(), String::new())),
            );
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(part: &str, values: &Values<'_>) -> String {
        let lines = fill(part, values, Lang::En)
            .into_iter()
            .map(|line| match line {
                Filled::Code(depth, code, comment) => format!("{depth} {code} # {comment}\n"),
                Filled::Body(depth) => format!("{depth} the body\n"),
                Filled::Import(module) => format!("import {module}\n"),
            });
        lines.collect()
    }

    #[test]
    fn holes_take_values_and_sentences() {
        let values: &Values<'_> = &[("socket", &"sock"), ("seconds", &0.5)];
        let sentence = "seconds; in Python for reads and writes alike";
        assert_eq!(
            text("timeout", values),
            format!("0 sock.settimeout(0.5) # {sentence}\n")
        );
        // Nothing in a value is a hole, or ends its line's condition.
        let value = "__body__  #if no";
        assert_eq!(
            text("sendto", &[("data", &value), ("peer", &"PATH")]),
            "0 sock.sendto(__body__  #if no, PATH) # \n"
        );
    }

    #[test]
    fn what_is_not_wanted_is_left_out() {
        let values: &Values<'_> = &[
            ("errors", &"OSError"),
            ("who", &""),
            ("is_looked_up", &false),
        ];
        let lines = text("try", values);
        assert!(
            lines.contains("1 the body\n") && !lines.contains("text ="),
            "{lines}"
        );
        let both = [true, false].map(|datagrams| {
            text(
                "first_arrival",
                &[
                    ("explained", &""),
                    ("datagrams", &datagrams),
                    ("listener", &"sock"),
                ],
            )
        });
        assert!(
            both[0].starts_with("import select\n0  # select waits for the first datagram"),
            "{both:?}"
        );
        assert!(
            both[1].starts_with("import select\n0  # select waits for the first conn"),
            "{both:?}"
        );
    }

    /// A comment that is no hole would be in one language only.
    #[test]
    fn templates_hold_no_sentence_and_close_what_they_open() {
        let mut parts = Vec::new();
        for file in FILES.files() {
            let text = file.contents_utf8().expect("UTF-8");
            for part in text.split("\n# %% ").skip(1) {
                let (name, lines) = part.split_once('\n').expect("lines");
                parts.push(name);
                let count = |what: &str| {
                    lines
                        .lines()
                        .filter(|line| line.trim_start().starts_with(what))
                        .count()
                };
                assert_eq!(count("#if "), count("#end"), "{name}");
                for line in lines.lines() {
                    let comment = line.split_once("# ").map(|(_, comment)| comment);
                    assert!(
                        comment.is_none_or(|comment| comment.starts_with("__")),
                        "{name}: {line}"
                    );
                }
            }
        }
        assert_eq!(parts.len(), PARTS.len(), "two parts of one name");
    }
}
