//! The whole screen of the terminal, borrowed: however the program ends, it is given back as it
//! was.

use std::io::{self, Write};
use std::panic;
use std::sync::Once;
use std::sync::atomic::{AtomicBool, Ordering};

use crossterm::cursor::{Hide, MoveTo, Show};
use crossterm::terminal::{
    self, Clear, ClearType, DisableLineWrap, EnableLineWrap, EnterAlternateScreen,
    LeaveAlternateScreen,
};
use crossterm::{execute, queue};

use super::interrupt::EndsProgram;

static BORROWED: AtomicBool = AtomicBool::new(false);

/// The borrowed screen; dropping it gives it back. A signal ends the program, and the terminal is
/// as it was. (The keys of Ctrl-C are read as keys.)
pub(super) struct Screen {
    out: io::Stdout,
    _guard: EndsProgram,
}

impl Screen {
    pub(super) fn borrow() -> io::Result<Self> {
        static HOOK: Once = Once::new();
        HOOK.call_once(|| {
            // Without it, a signal from outside would leave the terminal as it is then.
            #[cfg(unix)]
            let _ = give_back_at_signals();
            let before = panic::take_hook();
            // A panic's message is for the screen that stays.
            panic::set_hook(Box::new(move |panicked| {
                give_back();
                before(panicked);
            }));
        });
        let screen = Self {
            out: io::stdout(),
            _guard: EndsProgram::after(give_back),
        };
        take()?;
        Ok(screen)
    }

    /// Shows these lines and nothing else.
    pub(super) fn show(&self, text: &str) -> io::Result<()> {
        let mut out = self.out.lock();
        // Given back by another thread, it is no longer this one's.
        if !BORROWED.load(Ordering::SeqCst) {
            return Ok(());
        }
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

fn take() -> io::Result<()> {
    let mut out = io::stdout().lock();
    BORROWED.store(true, Ordering::SeqCst);
    terminal::enable_raw_mode()?;
    execute!(out, EnterAlternateScreen, Hide, DisableLineWrap)
}

/// Gives the screen back, if it is borrowed. What fails here has nobody to be told to.
fn give_back() {
    give_back_in(&mut io::stdout().lock());
}

/// Gives it back as who writes to it alone; says whether it was borrowed.
fn give_back_in(out: &mut io::StdoutLock<'_>) -> bool {
    let was_borrowed = BORROWED.swap(false, Ordering::SeqCst);
    if was_borrowed {
        let _ = execute!(out, EnableLineWrap, Show, LeaveAlternateScreen);
        let _ = terminal::disable_raw_mode();
    }
    was_borrowed
}

/// Before a signal ends or stops the program, the screen is given back; when the program goes on,
/// it is borrowed again. (Those signals that Ctrl-C stands for are `interrupt`'s.)
#[cfg(unix)]
fn give_back_at_signals() -> io::Result<()> {
    use signal_hook::consts::{SIGQUIT, SIGTSTP, SIGWINCH};
    use signal_hook::low_level::{emulate_default_handler, raise};

    let mut signals = signal_hook::iterator::Signals::new([SIGQUIT, SIGTSTP])?;
    let each = move || {
        for signal in signals.forever() {
            // Nobody else writes meanwhile.
            let mut out = io::stdout().lock();
            let was_borrowed = give_back_in(&mut out);
            // Here it ends, or is stopped until it may go on.
            let _ = emulate_default_handler(signal);
            if was_borrowed && take().is_ok() {
                // Whoever waits for keys draws anew, as in a window of another size.
                let _ = raise(SIGWINCH);
            }
        }
    };
    std::thread::Builder::new()
        .name("lab-signals".into())
        .spawn(each)?;
    Ok(())
}

/// The guard, in a terminal of its own.
#[cfg(test)]
mod tests {
    use std::env;
    use std::io::Read;

    use portable_pty::{CommandBuilder, PtySize, native_pty_system};

    use super::*;

    /// What goes on in that terminal. The other test starts it, in a process of its own.
    #[test]
    #[ignore = "has to be in a terminal: the other test starts it there"]
    fn somebody_panics() {
        let screen = Screen::borrow().expect("a terminal");
        screen.show("revealed").expect("shown");
        panic!("on purpose");
    }

    #[test]
    fn a_panic_gives_the_screen_back_and_is_read_on_it() {
        let size = PtySize::default();
        let pty = native_pty_system().openpty(size).expect("a terminal");
        #[cfg(unix)]
        let before = pty.master.get_termios();
        let mut command = CommandBuilder::new(env::current_exe().expect("this program"));
        let name = module_path!().split_once("::").expect("a room").1;
        command.args(["--exact", &format!("{name}::somebody_panics")]);
        command.args(["--ignored", "--nocapture"]);
        // The message alone, so that it does not run off the screen.
        command.env("RUST_BACKTRACE", "0");
        let mut child = pty.slave.spawn_command(command).expect("it starts");
        drop(pty.slave);
        let mut all = Vec::new();
        let mut output = pty.master.try_clone_reader().expect("its output");
        // At its end a terminal is an error on some systems.
        let _ = output.read_to_end(&mut all);
        assert!(!child.wait().expect("it ended").success());
        let seen = String::from_utf8_lossy(&all);
        assert!(seen.contains("revealed"), "{seen}");
        let mut terminal = vt100::Parser::default();
        terminal.process(&all);
        let screen = terminal.screen();
        assert!(!screen.alternate_screen() && !screen.hide_cursor());
        assert!(!screen.contents().contains("revealed"), "{seen}");
        assert!(screen.contents().contains("on purpose"), "{seen}");
        #[cfg(unix)]
        assert_eq!(pty.master.get_termios(), before, "lines and echo are back");
    }
}
