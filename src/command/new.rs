//! Writes a lab to begin with.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{MAIN_SEPARATOR, Path};

use super::speak::say;
use super::{AS_EXPECTED, COULD_NOT_RUN, Exit, USAGE, print, view};
use crate::cli::{Language, Look, When};
use crate::lab::new;
use crate::render;

pub(super) fn new(path: &Path, lang: Option<Language>) -> Result<u8, Exit> {
    let shown = path.display();
    let Some(name) = path.file_name().map(|name| name.to_string_lossy()) else {
        let message = say(
            format!("`{shown}` is no name; give the directory to make, such as `my-lab`"),
            format!("`{shown}` 不是名字；请给出要新建的目录，例如 `my-lab`"),
        );
        return Err(Exit::Failed(USAGE, message));
    };
    new::check_name(&name).map_err(|wrong| Exit::Failed(USAGE, wrong))?;
    // Makes the directory or fails: what is there already cannot be overwritten.
    fs::create_dir(path).map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => Exit::Failed(
            USAGE,
            say(
                format!(
                    "{shown} is there already, and nothing is overwritten; choose another name"
                ),
                format!("{shown} 已经有了，不会覆盖；请换个名字"),
            ),
        ),
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => Exit::Failed(
            USAGE,
            say(
                format!("{shown} cannot be made: the directory that it would be in is not there"),
                format!("{shown} 建不了：它的上级目录不存在"),
            ),
        ),
        _ => Exit::Failed(
            COULD_NOT_RUN,
            say(
                format!("{shown} cannot be made: {error}"),
                format!("{shown} 建不了：{error}"),
            ),
        ),
    })?;
    for (file, text) in new::files(&name) {
        let path = path.join(file);
        File::create_new(&path)
            .and_then(|mut file| file.write_all(text.as_bytes()))
            .map_err(|error| {
                let message = format!("{} cannot be written: {error}", path.display());
                Exit::Failed(COULD_NOT_RUN, message)
            })?;
    }
    let look = Look {
        color: When::Never,
        ascii: false,
        lang,
        width: None,
    };
    let (view, _) = view(&look, true)?;
    print(&render::started(&directory(path), &view))?;
    Ok(AS_EXPECTED)
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
