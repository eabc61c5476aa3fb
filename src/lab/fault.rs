//! What can be wrong with the files of a lab, by subject: kinds and facts. `words/lab_file/` says
//! them, and what would help. In tests each kind can be listed, with facts that say nothing.

use crate::event::{BadValue, Expected, Side, Transport};
use crate::frame::FrameError;
use crate::regular_file::Unreadable;

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// With a file as a whole.
    File(FileFault),
    /// With what is written, as JSON or for what it stands for.
    Json(JsonFault),
    /// With a value that has the right type.
    Value(BadValue),
    /// With a run, or with a step in it.
    Run(RunFault),
    /// With the words of a lab.
    Text(TextFault),
    /// With a belief.
    Myth(MythFault),
}

macro_rules! from_each {
    ($($kind:ident: $type:ty),+) => {$(
        impl From<$type> for Fault {
            fn from(fault: $type) -> Self {
                Self::$kind(fault)
            }
        }
    )+};
}

from_each!(File: FileFault, Json: JsonFault, Value: BadValue, Run: RunFault, Text: TextFault, Myth: MythFault);

/// With a file as a whole, or with a name for one.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(test, derive(strum::EnumIter))]
pub enum FileFault {
    /// It cannot be read. Whoever says `lab run 3` means this lab.
    #[cfg_attr(test, strum(disabled))]
    Unreadable {
        why: Unreadable,
        meant: Option<String>,
    },
    /// It is larger than any lab file.
    TooLarge,
    /// It is written in UTF-16.
    Utf16,
    /// This byte of it is no UTF-8.
    NotUtf8(u8),
    /// The catalogue lacks it.
    NotInCatalogue,
    /// A text is not there.
    Missing,
    /// No lab has this number or name; the nearest.
    NoSuchLab(Option<(u32, &'static str)>),
    /// The word is in no glossary; the nearest.
    NoSuchWord(Option<String>),
}

/// With what is written.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(test, derive(strum::EnumIter))]
pub enum JsonFault {
    /// A word, or a key if it `is_field`, that is not known here.
    Unknown {
        is_field: bool,
        word: String,
        near: Option<String>,
        valid: Vec<String>,
    },
    /// A key that has to be there is not.
    MissingField(String),
    /// A key that is in its object already.
    Twice(String),
    /// What stands here is not what fits.
    Mismatch { got: Got, fits: Fits },
    /// A step or another word that has to have a value.
    NeedsValue(String),
    /// Something else where one word of a choice belongs.
    NoWord(Got),
    /// This character where a value belongs.
    NoValue(char),
    /// What another language has and JSON has not.
    Alien(Alien),
    /// A word that is none of JSON's three.
    BrokenWord,
    /// Not a number, or one too large for any.
    BrokenNumber,
    /// Nothing behind a comma.
    TrailingComma,
    /// A comment.
    Comment,
    /// A key that does not stand in quotes.
    BareKey,
    /// Something else than a comma or this bracket.
    NoComma { closing: char },
    /// No colon behind a key.
    NoColon,
    /// Two steps in one object.
    TwoSteps,
    /// The object is open where its list ends.
    LeftOpen,
    /// More, behind the end.
    Trailing,
    /// An escape that JSON has not.
    Escape,
    /// Half of a pair of escapes.
    HalfCharacter(String),
    /// Lists in lists in lists.
    TooDeep,
    /// A control character in a text.
    ControlCharacter,
    /// The text ends inside this.
    EndsInside(Inside),
    /// What the parser says, where nothing better is known.
    Other(String),
}

/// What stands somewhere. Texts, numbers and words are as they are written.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(test, derive(Default, strum::EnumIter))]
pub enum Got {
    Text(String),
    Number(String),
    Word(String),
    AnyNumber,
    AnyWord,
    Object,
    EmptyObject,
    #[cfg_attr(test, default)]
    List,
    Null,
    Other(String),
}

/// What would fit.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(test, derive(Default, strum::EnumIter))]
pub enum Fits {
    /// A whole number from here on, or to there.
    Number {
        from: u64,
        to: Option<u64>,
    },
    #[cfg_attr(test, default)]
    List,
    Object,
    /// An object with some of these keys.
    ObjectOf(Vec<String>),
    Text,
    Bool,
    /// A word without a value.
    WordAlone,
    Own(Expected),
    Other(String),
}

/// What other languages write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(test, derive(Default, strum::EnumIter))]
pub enum Alien {
    #[cfg_attr(test, default)]
    True,
    False,
    None,
    SingleQuotes,
}

/// What a text can end in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(test, derive(Default, strum::EnumIter))]
pub enum Inside {
    #[cfg_attr(test, default)]
    List,
    Object,
    Text,
    Value,
}

/// With a run, or with a step in it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(test, derive(strum::EnumIter))]
pub enum RunFault {
    NoRuns,
    ClaimsNothing(String),
    BadName(String),
    NameTwice(String),
    /// A cure of no bug that comes before it.
    CuresNothing(String),
    TooManyClients(usize),
    OutputsWithoutCommand,
    TooManyBytes(usize),
    TooManySteps(usize),
    RepeatsNothing,
    RepeatTried,
    /// What the step works on is not in hand.
    NotInHand(InHand),
    /// The step, or what is written in it, needs what the transport has not; use this instead.
    Unable {
        step: &'static str,
        over: Transport,
        lacks: Lacks,
        instead: &'static str,
    },
    /// Only TCP has it.
    OnlyTcp {
        what: &'static str,
        over: Transport,
        instead: InsteadOfTcp,
    },
    MaxSegment {
        bytes: u32,
        least: u32,
        most: u32,
    },
    NoCommands,
    NeverSignals {
        side: Side,
        name: String,
        near: Option<String>,
    },
    Elsewhere(Elsewhere),
    Framing(FramingFault),
    Line(LineFault),
}

/// With what only another program, on one side of the run, does or knows.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(test, derive(Default, strum::EnumIter))]
pub enum Elsewhere {
    #[cfg_attr(test, default)]
    All,
    Over {
        side: Side,
        over: Transport,
    },
    NoPort,
    Wire,
    MoreClients,
    /// A claim about what only the other program knows: what it writes, or what it reads.
    Claim {
        key: &'static str,
        side: Side,
        writes: bool,
    },
    Read {
        word: &'static str,
        side: Side,
    },
    Signal(Side),
}

/// With what is framed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(test, derive(Default, strum::EnumIter))]
pub enum FramingFault {
    #[cfg_attr(test, default)]
    Missing,
    /// A cut that is not inside the frame.
    Cut {
        at: usize,
        length: usize,
    },
    NoSizes,
    HeaderOnlyFile,
    LengthForFile,
    #[cfg_attr(test, strum(disabled))]
    Unencodable(FrameError),
}

/// With where a step stands: on which side, before or behind which other.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(test, derive(Default, strum::EnumIter))]
pub enum LineFault {
    #[cfg_attr(test, default)]
    ServerConnects,
    ClientAccepts,
    ClientListens,
    RestOnClient,
    NobodyListens,
    ConnectedAlready,
    AfterClose,
    QuickackEarly {
        opens: &'static str,
    },
}

/// What a side works on besides its socket, which earlier steps bring.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(test, derive(Default, strum::EnumIter))]
pub enum InHand {
    #[cfg_attr(test, default)]
    Message,
    Number,
    Answer,
}

/// What a step needs and the transport, or the socket, has not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(test, derive(Default, strum::EnumIter))]
pub enum Lacks {
    #[cfg_attr(test, default)]
    Stream,
    /// A stream; there is a connection all the same.
    StreamButConnected,
    Connection,
    /// A connection, or one peer; a client may get one.
    Peer(Side),
    /// Datagrams.
    Datagrams,
    /// A socket without a peer.
    NoPeer,
}

/// What to do where there is no TCP.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(test, derive(Default, strum::EnumIter))]
pub enum InsteadOfTcp {
    #[cfg_attr(test, default)]
    Close,
    Nothing,
    NoOption,
    Signal,
    Queued,
}

/// With the words of a lab.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(test, derive(strum::EnumIter))]
pub enum TextFault {
    NoTitle,
    NoQuestion,
    UnknownHeading {
        heading: String,
        known: Vec<String>,
    },
    NotARun(String),
    OpenComment,
    NoSuchRun {
        name: String,
        near: Option<String>,
        known: Vec<String>,
    },
    SecondSentence(String),
    NothingSaid(String),
    NoSentence(String),
    OtherOrder(Vec<String>),
    /// A command of this program that does not work.
    #[cfg_attr(test, strum(disabled))]
    Command {
        code: String,
        wrong: CommandFault,
    },
}

/// Why a command does not work.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(test, derive(strum::EnumIter))]
pub enum CommandFault {
    /// The command line's parser says so; the word that it does not know, if it is that.
    Refused {
        said: String,
        unknown: Option<String>,
    },
    NoSuchLab(Option<(u32, &'static str)>),
    NoSuchRun {
        name: String,
        known: Vec<String>,
    },
}

/// With a belief of the catalogue.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(test, derive(strum::EnumIter))]
pub enum MythFault {
    /// Two have this number.
    Twice(u32),
    /// Nothing is claimed of its run.
    ClaimsNothing,
}
