//! What is known to be the same of two runs, or not to be.

use std::collections::{BTreeMap, BTreeSet};

use super::Aspect;
use crate::event::{Action, Decoded, Event, RunTrace, Taken, Transport};
use crate::report::connection::{Calls, ConnectionTrace};
use crate::report::{CutBy, Direction, Fate, Flow, LostIn, Received, Report, Reported, claims};
use crate::text;

/// What is known of two things of a kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Likeness {
    Alike,
    Open,
    Differs,
}

impl Likeness {
    fn same(is: bool) -> Self {
        if is { Self::Alike } else { Self::Differs }
    }

    /// Of what one of them, or both, may not know.
    fn told<T: PartialEq>(a: Option<T>, b: Option<T>) -> Self {
        a.zip(b).map_or(Self::Open, |(a, b)| Self::same(a == b))
    }
}

/// A difference in one of them is one in all of them, and so is a doubt.
pub(super) fn worst(all: impl IntoIterator<Item = Likeness>) -> Likeness {
    all.into_iter().max().unwrap_or(Likeness::Alike)
}

/// One by one; if they are not as many, that is a difference.
fn each<T>(a: Vec<T>, b: Vec<T>, like: impl Fn(T, T) -> Likeness) -> Likeness {
    if a.len() != b.len() {
        return Likeness::Differs;
    }
    worst(a.into_iter().zip(b).map(|(a, b)| like(a, b)))
}

/// A run, its calls parted by connection.
pub(super) struct Parted<'a> {
    pub(super) run: &'a RunTrace,
    pub(super) report: &'a Report,
    connections: BTreeMap<u32, ConnectionTrace<'a>>,
}

impl<'a> Parted<'a> {
    pub(super) fn of(compared: &Reported<'a>) -> Self {
        Self {
            run: compared.run,
            report: compared.report,
            connections: ConnectionTrace::all(compared.run),
        }
    }
}

pub(super) fn known(aspect: Aspect, a: &Parted<'_>, b: &Parted<'_>) -> Likeness {
    match aspect {
        Aspect::States => states(a, b),
        Aspect::Failures => failures(a, b),
        _ => worst(directions(a, b).into_iter().map(|direction| {
            let reads = |run: &Parted<'_>| run.run.unseen() != Some(direction.from.other());
            let writes = |run: &Parted<'_>| run.run.unseen() != Some(direction.from);
            let by_messages = matches!(aspect, Aspect::Edges | Aspect::Cuts);
            if !(reads(a) && reads(b)) || by_messages && !(writes(a) && writes(b)) {
                return Likeness::Open;
            }
            let (a, b) = (
                ComparedFlow::of(a, direction),
                ComparedFlow::of(b, direction),
            );
            match aspect {
                Aspect::Reads => returned(&a.reads(), &b.reads()),
                Aspect::Edges => edges(&a, &b),
                Aspect::Cuts => cuts(&a, &b),
                Aspect::Messages => messages(&a, &b),
                Aspect::Made => made(&a.made(), &b.made()),
                Aspect::Files => files(a.files(), b.files()),
                Aspect::Losses => worst([
                    Likeness::told(a.truncated(), b.truncated()),
                    Likeness::told(a.dropped(), b.dropped()),
                ]),
                Aspect::States | Aspect::Failures => Likeness::Alike,
            }
        })),
    }
}

/// The directions in which one of them carried something.
fn directions(a: &Parted<'_>, b: &Parted<'_>) -> BTreeSet<Direction> {
    let flows = a.report.flows.iter().chain(&b.report.flows);
    flows.map(|flow| flow.direction).collect()
}

/// One direction of a run; there may have been nothing in it.
pub(super) struct ComparedFlow<'a> {
    direction: Direction,
    over: Transport,
    pub(super) events: &'a [Event],
    calls: &'a Calls<'a>,
    pub(super) flow: Option<&'a Flow>,
}

/// What a read returned.
#[derive(PartialEq)]
struct Returned<'a> {
    bytes: &'a [u8],
    carried: u64,
    /// Of several calls in one event the sum is all that is known.
    calls: u64,
}

