//! When a wait can never come true any more, and who has gone.

use std::io;

use socket2::Socket;

use super::wait::watch;
use super::{Connection, Context};
use crate::event::{
    Barrier, PEER_CLOSED, PEER_ENDED, PEER_RESET, Side, TcpState, Transport, UNREACHABLE,
};
use crate::run::kernel;
use crate::run::rendezvous::ClientName;

/// What a socket for datagrams has got, and from whom it may get more.
pub(super) struct Inbox {
    transport: Transport,
    /// The address of the client's end, once it is known.
    client: Option<ClientName>,
    received: u64,
}

impl Inbox {
    /// Whether all that was ever sent here has been read or was dropped, and nobody is left who
    /// could send more. A datagram may still be on its way when its sender has ended.
    fn is_all(&self, ctx: &Context, socket: &Socket) -> bool {
        let peer = ctx.recorder.side.other();
        // To a client comes what was sent to it, to a server what all clients sent.
        let own = self.client.as_ref().filter(|_| peer == Side::Server);
        let state = ctx.rendezvous.look();
        let gone = ctx.rendezvous.is_gone(&state, peer);
        let sent = state.sent(peer, own);
        drop(state);
        if !gone && !self.transport.may_drop() {
            return false;
        }
        let dropped = || {
            if self.transport.may_drop() {
                ctx.kernel.dropped(socket)
            } else {
                Some(0)
            }
        };
        let drained = dropped().is_some_and(|dropped| self.received + dropped >= sent);
        // A sender may be waiting for the read of one that was dropped.
        if drained && own.is_none() && matches!(kernel::is_readable(socket), Ok(false)) {
            ctx.rendezvous.has_drained(ctx.recorder.side, sent);
        }
        gone && drained
    }

    /// Waits for a datagram.
    pub(super) fn await_one(&self, ctx: &Context, socket: &Socket) -> io::Result<()> {
        watch(ctx, socket, true, || {
            let is_all = self.is_all(ctx, socket);
            match kernel::is_readable(socket) {
                Ok(false) => is_all.then(|| Err(peer_ended())),
                done => Some(done.map(drop)),
            }
        })
    }
}

/// Waits until somebody has connected.
pub(super) fn await_client(ctx: &Context, listener: &Socket) -> io::Result<()> {
    watch(ctx, listener, true, || {
        let is_last = ctx.rendezvous.is_everybody_here(&ctx.rendezvous.look());
        match kernel::is_readable(listener) {
            Ok(false) => is_last.then(|| Err(peer_ended())),
            done => Some(done.map(drop)),
        }
    })
}

fn peer_ended() -> io::Error {
    io::Error::new(io::ErrorKind::BrokenPipe, PEER_ENDED)
}

impl Connection {
    /// Whether a count that is asked for from here on is the last one, so that what it does not
    /// fulfil now nothing will; then the error that says why.
    pub(super) fn is_last_count(&self, ctx: &Context, barrier: &Barrier) -> Option<&'static str> {
        // This fetches the time stamps, too: one that is there would hide the next one.
        let has_error = self.has_error(ctx) == Some(true);
        let ended = || if has_error { PEER_RESET } else { PEER_CLOSED };
        let state = || {
            let is_tcp = self.transport.is_tcp();
            is_tcp.then(|| ctx.kernel.state(&self.socket))?
        };
        match barrier {
            Barrier::Queued(_) if !self.transport.has_connections() => {
                // FIONREAD counts the next datagram only, and that one stays the next.
                if kernel::is_readable(&self.socket).ok()? {
                    return Some(UNREACHABLE);
                }
                let inbox = self.inbox();
                inbox.is_all(ctx, &self.socket).then_some(PEER_ENDED)
            }
            Barrier::Queued(_) => ctx.kernel.is_at_end(&self.socket).then(ended),
            // An orderly end comes after the last ACK.
            Barrier::Sent | Barrier::Acked => (state()? == TcpState::Close).then_some(PEER_RESET),
            Barrier::State(wanted) => match state()? {
                now if may_become(now, *wanted) => None,
                TcpState::Close | TcpState::CloseWait | TcpState::LastAck | TcpState::Closing => {
                    Some(ended())
                }
                _ => Some(UNREACHABLE),
            },
            Barrier::Error if self.transport.is_tcp() => {
                (state()? == TcpState::Close).then_some(PEER_CLOSED)
            }
            // To a socket without a peer no error comes (udp(7)), nor to a local one.
            Barrier::Error if !self.transport.has_connections() => {
                let may_come = self.connected && self.transport.may_drop();
                (!may_come).then_some(UNREACHABLE)
            }
            Barrier::Error => {
                let peer = ctx.recorder.side.other();
                let closed = ctx.rendezvous.look().is_closed(peer, self.client.as_ref()?);
                closed.then_some(PEER_CLOSED)
            }
            Barrier::Read | Barrier::Signal(_) => None,
        }
    }

    /// What it has got, and may get, over datagrams.
    pub(super) fn inbox(&self) -> Inbox {
        Inbox {
            transport: self.transport,
            client: self.client.clone(),
            received: self.received,
        }
    }
}

/// Whether a connection comes from one state into another, or is in it, by what the other side and
/// the network do: this side waits (RFC 9293, section 3.3.2).
fn may_become(now: TcpState, wanted: TcpState) -> bool {
    use TcpState::{
        Close, CloseWait, Closing, Established, FinWait1, FinWait2, LastAck, Listen, SynRecv,
        SynSent, TimeWait,
    };
    let ways: &[TcpState] = match now {
        SynSent => &[SynRecv, Established, CloseWait, Close],
        SynRecv => &[Established, CloseWait, Close],
        Established => &[CloseWait, Close],
        FinWait1 => &[FinWait2, Closing, TimeWait, Close],
        FinWait2 | Closing => &[TimeWait, Close],
        CloseWait | LastAck | TimeWait => &[Close],
        Close | Listen => &[],
    };
    now == wanted || ways.contains(&wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_is_reached_by_what_the_other_side_does_or_never() {
        use TcpState::{Close, CloseWait, Established, FinWait1, FinWait2, TimeWait};
        assert!(may_become(Established, CloseWait) && may_become(CloseWait, Close));
        assert!(may_become(FinWait1, FinWait2) && may_become(FinWait2, FinWait2));
        assert!(
            !may_become(Established, FinWait1),
            "this side would have to close"
        );
        assert!(!may_become(Close, CloseWait) && !may_become(CloseWait, Established));
        assert!(
            !may_become(Close, TimeWait),
            "its own socket is out of it by then"
        );
    }
}
