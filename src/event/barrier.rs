//! What a side may wait for.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Size, TcpState};

/// Something to wait for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Barrier {
    /// At least so many bytes are in this side's receive queue (FIONREAD).
    Queued(Size),
    /// Everything that this side wrote has left (SIOCOUTQNSD is 0).
    Sent,
    /// Everything that this side wrote has been acknowledged (SIOCOUTQ is 0).
    Acked,
    /// This side's TCP is in this state (`TCP_INFO`).
    State(TcpState),
    /// Everything that this side wrote has been read by the other side's calls.
    Read,
    /// The kernel has an error ready for this side's next call (POLLERR).
    Error,
    /// The other side has come to the `signal` of this name.
    Signal(String),
}
