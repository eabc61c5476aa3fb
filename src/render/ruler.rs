//! Writes, segments and reads on one byte ruler, and what became of the edges beneath.

use super::View;
use super::paint::{Ink, Line, columns};
use super::words::{self, group, picture::RulerRow};
use crate::event::{Action, Event, RunTrace};
use crate::frame::Part;
use crate::lang::Lang;
use crate::report::{Fate, Flow, calls};

/// The widest that one byte is drawn.
const WIDEST: usize = 5;
const INDENT: usize = 2;
/// Room for the row's name, and for the count behind the row.
const NAME: usize = 11;
const COUNT: usize = 16;

pub(super) struct Scale {
    /// What all the columns together stand for.
    pub(super) bytes: u64,
    pub(super) columns: usize,
}

impl Scale {
    /// The column of a byte offset.
    pub(super) fn at(&self, offset: u64) -> usize {
        let column = u128::from(offset) * self.columns as u128 / u128::from(self.bytes.max(1));
        usize::try_from(column).unwrap_or(self.columns)
    }
}

/// One row of marks.
struct Bar {
    marks: Vec<(char, Ink)>,
}

impl Bar {
    fn new(scale: &Scale) -> Self {
        Self {
            marks: vec![(' ', Ink::Plain); scale.columns + 1],
        }
    }

    fn fill(&mut self, from: usize, to: usize, with: char, ink: Ink) {
        for mark in &mut self.marks[from..=to] {
            *mark = (with, ink);
        }
    }

    /// Calls of another program: that there were some is all that is known.
    fn unseen(&mut self, flow: &Flow, scale: &Scale) {
        self.fill(0, scale.at(flow.length()), '?', Ink::Plain);
    }

    fn mark(&mut self, at: usize, with: char, ink: Ink) {
        self.marks[at] = (with, ink);
    }

    /// Writes a word between two columns if there is room, in the ink that is there.
    fn word(&mut self, word: &str, from: usize, to: usize) {
        if to > from + word.len() {
            let marks = self.marks[from + 1..].iter_mut();
            for (mark, c) in marks.zip(word.chars()) {
                mark.0 = c;
            }
        }
    }

    /// The marks alone.
    fn marks(&self) -> Line {
        let mut line = Line::new();
        for (mark, ink) in &self.marks {
            line.put_char(*mark, *ink);
        }
        line
    }

    fn line(&self, name: &str, count: &str) -> Line {
        let mut line = Line::new();
        line.pad_to(INDENT)
            .put(name, Ink::Heading)
            .pad_to(INDENT + NAME)
            .append(&self.marks());
        line.pad_to(INDENT + NAME + self.marks.len() + 2)
            .text(count);
        line
    }
}

/// Draws the ruler of a direction; nothing if no byte was written.
pub(super) fn draw(flow: &Flow, run: &RunTrace, view: &View) -> Vec<Line> {
    draw_on(&Common::of([flow], view), flow, run, view)
}

/// What rulers of several runs need to be on one scale.
pub(super) struct Common {
    /// The most bytes of any.
    bytes: u64,
    /// The room behind the rows.
    count: usize,
}

impl Common {
    pub(super) fn of<'a>(flows: impl IntoIterator<Item = &'a Flow>, view: &View) -> Self {
        let none = Self {
            bytes: 0,
            count: COUNT,
        };
        flows.into_iter().fold(none, |common, flow| Self {
            bytes: common.bytes.max(flow.length()),
            count: common.count.max(columns(&tally(flow, view)) + 2),
        })
    }

    /// In no more columns than that.
    pub(super) fn scale_within(&self, room: usize) -> Scale {
        let fits = usize::try_from(self.bytes).ok();
        let fits = fits.filter(|bytes| (1..=room).contains(bytes));
        Scale {
            bytes: self.bytes,
            columns: fits.map_or(room, |bytes| bytes * (room / bytes).min(WIDEST)),
        }
    }

    /// As many columns as there is room for.
    fn scale(&self, view: &View) -> Scale {
        let beside = |words: usize| view.width.saturating_sub(INDENT + NAME + words + 1).max(10);
        let mut room = beside(self.count);
        // The more a column stands for, the more room it takes to say so, and the fewer they are.
        loop {
            let per = per_column(self.bytes, room, view.lang);
            let left = beside(self.count.max(columns(&per)));
            if left >= room {
                break;
            }
            room = left;
        }
        self.scale_within(room)
    }
}

