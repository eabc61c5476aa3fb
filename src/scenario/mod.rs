//! The typed plan of one run: what was written in the lab file, resolved and found possible.
//!
//! Repeats are unrolled, payloads are bytes, every framed step knows its framing, the implied
//! `connect`, `accept` and `close` are spelled out. What runs it need not ask again.

mod in_hand;
mod resolve;
mod transfer;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

pub use resolve::{Impossible, resolve};
pub use transfer::{Content, FileIn, FileOut};

use crate::event::{Barrier, Claims, Ends, Mtu, PartLen, Place, SizeForm, Transport};
use crate::frame::{Framing, JsonStyle, Layout, Part};
use crate::lab::file::{self, Echo, Options, Outputs, Pack, RecvLoop, RecvText};
use crate::text::Encoding;

/// How long a run may take if its file does not say.
pub const DEFAULT_DEADLINE: Duration = Duration::from_secs(5);
/// The same of a run whose client is elsewhere: somebody has to start it.
pub const DEADLINE_FOR_A_PERSON: Duration = Duration::from_secs(60);
/// The most steps that a side may have, repeats unrolled.
pub const MAX_STEPS: usize = 100_000;
/// How many connections may wait to be accepted if the file does not say.
pub const DEFAULT_BACKLOG: u32 = 16;
/// The most clients that a run may have.
pub const MAX_CLIENTS: usize = 64;
/// What a lab answers to a command that it does not know, if its file does not say.
pub const UNKNOWN_COMMAND: &str = "cmd error...";
/// The most bytes that a side may write.
pub const MAX_BYTES: usize = 256 << 20;

/// A run, ready to be run.
#[derive(Clone, Debug, PartialEq)]
pub struct Scenario {
    /// The run as it was written, transport filled in.
    pub script: file::Run,
    /// What carries the bytes.
    pub transport: Transport,
    /// The port to listen on; 0 lets the system choose.
    pub port: u16,
    /// How many connections may wait to be accepted.
    pub backlog: u32,
    /// The MTU of the network that it is watched in, if it is not the usual one.
    pub mtu: Option<Mtu>,
    /// When the run ends at the latest.
    pub deadline: Duration,
    /// The steps of each client: at least one, unless the client is elsewhere.
    pub clients: Vec<Vec<Step>>,
    /// The server's steps; none if it is elsewhere.
    pub server: Vec<Step>,
}

/// One step, resolved.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// Connect.
    Connect,
    /// Accept.
    Accept,
    /// One write, which is one message.
    Send(Vec<u8>),
    /// One message in a frame, in one or more writes.
    SendFrame(Framed),
    /// One read.
    Recv(usize),
    /// Reads until the end of the stream.
    RecvUntilEnd(usize),
    /// Reads until exactly this many bytes have come.
    RecvExact(usize),
    /// Reads through a decoder until this many messages have come.
    RecvFrames {
        /// The framing.
        framing: Framing,
        /// How many messages.
        count: u32,
        /// The buffer sizes, the last one going on; at least one.
        sizes: Vec<usize>,
    },
    /// One file out.
    SendFile(FileOut),
    /// One file in.
    RecvFile(FileIn),
    /// One datagram out.
    Sendto(Vec<u8>),
    /// One datagram in.
    Recvfrom(usize),
    /// Every datagram that is still to come.
    RecvfromRest(usize),
    /// A fixed wait.
    Pause(Duration),
    /// A wait for a condition.
    Await(Barrier),
    /// A word to the other side.
    Signal(String),
    /// Socket options.
    Set(Options),
    /// A number to pack.
    Pack(Pack),
    /// One non-blocking write.
    SendSome(Vec<u8>),
    /// Non-blocking writes until all is taken.
    SendLoop(Vec<u8>),
    /// An echo server's loop.
    Echo(Echo),
    /// Reads to the end of the stream, each decoded as text.
    RecvText(RecvText),
    /// The message last taken as a number.
    Unpack(Layout),
    /// A number in the message last taken.
    Parse(Place),
    /// The message last taken as text.
    Decode(Encoding),
    /// A loop of reads for one message.
    RecvLoop(RecvLoop),
    /// The message last taken as a command, and what may be run for it.
    RunCommand(Arc<Commands>),
    /// The answer of the last command, bare.
    SendAnswer,
    /// The size of that answer.
    SendAnswerSize(SizeForm),
    /// That answer in a frame.
    SendAnswerFrame(AnswerFrame),
    /// A step that may fail.
    Try(Box<Step>),
    /// End the sending half.
    Shutdown,
    /// Close.
    Close,
    /// Close the listening socket.
    StopListening,
    /// Listen again on the same port, with a new socket that has these options.
    Listen(Options),
    /// The states of both ends, once those named are so.
    States(Ends),
    /// Close with a reset.
    Abort,
}

/// A framed message and how it is cut into writes.
#[derive(Clone, Debug, PartialEq)]
pub struct Framed {
    /// The parts of the frame, in order.
    pub parts: Vec<PartLen>,
    /// The writes, in order; together they are the frame.
    pub pieces: Vec<Vec<u8>>,
    /// Whether to wait, after each piece but the last, until the other side has read it.
    pub await_read: bool,
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

/// How the answer of a command is framed, once it is there.
#[derive(Clone, Debug, PartialEq)]
pub struct AnswerFrame {
    /// The framing.
    pub framing: Framing,
    /// The name that goes into a header dict.
    pub filename: Option<String>,
    /// How a header dict is written.
    pub json: JsonStyle,
    /// Whether each part is a write of its own.
    pub in_parts: bool,
}

impl Framed {
    /// The parts of a frame and their lengths.
    #[must_use]
    pub fn lengths(framing: Framing, parts: &[Vec<u8>]) -> Vec<PartLen> {
        let names: &[Part] = match framing {
            Framing::Length { .. } => &[Part::Prefix, Part::Payload],
            Framing::HeaderDict { .. } => &[Part::Prefix, Part::Header, Part::Payload],
        };
        let lengths = names.iter().zip(parts).map(|(&part, bytes)| PartLen {
            part,
            bytes: bytes.len() as u64,
        });
        lengths.collect()
    }
}

impl Scenario {
    /// What the lab claims of this run.
    #[must_use]
    pub fn expect(&self) -> &Claims {
        &self.script.expect
    }
}

impl Step {
    /// Whether it makes a connection.
    #[must_use]
    pub fn opens(&self) -> bool {
        match self {
            Self::Connect | Self::Accept => true,
            Self::Try(inner) => inner.opens(),
            _ => false,
        }
    }
}
