//! Edges and cuts: where a message boundary was kept or lost, where a message was torn, and why.

use serde::{Deserialize, Serialize};

use super::ranges::{Ranges, Span};
use super::segments::{At, Segments, Unproven};
use super::testimony::{LostIn, Testimony};
use crate::event::{Action, ClaimedCutBy, ClaimedFate, Event, Label};

/// Where one message ends and the next begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edge {
    /// The messages on both sides.
    pub between: [Label; 2],
    /// The offset.
    pub offset: u64,
    /// What became of it.
    pub fate: Fate,
    /// The read that went across it, by its place in the run, if it was lost.
    pub lost_by: Option<usize>,
    /// Who says where it was lost, if it was.
    pub said: Testimony,
    /// Why nobody knows where it was lost, if it was and nobody does.
    pub unproven: Option<Unproven>,
}

/// What became of an edge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, strum::IntoStaticStr)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Fate {
    /// A read started or ended exactly there.
    Kept,
    /// No read came this far.
    NotRead,
    /// Several calls, which the record holds as one event, went past it: whether one of them ended
    /// there nobody knows.
    NotRecorded,
    /// A read went across it: where the boundary was lost.
    #[serde(untagged)]
    #[strum(transparent)]
    Lost(LostIn),
}

impl Fate {
    /// Its name, as `expect` writes it where a lab can claim it.
    pub fn name(self) -> &'static str {
        self.into()
    }
}

impl From<ClaimedFate> for Fate {
    fn from(claimed: ClaimedFate) -> Self {
        match claimed {
            ClaimedFate::Kept => Self::Kept,
            ClaimedFate::Sender => Self::Lost(LostIn::Sender),
            ClaimedFate::ReceiveQueue => Self::Lost(LostIn::ReceiveQueue),
        }
    }
}

/// A place where a read ended inside a message, and the next one went on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Cut {
    /// The message.
    pub message: Label,
    /// After how many of its bytes.
    pub after: u64,
    /// How long the message is.
    #[serde(skip)]
    pub of: u64,
    /// What cut it.
    #[serde(rename = "cut_by")]
    pub by: CutBy,
    /// The read that ended there, by its place in the run.
    #[serde(skip)]
    pub read: usize,
}

/// What cut a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, strum::IntoStaticStr)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum CutBy {
    /// The read returned all that it asked for, and bytes were left in the queue.
    Buffer,
    /// The queue was emptied; the rest had not arrived.
    Arrival,
    /// The kernel did not say what was left, or the record does not say what the last of several
    /// calls returned.
    Undetermined,
}

impl CutBy {
    /// Its name, as `expect` writes it where a lab can claim it.
    pub fn name(self) -> &'static str {
        self.into()
    }
}

impl From<ClaimedCutBy> for CutBy {
    fn from(claimed: ClaimedCutBy) -> Self {
        match claimed {
            ClaimedCutBy::Buffer => Self::Buffer,
            ClaimedCutBy::Arrival => Self::Arrival,
        }
    }
}

/// The edges between the messages of a direction. A message of no bytes leaves no trace in a
/// stream, so it has no edge there either. `lost` says what is known of
/// where a read lost an edge, and why nothing is, if nothing is.
pub(super) fn edges(
    ranges: &Ranges,
    datagrams: bool,
    lost: impl Fn(u64, &Span) -> (Testimony, Unproven),
) -> Vec<Edge> {
    let mut edges = Vec::new();
    let messages: Vec<_> = ranges
        .messages
        .iter()
        .filter(|m| datagrams || m.start < m.end)
        .collect();
    let mut reads = ranges.reads.iter().peekable();
    for pair in messages.windows(2) {
        let offset = pair[0].end;
        // The first read that ends at or behind the edge decides it. In a stream it takes two that
        // meet there: what was never read may have come with what was.
        while reads.next_if(|read| read.end < offset).is_some() {}
        let both_sides = datagrams || {
            let reads = &ranges.reads;
            reads.first().is_some_and(|read| read.start < offset)
                && reads.last().is_some_and(|read| offset < read.end)
        };
        let mut said = Testimony::default();
        let (mut unproven, mut lost_by) = (None, None);
        let fate = match reads.peek() {
            Some(read) if read.start < offset && offset < read.end && read.calls > 1 => {
                Fate::NotRecorded
            }
            Some(read) if read.start < offset && offset < read.end => {
                let why;
                (said, why) = lost(offset, read);
                let lost_in = said.verdict();
                unproven = (lost_in == LostIn::Undetermined).then_some(why);
                lost_by = Some(read.event);
                Fate::Lost(lost_in)
            }
            Some(read) if both_sides && (read.start == offset || read.end == offset) => Fate::Kept,
            _ => Fate::NotRead,
        };
        edges.push(Edge {
            between: [pair[0].label, pair[1].label],
            offset,
            fate,
            lost_by,
            said,
            unproven,
        });
    }
    edges
}

