//! Predictions: what each is worth, and that nobody is asked who cannot answer.

use crate::shell::{self, Done, done};
use crate::terminal::Terminal;
use assert_cmd::Command;

const TRACE: &str = "docs/lab-3.jsonl";

fn lab(args: &[&str]) -> Command {
    let mut command = shell::lab(args);
    command.current_dir(env!("CARGO_MANIFEST_DIR"));
    command
}

fn out(command: &mut Command) -> String {
    let Done { code, out, err } = done(command);
    assert_eq!(code, 0, "{err}");
    out
}

/// What is said of a prediction for a recorded run of lab 3.
fn verdict(run: &str, answer: &str) -> String {
    let args = [
        "replay",
        TRACE,
        "--run",
        run,
        "--predict",
        "--plain",
        "--answer",
        answer,
    ];
    let said = out(&mut lab(&args));
    let begin = said.find("Your prediction").expect("a verdict");
    said[begin..].to_owned()
}

#[test]
fn each_prediction_is_held_against_the_run_and_against_what_is_legal() {
    for (answer, expected) in [
        ("he | lloworld", "Right:"),
        ("\"he\"|lloworld", "Right:"),
        ("he ｜ lloworld", "Right:"),
        ("he, lloworld", "Right:"),
        ("'he', 'lloworld'", "Right:"),
        ("2", "Right:"),
        (
            "he | world",
            "Impossible: read 2: a stream leaves nothing out, and \"llo\"",
        ),
        ("hello | world", "Impossible: read 1: it asks for at most 2"),
        (
            "he | he",
            "Impossible: read 2: a stream gives each byte once",
        ),
        ("he | xyz", "Impossible: read 2: nobody wrote"),
        ("he | llo", "Legal, but not here: "),
        ("he | llo", "before B has arrived"),
        ("he | llow", "after 1 byte of B"),
        (
            "he | lloworld | more",
            "Impossible: read 3: the script makes no such read",
        ),
        ("he", "Impossible: read 2 would follow: "),
        ("he | ", "Impossible: read 2: a read that returns nothing"),
    ] {
        let said = verdict("leftover", answer);
        assert!(said.contains(expected), "{answer}: {said}");
        let right = expected.starts_with("Right");
        assert_eq!(
            !right,
            said.contains("This time: he | lloworld"),
            "{answer}: {said}"
        );
    }
}

#[test]
fn the_same_prediction_may_be_right_for_one_run_and_wrong_for_another() {
    assert!(verdict("big-buffer", "helloworld").contains("Right:"));
    assert!(verdict("late-world", "he | lloworld").contains("Legal, but not here"));
    assert!(verdict("late-world", "he | llo | world").contains("Right:"));
}

/// Where the sender held the bytes back, reading earlier is not all that it takes.
#[test]
fn what_one_segment_carried_no_earlier_read_takes_apart() {
    let guess = ["--predict", "--answer", "h | e | l | l | o"];
    let said = out(&mut lab(
        &[&["replay", "docs/lab-2.jsonl"], &guess[..]].concat()
    ));
    let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        said.contains("It takes C to leave in a later segment, and read 2 to come before"),
        "{said}"
    );
}

#[test]
fn the_choices_do_not_tell() {
    // A choice that is right in one run is wrong in another, so its place or number says nothing;
    // and a recorded run offers what it did, whatever the lab claims.
    let mut places = Vec::new();
    for run in ["leftover", "late-world", "big-buffer"] {
        let args = ["replay", TRACE, "--run", run, "--predict", "--plain"];
        let said = out(lab(&args).args(["--answer", "1"]));
        let choices = (1..9).filter(|n| said.contains(&format!("{run}: {n}: ")));
        let right: Vec<i32> = choices
            .filter(|n| verdict(run, &n.to_string()).contains("Right:"))
            .collect();
        assert_eq!(right.len(), 1, "{run}: {said}");
        places.extend(right);
    }
    assert!(places.iter().any(|place| *place != places[0]), "{places:?}");
}

#[test]
fn nothing_tells_before_the_answer_is_given() {
    for (lang, tells) in [
        ("en", ["remainder", "where does the rest go"]),
        ("zh", ["剩下的", "剩下的去哪儿了"]),
    ] {
        for form in ["--lang", "--plain"] {
            let form: &[&str] = if form == "--plain" { &[form] } else { &[] };
            let args = [
                &["3", "--predict", "--answer", "he", "--lang", lang][..],
                form,
            ]
            .concat();
            let said = out(&mut lab(&args));
            let asked = said.find("he | lloworld").expect("a choice");
            for word in tells {
                assert!(!said[..asked].contains(word), "{word}: {said}");
                assert!(said[asked..].contains(word), "{word}: {said}");
            }
        }
    }
}

