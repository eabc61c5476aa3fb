//! What the kernel held: the middle column.

use std::borrow::Cow;

use super::columns::Item;
use crate::event::{Action, Event, Label};
use crate::render::bytes::Strip;
use crate::render::paint::Ink;
use crate::render::{View, words};
use crate::report::{Flow, InKernel};

/// The bytes of a direction as far as the record has them: each call's offset and bytes, none
/// where several calls are one event.
pub(in crate::render) struct Known<'a>(Vec<(u64, &'a [u8])>);

impl<'a> Known<'a> {
    pub(in crate::render) fn of(events: &'a [Event], flow: &Flow) -> Self {
        // Of what another program wrote the record has what was read of it.
        let calls = if flow.has_writes() {
            &flow.ranges.writes
        } else {
            &flow.ranges.reads
        };
        let pieces = calls
            .iter()
            .filter_map(|span| match &events[span.event].action {
                Action::Send(write) | Action::Sendto(write) => Some((span.start, &write.hex.0[..])),
                Action::Recv(read) => Some((span.start, &read.hex.0[..])),
                _ => None,
            });
        Self(pieces.collect())
    }

    /// The bytes of a range; as many of them as the record has from its start on.
    pub(in crate::render) fn bytes(&self, from: u64, to: u64) -> Cow<'a, [u8]> {
        let behind = |start: u64| usize::try_from(start).unwrap_or(usize::MAX);
        let first = self.0.partition_point(|(start, _)| *start <= from);
        let mut bytes: Cow<'a, [u8]> = Cow::default();
        for (start, piece) in &self.0[first.saturating_sub(1)..] {
            let at = from + bytes.len() as u64;
            if at >= to || at < *start {
                break;
            }
            let here = piece.get(behind(at - start)..).unwrap_or_default();
            let here = &here[..here.len().min(behind(to - at))];
            if bytes.is_empty() {
                bytes = Cow::Borrowed(here);
            } else {
                bytes.to_mut().extend_from_slice(here);
            }
        }
        bytes
    }

    /// Adds a message's bytes between two offsets to the strip.
    pub(in crate::render) fn put(&self, strip: &mut Strip<'a>, label: Label, from: u64, to: u64) {
        let first = self.0.partition_point(|(start, _)| *start <= from);
        let mut at = from;
        for (i, (start, bytes)) in self.0.iter().enumerate().skip(first.saturating_sub(1)) {
            if at >= to {
                break;
            }
            let next = self.0.get(i + 1).map_or(to, |(start, _)| *start).min(to);
            let skip = usize::try_from(at - start).unwrap_or(usize::MAX);
            let most = usize::try_from(next.saturating_sub(at)).unwrap_or(usize::MAX);
            let known = bytes.get(skip..).unwrap_or_default();
            let known = &known[..known.len().min(most)];
            strip.message(label, known);
            strip.unknown((next.saturating_sub(at)).saturating_sub(known.len() as u64));
            at = next.max(at);
        }
    }
}

/// What is between the programs. Bytes that are known not to be in the receive queue yet stand in
/// brackets; datagrams stand between bars.
pub(super) fn items<'a>(
    flow: &Flow,
    in_kernel: InKernel,
    written: &Known<'a>,
    view: &View,
) -> Vec<Item<'a>> {
    let mut strip = Strip::within(view.width);
    let messages = &flow.ranges.messages;
    if let Some(datagrams) = &flow.datagrams {
        let sent = usize::try_from(in_kernel.to).unwrap_or(usize::MAX);
        let first = usize::try_from(in_kernel.from).unwrap_or(usize::MAX);
        for (i, message) in messages.iter().enumerate().take(sent).skip(first) {
            if datagrams.gone.binary_search(&i).is_err() {
                strip.mark("|");
                written.put(&mut strip, message.label, message.start, message.end);
            }
        }
        if strip.width() > 0 {
            strip.mark("|");
        }
    } else {
        // From here on nothing has arrived.
        let arrived = in_kernel.to - in_kernel.not_arrived.min(in_kernel.to - in_kernel.from);
        let first = messages.partition_point(|message| message.end <= in_kernel.from);
        let there = || {
            messages[first..]
                .iter()
                .take_while(|message| message.start < in_kernel.to)
        };
        for message in there().filter(|message| message.start < arrived) {
            let (from, to) = (message.start.max(in_kernel.from), message.end.min(arrived));
            written.put(&mut strip, message.label, from, to);
        }
        if arrived < in_kernel.to {
            strip.mark("[");
            for message in there().filter(|message| message.end > arrived) {
                let (from, to) = (message.start.max(arrived), message.end.min(in_kernel.to));
                written.put(&mut strip, message.label, from, to);
            }
            strip.mark("]");
        }
    }
    if strip.width() == 0 {
        return vec![Item::Note(
            words::picture::empty(view.lang).into(),
            Ink::Plain,
        )];
    }
    vec![Item::Strip(strip)]
}
