//! A run's script as the model needs it: what is written, how it is read, and who waits for whom.

use crate::event::{Barrier, Side};
use crate::frame::Framing;
use crate::scenario::{Scenario, Step};
use crate::text::TextErrors;

/// What both sides of a run do, as far as it decides what their reads can return.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    /// Whether each write is a datagram.
    pub(super) is_datagrams: bool,
    /// Whether one may be lost on the way.
    pub(super) may_lose: bool,
    pub(super) client: Vec<Op>,
    pub(super) server: Vec<Op>,
    /// What the client writes.
    pub(super) from_client: Written,
    /// What the server writes.
    pub(super) from_server: Written,
}

/// What a side writes.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Written {
    /// The bytes, unless they depend on what is read.
    pub(super) bytes: Option<Vec<u8>>,
    /// Where each write ends.
    pub(super) ends: Vec<u64>,
}

/// A script of which the model cannot say what may come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unmodelled {
    /// Several clients: who is accepted first decides who reads what.
    Clients,
    /// How much of a write is taken is decided by the kernel's buffers.
    PartialWrites,
    /// A reset throws bytes away.
    Reset,
    /// A step whose reads depend on more than the bytes.
    Step,
    /// One side is another program.
    Elsewhere,
}

/// One thing that a side does.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Op {
    /// So many bytes, in one write.
    Write(u64),
    /// Reading.
    Read(Reading),
    /// Reads to the end of the stream, each answered by as many bytes and so many more.
    Echo {
        size: u64,
        more: u64,
    },
    /// Until the peer's kernel has all that was written.
    Acked,
    /// Until the peer has read all that was written.
    IsRead,
    /// Until so many bytes are queued here.
    Queued(u64),
    /// Until the peer has said this.
    Heard(String),
    Say(String),
    Close,
}

/// A way of reading: how much each call asks for, and when it stops.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Reading {
    /// One call.
    Once(u64),
    /// Calls that ask for the rest until all of it has come.
    Exact(u64),
    /// Calls until the stream has been read up to this offset; the last size goes on.
    UpTo { offset: u64, sizes: Vec<u64> },
    /// Calls until the stream ends.
    ToEnd(u64),
}

impl Model {
    /// The script of a run.
    ///
    /// # Errors
    /// Says what it is that the model does not know.
    pub fn of(scenario: &Scenario) -> Result<Self, Unmodelled> {
        if scenario.script.elsewhere().is_some() {
            return Err(Unmodelled::Elsewhere);
        }
        let [client] = &scenario.clients[..] else {
            return Err(Unmodelled::Clients);
        };
        let (from_client, from_server) = (written(client), written(&scenario.server));
        // Which answers there are depends on which questions were lost.
        let known = |written: &Written| written.bytes.is_some();
        if scenario.transport.keeps_edges() && !(known(&from_client) && known(&from_server)) {
            return Err(Unmodelled::Step);
        }
        Ok(Self {
            is_datagrams: scenario.transport.keeps_edges(),
            may_lose: scenario.transport.may_drop(),
            client: ops(client, &from_server)?,
            server: ops(&scenario.server, &from_client)?,
            from_client,
            from_server,
        })
    }

    pub(super) fn ops(&self, side: Side) -> &[Op] {
        match side {
            Side::Client => &self.client,
            Side::Server => &self.server,
        }
    }

    pub(super) fn written(&self, side: Side) -> &Written {
        match side {
            Side::Client => &self.from_client,
            Side::Server => &self.from_server,
        }
    }
}

