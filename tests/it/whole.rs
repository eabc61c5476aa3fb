//! What became of messages, in live runs: what a decoder leaves for the next step, what a failure
//! leaves undone. Nothing in these scripts depends on a timing but what the kernel counts.

use sticky_lab::event::{Action, Event, RunTrace, Side, Undone};
use sticky_lab::frame::FrameError;
use sticky_lab::report::{Outcome, Report};

use crate::live;

/// A lab of one run.
fn lab(framing: &str, client: &str, server: &str, expect: &str) -> String {
    format!(
        r#"{{"runs": [{{"name": "a", {framing} "client": [{client}], "server": [{server}],
                        "expect": {{{expect}}}}}]}}"#
    )
}

const FRAMED: &str = r#""framing": {"length": ">I"},"#;

/// What the decoders gave out, and with which call: a read, or none.
fn out(run: &RunTrace) -> Vec<(&'static str, String)> {
    let of = |event: &Event| {
        let out = event.action.decoder()?.out.iter();
        let texts: Vec<_> = out
            .map(|out| String::from_utf8_lossy(&out.hex.0).into_owned())
            .collect();
        (!texts.is_empty()).then(|| (event.action.name(), texts.join(" ")))
    };
    run.events.iter().filter_map(of).collect()
}

fn undone(run: &RunTrace) -> Vec<(Side, &Undone)> {
    let found = run.events.iter().filter_map(|event| match &event.action {
        Action::Undone(undone) => Some((event.side, undone)),
        _ => None,
    });
    found.collect()
}

fn errors(run: &RunTrace) -> Vec<(&'static str, &str)> {
    let failed = run.events.iter();
    failed
        .filter_map(|event| Some((event.action.name(), event.error.as_deref()?)))
        .collect()
}

#[test]
fn bytes_behind_the_message_asked_for_are_for_the_next_reading() {
    let client = r#"{"send_frame": {"payload": "ok"}}, {"send": "garbage!"}, {"recv": 10}"#;
    let server = r#"{"await": {"queued": 14}}, {"recv_frames": {"count": 1, "sizes": [1024]}},
                    {"send": "thanks"}"#;
    let expect = r#""messages": ["ok"], "answers": {"recvs": ["thanks"]}"#;
    let (run, report) = live::run(&lab(FRAMED, client, server, expect));
    assert_eq!(report.outcome, Outcome::AsExpected, "{run:?}");
    assert_eq!(out(&run), [("recv", "ok".into())]);
    assert!(undone(&run).is_empty());

    // Who asks for the next message learns, without a call, that it is none.
    let server = r#"{"await": {"queued": 14}}, {"recv_frames": {"count": 1, "sizes": [1024]}},
                    {"send": "thanks"}, {"recv_frames": {"count": 1, "sizes": [1024]}}"#;
    let (run, report) = live::run(&lab(FRAMED, client, server, expect));
    assert_eq!(report.outcome, Outcome::Differs);
    let last = run
        .events
        .iter()
        .rev()
        .find_map(|event| match &event.action {
            Action::Decoder(decoder) => decoder.refused.as_ref(),
            _ => None,
        });
    assert_eq!(last.map(FrameError::kind), Some("over-limit"));
}

#[test]
fn a_message_that_came_early_is_there_without_a_recv() {
    let client = r#"{"send_frame": {"payload": "one"}}, {"send_frame": {"payload": "two"}}"#;
    let server = r#"{"await": {"queued": 14}}, {"recv_frames": {"count": 1, "sizes": [1024]}},
                    {"recv_frames": {"count": 1, "sizes": [1024]}}"#;
    let (run, report) = live::run(&lab(
        FRAMED,
        client,
        server,
        r#""messages": ["one", "two"]"#,
    ));
    assert_eq!(report.outcome, Outcome::AsExpected, "{run:?}");
    assert_eq!(
        out(&run),
        [("recv", "one".into()), ("decoder", "two".into())]
    );
}

#[test]
fn a_message_that_nobody_asked_for_is_not_given_out() {
    let client = r#"{"send_frame": {"payload": "one"}}, {"send_frame": {"payload": "two"}}"#;
    let server = r#"{"await": {"queued": 14}}, {"recv_frames": {"count": 1, "sizes": [1024]}}"#;
    let (run, report) = live::run(&lab(FRAMED, client, server, r#""messages": ["one"]"#));
    assert_eq!(report.outcome, Outcome::AsExpected, "{run:?}");
    let behind = run.events.iter().filter_map(|event| event.action.decoder());
    assert_eq!(behind.map(|it| it.behind).collect::<Vec<_>>(), [7]);
}

#[test]
fn what_a_decoder_held_of_one_client_is_not_given_to_the_next() {
    let (run, _) = live::run(
        r#"{"runs": [{"name": "a", "framing": {"length": ">I"},
            "client": [{"send_frame": {"payload": "one"}}, {"send": "rest"}],
            "more_clients": [[{"await": {"signal": "gone"}}, "connect",
                               {"send_frame": {"payload": "two"}}]],
            "server": [{"await": {"queued": 11}}, {"recv_frames": {"count": 1, "sizes": [99]}},
                       "close", {"signal": "gone"},
                       "accept", {"recv_frames": {"count": 1, "sizes": [99]}}]}]}"#,
    );
    assert_eq!(out(&run), [("recv", "one".into()), ("recv", "two".into())]);
}

