//! Waits: each ends, and the record says with what.

use crate::live;
use sticky_lab::event::{RunTrace, Side};
use sticky_lab::report::Outcome;

/// The calls of a side that failed, as `name error`, in order.
fn failed(run: &RunTrace, side: Side) -> Vec<String> {
    let own = run.events.iter().filter(|event| event.side == side);
    let failed = own.filter_map(|event| Some((event.action.name(), event.error.as_deref()?)));
    failed
        .map(|(call, error)| format!("{call} {error}"))
        .collect()
}

#[test]
fn a_deadline_that_is_over_before_the_first_call_is_said_of_that_call() {
    for (transport, steps, [client, server]) in [
        (
            "tcp",
            r#""client": [{ "send": "ab" }], "server": [{ "recv": 2 }]"#,
            ["connect deadline", "accept deadline"],
        ),
        (
            "udp",
            r#""client": [{ "sendto": "ab" }], "server": [{ "recvfrom": 2 }]"#,
            ["sendto deadline", "recvfrom deadline"],
        ),
        (
            "udp",
            r#""client": [{ "pause": "1ms" }], "server": [{ "await": { "queued": 1 } }]"#,
            ["pause deadline", "await deadline"],
        ),
    ] {
        let (run, report) = live::run(&format!(
            r#"{{ "runs": [{{ "name": "r", "deadline": "0s", "transport": "{transport}", {steps},
                 "expect": {{ "errors": [] }} }}] }}"#
        ));
        assert_eq!(report.outcome, Outcome::Deadline, "{steps}");
        assert_eq!(failed(&run, Side::Client), [client], "{steps}");
        assert_eq!(failed(&run, Side::Server), [server], "{steps}");
    }
}

/// A run that would wait to its deadline; the calls that failed, the clients' first.
fn ends(transport: &str, steps: &str) -> Vec<String> {
    let (run, report) = live::run(&format!(
        r#"{{ "runs": [{{ "name": "r", "deadline": "20s", "transport": "{transport}", {steps} }}] }}"#
    ));
    assert_ne!(
        report.outcome,
        Outcome::Deadline,
        "{transport} {steps} {:?}",
        run.events
    );
    Side::BOTH
        .iter()
        .flat_map(|side| failed(&run, *side))
        .collect()
}

/// Each would wait for what is known not to come, while others are still there.
#[cfg(target_os = "linux")]
#[test]
fn what_was_dropped_or_turned_away_is_not_waited_for() {
    let dropped = r#""server": [{ "set": { "recv_buffer": 4096 } }, { "signal": "ready" },
        { "await": { "signal": "both" } }, { "recvfrom": 9 }, { "recvfrom": 9 }],
        "client": [{ "await": { "signal": "ready" } }, { "sendto": { "text": "z", "times": 30000 } },
        { "sendto": { "text": "z", "times": 30000 } }, { "signal": "both" }, { "await": "read" }]"#;
    let ends_of_both = ["await unreachable", "recvfrom peer-ended"];
    assert_eq!(ends("udp", dropped), ends_of_both);
    let turned_away = r#""client": [{ "send": "x" }, { "signal": "there" }, { "try": { "recv": 9 } }],
        "server": [{ "await": { "signal": "there" } }, "stop_listening", { "listen": {} }, "accept"]"#;
    let ended = ["recv ECONNRESET", "accept peer-ended"];
    assert_eq!(ends("tcp", turned_away), ended);
    for transport in ["udp", "unix-datagram"] {
        let error = r#""client": [{ "sendto": "x" }, { "await": "error" }],
            "server": [{ "recvfrom": 9 }, { "recvfrom": 9 }]"#;
        let ended = ["await unreachable", "recvfrom peer-ended"];
        assert_eq!(ends(transport, error), ended);
    }
}

