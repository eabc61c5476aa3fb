//! What was sent, what the reading program got, and which messages came whole.
//!
//! Not the bytes but the messages: what a decoder gave out, what a loop gathered, or, in a program
//! without framing, what a read returned, as the text that came of it where it was decoded. A message came whole if what the program got is its
//! content and nothing else. Of a stream that is a question of places: equal bytes somewhere else
//! are not that message.

mod got;
mod sent;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use super::connection::Calls;
use super::ranges::{Direction, Ranges};
use crate::event::{Label, Side, Transport};

/// From, and up to, not including: offsets into a direction.
pub type Extent = (u64, u64);

/// What came of the messages of one direction.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Delivery {
    /// The messages that were sent, in order; `None` where nobody saw it.
    pub sent: Option<Vec<Sent>>,
    /// What the program got, in order; `None` where nobody saw it.
    pub got: Option<Vec<Got>>,
    /// How many bytes were read of which no message came: the decoder still held them at the end,
    /// or a loop had not its message when the stream ended.
    pub left_over: u64,
}

/// A message that was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    /// Its name.
    pub message: Label,
    /// All of it that the kernel took, length and header included.
    pub extent: Extent,
    /// What the program meant by it: without length and header. Of a message that is its header,
    /// the header.
    pub content: Extent,
    /// How many bytes it has, whatever the kernel took of them.
    pub offered: u64,
    /// Whether it came whole; `None` where that is not known.
    pub whole: Option<bool>,
    /// Whether it has a frame around its content.
    framed: bool,
}

/// Something that the reading program took for a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Got {
    /// By what means.
    pub by: GotBy,
    /// The event that completed it.
    pub event: usize,
    /// Of a decoder: its place among those that came out there.
    pub out: usize,
    /// Where its content lies in the direction; `None` if not in one piece, or not known.
    pub content: Option<Extent>,
    /// Whether it is a message that was sent, all of it and nothing else; `None` where that is not
    /// known.
    pub whole: Option<bool>,
    /// Which one, by its place among those sent; over datagrams it need not have come whole.
    pub is: Option<usize>,
    /// Of a decoder: where its frame lies.
    frame: Option<Extent>,
}

/// How a program came by a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum GotBy {
    /// A read returned it.
    Read,
    /// A text decoder made it of what a read returned.
    Text,
    /// A loop of reads gathered it.
    Loop,
    /// A frame decoder gave it out.
    Decoder,
}

impl Delivery {
    pub(super) fn of(
        calls: &Calls<'_>,
        direction: Direction,
        ranges: &Ranges,
        over: Transport,
        unseen: Option<Side>,
    ) -> Self {
        let mut sent = sent::sent(calls, ranges);
        let (mut got, left_over) = if over.keeps_edges() {
            (got::datagrams(calls, direction, ranges), 0)
        } else {
            let (mut got, left_over) = got::stream(calls, direction, ranges.missing);
            for got in &mut got {
                sent::find(calls, ranges, &sent, got);
            }
            sent::find_by_content(calls, ranges, &sent, &mut got);
            (got, left_over)
        };
        let sees = |side: Side| unseen != Some(side);
        if !ranges.intact || unseen.is_some() {
            for got in &mut got {
                (got.is, got.whole) = (None, None);
            }
        }
        // Where each is one of those sent, or surely none, the others did not come.
        let all_known = got
            .iter()
            .all(|got| got.whole == Some(false) || got.whole.is_some() && got.is.is_some());
        let is_known = all_known && ranges.intact && unseen.is_none();
        for message in &mut sent {
            message.whole = is_known.then_some(false);
        }
        for got in got.iter().filter(|got| got.whole == Some(true)) {
            if let Some(message) = got.is.and_then(|is| sent.get_mut(is)) {
                message.whole = Some(true);
            }
        }
        Self {
            sent: sees(direction.from).then_some(sent),
            got: sees(direction.from.other()).then_some(got),
            left_over,
        }
    }

    /// How many messages came whole; `None` where that is not known.
    pub fn whole(&self) -> Option<u64> {
        self.sent.as_ref()?;
        let mut got = self.got.as_ref()?.iter();
        got.try_fold(0, |n, got| Some(n + u64::from(got.whole?)))
    }

    /// Whether for certain every message came whole.
    pub fn all_came(&self) -> bool {
        let sent = self.sent.as_ref().map(|sent| sent.len() as u64);
        sent.is_some() && self.whole() == sent
    }

    /// Whether texts hold every byte that was sent, though they are not the messages: a decoder that
    /// keeps the beginning of a character for its next read loses nothing.
    pub fn is_text_in_pieces(&self) -> bool {
        let (Some(sent), Some(got)) = (&self.sent, &self.got) else {
            return false;
        };
        let all_sent = sent.first().zip(sent.last());
        let all_sent = all_sent.map(|(first, last)| (first.content.0, last.content.1));
        let mut texts = got
            .iter()
            .map(|got| got.content.filter(|_| got.by == GotBy::Text));
        let one = texts.next().flatten();
        let all = texts.try_fold(one, |all, text| {
            let (from, to) = all?;
            let text = text.filter(|text| text.0 == to)?;
            Some(Some((from, text.1)))
        });
        all_sent.is_some() && all.flatten() == all_sent && !self.all_came()
    }

    /// What a decoder gave out that for certain is no message that was sent.
    pub fn strangers(&self) -> impl Iterator<Item = &Got> {
        let got = self.got.iter().flatten();
        got.filter(|got| got.by == GotBy::Decoder && got.whole == Some(false))
    }
}

impl Sent {
    /// How many bytes of it the kernel took.
    pub fn taken(&self) -> u64 {
        self.extent.1 - self.extent.0
    }

    /// Whether the kernel took all of it.
    pub fn is_all_taken(&self) -> bool {
        self.taken() == self.offered
    }
}
