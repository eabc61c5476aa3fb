//! Explains a word of the field, or lists them all.

use super::printer::Printer;
use super::{Exit, Status};
use crate::cli::Show;
use crate::lab::{self, glossary};
use crate::render;

pub(super) fn explain(words: &[String], show: &Show) -> Result<Status, Exit> {
    let glossary = glossary::catalogue()?;
    // `lab explain time wait` needs no quotes.
    let wanted = words.join(" ");
    let printer = Printer::new(show, true)?;
    let view = &printer.view;
    let found = match glossary.find(&wanted) {
        _ if words.is_empty() => None,
        Ok(word) => Some(word),
        Err(error) => {
            let labs = lab::catalogue()?;
            let Some((number, says)) = glossary::of_a_lab(&labs, &wanted, view.lang) else {
                return Err(error.into());
            };
            printer.either(
                || render::json::word_of_a_lab(number, &wanted, says),
                |view| render::word_of_a_lab(number, says, view),
            )?;
            return Ok(Status::AsExpected);
        }
    };
    match found {
        None => printer.each(glossary.iter(), render::json::word, |view| {
            render::glossary(&glossary, view)
        })?,
        Some(word) => {
            printer.either(|| render::json::word(word), |view| render::word(word, view))?;
        }
    }
    Ok(Status::AsExpected)
}
