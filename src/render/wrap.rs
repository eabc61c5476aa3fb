//! Words broken into lines: by the rules of each script, measured by display columns.

use textwrap::{Options, WordSplitter};

use super::paint::{Ink, Line};

/// Breaks a text into lines of at most this width.
pub(super) fn text(text: &str, width: usize, ink: Ink) -> Vec<Line> {
    let options = Options::new(width.max(4)).word_splitter(WordSplitter::NoHyphenation);
    textwrap::wrap(text, options)
        .into_iter()
        .map(|line| Line::of(line, ink))
        .collect()
}

/// Breaks a text that has `code` and **bold** in it, the marks taken away.
pub(super) fn marked(source: &str, width: usize) -> Vec<Line> {
    // Bold survives wrapping as an invisible mark of its own; code is plain in a terminal.
    let plain = source.replace('`', "");
    let mut bold = false;
    let mut lines = Vec::new();
    let options = Options::new(width.max(4)).word_splitter(WordSplitter::NoHyphenation);
    for wrapped in textwrap::wrap(&plain.replace("**", "\u{2}"), options) {
        let mut line = Line::new();
        for (i, piece) in wrapped.split('\u{2}').enumerate() {
            if i > 0 {
                bold = !bold;
            }
            line.put(piece, if bold { Ink::Strong } else { Ink::Plain });
        }
        lines.push(line);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::paint::Colour;

    fn shown(lines: &[Line]) -> String {
        let mut out = String::new();
        lines
            .iter()
            .for_each(|line| line.write(&mut out, Colour::None));
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
