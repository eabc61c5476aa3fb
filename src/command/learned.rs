//! How far somebody is in the course: a small file in the platform's own data directory.

use std::collections::BTreeSet;
use std::fmt::Display;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy;
use serde::{Deserialize, Serialize};

use super::{Exit, lang};
use crate::lab::course::{Course, Station};
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

fn name(station: &Station) -> String {
    format!("{}/{}", station.at.lab, station.at.run)
}

fn failed(said: &str, path: &Path, error: impl Display, help: &str) -> Exit {
    let path = path.display();
    Exit::could_not_run(format!("{path}: {said}: {error}; {help}"))
}

impl Learned {
    pub(super) fn read() -> Result<Self, Exit> {
        let path = path()?;
        let stored = match fs::read_to_string(&path) {
            Ok(text) => serde_json::from_str(&text).map_err(|error| {
                failed(
                    words::garbled(lang()),
                    &path,
                    error,
                    words::begin_anew(lang()),
                )
            })?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => Stored::default(),
            Err(error) => {
                let help = words::give_access(lang());
                return Err(failed(words::cannot_be_read(lang()), &path, error, help));
            }
        };
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

    /// Remembers a station. The file is whole at any moment.
    pub(super) fn add(&mut self, station: &Station) -> Result<(), Exit> {
        self.stored.done.insert(name(station));
        self.write().map_err(|error| {
            let help = words::give_access(lang());
            failed(words::cannot_remember(lang()), &self.path, error, help)
        })
    }

    fn write(&self) -> io::Result<()> {
        let directory = self.path.parent().unwrap_or(Path::new("."));
        fs::create_dir_all(directory)?;
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
