//! What was called.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Barrier, Bytes, DecoderState, Ends, Read, SizeForm, Write};
use crate::text::Encoding;
use crate::usual;

/// What was called. The names are the socket calls' own; those from `pause` on are steps of the
/// lab that touch no byte.
#[serde_with::skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, strum::IntoStaticStr)]
#[serde(tag = "op", rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
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
    #[strum(serialize = "close")]
    Abort,
    /// close(2) of the socket that listens.
    #[serde(rename = "stop_listening")]
    #[strum(serialize = "close")]
    StopListening,
    /// A look at both ends of the connection in the kernel's table.
    States {
        /// What was waited for before.
        #[serde(default, skip_serializing_if = "Ends::is_empty")]
        until: Ends,
        /// What was there; absent where the kernel does not say.
        #[serde(flatten)]
        ends: Ends,
    },
    /// A wait of a fixed time.
    Pause {
        /// In microseconds.
        us: u64,
    },
    /// A wait for a condition.
    Await {
        /// What was waited for.
        until: Barrier,
        /// The count when the wait ended, where the condition has one.
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
        value: Option<serde_json::Number>,
    },
    /// A number looked for in a message.
    Parse {
        /// Where in it: in a form, or under a key.
        #[serde(flatten)]
        place: NumberPlace,
        /// The message.
        hex: Bytes,
        /// The number; absent if there is none.
        value: Option<u64>,
    },
    /// Bytes turned into text, as Python's `bytes.decode` does.
    Decode {
        /// The encoding.
        encoding: Encoding,
        /// The bytes.
        hex: Bytes,
        /// The text; absent if they are none.
        text: Option<String>,
    },
    /// What a read loop took for one message, said when it is over.
    Loop(Taken),
    /// What the frame decoder made of bytes that an earlier read had brought behind the message
    /// that was then asked for: no call was needed for them.
    Decoder(Box<DecoderState>),
    /// The steps that a side left undone because one before them failed.
    Undone(Undone),
    /// A message looked up among the lab's commands, and the one found there run.
    Command(Command),
    /// open(2) of a new file in the receiving directory.
    Open {
        /// Its name.
        path: String,
        /// The name that it is to get once it is whole; absent if it has that already.
        target: Option<String>,
    },
    /// write(2) to that file; recorded only if it fails.
    #[serde(rename = "write")]
    #[strum(serialize = "write")]
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
        files: Vec<StoredFile>,
    },
}

impl Action {
    /// What it handed to the kernel, if it is a write.
    pub fn write(&self) -> Option<&Write> {
        match self {
            Self::Send(write) | Self::Sendto(write) => Some(write),
            _ => None,
        }
    }

    /// What the kernel handed over, if it is a read.
    pub fn read(&self) -> Option<&Read> {
        match self {
            Self::Recv(read) | Self::Recvfrom(read) => Some(read),
            _ => None,
        }
    }

    /// What a frame decoder made of it, if one was at work.
    pub fn decoder(&self) -> Option<&DecoderState> {
        match self {
            Self::Decoder(state) => Some(state),
            action => action.read()?.decoder.as_deref(),
        }
    }

    /// The bytes that it moved, or that something was made of: what a record is large by.
    pub fn bytes(&self) -> Option<&Bytes> {
        match self {
            Self::Send(Write { hex, .. })
            | Self::Sendto(Write { hex, .. })
            | Self::Recv(Read { hex, .. })
            | Self::Recvfrom(Read { hex, .. })
            | Self::Pack { hex, .. }
            | Self::Unpack { hex, .. }
            | Self::Parse { hex, .. }
            | Self::Decode { hex, .. }
            | Self::Command(Command { hex, .. }) => Some(hex),
            _ => None,
        }
    }

    /// The call's own name.
    pub fn name(&self) -> &'static str {
        self.into()
    }
}

/// Where a number stands in a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum NumberPlace {
    /// In a text of this form, such as `ready|{size}`.
    Form(SizeForm),
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
    #[serde(default, skip_serializing_if = "usual::is_default")]
    pub empty: u64,
}

impl Taken {
    /// Exactly the message, and counted rightly.
    pub fn is_right(&self) -> bool {
        self.has == self.wanted && self.counted == self.wanted
    }
}

/// The steps of a script that were not taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Undone {
    /// How many.
    pub count: u64,
    /// The first few, by the words of the lab language.
    pub steps: Vec<String>,
}

/// A file as it lies in the receiving directory.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Stored")]
pub struct StoredFile {
    /// Its name.
    pub name: String,
    /// Its size in bytes.
    pub size: u64,
}

/// A command that a peer asked for.
#[serde_with::skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Command {
    /// What came.
    pub hex: Bytes,
    /// The same as text, decoded or as UTF-8; absent if it is none.
    pub name: Option<String>,
    /// What the lab runs for it; absent if the lab does not know it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub argv: Vec<String>,
    /// How many bytes its answer has; absent if there is none.
    pub answer: Option<u64>,
    /// Of a program that is [`STUCK`](super::STUCK): the pipe of its stderr, where it waits for room.
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
