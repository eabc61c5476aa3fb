//! Labs 19, 21 and 22, and what they rest on: other transports than TCP and UDP, the states of a
//! connection, a socket that listens again.
//!
//! Facts of live runs are asserted, times never; what only Linux tells, on Linux only.

use serde_json::{Value, json};
use sticky_lab::event::{Action, LabInfo, RunTrace, Side, TcpState, Texts, Trace, WireDetail};
use sticky_lab::lab::{self, read};
use sticky_lab::lang::Lang;
use sticky_lab::render::{self, Colour, Detail, Form, View};
use sticky_lab::report::{self, Fate, LostIn, Outcome, Report};
use sticky_lab::run::Kernel;
use sticky_lab::scenario;

const LINUX: bool = cfg!(target_os = "linux");

/// The runs of a lab, each with its report.
fn runs(lab: &str) -> (Trace, Vec<Report>) {
    let lab = lab::find(lab).expect("the catalogue has it");
    let trace = crate::live::trace(&lab, Kernel::Asked);
    let asked = !trace.lab.evidence.is_empty();
    let reports = trace.runs.iter().map(|run| report::build(run, asked));
    let reports: Vec<Report> = reports.collect();
    for (run, report) in trace.runs.iter().zip(&reports) {
        let held = report.outcome == Outcome::AsExpected
            || report.outcome == Outcome::Unconfirmed && (!LINUX || is_lacking(run));
        assert!(held, "{}: {:?}", run.name, report.checks);
    }
    (trace, reports)
}

/// Whether the run's transport is not there: a machine without IPv6.
fn is_lacking(run: &RunTrace) -> bool {
    run.events.len() == 1 && run.events[0].error.as_deref() == Some("unsupported")
}

fn place(trace: &Trace, name: &str) -> usize {
    let named = |run: &RunTrace| run.name == name;
    trace.runs.iter().position(named).expect("a run")
}

/// The calls of a side as `name error`, in order.
fn calls(run: &RunTrace, side: Side) -> Vec<String> {
    let own = run.events.iter().filter(|event| event.side == side);
    own.map(|event| match &event.error {
        Some(error) => format!("{} {error}", event.action.name()),
        None => event.action.name().into(),
    })
    .collect()
}

#[test]
fn connect_and_send_are_done_before_accept() {
    let (trace, _) = runs("lifecycle");
    let run = &trace.runs[place(&trace, "before-accept")];
    let first = |name: &str| {
        let mut events = run.events.iter();
        events.position(|event| event.action.name() == name)
    };
    assert!(first("connect") < first("send") && first("send") < first("accept"));
    assert!(first("states") < first("accept"));
}

/// Both ends share one port: the server's. Who has it in `TIME_WAIT` decides whether it is free.
#[cfg(target_os = "linux")]
#[test]
fn an_address_is_in_use_where_time_wait_is_on_the_servers_port() {
    let (trace, _) = runs("lifecycle");
    let mut seen = Vec::new();
    for run in &trace.runs {
        let states = run.events.iter().filter_map(|event| match &event.action {
            Action::States { ends, .. } => Some(ends.server),
            _ => None,
        });
        let last = states.fold(None, |_, server| server);
        // The first bind is the one that the run begins with.
        let binds: Vec<String> = calls(run, Side::Server);
        let again = binds.iter().filter(|call| call.starts_with("bind")).nth(1);
        if let Some(again) = again {
            seen.push((run.name.as_str(), last, again == "bind"));
        }
    }
    let time_wait = Some(TcpState::TimeWait);
    assert_eq!(
        seen,
        [
            ("server-closes-first", time_wait, false),
            ("client-closes-first", Some(TcpState::Close), true),
            ("reuse-too-late", time_wait, false),
            ("reuse-from-the-start", time_wait, true),
            ("still-listening", time_wait, false),
        ]
    );
}

