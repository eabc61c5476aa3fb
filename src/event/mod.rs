//! The contract between what runs and what shows: one event a call, as it was seen to happen.
//!
//! A [`Trace`] is all that a live run leaves behind, and all that a report is made from. It holds
//! facts only: what was asked, what came back, when, and what the kernel said right after. Who
//! owns a byte and why an edge was lost is for [`crate::report`] to work out.

mod bytes;
mod label;
mod packet;

use std::fmt;

use serde::{Deserialize, Serialize};

pub use bytes::{Bytes, from_hex};
pub use label::Label;
pub use packet::{Capture, Flag, Packet};

use crate::frame::{FrameError, Part};
use crate::lab::file;
use crate::lab::text::Texts;

/// The version of the JSON contract; raised when a reader of the old one would be misled.
pub const SCHEMA: u32 = 1;

/// One of the two programs in a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    /// The side that connects, or sends the first datagram.
    Client,
    /// The side that listens.
    Server,
}

impl Side {
    /// Both, client first.
    pub const BOTH: [Self; 2] = [Self::Client, Self::Server];

    /// The peer of this side.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::Client => Self::Server,
            Self::Server => Self::Client,
        }
    }
}

impl fmt::Display for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Client => "client",
            Self::Server => "server",
        })
    }
}

/// One call of one side, or one step that stands between calls.
///
/// Events are in the order in which they can have had their effect: a write counts from its call,
/// a read from its return, so a read never stands before the write whose bytes it returned.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// Place in the run, from 0.
    pub seq: u64,
    /// Whose call it was.
    pub side: Side,
    /// On which connection: 1 for the client's, 2 for that of the first of `more_clients`, and so
    /// on. Absent for 1.
    #[serde(
        default = "first_connection",
        skip_serializing_if = "is_first_connection"
    )]
    pub conn: u32,
    /// How many calls of the same kind, one after the other, this event stands for. Absent for 1.
    ///
    /// Of a file transfer the first and last few calls are kept, and those between are one event,
    /// so that a record does not grow with the file: `asked` is what each of them asked for,
    /// `returned` the sum, `hex` is empty, and the kernel's word and the decoder's are the last
    /// one's.
    #[serde(default = "one_call", skip_serializing_if = "is_one_call")]
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
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kernel: Option<SenderState>,
    /// Why it failed: an errno name (`ECONNRESET`), or one of [`DEADLINE`], [`INTERRUPTED`],
    /// [`PEER_ENDED`], [`OUT_OF_RANGE`], [`UNSUPPORTED`], [`WRONG_SIZE`], [`NO_NUMBER`],
    /// [`NO_JSON`], [`NO_TEXT`], [`UNFINISHED`], [`NO_PROGRAM`], [`TOO_LONG`], [`STUCK`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

fn first_connection() -> u32 {
    1
}

#[allow(
    clippy::trivially_copy_pass_by_ref,
    reason = "the shape that serde asks for"
)]
fn is_first_connection(conn: &u32) -> bool {
    *conn == 1
}

fn one_call() -> u64 {
    1
}

#[allow(
    clippy::trivially_copy_pass_by_ref,
    reason = "the shape that serde asks for"
)]
fn is_one_call(calls: &u64) -> bool {
    *calls == 1
}

impl Event {
    /// How many bytes it moved. Those of a single call are all in the record; of several in one
    /// event only the count is.
    #[must_use]
    pub fn carried(&self) -> u64 {
        let (hex, returned) = match &self.action {
            Action::Send(write) | Action::Sendto(write) => (&write.hex, write.returned),
            Action::Recv(read) | Action::Recvfrom(read) => (&read.hex, read.returned),
            _ => return 0,
        };
        if self.calls > 1 {
            returned.unwrap_or(0)
        } else {
            hex.0.len() as u64
        }
    }

    /// Whether the call counts from its return: what a read saw was there by then. What a write
    /// does can be seen from its call on.
    #[must_use]
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
    #[must_use]
    pub fn at_us(&self) -> u64 {
        if Self::counts_from_return(&self.action) {
            self.return_us
        } else {
            self.call_us
        }
    }
}

