//! Packets: from the bytes of a frame to what its headers say, with numbers that count from a
//! connection's first byte. No socket is touched here, and no cause is named.

mod decode;
mod follow;

pub use decode::{Headers, Tcp, decode};
pub use follow::Follower;

use std::time::Duration;

/// A packet as it was captured.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// When the kernel saw it, since 1970.
    pub at: Duration,
    /// Its bytes, or as many as were kept.
    pub bytes: Vec<u8>,
    /// How many it had.
    pub on_wire: usize,
}