#[test]
fn a_number_beyond_the_choices_is_a_slip() {
    let args = ["replay", TRACE, "--run", "leftover", "--predict"];
    let done = done(lab(&args).args(["--answer", "9"]));
    assert_eq!(done.code, 2);
    let said = done.err;
    assert!(said.contains("there are 4 choices"), "{said}");
    assert!(verdict("leftover", "\"9\"").contains("nobody wrote"));
}

#[test]
fn every_lab_takes_a_prediction_in_both_languages() {
    // In each lab, of how many runs nobody can be asked.
    for (number, unasked) in [("1", 0), ("2", 0), ("6", 1), ("7", 3), ("14", 2), ("21", 2)] {
        let lab_file = sticky_lab::lab::find(number).expect("the lab").file;
        for (lang, asks, does_not) in [
            ("en", "Your prediction", "without a question"),
            ("zh", "你的预测", "不提问"),
        ] {
            let args = [number, "--predict", "--answer", "x", "--lang", lang];
            let said = out(&mut lab(&args));
            let count = |word: &str| said.matches(word).count();
            let asked = lab_file.runs.len() - unasked;
            assert_eq!((count(asks), count(does_not)), (asked, unasked), "{said}");
            assert!(
                said.lines()
                    .all(|line| unicode_width::UnicodeWidthStr::width(line) <= 80),
                "{said}"
            );
        }
    }
}

#[test]
fn where_nobody_can_answer_nobody_is_asked() {
    let refused = |args: &[&str]| {
        let Done { code, err, .. } = done(&mut lab(args));
        assert_eq!(code, 2, "{args:?}");
        err
    };
    assert!(refused(&["3", "--predict"]).contains("--answer"));
    assert!(refused(&["replay", TRACE, "--predict"]).contains("--answer"));
    assert!(refused(&["3", "--answer", "x"]).contains("--predict"));
    assert!(refused(&["3", "--predict", "--json"]).contains("--json"));
    assert!(refused(&["3", "--predict", "--answer", r"\q"]).contains(r"\q"));
    let twice = refused(&["3", "--predict", "--answer", "a", "--answer", "b"]);
    assert!(twice.contains("3 runs"), "{twice}");
}

#[test]
fn somebody_at_a_terminal_is_asked_and_may_answer_leave_or_press_ctrl_c() {
    let mut terminal = Terminal::start(&["3", "--run", "leftover", "--predict"], 80, 24);
    terminal.wait_for("q leaves)");
    assert!(!terminal.seen().contains("recv(2) = 2"), "not shown before");
    // Help is had for nothing, and Enter alone never repeats the prompt without a word.
    terminal.keys("?\r");
    terminal.wait_for("Asking costs nothing");
    // What cannot be read is said, and asked again.
    terminal.keys("\\q\r");
    terminal.wait_for("stands for no byte");
    terminal.keys("7\r");
    terminal.wait_for("there are 4 choices");
    terminal.resize(100, 30);
    terminal.keys("he | world\r");
    terminal.wait_for("Impossible: read 2");
    assert_eq!(terminal.end(), 0);
    assert!(terminal.seen().contains("recv(2) = 2"), "shown then");

    // The verdict comes before the picture, and stays until somebody goes on to the next run.
    let mut terminal = Terminal::start(&["3", "--predict"], 80, 24);
    terminal.wait_for("q leaves)");
    terminal.keys("['he', 'lloworld']\r");
    terminal.wait_for("Enter goes on");
    // All of it is on one screen of 24 rows.
    let screen = terminal.screen();
    assert!(
        screen.contains("Right") && screen.contains("Why "),
        "{screen}"
    );
    let seen = terminal.seen();
    let verdict = seen.find("Right").expect("a verdict");
    assert!(
        seen.find("recv(2) = 2")
            .is_some_and(|picture| verdict < picture),
        "{seen}"
    );
    assert!(!seen.contains("late-world"), "{seen}");
    terminal.keys("\r");
    terminal.wait_for("late-world");
    terminal.keys("he | llo | world\r");
    terminal.wait_for("more rows ...");
    // Of what has no room nobody is told to type a command here.
    assert!(
        !terminal.seen().contains("see --full"),
        "{}",
        terminal.seen()
    );
    terminal.keys("q\r");
    assert_eq!(terminal.end(), 0);

    for (keys, code) in [("q\r", 0), ("\u{4}", 0), ("\u{3}", 130)] {
        let mut terminal = Terminal::start(&["3", "--predict", "--lang", "zh"], 40, 24);
        terminal.wait_for("? q");
        terminal.keys(keys);
        assert_eq!(terminal.end(), code, "{keys:?}");
    }
}