/// The error of a call that was still waiting when the run's deadline passed.
pub const DEADLINE: &str = "deadline";
/// The error of a call that was still waiting when the person pressed Ctrl-C.
pub const INTERRUPTED: &str = "interrupted";
/// The error of an `await` whose peer ended without doing what was waited for.
pub const PEER_ENDED: &str = "peer-ended";
/// The error of a `pack` whose number does not fit the layout.
pub const OUT_OF_RANGE: &str = "out-of-range";

/// The error of a `setsockopt` whose option this system does not have; the run goes on without.
pub const UNSUPPORTED: &str = "unsupported";

/// The error of an `unpack` of more or fewer bytes than the layout takes.
pub const WRONG_SIZE: &str = "wrong-size";
/// The error of a message that does not have the form in which a number was looked for.
pub const NO_NUMBER: &str = "no-number";
/// The error of a message that should be JSON and is not, or not all of it.
pub const NO_JSON: &str = "no-json";
/// The error of a message that is no text in the encoding.
pub const NO_TEXT: &str = "no-text";
/// The error of a read loop: the stream ended inside the message.
pub const UNFINISHED: &str = "unfinished";
/// The error of a command whose program this system does not have.
pub const NO_PROGRAM: &str = "no-program";
/// The error of a command whose output is longer than a message may be.
pub const TOO_LONG: &str = "too-long";
/// The error of a command that waits for its reader, which waits for it.
pub const STUCK: &str = "stuck";

/// What was called. The names are the socket calls' own; those from `pause` on are steps of the
/// lab that touch no byte.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "op", rename_all = "lowercase")]
pub enum Action {
    /// bind(2).
    Bind {
        /// The address asked for, or the one given for port 0.
        address: String,
    },
    /// listen(2).
    Listen {
        /// How many connections may wait.
        backlog: u32,
    },
    /// connect(2).
    Connect {
        /// The listener's address.
        peer: String,
        /// The client's own address; empty if the call failed.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        local: String,
    },
    /// accept(2).
    Accept {
        /// Who connected; empty when nobody did.
        peer: String,
    },
    /// setsockopt(2).
    Setsockopt {
        /// The option's name in socket(7), tcp(7).
        option: String,
        /// What it was set to.
        value: u64,
    },
    /// send(2): to the peer that the socket is connected to.
    Send(Write),
    /// sendto(2): one datagram.
    Sendto(Write),
    /// recv(2) on a connected socket. `returned` 0 is the end of the stream; over datagrams it is
    /// an empty one.
    Recv(Read),
    /// recvfrom(2): one datagram. `returned` 0 is an empty datagram.
    Recvfrom(Read),
    /// shutdown(2) of the sending half.
    Shutdown,
    /// close(2).
    Close,
    /// close(2) with `SO_LINGER` 0: a reset.
    Abort,
    /// close(2) of the socket that listens.
    #[serde(rename = "stop_listening")]
    StopListening,
    /// A look at both ends of the connection in the kernel's table.
    States {
        /// What was waited for before.
        #[serde(default, skip_serializing_if = "file::Ends::is_empty")]
        until: file::Ends,
        /// What was there; absent where the kernel does not say.
        #[serde(flatten)]
        ends: file::Ends,
    },
    /// A wait of a fixed time.
    Pause {
        /// In microseconds.
        us: u64,
    },
    /// A wait for a condition.
    Await {
        /// What was waited for.
        until: file::Barrier,
        /// The count when the wait ended, where the condition has one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        seen: Option<u64>,
    },
    /// A word to the other side's `await`.
    Signal {
        /// The signal's name.
        name: String,
    },
    /// A number turned into bytes, as Python's `struct.pack` does.
    Pack {
        /// The layout.
        layout: crate::frame::Layout,
        /// The number.
        value: u64,
        /// What came out; empty if it does not fit.
        hex: Bytes,
    },
    /// Bytes turned into a number, as Python's `struct.unpack` does.
    Unpack {
        /// The layout.
        layout: crate::frame::Layout,
        /// The bytes.
        hex: Bytes,
        /// What came out; absent if the bytes are not so many.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        value: Option<serde_json::Number>,
    },
    /// A number looked for in a message.
    Parse {
        /// Where in it: in a form, or under a key.
        #[serde(flatten)]
        place: Place,
        /// The message.
        hex: Bytes,
        /// The number; absent if there is none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        value: Option<u64>,
    },
    /// Bytes turned into text, as Python's `bytes.decode` does.
    Decode {
        /// The encoding.
        encoding: file::Encoding,
        /// The bytes.
        hex: Bytes,
        /// The text; absent if they are none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        text: Option<String>,
    },
    /// What a read loop took for one message, said when it is over.
    Loop(Taken),
    /// A message looked up among the lab's commands, and the one found there run.
    Command(Command),
    /// open(2) of a new file in the receiving directory.
    Open {
        /// Its name.
        path: String,
        /// The name that it is to get once it is whole; absent if it has that already.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        target: Option<String>,
    },
    /// write(2) to that file; recorded only if it fails.
    #[serde(rename = "write")]
    WriteFile {
        /// Its name.
        path: String,
    },
    /// rename(2) in the receiving directory.
    Rename {
        /// From this name.
        from: String,
        /// To this one.
        to: String,
    },
    /// unlink(2) in the receiving directory.
    Unlink {
        /// The name.
        path: String,
    },
    /// readdir(3) of the receiving directory, after a file was received or was not.
    Readdir {
        /// What lies there, by name.
        files: Vec<file::Stored>,
    },
}

