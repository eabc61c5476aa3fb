//! The time stamps of the kernel, and that nothing is disturbed by them. On Linux.

#![cfg(target_os = "linux")]

use sticky_lab::event::{Action, Barrier, Event, Side, Stamp};
use sticky_lab::report::Witness;

use crate::live;

fn stamps(events: &[Event], side: Side) -> Vec<Stamp> {
    let own = events.iter().filter(|event| event.side == side);
    own.flat_map(|event| event.stamps.iter().copied()).collect()
}

#[test]
fn each_write_leaves_and_is_acknowledged_and_the_counters_are_of_those_moments() {
    let (trace, _) = live::run(
        r#"{"transport":"tcp","runs":[{"name":"a",
            "client":[{"send":"hello"},{"await":"acked"},{"send":"you"},{"await":"acked"}],
            "server":[{"recv_until_end":1024}]}]}"#,
    );
    let told = stamps(&trace.events, Side::Client);
    let left: Vec<_> = told.iter().filter(|it| it.acked.is_none()).collect();
    let sent: Vec<_> = left.iter().map(|it| (it.sent, it.segments_out)).collect();
    assert_eq!(sent, [(5, 1), (8, 2)]);
    let acked: Vec<_> = told.iter().filter_map(|it| it.acked).collect();
    assert_eq!(acked, [5, 8]);
    assert!(told.iter().all(|it| it.at_us.is_some() && it.resent == 0));
    assert!(stamps(&trace.events, Side::Server).is_empty());
}

#[test]
fn what_was_held_leaves_when_the_ack_has_come() {
    let (trace, _) = live::run(
        r#"{"transport":"tcp","runs":[{"name":"a",
            "client":[{"await":{"signal":"go"}},{"send":"h"},{"await":"read"},
                {"send":"e"},{"send":"llo"},{"await":"acked"}],
            "server":["accept",{"set":{"quickack":false}},{"signal":"go"},
                {"recv_until_end":1024}]}]}"#,
    );
    let told = stamps(&trace.events, Side::Client);
    let place = |so: fn(&Stamp) -> bool| told.iter().position(so).expect("a stamp");
    let acked = place(|it| it.acked == Some(1));
    let left = place(|it| it.acked.is_none() && it.sent == 5);
    assert!(acked < left, "{told:?}");
    assert!(told[acked].at_us <= told[left].at_us, "{told:?}");
    // The last byte's writer has the stamp; the one whose byte went with it has none.
    assert_eq!(told.iter().filter(|it| it.acked.is_none()).count(), 2);
}

#[test]
fn a_stamp_is_no_error_that_a_wait_for_one_could_end_with() {
    let (trace, report) = live::run(
        r#"{"transport":"tcp","runs":[{"name":"a",
            "client":[{"send":"x"},{"await":"error"},{"signal":"seen"}],
            "server":["accept",{"await":{"queued":1}},{"pause":"5ms"},"abort",
                {"await":{"signal":"seen"}}]}]}"#,
    );
    let seq = |so: &dyn Fn(&Action) -> bool| {
        let event = trace.events.iter().find(|event| so(&event.action));
        event.expect("the call").seq
    };
    let reset = seq(&|action| matches!(action, Action::Abort));
    let until = Barrier::Error;
    let seen = seq(&|action| matches!(action, Action::Await { until: it, .. } if *it == until));
    assert!(reset < seen, "{:?}", report.outcome);
}

#[test]
fn what_came_with_the_end_of_a_connection_is_told_without_the_fin() {
    // The client has shut down first: when the server's FIN has come, its socket's state is CLOSE.
    let (trace, report) = live::run(
        r#"{"transport":"tcp","runs":[{"name":"a",
            "client":[{"send":"x"},"shutdown",{"await":{"signal":"closed"}},{"recv_until_end":1024}],
            "server":["accept",{"set":{"cork":true}},{"recv":1},{"send":"hello"},{"send":"world"},
                "close",{"signal":"closed"}]}]}"#,
    );
    let reads = trace
        .events
        .iter()
        .filter(|event| event.side == Side::Client);
    let arrived: Vec<_> = reads
        .filter_map(|event| event.arrived.as_deref().copied())
        .collect();
    let told: Vec<_> = arrived.iter().map(|it| (it.bytes, it.segments)).collect();
    assert_eq!(told, [(10, 1), (10, 1)]);
    // Only the reader can know: the bytes left with the close.
    let edges = &report.flows[1].edges;
    let said: Vec<_> = edges[0].said.iter().map(|(witness, _)| witness).collect();
    assert_eq!(said, [Witness::Receiver], "{edges:?}");
}
