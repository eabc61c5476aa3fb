//! What is said on standard output, and what is wrong on standard error.

use std::io::{self, BufWriter, Write};

use super::exit::Exit;
use crate::line_break;
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
    warn_line(&format!("lab: {message}"));
}

/// The same of what stands on several lines.
pub(super) fn warn_lines(text: &str) {
    text.lines().for_each(warn_line);
}

fn warn_line(line: &str) {
    let line = render::harmless(line);
    let terminal = terminal_size::terminal_size_of(io::stderr());
    let _ = match terminal {
        Some((columns, _)) => writeln!(io::stderr(), "{}", wrapped(&line, columns.0.into())),
        None => writeln!(io::stderr(), "{line}"),
    };
}

/// With no word broken, and none that is longer than a line.
fn wrapped(line: &str, columns: usize) -> String {
    let text = line.trim_start();
    let indent = &line[..line.len() - text.len()];
    let options = line_break::options(columns)
        .initial_indent(indent)
        .subsequent_indent(indent)
        .break_words(false);
    textwrap::fill(text, options)
}

#[cfg(test)]
mod tests {
    use super::wrapped;

    #[test]
    fn a_message_ends_its_lines_between_words_by_the_rules_of_their_script() {
        let path = "/a/path/that/is/longer/than/the/line.json";
        let cases = [
            (
                "lab: no lab `x`; `lab` lists",
                "lab: no lab\n`x`; `lab`\nlists",
            ),
            ("lab: 没有终端，用不了它。", "lab: 没有终\n端，用不了\n它。"),
            ("  a b c d e f g h", "  a b c d e\n  f g h"),
            (path, path),
            ("", ""),
        ];
        for (text, expected) in cases {
            assert_eq!(wrapped(text, 12), expected);
            assert_eq!(wrapped(text, 200), text);
        }
    }
}
