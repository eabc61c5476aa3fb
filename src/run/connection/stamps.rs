//! The time stamps that the kernel takes of what a connection writes, fetched after each call.

use std::time::Duration;

use socket2::Socket;

use super::Context;
use crate::event::Stamp;
use crate::run::began::Began;
use crate::run::kernel::RawStamp;

/// Two looks at the clocks agree within this; more means that one of them was set.
const SAME: Duration = Duration::from_millis(1);

/// What is known of a connection's stamps.
#[derive(Default)]
pub(super) struct Stamps {
    /// When the run began, as it was when the kernel was asked for stamps; none if there are none.
    began: Option<Began>,
    /// How many bytes the kernel has taken.
    taken: u64,
    /// How many of them are known to be acknowledged.
    acked: u64,
    /// Fetched, and not yet in the record.
    fetched: Vec<RawStamp>,
}

impl Stamps {
    /// Asks for them, before the first write.
    pub(super) fn ask(&mut self, ctx: &Context, socket: &Socket) {
        let kept = ctx.kernel.ask_for_stamps(socket);
        self.began = kept.then(|| Began::at(ctx.recorder.start));
    }

    /// Notes what a write has handed over.
    pub(super) fn has_taken(&mut self, bytes: usize) {
        self.taken += bytes as u64;
    }

    /// Fetches the next one, if there is one.
    pub(super) fn fetch(&mut self, ctx: &Context, socket: &Socket) -> bool {
        if self.began.is_none() {
            return false;
        }
        let is_one = ctx.kernel.fetch_stamp(socket, &mut self.fetched);
        if let Some(acked) = self.fetched.last().and_then(|it| it.acked) {
            self.acked = self.acked.max(self.behind(acked));
        }
        is_one
    }

    /// How many bytes there are up to the one with this number, which has 32 bits.
    fn behind(&self, number: u32) -> u64 {
        let end = u64::from(number) + 1;
        let rounds = self.taken.saturating_sub(end) >> 32;
        end + (rounds << 32)
    }

    /// All that there are by now and are not in the record yet.
    pub(super) fn take(&mut self, ctx: &Context, socket: &Socket) -> Vec<Stamp> {
        while self.acked < self.taken && self.fetch(ctx, socket) {}
        let Some(began) = self.began.filter(|_| !self.fetched.is_empty()) else {
            return Vec::new();
        };
        let now = Began::at(ctx.recorder.start);
        let fetched = std::mem::take(&mut self.fetched);
        let stamps = fetched.into_iter().map(|it| Stamp {
            at_us: now.is_about(began, SAME).then(|| now.microseconds(it.at)),
            acked: it.acked.map(|number| self.behind(number)),
            sent: it.sent,
            segments_out: it.segments_out,
            retransmitted: it.retransmitted,
            resent: it.resent,
        });
        stamps.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_of_32_bits_means_the_last_such_byte_that_was_written() {
        let behind = |taken, number| {
            Stamps {
                taken,
                ..Stamps::default()
            }
            .behind(number)
        };
        assert_eq!(behind(5, 4), 5);
        assert_eq!(behind(1 << 32, u32::MAX), 1 << 32);
        assert_eq!(behind((1 << 32) + 3, 2), (1 << 32) + 3);
        assert_eq!(behind((1 << 32) + 3, 7), 8);
        assert_eq!(
            behind(0, 7),
            8,
            "more than were written: as the kernel says"
        );
    }
}
