//! Explains a word of the field, or lists them all.

use sticky_lab::cli::{Page, Show};
use sticky_lab::lab::error::LabError;
use sticky_lab::lab::glossary;
use sticky_lab::render;

use super::printer::Printer;
use super::speak::say;
use super::{AS_EXPECTED, Stop, USAGE, print};

fn unknown(error: &LabError) -> Stop {
    let zh = format!(
        "{}：这里没有解释这个词；`lab explain` 列出所有的词",
        error.file
    );
    Stop::Failed(USAGE, say(error.to_string(), zh))
}

pub(super) fn explain(words: &[String], page: &Page) -> Result<u8, Stop> {
    let glossary = glossary::catalogue()?;
    // `lab explain time wait` needs no quotes.
    let wanted = words.join(" ");
    let found = if words.is_empty() {
        None
    } else {
        Some(glossary.find(&wanted).map_err(|error| unknown(&error))?)
    };
    let printer = Printer::new(&Show::from(page), true)?;
    let view = &printer.view;
    print(&match found {
        None if printer.plain => render::plain_glossary(&glossary, view),
        None => render::glossary(&glossary, view),
        Some(word) if printer.plain => render::plain_word(word, view),
        Some(word) => render::word(word, view),
    })?;
    Ok(AS_EXPECTED)
}
