//! Streams: a script carried out for given reads, and the search through all of them.
//!
//! Whether some timing gives these reads is a question of what has to come before what. A side's
//! calls come one after the other. Bytes are written before they are read. And a read that returns
//! less than it asked for has emptied the queue, so the byte behind it arrives later: a wait that
//! makes sure of that byte must not be over by then. Nothing else binds, so both sides are let go
//! as far as these rules allow, in any order; if they come to the end, there is a timing.

use std::collections::BTreeSet;

use super::model::{Act, Calls, Model};
use super::{Broken, Legal, Range, Reads, Rule, Waits, find};
use crate::event::Side;

/// How many choices a search may make before it gives up.
const MOST_TRIES: usize = 50_000;

/// Where a side is among its steps.
#[derive(Clone, Default)]
struct Actor {
    at: usize,
    /// Reads, and bytes, of the step that is under way.
    calls: usize,
    got: u64,
    closed: bool,
}

/// A direction of the stream, by who writes it.
#[derive(Clone, Default)]
struct Stream {
    written: u64,
    read: u64,
    /// How many of the given reads have been made.
    done: usize,
    /// Up to this offset the bytes are known to have arrived, as the reader made sure of.
    arrived: u64,
}

/// A script as far as it gets with given reads.
struct Course<'a> {
    script: &'a Model,
    waits: Waits,
    given: &'a [Vec<Range>; 2],
    /// The ends of the given reads that returned less than they asked for.
    short: [Vec<u64>; 2],
    actors: [Actor; 2],
    streams: [Stream; 2],
    said: Vec<&'a str>,
}

impl Model {
    /// How many of these reads end inside a write without having filled their buffer: for that a
    /// segment has to end there.
    pub fn torn(&self, from: Side, reads: &[Range]) -> usize {
        let written = self.written(from);
        if self.is_datagrams || written.bytes.is_none() {
            return 0;
        }
        let ends = &written.ends;
        let sizes = sizes(self.acts(from.other()), reads);
        let inside = |end: &u64| ends.binary_search(end).is_err();
        let torn = reads.iter().zip(sizes).filter(|((start, end), asked)| {
            let full = asked.is_some_and(|asked| end - start == asked);
            !full && inside(end)
        });
        torn.count()
    }
}

/// How much each of these reads asks for; `None` for one that the script does not make.
fn sizes(acts: &[Act], reads: &[Range]) -> Vec<Option<u64>> {
    let mut actor = Actor::default();
    let one = |(start, end): &Range| {
        let asked = next_size(acts, &mut actor, *start);
        took(&mut actor, end - start);
        asked
    };
    reads.iter().map(one).collect()
}

/// What the next read asks for, over all that is no read.
fn next_size(acts: &[Act], actor: &mut Actor, offset: u64) -> Option<u64> {
    loop {
        match size_of(acts.get(actor.at)?, actor, offset) {
            Some(size) => return Some(size),
            None => next(actor),
        }
    }
}

fn next(actor: &mut Actor) {
    actor.at += 1;
    actor.calls = 0;
    actor.got = 0;
}

fn took(actor: &mut Actor, bytes: u64) {
    actor.calls += 1;
    actor.got += bytes;
}

/// What the next call of this step asks for; `None` if it makes no further one.
fn size_of(act: &Act, actor: &Actor, offset: u64) -> Option<u64> {
    match act {
        Act::Read(Calls::Once(size)) => (actor.calls == 0).then_some(*size),
        Act::Read(Calls::Exact(bytes)) => (actor.got < *bytes).then(|| bytes - actor.got),
        Act::Read(Calls::UpTo { offset: to, sizes }) => {
            (offset < *to).then(|| sizes[actor.calls.min(sizes.len() - 1)])
        }
        Act::Read(Calls::ToEnd(size)) | Act::Echo { size, .. } => Some(*size),
        _ => None,
    }
}

impl<'a> Course<'a> {
    /// Lets both sides go as far as they get.
    fn run(script: &'a Model, waits: Waits, given: &'a [Vec<Range>; 2]) -> Self {
        let short = Side::BOTH.map(|from| {
            let reads = &given[from.index()];
            let asked = sizes(script.acts(from.other()), reads);
            let short = reads
                .iter()
                .zip(asked)
                .filter(|((start, end), asked)| asked.is_some_and(|asked| end - start < asked));
            short.map(|((_, end), _)| *end).collect()
        });
        let mut course = Self {
            script,
            waits,
            given,
            short,
            actors: Default::default(),
            streams: Default::default(),
            said: Vec::new(),
        };
        loop {
            let mut goes_on = false;
            for side in Side::BOTH {
                while course.step(side) {
                    goes_on = true;
                }
            }
            if !goes_on {
                return course;
            }
        }
    }

