//! The claims that a lab can make of one direction: what is claimed, and what was seen.

use serde::{Deserialize, Serialize};
use strum::VariantArray;

use super::edges::{CutBy, Fate};
use super::fact::{CutAt, Fact};
use super::flow::Flow;
use super::ranges::{Direction, calls};
use super::testimony::LostIn;
use crate::event::{
    Action, Bytes, ClaimedRecvs, Claims, DEADLINE, Ends, Event, INTERRUPTED, Payload, Taken,
    UNSUPPORTED,
};

/// One claim and what became of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Check {
    /// Of which direction.
    #[serde(skip)]
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

/// What a lab can claim, in the order in which it is told; the names are the keys of `expect`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, strum::VariantArray)]
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
    MostUnsent,
    Edges,
    Cuts,
    Whole,
    Messages,
    Refused,
    Files,
    Taken,
    Texts,
    Errors,
    States,
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
    /// It rests on what no kernel said, or on what none brought about.
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

impl Claim {
    /// What is claimed of it, if anything is.
    fn claimed(self, claims: &Claims) -> Option<Fact> {
        match self {
            Self::Recvs => Some(match claims.recvs.as_ref()? {
                ClaimedRecvs::AnyLegal => Fact::Word("any-legal".into()),
                ClaimedRecvs::Exactly(payloads) => bytes(payloads),
            }),
            Self::Sizes => claims.sizes.clone().map(Fact::Numbers),
            Self::RecvCount => claims.recv_count.map(Fact::Bounds),
            Self::Writes => claims.writes.map(Fact::Bounds),
            Self::BytesSent => claims.bytes_sent.map(Fact::Bounds),
            Self::BytesLost => claims.bytes_lost.map(Fact::Bounds),
            Self::Segments => claims.segments.map(Fact::Bounds),
            Self::MostUnsent => claims.most_unsent.map(Fact::Bounds),
            Self::Edges => {
                let fates = claims.edges.as_ref()?.iter();
                Some(Fact::Edges(fates.map(|fate| (*fate).into()).collect()))
            }
            Self::Cuts => {
                let cuts = claims.cuts.as_ref()?.iter();
                let at = cuts.map(|cut| CutAt {
                    message: cut.message,
                    after: cut.after,
                    by: cut.by.into(),
                });
                Some(Fact::Cuts(at.collect()))
            }
            Self::Whole => claims.whole.map(Fact::Bounds),
            Self::Messages => claims.messages.as_deref().map(bytes),
            Self::Refused => Some(Fact::Word(claims.refused.clone()?.into())),
            Self::Files => claims.files.clone().map(Fact::Files),
            Self::Taken => {
                let loops = claims.taken.as_ref()?.iter();
                let taken = loops.map(|claimed| Taken {
                    wanted: claimed.wanted,
                    counted: claimed.counted,
                    has: claimed.has,
                    empty: claimed.empty,
                });
                Some(Fact::Loops(taken.collect()))
            }
            Self::Texts => claims.texts.clone().map(Fact::Texts),
            Self::Errors => claims.errors.clone().map(Fact::Calls),
            Self::States => claims.states.clone().map(Fact::States),
            Self::Truncated => claims.truncated.map(Fact::Number),
            Self::Drops => claims.drops.map(Fact::Flag),
            Self::EndOfStream => claims.end_of_stream.map(Fact::Flag),
        }
    }

