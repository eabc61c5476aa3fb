//! The network that a run is watched in.

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, de};

use super::BadValue;

/// The MTU of a network: the largest packet that it takes, its IP header included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(transparent)]
#[schemars(transparent)]
pub struct Mtu(#[schemars(range(min = 576, max = 65_536))] pub u32);

impl Mtu {
    /// Ethernet's, which most networks have.
    pub const USUAL: Self = Self(1500);
    /// What loopback has if nobody changes it.
    pub const LOOPBACK: Self = Self(65_536);

    /// The MTU of this many bytes: from what every IPv4 host takes up to what loopback takes.
    pub fn new(bytes: u64) -> Option<Self> {
        let bytes = u32::try_from(bytes).ok()?;
        (576..=Self::LOOPBACK.0)
            .contains(&bytes)
            .then_some(Self(bytes))
    }
}

impl<'de> Deserialize<'de> for Mtu {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let n = u64::deserialize(from)?;
        Self::new(n).ok_or_else(|| de::Error::custom(BadValue::Mtu(n)))
    }
}

/// How much of the wire is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(rename = "Wire")]
pub enum WireDetail {
    /// The segments with data, and what is out of the ordinary.
    #[default]
    Data,
    /// All packets: handshake, ACKs, close.
    Full,
}

/// How many segments all of TCP had sent again in a network, when a run began and when it was over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Retransmitted {
    /// Before anything of the run.
    pub before: u64,
    /// After the last call that is in its record.
    pub after: u64,
}
