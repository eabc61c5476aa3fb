//! The contract between what runs and what shows: one event a call, as it was seen to happen.
//!
//! A [`Trace`] is all that a live run leaves behind, and all that a report is made from. It holds
//! facts only: what was asked, what came back, when, and what the kernel said right after. Who
//! owns a byte and why an edge was lost is for [`crate::report`] to work out.

mod action;
mod bad_value;
mod barrier;
mod bytes;
mod carried;
mod claims;
mod error;
#[cfg(test)]
pub(crate) mod fixture;
mod label;
mod network;
mod packet;
mod payload;
mod size;
mod stamp;
mod tcp_state;
mod texts;
mod trace;
mod transport;
mod written_as;

use serde::{Deserialize, Serialize};

use crate::usual;
pub use action::{Action, Command, FullPipe, NumberPlace, StoredFile, Taken, Undone};
pub use bad_value::{BadValue, Expected};
pub use barrier::Barrier;
pub use bytes::{Bytes, from_hex};
pub use carried::{Decoded, DecoderState, PartLen, Read, Write};
pub use claims::{
    Bounds, ClaimedCut, ClaimedCutBy, ClaimedFate, ClaimedLoop, ClaimedRecvs, Claims,
};
pub use error::{
    DEADLINE, INTERRUPTED, NO_JSON, NO_NUMBER, NO_PROGRAM, NO_TEXT, OUT_OF_RANGE, PEER_CLOSED,
    PEER_ENDED, PEER_RESET, RECORD_FULL, STUCK, TOO_LONG, UNFINISHED, UNREACHABLE, UNSUPPORTED,
    WRONG_SIZE,
};
pub use label::Label;
pub use network::{Mtu, Retransmitted, WireDetail};
pub use packet::{Capture, Flag, Packet};
pub use payload::{MAX_PAYLOAD, Payload, PayloadSource};
pub use size::{MAX_SIZE, Size, SizeForm};
pub use stamp::{ReceiverState, Stamp};
pub use tcp_state::{Ends, TcpState};
pub use texts::{Text, Texts};
pub use trace::{LabInfo, Program, RunHead, RunTrace, Script, Trace};
pub use transport::Transport;
pub(crate) use written_as::written_as;

/// The version of the JSON contract; raised when a reader of the old one would be misled.
pub const SCHEMA: u32 = 1;

/// One of the two programs in a run.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, strum::Display,
)]
#[cfg_attr(test, derive(Default))]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
pub enum Side {
    #[cfg_attr(test, default)]
    /// The side that connects, or sends the first datagram.
    Client,
    /// The side that listens.
    Server,
}

impl Side {
    /// Both, client first.
    pub const BOTH: [Self; 2] = [Self::Client, Self::Server];

    /// Its place in [`Side::BOTH`].
    pub fn index(self) -> usize {
        usize::from(self == Self::Server)
    }

    /// The peer of this side.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::Client => Self::Server,
            Self::Server => Self::Client,
        }
    }
}

/// One call of one side, or one step that stands between calls.
///
/// Events are in the order in which they can have had their effect: a write counts from its call,
/// a read from its return, so a read never stands before the write whose bytes it returned.
#[serde_with::skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// Place in the run, from 0.
    pub seq: u64,
    /// Whose call it was.
    pub side: Side,
    /// On which connection: 1 for the client's, 2 for that of the first of `more_clients`, and so
    /// on; 0 for a datagram from or to somebody who is none of the run's. Absent for 1.
    #[serde(default = "usual::one", skip_serializing_if = "usual::is_one")]
    pub conn: u32,
    /// How many calls of the same kind, one after the other, this event stands for. Absent for 1.
    ///
    /// Of a file transfer the first and last few calls are kept, and those between are one event,
    /// so that a record does not grow with the file: `asked` is what each of them asked for,
    /// `returned` the sum, `hex` is empty, and the kernel's word and the decoder's are the last
    /// one's.
    #[serde(default = "usual::one", skip_serializing_if = "usual::is_one")]
    pub calls: u64,
    /// When the call was made, in microseconds since the run began.
    pub call_us: u64,
    /// When it returned, in microseconds since the run began.
    pub return_us: u64,
    /// The call itself.
    #[serde(flatten)]
    pub action: Action,
    /// What the kernel said of this socket's sending half right after the call (right before a
    /// `close`); absent where it says nothing.
    /// In a box: reads have none, and a record has many of them.
    pub kernel: Option<Box<SenderState>>,
    /// What it said of the receiving half right after the call; absent where it says nothing.
    pub arrived: Option<Box<ReceiverState>>,
    /// What it had noted by then of bytes that this side wrote, and had not told before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stamps: Vec<Stamp>,
    /// Why it failed: an errno name (`ECONNRESET`), or one of [`DEADLINE`], [`INTERRUPTED`],
    /// [`PEER_ENDED`], [`PEER_CLOSED`], [`PEER_RESET`], [`UNREACHABLE`],
    /// [`OUT_OF_RANGE`], [`UNSUPPORTED`], [`WRONG_SIZE`], [`NO_NUMBER`],
    /// [`NO_JSON`], [`NO_TEXT`], [`UNFINISHED`], [`NO_PROGRAM`], [`TOO_LONG`], [`STUCK`], [`RECORD_FULL`].
    pub error: Option<String>,
}

