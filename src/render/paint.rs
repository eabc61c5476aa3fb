//! Text with colour, measured by display columns. The sole place of colour.
//!
//! A [`Line`] keeps text and ink apart until it is written, so that colour never changes where
//! anything stands.

use std::ops::Range;

use colored::{Color, ColoredString, Colorize};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::safe;
use crate::event::Label;

/// What a terminal can show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Colour {
    /// No colour at all.
    None,
    /// The sixteen colours of every terminal.
    Sixteen,
    /// Any colour.
    True,
}

/// What a piece of text is, which decides its colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Ink {
    /// Ordinary text.
    #[default]
    Plain,
    /// A title.
    Strong,
    /// The names of columns and rows.
    Heading,
    /// Small print.
    Faint,
    /// A byte, or the name, of this message.
    Owner(Label),
    /// Good news: an edge kept, a message whole.
    Good,
    /// A loss.
    Bad,
}

/// The Okabe–Ito palette, which colour-blind people can tell apart, as backgrounds: black (or, on
/// blue, white) letters on them are readable whatever the terminal's own background is.
const OWNERS: [(Color, Color, Color); 7] = [
    // (true colour, sixteen colours, letters)
    (rgb(230, 159, 0), Color::Yellow, Color::Black),
    (rgb(86, 180, 233), Color::Cyan, Color::Black),
    (rgb(0, 158, 115), Color::Green, Color::Black),
    (rgb(204, 121, 167), Color::Magenta, Color::Black),
    (rgb(240, 228, 66), Color::White, Color::Black),
    (rgb(0, 114, 178), Color::Blue, Color::White),
    (rgb(213, 94, 0), Color::Red, Color::Black),
];

/// Four times as light as black and as dark as white, about: they are read on both.
const GOOD: Color = rgb(0, 145, 95);
const BAD: Color = rgb(213, 60, 50);

const fn rgb(r: u8, g: u8, b: u8) -> Color {
    Color::TrueColor { r, g, b }
}

impl Ink {
    fn apply(self, text: &str, colour: Colour) -> ColoredString {
        let exact = colour == Colour::True;
        match self {
            Self::Plain => text.into(),
            Self::Strong => text.bold(),
            Self::Heading => text.underline(),
            Self::Faint => text.dimmed(),
            Self::Owner(label) => {
                let (full, sixteen, letters) = OWNERS[label.index % OWNERS.len()];
                let letters = match letters {
                    Color::Black if exact => rgb(0, 0, 0),
                    Color::White if exact => rgb(255, 255, 255),
                    other => other,
                };
                text.on_color(if exact { full } else { sixteen })
                    .color(letters)
            }
            // The terminal's own green is hard to read on white.
            Self::Good if exact => text.color(GOOD).bold(),
            Self::Bad if exact => text.color(BAD).bold(),
            Self::Good => text.green().bold(),
            Self::Bad => text.red().bold(),
        }
    }
}

/// One line of output.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Line {
    text: String,
    /// Which part of it is in which ink.
    inks: Vec<(Range<usize>, Ink)>,
    /// Its display columns.
    width: usize,
}

/// About as long as a line is: most are put together from pieces.
const USUAL: usize = 96;

/// The display columns of a text; the controls that must not reach a terminal have none.
pub(super) fn columns(text: &str) -> usize {
    // Most of what is drawn is this, and needs no table.
    if text.bytes().all(|b| matches!(b, b' '..=b'~')) {
        text.len()
    } else {
        text.width()
    }
}

impl Line {
    /// An empty line.
    pub(super) fn new() -> Self {
        Self::default()
    }

    /// A line of one piece.
    pub(super) fn of(text: impl AsRef<str>, ink: Ink) -> Self {
        let mut line = Self::new();
        line.put(text, ink);
        line
    }

    /// Adds a piece.
    pub(super) fn put(&mut self, text: impl AsRef<str>, ink: Ink) -> &mut Self {
        let text = text.as_ref();
        if !text.is_empty() {
            self.add(text, columns(text), ink);
        }
        self
    }

    /// Adds a character.
    pub(super) fn put_char(&mut self, c: char, ink: Ink) -> &mut Self {
        self.put(c.encode_utf8(&mut [0; 4]), ink)
    }

    fn add(&mut self, text: &str, columns: usize, ink: Ink) {
        if self.text.capacity() == 0 {
            self.text.reserve(text.len().max(USUAL));
        }
        self.text.push_str(text);
        self.width += columns;
        self.ink_up_to(self.text.len(), ink);
    }

    fn ink_up_to(&mut self, end: usize, ink: Ink) {
        match self.inks.last_mut() {
            Some((part, same)) if *same == ink => part.end = end,
            last => {
                let start = last.map_or(0, |(part, _)| part.end);
                self.inks.push((start..end, ink));
            }
        }
    }

    /// Its pieces, each in one ink.
    fn pieces(&self) -> impl DoubleEndedIterator<Item = (&str, Ink)> {
        let pieces = self.inks.iter();
        pieces.map(|(part, ink)| (&self.text[part.clone()], *ink))
    }

    /// Adds ordinary text.
    pub(super) fn text(&mut self, text: impl AsRef<str>) -> &mut Self {
        self.put(text, Ink::Plain)
    }

