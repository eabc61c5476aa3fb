//! What somebody else has named or sent reaches a terminal as words, in every form: the fuzzed
//! traces and files hold it for what is drawn, this for the program as a whole.

use std::fs;

use crate::shell::{desk, done, lab};
use serde_json::{Value, json};

/// A control of each kind, what turns the direction of writing, what has no width, and what JSON
/// has two escapes for.
const HOSTILE: &str = "\u{9b}31m\u{9d}\u{7f}\u{1b}[2J\u{202e}\u{200b}\u{2066}\u{feff}\u{e0001}";

#[track_caller]
fn is_harmless(text: &str) {
    let harmful = text.chars().find(|c| {
        (c.is_control() && *c != '\n') || HOSTILE.contains(*c) && !matches!(c, ' '..='~')
    });
    assert_eq!(harmful, None, "{text:?}");
}

#[test]
fn nothing_that_a_peer_or_a_file_says_is_passed_on_raw() {
    let path = desk("harmless").join("lab.json");
    let run = json!({
        "name": "r",
        "client": [{ "send": HOSTILE }, { "send": HOSTILE }, { "signal": HOSTILE }],
        "server": [
            { "await": { "signal": HOSTILE } },
            { "recv_text": { "size": 64, "errors": "strict" } },
            { "recv_exact": 500 }
        ],
    });
    fs::write(&path, json!({ "runs": [run] }).to_string()).expect("a lab");
    let path = path.to_str().expect("UTF-8");
    let printed = |args: &[&str]| {
        let done = done(&mut lab(args));
        is_harmless(&done.out);
        is_harmless(&done.err);
        done.out
    };
    for form in [
        &["run", path][..],
        &["run", path, "--plain"],
        &["lint", path],
    ] {
        printed(form);
    }
    let json = printed(&["run", path, "--json"]);
    let text = json.lines().find_map(|line| {
        let line: Value = serde_json::from_str(line).expect("JSON");
        Some(line["text"]["out"].as_str()?.to_owned())
    });
    assert_eq!(
        text.unwrap_or_default(),
        HOSTILE.repeat(2),
        "it reads back as it was: {json}"
    );
    let trace = desk("harmless-trace").join("trace.jsonl");
    fs::write(&trace, &json).expect("a trace");
    let trace = trace.to_str().expect("UTF-8");
    assert_eq!(printed(&["replay", trace, "--json"]), json);
    printed(&["replay", trace, "--repeat", "--json"]);
    printed(&["compare", trace, trace, "--json"]);
    for typed in [
        &[HOSTILE][..],
        &["3", "--run", HOSTILE],
        &["--lang", HOSTILE],
        &["code", "3", HOSTILE],
    ] {
        printed(typed);
    }
    printed(&["3", &format!("--{HOSTILE}")]);
}
