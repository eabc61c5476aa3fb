//! The claims that a lab can make of one direction: a row each.

use serde::{Deserialize, Serialize};

use super::edges::{CutBy, EdgeFate, LostIn};
use super::fact::{CutAt, Fact};
use super::flow::Flow;
use super::ranges::{Direction, calls};
use crate::event::{
    Action, Bytes, ClaimedRecvs, Claims, DEADLINE, Ends, Event, INTERRUPTED, Payload, Taken,
    UNSUPPORTED,
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
    pub expected: Fact,
    /// What happened.
    pub got: Fact,
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

/// A direction of a run, where facts are looked for.
struct Record<'a> {
    flow: &'a Flow,
    events: &'a [Event],
}

/// What was seen. What is not `certain` rests on a kernel's word that was not given.
struct Seen {
    fact: Fact,
    certain: bool,
}

impl From<Fact> for Seen {
    fn from(fact: Fact) -> Self {
        Self {
            fact,
            certain: true,
        }
    }
}

impl From<Option<u64>> for Seen {
    fn from(counted: Option<u64>) -> Self {
        Self {
            fact: counted.into(),
            certain: counted.is_some(),
        }
    }
}

/// One thing that can be claimed.
struct Row {
    claim: Claim,
    /// What is claimed, if anything is.
    claimed: fn(&Claims) -> Option<Fact>,
    /// What was seen; the claim says what to look for.
    seen: fn(&Record<'_>, &Fact) -> Seen,
}

/// All that can be claimed, in the order in which it is told.
const ROWS: [Row; 20] = [
    Row {
        claim: Claim::Recvs,
        claimed: |claims| {
            Some(match claims.recvs.as_ref()? {
                ClaimedRecvs::AnyLegal => Fact::Word("any-legal".into()),
                ClaimedRecvs::Exactly(payloads) => bytes(payloads),
            })
        },
        seen: |of, claimed| match claimed {
            Fact::Word(_) if of.flow.ranges.intact => claimed.clone().into(),
            Fact::Word(_) => Fact::Word("impossible".into()).into(),
            _ => Fact::Bytes(of.reads()).into(),
        },
    },
    Row {
        claim: Claim::Sizes,
        claimed: |claims| claims.sizes.clone().map(Fact::Numbers),
        seen: |of, _| {
            let reads = of.flow.ranges.reads.iter();
            Fact::Numbers(reads.map(|span| span.end - span.start).collect()).into()
        },
    },
    Row {
        claim: Claim::RecvCount,
        claimed: |claims| claims.recv_count.map(Fact::Bounds),
        seen: |of, _| Fact::Number(calls(&of.flow.ranges.reads)).into(),
    },
    Row {
        claim: Claim::Writes,
        claimed: |claims| claims.writes.map(Fact::Bounds),
        seen: |of, _| Fact::Number(calls(&of.flow.ranges.writes)).into(),
    },
    Row {
        claim: Claim::BytesSent,
        claimed: |claims| claims.bytes_sent.map(Fact::Bounds),
        seen: |of, _| Fact::Number(of.flow.bytes_sent).into(),
    },
    Row {
        claim: Claim::BytesLost,
        claimed: |claims| claims.bytes_lost.map(Fact::Bounds),
        seen: |of, _| {
            let lost = of.flow.bytes_sent.saturating_sub(of.flow.bytes_received);
            Fact::Number(lost).into()
        },
    },
    Row {
        claim: Claim::Segments,
        claimed: |claims| claims.segments.map(Fact::Bounds),
        seen: |of, _| of.flow.segments.count.into(),
    },
    Row {
        claim: Claim::MostUnsent,
        claimed: |claims| claims.most_unsent.map(Fact::Bounds),
        seen: |of, _| of.flow.most_unsent.map(|(unsent, _)| unsent).into(),
    },
    Row {
        claim: Claim::Edges,
        claimed: |claims| {
            let fates = claims.edges.as_ref()?.iter();
            Some(Fact::Edges(fates.map(|fate| (*fate).into()).collect()))
        },
        seen: edges,
    },
    Row {
        claim: Claim::Cuts,
        claimed: |claims| {
            let cuts = claims.cuts.as_ref()?.iter();
            let at = cuts.map(|cut| CutAt {
                message: cut.message,
                after: cut.after,
                by: cut.by.into(),
            });
            Some(Fact::Cuts(at.collect()))
        },
        seen: cuts,
    },
    Row {
        claim: Claim::Messages,
        claimed: |claims| claims.messages.as_deref().map(bytes),
        seen: |of, _| Fact::Bytes(of.messages()).into(),
    },
    Row {
        claim: Claim::Refused,
        claimed: |claims| Some(Fact::Word(claims.refused.clone()?.into())),
        seen: |of, _| {
            let refused = of.flow.refused.as_ref();
            refused
                .map_or(Fact::NoRefusal, |(_, error)| {
                    Fact::Word(error.kind().into())
                })
                .into()
        },
    },
    Row {
        claim: Claim::Files,
        claimed: |claims| claims.files.clone().map(Fact::Files),
        seen: |of, _| {
            let last = of.flow.files.last();
            let lie_there = last.and_then(|file| file.directory.clone());
            lie_there.map_or(Fact::NotKnown, Fact::Files).into()
        },
    },
    Row {
        claim: Claim::Taken,
        claimed: |claims| {
            let loops = claims.taken.as_ref()?.iter();
            let taken = loops.map(|claimed| Taken {
                wanted: claimed.wanted,
                counted: claimed.counted,
                has: claimed.has,
                empty: claimed.empty,
            });
            Some(Fact::Loops(taken.collect()))
        },
        seen: |of, _| {
            let loops = of.flow.taken.iter();
            let taken = loops.filter_map(|&i| match &of.events[i].action {
                Action::Loop(taken) => Some(*taken),
                _ => None,
            });
            Fact::Loops(taken.collect()).into()
        },
    },
    Row {
        claim: Claim::Texts,
        claimed: |claims| claims.texts.clone().map(Fact::Texts),
        seen: |of, _| Fact::Texts(of.texts()).into(),
    },
    Row {
        claim: Claim::Errors,
        claimed: |claims| claims.errors.clone().map(Fact::Calls),
        seen: |of, _| Fact::Calls(errors(of.events)).into(),
    },
    Row {
        claim: Claim::States,
        claimed: |claims| claims.states.clone().map(Fact::States),
        seen: states,
    },
    Row {
        claim: Claim::Truncated,
        claimed: |claims| claims.truncated.map(Fact::Number),
        seen: |of, _| {
            let datagrams = of.flow.datagrams.as_ref();
            datagrams.and_then(|datagrams| datagrams.truncated).into()
        },
    },
    Row {
        claim: Claim::Drops,
        claimed: |claims| claims.drops.map(Fact::Flag),
        seen: |of, _| {
            let datagrams = of.flow.datagrams.as_ref();
            let dropped = datagrams.is_some_and(|d| d.accounted && d.dropped > Some(0));
            Seen {
                fact: Fact::Flag(dropped),
                certain: datagrams.is_some_and(|d| d.dropped.is_some()),
            }
        },
    },
    Row {
        claim: Claim::EndOfStream,
        claimed: |claims| claims.end_of_stream.map(Fact::Flag),
        seen: |of, _| Fact::Flag(of.flow.ranges.end_of_stream.is_some()).into(),
    },
];

/// Holds all that is claimed of a direction against what was seen of it. Without a kernel to ask,
/// what is not certain confirms nothing and refutes nothing; where there is one, its silence is a
/// difference.
pub(super) fn check(
    claims: &Claims,
    flow: &Flow,
    events: &[Event],
    has_evidence: bool,
) -> Vec<Check> {
    let record = Record { flow, events };
    let checks = ROWS.iter().filter_map(|row| {
        let expected = (row.claimed)(claims)?;
        let seen = (row.seen)(&record, &expected);
        let verdict = if !seen.certain && !has_evidence {
            Verdict::Unconfirmed
        } else if expected.holds(&seen.fact) {
            Verdict::Met
        } else {
            Verdict::Differs
        };
        Some(Check {
            direction: flow.direction,
            claim: row.claim,
            verdict,
            expected,
            got: seen.fact,
        })
    });
    checks.collect()
}

fn bytes(payloads: &[Payload]) -> Fact {
    Fact::Bytes(payloads.iter().map(Bytes::from).collect())
}

/// Undetermined stands for any cause of a loss, never for a kept edge.
fn edges(of: &Record<'_>, claimed: &Fact) -> Seen {
    const OPEN: EdgeFate = EdgeFate::Lost(LostIn::Undetermined);
    let edges = of.flow.edges.iter();
    let got: Vec<EdgeFate> = edges.map(|edge| edge.fate.into()).collect();
    let may_hold = matches!(claimed, Fact::Edges(claimed) if got.len() == claimed.len()
    && got.iter().zip(claimed).all(|(got, claimed)| {
        got == claimed || *got == OPEN && *claimed != EdgeFate::Kept
    }));
    Seen {
        certain: !may_hold || !got.contains(&OPEN),
        fact: Fact::Edges(got),
    }
}

fn cuts(of: &Record<'_>, claimed: &Fact) -> Seen {
    let cuts = of.flow.cuts.iter().map(|cut| CutAt {
        message: cut.message,
        after: cut.after,
        by: cut.by,
    });
    let got: Vec<CutAt> = cuts.collect();
    let is_open = |cut: &CutAt| cut.by == CutBy::Undetermined;
    let may_hold = matches!(claimed, Fact::Cuts(claimed) if got.len() == claimed.len()
    && got.iter().zip(claimed).all(|(got, claimed)| {
        let by = if is_open(got) { claimed.by } else { got.by };
        CutAt { by, ..*got } == *claimed
    }));
    Seen {
        certain: !may_hold || !got.iter().any(is_open),
        fact: Fact::Cuts(got),
    }
}

/// An end that the lab does not name is not held against it.
fn states(of: &Record<'_>, claimed: &Fact) -> Seen {
    let got = looks(of.events);
    let holds = matches!(claimed, Fact::States(claimed) if got.len() == claimed.len()
        && got.iter().zip(claimed).all(|(there, claimed)| claimed.hold(*there)));
    Seen {
        certain: got.iter().all(|ends| !ends.is_empty()),
        fact: if holds {
            claimed.clone()
        } else {
            Fact::States(got)
        },
    }
}

impl Record<'_> {
    fn reads(&self) -> Vec<Bytes> {
        let reads = self.flow.ranges.reads.iter();
        let reads = reads.filter_map(|span| self.events[span.event].action.read());
        reads.map(|read| read.hex.clone()).collect()
    }

