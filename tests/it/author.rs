//! What an instructor does: begins a lab, spoils it in every way, and is told how to mend it.

use std::fs;
use std::path::{Path, PathBuf};

use crate::shell::Done;

fn desk(name: &str) -> PathBuf {
    crate::shell::desk(&format!("author/{name}"))
}

fn lab(desk: &Path, args: &[&str]) -> Done {
    crate::shell::done(crate::shell::lab(args).current_dir(desk))
}

/// Replaces a part of a file that must be there.
fn edit(path: &Path, from: &str, to: &str) {
    let text = fs::read_to_string(path).expect("the file is there");
    assert!(text.contains(from), "no `{from}` in {}", path.display());
    fs::write(path, text.replacen(from, to, 1)).expect("the file is written");
}

#[test]
fn a_new_lab_runs_at_once_and_is_clean() {
    let desk = desk("new");
    let Done { code, out, err } = lab(&desk, &["new", "my-lab"]);
    assert_eq!((code, err.as_str()), (0, ""));
    let last: Vec<&str> = out.lines().rev().take(2).map(str::trim).collect();
    let slash = std::path::MAIN_SEPARATOR;
    assert_eq!(
        last,
        [
            format!("lab lint my-lab{slash}"),
            format!("lab run my-lab{slash}")
        ]
    );
    let schema = fs::read_to_string(desk.join("my-lab/lab.schema.json")).expect("it is there");
    assert_eq!(schema, sticky_lab::lab::schema::schema());
    let Done { code, out, err } = lab(&desk, &["run", "my-lab/"]);
    assert_eq!((code, err.as_str()), (0, ""), "{out}");
    assert!(!out.contains("<!--"), "notes are not shown: {out}");
    let Done { code, out, err } = lab(&desk, &["lint", "my-lab/", "--times", "3"]);
    assert_eq!((code, err.as_str()), (0, ""), "no progress: {out}");
    assert!(
        out.starts_with("my-lab: 2 runs, each 3 of 3 times"),
        "{out}"
    );
    assert_eq!(out.lines().count(), 1);
}

#[test]
fn a_new_lab_speaks_chinese_if_asked() {
    let desk = desk("zh");
    let Done { code, out, .. } = lab(&desk, &["new", "聊天", "--lang", "zh"]);
    assert_eq!(code, 0);
    assert!(
        out.contains("接下来：") && out.contains("lab lint 聊天"),
        "{out}"
    );
}

#[test]
fn nothing_is_overwritten_and_impossible_names_are_refused() {
    let desk = desk("refused");
    fs::write(desk.join("taken"), "mine").expect("a file");
    for (name, words) in [
        ("taken", "nothing is overwritten"),
        ("My Lab", "how about `my-lab`?"),
        ("..", "is no name"),
        ("", "a value is required"),
        ("8", "is a number"),
        ("not/there", "is not there"),
    ] {
        let Done { code, out, err } = lab(&desk, &["new", name]);
        assert_eq!((code, out.as_str()), (2, ""), "{name}: {err}");
        assert!(err.contains(words), "{name}: {err}");
    }
    assert_eq!(fs::read_to_string(desk.join("taken")).expect("it"), "mine");
    assert_eq!(
        fs::read_dir(&desk).expect("it").count(),
        1,
        "nothing is left"
    );
}

#[test]
fn each_finding_has_its_place() {
    let desk = desk("findings");
    lab(&desk, &["new", "own"]);
    let own = desk.join("own");
    edit(&own.join("lab.json"), "\"helloworld\"", "\"hello\"");
    edit(&own.join("en.md"), "- stuck", "- stcuk");
    edit(&own.join("zh.md"), "`lab 4`", "`lab 444`");
    let Done { code, out, err } = lab(&desk, &["lint", "own", "--times", "2"]);
    assert_eq!((code, err.as_str()), (1, ""), "{out}");
    for words in [
        "en.md:13:1: there is no run `stcuk`; did you mean `stuck`?",
        "en.md:14:1: no sentence about run `stuck`",
        "zh.md:28:20: `lab 444`: there is no such lab",
        "lab.json:9:28: run `stuck`, 2 of 2 times: `recvs` is claimed to be \"hello\", and was \"helloworld\"",
        "own: 4 findings (",
    ] {
        assert!(out.contains(words), "no `{words}` in\n{out}");
    }
    assert_eq!(out.lines().count(), 5, "{out}");
}

/// What a run waits for in vain is waited for once, not twenty times.
#[test]
fn a_deadline_is_a_finding_and_waited_for_once() {
    let desk = desk("late");
    lab(&desk, &["new", "late"]);
    let file = desk.join("late/lab.json");
    edit(&file, "\"queued\": 10", "\"queued\": 11");
    // Its client stays, so nobody can say that the bytes will never come.
    let acked = "{ \"await\": \"acked\" }";
    edit(&file, acked, &format!("{acked}, {{ \"recv\": 1 }}"));
    edit(
        &file,
        "\"name\": \"stuck\",",
        "\"name\": \"stuck\", \"deadline\": \"100ms\",",
    );
    let Done { code, out, .. } = lab(&desk, &["lint", "late"]);
    assert_eq!(code, 1);
    let words = "late/lab.json:6:15: run `stuck`, 1 of 1 times: still waiting at the deadline: ";
    let waited = out.lines().find_map(|line| line.strip_prefix(words));
    assert!(
        waited.is_some_and(|who| who.contains("server await")),
        "{out}"
    );
}

#[test]
fn a_lab_that_cannot_be_read_is_a_finding_and_a_path_to_nowhere_a_mistake() {
    let desk = desk("unread");
    lab(&desk, &["new", "broken"]);
    edit(
        &desk.join("broken/lab.json"),
        "{ \"recv\": 1024 }",
        "\"recv\"",
    );
    let Done { code, out, .. } = lab(&desk, &["lint", "broken"]);
    assert_eq!(code, 1);
    assert!(
        out.contains("broken/lab.json:8:55: `recv` says too little"),
        "{out}"
    );
    let Done { code, out, err } = lab(&desk, &["lint", "broken", "nowhere"]);
    assert_eq!((code, out.as_str()), (2, ""));
    assert!(
        err.contains("nowhere") && err.contains("a lab is a directory"),
        "{err}"
    );
    let Done { code, .. } = lab(&desk, &["lint", "--times", "0"]);
    assert_eq!(code, 2);
}

#[test]
fn without_a_directory_the_catalogue_is_linted() {
    let labs = sticky_lab::lab::catalogue().expect("the catalogue reads");
    let Done { code, out, err } = lab(&desk("catalogue"), &["lint", "--times", "1"]);
    assert_eq!((code, err.as_str()), (0, ""), "{out}");
    assert_eq!(out.lines().count(), labs.len(), "a line a lab: {out}");
    for (line, lab) in out.lines().zip(&labs) {
        let (number, runs) = (lab.number.expect("a number"), lab.file.runs.len());
        let start = format!("lab {number} {}: {runs} runs, each 1 of 1 times", lab.slug);
        assert!(line.starts_with(&start), "{line}");
    }
}
