//! What the reader's program took for messages, in order.

use super::{Extent, Got, GotBy};
use crate::event::{Action, DecoderState, Event, Read};
use crate::report::connection::Calls;
use crate::report::ranges::{Direction, Ranges};

/// The bytes that decoders were fed with, and where in the stream they lie: a plain recv between
/// two of their reads leaves a gap.
#[derive(Default)]
struct Fed {
    /// Pieces without a gap: the offset among all bytes that were fed, and the place in the stream.
    pieces: Vec<(u64, Extent)>,
    all: u64,
    /// Bytes that no message has come of so far.
    held: u64,
    /// Whether several reads are one event, so that the record has not all bytes.
    folded: bool,
}

impl Fed {
    fn push(&mut self, (start, end): Extent) {
        match self.pieces.last_mut() {
            Some((_, last)) if last.1 == start => last.1 = end,
            _ => self.pieces.push((self.all, (start, end))),
        }
        self.all += end - start;
    }

    /// Where these bytes lie, if in one piece.
    fn locate(&self, start: u64, end: u64) -> Option<Extent> {
        let behind = self.pieces.partition_point(|(at, _)| *at <= start);
        let (at, piece) = *self.pieces.get(behind.checked_sub(1)?)?;
        let place = (piece.0 + (start - at), piece.0 + (end - at));
        (place.1 <= piece.1).then_some(place)
    }

    /// What a decoder gave out at an event.
    fn give_out(&mut self, event: usize, decoder: &DecoderState, got: &mut Vec<Got>) {
        self.held = decoder.kept.saturating_add(decoder.behind);
        let first = got.len();
        let mut end = self.all.checked_sub(self.held);
        for (place, out) in decoder.out.iter().enumerate().rev() {
            // Older records do not say how long a message was with all that is around it.
            let start = end
                .zip(out.size)
                .and_then(|(end, size)| end.checked_sub(size));
            let frame = start.zip(end);
            // A file's content went into the file, and a header alone has no payload.
            let has_payload = out.header.is_none() || !out.hex.0.is_empty();
            let content = frame
                .filter(|_| has_payload)
                .and_then(|(_, end)| self.locate(end.checked_sub(out.hex.0.len() as u64)?, end));
            let is_checked = has_payload || out.verified.is_some() || !self.folded;
            got.push(Got {
                by: GotBy::Decoder,
                event,
                out: place,
                content,
                whole: is_checked.then_some(false),
                is: None,
                frame: frame.and_then(|(start, end)| self.locate(start, end)),
            });
            end = start;
        }
        got[first..].reverse();
    }
}

fn plain(by: GotBy, event: usize, content: Option<Extent>, whole: Option<bool>) -> Got {
    Got {
        by,
        event,
        out: 0,
        content,
        whole,
        is: None,
        frame: None,
    }
}

/// What came of a stream, whose bytes in front of an offset are missing, and how many bytes were
/// left over.
pub(super) fn stream(calls: &Calls<'_>, direction: Direction, begins_at: u64) -> (Vec<Got>, u64) {
    let mut got: Vec<Got> = Vec::new();
    let mut fed = Fed::default();
    let (mut read_to, mut missed, mut of_character) = (begins_at, 0, 0);
    for (i, event) in direction.reader_calls(calls) {
        match &event.action {
            Action::Recv(read) | Action::Recvfrom(read) if read.returned.is_some() => {
                let place = (read_to, read_to.saturating_add(event.carried()));
                read_to = place.1;
                fed.folded |= event.calls > 1;
                if let Some(decoder) = &read.decoder {
                    fed.push(place);
                    fed.give_out(i, decoder, &mut got);
                } else if place.1 > place.0
                    && let Some(text) = read.text.as_ref().filter(|_| event.calls == 1)
                {
                    // With the start of a character that the read before ended in, without its own.
                    let start = place.0.saturating_sub(of_character);
                    let place = (start, place.1.saturating_sub(text.kept).max(start));
                    of_character = text.kept;
                    // What the decoder did not take is nowhere in the text.
                    let content = (!text.failed && text.lost == 0).then_some(place);
                    got.push(plain(GotBy::Text, i, content, Some(false)));
                } else if place.1 > place.0 {
                    // Of several calls in one event nobody knows what each of them returned.
                    let whole = (event.calls == 1).then_some(false);
                    got.push(plain(GotBy::Read, i, Some(place), whole));
                }
            }
            Action::Decoder(decoder) => fed.give_out(i, decoder, &mut got),
            Action::Loop(taken) => {
                let start = read_to.saturating_sub(taken.has);
                let is_of_loop = |got: &Got| {
                    got.by == GotBy::Read && got.content.is_some_and(|content| content.0 >= start)
                };
                while got.pop_if(|got| is_of_loop(got)).is_some() {}
                // One that reads on after the end never comes back: it is ended from outside.
                if event.error.is_some() || taken.empty > 0 {
                    missed += taken.has;
                } else {
                    got.push(plain(GotBy::Loop, i, Some((start, read_to)), Some(false)));
                }
            }
            _ => {}
        }
    }
    (got, fed.held + missed)
}

/// What came of datagrams: each read is one.
pub(super) fn datagrams(calls: &Calls<'_>, direction: Direction, ranges: &Ranges) -> Vec<Got> {
    let messages = ranges.messages.iter().enumerate();
    let of_write: Vec<usize> = messages
        .flat_map(|(place, message)| std::iter::repeat_n(place, message.writes.len()))
        .collect();
    let mut matched = ranges.reads.iter().zip(&ranges.matched).peekable();
    let one = |(i, event): (usize, &Event)| {
        let read = event.action.read()?;
        if let Some((span, write)) = matched.next_if(|(span, _)| span.event == i) {
            let is = of_write.get(*write).copied();
            let message = is.and_then(|is| ranges.messages.get(is));
            let place = (span.start, span.end);
            let whole = message.map(|message| (message.start, message.end) == place);
            return Some(Got {
                is,
                ..plain(GotBy::Read, i, Some(place), whole)
            });
        }
        let is_unowned = ranges.unowned.binary_search(&i).is_ok();
        is_unowned.then(|| plain(GotBy::Read, i, None, is_uncut(read)))
    };
    direction.reader_calls(calls).filter_map(one).collect()
}

/// Whether nothing of this datagram was cut off.
fn is_uncut(read: &Read) -> Option<bool> {
    let has_room = (read.hex.0.len() as u64) < read.asked;
    match read.truncated {
        Some(cut) => Some(cut == 0),
        None => has_room.then_some(true),
    }
}
