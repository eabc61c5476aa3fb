//! The README and the documents that `lab help` prints say what the program does.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use snapbox::{IntoData, assert_data_eq};
use sticky_lab::lab;

const README: &str = include_str!("../README.md");
const JSON: &str = include_str!("../docs/json.md");
const EVIDENCE: &str = include_str!("../docs/evidence.md");

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The fenced blocks of this kind.
fn blocks(kind: &str) -> Vec<String> {
    let fence = format!("```{kind}");
    let mut lines = README.lines();
    let mut blocks = Vec::new();
    while lines.any(|line| line == fence) {
        let block = lines.by_ref().take_while(|line| *line != "```");
        blocks.push(block.map(|line| format!("{line}\n")).collect());
    }
    blocks
}

fn run(dir: &Path, args: &[&str]) -> String {
    let out = Command::new(env!("CARGO_BIN_EXE_lab"))
        .current_dir(dir)
        .args(args)
        .env("LC_ALL", "C.UTF-8")
        .env_remove("CLICOLOR_FORCE")
        .output()
        .expect("lab runs");
    let complaint = String::from_utf8_lossy(&out.stderr);
    assert!(out.status.success(), "lab {args:?}: {complaint}");
    String::from_utf8(out.stdout).expect("UTF-8")
}

/// A directory as a reader of the README has it: the recorded trace, and the lab saved as told.
fn desk() -> PathBuf {
    let desk = Path::new(env!("CARGO_TARGET_TMPDIR")).join("readme");
    let write = |path: &str, text: &[u8]| {
        let path = desk.join(path);
        std::fs::create_dir_all(path.parent().expect("inside")).expect("a directory");
        std::fs::write(path, text).expect("a file");
    };
    let [lab] = blocks("json").try_into().expect("one lab in the README");
    write("my-lab/lab.json", lab.as_bytes());
    let trace = std::fs::read(root().join("docs/lab-3.jsonl")).expect("the trace");
    write("docs/lab-3.jsonl", &trace);
    desk
}

#[test]
fn every_block_shows_what_the_program_prints() {
    let desk = desk();
    let blocks = blocks("console");
    assert!(!blocks.is_empty());
    for block in blocks {
        let (command, shown) = block.split_once('\n').expect("a command");
        let args = command.strip_prefix("$ lab ").expect("a lab command");
        let args: Vec<&str> = args.split_whitespace().collect();
        assert_data_eq!(run(&desk, &args), shown.to_owned().raw());
    }
}
