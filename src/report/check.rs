//! Holds the claims of a lab against what happened.

use std::cell::LazyCell;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::Flow;
use super::connection::ConnectionTrace;
use super::edges::{CutBy, Fate, LostIn};
use super::ranges::{Direction, Span, calls};
use crate::event::{
    Action, Barrier, Bounds, Bytes, ClaimedCut, ClaimedFate, ClaimedRecvs, Claims, DEADLINE, Ends,
    Event, INTERRUPTED, NO_PROGRAM, RunTrace, Side, UNSUPPORTED,
};

/// One claim and what became of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Check {
    /// Of which direction.
    pub direction: Direction,
    /// What the claim is about.
    pub claim: Claim,
    /// Whether it came true.
    pub verdict: Verdict,
    /// What was claimed.
    pub expected: Value,
    /// What happened.
    pub got: Value,
}

/// What a lab can claim; the names are the keys of `expect`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "each is documented at `Claims`")]
pub enum Claim {
    Recvs,
    Sizes,
    RecvCount,
    Writes,
    BytesSent,
    BytesLost,
    Segments,
    Edges,
    Cuts,
    Messages,
    Refused,
    Files,
    MostUnsent,
    Truncated,
    Drops,
    EndOfStream,
    Taken,
    Texts,
    Errors,
    States,
}

/// What became of a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// It came true.
    Met,
    /// It came out otherwise.
    Differs,
    /// There was no kernel to ask that could confirm it, or none that would bring about what the
    /// claim rests on.
    Unconfirmed,
}

struct Checker {
    has_evidence: bool,
    direction: Direction,
    checks: Vec<Check>,
}

impl Checker {
    /// A claim that needs no kernel.
    fn plain(&mut self, claim: Claim, expected: Value, got: Value) {
        let verdict = if expected == got {
            Verdict::Met
        } else {
            Verdict::Differs
        };
        self.checks.push(Check {
            direction: self.direction,
            claim,
            verdict,
            expected,
            got,
        });
    }

    /// A claim of a number, or of its bounds.
    fn count(&mut self, claim: Claim, expected: Bounds, got: Option<u64>) {
        let verdict = match got {
            Some(n) if expected.holds(n) => Verdict::Met,
            None if !self.has_evidence => Verdict::Unconfirmed,
            _ => Verdict::Differs,
        };
        self.checks.push(Check {
            direction: self.direction,
            claim,
            verdict,
            expected: json!(expected),
            got: json!(got),
        });
    }

    /// A claim that needs the kernel's word: without a kernel to ask, what is unknown confirms
    /// nothing and refutes nothing. Where there is one, its silence is a difference.
    fn by_kernel(&mut self, claim: Claim, expected: Value, got: Value, known: bool) {
        if known || self.has_evidence {
            self.plain(claim, expected, got);
        } else {
            self.checks.push(Check {
                direction: self.direction,
                claim,
                verdict: Verdict::Unconfirmed,
                expected,
                got,
            });
        }
    }
}

/// Holds claims about a run, its lab's or another's, each against the direction that it is about.
pub(super) fn check(
    first: &Claims,
    run: &RunTrace,
    flows: &[Flow],
    has_evidence: bool,
) -> Vec<Check> {
    let recorded = LazyCell::new(|| ConnectionTrace::all(run));
    let mut checks = Vec::new();
    for (conn, expect) in (1..).zip(std::iter::once(first).chain(&first.more_clients)) {
        let answers = expect.answers.as_deref();
        for (from, expect) in [(Side::Client, Some(expect)), (Side::Server, answers)] {
            let direction = Direction { conn, from };
            let Some(expect) = expect.filter(|expect| expect.claims_something()) else {
                continue;
            };
            let silent;
            let flow = if let Some(flow) = Flow::of(flows, direction) {
                flow
            } else {
                // Nothing was written this way, which may be just what is claimed.
                let none = ConnectionTrace::default();
                let connection = recorded.get(&conn).unwrap_or(&none);
                silent = super::flow::flow(run, connection, direction, has_evidence);
                &silent
            };
            checks.extend(check_flow(expect, flow, &run.events, has_evidence));
        }
    }
    if !run.events.iter().all(brought_about) {
        // What came out otherwise refutes nothing: it was not the lab's run.
        for check in &mut checks {
            if check.verdict == Verdict::Differs {
                check.verdict = Verdict::Unconfirmed;
            }
        }
    }
    checks
}

/// Whether a step did what the lab wanted of it: not so where a wait is for a count that this
/// system does not tell, or an option or a transport is one that it does not have.
fn brought_about(event: &Event) -> bool {
    match &event.action {
        Action::Await { until, seen } => {
            let told = matches!(until, Barrier::Read | Barrier::Signal(_));
            told || seen.is_some() || event.error.is_some()
        }
        Action::States { ends, .. } => !ends.is_empty() || event.error.is_some(),
        _ => event.error.as_deref() != Some(UNSUPPORTED) && !is_lacking(event),
    }
}