    /// What came out of the frame decoder.
    fn messages(&self) -> Vec<Bytes> {
        let out = self.flow.messages(self.events).into_iter().flatten();
        out.map(|message| message.hex.clone()).collect()
    }

    /// What `recv_text` made of each read that brought anything, and `decode` of each message.
    fn texts(&self) -> Vec<String> {
        let events = self.events.iter();
        let read = events.filter(|event| self.flow.direction.is_reader(event));
        let texts = read.filter_map(|event| match &event.action {
            Action::Recv(read) if !read.hex.0.is_empty() => Some(read.text.as_ref()?.out.clone()),
            Action::Decode { text, .. } => Some(text.clone().unwrap_or_default()),
            _ => None,
        });
        texts.collect()
    }
}

/// The states that were there each time that somebody looked.
pub(super) fn looks(events: &[Event]) -> Vec<Ends> {
    let looks = events.iter().filter_map(|event| match &event.action {
        Action::States { ends, .. } if event.error.is_none() => Some(*ends),
        _ => None,
    });
    looks.collect()
}

/// The calls that failed, as a lab claims them. A wait that the end of the run cut short is no
/// failure of the call.
pub(super) fn errors(events: &[Event]) -> Vec<String> {
    let failed = events.iter().filter_map(|event| {
        let (error, call) = (event.error.as_deref()?, event.action.name());
        let is_claimable = ![DEADLINE, INTERRUPTED, UNSUPPORTED].contains(&error)
            && !matches!(event.action, Action::Pack { .. });
        is_claimable.then(|| match event.conn {
            0..=1 => format!("{} {call} {error}", event.side),
            conn => format!("{} {conn} {call} {error}", event.side),
        })
    });
    failed.collect()
}
