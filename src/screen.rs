//! What the output goes to: decided once, before anything is drawn.

use std::io::IsTerminal;
use std::sync::LazyLock;

use crate::cli::{Look, When};
use crate::event::WireDetail;
use crate::lang::Lang;
use crate::render::{Colour, Detail, Form, NARROWEST, View, WIDEST};

/// The width when nobody says another.
const USUAL: usize = 80;

/// What the environment says of the terminal.
#[derive(Clone, Debug, Default)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "each is a variable of its own"
)]
pub struct Environment {
    /// Whether standard output is a terminal.
    pub is_terminal: bool,
    /// Its columns, if it is one.
    pub columns: Option<usize>,
    /// `NO_COLOR` is set and not empty (no-color.org).
    pub no_color: bool,
    /// `CLICOLOR_FORCE` is set and not `0` (bixense.com/clicolors).
    pub force_color: bool,
    /// `CLICOLOR` is `0`.
    pub clicolor_off: bool,
    /// `COLORTERM` is `truecolor` or `24bit`.
    pub true_color: bool,
    /// `TERM` is `dumb`.
    pub dumb: bool,
    /// The language of the person, such as `zh-CN`.
    pub locale: Option<String>,
    /// The character set of the locale, as `LC_ALL`, `LC_CTYPE` or `LANG` name it, is set and
    /// not UTF-8.
    pub not_utf8: bool,
}

impl Environment {
    /// That of this process, read once.
    pub fn of_process() -> &'static Self {
        static READ: LazyLock<Environment> = LazyLock::new(Environment::read);
        &READ
    }

    fn read() -> Self {
        let var = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        let ctype = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(var);
        let is_terminal = std::io::stdout().is_terminal();
        Self {
            is_terminal,
            columns: is_terminal
                .then(terminal_size::terminal_size)
                .flatten()
                .map(|(columns, _)| usize::from(columns.0)),
            no_color: var("NO_COLOR").is_some(),
            force_color: var("CLICOLOR_FORCE").is_some_and(|value| value != "0"),
            clicolor_off: var("CLICOLOR").is_some_and(|value| value == "0"),
            true_color: var("COLORTERM")
                .is_some_and(|value| value == "truecolor" || value == "24bit"),
            dumb: var("TERM").is_some_and(|value| value == "dumb"),
            locale: sys_locale::get_locale(),
            not_utf8: ctype.is_some_and(|name| {
                let name = name.to_lowercase();
                !name.contains("utf-8") && !name.contains("utf8")
            }),
        }
    }

    /// Whether it is the locale that keeps this output to ASCII, and nobody's wish.
    pub fn keeps_to_ascii(&self, look: &Look) -> bool {
        self.not_utf8 && !look.ascii && look.lang.map(Lang::from) != Some(Lang::Zh)
    }
}

/// A choice that cannot be.
#[derive(Debug, PartialEq, Eq)]
pub struct AsciiChinese;

/// Decides how to draw. The second value is there if the terminal is too narrow for pictures and
/// the plain form has to stand in: its columns.
///
/// # Errors
/// If Chinese is asked for in ASCII.
pub fn decide(
    look: &Look,
    env: &Environment,
    has_evidence: bool,
) -> Result<(View, Option<usize>), AsciiChinese> {
    let chosen = look.lang.map(Lang::from);
    if look.ascii && chosen == Some(Lang::Zh) {
        return Err(AsciiChinese);
    }
    let speaks_chinese = env
        .locale
        .as_deref()
        .is_some_and(|locale| locale.starts_with("zh"));
    // Somebody who asks for Chinese has a terminal that shows it, whatever the locale says.
    let ascii = look.ascii || (env.not_utf8 && chosen != Some(Lang::Zh));
    let lang = chosen.unwrap_or(if speaks_chinese && !ascii {
        Lang::Zh
    } else {
        Lang::En
    });
    let wanted = match look.color {
        When::Always => true,
        When::Never => false,
        When::Auto if env.no_color => false,
        When::Auto if env.force_color => true,
        When::Auto => env.is_terminal && !env.dumb && !env.clicolor_off,
    };
    let colour = match (wanted, env.true_color) {
        (false, _) => Colour::None,
        (true, false) => Colour::Sixteen,
        (true, true) => Colour::True,
    };
    let width = look.width.or(env.columns).unwrap_or(USUAL);
    let view = View {
        form: Form::default(),
        lang,
        colour,
        ascii,
        width: width.clamp(NARROWEST, WIDEST),
        has_evidence,
        wire: WireDetail::default(),
        detail: Detail::default(),
        hex: false,
    };
    Ok((view, (width < NARROWEST).then_some(width)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::Language;

    const AUTO: Look = Look {
        color: When::Auto,
        ascii: false,
        lang: None,
        width: None,
    };

    fn env(change: impl FnOnce(&mut Environment)) -> Environment {
        let mut env = Environment::default();
        change(&mut env);
        env
    }

    fn view(look: &Look, env: &Environment) -> View {
        decide(look, env, true).unwrap().0
    }

    #[test]
    fn colour_goes_by_the_conventions() {
        let colour = |change: fn(&mut Environment)| view(&AUTO, &env(change)).colour;
        let on_terminal = |change: fn(&mut Environment)| {
            let mut env = env(|env| env.is_terminal = true);
            change(&mut env);
            view(&AUTO, &env).colour
        };
        assert_eq!(colour(|_| ()), Colour::None, "a pipe");
        assert_eq!(on_terminal(|_| ()), Colour::Sixteen);
        assert_eq!(on_terminal(|env| env.true_color = true), Colour::True);
        assert_eq!(on_terminal(|env| env.no_color = true), Colour::None);
        assert_eq!(on_terminal(|env| env.dumb = true), Colour::None);
        assert_eq!(on_terminal(|env| env.clicolor_off = true), Colour::None);
        assert_eq!(colour(|env| env.force_color = true), Colour::Sixteen);
        let both = |env: &mut Environment| (env.force_color, env.no_color) = (true, true);
        assert_eq!(colour(both), Colour::None);
        let always = Look {
            color: When::Always,
            ..AUTO
        };
        let stronger = "a flag is stronger than the environment";
        assert_eq!(
            view(&always, &env(both)).colour,
            Colour::Sixteen,
            "{stronger}"
        );
    }

    #[test]
    fn language_and_characters_go_by_the_locale_and_yield_to_flags() {
        let chinese = env(|env| env.locale = Some("zh-CN".into()));
        let latin = Environment {
            not_utf8: true,
            ..chinese.clone()
        };
        let look = |lang, ascii| Look {
            ascii,
            lang,
            ..AUTO
        };
        assert_eq!(view(&AUTO, &chinese).lang, Lang::Zh);
        let english = look(Some(Language::En), false);
        assert_eq!(view(&english, &chinese).lang, Lang::En);
        let seen = view(&AUTO, &latin);
        assert_eq!((seen.lang, seen.ascii), (Lang::En, true));
        assert!(!view(&look(Some(Language::Zh), false), &latin).ascii);
        let both = look(Some(Language::Zh), true);
        assert_eq!(decide(&both, &chinese, true), Err(AsciiChinese));
        assert_eq!(view(&look(None, true), &chinese).lang, Lang::En);
    }

    #[test]
    fn a_narrow_terminal_asks_for_the_plain_form() {
        let wide = |columns| {
            let env = env(|env| (env.is_terminal, env.columns) = (true, Some(columns)));
            decide(&AUTO, &env, true).unwrap()
        };
        assert_eq!(wide(40).1, Some(40));
        let (view, plain) = wide(2000);
        assert_eq!((view.width, plain), (WIDEST, None));
    }
}
