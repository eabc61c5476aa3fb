//! `lab code`: the programs as they are printed. tests/python runs them.

use std::fs;
use std::path::Path;

use crate::shell::{Done, done, lab};
use snapbox::{assert_data_eq, file};
use sticky_lab::event::Side;
use sticky_lab::lab;
use sticky_lab::lang::Lang;
use sticky_lab::python;
use sticky_lab::scenario;
use unicode_width::UnicodeWidthStr;

/// What the command printed, if it went well.
fn code(args: &[&str]) -> Result<String, (i32, String)> {
    let Done { code, out, err } = done(&mut lab(&[&["code"], args].concat()));
    if code == 0 { Ok(out) } else { Err((code, err)) }
}

#[test]
fn lab_3_is_as_a_tutorial_would_have_it() {
    for (lang, expected) in [
        ("en", file!["pictures/code-3-en.py"]),
        ("zh", file!["pictures/code-3-zh.py"]),
    ] {
        assert_data_eq!(code(&["3", "--lang", lang]).unwrap(), expected.raw());
    }
}

/// A header dict with a cut, a repeat, several clients, an option to be set again, commands, a
/// famous mistake, a server that listens again, a path.
#[test]
fn harder_runs_are_too() {
    for (lab, run, side, expected) in [
        (
            "5",
            "torn-header",
            "--server",
            file!["pictures/code-5-server.py"],
        ),
        (
            "5",
            "torn-header",
            "--client",
            file!["pictures/code-5-client.py"],
        ),
        ("6", "flood", "--server", file!["pictures/code-6-server.py"]),
        (
            "7",
            "second-waits",
            "--client",
            file!["pictures/code-7-client.py"],
        ),
        (
            "2",
            "delayed-ack",
            "--server",
            file!["pictures/code-2-server.py"],
        ),
        (
            "8",
            "length-first",
            "--server",
            file!["pictures/code-8-server.py"],
        ),
        (
            "13",
            "counted-twice",
            "--server",
            file!["pictures/code-13-server.py"],
        ),
        (
            "19",
            "reuse-too-late",
            "--server",
            file!["pictures/code-19-server.py"],
        ),
        (
            "21",
            "seqpacket",
            "--server",
            file!["pictures/code-21-server.py"],
        ),
    ] {
        let printed = code(&[lab, "--run", run, side, "--lang", "en"]).unwrap();
        assert_data_eq!(printed, expected.raw());
    }
}

#[test]
fn without_a_half_both_are_printed_and_parted() {
    let both = code(&["short-recv"]).unwrap();
    let (server, client) = both.split_once("\n\n\n# ---- client.py -").expect("parted");
    let (how, server) = server.split_once("\n\n").expect("how to write both");
    assert!(
        how.contains("lab code 3 --run leftover --server > server.py"),
        "{how}"
    );
    let (heading, server) = server.split_once('\n').expect("a heading");
    assert!(heading.starts_with("# ---- server.py -"), "{heading}");
    assert_eq!(format!("{server}\n"), code(&["3", "--server"]).unwrap());
    let (_, client) = client.split_once('\n').expect("a heading");
    assert_eq!(client, code(&["3", "--client"]).unwrap());
    let other = code(&["3", "--run", "late-world", "--server"]).unwrap();
    assert!(
        other.starts_with("\"\"\"Lab 3, run late-world: the server.\n"),
        "{other}"
    );
}

#[test]
fn mistakes_are_named() {
    for (args, word) in [
        (&["333"][..], "no such lab"),
        (&["3", "--run", "leftovr"], "did you mean `leftover`?"),
        (&["3", "--server", "--client"], "cannot be used with"),
        (&[], "LAB"),
    ] {
        let (status, complaint) = code(args).unwrap_err();
        assert_eq!(status, 2, "{args:?}");
        assert!(complaint.contains(word), "{args:?}: {complaint}");
    }
}

#[test]
fn every_program_fits_and_reads_in_both_languages() {
    for lab in lab::catalogue().expect("the catalogue") {
        for index in 0..lab.file.runs.len() {
            let plan = scenario::resolve(&lab.file, index).expect("the catalogue resolves");
            for lang in [Lang::En, Lang::Zh] {
                for side in Side::BOTH {
                    let program = python::program(&lab, &plan, side, lang);
                    for line in program.lines() {
                        let name = &plan.script.name;
                        assert!(line.width() <= 88, "{} {name}: {line}", lab.slug);
                        assert_eq!(line, line.trim_end(), "{} {name}", lab.slug);
                    }
                }
            }
        }
    }
}

/// A lab from outside has programs too, and none of its words gets out of its comment or literal.
#[test]
fn words_of_a_lab_file_stay_words() {
    let hostile = "x\"\"\"\nimport os\r\u{2028}\u{1b}[2J\\";
    let lab = serde_json::json!({"runs": [{
        "name": "words",
        "client": [{"signal": hostile}, {"send": hostile}],
        "server": [{"await": {"signal": hostile}}, {"recv": 9}],
    }]});
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("code-words");
    fs::create_dir_all(&dir).expect("a directory in target/tmp");
    fs::write(dir.join("lab.json"), lab.to_string()).expect("the lab file");
    let text = format!(
        "# {0}\n\n{0}\n\n## Runs\n- words: x\"\"\"\\\u{1b}\n",
        "x\"\"\"\\"
    );
    fs::write(dir.join("en.md"), text).expect("the text");
    let both = code(&[dir.to_str().expect("UTF-8")]).unwrap();
    assert!(both.chars().all(|c| c == '\n' || !c.is_control()), "{both}");
    assert!(!both.contains('\u{2028}'));
    // Outside comments and literals only the programs' own docstrings begin and end so.
    let bare = |line: &&str| !line.trim_start().starts_with(['#', 'p']);
    let marks = both
        .lines()
        .filter(bare)
        .map(|line| line.matches("\"\"\"").count());
    assert_eq!(marks.sum::<usize>(), 4, "{both}");
    assert!(
        !both
            .lines()
            .any(|line| line.trim_start().starts_with("import os")),
        "{both}"
    );
}
