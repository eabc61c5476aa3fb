//! Files over a socket: what is stored, what is refused, and that nothing grows with the file or is
//! left behind.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

use crate::shell::running;
use serde_json::{Value, json};
use sticky_lab::event::{Action, RunTrace, StoredFile};
use sticky_lab::lab::file::Lab;
use sticky_lab::report::{self, FileFate, Outcome, Received};
use sticky_lab::run::{Kernel, Runner};
use sticky_lab::scenario;

/// A run in which the server sends a file and the client receives it; the keys of the two steps are
/// added to the usual ones.
fn lab(send: &Value, recv: &Value) -> Lab {
    let mut file = json!({ "filename": "a.txt", "content": "hello" });
    let given = send.as_object().expect("an object").clone();
    file.as_object_mut().expect("an object").extend(given);
    let lab = json!({ "runs": [{
        "name": "file",
        "framing": { "header_dict": "<q", "limit": 67_108_864 },
        "client": [{ "try": { "recv_file": recv } }],
        "server": [{ "try": { "send_file": file } }],
    }]});
    serde_json::from_value(lab).expect("a lab")
}

fn transfer(send: &Value, recv: &Value) -> (RunTrace, Received, Option<&'static str>) {
    let plan = scenario::resolve(&lab(send, recv), 0).expect("it can be run");
    let mut runner = Runner::new(Kernel::Asked, Arc::default());
    let trace = runner.start(&plan).expect("it begins").finish();
    let report = report::build(&trace, true);
    let flow = &report.flows[0];
    assert!(flow.ranges.intact, "{trace:?}");
    let refused = flow.refused.as_ref().map(|(_, error)| error.kind());
    (trace, flow.files[0].clone(), refused)
}

/// The calls to the file system, in order.
fn file_calls(trace: &RunTrace) -> Vec<String> {
    let calls = trace.events.iter().filter_map(|event| match &event.action {
        Action::Open { path, .. } => Some(format!("open {path}")),
        Action::Rename { from, to } => Some(format!("rename {from} {to}")),
        Action::Unlink { path } => Some(format!("unlink {path}")),
        Action::Readdir { files } => Some(format!("readdir {}", files.len())),
        _ => None,
    });
    calls.collect()
}

fn stored(name: &str, size: u64) -> Vec<StoredFile> {
    let name = name.into();
    vec![StoredFile { name, size }]
}

#[test]
fn a_file_gets_its_name_when_it_is_whole_and_right() {
    let (trace, file, refused) = transfer(&json!({}), &json!({ "slice": 2 }));
    assert_eq!(refused, None);
    assert_eq!((file.have, file.need, file.verified), (5, Some(5), true));
    assert_eq!(file.fate, FileFate::Saved);
    assert_eq!(file.directory, Some(stored("a.txt", 5)));
    assert_eq!(
        file_calls(&trace),
        ["open .a.txt.part", "rename .a.txt.part a.txt", "readdir 1"]
    );
    // No read asked for more than was missing of its part.
    let asked: Vec<u64> = trace
        .events
        .iter()
        .filter_map(|event| match &event.action {
            Action::Recv(read) => Some(read.asked),
            _ => None,
        })
        .collect();
    assert_eq!(asked[0], 8);
    assert_eq!(asked[asked.len() - 3..], [2, 2, 1]);
}

#[test]
fn a_file_of_no_bytes_is_a_file() {
    let (trace, file, refused) = transfer(&json!({ "content": "" }), &json!({}));
    assert_eq!(refused, None);
    assert_eq!((file.have, file.need, file.verified), (0, Some(0), true));
    assert_eq!(file.directory, Some(stored("a.txt", 0)));
    assert_eq!(file_calls(&trace).len(), 3);
}

#[test]
fn what_is_not_whole_or_not_right_never_bears_the_name() {
    for (send, why) in [
        (json!({ "stop_after": 3 }), "unfinished"),
        (json!({ "stop_after": 0 }), "unfinished"),
        (json!({ "total_size": 6 }), "unfinished"),
        (json!({ "alter": 4 }), "hash-mismatch"),
        (json!({ "total_size": 4 }), "hash-mismatch"),
    ] {
        let (trace, file, refused) = transfer(&send, &json!({}));
        assert_eq!(refused, Some(why), "{send}");
        assert_eq!(file.fate, FileFate::Removed, "{send}");
        assert_eq!(file.directory, Some(vec![]), "{send}");
        assert_eq!(
            file_calls(&trace),
            ["open .a.txt.part", "unlink .a.txt.part", "readdir 0"]
        );
        // Written in place, the same transfer leaves what came of it.
        let (_, file, refused) = transfer(&send, &json!({ "in_place": true }));
        assert_eq!(refused, Some(why), "{send}");
        assert_eq!(file.fate, FileFate::Left, "{send}");
        assert_eq!(file.directory, Some(stored("a.txt", file.have)), "{send}");
    }
}

