//! The program as somebody starts it: the one place where tests do, in an environment in which
//! nothing is of those who run them.
#![allow(
    dead_code,
    reason = "each test target uses what it needs of the program"
)]

use std::ffi::OsStr;
use std::path::PathBuf;
use std::process;
use std::time::Duration;

use assert_cmd::Command;

/// The program, where cargo puts it.
pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_lab");

/// What the program or `scripts/lecture` looks for: set to this, or not set.
pub(crate) const ENVIRONMENT: [(&str, Option<&str>); 12] = [
    ("LC_ALL", Some("en_US.UTF-8")),
    ("LC_CTYPE", None),
    ("LC_MESSAGES", None),
    ("LANG", None),
    ("LANGUAGE", None),
    ("TERM", None),
    ("COLUMNS", None),
    ("NO_COLOR", None),
    ("CLICOLOR", None),
    ("CLICOLOR_FORCE", None),
    ("COLORTERM", None),
    // How far somebody is in the course.
    ("XDG_DATA_HOME", Some(env!("CARGO_TARGET_TMPDIR"))),
];

/// A program, this one or another.
pub(crate) fn start(program: impl AsRef<OsStr>) -> process::Command {
    let mut command = process::Command::new(program);
    for (name, value) in ENVIRONMENT {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    command
}

/// `lab`, to be watched while it runs.
pub(crate) fn running(args: &[&str]) -> process::Command {
    let mut command = start(PROGRAM);
    command.args(args);
    command
}

/// `lab`, to be waited for.
pub(crate) fn lab(args: &[&str]) -> Command {
    let mut command = Command::from_std(running(args));
    // A watch dog against a hang, far beyond any deadline here; nothing is measured by it.
    command.timeout(Duration::from_secs(60));
    command
}

/// What came of it.
#[derive(Debug)]
pub(crate) struct Done {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Done {
    #[track_caller]
    pub(crate) fn of(output: process::Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
        Self {
            code: output
                .status
                .code()
                .expect("it ended by itself, in good time"),
            out: text(output.stdout),
            err: text(output.stderr),
        }
    }

    /// What it printed, if it had nothing to complain of.
    #[track_caller]
    pub(crate) fn well(self) -> String {
        assert_eq!((self.code, &*self.err), (0, ""), "{}", self.out);
        self.out
    }
}

#[track_caller]
pub(crate) fn done(command: &mut Command) -> Done {
    Done::of(command.output().expect("the program starts"))
}

/// A directory of one test's own, empty.
pub(crate) fn desk(name: &str) -> PathBuf {
    let desk = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    // It is there if the test has run before.
    let _ = std::fs::remove_dir_all(&desk);
    std::fs::create_dir_all(&desk).expect("a directory in target/tmp");
    desk
}

/// Sends a program a signal, as somebody does from another terminal.
#[cfg(unix)]
pub(crate) fn signal(id: u32, name: &str) {
    let args = ["-s", name, &id.to_string()];
    let killed = process::Command::new("kill").args(args).status();
    assert!(killed.expect("kill(1) is there").success());
}
