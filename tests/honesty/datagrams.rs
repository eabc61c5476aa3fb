//! Whose each datagram was, by what was captured, and by order where none is lost.

use std::collections::{HashMap, HashSet};

use sticky_lab::event::{self, Action, Label, RunTrace, Side, Transport};
use sticky_lab::report::Report;

use super::packets::Frame;
use super::tally::Sheet;

/// A datagram that was sent: by which client's or server's how-manieth write, and whose it is.
struct Sent<'a> {
    conn: u32,
    place: usize,
    label: Label,
    bytes: &'a [u8],
}

pub(crate) fn hold(
    sheet: &mut Sheet,
    witness: &str,
    run: &RunTrace,
    report: &Report,
    frames: &[Frame],
    server: u16,
    name: &str,
) {
    let clients: HashMap<u16, u32> = frames
        .iter()
        .map(|frame| (frame.ends(server).1, frame.conn))
        .collect();
    for from in Side::BOTH {
        let sent = match run.transport {
            Transport::Udp => captured(sheet, run, frames, server, from, name),
            // Several clients' come in an order that nobody sees.
            Transport::UnixDatagram if run.clients > 1 => continue,
            _ => written(run, from),
        };
        let reads = read_by(run, from.other(), &clients);
        let mut gone = 0;
        // A client reads its own socket. A server reads one for all, and two clients that send at
        // the same time may stand in the capture in another order than in its queue: each by itself.
        let readers: Vec<u32> = match from {
            Side::Client if run.transport == Transport::UnixDatagram => vec![0],
            _ => (1..=run.clients).collect(),
        };
        let mut read = HashSet::new();
        for reader in readers {
            let mine = |conn: u32| reader == 0 || conn == reader;
            let sent: Vec<&Sent<'_>> = sent.iter().filter(|sent| mine(sent.conn)).collect();
            let reads: Vec<_> = reads.iter().filter(|read| mine(read.conn)).collect();
            for (call, sent) in reads.iter().zip(matched(&sent, &reads)) {
                let said = report.notes[call.event]
                    .owners
                    .first()
                    .map(|(label, ..)| *label);
                let what = format!("owners of datagrams, {witness}");
                let place = format!("{name}: event {}", call.event);
                let so = sent.map(|sent| sent.label);
                // An empty datagram has no bytes that anybody could own.
                if !call.bytes.is_empty() {
                    sheet.hold(&what, said, so, || place);
                }
                read.extend(sent.map(|sent| (sent.conn, sent.place)));
            }
        }
        for flow in report
            .flows
            .iter()
            .filter(|flow| flow.direction.from == from)
        {
            for place in flow.datagrams.iter().flat_map(|datagrams| &datagrams.gone) {
                gone += 1;
                if read.contains(&(flow.direction.conn, *place)) {
                    let said = format!("{name}: datagram {place} is gone, and was read");
                    sheet.wrong(&format!("datagrams dropped, {witness}"), said);
                }
            }
            if !flow.ranges.intact {
                let said = format!("{name}: this trace contradicts itself");
                sheet.wrong(&format!("contradiction, {witness}"), said);
            }
        }
        let dropped = reads
            .iter()
            .filter_map(|read| read.dropped)
            .max()
            .unwrap_or(0);
        if from == Side::Client && gone > dropped {
            let said = format!("{name}: {gone} are gone, and the kernel dropped {dropped}");
            sheet.wrong(&format!("datagrams dropped, {witness}"), said);
        }
    }
}

struct Read<'a> {
    event: usize,
    conn: u32,
    bytes: &'a [u8],
    /// How long the datagram was.
    length: Option<u64>,
    dropped: Option<u64>,
}

/// `clients` has who each is, by the port.
fn read_by<'a>(run: &'a RunTrace, side: Side, clients: &HashMap<u16, u32>) -> Vec<Read<'a>> {
    let whose = |read: &event::Read| {
        let (_, port) = read.peer.as_ref()?.rsplit_once(':')?;
        clients.get(&port.parse().ok()?).copied()
    };
    let reads = run.events.iter().enumerate().filter_map(|(place, event)| {
        let (Action::Recv(read) | Action::Recvfrom(read)) = &event.action else {
            return None;
        };
        let all = read.returned? + read.truncated.unwrap_or(0);
        let known = read.truncated.is_some() || read.returned? < read.asked;
        (event.side == side && event.error.is_none()).then(|| Read {
            event: place,
            conn: whose(read).unwrap_or(event.conn),
            bytes: &read.hex.0,
            length: known.then_some(all),
            dropped: read.dropped,
        })
    });
    reads.collect()
}

fn written(run: &RunTrace, side: Side) -> Vec<Sent<'_>> {
    let mut places = HashMap::new();
    let writes = run.events.iter().filter_map(|event| {
        let (Action::Send(write) | Action::Sendto(write)) = &event.action else {
            return None;
        };
        let mine = event.side == side && event.error.is_none();
        mine.then(|| {
            let place = places.entry(event.conn).or_insert(0);
            *place += 1;
            Sent {
                conn: event.conn,
                place: *place - 1,
                label: write.message,
                bytes: &write.hex.0,
            }
        })
    });
    writes.collect()
}

/// In the order in which they were captured.
fn captured<'a>(
    sheet: &mut Sheet,
    run: &'a RunTrace,
    frames: &[Frame],
    server: u16,
    from: Side,
    name: &str,
) -> Vec<Sent<'a>> {
    let mut left: HashMap<u32, Vec<Sent<'a>>> = HashMap::new();
    for sent in written(run, from) {
        // The server's stand in one row, whoever they are for.
        let of = if from == Side::Server { 0 } else { sent.conn };
        left.entry(of).or_default().push(sent);
    }
    let mut all = Vec::new();
    for frame in frames {
        if frame.ends(server).0 != from {
            continue;
        }
        let of = if from == Side::Server { 0 } else { frame.conn };
        let next = left.get_mut(&of).filter(|left| !left.is_empty());
        match next.map(|left| left.remove(0)) {
            Some(sent) if sent.bytes == frame.payload => all.push(Sent {
                conn: frame.conn,
                ..sent
            }),
            _ => sheet.wrong("bytes", format!("{name}: a datagram that nobody wrote")),
        }
    }
    all
}

/// Which datagram each read returned, where only one order of drops explains all reads.
fn matched<'a, 'b>(sent: &[&'a Sent<'b>], reads: &[&Read<'_>]) -> Vec<Option<&'a Sent<'b>>> {
    let fits = |sent: &Sent<'_>, read: &Read<'_>| {
        let all = sent.bytes.len() as u64;
        sent.bytes.starts_with(read.bytes) && read.length.is_none_or(|length| length == all)
    };
    let mut first = Vec::new();
    let mut from = 0;
    for read in reads {
        let found = (from..sent.len()).find(|place| fits(sent[*place], read));
        first.push(found);
        from = found.map_or(from, |place| place + 1);
    }
    let mut last = vec![None; reads.len()];
    let mut until = sent.len();
    for (i, read) in reads.iter().enumerate().rev() {
        last[i] = (0..until).rfind(|place| fits(sent[*place], read));
        until = last[i].unwrap_or(until);
    }
    let agree = first.into_iter().zip(last);
    agree
        .map(|(first, last)| first.filter(|_| first == last).map(|place| sent[place]))
        .collect()
}
