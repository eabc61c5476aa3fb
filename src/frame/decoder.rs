//! The decoder: one state machine, for both framings.

use super::gather::Gather;
use super::{Body, Frame, FrameError, Framing, Header, Part, State, bytes, length};

/// Takes a stream apart into messages, however it was cut on the way.
///
/// It holds the bytes of one unfinished part at most, so never more than the framing's limits
/// allow, and reserves memory as the bytes arrive, not as a peer announces them.
#[derive(Clone, Debug)]
pub struct Decoder {
    machine: Machine,
    failed: Option<FrameError>,
}

impl Decoder {
    pub(super) fn new(framing: Framing) -> Self {
        Self {
            machine: Machine {
                framing,
                part: Part::Prefix,
                need: framing.layout().size(),
                before: 0,
                header: None,
                gather: Gather::default(),
            },
            failed: None,
        }
    }

    /// Takes bytes from the front of `input`, up to the end of the next message, and returns that
    /// message. `None`: all of `input` was taken, and the message is not complete.
    ///
    /// One receive may hold several messages: call again, until `None`. A payload that is
    /// contiguous in `input` is lent from there; one that came in pieces is put together in here.
    ///
    /// # Errors
    ///
    /// Any [`FrameError`] that a message read can have. Behind a bad message nobody can say where
    /// the next one begins, so the error is final: each later call returns it again and takes
    /// nothing.
    #[inline]
    pub fn decode<'a, 'i: 'a>(
        &'a mut self,
        input: &mut &'i [u8],
    ) -> Result<Option<Frame<'a>>, FrameError> {
        if let Some(error) = &self.failed {
            return Err(error.clone());
        }
        // Not `inspect_err`: that moves the whole result through memory once more.
        match self.machine.decode(input) {
            Ok(frame) => Ok(frame),
            Err(error) => Err(self.failed.insert(error).clone()),
        }
    }

    /// The part that is being gathered. After an error: the part that was found wrong, complete.
    pub fn state(&self) -> State {
        let have = match self.failed {
            Some(_) => self.machine.need,
            None => self.machine.gather.held(),
        };
        State {
            part: self.machine.part,
            have: bytes(have),
            need: bytes(self.machine.need),
        }
    }

    /// How many bytes of the unfinished message have been taken: prefix, header and payload.
    pub fn kept(&self) -> u64 {
        bytes(self.machine.before) + self.state().have
    }

    /// How many bytes of memory the buffer takes: at most the largest limit of the framing (or a
    /// prefix, if that is longer), and nothing as long as every part arrives in one piece.
    pub fn capacity(&self) -> usize {
        self.machine.gather.capacity()
    }

    /// Whether the stream may end here.
    ///
    /// # Errors
    ///
    /// [`FrameError::Unfinished`] inside a message; after an error, that error.
    pub fn finish(&self) -> Result<(), FrameError> {
        if let Some(error) = &self.failed {
            return Err(error.clone());
        }
        if self.kept() == 0 {
            return Ok(());
        }
        let State { part, have, need } = self.state();
        Err(FrameError::Unfinished { part, have, need })
    }
}

/// The grammar: prefix, then the header if the framing has one, then the payload.
#[derive(Clone, Debug)]
struct Machine {
    framing: Framing,
    /// The part that is being gathered.
    part: Part,
    /// Its size.
    need: usize,
    /// The size of the parts of this message in front of it.
    before: usize,
    /// The header of this message, once it is read.
    header: Option<Box<Header>>,
    gather: Gather,
}

