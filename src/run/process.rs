//! Runs a program of the lab and takes all that it writes.

use std::fmt;
use std::io::{self, PipeReader, Read};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use super::children::Children;
use super::kernel::Kernel;
use crate::event::{FullPipe, MAX_PAYLOAD, NO_PROGRAM, STUCK, TOO_LONG, UNSUPPORTED};
use crate::lab::file::Outputs;

/// A program and its reader, each waiting for the other.
#[derive(Debug)]
struct Stuck(FullPipe);

impl fmt::Display for Stuck {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(STUCK)
    }
}

impl std::error::Error for Stuck {}

/// The pipe that a program is stuck at, if that is the error.
pub(super) fn stuck_at(error: &io::Error) -> Option<FullPipe> {
    let Stuck(pipe) = error.get_ref()?.downcast_ref()?;
    Some(*pipe)
}

/// What the program wrote to stdout, then what it wrote to stderr. It is found by `PATH`, started
/// without a shell, reads nothing, and is ended at the deadline, with all that it started.
///
/// Both outputs are drained at the same time, unless the lab wants it otherwise: of two pipes read
/// one after the other, the second one can fill up, and then the program waits for its reader and
/// the reader for the program.
///
/// # Errors
/// If it cannot be started, is not over by the deadline, is stuck, or writes more than a message
/// may have. How it exits is its own affair: a failed command has an answer too.
pub(super) fn output(
    argv: &[String],
    outputs: Outputs,
    children: &Arc<Children>,
    kernel: Kernel,
    deadline: Instant,
) -> io::Result<Vec<u8>> {
    let (program, arguments) = argv.split_first().ok_or(io::ErrorKind::InvalidInput)?;
    let ((stdout, to_stdout), (stderr, to_stderr)) = (io::pipe()?, io::pipe()?);
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::null());
    command.stdout(to_stdout).stderr(to_stderr);
    let started = children.start(&mut command);
    // It holds the ends that only the program may write to.
    drop(command);
    let mut started = started.map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => io::Error::new(error.kind(), NO_PROGRAM),
        _ => error,
    })?;
    let (out, err) = match outputs {
        Outputs::BothAtOnce => {
            let (out, err) = (drain(stdout)?, drain(stderr)?);
            (by(deadline, &out)?, by(deadline, &err)?)
        }
        Outputs::StdoutFirst => {
            let pipes = [&stdout, &stderr];
            let out = drain(stdout.try_clone()?)?;
            let out = first(&out, pipes, started.id(), kernel, deadline)?;
            (out, by(deadline, &drain(stderr)?)?)
        }
    };
    if out.len() + err.len() > MAX_PAYLOAD {
        return Err(io::Error::new(io::ErrorKind::InvalidData, TOO_LONG));
    }
    // It may have closed its outputs and gone on.
    if started.is_over_by(deadline)? {
        Ok([out, err].concat())
    } else {
        Err(io::ErrorKind::TimedOut.into())
    }
}

/// Reads a pipe to its end, on a thread of its own.
fn drain(pipe: PipeReader) -> io::Result<Receiver<io::Result<Vec<u8>>>> {
    let (tell, told) = mpsc::channel();
    thread::Builder::new()
        .name("lab-command".into())
        .spawn(move || {
            let mut bytes = Vec::new();
            let read = pipe.take(MAX_PAYLOAD as u64 + 1).read_to_end(&mut bytes);
            // Nobody listens any more once the deadline has passed.
            let _ = tell.send(read.map(|_| bytes));
        })?;
    Ok(told)
}

/// What a pipe had, once it is at its end.
fn by(deadline: Instant, told: &Receiver<io::Result<Vec<u8>>>) -> io::Result<Vec<u8>> {
    let left = deadline.saturating_duration_since(Instant::now());
    let bytes = told.recv_timeout(left).map_err(|error| match error {
        RecvTimeoutError::Timeout => io::Error::from(io::ErrorKind::TimedOut),
        RecvTimeoutError::Disconnected => io::ErrorKind::BrokenPipe.into(),
    })??;
    if bytes.len() > MAX_PAYLOAD {
        return Err(io::Error::new(io::ErrorKind::InvalidData, TOO_LONG));
    }
    Ok(bytes)
}

/// How long the kernel is not asked while nothing comes: a part of the time that has passed, between
/// these two.
const LOOK: [Duration; 2] = [Duration::from_millis(1), Duration::from_millis(20)];
/// Where no kernel says whether a program is stuck, the wait for it ends after this time; what it
/// was waiting for is then unknown, and said to be.
const PATIENCE: Duration = Duration::from_millis(300);

