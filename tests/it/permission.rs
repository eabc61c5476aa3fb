//! A lab from elsewhere starts no program that nobody has allowed, whatever way leads into its runs.

use std::fs;
use std::path::{Path, PathBuf};

use crate::shell::{self, Done, desk, done};
use crate::terminal::Terminal;

/// A lab that names a program, and the file that the program makes.
fn lab(name: &str) -> (String, PathBuf) {
    let dir = desk(&format!("permission/{name}"));
    let made = dir.join("made");
    let program = serde_json::json!(["touch", made.to_str().expect("UTF-8")]);
    let text = format!(
        r#"{{ "commands": {{ "ls": {program} }},
  "runs": [ {{ "name": "one", "client": [ {{ "send": "ls" }}, {{ "recv_until_end": 100 }} ],
      "server": [ {{ "recv": 10 }}, "run_command", "send_answer" ] }},
    {{ "name": "two", "client": [ {{ "send": "ls" }}, {{ "recv_until_end": 100 }} ],
      "server": [ {{ "recv": 10 }}, "run_command", "send_answer" ] }} ] }}"#
    );
    fs::write(dir.join("lab.json"), text).expect("a lab");
    (dir.to_str().expect("UTF-8").into(), made)
}

fn start(args: &[&str], dir: &str) -> Done {
    let args: Vec<String> = args.iter().map(|word| word.replace("DIR", dir)).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    done(&mut shell::lab(&args))
}

#[test]
fn without_a_terminal_every_way_into_a_run_needs_the_word() {
    let (dir, made) = lab("ways");
    for way in [
        &["run", "DIR"][..],
        &["run", "DIR/lab.json"],
        &["run", "DIR", "--run", "two", "--plain"],
        &["run", "DIR", "--json"],
        &["run", "DIR", "--wire"],
        &["run", "DIR", "--repeat", "2"],
        &["run", "DIR", "--predict", "--answer", "a"],
        &["run", "DIR", "--step"],
        &["compare", "DIR:one", "DIR:two"],
        &["compare", "3", "DIR"],
        &["compare", "DIR", "3", "--json"],
        &["lint", "DIR", "--times", "1"],
    ] {
        let Done { code, out, err } = start(way, &dir);
        assert_eq!((code, &*out), (2, ""), "{way:?}: {err}");
        let touch = format!(r#"`ls` ["touch","{}"]"#, made.display());
        assert!(err.contains("lab.json:1:15: "), "{way:?}: {err}");
        assert!(err.contains(&touch), "{way:?}: {err}");
        assert!(err.contains("--allow-commands"), "{way:?}: {err}");
        assert!(!made.exists(), "{way:?}");
    }
    let Done { err, .. } = start(&["run", "DIR", "--lang", "zh"], &dir);
    assert!(err.contains("请加上 --allow-commands"), "{err}");
}

#[test]
fn what_the_command_line_allows_is_started() {
    let (dir, made) = lab("allowed");
    for way in [
        &["run", "DIR", "--allow-commands"][..],
        &["compare", "3", "DIR:two", "--allow-commands"],
        &["lint", "DIR", "--times", "1", "--allow-commands"],
    ] {
        let Done { err, .. } = start(way, &dir);
        assert!(made.exists(), "{way:?}: {err}");
        fs::remove_file(&made).expect("it is there");
    }
    // What the program itself brings is nobody else's, and printing a lab's code starts nothing.
    assert_eq!(start(&["8", "--plain"], &dir).code, 0);
    assert_eq!(start(&["code", "DIR"], &dir).code, 0);
    assert!(!made.exists());
}

/// The lab, at a terminal where these keys are the answer; its exit code.
fn answered(args: &[&str], dir: &str, made: &Path, keys: &str) -> u32 {
    let args: Vec<String> = args.iter().map(|word| word.replace("DIR", dir)).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let mut terminal = Terminal::start(&args, 300, 60);
    terminal.wait_for("Start them? (y/N)");
    assert!(terminal.screen().contains(r#"ls  ["touch","#));
    assert!(!made.exists(), "it asks first");
    terminal.keys(keys);
    let code = terminal.end();
    assert_eq!(terminal.seen().matches("Start them?").count(), 1);
    code
}

#[test]
fn at_a_terminal_it_shows_what_it_would_start_and_asks_once() {
    let (dir, made) = lab("asked");
    let two = ["compare", "DIR:one", "DIR:two"];
    for way in [&["run", "DIR"][..], &two, &["lint", "DIR", "--times", "1"]] {
        for (keys, code) in [
            ("\r", 2),
            ("n\r", 2),
            ("q\r", 0),
            ("\u{4}", 0),
            ("\u{3}", 130),
        ] {
            assert_eq!(answered(way, &dir, &made, keys), code, "{way:?} {keys:?}");
            assert!(!made.exists(), "{way:?} {keys:?}");
        }
        answered(way, &dir, &made, "y\r");
        assert!(made.exists(), "{way:?}");
        fs::remove_file(&made).expect("it is there");
    }
}

/// What a terminal would obey stands there as an escape.
#[test]
fn what_is_shown_of_a_command_hides_nothing() {
    let dir = desk("permission/hidden");
    let text = r#"{ "commands": { "l\u001b[2Js": ["sh", "-c", "true\u001b[8m; \u202eevil\r"] },
        "runs": [ { "name": "one", "client": [], "server": [] } ] }"#;
    fs::write(dir.join("lab.json"), text).expect("a lab");
    let dir = dir.to_str().expect("UTF-8");
    let Done { err, .. } = start(&["run", "DIR"], dir);
    let shown = r#"`l\u{1b}[2Js` ["sh","-c","true\u001b[8m; \u{202e}evil\r"]"#;
    assert!(err.contains(shown), "{err}");
    let mut terminal = Terminal::start(&["run", dir], 120, 24);
    terminal.wait_for("Start them?");
    assert!(terminal.screen().contains(r#"evil\r"]"#));
    terminal.keys("q\r");
    terminal.end();
}
