//! What really happened in one direction of a TCP connection, from the captured frames and from what
//! each call was given and gave back. It shares no code with what it judges, and where frames and
//! calls do not settle a question it has no answer.

use std::collections::HashMap;

use sticky_lab::event::{Action, Event, Label, Side};

use super::packets::Frame;

/// The clocks of calls and captures are two; that they differ by so many microseconds is not ruled
/// out, nor that one of them is corrected by so many of a million while a run lasts.
const CLOCKS_DIFFER: u64 = 20;
const CLOCKS_DRIFT: u64 = 500;

/// Nobody who wants to run is kept from the processor for so long.
const PREEMPTED: u64 = 100_000;

/// One direction: all bytes are counted from its first.
#[derive(Debug, Default)]
pub(crate) struct Truth {
    pub(crate) bytes: Vec<u8>,
    /// Each message with its first byte and the one behind its last.
    pub(crate) messages: Vec<(Label, u64, u64)>,
    pub(crate) reads: Vec<Read>,
    writes: Vec<Write>,
    /// Segments with data, and what came back, both in the order of the capture.
    pub(crate) data: Vec<Data>,
    replies: Vec<Reply>,
    /// When either side broke the connection off.
    pub(crate) reset: Option<u64>,
    /// What frames and calls have said against each other.
    pub(crate) contradictions: Vec<String>,
}

#[derive(Debug)]
pub(crate) struct Read {
    /// The call's place in the run.
    pub(crate) event: usize,
    pub(crate) start: u64,
    pub(crate) end: u64,
    asked: u64,
    call: u64,
    returned: u64,
}

#[derive(Debug)]
struct Write {
    start: u64,
    end: u64,
    call: u64,
    returned: u64,
    /// Whether all that was offered was taken.
    whole: bool,
}

#[derive(Debug)]
pub(crate) struct Data {
    /// Its place among all frames.
    pub(crate) frame: usize,
    at: u64,
    pub(crate) start: u64,
    pub(crate) end: u64,
    stamp: Option<u32>,
}

impl Data {
    fn has(&self, byte: u64) -> bool {
        self.start <= byte && byte < self.end
    }
}

#[derive(Debug)]
struct Reply {
    frame: usize,
    at: u64,
    /// All bytes before this one have come.
    ack: u64,
    /// Bytes that came twice (RFC 2883).
    twice: Option<(u64, u64)>,
    echo: Option<u32>,
}

/// What became of an edge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    Kept,
    NotRead,
    /// Lost in the read at this place in the run; whether one segment brought both sides, where
    /// that is known.
    Lost(usize, Option<bool>),
}

/// What cut a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CutBy {
    Buffer,
    Arrival,
}

/// Frames and calls of a run as its directions: connection and sender.
pub(crate) fn directions(
    events: &[Event],
    frames: &[Frame],
    server: u16,
) -> HashMap<(u32, Side), Truth> {
    let mut all: HashMap<(u32, Side), Truth> = HashMap::new();
    let mut ports = HashMap::new();
    for (place, event) in events.iter().enumerate() {
        if let Action::Connect { local, .. } = &event.action {
            let port = local.rsplit(':').next().and_then(|port| port.parse().ok());
            ports.extend(port.map(|port: u16| (port, event.conn)));
        }
        if let (Action::Send(write), None) = (&event.action, &event.error) {
            let truth = all.entry((event.conn, event.side)).or_default();
            let whole = write.returned == Some(write.asked);
            truth.write(event, write.message, &write.hex.0, whole);
        }
        if let (Action::Recv(read), None) = (&event.action, &event.error) {
            let of = (event.conn, event.side.other());
            let truth = all.entry(of).or_default();
            truth.read(place, event, read.asked, &read.hex.0);
        }
    }
    let mut firsts: HashMap<(u16, Side), u32> = HashMap::new();
    for (place, frame) in frames.iter().enumerate() {
        let Some(tcp) = &frame.tcp else { continue };
        let (side, port) = frame.ends(server);
        let Some(conn) = ports.get(&port) else {
            continue;
        };
        if tcp.syn {
            firsts.insert((port, side), tcp.seq.wrapping_add(1));
            continue;
        }
        let counted = |of: Side, number: u32| {
            let offset = number.wrapping_sub(*firsts.get(&(port, of))?);
            (offset < 1 << 31).then_some(u64::from(offset))
        };
        for side in Side::BOTH {
            let truth = all.entry((*conn, side)).or_default();
            truth.reset = truth.reset.or(tcp.reset.then_some(frame.at));
        }
        if let Some(start) = counted(side, tcp.seq).filter(|_| frame.len > 0) {
            let truth = all.entry((*conn, side)).or_default();
            truth.carried(place, frame, start, tcp.stamps.map(|(own, _)| own));
        }
        let other = side.other();
        if let Some(ack) = tcp.ack.and_then(|ack| counted(other, ack)) {
            let blocks: Vec<(u64, u64)> = tcp
                .sack
                .iter()
                .filter_map(|(a, b)| Some((counted(other, *a)?, counted(other, *b)?)))
                .collect();
            // The first block speaks of bytes that came twice if they are acknowledged already, or
            // if the second block holds them.
            let twice = blocks.first().copied().filter(|(start, end)| {
                let within = |(from, to): &(u64, u64)| from <= start && end <= to;
                *end <= ack || blocks.get(1).is_some_and(within)
            });
            let (frame, at) = (place, frame.at);
            let echo = tcp.stamps.map(|(_, echo)| echo);
            let truth = all.entry((*conn, other)).or_default();
            truth.replies.push(Reply {
                frame,
                at,
                ack,
                twice,
                echo,
            });
        }
    }
    all
}

