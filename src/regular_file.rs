//! Files that somebody names: whatever stands behind the name, opening and reading it comes to an
//! end.

use std::fs::{self, File, FileType, OpenOptions};
use std::io::{self, Read, Take};
use std::path::Path;

/// Opens a file to be read as far as it reaches now. A pipe or a device could keep its reader
/// waiting, or never end; what only looks like a file (`/proc/kmsg`) says that it has no bytes.
///
/// # Errors
/// If there is none, or it is something else than a file.
pub(crate) fn open(path: &Path) -> io::Result<Take<File>> {
    // Looked at before it is opened: opening alone sets some devices to work.
    refuse_others(fs::metadata(path)?.file_type())?;
    let mut options = OpenOptions::new();
    // In case it has become a pipe meanwhile: opening would wait for a writer.
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::custom_flags(&mut options, libc::O_NONBLOCK);
    let file = options.read(true).open(path)?;
    let found = file.metadata()?;
    refuse_others(found.file_type())?;
    Ok(file.take(found.len()))
}

fn refuse_others(found: FileType) -> io::Result<()> {
    let what = match name_of_other(found) {
        _ if found.is_file() => return Ok(()),
        _ if found.is_dir() => "a directory",
        Some(other) => other,
        None => "something else",
    };
    Err(io::Error::other(format!("it is {what}, not a file")))
}

#[cfg(unix)]
fn name_of_other(found: FileType) -> Option<&'static str> {
    use std::os::unix::fs::FileTypeExt;
    if found.is_fifo() {
        Some("a pipe")
    } else if found.is_socket() {
        Some("a socket")
    } else {
        (found.is_char_device() || found.is_block_device()).then_some("a device")
    }
}

#[cfg(not(unix))]
fn name_of_other(_: FileType) -> Option<&'static str> {
    None
}
