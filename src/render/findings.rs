//! What was found out about a run, sentence by sentence; each form of output shows the same ones.

use super::paint::{Ink, Line};
use super::words::{self, pick};
use super::{View, calls, files, timeline};
use crate::event::{Action, Event, Label, RunTrace};
use crate::lab::file::Recvs;
use crate::lab::text::Lang;
use crate::report::{Check, Claim, Cut, CutBy, Fate, Flow, LostIn, Outcome, Report, Verdict};

/// One finding: what it is about, and the sentence.
pub(super) struct Finding {
    /// A message, an edge, a side; empty for one about the whole run.
    pub(super) about: Line,
    /// The sentence.
    pub(super) says: String,
    /// Its tone.
    pub(super) ink: Ink,
}

impl Finding {
    pub(super) fn plain(says: String) -> Self {
        Self {
            about: Line::new(),
            says,
            ink: Ink::Plain,
        }
    }
}

/// How many names stand before a sentence that holds for more.
const MOST_NAMES: usize = 4;

/// All that was found out, in the order in which it is read best.
pub(super) fn findings(run: &RunTrace, report: &Report, view: &View) -> Vec<Finding> {
    let mut found = Vec::new();
    for flow in &report.flows {
        if flow.files.is_empty() {
            found.extend(cuts(flow, &run.events, view));
        }
        found.extend(cut_datagrams(flow, &run.events, view));
        found.extend(edges(flow, run, view));
        found.extend(taken(flow, &run.events, view));
        let mut totals = totals(flow, run, view);
        if report.flows.len() > 1 {
            // With several directions each has its own sums.
            for finding in &mut totals {
                finding.about = Line::of(words::way(view.lang, flow.way, run), Ink::Strong);
            }
        }
        found.extend(totals);
        found.extend(files::findings(flow, view));
    }
    found.extend(wire(run, report, view));
    found.extend(failures(run, report, view));
    found
}

/// What is to be said of the capture itself, where it is not what it might be.
fn wire(run: &RunTrace, report: &Report, view: &View) -> Vec<Finding> {
    let lang = view.lang;
    let mut found = Vec::new();
    let Some(capture) = run.capture else {
        if run.script.wire.is_some() {
            found.push(Finding::plain(words::not_watched(lang).into()));
        }
        return found;
    };
    let again = report.wire.iter().filter(|sight| sight.again).count() as u64;
    if again > 0 {
        found.push(Finding::plain(words::sent_again(lang, again)));
    }
    if !capture.private {
        found.push(Finding::plain(words::on_the_host(lang).into()));
    }
    if capture.dropped > 0 {
        found.push(Finding {
            ink: Ink::Bad,
            ..Finding::plain(words::missed(lang, capture.dropped))
        });
    }
    found
}

/// An edge by the messages on both sides of it.
pub(super) fn edge_name(between: [Label; 2]) -> Line {
    let [before, behind] = between;
    let mut line = Line::of(before.to_string(), Ink::Owner(before));
    line.text("|");
    line.put(behind.to_string(), Ink::Owner(behind));
    line
}

/// Names of several things of which the same is to be said.
pub(super) fn names(all: &[Line]) -> Line {
    let mut line = Line::new();
    let shown = if all.len() > MOST_NAMES {
        MOST_NAMES - 1
    } else {
        all.len()
    };
    for (i, name) in all[..shown].iter().enumerate() {
        if i > 0 {
            line.text(" ");
        }
        line.append(name);
    }
    if shown < all.len() {
        line.text(format!(" +{}", all.len() - shown));
    }
    line
}

