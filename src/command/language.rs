//! The language of all that a command says, decided once: before it begins, by what the command
//! line says of the output, and by the locale.

use std::sync::OnceLock;

use crate::cli::Look;
use crate::lang::Lang;
use crate::screen::{self, Environment};

static LANG: OnceLock<Lang> = OnceLock::new();

pub(super) fn decide(look: &Look) {
    // Chinese in ASCII cannot be; that is said in English.
    let view = screen::decide(look, Environment::of_process(), true);
    let _ = LANG.set(view.map_or(Lang::En, |(view, _)| view.lang));
}

/// English until it is decided.
pub(super) fn lang() -> Lang {
    LANG.get().copied().unwrap_or(Lang::En)
}
