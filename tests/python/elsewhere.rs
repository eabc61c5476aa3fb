//! A lab with one side in Python: the lab's client at a Python server, and its server with a
//! Python client. The other side is `elsewhere`, as it is for a student.

use std::path::Path;
use std::sync::Arc;

use encoding_rs::{GBK, UTF_8};
use serde_json::{Value, json};
use sticky_lab::event::{Bytes, RunTrace};
use sticky_lab::lab::read;
use sticky_lab::report::{self, Outcome};
use sticky_lab::run::{Interrupt, Kernel, Runner};
use sticky_lab::scenario::{self, Scenario};

use crate::child::Python;
use crate::framed::{PEER, free_port, layout, mebibyte, small};
use crate::shell::{Done, done, lab};
use crate::systems::{answer_to, commands, encode};

const SYSTEMS: &str = "systems.py";

fn plan(run: &Value) -> Scenario {
    let file = json!({ "runs": [run] }).to_string();
    let lab = read::parse("lab.json", &file).unwrap_or_else(|error| panic!("{error}\n{file}"));
    scenario::resolve(&lab, 0).unwrap_or_else(|error| panic!("{error:?}\n{file}"))
}

/// What the lab claims came true, and nothing is said of what only the other program knows.
fn holds(trace: &RunTrace, what: &str) {
    let report = report::build(trace, true);
    let failed = trace.events.iter().find(|event| event.error.is_some());
    assert_eq!(failed, None, "{what}");
    assert_eq!(
        report.outcome,
        Outcome::AsExpected,
        "{what}: {:?}",
        report.checks
    );
    assert!(!report.checks.is_empty(), "{what}");
    let elsewhere = trace.unseen().expect("a side elsewhere");
    for (event, note) in trace.events.iter().zip(&report.notes) {
        assert_ne!(event.side, elsewhere, "{what}");
        assert_eq!(note.in_kernel, None, "{what}");
        let own = note
            .owners
            .iter()
            .all(|(label, ..)| label.side != elsewhere);
        assert!(own, "{what}: {event:?}");
    }
    for flow in &report.flows {
        assert!(flow.edges.is_empty() && flow.cuts.is_empty(), "{what}");
    }
}

/// The lab's client at a Python server that listens already.
fn client(mut server: Python, framing: &Value, steps: Vec<Value>, answers: &Value, what: &str) {
    let run = json!({
        "name": "client", "port": server.port(), "framing": framing, "deadline": "60s",
        "client": Value::from(steps), "server": "elsewhere", "expect": { "answers": answers }
    });
    let trace = crate::run(&plan(&run));
    server.end().well();
    holds(&trace, what);
}

/// The lab's server, and a Python client that is started once it listens.
fn server(
    start: impl FnOnce(u16) -> Python,
    framing: &Value,
    steps: Vec<Value>,
    expect: &Value,
    what: &str,
) -> String {
    let run = json!({
        "name": "server", "port": free_port(), "framing": framing, "deadline": "60s",
        "client": "elsewhere", "server": Value::from(steps), "expect": expect
    });
    let plan = plan(&run);
    let mut runner = Runner::new(Kernel::Asked, Arc::<Interrupt>::default());
    let running = runner.start(&plan).expect("the run begins");
    let client = start(plan.port);
    let trace = running.finish();
    let said = client.end().well();
    holds(&trace, what);
    said
}

fn bytes(bytes: &[u8]) -> Value {
    json!({ "hex": Bytes(bytes.to_vec()) })
}

/// A message in a frame, in one write or byte by byte.
fn frame(payload: &[u8], filename: Option<&str>, one_byte: Option<usize>) -> Value {
    let mut frame = json!({ "payload": bytes(payload) });
    if let Some(name) = filename {
        frame["filename"] = name.into();
    }
    if let Some(header) = one_byte {
        frame["cut"] = (1..header + payload.len()).collect();
    }
    json!({ "send_frame": frame })
}

fn take(size: usize) -> Value {
    json!({ "recv_frames": { "count": 1, "sizes": [size] } })
}

fn peer(what: &Value) -> Python {
    Python::start(Path::new(PEER), &[what.to_string()])
}