/// Whether a command came to nothing because of the system that it was to run on: the program is
/// not there, or nobody could say what became of it.
#[must_use]
pub fn is_lacking(event: &Event) -> bool {
    matches!(event.action, Action::Command(_))
        && [Some(NO_PROGRAM), Some(UNSUPPORTED)].contains(&event.error.as_deref())
}

fn check_flow(expect: &Claims, flow: &Flow, events: &[Event], has_evidence: bool) -> Vec<Check> {
    let mut checker = Checker {
        has_evidence,
        direction: flow.direction,
        checks: Vec::new(),
    };
    let reads = || flow.ranges.reads.iter().map(|span| bytes_of(events, span));
    match &expect.recvs {
        Some(ClaimedRecvs::Exactly(expected)) => {
            checker.plain(
                Claim::Recvs,
                expected.iter().map(|p| json!(Bytes::from(p))).collect(),
                reads().collect(),
            );
        }
        Some(ClaimedRecvs::AnyLegal) => {
            let got = if flow.ranges.intact {
                json!("any-legal")
            } else {
                json!("impossible")
            };
            checker.plain(Claim::Recvs, json!("any-legal"), got);
        }
        None => {}
    }
    if let Some(expected) = &expect.sizes {
        let got = flow.ranges.reads.iter().map(|span| span.end - span.start);
        checker.plain(Claim::Sizes, json!(expected), got.collect());
    }
    check_counts(&mut checker, expect, flow);
    if let Some(expected) = &expect.edges {
        check_edges(&mut checker, expected, flow);
    }
    if let Some(expected) = &expect.cuts {
        check_cuts(&mut checker, expected, flow);
    }
    if let Some(expected) = &expect.messages {
        let out =
            flow.decoded
                .iter()
                .flatten()
                .map(|&(event, message)| match &events[event].action {
                    Action::Recv(read) => read
                        .decoder
                        .as_ref()
                        .and_then(|d| d.out.get(message))
                        .map(|d| json!(d.hex)),
                    _ => None,
                });
        let expected = expected.iter().map(|p| json!(Bytes::from(p))).collect();
        checker.plain(Claim::Messages, expected, out.collect());
    }
    if let Some(expected) = &expect.refused {
        let got = flow.refused.as_ref().map(|(_, error)| error.kind());
        checker.plain(Claim::Refused, json!(expected), json!(got));
    }
    if let Some(expected) = &expect.files {
        let lie_there = flow.files.last().and_then(|file| file.directory.as_ref());
        checker.plain(Claim::Files, json!(expected), json!(lie_there));
    }
    if let Some(expected) = &expect.taken {
        let got = flow.taken.iter().map(|&i| match &events[i].action {
            Action::Loop(taken) => json!(taken),
            _ => Value::Null,
        });
        checker.plain(Claim::Taken, json!(expected), got.collect());
    }
    if let Some(expected) = &expect.texts {
        checker.plain(Claim::Texts, json!(expected), texts(flow, events).collect());
    }
    if let Some(expected) = &expect.errors {
        checker.plain(Claim::Errors, json!(expected), json!(errors(events)));
    }
    if let Some(expected) = &expect.states {
        check_states(&mut checker, expected, events);
    }
    if let Some(expected) = expect.truncated {
        let got = flow
            .datagrams
            .as_ref()
            .and_then(|datagrams| datagrams.truncated);
        checker.by_kernel(Claim::Truncated, json!(expected), json!(got), got.is_some());
    }
    if let Some(expected) = expect.drops {
        let datagrams = flow.datagrams.as_ref();
        let got = datagrams.is_some_and(|d| d.accounted && d.dropped > Some(0));
        let known = datagrams.is_some_and(|d| d.dropped.is_some());
        checker.by_kernel(Claim::Drops, json!(expected), json!(got), known);
    }
    if let Some(expected) = expect.end_of_stream {
        checker.plain(
            Claim::EndOfStream,
            json!(expected),
            json!(flow.ranges.end_of_stream.is_some()),
        );
    }
    checker.checks
}

