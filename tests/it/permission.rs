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

/// All files below a directory.
fn files(dir: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(dir).expect("a directory");
    let mut found = Vec::new();
    for entry in entries {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(files(&path));
        }
        found.push(path);
    }
    found.sort();
    found
}

/// Words that a shell, a path or a template would make something of, wherever a lab has words.
#[test]
fn nothing_else_in_a_lab_a_text_or_a_trace_starts_or_writes_anything() {
    let desk = desk("permission/else");
    let (here, tmp) = (desk.join("a/b/here"), desk.join("tmp"));
    fs::create_dir_all(&here).expect("a directory");
    fs::create_dir_all(&tmp).expect("a directory");
    let touch = "$(touch made); `touch made`; touch made\n__main__{name}";
    let lab = serde_json::json!({ "$schema": "file:///dev/tty", "unknown_command": touch, "runs": [
        { "name": "file", "framing": { "header_dict": ">i" },
          "client": [{ "send_file": { "filename": "../made", "content": touch } }],
          "server": [{ "try": { "recv_file": {} } }] },
        { "name": "words",
          "client": [{ "send": touch }, { "signal": touch }],
          "server": [{ "await": { "signal": touch } }, { "recv": 200 }],
          "expect": { "recvs": [touch] } },
    ] });
    fs::write(here.join("lab.json"), lab.to_string()).expect("a lab");
    let text = "# $(touch made)\n\n`touch made` __main__\n\n## Runs\n- file: !touch made\n- words: lab run ../made\n";
    fs::write(here.join("en.md"), text).expect("a text");
    let in_desk = |args: &[&str]| {
        let mut lab = shell::lab(args);
        done(lab.current_dir(&here).env("TMPDIR", &tmp))
    };
    let trace = in_desk(&["run", ".", "--json"]).out;
    assert!(trace.contains("bad-name"), "{trace}");
    // As if a command had been run, and at another host.
    let ran = r#""op":"command","hex":"6c73","name":"ls","argv":["touch","made"],"answer":0"#;
    let lines: Vec<String> = trace
        .replace("127.0.0.1", "192.0.2.1")
        .lines()
        .map(|line| match line.split_once(r#""op":"close""#) {
            Some((before, behind)) => format!("{before}{ran}{behind}"),
            None => line.into(),
        })
        .collect();
    assert!(lines.concat().contains(ran));
    fs::write(here.join("t.json"), lines.join("\n") + "\n").expect("a trace");
    let before = files(&desk);
    for args in [
        &["run", "."][..],
        &["run", ".", "--plain", "--repeat", "2"],
        &["lint", ".", "--times", "1"],
        &["code", ".", "--run", "words"],
        &["compare", ".:file", ".:words"],
        &["replay", "t.json"],
        &["replay", "t.json", "--json"],
        &["compare", "t.json:words", ".:words"],
    ] {
        let Done { code, err, .. } = in_desk(args);
        assert!(code < 2, "{args:?}: {err}");
        assert_eq!(files(&desk), before, "{args:?}");
    }
}
