//! What the reads of an outcome returned, a bar between them, as a prediction is written.

use crate::event::Side;
use crate::lang::Lang;
use crate::number::group;
use crate::render::bytes::Strip;
use crate::render::paint::Line;
use crate::render::timeline::{self, Known};
use crate::report::Flow;
use crate::report::legal::{Range, Reads};
use crate::report::repeat::OutcomeCount;
use crate::words::{self, list};

/// The most bytes of a read that are drawn; of a longer one only its size is of interest.
const MOST_BYTES: u64 = 32;

/// The reads of a direction in a row, a bar between them, as a prediction is written.
fn strip<'a>(came: &'a OutcomeCount, flow: &Flow, reads: &[Range]) -> Strip<'a> {
    let written = Known::of(&came.run.events, flow);
    let mut strip = Strip::new();
    for (i, &(start, end)) in reads.iter().enumerate() {
        if i > 0 {
            strip.mark(" | ");
        }
        if end.saturating_sub(start) > MOST_BYTES {
            // A middle that is left out would take the bars with it, and hide where reads end.
            strip.mark(&format!("{} B", group(end.saturating_sub(start))));
            continue;
        }
        if !flow.has_writes() {
            strip.unowned(written.bytes(start, end));
            continue;
        }
        let messages = &flow.ranges.messages;
        let first = messages.partition_point(|message| message.end <= start);
        let own = messages[first..].iter();
        for message in own.take_while(|message| message.start < end) {
            let (from, to) = (message.start.max(start), message.end.min(end));
            written.put(&mut strip, message.label, from, to);
        }
    }
    strip
}

/// Each direction of an outcome that came up.
pub(super) fn that_came(came: &OutcomeCount) -> Vec<(Side, Strip<'_>)> {
    let seen = came.report.flows.iter().filter(|flow| flow.has_reads());
    let strips = seen.map(|flow| {
        let spans = flow.ranges.reads.iter();
        let reads: Vec<Range> = spans.map(|read| (read.start, read.end)).collect();
        (flow.direction.from, strip(came, flow, &reads))
    });
    strips.collect()
}

/// Each direction of an outcome that did not, drawn as one that did.
pub(super) fn that_did_not<'a>(reads: &Reads, came: &'a OutcomeCount) -> Vec<(Side, Strip<'a>)> {
    let strips = came.report.flows.iter().map(|flow| {
        let from = flow.direction.from;
        (from, strip(came, flow, reads.from(from)))
    });
    strips.collect()
}

pub(super) fn draw(strips: &[(Side, Strip<'_>)], width: usize, lang: Lang) -> Vec<Line> {
    let mut lines = Vec::new();
    for (from, strip) in strips {
        let mut head = Line::new();
        if strips.len() > 1 {
            let reader = words::side(lang, from.other());
            head.text(reader).text(" ");
        }
        let at = head.width();
        if strip.width() == 0 {
            head.text(words::repeat::no_reads(lang));
            lines.push(head);
            continue;
        }
        let drawn = strip.draw(width.saturating_sub(at));
        lines.extend(timeline::beside(&[(0, vec![head]), (at, drawn)]));
    }
    lines
}

/// The reads of each direction in words.
pub(super) fn spoken(strips: &[(Side, Strip<'_>)], lang: Lang) -> String {
    let each = strips.iter().map(|(from, strip)| {
        let read = if strip.width() == 0 {
            words::repeat::no_reads(lang).into()
        } else {
            strip.words()
        };
        match strips.len() {
            1 => read,
            _ => format!("{} {read}", words::side(lang, from.other())),
        }
    });
    list::clauses(lang, each)
}
