//! The language of all that a command says, decided once: before it begins, by what the command
//! line says of the output, and by the locale.

use std::sync::OnceLock;

use clap::ValueEnum;

use crate::cli::{Language, Look};
use crate::lang::Lang;
use crate::screen::{self, Environment};

static LANG: OnceLock<Lang> = OnceLock::new();

/// By the words of a command line that is not understood.
pub(super) fn decide_by(words: &[String]) {
    let behind = |option: &str| {
        let at = words.iter().position(|word| word == option)?;
        words.get(at + 1).map(String::as_str)
    };
    let joined = || words.iter().find_map(|word| word.strip_prefix("--lang="));
    let named = behind("--lang").or_else(joined);
    let lang = named.and_then(|name| Language::from_str(name, false).ok());
    decide(&Look {
        ascii: words.iter().any(|word| word == "--ascii"),
        ..Look::of_language(lang)
    });
}

pub(super) fn decide(look: &Look) {
    // Chinese in ASCII cannot be; that is said in English.
    let view = screen::decide(look, Environment::of_process(), true);
    let _ = LANG.set(view.map_or(Lang::En, |(view, _)| view.lang));
}

/// English until it is decided.
pub(super) fn lang() -> Lang {
    LANG.get().copied().unwrap_or(Lang::En)
}
