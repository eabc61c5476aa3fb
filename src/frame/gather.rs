//! Gathering the bytes of one part of a message out of the pieces that a stream comes in.

/// The most that is reserved on the word of a peer; beyond it, memory follows what has arrived.
const FIRST_RESERVATION: usize = 64 * 1024;

/// The bytes of a part that is not complete yet. One buffer serves all parts, one after the other.
#[derive(Clone, Debug, Default)]
pub(super) struct Gather {
    held: Vec<u8>,
    /// What is held was lent to the caller as a whole part; the next part starts afresh.
    lent: bool,
}

impl Gather {
    /// Takes from `input` what the part still lacks, and lends the part once all its `need` bytes
    /// are there. `need` must stay the same until then.
    ///
    /// A part that is contiguous in `input` is lent from there and never copied.
    #[inline]
    pub(super) fn take<'a, 'i: 'a>(
        &'a mut self,
        input: &mut &'i [u8],
        need: usize,
    ) -> Option<&'a [u8]> {
        if self.lent {
            self.held.clear();
            self.lent = false;
        }
        if self.held.is_empty()
            && let Some((part, rest)) = input.split_at_checked(need)
        {
            *input = rest;
            return Some(part);
        }
        self.append(input, need)
    }

    /// Stays a call of its own, so that the short way above is small enough to be inlined.
    #[inline(never)]
    fn append(&mut self, input: &mut &[u8], need: usize) -> Option<&[u8]> {
        let lacks = need - self.held.len();
        let (piece, rest) = input.split_at(lacks.min(input.len()));
        self.grow(piece.len(), need);
        self.held.extend_from_slice(piece);
        *input = rest;
        self.lent = self.held.len() == need;
        self.lent.then_some(&self.held)
    }

    /// Makes room for `more` bytes, and for some of those to come: doubling, as a `Vec` does by
    /// itself, but never beyond `need`, which was checked against a limit.
    fn grow(&mut self, more: usize, need: usize) {
        let wanted = self.held.len() + more;
        if wanted > self.held.capacity() {
            let ahead = wanted
                .max(self.held.capacity().saturating_mul(2))
                .max(FIRST_RESERVATION);
            self.held.reserve_exact(ahead.min(need) - self.held.len());
        }
    }

    /// How many bytes of the unfinished part are held.
    pub(super) fn held(&self) -> usize {
        if self.lent { 0 } else { self.held.len() }
    }

    /// How many bytes of memory the buffer takes.
    pub(super) fn capacity(&self) -> usize {
        self.held.capacity()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_contiguous_part_is_not_copied() {
        let mut gather = Gather::default();
        let stream = b"helloworld";
        let mut input = &stream[..];
        let part = gather.take(&mut input, 5).unwrap();
        assert!(std::ptr::eq(part, &raw const stream[..5]));
        assert_eq!(input, b"world");
        assert_eq!((gather.held(), gather.capacity()), (0, 0));
    }

    #[test]
    fn memory_follows_what_arrived_and_not_what_was_announced() {
        let mut gather = Gather::default();
        let need = 100 * FIRST_RESERVATION;
        assert_eq!(gather.take(&mut &b"x"[..], need), None);
        assert_eq!(gather.capacity(), FIRST_RESERVATION);

        let chunk = [0; 4096];
        let mut arrived = 1;
        while arrived < need {
            let piece = &chunk[..chunk.len().min(need - arrived)];
            arrived += piece.len();
            let whole = gather.take(&mut &*piece, need).map(<[u8]>::len);
            assert_eq!(whole, (arrived == need).then_some(need));
            assert!(gather.capacity() <= need.min(2 * arrived.max(FIRST_RESERVATION)));
        }
    }

    #[test]
    fn a_part_of_no_bytes_is_there_at_once() {
        let mut gather = Gather::default();
        assert_eq!(gather.take(&mut &b""[..], 0), Some(&b""[..]));
    }
}