/// Where a number stands in a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Place {
    /// In a text of this form, such as `ready|{size}`.
    Form(file::SizeForm),
    /// Under this key of a JSON object.
    Key(String),
}

/// What a read loop took for one message.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Taken {
    /// How many bytes the message should have had.
    pub wanted: u64,
    /// How many the program counted.
    pub counted: u64,
    /// How many it really has.
    pub has: u64,
    /// How many reads returned nothing.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub empty: u64,
}

impl Taken {
    /// Exactly the message, and counted rightly.
    #[must_use]
    pub fn is_right(&self) -> bool {
        self.has == self.wanted && self.counted == self.wanted
    }
}

/// A command that a peer asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Command {
    /// What came.
    pub hex: Bytes,
    /// The same as text, decoded or as UTF-8; absent if it is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What the lab runs for it; absent if the lab does not know it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub argv: Vec<String>,
    /// How many bytes its answer has; absent if there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<u64>,
    /// Of a program that is [`STUCK`]: the pipe of its stderr, where it waits for room.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stderr: Option<FullPipe>,
}

/// What the kernel says of a pipe that a program waits to write to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FullPipe {
    /// Bytes in it (`FIONREAD`).
    pub queued: u64,
    /// What it was made for, in bytes (`F_GETPIPE_SZ`). A write of which a page has no room for
    /// all takes a new page, so a pipe can be full with somewhat less in it.
    pub capacity: u64,
}

impl Action {
    /// The call's own name.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Bind { .. } => "bind",
            Self::Listen { .. } => "listen",
            Self::Connect { .. } => "connect",
            Self::Accept { .. } => "accept",
            Self::Setsockopt { .. } => "setsockopt",
            Self::Send(_) => "send",
            Self::Sendto(_) => "sendto",
            Self::Recv(_) => "recv",
            Self::Recvfrom(_) => "recvfrom",
            Self::Shutdown => "shutdown",
            Self::Close | Self::Abort | Self::StopListening => "close",
            Self::States { .. } => "states",
            Self::Pause { .. } => "pause",
            Self::Await { .. } => "await",
            Self::Signal { .. } => "signal",
            Self::Pack { .. } => "pack",
            Self::Unpack { .. } => "unpack",
            Self::Parse { .. } => "parse",
            Self::Decode { .. } => "decode",
            Self::Loop(_) => "loop",
            Self::Command(_) => "command",
            Self::Open { .. } => "open",
            Self::WriteFile { .. } => "write",
            Self::Rename { .. } => "rename",
            Self::Unlink { .. } => "unlink",
            Self::Readdir { .. } => "readdir",
        }
    }
}

