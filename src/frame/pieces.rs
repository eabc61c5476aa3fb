//! A header dict whose payload is handed on as it comes: what a file of any size is read with.

use super::gather::Gather;
use super::{FrameError, Header, Layout, Part, State, bytes, length};

/// Takes a stream of header dicts apart as [`Decoder`](super::Decoder) does, but keeps no payload:
/// its bytes are lent from the input, piece by piece, and hashed on the way if an MD5 is announced.
/// So it holds a prefix or a header at most, however large the file is.
///
/// What it hands on has not been checked yet. Only [`Piece::End`] says that the payload is all
/// there and has the MD5 that was announced.
#[derive(Clone)]
pub struct Pieces {
    layout: Layout,
    limit: u64,
    header_limit: u64,
    part: Part,
    /// How many bytes of the payload have been handed on: of this message, or of the last one
    /// until the next payload begins.
    given: u64,
    /// The size of the part.
    need: u64,
    /// The size of the parts of this message in front of it.
    before: u64,
    /// The size of the last whole message.
    taken: u64,
    header: Option<Header>,
    /// The MD5 of what has been handed on, if the header announces one.
    digest: Option<md5::Context>,
    gather: Gather,
    failed: Option<FrameError>,
}

/// What came next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece<'i> {
    /// A whole header; its payload follows, `size` bytes long.
    Header(Header),
    /// Bytes of the payload; never empty.
    Payload(&'i [u8]),
    /// The payload is complete, and has the MD5 that its header announced, if it did.
    End(Header),
}

impl Pieces {
    /// At the start of a message.
    pub fn new(layout: Layout, limit: u64, header_limit: u64) -> Self {
        Self {
            layout,
            limit,
            header_limit,
            part: Part::Prefix,
            given: 0,
            need: bytes(layout.size()),
            before: 0,
            taken: 0,
            header: None,
            digest: None,
            gather: Gather::default(),
            failed: None,
        }
    }

