//! The decoders must not care how a stream is cut: that is all that framing is for.

use std::iter;

use proptest::prelude::*;
use proptest::sample::select;
use sticky_lab::frame::{
    Body, DEFAULT_HEADER_LIMIT, DEFAULT_LIMIT, Decoder, FrameError, Framing, Header, Layout,
    Outgoing, Piece, Pieces, State,
};

type Message = (Option<Header>, Vec<u8>);

/// What a stream gave: its messages, then how it ended and where the decoder stood.
#[derive(Debug, PartialEq)]
struct Outcome {
    messages: Vec<Message>,
    end: Result<(), FrameError>,
    state: State,
    kept: u64,
}

/// Decodes a stream that comes in these pieces, up to its end or the first error. On the way, the
/// decoder's own account is held against the bytes that it took.
fn decode<'a>(framing: Framing, pieces: impl IntoIterator<Item = &'a [u8]>) -> Outcome {
    let mut decoder = framing.decoder();
    let mut messages = Vec::new();
    let mut end = Ok(());
    let mut since_boundary = 0;
    'stream: for mut input in pieces {
        loop {
            let before = input.len();
            let step = decoder
                .decode(&mut input)
                .map(|frame| frame.map(|frame| (frame.header.map(|h| *h), frame.payload.to_vec())));
            since_boundary += before - input.len();
            if let Ok(Some(_)) = step {
                since_boundary = 0;
            }
            assert_eq!(decoder.kept(), since_boundary as u64);
            assert_bounded(framing, &decoder);
            match step {
                Ok(Some(message)) => messages.push(message),
                Ok(None) => break,
                Err(error) => {
                    end = Err(error);
                    break 'stream;
                }
            }
        }
        assert!(input.is_empty());
    }
    assert!(end.is_ok() || decoder.finish() == end);
    Outcome {
        messages,
        end: decoder.finish(),
        state: decoder.state(),
        kept: decoder.kept(),
    }
}

/// The same through a decoder that hands the payload on in pieces and keeps none of it; for what
/// it does not take apart, nothing.
fn by_pieces<'a>(framing: Framing, stream: impl IntoIterator<Item = &'a [u8]>) -> Option<Outcome> {
    let Framing::HeaderDict {
        layout,
        limit,
        header_limit,
        body: Body::Payload,
    } = framing
    else {
        return None;
    };
    let mut decoder = Pieces::new(layout, limit, header_limit);
    let mut messages = Vec::new();
    let mut payload = Vec::new();
    'stream: for mut input in stream {
        loop {
            let piece = decoder.next(&mut input);
            let most = header_limit.max(layout.size() as u64);
            assert!(decoder.capacity() as u64 <= most);
            match piece {
                Ok(Some(Piece::Header(header))) => assert_eq!(decoder.lacks(), header.size),
                Ok(Some(Piece::Payload(piece))) => payload.extend_from_slice(piece),
                Ok(Some(Piece::End(header))) => {
                    assert_eq!(decoder.given(), payload.len() as u64);
                    messages.push((Some(header), std::mem::take(&mut payload)));
                }
                Ok(None) => break,
                Err(_) => break 'stream,
            }
        }
        assert!(input.is_empty());
    }
    Some(Outcome {
        messages,
        end: decoder.finish(),
        state: decoder.state(),
        kept: 0,
    })
}

/// Both decoders of a header dict agree, but for what they keep.
fn pieces_agree(framing: Framing, stream: &[&[u8]], whole: &Outcome) {
    if let Some(pieces) = by_pieces(framing, stream.iter().copied()) {
        let kept = whole.kept;
        assert_eq!(&Outcome { kept, ..pieces }, whole);
    }
}

fn assert_bounded(framing: Framing, decoder: &Decoder) {
    let prefix = framing.layout().size() as u64;
    let (limit, header_limit) = match framing {
        Framing::Length { limit, .. } => (limit, 0),
        Framing::HeaderDict {
            limit,
            header_limit,
            ..
        } => (limit, header_limit),
    };
    assert!(decoder.kept() <= prefix + header_limit + limit);
    assert!(decoder.capacity() as u64 <= prefix.max(header_limit).max(limit));
}

/// The pieces between these ends, in order.
fn cut<'a>(stream: &'a [u8], ends: &[usize]) -> Vec<&'a [u8]> {
    let starts = iter::once(0).chain(ends.iter().copied());
    let ends = ends.iter().copied().chain([stream.len()]);
    starts.zip(ends).map(|(a, b)| &stream[a..b]).collect()
}