    /// Takes a side's next step, or a read of it; false if it has to wait.
    fn step(&mut self, side: Side) -> bool {
        let (me, peer) = (side.index(), side.other().index());
        let script = self.script;
        let Some(act) = script.acts(side).get(self.actors[me].at) else {
            return false;
        };
        let done = match act {
            Act::Write(bytes) => {
                self.streams[me].written += bytes;
                true
            }
            Act::Close => {
                self.actors[me].closed = true;
                true
            }
            Act::Say(name) => {
                self.said.push(name);
                true
            }
            Act::Read(_) | Act::Echo { .. } => {
                let asked = size_of(act, &self.actors[me], self.streams[peer].read);
                if let Some(asked) = asked {
                    return self.read(side, asked);
                }
                true
            }
            _ if self.waits == Waits::Ignored => true,
            Act::Heard(name) => self.said.contains(&name.as_str()),
            Act::IsRead => self.streams[me].read >= self.streams[me].written,
            Act::Acked => {
                // All has arrived by then, so no read may find less later.
                let Stream { written, read, .. } = self.streams[me];
                let next = self.short[me].partition_point(|end| *end <= read);
                let next = self.short[me].get(next);
                next.is_none_or(|end| *end >= written)
            }
            Act::Queued(bytes) => {
                let stream = &mut self.streams[peer];
                let to = stream.read + bytes;
                let written = stream.written >= to;
                if written {
                    stream.arrived = stream.arrived.max(to);
                }
                written
            }
        };
        if done {
            next(&mut self.actors[me]);
        } else if *act != Act::Acked && self.has_ended(side.other()) {
            // What it waits for cannot come any more.
            self.leave(side);
            return true;
        }
        done
    }

    fn has_ended(&self, side: Side) -> bool {
        self.actors[side.index()].at >= self.script.acts(side).len()
    }

    /// Ends a side before its time: it closes and does no more.
    fn leave(&mut self, side: Side) {
        let actor = &mut self.actors[side.index()];
        actor.at = self.script.acts(side).len();
        actor.closed = true;
    }

    /// Makes the next given read, or meets the end of the stream.
    fn read(&mut self, side: Side, asked: u64) -> bool {
        let (me, peer) = (side.index(), side.other().index());
        let stream = &mut self.streams[peer];
        let act = &self.script.acts(side)[self.actors[me].at];
        let Some(&(start, end)) = self.given[peer].get(stream.done) else {
            if !self.actors[peer].closed || stream.read < stream.written {
                return false;
            }
            match act {
                // Something is missing: that ends the script.
                Act::Read(Calls::Exact(_) | Calls::UpTo { .. }) => self.leave(side),
                _ => next(&mut self.actors[me]),
            }
            return true;
        };
        let bytes = end.saturating_sub(start);
        let less_than_there = bytes < asked && stream.arrived > end;
        let is_written = end <= stream.written;
        if start != stream.read || bytes == 0 || bytes > asked || less_than_there || !is_written {
            return false;
        }
        stream.read = end;
        stream.done += 1;
        took(&mut self.actors[me], bytes);
        if let Act::Echo { more, .. } = act {
            self.streams[me].written += bytes + more;
        }
        true
    }

    /// Whether all reads that were given of this direction could be made.
    fn made(&self, from: usize) -> bool {
        self.streams[from].done == self.given[from].len()
    }

    /// Whether all is done.
    fn is_over(&self) -> bool {
        (0..2).all(|from| self.made(from))
            && Side::BOTH.into_iter().all(|side| self.has_ended(side))
    }

    /// How many bytes the next read of what `from` wrote may return at most, if it is that read
    /// that the reader has come to.
    fn choice(&self, from: Side) -> Option<u64> {
        let (reader, stream) = (from.other(), &self.streams[from.index()]);
        let actor = &self.actors[reader.index()];
        let act = self.script.acts(reader).get(actor.at)?;
        let asked = size_of(act, actor, stream.read)?;
        let there = stream.written - stream.read;
        (there > 0).then(|| asked.min(there))
    }
}

/// A search through the reads that a script may make.
struct Search<'a> {
    script: &'a Model,
    waits: Waits,
    /// The direction whose reads are given, all of them.
    fixed: Option<Side>,
    /// Whether the given reads are only a beginning.
    goes_on: bool,
    most: usize,
    tries: usize,
    seen: BTreeSet<[Vec<Range>; 2]>,
    found: Vec<Reads>,
    complete: bool,
}

impl<'a> Search<'a> {
    fn new(script: &'a Model, waits: Waits, most: usize) -> Self {
        Self {
            script,
            waits,
            fixed: None,
            goes_on: false,
            most,
            tries: 0,
            seen: BTreeSet::new(),
            found: Vec::new(),
            complete: true,
        }
    }

