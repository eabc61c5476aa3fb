//! Explains a word of the field, or lists them all.

use super::printer::Printer;
use super::speak::say;
use super::{AS_EXPECTED, Exit, USAGE, print};
use crate::cli::{Page, Show};
use crate::lab::error::LabError;
use crate::lab::{self, glossary};
use crate::render;

fn unknown(error: &LabError) -> Exit {
    let zh = format!(
        "{}：这里没有解释这个词；`lab explain` 列出所有的词",
        error.file
    );
    Exit::Failed(USAGE, say(error.to_string(), zh))
}

pub(super) fn explain(words: &[String], page: &Page) -> Result<u8, Exit> {
    let glossary = glossary::catalogue()?;
    // `lab explain time wait` needs no quotes.
    let wanted = words.join(" ");
    let printer = Printer::new(&Show::from(page), true)?;
    let view = &printer.view;
    let found = match glossary.find(&wanted) {
        _ if words.is_empty() => None,
        Ok(word) => Some(word),
        Err(error) => {
            let labs = lab::catalogue()?;
            let Some((number, says)) = glossary::of_a_lab(&labs, &wanted, view.lang) else {
                return Err(unknown(&error));
            };
            print(&render::word_of_a_lab(number, says, printer.plain, view))?;
            return Ok(AS_EXPECTED);
        }
    };
    print(&match found {
        None if printer.plain => render::plain_glossary(&glossary, view),
        None => render::glossary(&glossary, view),
        Some(word) if printer.plain => render::plain_word(word, view),
        Some(word) => render::word(word, view),
    })?;
    Ok(AS_EXPECTED)
}