/// A write: bytes handed to the kernel.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Write {
    /// The message that these bytes belong to.
    pub message: Label,
    /// How many bytes were handed over.
    pub asked: u64,
    /// How many the kernel took; absent if the call failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub returned: Option<u64>,
    /// The bytes that the kernel took.
    pub hex: Bytes,
    /// Where the whole message, of which this is a piece, has its parts: the length prefix, the
    /// header, the payload. Absent for a message without framing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub layout: Vec<PartLen>,
}

/// One part of a framed message and its length.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct PartLen {
    /// Which part.
    pub part: Part,
    /// In bytes.
    pub bytes: u64,
}

/// A read: bytes that the kernel handed over.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Read {
    /// The size of the buffer offered.
    pub asked: u64,
    /// How many bytes came; absent if the call failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub returned: Option<u64>,
    /// The bytes.
    pub hex: Bytes,
    /// How many bytes the kernel still held in the receive queue as this read returned
    /// (`TCP_INQ`); absent where it does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left: Option<u64>,
    /// How many bytes of this datagram the kernel threw away because they did not fit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub truncated: Option<u64>,
    /// How many datagrams the kernel has dropped at this socket so far (`SO_RXQ_OVFL`,
    /// `SO_MEMINFO`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dropped: Option<u64>,
    /// What a text decoder made of it; absent where none is at work.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<crate::text::Decoded>,
    /// What the frame decoder made of it; absent where none is at work.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decoder: Option<Decoder>,
}

/// A frame decoder after one read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Decoder {
    /// The messages that this read made whole.
    pub out: Vec<Decoded>,
    /// The part of the next message that is being gathered.
    pub part: Part,
    /// How much of that part is there.
    pub have: u64,
    /// How much it takes.
    pub need: u64,
    /// Bytes of the unfinished message that the decoder holds.
    pub kept: u64,
    /// Why it refused to go on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refused: Option<FrameError>,
}

/// A message that came whole out of a decoder.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Decoded {
    /// Its payload.
    pub hex: Bytes,
    /// Its header dict, where the framing has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub header: Option<serde_json::Map<String, serde_json::Value>>,
    /// The digest that the header announced and that the payload was found to have.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verified: Option<String>,
}

/// What the kernel says of a stream socket's sending half, from one `TCP_INFO` (consistent in
/// itself) and one `SIOCOUTQ`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SenderState {
    /// Bytes written and not yet acknowledged, unsent ones included (`SIOCOUTQ`).
    pub unacked: u64,
    /// Bytes written and not yet sent (`tcpi_notsent_bytes`).
    pub unsent: u64,
    /// Data segments sent so far, retransmissions included (`tcpi_data_segs_out`).
    pub segments_out: u64,
    /// Segments sent again so far (`tcpi_total_retrans`).
    #[serde(default, skip_serializing_if = "is_zero")]
    pub retransmitted: u64,
}

#[allow(
    clippy::trivially_copy_pass_by_ref,
    reason = "the shape that serde asks for"
)]
fn is_zero(n: &u64) -> bool {
    *n == 0
}

/// All that the runs of one lab left behind.
#[derive(Clone, Debug, PartialEq)]
pub struct Trace {
    /// Which lab it was, and where it ran.
    pub lab: LabInfo,
    /// Its runs, in order.
    pub runs: Vec<RunTrace>,
}

/// The lab of a trace, with all that a person is told about it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LabInfo {
    /// Its number in the catalogue; none for a lab from outside.
    pub lab: Option<u32>,
    /// Its name.
    pub slug: String,
    /// Title, question, explanation, in each language that the lab has.
    pub texts: Texts,
    /// The operating system of the run.
    pub os: String,
    /// What the kernel of that system could be asked: `tcp_info`, `inq`, `fionread`, `outq`, ….
    pub evidence: Vec<String>,
}

/// One run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunTrace {
    /// The run as its lab file writes it, transport filled in.
    pub script: file::Run,
    /// Where the server listened.
    pub address: String,
    /// Whether Ctrl-C cut it short; it may have come while no call was under way.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub interrupted: bool,
    /// The capture that stood beside it; absent where there was none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capture: Option<Capture>,
    /// What happened.
    #[serde(skip)]
    pub events: Vec<Event>,
    /// What was captured, in order.
    #[serde(skip)]
    pub packets: Vec<Packet>,
}
