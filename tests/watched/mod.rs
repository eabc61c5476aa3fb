//! The program as an ordinary user has it.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use assert_cmd::cargo::cargo_bin;

/// Somebody who is nobody: the user of that number exists everywhere and may do nothing.
const NOBODY: u32 = 65_534;

/// A directory with the program in it, that an ordinary user can read and write.
pub(crate) struct Place {
    dir: tempfile::TempDir,
    program: PathBuf,
}

impl Place {
    pub(crate) fn new() -> Self {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().expect("a directory");
        let program = dir.path().join("lab");
        // Not by this process: another thread's child could inherit the file while it is open for
        // writing, and no system starts such a program.
        let copied = Command::new("cp")
            .arg(cargo_bin!("lab"))
            .arg(&program)
            .status();
        assert!(
            copied.expect("cp is there").success(),
            "a copy of the program"
        );
        for path in [dir.path(), &program] {
            let all = std::fs::Permissions::from_mode(0o777);
            std::fs::set_permissions(path, all).expect("rights for everybody");
        }
        Self { dir, program }
    }

    pub(crate) fn path(&self) -> &Path {
        self.dir.path()
    }

    /// Runs the program as an ordinary user.
    pub(crate) fn lab(&self, args: &[&str]) -> Output {
        let mut command = Command::new(&self.program);
        let command = self.as_nobody(command.args(args));
        command.output().expect("the program starts")
    }

    /// Makes a command an ordinary user's: root makes one of itself, others are one.
    fn as_nobody<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        use std::os::unix::process::CommandExt;
        command.current_dir(self.dir.path());
        // Whoever owns the directory of processes of this one is who runs it.
        let me = std::os::unix::fs::MetadataExt::uid(
            &std::fs::metadata("/proc/self").expect("a process"),
        );
        if me == 0 {
            command.uid(NOBODY).gid(NOBODY);
        }
        command
    }

    /// Whether this system lets an ordinary user have a network; if not, the program says why, and
    /// unshare(1), where it is there, does not succeed either.
    pub(crate) fn is_allowed(&self) -> bool {
        let output = self.lab(&["3", "--run", "leftover", "--wire", "--json"]);
        let said = String::from_utf8_lossy(&output.stderr);
        if said.contains("the wire cannot be watched") {
            let mut other = Command::new("unshare");
            other.args(["--user", "--map-root-user", "--net", "true"]);
            let other = self.as_nobody(&mut other).output();
            let succeeds = other.is_ok_and(|other| other.status.success());
            assert!(!succeeds, "this system allows it: {said}");
            println!("not tested here: {said}");
            return false;
        }
        assert_eq!(output.status.code(), Some(0), "{said}");
        true
    }
}
