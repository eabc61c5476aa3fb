//! A run with another program on one side: what is refused, what is said where nobody listens, and
//! what is left open because only that program knows it.

use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::thread::{self, JoinHandle};

#[cfg(target_os = "linux")]
use crate::shell::signal;
use crate::shell::{self, Done};
use serde_json::{Value, json};
use sticky_lab::event::{RECORD_FULL, RunTrace, Side};
use sticky_lab::lab::read;
use sticky_lab::report::{self, Outcome, Report};
use sticky_lab::run::{Kernel, Runner};
use sticky_lab::scenario::{self, Impossible, Scenario};

fn resolved(run: &Value) -> Result<Scenario, Impossible> {
    let file = json!({ "runs": [run] }).to_string();
    let lab = read::parse("lab.json", &file).unwrap_or_else(|error| panic!("{error}\n{file}"));
    scenario::resolve(&lab, 0)
}

/// A server that reads to the end, then answers in capitals, for one client after the other.
fn shouting_server(clients: usize) -> (u16, JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let served = thread::spawn(move || {
        for _ in 0..clients {
            let (mut stream, _) = listener.accept().expect("a client");
            let mut said = Vec::new();
            stream.read_to_end(&mut said).expect("all of it");
            stream
                .write_all(&said.to_ascii_uppercase())
                .expect("a write");
        }
    });
    (port, served)
}

fn asks(port: u16) -> Value {
    json!({
        "name": "asks", "port": port, "deadline": "60s", "server": "elsewhere",
        "client": [
            { "send": "ab" }, { "send": "cd" }, { "await": "acked" }, "shutdown",
            { "await": { "queued": 4 } }, { "recv": 3 }, { "recv_until_end": 10 }
        ],
        "expect": {
            "writes": 2, "bytes_sent": 4,
            "answers": { "recvs": ["ABC", "D"], "end_of_stream": true }
        }
    })
}

fn done(run: &Value, kernel: Kernel) -> (RunTrace, Report) {
    let plan = resolved(run).expect("it resolves");
    let mut runner = Runner::new(kernel, Arc::default());
    let trace = runner.start(&plan).expect("the run begins").finish();
    let report = report::build(&trace, kernel == Kernel::Asked);
    (trace, report)
}

#[test]
fn what_only_the_other_program_knows_is_left_open() {
    for kernel in [Kernel::Asked, Kernel::Silent] {
        let (port, served) = shouting_server(1);
        let (trace, report) = done(&asks(port), kernel);
        served.join().expect("served");
        // Without a kernel nobody knows whether all was ACKed, and nothing differs.
        let outcomes = match kernel {
            Kernel::Asked if cfg!(target_os = "linux") => &[Outcome::AsExpected][..],
            _ => &[Outcome::AsExpected, Outcome::Unconfirmed],
        };
        assert!(outcomes.contains(&report.outcome), "{:?}", report.checks);
        assert_ne!(report.outcome, Outcome::Differs, "{:?}", report.checks);
        let [ours, theirs] = &report.flows[..] else {
            panic!("two directions: {:?}", report.flows);
        };
        assert_eq!((ours.bytes_sent, theirs.bytes_received), (4, 4));
        assert!(!ours.has_reads() && ours.has_writes());
        assert!(theirs.has_reads() && !theirs.has_writes());
        for flow in [ours, theirs] {
            assert!(flow.edges.is_empty() && flow.cuts.is_empty(), "{flow:?}");
            assert!(flow.ranges.intact);
        }
        for (event, note) in trace.events.iter().zip(&report.notes) {
            assert_eq!(event.side, Side::Client);
            assert_eq!(note.in_kernel, None, "{event:?}");
            assert!(
                note.owners
                    .iter()
                    .all(|(label, ..)| label.side == Side::Client)
            );
        }
        #[cfg(target_os = "linux")]
        if kernel == Kernel::Asked {
            assert_eq!(ours.segments.count, Some(2), "our own kernel's word");
            assert_eq!(theirs.segments.count, None);
        }
    }
}