/// Every codec in every layout.
fn framings(limit: u64, header_limit: u64) -> Vec<Framing> {
    Layout::ALL
        .into_iter()
        .flat_map(|layout| {
            let dict = |body| Framing::HeaderDict {
                layout,
                limit,
                header_limit,
                body,
            };
            [
                Framing::Length { layout, limit },
                dict(Body::Payload),
                dict(Body::None),
            ]
        })
        .collect()
}

fn all_framings() -> Vec<Framing> {
    framings(DEFAULT_LIMIT, DEFAULT_HEADER_LIMIT)
}

fn stream(framing: Framing, payloads: &[Vec<u8>]) -> Vec<u8> {
    payloads
        .iter()
        .flat_map(|payload| framing.encode(&Outgoing::new(payload)).unwrap().concat())
        .collect()
}

/// The payloads that come back: none where the header is the whole message.
fn expected(framing: Framing, payloads: &[Vec<u8>]) -> Vec<Vec<u8>> {
    let header_only = matches!(
        framing,
        Framing::HeaderDict {
            body: Body::None,
            ..
        }
    );
    payloads
        .iter()
        .map(|payload| {
            if header_only {
                Vec::new()
            } else {
                payload.clone()
            }
        })
        .collect()
}

fn payloads_of(outcome: &Outcome) -> Vec<Vec<u8>> {
    let payloads = outcome.messages.iter().map(|(_, payload)| payload.clone());
    payloads.collect()
}

/// Empty, one byte, several hundred, and the two that everybody sees stuck together.
fn payloads() -> Vec<Vec<u8>> {
    let long = (0..=255).chain(0..=43).collect();
    vec![
        vec![],
        b"x".to_vec(),
        long,
        b"hello".to_vec(),
        b"world".to_vec(),
    ]
}

#[test]
fn two_cuts_anywhere_change_nothing() {
    for framing in all_framings() {
        let payloads = match framing {
            Framing::Length { .. } => payloads(),
            // Its headers make the stream long, and they do not depend on the layout.
            Framing::HeaderDict { layout, .. }
                if layout == Layout::I32Le || layout == Layout::U64Be =>
            {
                vec![vec![], b"x".to_vec(), b"hello".to_vec()]
            }
            Framing::HeaderDict { .. } => vec![b"hello".to_vec()],
        };
        let stream = stream(framing, &payloads);
        let whole = decode(framing, [&*stream]);
        assert_eq!(payloads_of(&whole), expected(framing, &payloads));
        assert_eq!(whole.end, Ok(()));
        for first in 0..=stream.len() {
            for second in first..=stream.len() {
                let pieces = cut(&stream, &[first, second]);
                assert_eq!(
                    decode(framing, pieces),
                    whole,
                    "{framing:?} {first} {second}"
                );
            }
        }
    }
}

#[test]
fn chunks_of_any_size_change_nothing() {
    for framing in all_framings() {
        let stream = stream(framing, &payloads());
        let whole = decode(framing, [&*stream]);
        assert_eq!(payloads_of(&whole), expected(framing, &payloads()));
        for size in 1..stream.len() {
            assert_eq!(
                decode(framing, stream.chunks(size)),
                whole,
                "{framing:?} {size}"
            );
        }
    }
}

#[test]
fn two_cuts_change_no_error() {
    let altered = Outgoing {
        alter: Some(0),
        ..Outgoing::new(b"hello")
    };
    for (framing, bad, kind) in [
        (
            Framing::length(Layout::I32Le),
            b"\xfe\xff\xff\xff".to_vec(),
            "negative",
        ),
        (
            Framing::length(Layout::I32Be),
            b"\x05\0\0\0hello".to_vec(),
            "over-limit",
        ),
        (
            Framing::header_dict(Layout::I32Be),
            b"\0\0\0\x05[1,2]hello".to_vec(),
            "bad-header",
        ),
        (
            Framing::header_dict(Layout::I32Be),
            b"\0\0\0\x0d{\"size\": \"5\"}hello".to_vec(),
            "bad-size",
        ),
        (
            Framing::header_dict(Layout::I32Be),
            Framing::header_dict(Layout::I32Be)
                .encode(&altered)
                .unwrap()
                .concat(),
            "hash-mismatch",
        ),
    ] {
        let mut stream = stream(framing, &[b"good".to_vec()]);
        stream.extend(bad);
        let whole = decode(framing, [&*stream]);
        assert_eq!(payloads_of(&whole), [b"good"]);
        assert_eq!(whole.end.as_ref().unwrap_err().kind(), kind);
        for first in 0..=stream.len() {
            for second in first..=stream.len() {
                let pieces = cut(&stream, &[first, second]);
                pieces_agree(framing, &pieces, &whole);
                assert_eq!(
                    decode(framing, pieces),
                    whole,
                    "{framing:?} {first} {second}"
                );
            }
        }
    }
}

