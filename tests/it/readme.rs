//! The README and the documents that `lab help` prints say what the program does.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::shell::Done;
use serde_json::Value;
use snapbox::assert_data_eq;
use sticky_lab::lab;
use unicode_width::UnicodeWidthStr;

const README: &str = include_str!("../../README.md");
const JSON: &str = include_str!("../../docs/json.md");
const EVIDENCE: &str = include_str!("../../docs/evidence.md");
const EVIDENCE_ZH: &str = include_str!("../../docs/evidence.zh.md");
const WRITING: &str = include_str!("../../docs/writing-labs.md");

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The README's blocks of this kind.
fn blocks(kind: &str) -> Vec<String> {
    let blocks = crate::document::blocks(README).into_iter();
    let wanted = blocks.filter(|(found, _)| found == kind);
    wanted.map(|(_, block)| block).collect()
}

fn run(dir: &Path, args: &[&str]) -> String {
    let Done { code, out, err } = crate::document::lab(dir, args);
    assert_eq!(code, 0, "lab {args:?}: {err}");
    out
}

/// A directory as a reader of the README has it: the recorded traces, and the lab saved as told.
fn desk() -> PathBuf {
    let desk = Path::new(env!("CARGO_TARGET_TMPDIR")).join("readme");
    let write = |path: &str, text: &[u8]| {
        let path = desk.join(path);
        std::fs::create_dir_all(path.parent().expect("inside")).expect("a directory");
        std::fs::write(path, text).expect("a file");
    };
    let [lab] = blocks("json").try_into().expect("one lab in the README");
    write("my-lab/lab.json", lab.as_bytes());
    for trace in ["docs/lab-2.jsonl", "docs/lab-3.jsonl"] {
        write(trace, &std::fs::read(root().join(trace)).expect("a trace"));
    }
    desk
}

/// What `lab all --json` writes: one object a line.
fn contract() -> Vec<Value> {
    let all = run(root(), &["all", "--json"]);
    let lines = all.lines().map(serde_json::from_str);
    lines.map(|line| line.expect("JSON")).collect()
}

/// Whether a text has this word, not as a part of another one.
fn says(text: &str, word: &str) -> bool {
    let part = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    text.split(|c| !part(c)).any(|said| said == word)
}

#[test]
fn every_block_shows_what_the_program_prints() {
    let desk = desk();
    let blocks = blocks("console");
    assert!(!blocks.is_empty());
    for block in blocks {
        let (command, shown) = block.split_once('\n').expect("a command");
        let args = command.strip_prefix("$ lab ").expect("a lab command");
        let args: Vec<&str> = crate::document::words(args).collect();
        assert_data_eq!(run(&desk, &args), shown.to_owned());
    }
}

#[test]
fn the_table_has_the_labs_of_the_catalogue() {
    let labs = lab::catalogue().expect("the catalogue");
    let rows = labs.iter().map(|lab| {
        let number = lab.number.expect("a number");
        let text = lab.texts.en.as_ref().expect("an English text");
        format!("| `lab {number}` | {} | {} |", text.title, text.question)
    });
    let table = rows.collect::<Vec<_>>().join("\n");
    assert!(
        README.contains(&table),
        "the README's labs should be\n{table}"
    );
}

#[test]
fn every_link_leads_somewhere() {
    let targets = README.split("](").skip(1);
    for target in targets.filter_map(|rest| Some(rest.split_once(')')?.0)) {
        assert!(root().join(target).exists(), "{target}");
    }
}

#[test]
fn what_is_read_in_a_terminal_fits_into_80_columns() {
    for (name, text) in [
        ("json.md", JSON),
        ("evidence.md", EVIDENCE),
        ("evidence.zh.md", EVIDENCE_ZH),
        ("writing-labs.md", WRITING),
    ] {
        for (line, number) in text.lines().zip(1..) {
            assert!(line.width() <= 80, "docs/{name}:{number}");
        }
    }
}

