//! What may come of a run: which sequences of reads some timing of the network could give, and
//! which none can.
//!
//! TCP promises a stream: every byte, once, in order. When the bytes arrive, and so how many of
//! them a read finds, it leaves open. UDP promises whole datagrams, each of which may be lost. A
//! sequence of reads is legal if the bytes can arrive in such a way that the script's own calls
//! return it. Nothing is run and no clock is read to find that out.
//!
//! The model allows what Linux on loopback will hardly ever do, such as a segment that ends in the
//! middle of a short write: another network may. What it forbids, none can do.

#[cfg(test)]
mod brute;
mod datagrams;
mod model;
mod stream;

pub use model::{Model, Unmodelled};

use crate::event::Side;

/// A range of bytes of a direction: from, and up to, not including.
pub type Range = (u64, u64);

/// What the reads of a run returned, by the side that had written it, the client first: the reads
/// that returned bytes (over UDP, a datagram), in order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Reads(pub [Vec<Range>; 2]);

impl Reads {
    /// The reads of what this side wrote.
    pub fn from(&self, side: Side) -> &[Range] {
        &self.0[side.index()]
    }
}

/// Whether the waits of the script count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Waits {
    /// A side waits as its script says, and ends where what it waits for cannot come any more:
    /// what may come of this very run.
    Kept,
    /// No side waits: what the transport allows for these writes and reads.
    Ignored,
}

/// Why a sequence of reads is not legal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// The first read that cannot be, from 0; one more than there are if another would follow.
    pub read: usize,
    /// The rule that it breaks.
    pub rule: Rule,
}

/// What no timing can change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rule {
    /// Nothing is left out: these bytes come first.
    Skipped(Range),
    /// A stream gives each byte once: these had been read.
    Again,
    /// Nobody wrote these bytes.
    NotWritten,
    /// A read returns at most what it asked for.
    OverSize {
        /// What it asked for.
        asked: u64,
    },
    /// A read that returns nothing is the end of the stream, and there are bytes to come.
    NotTheEnd,
    /// The script makes no further read.
    NoSuchRead,
    /// A read waits until there is at least a byte, and returns it.
    Returns,
    /// These bytes are written only after something that comes later.
    NotYet,
    /// By then a wait of the script has made sure of more, or less, than this read would show.
    Wait,
    /// A read returns one datagram, never a part of the next as well.
    Merged,
    /// What did not fit into the read before is gone.
    Gone,
    /// A datagram that fits comes whole.
    CutShort,
    /// On loopback the datagrams of one socket keep their order. (UDP itself promises none.)
    Order,
}

/// All legal outcomes of a script, or as many as were looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Legal {
    /// The outcomes, larger reads first.
    pub outcomes: Vec<Reads>,
    /// Whether these are all.
    pub complete: bool,
}

/// Whether these reads of what `from` wrote are legal, and if not, the rule that they break. What
/// the other side may read meanwhile is left open.
///
/// # Errors
/// Names the first read that cannot be, and why.
pub fn check(script: &Model, from: Side, reads: &[&[u8]], waits: Waits) -> Result<(), Broken> {
    if script.is_datagrams {
        datagrams::check(script, from, reads)
    } else {
        stream::check(script, from, reads, waits)
    }
}

/// The legal outcomes of a script, at most so many.
pub fn enumerate(script: &Model, waits: Waits, most: usize) -> Legal {
    if script.is_datagrams {
        datagrams::enumerate(script, most)
    } else {
        stream::enumerate(script, waits, most)
    }
}

/// Where these bytes stand in a stream, at this offset or behind it.
fn find(stream: &[u8], bytes: &[u8], from: usize) -> Option<usize> {
    let rest = stream.get(from..)?;
    let at = rest.windows(bytes.len()).position(|found| found == bytes)?;
    Some(from + at)
}
