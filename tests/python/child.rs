//! A Python program as a child process that cannot outlive its test.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

/// A watch dog against a hang, far beyond what any program here takes; nothing is measured by it.
const PATIENCE: Duration = Duration::from_secs(60);

/// A program under way.
pub(crate) struct Python {
    child: Child,
    out: BufReader<ChildStdout>,
    err: thread::JoinHandle<String>,
}

/// What a program said, and whether it ended well.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) out: String,
    pub(crate) err: String,
    pub(crate) success: bool,
}

impl Python {
    /// Starts a program of `tests/python/`, or one with an absolute path.
    pub(crate) fn start<S: AsRef<str>>(program: &Path, args: &[S]) -> Self {
        let peers = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/python");
        let mut child = Command::new("python3")
            // UTF-8 whatever the locale, and no __pycache__ in the source tree.
            .args(["-X", "utf8", "-B"])
            .arg(peers.join(program))
            .args(args.iter().map(AsRef::as_ref))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("python3 starts; scripts/test says how to get it");
        let out = BufReader::new(child.stdout.take().expect("a pipe"));
        let mut pipe = child.stderr.take().expect("a pipe");
        let err = thread::spawn(move || {
            let mut err = String::new();
            pipe.read_to_string(&mut err).expect("UTF-8");
            err
        });
        Self { child, out, err }
    }

    /// Waits until a server says where it listens: a path, or a host, a port and more.
    pub(crate) fn listening(&mut self) -> String {
        let mut line = String::new();
        self.out.read_line(&mut line).expect("a line");
        let Some(address) = line.trim_end().strip_prefix("listening on ") else {
            // It may be gone already.
            let _ = self.child.kill();
            panic!("no address in {line:?}");
        };
        address.into()
    }

    /// The port where a server listens.
    pub(crate) fn port(&mut self) -> u16 {
        let address = self.listening();
        let port = address.split(&[',', ')'][..]).nth(1);
        let port = port.and_then(|port| port.trim().parse().ok());
        port.unwrap_or_else(|| panic!("no port in {address}"))
    }

    /// The process.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Ends the program, whatever it waits for.
    pub(crate) fn kill(mut self) {
        self.child.kill().expect("a child of this process");
        let said = self.end();
        assert!(!said.success);
    }

    /// Waits for the program's end.
    pub(crate) fn end(mut self) -> Said {
        let (tell, ended) = mpsc::channel();
        let id = self.child.id();
        let watch = thread::spawn(move || {
            if ended.recv_timeout(PATIENCE) == Err(mpsc::RecvTimeoutError::Timeout) {
                // The child is not reaped before the sender goes, so the id is still its own.
                let _ = Command::new("kill").args(["-9", &id.to_string()]).status();
            }
        });
        let mut out = String::new();
        self.out.read_to_string(&mut out).expect("UTF-8");
        let err = self.err.join().expect("read to its end");
        let status = self.child.wait().expect("the child's status");
        drop::<mpsc::Sender<()>>(tell);
        watch.join().expect("the watch dog");
        Said {
            out,
            err,
            success: status.success(),
        }
    }
}

impl Said {
    /// What it printed, if it ended well.
    #[track_caller]
    pub(crate) fn well(self) -> String {
        assert!(self.success, "{}\n{}", self.out, self.err);
        self.out
    }
}
