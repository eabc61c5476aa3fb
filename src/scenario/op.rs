//! The few operations that every step of the lab language comes down to.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use super::{FileIn, FileOut};
use crate::event::{Barrier, Ends, NumberPlace, PartLen, SizeForm};
use crate::frame::{FrameError, Framing, Layout, Outgoing, Part};
use crate::lab::fault::InHand;
use crate::lab::file::{AnswerFrame, Echo, Options, Outputs, Pack, RecvLoop, Until};
use crate::text::{Encoding, TextErrors};

/// One step of a side.
#[derive(Clone, Debug, PartialEq)]
pub struct Planned {
    /// What it does.
    pub op: Op,
    /// Whether the next step follows even if this one fails; the failure is recorded.
    pub may_fail: bool,
    /// The word that it is written by; none if the file need not write it.
    pub word: Option<&'static str>,
}

/// What a side can do.
#[derive(Clone, Debug, PartialEq)]
pub enum Op {
    /// Begin or end a connection, or the socket that gives them.
    Socket(Life),
    /// Set socket options.
    Set(Options),
    /// Write one message.
    Write(Writing),
    /// Read, in one call or in many.
    Read(Reading),
    /// Wait.
    Wait(Wait),
    /// Let the other side's wait of this name go on.
    Signal(String),
    /// Make something of what is in hand, touching no socket.
    Interpret(Interpret),
    /// Send a file.
    SendFile(FileOut),
    /// Receive a file.
    RecvFile(FileIn),
}

/// The life of a connection, and of the socket that gives them.
#[derive(Clone, Debug, PartialEq)]
pub enum Life {
    /// connect(2).
    Connect,
    /// accept(2).
    Accept,
    /// Listen again on the same port, with a new socket that has these options.
    Listen(Options),
    /// Close the socket that listens.
    StopListening,
    /// End the sending half.
    Shutdown,
    /// close(2).
    Close,
    /// close(2) with a reset.
    Abort,
}

/// One message, and how it is written.
#[derive(Clone, Debug, PartialEq)]
pub struct Writing {
    /// The message.
    pub what: What,
    /// How its bytes are handed to the kernel.
    pub how: How,
}

/// What is written as one message.
#[derive(Clone, Debug, PartialEq)]
pub enum What {
    /// Bytes that are known before the run.
    Bytes(Writes),
    /// The answer of the last command, in this form.
    Answer(Answer),
}

/// How a message is handed to the kernel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// In blocking writes, each of which takes all of its piece.
    Whole,
    /// The same; after each piece but the last, wait until the other side has read it.
    AwaitRead,
    /// In one non-blocking write, which takes what there is room for.
    Some,
    /// In non-blocking writes until all is taken.
    Loop,
}

/// A message as it is cut into writes.
#[derive(Clone, Debug, PartialEq)]
pub struct Writes {
    /// The parts of the frame, in order; none without a frame.
    pub layout: Vec<PartLen>,
    /// The bytes of each write; together they are the message.
    pub pieces: Vec<Vec<u8>>,
}

/// The form in which the answer of a command is sent.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// The answer, bare.
    Bare,
    /// Its size alone.
    Size(SizeForm),
    /// The answer in a frame of this framing.
    Frame(Framing, AnswerFrame),
}

/// Reads, and what becomes of what they return.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// What each call asks for at most, the last one going on; at least one.
    pub sizes: Vec<usize>,
    /// When it is over.
    pub stop: Stop,
    /// What is done with the bytes.
    pub then: Then,
}

/// When a reading is over.
#[derive(Clone, Debug, PartialEq)]
pub enum Stop {
    /// After one call.
    Once,
    /// When so many messages have come out of a decoder of this framing.
    Messages(Framing, u32),
    /// At the end of the stream.
    End,
    /// When each datagram that was sent has come or is known to be lost.
    AllSent,
    /// When a loop with these rules believes that it has its message.
    Loop(RecvLoop),
}

/// What is done with bytes that were read.
#[derive(Clone, Debug, PartialEq)]
pub enum Then {
    /// Together they are the message in hand; of messages out of a decoder, the last one is.
    Keep,
    /// Nothing.
    Drop,
    /// Each read is decoded as text.
    Decode(Encoding, TextErrors),
    /// Each read is answered.
    Echo(Echo),
}

/// What a side waits for.
#[derive(Clone, Debug, PartialEq)]
pub enum Wait {
    /// A fixed time.
    For(Duration),
    /// That something is so.
    Until(Barrier),
    /// That the ends of the connection are in these states, which are then recorded.
    States(Ends),
}

/// What is made of what is in hand.
#[derive(Clone, Debug, PartialEq)]
pub enum Interpret {
    /// A number, given in the lab, is turned into bytes.
    Pack(Pack),
    /// The message is a number.
    Unpack(Layout),
    /// There is a number in the message.
    Parse(NumberPlace),
    /// The message is text.
    Decode(Encoding),
    /// The message is a command, and this is what may be run for it.
    Run(Arc<Commands>),
}

