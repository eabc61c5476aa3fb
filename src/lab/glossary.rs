//! The words of the field, in both languages, and how to find one: `labs/glossary.json`.

use serde::{Deserialize, Serialize};

use super::Lab;
use super::error::{LabError, nearest};
use super::fault::FileFault;
use super::read;
use super::run_ref::RunRef;
use crate::lang::{Both, Lang};

/// All words, by theme.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Glossary {
    /// The themes, in the order in which they are shown.
    pub themes: Vec<Theme>,
}

/// Words about one thing.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Theme {
    /// What they are about.
    pub title: Both<String>,
    /// The words.
    pub words: Vec<Word>,
}

/// One word.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Word {
    /// English.
    pub en: Entry,
    /// Chinese.
    pub zh: Entry,
    /// Other spellings and names, in either language.
    #[serde(default)]
    pub also: Vec<String>,
    /// Where it is defined: RFCs, manual pages, headers.
    pub sources: Vec<String>,
    /// The runs that show it.
    pub seen_in: Vec<RunRef>,
}

/// A word in one language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The word itself.
    pub term: String,
    /// What it means. `code` and **bold** are marked as in Markdown.
    pub says: String,
}

impl Word {
    /// The word in this language.
    pub fn entry(&self, lang: Lang) -> &Entry {
        lang.choose(&self.en, &self.zh)
    }

    /// Everything by which it can be found, as people write it.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        [&self.en.term, &self.zh.term]
            .into_iter()
            .chain(&self.also)
            .map(String::as_str)
    }
}

impl Glossary {
    /// Every word, in the order in which they are shown.
    pub fn iter(&self) -> impl Iterator<Item = &Word> {
        self.themes.iter().flat_map(|theme| &theme.words)
    }

    /// The word of this name, in either language.
    ///
    /// # Errors
    /// If there is none: names the nearest.
    pub fn find(&self, wanted: &str) -> Result<&Word, LabError> {
        let key = key(wanted);
        if let Some(word) = self
            .iter()
            .find(|word| word.names().any(|name| self::key(name) == key))
        {
            return Ok(word);
        }
        let names: Vec<(String, &str)> = self
            .iter()
            .flat_map(Word::names)
            .map(|name| (self::key(name), name))
            .collect();
        let near = nearest(&key, names.iter().map(|(key, _)| key.as_str()))
            .and_then(|near| names.iter().find(|(key, _)| key == near));
        let shown: String = wanted.chars().take(60).collect();
        let file = format!("`{}`", shown.escape_debug());
        let near = near.map(|(_, name)| name.to_string());
        Err(LabError::new(file, FileFault::NoSuchWord(near)))
    }
}

/// A word that a lab explains at its end, and the glossary does not have: the lab's number and what
/// it says, in this language if the word is known in it.
pub fn of_a_lab<'a>(labs: &'a [Lab], wanted: &str, lang: Lang) -> Option<(u32, &'a str)> {
    let wanted = key(wanted);
    let found = |lang: Lang| {
        labs.iter().find_map(|lab| {
            let text = lab.texts.get(lang)?;
            let says = text.words.iter().find(|says| is_named(says, &wanted))?;
            Some((lab.number?, says.as_str()))
        })
    };
    found(lang).or_else(|| found(lang.other()))
}

/// Whether a paragraph such as «**echo** (回显) — …» is about the word of this key.
fn is_named(says: &str, wanted: &str) -> bool {
    let head = says.split(" — ").next().unwrap_or_default();
    let mut names = head.split(['(', ')', '（', '）', ',', '，', '、']);
    !wanted.is_empty() && names.any(|name| key(name) == wanted)
}

/// What two spellings of a word have in common: `TIME_WAIT`, `time-wait` and `Time Wait` are one.
pub fn key(name: &str) -> String {
    name.chars()
        .filter(|c| c.is_alphanumeric() || *c == '<' || *c == '>')
        .flat_map(char::to_lowercase)
        .collect()
}

/// The glossary of the catalogue.
///
/// # Errors
/// None for the catalogue as it is built in: a test reads it.
pub fn catalogue() -> Result<Glossary, LabError> {
    let source = super::shared("glossary.json")?;
    parse(&source.name, &source.text)
}

/// Parses the text of a glossary. `file` is its name in errors.
///
/// # Errors
/// Says what is wrong, with line and column, and the nearest valid word for an unknown key.
pub fn parse(file: &str, text: &str) -> Result<Glossary, LabError> {
    read::json(file, text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn glossary() -> Glossary {
        let text = r#"{ "themes": [ { "title": { "en": "t", "zh": "题" }, "words": [
            { "en": { "term": "TIME_WAIT", "says": "x" }, "zh": { "term": "TIME_WAIT 状态", "says": "x" },
              "also": ["2MSL"], "sources": ["RFC 9293"], "seen_in": [] },
            { "en": { "term": "sticking", "says": "x" }, "zh": { "term": "粘包", "says": "x" },
              "sources": ["RFC 9293"], "seen_in": [ { "lab": 1, "run": "race" } ] } ] } ] }"#;
        parse("glossary.json", text).unwrap()
    }

    #[test]
    fn a_word_is_found_by_any_spelling_in_either_language() {
        let glossary = glossary();
        let wanted = "TIME_WAIT,time wait,Time-Wait,timewait,2msl,time_wait状态";
        for wanted in wanted.split(',') {
            let found = glossary.find(wanted).unwrap();
            assert_eq!(found.en.term, "TIME_WAIT", "{wanted}");
        }
        assert_eq!(glossary.find("粘包").unwrap().en.term, "sticking");
    }

    #[test]
    fn a_typo_gets_the_nearest_word() {
        let glossary = glossary();
        let error = |wanted| glossary.find(wanted).unwrap_err().to_string();
        assert_eq!(
            error("Time_Wiat"),
            "`Time_Wiat`: this word is not explained here; did you mean `lab explain TIME_WAIT`?"
        );
        assert!(error("stiking").contains("`lab explain sticking`"));
        assert!(error("xyzzy").contains("`lab explain` lists the words"));
        assert!(error("").contains("`lab explain` lists the words"));
    }

    #[test]
    fn an_unknown_key_has_its_place() {
        let text = "{ \"themes\": [\n  { \"titel\": 1 } ] }";
        assert_eq!(
            parse("glossary.json", text).unwrap_err().to_string(),
            "glossary.json:2:5: unknown field `titel`; did you mean `title`?"
        );
    }
}
