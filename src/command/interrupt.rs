//! Ctrl-C: it ends the run under way with a last word, or the program, where it waits for a person.

use std::process;
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, Once, PoisonError};

use super::exit::Status;
use crate::run::Interrupt;

static PRESSED: LazyLock<Arc<Interrupt>> = LazyLock::new(Arc::default);

/// What puts the terminal right, while Ctrl-C ends the program at once.
static AT_ONCE: Mutex<Option<fn()>> = Mutex::new(None);

/// Lets Ctrl-C end what is going on with a last word. Without a handler it still ends the program.
pub(super) fn handle_ctrl_c() {
    static HANDLED: Once = Once::new();
    HANDLED.call_once(|| {
        let _ = ctrlc::set_handler(|| {
            end_at_once(&at_once());
            PRESSED.press();
        });
    });
}

/// A write beyond the largest file that is allowed fails, and that can be said; without a handler
/// its signal would end the program in the middle of a line.
pub(super) fn let_writes_fail() {
    // Where it cannot be handled, it is as it always was.
    #[cfg(unix)]
    let _ = signal_hook::flag::register(libc::SIGXFSZ, Arc::default());
}

pub(super) fn was_pressed() -> bool {
    PRESSED.is_pressed()
}

/// Where Ctrl-C is read as a key.
pub(super) fn press() {
    PRESSED.press();
}

/// What a runner listens to.
pub(super) fn interrupt() -> Arc<Interrupt> {
    PRESSED.clone()
}

/// While it lives, Ctrl-C ends the program: what waits for a person would not notice it.
pub(super) struct EndsProgram(());

impl EndsProgram {
    /// From here on Ctrl-C puts the terminal right in this way, and ends the program. If it was
    /// pressed already, this is the end: it never falls between the two.
    pub(super) fn after(put_right: fn()) -> Self {
        handle_ctrl_c();
        let mut at_once = at_once();
        *at_once = Some(put_right);
        if was_pressed() {
            end_at_once(&at_once);
        }
        Self(())
    }
}

impl Drop for EndsProgram {
    fn drop(&mut self) {
        *at_once() = None;
    }
}

fn at_once() -> MutexGuard<'static, Option<fn()>> {
    AT_ONCE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Nobody else gets at the terminal meanwhile: whoever wants to leave this state waits for the lock.
fn end_at_once(at_once: &MutexGuard<'_, Option<fn()>>) {
    if let Some(put_right) = **at_once {
        put_right();
        process::exit(Status::Interrupted as i32);
    }
}
