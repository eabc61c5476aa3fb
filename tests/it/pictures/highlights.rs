//! In a long run the calls that tell something stand, whatever else is left out.

use super::hand::{self, Story, decoder};
use crate::view::{self, EN};
use sticky_lab::event::{Action, RunTrace, Transport};
use sticky_lab::frame::Part;
use sticky_lab::render::{self, View};
use sticky_lab::report;

/// Wide enough for what is said beside a call.
const WIDE: View = View { width: 100, ..EN };

/// The picture of a run, and what is said of it fact by fact.
fn shown(run: &RunTrace) -> [String; 2] {
    let report = report::build(run, true);
    let lab = hand::lab(run.clone()).lab;
    [
        render::run(&lab, run, &report, &WIDE).finish(),
        render::run(&lab, run, &report, &view::plain(&WIDE)).finish(),
    ]
}

/// More datagrams than there is room for, each read alone; the kernel dropped so many.
fn flood(sent: usize, received: usize) -> RunTrace {
    let mut story = Story::new(
        r#"{"name":"flood","transport":"udp","client":[{"sendto":"x"}],
            "server":[{"recvfrom_rest":9}]}"#,
    );
    let text = |n: usize| format!("{n:03}");
    for n in 0..sent {
        story.sendto(text(n).as_bytes());
    }
    let dropped = (sent - received) as u64;
    for n in 0..received {
        story.recvfrom(9, text(n).as_bytes(), 0, dropped);
    }
    story.end()
}

#[test]
fn the_first_datagram_that_is_dropped_stands_and_is_named() {
    let run = flood(90, 30);
    for says in shown(&run) {
        assert!(says.contains("dropped by the kernel"), "{says}");
    }
    let [picture, plain] = shown(&run);
    let row = picture.lines().find(|line| line.contains("sendto(AE)"));
    assert!(row.is_some(), "the 31st is in the middle: {picture}");
    assert!(!picture.contains("sendto(Z)"), "{picture}");
    assert_eq!(plain.matches("dropped by the kernel").count(), 60 + 1);
    // What was left out is still counted, to the last.
    let left_out: usize = picture
        .lines()
        .filter_map(|line| {
            line.trim()
                .strip_prefix("... ")?
                .split(' ')
                .next()?
                .parse::<usize>()
                .ok()
        })
        .sum();
    let drawn = picture.matches(" sendto(").count() + picture.matches(" recvfrom(9)").count();
    assert_eq!(left_out + drawn, 120, "{picture}");
    // Where all came through, nothing is dropped.
    assert!(!shown(&flood(9, 9))[0].contains("dropped by the kernel\n"));
}

#[test]
fn a_write_that_had_to_wait_says_so() {
    let mut run = flood(60, 60);
    run.transport = Transport::UnixDatagram;
    assert!(!shown(&run)[0].contains("returned after"));
    // The 31st is under way until three have been read.
    let is_read = |action: &Action| matches!(action, Action::Recvfrom(_));
    let reads = run.events.iter().filter(|event| is_read(&event.action));
    let third = reads.map(|event| event.return_us).nth(2).expect("reads");
    let is_write = |action: &Action| matches!(action, Action::Sendto(_));
    let mut writes = run
        .events
        .iter_mut()
        .filter(|event| is_write(&event.action));
    writes.nth(30).expect("writes").return_us = third + 1;
    let [picture, plain] = shown(&run);
    assert!(picture.contains("sendto(AE)"), "{picture}");
    assert!(picture.contains("returned after"), "{picture}");
    assert_eq!(
        plain.matches("returned after 3 were read").count(),
        1,
        "{plain}"
    );
    // Over UDP no sender waits for a reader.
    run.transport = Transport::Udp;
    assert!(!shown(&run)[0].contains("returned after"));
}

#[test]
fn the_read_that_completes_a_length_stands() {
    let mut story = Story::new(
        r#"{"name":"one-byte","transport":"tcp","framing":{"length":">I"},
            "client":[{"send_frame":{"payload":"hello"}}],
            "server":[{"recv_frames":{"count":1,"sizes":[1]}}]}"#,
    );
    let whole = b"\0\0\0\x05hello";
    story.frame(whole, &[(Part::Prefix, 4), (Part::Payload, 5)], 1, 0);
    for n in 1..=9 {
        let left = 9 - n;
        let says = match n {
            ..=3 => decoder(&[], Part::Prefix, n, 4, n),
            4..=8 => decoder(&[], Part::Payload, n - 4, 5, n),
            _ => decoder(&[b"hello"], Part::Prefix, 0, 4, 0),
        };
        let at = usize::try_from(n).expect("small") - 1;
        story.recv_into(1, &whole[at..=at], left, Some(says));
    }
    let [picture, _] = shown(&story.end());
    assert!(picture.contains("payload 0/5"), "{picture}");
}

#[test]
fn what_was_cut_off_stands_in_the_sum() {
    let mut story = Story::new(
        r#"{"name":"cut","transport":"udp","client":[{"sendto":"hello"}],
            "server":[{"recvfrom":2}]}"#,
    );
    story.sendto(b"hello").recvfrom(2, b"he", 3, 0);
    let mut run = story.end();
    for transport in [Transport::Udp, Transport::UnixDatagram] {
        run.transport = transport;
        for says in shown(&run) {
            let says = says.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(
                says.contains("3 bytes did not fit and were lost."),
                "{says}"
            );
        }
    }
}

#[test]
fn it_stands_in_the_middle_of_very_many_rows_as_well() {
    let mut story = Story::new(
        r#"{"name":"turns","transport":"udp","client":[{"sendto":"x"}],
            "server":[{"recvfrom_rest":9}]}"#,
    );
    for n in 0..60 {
        let text = format!("{n:03}");
        story.sendto(text.as_bytes());
        if n != 29 {
            story.recvfrom(9, text.as_bytes(), 0, u64::from(n > 29));
        }
    }
    let [picture, _] = shown(&story.end());
    assert!(picture.contains("sendto(AD)"), "{picture}");
    assert_eq!(picture.matches("left out").count(), 2, "{picture}");
}
