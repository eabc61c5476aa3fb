//! Holds what a report says of a run against what really happened.

use std::collections::HashMap;

use sticky_lab::event::{Action, Flag, RunTrace, Side};
use sticky_lab::report::{self, At, CutBy, Edge, Fate, Flow, LostIn, Report};

use super::datagrams;
use super::model::{self, Truth};
use super::packets::Frame;
use super::tally::Sheet;
use super::waits;
use super::whole;

/// Holds all that is said of a run, with the capture and without it.
///
/// `network` says over what it went, for the share of edges that nobody can tell the fate of.
pub(crate) fn hold(sheet: &mut Sheet, run: &RunTrace, frames: &[Frame], name: &str, network: &str) {
    sheet.runs += 1;
    let mut alone = run.clone();
    alone.capture = None;
    alone.packets.clear();
    let server = run.address.rsplit(':').next();
    let server = server.and_then(|port| port.parse().ok()).unwrap_or(0);
    let truths = if run.transport.keeps_edges() {
        HashMap::new()
    } else {
        model::directions(&run.events, frames, server)
    };
    for (of, truth) in &truths {
        for said in &truth.contradictions {
            sheet.wrong("bytes", format!("{name} {of:?}: {said}"));
        }
    }
    if run.transport.is_tcp() {
        waits::hold(sheet, run, &truths, name);
    }
    for (witness, run) in [("alone", &alone), ("captured", run)] {
        let report = report::build(run, true);
        if run.transport.keeps_edges() {
            datagrams::hold(sheet, witness, run, &report, frames, server, name);
            continue;
        }
        let (mut undetermined, mut lost) = (0, 0);
        for flow in &report.flows {
            let none = Truth::default();
            let of = (flow.direction.conn, flow.direction.from);
            let truth = truths.get(&of).unwrap_or(&none);
            let mut held = Held {
                sheet,
                witness,
                run,
                report: &report,
                flow,
                truth,
                name: format!("{name} {}{}", of.1, of.0),
            };
            held.ranges();
            let (open, all) = held.edges();
            (undetermined, lost) = (undetermined + open, lost + all);
            held.cuts();
            held.owners();
            held.column();
            held.decoded();
            held.whole();
            if run.transport.is_tcp() {
                held.segments();
                held.unsent();
            }
        }
        if run.transport.is_tcp() {
            sheet.share(&format!("{witness}, {network}"), undetermined, lost);
            packets(sheet, witness, run, &report, &truths, name);
        }
    }
}

struct Held<'a> {
    sheet: &'a mut Sheet,
    witness: &'static str,
    run: &'a RunTrace,
    report: &'a Report,
    flow: &'a Flow,
    truth: &'a Truth,
    name: String,
}

