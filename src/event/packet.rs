//! A packet on the wire, as the contract writes it.

use serde::{Deserialize, Serialize};

use super::Side;
use crate::usual;

/// One packet that was captured: what its headers say, with sequence numbers counted from the
/// first byte of the direction.
#[serde_with::skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Packet {
    /// Who sent it.
    pub side: Side,
    /// On which connection, as for an [`super::Event`].
    #[serde(default = "usual::one", skip_serializing_if = "usual::is_one")]
    pub conn: u32,
    /// When the kernel saw it, in microseconds since the run began.
    pub at_us: u64,
    /// The flags that are set; none over UDP.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub flags: Vec<Flag>,
    /// The offset of its first byte into the direction. Absent for a SYN, which stands before
    /// byte 0, and over UDP.
    pub seq: Option<u64>,
    /// How many bytes of the other direction its sender has got: the offset that it expects next.
    /// The other side's FIN counts as one more.
    pub ack: Option<u64>,
    /// How many bytes of payload it carries.
    pub len: u64,
    /// If it is several segments that crossed the stack as one packet: how many bytes each of them
    /// carries, the last perhaps fewer (`gso_size`).
    pub segment: Option<u64>,
    /// How many bytes more its sender has room for.
    pub window: Option<u64>,
    /// The largest segment that its sender takes: stands in a SYN.
    pub mss: Option<u64>,
}

/// A TCP flag (RFC 9293, section 3.1).
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    strum::IntoStaticStr,
    strum::VariantArray,
)]
#[serde(rename_all = "UPPERCASE")]
#[strum(serialize_all = "UPPERCASE")]
#[allow(missing_docs, reason = "the names are the RFC's own")]
pub enum Flag {
    Syn,
    Fin,
    Rst,
    Psh,
    Ack,
    Urg,
    Ece,
    Cwr,
}

impl Flag {
    /// As the RFC writes it.
    pub fn name(self) -> &'static str {
        self.into()
    }
}

impl Packet {
    /// Whether a flag is set.
    pub fn has(&self, flag: Flag) -> bool {
        self.flags.contains(&flag)
    }

    /// The bytes of the direction that it carries, where its place is known.
    pub fn range(&self) -> Option<(u64, u64)> {
        let start = self.seq.filter(|_| self.len > 0)?;
        Some((start, start.checked_add(self.len)?))
    }

    /// The same for each of the segments that it is.
    pub fn segments(&self) -> impl Iterator<Item = (u64, u64)> + use<> {
        let (mut at, end) = self.range().unwrap_or_default();
        // No packet is larger; a trace from a file may say anything.
        let may_be_cut = |size: &u64| *size > 0 && self.len <= 1 << 20;
        let size = self.segment.filter(may_be_cut).unwrap_or(self.len);
        std::iter::from_fn(move || {
            let start = at;
            at = at.saturating_add(size).min(end);
            (start < end).then_some((start, at))
        })
    }
}

/// The capture that a run's packets come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Capture {
    /// The largest packet that the network took, its IP header included.
    pub mtu: u64,
    /// Whether the run had a network of its own, where each packet is one segment. On the host's
    /// loopback one packet may be several segments that cross the stack as one.
    pub private: bool,
    /// Whether the kernel said of each packet if it is several segments (`PACKET_VNET_HDR`).
    #[serde(default, skip_serializing_if = "usual::is_default")]
    pub tells_segments: bool,
    /// Packets that the kernel could not hand over: there was no room for them.
    #[serde(default, skip_serializing_if = "usual::is_default")]
    pub dropped: u64,
}