    /// Adds another line's pieces.
    pub(super) fn append(&mut self, other: &Self) -> &mut Self {
        let start = self.text.len();
        self.text.push_str(&other.text);
        self.width += other.width;
        for (part, ink) in &other.inks {
            self.ink_up_to(start + part.end, *ink);
        }
        self
    }

    /// Adds spaces up to this column.
    pub(super) fn pad_to(&mut self, column: usize) -> &mut Self {
        const BLANK: &str = "                                ";
        while self.width < column {
            let missing = (column - self.width).min(BLANK.len());
            self.add(&BLANK[..missing], missing, Ink::Plain);
        }
        self
    }

    /// Its display columns.
    pub(super) fn width(&self) -> usize {
        self.width
    }

    /// Its text alone.
    pub(super) fn words(&self) -> String {
        self.text.clone()
    }

    /// The same in ASCII only.
    pub(super) fn ascii(&self) -> Self {
        let mut line = Self::new();
        for (text, ink) in self.pieces() {
            line.put(safe::ascii(text), ink);
        }
        line
    }

    /// Breaks it into lines of at most this width: at a blank or behind an opening bracket, and
    /// where there is neither, wherever that is in a word.
    pub(super) fn fold(&self, width: usize) -> Vec<Self> {
        if self.width() <= width {
            return vec![self.clone()];
        }
        let all: Vec<(char, Ink)> = self
            .pieces()
            .flat_map(|(text, ink)| text.chars().map(move |c| (c, ink)))
            .collect();
        let mut lines = Vec::new();
        let mut rest = &all[..];
        while !rest.is_empty() {
            let (line, behind) = rest.split_at(break_at(rest, width));
            let mut folded = Self::new();
            for (c, ink) in line {
                folded.put_char(*c, *ink);
            }
            lines.push(folded);
            // The blank at which it is broken belongs to neither line.
            rest = if let [(' ', _), word @ ..] = behind {
                word
            } else {
                behind
            };
        }
        lines
    }

    /// Writes it, without spaces at its end.
    pub(super) fn write(&self, out: &mut String, colour: Colour) {
        use std::fmt::Write;
        let mut write = |text: &str, ink: Ink| {
            if colour == Colour::None || ink == Ink::Plain {
                out.push_str(text);
            } else {
                // Writing to a String cannot fail.
                let _ = write!(out, "{}", ink.apply(text, colour));
            }
        };
        // Trailing blanks that carry no colour are nothing to see, and copy badly.
        let blank = |(text, ink): &(&str, Ink)| {
            text.bytes().all(|b| b == b' ')
                && matches!(ink, Ink::Plain | Ink::Strong | Ink::Good | Ink::Bad)
        };
        let seen = self.inks.len() - self.pieces().rev().take_while(blank).count();
        for (i, (text, ink)) in self.pieces().take(seen).enumerate() {
            let is_last = i + 1 == seen && !matches!(ink, Ink::Owner(_) | Ink::Heading);
            write(
                if is_last {
                    text.trim_end_matches(' ')
                } else {
                    text
                },
                ink,
            );
        }
        out.push('\n');
    }
}

/// How many of these characters the first line takes: one at least.
fn break_at(text: &[(char, Ink)], width: usize) -> usize {
    let mut used = 0;
    let fits = text.iter().take_while(|(c, _)| {
        used += c.width().unwrap_or(0);
        used <= width
    });
    let fits = fits.count().max(1);
    if fits == text.len() {
        return fits;
    }
    // Blanks that a line begins with are no place to break it.
    let begins = text.iter().take_while(|(c, _)| *c == ' ').count();
    let is_break = |at: &usize| text[*at].0 == ' ' || (text[at - 1].0 == '(' && text[*at].0 != ')');
    (begins + 1..=fits).rev().find(is_break).unwrap_or(fits)
}

/// Lines as a terminal without colours shows them.
#[cfg(test)]
pub(super) fn shown(lines: &[Line]) -> String {
    let mut out = String::new();
    for line in lines {
        line.write(&mut out, Colour::None);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn width_counts_columns_not_characters() {
        let mut line = Line::of("粘包 ", Ink::Strong);
        line.pad_to(8).text("|");
        assert_eq!(line.width(), 9);
        line.text("   ");
        assert_eq!(shown(&[line]), "粘包    |\n");
    }

    #[test]
    fn a_line_is_folded_by_columns() {
        let line = Line::of("ab粘包c", Ink::Plain);
        let folded = line.fold(3);
        let widths: Vec<usize> = folded.iter().map(Line::width).collect();
        assert_eq!(widths, [2, 2, 3]);
        assert_eq!(line.fold(7), std::slice::from_ref(&line));
        let words = |text: &str, width| -> Vec<String> {
            let line = Line::of(text, Ink::Plain);
            line.fold(width).iter().map(Line::words).collect()
        };
        let queued = words("until 10 bytes queued", 19);
        assert_eq!(queued, ["until 10 bytes", "queued"]);
        let connect = words("connect(127.0.0.1:80)", 16);
        assert_eq!(connect, ["connect(", "127.0.0.1:80)"]);
        assert_eq!(words("  abcdef", 5), ["  abc", "def"]);
    }

    #[test]
    fn a_line_of_blanks_is_empty() {
        assert_eq!(shown(&[Line::of("    ", Ink::Plain)]), "\n");
    }
}
