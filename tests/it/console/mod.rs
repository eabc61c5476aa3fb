//! Sessions at a terminal, as people have them: the documents beside this file. What follows a
//! command is all that the program prints. `SNAPSHOTS=overwrite` writes it anew: read it then.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use crate::document;
use crate::shell::{Done, desk};
use snapbox::{assert_data_eq, file};

/// Does what a document says in a directory of its own, and returns it with what came of it: a
/// block with a name becomes a file, the commands of the others are run.
fn played(name: &str, document: &str) -> String {
    played_with(name, document, "")
}

/// The same with these words behind each command.
fn played_with(name: &str, document: &str, more: &str) -> String {
    let desk = desk(&format!("console/{name}{more}"));
    let mut played = String::new();
    let mut lines = document.lines();
    while let Some(line) = lines.next() {
        played += line;
        played.push('\n');
        let Some(kind) = line.strip_prefix("```") else {
            continue;
        };
        let block = lines.by_ref().take_while(|line| *line != "```");
        if let Some((_, file)) = kind.split_once(' ') {
            let text: String = block.flat_map(|line| [line, "\n"]).collect();
            fs::write(desk.join(file), &text).expect("a file");
            played += &text;
        } else {
            for command in block.filter_map(|line| line.strip_prefix("$ lab ")) {
                let _ = write!(
                    played,
                    "$ lab {command}\n{}",
                    said(&desk, &format!("{command}{more}"))
                );
            }
        }
        played += "```\n";
    }
    played
}

/// All that the program says, and its exit code, if that is not 0. A mistake of the person goes to
/// standard error and nothing else; no control character gets through, whatever it was made of.
fn said(desk: &Path, command: &str) -> String {
    let args: Vec<&str> = document::words(command).collect();
    let Done { code, out, err } = document::lab(desk, &args);
    let silent = if code == 2 { &out } else { &err };
    assert_eq!(silent, "", "lab {command}: {code}");
    let mut said = out + &err;
    assert!(
        said.chars()
            .all(|c| c == '\n' || !c.is_control() && c != '\u{202e}'),
        "lab {command}: something that a terminal obeys in {said:?}"
    );
    if code != 0 {
        let _ = writeln!(said, "[{code}]");
    }
    said
}

#[test]
fn slips_are_answered_with_what_was_meant() {
    let played = played("slips", include_str!("slips.md"));
    assert_data_eq!(played, file!["slips.md"].raw());
}

#[test]
fn a_mistake_in_a_lab_has_a_place_and_a_remedy() {
    let played = played("mistakes", include_str!("mistakes.md"));
    assert_data_eq!(played, file!["mistakes.md"].raw());
}

/// Nor does a mistake in a lab change the language.
#[test]
fn a_mistake_in_a_lab_is_told_in_chinese() {
    let document = include_str!("mistakes.md");
    let played = played_with("mistakes", document, " --lang zh");
    let told = played.lines().filter(|line| line.starts_with("lab: "));
    let told: Vec<&str> = told.collect();
    assert_eq!(told.len(), document.matches("\n[2]\n").count());
    for line in told {
        let mut outside = line["lab: ".len()..].split(['`', '"']).step_by(2);
        let is_word = |word: &str| word.len() > 1 && word.chars().all(|c| c.is_ascii_lowercase());
        let english = outside.any(|part| {
            let words: Vec<&str> = part.split(' ').collect();
            words
                .windows(2)
                .any(|two| two.iter().all(|word| is_word(word)))
        });
        let is_chinese = line.contains(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
        assert!(is_chinese && !english, "{line}");
    }
}
