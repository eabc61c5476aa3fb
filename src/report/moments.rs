//! Moments at which it is known how many bytes of a direction were out, and in how many segments.
//!
//! After each call the sender's kernel is asked; when bytes leave, and when they are acknowledged, it
//! takes a note by itself. Whoever says so, all are points of one curve, which only rises.
//! What has arrived is another curve. It is the same one as far as each segment arrived once and
//! as it left.

use crate::event::{SenderState, Stamp};

/// One look at the sender.
#[derive(Clone, Copy, Debug)]
pub(super) struct Look {
    /// What it showed.
    pub(super) state: SenderState,
    /// How many bytes had been written until then.
    pub(super) written: u64,
    /// How many bytes reads had returned until then.
    pub(super) read: u64,
    /// Whether there was a FIN by then: it may be what was sent again.
    pub(super) shut: bool,
}

/// Of what the segments up to a moment are the number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Counts {
    /// Of those that carried the bytes up to there.
    #[default]
    Exactly,
    /// Of all that came by then, in order: one that came twice counts twice.
    AtMost,
    /// Of others, too: some came before their turn.
    Others,
}

/// What was so at one moment.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Moment {
    /// Bytes that had left.
    pub(super) out: u64,
    /// Data segments that had left, those sent again included.
    pub(super) segments: u64,
    /// Segments sent again, a SYN or a FIN included.
    pub(super) retransmitted: u64,
    /// Bytes sent again; `None` where the kernel does not say.
    pub(super) resent: Option<u64>,
    /// Bytes that had been acknowledged, at least.
    pub(super) acked: u64,
    /// Bytes that had arrived, at least.
    pub(super) arrived: u64,
    /// The most that a segment could carry.
    pub(super) mss: Option<u64>,
    /// Whether there was a FIN by then.
    pub(super) shut: bool,
    /// Whether the segments are those that carried just these bytes.
    pub(super) counts: Counts,
}

impl Look {
    /// Nothing if it cannot be: more unsent than written.
    pub(super) fn moment(&self) -> Option<Moment> {
        let state = self.state;
        let out = self.written.checked_sub(state.unsent)?;
        let acked = self.written.saturating_sub(state.unacked);
        Some(Moment {
            out,
            segments: state.segments_out,
            retransmitted: state.retransmitted,
            resent: state.bytes_resent(),
            acked: acked.min(out),
            arrived: acked.max(self.read).min(out),
            mss: state.mss,
            shut: self.shut,
            counts: Counts::Exactly,
        })
    }
}

impl Moment {
    /// The moment of a stamp. `shut` says whether there was a FIN when it was fetched.
    pub(super) fn of(stamp: Stamp, shut: bool) -> Self {
        Self {
            out: stamp.sent,
            segments: stamp.segments_out,
            retransmitted: stamp.retransmitted,
            resent: Some(stamp.resent),
            acked: stamp.acked.unwrap_or(0).min(stamp.sent),
            arrived: stamp.acked.unwrap_or(0).min(stamp.sent),
            mss: None,
            shut,
            counts: Counts::Exactly,
        }
    }

    /// The same later on, when so many bytes had been read.
    pub(super) fn once_read(self, read: u64) -> Self {
        let arrived = read.min(self.out).max(self.arrived);
        Self { arrived, ..self }
    }

    /// How many bytes were sent again since another moment, as far as the kernel says.
    pub(super) fn resent_since(self, before: Self) -> Option<u64> {
        if self.retransmitted == before.retransmitted {
            return Some(0);
        }
        self.resent?.checked_sub(before.resent.unwrap_or(0))
    }
}

/// The most that one of the segments can have carried which had left by a look at it. Behind that
/// nobody knows: it grows with the window that the reader announces.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mss {
    pub(super) most: u64,
    /// The least that any look showed.
    pub(super) least: u64,
    /// How many bytes these segments carried.
    pub(super) until: u64,
}

impl Mss {
    /// As the looks at a sender showed it.
    pub(super) fn of(sender: &[Moment]) -> Option<Self> {
        let looks = sender.iter().filter_map(|it| Some((it.mss?, it.out)));
        looks
            .map(|(most, until)| Self {
                most,
                least: most,
                until,
            })
            .reduce(|a, b| Self {
                most: a.most.max(b.most),
                least: a.least.min(b.least),
                until: a.until.max(b.until),
            })
    }

    /// Whether a segment of so many bytes had room for more, whatever options TCP put into it (at
    /// most 40 bytes): then the kernel had nothing more to send with it.
    pub(super) fn is_more_than(self, bytes: u64) -> bool {
        bytes.saturating_add(40) < self.least
    }

    /// The most that a segment with bytes up to this one can have carried.
    pub(super) fn of_bytes_to(self, end: u64) -> Option<u64> {
        (end <= self.until).then_some(self.most)
    }
}

/// Puts moments of one curve into the order of time.
pub(super) fn in_order(moments: &mut [Moment]) {
    moments.sort_by_key(|it| (it.out, it.segments, it.retransmitted, it.arrived));
}
