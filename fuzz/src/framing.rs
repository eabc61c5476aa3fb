//! Any bytes as a framed stream, behind the settings of its framing.

use sticky_lab::frame::{Body, FrameError, Framing, Header, Layout, Outgoing, State};

/// Takes the setting from the front of the fuzzer's bytes; what is left is the stream.
struct Settings<'a> {
    rest: &'a [u8],
}

impl Settings<'_> {
    fn byte(&mut self) -> u8 {
        let Some((&byte, rest)) = self.rest.split_first() else {
            return 0;
        };
        self.rest = rest;
        byte
    }

    fn layout(&mut self) -> Layout {
        Layout::ALL[usize::from(self.byte()) % Layout::ALL.len()]
    }

    /// Small, so that a limit is met often.
    fn limit(&mut self) -> u64 {
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
fn check(framing: Framing, stream: &[u8], chunk: usize) {
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

/// A message is its length and its bytes.
pub fn length(data: &[u8]) {
    let mut settings = Settings { rest: data };
    let chunk = usize::from(settings.byte()).max(1);
    let framing = Framing::Length {
        layout: settings.layout(),
        limit: settings.limit(),
    };
    check(framing, settings.rest, chunk);
}

/// A message is the length of its header, a header in JSON, and its bytes.
pub fn header_dict(data: &[u8]) {
    let mut settings = Settings { rest: data };
    let chunk = usize::from(settings.byte()).max(1);
    let layout = settings.layout();
    let limit = settings.limit();
    let header_limit = settings.limit();
    let body = match settings.byte() % 2 {
        0 => Body::Payload,
        _ => Body::None,
    };
    let framing = Framing::HeaderDict {
        layout,
        limit,
        header_limit,
        body,
    };
    check(framing, settings.rest, chunk);

    // The fuzzer seldom hits on a prefix, a JSON object and an MD5 that agree: as a header behind
    // its own length, and as the payload of a message that is right, the bytes get further.
    let stream = settings.rest;
    let Ok(prefix) = layout.encode(stream.len() as u64) else {
        return;
    };
    check(framing, &[&prefix, stream, b"payload"].concat(), chunk);
    let name = String::from_utf8_lossy(stream);
    let message = Outgoing {
        name: Some(&name),
        ..Outgoing::new(stream)
    };
    let encoded = framing.encode(&message).expect("a short header").concat();
    check(framing, &encoded, chunk);
}
