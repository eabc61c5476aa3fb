//! The directories that files are received into: made for a run, gone after it.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use tempfile::TempDir;

use crate::event::StoredFile;

/// Who takes the directories away when it goes itself. It stays with the main thread, so they go
/// also if the thread of an actor is still caught in a call, or nobody waits for the run's end.
#[derive(Default)]
pub(super) struct Owner(Arc<Downloads>);

impl Owner {
    pub(super) fn share(&self) -> Arc<Downloads> {
        self.0.clone()
    }
}

impl Drop for Owner {
    fn drop(&mut self) {
        self.0.remove();
    }
}

/// The directories of one run, one for each actor that receives a file.
#[derive(Default)]
pub(super) struct Downloads(Mutex<Made>);

#[derive(Default)]
struct Made {
    by_actor: BTreeMap<usize, TempDir>,
    over: bool,
}

impl Downloads {
    fn made(&self) -> std::sync::MutexGuard<'_, Made> {
        // Each change is a single insertion or the taking of all, so it is whole after a panic.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The actor's directory; made when it is first asked for.
    pub(super) fn of(&self, actor: usize) -> io::Result<Directory> {
        let mut made = self.made();
        if made.over {
            return Err(io::ErrorKind::NotFound.into());
        }
        let own = match made.by_actor.entry(actor) {
            Entry::Occupied(own) => own.into_mut(),
            Entry::Vacant(none) => {
                none.insert(tempfile::Builder::new().prefix("sticky-lab-").tempdir()?)
            }
        };
        Ok(Directory(own.path().into()))
    }

    /// Removes them with all that is in them.
    fn remove(&self) {
        let mut made = self.made();
        made.over = true;
        made.by_actor.clear();
    }
}

/// One of them. Only names that [`plain_name`](crate::frame::plain_name) has passed may come here.
pub(super) struct Directory(PathBuf);

impl Directory {
    fn path(&self, name: &str) -> PathBuf {
        let path = self.0.join(name);
        debug_assert_eq!(path.parent(), Some(self.0.as_path()), "a plain name");
        path
    }

    /// Creates a file that is not there yet.
    pub(super) fn create(&self, name: &str) -> io::Result<File> {
        File::create_new(self.path(name))
    }

    pub(super) fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        fs::rename(self.path(from), self.path(to))
    }

    pub(super) fn unlink(&self, name: &str) -> io::Result<()> {
        fs::remove_file(self.path(name))
    }

    /// What lies in it, by name.
    pub(super) fn list(&self) -> io::Result<Vec<StoredFile>> {
        let mut files = Vec::new();
        for entry in fs::read_dir(Path::new(&self.0))? {
            let entry = entry?;
            files.push(StoredFile {
                name: entry.file_name().to_string_lossy().into_owned(),
                size: entry.metadata()?.len(),
            });
        }
        files.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(files)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_made_is_gone_when_the_run_is_over() {
        let owner = Owner::default();
        let downloads = owner.share();
        let directory = downloads.of(0).unwrap();
        let path = directory.0.clone();
        drop(directory.create("a.txt").unwrap());
        assert!(path.join("a.txt").exists());
        assert_eq!(downloads.of(0).unwrap().0, path, "an actor has one");
        assert_ne!(downloads.of(1).unwrap().0, path);
        drop(owner);
        assert!(!path.exists());
        assert!(downloads.of(0).is_err(), "a late thread makes no new one");
        assert!(directory.create("b.txt").is_err());
    }
}