/// Where the segments say that an edge was lost.
pub(super) fn lost_in(segments: &Segments, offset: u64) -> LostIn {
    match segments.at(offset) {
        At::Inside => LostIn::Sender,
        At::Boundary => LostIn::ReceiveQueue,
        At::Unknown => LostIn::Undetermined,
    }
}

/// The cuts through the messages of a stream. `proven` says what a capture proves of one, if there
/// is a capture and it proves it.
pub(super) fn cuts(
    ranges: &Ranges,
    events: &[Event],
    proven: impl Fn(&Event, u64) -> Option<CutBy>,
) -> Vec<Cut> {
    let mut cuts = Vec::new();
    let mut messages = ranges.messages.iter().peekable();
    // The last read cuts nothing: no other goes on after it.
    let followed = ranges.reads.len().saturating_sub(1);
    for read in &ranges.reads[..followed] {
        while messages
            .next_if(|message| message.end <= read.end)
            .is_some()
        {}
        let Some(message) = messages.peek() else {
            break;
        };
        if message.start < read.end {
            cuts.push(Cut {
                message: message.label,
                after: read.end - message.start,
                of: message.end - message.start,
                by: proven(&events[read.event], read.end)
                    .unwrap_or_else(|| cut_by(&events[read.event])),
                read: read.event,
            });
        }
    }
    cuts
}

fn cut_by(event: &Event) -> CutBy {
    let Action::Recv(read) = &event.action else {
        return CutBy::Undetermined;
    };
    let full = read.returned == Some(read.asked);
    match read.left {
        // With the buffer full and nothing left, or with room in the buffer, the read had taken
        // all that was there.
        Some(0) => CutBy::Arrival,
        // Of several calls in one event it is not known whether the last one's buffer was full.
        Some(_) if event.calls > 1 => CutBy::Undetermined,
        Some(_) if full => CutBy::Buffer,
        Some(_) => CutBy::Arrival,
        None => CutBy::Undetermined,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::Transport;
    use crate::event::fixture::{recv, send};
    use crate::report::connection::placed;
    use crate::report::ranges::{self, Direction};
    use crate::report::testimony::Witness;

    fn read(calls: u64, returned: usize, left: u64) -> Event {
        recv(4, &"a".repeat(returned)).calls(calls).left(left)
    }

    fn in_the_sender(_: u64, _: &Span) -> (Testimony, Unproven) {
        let mut sender = Testimony::default();
        sender.add(Witness::Counters, LostIn::Sender);
        (sender, Unproven::Counters)
    }

    #[test]
    fn what_cut_a_message_is_told_by_one_call_and_its_queue() {
        assert_eq!(cut_by(&read(1, 4, 3)), CutBy::Buffer);
        let late = "it came as the read returned";
        assert_eq!(cut_by(&read(1, 2, 3)), CutBy::Arrival, "{late}");
        assert_eq!(cut_by(&read(1, 4, 0)), CutBy::Arrival);
        // The sum of several calls is no buffer's size, whichever way it compares with one.
        for returned in [4, 7, 8] {
            assert_eq!(cut_by(&read(2, returned, 3)), CutBy::Undetermined);
            assert_eq!(cut_by(&read(2, returned, 0)), CutBy::Arrival);
        }
    }

    #[test]
    fn an_edge_behind_which_nothing_was_read_is_not_kept() {
        let fate = |reads: &[Event]| {
            let sent = [send("A", "aaaa"), send("B", "aaaa")];
            let events = [&sent[..], reads].concat();
            let ranges = ranges::ranges(&placed(&events), Direction::FIRST, Transport::Tcp, None);
            edges(&ranges, false, in_the_sender)[0].fate
        };
        let whole = || recv(4, "aaaa");
        assert_eq!(fate(&[whole(), whole()]), Fate::Kept);
        assert_eq!(fate(&[whole(), recv(1, "a")]), Fate::Kept);
        let reset = recv(4, "").failed("ECONNRESET");
        assert_eq!(fate(&[whole()]), Fate::NotRead);
        assert_eq!(fate(&[whole(), reset]), Fate::NotRead);
    }

    #[test]
    fn an_edge_among_several_calls_is_neither_kept_nor_lost() {
        let edge = |calls| {
            let events = [send("A", "aaaa"), send("B", "aaaa"), read(calls, 8, 0)];
            let ranges = ranges::ranges(&placed(&events), Direction::FIRST, Transport::Tcp, None);
            edges(&ranges, false, in_the_sender).remove(0)
        };
        assert_eq!(edge(2).fate, Fate::NotRecorded);
        let lost = edge(1);
        assert_eq!(lost.fate, Fate::Lost(LostIn::Sender));
        assert_eq!(lost.lost_by, Some(2));
    }
}