/// Every kind of payload in several layouts; the small ones byte by byte as well.
#[test]
fn a_labs_client_at_a_python_server_with_lengths() {
    for code in ["i", "q", "<i", ">I", "!Q"] {
        let layout = layout(code);
        let framing = json!({ "length": layout.as_str() });
        for slow in [false, true] {
            let mut payloads = small();
            if !slow {
                payloads.push(mebibyte());
            }
            let prefix = slow.then(|| layout.size());
            let size = if slow { 1 } else { 65536 };
            let steps = payloads
                .iter()
                .flat_map(|payload| [frame(payload, None, prefix), take(size)]);
            let mut steps: Vec<Value> = steps.collect();
            steps.insert(0, json!("connect"));
            steps.insert(1, json!({ "set": { "nodelay": true } }));
            let answers = json!({
                "messages": payloads.iter().map(|payload| bytes(payload)).collect::<Value>()
            });
            let server = peer(&json!({ "role": "listen", "code": code, "slow": slow }));
            client(server, &framing, steps, &answers, &format!("{code} {slow}"));
        }
    }
}

#[test]
fn a_labs_client_at_a_python_server_with_header_dicts() {
    let directions = [
        ("i", ["filename", "md5", "total_size"], json!({})),
        (
            "<q",
            ["filename", "hash", "total_size"],
            json!({ "indent": 2 }),
        ),
        (
            "!I",
            ["file_name", "md5", "file_size"],
            json!({ "ensure_ascii": false }),
        ),
    ];
    for (i, (code, keys, direction)) in directions.into_iter().enumerate() {
        let framing = json!({ "header_dict": layout(code).as_str() });
        let slow = i == 0;
        let mut payloads = small();
        if !slow {
            payloads.push(mebibyte());
        }
        let steps = payloads
            .iter()
            .flat_map(|payload| [frame(payload, Some("文件.txt"), None), take(65536)]);
        let answers = json!({
            "messages": payloads.iter().map(|payload| bytes(payload)).collect::<Value>()
        });
        // It looks for the payload's hash under `md5`, as our header has it.
        let what = json!({
            "role": "listen", "code": code, "keys": keys, "json": direction, "slow": slow
        });
        client(peer(&what), &framing, steps.collect(), &answers, code);
    }
}

/// The five programs of SYSTEMS.md, their servers in Python.
#[test]
fn a_labs_client_at_the_servers_of_tutorials() {
    let start = |name: &str| Python::start(Path::new(SYSTEMS), &[name, "server"]);
    let named: Vec<String> = commands()
        .into_iter()
        .filter(|name| !name.is_empty())
        .collect();
    let messages = |commands: &[String]| {
        let answers = commands.iter().map(|command| bytes(&answer_to(command)));
        json!({ "messages": answers.collect::<Value>() })
    };
    let ask = |encoding, command: &String| {
        [
            json!({ "send": bytes(&encode(encoding, command)) }),
            take(1024),
        ]
    };

    let native = |code: &str| layout(code).as_str().to_string();
    let steps = named.iter().flat_map(|command| ask(GBK, command));
    let framing = json!({ "length": native("i") });
    client(
        start("command_i"),
        &framing,
        steps.collect(),
        &messages(&named),
        "command-i",
    );

    let all = commands();
    let steps = all
        .iter()
        .flat_map(|command| [frame(&encode(GBK, command), None, None), take(1024)]);
    let framing = json!({ "length": native("q") });
    client(
        start("command_q"),
        &framing,
        steps.collect(),
        &messages(&all),
        "command-q",
    );

    let steps = named.iter().flat_map(|command| ask(UTF_8, command));
    let framing = json!({ "header_dict": native("i") });
    client(
        start("command_dict"),
        &framing,
        steps.collect(),
        &messages(&named),
        "command-dict",
    );

    let framing = json!({ "header_dict": native("i"), "header_only": true });
    let steps = vec![take(1024), json!({ "recv": 1 })];
    let answers = json!({ "messages": [""], "end_of_stream": true });
    client(
        start("file_header"),
        &framing,
        steps,
        &answers,
        "file-header",
    );

    let framing = json!({ "header_dict": native("q") });
    let steps = vec![json!({ "recv_file": {} }), json!({ "recv_file": {} })];
    let answers = json!({ "files": [{ "name": "文件.txt", "size": 0 }] });
    client(start("download"), &framing, steps, &answers, "download");
}

