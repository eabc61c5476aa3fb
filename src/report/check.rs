//! Holds the claims of a lab against what happened.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::Flow;
use super::edges::{CutBy, Fate, LostIn};
use super::flow::{Span, Way};
use crate::event::{Action, Bytes, Event, RunTrace, Side};
use crate::lab::file::{self, Expect, Recvs};

/// One claim and what became of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Check {
    /// Of which direction.
    pub way: Way,
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
#[allow(missing_docs, reason = "each is documented at `Expect`")]
pub enum Claim {
    Recvs,
    Writes,
    Segments,
    Edges,
    Cuts,
    Messages,
    Refused,
    MostUnsent,
    Truncated,
    Drops,
    EndOfStream,
}

/// What became of a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// It came true.
    Met,
    /// It came out otherwise.
    Differs,
    /// There was no kernel to ask that could confirm it.
    Unconfirmed,
}

struct Checker {
    asked: bool,
    way: Way,
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
            way: self.way,
            claim,
            verdict,
            expected,
            got,
        });
    }

    /// A claim that needs the kernel's word: without a kernel to ask, what is unknown confirms
    /// nothing and refutes nothing. Where there is one, its silence is a difference.
    fn by_kernel(&mut self, claim: Claim, expected: Value, got: Value, known: bool) {
        if known || self.asked {
            self.plain(claim, expected, got);
        } else {
            self.checks.push(Check {
                way: self.way,
                claim,
                verdict: Verdict::Unconfirmed,
                expected,
                got,
            });
        }
    }
}

/// Holds every claim of a run against the direction that it is about.
pub(super) fn check(run: &RunTrace, flows: &[Flow], asked: bool) -> Vec<Check> {
    let first = &run.script.expect;
    let mut checks = Vec::new();
    for (conn, expect) in (1..).zip(std::iter::once(first).chain(&first.more_clients)) {
        let answers = expect.answers.as_deref();
        for (from, expect) in [(Side::Client, Some(expect)), (Side::Server, answers)] {
            let way = Way { conn, from };
            let Some(expect) = expect.filter(|expect| expect.claims_something()) else {
                continue;
            };
            let silent;
            let flow = match flows.iter().find(|flow| flow.way == way) {
                Some(flow) => flow,
                // Nothing was written this way, which may be just what is claimed.
                None => {
                    silent =
                        super::flow(&run.events, way, run.script.transport.unwrap_or_default());
                    &silent
                }
            };
            checks.extend(check_flow(expect, flow, &run.events, asked));
        }
    }
    checks
}

fn check_flow(expect: &Expect, flow: &Flow, events: &[Event], asked: bool) -> Vec<Check> {
    let mut checker = Checker {
        asked,
        way: flow.way,
        checks: Vec::new(),
    };
    let reads = || flow.ranges.reads.iter().map(|span| bytes_of(events, span));
    match &expect.recvs {
        Some(Recvs::Exactly(expected)) => {
            checker.plain(
                Claim::Recvs,
                expected.iter().map(|p| json!(Bytes::from(p))).collect(),
                reads().collect(),
            );
        }
        Some(Recvs::AnyLegal) => {
            let got = if flow.ranges.intact {
                json!("any-legal")
            } else {
                json!("impossible")
            };
            checker.plain(Claim::Recvs, json!("any-legal"), got);
        }
        None => {}
    }
    if let Some(expected) = expect.writes {
        checker.plain(
            Claim::Writes,
            json!(expected),
            json!(flow.ranges.writes.len()),
        );
    }
    if let Some(expected) = expect.segments {
        let got = flow.segments.count;
        checker.by_kernel(Claim::Segments, json!(expected), json!(got), got.is_some());
    }
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
    if let Some(expected) = expect.most_unsent {
        let got = flow.most_unsent.map(|(unsent, _)| unsent);
        checker.by_kernel(
            Claim::MostUnsent,
            json!(expected),
            json!(got),
            got.is_some(),
        );
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

fn bytes_of(events: &[Event], span: &Span) -> Value {
    match &events[span.event].action {
        Action::Recv(read) | Action::Recvfrom(read) => json!(read.hex),
        _ => Value::Null,
    }
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
    }
}

fn check_edges(checker: &mut Checker, expected: &[file::Fate], flow: &Flow) {
    let got: Vec<&str> = flow.edges.iter().map(|edge| fate_name(edge.fate)).collect();
    // Undetermined stands for any cause of a loss, never for a kept edge.
    let open = got.len() == expected.len()
        && got.iter().zip(expected).all(|(got, expected)| {
            *got == "undetermined" && *expected != file::Fate::Kept || json!(got) == json!(expected)
        });
    let known = !open || !got.contains(&"undetermined");
    checker.by_kernel(Claim::Edges, json!(expected), json!(got), known);
}

fn check_cuts(checker: &mut Checker, expected: &[file::Cut], flow: &Flow) {
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
