//! The lecture is built from commands that work, and it can be played and left.
#![cfg(unix)]

mod terminal;

use std::path::Path;
use std::process::Command;

use assert_cmd::cargo::cargo_bin;
use clap::Parser;
use sticky_lab::cli::Cli;
use terminal::Terminal;

fn script() -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    root.join("scripts/lecture").display().to_string()
}

fn commands() -> Vec<String> {
    let output = Command::new(script()).arg("--list").output().expect("bash");
    let list = String::from_utf8(output.stdout).expect("UTF-8");
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
        let output = Command::new(cargo_bin!("lab"))
            .args(&args)
            .env("XDG_DATA_HOME", env!("CARGO_TARGET_TMPDIR"))
            .output()
            .expect("the program starts");
        assert!(output.status.success(), "{command}");
    }
}

#[test]
fn keys_play_it() {
    let lab = cargo_bin!("lab").display().to_string();
    let env = [("LAB", &*lab)];
    let mut terminal =
        Terminal::start_program(&script(), &["--alone", "--lang", "en"], &env, 80, 24);
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
