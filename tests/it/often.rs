//! Runs done many times and runs beside one another, as a person asks for them: live and recorded.

#[cfg(unix)]
use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::Stdio;

use crate::shell::{Done, running};
use serde_json::Value;

/// A watch dog against a hang; nothing is measured by it.
#[cfg(target_os = "linux")]
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(60);

fn done(args: &[&str]) -> Done {
    crate::shell::done(&mut crate::shell::lab(args))
}

#[track_caller]
fn lines(args: &[&str]) -> Vec<Value> {
    let Done { code, out, err } = done(args);
    assert_eq!((code, err.as_str()), (0, ""), "{args:?}: {out}");
    out.lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect()
}

#[track_caller]
fn refused(args: &[&str], words: &[&str]) {
    let Done { code, out, err } = done(args);
    assert_eq!((code, out.as_str()), (2, ""), "{args:?}: {err}");
    for word in words {
        assert!(err.contains(word), "{args:?}: no `{word}` in: {err}");
    }
}

fn file(name: &str, text: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::write(&path, text).expect("a file");
    path
}

fn string(path: &Path) -> &str {
    path.to_str().expect("a path in UTF-8")
}

#[test]
fn a_race_comes_out_in_ways_that_are_legal() {
    let all = lines(&[
        "1", "--run", "race", "--repeat", "40", "--load", "1", "--json",
    ]);
    assert_eq!(
        (&all[0]["type"], &all[0]["runs"][0]),
        (&"lab".into(), &"race".into())
    );
    let repeat = &all[1];
    assert_eq!(repeat["type"], "repeat");
    assert_eq!((&repeat["times"], &repeat["load"]), (&40.into(), &1.into()));
    let outcomes = repeat["outcomes"].as_array().expect("outcomes");
    let times: u64 = outcomes
        .iter()
        .filter_map(|came| came["times"].as_u64())
        .sum();
    assert_eq!(times, 40);
    let legal = &repeat["legal"];
    assert_eq!(
        (&legal["count"], &legal["complete"]),
        (&512.into(), &true.into())
    );
    let absent = legal["absent"].as_array().expect("a list");
    assert!(absent.len() >= 100, "of 512 no 40 runs show more");
    for came in outcomes {
        let reads = came["reads"][0]["hex"].as_array().expect("reads");
        let bytes: String = reads.iter().filter_map(Value::as_str).collect();
        assert_eq!(bytes, "68656c6c6f776f726c64");
        // What came up does not stand among what did not.
        for absent in absent {
            assert_ne!(absent["reads"], came["reads"]);
        }
    }
}

#[test]
fn without_a_name_each_run_is_repeated_in_turn() {
    let all = lines(&["3", "--repeat", "3", "--json"]);
    let runs: Vec<&Value> = all[1..].iter().map(|line| &line["run"]).collect();
    assert_eq!(runs[..3], ["leftover", "late-world", "big-buffer"]);
    // Where each side waits for the other there is one way.
    assert_eq!(all[1]["outcomes"][0]["times"], 3);
    assert_eq!(all[1]["legal"]["count"], 1);
}

/// A middle that is left out would take with it where the reads end, and then outcomes that differ
/// look the same.
#[test]
fn long_reads_are_told_by_their_sizes() {
    let Done { code, out, .. } = done(&["18", "--run", "small-segments", "--repeat", "2"]);
    assert_eq!(code, 0, "{out}");
    let outcomes: Vec<&str> = out.lines().filter(|line| line.contains(" B | ")).collect();
    assert!(!outcomes.is_empty(), "{out}");
    assert!(outcomes.iter().all(|line| !line.contains("..+")), "{out}");
}