/// Another program that never stops costs what a record takes, and no more; all of that is known.
#[test]
fn a_peer_that_never_stops_fills_the_record_and_ends_the_run() {
    let port = {
        let free = TcpListener::bind("127.0.0.1:0").expect("a port");
        free.local_addr().expect("an address").port()
    };
    let flood = thread::spawn(move || {
        let mut stream = loop {
            if let Ok(stream) = TcpStream::connect(("127.0.0.1", port)) {
                break stream;
            }
            thread::yield_now();
        };
        let bytes = vec![b'x'; 1 << 20];
        while stream.write_all(&bytes).is_ok() {}
    });
    let run = json!({
        "name": "flooded", "port": port, "deadline": "60s", "client": "elsewhere",
        "server": [{ "recv_until_end": 1 << 20 }]
    });
    let (trace, report) = done(&run, Kernel::Asked);
    flood.join().expect("its connection is reset");
    let [.., refused, close] = &trace.events[..] else {
        panic!("{} events", trace.events.len());
    };
    assert_eq!(refused.error.as_deref(), Some(RECORD_FULL));
    assert_eq!(close.action.name(), "close");
    assert_eq!(report.outcome, Outcome::Differs);
    let received = report.flows[0].bytes_received;
    let most = scenario::MAX_BYTES as u64;
    assert!((most..most + (2 << 20)).contains(&received), "{received}");
}

#[test]
fn what_cannot_be_known_is_refused_with_a_remedy() {
    let with = |changes: &[(&str, Value)]| {
        let mut run = asks(8888);
        for (key, value) in changes {
            run[*key] = value.clone();
        }
        let wrong = resolved(&run).expect_err("it cannot be");
        let said = wrong.what.to_string();
        let (what, help) = said.split_once("; ").expect("help");
        (what.to_string(), help.to_string())
    };
    let claims = |expect: Value| with(&[("expect", expect)]);
    for ((what, help), (has, helps)) in [
        (
            with(&[("client", json!("elsewhere"))]),
            ("both sides", "steps"),
        ),
        (
            with(&[("transport", json!("udp"))]),
            ("over udp", "transport"),
        ),
        (
            with(&[("transport", json!("unix"))]),
            ("over unix", "transport"),
        ),
        (
            with(&[("port", Value::Null)]),
            ("has to know the port", "\"port\""),
        ),
        (
            with(&[("wire", json!("data"))]),
            ("no other program", "`wire`"),
        ),
        (
            with(&[("client", json!([{ "send": "a" }, { "await": "read" }]))]),
            ("`read` waits", "`acked`"),
        ),
        (
            with(&[
                ("framing", json!({ "length": "<i" })),
                (
                    "client",
                    json!([{ "send_frame": { "payload": "a", "cut": [1], "await_read": true } }]),
                ),
            ]),
            ("`await_read` waits", "`acked`"),
        ),
        (
            with(&[("client", json!([{ "await": { "signal": "go" } }]))]),
            ("no `signal` comes from the server", "`queued`"),
        ),
        (
            claims(json!({ "recvs": ["ab"] })),
            ("`recvs` is about what the server reads", "`writes`"),
        ),
        (
            claims(json!({ "edges": ["kept"] })),
            ("`edges`", "`segments`"),
        ),
        (
            claims(json!({ "end_of_stream": true })),
            ("`end_of_stream`", "`writes`"),
        ),
        (
            claims(json!({ "answers": { "segments": 1 } })),
            ("`segments` is about what the server writes", "`messages`"),
        ),
        (
            claims(json!({ "answers": { "edges": [] } })),
            ("`edges`", "`recvs`"),
        ),
        (
            claims(json!({ "more_clients": [{ "cuts": [] }] })),
            ("`cuts`", "`writes`"),
        ),
        (
            claims(json!({ "answers": { "recvs": "any-legal" } })),
            ("`recvs`", "`sizes`"),
        ),
    ] {
        assert!(what.contains(has), "{has}: {what}");
        assert!(help.contains(helps), "{what}: {help}");
    }
    // What our own side knows can be claimed of either direction.
    for expect in [
        json!({ "writes": 2, "segments": 2, "most_unsent": 0, "errors": [], "states": [] }),
        json!({ "answers": { "recv_count": 2, "sizes": [3, 1], "texts": [], "taken": [] } }),
    ] {
        let mut run = asks(8888);
        run["expect"] = expect;
        assert!(resolved(&run).is_ok());
    }
}

/// A lab of one run in a directory of its own.
fn saved(name: &str, run: &Value) -> PathBuf {
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("elsewhere")
        .join(name);
    fs::create_dir_all(&dir).expect("a directory in target/tmp");
    fs::write(dir.join("lab.json"), json!({ "runs": [run] }).to_string()).expect("written");
    dir
}

/// The program, told of this directory.
fn command(args: &[&str], dir: &Path) -> Command {
    let dir = dir.to_str().expect("UTF-8");
    let args = args.iter().map(|arg| if *arg == "DIR" { dir } else { arg });
    let mut command = shell::running(&args.collect::<Vec<_>>());
    command.stdin(Stdio::null());
    command
}

