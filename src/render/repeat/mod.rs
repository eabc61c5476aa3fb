//! A run that was done many times: how often each outcome came up, and what else is legal.

mod says;

use super::bytes::Strip;
use super::findings::{edge_name, names};
use super::paint::{Ink, Line};
use super::timeline::{self, Known};
use super::words::{group, pick};
use super::{View, finish, page, plain, words, wrap};
use crate::event::{LabInfo, Side};
use crate::lang::Lang;
use crate::report::Flow;
use crate::report::legal::{Range, Reads};
use crate::report::repeat::{Absent, EdgeFate, EdgeTally, OutcomeCount, Repeats};

use says::{judged, more_absent, more_came, nothing, often_words, percent, rest, torn_words};

const INDENT: usize = 2;
/// Room for how often, for the share, and between columns.
const TIMES: usize = 9;
const SHARE: usize = 7;
const GAP: usize = 2;
/// The least and the most that a bar of all runs takes.
const BAR: (usize, usize) = (10, 50);
/// The most outcomes that are shown of those that came up.
const MOST_CAME: usize = 10;
/// The most bytes of a read that are drawn; of a longer one only its size is of interest.
const MOST_BYTES: u64 = 32;
/// Of those that did not: with whole writes, and with torn ones.
const MOST_ABSENT: (usize, usize) = (6, 3);

/// What a run is about to be, or was, done often.
#[derive(Clone, Copy, Debug)]
pub struct Often<'a> {
    /// The run's name.
    pub run: &'a str,
    /// How often it was to be done.
    pub wanted: u32,
    /// How many threads were kept busy meanwhile.
    pub load: u16,
}

/// The lab's title alone.
#[must_use]
pub fn title(lab: &LabInfo, view: &View) -> String {
    finish(&[page::title(lab, view)], view)
}

/// The same as a fact.
#[must_use]
pub fn plain_title(lab: &LabInfo, view: &View) -> String {
    plain::title(lab, view) + "\n"
}

/// The reads of a direction in a row, a bar between them, as a prediction is written.
fn strip(came: &OutcomeCount, flow: &Flow, reads: &[Range]) -> Strip {
    let written = Known::of(&came.run.events, flow);
    let mut strip = Strip::default();
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
            strip.unowned(&written.bytes(start, end));
            continue;
        }
        let messages = flow.ranges.messages.iter();
        for message in messages.filter(|message| message.start < end && start < message.end) {
            let (from, to) = (message.start.max(start), message.end.min(end));
            written.put(&mut strip, message.label, from, to);
        }
    }
    strip
}

/// Each direction of an outcome that came up.
fn strips_of(came: &OutcomeCount) -> Vec<(Side, Strip)> {
    let seen = came.report.flows.iter().filter(|flow| flow.has_reads());
    let strips = seen.map(|flow| {
        let spans = flow.ranges.reads.iter();
        let reads: Vec<Range> = spans.map(|read| (read.start, read.end)).collect();
        (flow.direction.from, strip(came, flow, &reads))
    });
    strips.collect()
}

/// Each direction of an outcome that did not, drawn as one that did.
fn strips_like(reads: &Reads, came: &OutcomeCount) -> Vec<(Side, Strip)> {
    let strips = came.report.flows.iter().map(|flow| {
        let from = flow.direction.from;
        (from, strip(came, flow, reads.from(from)))
    });
    strips.collect()
}

fn draw_strips(strips: &[(Side, Strip)], width: usize, lang: Lang) -> Vec<Line> {
    let mut lines = Vec::new();
    for (from, strip) in strips {
        let mut head = Line::new();
        if strips.len() > 1 {
            let reader = words::side(lang, from.other());
            head.text(reader).text(" ");
        }
        let at = head.width();
        if strip.width() == 0 {
            head.text(nothing(lang));
            lines.push(head);
            continue;
        }
        let drawn = strip.draw(width.saturating_sub(at));
        lines.extend(timeline::beside(&[(0, vec![head]), (at, drawn)]));
    }
    lines
}

