//! The program as an ordinary user has it.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::Output;

use crate::shell;

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
        std::fs::copy(shell::PROGRAM, &program).expect("a copy of the program");
        for path in [dir.path(), &program] {
            let all = std::fs::Permissions::from_mode(0o777);
            std::fs::set_permissions(path, all).expect("rights for everybody");
        }
        Self { dir, program }
    }

    pub(crate) fn path(&self) -> &Path {
        self.dir.path()
    }

    /// Runs the program as an ordinary user: root makes one of itself, others are one.
    pub(crate) fn lab(&self, args: &[&str]) -> Output {
        use std::os::unix::process::CommandExt;
        let mut command = shell::start(&self.program);
        command.args(args).current_dir(self.dir.path());
        // Whoever owns the directory of processes of this one is who runs it.
        let me = std::os::unix::fs::MetadataExt::uid(
            &std::fs::metadata("/proc/self").expect("a process"),
        );
        if me == 0 {
            command.uid(NOBODY).gid(NOBODY);
        }
        loop {
            match command.output() {
                // A process that another test is about to start has the copy still open for
                // writing, until it becomes the program it is meant to be.
                Err(e) if e.kind() == ErrorKind::ExecutableFileBusy => std::thread::yield_now(),
                output => return output.expect("the program starts"),
            }
        }
    }

    /// Whether this system lets an ordinary user have a network; if not, the program says why.
    /// `scripts/test` takes no skipped test for a passed one: with `WIRE_MUST` that is a failure.
    pub(crate) fn is_allowed(&self) -> bool {
        let output = self.lab(&["3", "--run", "leftover", "--wire", "--json"]);
        let said = String::from_utf8_lossy(&output.stderr);
        if said.contains("the wire cannot be watched") {
            assert!(
                std::env::var_os("WIRE_MUST").is_none(),
                "not tested here: {said}"
            );
            println!("not tested here: {said}");
            return false;
        }
        assert_eq!(output.status.code(), Some(0), "{said}");
        true
    }
}
