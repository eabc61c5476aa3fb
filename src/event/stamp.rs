//! What the kernel noted by itself: when bytes left, and when they were acknowledged.

use serde::{Deserialize, Serialize};

use crate::usual;

/// A moment at which the last byte of a write left, or was acknowledged, with the counters of that
/// very moment (`SO_TIMESTAMPING`, `SOF_TIMESTAMPING_OPT_STATS`).
///
/// Nothing need be noted of a write: one whose last byte left in a segment with bytes of a later
/// write has none, and what finds no room is not kept.
#[serde_with::skip_serializing_none]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    /// When, in microseconds since the run began; absent where the clock that the kernel takes
    /// was set meanwhile.
    pub at_us: Option<u64>,
    /// How many bytes were then known to be acknowledged, at least; absent in a stamp of bytes that
    /// leave.
    pub acked: Option<u64>,
    /// How many bytes had left.
    pub sent: u64,
    /// Data segments sent so far, retransmissions included.
    pub segments_out: u64,
    /// Segments sent again so far.
    #[serde(default, skip_serializing_if = "usual::is_default")]
    pub retransmitted: u64,
    /// Bytes sent again so far.
    #[serde(default, skip_serializing_if = "usual::is_default")]
    pub resent: u64,
}

/// What the kernel says of a stream socket's receiving half, from one `TCP_INFO`.
#[serde_with::skip_serializing_none]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceiverState {
    /// Bytes that have arrived without a gap before them, read or not (`tcpi_bytes_received`,
    /// without the FIN).
    pub bytes: u64,
    /// Data segments that have arrived, those that came again included (`tcpi_data_segs_in`).
    pub segments: u64,
    /// How many of them came before their turn (`tcpi_rcv_ooopack`); absent before Linux 5.4.
    pub early: Option<u64>,
}
