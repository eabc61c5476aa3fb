//! The course, at a real terminal: it leads, remembers, and lets go.

use std::path::PathBuf;

use crate::shell::{self, Done, done};
use crate::terminal::Terminal;

/// A person's data directory of its own, empty.
fn home(name: &str) -> PathBuf {
    shell::desk(&format!("learn/{name}"))
}

fn learn(home: &std::path::Path, args: &[&str], columns: u16) -> Terminal {
    let home = home.to_str().expect("UTF-8");
    let env = [("HOME", home), ("XDG_DATA_HOME", home)];
    Terminal::start_with(&[&["learn"], args].concat(), &env, columns, 24)
}

fn said(home: &std::path::Path, args: &[&str]) -> (i32, String) {
    let mut lab = shell::lab(&[&["learn"], args].concat());
    let Done { code, out, err } = done(lab.env("HOME", home).env("XDG_DATA_HOME", home));
    (code, out + &err)
}

#[test]
fn the_first_station_is_two_answers_away_and_is_remembered() {
    let home = home("first");
    let mut terminal = learn(&home, &[], 80);
    terminal.wait_for("station 1 of 8");
    terminal.wait_for("or your own");
    terminal.keys("hello | world\r");
    terminal.wait_for("Legal, but not here");
    terminal.wait_for("Why: ");
    terminal.wait_for("Enter goes on");
    terminal.resize(60, 30);
    terminal.keys("2\r");
    terminal.wait_for("nothing is asked here, so `2`");
    terminal.keys("\r");
    terminal.wait_for("1 to 3");
    terminal.keys("7\r");
    terminal.wait_for("`7` is none of the answers");
    terminal.keys("1\r");
    terminal.wait_for("Not so: ");
    terminal.wait_for("Something in the bytes");
    terminal.wait_until("the way on", |screen| {
        screen.contents().matches("Enter goes on").count() >= 1
    });
    terminal.keys("q\r");
    terminal.wait_for("1 of 8 stations");
    assert_eq!(terminal.end(), 0);

    assert!(
        said(&home, &["--status"])
            .1
            .contains("[x] 1 · lab 1 · late-reader")
    );
    let mut terminal = learn(&home, &["--lang", "zh"], 80);
    terminal.wait_for("第 2 站");
    terminal.keys("\u{4}");
    assert_eq!(terminal.end(), 0);

    assert_eq!(said(&home, &["--reset"]).0, 0);
    assert!(said(&home, &["--status", "--plain"]).1.contains("0 of 8"));
}

#[test]
fn it_can_be_left_anywhere_and_in_a_narrow_window() {
    for (keys, code) in [("\u{3}", 130), ("q\r", 0), ("\u{4}", 0)] {
        let home = home("left");
        let mut terminal = learn(&home, &[], 40);
        terminal.wait_for("(? q): ");
        // No word is broken, and the prompt is one line.
        let screen = terminal.screen();
        for words in [
            "recv(1024), until",
            "late-reader: server:",
            "1 to 3, or  ab | cd",
        ] {
            let whole = screen.lines().any(|line| line.contains(words));
            assert!(whole, "{words}: {screen}");
        }
        terminal.keys(keys);
        assert_eq!(terminal.end(), code, "{keys:?}");
        assert!(said(&home, &["--status"]).1.contains("0 of 8"));
    }
}

#[test]
fn whoever_leaves_at_the_last_question_comes_back_to_the_station() {
    for (keys, code) in [("\u{3}", 130), ("q\r", 0), ("\u{4}", 0)] {
        let home = home("question");
        let mut terminal = learn(&home, &[], 80);
        terminal.wait_for("or your own");
        terminal.keys("1\r");
        terminal.wait_for("Enter goes on");
        terminal.keys("\r");
        terminal.wait_for("1 to 3 (q leaves): ");
        terminal.keys(keys);
        assert_eq!(terminal.end(), code, "{keys:?}");
        assert!(said(&home, &["--status"]).1.contains("0 of 8"));
    }
}

#[test]
fn the_whole_course_has_an_end() {
    let home = home("whole");
    let mut terminal = learn(&home, &["--plain"], 100);
    for station in 1..=8 {
        terminal.wait_for(&format!("station {station} of 8"));
        terminal.wait_for("or your own");
        terminal.keys("1\r");
        terminal.wait_for("Enter goes on");
        terminal.keys("\r1\r");
        if station < 8 {
            terminal.keys("\r");
        }
    }
    terminal.wait_for("The course ends here");
    assert_eq!(terminal.end(), 0);
    // Whoever comes back hears where to go next, and is asked nothing.
    let mut terminal = learn(&home, &["--lang", "zh"], 80);
    terminal.wait_for("走过 8 站");
    terminal.wait_for("课程到这里结束");
    assert_eq!(terminal.end(), 0);
    assert!(!terminal.seen().contains("下一站"), "{}", terminal.seen());
    assert!(said(&home, &["--status"]).1.contains("8 of 8"));
}

#[test]
fn what_goes_wrong_is_said() {
    let home = home("wrong");
    let (code, says) = said(&home, &[]);
    assert_eq!(code, 2);
    assert!(says.contains("--status"), "{says}");
    let file = home.join("sticky-lab/learn.json");
    if cfg!(target_os = "linux") {
        std::fs::create_dir_all(file.parent().expect("inside")).expect("a directory");
        let write = |bytes: &[u8]| std::fs::write(&file, bytes).expect("a file");
        let pipe = || {
            let made = std::process::Command::new("mkfifo").arg(&file).status();
            assert!(made.expect("mkfifo(1) is there").success());
        };
        let damages: [&dyn Fn(); 6] = [
            &|| write(b"{"),
            &|| write(b""),
            &|| write(b"\xff\xfe{\0"),
            &|| write(br#"{"done":["a"],"done":["b"]}"#),
            &|| write(&b" ".repeat(3 << 20)),
            &pipe,
        ];
        for (i, damage) in damages.iter().enumerate() {
            damage();
            let (code, says) = said(&home, &["--status"]);
            assert_eq!(code, 3, "{i}");
            assert!(says.contains("--reset"), "{i}: {says}");
            assert_eq!(said(&home, &["--reset"]).0, 0, "{i}");
            assert_eq!(said(&home, &["--status"]).0, 0, "{i}");
        }
    }
}

/// Takes the station that the terminal is at.
fn take(terminal: &mut Terminal, station: usize) {
    terminal.wait_for(&format!("station {station} of 8"));
    terminal.wait_for("or your own");
    terminal.keys("1\r");
    terminal.wait_for("Enter goes on");
    terminal.keys("\r1\r\r");
}

#[test]
fn two_windows_lose_nothing_of_one_another() {
    let home = home("two");
    let mut slow = learn(&home, &["--plain"], 100);
    slow.wait_for("station 1 of 8");
    let mut quick = learn(&home, &["--plain"], 100);
    take(&mut quick, 1);
    take(&mut quick, 2);
    quick.wait_for("station 3 of 8");
    take(&mut slow, 1);
    // What the other one has taken is behind.
    slow.wait_for("station 3 of 8");
    for terminal in [&mut slow, &mut quick] {
        terminal.keys("q\r");
        assert_eq!(terminal.end(), 0);
    }
    assert!(said(&home, &["--status"]).1.contains("2 of 8"));
}
