//! The wire among the calls: each packet an arrow from one side to the other.

use super::columns::{GAP, Layout};
use crate::event::{Event, Flag, Label, Packet, RunTrace, Side, WireDetail};
use crate::render::View;
use crate::render::paint::{Ink, Line};
use crate::render::pcap::owned;
use crate::render::words::{self, group};
use crate::report::{Kind, PacketNote, Report};

/// A call, or a packet by its place.
pub(in crate::render) enum TimelineItem<T> {
    Call(T),
    Packet(usize),
}

/// Whether all packets of the run are shown, or only those that tell something of the data.
fn in_full(run: &RunTrace, view: &View) -> bool {
    view.wire == WireDetail::Full || run.wire == Some(WireDetail::Full)
}

/// Puts the packets that are shown among the calls, by the clock: behind the write that they came
/// from, before the read that saw what they brought.
pub(in crate::render) fn among<T>(
    calls: impl IntoIterator<Item = T>,
    event: impl Fn(&T) -> usize,
    run: &RunTrace,
    report: &Report,
    view: &View,
) -> Vec<TimelineItem<T>> {
    let full = in_full(run, view);
    let mut packets = run
        .packets
        .iter()
        .zip(&report.wire)
        .enumerate()
        .filter(|(_, (_, sight))| full || !sight.ordinary)
        .map(|(i, (packet, _))| (i, packet.at_us))
        .peekable();
    let mut all = Vec::new();
    for call in calls {
        let event = &run.events[event(&call)];
        let seen = Event::counts_from_return(&event.action);
        let at = event.at_us().saturating_add(seen.into());
        while let Some((packet, _)) = packets.next_if(|(_, packet_at)| *packet_at < at) {
            all.push(TimelineItem::Packet(packet));
        }
        all.push(TimelineItem::Call(call));
    }
    all.extend(packets.map(|(packet, _)| TimelineItem::Packet(packet)));
    all
}

/// The packets that are not shown, by what they are for.
pub(in crate::render) fn left_out(run: &RunTrace, report: &Report, view: &View) -> Option<String> {
    if in_full(run, view) {
        return None;
    }
    let count = |kind: Kind| {
        let of = |sight: &&PacketNote| sight.ordinary && sight.kind == kind;
        report.wire.iter().filter(of).count() as u64
    };
    let [handshake, acks, close] = [Kind::Handshake, Kind::Ack, Kind::Close].map(count);
    words::packets::not_drawn(view.lang, handshake, acks, close)
}

/// What is said of a packet, the most telling first: a part that has no room is left out.
fn parts(run: &RunTrace, packet: &Packet, sight: &PacketNote, view: &View) -> Vec<Line> {
    let lang = view.lang;
    let mut parts = Vec::new();
    let mut say = |text: String, ink| parts.push(Line::of(text, ink));
    if sight.again {
        say(words::packets::again(lang).into(), Ink::Bad);
    }
    if sight.unanswered {
        say(words::packets::no_answer(lang).into(), Ink::Bad);
    }
    if let Some(us) = sight.delayed_us {
        say(words::packets::later(lang, us / 1000), Ink::Strong);
    }
    if sight.kind == Kind::Data {
        if !sight.owners.is_empty() {
            parts.push(letters(&sight.owners));
        }
        let mut say = |text: String| parts.push(Line::of(text, Ink::Plain));
        if let Some(seq) = packet.seq {
            say(format!("seq {}", group(seq)));
        }
        say(format!("len {}", group(packet.len)));
    }
    let flags: Vec<&str> = packet.flags.iter().map(|flag| flag.name()).collect();
    if !flags.is_empty() {
        let ink = if sight.kind == Kind::Reset {
            Ink::Bad
        } else {
            Ink::Plain
        };
        parts.push(Line::of(flags.join(" "), ink));
    }
    let mut say = |text: String| parts.push(Line::of(text, Ink::Plain));
    if sight.kind == Kind::Close
        && let Some(seq) = packet.seq.filter(|_| packet.has(Flag::Fin))
    {
        say(format!("seq {}", group(seq)));
    }
    if let Some(ack) = packet.ack {
        say(format!("ack {}", group(ack)));
    }
    if let Some(mss) = packet.mss {
        say(format!("mss {}", group(mss)));
    }
    let room = packet.window == Some(0) || (!sight.ordinary && sight.kind == Kind::Ack);
    if let Some(window) = packet.window.filter(|_| room || in_full(run, view)) {
        say(format!("win {}", group(window)));
    }
    parts
}

