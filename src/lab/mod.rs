//! Labs: the catalogue in the binary, and labs that an instructor brings.

pub mod course;
pub mod error;
pub(crate) mod explain;
pub(crate) mod fault;
pub mod file;
mod framing;
pub mod glossary;
pub mod locator;
pub mod myth;
pub mod new;
pub mod program;
pub mod read;
mod recorded;
pub mod run_ref;
pub mod schema;
mod side_script;
mod step;
pub mod text;
pub(crate) mod text_file;
mod transfer;
pub(crate) mod twice;
pub mod value;

use std::path::Path;

use include_dir::{Dir, include_dir};

use crate::event::{Text, Texts};
use crate::lang::Lang;
use error::{LabError, Place, nearest};
use fault::FileFault;
use text_file::shown;

static CATALOGUE: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/labs");

/// A file that stands in `labs/` itself, with its name for errors.
fn shared(name: &str) -> Result<Source, LabError> {
    let file = format!("labs/{name}");
    let found = CATALOGUE.get_file(name);
    match found.and_then(include_dir::File::contents_utf8) {
        Some(text) => Ok(Source {
            name: file,
            text: text.into(),
        }),
        None => Err(missing(file)),
    }
}

fn missing(file: String) -> LabError {
    LabError::new(file, FileFault::NotInCatalogue)
}

/// A lab: what it does, and what it says.
#[derive(Clone, Debug, PartialEq)]
pub struct Lab {
    /// Its number in the catalogue; none for a lab from outside.
    pub number: Option<u32>,
    /// Its name.
    pub slug: String,
    /// The runs.
    pub file: file::Lab,
    /// The source of the runs, so that later errors can point into it.
    pub source: Source,
    /// The words.
    pub texts: Texts,
}

/// A lab file as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Its name, as the person gave it.
    pub name: String,
    /// Its text.
    pub text: String,
}

/// The files of a lab as they were read, before anything is made of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sources {
    /// Its number in the catalogue; none for a lab from outside.
    pub number: Option<u32>,
    /// Its name.
    pub slug: String,
    /// The lab file.
    pub file: Source,
    /// The texts, English first.
    pub texts: [TextSource; 2],
}

/// A text of a lab, there or missing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextSource {
    /// Its language.
    pub lang: Lang,
    /// Its file's name, as the person gave it.
    pub name: String,
    /// What is in it; none if there is no such file.
    pub text: Option<String>,
}

/// The texts' languages and file names.
const TEXTS: [(Lang, &str); 2] = [(Lang::En, "en.md"), (Lang::Zh, "zh.md")];

impl Sources {
    /// Makes the lab of them.
    ///
    /// # Errors
    /// If they are none: the file, the place and the nearest valid word.
    pub fn build(self) -> Result<Lab, LabError> {
        let parse = match self.number {
            Some(_) => read::of_catalogue,
            None => read::parse,
        };
        let file = parse(&self.file.name, &self.file.text)?;
        let [en, zh] = self.texts;
        let text = |source: TextSource| {
            let Some(text) = &source.text else {
                return Ok(None);
            };
            Text::parse(text).map(Some).map_err(|(line, what)| {
                LabError::new(source.name, what).at(Place { line, column: 1 })
            })
        };
        Ok(Lab {
            number: self.number,
            slug: self.slug,
            file,
            source: self.file,
            texts: Texts {
                en: text(en)?,
                zh: text(zh)?,
            },
        })
    }
}

/// The entry of a lab in the catalogue: its number, its name, and its directory.
struct Entry {
    number: u32,
    slug: &'static str,
    dir: &'static Dir<'static>,
}

fn entries() -> Vec<Entry> {
    let mut entries: Vec<Entry> = CATALOGUE
        .dirs()
        .filter_map(|dir| {
            let (number, slug) = dir.path().to_str()?.split_once('-')?;
            Some(Entry {
                number: number.parse().ok()?,
                slug,
                dir,
            })
        })
        .collect();
    entries.sort_by_key(|entry| entry.number);
    entries
}