/// The commands of a lab. Nothing else is ever run.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Commands {
    /// Each by its name, with the program and its arguments.
    pub known: BTreeMap<String, Vec<String>>,
    /// The answer to any other.
    pub otherwise: String,
    /// How their outputs are read.
    pub outputs: Outputs,
}

impl From<Op> for Planned {
    /// A step that the file need not write.
    fn from(op: Op) -> Self {
        Self {
            op,
            may_fail: false,
            word: None,
        }
    }
}

impl Planned {
    /// The options that it sets, unless it is tried.
    pub fn sets(&self) -> Option<&Options> {
        match self {
            Self {
                op: Op::Set(options),
                may_fail: false,
                ..
            } => Some(options),
            _ => None,
        }
    }
}

impl Op {
    /// Whether it makes a connection.
    pub fn opens(&self) -> bool {
        matches!(self, Self::Socket(Life::Connect | Life::Accept))
    }

    /// Whether it does nothing to a connection.
    pub(super) fn needs_no_connection(&self) -> bool {
        matches!(
            self,
            Self::Socket(Life::Listen(_) | Life::StopListening)
                | Self::Set(_)
                | Self::Wait(Wait::For(_) | Wait::Until(Barrier::Signal(_)))
                | Self::Signal(_)
                | Self::Interpret(_)
        )
    }

    /// What has to be in hand for it.
    pub(super) fn takes(&self) -> Option<InHand> {
        match self {
            Self::Interpret(Interpret::Pack(_)) => None,
            Self::Interpret(_) => Some(InHand::Message),
            Self::Read(Reading {
                stop: Stop::Loop(rules),
                ..
            }) if rules.until == Until::Announced => Some(InHand::Number),
            Self::Write(Writing {
                what: What::Answer(_),
                ..
            }) => Some(InHand::Answer),
            _ => None,
        }
    }

    /// What is in hand after it.
    pub(super) fn gives(&self) -> Option<InHand> {
        match self {
            Self::Read(reading) => (reading.then == Then::Keep).then_some(InHand::Message),
            Self::Interpret(Interpret::Unpack(_) | Interpret::Parse(_)) => Some(InHand::Number),
            Self::Interpret(Interpret::Run(_)) => Some(InHand::Answer),
            _ => None,
        }
    }

    /// How many bytes it writes, as far as that is known before the run.
    pub(super) fn writes(&self) -> usize {
        match self {
            Self::Write(writing) => writing.pieces().iter().map(Vec::len).sum(),
            Self::SendFile(file) => usize::try_from(file.stop).unwrap_or(usize::MAX),
            _ => 0,
        }
    }
}

impl Writing {
    /// The bytes of each write, if they are known before the run.
    pub fn pieces(&self) -> &[Vec<u8>] {
        match &self.what {
            What::Bytes(writes) => &writes.pieces,
            What::Answer(_) => &[],
        }
    }
}

impl Writes {
    /// One write without a frame.
    pub fn bare(bytes: Vec<u8>) -> Self {
        Self {
            layout: Vec::new(),
            pieces: vec![bytes],
        }
    }

    /// A message in its frame, each part of which is a write of its own.
    ///
    /// # Errors
    /// If the framing cannot say so large a size.
    pub fn framed(framing: Framing, message: &Outgoing) -> Result<Self, FrameError> {
        let names: &[Part] = match framing {
            Framing::Length { .. } => &[Part::Prefix, Part::Payload],
            Framing::HeaderDict { .. } => &[Part::Prefix, Part::Header, Part::Payload],
        };
        let pieces = framing.encode(message)?;
        let layout = names.iter().zip(&pieces).map(|(&part, bytes)| PartLen {
            part,
            bytes: bytes.len() as u64,
        });
        Ok(Self {
            layout: layout.collect(),
            pieces,
        })
    }
}

impl Answer {
    /// What is written once the answer is there.
    ///
    /// # Errors
    /// If its framing cannot say so large a size.
    pub fn writes(&self, answer: &[u8]) -> Result<Writes, FrameError> {
        let (framing, frame) = match self {
            Self::Bare => return Ok(Writes::bare(answer.into())),
            Self::Size(form) => return Ok(Writes::bare(form.write(answer.len() as u64).into())),
            Self::Frame(framing, frame) => (*framing, frame),
        };
        let message = Outgoing {
            name: frame.filename.as_deref(),
            json: frame.json.unwrap_or_default(),
            ..Outgoing::new(answer)
        };
        let mut writes = Writes::framed(framing, &message)?;
        if !frame.in_parts {
            writes.pieces = vec![writes.pieces.concat()];
        }
        Ok(writes)
    }
}