#[test]
fn records_of_the_same_run_are_counted_together() {
    let Done { out: first, .. } = done(&["3", "--json"]);
    let Done { out: second, .. } = done(&["3", "--run", "leftover", "--json"]);
    let both = file("records.json", &(first + &second));
    let all = lines(&["replay", string(&both), "--repeat", "--json"]);
    let leftover = all
        .iter()
        .find(|line| line["run"] == "leftover")
        .expect("the run");
    assert_eq!(
        (&leftover["times"], &leftover["legal"]["count"]),
        (&2.into(), &1.into())
    );
    let Done { code, out, .. } = done(&["replay", string(&both), "--repeat", "--run", "leftover"]);
    assert_eq!(code, 0);
    assert!(out.contains("2 times") && out.contains("100.0 %"), "{out}");
}

/// A record of a system whose kernel says nothing confirms nothing, and refutes nothing either.
#[test]
fn each_record_is_judged_by_the_evidence_that_it_has() {
    let Done { out: first, .. } = done(&["3", "--run", "leftover", "--json"]);
    let silent: Vec<String> = first
        .lines()
        .map(|line| {
            let mut line: Value = serde_json::from_str(line).expect("JSON");
            if line["type"] == "lab" {
                line["evidence"] = serde_json::json!([]);
            }
            for key in ["kernel", "left", "seen"] {
                line.as_object_mut().expect("an object").remove(key);
            }
            line.to_string()
        })
        .collect();
    let both = file("silent.json", &(first + &silent.join("\n")));
    let all = lines(&["replay", string(&both), "--repeat", "--json"]);
    let counts = (
        &all[1]["times"],
        &all[1]["as_expected"],
        &all[1]["unconfirmed"],
    );
    let as_expected = u64::from(cfg!(target_os = "linux"));
    assert_eq!(
        counts,
        (&2.into(), &as_expected.into(), &(2 - as_expected).into())
    );
}

#[test]
fn a_sum_of_runs_is_no_trace_and_says_so() {
    let Done { out: sum, .. } = done(&["3", "--run", "leftover", "--repeat", "2", "--json"]);
    let sum = file("sum.json", &sum);
    refused(&["replay", string(&sum)], &["line 2", "--repeat"]);
}

#[test]
fn what_cannot_be_repeated_is_refused() {
    refused(&["1", "--repeat", "0"], &["0"]);
    refused(&["1", "--load", "2"], &["--repeat"]);
    refused(
        &["1", "--repeat", "2", "--run", "rase"],
        &["did you mean `race`?"],
    );
}

/// Their names are asked of the kernel.
#[cfg(target_os = "linux")]
#[test]
fn load_is_threads_that_are_there_while_the_runs_go_on() {
    let busy = |process: u32| {
        let tasks = fs::read_dir(format!("/proc/{process}/task")).expect("threads");
        let names =
            tasks.filter_map(|task| fs::read_to_string(task.ok()?.path().join("comm")).ok());
        names.filter(|name| name.trim() == "lab-load").count()
    };
    for wanted in [3, 0] {
        let load = wanted.to_string();
        let args = [
            "1", "--repeat", "1000000", "--run", "race", "--plain", "--load", &load,
        ];
        let mut child = running(&args)
            .stdout(Stdio::piped())
            .spawn()
            .expect("lab runs");
        let mut out = BufReader::new(child.stdout.take().expect("a pipe"));
        // The title stands there when the threads are made; each takes its name when it begins.
        out.read_line(&mut String::new()).expect("a title");
        let until = std::time::Instant::now() + PATIENCE;
        while busy(child.id()) < wanted && std::time::Instant::now() < until {
            std::thread::yield_now();
        }
        let there = busy(child.id());
        child.kill().expect("it runs");
        child.wait().expect("it ends");
        assert_eq!(there, wanted);
    }
}

