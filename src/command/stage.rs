//! The whole screen of the terminal, borrowed: however the program ends, it is given back as it
//! was.

use std::io::{self, Write};
use std::panic;
use std::process;
use std::sync::Once;
use std::sync::atomic::{AtomicBool, Ordering};

use crossterm::cursor::{Hide, MoveTo, Show};
use crossterm::terminal::{
    self, Clear, ClearType, DisableLineWrap, EnableLineWrap, EnterAlternateScreen,
    LeaveAlternateScreen,
};
use crossterm::{execute, queue};

static BORROWED: AtomicBool = AtomicBool::new(false);

/// The borrowed screen; dropping it gives it back.
pub(super) struct Screen {
    out: io::Stdout,
}

impl Screen {
    pub(super) fn borrow() -> io::Result<Self> {
        static HOOK: Once = Once::new();
        HOOK.call_once(|| {
            let before = panic::take_hook();
            // A panic's message is for the screen that stays.
            panic::set_hook(Box::new(move |panicked| {
                give_back();
                before(panicked);
            }));
        });
        BORROWED.store(true, Ordering::SeqCst);
        let screen = Self { out: io::stdout() };
        terminal::enable_raw_mode()?;
        execute!(io::stdout(), EnterAlternateScreen, Hide, DisableLineWrap)?;
        Ok(screen)
    }

    /// Shows these lines and nothing else.
    pub(super) fn show(&self, text: &str) -> io::Result<()> {
        let mut out = self.out.lock();
        for (row, line) in (0..).zip(text.lines()) {
            // Cleared first: behind a full line the cursor still stands on its last character.
            queue!(out, MoveTo(0, row), Clear(ClearType::CurrentLine))?;
            out.write_all(line.as_bytes())?;
        }
        out.flush()
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        give_back();
    }
}

/// Gives the screen back, if it is borrowed. What fails here has nobody to be told to.
pub(super) fn give_back() -> bool {
    let borrowed = BORROWED.swap(false, Ordering::SeqCst);
    if borrowed {
        let _ = execute!(io::stdout(), EnableLineWrap, Show, LeaveAlternateScreen);
        let _ = terminal::disable_raw_mode();
    }
    borrowed
}

/// A signal ends the program, and the terminal is as it was. (The keys of Ctrl-C are read as keys.)
pub(super) fn interrupted() {
    if give_back() {
        process::exit(super::INTERRUPTED.into());
    }
}
