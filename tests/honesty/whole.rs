//! Which messages of a stream came whole, by places alone: what the reader took for a message must
//! lie just where the content of one that was sent lies.

use sticky_lab::event::{Action, Label, RunTrace};
use sticky_lab::report::Flow;

/// A message that was sent: where its content lies, and whether the kernel took all of it.
struct Sent {
    label: Label,
    start: u64,
    end: u64,
    framed: bool,
    all: bool,
}

/// What was sent, with whether it came whole, and how many things the reader got.
pub(crate) fn of(run: &RunTrace, flow: &Flow) -> (Vec<(Label, bool)>, usize) {
    let mut sent: Vec<Sent> = Vec::new();
    let mut got: Vec<Option<(u64, u64)>> = Vec::new();
    let (mut written, mut read) = (0, 0);
    // The bytes that the decoder was given, each with its place, and how far it has come.
    let (mut fed, mut next): (Vec<(u64, u8)>, usize) = (Vec::new(), 0);
    let mine = run
        .events
        .iter()
        .filter(|event| event.conn == flow.direction.conn);
    for event in mine {
        if event.side == flow.direction.from {
            if let Some(write) = event.action.write() {
                let taken = write.returned.unwrap_or(0);
                written += taken;
                let all = write.returned == Some(write.asked);
                match sent.last_mut().filter(|last| last.label == write.message) {
                    Some(last) => (last.end, last.all) = (written, all),
                    None if write.returned.is_some() => sent.push(Sent {
                        label: write.message,
                        start: written - taken,
                        end: written,
                        framed: !write.layout.is_empty(),
                        all,
                    }),
                    None => {}
                }
            }
            continue;
        }
        if let (Action::Recv(call), None) = (&event.action, &event.error) {
            let bytes = &call.hex.0;
            let start = read;
            read += bytes.len() as u64;
            if call.decoder.is_some() {
                fed.extend((start..).zip(bytes.iter().copied()));
            } else if !bytes.is_empty() {
                got.push(Some((start, read)));
            }
        }
        if let Action::Loop(taken) = &event.action {
            let start = read - taken.has;
            got.retain(|got| got.is_none_or(|(from, _)| from < start || from >= read));
            if event.error.is_none() {
                got.push(Some((start, read)));
            }
        }
        for _ in event
            .action
            .decoder()
            .map_or(&[][..], |decoder| &decoder.out)
        {
            let length = fed[next..next + 4].iter();
            let length = length.fold(0, |sum, (_, byte)| sum << 8 | usize::from(*byte));
            let frame = &fed[next..next + 4 + length];
            let (from, to) = (frame[0].0, frame[frame.len() - 1].0 + 1);
            let one_piece = to - from == frame.len() as u64;
            got.push(one_piece.then_some((from + 4, to)));
            next += frame.len();
        }
    }
    let came = sent.iter().map(|sent| {
        let content = (sent.start + if sent.framed { 4 } else { 0 }, sent.end);
        (sent.label, sent.all && got.contains(&Some(content)))
    });
    (came.collect(), got.len())
}
