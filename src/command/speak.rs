//! The language of what goes to standard error: the one of the results, decided as early.

use std::sync::OnceLock;

use crate::cli::Look;
use crate::lang::Lang;
use crate::screen::{self, Environment};

static LANG: OnceLock<Lang> = OnceLock::new();

/// Decides, by what the command line says of the output, and by the locale.
pub(super) fn decide(look: &Look) {
    // Chinese in ASCII cannot be; that is said in English.
    let view = screen::decide(look, &Environment::look(), true);
    let _ = LANG.set(view.map_or(Lang::En, |(view, _)| view.lang));
}

/// What is said, in the language that was decided on.
pub(super) fn say(en: impl Into<String>, zh: impl Into<String>) -> String {
    match LANG.get() {
        Some(Lang::Zh) => zh.into(),
        _ => en.into(),
    }
}