#[test]
fn a_name_that_leads_elsewhere_touches_no_file() {
    for name in [
        "../../x", "/etc/x", "..", "", "a\\b", "C:x", "a\u{0}b", "nul",
    ] {
        for recv in [json!({}), json!({ "in_place": true })] {
            let (trace, file, refused) = transfer(&json!({ "filename": name }), &recv);
            assert_eq!(refused, Some("bad-name"), "{name:?}");
            assert_eq!(file.fate, FileFate::None, "{name:?}");
            assert_eq!(file_calls(&trace), ["readdir 0"], "{name:?}");
        }
    }
}

#[test]
fn a_size_over_the_limit_touches_no_file() {
    let (trace, file, refused) = transfer(&json!({ "total_size": 5_368_709_120_u64 }), &json!({}));
    assert_eq!(refused, Some("over-limit"));
    assert_eq!(file.need, None);
    assert_eq!(file_calls(&trace), ["readdir 0"]);
}

#[test]
fn a_header_over_its_limit_is_not_read() {
    let recv = json!({ "framing": { "header_dict": "<q", "header_limit": 20 } });
    let (trace, _, refused) = transfer(&json!({}), &recv);
    assert_eq!(refused, Some("over-limit"));
    assert_eq!(file_calls(&trace), ["readdir 0"]);
}

#[test]
fn files_follow_one_another_on_one_connection() {
    let lab = json!({ "runs": [{
        "name": "three",
        "framing": { "header_dict": ">i" },
        "client": [{ "repeat": { "times": 3, "steps": [{ "recv_file": { "slice": 3 } }] } }],
        "server": [
            { "send_file": { "filename": "a", "content": "first" } },
            { "send_file": { "filename": "b", "content": "" } },
            { "send_file": { "filename": "a", "content": { "text": "x", "times": 5000 } } },
        ],
        "expect": { "answers": { "files": [
            { "name": "a", "size": 5000 }, { "name": "b", "size": 0 }
        ] } },
    }]});
    let lab: Lab = serde_json::from_value(lab).expect("a lab");
    let plan = scenario::resolve(&lab, 0).expect("it can be run");
    let mut runner = Runner::new(Kernel::Asked, Arc::default());
    let trace = runner.start(&plan).expect("it begins").finish();
    let report = report::build(&trace, true);
    assert_eq!(report.outcome, Outcome::AsExpected, "{:?}", report.checks);
    let needs: Vec<_> = report.flows[0].files.iter().map(|file| file.need).collect();
    assert_eq!(needs, [Some(5), Some(0), Some(5000)]);
}

/// Its calls are all short, and 16 million of them fit into no deadline that is tried here: the time
/// runs out between two of them. How long a busy machine takes to get as far as the file nobody
/// knows, so it is given twice the time until it does.
#[test]
fn a_transfer_that_takes_too_long_runs_into_the_deadline() {
    let send = json!({ "content": { "text": "0123456789abcdef", "times": 1 << 20 }, "chunk": 512 });
    let mut lab = lab(&send, &json!({ "slice": 1 }));
    let mut runner = Runner::new(Kernel::Asked, Arc::default());
    for doubled in 0..7 {
        let deadline = format!("{}ms", 250 << doubled);
        lab.runs[0].deadline = serde_json::from_value(json!(deadline)).expect("a time");
        let plan = scenario::resolve(&lab, 0).expect("it can be run");
        let trace = runner.start(&plan).expect("it begins").finish();
        let report = report::build(&trace, true);
        assert_eq!(report.outcome, Outcome::Deadline, "{trace:?}");
        let files = report.flows.iter().flat_map(|flow| &flow.files);
        let fates: Vec<FileFate> = files.map(|file| file.fate).collect();
        // It had not come to the file, or not even to the connection.
        if fates.iter().all(|fate| *fate == FileFate::None) {
            continue;
        }
        assert_eq!(fates, [FileFate::Removed], "{trace:?}");
        return;
    }
    panic!("no file in 16 s");
}

#[test]
fn the_record_does_not_grow_with_the_file() {
    let send = |times: u32| json!({ "content": { "text": "0123456789abcdef", "times": times } });
    let mut lengths = Vec::new();
    for times in [1 << 12, 1 << 16] {
        let size = 16 * u64::from(times);
        let (trace, file, refused) = transfer(&send(times), &json!({}));
        assert_eq!((refused, file.have), (None, size));
        let report = report::build(&trace, true);
        let flow = &report.flows[0];
        assert_eq!(flow.bytes_sent, flow.bytes_received);
        assert_eq!(report::calls(&flow.ranges.writes), 1 + size / 2048);
        assert_eq!(report::calls(&flow.ranges.reads), file.reads);
        // Of what happened while many calls became one event nobody says what the kernel held.
        for (event, note) in trace.events.iter().zip(&report.notes) {
            assert!(event.calls == 1 || note.in_kernel.is_none(), "{event:?}");
        }
        lengths.push(trace.events.len());
    }
    assert_eq!(lengths[0], lengths[1]);
}

