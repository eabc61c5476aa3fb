//! Files that somebody names: whatever stands behind the name, opening and reading it comes to an
//! end.

use std::fmt;
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

/// What stands where a file was named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoFile {
    Directory,
    Pipe,
    Socket,
    Device,
    Other,
}

/// For logs; `words/command/system.rs` says it.
impl fmt::Display for NoFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:?}")
    }
}

impl std::error::Error for NoFile {}

/// Why a file cannot be read; with what the system says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unreadable {
    NoFile(NoFile),
    Absent(String),
    Forbidden(String),
    Other(String),
}

impl From<io::Error> for Unreadable {
    fn from(error: io::Error) -> Self {
        let said = error.to_string();
        match error.kind() {
            io::ErrorKind::NotFound => Self::Absent(said),
            io::ErrorKind::PermissionDenied => Self::Forbidden(said),
            _ => match error.downcast() {
                Ok(no_file) => Self::NoFile(no_file),
                Err(_) => Self::Other(said),
            },
        }
    }
}

fn refuse_others(found: FileType) -> io::Result<()> {
    if found.is_file() {
        return Ok(());
    }
    let other = if found.is_dir() {
        NoFile::Directory
    } else {
        name_of_other(found)
    };
    Err(io::Error::other(other))
}

#[cfg(unix)]
fn name_of_other(found: FileType) -> NoFile {
    use std::os::unix::fs::FileTypeExt;
    if found.is_fifo() {
        NoFile::Pipe
    } else if found.is_socket() {
        NoFile::Socket
    } else if found.is_char_device() || found.is_block_device() {
        NoFile::Device
    } else {
        NoFile::Other
    }
}

#[cfg(not(unix))]
fn name_of_other(_: FileType) -> NoFile {
    NoFile::Other
}
