//! What the framing targets share. Run one with `cargo +nightly fuzz run frame_length`.

pub mod json;

use sticky_lab::frame::{FrameError, Framing, Header, Layout, State};

/// Takes the setting from the front of the fuzzer's bytes; what is left is the stream.
pub struct Settings<'a> {
    pub rest: &'a [u8],
}

impl Settings<'_> {
    pub fn byte(&mut self) -> u8 {
        let Some((&byte, rest)) = self.rest.split_first() else {
            return 0;
        };
        self.rest = rest;
        byte
    }

    pub fn layout(&mut self) -> Layout {
        Layout::ALL[usize::from(self.byte()) % Layout::ALL.len()]
    }

    /// Small, so that a limit is met often.
    pub fn limit(&mut self) -> u64 {
        4 * u64::from(self.byte())
    }
}

#[derive(Debug, PartialEq)]
struct Outcome {
    messages: Vec<(Option<Header>, Vec<u8>)>,
    end: Result<(), FrameError>,
    state: State,
    kept: u64,
}

/// The invariants of every framing: no panic, the result does not depend on how the stream was
/// cut, and no more is kept than the limits allow.
pub fn check(framing: Framing, stream: &[u8], chunk: usize) {
    let whole = decode(framing, stream, stream.len().max(1));
    assert_eq!(decode(framing, stream, chunk), whole);
    assert_eq!(decode(framing, stream, 1), whole);
}

fn decode(framing: Framing, stream: &[u8], chunk: usize) -> Outcome {
    let prefix = framing.layout().size() as u64;
    let (limit, header_limit) = match framing {
        Framing::Length { limit, .. } => (limit, 0),
        Framing::HeaderDict {
            limit,
            header_limit,
            ..
        } => (limit, header_limit),
    };
    let mut decoder = framing.decoder();
    let mut messages = Vec::new();
    'stream: for mut input in stream.chunks(chunk) {
        loop {
            let step = decoder
                .decode(&mut input)
                .map(|frame| frame.map(|frame| (frame.header.map(|h| *h), frame.payload.to_vec())));
            assert!(decoder.kept() <= prefix + header_limit + limit);
            assert!(decoder.capacity() as u64 <= prefix.max(header_limit).max(limit));
            match step {
                Ok(Some(message)) => messages.push(message),
                Ok(None) => break,
                Err(error) => {
                    assert_eq!(decoder.finish(), Err(error));
                    break 'stream;
                }
            }
        }
        assert!(input.is_empty());
    }
    Outcome {
        messages,
        end: decoder.finish(),
        state: decoder.state(),
        kept: decoder.kept(),
    }
}