impl Truth {
    fn write(&mut self, call: &Event, message: Label, bytes: &[u8], whole: bool) {
        let start = self.bytes.len() as u64;
        self.bytes.extend_from_slice(bytes);
        let end = self.bytes.len() as u64;
        self.writes.push(Write {
            start,
            end,
            call: call.call_us,
            returned: call.return_us,
            whole,
        });
        match self.messages.last_mut() {
            Some((last, _, to)) if *last == message => *to = end,
            _ => self.messages.push((message, start, end)),
        }
    }

    fn read(&mut self, event: usize, call: &Event, asked: u64, bytes: &[u8]) {
        let start = self.reads.last().map_or(0, |read| read.end);
        let end = start + bytes.len() as u64;
        if bytes.is_empty() {
            return;
        }
        self.reads.push(Read {
            event,
            start,
            end,
            asked,
            call: call.call_us,
            returned: call.return_us,
        });
        self.is_as_written(start, bytes, "read");
    }

    fn carried(&mut self, place: usize, frame: &Frame, start: u64, stamp: Option<u32>) {
        let end = start + frame.len;
        self.data.push(Data {
            frame: place,
            at: frame.at,
            start,
            end,
            stamp,
        });
        // What a send that never returned had handed over is not in its record.
        if end <= self.bytes.len() as u64 {
            self.is_as_written(start, &frame.payload, "captured");
        }
    }

    fn is_as_written(&mut self, start: u64, bytes: &[u8], what: &str) {
        let from = usize::try_from(start).expect("bytes that are in memory");
        if self.bytes.get(from..from + bytes.len()) != Some(bytes) {
            let n = bytes.len();
            let said = format!("{n} bytes from {start} on were {what}, and others were written");
            self.contradictions.push(said);
        }
    }

    /// Whose the bytes are: message, and the part of it.
    pub(crate) fn owners(&self, start: u64, end: u64) -> Vec<(Label, u64, u64)> {
        let parts = self.messages.iter().map(|(label, from, to)| {
            let (a, b) = (start.max(*from), end.min(*to));
            (*label, a.saturating_sub(*from), b.saturating_sub(*from))
        });
        parts.filter(|(_, a, b)| a < b).collect()
    }

    /// Whether one segment brought both bytes beside this offset.
    pub(crate) fn joint(&self, offset: u64) -> Option<bool> {
        let both = [offset.checked_sub(1)?, offset];
        // What was sent later cannot have brought what was acknowledged.
        let acked = self.replies.iter().find(|reply| reply.ack > offset);
        let until = acked.map_or(usize::MAX, |reply| reply.frame);
        let with = |byte: u64| move |data: &&Data| data.frame < until && data.has(byte);
        if !both.iter().all(|b| self.data.iter().any(|d| with(*b)(&d))) {
            return None;
        }
        let carriers: Vec<&Data> = self
            .data
            .iter()
            .filter(|data| both.iter().any(|byte| with(*byte)(data)))
            .collect();
        let is_joint = |data: &Data| both.iter().all(|byte| data.has(*byte));
        let Some(first) = carriers.iter().position(|data| is_joint(data)) else {
            return Some(false);
        };
        if first == 0 {
            // Nothing else can have brought the left byte, and with it came the right one.
            let alone = carriers.iter().all(|data| is_joint(data));
            return alone.then_some(true);
        }
        self.came_again(carriers[first], both, acked?)
    }

    /// Whether a segment with both bytes, of which one or both had been sent before, was the one that
    /// brought both.
    fn came_again(&self, again: &Data, both: [u64; 2], acked: &Reply) -> Option<bool> {
        let mut later = self
            .replies
            .iter()
            .filter(|reply| reply.frame > again.frame);
        let before = self
            .replies
            .iter()
            .filter(|reply| reply.frame < again.frame);
        if before.map(|reply| reply.ack).max() > Some(both[0]) {
            return Some(false);
        }
        // The first answer to that very segment says whether it had them already.
        let answer = later.find(|reply| reply.echo.is_some() && reply.echo == again.stamp)?;
        match answer.twice {
            Some((start, end)) => {
                let had = both.iter().any(|byte| start <= *byte && *byte < end);
                had.then_some(false)
            }
            None => (answer.frame <= acked.frame && self.is_first_with(again)).then_some(true),
        }
    }

