//! The languages that the program speaks.

use serde::{Deserialize, Serialize};

/// A language that the program speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lang {
    /// English.
    En,
    /// Chinese, simplified characters.
    Zh,
}

impl Lang {
    /// Of a thing in each language the one in this language.
    pub fn choose<T>(self, en: T, zh: T) -> T {
        match self {
            Self::En => en,
            Self::Zh => zh,
        }
    }

    /// The other one.
    #[must_use]
    pub fn other(self) -> Self {
        self.choose(Self::Zh, Self::En)
    }
}

/// What is said in both languages, always.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Both<T> {
    /// English.
    pub en: T,
    /// Chinese.
    pub zh: T,
}

impl<T> Both<T> {
    /// In this language.
    pub fn get(&self, lang: Lang) -> &T {
        lang.choose(&self.en, &self.zh)
    }
}
