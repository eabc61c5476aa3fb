//! The length prefix: 4 or 8 bytes that count what follows.

use super::{FrameError, Layout, Outgoing, Part};

/// The parts `[prefix, payload]`.
pub(super) fn encode(layout: Layout, message: &Outgoing<'_>) -> Result<Vec<Vec<u8>>, FrameError> {
    Ok(vec![
        layout.encode(message.size())?.to_vec(),
        message.body(),
    ])
}

/// The length in a complete prefix, checked: so many bytes of `part` may follow.
#[inline]
pub(super) fn read(
    layout: Layout,
    prefix: &[u8],
    part: Part,
    limit: u64,
) -> Result<usize, FrameError> {
    let value = layout.decode(prefix).expect("a prefix is gathered whole");
    match usize::try_from(value) {
        Ok(len) if value <= i128::from(limit) => Ok(len),
        _ => Err(refuse(layout, prefix, value, part, limit)),
    }
}

#[cold]
fn refuse(layout: Layout, prefix: &[u8], value: i128, part: Part, limit: u64) -> FrameError {
    let other_order = layout
        .swapped()
        .decode(prefix)
        .and_then(|value| u64::try_from(value).ok())
        .filter(|&value| value <= limit);
    if let Ok(value) = u64::try_from(value) {
        FrameError::OverLimit {
            part,
            value,
            limit,
            other_order,
        }
    } else {
        FrameError::Negative {
            layout,
            value: i64::try_from(value).expect("a negative length was read from an i32 or i64"),
            other_order,
        }
    }
}

/// A size that stands in a header, checked as one in a prefix is.
pub(super) fn check(size: u64, part: Part, limit: u64) -> Result<usize, FrameError> {
    let fits = usize::try_from(size).ok().filter(|_| size <= limit);
    fits.ok_or_else(|| over(size, part, limit))
}

/// The same for a size that nobody holds in memory.
pub(super) fn within(size: u64, part: Part, limit: u64) -> Result<(), FrameError> {
    if size <= limit {
        Ok(())
    } else {
        Err(over(size, part, limit))
    }
}

fn over(value: u64, part: Part, limit: u64) -> FrameError {
    FrameError::OverLimit {
        part,
        value,
        limit,
        other_order: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::{DEFAULT_LIMIT, Framing};

    fn decode(layout: Layout, stream: &[u8]) -> Result<Vec<u8>, FrameError> {
        let mut decoder = Framing::length(layout).decoder();
        let frame = decoder.decode(&mut &*stream)?;
        Ok(frame.expect("a whole message").payload.to_vec())
    }

    /// Python: `pack("<i", 5) + b"hello"` and so on.
    #[test]
    fn agrees_with_python() {
        for (layout, stream) in [
            (Layout::I32Le, &b"\x05\0\0\0hello"[..]),
            (Layout::I32Be, b"\0\0\0\x05hello"),
            (Layout::U32Le, b"\x05\0\0\0hello"),
            (Layout::U32Be, b"\0\0\0\x05hello"),
            (Layout::I64Le, b"\x05\0\0\0\0\0\0\0hello"),
            (Layout::I64Be, b"\0\0\0\0\0\0\0\x05hello"),
            (Layout::U64Le, b"\x05\0\0\0\0\0\0\0hello"),
            (Layout::U64Be, b"\0\0\0\0\0\0\0\x05hello"),
        ] {
            let parts = Framing::length(layout)
                .encode(&Outgoing::new(b"hello"))
                .unwrap();
            assert_eq!(parts.concat(), stream, "{layout}");
            assert_eq!(decode(layout, stream).unwrap(), b"hello", "{layout}");
        }
    }

    #[test]
    fn an_empty_payload_is_a_message() {
        assert_eq!(decode(Layout::I32Le, &[0; 4]), Ok(vec![]));
    }

    #[test]
    fn the_wrong_order_is_over_the_limit_and_says_so() {
        assert_eq!(
            decode(Layout::I32Be, b"\x05\0\0\0hello"),
            Err(FrameError::OverLimit {
                part: Part::Payload,
                value: 83_886_080,
                limit: DEFAULT_LIMIT,
                other_order: Some(5),
            })
        );
        assert_eq!(
            decode(Layout::I32Le, b"\0\0\0\x80"),
            Err(FrameError::Negative {
                layout: Layout::I32Le,
                value: -2_147_483_648,
                other_order: Some(128),
            })
        );
    }

    #[test]
    fn a_negative_length_is_named() {
        assert_eq!(
            decode(Layout::I64Be, &[0xff; 8]),
            Err(FrameError::Negative {
                layout: Layout::I64Be,
                value: -1,
                other_order: None,
            })
        );
    }

    #[test]
    fn the_limit_is_the_last_length_allowed() {
        let framing = Framing::Length {
            layout: Layout::U64Be,
            limit: 5,
        };
        let mut decoder = framing.decoder();
        assert!(decoder.decode(&mut &b"\0\0\0\0\0\0\0\x05hello"[..]).is_ok());
        assert_eq!(
            decoder.decode(&mut &b"\0\0\0\0\0\0\0\x06"[..]),
            Err(FrameError::OverLimit {
                part: Part::Payload,
                value: 6,
                limit: 5,
                other_order: None,
            })
        );
        assert_eq!(
            decode(Layout::U64Le, &[0xff; 8]),
            Err(FrameError::OverLimit {
                part: Part::Payload,
                value: u64::MAX,
                limit: DEFAULT_LIMIT,
                other_order: None,
            })
        );
    }

    #[test]
    fn a_lie_about_the_length_is_sent_as_told() {
        let framing = Framing::length(Layout::I32Le);
        let message = Outgoing {
            announced_size: Some(123),
            alter: Some(4),
            ..Outgoing::new(b"hello")
        };
        assert_eq!(
            framing.encode(&message).unwrap(),
            [&[0x7b, 0, 0, 0][..], b"helln"]
        );
        let message = Outgoing {
            announced_size: Some(1 << 31),
            ..message
        };
        assert_eq!(
            framing.encode(&message),
            Err(FrameError::DoesNotFit {
                value: 1 << 31,
                layout: Layout::I32Le,
                max: (1 << 31) - 1,
            })
        );
    }
}
