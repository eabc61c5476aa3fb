//! The texts of a lab, as a trace carries them.

use serde::{Deserialize, Serialize};

use crate::lang::Lang;

/// A lab's texts in each language that it has.
#[serde_with::skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Texts {
    /// English.
    pub en: Option<Text>,
    /// Chinese.
    pub zh: Option<Text>,
}

impl Texts {
    /// The text in this language, or in the other one if there is none.
    pub fn get(&self, lang: Lang) -> Option<&Text> {
        let of = |lang: Lang| lang.choose(&self.en, &self.zh).as_ref();
        of(lang).or(of(lang.other()))
    }
}

/// One lab's text in one language. Inside a field `code` and **bold** are marked as in Markdown.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Text {
    /// The title, without the number.
    pub title: String,
    /// The question that the lab answers.
    pub question: String,
    /// What to look at.
    pub look: Vec<String>,
    /// One sentence a run, by its name.
    pub runs: Vec<(String, String)>,
    /// Why it happens, in a sentence.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub short: String,
    /// Why it happens.
    pub why: Vec<String>,
    /// What to try next.
    pub next: Vec<String>,
    /// The words for it.
    pub words: Vec<String>,
}

impl Text {
    /// The first comparison of runs that it proposes, as a command.
    #[must_use]
    pub fn comparison(&self) -> Option<&str> {
        let paragraphs = self.next.iter();
        let mut code = paragraphs.flat_map(|text| text.split('`').skip(1).step_by(2));
        code.find(|code| code.starts_with("lab compare "))
    }

    /// The sentence about this run.
    pub fn run(&self, name: &str) -> Option<&str> {
        self.runs
            .iter()
            .find(|(run, _)| run == name)
            .map(|(_, sentence)| sentence.as_str())
    }
}
