//! Writes a lab to begin with.

use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::{MAIN_SEPARATOR, Path};

use super::printer::view;
use super::{Exit, Status, lang, print};
use crate::cli::{Language, Look};
use crate::lab::new;
use crate::render;
use crate::words::command as words;

pub(super) fn new(path: &Path, language: Option<Language>) -> Result<Status, Exit> {
    let shown = path.display();
    let name = path.file_name().map(|name| name.to_string_lossy());
    let name = name.ok_or_else(|| Exit::usage(words::no_name(lang(), &shown)))?;
    new::check_name(&name).map_err(Exit::usage)?;
    // Makes the directory or fails: what is there already cannot be overwritten.
    fs::create_dir(path).map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => Exit::usage(words::is_there_already(lang(), &shown)),
        ErrorKind::NotFound | ErrorKind::NotADirectory => {
            Exit::usage(words::nowhere_to_make(lang(), &shown))
        }
        _ => Exit::could_not_run(words::cannot_make(lang(), &shown, &error)),
    })?;
    for (file, text) in new::files(&name) {
        let path = path.join(file);
        File::create_new(&path)
            .and_then(|mut file| file.write_all(text.as_bytes()))
            .map_err(|error| {
                Exit::could_not_run(words::cannot_be_written(lang(), &path.display(), &error))
            })?;
    }
    let (view, _) = view(&Look::of_language(language), true)?;
    print(&render::started(&directory(path), &view))?;
    Ok(Status::AsExpected)
}

/// The directory as it is typed in a command.
fn directory(path: &Path) -> String {
    let path = path.display().to_string();
    let path = path.trim_end_matches(std::path::is_separator);
    let typed = format!("{path}{MAIN_SEPARATOR}");
    if typed.contains(char::is_whitespace) {
        format!("\"{typed}\"")
    } else {
        typed
    }
}
