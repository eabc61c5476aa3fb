//! What was written in one direction, to hold the reads against.

use crate::event::Event;

/// The bytes of a direction, write by write, as far as the record has them.
#[derive(Default)]
pub(super) struct Written<'a> {
    /// Each write's first byte, as an offset, and its bytes: all of them, or none where several
    /// writes are one event.
    pieces: Vec<(u64, &'a [u8])>,
    pub(super) end: u64,
}

impl<'a> Written<'a> {
    pub(super) fn append(&mut self, event: &Event, bytes: &'a [u8]) {
        self.pieces.push((self.end, bytes));
        self.end = self.end.saturating_add(event.carried());
    }

    /// The bytes of the write at this place.
    pub(super) fn bytes_of(&self, place: usize) -> &'a [u8] {
        self.pieces[place].1
    }

    /// Whether these bytes, read at this offset, are the ones that were written there. What the
    /// record does not have contradicts nothing.
    pub(super) fn agrees(&self, at: u64, bytes: &[u8]) -> bool {
        let end = at.saturating_add(bytes.len() as u64);
        let first = self
            .pieces
            .partition_point(|(start, piece)| start.saturating_add(piece.len() as u64) <= at);
        self.pieces[first..]
            .iter()
            .take_while(|(start, _)| *start < end)
            .all(|(start, piece)| {
                let from = at.max(*start);
                let to = end.min(start.saturating_add(piece.len() as u64));
                from >= to || part(bytes, at, from, to) == part(piece, *start, from, to)
            })
    }
}

/// What lies between two offsets, of bytes that begin at `start`.
fn part(bytes: &[u8], start: u64, from: u64, to: u64) -> Option<&[u8]> {
    let from = usize::try_from(from.checked_sub(start)?).ok()?;
    let to = usize::try_from(to.checked_sub(start)?).ok()?;
    bytes.get(from..to)
}