/// One row of a ruler, without its name.
pub(super) fn marks(row: RulerRow, flow: &Flow, run: &RunTrace, scale: &Scale) -> Line {
    let bar = match row {
        RulerRow::Writes => writes(flow, &run.events, scale),
        RulerRow::Segments => segments(flow, scale),
        RulerRow::Recvs => reads(flow, scale),
        RulerRow::Edges => edges(flow, scale),
        RulerRow::Bytes => return Line::new(),
    };
    bar.marks()
}

/// The same, on the scale of several runs.
pub(super) fn draw_on(common: &Common, flow: &Flow, run: &RunTrace, view: &View) -> Vec<Line> {
    let events = &run.events;
    if flow.length() == 0 {
        return Vec::new();
    }
    let tally = tally(flow, view);
    let scale = common.scale(view);
    let lang = view.lang;
    let row = |row| words::picture::ruler_row(lang, row);
    let mut lines = Vec::new();
    if !view.is_glance() {
        lines.push(offsets(&scale, view));
    }
    lines.push(writes(flow, events, &scale).line(
        row(RulerRow::Writes),
        &count(flow.has_writes().then(|| calls(&flow.ranges.writes))),
    ));
    if run.transport.is_tcp() {
        let evidence = words::picture::known_by(lang, &flow.segments);
        let known = format!("{}  {evidence}", count(flow.segments.count));
        let segments = segments(flow, &scale);
        lines.push(segments.line(row(RulerRow::Segments), &known));
        let is_open = segments.marks.iter().any(|(mark, _)| *mark == '?');
        if flow.segments.count.is_some() && is_open {
            let mut line = Line::new();
            line.pad_to(INDENT + NAME)
                .text(words::picture::ends_not_known(lang));
            lines.push(line);
        }
    }
    lines.push(reads(flow, &scale).line(
        row(RulerRow::Recvs),
        &count(flow.has_reads().then(|| calls(&flow.ranges.reads))),
    ));
    if !flow.edges.is_empty() && !view.is_glance() {
        lines.push(edges(flow, &scale).line(row(RulerRow::Edges), &tally));
    }
    lines
}

/// How many edges were kept and lost.
fn tally(flow: &Flow, view: &View) -> String {
    let count = |so: fn(Fate) -> bool| flow.edges.iter().filter(|edge| so(edge.fate)).count();
    let lost = count(|fate| matches!(fate, Fate::Lost(_)));
    let kept = count(|fate| fate == Fate::Kept);
    words::picture::edges_tally(view.lang, kept, lost)
}

fn count(n: Option<u64>) -> String {
    n.map_or_else(|| "?".into(), group)
}

/// The offsets above the ruler: the start, the end, and how much a column stands for.
fn offsets(scale: &Scale, view: &View) -> Line {
    let mut line = Line::new();
    line.pad_to(INDENT)
        .put(
            words::picture::ruler_row(view.lang, RulerRow::Bytes),
            Ink::Heading,
        )
        .pad_to(INDENT + NAME);
    line.text("0");
    let end = group(scale.bytes);
    line.pad_to(
        (INDENT + NAME + scale.columns + 1)
            .saturating_sub(columns(&end))
            .max(line.width() + 1),
    );
    line.text(end);
    line.text(per_column(scale.bytes, scale.columns, view.lang));
    line
}

/// How many bytes a column stands for, if it is more than one.
fn per_column(bytes: u64, columns: usize, lang: Lang) -> String {
    if bytes <= columns as u64 {
        return String::new();
    }
    let per = bytes.div_ceil(columns as u64);
    format!("  {}", words::picture::per_column(lang, per))
}