/// The stream ends before a reading step has what it asks for: an error of that step, and what
/// stood behind it is said to be undone.
#[test]
fn a_stream_that_ends_too_early_fails_each_step_that_wanted_more() {
    let ended = |framing: &str, sends: &str, step: &str| -> (RunTrace, Report) {
        let client = format!(r#"{sends}"shutdown", {{"recv_until_end": 100}}"#);
        let server = format!(r#"{step}, {{"send": "OK"}}"#);
        live::run(&lab(
            framing,
            &client,
            &server,
            r#""answers": {"recvs": []}"#,
        ))
    };
    let send = r#"{"send": "abc"}, "#;
    for step in [
        r#"{"recv_exact": 5}"#,
        r#"{"recv_loop": {"size": 2, "until": 5}}"#,
    ] {
        let (run, report) = ended("", send, step);
        assert_eq!(errors(&run), [("loop", "unfinished")], "{step}");
        let taken = run.events.iter().find_map(|event| match event.action {
            Action::Loop(taken) => Some((taken.wanted, taken.has)),
            _ => None,
        });
        assert_eq!(taken, Some((5, 3)), "{step}");
        left_undone(&run, &report);
    }
    let dict = r#""framing": {"header_dict": ">I"},"#;
    for (framing, sends, step) in [
        (
            FRAMED,
            send,
            r#"{"recv_frames": {"count": 1, "sizes": [9]}}"#,
        ),
        (FRAMED, "", r#"{"recv_frames": {"count": 1, "sizes": [9]}}"#),
        (dict, send, r#"{"recv_file": {}}"#),
        (dict, "", r#"{"recv_file": {}}"#),
    ] {
        let (run, report) = ended(framing, sends, step);
        let mut refused = run.events.iter().filter_map(|event| event.action.decoder());
        let refused = refused.find_map(|decoder| decoder.refused.as_ref());
        let kind = refused.map(FrameError::kind);
        assert_eq!(kind, Some("unfinished"), "{step} after {sends:?}");
        left_undone(&run, &report);
    }
}

fn left_undone(run: &RunTrace, report: &Report) {
    let send = Undone {
        count: 1,
        steps: vec!["send".into()],
    };
    assert_eq!(undone(run), [(Side::Server, &send)]);
    assert_eq!(report.outcome, Outcome::Differs);
}

#[test]
fn a_failure_that_the_lab_claims_is_as_it_says() {
    let client = r#"{"send": "abc"}, "shutdown", {"recv_until_end": 100}"#;
    let server = r#"{"recv_exact": 5}, {"send": "OK"}"#;
    let outcome = |expect: &str| live::run(&lab("", client, server, expect)).1.outcome;
    let claimed = r#""errors": ["server loop unfinished"]"#;
    assert_eq!(outcome(claimed), Outcome::AsExpected);
    assert_eq!(outcome(r#""errors": []"#), Outcome::Differs);
    assert_eq!(outcome(r#""recvs": ["abc"]"#), Outcome::Differs);
    let frames = r#"{"recv_frames": {"count": 1, "sizes": [9]}}, {"send": "OK"}"#;
    let outcome = |expect: &str| live::run(&lab(FRAMED, client, frames, expect)).1.outcome;
    assert_eq!(outcome(r#""refused": "unfinished""#), Outcome::AsExpected);
    assert_eq!(outcome(r#""errors": []"#), Outcome::Differs);
}

/// The length announces 2 bytes of a message of 5: what comes out is nobody's message.
#[test]
fn what_came_out_is_held_against_what_was_sent() {
    let client = r#"{"send_frame": {"payload": "hello", "total_size": 2}}, {"await": "acked"}"#;
    let server = r#"{"recv_frames": {"count": 1, "sizes": [1024]}}"#;
    let with = |expect: &str| live::run(&lab(FRAMED, client, server, expect)).1;
    let report = with(r#""messages": ["he"], "whole": 0"#);
    assert_eq!(report.outcome, Outcome::AsExpected);
    let delivery = &report.flows[0].delivery;
    assert_eq!(delivery.whole(), Some(0));
    assert_eq!(delivery.strangers().count(), 1);
    assert_eq!(with(r#""whole": 1"#).outcome, Outcome::Differs);
}

/// Over datagrams each client has a conversation of its own.
#[test]
fn of_each_client_it_is_known_what_came_whole() {
    let lab = r#"{"runs": [{"name": "a", "transport": "udp",
        "client": [{"sendto": "one"}, {"recvfrom": 9}],
        "more_clients": [[{"sendto": "two and more"}, {"recvfrom": 9}]],
        "server": [{"repeat": {"times": 2, "steps": [{"recvfrom": 3}, {"sendto": "ok"}]}}],
        "expect": {"whole": 1, "answers": {"whole": 1},
                   "more_clients": [{"whole": 0, "answers": {"whole": 1}}]}}]}"#;
    let (run, report) = live::run(lab);
    assert_eq!(report.outcome, Outcome::AsExpected, "{run:?}");
}

/// The kernel takes what it has room for: what was offered stands beside it.
#[cfg(target_os = "linux")]
#[test]
fn of_a_send_that_took_a_part_both_numbers_are_said() {
    let client = r#""connect", {"set": {"send_buffer": 16384}},
                    {"send_some": {"text": "h", "times": 400000}}, {"signal": "s"}"#;
    let server = r#"{"set": {"recv_buffer": 16384}}, "accept", {"await": {"signal": "s"}},
                    {"recv_until_end": 65536}"#;
    let (run, report) = live::run(&lab("", client, server, r#""whole": 0, "bytes_lost": 0"#));
    assert_eq!(report.outcome, Outcome::AsExpected);
    let flow = &report.flows[0];
    let sent = &flow.delivery.sent.as_ref().expect("the writes were seen")[0];
    assert_eq!((sent.offered, sent.taken()), (400_000, flow.bytes_sent));
    assert!(!sent.is_all_taken(), "{:?}", run.events);
}