fn edges(flow: &Flow, run: &RunTrace, view: &View) -> Vec<Finding> {
    let lang = view.lang;
    let over = run.script.transport.unwrap_or_default();
    // Edges of which the same is to be said are said together.
    let mut groups: Vec<(Fate, String, Vec<Line>)> = Vec::new();
    for edge in &flow.edges {
        let says = match edge.fate {
            Fate::Kept => words::edge_kept(lang).into(),
            Fate::NotRead => words::edge_not_read(lang, flow.datagrams.is_some()).into(),
            Fate::Lost { cause, by } => {
                let by = calls::read_name(&run.events[by]);
                words::edge_lost(lang, cause, &by, view.asked, over)
            }
        };
        match groups.iter_mut().find(|(_, same, _)| *same == says) {
            Some((_, _, names)) => names.push(edge_name(edge.between)),
            None => groups.push((edge.fate, says, vec![edge_name(edge.between)])),
        }
    }
    groups
        .into_iter()
        .map(|(fate, says, all)| {
            let ink = match fate {
                Fate::Kept => Ink::Good,
                Fate::Lost {
                    cause: LostIn::Undetermined,
                    ..
                }
                | Fate::NotRead => Ink::Plain,
                Fate::Lost { .. } => Ink::Bad,
            };
            Finding {
                about: names(&all),
                says,
                ink,
            }
        })
        .collect()
}

fn left_after(event: &Event) -> Option<u64> {
    match &event.action {
        Action::Recv(read) => read.left,
        _ => None,
    }
}

fn cuts(flow: &Flow, events: &[Event], view: &View) -> Vec<Finding> {
    let mut found = Vec::new();
    let same = |a: &Cut, b: &Cut| {
        (a.message, a.by) == (b.message, b.by)
            && calls::read_name(&events[a.read]) == calls::read_name(&events[b.read])
    };
    for group in flow.cuts.chunk_by(same) {
        let first = &group[0];
        let places: Vec<u64> = group.iter().map(|cut| cut.after).collect();
        let read = &events[first.read];
        let says = words::cut(
            view.lang,
            &places,
            first.of,
            first.by,
            &calls::read_name(read),
            left_after(read),
        );
        let ink = if first.by == CutBy::Undetermined {
            Ink::Plain
        } else {
            Ink::Bad
        };
        found.push(Finding {
            about: label(first.message),
            says,
            ink,
        });
    }
    shorten(found, view)
}

/// Of many findings of one kind the first few, and how many more there are.
pub(super) fn shorten(mut found: Vec<Finding>, view: &View) -> Vec<Finding> {
    const MOST: usize = 6;
    if found.len() > MOST {
        let more = found.len() - MOST + 1;
        found.truncate(MOST - 1);
        found.push(Finding::plain(pick(
            view.lang,
            format!("... and {more} more like these"),
            format!("……还有 {more} 处与此类似"),
        )));
    }
    found
}

fn label(label: Label) -> Line {
    Line::of(label.to_string(), Ink::Owner(label))
}

fn cut_datagrams(flow: &Flow, events: &[Event], view: &View) -> Vec<Finding> {
    let mut found = Vec::new();
    for (read, place) in flow.ranges.reads.iter().zip(&flow.ranges.matched) {
        if let Action::Recv(got) | Action::Recvfrom(got) = &events[read.event].action
            && let Some(gone @ 1..) = got.truncated
        {
            let about = label(flow.ranges.messages[*place].label);
            let says = words::datagram_cut(view.lang, got.hex.0.len() as u64, gone);
            found.push(Finding {
                about,
                says,
                ink: Ink::Bad,
            });
        }
    }
    shorten(found, view)
}

/// Messages of which a loop took too much or too little.
fn taken(flow: &Flow, events: &[Event], view: &View) -> Vec<Finding> {
    let wrong = flow.taken.iter().filter_map(|&i| match &events[i].action {
        Action::Loop(taken) if !taken.is_right() => Some(Finding {
            about: Line::of(words::side(view.lang, events[i].side), Ink::Strong),
            says: calls::after(&events[i], view.lang),
            ink: Ink::Bad,
        }),
        _ => None,
    });
    shorten(wrong.collect(), view)
}