/// What a program made of bytes.
#[derive(PartialEq)]
enum Product<'a> {
    Read(&'a text::DecodedText),
    Text(Option<&'a str>),
    Number(Option<String>),
    Message(Taken),
}

impl<'a> ComparedFlow<'a> {
    pub(super) fn of(of: &'a Parted<'a>, direction: Direction) -> Self {
        Self {
            direction,
            over: of.run.transport,
            events: &of.run.events,
            calls: of
                .connections
                .get(&direction.conn)
                .map_or(&[], |connection| &connection.calls),
            flow: Flow::of(&of.report.flows, direction),
        }
    }

    /// The reader's events.
    fn events(&self) -> impl Iterator<Item = &'a Event> {
        let calls = self.direction.reader_calls(self.calls);
        calls.map(|(_, event)| event)
    }

    fn reads(&self) -> Vec<Returned<'a>> {
        let reads = self.events().filter_map(|event| {
            let read = event.action.read()?;
            read.returned.map(|_| Returned {
                bytes: &read.hex.0,
                carried: event.carried(),
                calls: event.calls,
            })
        });
        reads.collect()
    }

    /// Whether the record holds several reads as one.
    fn is_folded(&self) -> bool {
        self.reads().iter().any(|read| read.calls > 1)
    }

    fn made(&self) -> Vec<Product<'a>> {
        let made = self.events().filter_map(|event| match &event.action {
            Action::Recv(read) => read.text.as_deref().map(Product::Read),
            Action::Decode { text, .. } => Some(Product::Text(text.as_deref())),
            Action::Unpack { value, .. } => {
                Some(Product::Number(value.as_ref().map(ToString::to_string)))
            }
            Action::Parse { value, .. } => Some(Product::Number(value.map(|n| n.to_string()))),
            Action::Loop(taken) => Some(Product::Message(*taken)),
            _ => None,
        });
        made.collect()
    }

    fn files(&self) -> &'a [Received] {
        self.flow.map_or(&[], |flow| &flow.files)
    }

    /// Whole messages out of the decoder; `None` where none was at work.
    pub(super) fn decoded(&self) -> Option<Vec<&'a Decoded>> {
        self.flow?.messages(self.events)
    }

    /// Bytes of datagrams that were cut off, as far as the kernel says; of a stream none can be.
    fn truncated(&self) -> Option<u64> {
        let datagrams = self.flow.and_then(|flow| flow.datagrams.as_ref());
        datagrams.map_or(Some(0), |datagrams| datagrams.truncated)
    }

    /// Datagrams that were dropped, as far as the kernel says.
    fn dropped(&self) -> Option<u64> {
        let datagrams = self.flow.and_then(|flow| flow.datagrams.as_ref());
        let may_drop = datagrams.filter(|_| self.over.may_drop());
        may_drop.map_or(Some(0), |datagrams| datagrams.dropped)
    }
}

fn returned(a: &[Returned<'_>], b: &[Returned<'_>]) -> Likeness {
    let single = |read: &Returned<'_>| read.calls == 1;
    if a.iter().chain(b).all(single) {
        return Likeness::same(a == b);
    }
    // What several calls returned one by one is not recorded; the sums and the rest are.
    let sum = |reads: &[Returned<'_>]| {
        let add = |(bytes, calls): (u64, u64), read: &Returned<'_>| {
            (
                bytes.saturating_add(read.carried),
                calls.saturating_add(read.calls),
            )
        };
        reads.iter().fold((0, 0), add)
    };
    let apart = |mut pairs: &mut dyn Iterator<Item = (&Returned<'_>, &Returned<'_>)>| {
        (&mut pairs)
            .take_while(|(a, b)| single(a) && single(b))
            .any(|(a, b)| a != b)
    };
    let front = apart(&mut a.iter().zip(b));
    let back = apart(&mut a.iter().rev().zip(b.iter().rev()));
    if sum(a) != sum(b) || front || back {
        Likeness::Differs
    } else {
        Likeness::Open
    }
}