    /// Takes bytes from the front of `input` and returns what they completed. `None`: all of
    /// `input` was taken. Call again, until `None`; an empty payload ends without further input.
    ///
    /// # Errors
    /// Any [`FrameError`] that a message read can have. It is final, as a
    /// [`Decoder`](super::Decoder)'s is.
    pub fn next<'i>(&mut self, input: &mut &'i [u8]) -> Result<Option<Piece<'i>>, FrameError> {
        if let Some(error) = &self.failed {
            return Err(error.clone());
        }
        self.advance(input)
            .map_err(|error| self.failed.insert(error).clone())
    }

    fn advance<'i>(&mut self, input: &mut &'i [u8]) -> Result<Option<Piece<'i>>, FrameError> {
        if self.part == Part::Prefix {
            let Some(prefix) = self.gather.take(input, self.layout.size()) else {
                return Ok(None);
            };
            let len = length::read(self.layout, prefix, Part::Header, self.header_limit)?;
            self.enter(Part::Header, bytes(len));
        }
        if self.part == Part::Header {
            // A limit of the framing's own bounded it, so it fits in memory.
            let need = usize::try_from(self.need).unwrap_or(usize::MAX);
            let Some(text) = self.gather.take(input, need) else {
                return Ok(None);
            };
            let header = Header::parse(text)?;
            length::within(header.size, Part::Payload, self.limit)?;
            self.enter(Part::Payload, header.size);
            self.given = 0;
            self.digest = header.md5.as_ref().map(|_| md5::Context::new());
            self.header = Some(header.clone());
            return Ok(Some(Piece::Header(header)));
        }
        let lacks = usize::try_from(self.need - self.given).unwrap_or(usize::MAX);
        if lacks > 0 {
            let (piece, rest) = input.split_at(lacks.min(input.len()));
            *input = rest;
            self.given += bytes(piece.len());
            if let Some(digest) = &mut self.digest {
                digest.consume(piece);
            }
            return Ok((!piece.is_empty()).then_some(Piece::Payload(piece)));
        }
        let header = self.header.take().expect("a payload follows its header");
        if let Some(digest) = self.digest.take() {
            header.agrees_with(&format!("{:x}", digest.finalize()))?;
        }
        self.taken = self.before + self.given;
        (self.part, self.need) = (Part::Prefix, bytes(self.layout.size()));
        self.before = 0;
        Ok(Some(Piece::End(header)))
    }

    fn enter(&mut self, part: Part, need: u64) {
        self.before += self.need;
        self.part = part;
        self.need = need;
    }

    /// The part that is being gathered or handed on. After an error: the part that was found
    /// wrong, complete.
    pub fn state(&self) -> State {
        let have = match (&self.failed, self.part) {
            (Some(_), _) => self.need,
            (None, Part::Payload) => self.given,
            (None, _) => bytes(self.gather.held()),
        };
        State {
            part: self.part,
            have,
            need: self.need,
        }
    }

    /// How many bytes of the payload have been handed on; once it has ended, how many it had.
    pub fn given(&self) -> u64 {
        self.given
    }

    /// How many bytes of the stream the last whole message took, prefix and header included.
    pub fn taken(&self) -> u64 {
        self.taken
    }

    /// The form of the prefix.
    pub fn layout(&self) -> Layout {
        self.layout
    }

    /// How many bytes of the stream belong to the part that is under way and have not come. Who
    /// never asks for more reads nothing of the next message.
    pub fn lacks(&self) -> u64 {
        let State { have, need, .. } = self.state();
        need - have
    }

    /// How many bytes it holds: none of the payload.
    pub fn kept(&self) -> u64 {
        match self.part {
            Part::Payload => 0,
            _ => self.before + self.state().have,
        }
    }

    /// How many bytes of memory the buffer takes.
    pub fn capacity(&self) -> usize {
        self.gather.capacity()
    }

    /// Whether the stream may end here.
    ///
    /// # Errors
    /// [`FrameError::Unfinished`] inside a message; after an error, that error.
    pub fn finish(&self) -> Result<(), FrameError> {
        if let Some(error) = &self.failed {
            return Err(error.clone());
        }
        let State { part, have, need } = self.state();
        if part == Part::Prefix && have == 0 {
            return Ok(());
        }
        Err(FrameError::Unfinished { part, have, need })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::fixture::{file, unfinished};
    use crate::frame::{DEFAULT_HEADER_LIMIT, Framing};

    fn pieces(limit: u64) -> Pieces {
        Pieces::new(Layout::I64Le, limit, DEFAULT_HEADER_LIMIT)
    }

    fn stream(payload: &[u8]) -> Vec<u8> {
        file(Framing::header_dict(Layout::I64Le), payload, None)
    }

    #[test]
    fn the_payload_is_lent_and_never_held() {
        let stream = stream(&vec![b'x'; 100_000]);
        let mut pieces = pieces(100_000);
        let mut given = 0;
        let mut ended = false;
        for mut input in stream.chunks(1000) {
            while let Some(piece) = pieces.next(&mut input).unwrap() {
                match piece {
                    Piece::Header(header) => assert_eq!(header.size, 100_000),
                    Piece::Payload(bytes) => {
                        given += bytes.len();
                        assert!(stream.as_ptr_range().contains(&bytes.as_ptr()));
                        assert_eq!(pieces.kept(), 0);
                    }
                    Piece::End(header) => {
                        ended = true;
                        assert_eq!(header.name.as_deref(), Some("a.txt"));
                    }
                }
            }
        }
        assert_eq!((given, ended), (100_000, true));
        assert!(pieces.capacity() < 1000, "{}", pieces.capacity());
        assert_eq!(pieces.finish(), Ok(()));
    }

    #[test]
    fn an_empty_payload_ends_at_once() {
        let stream = stream(b"");
        let mut input = &stream[..];
        let mut pieces = pieces(0);
        let header = pieces.next(&mut input);
        assert!(matches!(header, Ok(Some(Piece::Header(_)))));
        assert!(matches!(pieces.next(&mut input), Ok(Some(Piece::End(_)))));
        assert_eq!(pieces.next(&mut input), Ok(None));
    }

    #[test]
    fn what_was_handed_on_is_right_only_when_the_end_says_so() {
        let mut stream = stream(b"hello");
        *stream.last_mut().unwrap() ^= 1;
        let mut input = &stream[..];
        let mut pieces = pieces(5);
        let header = pieces.next(&mut input);
        assert!(matches!(header, Ok(Some(Piece::Header(_)))));
        assert_eq!(pieces.next(&mut input), Ok(Some(Piece::Payload(b"helln"))));
        let error = pieces.next(&mut input).unwrap_err();
        assert_eq!(error.kind(), "hash-mismatch");
        assert_eq!(pieces.next(&mut &b"more"[..]), Err(error));
    }

    #[test]
    fn a_size_over_the_limit_is_refused_with_the_header() {
        let stream = stream(b"hello");
        let mut input = &stream[..];
        let error = pieces(4).next(&mut input).unwrap_err();
        assert_eq!(error.kind(), "over-limit");
        assert_eq!(input, b"hello", "nothing of it was taken");
    }

    #[test]
    fn tells_how_far_it_is_and_what_it_lacks() {
        let stream = stream(b"hello");
        let header = bytes(stream.len()) - 8 - 5;
        let mut pieces = pieces(5);
        assert_eq!(pieces.lacks(), 8);
        let mut input = &stream[..8];
        assert_eq!(pieces.next(&mut input), Ok(None));
        assert_eq!((pieces.lacks(), pieces.kept()), (header, 8));
        let mut input = &stream[8..stream.len() - 2];
        while pieces.next(&mut input).unwrap().is_some() {}
        assert_eq!((pieces.lacks(), pieces.kept()), (2, 0));
        assert_eq!(pieces.finish(), Err(unfinished(Part::Payload, 3, 5)));
    }
}
