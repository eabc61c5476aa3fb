//! A run's script as the model needs it: what is written, how it is read, and who waits for whom.

use serde::Serialize;

use crate::event::{Barrier, Side};
use crate::frame::Framing;
use crate::scenario::{
    How, Interpret, Life, Op, Planned, Reading, Scenario, Stop, Then, Wait, What, Writing,
};
use crate::text::TextErrors;

/// What both sides of a run do, as far as it decides what their reads can return.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    /// Whether each write is a datagram.
    pub(super) is_datagrams: bool,
    /// Whether one may be lost on the way.
    pub(super) may_lose: bool,
    /// What each side does, the client first.
    pub(super) acts: [Vec<Act>; 2],
    /// What each side writes.
    pub(super) written: [Written; 2],
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
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
    /// The record has no script, or one in words that this program does not know.
    NoScript,
}

/// One thing that a side does.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Act {
    /// So many bytes, in one write.
    Write(u64),
    /// Calls.
    Read(Calls),
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
pub(super) enum Calls {
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
        let written = [client, &scenario.server].map(|steps| written(steps));
        // Which answers there are depends on which questions were lost.
        let is_datagrams = scenario.transport.keeps_edges();
        if is_datagrams && written.iter().any(|written| written.bytes.is_none()) {
            return Err(Unmodelled::Step);
        }
        Ok(Self {
            is_datagrams,
            may_lose: scenario.transport.may_drop(),
            acts: [
                acts(client, &written[1])?,
                acts(&scenario.server, &written[0])?,
            ],
            written,
        })
    }

    pub(super) fn acts(&self, side: Side) -> &[Act] {
        &self.acts[side.index()]
    }

    pub(super) fn written(&self, side: Side) -> &Written {
        &self.written[side.index()]
    }
}

fn acts(steps: &[Planned], peer: &Written) -> Result<Vec<Act>, Unmodelled> {
    let mut acts = Vec::new();
    let mut decoder = Frames::default();
    for step in steps {
        match &step.op {
            Op::Write(Writing { what, how }) => match (what, how) {
                (What::Answer(_), _) => return Err(Unmodelled::Step),
                (_, How::Some | How::Loop) => return Err(Unmodelled::PartialWrites),
                (What::Bytes(writes), _) => {
                    for (i, piece) in writes.pieces.iter().enumerate() {
                        acts.extend((i > 0 && *how == How::AwaitRead).then_some(Act::IsRead));
                        acts.push(Act::Write(piece.len() as u64));
                    }
                }
            },
            Op::Read(Reading { sizes, stop, then }) => {
                let size = sizes[0] as u64;
                acts.push(match (stop, then) {
                    (_, Then::Decode(_, TextErrors::Strict)) => return Err(Unmodelled::Step),
                    (Stop::Loop(rules), _) => {
                        let bytes = rules.exact().ok_or(Unmodelled::Step)?;
                        Act::Read(Calls::Exact(bytes))
                    }
                    (_, Then::Echo(echo)) => Act::Echo {
                        size,
                        more: echo.prefix.len() as u64,
                    },
                    (&Stop::Messages(framing, count), _) => {
                        let bytes = peer.bytes.as_deref().ok_or(Unmodelled::Step)?;
                        let (offset, refused) = decoder.next(framing, count, bytes)?;
                        let sizes = sizes.iter().map(|size| *size as u64).collect();
                        acts.push(Act::Read(Calls::UpTo { offset, sizes }));
                        if refused && !step.may_fail {
                            break;
                        }
                        continue;
                    }
                    (Stop::Once, _) => Act::Read(Calls::Once(size)),
                    (Stop::End | Stop::AllSent, _) => Act::Read(Calls::ToEnd(size)),
                });
            }
            Op::Wait(Wait::Until(barrier)) => acts.extend(match barrier {
                Barrier::Acked => Some(Act::Acked),
                Barrier::Read => Some(Act::IsRead),
                Barrier::Queued(size) => Some(Act::Queued(size.0 as u64)),
                Barrier::Signal(name) => Some(Act::Heard(name.clone())),
                Barrier::Sent | Barrier::State(_) | Barrier::Error => None,
            }),
            Op::Signal(name) => acts.push(Act::Say(name.clone())),
            // The end of the sending half ends the stream as a close does.
            Op::Socket(Life::Close | Life::Shutdown) => acts.push(Act::Close),
            Op::Socket(Life::Abort) => return Err(Unmodelled::Reset),
            // These wait for nothing that decides what is there to be read, or touch no byte.
            Op::Socket(Life::Connect | Life::Accept | Life::StopListening)
            | Op::Set(_)
            | Op::Wait(_)
            | Op::Interpret(Interpret::Pack(_)) => {}
            Op::Socket(Life::Listen(_)) | Op::Interpret(_) | Op::SendFile(_) | Op::RecvFile(_) => {
                return Err(Unmodelled::Step);
            }
        }
    }
    if acts.last() != Some(&Act::Close) {
        acts.push(Act::Close);
    }
    Ok(acts)
}

fn written(steps: &[Planned]) -> Written {
    let mut all = Vec::new();
    let mut ends = Vec::new();
    let mut known = true;
    for step in steps {
        match &step.op {
            Op::Write(writing) => {
                for piece in writing.pieces() {
                    all.extend_from_slice(piece);
                    ends.push(all.len() as u64);
                }
            }
            Op::Read(reading) => known &= !matches!(reading.then, Then::Echo(_)),
            _ => {}
        }
    }
    Written {
        bytes: known.then_some(all),
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
