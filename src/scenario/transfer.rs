//! File transfers, resolved: the header is made, the content is known without being held.

use super::Writes;
use crate::frame::{self, Layout};

/// A file to send.
#[derive(Clone, Debug, PartialEq)]
pub struct FileOut {
    /// Prefix and header, with the parts of the whole message.
    pub head: Writes,
    /// What follows.
    pub content: Content,
    /// How many bytes of it go into each write.
    pub chunk: usize,
    /// How many bytes of it are sent.
    pub stop: u64,
}

/// A file to receive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileIn {
    /// The form of the prefix.
    pub layout: Layout,
    /// The largest file, in bytes.
    pub limit: u64,
    /// The largest header, in bytes.
    pub header_limit: u64,
    /// How many bytes of the content a read asks for at most.
    pub slice: usize,
    /// Whether it is written under the target's name from the start.
    pub in_place: bool,
}

/// A file's content: something that is repeated, so that of any size only a chunk is held.
#[derive(Clone, Debug, PartialEq)]
pub struct Content {
    unit: Vec<u8>,
    size: u64,
    /// The place of a byte whose lowest bit is flipped.
    alter: Option<u64>,
}

impl Content {
    /// This `unit` so many times, with one byte altered.
    pub(super) fn new(unit: Vec<u8>, times: usize, alter: Option<u64>) -> Self {
        let size = (unit.len() as u64).saturating_mul(times as u64);
        Self { unit, size, alter }
    }

    /// The MD5 of the content as it was before it was altered.
    pub(super) fn md5(&self) -> String {
        let times = self.size.checked_div(self.unit.len() as u64);
        frame::md5_of((0..times.unwrap_or(0)).map(|_| &self.unit[..]))
    }

    /// How many bytes it has.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Puts the bytes from `at` on into the buffer, as many as there are and fit.
    pub fn fill(&self, at: u64, most: usize, buffer: &mut Vec<u8>) {
        buffer.clear();
        let left = self.size.saturating_sub(at);
        let n = usize::try_from(left).map_or(most, |left| left.min(most));
        if n == 0 {
            return;
        }
        // What is below a length in memory fits into a `usize`.
        let mut from = usize::try_from(at % self.unit.len() as u64).unwrap_or(0);
        while buffer.len() < n {
            let take = (self.unit.len() - from).min(n - buffer.len());
            buffer.extend_from_slice(&self.unit[from..from + take]);
            from = 0;
        }
        let altered = self.alter.and_then(|alter| alter.checked_sub(at));
        if let Some(byte) = altered
            .and_then(|i| usize::try_from(i).ok())
            .and_then(|i| buffer.get_mut(i))
        {
            *byte ^= 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_is_the_same_in_whatever_chunks() {
        let content = Content::new(b"abc".to_vec(), 3, Some(4));
        // Python: `hashlib.md5(b"abcabcabc").hexdigest()`.
        assert_eq!(content.md5(), "97ac82a5b825239e782d0339e2d7b910");
        for most in 1..=10 {
            let (mut all, mut chunk) = (Vec::new(), Vec::new());
            while (all.len() as u64) < content.size() {
                content.fill(all.len() as u64, most, &mut chunk);
                all.extend_from_slice(&chunk);
            }
            assert_eq!(all, b"abcaccabc", "{most}");
        }
        let empty = Content::new(Vec::new(), 3, None);
        let mut chunk = vec![1];
        empty.fill(0, 8, &mut chunk);
        assert_eq!(chunk, b"");
    }
}