impl Entry {
    fn read(&self) -> Result<Sources, LabError> {
        let path = |name: &str| format!("labs/{}/{name}", self.dir.path().display());
        let get = |name: &str| {
            let file = self.dir.get_file(self.dir.path().join(name))?;
            Some(file.contents_utf8()?.to_string())
        };
        let file = "lab.json";
        Ok(Sources {
            number: Some(self.number),
            slug: self.slug.into(),
            file: Source {
                name: path(file),
                text: get(file).ok_or_else(|| missing(path(file)))?,
            },
            texts: TEXTS.map(|(lang, name)| TextSource {
                lang,
                name: path(name),
                text: get(name),
            }),
        })
    }
}

/// The files of all labs of the catalogue, by number.
///
/// # Errors
/// None for the catalogue as it is built in: a test reads all of it.
pub fn catalogue_sources() -> Result<Vec<Sources>, LabError> {
    entries().iter().map(Entry::read).collect()
}

/// All labs of the catalogue, by number.
///
/// # Errors
/// None for the catalogue as it is built in: a test reads all of it.
pub fn catalogue() -> Result<Vec<Lab>, LabError> {
    catalogue_sources()?
        .into_iter()
        .map(Sources::build)
        .collect()
}

/// The lab of this number or name.
///
/// # Errors
/// If there is none: names the nearest.
pub fn find(wanted: &str) -> Result<Lab, LabError> {
    let entries = entries();
    let number = wanted.parse::<u32>().ok();
    if let Some(entry) = entries
        .iter()
        .find(|entry| Some(entry.number) == number || entry.slug == wanted)
    {
        return entry.read()?.build();
    }
    let shown: String = wanted.chars().take(60).collect();
    let file = format!("lab `{}`", shown.escape_debug());
    let nearest = nearest_lab(wanted);
    Err(LabError::new(file, FileFault::NoSuchLab(nearest)))
}

/// The lab of the catalogue that a wrong name is nearest to: its number and its name. A number is
/// near to none.
pub fn nearest_lab(wanted: &str) -> Option<(u32, &'static str)> {
    let labs = entries()
        .into_iter()
        .map(|entry| (entry.number, entry.slug));
    if wanted.parse::<u32>().is_ok() {
        return None;
    }
    let labs: Vec<_> = labs.collect();
    let slug = nearest(wanted, labs.iter().map(|(_, slug)| *slug))?;
    labs.into_iter().find(|(_, own)| *own == slug)
}

/// A lab from outside the catalogue: a directory with `lab.json`, `en.md`, `zh.md`, or a lab file
/// alone.
///
/// # Errors
/// If it cannot be read or is no lab: the file, the place and the nearest valid word.
pub fn open(path: &Path) -> Result<Lab, LabError> {
    read_sources(path)?.build()
}

/// The files of a lab from outside the catalogue, found as [`open`] finds them.
///
/// # Errors
/// If the lab file, or a text that is there, cannot be read.
pub fn read_sources(path: &Path) -> Result<Sources, LabError> {
    let (dir, file) = if path.is_dir() {
        (path, path.join("lab.json"))
    } else {
        (path.parent().unwrap_or(Path::new("")), path.to_path_buf())
    };
    let text = text_file::read(&file, || lab_meant_by(&file))?;
    // A lab file may be named after the lab; the usual `lab.json` is named after its directory.
    let named = if file.file_name().is_some_and(|name| name == "lab.json") {
        std::path::absolute(&file)
            .ok()
            .and_then(|full| full.parent()?.file_name().map(Into::into))
    } else {
        file.file_stem().map(std::ffi::OsStr::to_owned)
    };
    let slug = named.map_or_else(|| "lab".into(), |name| name.to_string_lossy().into_owned());
    let beside = |(lang, name): (Lang, &str)| {
        let path = dir.join(name);
        let text = path
            .exists()
            .then(|| text_file::read(&path, || lab_meant_by(&path)))
            .transpose()?;
        Ok(TextSource {
            lang,
            name: shown(&path),
            text,
        })
    };
    let [en, zh] = TEXTS.map(beside);
    Ok(Sources {
        number: None,
        slug,
        file: Source {
            name: shown(&file),
            text,
        },
        texts: [en?, zh?],
    })
}

/// Whoever says `lab run 3` means lab 3.
fn lab_meant_by(path: &Path) -> Option<String> {
    Some(find(path.to_str()?).ok()?.slug)
}
