//! The programs that a run has started, each with all that it starts itself: none outlives the run.

use std::io;
use std::process::{Child, Command};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Instant;

use super::kernel;

/// Who ends them when it goes itself. It stays with the main thread, so they end also if the thread
/// of an actor is still waiting for one, or nobody waits for the run's end.
#[derive(Default)]
pub(super) struct Owner(Arc<Children>);

impl Owner {
    pub(super) fn share(&self) -> Arc<Children> {
        self.0.clone()
    }
}

impl Drop for Owner {
    fn drop(&mut self) {
        let mut alive = self.0.alive();
        alive.over = true;
        alive.groups.iter().copied().for_each(kernel::end_group);
    }
}

/// The programs of one run, by the process groups that they lead.
#[derive(Default)]
pub(super) struct Children(Mutex<Alive>);

#[derive(Default)]
struct Alive {
    groups: Vec<u32>,
    over: bool,
}

impl Children {
    fn alive(&self) -> MutexGuard<'_, Alive> {
        // Each change is a single one, so it is whole after a panic.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Starts a program in a process group of its own.
    pub(super) fn start(self: &Arc<Self>, command: &mut Command) -> io::Result<Started> {
        kernel::lead_group(command);
        let mut alive = self.alive();
        if alive.over {
            return Err(io::ErrorKind::TimedOut.into());
        }
        let child = command.spawn()?;
        alive.groups.push(child.id());
        let of = self.clone();
        Ok(Started { child, of })
    }
}

/// A program that does not outlive the wait for it, nor does what it has started.
pub(super) struct Started {
    child: Child,
    of: Arc<Children>,
}

impl Started {
    pub(super) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Waits for its end, until the deadline; says whether it is over. It stays in the table of
    /// processes, so that its group's number is no other's before that group has been ended.
    pub(super) fn is_over_by(&mut self, deadline: Instant) -> io::Result<bool> {
        // Most are at their end once their outputs are.
        for _ in 0..100 {
            if kernel::is_over(&mut self.child)? {
                return Ok(true);
            }
            thread::yield_now();
        }
        kernel::is_over_by(&mut self.child, deadline)
    }
}

impl Drop for Started {
    fn drop(&mut self) {
        let id = self.id();
        let mut alive = self.of.alive();
        alive.groups.retain(|group| *group != id);
        kernel::end_group(id);
        // The first does nothing to a child that is over, and stands in for a group where there
        // are none.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::io::{BufRead, BufReader};
    use std::process::Stdio;
    use std::time::Duration;

    use super::*;

    /// A shell with a child of its own, and a pipe that is at its end when both are gone.
    fn family(children: &Arc<Children>) -> (Started, BufReader<io::PipeReader>) {
        let (read, write) = io::pipe().expect("a pipe");
        let mut shell = Command::new("sh");
        shell.args(["-c", "sleep 3600 & echo begun; wait"]);
        shell.stdin(Stdio::null()).stdout(write);
        let started = children.start(&mut shell).expect("it starts");
        drop(shell);
        let mut read = BufReader::new(read);
        let mut line = String::new();
        read.read_line(&mut line).expect("a line");
        assert_eq!(line, "begun\n");
        (started, read)
    }

    /// A watch dog against a hang.
    fn soon() -> Instant {
        Instant::now() + Duration::from_secs(60)
    }

    /// A watch over them hangs if one stays.
    fn all_gone(mut pipe: BufReader<io::PipeReader>) {
        assert_eq!(pipe.read_line(&mut String::new()).expect("its end"), 0);
    }

    #[test]
    fn the_whole_family_ends_with_the_wait_for_it_and_with_the_run() {
        let owner = Owner::default();
        let (started, pipe) = family(&owner.share());
        drop(started);
        all_gone(pipe);
        let (mut started, pipe) = family(&owner.share());
        assert!(!started.is_over_by(Instant::now()).expect("a look"));
        let late = owner.share();
        drop(owner);
        all_gone(pipe);
        assert!(started.is_over_by(soon()).expect("its end"));
        assert!(late.start(&mut Command::new("true")).is_err(), "too late");
    }

    /// What it left behind is ended though it is over itself.
    #[test]
    fn what_a_program_leaves_behind_does_not_stay() {
        let (read, write) = io::pipe().expect("a pipe");
        let mut shell = Command::new("sh");
        shell.args(["-c", "sleep 3600 &"]).stdout(write);
        let mut started = Arc::<Children>::default()
            .start(&mut shell)
            .expect("it starts");
        drop(shell);
        assert!(started.is_over_by(soon()).expect("its end"));
        drop(started);
        all_gone(BufReader::new(read));
    }
}