fn lab(args: &[&str], dir: &Path) -> Done {
    Done::of(command(args, dir).output().expect("lab starts"))
}

/// A port where nobody listens: it was free a moment ago, and the system gives them in turn.
fn nobodys_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("an address").port()
}

#[test]
fn where_nobody_listens_it_is_said_what_would_help() {
    let port = nobodys_port();
    let dir = saved("nobody", &asks(port));
    for args in [
        &["run", "DIR"][..],
        &["run", "--plain", "DIR"],
        &["run", "--repeat", "3", "DIR"],
        &["run", "--predict", "--answer", "a", "DIR"],
        &["compare", "DIR", "3"],
    ] {
        let Done { code, err, .. } = lab(args, &dir);
        assert_eq!(code, 3, "{args:?}: {err}");
        let says = format!(
            "run `asks` could not begin: connect 127.0.0.1:{port}: ECONNREFUSED, nobody listens \
             there; start your server on port {port} first"
        );
        assert!(err.contains(&says), "{args:?}: {err}");
    }
    // A lab may be about just that.
    let mut run = asks(port);
    run["client"] = json!(["connect"]);
    run["expect"] = json!({ "errors": ["client connect ECONNREFUSED"] });
    let Done { code, out, .. } = lab(&["run", "DIR"], &saved("claimed", &run));
    assert!(code == 0 && out.contains("as the lab says"), "{out}");
}

#[test]
fn each_mode_works_or_says_why_not() {
    let (port, served) = shouting_server(5);
    let dir = saved("modes", &asks(port));
    let Done { code, out, .. } = lab(&["run", "--repeat", "2", "--width", "200", "DIR"], &dir);
    assert_eq!(code, 0, "{out}");
    assert!(
        out.contains("what the other program does nobody here can tell"),
        "{out}"
    );
    assert!(out.contains("ABC | D"), "{out}");
    let ask = [
        "run",
        "--predict",
        "--answer",
        "ABCD",
        "--width",
        "200",
        "DIR",
    ];
    let Done { code, out, .. } = lab(&ask, &dir);
    assert_eq!(code, 0, "{out}");
    assert!(out.contains("shown without a question"), "{out}");
    let Done { code, out, err } = lab(&["compare", "--full", "--width", "200", "DIR", "3"], &dir);
    assert_eq!(code, 0, "{out}{err}");
    assert!(out.contains("server elsewhere"), "{out}");
    assert!(
        out.contains("not worked out: one side is another program"),
        "{out}"
    );
    // A replay draws the same.
    let Done {
        code,
        out: trace,
        err,
    } = lab(&["run", "--json", "DIR"], &dir);
    assert_eq!(code, 0, "{err}");
    served.join().expect("served");
    let file = dir.join("trace.jsonl");
    fs::write(&file, trace).expect("written");
    let Done { code, out, err } = lab(
        &[
            "replay",
            "--full",
            "--width",
            "100",
            file.to_str().expect("UTF-8"),
        ],
        &dir,
    );
    assert_eq!(code, 0, "{err}");
    assert!(
        out.contains("server, elsewhere") && out.contains("As the lab says."),
        "{out}"
    );

    let Done { code, err, .. } = lab(&["run", "--wire", "DIR"], &dir);
    assert_eq!(code, 2, "{err}");
    assert!(err.contains("cannot be in the network"), "{err}");
    let Done { code, err, .. } = lab(&["code", "--server", "DIR"], &dir);
    assert_eq!(code, 2, "{err}");
    assert!(err.contains("--client prints"), "{err}");
    let Done { code, out, err } = lab(&["code", "DIR"], &dir);
    assert_eq!(code, 0, "{err}");
    assert!(
        out.contains("connect((HOST, PORT))") && !out.contains("listen("),
        "{out}"
    );
    let Done { out, .. } = lab(&["lint", "DIR"], &dir);
    assert!(
        out.contains("1 not done: one side of it is another program"),
        "{out}"
    );
}

/// A child that does not outlive its test.
struct Started(Child);

