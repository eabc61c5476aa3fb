//! How far something is that takes long: one line on standard error, written over until it is
//! taken away. Where nobody watches, nothing is drawn.

use std::io;
use std::time::{Duration, Instant};

use crossterm::cursor::MoveToColumn;
use crossterm::execute;
use crossterm::style::Print;
use crossterm::terminal::{Clear, ClearType};
use terminal_size::terminal_size_of;
use unicode_width::UnicodeWidthChar;

/// Faster than this nobody reads.
const PAUSE: Duration = Duration::from_millis(50);

/// The line; dropping it takes it away.
pub(super) struct Meter {
    begun: Instant,
    after: Duration,
    drawn: Option<Instant>,
}

impl Meter {
    /// What is over before this time has passed needs no line.
    pub(super) fn after(after: Duration) -> Self {
        Self {
            begun: Instant::now(),
            after,
            drawn: None,
        }
    }

    /// Shows this line in place of the one before, unless that has only just been drawn.
    pub(super) fn show(&mut self, line: impl FnOnce() -> String) {
        if self.begun.elapsed() < self.after || self.drawn.is_some_and(|at| at.elapsed() < PAUSE) {
            return;
        }
        let Some((width, _)) = terminal_size_of(io::stderr()) else {
            return;
        };
        self.drawn = Some(Instant::now());
        // What fails here is not missed.
        let _ = execute!(
            io::stderr(),
            MoveToColumn(0),
            Print(cut(&line(), width.0.into())),
            Clear(ClearType::UntilNewLine)
        );
    }
}

/// As much of a line as leaves the cursor on it.
fn cut(line: &str, width: usize) -> &str {
    let mut used = 0;
    let fits = line.char_indices().find(|(_, c)| {
        used += c.width().unwrap_or(0);
        used >= width
    });
    fits.map_or(line, |(end, _)| &line[..end])
}

impl Drop for Meter {
    fn drop(&mut self) {
        if self.drawn.is_some() {
            let _ = execute!(
                io::stderr(),
                MoveToColumn(0),
                Clear(ClearType::UntilNewLine)
            );
        }
    }
}

/// A bar that is full when all is done.
pub(super) fn bar(done: u64, all: u64) -> String {
    const WIDTH: u64 = 30;
    let full = done
        .min(all)
        .saturating_mul(WIDTH)
        .checked_div(all)
        .unwrap_or(WIDTH);
    let full = usize::try_from(full).unwrap_or(0);
    let rest = usize::try_from(WIDTH).unwrap_or(0) - full;
    format!("[{}{}]", "#".repeat(full), " ".repeat(rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_is_as_full_as_what_is_done() {
        assert_eq!(bar(0, 3), format!("[{}]", " ".repeat(30)));
        assert_eq!(bar(1, 3), format!("[{}{}]", "#".repeat(10), " ".repeat(20)));
        let full = format!("[{}]", "#".repeat(30));
        for (done, all) in [(3, 3), (4, 3), (0, 0)] {
            assert_eq!(bar(done, all), full, "{done} of {all}");
        }
    }

    #[test]
    fn a_line_is_cut_before_the_last_column() {
        assert_eq!(cut("abc", 4), "abc");
        assert_eq!(cut("abcd", 4), "abc");
        assert_eq!(cut("粘包", 4), "粘");
        assert_eq!(cut("粘包", 5), "粘包");
        assert_eq!(cut("a", 0), "");
    }
}
