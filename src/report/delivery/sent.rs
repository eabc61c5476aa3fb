//! The messages that were sent, and which of them something is that the reader's program got.

use std::collections::{HashMap, VecDeque};

use serde_json::{Map, Value};

use super::{Extent, Got, GotBy, Sent};
use crate::event::{Event, PartLen, Write};
use crate::frame::Part;
use crate::report::connection::Calls;
use crate::report::ranges::{Message, Ranges};

/// The call at this place of the run.
fn at<'a>(calls: &Calls<'a>, place: usize) -> Option<&'a Event> {
    let found = calls.binary_search_by_key(&place, |(place, _)| *place);
    found.ok().map(|i| calls[i].1)
}

pub(super) fn sent(calls: &Calls<'_>, ranges: &Ranges) -> Vec<Sent> {
    let messages = ranges.messages.iter();
    messages.map(|message| one(calls, message)).collect()
}

fn one(calls: &Calls<'_>, message: &Message) -> Sent {
    let (mut offered, mut taken) = (0_u64, 0_u64);
    let mut layout: &[PartLen] = &[];
    for event in message.writes.iter().filter_map(|&place| at(calls, place)) {
        let Some(write) = event.action.write() else {
            continue;
        };
        // Each write offers what the one before did not take, or what comes next.
        offered = offered.max(taken.saturating_add(write.asked));
        taken = taken.saturating_add(event.carried());
        if layout.is_empty() {
            layout = &write.layout;
        }
    }
    let parts = layout.iter().map(|part| part.bytes);
    let framed = parts.fold(0, u64::saturating_add);
    let content = match layout.split_last() {
        Some((last, before)) => {
            let before = before.iter().map(|part| part.bytes);
            let start = before.fold(message.start, u64::saturating_add);
            (start, start.saturating_add(last.bytes))
        }
        None => (message.start, message.end),
    };
    Sent {
        message: message.label,
        extent: (message.start, message.end),
        content,
        offered: offered.max(taken).max(framed),
        whole: None,
        framed: !layout.is_empty(),
    }
}

/// Finds out of a stream which message it is that the program got, by where it lies; what a decoder
/// gave out has to have its bytes, too.
pub(super) fn find(calls: &Calls<'_>, ranges: &Ranges, sent: &[Sent], got: &mut Got) {
    let by_content: fn(&Sent) -> Extent = |message| message.content;
    let by_frame: fn(&Sent) -> Extent = |message| message.extent;
    let (place, of) = match (got.content, got.frame) {
        (Some(content), _) => (content, by_content),
        (None, Some(frame)) => (frame, by_frame),
        (None, None) => return,
    };
    let is_it = |message: &Sent| {
        // What has a frame is this message only if the decoder took that frame for one, too.
        let same_frame = got.frame.is_none_or(|frame| message.extent == frame);
        of(message) == place && message.is_all_taken() && (same_frame || !message.framed)
    };
    let first = sent.partition_point(|message| of(message).0 < place.0);
    let there = sent[first..]
        .iter()
        .take_while(|message| of(message).0 == place.0);
    got.is = there
        .zip(first..)
        .find(|(message, place)| is_it(message) && has_bytes(calls, ranges, *place, message, got))
        .map(|(_, place)| place);
    if let Some(is) = got.is {
        got.content = Some(sent[is].content);
        got.whole = got.whole.map(|_| true);
    }
}

/// Whether what a decoder gave out is what was written there, as far as the record has it. (What a
/// read returned is held against it elsewhere.)
fn has_bytes(calls: &Calls<'_>, ranges: &Ranges, place: usize, sent: &Sent, got: &Got) -> bool {
    let out = at(calls, got.event).and_then(|event| event.action.decoder()?.out.get(got.out));
    let (Some(out), Some(_)) = (out.filter(|_| got.by == GotBy::Decoder), got.content) else {
        return true;
    };
    let writes = ranges.messages[place].writes.iter();
    let writes = writes.filter_map(|&place| at(calls, place));
    if writes.clone().any(|event| event.calls > 1) {
        return true;
    }
    let bytes = writes
        .filter_map(|event| event.action.write())
        .flat_map(|write| &write.hex.0);
    let before = usize::try_from(sent.content.0 - sent.extent.0).unwrap_or(usize::MAX);
    bytes.skip(before).eq(&out.hex.0)
}

/// Older records do not say how many bytes each message took that came out of a decoder. There the
/// next message with this payload is taken for it, or, of a file and of a header alone, with this
/// header.
pub(super) fn find_by_content(calls: &Calls<'_>, ranges: &Ranges, sent: &[Sent], got: &mut [Got]) {
    let out_of = |got: &Got| match got.by {
        GotBy::Decoder => at(calls, got.event)?.action.decoder()?.out.get(got.out),
        _ => None,
    };
    let is_open = |got: &&mut Got| out_of(got).is_some_and(|out| out.size.is_none());
    if !got.iter_mut().any(|got| is_open(&got)) {
        return;
    }
    let mut places: HashMap<Vec<u8>, VecDeque<usize>> = HashMap::new();
    let messages = ranges.messages.iter().zip(sent).enumerate();
    for (place, (message, sent)) in messages.filter(|(_, (_, sent))| sent.is_all_taken()) {
        let writes = message.writes.iter().filter_map(|&place| at(calls, place));
        let writes: Vec<&Write> = writes.filter_map(|event| event.action.write()).collect();
        let bytes: Vec<u8> = writes
            .iter()
            .flat_map(|write| &write.hex.0)
            .copied()
            .collect();
        let content = usize::try_from(sent.content.0 - sent.extent.0).unwrap_or(usize::MAX);
        let payload = bytes.get(content..).map(Vec::from);
        let layout = writes.first().map_or(&[][..], |write| &write.layout);
        for key in payload.into_iter().chain(header(&bytes, layout)) {
            places.entry(key).or_default().push_back(place);
        }
    }
    let mut next = 0;
    for got in got.iter_mut().filter(is_open) {
        let key = out_of(got).map(|out| match &out.header {
            Some(header) if out.hex.0.is_empty() => canonical(header),
            _ => out.hex.0.clone(),
        });
        let there = key.and_then(|key| places.get_mut(&key));
        let Some(there) = there else { continue };
        while there.front().is_some_and(|place| *place < next) {
            there.pop_front();
        }
        if let Some(is) = there.pop_front() {
            next = is + 1;
            got.is = Some(is);
            got.content = Some(sent[is].content);
            got.whole = got.whole.map(|_| true);
        }
    }
}

/// The header of a message that has one.
fn header(bytes: &[u8], layout: &[PartLen]) -> Option<Vec<u8>> {
    let [prefix, header, ..] = layout else {
        return None;
    };
    let start = usize::try_from(prefix.bytes).ok()?;
    let end = start.checked_add(usize::try_from(header.bytes).ok()?)?;
    let fields = serde_json::from_slice(bytes.get(start..end)?).ok();
    fields
        .filter(|_| header.part == Part::Header)
        .as_ref()
        .map(canonical)
}

fn canonical(header: &Map<String, Value>) -> Vec<u8> {
    serde_json::to_vec(header).unwrap_or_default()
}
