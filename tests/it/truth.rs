//! What the kernel counts, where it is easily taken for something else: runs that once came out with
//! a claim that was not so.
#![cfg(target_os = "linux")]

use serde_json::{Value, json};
use sticky_lab::event::{Action, RunTrace, Side};
use sticky_lab::lab::read;
use sticky_lab::report::{self, Fate, LostIn, Report};
use sticky_lab::run::{Kernel, Runner};
use sticky_lab::scenario;

/// A run, done live, and what is to be said of it.
fn run(run: &Value) -> (RunTrace, Report) {
    let lab = json!({ "runs": [run] }).to_string();
    let lab = read::parse("lab.json", &lab).expect("it reads");
    let plan = scenario::resolve(&lab, 0).expect("it resolves");
    let mut runner = Runner::new(Kernel::Asked, std::sync::Arc::default());
    let run = runner.start(&plan).expect("it begins").finish();
    let report = report::build(&run, true);
    (run, report)
}

#[test]
fn a_fin_that_waits_is_no_unsent_byte() {
    // The window lets a part of A out; the rest, B and the FIN wait.
    let (run, report) = run(&json!({
        "name": "fin-unsent",
        "client": [{ "set": { "send_buffer": 100_000 } },
            { "send": { "text": "a", "times": 4607 } }, { "send": { "text": "b", "times": 1000 } },
            "shutdown", { "signal": "all written" }, { "await": { "signal": "read once" } }],
        "server": [{ "set": { "recv_buffer": 2304 } }, "accept",
            { "await": { "signal": "all written" } }, { "recv": 65_536 },
            { "signal": "read once" }, { "pause": "5ms" }, { "recv_until_end": 65_536 }],
    }));
    let kernel = |name: &str| {
        let called = |event: &&sticky_lab::event::Event| event.action.name() == name;
        let event = run.events.iter().rfind(called).expect(name);
        *event.kernel.as_deref().expect("the kernel says")
    };
    let (sent, shut) = (kernel("send"), kernel("shutdown"));
    assert_eq!((sent.unsent, sent.fin), (shut.unsent, false));
    assert!(shut.fin && shut.unsent > 1000, "{shut:?}");
    let flow = &report.flows[0];
    assert_eq!(flow.most_unsent.map(|(n, _)| n), Some(shut.unsent));
    // One segment carried the end of A and the first byte of B.
    let fate = flow.edges[0].fate;
    let queue = LostIn::ReceiveQueue;
    assert!(
        !matches!(fate, Fate::Lost(cause) if cause == queue),
        "{fate:?}"
    );
}

#[test]
fn a_fin_that_is_sent_again_is_no_segment() {
    // Nobody acknowledges at once, so the tail loss probe sends the FIN again.
    let (run, report) = run(&json!({
        "name": "fin-again",
        "client": ["connect", { "set": { "nodelay": true } }, { "recv": 10 },
            { "send": "A" }, { "send": "B" }, "shutdown", { "pause": "100ms" }],
        "server": ["accept", { "set": { "quickack": false } }, { "send": "hi" },
            { "pause": "150ms" }, { "recv": 10 }],
    }));
    for event in &run.events {
        if let (Action::Shutdown, Some(kernel)) = (&event.action, event.kernel.as_deref()) {
            assert!(kernel.unacked <= 2, "{kernel:?}");
        }
    }
    let client = run.events.iter().filter(|event| event.side == Side::Client);
    let last = client
        .rev()
        .find_map(|event| event.kernel.as_deref().copied());
    let flow = &report.flows[0];
    // On a busy machine data may be sent again too; then less is known, and nothing else.
    let only_fin = last.and_then(|last| last.resent) == Some(0);
    let (segments, fate) = (flow.segments.count, flow.edges[0].fate);
    assert!(
        segments == Some(2) || segments.is_none() && !only_fin,
        "{segments:?}"
    );
    let says = |wanted| matches!(fate, Fate::Lost(cause) if cause == wanted);
    assert!(
        says(LostIn::ReceiveQueue) || says(LostIn::Undetermined) && !only_fin,
        "{fate:?}"
    );
}