/// The same of stdout, whose reader has not begun to read stderr.
fn first(
    told: &Receiver<io::Result<Vec<u8>>>,
    pipes: [&PipeReader; 2],
    pid: u32,
    kernel: Kernel,
    deadline: Instant,
) -> io::Result<Vec<u8>> {
    let mut in_doubt = None;
    let began = Instant::now();
    loop {
        let now = Instant::now();
        let pause = ((now - began) / 16).clamp(LOOK[0], LOOK[1]);
        match by(deadline.min(now + pause), told) {
            Err(error) if error.kind() == io::ErrorKind::TimedOut && now < deadline => {}
            done => return done,
        }
        match look(pipes, pid, kernel) {
            Look::Open => in_doubt = None,
            Look::Stuck(pipe) => return Err(io::Error::other(Stuck(pipe))),
            Look::Unknown if *in_doubt.get_or_insert(now) + PATIENCE <= now => {
                return Err(io::Error::new(io::ErrorKind::Unsupported, UNSUPPORTED));
            }
            Look::Unknown => {}
        }
    }
}

/// What the kernel says of a program while its reader waits for the end of stdout.
enum Look {
    /// One of the two can go on.
    Open,
    /// Neither can, ever.
    Stuck(FullPipe),
    /// It does not say enough.
    Unknown,
}

fn look([stdout, stderr]: [&PipeReader; 2], pid: u32, kernel: Kernel) -> Look {
    let (Some(out), Some(err)) = (kernel.pipe(stdout), kernel.pipe(stderr)) else {
        return Look::Unknown;
    };
    if out.is_readable || !err.is_full {
        return Look::Open;
    }
    // Asleep for want of room in a pipe, and there is room in the other one. Whoever could make
    // room in this one waits for the end of that one, which is not there and cannot come.
    if kernel.waits_for_room(pid) {
        Look::Stuck(FullPipe {
            queued: err.queued,
            capacity: err.capacity,
        })
    } else {
        Look::Unknown
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    const LONG: Duration = Duration::from_secs(60);

    fn shell(script: &str, timeout: Duration) -> io::Result<Vec<u8>> {
        run(script, Outputs::BothAtOnce, Kernel::Asked, timeout)
    }

    fn run(
        script: &str,
        outputs: Outputs,
        kernel: Kernel,
        timeout: Duration,
    ) -> io::Result<Vec<u8>> {
        let argv = ["sh", "-c", script].map(String::from);
        let deadline = Instant::now() + timeout;
        output(&argv, outputs, &Arc::default(), kernel, deadline)
    }

    /// A program that writes more to stderr than a pipe holds, whatever a page is; then a line to
    /// stdout. The shell does the writing itself.
    const LOUD: &str = "i=0; while [ $i -lt 20000 ]; do \
                        echo 0123456789012345678901234567890123456789012345678901234567890123 >&2; \
                        i=$((i+1)); done; echo done";

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

    /// Asleep for want of room, but in a pipe of its own: it will go on without its reader.
    #[test]
    fn one_that_waits_for_somebody_else_is_not_stuck() {
        let dir = tempfile::tempdir().unwrap();
        let fifo = dir.path().join("fifo");
        let fifo = fifo.display();
        // More than a pipe holds; a shell's own `printf` writes it.
        let script = format!(
            "mkfifo {fifo}; {{ sleep 0.05; cat > /dev/null; }} < {fifo} & \
             printf %02000000d 0 > {fifo}; echo out; echo err >&2; wait"
        );
        let answer = run(&script, Outputs::StdoutFirst, Kernel::Asked, LONG).unwrap();
        assert_eq!(answer, b"out\nerr\n");
    }

    #[test]
    fn one_that_cannot_be_started_says_so() {
        let argv = ["no-such-program-anywhere".to_string()];
        let deadline = Instant::now() + LONG;
        let error = output(
            &argv,
            Outputs::BothAtOnce,
            &Arc::default(),
            Kernel::Asked,
            deadline,
        )
        .unwrap_err();
        assert_eq!(error.to_string(), NO_PROGRAM);
    }

    /// Nobody is left behind: neither a process nor its entry in the table.
    #[cfg(target_os = "linux")]
    #[test]
    fn one_that_waits_for_its_reader_is_stuck_if_the_kernel_says_so() {
        let error = run(LOUD, Outputs::StdoutFirst, Kernel::Asked, LONG).unwrap_err();
        assert_eq!(error.to_string(), STUCK);
        let pipe = stuck_at(&error).expect("a pipe");
        assert!(
            pipe.queued <= pipe.capacity && pipe.queued > pipe.capacity / 2,
            "{pipe:?}"
        );
        let children = std::fs::read_to_string("/proc/thread-self/children").unwrap_or_default();
        assert_eq!(children, "");
    }

    #[test]
    fn without_a_kernel_to_ask_nobody_is_said_to_be_stuck() {
        let error = run(LOUD, Outputs::StdoutFirst, Kernel::Silent, LONG).unwrap_err();
        assert_eq!(error.to_string(), UNSUPPORTED);
        assert_eq!(stuck_at(&error), None);
    }

    /// Nothing comes from it, and it sleeps; but it does not wait for its reader.
    #[test]
    fn one_that_only_takes_its_time_is_not_stuck() {
        for script in [
            "sleep 0.05; echo out; echo err >&2",
            "echo err >&2; echo out; exec >&-; sleep 0.05",
        ] {
            let answer = run(script, Outputs::StdoutFirst, Kernel::Asked, LONG).unwrap();
            assert_eq!(answer, b"out\nerr\n");
        }
    }
}
