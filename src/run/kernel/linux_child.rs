//! Linux: programs that lead a process group, `PR_SET_PDEATHSIG`, waitid(2).
#![allow(
    unsafe_code,
    reason = "what is done between fork and exec is for the caller to vouch for"
)]

use std::io;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command};
use std::sync::mpsc;
use std::thread;
use std::time::Instant;

use nix::sys::prctl::set_pdeathsig;
use nix::sys::signal::{Signal, killpg};
use nix::sys::wait::{Id, WaitPidFlag, WaitStatus, waitid};
use nix::unistd::{Pid, getpid, getppid};

/// Has a program lead a process group of its own, and end when the thread that starts it ends: of
/// what happens when this process is killed nothing here gets to know.
pub(in crate::run) fn lead_group(command: &mut Command) {
    let parent = getpid();
    let with_parent = move || {
        set_pdeathsig(Signal::SIGKILL)?;
        // It may have ended before that.
        if getppid() == parent {
            Ok(())
        } else {
            Err(io::ErrorKind::NotFound.into())
        }
    };
    // SAFETY: between fork and exec it makes two system calls, which are safe there, and takes no
    // memory and no lock.
    unsafe { command.process_group(0).pre_exec(with_parent) };
}

/// Ends all processes of a group. What is over already has nothing to be ended.
pub(in crate::run) fn end_group(leader: u32) {
    if let Ok(leader) = i32::try_from(leader) {
        let _ = killpg(Pid::from_raw(leader), Signal::SIGKILL);
    }
}

/// Whether a program is over; it is left to be waited for.
pub(in crate::run) fn is_over(child: &mut Child) -> io::Result<bool> {
    let look = WaitPidFlag::WEXITED | WaitPidFlag::WNOHANG | WaitPidFlag::WNOWAIT;
    let status = waitid(Id::Pid(pid(child)?), look)?;
    Ok(status != WaitStatus::StillAlive)
}

/// Waits for the end of a program, until the deadline; says whether it is over.
pub(in crate::run) fn is_over_by(child: &mut Child, deadline: Instant) -> io::Result<bool> {
    let id = Id::Pid(pid(child)?);
    let (over, told) = mpsc::channel::<()>();
    // waitid(2) has no deadline, and a pidfd needs a kernel of 2019.
    thread::Builder::new()
        .name("lab-command".into())
        .spawn(move || {
            let _ = waitid(id, WaitPidFlag::WEXITED | WaitPidFlag::WNOWAIT);
            drop(over);
        })?;
    let left = deadline.saturating_duration_since(Instant::now());
    let _ = told.recv_timeout(left);
    is_over(child)
}

fn pid(child: &Child) -> io::Result<Pid> {
    let id = i32::try_from(child.id()).map_err(io::Error::other)?;
    Ok(Pid::from_raw(id))
}
