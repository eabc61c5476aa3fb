//! The steps of a lab, as an instructor writes them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::framing::Framing;
use super::program::{AnswerFrame, Json, RecvLoop};
use super::transfer::{RecvFile, SendFile};
use super::value::{self, Span};
use crate::event::{Barrier, Ends, Payload, Size, SizeForm};
use crate::frame::Layout;
use crate::text::{Encoding, TextErrors};

/// One step of a side.
///
/// The first step that is neither `accept`, `connect` nor `set` implies the `accept` or `connect`
/// before it. A `set` that stands before it acts on the listener (server) or before the
/// connection is made (client). When the steps are done, the socket is closed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema, strum::IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Step {
    /// Connect now (client). Needed only where later `set`s act on the connection, and over
    /// datagrams, where it gives the socket the one peer that `send` and `recv` are then for.
    Connect,
    /// Accept now (server). Needed only where later `set`s act on the connection.
    Accept,
    /// Write these bytes to the connection; each `send` is a message of its own.
    Send(Payload),
    /// Read once: at most so many bytes of whatever is queued.
    Recv(Size),
    /// Read again and again with a buffer of this size until the end of the stream.
    RecvUntilEnd(Size),
    /// Read until exactly so many bytes have come, each time asking for the rest only. A stream
    /// that ends before is an error.
    RecvExact(Size),
    /// Write one message in a frame.
    SendFrame(SendFrame),
    /// Read until the frame decoder has given out so many messages. What came behind the last of
    /// them is kept for the next `recv_frames`. The stream must not end before.
    RecvFrames(RecvFrames),
    /// Send a file: its header, then its content in chunks.
    SendFile(SendFile),
    /// Receive a file into a directory of the run.
    RecvFile(RecvFile),
    /// Send one datagram, over a socket that is not connected.
    Sendto(Payload),
    /// Receive one datagram; what does not fit into so many bytes is lost.
    Recvfrom(Size),
    /// Receive datagrams until each one sent has either come or been counted as dropped by the
    /// kernel.
    RecvfromRest(Size),
    /// Wait for a fixed time, such as `2ms`.
    Pause(Span),
    /// Wait until something is so.
    Await(Barrier),
    /// Let the other side's `await` of this name go on.
    Signal(String),
    /// Set socket options.
    Set(Options),
    /// Turn a number into bytes as Python's `struct.pack` does, to see whether it fits.
    Pack(Pack),
    /// End the sending half; the other side reads the end of the stream.
    Shutdown,
    /// Close the socket.
    Close,
    /// Close the socket that listens (server). The connections that it gave stay.
    StopListening,
    /// Listen again on the same port, with a new socket (server); these options are set before
    /// its `bind`.
    Listen(Options),
    /// Record in which states both ends of this side's connection are in the kernel's table, its
    /// own sockets closed or not. Waits first until the ends named here are in these states; with
    /// `{}` it looks once. An end that the table does not have is in the state `CLOSE`.
    States(Ends),
    /// Close with a reset (`SO_LINGER` 0); TCP only.
    Abort,
    /// Send one non-blocking write: the kernel takes what it has room for now.
    SendSome(Payload),
    /// Write all of it in non-blocking writes, each of what the one before did not take: the loop
    /// that Python's `sendall` is.
    SendLoop(Payload),
    /// Answer every read until one returns 0 bytes (the end of the stream, an empty datagram) or
    /// fails: the loop of an echo server.
    Echo(Echo),
    /// Read until the end of the stream and decode each read as text.
    RecvText(RecvText),
    /// Take a step that may fail; the failure is recorded, and the next step follows.
    Try(Box<Step>),
    /// Turn the message last taken into a number as Python's `struct.unpack` does: it takes exactly
    /// as many bytes as the layout has, or fails.
    Unpack(Layout),
    /// Find the number in the message last taken, which must have this form: `ready|{size}`.
    ParseSize(SizeForm),
    /// Read the message last taken as a JSON object and find the number under this key.
    ParseJson(String),
    /// Turn the message last taken into text, as Python's `bytes.decode` does.
    Decode(Encoding),
    /// Gather one message in a loop of reads. Without the optional words it is the right loop.
    RecvLoop(RecvLoop),
    /// Look the message last taken up in the lab's `commands`, run what stands there and keep
    /// its output as the answer: what it wrote to stdout, then what it wrote to stderr.
    RunCommand,
    /// Write the answer of the last `run_command`, bare.
    SendAnswer,
    /// Write the size of that answer, in a form such as `ready|{size}`.
    SendAnswerSize(SizeForm),
    /// Write that answer in a frame.
    SendAnswerFrame(AnswerFrame),
    /// Do these steps several times. In the text of a payload `{n}` becomes the round: 1, 2, ….
    Repeat(Repeat),
}