fn totals(flow: &Flow, run: &RunTrace, view: &View) -> Vec<Finding> {
    let lang = view.lang;
    let events = &run.events;
    let sent = flow.ranges.writes.len() as u64;
    let may_drop = run.script.transport.unwrap_or_default().may_drop();
    let mut found = Vec::new();
    if let Some((unsent @ 1.., event)) = flow.most_unsent {
        let at = timeline::asked_at(events, &events[event]).unwrap_or_default();
        found.push(Finding::plain(words::waited(
            lang,
            flow.way.from,
            unsent,
            &at,
        )));
    }
    let mut says = match &flow.datagrams {
        Some(d) if may_drop => words::datagrams(lang, sent, d.received, d.dropped),
        Some(d) => words::records(lang, sent, d.received),
        None => words::totals(lang, flow.bytes_sent, flow.bytes_received),
    };
    let truncated = flow.datagrams.as_ref().and_then(|d| d.truncated);
    if let Some(gone @ 1..) = truncated {
        says += &words::cut_off(lang, gone);
    }
    if !flow.edges.is_empty() && flow.datagrams.is_none() {
        let kept = flow
            .edges
            .iter()
            .filter(|edge| edge.fate == Fate::Kept)
            .count();
        says += pick(lang, " ", "");
        says += &words::edges_kept(lang, kept, flow.edges.len());
    }
    found.push(Finding::plain(says));
    if let Some(decoded) = &flow.decoded {
        let says = words::restored(lang, decoded.len(), flow.ranges.messages.len());
        let ink = if decoded.len() == flow.ranges.messages.len() {
            Ink::Good
        } else {
            Ink::Plain
        };
        found.push(Finding {
            ink,
            ..Finding::plain(says)
        });
    }
    if let Some((_, error)) = &flow.refused {
        let says = pick(lang, "refused: ", "拒收：").to_string() + &words::refusal(lang, error);
        found.push(Finding {
            ink: Ink::Bad,
            ..Finding::plain(says)
        });
    }
    if !flow.ranges.intact {
        let says = pick(
            lang,
            "The bytes read are not the bytes written: this trace contradicts itself.",
            "读到的字节与写入的不一致：这份记录自相矛盾。",
        );
        found.push(Finding {
            ink: Ink::Bad,
            ..Finding::plain(says.into())
        });
    }
    found
}

fn failures(run: &RunTrace, report: &Report, view: &View) -> Vec<Finding> {
    // A loop that failed has been spoken of with what it took.
    let told = |i: &&usize| !matches!(run.events[**i].action, Action::Loop(_));
    let failed = report.failed.iter().filter(told).map(|&i| {
        let event = &run.events[i];
        let error = event.error.as_deref().unwrap_or_default();
        let call = match &event.action {
            Action::Await { .. } | Action::Pause { .. } | Action::States { .. } => {
                format!("({}) ", calls::after(event, view.lang))
            }
            Action::Recv(_) | Action::Recvfrom(_) => calls::read_name(event) + " ",
            Action::Unpack { .. } | Action::Parse { .. } | Action::Decode { .. } => {
                calls::after(event, view.lang) + " "
            }
            Action::Command(_) => calls::command(event) + " ",
            action => action.name().to_string() + "() ",
        };
        Finding {
            about: Line::of(words::who(view.lang, event, run), Ink::Strong),
            says: call + &words::failure(view.lang, error),
            ink: Ink::Bad,
        }
    });
    failed.collect()
}