/// What became of the edges of an outcome: names, and each fate with how often.
fn edges(came: &OutcomeCount, lang: Lang) -> Vec<(Line, String, Ink)> {
    // Edges that fared alike are named together.
    let mut groups: Vec<(&EdgeTally, Vec<Line>)> = Vec::new();
    for edge in &came.edges {
        let name = edge_name(edge.between);
        match groups.iter_mut().find(|(same, _)| same.fates == edge.fates) {
            Some((_, names)) => names.push(name),
            None => groups.push((edge, vec![name])),
        }
    }
    let says = groups.into_iter().map(|(edge, all)| {
        let fates = &edge.fates[..];
        let each: Vec<String> = fates
            .iter()
            .map(|(fate, times)| {
                let times = group((*times).into());
                let fate = words::edge_fate(lang, *fate);
                pick(lang, format!("{fate}: {times}"), format!("{fate}：{times}"))
            })
            .collect();
        let ink = match fates {
            [(EdgeFate::Kept, _)] => Ink::Good,
            [(EdgeFate::Lost(_), _)] => Ink::Bad,
            _ => Ink::Plain,
        };
        (names(&all), each.join(pick(lang, "; ", "；")), ink)
    });
    says.collect()
}

/// The outcomes of one run.
#[must_use]
pub fn repeat(often: Often<'_>, repeats: &Repeats, view: &View) -> String {
    let lang = view.lang;
    let beside = often_words(often, repeats, lang);
    let name = super::harmless(often.run);
    let mut lines = vec![Line::new(), page::parting(&name, &beside, view.width)];
    if let Some(first) = repeats.came.first() {
        for entry in page::legend(&first.run, &first.report, view) {
            let mut line = Line::new();
            line.pad_to(INDENT).append(&entry);
            lines.push(line);
        }
        lines.push(Line::new());
        outcomes(&mut lines, repeats, view);
    }
    lines.push(Line::new());
    text(&mut lines, &rest(repeats, lang), Ink::Strong, view);
    if let (Ok(absent), Some(came)) = (&repeats.legal, repeats.came.first()) {
        absent_lines(&mut lines, absent, came, view);
    }
    if let Some((says, ink)) = judged(repeats, lang) {
        lines.push(Line::new());
        text(&mut lines, &says, ink, view);
    }
    finish(&lines, view)
}

fn text(lines: &mut Vec<Line>, says: &str, ink: Ink, view: &View) {
    let wrapped = wrap::headed(says, page::measure(view), ink);
    lines.extend(page::indent(wrapped, INDENT));
}

fn outcomes(lines: &mut Vec<Line>, repeats: &Repeats, view: &View) {
    let lang = view.lang;
    let drawn = &repeats.came[..repeats.came.len().min(MOST_CAME)];
    let numbers = INDENT + TIMES + GAP + SHARE + GAP;
    let bar = ((view.width - numbers) / 3).clamp(BAR.0, BAR.1);
    let start = numbers + bar + GAP;
    let mut heading = Line::new();
    heading
        .pad_to(INDENT)
        .put(pick(lang, "times", "次数"), Ink::Heading)
        .pad_to(INDENT + TIMES + GAP)
        .put(pick(lang, "share", "占比"), Ink::Heading)
        .pad_to(start)
        .put(pick(lang, "the reads returned", "各次读取"), Ink::Heading);
    lines.push(heading);
    for came in drawn {
        let mut head = Line::new();
        let share = percent(came.times, repeats.times);
        head.pad_to(INDENT)
            .text(format!("{:>TIMES$}", group(came.times.into())))
            .pad_to(INDENT + TIMES + GAP)
            .text(format!("{share:>SHARE$}"))
            .pad_to(numbers);
        // What came up at all can be seen.
        let columns = u64::from(came.times) * bar as u64 / u64::from(repeats.times.max(1));
        let columns = usize::try_from(columns).unwrap_or(bar).max(1);
        head.put("=".repeat(columns), Ink::Strong);
        let width = view.width.saturating_sub(start);
        let mut body = draw_strips(&strips_of(came), width, lang);
        for (about, says, ink) in edges(came, lang) {
            let column = about.width() + GAP;
            let says = wrap::text(&says, width.saturating_sub(column), ink);
            body.extend(timeline::beside(&[(0, vec![about]), (column, says)]));
        }
        for call in &came.failed {
            body.extend(wrap::text(&words::failed_call(lang, call), width, Ink::Bad));
        }
        lines.extend(timeline::beside(&[(0, vec![head]), (start, body)]));
    }
    if let Some(more) = more_came(repeats, lang) {
        lines.push(Line::new());
        text(lines, &more, Ink::Plain, view);
    }
}

