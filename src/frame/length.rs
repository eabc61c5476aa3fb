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
    let is_text = prefix.iter().all(|byte| matches!(byte, b' '..=b'~'));
    let text = is_text.then(|| String::from_utf8_lossy(prefix).into_owned());
    if let Ok(value) = u64::try_from(value) {
        FrameError::OverLimit {
            part,
            value,
            limit,
            other_order,
            text,
        }
    } else {
        FrameError::Negative {
            layout,
            value: i64::try_from(value).expect("a negative length was read from an i32 or i64"),
            other_order,
            text,
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
        text: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::fixture::{does_not_fit, negative, over_limit};
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
            let parts = Framing::length(layout).encode(&Outgoing::new(b"hello"));
            assert_eq!(parts.unwrap().concat(), stream, "{layout}");
            assert_eq!(decode(layout, stream).unwrap(), b"hello", "{layout}");
        }
    }

    #[test]
    fn an_empty_payload_is_a_message() {
        assert_eq!(decode(Layout::I32Le, &[0; 4]), Ok(vec![]));
    }

    #[test]
    fn the_wrong_order_is_over_the_limit_and_says_so() {
        let swapped = over_limit(Part::Payload, [83_886_080, DEFAULT_LIMIT], Some(5));
        assert_eq!(decode(Layout::I32Be, b"\x05\0\0\0hello"), Err(swapped));
        let swapped = negative(Layout::I32Le, -2_147_483_648, Some(128));
        assert_eq!(decode(Layout::I32Le, b"\0\0\0\x80"), Err(swapped));
    }

    #[test]
    fn a_negative_length_is_named() {
        let named = negative(Layout::I64Be, -1, None);
        assert_eq!(decode(Layout::I64Be, &[0xff; 8]), Err(named));
    }

    #[test]
    fn the_limit_is_the_last_length_allowed() {
        let (layout, limit) = (Layout::U64Be, 5);
        let mut decoder = Framing::Length { layout, limit }.decoder();
        assert!(decoder.decode(&mut &b"\0\0\0\0\0\0\0\x05hello"[..]).is_ok());
        let over = over_limit(Part::Payload, [6, 5], None);
        let one_more = decoder.decode(&mut &b"\0\0\0\0\0\0\0\x06"[..]);
        assert_eq!(one_more, Err(over));
        let over = over_limit(Part::Payload, [u64::MAX, DEFAULT_LIMIT], None);
        assert_eq!(decode(Layout::U64Le, &[0xff; 8]), Err(over));
    }

    #[test]
    fn a_lie_about_the_length_is_sent_as_told() {
        let encode = |announced| {
            let message = Outgoing {
                announced_size: Some(announced),
                alter: Some(4),
                ..Outgoing::new(b"hello")
            };
            Framing::length(Layout::I32Le).encode(&message)
        };
        assert_eq!(encode(123).unwrap(), [&[0x7b, 0, 0, 0][..], b"helln"]);
        assert_eq!(encode(1 << 31), Err(does_not_fit(1 << 31, Layout::I32Le)));
    }
}
