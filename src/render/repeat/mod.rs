//! A run that was done many times: how often each outcome came up, and what else is legal.

mod strips;

use indexmap::IndexMap;

use super::block::{Block, Document};
use super::findings::{Names, edge_name};
use super::paint::{Ink, Line};
use super::timeline;
use super::{View, legend, page, wrap};
use crate::lang::Lang;
use crate::number::group;
use crate::report::Fate;
use crate::report::legal::Reads;
use crate::report::repeat::{EdgeTally, OutcomeCount, Repeats};
use crate::words::{self, list};

const INDENT: usize = 2;
/// Room for how often, for the share, and between columns.
const TIMES: usize = 9;
const SHARE: usize = 7;
const GAP: usize = 2;
/// The least and the most that a bar of all runs takes.
const BAR: (usize, usize) = (10, 50);
/// The most outcomes that are shown of those that came up.
const MOST_CAME: usize = 10;
/// Of those that did not: with whole writes, and with torn ones.
const MOST_ABSENT: (usize, usize) = (6, 3);

/// What a run is about to be, or was, done often.
#[derive(Clone, Copy, Debug)]
pub struct Repetition<'a> {
    /// The run's name.
    pub run: &'a str,
    /// How often it was to be done.
    pub wanted: u32,
    /// How many threads were kept busy meanwhile.
    pub load: u16,
}

/// What became of the edges of an outcome: names, and each fate with how often.
fn edges(came: &OutcomeCount, lang: Lang) -> Vec<(Line, String, Ink)> {
    // Edges that fared alike are named together.
    let mut groups: IndexMap<&[(Fate, u32)], (&EdgeTally, Names)> = IndexMap::new();
    for edge in &came.edges {
        let (_, names) = groups
            .entry(&edge.fates)
            .or_insert_with(|| (edge, Names::default()));
        names.add(|| edge_name(edge.between));
    }
    let says = groups.into_values().map(|(edge, names)| {
        let ink = match edge.fates[..] {
            [(Fate::Kept, _)] => Ink::Good,
            [(Fate::Lost(_), _)] => Ink::Bad,
            _ => Ink::Plain,
        };
        (names.line(), words::repeat::fates(lang, edge), ink)
    });
    says.collect()
}

/// The outcomes of one run.
pub fn repeat<'a>(often: Repetition<'_>, repeats: &'a Repeats, view: &'a View) -> Document<'a> {
    let lang = view.lang;
    let name = super::harmless(often.run);
    let more = more_came(repeats, lang).map(|says| Block::Verdict(says, Ink::Plain));
    let judged = judged(repeats, lang);
    Document::about(&name, view)
        .add(Block::Run {
            name,
            beside: words::repeat::often(lang, repeats.times, often.wanted, often.load),
        })
        .either(|| outcomes(repeats, view), || outcome_facts(repeats, view))
        .add(more.is_some().then_some(Block::Gap))
        .add(more)
        .add(Block::Gap)
        .add(Block::Verdict(
            words::repeat::rest(lang, repeats),
            Ink::Strong,
        ))
        .either(|| absent(repeats, view), || absent_facts(repeats, view))
        .add(judged.is_some().then_some(Block::Gap))
        .add(judged)
}

fn outcomes(repeats: &Repeats, view: &View) -> Vec<Line> {
    let Some(first) = repeats.came.first() else {
        return Vec::new();
    };
    let legend = legend::draw(&first.run, &first.report, view);
    let mut lines: Vec<Line> = page::indent(legend, INDENT).collect();
    lines.push(Line::new());
    let lang = view.lang;
    let drawn = &repeats.came[..repeats.came.len().min(MOST_CAME)];
    let numbers = INDENT + TIMES + GAP + SHARE + GAP;
    let bar = ((view.width - numbers) / 3).clamp(BAR.0, BAR.1);
    let start = numbers + bar + GAP;
    let mut heading = Line::new();
    heading
        .pad_to(INDENT)
        .put(words::repeat::times(lang), Ink::Heading)
        .pad_to(INDENT + TIMES + GAP)
        .put(words::repeat::share(lang), Ink::Heading)
        .pad_to(start)
        .put(words::repeat::reads(lang), Ink::Heading);
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
        let mut body = strips::draw(&strips::that_came(came), width, lang);
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
    lines
}

