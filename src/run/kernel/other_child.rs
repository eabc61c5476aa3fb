//! Systems without a seam of their own: programs that lead a process group, where there are any.

use std::io;
use std::process::{Child, Command};
use std::thread;
use std::time::{Duration, Instant};

/// Has a program lead a process group of its own, where there are any.
pub(in crate::run) fn lead_group(command: &mut Command) {
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(command, 0);
    #[cfg(not(unix))]
    let _ = command;
}

/// Ends all processes of a group, where there are any.
pub(in crate::run) fn end_group(leader: u32) {
    #[cfg(unix)]
    if let Ok(leader) = i32::try_from(leader) {
        use nix::sys::signal::{Signal, killpg};
        let _ = killpg(nix::unistd::Pid::from_raw(leader), Signal::SIGKILL);
    }
    #[cfg(not(unix))]
    let _ = leader;
}

/// Whether a program is over.
pub(in crate::run) fn is_over(child: &mut Child) -> io::Result<bool> {
    Ok(child.try_wait()?.is_some())
}

/// Waits for the end of a program, until the deadline; says whether it is over.
pub(in crate::run) fn is_over_by(child: &mut Child, deadline: Instant) -> io::Result<bool> {
    while !is_over(child)? && Instant::now() < deadline {
        thread::sleep(Duration::from_millis(1));
    }
    is_over(child)
}
