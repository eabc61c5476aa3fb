//! Reads the text files of a lab.

use std::io::Read;
use std::path::Path;

use super::error::{LabError, Place};
use super::fault::FileFault;
use super::read::MAX_FILE;
use crate::regular_file;

/// Reads a text file that somebody named; `meant` is the lab of the catalogue that may have been meant
/// if it cannot be read.
///
/// # Errors
/// If it is no file, is too large, or is no UTF-8: names the place.
pub(super) fn read(
    path: &Path,
    meant: impl FnOnce() -> Option<String>,
) -> Result<String, LabError> {
    let fail = |what| LabError::new(shown(path), what);
    let mut bytes = Vec::new();
    regular_file::open(path)
        .and_then(|file| file.take(MAX_FILE + 1).read_to_end(&mut bytes))
        .map_err(|error| {
            let (why, meant) = (error.into(), meant());
            fail(FileFault::Unreadable { why, meant })
        })?;
    if bytes.len() as u64 > MAX_FILE {
        return Err(fail(FileFault::TooLarge));
    }
    decode(bytes).map_err(|(place, what)| fail(what).at(place))
}

/// The file's name, as errors show it.
pub(super) fn shown(path: &Path) -> String {
    path.display().to_string().escape_debug().to_string()
}

/// The text of a file: UTF-8, with or without a mark in front that says so.
///
/// # Errors
/// Where it is none.
pub(crate) fn decode(bytes: Vec<u8>) -> Result<String, (Place, FileFault)> {
    let start = Place { line: 1, column: 1 };
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        return Err((start, FileFault::Utf16));
    }
    let mut text = String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        let byte = error.as_bytes()[valid];
        let before = String::from_utf8_lossy(&error.as_bytes()[..valid]);
        let before = without_mark(&before);
        (Place::at(before, before.len()), FileFault::NotUtf8(byte))
    })?;
    let mark = text.len() - without_mark(&text).len();
    text.drain(..mark);
    Ok(text)
}

fn without_mark(text: &str) -> &str {
    text.strip_prefix('\u{feff}').unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_text_has_a_place_and_a_mark_in_front_is_none_of_it() {
        let read = |bytes: &[u8]| decode(bytes.into());
        let place = |bytes: &[u8]| read(bytes).unwrap_err().0;
        assert_eq!(read(b"\xef\xbb\xbf# T").unwrap(), "# T");
        assert_eq!(
            place("\u{feff}你\n你好\u{e9}".as_bytes().split_last().unwrap().1),
            Place { line: 2, column: 3 }
        );
        assert_eq!(place(b"\xff\xfe#\0"), Place { line: 1, column: 1 });
        // Half of a pair, as some programs write it.
        let (at, what) = read(b"a\n\"\xed\xa0\x80\"").unwrap_err();
        assert_eq!(at, Place { line: 2, column: 2 });
        assert_eq!(what, FileFault::NotUtf8(0xed));
    }
}