/// Each outcome that came up.
fn outcome_facts(repeats: &Repeats, view: &View) -> Vec<String> {
    let lang = view.lang;
    let facts = repeats.came.iter().take(MOST_CAME).map(|came| {
        let share = percent(came.times, repeats.times);
        let reads = strips::spoken(&strips::that_came(came), lang);
        let mut clauses = vec![words::repeat::came_up(lang, came.times, &share, &reads)];
        let edges = edges(came, lang).into_iter();
        clauses.extend(edges.map(|(about, says, _)| format!("{} {says}", about.words())));
        let failed = came.failed.iter();
        clauses.extend(failed.map(|call| words::failed_call(lang, call)));
        list::clauses(lang, clauses)
    });
    facts.collect()
}

/// What is legal too and did not come up.
fn absent(repeats: &Repeats, view: &View) -> Vec<Line> {
    let lang = view.lang;
    let mut lines = Vec::new();
    let (Ok(absent), Some(came)) = (&repeats.legal, repeats.came.first()) else {
        return lines;
    };
    let parts = [
        (&absent.whole, MOST_ABSENT.0, None),
        (
            &absent.torn,
            MOST_ABSENT.1,
            Some(words::repeat::if_torn(lang)),
        ),
    ];
    for (outcomes, most, says) in parts {
        if outcomes.is_empty() {
            continue;
        }
        if let Some(says) = says {
            let says = wrap::text(says, page::measure(view), Ink::Plain);
            lines.extend(page::indent(says, INDENT));
        }
        for outcome in outcomes.iter().take(most) {
            let at = 2 * INDENT;
            let strips = strips::that_did_not(outcome, came);
            let drawn = strips::draw(&strips, view.width.saturating_sub(at), lang);
            lines.extend(page::indent(drawn, at));
        }
        if outcomes.len() > most {
            let left_out = outcomes.len() - most;
            let more = words::repeat::more_did_not(lang, left_out, absent.complete);
            lines.extend(page::indent(vec![Line::of(more, Ink::Plain)], 2 * INDENT));
        }
    }
    lines
}

fn absent_facts(repeats: &Repeats, view: &View) -> Vec<String> {
    let lang = view.lang;
    let (Ok(absent), Some(came)) = (&repeats.legal, repeats.came.first()) else {
        return Vec::new();
    };
    let legal = |is_torn: bool| {
        move |outcome: &Reads| {
            let reads = strips::spoken(&strips::that_did_not(outcome, came), lang);
            words::repeat::did_not(lang, &reads, is_torn)
        }
    };
    let whole = absent.whole.iter().take(MOST_ABSENT.0).map(legal(false));
    let torn = absent.torn.iter().take(MOST_ABSENT.1).map(legal(true));
    whole.chain(torn).collect()
}

fn percent(times: u32, of: u32) -> String {
    let tenths = (u64::from(times) * 1000 + u64::from(of) / 2) / u64::from(of.max(1));
    // What came up is not nothing, and what else came up leaves less than all.
    match tenths {
        0 if times > 0 => return "<0.1 %".into(),
        1000 if times < of => return ">99.9 %".into(),
        _ => {}
    }
    format!("{}.{} %", tenths / 10, tenths % 10)
}

/// The outcomes that there is no room for.
fn more_came(repeats: &Repeats, lang: Lang) -> Option<String> {
    let rest = repeats.came.get(MOST_CAME..)?;
    let times = rest.iter().map(|came| u64::from(came.times)).sum();
    (!rest.is_empty()).then(|| words::repeat::more_came_up(lang, rest.len(), times))
}

/// How often the lab was right, if it claims anything.
fn judged(repeats: &Repeats, lang: Lang) -> Option<Block<'static>> {
    if repeats.came.first()?.run.claims.is_empty() {
        return None;
    }
    let (times, open) = (repeats.times, repeats.unconfirmed);
    let (says, ink) = match (times - repeats.as_expected - open, open) {
        (0, 0) => (words::repeat::as_the_lab_says(lang, times), Ink::Good),
        (0, n) => (words::repeat::unconfirmed(lang, n, times), Ink::Plain),
        (n, _) => (words::repeat::differs(lang, n, times), Ink::Bad),
    };
    Some(Block::Verdict(says, ink))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_rounded_to_a_tenth() {
        assert_eq!(percent(1, 3), "33.3 %");
        assert_eq!(percent(2, 3), "66.7 %");
        assert_eq!(percent(500, 500), "100.0 %");
        assert_eq!(percent(0, 0), "0.0 %");
        assert_eq!(
            (percent(1, 5000), percent(4999, 5000)),
            ("<0.1 %".into(), ">99.9 %".into())
        );
    }
}