fn edges(a: &ComparedFlow<'_>, b: &ComparedFlow<'_>) -> Likeness {
    use Fate::{Lost, NotRecorded};
    let fates = |of: &ComparedFlow<'_>| -> Vec<Fate> {
        let edges = of.flow.iter().flat_map(|flow| &flow.edges);
        edges.map(|edge| edge.fate).collect()
    };
    each(fates(a), fates(b), |a, b| match (a, b) {
        (NotRecorded, _) | (_, NotRecorded) => Likeness::Open,
        (Lost(a), Lost(b)) if [a, b].contains(&LostIn::Undetermined) => Likeness::Open,
        (a, b) => Likeness::same(a == b),
    })
}

fn cuts(a: &ComparedFlow<'_>, b: &ComparedFlow<'_>) -> Likeness {
    // Of a file it is told how much of it came, not in what pieces.
    if !(a.files().is_empty() && b.files().is_empty()) {
        return Likeness::Alike;
    }
    // Where the reads between them ended nobody knows.
    if a.is_folded() || b.is_folded() {
        return Likeness::Open;
    }
    let of = |half: &ComparedFlow<'_>| -> Vec<_> {
        let cuts = half.flow.iter().flat_map(|flow| &flow.cuts);
        cuts.map(|cut| ((cut.message, cut.after), cut.by)).collect()
    };
    each(of(a), of(b), |(here, a), (there, b)| {
        if here == there && [a, b].contains(&CutBy::Undetermined) {
            Likeness::Open
        } else {
            Likeness::same((here, a) == (there, b))
        }
    })
}

fn messages(a: &ComparedFlow<'_>, b: &ComparedFlow<'_>) -> Likeness {
    let refused = |half: &ComparedFlow<'_>| {
        let refused = half.flow.and_then(|flow| flow.refused.as_ref());
        refused.map(|(_, error)| error.clone())
    };
    let (out_a, out_b) = (a.decoded(), b.decoded());
    if refused(a) != refused(b) || out_a != out_b {
        return Likeness::Differs;
    }
    // A file's content went into the file. Without its MD5 nobody can say what it was.
    let unseen =
        |out: &&Decoded| out.header.is_some() && out.hex.0.is_empty() && out.verified.is_none();
    if out_a.into_iter().flatten().any(|out| unseen(&out)) {
        Likeness::Open
    } else {
        Likeness::Alike
    }
}

/// Where one program makes nothing of the bytes there is nothing to compare.
fn made(a: &[Product<'_>], b: &[Product<'_>]) -> Likeness {
    Likeness::same(a.is_empty() || b.is_empty() || a == b)
}

fn files(a: &[Received], b: &[Received]) -> Likeness {
    let said = |f: &Received| (f.name.clone(), f.have, f.need, f.verified, f.fate);
    each(a.iter().collect(), b.iter().collect(), |a, b| {
        let there = Likeness::told(a.directory.as_ref(), b.directory.as_ref());
        there.max(Likeness::same(said(a) == said(b)))
    })
}

fn states(a: &Parted<'_>, b: &Parted<'_>) -> Likeness {
    let (a, b) = (claims::looks(&a.run.events), claims::looks(&b.run.events));
    if a.len() != b.len() {
        // Looks at other moments are no answer to the same question.
        return Likeness::Alike;
    }
    each(a, b, |a, b| {
        Likeness::told(a.client, b.client).max(Likeness::told(a.server, b.server))
    })
}

/// The calls that failed, whichever side's were first.
fn failures(a: &Parted<'_>, b: &Parted<'_>) -> Likeness {
    let of = |run: &Parted<'_>| {
        let failed = run.report.failed.iter().map(|&i| &run.run.events[i]);
        let mut failed: Vec<_> = failed
            .map(|event| {
                (
                    event.conn,
                    event.side,
                    event.action.name(),
                    event.error.clone(),
                )
            })
            .collect();
        failed.sort_unstable();
        failed
    };
    let seen = |run: &Parted<'_>| run.run.unseen().is_none();
    match Likeness::same(of(a) == of(b)) {
        Likeness::Alike if !(seen(a) && seen(b)) => Likeness::Open,
        known => known,
    }
}
