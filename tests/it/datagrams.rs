//! Datagrams of several clients, which a server reads from one socket.

use std::fs;
use std::path::Path;

use crate::live;
use crate::shell;
use sticky_lab::event::{RunTrace, Side};
use sticky_lab::report::{Outcome, Report};

/// Two clients that send one after the other, in this order, and then a server that reads.
fn done(client: &str, second: &str, server: &str) -> (RunTrace, Report) {
    live::run(&lab(client, second, server))
}

fn lab(client: &str, second: &str, server: &str) -> String {
    format!(
        r#"{{ "runs": [{{ "name": "one", "transport": "udp", "client": [{client}],
             "more_clients": [[{second}]], "server": [{server}] }}] }}"#
    )
}

/// Whose bytes each read returned.
fn owners(run: &RunTrace, report: &Report) -> Vec<String> {
    let events = run.events.iter().zip(&report.notes);
    let reads = events.filter(|(event, _)| event.action.read().is_some());
    let names = reads.map(|(_, note)| note.owners.iter().map(|(label, ..)| label.to_string()));
    names
        .map(|names| names.collect::<Vec<_>>().join(" "))
        .collect()
}

const FIRST: &str = r#"{ "sendto": "one" }, { "signal": "first" }"#;
const SECOND: &str =
    r#"{ "await": { "signal": "first" } }, { "sendto": "two" }, { "signal": "both" }"#;
const BOTH: &str = r#"{ "await": { "signal": "both" } }, { "recvfrom": 100 }"#;

#[test]
fn each_datagram_belongs_to_the_client_that_sent_it() {
    let twice = format!(r#"{BOTH}, {{ "recvfrom": 100 }}"#);
    for (client, second, owns) in [(FIRST, SECOND, ["A", "B"]), (SECOND, FIRST, ["A", "B"])] {
        let (run, report) = done(client, second, &twice);
        assert_eq!(report.outcome, Outcome::AsExpected);
        assert_eq!(owners(&run, &report), owns);
        for flow in &report.flows {
            assert!(flow.ranges.intact, "{:?}", flow.direction);
            let datagrams = flow.datagrams.as_ref().expect("datagrams");
            assert_eq!(datagrams.received, 1, "{:?}", flow.direction);
        }
    }
    // The same bytes from both, and only the second client's are read.
    let same = |steps: &str| steps.replace("one", "hi").replace("two", "hi");
    let (run, report) = done(&same(SECOND), &same(FIRST), BOTH);
    assert_eq!(owners(&run, &report), ["A"]);
    let read = run
        .events
        .iter()
        .find(|event| event.action.read().is_some());
    assert_eq!(read.map(|event| event.conn), Some(2));
}

#[test]
fn an_answer_goes_to_whoever_asked() {
    let asks = r#"{ "sendto": "?" }, { "recvfrom": 9 }"#;
    let waits = format!(r#"{{ "await": {{ "signal": "next" }} }}, {asks}"#);
    let first = format!(r#"{asks}, {{ "signal": "next" }}"#);
    let answers = r#"{ "recvfrom": 9 }, { "sendto": "1" }, { "recvfrom": 9 }, { "sendto": "2" }"#;
    let (run, report) = done(&first, &waits, answers);
    assert_eq!(report.outcome, Outcome::AsExpected);
    let answers = report
        .flows
        .iter()
        .filter(|flow| flow.direction.from == Side::Server);
    let messages = answers.map(|flow| (flow.direction.conn, flow.ranges.messages.len()));
    assert_eq!(messages.collect::<Vec<_>>(), [(1, 1), (2, 1)]);
    assert!(report.flows.iter().all(|flow| flow.ranges.intact));
    assert_eq!(owners(&run, &report), ["A", "a", "B", "b"]);
}

/// The kernel counts what it drops at the socket, and the second client's is too large for it.
#[cfg(target_os = "linux")]
#[test]
fn a_datagram_that_lies_in_the_queue_is_not_called_dropped() {
    let (_, report) = done(
        r#"{ "sendto": "one" }, { "signal": "a" }, { "await": { "signal": "b" } },
           { "sendto": "two" }, { "signal": "c" }"#,
        r#"{ "await": { "signal": "a" } }, { "sendto": { "text": "z", "times": 60000 } },
           { "signal": "b" }"#,
        r#"{ "set": { "recv_buffer": 4096 } }, { "await": { "signal": "c" } },
           { "recvfrom": 100 }"#,
    );
    let fates = report.flows.iter().map(|flow| {
        let of = flow.datagrams.as_ref().expect("datagrams");
        (of.received, of.dropped, of.gone.clone())
    });
    let fates: Vec<_> = fates.collect();
    assert_eq!(fates, [(1, Some(0), vec![]), (0, Some(1), vec![0])]);
}

/// A record that an older program wrote.
#[test]
fn a_trace_without_addresses_is_replayed_and_says_less() {
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("datagrams");
    fs::create_dir_all(&dir).expect("a directory in target/tmp");
    let file = dir.join("lab.json");
    fs::write(&file, lab(FIRST, SECOND, BOTH)).expect("written");
    let file = file.to_str().expect("UTF-8");
    let trace = shell::Done::of(
        shell::running(&["run", "--json", file])
            .output()
            .expect("lab"),
    );
    assert_eq!(trace.code, 0, "{}", trace.err);
    let older = trace.out.lines().map(|line| {
        let mut line: serde_json::Value = serde_json::from_str(line).expect("JSON");
        let line = line.as_object_mut().expect("an object");
        line.remove("peer");
        if line.get("side").is_some_and(|side| side == "server") {
            line.remove("conn");
        }
        serde_json::to_string(line).expect("JSON")
    });
    let older: Vec<String> = older.collect();
    let old = dir.join("older.jsonl");
    fs::write(&old, older.join("\n")).expect("written");
    let old = old.to_str().expect("UTF-8");
    let done = shell::Done::of(
        shell::running(&["replay", "--full", old])
            .output()
            .expect("lab"),
    );
    assert_eq!(done.code, 0, "{}", done.err);
    assert!(
        done.out.contains("nobody can tell whose they were"),
        "{}",
        done.out
    );
    for wrong in ["contradicts", "received", "(empty)"] {
        assert!(!done.out.contains(wrong), "{wrong}: {}", done.out);
    }
}
