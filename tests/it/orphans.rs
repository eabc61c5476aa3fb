//! What a lab's commands have started ends with the run, however that ends.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Command, Stdio};

use crate::shell::{self, Done, desk};

/// A lab whose command is a shell with this script, and a pipe that is at its end when nobody is
/// left of those whom the script has started.
fn lab(name: &str, script: &str, deadline: &str) -> (String, std::path::PathBuf) {
    let dir = desk(&format!("orphans/{name}"));
    let pipe = dir.join("pipe");
    let made = Command::new("mkfifo").arg(&pipe).status();
    assert!(made.expect("mkfifo(1) is there").success());
    let script = format!("exec 3> {}; {script}", pipe.display());
    let text = serde_json::json!({
        "commands": { "x": ["sh", "-c", script] },
        "runs": [{ "name": "one", "deadline": deadline,
            "client": [{ "send": "x" }, { "recv_until_end": 100 }],
            "server": [{ "recv": 10 }, "run_command", "send_answer"] }] });
    std::fs::write(dir.join("lab.json"), text.to_string()).expect("a lab");
    (dir.to_str().expect("UTF-8").into(), pipe)
}

const FAMILY: &str = "sleep 3600 & echo begun >&3; wait";
const ALONE: &str = "echo begun >&3; exec sleep 3600";

/// Waits until the script is at work.
fn begun(pipe: &Path) -> BufReader<File> {
    let mut pipe = BufReader::new(File::open(pipe).expect("the pipe"));
    let mut line = String::new();
    pipe.read_line(&mut line).expect("a line");
    assert_eq!(line, "begun\n");
    pipe
}

/// It hangs if one of them stays.
fn all_gone(mut pipe: BufReader<File>) {
    assert_eq!(pipe.read_to_end(&mut Vec::new()).expect("its end"), 0);
}

#[test]
fn a_signal_to_the_program_ends_the_whole_family() {
    for (signal, form) in [("INT", "--plain"), ("TERM", "--json"), ("HUP", "--plain")] {
        let (dir, pipe) = lab(signal, FAMILY, "1h");
        let lab = shell::running(&["run", &dir, form, "--allow-commands"])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("it starts");
        let pipe = begun(&pipe);
        shell::signal(lab.id(), signal);
        let Done { code, err, .. } = Done::of(lab.wait_with_output().expect("it ends"));
        assert_eq!((code, &*err), (130, ""), "{signal}");
        all_gone(pipe);
    }
}

#[test]
fn the_deadline_ends_the_whole_family() {
    let (dir, pipe) = lab("deadline", FAMILY, "500ms");
    let lab = shell::running(&["run", &dir, "--allow-commands"])
        .stdout(Stdio::piped())
        .spawn()
        .expect("it starts");
    all_gone(begun(&pipe));
    let Done { code, out, .. } = Done::of(lab.wait_with_output().expect("it ends"));
    assert_eq!(code, 1, "{out}");
}

/// Of those who go into the background and leave their outputs alone as well.
#[test]
fn what_a_command_leaves_in_the_background_ends_with_it() {
    let script = "sleep 3600 > /dev/null 2>&1 & echo begun >&3";
    let (dir, pipe) = lab("background", script, "1m");
    let lab = shell::running(&["run", &dir, "--allow-commands"])
        .stdout(Stdio::piped())
        .spawn()
        .expect("it starts");
    all_gone(begun(&pipe));
    let Done { code, out, .. } = Done::of(lab.wait_with_output().expect("it ends"));
    assert_eq!(code, 0, "{out}");
}

/// Nothing in the program gets to know of this signal: it is the kernel that ends the command.
#[cfg(target_os = "linux")]
#[test]
fn a_command_does_not_outlive_a_program_that_was_killed() {
    let (dir, pipe) = lab("killed", ALONE, "1h");
    let mut lab = shell::running(&["run", &dir, "--plain", "--allow-commands"])
        .stdout(Stdio::null())
        .spawn()
        .expect("it starts");
    let pipe = begun(&pipe);
    lab.kill().expect("it is there");
    lab.wait().expect("it ended");
    all_gone(pipe);
}
