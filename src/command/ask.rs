//! Asks a person a line, if there is one to be asked. Nothing ever waits for an answer in a pipe.

use std::io::{self, IsTerminal, Write};

use super::interrupt::EndsProgram;
use super::{Exit, lang, print, warn};
use crate::lang::Lang;
use crate::words::{command as words, learn};

/// Whether somebody is there to answer.
pub(super) fn is_interactive() -> bool {
    io::stdin().is_terminal() && io::stdout().is_terminal()
}

/// The line that was typed. At the end of the input, and at the word `q`, the person has left.
pub(super) fn line(prompt: &str) -> Result<String, Exit> {
    // The terminal is as it always is meanwhile: there is nothing to put right but the line.
    let open = EndsProgram::after(|| {
        let _ = writeln!(io::stdout());
    });
    print(prompt)?;
    let mut typed = String::new();
    let read = io::stdin().read_line(&mut typed);
    drop(open);
    match read {
        Ok(0) => {
            // The cursor stands behind the prompt.
            print("\n")?;
            Err(Exit::Quit)
        }
        Ok(_) if typed.trim() == "q" => Err(Exit::Quit),
        Ok(_) => Ok(typed.trim().into()),
        // What is no text is asked for again.
        Err(error) if error.kind() == io::ErrorKind::InvalidData => Ok(String::new()),
        Err(error) => Err(Exit::could_not_run(words::cannot_read_answer(
            lang(),
            &error,
        ))),
    }
}

/// Waits until the person goes on, or leaves.
pub(super) fn go_on(lang: Lang) -> Result<(), Exit> {
    loop {
        let typed = line(learn::next(lang))?;
        if typed.is_empty() {
            return Ok(());
        }
        warn(&learn::no_answer_now(lang, &typed));
    }
}