    /// Whether no other segment bears this one's stamp: then an answer that echoes it answers it.
    fn is_first_with(&self, again: &Data) -> bool {
        let same = self.data.iter().filter(|data| data.stamp == again.stamp);
        same.count() == 1
    }

    /// What became of the edge at this offset.
    pub(crate) fn fate(&self, offset: u64) -> Fate {
        let across = |read: &&Read| read.start < offset && offset < read.end;
        if let Some(read) = self.reads.iter().find(across) {
            return Fate::Lost(read.event, self.joint(offset));
        }
        // With nothing read behind it, nobody has seen that another message begins there.
        if self.reads.iter().any(|read| read.start == offset) {
            Fate::Kept
        } else {
            Fate::NotRead
        }
    }

    /// What cut the message in which this read ended, where there are no segments and a write goes
    /// straight into the reader's queue.
    pub(crate) fn cut_locally(&self, read: &Read) -> Option<CutBy> {
        if read.end - read.start < read.asked {
            return Some(CutBy::Arrival);
        }
        let has_next = |write: &&Write| write.start <= read.end && read.end < write.end;
        let write = self.writes.iter().find(has_next)?;
        if write.call > read.returned {
            return Some(CutBy::Arrival);
        }
        (write.returned < read.call).then_some(CutBy::Buffer)
    }

    /// What cut the message in which this read ended.
    pub(crate) fn cut(&self, read: &Read) -> Option<CutBy> {
        // A recv that gives less than was asked for has found the queue empty (tcp(7)).
        if read.end - read.start < read.asked {
            return Some(CutBy::Arrival);
        }
        if self.came(read.end)? > later(read.returned) {
            return Some(CutBy::Arrival);
        }
        let acked = self.acknowledged(read.end)?;
        (later(acked) < read.call).then_some(CutBy::Buffer)
    }

    /// When the first segment with this byte was captured.
    pub(crate) fn came(&self, byte: u64) -> Option<u64> {
        let with = self.data.iter().find(|data| data.has(byte));
        with.map(|data| data.at)
    }

    /// When it was seen to be acknowledged.
    pub(crate) fn acknowledged(&self, byte: u64) -> Option<u64> {
        let reply = self.replies.iter().find(|reply| reply.ack > byte);
        reply.map(|reply| reply.at)
    }

    /// How many bytes the calls made until then have written; all of the last one's.
    pub(crate) fn written(&self, call: u64) -> u64 {
        let so_far = self.writes.iter().filter(|write| write.call <= call);
        so_far.map(|write| write.end).max().unwrap_or(0)
    }

    /// Whether the program still held this byte: the write that hands it over returns as soon as the
    /// kernel has taken its last one, and it returned so much later.
    pub(crate) fn is_not_taken(&self, byte: u64, at: u64) -> bool {
        let last = self.writes.iter().find(|write| write.end == byte + 1);
        last.is_some_and(|write| write.whole && at + PREEMPTED < write.returned)
    }

    /// For each frame that acknowledged bytes as the first: how long after the first of them had
    /// come, where they came once.
    pub(crate) fn delays(&self) -> Vec<(usize, u64)> {
        let mut acked = 0;
        let mut delays = Vec::new();
        for reply in &self.replies {
            let with = |data: &&Data| data.has(acked) && data.frame < reply.frame;
            let mut bringing = self.data.iter().filter(with);
            if reply.ack > acked
                && let (Some(only), None) = (bringing.next(), bringing.next())
            {
                delays.push((reply.frame, reply.at.saturating_sub(only.at)));
            }
            acked = acked.max(reply.ack);
        }
        delays
    }

    /// How many segments brought all that was written. Where what was sent again was cut anew,
    /// nobody can say.
    pub(crate) fn segments(&self) -> Option<u64> {
        let mut distinct: Vec<_> = self
            .data
            .iter()
            .map(|data| (data.start, data.end))
            .collect();
        distinct.sort_unstable();
        distinct.dedup();
        let follow = distinct.windows(2).all(|pair| pair[0].1 == pair[1].0);
        let all = distinct.first()?.0 == 0 && distinct.last()?.1 == self.bytes.len() as u64;
        (follow && all).then_some(distinct.len() as u64)
    }

    /// Whether every byte of this segment had been captured before.
    pub(crate) fn is_again(&self, place: usize) -> bool {
        let this = &self.data[place];
        let mut had = this.start;
        while let Some(before) = self.data[..place].iter().find(|data| data.has(had)) {
            had = before.end;
        }
        had >= this.end
    }
}

/// A time of one clock that is surely not before this one of the other.
pub(crate) fn later(at: u64) -> u64 {
    at + CLOCKS_DIFFER + at * CLOCKS_DRIFT / 1_000_000
}
