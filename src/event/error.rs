//! The words that stand in an event's `error` where it is no errno name.

/// The error of a call that was still waiting when the run's deadline passed.
pub const DEADLINE: &str = "deadline";

/// The error of a call that was still waiting when the person pressed Ctrl-C.
pub const INTERRUPTED: &str = "interrupted";

/// The error of a wait for what the peer would have to do, and the peer has ended.
pub const PEER_ENDED: &str = "peer-ended";

/// The error of an `await` for what cannot come any more: the peer has closed its half.
pub const PEER_CLOSED: &str = "peer-closed";

/// The error of an `await` for what cannot come any more: a reset has ended the connection.
pub const PEER_RESET: &str = "peer-reset";

/// The error of an `await` for what cannot come from where the socket is.
pub const UNREACHABLE: &str = "unreachable";

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

/// The error of a call, or of a step that makes something of bytes, which was not made because its
/// side's record is full.
pub const RECORD_FULL: &str = "record-full";