    /// What was seen; the claim says what to look for.
    fn seen(self, of: &Record<'_>, claimed: &Fact) -> Seen {
        match self {
            Self::Recvs => match claimed {
                Fact::Word(_) if of.flow.ranges.intact => claimed.clone().into(),
                Fact::Word(_) => Fact::Word("impossible".into()).into(),
                _ => Fact::Bytes(of.reads()).into(),
            },
            Self::Sizes => {
                let reads = of.flow.ranges.reads.iter();
                Fact::Numbers(reads.map(|span| span.end - span.start).collect()).into()
            }
            Self::RecvCount => Fact::Number(calls(&of.flow.ranges.reads)).into(),
            Self::Writes => Fact::Number(calls(&of.flow.ranges.writes)).into(),
            Self::BytesSent => Fact::Number(of.flow.bytes_sent).into(),
            Self::BytesLost => {
                let lost = of.flow.bytes_sent.saturating_sub(of.flow.bytes_received);
                Fact::Number(lost).into()
            }
            Self::Segments => of.flow.segments.count.into(),
            Self::MostUnsent => of.flow.most_unsent.map(|(unsent, _)| unsent).into(),
            Self::Edges => edges(of, claimed),
            Self::Cuts => cuts(of, claimed),
            // Only a kernel can say of a full buffer whether a datagram was cut off.
            Self::Whole => of.flow.delivery.whole().into(),
            Self::Messages => Fact::Bytes(of.messages()).into(),
            Self::Refused => {
                let refused = of.flow.refused.as_ref();
                refused
                    .map_or(Fact::NoRefusal, |(_, error)| {
                        Fact::Word(error.kind().into())
                    })
                    .into()
            }
            Self::Files => {
                let last = of.flow.files.last();
                let lie_there = last.map(|file| file.directory.clone());
                // Where no file came, nobody had anything to look at.
                let certain = lie_there != Some(None);
                let fact = lie_there.flatten().map_or(Fact::NotKnown, Fact::Files);
                Seen { fact, certain }
            }
            Self::Taken => {
                let loops = of.flow.taken.iter();
                let taken = loops.filter_map(|&i| match &of.events[i].action {
                    Action::Loop(taken) => Some(*taken),
                    _ => None,
                });
                Fact::Loops(taken.collect()).into()
            }
            Self::Texts => Fact::Texts(of.texts()).into(),
            Self::Errors => Fact::Calls(errors(of.events)).into(),
            Self::States => states(of, claimed),
            Self::Truncated => {
                let datagrams = of.flow.datagrams.as_ref();
                datagrams.and_then(|datagrams| datagrams.truncated).into()
            }
            Self::Drops => {
                let datagrams = of.flow.datagrams.as_ref();
                let counted = datagrams.filter(|d| d.dropped.is_some());
                let fact = counted.map_or(Fact::NotKnown, |d| {
                    Fact::Flag(d.accounted && d.dropped > Some(0))
                });
                Seen {
                    fact,
                    certain: counted.is_some(),
                }
            }
            Self::EndOfStream => Fact::Flag(of.flow.ranges.end_of_stream.is_some()).into(),
        }
    }
}

/// Holds all that is claimed of a direction against what was seen of it. What is not certain refutes
/// nothing, whether there was no kernel to ask, or it was not allowed to answer, or its answer
/// proves too little. Without one to ask it confirms nothing either.
pub(super) fn check(
    claims: &Claims,
    flow: &Flow,
    events: &[Event],
    has_evidence: bool,
) -> Vec<Check> {
    let record = Record { flow, events };
    let checks = Claim::VARIANTS.iter().filter_map(|claim| {
        let expected = claim.claimed(claims)?;
        let seen = claim.seen(&record, &expected);
        let verdict = match expected.holds(&seen.fact) {
            true if seen.certain || has_evidence => Verdict::Met,
            false if seen.certain => Verdict::Differs,
            _ => Verdict::Unconfirmed,
        };
        Some(Check {
            direction: flow.direction,
            claim: *claim,
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
    const OPEN: Fate = Fate::Lost(LostIn::Undetermined);
    let edges = of.flow.edges.iter();
    let got: Vec<Fate> = edges.map(|edge| edge.fate).collect();
    let may_hold = matches!(claimed, Fact::Edges(claimed) if got.len() == claimed.len()
    && got.iter().zip(claimed).all(|(got, claimed)| {
        got == claimed || *got == OPEN && *claimed != Fate::Kept
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
    let each = |so: fn(Ends, Ends) -> bool| {
        matches!(claimed, Fact::States(claimed) if got.len() == claimed.len()
            && got.iter().zip(claimed).all(|(there, claimed)| so(*claimed, *there)))
    };
    let holds = each(Ends::hold);
    Seen {
        certain: holds || !each(Ends::may_hold),
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
