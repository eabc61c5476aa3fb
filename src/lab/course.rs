//! The course: runs in an order that builds, with a line that explains each and a question that
//! carries it further. It stands in `labs/course.json`.

use serde::Deserialize;

use super::error::LabError;
use super::read;
use super::run_ref::RunRef;
use crate::lang::Lang;

/// The course.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Course {
    /// Its stations, in their order.
    pub stations: Vec<Station>,
}

/// One run to predict, to watch and to think about.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Station {
    /// The run.
    pub at: RunRef,
    /// Which of the choices is right, from 0; the same in both languages.
    pub right: usize,
    /// Its words in English.
    pub en: Words,
    /// Its words in Chinese.
    pub zh: Words,
}

/// A station in one language. Inside a field `code` and **bold** are marked as in Markdown.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    /// What was to be seen in the run, in a line.
    pub explain: String,
    /// A question about another program.
    pub question: String,
    /// What to choose from.
    pub choices: Vec<Choice>,
}

/// An answer to choose.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// The answer.
    pub says: String,
    /// Why it is right, or wrong.
    pub because: String,
}

impl Station {
    /// Its words in this language.
    pub fn says(&self, lang: Lang) -> &Words {
        lang.choose(&self.en, &self.zh)
    }
}

/// The course of the catalogue.
///
/// # Errors
/// None for the course as it is built in: a test reads it.
pub fn course() -> Result<Course, LabError> {
    let source = super::shared("course.json")?;
    read::json(&source.name, &source.text)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_station_leads_to_a_run_and_has_a_right_answer_in_both_languages() {
        let course = course().expect("the course");
        let mut seen = HashSet::new();
        for station in &course.stations {
            let lab = station.at.lab().expect("a lab");
            let run = lab.file.runs.iter().find(|run| run.name == station.at.run);
            assert!(run.is_some(), "{}", station.at);
            assert!(seen.insert(&station.at), "{} stands twice", station.at);
            let (en, zh) = (&station.en.choices, &station.zh.choices);
            assert!(en.len() >= 2 && en.len() == zh.len(), "{}", station.at);
            assert!(station.right < en.len(), "{}", station.at);
        }
    }
}
