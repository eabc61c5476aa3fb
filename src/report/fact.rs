//! What can be claimed of a run, and what was seen of it, as one type, so that the two can be held
//! against each other.

use std::borrow::Cow;

use serde::Serialize;

use super::edges::{CutBy, Fate};
use super::testimony::LostIn;
use crate::event::{Bounds, Bytes, Ends, Label, StoredFile, Taken};

/// What a claim says, or what was seen of that which it is about. JSON has it as a lab file does.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Fact {
    /// Nobody said.
    NotKnown,
    /// The decoder refused nothing.
    NoRefusal,
    /// A name from a fixed list.
    Word(Cow<'static, str>),
    /// Whether something was so.
    Flag(bool),
    /// How many.
    Number(u64),
    /// From how many to how many.
    Bounds(Bounds),
    /// How many, one by one.
    Numbers(Vec<u64>),
    /// The bytes of reads, or of messages.
    Bytes(Vec<Bytes>),
    /// What became of each edge.
    Edges(Vec<Fate>),
    /// Where messages were cut, and by what.
    Cuts(Vec<CutAt>),
    /// What lies in a directory.
    Files(Vec<StoredFile>),
    /// What each read loop took for a message.
    Loops(Vec<Taken>),
    /// What was decoded.
    Texts(Vec<String>),
    /// Calls that failed, each as `server recv ECONNRESET`.
    Calls(Vec<String>),
    /// The states of a connection's ends, each time that they were looked at.
    States(Vec<Ends>),
}

impl Fact {
    /// Whether what was seen is as this claims.
    pub(super) fn holds(&self, seen: &Self) -> bool {
        match (self, seen) {
            (Self::Bounds(bounds), Self::Number(n)) => bounds.holds(*n),
            (claimed, seen) => claimed == seen,
        }
    }

    /// Whether some of it is not known.
    pub(crate) fn is_open(&self) -> bool {
        match self {
            Self::NotKnown => true,
            Self::Edges(fates) => fates.contains(&Fate::Lost(LostIn::Undetermined)),
            Self::Cuts(cuts) => cuts.iter().any(|cut| cut.by == CutBy::Undetermined),
            Self::States(ends) => {
                let is_open = |end: &Ends| end.client.is_none() || end.server.is_none();
                ends.iter().any(is_open)
            }
            _ => false,
        }
    }
}

impl From<Option<u64>> for Fact {
    fn from(counted: Option<u64>) -> Self {
        counted.map_or(Self::NotKnown, Self::Number)
    }
}

/// A place where a message was cut, as a lab claims it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct CutAt {
    /// The message.
    pub message: Label,
    /// After how many of its bytes.
    pub after: u64,
    /// What cut it.
    pub by: CutBy,
}
