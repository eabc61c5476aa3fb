//! Words broken into lines: by the rules of each script, measured by display columns.

use textwrap::WordSeparator;

use super::paint::{Ink, Line, columns};
use crate::line_break;

/// Breaks a text into lines of at most this width.
pub(super) fn text(text: &str, width: usize, ink: Ink) -> Vec<Line> {
    let filled = filled(text, width);
    filled.split('\n').map(|line| Line::of(line, ink)).collect()
}

/// Puts items behind one another, parted by a middle dot; a line ends behind one, within an item
/// only where it is longer than a line.
pub(super) fn items(items: &[String], width: usize) -> Vec<Line> {
    const PARTED: &str = " ·";
    let mut lines: Vec<String> = Vec::new();
    for (place, item) in items.iter().enumerate() {
        let parted = if place + 1 < items.len() { PARTED } else { "" };
        let item = format!("{item}{parted}");
        match lines.last_mut() {
            Some(last) if columns(last) + 1 + columns(&item) <= width => {
                last.push(' ');
                last.push_str(&item);
            }
            _ => lines.push(item),
        }
    }
    let lines = lines.iter();
    lines
        .flat_map(|line| text(line, width, Ink::Plain))
        .collect()
}

/// The beginning of a text that is longer than a line, cut behind a word where there is one.
pub(super) fn cut(text: &str, width: usize) -> String {
    const MORE: &str = "...";
    if columns(text) <= width {
        return text.into();
    }
    let first = filled(text, width.saturating_sub(MORE.len()));
    first.lines().next().unwrap_or_default().to_owned() + MORE
}

/// A sentence on so many lines at most: the last one is cut where it says more.
pub(super) fn in_few_lines(says: &str, most: usize, width: usize, ink: Ink) -> Vec<Line> {
    let mut lines = text(says, width, ink);
    if lines.len() > most {
        let rest = lines.split_off(most - 1);
        let rest: Vec<String> = rest.iter().map(Line::words).collect();
        lines.push(Line::of(cut(&rest.join(" "), width), ink));
    }
    lines
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
    // Without another script in it a text breaks at its spaces, which is quickly done.
    if let Some(filled) = at_spaces(text, width) {
        return filled;
    }
    let fits = |line: &str| columns(line) <= width && !line.ends_with(' ');
    if text.split('\n').all(fits) {
        return text.to_owned();
    }
    let mut options = line_break::options(width);
    if text.is_ascii() {
        options.word_separator = WordSeparator::AsciiSpace;
    }
    textwrap::fill(text, options)
}

/// An ASCII text with line ends for spaces, as late as the width allows. Nothing if that is not
/// enough: then a word is longer than a line, or there are more spaces than fit.
fn at_spaces(text: &str, width: usize) -> Option<String> {
    let mut filled = text.as_bytes().to_vec();
    let (mut used, mut last_space) = (0, None);
    for (i, byte) in text.bytes().enumerate() {
        match byte {
            b'\n' if used > width => return None,
            b'\n' => (used, last_space) = (0, None),
            b' ' => {
                last_space = Some((i, used));
                used += 1;
            }
            0x80.. => return None,
            _ => used += usize::from(!byte.is_ascii_control()),
        }
        if used > width && byte != b' ' {
            let (space, before) = last_space.take().filter(|(_, before)| *before <= width)?;
            filled[space] = b'\n';
            used -= before + 1;
        }
    }
    String::from_utf8(filled).ok().filter(|_| used <= width)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::paint::shown;

    #[test]
    fn what_breaks_at_spaces_breaks_as_the_crate_would_have_it() {
        let words = "on  the wire\neach\u{2} segment carried \u{2}a part of  it, averylongword ";
        for width in 4..80 {
            for (from, to) in (0..words.len()).flat_map(|i| (i..words.len()).map(move |j| (i, j))) {
                let mut filled = words[from..to].to_owned();
                textwrap::fill_inplace(&mut filled, width);
                let fits = |line| textwrap::core::display_width(line) <= width;
                let expected = filled.split('\n').all(fits).then_some(filled);
                assert_eq!(at_spaces(&words[from..to], width), expected, "{width}");
            }
        }
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
