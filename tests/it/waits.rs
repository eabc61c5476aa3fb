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
