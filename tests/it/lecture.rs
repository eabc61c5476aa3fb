//! The lecture is built from commands that work, and it can be played and left.
use std::path::Path;

use crate::shell::{self, Done, PROGRAM, done};
use crate::terminal::Terminal;
use clap::Parser;
use sticky_lab::cli::Cli;

fn script() -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    root.join("scripts/lecture").display().to_string()
}

/// What the script says it plays, in this locale.
fn list(args: &[&str], locale: &str) -> String {
    let mut script = shell::start(script());
    let output = script.arg("--list").args(args).env("LC_ALL", locale);
    // Where the locale is not installed, bash complains.
    let Done { code, out, .. } = Done::of(output.output().expect("bash"));
    assert_eq!(code, 0);
    out
}

fn commands() -> Vec<String> {
    let list = list(&["--lang", "en"], "C");
    let commands = list.lines().filter(|line| line.starts_with("lab "));
    commands.map(String::from).collect()
}

#[test]
fn each_step_is_a_command_that_works() {
    let commands = commands();
    assert!(commands.len() > 8, "{commands:?}");
    for command in commands {
        let words: Vec<&str> = command.split_whitespace().collect();
        Cli::try_parse_from(&words).expect(&command);
        // Those that wait for keys are tried with an answer, or without.
        let mut args: Vec<&str> = words[1..].to_vec();
        args.retain(|word| *word != "--step");
        if args.contains(&"--predict") {
            args.extend(["--answer", "1"]);
        }
        let Done { code, err, .. } = done(&mut shell::lab(&args));
        assert_eq!(code, 0, "{command}: {err}");
    }
}

#[test]
fn the_notes_speak_as_the_program_does() {
    let chinese = list(&["--lang", "zh"], "en_US.UTF-8");
    assert!(chinese.contains("先让大家举手") && !chinese.contains("vote"));
    assert_eq!(chinese, list(&[], "zh_CN.UTF-8"));
    assert_eq!(chinese, list(&["--lang=zh"], "C"));
    let english = list(&[], "C");
    assert!(english.contains("Let them vote") && !english.contains("举手"));
    assert_eq!(english, list(&["--lang", "en"], "zh_CN.UTF-8"));
    // As the program has it: no UTF-8, no Chinese unless somebody asks for it.
    assert_eq!(english, list(&[], "zh_CN.GBK"));
    for line in chinese.lines().chain(english.lines()) {
        assert!(unicode_width::UnicodeWidthStr::width(line) <= 80, "{line}");
    }
}

#[test]
fn the_second_screen_follows() {
    let env = [
        ("LAB", PROGRAM),
        ("TMUX_TMPDIR", env!("CARGO_TARGET_TMPDIR")),
    ];
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("notes");
    std::fs::write(&file, "").expect("a file");
    let notes = || std::fs::read_to_string(&file).expect("the notes");
    let args = ["--play", file.to_str().expect("UTF-8"), "--lang", "zh"];
    let mut terminal = Terminal::start_program(&script(), &args, &env, 80, 24);
    terminal.wait_for("tmux attach -t lecture-notes");
    assert!(notes().contains("先让大家举手"), "{}", notes());
    terminal.keys("\r");
    terminal.wait_for("$ lab 1 --run late-reader --predict");
    // A presenter's keys: on to the next page, and to the one before.
    terminal.keys("s\u{1b}[5~\u{1b}[5~s");
    terminal.wait_for("$ lab 1 --run late-reader --step");
    // On, back, back where nothing is before, and on: a note for each, and the two that were there.
    terminal.wait_until("the sixth note", |_| {
        notes().matches("\u{1b}[2J").count() == 6
    });
    let said = notes();
    let last = said.rsplit("\u{1b}[2J").next().expect("a note");
    assert!(
        last.contains("2 / 13") && last.contains("然后：lab compare"),
        "{last}"
    );
    terminal.keys("\u{1b}[6~");
    // How many steps there are depends on when the client closes.
    terminal.wait_for("0 / ");
    // What the program shows is in the language of the notes.
    terminal.wait_for("下一步");
    terminal.keys("q");
    terminal.wait_until("the lecture again", |screen| !screen.alternate_screen());
    terminal.keys("q");
    assert_eq!(terminal.end(), 0);
    assert!(!file.exists(), "whoever plays takes the notes away");
}

#[test]
fn keys_play_it() {
    let env = [("LAB", PROGRAM)];
    let mut terminal =
        Terminal::start_program(&script(), &["--alone", "--lang", "en"], &env, 80, 24);
    terminal.wait_for("Enter runs it");
    terminal.keys("\r");
    terminal.wait_for("$ lab 1 --run late-reader --predict");
    terminal.keys("\r");
    terminal.wait_for("or your own");
    terminal.keys("hello | world\r");
    terminal.wait_for("This time: helloworld");
    terminal.wait_for("Why it is so");
    terminal.keys("\r");
    terminal.wait_for("$ lab 1 --run late-reader --step");
    terminal.keys("s");
    terminal.wait_for("$ lab compare");
    terminal.keys("b");
    terminal.wait_for("--step");
    terminal.keys("q");
    assert_eq!(terminal.end(), 0);
}
