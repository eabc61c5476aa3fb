//! What is said on standard output, and what is wrong on standard error.

use std::io::{self, BufWriter, Write};

use super::exit::Exit;
use crate::render;

pub(super) fn print(text: &str) -> Result<(), Exit> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    Ok(out.flush()?)
}

/// Prints what is too long to be held all at once.
pub(super) fn print_each(texts: impl Iterator<Item = String>) -> Result<(), Exit> {
    let mut out = BufWriter::with_capacity(1 << 16, io::stdout().lock());
    for text in texts {
        out.write_all(text.as_bytes())?;
    }
    Ok(out.flush()?)
}

/// Says what is wrong, on standard error. Words from a file or the command line may be in it, so
/// nothing that a terminal obeys gets through. Where nobody listens there is nobody to tell.
pub(super) fn warn(message: &str) {
    let _ = writeln!(io::stderr(), "lab: {}", render::harmless(message));
}