impl Held<'_> {
    fn what(&self, what: &str) -> String {
        format!("{what}, {}", self.witness)
    }

    fn ranges(&mut self) {
        let what = self.what("contradiction");
        let name = self.name.clone();
        let sound = self.truth.contradictions.is_empty();
        let said = self.flow.ranges.intact;
        self.sheet.hold(&what, Some(said), Some(sound), || name);
    }

    /// Returns how many edges of TCP read `undetermined`, and how many are lost.
    fn edges(&mut self) -> (u64, u64) {
        let what = if self.run.transport.is_tcp() {
            self.what("edges over TCP")
        } else {
            self.what("edges over AF_UNIX")
        };
        let (mut undetermined, mut lost) = (0, 0);
        let sent: Vec<_> = self
            .truth
            .messages
            .iter()
            .filter(|(_, a, b)| a < b)
            .collect();
        if sent.len().saturating_sub(1) != self.flow.edges.len() {
            let said = format!("{}: not the right number of edges", self.name);
            self.sheet.wrong(&what, said);
            return (0, 0);
        }
        for (edge, pair) in self.flow.edges.iter().zip(sent.windows(2)) {
            let offset = pair[0].2;
            let fate = self.truth.fate(offset);
            let [a, b] = edge.between;
            let place = format!("{}: edge {a}|{b}", self.name);
            let kind = |fate: &str| Some(fate.to_string());
            let (said, so) = match (edge.fate, fate) {
                (Fate::Lost(cause), model::Fate::Lost(read, joint)) => {
                    if edge.lost_by != Some(read) {
                        self.sheet.wrong(&what, format!("{place}: not that read"));
                    }
                    let joint = if self.run.transport.is_local() {
                        Some(false)
                    } else {
                        joint
                    };
                    lost += 1;
                    if cause == LostIn::Undetermined {
                        undetermined += 1;
                        let over = if self.run.transport.is_tcp() {
                            "TCP"
                        } else {
                            "AF_UNIX"
                        };
                        let why = format!("{}, over {over}: {:?}", self.witness, edge.unproven);
                        *self.sheet.reasons.entry(why).or_default() += 1;
                    }
                    let said = match cause {
                        LostIn::Sender => Some(true),
                        LostIn::ReceiveQueue => Some(false),
                        LostIn::Undetermined => None,
                    };
                    self.witnesses(edge, joint, &place);
                    let name = |joint| if joint { "sender" } else { "receive-queue" };
                    (
                        said.map(name).map(String::from),
                        joint.map(name).map(String::from),
                    )
                }
                (Fate::Kept, model::Fate::Kept) | (Fate::NotRead, model::Fate::NotRead) => continue,
                (said, so) => (kind(&format!("{said:?}")), kind(&format!("{so:?}"))),
            };
            self.sheet.hold(&what, said, so, || place);
        }
        (undetermined, lost)
    }

    /// Each witness by itself: what it says must be so, and none may gainsay another.
    fn witnesses(&mut self, edge: &Edge, joint: Option<bool>, place: &str) {
        for (witness, says) in edge.said.iter() {
            let what = self.what(&format!("  said by {}", <&str>::from(witness)));
            let says = says == LostIn::Sender;
            self.sheet.hold(&what, Some(says), joint, || place.into());
        }
        let what = self.what("  witnesses agree");
        let agree = !edge.said.disagrees();
        self.sheet
            .hold(&what, Some(agree), Some(true), || place.into());
    }

    fn cuts(&mut self) {
        let what = self.what("cuts");
        let truth = self.truth;
        // The last read cuts nothing: no other goes on after it.
        let followed = truth.reads.len().saturating_sub(1);
        let cut = truth.reads[..followed].iter().filter(|read| {
            let inside = |(_, from, to): &(_, u64, u64)| *from < read.end && read.end < *to;
            truth.messages.iter().any(inside)
        });
        let cut: Vec<_> = cut.collect();
        if cut.len() != self.flow.cuts.len() {
            let said = format!("{}: not the right number of cuts", self.name);
            return self.sheet.wrong(&what, said);
        }
        for (said, read) in self.flow.cuts.iter().zip(cut) {
            let so = if self.run.transport.is_local() {
                truth.cut_locally(read)
            } else {
                truth.cut(read)
            };
            let by = match said.by {
                CutBy::Buffer => Some(model::CutBy::Buffer),
                CutBy::Arrival => Some(model::CutBy::Arrival),
                CutBy::Undetermined => None,
            };
            let place = || format!("{}: {} cut after {}", self.name, said.message, said.after);
            let place = place();
            self.sheet.hold(&what, by, so, || place);
        }
    }

    fn owners(&mut self) {
        let what = self.what("owners of bytes read");
        for read in &self.truth.reads {
            let said = &self.report.notes[read.event].owners;
            let so = self.truth.owners(read.start, read.end);
            let place = format!("{}: read at {}", self.name, read.start);
            self.sheet.hold(&what, Some(said), Some(&so), || place);
        }
    }

    fn segments(&mut self) {
        let what = self.what("number of segments");
        let place = self.name.clone();
        let (said, so) = (self.flow.segments.count, self.truth.segments());
        self.sheet.hold(&what, said, so, || place);
        // Each offset of which something is said, or where a false word would show.
        let ends = self.flow.segments.ends.iter().copied();
        let seen = self.truth.data.iter().map(|data| data.end);
        let mut offsets: Vec<u64> = ends.chain(seen).collect();
        offsets.sort_unstable();
        offsets.dedup();
        let what = self.what("ends of segments");
        let last = self.truth.bytes.len() as u64;
        for offset in offsets.into_iter().filter(|offset| *offset < last) {
            let said = match self.flow.segments.at(offset) {
                At::Boundary => Some(false),
                At::Inside => Some(true),
                At::Unknown => None,
            };
            let place = format!("{}: one segment across {offset}", self.name);
            self.sheet
                .hold(&what, said, self.truth.joint(offset), || place);
        }
    }

    /// What is said to lie in the kernel when a call is over.
    fn column(&mut self) {
        let what = self.what("in the kernel");
        let flow = Flow::place(&self.report.flows, self.flow.direction);
        let length = self.truth.bytes.len() as u64;
        for (event, note) in self.run.events.iter().zip(&self.report.notes) {
            let Some(held) = note.in_kernel.filter(|_| note.flow == flow) else {
                continue;
            };
            let place = || format!("{}: after event {}", self.name, event.seq);
            let read = |until: u64| {
                let reads = self.truth.reads.iter();
                let over = reads.filter(|read| self.run.events[read.event].return_us < until);
                over.map(|read| read.end).max().unwrap_or(0)
            };
            let mut wrong = Vec::new();
            if held.to > length || held.from > held.to {
                wrong.push(format!("{held:?} of {length} bytes"));
            }
            if held.from < read(event.call_us) {
                wrong.push(format!("{held:?} begins with bytes that were read"));
            }
            // What is in brackets had not come: nobody had acknowledged it.
            let bracket = held.to - held.not_arrived.min(held.to);
            let acked = self.truth.acknowledged(bracket);
            if held.not_arrived > 0 && acked.is_some_and(|at| model::later(at) < event.call_us) {
                wrong.push(format!(
                    "{held:?}, and byte {bracket} was acknowledged before"
                ));
            }
            // What a reset found unsent has gone with it.
            let reset = self
                .truth
                .reset
                .is_some_and(|at| model::later(at) < event.return_us);
            let last = held.to.checked_sub(1).filter(|_| held.from < held.to);
            if reset && last.is_some_and(|byte| self.truth.came(byte).is_none()) {
                wrong.push(format!("{held:?}, and a reset threw the last of it away"));
            }
            if event.side != self.flow.direction.from
                && last.is_some_and(|byte| self.truth.is_not_taken(byte, event.return_us))
            {
                wrong.push(format!("{held:?}, and the last of it was not yet taken"));
            }
            if let Some(said) = wrong.pop() {
                let said = format!("{}: {said}", place());
                self.sheet.wrong(&what, said);
            } else {
                self.sheet.hold(&what, Some(()), Some(()), place);
            }
        }
    }

    /// The most that is said to have waited unsent.
    fn unsent(&mut self) {
        let Some((unsent, at)) = self.flow.most_unsent else {
            return;
        };
        let what = self.what("most unsent");
        let event = &self.run.events[at];
        let written = self.truth.written(event.call_us);
        let said = format!("{}: {unsent} unsent after event {at}", self.name);
        // The first of them must not have come before the call.
        let came = written
            .checked_sub(unsent)
            .map(|first| self.truth.came(first));
        match came {
            None => self.sheet.wrong(&what, said + ", more than was written"),
            Some(Some(came)) if unsent > 0 && model::later(came) < event.call_us => {
                self.sheet
                    .wrong(&what, said + ", and the first had left before");
            }
            Some(_) => self.sheet.hold(&what, Some(()), Some(()), || said),
        }
    }

    /// Which messages came whole.
    fn whole(&mut self) {
        let what = self.what("messages that came whole");
        let (so, got) = whole::of(self.run, self.flow);
        let delivery = &self.flow.delivery;
        let place = self.name.clone();
        let said = delivery.got.as_ref().map(Vec::len);
        self.sheet.hold(&what, said, Some(got), || place);
        let sent = delivery.sent.iter().flatten();
        for (sent, (label, came)) in sent.zip(so) {
            let place = format!("{}: {label}", self.name);
            let said = sent.whole.map(|whole| (sent.message, whole));
            self.sheet.hold(&what, said, Some((label, came)), || place);
        }
    }

    /// Messages out of a decoder, by a decoding of what was read.
    fn decoded(&mut self) {
        let Some(said) = self.flow.messages(&self.run.events) else {
            return;
        };
        let what = self.what("messages out of a decoder");
        let read = |event: usize| match &self.run.events[event].action {
            Action::Recv(read) if read.decoder.is_some() => &read.hex.0[..],
            _ => &[],
        };
        let bytes = self.truth.reads.iter().flat_map(|of| read(of.event));
        let bytes: Vec<u8> = bytes.copied().collect();
        let (mut rest, mut so) = (&bytes[..], Vec::new());
        while let Some((length, behind)) = rest.split_first_chunk() {
            let length = u32::from_be_bytes(*length) as usize;
            let Some((message, behind)) = behind.split_at_checked(length) else {
                break;
            };
            so.push(message);
            rest = behind;
        }
        let said: Vec<&[u8]> = said.iter().map(|message| &message.hex.0[..]).collect();
        // What no step has asked for yet lies behind those that came out.
        let states = self.run.events.iter().filter(|event| {
            event.conn == self.flow.direction.conn && event.side != self.flow.direction.from
        });
        let last = states.rev().find_map(|event| event.action.decoder());
        let behind = last.map_or(0, |state| state.behind);
        let unasked = so.drain(said.len().min(so.len())..);
        let unasked: u64 = unasked.map(|message| 4 + message.len() as u64).sum();
        if unasked > behind {
            let said = format!("{}: {unasked} bytes behind, not {behind}", self.name);
            self.sheet.wrong(&what, said);
        }
        let place = self.name.clone();
        self.sheet.hold(&what, Some(said), Some(so), || place);
    }
}