/// The same with their clients in Python.
#[test]
fn a_labs_server_with_the_clients_of_tutorials() {
    let start = |name: &'static str| {
        move |port: u16| Python::start(Path::new(SYSTEMS), &[name, "client", &port.to_string()])
    };
    let named: Vec<String> = commands()
        .into_iter()
        .filter(|name| !name.is_empty())
        .collect();
    let native = |code: &str| layout(code).as_str().to_string();
    let bare = |encoding| -> Value {
        named
            .iter()
            .map(|command| bytes(&encode(encoding, command)))
            .collect()
    };

    let answers = |filename| {
        let steps = named.iter().flat_map(move |command| {
            [
                json!({ "recv": 4096 }),
                frame(&answer_to(command), filename, None),
            ]
        });
        steps.collect::<Vec<Value>>()
    };
    let framing = json!({ "length": native("i") });
    let expect = json!({ "recvs": bare(GBK), "answers": { "writes": 3 } });
    server(
        start("command_i"),
        &framing,
        answers(None),
        &expect,
        "command-i",
    );

    let framing = json!({ "header_dict": native("i") });
    let expect = json!({ "recvs": bare(UTF_8) });
    server(
        start("command_dict"),
        &framing,
        answers(Some("结果.txt")),
        &expect,
        "command-dict",
    );

    let all = commands();
    let steps = all
        .iter()
        .flat_map(|command| [take(1024), frame(&answer_to(command), None, None)]);
    let framing = json!({ "length": native("q") });
    let asked: Value = all
        .iter()
        .map(|command| bytes(&encode(GBK, command)))
        .collect();
    let expect = json!({ "messages": asked });
    server(
        start("command_q"),
        &framing,
        steps.collect(),
        &expect,
        "command-q",
    );

    let framing = json!({ "header_dict": native("i"), "header_only": true });
    let header = json!({ "send_frame": {
        "payload": "", "filename": "a.txt", "total_size": 1_073_741_824_000_u64
    } });
    let expect = json!({ "answers": { "writes": 1 } });
    server(
        start("file_header"),
        &framing,
        vec![header],
        &expect,
        "file-header",
    );

    let framing = json!({ "header_dict": native("q") });
    let whole = [(0..=255).collect::<Vec<u8>>().repeat(40), b"end".to_vec()].concat();
    let files = [&whole[..], b""].map(
        |content| json!({ "send_file": { "filename": "文件.txt", "content": bytes(content) } }),
    );
    let expect = json!({ "answers": { "bytes_sent": { "at_least": 10_243 } } });
    server(
        start("download"),
        &framing,
        files.to_vec(),
        &expect,
        "download",
    );
}

/// A Python client that echoes what the lab's server sends.
#[test]
fn a_labs_server_with_a_python_client_that_echoes() {
    for (framing, what) in [
        (json!({ "length": "<i" }), json!({ "code": "<i" })),
        (
            json!({ "length": ">Q" }),
            json!({ "code": "!Q", "slow": true }),
        ),
        (
            json!({ "header_dict": ">i" }),
            json!({ "code": "!i", "keys": ["filename", "md5", "total_size"] }),
        ),
        (
            json!({ "header_dict": "<q" }),
            json!({ "code": "<q", "keys": ["file_name", "hash", "file_size"], "json": { "indent": 2 } }),
        ),
    ] {
        let payloads = ["hello", "", "你好"];
        let mut steps: Vec<Value> = payloads
            .map(|payload| frame(payload.as_bytes(), Some("文件.txt"), None))
            .to_vec();
        steps.push(json!({ "recv_frames": { "count": 3, "sizes": [3, 1, 5] } }));
        let expect = json!({ "messages": payloads, "answers": { "writes": 3 } });
        let start = |port: u16| {
            let mut what = what.clone();
            what["role"] = "connect".into();
            what["port"] = port.into();
            peer(&what)
        };
        let said = server(start, &framing, steps, &expect, &what.to_string());
        assert_eq!(said, "5 bytes\n0 bytes\n6 bytes\n");
    }
}

/// What a person sees who has started their own server in another terminal.
#[test]
fn a_person_sees_what_is_known_and_what_is_not() {
    let mut server = Python::start(Path::new(SYSTEMS), &["command_i", "server"]);
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("python/yours");
    std::fs::create_dir_all(&dir).expect("a directory in target/tmp");
    let file = json!({ "runs": [{
        "name": "yours", "port": server.port(), "framing": { "length": "<i" },
        "client": [{ "send": "ab" }, take(1024)], "server": "elsewhere",
        "expect": { "answers": { "messages": [bytes(&answer_to("ab"))] } }
    }] });
    std::fs::write(dir.join("lab.json"), file.to_string()).expect("written");
    let mut lab = lab(&[
        "run",
        "--full",
        "--width",
        "100",
        dir.to_str().expect("UTF-8"),
    ]);
    let Done { code, out, .. } = done(&mut lab);
    server.end().well();
    assert_eq!(code, 0, "{out}");
    for known in [
        "server, elsewhere",
        "send(A) = 2",
        "As the lab says.",
        "Messages out of the decoder: 1.",
        "another program: its calls are not seen",
    ] {
        assert!(out.contains(known), "{known}: {out}");
    }
    assert!(
        !out.contains("receive queue") && !out.contains("not received"),
        "{out}"
    );
}