impl Machine {
    #[inline]
    fn decode<'a, 'i: 'a>(
        &'a mut self,
        input: &mut &'i [u8],
    ) -> Result<Option<Frame<'a>>, FrameError> {
        if self.part == Part::Prefix {
            let Some(prefix) = self.gather.take(input, self.need) else {
                return Ok(None);
            };
            let (next, layout, limit) = match self.framing {
                Framing::Length { layout, limit } => (Part::Payload, layout, limit),
                Framing::HeaderDict {
                    layout,
                    header_limit,
                    ..
                } => (Part::Header, layout, header_limit),
            };
            let len = length::read(layout, prefix, next, limit)?;
            self.enter(next, len);
        }
        if self.part == Part::Header {
            let Some(text) = self.gather.take(input, self.need) else {
                return Ok(None);
            };
            let header = Header::parse(text)?;
            let len = match self.followed_up_to() {
                Some(limit) => length::check(header.size, Part::Payload, limit)?,
                None => 0,
            };
            self.header = Some(Box::new(header));
            self.enter(Part::Payload, len);
        }
        let followed = self.followed_up_to().is_some();
        let Some(payload) = self.gather.take(input, self.need) else {
            return Ok(None);
        };
        let header = self.header.take();
        if let Some(header) = &header
            && followed
        {
            header.verify(payload)?;
        }
        self.part = Part::Prefix;
        self.need = self.framing.layout().size();
        self.before = 0;
        Ok(Some(Frame { header, payload }))
    }

    /// The limit for the payload; `None` if the message ends with its header.
    fn followed_up_to(&self) -> Option<u64> {
        match self.framing {
            Framing::HeaderDict {
                body: Body::None, ..
            } => None,
            Framing::Length { limit, .. } | Framing::HeaderDict { limit, .. } => Some(limit),
        }
    }

    /// Goes on to the next part of the same message.
    fn enter(&mut self, part: Part, need: usize) {
        self.before += self.need;
        self.part = part;
        self.need = need;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::fixture::{file, unfinished};
    use crate::frame::{Layout, Outgoing};

    fn state(part: Part, have: u64, need: u64) -> State {
        State { part, have, need }
    }

    #[test]
    fn tells_what_it_waits_for() {
        let mut decoder = Framing::length(Layout::I32Le).decoder();
        let stream = b"\x05\0\0\0hello";
        let mut shown = vec![(decoder.state(), decoder.kept())];
        for byte in stream {
            decoder.decode(&mut &[*byte][..]).unwrap();
            shown.push((decoder.state(), decoder.kept()));
        }
        let expected: Vec<_> = (0..4)
            .map(|have| (state(Part::Prefix, have, 4), have))
            .chain((0..5).map(|have| (state(Part::Payload, have, 5), 4 + have)))
            .chain([(state(Part::Prefix, 0, 4), 0)])
            .collect();
        assert_eq!(shown, expected);
    }

    #[test]
    fn tells_how_far_header_and_payload_are() {
        let framing = Framing::header_dict(Layout::I64Be);
        let stream = framing.encode(&Outgoing::new(b"hello")).unwrap().concat();
        let header = bytes(stream.len()) - 8 - 5;
        let mut decoder = framing.decoder();
        decoder.decode(&mut &stream[..10]).unwrap();
        assert_eq!(decoder.state(), state(Part::Header, 2, header));
        assert_eq!(decoder.kept(), 10);
        decoder.decode(&mut &stream[10..stream.len() - 4]).unwrap();
        assert_eq!(decoder.state(), state(Part::Payload, 1, 5));
        assert_eq!(decoder.kept(), 8 + header + 1);
        assert_eq!(decoder.finish(), Err(unfinished(Part::Payload, 1, 5)));
    }

    #[test]
    fn a_message_in_one_piece_is_lent_and_not_copied() {
        let mut decoder = Framing::length(Layout::I32Le).decoder();
        let stream = b"\x05\0\0\0hello\x05\0\0\0world";
        let mut input = &stream[..];
        let frame = decoder.decode(&mut input).unwrap().unwrap();
        assert!(std::ptr::eq(frame.payload, &raw const stream[4..9]));
        let frame = decoder.decode(&mut input).unwrap().unwrap();
        assert!(std::ptr::eq(frame.payload, &raw const stream[13..]));
        assert_eq!(decoder.decode(&mut input), Ok(None));
        assert_eq!(decoder.capacity(), 0);
    }

    #[test]
    fn an_error_is_final() {
        let mut decoder = Framing::length(Layout::I32Le).decoder();
        let mut input = &b"\xff\xff\xff\xff\0\0\0\0"[..];
        let error = decoder.decode(&mut input).unwrap_err();
        assert_eq!(error.kind(), "negative");
        assert_eq!(input, [0; 4]);
        assert_eq!(decoder.decode(&mut input), Err(error.clone()));
        assert_eq!(input, [0; 4]);
        assert_eq!(decoder.finish(), Err(error));
        assert_eq!(decoder.state(), state(Part::Prefix, 4, 4));
        assert_eq!(decoder.kept(), 4);
    }

    #[test]
    fn a_wrong_hash_leaves_the_whole_message_in_sight() {
        let framing = Framing::header_dict(Layout::I32Le);
        let stream = file(framing, b"hello", Some(1));
        let mut decoder = framing.decoder();
        let error = decoder.decode(&mut &*stream).unwrap_err();
        assert_eq!(error.kind(), "hash-mismatch");
        assert_eq!(decoder.state(), state(Part::Payload, 5, 5));
        assert_eq!(decoder.kept(), bytes(stream.len()));
    }
}