fn ops(steps: &[Step], peer: &Written) -> Result<Vec<Op>, Unmodelled> {
    let mut ops = Vec::new();
    let mut decoder = Frames::default();
    for step in steps {
        let (step, tried) = match step {
            Step::Try(inner) => (&**inner, true),
            step => (step, false),
        };
        match step {
            Step::Send(bytes) | Step::Sendto(bytes) => ops.push(Op::Write(bytes.len() as u64)),
            Step::SendFrame(framed) => {
                for (i, piece) in framed.pieces.iter().enumerate() {
                    ops.push(Op::Write(piece.len() as u64));
                    if framed.await_read && i + 1 < framed.pieces.len() {
                        ops.push(Op::IsRead);
                    }
                }
            }
            Step::Recv(size) | Step::Recvfrom(size) => {
                ops.push(Op::Read(Reading::Once(*size as u64)));
            }
            Step::RecvExact(size) => ops.push(Op::Read(Reading::Exact(*size as u64))),
            Step::RecvUntilEnd(size) | Step::RecvfromRest(size) => {
                ops.push(Op::Read(Reading::ToEnd(*size as u64)));
            }
            Step::RecvText(text) if text.errors != TextErrors::Strict => {
                ops.push(Op::Read(Reading::ToEnd(text.size.0 as u64)));
            }
            Step::RecvFrames {
                framing,
                count,
                sizes,
            } => {
                let bytes = peer.bytes.as_deref().ok_or(Unmodelled::Step)?;
                let sizes: Vec<u64> = sizes.iter().map(|size| *size as u64).collect();
                let (offset, refused) = decoder.next(*framing, *count, bytes)?;
                ops.push(Op::Read(Reading::UpTo { offset, sizes }));
                if refused && !tried {
                    break;
                }
            }
            Step::Echo(echo) => ops.push(Op::Echo {
                size: echo.size.0 as u64,
                more: echo.prefix.len() as u64,
            }),
            Step::Await(Barrier::Acked) => ops.push(Op::Acked),
            Step::Await(Barrier::Read) => ops.push(Op::IsRead),
            Step::Await(Barrier::Queued(size)) => ops.push(Op::Queued(size.0 as u64)),
            Step::Await(Barrier::Signal(name)) => ops.push(Op::Heard(name.clone())),
            Step::Signal(name) => ops.push(Op::Say(name.clone())),
            // The end of the sending half ends the stream as a close does.
            Step::Close | Step::Shutdown => ops.push(Op::Close),
            // These wait for nothing that decides what is there to be read, or touch no byte.
            Step::Connect
            | Step::Accept
            | Step::Pause(_)
            | Step::Set(_)
            | Step::Pack(_)
            | Step::States(_)
            | Step::StopListening
            | Step::Await(_) => {}
            Step::SendSome(_) | Step::SendLoop(_) => return Err(Unmodelled::PartialWrites),
            Step::Abort => return Err(Unmodelled::Reset),
            _ => return Err(Unmodelled::Step),
        }
    }
    if ops.last() != Some(&Op::Close) {
        ops.push(Op::Close);
    }
    Ok(ops)
}

fn written(steps: &[Step]) -> Written {
    let mut bytes = Vec::new();
    let mut ends = Vec::new();
    let mut known = true;
    for step in steps {
        let pieces: &[Vec<u8>] = match step {
            Step::Send(piece) | Step::Sendto(piece) => std::slice::from_ref(piece),
            Step::SendFrame(framed) => &framed.pieces,
            Step::Echo(_) => {
                known = false;
                &[]
            }
            _ => &[],
        };
        for piece in pieces {
            bytes.extend_from_slice(piece);
            ends.push(bytes.len() as u64);
        }
    }
    Written {
        bytes: known.then_some(bytes),
        ends,
    }
}

/// What the steps before have taken out of the decoder: one side has one.
#[derive(Default)]
struct Frames {
    wanted: u32,
    framing: Option<Framing>,
}

impl Frames {
    /// The offset up to which the next frames are read, and whether the decoder gives up there. A
    /// stream that ends before is read to its end, and once more.
    fn next(
        &mut self,
        framing: Framing,
        count: u32,
        stream: &[u8],
    ) -> Result<(u64, bool), Unmodelled> {
        if *self.framing.get_or_insert(framing) != framing {
            return Err(Unmodelled::Step);
        }
        self.wanted = self.wanted.saturating_add(count);
        let mut decoder = framing.decoder();
        let mut whole = 0;
        for (byte, offset) in stream.iter().zip(1..) {
            let mut input = std::slice::from_ref(byte);
            loop {
                match decoder.decode(&mut input) {
                    Ok(Some(_)) => whole += 1,
                    Ok(None) => break,
                    Err(_) => return Ok((offset, true)),
                }
            }
            if whole >= self.wanted {
                return Ok((offset, false));
            }
        }
        Ok((stream.len() as u64 + 1, true))
    }
}
