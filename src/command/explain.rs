//! Explains a word of the field, or lists them all.

use super::printer::{Printer, print_page};
use super::{Exit, Status, lang};
use crate::cli::Page;
use crate::lab::{self, glossary};
use crate::render;
use crate::words::command as words;

pub(super) fn explain(words: &[String], page: &Page) -> Result<Status, Exit> {
    let glossary = glossary::catalogue()?;
    // `lab explain time wait` needs no quotes.
    let wanted = words.join(" ");
    let printer = Printer::of_page(page)?;
    let view = &printer.view;
    let found = match glossary.find(&wanted) {
        _ if words.is_empty() => None,
        Ok(word) => Some(word),
        Err(error) => {
            let labs = lab::catalogue()?;
            let Some((number, says)) = glossary::of_a_lab(&labs, &wanted, view.lang) else {
                return Err(Exit::usage(words::no_such_word(lang(), &error)));
            };
            print_page(render::word_of_a_lab(number, says, view))?;
            return Ok(Status::AsExpected);
        }
    };
    print_page(match found {
        None => render::glossary(&glossary, view),
        Some(word) => render::word(word, view),
    })?;
    Ok(Status::AsExpected)
}