#[cfg(unix)]
#[test]
fn a_unix_stream_sticks_and_records_do_not() {
    let (trace, reports) = runs("unix");
    for (name, sticks) in [
        ("tcp", true),
        ("tcp6", true),
        ("stream", true),
        ("seqpacket", false),
        ("datagram", false),
    ] {
        let i = place(&trace, name);
        if is_lacking(&trace.runs[i]) {
            continue;
        }
        let flow = &reports[i].flows[0];
        assert_eq!(flow.datagrams.is_none(), sticks, "{name}");
        match flow.edges[0].fate {
            Fate::Kept => assert!(!sticks, "{name}"),
            Fate::Lost(cause) if LINUX => {
                assert!(sticks && cause == LostIn::ReceiveQueue, "{name}: {cause:?}");
            }
            fate => assert!(sticks && !LINUX, "{name}: {fate:?}"),
        }
        if name == "stream" {
            assert_eq!(flow.segments, report::Segments::default(), "there are none");
        }
    }
}

/// A read of nothing is an empty record while one is there, and the end when none is left.
#[cfg(target_os = "linux")]
#[test]
fn an_empty_record_is_not_the_end() {
    let lab = json!({"transport": "unix-seqpacket", "runs": [{
        "name": "empty",
        "client": [{"send": ""}, {"send": "x"}],
        "server": [{"recv": 5}, {"recv": 5}, {"recv": 5}],
        "expect": {"recvs": ["", "x"], "end_of_stream": true, "edges": ["kept"]}
    }]});
    let run = taken(&lab);
    let report = report::build(&run, true);
    assert_eq!(report.outcome, Outcome::AsExpected, "{:?}", report.checks);
    let datagrams = report.flows[0].datagrams.as_ref().expect("records");
    assert_eq!((datagrams.received, datagrams.truncated), (2, Some(0)));
    let end = report.flows[0].ranges.end_of_stream.expect("an end");
    let Action::Recv(read) = &run.events[end].action else {
        panic!("{:?}", run.events[end]);
    };
    assert_eq!((read.returned, read.truncated), (Some(0), None));
    let view = View {
        form: Form::Picture,
        lang: Lang::En,
        colour: Colour::None,
        ascii: false,
        width: 80,
        has_evidence: true,
        wire: WireDetail::Data,
        detail: Detail::Full,
        hex: false,
    };
    let bare = LabInfo {
        lab: None,
        slug: "one".into(),
        texts: Texts::default(),
        os: "linux".into(),
        evidence: Vec::new(),
    };
    let shown = render::run(&bare, &run, &report, &crate::view::plain(&view)).finish();
    let count = |words: &str| shown.matches(words).count();
    assert_eq!(count("and still a message"), 1, "{shown}");
    assert_eq!(count("enters the stream"), 0, "{shown}");
    assert_eq!(
        (count("an empty datagram"), count("end of stream")),
        (1, 1),
        "{shown}"
    );
}

/// Runs the one run of a lab.
fn taken(lab: &Value) -> RunTrace {
    let file = read::parse("lab.json", &lab.to_string()).expect("a lab");
    let lab = lab::Lab {
        number: None,
        slug: "one".into(),
        file,
        source: lab::Source {
            name: "lab.json".into(),
            text: lab.to_string(),
        },
        texts: Texts::default(),
    };
    crate::live::trace(&lab, Kernel::Asked).runs.remove(0)
}

/// Whatever becomes of a run, its paths are gone: here it ends at its deadline.
#[cfg(unix)]
#[test]
fn paths_do_not_outlive_a_run_that_hangs() {
    let lab = json!({"transport": "unix", "runs": [{
        "name": "hangs", "deadline": "30ms", "client": ["connect", {"recv": 1}],
        "server": ["accept", {"recv": 1}]
    }]});
    let run = taken(&lab);
    assert_eq!(report::build(&run, true).outcome, Outcome::Deadline);
    let path = std::path::Path::new(&run.address);
    assert!(path.is_absolute(), "{path:?}");
    let dir = path.parent().expect("a directory");
    assert!(!dir.try_exists().expect("a look"), "{dir:?}");
}

