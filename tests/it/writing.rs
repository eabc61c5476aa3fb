//! `docs/writing-labs.md` is followed step by step, as a reader would; its reference says all that
//! the schema says.

use std::collections::VecDeque;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use serde_json::Value;
use snapbox::assert_data_eq;
use sticky_lab::lab::schema::schema;

const PAGE: &str = include_str!("../../docs/writing-labs.md");
const REFERENCE: &str = "## All that a lab file can say\n";

/// What the program said, without how long it took.
fn timeless(text: &str) -> String {
    let lines = text.lines().map(|line| match line.rsplit_once(" (") {
        Some((said, took)) if took.ends_with(" s)") => said,
        _ => line,
    });
    lines.flat_map(|line| [line, "\n"]).collect()
}

/// Lines that are folded on the page, in one piece again.
fn unfolded(text: &str) -> String {
    text.replace("\n    ", " ")
}

/// Each block of the page does its part: files are written, commands run, output compared.
#[test]
fn the_page_can_be_followed() {
    let desk = Path::new(env!("CARGO_TARGET_TMPDIR")).join("writing");
    // It is there if the test has run before.
    let _ = fs::remove_dir_all(&desk);
    fs::create_dir_all(&desk).expect("a directory");
    let (guide, _) = PAGE
        .split_once(REFERENCE)
        .expect("the reference comes last");
    let (mut commands, mut files) = (0, 0);
    for (kind, block) in crate::document::blocks(guide) {
        let file = match kind.as_str() {
            "json" => "sensor/lab.json",
            "markdown" => "sensor/en.md",
            "console" => {
                commands += follow(&desk, &block);
                continue;
            }
            other => panic!("what is a block of `{other}`?"),
        };
        assert!(desk.join(file).exists(), "{file} is there to be changed");
        fs::write(desk.join(file), block).expect("a file");
        files += 1;
    }
    assert!((commands, files) >= (6, 4), "{commands} {files}");
}

/// Runs the commands of a block and compares what follows each.
fn follow(desk: &Path, block: &str) -> usize {
    let commands = block.strip_prefix("$ ").expect("a command comes first");
    let mut count = 0;
    for command in commands.split("\n$ ") {
        count += 1;
        let (command, shown) = command.split_once('\n').unwrap_or((command, ""));
        let words: Vec<&str> = command.split(' ').collect();
        match words[..] {
            ["rm", file] => fs::remove_file(desk.join(file)).expect("it is there"),
            ["lab", ref args @ ..] => {
                let done = crate::document::lab(desk, args);
                assert_eq!(done.err, "", "lab {args:?}");
                // What lint finds is shown, and nothing else goes wrong.
                let finds = shown.contains(" findings (") || shown.contains(" finding (");
                assert_eq!(done.code, i32::from(finds), "lab {args:?}");
                let printed = done.out;
                if args[0] == "lint" {
                    assert_eq!(timeless(&printed), timeless(&unfolded(shown)));
                } else {
                    assert_data_eq!(printed, shown.to_owned());
                }
            }
            _ => panic!("what is `{command}`?"),
        }
    }
    count
}

#[test]
fn the_reference_is_what_the_schema_says() {
    let (guide, _) = PAGE
        .split_once(REFERENCE)
        .expect("the reference comes last");
    let page = format!("{guide}{REFERENCE}{}", reference());
    if std::env::var_os("UPDATE_DOCS").is_some() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/writing-labs.md");
        fs::write(path, &page).expect("the page is written");
        return;
    }
    assert!(
        PAGE == page,
        "docs/writing-labs.md is stale: run UPDATE_DOCS=1 cargo test --test it writing, and look at \
         the difference before committing it"
    );
}

/// The generator forgets nothing: each name of the schema stands in the reference.
#[test]
fn every_word_of_a_lab_file_is_in_the_reference() {
    let (_, reference) = PAGE
        .split_once(REFERENCE)
        .expect("the reference comes last");
    let schema: Value = serde_json::from_str(&schema()).expect("JSON");
    let definitions = schema["$defs"].as_object().expect("definitions");
    let mut words = Vec::new();
    for schema in definitions.values() {
        for schema in variants(schema).into_iter().chain([schema]) {
            words.extend(
                schema["properties"]
                    .as_object()
                    .into_iter()
                    .flat_map(|p| p.keys()),
            );
            words.extend(schema["enum"].as_array().into_iter().flatten().map(text));
            words.extend(schema["const"].as_str().map(|_| text(&schema["const"])));
        }
    }
    assert!(words.len() > 80, "{}", words.len());
    words.retain(|word| !reference.contains(word.as_str()));
    assert_eq!(words, [""; 0]);
    assert!(definitions.contains_key("Step"));
}

fn text(value: &Value) -> &String {
    match value {
        Value::String(text) => text,
        other => panic!("{other} is no text"),
    }
}

fn variants(schema: &Value) -> Vec<&Value> {
    schema["oneOf"].as_array().into_iter().flatten().collect()
}

