//! What became of the files that were sent in one direction.

use serde::{Deserialize, Serialize};

use super::connection::Calls;
use super::ranges::Direction;
use crate::event::{Action, StoredFile};
use crate::frame::Part;

/// What one `recv_file` did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Received {
    /// The name that the file has, or was to get; `None` if none was created.
    pub name: Option<String>,
    /// The name that it had while it was not whole, if another.
    #[serde(skip)]
    pub beside: Option<String>,
    /// How many bytes of the content came.
    pub have: u64,
    /// How many the header announced; `None` if no header came, or none that was accepted.
    pub need: Option<u64>,
    /// Whether the content was found to have the MD5 that was announced.
    pub verified: bool,
    /// What was done with the file.
    pub fate: FileFate,
    /// How many reads it took, prefix and header included.
    pub reads: u64,
    /// What lay in the directory afterwards; `None` if nobody looked.
    pub directory: Option<Vec<StoredFile>>,
}

/// What was done with a file in the end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FileFate {
    /// None was created.
    #[default]
    None,
    /// It is whole, and has its name.
    Saved,
    /// It did not come out whole and right, and bears its name all the same.
    Left,
    /// It did not come out whole and right, and was removed.
    Removed,
    /// It did not come out whole and right, bears another name, and was not removed.
    Stray,
}

/// The files of one direction, one for each `recv_file` that its reader came to the end of.
pub(super) fn received(calls: &Calls<'_>, direction: Direction) -> Vec<Received> {
    let mut files = Vec::new();
    let mut file = Received::default();
    // Whether all of it came, and whether a write to it failed.
    let (mut whole, mut failed) = (false, false);
    for (_, event) in direction.reader_calls(calls) {
        match &event.action {
            Action::Recv(read) => {
                file.reads = file.reads.saturating_add(event.calls);
                if let Some(decoder) = &read.decoder {
                    if decoder.part == Part::Payload && decoder.kept == 0 {
                        file.have = decoder.have;
                        file.need = Some(decoder.need);
                    }
                    if let Some(out) = decoder.out.last() {
                        whole = true;
                        file.verified = out.verified.is_some();
                    }
                }
            }
            Action::Open { path, target } if event.error.is_none() => {
                file.name = Some(target.as_ref().unwrap_or(path).clone());
                file.beside = target.as_ref().map(|_| path.clone());
                file.fate = FileFate::Stray;
            }
            Action::WriteFile { .. } if event.error.is_some() => failed = true,
            Action::Rename { .. } if event.error.is_none() => file.fate = FileFate::Saved,
            Action::Unlink { .. } if event.error.is_none() => file.fate = FileFate::Removed,
            Action::Readdir { files: found } => {
                file.directory = event.error.is_none().then(|| found.clone());
                if file.fate == FileFate::Stray && file.beside.is_none() {
                    file.fate = if whole && !failed {
                        FileFate::Saved
                    } else {
                        FileFate::Left
                    };
                }
                files.push(std::mem::take(&mut file));
                (whole, failed) = (false, false);
            }
            _ => {}
        }
    }
    files
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::Side;
    use crate::event::fixture::{call, decoded, recv};
    use crate::report::connection::placed;
    use crate::report::ranges::Direction;

    #[test]
    fn a_file_whose_last_write_failed_was_not_saved() {
        let (name, path, target) = ("a".to_string(), "a".to_string(), None);
        let files = vec![StoredFile { name, size: 0 }];
        let (open, write) = (path.clone(), Action::WriteFile { path });
        let mut events = vec![
            call(Side::Server, Action::Open { path: open, target }),
            recv(9, "a").read(|read| read.decoder = Some(decoded(&[""]).into())),
            call(Side::Server, write).failed("ENOSPC"),
            call(Side::Server, Action::Readdir { files }),
        ];
        let fate = |events: &[_]| received(&placed(events), Direction::FIRST)[0].fate;
        assert_eq!(fate(&events), FileFate::Left);
        events.remove(2);
        assert_eq!(fate(&events), FileFate::Saved);
    }
}