/// The program, about to run this in a directory where it has one for what it needs meanwhile.
fn program(dir: &Path, script: &Value) -> Command {
    fs::create_dir_all(dir.join("tmp")).expect("a directory");
    fs::write(dir.join("lab.json"), script.to_string()).expect("a lab file");
    let mut program = running(&["run", "lab.json"]);
    program
        .current_dir(dir)
        .env("TMPDIR", dir.join("tmp"))
        .env("TMP", dir.join("tmp"));
    program
}

/// The directories that lie there now, and what is in them.
fn lying_about(dir: &Path) -> Vec<PathBuf> {
    let paths = |dir: &Path| -> Vec<PathBuf> {
        // It may be gone by the time it is looked into.
        let entries = fs::read_dir(dir).into_iter().flatten().flatten();
        entries.map(|entry| entry.path()).collect()
    };
    let directories = paths(&dir.join("tmp"));
    let files = directories.iter().flat_map(|dir| paths(dir));
    files.chain(directories.clone()).collect()
}

fn long(times: u32, client: &Value) -> Value {
    let content = json!({ "text": "0123456789abcdef", "times": times });
    json!({ "runs": [{
        "name": "long",
        "deadline": "60s",
        "framing": { "header_dict": "<q", "limit": 67_108_864 },
        "client": client,
        "server": [{ "send_file": { "filename": "a.bin", "content": content, "chunk": 65536 } }],
    }]})
}

#[test]
fn nothing_is_left_behind_and_nothing_is_drawn_where_no_terminal_is() {
    let dir = tempfile::tempdir().expect("a directory");
    let in_place = json!([{ "recv_file": { "in_place": true } }]);
    // Interrupted by its deadline, by a peer that resets, and not at all.
    let cut_short = json!({ "runs": [{
        "name": "short",
        "deadline": "50ms",
        "framing": { "header_dict": "<q" },
        "client": [{ "recv_file": {} }],
        "server": [
            { "send_file": { "filename": "a", "content": "hello", "stop_after": 2 } },
            { "await": { "signal": "never" } }
        ],
        "more_clients": [[{ "pause": "1h" }, { "signal": "never" }]],
    }]});
    let reset = json!({ "runs": [{
        "name": "reset",
        "framing": { "header_dict": "<q" },
        "client": [{ "recv_file": {} }],
        "server": [
            { "send_file": { "filename": "a", "content": "hello", "stop_after": 2 } },
            { "await": "read" },
            "abort"
        ],
    }]});
    for (script, code) in [(long(1 << 16, &in_place), 0), (cut_short, 1), (reset, 1)] {
        let output = program(dir.path(), &script).output().expect("it starts");
        assert_eq!(output.status.code(), Some(code), "{output:?}");
        assert_eq!(String::from_utf8_lossy(&output.stderr), "");
        assert_eq!(lying_about(dir.path()), [] as [&Path; 0], "{script}");
    }
}

/// It is where the test above looks that a file is while it comes, and Ctrl-C leaves none either.
#[cfg(unix)]
#[test]
fn what_is_interrupted_leaves_nothing_behind_of_what_was_there() {
    let dir = tempfile::tempdir().expect("a directory");
    let endless = json!({ "runs": [{
        "name": "endless",
        "deadline": "20s",
        "framing": { "header_dict": "<q" },
        "client": [{ "recv_file": {} }, { "signal": "it is here" }],
        "server": [
            { "send_file": { "filename": "a", "content": "hello", "stop_after": 2 } },
            { "await": { "signal": "it is here" } }
        ],
    }]});
    let mut child = program(dir.path(), &endless)
        .stdout(Stdio::null())
        .spawn()
        .expect("it starts");
    let is_coming = |path: &PathBuf| path.file_name().is_some_and(|name| name == ".a.part");
    while !lying_about(dir.path()).iter().any(is_coming) {
        assert_eq!(child.try_wait().expect("a child"), None, "it ended");
        std::thread::yield_now();
    }
    crate::shell::signal(child.id(), "INT");
    let ended = child.wait().expect("a child");
    assert_eq!(ended.code(), Some(130));
    assert_eq!(lying_about(dir.path()), [] as [&Path; 0]);
}
