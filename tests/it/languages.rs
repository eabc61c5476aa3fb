//! Only `words/` knows what a language says; all else asks it.

use std::fs;

use crate::rooms::{files, root};

/// What has a value for each language and gives out one of them: texts that somebody wrote.
const TEXTS: [&str; 5] = [
    "lang.rs",
    "event/texts.rs",
    "lab/course.rs",
    "lab/glossary.rs",
    "lab/myth.rs",
];

/// A choice between languages.
const CHOICES: [&str; 7] = [
    "match lang {",
    "match (lang",
    "match view.lang {",
    "match (view.lang",
    "lang == ",
    "Lang::En =>",
    "Lang::Zh =>",
];

/// What knows Chinese words that people write: the headings of a lab's text, and a word to look up.
const READ: [&str; 2] = ["lab/text.rs", "cli.rs"];

fn is_chinese(c: char) -> bool {
    matches!(c, '\u{4e00}'..='\u{9fff}')
}

#[test]
fn no_sentence_and_no_choice_between_languages_stands_outside_words() {
    let mut wrong = Vec::new();
    for file in files() {
        let name = file.to_str().expect("UTF-8");
        if file.starts_with("words") {
            continue;
        }
        let code = fs::read_to_string(root().join("src").join(&file)).expect("a source file");
        let own = code.split("#[cfg(test)]").next().unwrap_or_default();
        for (number, line) in (1..).zip(own.lines()) {
            let line = line.split("//").next().unwrap_or_default();
            let chooses = CHOICES.iter().any(|choice| line.contains(choice));
            let says = line.contains(is_chinese);
            if chooses && !TEXTS.contains(&name) || says && !READ.contains(&name) {
                wrong.push(format!("src/{name}:{number}: {}", line.trim()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