fn absent_lines(lines: &mut Vec<Line>, absent: &Absent, came: &OutcomeCount, view: &View) {
    let lang = view.lang;
    let parts = [
        (&absent.whole, MOST_ABSENT.0, None),
        (&absent.torn, MOST_ABSENT.1, Some(torn_words(lang))),
    ];
    for (outcomes, most, says) in parts {
        if outcomes.is_empty() {
            continue;
        }
        if let Some(says) = says {
            text(lines, &says, Ink::Plain, view);
        }
        for outcome in outcomes.iter().take(most) {
            let at = 2 * INDENT;
            let strips = strips_like(outcome, came);
            let drawn = draw_strips(&strips, view.width.saturating_sub(at), lang);
            lines.extend(page::indent(drawn, at));
        }
        if outcomes.len() > most {
            let more = more_absent(outcomes.len() - most, absent.complete, lang);
            lines.extend(page::indent(vec![Line::of(more, Ink::Plain)], 2 * INDENT));
        }
    }
}

/// The same, one fact a line.
#[must_use]
pub fn plain_repeat(often: Often<'_>, repeats: &Repeats, view: &View) -> String {
    let lang = view.lang;
    let name = super::harmless(often.run);
    let beside = often_words(often, repeats, lang);
    let mut lines = vec![format!("{} {name}: {beside}", pick(lang, "run", "运行"))];
    let spoken = |strips: &[(Side, Strip)]| {
        let each = strips.iter().map(|(from, strip)| {
            let read = if strip.width() == 0 {
                nothing(lang).into()
            } else {
                strip.words()
            };
            match strips.len() {
                1 => read,
                _ => format!("{} {read}", words::side(lang, from.other())),
            }
        });
        each.collect::<Vec<_>>().join(pick(lang, "; ", "；"))
    };
    for came in repeats.came.iter().take(MOST_CAME) {
        let times = group(came.times.into());
        let share = percent(came.times, repeats.times);
        let mut fact = pick(
            lang,
            format!("{times} times, {share}: {}", spoken(&strips_of(came))),
            format!("{times} 次，{share}：{}", spoken(&strips_of(came))),
        );
        for (about, says, _) in edges(came, lang) {
            fact += pick(lang, "; ", "；");
            fact += &(about.words() + " " + &says);
        }
        for call in &came.failed {
            fact += pick(lang, "; ", "；");
            fact += &words::failed_call(lang, call);
        }
        lines.push(fact);
    }
    lines.extend(more_came(repeats, lang));
    lines.push(rest(repeats, lang));
    if let (Ok(absent), Some(came)) = (&repeats.legal, repeats.came.first()) {
        let whole = absent.whole.iter().take(MOST_ABSENT.0);
        let torn = absent.torn.iter().take(MOST_ABSENT.1);
        let legal = |outcome: &Reads| {
            let read = spoken(&strips_like(outcome, came));
            pick(
                lang,
                format!("legal, did not come up: {read}"),
                format!("合法，没有出现：{read}"),
            )
        };
        lines.extend(whole.map(legal));
        lines.extend(torn.map(|outcome| {
            let inside = pick(
                lang,
                "; a segment ends inside a write",
                "；有报文段断在写入中间",
            );
            legal(outcome) + inside
        }));
    }
    lines.extend(judged(repeats, lang).map(|(says, _)| says));
    let first = lines.remove(0);
    let rest = lines.iter().map(|line| format!("{name}: {line}"));
    let all: Vec<String> = std::iter::once(first).chain(rest).collect();
    plain::finish(&all, view)
}
