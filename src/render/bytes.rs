//! Bytes as a person reads them: in hexadecimal, as text, and with the letter of their message.

use std::ops::Range;

use super::paint::{Ink, Line, columns};
use super::safe::{Glyph, glyphs};
use super::words::group;
use crate::event::Label;

/// Bytes and the message that owns each.
#[derive(Clone, Debug, Default)]
pub(super) struct Owned<'a> {
    pub(super) bytes: &'a [u8],
    /// Message by message: the label, and how many of the bytes are its own. Bytes beyond the last
    /// are owned by nobody that can be told.
    pub(super) owners: Vec<(Label, usize)>,
}

impl Owned<'_> {
    fn labels(&self) -> Vec<Option<Label>> {
        let owned = self
            .owners
            .iter()
            .flat_map(|(label, n)| std::iter::repeat_n(Some(*label), *n));
        owned
            .chain(std::iter::repeat(None))
            .take(self.bytes.len())
            .collect()
    }
}

/// How many rows of bytes a read may take before its middle is left out.
const MOST_ROWS: usize = 3;

/// A grid: for each byte a column with its hexadecimal digits, its character, its owner's letter.
pub(super) fn grid(owned: &Owned<'_>, width: usize) -> Vec<Line> {
    let cell = cell_width(owned);
    let total = owned.bytes.len();
    let most = ((width + 1) / cell).max(1);
    // Rows of a length, rather than a last one with a byte or two.
    let rows = total.div_ceil(most);
    let per_row = match rows {
        2..=MOST_ROWS => total.div_ceil(rows),
        _ => most,
    };
    let (labels, glyphs) = (owned.labels(), glyphs(owned.bytes));
    let row = |lines: &mut Vec<Line>, range: Range<usize>| {
        let (mut hex, mut text, mut letters) = (Line::new(), Line::new(), Line::new());
        for i in range.clone() {
            let at = (i - range.start) * cell;
            let ink = labels[i].map_or(Ink::Plain, Ink::Owner);
            let letter = labels[i].map_or_else(|| "?".into(), |label| label.to_string());
            hex.pad_to(at).put(format!("{:02x}", owned.bytes[i]), ink);
            letters.pad_to(at).put(letter, ink);
            match glyphs[i] {
                Glyph::Char(c) => text.pad_to(at).put_char(c, Ink::Plain),
                Glyph::Dot => text.pad_to(at).text("."),
                Glyph::Rest => text.pad_to(at),
            };
        }
        lines.extend([hex, text, letters]);
    };
    let mut lines = Vec::new();
    if total.div_ceil(per_row) <= MOST_ROWS {
        for start in (0..total).step_by(per_row) {
            row(&mut lines, start..total.min(start + per_row));
        }
    } else {
        row(&mut lines, 0..per_row);
        let left_out = (total - 2 * per_row) as u64;
        lines.push(Line::of(
            format!("... {} more ...", group(left_out)),
            Ink::Plain,
        ));
        row(&mut lines, total - per_row..total);
    }
    lines
}

/// How many columns a grid takes if it has all the room that it wants.
pub(super) fn grid_width(owned: &Owned<'_>) -> usize {
    (owned.bytes.len() * cell_width(owned)).saturating_sub(1)
}

fn cell_width(owned: &Owned<'_>) -> usize {
    let longest = owned
        .owners
        .iter()
        .map(|(label, _)| label.to_string().len())
        .max();
    longest.unwrap_or(1).max(2) + 1
}

/// One column of a strip.
#[derive(Clone)]
struct Column {
    top: String,
    bottom: char,
    ink: Ink,
    /// How many bytes it stands for: one, none for a mark, many where they are not known.
    bytes: u64,
}

/// Bytes in a row, one column each, with their owner's letters beneath.
#[derive(Clone, Default)]
pub(super) struct Strip {
    columns: Vec<Column>,
}

impl Strip {
    /// The bytes with their owners.
    pub(super) fn of(owned: &Owned<'_>) -> Self {
        let mut strip = Self::default();
        let mut rest = owned.bytes;
        for (label, bytes) in &owned.owners {
            let (own, behind) = rest.split_at((*bytes).min(rest.len()));
            strip.message(*label, own);
            rest = behind;
        }
        strip.unowned(rest);
        strip
    }

    /// Adds a mark that is no byte.
    pub(super) fn mark(&mut self, mark: &str) {
        self.columns.extend(mark.chars().map(|c| Column {
            top: c.into(),
            bottom: ' ',
            ink: Ink::Plain,
            bytes: 0,
        }));
    }

    /// Adds a message's bytes.
    pub(super) fn message(&mut self, label: Label, bytes: &[u8]) {
        let name = label.to_string();
        let letters: Vec<char> = match name.len() {
            1 => name.chars().cycle().take(bytes.len()).collect(),
            // A longer name stands once, if it fits, and dots go on for it.
            n if n <= bytes.len() => name
                .chars()
                .chain(std::iter::repeat('.'))
                .take(bytes.len())
                .collect(),
            _ => vec!['.'; bytes.len()],
        };
        self.bytes(bytes, &letters, Ink::Owner(label));
    }

