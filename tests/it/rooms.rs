//! The order of rooms that CONTRIBUTING.md gives: none imports from one above it, so there is no
//! circle between them.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The rooms, from the top, as the first column of the table names them: `report` for `report/`
/// and `report/legal/`, `text` for `text.rs`.
fn order() -> Vec<String> {
    let map = fs::read_to_string(root().join("CONTRIBUTING.md")).expect("CONTRIBUTING.md");
    let table = map.split("## The rooms of src/").nth(1).expect("the rooms");
    let rows = table.lines().skip_while(|line| !line.starts_with("|--"));
    let mut rooms = Vec::new();
    for row in rows.skip(1).take_while(|line| line.starts_with('|')) {
        let names = row.split('|').nth(1).expect("a first column");
        for name in names.split('`').skip(1).step_by(2) {
            let room = name.split('/').next().expect("a name");
            let room = room.trim_end_matches(".rs").to_string();
            if !rooms.contains(&room) {
                rooms.push(room);
            }
        }
    }
    rooms
}

/// All files of the program but its roof, which sees every room, as paths from `src/`.
pub(crate) fn files() -> Vec<PathBuf> {
    let src = root().join("src");
    let mut found = Vec::new();
    let mut open = vec![src.clone()];
    while let Some(dir) = open.pop() {
        for entry in fs::read_dir(dir).expect("a directory") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|end| end == "rs") {
                found.push(path.strip_prefix(&src).expect("in src").to_path_buf());
            }
        }
    }
    found.retain(|path| *path != Path::new("lib.rs") && *path != Path::new("main.rs"));
    found
}

/// The room that a file stands in.
fn room(file: &Path) -> String {
    let first = file.components().next().expect("a name");
    let first = first.as_os_str().to_str().expect("UTF-8");
    first.trim_end_matches(".rs").to_string()
}

/// The rooms that this code names, by a path from the crate's root, with `crate` or as many `super`
/// as lead there.
fn named(code: &str, file: &Path) -> BTreeSet<String> {
    let code: String = code
        .lines()
        .map(|line| line.split("//").next().unwrap_or_default().to_string() + "\n")
        .collect();
    let is_mod = file.file_stem().is_some_and(|stem| stem == "mod");
    let depth = file.components().count() - usize::from(is_mod);
    let tests = code.find("#[cfg(test)]").unwrap_or(code.len());
    let (own, tests) = code.split_at(tests);
    let mut named = BTreeSet::new();
    for (part, depth) in [(own, depth), (tests, depth + 1)] {
        for path in part.split("crate::").skip(1) {
            named.extend(heads(path));
        }
        let up = "super::".repeat(depth);
        for (at, _) in part.match_indices(&up) {
            if !part[..at].ends_with("super::") {
                named.extend(heads(&part[at + up.len()..]));
            }
        }
    }
    named
}

/// What a path behind `crate::` begins with: `a` of `a::b`, and `a` and `c` of `{a::b, c}`.
fn heads(path: &str) -> Vec<String> {
    let word = |text: &str| -> String {
        let text = text.trim_start().chars();
        text.take_while(|c| c.is_alphanumeric() || *c == '_')
            .collect()
    };
    let Some(list) = path.strip_prefix('{') else {
        return vec![word(path)];
    };
    let mut depth = 0;
    let mut start = 0;
    let mut found = Vec::new();
    for (at, c) in list.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth > 0 => depth -= 1,
            ',' | '}' if depth == 0 => {
                found.push(word(&list[start..at]));
                start = at + 1;
                if c == '}' {
                    break;
                }
            }
            _ => {}
        }
    }
    found.retain(|name| !name.is_empty());
    found
}

#[test]
fn no_room_imports_from_one_above_it() {
    let order = order();
    let place = |room: &str| order.iter().position(|known| known == room);
    let mut inhabited = BTreeSet::new();
    let mut wrong = Vec::new();
    for file in files() {
        let here = room(&file);
        let Some(own) = place(&here) else {
            panic!("{} stands in no room of CONTRIBUTING.md", file.display());
        };
        let code = fs::read_to_string(root().join("src").join(&file)).expect("a source file");
        for other in named(&code, &file) {
            if place(&other).is_some_and(|other| other < own) {
                wrong.push(format!("src/{} imports from `{other}`", file.display()));
            }
        }
        inhabited.insert(here);
    }
    assert!(wrong.is_empty(), "upwards:\n{}", wrong.join("\n"));
    let empty: Vec<_> = order
        .iter()
        .filter(|room| !inhabited.contains(*room))
        .collect();
    assert!(
        empty.is_empty(),
        "CONTRIBUTING.md has rooms that are not there: {empty:?}"
    );
}

#[test]
fn a_path_from_the_root_is_found_however_it_is_written() {
    let of = |code: &str, file: &str| -> Vec<String> {
        named(code, Path::new(file)).into_iter().collect()
    };
    assert_eq!(
        of("use crate::{run::wire::{A, B}, words};", "event/a.rs"),
        ["run", "words"]
    );
    assert_eq!(
        of(
            "fn f() { $crate::lang::Lang::En } // crate::cli",
            "words/mod.rs"
        ),
        ["lang"]
    );
    assert_eq!(
        of(
            "use super::super::report::Flow;\nuse super::flow;",
            "event/a.rs"
        ),
        ["report"]
    );
    assert_eq!(of("use super::report;", "text.rs"), ["report"]);
    assert_eq!(
        of("#[cfg(test)]\nuse super::super::run;", "event/mod.rs"),
        ["run"]
    );
    assert_eq!(
        of("use super::super::flow;", "report/wire/mod.rs"),
        ["flow"]
    );
}
