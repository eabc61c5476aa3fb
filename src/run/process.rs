//! Runs a program of the lab and takes all that it writes.

use std::io::{self, Read};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Instant;

use super::connection::Backoff;
use crate::event::{NO_PROGRAM, TOO_LONG};
use crate::lab::file::MAX_PAYLOAD;

/// A child that does not outlive the wait for it.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // Neither does anything to a child that has been waited for.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// What the program wrote to stdout, then what it wrote to stderr. It is found by `PATH`, started
/// without a shell, reads nothing, and is killed at the deadline.
///
/// Both outputs are drained at the same time: of two pipes read one after the other, the second
/// one can fill up, and then the program waits for its reader and the reader for the program.
///
/// # Errors
/// If it cannot be started, is not over by the deadline, or writes more than a message may have.
/// How it exits is its own affair: a failed command has an answer too.
pub(super) fn output(argv: &[String], deadline: Instant) -> io::Result<Vec<u8>> {
    let (program, arguments) = argv.split_first().ok_or(io::ErrorKind::InvalidInput)?;
    let child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => io::Error::new(error.kind(), NO_PROGRAM),
            _ => error,
        })?;
    let mut running = Running(child);
    let (tell, told) = mpsc::channel();
    let pipes: [Option<Box<dyn Read + Send>>; 2] = [
        running.0.stdout.take().map(|pipe| Box::new(pipe) as _),
        running.0.stderr.take().map(|pipe| Box::new(pipe) as _),
    ];
    for (which, pipe) in pipes.into_iter().enumerate() {
        let (tell, pipe) = (tell.clone(), pipe.ok_or(io::ErrorKind::BrokenPipe)?);
        thread::Builder::new()
            .name("lab-command".into())
            .spawn(move || {
                let mut bytes = Vec::new();
                let read = pipe.take(MAX_PAYLOAD as u64 + 1).read_to_end(&mut bytes);
                // Nobody listens any more once the deadline has passed.
                let _ = tell.send((which, read.map(|_| bytes)));
            })?;
    }
    let mut outputs = [Vec::new(), Vec::new()];
    for _ in 0..outputs.len() {
        let left = deadline.saturating_duration_since(Instant::now());
        let (which, bytes) = told.recv_timeout(left).map_err(|error| match error {
            RecvTimeoutError::Timeout => io::Error::from(io::ErrorKind::TimedOut),
            RecvTimeoutError::Disconnected => io::ErrorKind::BrokenPipe.into(),
        })?;
        outputs[which] = bytes?;
        if outputs.iter().map(Vec::len).sum::<usize>() > MAX_PAYLOAD {
            return Err(io::Error::new(io::ErrorKind::InvalidData, TOO_LONG));
        }
    }
    // It may have closed its outputs and gone on.
    let mut rest = Backoff::default();
    while running.0.try_wait()?.is_none() {
        if deadline <= Instant::now() {
            return Err(io::ErrorKind::TimedOut.into());
        }
        rest.wait();
    }
    Ok(outputs.concat())
}

#[cfg(all(test, unix))]
mod tests {
    use std::time::Duration;

    use super::*;

    fn shell(script: &str, patience: Duration) -> io::Result<Vec<u8>> {
        let argv = ["sh", "-c", script].map(String::from);
        output(&argv, Instant::now() + patience)
    }

    const LONG: Duration = Duration::from_secs(60);

    #[test]
    fn stdout_comes_before_stderr_and_a_failure_is_an_answer() {
        let answer = shell("echo err >&2; echo out; exit 3", LONG).unwrap();
        assert_eq!(answer, b"out\nerr\n");
    }

    #[test]
    fn both_outputs_may_be_longer_than_a_pipe_holds() {
        let script = "i=0; while [ $i -lt 4000 ]; do \
                      echo 0123456789012345678901234567890123456789012345678 >&2; \
                      echo 0123456789012345678901234567890123456789012345678; i=$((i+1)); done";
        assert_eq!(shell(script, LONG).unwrap().len(), 2 * 4000 * 50);
    }

    #[test]
    fn what_reads_gets_nothing() {
        assert_eq!(shell("cat", LONG).unwrap(), b"");
    }

    #[test]
    fn one_that_never_ends_is_killed_at_the_deadline() {
        for script in [
            "echo $$; exec sleep 3600",
            "exec >&- 2>&-; exec sleep 3600",
            // The grandchild keeps the pipes open.
            "sleep 2 & exit",
        ] {
            let start = Instant::now();
            let error = shell(script, Duration::from_millis(50)).unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::TimedOut, "{script}");
            assert!(start.elapsed() < LONG, "{script}");
        }
    }

    #[test]
    fn one_that_writes_without_end_is_ended() {
        let error = shell("exec yes", LONG).unwrap_err();
        assert_eq!(error.to_string(), TOO_LONG);
    }

    #[test]
    fn one_that_cannot_be_started_says_so() {
        let argv = ["no-such-program-anywhere".to_string()];
        let error = output(&argv, Instant::now() + LONG).unwrap_err();
        assert_eq!(error.to_string(), NO_PROGRAM);
    }
}