/// All objects and choices of a lab file: the file itself first, then what it speaks of, each
/// where it is first spoken of.
fn reference() -> String {
    let schema: Value = serde_json::from_str(&schema()).expect("JSON");
    let mut out = String::from(
        "\nMade from the schema. Keys with a star must be there; a word with a capital\n\
         stands for what is said under that word.\n",
    );
    let mut seen = vec!["Lab".to_string()];
    let mut next = VecDeque::from(seen.clone());
    while let Some(name) = next.pop_front() {
        let shown = if name == "Lab" {
            &schema
        } else {
            &schema["$defs"][&name]
        };
        section(&mut out, &name, shown);
        for found in references(shown) {
            if !seen.contains(&found) {
                seen.push(found.clone());
                next.push_back(found);
            }
        }
    }
    out
}

/// The definitions that a schema speaks of, in order.
fn references(schema: &Value) -> Vec<String> {
    match schema {
        Value::Object(fields) => fields
            .iter()
            .filter(|(key, _)| *key != "$defs")
            .flat_map(|(key, value)| match value {
                Value::String(to) if key == "$ref" => vec![last(to)],
                value => references(value),
            })
            .collect(),
        Value::Array(items) => items.iter().flat_map(references).collect(),
        _ => Vec::new(),
    }
}

fn last(path: &str) -> String {
    path.rsplit('/').next().unwrap_or(path).into()
}

fn section(out: &mut String, name: &str, schema: &Value) {
    write!(out, "\n### {name}\n\n").expect("to a string");
    let said = schema["description"].as_str().unwrap_or_default();
    for paragraph in said.split("\n\n") {
        let paragraph = unlinked(&paragraph.replace('\n', " "));
        writeln!(out, "{}\n", textwrap::fill(&paragraph, 80)).expect("to a string");
    }
    let mut rows = Vec::new();
    rows.extend(keys(schema));
    for variant in variants(schema) {
        let said = variant["description"].as_str().unwrap_or_default();
        if let Some(words) = variant["enum"].as_array() {
            rows.extend(words.iter().map(|word| (word.to_string(), said.into())));
        } else if let Some(properties) = variant["properties"].as_object() {
            let (key, of) = properties.iter().next().expect("one key");
            rows.push((format!("{{ \"{key}\": {} }}", kind(of)), said.into()));
        } else {
            rows.push((variant["const"].to_string(), said.into()));
        }
    }
    if let Some(words) = schema["enum"].as_array() {
        rows.extend(words.iter().map(|word| (word.to_string(), String::new())));
    }
    if rows.is_empty() {
        rows.push((kind(schema), String::new()));
    }
    for (what, said) in rows {
        row(out, &what, &said);
    }
}

/// The keys of an object: name and kind, and what is said of it.
fn keys(schema: &Value) -> Vec<(String, String)> {
    let required = |key: &str| {
        let mut keys = schema["required"].as_array().into_iter().flatten();
        keys.any(|required| required == key)
    };
    let properties = schema["properties"].as_object().into_iter().flatten();
    properties
        .map(|(key, of)| {
            let star = if required(key) { "*" } else { "" };
            let said = of["description"].as_str().unwrap_or_default();
            (format!("{key}{star}: {}", kind(of)), said.into())
        })
        .collect()
}

/// What stands for a value: the word of its definition, or what JSON calls it.
fn kind(schema: &Value) -> String {
    if let Some(to) = schema["$ref"].as_str() {
        return last(to);
    }
    if let Some(word) = schema["const"].as_str() {
        return format!("\"{word}\"");
    }
    if let Some(choices) = schema["anyOf"].as_array() {
        let kinds = choices.iter().filter(|choice| choice["type"] != "null");
        return kinds.map(kind).collect::<Vec<_>>().join(" or ");
    }
    let types = match &schema["type"] {
        Value::Array(types) => types.iter().filter_map(Value::as_str).collect(),
        one => vec![one.as_str().unwrap_or_default()],
    };
    match types.iter().find(|name| **name != "null") {
        Some(&"string") => "text".into(),
        Some(&"integer") => match (&schema["minimum"], &schema["maximum"]) {
            (Value::Number(least), Value::Number(most)) => format!("{least} to {most}"),
            _ => "number".into(),
        },
        Some(&"boolean") => "true or false".into(),
        Some(&"array") => format!("[{}, …]", kind(&schema["items"])),
        Some(&"object") => "object".into(),
        other => panic!("{other:?} of {schema}"),
    }
}

/// `[word](address)` as the word alone: a terminal opens no links.
fn unlinked(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, link)) = rest.split_once('[')
        && let Some((word, link)) = link.split_once("](")
        && let Some((_, after)) = link.split_once(')')
    {
        out += before;
        out += word;
        rest = after;
    }
    out + rest
}

const SAYS_AT: usize = 32;

fn row(out: &mut String, what: &str, said: &str) {
    let said = unlinked(&said.replace('\n', " "));
    let options = textwrap::Options::new(80 - SAYS_AT);
    // A word of a lab file stays in one piece, hyphens and all.
    let options = options.word_splitter(textwrap::WordSplitter::NoHyphenation);
    let mut lines = textwrap::wrap(&said, options).into_iter();
    let mut line = format!("    {what}");
    if line.chars().count() + 2 > SAYS_AT && !said.is_empty() {
        writeln!(out, "{line}").expect("to a string");
        line = String::new();
    }
    let first = lines.next().unwrap_or_default();
    writeln!(out, "{}", format!("{line:SAYS_AT$}{first}").trim_end()).expect("to a string");
    for more in lines {
        writeln!(out, "{:SAYS_AT$}{more}", "").expect("to a string");
    }
}