impl Drop for Started {
    fn drop(&mut self) {
        // Neither does anything to one that has ended.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn a_reader_at_the_end_of_the_stream_is_not_said_to_wait() {
    let (port, served) = shouting_server(1);
    let run = json!({
        "name": "nothing", "port": port, "deadline": "60s", "server": "elsewhere",
        "framing": { "length": ">I" },
        "client": ["shutdown", { "recv_frames": { "count": 1, "sizes": [1024] } }]
    });
    let Done { out, err, .. } = lab(&["run", "DIR"], &saved("nothing", &run));
    served.join().expect("served");
    assert!(out.contains("end of stream"), "{out}{err}");
    assert!(!out.contains("waiting"), "{out}");
}

#[test]
fn a_server_waits_for_its_client_and_says_so() {
    let port = nobodys_port();
    let dir = saved(
        "client",
        &json!({
            "name": "serves", "port": port, "client": "elsewhere",
            "server": [{ "recv_until_end": 10 }, { "send": "ok" }, "close", "accept", { "recv_until_end": 10 }],
            "expect": { "end_of_stream": true, "answers": { "writes": 1 } }
        }),
    );
    let holds = TcpListener::bind(("127.0.0.1", port)).expect("a free port");
    let Done { code, err, .. } = lab(&["run", "DIR"], &dir);
    assert_eq!(code, 3, "{err}");
    assert!(err.contains("choose another `port`"), "{err}");
    drop(holds);
    // Again at once: nothing of the last time is in the way.
    for _ in 0..2 {
        let mut lab = command(&["run", "--full", "--width", "100", "DIR"], &dir);
        let lab = lab.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut lab = Started(lab.spawn().expect("lab starts"));
        let mut waits = String::new();
        let mut err = lab.0.stderr.take().expect("a pipe");
        let mut byte = [0];
        while !waits.ends_with('\n') {
            err.read_exact(&mut byte).expect("a line");
            waits.push(byte[0].into());
        }
        assert!(
            waits.contains(&format!("waits for your client on 127.0.0.1:{port}")),
            "{waits}"
        );
        for says in ["first", "second"] {
            let mut stream = TcpStream::connect(("127.0.0.1", port)).expect("it listens");
            stream.write_all(says.as_bytes()).expect("a write");
            stream.shutdown(std::net::Shutdown::Write).expect("a FIN");
            let mut answer = String::new();
            stream.read_to_string(&mut answer).expect("an answer");
            assert_eq!(answer, if says == "first" { "ok" } else { "" });
        }
        let mut out = String::new();
        let pipe = lab.0.stdout.as_mut().expect("a pipe");
        pipe.read_to_string(&mut out).expect("UTF-8");
        assert_eq!(lab.0.wait().expect("its status").code(), Some(0), "{out}");
        assert!(out.contains("client, elsewhere"), "{out}");
        assert!(
            out.contains("Bytes: 5 received.") && out.contains("Bytes: 6 received."),
            "{out}"
        );
    }
}

/// As after Ctrl-Z and fg. With a timeout on its socket, the kernel breaks the call off with EINTR
/// (signal(7)); a student's own recv, without one, would simply go on.
#[cfg(target_os = "linux")]
#[test]
fn a_call_goes_on_after_the_program_was_stopped() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let dir = saved("stopped", &asks(port));
    let started = command(&["run", "--json", "DIR"], &dir)
        .stdout(Stdio::piped())
        .spawn();
    let mut started = Started(started.expect("lab runs"));
    let id = started.0.id();
    let (mut stream, _) = listener.accept().expect("a client");
    let mut said = Vec::new();
    stream.read_to_end(&mut said).expect("all of it");
    // With the answer, all that is left to it is to wait for the end.
    stream.write_all(b"ABCD").expect("a write");
    for _ in 0..10 {
        signal(id, "STOP");
        wait_until_all_are(id, 'T');
        signal(id, "CONT");
        wait_until_all_are(id, 'S');
    }
    drop(stream);
    let mut out = String::new();
    let mut pipe = started.0.stdout.take().expect("a pipe");
    pipe.read_to_string(&mut out).expect("its trace");
    assert_eq!(started.0.wait().expect("it ends").code(), Some(0), "{out}");
    assert!(out.contains(r#""outcome":"as-expected""#), "{out}");
}

/// Waits until each thread of this process is in the state that proc(5) gives this letter.
#[cfg(target_os = "linux")]
fn wait_until_all_are(id: u32, letter: char) {
    let state = |task: &Path| {
        let stat = fs::read_to_string(task.join("stat")).unwrap_or_default();
        let (_, behind) = stat.rsplit_once(')').unwrap_or_default();
        behind.trim_start().chars().next()
    };
    let until = std::time::Instant::now() + std::time::Duration::from_secs(60);
    loop {
        let tasks = fs::read_dir(format!("/proc/{id}/task")).expect("it runs");
        let states: Vec<_> = tasks
            .map(|task| state(&task.expect("a thread").path()))
            .collect();
        if states.iter().all(|state| *state == Some(letter)) {
            return;
        }
        let over = states.contains(&Some('Z')) || std::time::Instant::now() >= until;
        assert!(!over, "{states:?}");
        thread::yield_now();
    }
}