/// The letters of the bytes, each byte its own if they are few.
fn letters(owners: &[(Label, u64, u64)]) -> Line {
    const FEW: u64 = 12;
    let total: u64 = owners.iter().map(|(_, from, to)| to - from).sum();
    let single = owners.iter().all(|(label, ..)| label.index < 26);
    let mut line = Line::new();
    for (i, (label, from, to)) in owners.iter().enumerate() {
        let name = label.to_string();
        if total <= FEW && single {
            let count = usize::try_from(to - from).unwrap_or_default();
            line.put(name.repeat(count), Ink::Owner(*label));
        } else {
            line.text(if i > 0 { " " } else { "" });
            line.put(&name, Ink::Owner(*label));
            line.text(format!("[{}:{}]", group(*from), group(*to)));
        }
    }
    line
}

/// An arrow across the lane between the two sides, with what is said of the packet on it.
pub(super) struct Arrow {
    pub(super) time: String,
    parts: Vec<Line>,
    from: Side,
    /// Which connection, where there are several.
    conn: Option<u32>,
}

impl Arrow {
    pub(super) fn new(
        run: &RunTrace,
        packet: &Packet,
        sight: &PacketNote,
        time: String,
        view: &View,
    ) -> Self {
        Self {
            time,
            parts: parts(run, packet, sight, view),
            from: packet.side,
            conn: words::has_several_clients(run).then_some(packet.conn),
        }
    }

    /// The width that has room for all of it.
    pub(super) fn want(&self) -> usize {
        let said: usize = self.parts.iter().map(|part| part.width() + GAP).sum();
        said + self.number().len() + 2 * STUB
    }

    fn number(&self) -> String {
        self.conn
            .map_or_else(String::new, |conn| format!("{conn} "))
    }

    /// Draws it from the first column to the server's.
    pub(super) fn draw(&self, layout: &Layout) -> Line {
        let mut line = layout.at(&self.time);
        line.pad_to(layout.indent());
        let end = layout.indent() + layout.lane();
        line.put(self.number(), Ink::Strong);
        line.text(if self.from == Side::Client {
            "--"
        } else {
            "<-"
        });
        for part in &self.parts {
            if line.width() + 1 + part.width() + STUB > end {
                // Narrower ones behind it may still have room, but would say less.
                break;
            }
            line.text(" ").append(part).text(" ");
        }
        while line.width() + 1 < end {
            line.text("-");
        }
        line.text(if self.from == Side::Client { ">" } else { "-" });
        line
    }
}

/// The least of an arrow that stands before and behind what is said.
const STUB: usize = 3;

/// A packet in words, for the linear form.
pub(in crate::render) fn fact(
    run: &RunTrace,
    packet: &Packet,
    sight: &PacketNote,
    view: &View,
) -> Vec<String> {
    let lang = view.lang;
    let mut said = vec![words::packets::way(lang, packet.side)];
    if words::has_several_clients(run) {
        said.push(words::packets::connection(lang, packet.conn));
    }
    // Letters under bytes are for the eye.
    let skip = usize::from(sight.kind == Kind::Data && !sight.owners.is_empty());
    if skip > 0 {
        let all: Vec<String> = sight.owners.iter().map(owned).collect();
        said.push(all.join(" "));
    }
    let letters = letters(&sight.owners).words();
    let parts = parts(run, packet, sight, view);
    said.extend(
        parts
            .iter()
            .map(Line::words)
            .filter(|part| skip == 0 || *part != letters),
    );
    said
}
