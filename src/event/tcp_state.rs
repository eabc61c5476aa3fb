//! The states of a TCP connection, at one end and at both.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A state of a TCP connection (RFC 9293, section 3.3.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[allow(missing_docs, reason = "the names are the RFC's own")]
pub enum TcpState {
    Established,
    SynSent,
    SynRecv,
    FinWait1,
    FinWait2,
    TimeWait,
    Close,
    CloseWait,
    LastAck,
    Listen,
    Closing,
}

impl TcpState {
    /// The state of this number, as `net/tcp_states.h` numbers them.
    #[must_use]
    pub fn from_number(number: u8) -> Option<Self> {
        Some(match number {
            1 => Self::Established,
            2 => Self::SynSent,
            3 => Self::SynRecv,
            4 => Self::FinWait1,
            5 => Self::FinWait2,
            6 => Self::TimeWait,
            7 => Self::Close,
            8 => Self::CloseWait,
            9 => Self::LastAck,
            10 => Self::Listen,
            11 => Self::Closing,
            _ => return None,
        })
    }
}

/// The states of both ends of a connection. An end of which the kernel knows nothing any more is
/// in the state `CLOSE`.
#[serde_with::skip_serializing_none]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Ends {
    /// The client's end.
    pub client: Option<TcpState>,
    /// The server's end.
    pub server: Option<TcpState>,
}

impl Ends {
    /// Whether each end that is named here is in that state there.
    #[must_use]
    pub fn hold(self, there: Self) -> bool {
        let holds = |here: Option<_>, there| here.is_none() || here == there;
        holds(self.client, there.client) && holds(self.server, there.server)
    }

    /// Nothing is said of either end.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_end_that_is_not_named_may_be_in_any_state() {
        let there = Ends {
            client: Some(TcpState::TimeWait),
            server: Some(TcpState::Close),
        };
        let client = |state| Ends {
            client: Some(state),
            server: None,
        };
        assert!(Ends::default().hold(there) && there.hold(there));
        assert!(client(TcpState::TimeWait).hold(there));
        assert!(!client(TcpState::FinWait2).hold(there));
        assert!(!there.hold(client(TcpState::TimeWait)), "unknown is not so");
    }
}