impl Event {
    /// Whether its socket's receive queue is gone with it: closed, or reset.
    pub fn ends_reading(&self) -> bool {
        let closes = matches!(self.action, Action::Close | Action::Abort);
        (closes && self.error.is_none()) || self.error.as_deref() == Some("ECONNRESET")
    }

    /// How many bytes it moved. Those of a single call are all in the record; of several in one
    /// event only the count is.
    pub fn carried(&self) -> u64 {
        match self.recorded() {
            Some((_, returned)) if self.calls > 1 => returned.unwrap_or(0),
            Some((recorded, _)) => recorded,
            None => 0,
        }
    }

    /// Of a write or a read: how many bytes of it the record has, and how many it says there were.
    fn recorded(&self) -> Option<(u64, Option<u64>)> {
        let written = self
            .action
            .write()
            .map(|write| (&write.hex, write.returned));
        let read = || self.action.read().map(|read| (&read.hex, read.returned));
        let (hex, returned) = written.or_else(read)?;
        Some((hex.0.len() as u64, returned))
    }

    /// What in this event cannot be true of any call; a record from a file may say anything.
    pub fn contradiction(&self) -> Option<Contradiction> {
        let call = self.action.name();
        if self.return_us < self.call_us {
            return Some(Contradiction::ReturnedEarly { call });
        }
        match self.recorded() {
            Some((recorded, Some(returned))) if self.calls == 1 && recorded != returned => {
                Some(Contradiction::Bytes {
                    call,
                    returned,
                    recorded,
                })
            }
            _ => None,
        }
    }

    /// Whether the call counts from its return: what a read saw was there by then. What a write
    /// does can be seen from its call on.
    pub fn counts_from_return(action: &Action) -> bool {
        matches!(
            action,
            Action::Connect { .. }
                | Action::Accept { .. }
                | Action::Recv(_)
                | Action::Recvfrom(_)
                | Action::Await { .. }
                | Action::States { .. }
                | Action::Pause { .. }
                | Action::Command(_)
        )
    }

    /// When the call counts, in microseconds since the run began.
    pub fn at_us(&self) -> u64 {
        if Self::counts_from_return(&self.action) {
            self.return_us
        } else {
            self.call_us
        }
    }
}

/// What in an event cannot be true of any call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Contradiction {
    /// It returned before it was called.
    ReturnedEarly {
        /// The call.
        call: &'static str,
    },
    /// So many bytes are not those that stand there.
    Bytes {
        /// The call.
        call: &'static str,
        /// How many it returned.
        returned: u64,
        /// How many are recorded.
        recorded: u64,
    },
}

/// What the kernel says of a stream socket's sending half, from one `SIOCOUTQ` and, right after it,
/// one `TCP_INFO` (consistent in itself).
#[serde_with::skip_serializing_none]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SenderState {
    /// Bytes written and not yet acknowledged, unsent ones included (`SIOCOUTQ`).
    pub unacked: u64,
    /// Bytes written and not yet sent (`tcpi_notsent_bytes`).
    pub unsent: u64,
    /// Whether a FIN stands behind them that is not acknowledged yet. The kernel counts it as one
    /// byte more, these numbers do not.
    #[serde(default, skip_serializing_if = "usual::is_default")]
    pub fin: bool,
    /// Whether the connection was over (`tcpi_state` is CLOSE). The kernel goes on counting what it
    /// then has thrown away.
    #[serde(default, skip_serializing_if = "usual::is_default")]
    pub over: bool,
    /// Data segments sent so far, retransmissions included (`tcpi_data_segs_out`).
    pub segments_out: u64,
    /// Segments sent again so far, a SYN or a FIN included, which `segments_out` does not count
    /// (`tcpi_total_retrans`).
    #[serde(default, skip_serializing_if = "usual::is_default")]
    pub retransmitted: u64,
    /// Bytes sent again so far (`tcpi_bytes_retrans`): whether there was data in what was sent
    /// again. Absent before Linux 4.19.
    pub resent: Option<u64>,
    /// The most bytes that a segment may carry now (`tcpi_snd_mss`).
    pub mss: Option<u64>,
}

impl SenderState {
    /// Bytes sent again so far; `None` where the kernel does not say.
    pub fn bytes_resent(&self) -> Option<u64> {
        let nothing = (self.retransmitted == 0).then_some(0);
        nothing.or(self.resent)
    }

    /// Whether the other side has broken the connection off: it was over before all had been
    /// acknowledged.
    pub fn is_reset(&self) -> bool {
        self.over && (self.unacked > 0 || self.fin)
    }

    /// The same without the FIN, which the kernel counts as one byte until it is acknowledged:
    /// `shut` says whether there is one.
    #[must_use]
    pub fn without_fin(self, shut: bool) -> Self {
        let fin = u64::from(shut);
        Self {
            unacked: self.unacked.saturating_sub(fin),
            unsent: self.unsent.saturating_sub(fin),
            fin: shut && self.unacked > 0,
            ..self
        }
    }
}