/// What is said of each packet.
fn packets(
    sheet: &mut Sheet,
    witness: &str,
    run: &RunTrace,
    report: &Report,
    truths: &HashMap<(u32, Side), Truth>,
    name: &str,
) {
    for (of, truth) in truths {
        for (place, data) in truth.data.iter().enumerate() {
            let Some(note) = report.wire.get(data.frame) else {
                continue;
            };
            let at = format!("{name} {of:?}: packet {}", data.frame);
            let what = format!("packets, {witness}");
            let said = (note.again, note.owners.clone());
            let so = (truth.is_again(place), truth.owners(data.start, data.end));
            sheet.hold(&what, Some(said), Some(so), || at);
            assert_eq!(run.packets[data.frame].len, data.end - data.start);
        }
        for (frame, delay) in truth.delays() {
            let Some(note) = report.wire.get(frame) else {
                continue;
            };
            let at = format!("{name} {of:?}: ACK {frame} after {delay} us");
            let what = format!("delayed ACKs, {witness}");
            let said = note.delayed_us.is_some();
            // As Linux delays them; what comes between is neither.
            let so = (!(9_000..=39_000).contains(&delay)).then_some(delay > 39_000);
            // That of a FIN is told for itself.
            if said || run.packets[frame].flags == [Flag::Ack] && run.packets[frame].len == 0 {
                sheet.hold(&what, Some(said), so, || at);
            }
        }
    }
}
