//! Whether a lab from elsewhere may start the programs that it names. Nothing else that stands in a
//! lab file reaches beyond the run's own sockets and temporary files.

use std::collections::BTreeMap;
use std::path::Path;

use super::{Exit, ask, lang, print};
use crate::lab::file::{self, Argv};
use crate::lab::locator::PathSegment::Key;
use crate::lab::{self, Lab, Source, read};
use crate::render;
use crate::words::command as words;

/// What may be started.
pub(super) struct Permission {
    /// The command line says that all of it may.
    all: bool,
    /// What a person at the terminal said yes to.
    given: Vec<BTreeMap<String, Argv>>,
}

impl Permission {
    pub(super) fn of(all: bool) -> Self {
        let given = Vec::new();
        Self { all, given }
    }

    /// Opens a lab from outside the catalogue that is to be run.
    pub(super) fn open(&mut self, path: &Path) -> Result<Lab, Exit> {
        let lab = lab::open(path)?;
        self.ask_for(&lab.file, &lab.source)?;
        Ok(lab)
    }

    /// Asks whoever is there, if this lab file names programs.
    pub(super) fn ask_for(&mut self, lab: &file::Lab, source: &Source) -> Result<(), Exit> {
        let commands = &lab.commands;
        if self.all || commands.is_empty() || self.given.contains(commands) {
            return Ok(());
        }
        let shown = |argv: &Argv| serde_json::to_string(argv).unwrap_or_default();
        let each = commands.iter().map(|(name, argv)| (name, shown(argv)));
        if !ask::is_interactive() {
            let place = read::locate(&source.text, &[Key("commands")]);
            let each: Vec<String> = each
                .map(|(name, argv)| format!("`{name}` {argv}"))
                .collect();
            return Err(Exit::usage(words::names_programs(
                lang(),
                &source.name,
                place,
                &each,
            )));
        }
        let mut question = render::harmless(&words::would_start(lang(), &source.name)) + "\n";
        for (name, argv) in each {
            question += &render::harmless(&format!("  {name}  {argv}"));
            question.push('\n');
        }
        print(&question)?;
        let typed = ask::line(words::start_them(lang()))?;
        if !matches!(&*typed.to_lowercase(), "y" | "yes") {
            return Err(Exit::usage(words::not_started(lang())));
        }
        self.given.push(commands.clone());
        Ok(())
    }
}
