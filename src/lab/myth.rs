//! Beliefs about TCP and UDP, what is to be thought of each, and the run that decides it.
//!
//! They stand in `labs/myths.json`. A verdict is never taken on trust: each belief carries claims
//! of its own about its run, written like a lab's `expect` and held against the run's report.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use super::error::LabError;
use super::fault::MythFault;
use super::glossary::key;
use super::locator::PathSegment::{Index, Key};
use super::read;
use super::run_ref::RunRef;
use crate::event::Claims;
use crate::lang::{Both, Lang};

/// All beliefs, by theme.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Myths {
    /// The themes, in the order in which they are shown.
    pub themes: Vec<Theme>,
}

/// Beliefs about one thing.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Theme {
    /// What they are about.
    pub title: Both<String>,
    /// The beliefs.
    pub myths: Vec<Myth>,
}

/// One belief.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Myth {
    /// Its number, which stays: handouts name it.
    pub number: u32,
    /// What is to be thought of it.
    pub verdict: Truth,
    /// The run that decides it.
    pub proof: RunRef,
    /// What decides it: claims about that run, besides the run's own.
    pub expect: Claims,
    /// Its words in English.
    pub en: Words,
    /// Its words in Chinese.
    pub zh: Words,
}

/// What is to be thought of a belief.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Truth {
    /// The run shows the opposite.
    False,
    /// It holds for one part of what it says.
    HalfTrue,
    /// The run shows it.
    TrueHere,
}

/// A belief in one language. Inside a field `code` and **bold** are marked as in Markdown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    /// The belief, as people say it.
    pub belief: String,
    /// The reason for the verdict.
    pub reason: String,
    /// Where in the picture of the run the proof is to be seen.
    pub shows: String,
}

impl Myth {
    /// Its words in this language.
    pub fn says(&self, lang: Lang) -> &Words {
        lang.choose(&self.en, &self.zh)
    }
}

impl Myths {
    /// Every belief, in the order in which they are shown.
    pub fn iter(&self) -> impl Iterator<Item = &Myth> {
        self.themes.iter().flat_map(|theme| &theme.myths)
    }

    /// Every belief, by its number.
    pub fn in_order(&self) -> Vec<&Myth> {
        let mut all: Vec<&Myth> = self.iter().collect();
        all.sort_by_key(|myth| myth.number);
        all
    }

    /// The belief of this number.
    pub fn find(&self, number: u32) -> Option<&Myth> {
        self.iter().find(|myth| myth.number == number)
    }

    /// The numbers of those whose belief has this word in it, in either language.
    pub fn speaking_of(&self, word: &str) -> Vec<u32> {
        let wanted = key(word);
        let speaks = |myth: &&Myth| {
            let mut beliefs = [&myth.en.belief, &myth.zh.belief].into_iter();
            !wanted.is_empty() && beliefs.any(|belief| key(belief).contains(&wanted))
        };
        self.iter().filter(speaks).map(|myth| myth.number).collect()
    }
}

/// The beliefs of the catalogue.
///
/// # Errors
/// None for the catalogue as it is built in: a test reads it.
pub fn catalogue() -> Result<Myths, LabError> {
    let source = super::shared("myths.json")?;
    parse(&source.name, &source.text)
}

/// Parses the text of a file of beliefs. `file` is its name in errors.
///
/// # Errors
/// Says what is wrong, with line and column: an unknown word, two beliefs of the same number, or
/// a belief that nothing decides.
pub fn parse(file: &str, text: &str) -> Result<Myths, LabError> {
    let myths: Myths = read::json(file, text)?;
    let mut numbers = HashSet::new();
    for (t, theme) in myths.themes.iter().enumerate() {
        for (m, myth) in theme.myths.iter().enumerate() {
            let wrong = |key, what| {
                let path = [Key("themes"), Index(t), Key("myths"), Index(m), Key(key)];
                LabError::new(file, what).at(read::locate(text, &path))
            };
            if !numbers.insert(myth.number) {
                return Err(wrong("number", MythFault::Twice(myth.number)));
            }
            if myth.expect.is_empty() {
                return Err(wrong("expect", MythFault::ClaimsNothing));
            }
        }
    }
    Ok(myths)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(myths: &[&str]) -> String {
        let title = r#"{ "en": "t", "zh": "题" }"#;
        let myths = myths.join(",\n");
        format!("{{ \"themes\": [{{ \"title\": {title}, \"myths\": [\n{myths}] }}] }}")
    }

    fn myth(number: u32, expect: &str) -> String {
        let words = r#"{ "belief": "b", "reason": "r", "shows": "s" }"#;
        format!(
            r#"{{ "number": {number}, "verdict": "half-true", "proof": {{ "lab": 1, "run": "race" }}, "expect": {expect}, "en": {words}, "zh": {words} }}"#
        )
    }

    fn error(text: &str) -> String {
        parse("myths.json", text).unwrap_err().to_string()
    }

    #[test]
    fn a_belief_is_found_by_its_number() {
        let [one, other] = [7, 3].map(|number| myth(number, r#"{ "writes": 2 }"#));
        let myths = parse("myths.json", &file(&[&one, &other])).unwrap();
        assert_eq!(myths.find(3).map(|myth| myth.number), Some(3));
        assert_eq!(myths.find(4), None);
        let order: Vec<u32> = myths.iter().map(|myth| myth.number).collect();
        assert_eq!(order, [7, 3], "as they stand");
    }

    #[test]
    fn what_is_wrong_has_its_place() {
        let good = myth(1, r#"{ "writes": 2 }"#);
        let of = |myths: &[&str]| error(&file(myths));
        let field = "unknown field `raeson`; did you mean `reason`?";
        let said = of(&[&good.replace("\"reason\"", "\"raeson\"")]);
        assert_eq!(said, format!("myths.json:2:128: {field}"));
        let field = "unknown field `wirtes`; did you mean `writes`?";
        let said = of(&[&myth(1, r#"{ "wirtes": 2 }"#)]);
        assert_eq!(said, format!("myths.json:2:90: {field}"));
        assert!(of(&[&good.replace("half-true", "maybe")]).contains("unknown word"));
        let twice = of(&[&good, &good]);
        assert_eq!(twice, "myths.json:3:13: there are two myths 1");
        let nothing = "nothing is claimed of the run, so it cannot decide anything";
        assert_eq!(of(&[&myth(1, "{}")]), format!("myths.json:2:88: {nothing}"));
        assert!(error("{}").contains("missing field `themes`"));
    }
}
