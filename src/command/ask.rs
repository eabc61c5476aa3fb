//! Asks a person a line, if there is one to be asked. Nothing ever waits for an answer in a pipe.

use std::io::{self, IsTerminal, Write};
use std::process;
use std::sync::atomic::{AtomicBool, Ordering};

use super::speak::say;
use super::{Exit, INTERRUPTED, print, runner};

/// Whether a question is open. The terminal is as it always is meanwhile, so there is nothing to
/// put right when the program ends here.
static ASKING: AtomicBool = AtomicBool::new(false);

/// Whether somebody is there to answer.
pub(super) fn is_interactive() -> bool {
    io::stdin().is_terminal() && io::stdout().is_terminal()
}

/// The line that was typed; nothing at the end of the input.
pub(super) fn line(prompt: &str) -> Result<Option<String>, Exit> {
    runner::handle_ctrl_c();
    // The question is open before it can be read, so Ctrl-C never falls between the two.
    ASKING.store(true, Ordering::SeqCst);
    if runner::was_interrupted() {
        interrupted();
    }
    print(prompt)?;
    let mut typed = String::new();
    let read = io::stdin().read_line(&mut typed);
    ASKING.store(false, Ordering::SeqCst);
    match read {
        Ok(0) => {
            // The cursor stands behind the prompt.
            print("\n")?;
            Ok(None)
        }
        Ok(_) => Ok(Some(typed.trim().into())),
        // What is no text is asked for again.
        Err(error) if error.kind() == io::ErrorKind::InvalidData => Ok(Some(String::new())),
        Err(error) => Err(Exit::Failed(
            super::COULD_NOT_RUN,
            say(
                format!("cannot read the answer: {error}"),
                format!("读不到回答：{error}"),
            ),
        )),
    }
}

/// Ctrl-C at a prompt ends the program: the read that waits there would not notice.
pub(super) fn interrupted() {
    if ASKING.load(Ordering::SeqCst) {
        let _ = writeln!(io::stdout());
        process::exit(INTERRUPTED.into());
    }
}
