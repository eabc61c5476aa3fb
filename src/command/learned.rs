//! How far somebody is in the course: a small file in the platform's own data directory.

use std::collections::BTreeSet;
use std::fmt::Display;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy;
use serde::{Deserialize, Serialize};

use super::{Exit, lang};
use crate::lab::course::{Course, Station};
use crate::regular_file;
use crate::words::command as words;

/// What stands in the file.
#[derive(Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    /// The stations that are behind, by lab and run, so that the course may grow.
    done: BTreeSet<String>,
}

/// How far somebody is, and where that is remembered.
pub(super) struct Learned {
    path: PathBuf,
    stored: Stored,
}

/// The most bytes that are read of it: far more than any course has stations.
const LONGEST: u64 = 1 << 20;

impl Stored {
    fn read(path: &Path) -> Result<Self, Exit> {
        let mut bytes = Vec::new();
        let read = regular_file::open(path).and_then(|file| {
            let mut file = file.take(LONGEST);
            file.read_to_end(&mut bytes)
        });
        match read {
            Ok(_) => serde_json::from_slice(&bytes).map_err(|error| {
                let help = words::begin_anew(lang());
                failed(words::garbled(lang()), path, error, help)
            }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => {
                // What is no file at all is in the way of one.
                let help = match error.kind() {
                    io::ErrorKind::Other => words::begin_anew(lang()),
                    _ => words::give_access(lang()),
                };
                let (path, why) = (path.display(), error.into());
                let why = words::cannot_be_read(lang(), &why);
                Err(Exit::could_not_run(format!("{path}: {why}; {help}")))
            }
        }
    }
}

fn name(station: &Station) -> String {
    format!("{}/{}", station.at.lab, station.at.run)
}

fn failed(said: &str, path: &Path, error: impl Display, help: &str) -> Exit {
    let path = path.display();
    Exit::could_not_run(format!("{path}: {said}: {error}; {help}"))
}

impl Learned {
    pub(super) fn read() -> Result<Self, Exit> {
        Self::at(path()?)
    }

    fn at(path: PathBuf) -> Result<Self, Exit> {
        let stored = Stored::read(&path)?;
        Ok(Self { path, stored })
    }

    /// Forgets it all.
    pub(super) fn reset() -> Result<(), Exit> {
        let path = path()?;
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                let help = words::remove_by_hand(lang());
                Err(failed(words::cannot_be_removed(lang()), &path, error, help))
            }
            _ => Ok(()),
        }
    }

    pub(super) fn has(&self, station: &Station) -> bool {
        self.stored.done.contains(&name(station))
    }

    /// For each station whether it is behind.
    pub(super) fn of(&self, course: &Course) -> Vec<bool> {
        let stations = course.stations.iter();
        stations.map(|station| self.has(station)).collect()
    }

    /// Remembers a station.
    pub(super) fn add(&mut self, station: &Station) -> Result<(), Exit> {
        self.add_named(name(station))
    }

    /// Another window may have added something meanwhile, or forgotten it all: what stands in the
    /// file holds.
    fn add_named(&mut self, station: String) -> Result<(), Exit> {
        let directory = self.path.parent().unwrap_or(Path::new("."));
        let made = fs::create_dir_all(directory);
        // Others wait here until this is written. Where there are no such locks they need not.
        let locked = File::open(directory).and_then(|open| open.lock().map(|()| open));
        self.stored = Stored::read(&self.path)?;
        self.stored.done.insert(station);
        let written = made.and_then(|()| self.write(directory));
        drop(locked);
        written.map_err(|error| {
            let help = words::give_access(lang());
            failed(words::cannot_remember(lang()), &self.path, error, help)
        })
    }

    /// The file is whole at any moment.
    fn write(&self, directory: &Path) -> io::Result<()> {
        let mut file = tempfile::NamedTempFile::new_in(directory)?;
        serde_json::to_writer(&mut file, &self.stored)?;
        file.write_all(b"\n")?;
        file.persist(&self.path)?;
        Ok(())
    }
}

fn path() -> Result<PathBuf, Exit> {
    let directories = etcetera::base_strategy::choose_native_strategy()
        .map_err(|error| Exit::could_not_run(words::no_place_to_remember(lang(), &error)))?;
    Ok(directories.data_dir().join("sticky-lab").join("learn.json"))
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;

    #[test]
    fn what_many_add_at_once_is_all_there() {
        let dir = tempfile::tempdir().expect("a directory");
        let path = dir.path().join("sticky-lab/learn.json");
        let learned = || Learned::at(path.clone()).expect("it can be read");
        thread::scope(|scope| {
            for i in 0..8 {
                let mut own = learned();
                scope.spawn(move || {
                    for j in 0..8 {
                        assert!(own.add_named(format!("{i}/{j}")).is_ok());
                    }
                });
            }
        });
        assert_eq!(learned().stored.done.len(), 64);
    }
}
