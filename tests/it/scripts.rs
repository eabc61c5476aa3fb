//! Somebody who asks a script what it does is told, and nothing is done.
#![cfg(unix)]

use std::fs;
use std::path::PathBuf;

use crate::rooms::root;
use crate::shell::{Done, start};

/// Those that somebody starts: a compiler's wrapper, and what the others source, are started by them.
fn scripts() -> Vec<PathBuf> {
    let entries = fs::read_dir(root().join("scripts")).expect("a directory");
    let mut scripts: Vec<PathBuf> = entries
        .map(|entry| entry.expect("an entry").path())
        .collect();
    scripts.retain(|path| !path.ends_with("strict-rustc") && !path.ends_with("help.sh"));
    assert!(scripts.len() > 5, "{scripts:?}");
    scripts
}

/// Without a compiler at hand, so that one that begins all the same does not come far.
fn said(script: &PathBuf, word: &str) -> Done {
    let mut script = start(script);
    // Where a locale is not installed, bash complains.
    script.env("PATH", "/usr/bin:/bin").env("LC_ALL", "C");
    let output = script.arg(word).output();
    Done::of(output.expect("bash"))
}

#[test]
fn each_script_says_what_it_does() {
    for script in scripts() {
        let head = fs::read_to_string(&script).expect("a script");
        let head = head
            .lines()
            .nth(1)
            .expect("a second line")
            .trim_start_matches("# ");
        for word in ["--help", "-h"] {
            let Done { code, out, err } = said(&script, word);
            assert_eq!((code, err.as_str()), (0, ""), "{script:?} {word}");
            assert!(out.starts_with(head), "{script:?} {word}: {out}");
        }
    }
}

#[test]
fn no_script_begins_on_a_word_that_it_does_not_know() {
    let mut scripts = scripts();
    // They hand on what they do not know: to `lab`, to cargo.
    scripts.retain(|path| !path.ends_with("lecture") && !path.ends_with("portable"));
    for script in scripts {
        let Done { code, out, err } = said(&script, "--hepl");
        assert_eq!((code, out.as_str()), (2, ""), "{script:?}: {err}");
        assert!(
            err.contains("`--hepl`") && err.contains("--help"),
            "{script:?}: {err}"
        );
    }
}