    fn go(&mut self, given: &mut [Vec<Range>; 2]) {
        if self.found.len() >= self.most || self.tries >= MOST_TRIES {
            self.complete = false;
            return;
        }
        self.tries += 1;
        let course = Course::run(self.script, self.waits, given);
        let fixed = self.fixed.map(Side::index);
        if course.is_over() || (self.goes_on && fixed.is_some_and(|from| course.made(from))) {
            self.found.push(Reads(given.clone()));
            return;
        }
        if (0..2).any(|from| Some(from) != fixed && !course.made(from)) {
            return;
        }
        let choices = Side::BOTH.map(|from| {
            let most = course.choice(from).filter(|_| self.fixed != Some(from));
            (from.index(), course.streams[from.index()].read, most)
        });
        for (from, start, most) in choices {
            let Some(most) = most else { continue };
            for end in (start + 1..=start + most).rev() {
                given[from].push((start, end));
                // With two readers the same choices may be made in either order.
                if self.seen.insert(given.clone()) {
                    self.go(given);
                }
                given[from].pop();
            }
        }
    }
}

/// More bytes than this are not cut in every way.
const MOST_BYTES: u64 = 1 << 10;

pub(super) fn enumerate(script: &Model, waits: Waits, most: usize) -> Legal {
    let long = |side| script.written(side).ends.last() > Some(&MOST_BYTES);
    if Side::BOTH.into_iter().any(long) {
        return Legal {
            outcomes: Vec::new(),
            complete: false,
        };
    }
    let mut search = Search::new(script, waits, most);
    search.go(&mut Default::default());
    Legal {
        outcomes: search.found,
        complete: search.complete,
    }
}

pub(super) fn check(
    script: &Model,
    from: Side,
    reads: &[&[u8]],
    waits: Waits,
) -> Result<(), Broken> {
    let ranges = locate(script, from, reads)?;
    let Err(broken) = place_in_time(script, from, &ranges, waits) else {
        return Ok(());
    };
    // If it is only the script's own waiting that forbids them, it is to be said so.
    let is_wait =
        waits == Waits::Kept && place_in_time(script, from, &ranges, Waits::Ignored).is_ok();
    let rule = if is_wait { Rule::Wait } else { broken.rule };
    Err(Broken { rule, ..broken })
}

/// The ranges of these reads, or the rule of streams that they break.
fn locate(script: &Model, from: Side, reads: &[&[u8]]) -> Result<Vec<Range>, Broken> {
    let stream = script.written(from).bytes.as_deref();
    let acts = script.acts(from.other());
    let mut actor = Actor::default();
    let mut offset = 0_usize;
    let mut ranges = Vec::new();
    for (read, bytes) in reads.iter().enumerate() {
        let broken = |rule| Err(Broken { read, rule });
        let Some(asked) = next_size(acts, &mut actor, offset as u64) else {
            return broken(Rule::NoSuchRead);
        };
        if bytes.is_empty() {
            if stream.is_some_and(|stream| offset < stream.len()) {
                return broken(Rule::NotTheEnd);
            }
            next(&mut actor);
            continue;
        }
        let end = offset + bytes.len();
        if let Some(stream) = stream
            && stream.get(offset..end) != Some(bytes)
        {
            let rule = match find(stream, bytes, offset) {
                Some(at) => Rule::Skipped((offset as u64, at as u64)),
                None if find(stream, bytes, 0).is_some() => Rule::Again,
                None => Rule::NotWritten,
            };
            return broken(rule);
        }
        if bytes.len() as u64 > asked {
            return broken(Rule::OverSize { asked });
        }
        took(&mut actor, bytes.len() as u64);
        ranges.push((offset as u64, end as u64));
        offset = end;
    }
    Ok(ranges)
}

/// Looks for a timing of these reads; what the other side reads is free.
fn place_in_time(script: &Model, from: Side, ranges: &[Range], waits: Waits) -> Result<(), Broken> {
    let possible = |made: usize, goes_on: bool| {
        let mut search = Search::new(script, waits, 1);
        search.fixed = Some(from);
        search.goes_on = goes_on;
        let mut given: [Vec<Range>; 2] = Default::default();
        given[from.index()] = ranges[..made].to_vec();
        search.go(&mut given);
        // What is too much to be searched is not called impossible.
        !search.found.is_empty() || !search.complete
    };
    if possible(ranges.len(), false) {
        return Ok(());
    }
    // The longest beginning that has a timing names the read behind it.
    let (mut made, mut not) = (0, ranges.len() + 1);
    while made + 1 < not {
        let half = usize::midpoint(made, not);
        if possible(half, true) {
            made = half;
        } else {
            not = half;
        }
    }
    let all = made == ranges.len();
    let rule = if all { Rule::Returns } else { Rule::NotYet };
    Err(Broken { read: made, rule })
}
