//! Errors as tests expect them, one of each kind, and shorter ways to write those that stand often.

use super::{FrameError, Framing, Layout, NameFault, Outgoing, Part};

pub(super) fn negative(layout: Layout, value: i64, other_order: Option<u64>) -> FrameError {
    FrameError::Negative {
        layout,
        value,
        other_order,
        text: None,
    }
}

pub(super) fn over_limit(
    part: Part,
    [value, limit]: [u64; 2],
    other_order: Option<u64>,
) -> FrameError {
    FrameError::OverLimit {
        part,
        value,
        limit,
        other_order,
        text: None,
    }
}

pub(super) fn does_not_fit(value: u64, layout: Layout) -> FrameError {
    let max = layout.max();
    FrameError::DoesNotFit { value, layout, max }
}

pub(super) fn unfinished(part: Part, have: u64, need: u64) -> FrameError {
    FrameError::Unfinished { part, have, need }
}

/// One of each, with its kind.
pub(crate) fn one_of_each() -> Vec<(FrameError, &'static str)> {
    let bad_size = |key: &str, found: Option<&str>| FrameError::BadSize {
        key: key.into(),
        found: found.map(Into::into),
    };
    let bad_name = |name: Option<&str>, reason| FrameError::BadName {
        name: name.map(Into::into),
        reason,
    };
    let mismatch = |name: Option<&str>| FrameError::HashMismatch {
        name: name.map(Into::into),
        announced: "aa".into(),
        computed: "bb".into(),
    };
    let bad_header = FrameError::BadHeader {
        reason: "it has no bytes".into(),
        found: String::new(),
    };
    let too_long = over_limit(Part::Payload, [83_886_080, 8_388_608], Some(5));
    let not_plain = bad_name(Some("../\u{1b}x"), NameFault::Separator);
    vec![
        (negative(Layout::I32Le, -2, None), "negative"),
        (too_long, "over-limit"),
        (does_not_fit(3_000_000_000, Layout::I32Le), "does-not-fit"),
        (bad_header, "bad-header"),
        (bad_size("total_size", None), "bad-size"),
        (bad_size("file_size", Some("-5")), "bad-size"),
        (not_plain, "bad-name"),
        (bad_name(None, NameFault::Missing), "bad-name"),
        (mismatch(Some("a\u{1b}[31m.txt")), "hash-mismatch"),
        (mismatch(None), "hash-mismatch"),
        (unfinished(Part::Prefix, 2, 4), "unfinished"),
    ]
}

/// A file `a.txt` of these bytes in one stream.
pub(super) fn file(framing: Framing, payload: &[u8], alter: Option<usize>) -> Vec<u8> {
    let message = Outgoing {
        name: Some("a.txt"),
        alter,
        ..Outgoing::new(payload)
    };
    framing.encode(&message).unwrap().concat()
}
