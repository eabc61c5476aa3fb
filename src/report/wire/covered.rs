//! Which bytes of a direction have been seen.

use std::collections::BTreeMap;

/// The bytes of a direction that have been seen, as ranges that do not touch one another: start to
/// end. Packets may overtake each other, even on loopback, where each processor has a queue.
#[derive(Default)]
pub(super) struct Covered(BTreeMap<u64, u64>);

impl Covered {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Adds a range; says whether any of it is new.
    pub(super) fn add(&mut self, start: u64, end: u64) -> bool {
        let (mut from, mut to) = (start, end);
        while let Some((&first, &last)) = self.0.range(..=to).next_back()
            && last >= from
        {
            if first <= start && end <= last {
                return false;
            }
            self.0.remove(&first);
            (from, to) = (from.min(first), to.max(last));
        }
        self.0.insert(from, to);
        true
    }
}
