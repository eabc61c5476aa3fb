//! Messages out of a frame decoder: as many as the step asks for, and nothing of what is behind
//! them.

use std::{io, mem};

use super::Actor;
use crate::event::{Action, Bytes, Decoded, DecoderState};
use crate::frame::{Body, Decoder, Frame, FrameError, Framing, Layout, Part, State};

/// A side's frame decoder, and the bytes at which it has not looked yet: those behind the last
/// message that was asked for. So how the bytes were cut on the way changes no result.
pub(super) struct Unframer {
    framing: Framing,
    decoder: Decoder,
    behind: Vec<u8>,
}

/// What a step has got of the messages that it asks for.
struct Taken {
    lacks: usize,
    last: Vec<u8>,
    refused: bool,
}

impl Unframer {
    fn new(framing: Framing) -> Self {
        Self {
            framing,
            decoder: framing.decoder(),
            behind: Vec::new(),
        }
    }

    /// Between two messages the framing may change; what has come of the next one stays.
    fn go_on_with(&mut self, framing: Framing) {
        if self.framing != framing && self.decoder.finish().is_ok() {
            self.framing = framing;
            self.decoder = framing.decoder();
        }
    }

    /// Takes bytes in and gives out so many messages at most.
    fn take(&mut self, bytes: &[u8], most: usize) -> DecoderState {
        let mut came = mem::take(&mut self.behind);
        came.extend_from_slice(bytes);
        let mut input = &came[..];
        let (mut out, mut refused) = (Vec::new(), None);
        while out.len() < most && refused.is_none() {
            let before = self.decoder.kept() + input.len() as u64;
            match self.decoder.decode(&mut input) {
                Ok(Some(frame)) => {
                    out.push(given_out(self.framing, frame, before - input.len() as u64));
                }
                Ok(None) => break,
                Err(error) => refused = Some(error.hinting_only_if_it_fits(self.framing, input)),
            }
        }
        self.behind = input.to_vec();
        DecoderState {
            behind: input.len() as u64,
            ..state_of(self.decoder.state(), self.decoder.kept(), refused, out)
        }
    }

    /// The stream is over, and a message was to come.
    fn end(&self) -> DecoderState {
        let refused = ended(self.decoder.finish(), self.framing.layout());
        let kept = self.decoder.kept();
        state_of(self.decoder.state(), kept, Some(refused), Vec::new())
    }
}

impl Taken {
    fn note(&mut self, state: &DecoderState) {
        self.lacks = self.lacks.saturating_sub(state.out.len());
        self.refused |= state.refused.is_some();
        if let Some(message) = state.out.last() {
            self.last.clone_from(&message.hex.0);
        }
    }

    fn goes_on(&self) -> io::Result<bool> {
        if self.refused {
            return Err(io::ErrorKind::InvalidData.into());
        }
        Ok(self.lacks > 0)
    }
}

impl Actor {
    /// Takes so many messages out of the stream; the last one is in hand.
    pub(super) fn recv_frames(
        &mut self,
        framing: Framing,
        count: usize,
        sizes: &[usize],
    ) -> io::Result<()> {
        let unframer = self.unframer.get_or_insert_with(|| Unframer::new(framing));
        unframer.go_on_with(framing);
        let mut taken = Taken {
            lacks: count,
            last: Vec::new(),
            refused: false,
        };
        let held = unframer.take(&[], count);
        taken.note(&held);
        if !held.out.is_empty() || taken.refused {
            self.ctx
                .plain_call(Action::Decoder(Box::new(held)), || Ok(()))?;
        }
        let mut sizes = sizes.iter().copied();
        let mut size = 1;
        while taken.goes_on()? {
            size = sizes.next().unwrap_or(size);
            let connection = self.connection.as_mut();
            let connection = connection.ok_or(io::ErrorKind::NotConnected)?;
            connection.read(&self.ctx, size, |bytes, read| {
                let state = match bytes {
                    [] => unframer.end(),
                    bytes => unframer.take(bytes, taken.lacks),
                };
                taken.note(&state);
                read.decoder = Some(Box::new(state));
            })?;
        }
        self.parsed.take(taken.last);
        Ok(())
    }
}

/// A message that took so many bytes of the stream, as the record has it.
fn given_out(framing: Framing, frame: Frame<'_>, size: u64) -> Decoded {
    // A header without its payload announces a digest that nobody has checked.
    let header_only = matches!(
        framing,
        Framing::HeaderDict {
            body: Body::None,
            ..
        }
    );
    let checked = frame.header.as_ref().filter(|_| !header_only);
    Decoded {
        hex: Bytes(frame.payload.to_vec()),
        verified: checked.and_then(|header| header.md5.clone()),
        header: frame.header.map(|header| header.fields),
        size: Some(size),
    }
}

