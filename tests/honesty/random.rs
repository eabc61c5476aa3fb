//! Numbers that a seed decides (splitmix64): the same seed gives the same lab on every machine.

/// A row of numbers.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number from `least` to `most`.
    pub(crate) fn within(&mut self, least: u64, most: u64) -> u64 {
        least + self.next() % (most - least + 1)
    }

    /// True in so many cases of a hundred.
    pub(crate) fn percent(&mut self, of_hundred: u64) -> bool {
        self.within(1, 100) <= of_hundred
    }

    /// One of these.
    pub(crate) fn of<T: Copy>(&mut self, all: &[T]) -> T {
        let last = all.len() as u64 - 1;
        all[usize::try_from(self.within(0, last)).expect("a place in a slice")]
    }

    /// The place of one of these, each as likely as its number says.
    pub(crate) fn weighed(&mut self, weights: &[u64]) -> usize {
        let mut left = self.within(1, weights.iter().sum());
        for (place, weight) in weights.iter().enumerate() {
            if left <= *weight {
                return place;
            }
            left -= weight;
        }
        unreachable!("the weights come to their sum")
    }
}