impl Step {
    /// The word that it is written by; of one that is tried, its own.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Try(inner) => inner.name(),
            step => step.into(),
        }
    }

    /// The message that it sends, if the file says it; of a step that is tried, its own.
    pub fn payload(&self) -> Option<&Payload> {
        match self {
            Self::Send(payload)
            | Self::Sendto(payload)
            | Self::SendSome(payload)
            | Self::SendLoop(payload) => Some(payload),
            Self::SendFrame(frame) => Some(&frame.payload),
            Self::Try(inner) => inner.payload(),
            _ => None,
        }
    }
}

/// Each step, those inside a `repeat` or a `try` behind the one they are in.
pub fn each(steps: &[Step]) -> Vec<&Step> {
    let mut all = Vec::new();
    for step in steps {
        all.push(step);
        match step {
            Step::Repeat(repeat) => all.extend(each(&repeat.steps)),
            Step::Try(inner) => all.extend(each(std::slice::from_ref(&**inner))),
            _ => {}
        }
    }
    all
}

/// One message in a frame: a text, or an object.
#[serde_with::skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SendFrame {
    /// The message.
    pub payload: Payload,
    /// The framing, if it is not the run's.
    pub framing: Option<Framing>,
    /// The name that goes into a header dict.
    pub filename: Option<String>,
    /// How a header dict is written. Default: as Python's `json.dumps` writes it.
    pub json: Option<Json>,
    /// The size that the header dict announces, if it is not the payload's.
    pub total_size: Option<u64>,
    /// The offset of a payload byte to alter after the digest was taken.
    pub alter: Option<usize>,
    /// Where to cut the frame into several writes, as offsets into it. Without it the whole
    /// frame is one write.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cut: Vec<usize>,
    /// After each piece but the last, wait until the other side has read all of it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub await_read: bool,
}

/// Reading messages through a frame decoder.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RecvFrames {
    /// How many messages to read.
    #[schemars(range(min = 1))]
    pub count: std::num::NonZeroU32,
    /// The buffer sizes of the reads, one after the other; the last one goes on.
    #[schemars(length(min = 1))]
    pub sizes: Vec<Size>,
    /// The framing, if it is not the run's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub framing: Option<Framing>,
}

/// An echo server's loop.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Echo {
    /// The buffer size of each read.
    pub size: Size,
    /// Whether ASCII letters come back in upper case.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub upper: bool,
    /// A text to put before each answer.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub prefix: String,
}

/// Reading text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RecvText {
    /// The buffer size of each read.
    pub size: Size,
    /// The encoding. Default `utf-8`.
    #[serde(default)]
    pub encoding: Encoding,
    /// What to do with bytes that are no text: `strict` gives up, `ignore` leaves them out,
    /// `incremental` keeps the start of a character until the rest of it comes.
    pub errors: TextErrors,
}

/// Socket options. Each is set in the order in which it stands here.
#[serde_with::skip_serializing_none]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Options {
    /// `TCP_NODELAY`: true turns Nagle's algorithm off (RFC 9293, section 3.7.4).
    pub nodelay: Option<bool>,
    /// `TCP_CORK`: true holds back segments that are not full (tcp(7)).
    pub cork: Option<bool>,
    /// `TCP_QUICKACK`: false delays ACKs. The kernel forgets it, so it is set again after each
    /// read (tcp(7)).
    pub quickack: Option<bool>,
    /// `SO_SNDBUF` in bytes; the kernel doubles it (socket(7)).
    pub send_buffer: Option<u32>,
    /// `SO_RCVBUF` in bytes; the kernel doubles it (socket(7)).
    pub recv_buffer: Option<u32>,
    /// `TCP_MAXSEG`: the largest segment in bytes, 88 to 32767 (tcp(7)).
    #[schemars(range(min = 88, max = 32767))]
    pub max_segment: Option<u32>,
    /// `SO_RCVTIMEO`: how long a read waits before it fails (socket(7)), at least `1ms`.
    #[serde(default, deserialize_with = "value::timeout")]
    pub recv_timeout: Option<Span>,
    /// `SO_SNDTIMEO`: how long a write or a connect waits before it fails (socket(7)), at least
    /// `1ms`.
    #[serde(default, deserialize_with = "value::timeout")]
    pub send_timeout: Option<Span>,
    /// `SO_REUSEADDR` (socket(7)).
    pub reuse_address: Option<bool>,
}

/// A number to pack.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Pack {
    /// The `struct` layout.
    pub layout: Layout,
    /// The number.
    pub value: u64,
}

/// Steps to do several times.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Repeat {
    /// How often, 1 to 100000.
    #[schemars(range(min = 1, max = 100_000))]
    pub times: u32,
    /// What.
    pub steps: Vec<Step>,
}
