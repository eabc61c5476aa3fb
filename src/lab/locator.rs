//! Where in a JSON text its values stand.

use std::collections::HashMap;

use serde_json::value::RawValue;

use super::error::Place;

/// A step into a JSON value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PathSegment<'a> {
    /// The value of this key.
    Key(&'a str),
    /// The value at this index.
    Index(usize),
}

/// Finds values by their paths, and keeps what it has opened on the way: as much may be wrong with a
/// lab as it has runs, and each would be looked for from the start of the file.
pub struct Locator<'t> {
    text: &'t str,
    /// What has been opened, by its offset.
    opened: HashMap<usize, Opened<'t>>,
    /// The offset that was asked for last, and its place.
    last: (usize, Place),
}

enum Opened<'t> {
    Object(HashMap<String, &'t RawValue>),
    List(Vec<&'t RawValue>),
    Neither,
}

impl<'t> Opened<'t> {
    fn of(text: &'t str) -> Self {
        let opened = match text.as_bytes().first() {
            Some(b'{') => serde_json::from_str(text).map(Self::Object),
            Some(b'[') => serde_json::from_str(text).map(Self::List),
            _ => Ok(Self::Neither),
        };
        opened.unwrap_or(Self::Neither)
    }

    fn inner(&self, step: PathSegment<'_>) -> Option<&'t RawValue> {
        match (self, step) {
            (Self::Object(values), PathSegment::Key(key)) => values.get(key).copied(),
            (Self::List(values), PathSegment::Index(i)) => values.get(i).copied(),
            _ => None,
        }
    }
}

impl<'t> Locator<'t> {
    /// In this text.
    pub fn of(text: &'t str) -> Self {
        Self {
            text,
            opened: HashMap::new(),
            last: (0, Place { line: 1, column: 1 }),
        }
    }

    /// Where the value at this path begins, as far as the path leads.
    pub fn locate(&mut self, path: &[PathSegment<'_>]) -> Place {
        let mut inner = self.text.trim_start();
        // `inner` is a slice of `text`, so the distance of their starts is its offset.
        let start = self.text.as_ptr() as usize;
        let offset = |inner: &str| inner.as_ptr() as usize - start;
        for step in path {
            let opened = self.opened.entry(offset(inner));
            let opened = opened.or_insert_with(|| Opened::of(inner));
            match opened.inner(*step) {
                Some(raw) => inner = raw.get(),
                None => break,
            }
        }
        self.place(offset(inner))
    }

    /// The place of an offset, counted on from the one before it where that is possible.
    fn place(&mut self, offset: usize) -> Place {
        let (mut from, mut place) = self.last;
        if offset < from {
            (from, place) = (0, Place { line: 1, column: 1 });
        }
        let between = &self.text[from..offset];
        place.line += between.matches('\n').count();
        let in_line = match between.rfind('\n') {
            Some(newline) => {
                place.column = 1;
                &between[newline + 1..]
            }
            None => between,
        };
        place.column += in_line.chars().count();
        self.last = (offset, place);
        place
    }
}