    /// Adds bytes of which nobody can tell whose they are.
    pub(super) fn unowned(&mut self, bytes: &[u8]) {
        self.bytes(bytes, &vec!['?'; bytes.len()], Ink::Plain);
    }

    fn bytes(&mut self, bytes: &[u8], letters: &[char], ink: Ink) {
        let mut taken = 0;
        for (glyph, letter) in glyphs(bytes).into_iter().zip(letters) {
            let top = match glyph {
                Glyph::Char(c) => {
                    let c = c.to_string();
                    taken = columns(&c) - 1;
                    c
                }
                Glyph::Dot => ".".into(),
                // A wide character has taken the next byte's column as well.
                Glyph::Rest if taken > 0 => {
                    taken -= 1;
                    String::new()
                }
                Glyph::Rest => " ".into(),
            };
            self.columns.push(Column {
                top,
                bottom: *letter,
                ink,
                bytes: 1,
            });
        }
    }

    /// Adds bytes that the record does not have. They are never drawn, only counted.
    pub(super) fn unknown(&mut self, bytes: u64) {
        if bytes > 0 {
            self.columns.push(Column {
                top: " ".into(),
                bottom: ' ',
                ink: Ink::Plain,
                bytes,
            });
        }
    }

    /// Its text alone.
    pub(super) fn words(&self) -> String {
        self.columns.iter().map(|column| &*column.top).collect()
    }

    /// Its width if nothing is left out.
    pub(super) fn width(&self) -> usize {
        self.columns.len()
    }

    /// Draws it, the middle left out if it is wider than that.
    pub(super) fn draw(&self, width: usize) -> Vec<Line> {
        let (mut top, mut bottom) = (Line::new(), Line::new());
        let mut put = |part: &[Column]| {
            for (i, column) in part.iter().enumerate() {
                // Half of a wide character that was cut in two is shown as a dot.
                let half = column.top.is_empty() && i == 0;
                let cut = columns(&column.top) == 2 && i + 1 == part.len();
                // Only the letters carry the colour: two coloured lines a row would run together.
                top.text(if half || cut { "." } else { &column.top });
                bottom.put_char(column.bottom, column.ink);
            }
        };
        let unknown = |column: &Column| column.bytes > 1;
        let first = self.columns.iter().position(unknown);
        if self.columns.len() <= width && first.is_none() {
            put(&self.columns);
        } else {
            let mark = |left_out: &[Column]| {
                let bytes = left_out.iter().map(|column| column.bytes);
                format!("..+{}..", group(bytes.fold(0, u64::saturating_add)))
            };
            let room = width.saturating_sub(mark(&self.columns).len());
            let all = self.columns.len();
            let head = room.div_ceil(2).min(first.unwrap_or(all));
            let last = self.columns.iter().rposition(unknown);
            let tail = (room / 2).min(last.map_or(all, |last| all - last - 1));
            put(&self.columns[..head]);
            let mut between = Self::default();
            between.mark(&mark(&self.columns[head..all - tail]));
            put(&between.columns);
            put(&self.columns[all - tail..]);
        }
        if bottom.width() == 0 || self.columns.iter().all(|column| column.bytes == 0) {
            vec![top]
        } else {
            vec![top, bottom]
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::Side;
    use crate::render::paint::Colour;

    fn label(index: usize) -> Label {
        Label {
            side: Side::Client,
            index,
        }
    }

    fn text(lines: &[Line]) -> String {
        let mut out = String::new();
        for line in lines {
            line.write(&mut out, Colour::None);
        }
        out
    }

    #[test]
    fn a_grid_has_a_column_for_each_byte() {
        let owned = Owned {
            bytes: "lo你w".as_bytes(),
            owners: vec![(label(0), 5), (label(1), 1)],
        };
        assert_eq!(
            text(&grid(&owned, 40)),
            "6c 6f e4 bd a0 77\nl  o  你       w\nA  A  A  A  A  B\n"
        );
        assert_eq!(grid_width(&owned), 17);
        let lines = grid(&owned, 11);
        assert_eq!(
            text(&lines[3..]),
            "bd a0 77\n      w\nA  A  B\n",
            "three bytes a row"
        );
    }

    #[test]
    fn a_long_grid_leaves_out_its_middle_and_says_how_much() {
        let owned = Owned {
            bytes: &[b'x'; 1000],
            owners: vec![(label(0), 1000)],
        };
        let lines = grid(&owned, 11);
        assert_eq!(lines.len(), 7);
        assert_eq!(text(&lines[3..4]), "... 992 more ...\n");
    }

    #[test]
    fn a_strip_keeps_its_columns_when_characters_are_wide() {
        let mut strip = Strip::default();
        strip.message(label(0), "a你".as_bytes());
        strip.message(label(26), b"xyz");
        assert_eq!(text(&strip.draw(20)), "a你 xyz\nAAAAAA.\n");
        strip.message(label(1), &[b'y'; 60]);
        assert_eq!(
            text(&strip.draw(20)),
            "a你 xyz..+54..yyyyyy\nAAAAAA.       BBBBBB\n"
        );
        let cut = strip.draw(10);
        assert_eq!((cut[0].width(), cut[1].width()), (10, 10));
    }
}