/// How the run came out, against what the lab claims.
pub(super) fn outcome(run: &RunTrace, report: &Report, view: &View) -> Vec<Finding> {
    let lang = view.lang;
    let claimed = !run.script.expect.is_empty();
    let varies = run.script.expect.recvs == Some(Recvs::AnyLegal);
    let (says, ink) = match report.outcome {
        Outcome::AsExpected if !claimed => return Vec::new(),
        Outcome::AsExpected if varies => (
            pick(
                lang,
                "As the lab says: this may come out otherwise next time.",
                "与实验所述相符：下次的结果可能不同。",
            ),
            Ink::Good,
        ),
        Outcome::AsExpected => (
            pick(lang, "As the lab says.", "与实验所述相符。"),
            Ink::Good,
        ),
        Outcome::Differs => (
            pick(
                lang,
                "This differs from what the lab says.",
                "与实验所述不符。",
            ),
            Ink::Bad,
        ),
        Outcome::Unconfirmed => (
            pick(
                lang,
                "Nothing differs from what the lab says, but not all of it could be confirmed here.",
                "没有与实验所述不符之处，但在这里无法全部证实。",
            ),
            Ink::Plain,
        ),
        Outcome::Deadline => (
            pick(lang, "The run's time was over.", "本次运行超过了时限。"),
            Ink::Bad,
        ),
        Outcome::Interrupted => (
            pick(
                lang,
                "Interrupted: this is what was seen so far.",
                "已中断：以上是到此为止所见。",
            ),
            Ink::Bad,
        ),
    };
    let mut found = vec![Finding {
        about: Line::new(),
        says: says.into(),
        ink,
    }];
    // What was cut short has not had its chance to come true.
    let judged = report.outcome != Outcome::Interrupted;
    for check in report
        .checks
        .iter()
        .filter(|check| judged && check.verdict != Verdict::Met)
    {
        found.push(difference(check, view));
    }
    found
}

fn difference(check: &Check, view: &View) -> Finding {
    let show = |value: &serde_json::Value| value_text(check.claim, value, view.lang);
    let (expected, got) = (show(&check.expected), show(&check.got));
    let says = match check.verdict {
        Verdict::Unconfirmed => pick(
            view.lang,
            format!("not confirmed: the lab says {expected}; this system's kernel was not asked"),
            format!("无法证实：实验所述为 {expected}，本系统的内核没有提供证据"),
        ),
        _ => pick(
            view.lang,
            format!("the lab says {expected}, it was {got}"),
            format!("实验所述为 {expected}，实际为 {got}"),
        ),
    };
    let ink = if check.verdict == Verdict::Differs {
        Ink::Bad
    } else {
        Ink::Plain
    };
    Finding {
        about: Line::of(words::claim(view.lang, check.claim), Ink::Strong),
        says,
        ink,
    }
}

/// A claim's value in a sentence: bytes as text, lists with bars between, what follows itself in a
/// list only counted.
#[must_use]
pub fn value_text(claim: Claim, value: &serde_json::Value, lang: Lang) -> String {
    use serde_json::Value;
    match value {
        Value::Array(items) if items.is_empty() => pick(lang, "none", "无").into(),
        Value::Array(items) => {
            let items = items.chunk_by(|a, b| a == b).map(|same| {
                let item = value_text(claim, &same[0], lang);
                match same.len() {
                    1 => item,
                    n => format!("{item} ×{n}"),
                }
            });
            items.collect::<Vec<_>>().join(" | ")
        }
        Value::String(hex) if matches!(claim, Claim::Recvs | Claim::Messages) => {
            crate::event::from_hex(hex).map_or_else(
                |_| super::safe::words(hex),
                |bytes| super::safe::quoted(&bytes, 40),
            )
        }
        Value::String(text) if claim == Claim::Texts => {
            format!("\"{}\"", super::safe::words(text))
        }
        Value::String(fate) if claim == Claim::Edges => {
            super::safe::words(words::cause(lang, fate))
        }
        Value::Object(cut) if claim == Claim::Cuts => {
            let part = |key: &str| cut.get(key).map_or_else(String::new, plain_value);
            let (message, after, by) = (part("message"), part("after"), part("by"));
            let by = words::cause(lang, &by);
            pick(
                lang,
                format!("{message} after {after} by {by}"),
                format!("{message} 第 {after} 字节后（{by}）"),
            )
        }
        value => plain_value(value),
    }
}

fn plain_value(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::String(text) => super::safe::words(text),
        // «at least 5»
        serde_json::Value::Object(fields) => {
            let fields = fields.iter().map(|(key, value)| {
                let key = super::safe::words(&key.replace('_', " "));
                format!("{key} {}", plain_value(value))
            });
            fields.collect::<Vec<_>>().join(", ")
        }
        other => super::safe::words(&other.to_string()),
    }
}