/// It is written in its own words, and of the same things: each section is there, and each name of
/// a call, a counter or a verdict that stands in the margin.
#[test]
fn the_evidence_is_told_in_chinese_too() {
    let sections = |page: &str| page.lines().filter(|line| line.starts_with("## ")).count();
    assert_eq!(sections(EVIDENCE_ZH), sections(EVIDENCE));
    let (told, _) = EVIDENCE.split_once("## How this is tested").expect("it is");
    let margin = told.lines().filter_map(|line| line.strip_prefix("    "));
    let names = margin.filter(|line| line.starts_with(|c: char| c.is_ascii_alphabetic()));
    for name in names.filter_map(|line| Some(line.split_once("  ")?.0)) {
        let name = name.split("'s").next().expect("a name");
        let is_in_words = ["the command"].contains(&name);
        assert!(is_in_words || EVIDENCE_ZH.contains(name), "{name}");
    }
}

/// Collects the keys of the contract, and the words that its fields choose from. What comes from
/// lab files or from a peer has keys and words of its own.
fn words_of(value: &Value, words: &mut BTreeSet<String>) {
    const CHOICES: [&str; 9] = [
        "cut_by",
        "direction",
        "kind",
        "lost_in",
        "op",
        "outcome",
        "part",
        "side",
        "type",
    ];
    match value {
        Value::Object(fields) => {
            for (key, value) in fields {
                words.insert(key.clone());
                if let Some(word) = value.as_str()
                    && CHOICES.contains(&key.as_str())
                {
                    words.insert(word.into());
                }
                if !["script", "claims", "texts", "header"].contains(&key.as_str()) {
                    words_of(value, words);
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| words_of(item, words)),
        _ => {}
    }
}

#[test]
fn the_contract_names_every_field_and_every_choice() {
    let mut words = BTreeSet::new();
    for line in contract() {
        words_of(&line, &mut words);
    }
    assert!(words.contains("segments_out") && words.contains("recvfrom"));
    words.retain(|word| !says(JSON, word));
    assert!(words.is_empty(), "docs/json.md does not speak of {words:?}");
}

/// The contract's example, its wrapped lines joined: every object starts a line with `{"type"`.
fn example() -> Vec<Value> {
    let (_, rest) = JSON.split_once("wrapped here to be read:").expect("it");
    let lines = rest.lines().skip_while(|line| !line.starts_with("    "));
    let code: String = lines.take_while(|line| line.starts_with("    ")).collect();
    let objects = code.split(r#"{"type""#).skip(1);
    objects
        .map(|rest| serde_json::from_str(&format!(r#"{{"type"{rest}"#)).expect("JSON"))
        .collect()
}

#[test]
fn the_example_is_what_lab_3_writes() {
    let timeless = |mut line: Value| {
        let fields = line.as_object_mut().expect("an object");
        fields.retain(|key, _| !key.ends_with("_us") && key != "seq");
        // Who was quick enough to know differs from run to run; what they know does not.
        for edge in fields
            .get_mut("edges")
            .into_iter()
            .filter_map(Value::as_array_mut)
            .flatten()
        {
            edge.as_object_mut().expect("an edge").remove("witnesses");
        }
        let got = fields.get_mut("delivery").and_then(|it| it.get_mut("got"));
        for got in got.and_then(Value::as_array_mut).into_iter().flatten() {
            got.as_object_mut().expect("a message").remove("seq");
        }
        line
    };
    let written: Vec<Value> = run(root(), &["3", "--run", "leftover", "--json"])
        .lines()
        .map(|line| timeless(serde_json::from_str(line).expect("JSON")))
        .collect();
    let shown: Vec<Value> = example().into_iter().map(timeless).collect();
    assert_eq!(shown.len(), 3);
    // The client's close may come in between: it is not part of what the example shows.
    for line in shown {
        assert!(written.contains(&line), "{line}");
    }
}
