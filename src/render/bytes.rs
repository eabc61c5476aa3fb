//! Bytes as a person reads them: in hexadecimal, as text, and with the letter of their message.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::iter;
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
    /// The owner of each byte.
    fn labels(&self) -> impl Iterator<Item = Option<Label>> {
        let owned = self
            .owners
            .iter()
            .flat_map(|(label, n)| iter::repeat_n(Some(*label), *n));
        owned.chain(iter::repeat(None))
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
    let row = |lines: &mut Vec<Line>, range: Range<usize>| {
        let (mut hex, mut text, mut letters) = (Line::new(), Line::new(), Line::new());
        // Of many bytes a few are drawn: nothing is made of the others.
        let drawn = owned.bytes[range.clone()].iter();
        let labels = owned.labels().skip(range.start);
        let glyphs = glyphs(owned.bytes).skip(range.start);
        for (i, ((byte, label), glyph)) in drawn.zip(labels).zip(glyphs).enumerate() {
            let at = i * cell;
            let ink = label.map_or(Ink::Plain, Ink::Owner);
            let letter = label.map_or_else(|| "?".into(), |label| label.to_string());
            hex.pad_to(at).put(format!("{byte:02x}"), ink);
            letters.pad_to(at).put(letter, ink);
            match glyph {
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

/// What a strip is made of.
enum Piece<'a> {
    /// A mark that is no byte.
    Mark(String),
    /// Bytes of a message, or of nobody that can be told.
    Bytes(Cow<'a, [u8]>, Option<Label>),
    /// The same, a byte that is no character in hexadecimal.
    Mixed(&'a [u8], Option<Label>),
    /// So many bytes that the record does not have. They are never drawn, only counted.
    Unknown(u64),
}

/// One column of a strip.
struct Column {
    /// None where a wide character has taken this column as well.
    top: Option<char>,
    bottom: char,
    ink: Ink,
    /// How many bytes it stands for: one, none for a mark, many where they are not known.
    bytes: u64,
}

impl Piece<'_> {
    fn width(&self) -> usize {
        match self {
            Self::Mark(mark) => mark.chars().count(),
            Self::Bytes(bytes, _) => bytes.len(),
            Self::Mixed(bytes, owner) => columns_mixed(bytes, *owner).count(),
            Self::Unknown(_) => 1,
        }
    }

    fn bytes(&self) -> u64 {
        match self {
            Self::Mark(_) => 0,
            Self::Bytes(bytes, _) => bytes.len() as u64,
            Self::Mixed(bytes, _) => bytes.len() as u64,
            Self::Unknown(bytes) => *bytes,
        }
    }

    fn columns(&self) -> Box<dyn Iterator<Item = Column> + '_> {
        let blank = |top, bytes| Column {
            top: Some(top),
            bottom: ' ',
            ink: Ink::Plain,
            bytes,
        };
        match self {
            Self::Mark(mark) => Box::new(mark.chars().map(move |c| blank(c, 0))),
            Self::Unknown(bytes) => Box::new(iter::once(blank(' ', *bytes))),
            Self::Bytes(bytes, owner) => Box::new(columns_of(bytes, *owner)),
            Self::Mixed(bytes, owner) => Box::new(columns_mixed(bytes, *owner)),
        }
    }
}

/// Whether a character takes two columns.
fn wide(c: char) -> bool {
    columns(c.encode_utf8(&mut [0; 4])) == 2
}

/// A column for each byte, with its owner's letter.
fn columns_of(bytes: &[u8], owner: Option<Label>) -> impl Iterator<Item = Column> {
    let name = owner.map_or_else(|| "?".into(), |label| label.to_string());
    let name: Vec<char> = name.chars().collect();
    let fits = name.len() <= bytes.len();
    let letter = move |i: usize| match name[..] {
        [letter] => letter,
        // A longer name stands once, if it fits, and dots go on for it.
        _ => name.get(i).copied().filter(|_| fits).unwrap_or('.'),
    };
    let mut taken = 0;
    glyphs(bytes).enumerate().map(move |(i, glyph)| Column {
        top: match glyph {
            Glyph::Char(c) => {
                taken = usize::from(wide(c));
                Some(c)
            }
            Glyph::Dot => Some('.'),
            Glyph::Rest if taken > 0 => {
                taken -= 1;
                None
            }
            Glyph::Rest => Some(' '),
        },
        bottom: letter(i),
        ink: owner.map_or(Ink::Plain, Ink::Owner),
        bytes: 1,
    })
}

/// The same, but a byte that is no character is two digits, with a space to what is beside it.
fn columns_mixed(bytes: &[u8], owner: Option<Label>) -> impl Iterator<Item = Column> {
    let beside = |top| Column {
        top: Some(top),
        bottom: ' ',
        ink: Ink::Plain,
        bytes: 0,
    };
    let mut text = None;
    let plain = glyphs(bytes).zip(bytes).zip(columns_of(bytes, owner));
    plain.flat_map(move |((glyph, byte), column)| {
        let is_text = glyph != Glyph::Dot;
        let parted = text
            .replace(is_text)
            .is_some_and(|before| !(before && is_text));
        let space = parted.then(|| beside(' '));
        let [first, second] = hex(*byte);
        let digits = if is_text {
            [Some(column), None]
        } else {
            let first = Column {
                top: Some(first),
                ..column
            };
            [Some(first), Some(beside(second))]
        };
        space.into_iter().chain(digits.into_iter().flatten())
    })
}

fn hex(byte: u8) -> [char; 2] {
    [byte >> 4, byte & 15].map(|half| char::from_digit(u32::from(half), 16).unwrap_or('?'))
}

/// Bytes in a row, one column each, with their owner's letters beneath.
pub(super) struct Strip<'a> {
    /// The widest that it is ever drawn: of what is wider only the two ends are kept.
    most: usize,
    head: Vec<Piece<'a>>,
    tail: VecDeque<Piece<'a>>,
    /// How many columns the head takes, the tail, and what is between them and gone.
    columns: [usize; 3],
    /// How many bytes all of it stands for.
    bytes: u64,
}

impl<'a> Strip<'a> {
    /// One that keeps all of it.
    pub(super) fn new() -> Self {
        Self::within(usize::MAX)
    }

    /// One that is drawn in no more columns than that.
    pub(super) fn within(most: usize) -> Self {
        Self {
            most,
            head: Vec::new(),
            tail: VecDeque::new(),
            columns: [0; 3],
            bytes: 0,
        }
    }

    /// The bytes with their owners.
    pub(super) fn of(owned: &Owned<'a>) -> Self {
        let mut strip = Self::new();
        let mut rest = owned.bytes;
        for (label, bytes) in &owned.owners {
            let (own, behind) = rest.split_at((*bytes).min(rest.len()));
            strip.message(*label, own);
            rest = behind;
        }
        strip.unowned(rest.into());
        strip
    }

    /// The same, a byte that is no character in hexadecimal.
    pub(super) fn mixed(owned: &Owned<'a>) -> Self {
        let mut strip = Self::new();
        let mut rest = owned.bytes;
        let mut before = None;
        let owners = owned.owners.iter().map(|(label, n)| (Some(*label), *n));
        for (label, bytes) in owners.chain([(None, usize::MAX)]) {
            let (own, behind) = rest.split_at(bytes.min(rest.len()));
            let is_text = |glyph| glyph != Glyph::Dot;
            let first = glyphs(own).next().map(is_text);
            // Digits are parted from what is beside them, whosever it is.
            if before.zip(first).is_some_and(|both| both != (true, true)) {
                strip.mark(" ");
            }
            before = glyphs(own).last().map(is_text).or(before);
            strip.push(Piece::Mixed(own, label));
            rest = behind;
        }
        strip
    }

    fn push(&mut self, part: Piece<'a>) {
        let width = part.width();
        self.bytes = self.bytes.saturating_add(part.bytes());
        let [head, tail, gone] = &mut self.columns;
        if *head < self.most {
            *head += width;
            self.head.push(part);
            return;
        }
        *tail += width;
        self.tail.push_back(part);
        while let Some(first) = self.tail.front().map(Piece::width)
            && *tail - first >= self.most
        {
            self.tail.pop_front();
            *tail -= first;
            *gone += first;
        }
    }

    /// Adds a mark that is no byte.
    pub(super) fn mark(&mut self, mark: &str) {
        self.push(Piece::Mark(mark.into()));
    }

    /// Adds a message's bytes.
    pub(super) fn message(&mut self, label: Label, bytes: &'a [u8]) {
        self.push(Piece::Bytes(bytes.into(), Some(label)));
    }

    /// Adds bytes of which nobody can tell whose they are.
    pub(super) fn unowned(&mut self, bytes: Cow<'a, [u8]>) {
        self.push(Piece::Bytes(bytes, None));
    }

    /// Adds bytes that the record does not have.
    pub(super) fn unknown(&mut self, bytes: u64) {
        if bytes > 0 {
            self.push(Piece::Unknown(bytes));
        }
    }

    /// Its columns, without those that are gone.
    fn columns(&self) -> impl Iterator<Item = Column> {
        self.head.iter().chain(&self.tail).flat_map(Piece::columns)
    }

    /// Its text alone.
    pub(super) fn words(&self) -> String {
        self.columns().filter_map(|column| column.top).collect()
    }

    /// Its width if nothing is left out.
    pub(super) fn width(&self) -> usize {
        self.columns.iter().sum()
    }

    /// The first and the last column that stands for bytes which are not known.
    fn unknown_columns(&self) -> Option<(usize, usize)> {
        let [head, _, gone] = self.columns;
        let mut at = 0;
        let mut found = None;
        for part in self.head.iter().chain(&self.tail) {
            if matches!(part, Piece::Unknown(2..)) {
                let place = if at < head { at } else { at + gone };
                found = Some((found.map_or(place, |(first, _)| first), place));
            }
            at += part.width();
        }
        found
    }

    /// Draws it, the middle left out if it is wider than that.
    pub(super) fn draw(&self, width: usize) -> Vec<Line> {
        let (mut top, mut bottom) = (Line::new(), Line::new());
        let mut put = |part: &[Column]| {
            for (i, column) in part.iter().enumerate() {
                // Half of a wide character that was cut in two is shown as a dot.
                let cut = |c: char| wide(c) && i + 1 == part.len();
                let half = (i == 0).then_some('.');
                let shown = column.top.map(|c| if cut(c) { '.' } else { c });
                // Only the letters carry the colour: two coloured lines a row would run together.
                if let Some(c) = shown.or(half) {
                    top.put_char(c, Ink::Plain);
                }
                bottom.put_char(column.bottom, column.ink);
            }
        };
        let all = self.width();
        let unknown = self.unknown_columns();
        if all <= width && unknown.is_none() {
            put(&self.columns().collect::<Vec<_>>());
        } else {
            let mark = |bytes: u64| format!("..+{}..", group(bytes));
            let room = width.saturating_sub(mark(self.bytes).len());
            let head = unknown.map_or(all, |(first, _)| first);
            let tail = unknown.map_or(all, |(_, last)| all - last - 1);
            let (head, tail) = (head.min(room.div_ceil(2)), tail.min(room / 2));
            let [before, behind, _] = self.columns;
            let head: Vec<Column> = self.columns().take(head).collect();
            let tail: Vec<Column> = self.columns().skip(before + behind - tail).collect();
            let drawn = head.iter().chain(&tail).map(|column| column.bytes);
            put(&head);
            let left_out = self.bytes.saturating_sub(drawn.sum());
            put(&Piece::Mark(mark(left_out)).columns().collect::<Vec<_>>());
            put(&tail);
        }
        if bottom.width() == 0 || self.bytes == 0 {
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
    use crate::render::paint::shown;

    fn label(index: usize) -> Label {
        Label {
            side: Side::Client,
            index,
        }
    }

    #[test]
    fn a_grid_has_a_column_for_each_byte() {
        let owned = Owned {
            bytes: "lo你w".as_bytes(),
            owners: vec![(label(0), 5), (label(1), 1)],
        };
        let whole = "6c 6f e4 bd a0 77\nl  o  你       w\nA  A  A  A  A  B\n";
        assert_eq!(shown(&grid(&owned, 40)), whole);
        assert_eq!(grid_width(&owned), 17);
        let three_a_row = shown(&grid(&owned, 11)[3..]);
        assert_eq!(three_a_row, "bd a0 77\n      w\nA  A  B\n");
    }

    #[test]
    fn a_long_grid_leaves_out_its_middle_and_says_how_much() {
        let owned = Owned {
            bytes: &[b'x'; 1000],
            owners: vec![(label(0), 1000)],
        };
        let lines = grid(&owned, 11);
        assert_eq!(lines.len(), 7);
        assert_eq!(shown(&lines[3..4]), "... 992 more ...\n");
    }

    #[test]
    fn a_strip_keeps_its_columns_when_characters_are_wide() {
        let mut strip = Strip::new();
        strip.message(label(0), "a你".as_bytes());
        strip.message(label(26), b"xyz");
        assert_eq!(shown(&strip.draw(20)), "a你 xyz\nAAAAAA.\n");
        strip.message(label(1), &[b'y'; 60]);
        let left_out = "a你 xyz..+54..yyyyyy\nAAAAAA.       BBBBBB\n";
        assert_eq!(shown(&strip.draw(20)), left_out);
        // What is let go of a long strip is nothing that is ever drawn.
        for width in 10..=30 {
            let pieces = ["你a你你", "b", "cd你", "e你ffff你"];
            let pieces = pieces.iter().cycle().take(40);
            let (mut all, mut ends) = (Strip::new(), Strip::within(30));
            for (i, piece) in pieces.enumerate() {
                for strip in [&mut all, &mut ends] {
                    strip.message(label(i), piece.as_bytes());
                    strip.unknown(u64::from(i == 20) * 1000);
                }
            }
            assert_eq!(ends.draw(width), all.draw(width), "{width}");
            assert!(ends.head.len() + ends.tail.len() < 25, "{width}");
        }
        let cut = strip.draw(10);
        assert_eq!((cut[0].width(), cut[1].width()), (10, 10));
    }
}