/// What is wrong where a stream ends and a message was to come, if the decoder may be inside one.
pub(super) fn ended(inside: Result<(), FrameError>, layout: Layout) -> FrameError {
    let none_began = FrameError::Unfinished {
        part: Part::Prefix,
        have: 0,
        need: layout.size() as u64,
    };
    inside.err().unwrap_or(none_began)
}

/// A decoder's state as the record has it.
pub(super) fn state_of(
    state: State,
    kept: u64,
    refused: Option<FrameError>,
    out: Vec<Decoded>,
) -> DecoderState {
    DecoderState {
        out,
        part: state.part,
        have: state.have,
        need: state.need,
        kept,
        behind: 0,
        refused,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn framed(layout: Layout, payloads: &[&str]) -> Vec<u8> {
        let frame = |payload: &&str| {
            let message = crate::frame::Outgoing::new(payload.as_bytes());
            Framing::length(layout).encode(&message).unwrap().concat()
        };
        payloads.iter().flat_map(frame).collect()
    }

    fn texts(state: &DecoderState) -> Vec<&str> {
        let out = state.out.iter();
        out.map(|out| std::str::from_utf8(&out.hex.0).unwrap())
            .collect()
    }

    #[test]
    fn what_is_behind_the_last_message_asked_for_waits_for_the_next_step() {
        let mut unframer = Unframer::new(Framing::length(Layout::U32Be));
        let mut stream = framed(Layout::U32Be, &["ok", "on"]);
        stream.extend(b"garbage!");
        let state = unframer.take(&stream, 1);
        assert_eq!((texts(&state), state.behind), (vec!["ok"], 14));
        assert_eq!((state.kept, state.refused), (0, None));
        assert_eq!(state.out[0].size, Some(6));
        let state = unframer.take(&[], 1);
        assert_eq!((texts(&state), state.behind), (vec!["on"], 8));
        // Only who asks for the next message learns that it is none.
        let state = unframer.take(&[], 1);
        let kind = state.refused.as_ref().map(FrameError::kind);
        assert_eq!((kind, state.behind), (Some("over-limit"), 4));
    }

    /// The other byte order is named only where a message of that length is what follows.
    #[test]
    fn the_byte_order_is_the_fault_only_if_what_follows_has_that_length() {
        let hint = |stream: &[u8]| {
            let mut unframer = Unframer::new(Framing::length(Layout::U32Be));
            match unframer.take(stream, 1).refused {
                Some(FrameError::OverLimit {
                    other_order, text, ..
                }) => (other_order, text),
                other => panic!("{other:?}"),
            }
        };
        let in_other_order = |payloads: &[&str]| framed(Layout::U32Le, payloads);
        assert_eq!(hint(&in_other_order(&["hello"])), (Some(5), None));
        assert_eq!(hint(&in_other_order(&["hello", "you"])), (Some(5), None));
        assert_eq!(hint(b"\x05\0\0\0hell"), (None, None), "not so many came");
        assert_eq!(hint(b"\x05\0\0\0hello, you"), (None, None), "more came");
        assert_eq!(hint(b"GET / HTTP/1.1"), (None, Some("GET ".into())));
    }

    #[test]
    fn a_stream_that_ends_where_a_message_was_to_come_is_unfinished() {
        let mut unframer = Unframer::new(Framing::length(Layout::U32Be));
        let missing = |unframer: &Unframer| unframer.end().refused;
        let unfinished = |part, have, need| Some(FrameError::Unfinished { part, have, need });
        assert_eq!(missing(&unframer), unfinished(Part::Prefix, 0, 4));
        unframer.take(&[0, 0, 0, 2, b'o'], 1);
        assert_eq!(missing(&unframer), unfinished(Part::Payload, 1, 2));
    }

    #[test]
    fn between_two_messages_the_framing_may_change() {
        let mut unframer = Unframer::new(Framing::length(Layout::U32Be));
        let mut stream = framed(Layout::U32Be, &["a"]);
        stream.extend(framed(Layout::U64Le, &["b"]));
        assert_eq!(texts(&unframer.take(&stream, 1)), ["a"]);
        unframer.go_on_with(Framing::length(Layout::U64Le));
        assert_eq!(texts(&unframer.take(&[], 1)), ["b"]);
    }
}