/// Each ends at once, and says who is gone.
#[cfg(target_os = "linux")]
#[test]
fn a_wait_for_the_dead_ends_with_who_is_gone() {
    let reset = r#""server": [{ "recv": 1 }, "close", { "signal": "gone" }]"#;
    let closed = r#""server": [{ "recv": 9 }, "close", { "signal": "gone" }]"#;
    let half = r#""server": [{ "recv": 9 }, "shutdown", { "signal": "gone" }, { "recv": 9 }]"#;
    for (transport, client, server, error) in [
        // A send after the other side has closed is answered with a reset.
        (
            "tcp",
            r#"{ "send": "one" }, { "await": { "signal": "gone" } }, { "send": "two" },
               { "await": "acked" }"#,
            closed,
            "await peer-reset",
        ),
        (
            "tcp6",
            r#"{ "send": "one" }, { "await": { "signal": "gone" } }, { "await": { "queued": 1 } }"#,
            reset,
            "await peer-reset",
        ),
        (
            "tcp",
            r#"{ "send": "one" }, { "await": { "queued": 1 } }"#,
            closed,
            "await peer-closed",
        ),
        (
            "tcp",
            r#"{ "send": "one" }, { "await": { "queued": 1 } }"#,
            half,
            "await peer-closed",
        ),
        (
            "unix",
            r#"{ "send": "one" }, { "await": { "queued": 1 } }"#,
            closed,
            "await peer-closed",
        ),
        (
            "unix-seqpacket",
            r#"{ "send": "one" }, { "await": { "queued": 1 } }"#,
            closed,
            "await peer-closed",
        ),
        (
            "unix",
            r#"{ "send": "one" }, { "await": "error" }"#,
            closed,
            "await peer-closed",
        ),
        (
            "tcp",
            r#"{ "send": "one" }, { "await": { "signal": "gone" } }, { "await": "read" }"#,
            reset,
            "await peer-ended",
        ),
        (
            "tcp",
            r#"{ "send": "one" }, { "await": { "state": "CLOSE_WAIT" } },
               { "await": { "state": "ESTABLISHED" } }"#,
            closed,
            "await peer-closed",
        ),
        (
            "tcp",
            r#"{ "send": "one" }, { "await": { "state": "FIN_WAIT1" } }"#,
            r#""server": [{ "recv_until_end": 9 }]"#,
            "await unreachable",
        ),
        (
            "tcp",
            r#"{ "send": "one" }, { "await": { "signal": "gone" } }, "abort",
               { "states": { "client": "TIME_WAIT" } }"#,
            closed,
            "states unreachable",
        ),
    ] {
        let steps = format!(r#""client": [{client}], {server}"#);
        assert_eq!(ends(transport, &steps), [error], "{transport} {steps}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn who_waits_for_others_waits_for_those_who_are_left() {
    let two = r#""client": [{ "send": "1" }], "more_clients": [[{ "send": "2" }]],
        "server": [{ "recv": 1 }, "close", "accept", { "recv": 1 }, "close", "accept"]"#;
    assert_eq!(ends("tcp", two), ["accept peer-ended"]);
    assert_eq!(ends("unix", two), ["accept peer-ended"]);
    // Who would give the signal has failed, and somebody else is still there.
    let steps = r#""client": [{ "recv": 1 }, { "unpack": "<i" }, { "signal": "go" }],
        "more_clients": [[{ "await": { "signal": "sent" } }, "connect", { "recv": 1 }]],
        "server": [{ "send": "x" }, { "signal": "sent" }, { "await": { "signal": "go" } }]"#;
    let failed = ends("tcp", steps);
    assert!(failed.contains(&"unpack wrong-size".into()), "{failed:?}");
    assert_eq!(
        failed.last().map(String::as_str),
        Some("await peer-ended"),
        "{failed:?}"
    );
}

#[cfg(target_os = "linux")]
#[test]
fn a_datagram_is_not_waited_for_when_all_senders_have_gone() {
    for transport in ["udp", "unix-datagram"] {
        let steps = r#""client": [{ "sendto": "1" }], "more_clients": [[{ "sendto": "2" }]],
            "server": [{ "recvfrom": 1 }, { "recvfrom": 1 }, { "recvfrom": 1 }]"#;
        assert_eq!(
            ends(transport, steps),
            ["recvfrom peer-ended"],
            "{transport}"
        );
        let steps =
            r#""client": [{ "sendto": "1" }, { "recvfrom": 1 }], "server": [{ "recvfrom": 1 }]"#;
        assert_eq!(
            ends(transport, steps),
            ["recvfrom peer-ended"],
            "{transport}"
        );
        let steps = r#""client": [{ "sendto": "1" }, "close"],
            "server": [{ "recvfrom": 1 }, { "await": { "queued": 1 } }]"#;
        assert_eq!(ends(transport, steps), ["await peer-ended"], "{transport}");
        // The next datagram stays as short as it is.
        let steps = r#""client": [{ "sendto": "1" }, { "sendto": "22" }, { "signal": "both" }],
            "server": [{ "await": { "signal": "both" } }, { "await": { "queued": 2 } }]"#;
        assert_eq!(ends(transport, steps), ["await unreachable"], "{transport}");
        // What was cut off was read all the same.
        let steps = r#""client": [{ "sendto": "hello" }, { "await": "read" }, { "sendto": "2" }],
            "server": [{ "recvfrom": 1 }, { "recvfrom": 1 }]"#;
        assert_eq!(ends(transport, steps), [""; 0], "{transport}");
        // Who set a time waits for that time.
        let steps = r#""client": [{ "sendto": "1" }],
            "server": [{ "set": { "recv_timeout": "1ms" } }, { "recvfrom": 1 }, { "recvfrom": 1 }]"#;
        assert_eq!(ends(transport, steps), ["recvfrom EAGAIN"], "{transport}");
    }
}

/// The option of a socket that listens is for `accept`, and for what it accepts.
#[cfg(target_os = "linux")]
#[test]
fn a_time_that_was_set_first_holds() {
    let steps = r#""client": [{ "await": { "signal": "late" } }, "connect"],
        "server": [{ "set": { "recv_timeout": "1ms" } }, { "try": "accept" }, { "signal": "late" }]"#;
    let failed = ends("tcp", steps);
    assert!(failed.contains(&"accept EAGAIN".into()), "{failed:?}");
    let steps = r#""client": ["connect", { "await": { "signal": "late" } }],
        "server": [{ "set": { "recv_timeout": "1ms" } }, { "await": { "signal": "there" } },
            { "try": { "recv": 1 } }, { "signal": "late" }],
        "more_clients": [[{ "signal": "there" }, { "await": { "signal": "late" } }]]"#;
    let failed = ends("tcp", steps);
    assert!(failed.contains(&"recv EAGAIN".into()), "{failed:?}");
}

/// A part of a message is all that `send_some` has written, and all that can be read of it.
#[test]
fn what_the_kernel_did_not_take_is_not_waited_for() {
    let steps = r#""client": [{ "set": { "send_buffer": 4096 } },
            { "send_some": { "text": "x", "times": 8000000 } }, { "await": "read" },
            { "signal": "read" }],
        "server": [{ "set": { "recv_buffer": 4096 } }, { "recv_until_end": 65536 }]"#;
    assert_eq!(ends("tcp", steps), [""; 0]);
}
