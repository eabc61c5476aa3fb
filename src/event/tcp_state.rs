//! The states of a TCP connection, at one end and at both.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A state of a TCP connection (RFC 9293, section 3.3.2).
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, strum::FromRepr,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[allow(missing_docs, reason = "the names are the RFC's own")]
// The numbers are those of net/tcp_states.h.
#[repr(u8)]
pub enum TcpState {
    Established = 1,
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
    pub fn hold(self, there: Self) -> bool {
        let holds = |here: Option<_>, there| here.is_none() || here == there;
        holds(self.client, there.client) && holds(self.server, there.server)
    }

    /// The same, for all that is known of the ends there.
    pub fn may_hold(self, there: Self) -> bool {
        self.hold(Self {
            client: there.client.or(self.client),
            server: there.server.or(self.server),
        })
    }

    /// Nothing is said of either end.
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