#[test]
fn an_answer_that_is_late_is_taken_for_the_newer_questions() {
    let (trace, reports) = runs("udp-echo");
    for (name, read) in [("late-answer", 1), ("late-answer-stamped", 2)] {
        let i = place(&trace, name);
        let answers = &reports[i].flows[1];
        assert_eq!(
            answers.ranges.matched,
            (0..read).collect::<Vec<_>>(),
            "{name}"
        );
        assert_eq!(answers.ranges.writes.len(), 2, "{name}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_refusal_comes_with_the_next_call_and_only_to_a_connected_socket() {
    let (trace, _) = runs("udp-echo");
    let of = |name| calls(&trace.runs[place(&trace, name)], Side::Client);
    let sends = |name| -> Vec<String> {
        let moves = |call: &String| call.starts_with("send") || call.starts_with("recv");
        of(name).into_iter().filter(moves).collect()
    };
    assert_eq!(
        sends("refused"),
        ["send", "send ECONNREFUSED", "send", "recv ECONNREFUSED"]
    );
    assert_eq!(
        sends("nobody-there"),
        ["sendto", "sendto", "recvfrom EAGAIN"]
    );
}

/// Why a run cannot be made.
fn impossible(transport: &str, client: &Value, server: &Value) -> String {
    let lab = json!({"transport": transport,
                     "runs": [{"name": "one", "client": client, "server": server}]});
    let lab = read::parse("lab.json", &lab.to_string()).expect("it reads");
    match scenario::resolve(&lab, 0) {
        Ok(_) => "possible".into(),
        Err(wrong) => wrong.what.to_string(),
    }
}

#[test]
fn a_step_that_the_transport_cannot_do_is_refused() {
    let none = || json!([]);
    for (transport, client, server, says) in [
        (
            "udp",
            json!([{"send": "x"}]),
            none(),
            "use `sendto`, or `connect` first",
        ),
        (
            "udp",
            json!(["connect", {"send": "x"}]),
            json!([{"recvfrom": 1}]),
            "possible",
        ),
        (
            "udp",
            json!(["connect", {"sendto": "x"}]),
            none(),
            "connected to one; use `send`",
        ),
        ("udp", none(), json!([{"recv": 1}]), "`recv` needs a stream"),
        (
            "udp",
            json!(["shutdown"]),
            none(),
            "`shutdown` needs a connection",
        ),
        (
            "unix-datagram",
            json!([{"send_some": "x"}]),
            none(),
            "`send_some` needs a stream",
        ),
        (
            "unix-seqpacket",
            json!([{"send": "x"}]),
            json!([{"recv": 1}]),
            "possible",
        ),
        (
            "unix-seqpacket",
            json!([{"sendto": "x"}]),
            none(),
            "`sendto` is for datagrams",
        ),
        (
            "unix-seqpacket",
            none(),
            json!([{"recv_exact": 1}]),
            "use `send` and `recv`",
        ),
        (
            "unix",
            json!([{"await": "acked"}]),
            none(),
            "`acked` is about TCP",
        ),
        (
            "unix",
            json!([{"states": {}}]),
            none(),
            "`states` is about TCP",
        ),
        (
            "unix",
            json!([{"set": {"send_buffer": 4096, "cork": true}}]),
            none(),
            "`cork` is about TCP",
        ),
        ("unix", json!(["abort"]), none(), "`abort` is about TCP"),
        ("tcp6", json!([{"states": {}}]), none(), "possible"),
    ] {
        let said = impossible(transport, &client, &server);
        assert!(said.contains(says), "{transport} {client} {server}: {said}");
    }
}

#[test]
fn only_a_server_listens_and_only_while_it_has_not_stopped() {
    let none = || json!([]);
    for (transport, client, server, says) in [
        (
            "tcp",
            json!([{"listen": {}}]),
            none(),
            "a client does not listen",
        ),
        (
            "tcp",
            none(),
            json!(["stop_listening", "accept"]),
            "nobody is listening any more",
        ),
        (
            "tcp",
            none(),
            json!(["stop_listening", "stop_listening"]),
            "nobody is listening",
        ),
        (
            "tcp",
            none(),
            json!(["accept", "close", "stop_listening", {"listen": {}}, "accept"]),
            "possible",
        ),
        (
            "tcp",
            json!([{"send": "x"}, "close", {"states": {}}]),
            none(),
            "possible",
        ),
    ] {
        let said = impossible(transport, &client, &server);
        assert!(said.contains(says), "{transport} {client} {server}: {said}");
    }
}
