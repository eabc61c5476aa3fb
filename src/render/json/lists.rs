//! Labs, beliefs and words as lines: what `lab list`, `lab myths` and `lab explain` show.

use serde::Serialize;

use super::written;
use crate::event::{SCHEMA, Texts};
use crate::lab::Lab;
use crate::lab::glossary::{Entry, Word};
use crate::lab::myth::{self, Myth, Truth};
use crate::lab::run_ref::RunRef;
use crate::lang::Lang;
use crate::report::Outcome;

/// A line of a list. What is said in both languages stands in both.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum Line<'a> {
    Lab {
        schema: u32,
        lab: Option<u32>,
        slug: &'a str,
        title: &'a str,
        runs: Vec<&'a str>,
        texts: &'a Texts,
    },
    Myth {
        schema: u32,
        number: u32,
        verdict: Truth,
        proof: &'a RunRef,
        en: &'a myth::Words,
        zh: &'a myth::Words,
        #[serde(skip_serializing_if = "Option::is_none")]
        outcome: Option<Outcome>,
    },
    Word {
        schema: u32,
        en: &'a Entry,
        zh: &'a Entry,
        also: &'a [String],
        sources: &'a [String],
        seen_in: &'a [RunRef],
    },
    /// A word that only one lab needs, as that lab explains it.
    Explained {
        schema: u32,
        word: &'a str,
        lab: u32,
        says: &'a str,
    },
}

/// A lab of the catalogue; no run of it was done.
pub fn lab(lab: &Lab, lang: Lang) -> String {
    let text = lab.texts.get(lang);
    written(&Line::Lab {
        schema: SCHEMA,
        lab: lab.number,
        slug: &lab.slug,
        title: text.map_or(&lab.slug, |text| &text.title),
        runs: lab.file.runs.iter().map(|run| run.name.as_str()).collect(),
        texts: &lab.texts,
    })
}

/// A belief; how its proof came out, if it was run.
pub fn myth(myth: &Myth, outcome: Option<Outcome>) -> String {
    written(&Line::Myth {
        schema: SCHEMA,
        number: myth.number,
        verdict: myth.verdict,
        proof: &myth.proof,
        en: &myth.en,
        zh: &myth.zh,
        outcome,
    })
}

/// A word of the field.
pub fn word(word: &Word) -> String {
    written(&Line::Word {
        schema: SCHEMA,
        en: &word.en,
        zh: &word.zh,
        also: &word.also,
        sources: &word.sources,
        seen_in: &word.seen_in,
    })
}

/// A word that only this lab explains.
pub fn word_of_a_lab(lab: u32, word: &str, says: &str) -> String {
    written(&Line::Explained {
        schema: SCHEMA,
        word,
        lab,
        says,
    })
}