#[test]
fn a_stream_may_end_at_a_boundary_and_nowhere_else() {
    for framing in all_framings() {
        let mut boundaries = vec![0];
        let mut bytes = Vec::new();
        for payload in payloads() {
            bytes.extend(stream(framing, &[payload]));
            boundaries.push(bytes.len());
        }
        for end in 0..=bytes.len() {
            let outcome = decode(framing, [&bytes[..end]]);
            if boundaries.contains(&end) {
                assert_eq!(outcome.end, Ok(()), "{framing:?} {end}");
                continue;
            }
            let State { part, have, need } = outcome.state;
            assert_eq!(
                outcome.end,
                Err(FrameError::Unfinished { part, have, need }),
                "{framing:?} {end}"
            );
            // What is said to be missing is what completes the part.
            let missing = usize::try_from(need - have).unwrap();
            let part_end = end + missing;
            let short = decode(framing, [&bytes[..part_end - 1]]);
            assert_eq!((short.state.part, short.state.need), (part, need));
            let complete = decode(framing, [&bytes[..part_end]]);
            assert_ne!((complete.state.part, complete.state.have), (part, need));
        }
    }
}

/// The sizes of the receives, over and over.
fn chunked<'a>(stream: &'a [u8], sizes: &[usize]) -> Vec<&'a [u8]> {
    let mut rest = stream;
    sizes
        .iter()
        .cycle()
        .map_while(|&size| {
            let (piece, behind) = rest.split_at(size.min(rest.len()));
            rest = behind;
            (!piece.is_empty()).then_some(piece)
        })
        .collect()
}

fn sizes() -> impl Strategy<Value = Vec<usize>> {
    prop::collection::vec(1_usize..600, 1..8)
}

proptest! {
    #[test]
    fn random_messages_come_back_from_random_chunks(
        framing in select(all_framings()),
        payloads in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..2000), 0..8),
        sizes in sizes(),
    ) {
        let stream = stream(framing, &payloads);
        let outcome = decode(framing, chunked(&stream, &sizes));
        pieces_agree(framing, &chunked(&stream, &sizes), &outcome);
        prop_assert_eq!(&outcome.end, &Ok(()));
        prop_assert_eq!(payloads_of(&outcome), expected(framing, &payloads));
    }

    #[test]
    fn any_name_and_size_come_back(
        name in any::<String>(),
        size in any::<u64>(),
        layout in select(&Layout::ALL),
    ) {
        let framing = Framing::HeaderDict {
            layout,
            limit: 0,
            header_limit: DEFAULT_HEADER_LIMIT,
            body: Body::None,
        };
        let message = Outgoing {
            name: Some(&name),
            announced_size: Some(size),
            ..Outgoing::new(b"")
        };
        let parts = framing.encode(&message).unwrap();
        prop_assert!(parts[1].iter().all(|byte| (b' '..=b'~').contains(byte)));
        let outcome = decode(framing, [&*parts.concat()]);
        let header = outcome.messages[0].0.as_ref().unwrap();
        prop_assert_eq!(header.name.as_ref(), Some(&name));
        prop_assert_eq!(header.size, size);
    }

    /// Bytes of any peer: no panic, no memory beyond the limits (see `decode`), and the same
    /// result however they are cut.
    #[test]
    fn random_bytes_are_survived(
        framing in select(framings(64, 100)),
        bytes in prop::collection::vec(any::<u8>(), 0..1000),
        sizes in sizes(),
    ) {
        let whole = decode(framing, [&*bytes]);
        prop_assert_eq!(&decode(framing, chunked(&bytes, &sizes)), &whole);
        pieces_agree(framing, &chunked(&bytes, &sizes), &whole);
    }

    /// As above, and nearly right, so as to come past the prefix.
    #[test]
    fn damaged_streams_are_survived(
        framing in select(framings(64, 100)),
        payloads in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..80), 1..5),
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..4),
        sizes in sizes(),
    ) {
        let mut bytes = stream(framing, &payloads);
        for (index, byte) in damage {
            let index = index.index(bytes.len());
            bytes[index] = byte;
        }
        let whole = decode(framing, [&*bytes]);
        prop_assert_eq!(&decode(framing, chunked(&bytes, &sizes)), &whole);
        pieces_agree(framing, &chunked(&bytes, &sizes), &whole);
    }
}
