//! Words broken into lines: by the rules of each script, measured by display columns.

use textwrap::{Options, WordSeparator, WordSplitter, WrapAlgorithm};

use super::paint::{Ink, Line, columns};

/// Breaks a text into lines of at most this width.
pub(super) fn text(text: &str, width: usize, ink: Ink) -> Vec<Line> {
    let filled = filled(text, width);
    filled.split('\n').map(|line| Line::of(line, ink)).collect()
}

/// Breaks a text that has `code` and **bold** in it, the marks taken away.
pub(super) fn marked(source: &str, width: usize) -> Vec<Line> {
    // In a terminal everything is code, so those marks only go.
    toggled(
        &source.replace('`', "").replace("**", MARK),
        width,
        [Ink::Plain, Ink::Strong],
    )
}

/// Breaks a sentence whose verdict, up to the first colon, is in this ink.
pub(super) fn headed(sentence: &str, width: usize, ink: Ink) -> Vec<Line> {
    let end = sentence.find([':', '：']).unwrap_or(sentence.len());
    toggled(
        &format!("{}{MARK}{}", &sentence[..end], &sentence[end..]),
        width,
        [ink, Ink::Plain],
    )
}

/// What changes the ink; wrapping takes it for nothing.
const MARK: &str = "\u{2}";

fn toggled(text: &str, width: usize, inks: [Ink; 2]) -> Vec<Line> {
    let mut now = 0;
    let mut lines = Vec::new();
    for wrapped in filled(text, width).split('\n') {
        let mut line = Line::new();
        for (i, piece) in wrapped.split(MARK).enumerate() {
            if i > 0 {
                now = 1 - now;
            }
            line.put(piece, inks[now]);
        }
        lines.push(line);
    }
    lines
}

/// The text with its lines ended where they have to be.
fn filled(text: &str, width: usize) -> String {
    let width = width.max(4);
    // Without another script in it a text breaks at its spaces, which takes a tenth of the time.
    if text.is_ascii() {
        let mut filled = text.to_owned();
        textwrap::fill_inplace(&mut filled, width);
        if filled.split('\n').all(|line| columns(line) <= width) {
            return filled;
        }
        // A word that is longer than a line has to be broken as well.
    }
    let separator = if text.is_ascii() {
        WordSeparator::AsciiSpace
    } else {
        WordSeparator::UnicodeBreakProperties
    };
    let options = Options::new(width)
        .word_separator(separator)
        .word_splitter(WordSplitter::NoHyphenation)
        .wrap_algorithm(WrapAlgorithm::FirstFit);
    textwrap::fill(text, options)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::paint::Colour;

    fn shown(lines: &[Line]) -> String {
        let mut out = String::new();
        for line in lines {
            line.write(&mut out, Colour::None);
        }
        out
    }

    #[test]
    fn chinese_breaks_between_characters_and_not_before_a_full_stop() {
        let lines = text("消息没有边界。再来", 12, Ink::Plain);
        assert_eq!(shown(&lines), "消息没有边\n界。再来\n");
    }

    #[test]
    fn bold_goes_on_over_a_break() {
        let lines = marked("a **bold text here** and `code`", 9);
        assert_eq!(shown(&lines), "a bold\ntext here\nand code\n");
        assert!(lines.iter().all(|line| line.width() <= 9));
    }
}