fn check_counts(checker: &mut Checker, expect: &Claims, flow: &Flow) {
    if let Some(expected) = expect.recv_count {
        checker.count(Claim::RecvCount, expected, Some(calls(&flow.ranges.reads)));
    }
    if let Some(expected) = expect.writes {
        checker.count(Claim::Writes, expected, Some(calls(&flow.ranges.writes)));
    }
    if let Some(expected) = expect.bytes_sent {
        checker.count(Claim::BytesSent, expected, Some(flow.bytes_sent));
    }
    if let Some(expected) = expect.bytes_lost {
        let lost = flow.bytes_sent.saturating_sub(flow.bytes_received);
        checker.count(Claim::BytesLost, expected, Some(lost));
    }
    if let Some(expected) = expect.segments {
        checker.count(Claim::Segments, expected, flow.segments.count);
    }
    if let Some(expected) = expect.most_unsent {
        let got = flow.most_unsent.map(|(unsent, _)| unsent);
        checker.count(Claim::MostUnsent, expected, got);
    }
}

/// What `recv_text` made of each read that brought anything, and `decode` of each message.
fn texts<'a>(flow: &'a Flow, events: &'a [Event]) -> impl Iterator<Item = Value> + 'a {
    events
        .iter()
        .filter(|event| flow.direction.is_reader(event))
        .filter_map(|event| match &event.action {
            Action::Recv(read) if !read.hex.0.is_empty() => {
                read.text.as_ref().map(|text| json!(text.out))
            }
            Action::Decode { text, .. } => Some(json!(text.as_deref().unwrap_or_default())),
            _ => None,
        })
}

/// The calls that failed, as a lab claims them. A wait that the end of the run cut short is no
/// failure of the call.
pub(super) fn errors(events: &[Event]) -> Vec<String> {
    let failed = events.iter().filter(|event| {
        !matches!(event.action, Action::Pack { .. }) && event.error.as_deref() != Some(UNSUPPORTED)
    });
    failed
        .filter_map(|event| {
            let error = event
                .error
                .as_deref()
                .filter(|error| ![DEADLINE, INTERRUPTED].contains(error))?;
            let number = if event.conn > 1 {
                format!(" {}", event.conn)
            } else {
                String::new()
            };
            Some(format!(
                "{}{number} {} {error}",
                event.side,
                event.action.name()
            ))
        })
        .collect()
}

fn bytes_of(events: &[Event], span: &Span) -> Value {
    match &events[span.event].action {
        Action::Recv(read) | Action::Recvfrom(read) => json!(read.hex),
        _ => Value::Null,
    }
}

fn check_states(checker: &mut Checker, expected: &[Ends], events: &[Event]) {
    let got: Vec<Ends> = events
        .iter()
        .filter_map(|event| match &event.action {
            Action::States { ends, .. } if event.error.is_none() => Some(*ends),
            _ => None,
        })
        .collect();
    let known = got.iter().all(|ends| !ends.is_empty());
    let same = got.len() == expected.len()
        && expected
            .iter()
            .zip(&got)
            .all(|(want, there)| want.hold(*there));
    // An end that the lab does not name is not held against it.
    let shown = if same { json!(expected) } else { json!(got) };
    checker.by_kernel(Claim::States, json!(expected), shown, known);
}

/// The name of a fate: as `expect` writes it, or one that no lab can claim.
fn fate_name(fate: Fate) -> &'static str {
    match fate {
        Fate::Kept => "kept",
        Fate::Lost {
            cause: LostIn::Sender,
            ..
        } => "sender",
        Fate::Lost {
            cause: LostIn::ReceiveQueue,
            ..
        } => "receive-queue",
        Fate::Lost {
            cause: LostIn::Undetermined,
            ..
        } => "undetermined",
        Fate::NotRead => "not-read",
        Fate::NotRecorded => "not-recorded",
    }
}

fn check_edges(checker: &mut Checker, expected: &[ClaimedFate], flow: &Flow) {
    let got: Vec<&str> = flow.edges.iter().map(|edge| fate_name(edge.fate)).collect();
    // Undetermined stands for any cause of a loss, never for a kept edge.
    let open = got.len() == expected.len()
        && got.iter().zip(expected).all(|(got, expected)| {
            *got == "undetermined" && *expected != ClaimedFate::Kept
                || json!(got) == json!(expected)
        });
    let known = !open || !got.contains(&"undetermined");
    checker.by_kernel(Claim::Edges, json!(expected), json!(got), known);
}

fn check_cuts(checker: &mut Checker, expected: &[ClaimedCut], flow: &Flow) {
    let same_place = flow.cuts.len() == expected.len()
        && flow.cuts.iter().zip(expected).all(|(got, expected)| {
            got.message == expected.message
                && got.after == expected.after
                && (got.by == CutBy::Undetermined || json!(got.by) == json!(expected.by))
        });
    let known = !same_place || flow.cuts.iter().all(|cut| cut.by != CutBy::Undetermined);
    let got = flow
        .cuts
        .iter()
        .map(|cut| json!({"message": cut.message, "after": cut.after, "by": cut.by}));
    checker.by_kernel(Claim::Cuts, json!(expected), got.collect(), known);
}