fn writes(flow: &Flow, events: &[Event], scale: &Scale) -> Bar {
    let mut bar = Bar::new(scale);
    if !flow.has_writes() {
        bar.unseen(flow, scale);
        return bar;
    }
    for message in &flow.ranges.messages {
        let (from, to) = (scale.at(message.start), scale.at(message.end));
        let name = message.label.to_string();
        let letter = if name.len() == 1 {
            name.chars().next().unwrap_or('.')
        } else {
            '.'
        };
        bar.fill(from, to, letter, Ink::Owner(message.label));
        // The marks that framing puts before the payload.
        if let Action::Send(write) = &events[message.writes[0]].action {
            let before: u64 = write
                .layout
                .iter()
                .filter(|part| part.part != Part::Payload)
                .map(|part| part.bytes)
                .fold(0, u64::saturating_add);
            // Not all of a message need have been written.
            let payload = scale.at(message.start.saturating_add(before).min(message.end));
            bar.fill(from, payload, '#', Ink::Owner(message.label));
            bar.fill(payload, to, letter, Ink::Owner(message.label));
        }
        if name.len() > 1 {
            bar.word(&name, from, to);
        }
    }
    bar.mark(0, '|', Ink::Plain);
    for write in &flow.ranges.writes {
        bar.mark(scale.at(write.end), '|', Ink::Plain);
        if write.calls > 1 {
            let several = format!(" x {} ", group(write.calls));
            bar.word(&several, scale.at(write.start), scale.at(write.end));
        }
    }
    bar
}

fn segments(flow: &Flow, scale: &Scale) -> Bar {
    let mut bar = Bar::new(scale);
    // What is not written yet, where a run is revealed step by step, is in no segment.
    let written = match flow.ranges.writes.last() {
        Some(write) => write.end,
        None => flow.length(),
    };
    bar.fill(0, scale.at(written), '?', Ink::Plain);
    for (from, to) in &flow.segments.whole {
        bar.fill(scale.at(*from), scale.at(*to), '-', Ink::Plain);
    }
    bar.mark(0, '|', Ink::Plain);
    for end in &flow.segments.ends {
        bar.mark(scale.at(*end), '|', Ink::Plain);
    }
    bar
}

fn reads(flow: &Flow, scale: &Scale) -> Bar {
    let mut bar = Bar::new(scale);
    if !flow.has_reads() {
        bar.unseen(flow, scale);
        return bar;
    }
    let messages = &flow.ranges.messages;
    for read in &flow.ranges.reads {
        let (from, to) = (scale.at(read.start), scale.at(read.end));
        bar.fill(from, to, '-', Ink::Plain);
        // The bytes keep the colour of their message here too.
        let first = messages.partition_point(|message| message.end <= read.start);
        let own = messages[first..].iter();
        for message in own.take_while(|message| message.start < read.end) {
            let start = scale.at(message.start.max(read.start));
            let end = scale.at(message.end.min(read.end));
            bar.fill(start, end, '-', Ink::Owner(message.label));
        }
        let word = match read.calls {
            1 => group(read.end - read.start),
            calls => format!("x {}", group(calls)),
        };
        bar.word(&word, from, to);
    }
    for read in &flow.ranges.reads {
        bar.mark(scale.at(read.start), '|', Ink::Plain);
        bar.mark(scale.at(read.end), '|', Ink::Plain);
    }
    bar
}

fn edges(flow: &Flow, scale: &Scale) -> Bar {
    let mut bar = Bar::new(scale);
    let restored = flow.is_restored();
    for edge in &flow.edges {
        let (mark, ink) = match edge.fate {
            Fate::Kept => ('o', Ink::Good),
            Fate::Lost(_) if restored => ('x', Ink::Plain),
            Fate::Lost(_) => ('x', Ink::Bad),
            Fate::NotRead => ('.', Ink::Plain),
            Fate::NotRecorded => ('?', Ink::Plain),
        };
        bar.mark(scale.at(edge.offset), mark, ink);
    }
    bar
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_column_stands_for_never_runs_over_the_edge() {
        for (lang, width) in [(Lang::En, 60), (Lang::Zh, 60), (Lang::Zh, 80)] {
            let view = View {
                lang,
                width,
                ..View::EN
            };
            for bytes in (1..120_000).step_by(7) {
                let common = Common {
                    bytes,
                    count: COUNT,
                };
                let line = offsets(&common.scale(&view), &view);
                assert!(line.width() <= width, "{bytes}: {}", line.words());
            }
        }
    }
}
