//! How far somebody is in the course: a small file in the platform's own data directory.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy;
use serde::{Deserialize, Serialize};

use super::speak::say;
use super::{COULD_NOT_RUN, Exit};
use crate::lab::course::{Course, Station};

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

fn failed(what: &str, path: &Path, error: impl std::fmt::Display, help: &str) -> Exit {
    let path = path.display();
    Exit::Failed(COULD_NOT_RUN, format!("{path}: {what}: {error}; {help}"))
}

fn elsewhere() -> String {
    say(
        "give this user access, or set XDG_DATA_HOME to another directory",
        "请给这个用户访问权限，或者把 XDG_DATA_HOME 设成别的目录",
    )
}

impl Learned {
    pub(super) fn read() -> Result<Self, Exit> {
        let path = path()?;
        let stored = match fs::read_to_string(&path) {
            Ok(text) => serde_json::from_str(&text).map_err(|error| {
                let what = say("what was remembered cannot be read", "记下的内容读不懂");
                let help = say(
                    "`lab learn --reset` begins anew",
                    "`lab learn --reset` 可以从头开始",
                );
                failed(&what, &path, error, &help)
            })?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => Stored::default(),
            Err(error) => {
                let what = say("cannot be read", "读不了");
                return Err(failed(&what, &path, error, &elsewhere()));
            }
        };
        Ok(Self { path, stored })
    }

    /// Forgets it all.
    pub(super) fn reset() -> Result<(), Exit> {
        let path = path()?;
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                let what = say("cannot be removed", "删不掉");
                let help = say("remove it by hand", "请手动删除");
                Err(failed(&what, &path, error, &help))
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
            let what = say("cannot remember how far you are", "记不下走到了哪里");
            failed(&what, &self.path, error, &elsewhere())
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
    let directories = etcetera::base_strategy::choose_native_strategy().map_err(|error| {
        let what = say(
            format!("no place to remember how far you are: {error}; set HOME"),
            format!("没有地方记下走到了哪里：{error}；请设好 HOME"),
        );
        Exit::Failed(COULD_NOT_RUN, what)
    })?;
    Ok(directories.data_dir().join("sticky-lab").join("learn.json"))
}