/// As a person does who has seen enough.
#[cfg(unix)]
#[test]
fn ctrl_c_shows_what_came_up_so_far() {
    let mut child = running(&["1", "--repeat", "1000000", "--run", "race", "--plain"])
        .stdout(Stdio::piped())
        .spawn()
        .expect("lab runs");
    let mut out = BufReader::new(child.stdout.take().expect("a pipe"));
    let mut title = String::new();
    // The title stands there when all is ready for Ctrl-C.
    out.read_line(&mut title).expect("a title");
    assert!(title.starts_with("lab 1"), "{title}");
    crate::shell::signal(child.id(), "INT");
    let mut rest = String::new();
    out.read_to_string(&mut rest).expect("the rest");
    assert_eq!(child.wait().expect("it ends").code(), Some(130));
    assert!(rest.contains("of 1,000,000 times"), "{rest}");
}

/// Where the terminal is narrower than the line, nothing of it may be left on another one.
#[cfg(unix)]
#[test]
fn how_far_it_is_stands_on_one_line_and_goes_again() {
    let args = ["1", "--repeat", "1000000", "--run", "race", "--plain"];
    let mut terminal = crate::terminal::Terminal::start(&args, 40, 24);
    terminal.wait_for("naive: race [");
    terminal.signal("INT");
    assert_eq!(terminal.end(), 130);
    let screen = terminal.screen();
    assert!(screen.contains("of 1,000,000 times"), "{screen}");
    assert!(!screen.contains('['), "{screen}");
}

#[test]
fn a_bug_and_its_fix_stand_beside_one_another() {
    let all = lines(&["compare", "3", "4", "--json"]);
    let compare = all.last().expect("a line");
    let runs = compare["runs"].as_array().expect("runs");
    let names: Vec<&Value> = runs.iter().map(|run| &run["run"]).collect();
    assert_eq!(
        names,
        ["leftover", "framed"],
        "the same messages, sent in another way"
    );
    let framing = &compare["differ"][0];
    assert_eq!(framing["facet"], "framing");
    assert_eq!(framing["values"], serde_json::json!([null, "length >I"]));
    // What --json wrote can be compared again, beside a run that is done now.
    let lines: Vec<String> = all.iter().map(Value::to_string).collect();
    let text = lines.join("\n");
    let trace = file("compared.json", &text);
    assert_eq!(done(&["replay", string(&trace)]).code, 0);
    let recorded = format!("{}:framed", string(&trace));
    let Done { code, out, err } = done(&[
        "compare",
        "6:datagrams",
        &recorded,
        "--full",
        "--width",
        "200",
    ]);
    assert_eq!((code, err.as_str()), (0, ""));
    assert!(out.contains("6:datagrams | 4:framed"), "{out}");
}

#[test]
fn every_pair_of_the_lectures_can_be_compared() {
    for (pair, verdict) in [
        (
            ["1:late-reader", "6:datagrams"],
            "What kept the edges: the transport.",
        ),
        (
            ["17:two-writes", "17:one-write"],
            "The scripts differ in one thing: sends per message.",
        ),
    ] {
        for form in ["--plain", "--ascii"] {
            let Done { code, out, err } = done(&["compare", pair[0], pair[1], form]);
            assert_eq!((code, err.as_str()), (0, ""), "{pair:?}");
            assert!(out.contains(verdict), "{pair:?}: {out}");
        }
    }
    let Done { code, out, .. } =
        done(&["compare", "2:cork", "2:nodelay", "1:race", "--lang", "zh"]);
    assert_eq!(code, 0);
    assert!(out.contains("差别可能来自："), "{out}");
}

#[test]
fn what_cannot_be_compared_is_refused() {
    refused(&["compare", "3"], &["2 values"]);
    refused(
        &["compare", "3:leftovr", "4"],
        &["did you mean `leftover`?"],
    );
    refused(&["compare", "3", "nowhere.json"], &["nowhere.json"]);
    let Done { out: trace, .. } = done(&["3", "--run", "leftover", "--json"]);
    let trace = file("one-run.json", &trace);
    let none = format!("{}:framed", string(&trace));
    refused(&["compare", "3", &none], &["no run `framed`", "leftover"]);
}
