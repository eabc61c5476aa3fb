//! Every way in which a message can come whole, or seem to.

use super::{Delivery, GotBy};
use crate::event::Transport::{self, Tcp, Udp};
use crate::event::fixture::{self, call, decoded, recv, recvfrom, send, sendto};
use crate::event::{
    Action, Bytes, DecoderState, Event, PartLen, RunTrace, Side, Taken, UNFINISHED,
};
use crate::frame::Part;
use crate::report;
use crate::text::DecodedText;

fn built(over: Transport, events: impl Into<Vec<Event>>) -> (RunTrace, report::Report) {
    let run = fixture::run(over, events);
    let report = report::build(&run, true);
    (run, report)
}

/// Of a run's first direction: what was sent, with ✓ or ✗ (? if not known); what was got, in the
/// same way.
fn told(over: Transport, events: impl Into<Vec<Event>>) -> (String, String) {
    let (run, report) = built(over, events);
    let flow = &report.flows[0];
    let mark = |whole: Option<bool>| match whole {
        Some(true) => "✓",
        Some(false) => "✗",
        None => "?",
    };
    let text = |bytes: Option<Vec<u8>>| bytes.map(|bytes| String::from_utf8(bytes).unwrap());
    let sent = flow.delivery.sent.iter().flatten().map(|sent| {
        let bytes = text(flow.sent_bytes(&run.events, sent));
        bytes.unwrap_or_default() + mark(sent.whole)
    });
    let got = flow.delivery.got.iter().flatten().map(|got| {
        let bytes = flow.got_bytes(&run.events, got).map(Into::into);
        text(bytes).unwrap_or_default() + mark(got.whole)
    });
    (
        sent.collect::<Vec<_>>().join(" "),
        got.collect::<Vec<_>>().join(" "),
    )
}

#[track_caller]
fn assert_told(over: Transport, events: impl Into<Vec<Event>>, sent: &str, got: &str) {
    assert_eq!(told(over, events), (sent.into(), got.into()));
}

/// A message behind a length of four bytes, which need not be its own.
fn frame(label: &str, length: u8, payload: &str) -> Event {
    let bytes = [&[0, 0, 0, length], payload.as_bytes()].concat();
    let mut event = send(label, std::str::from_utf8(&bytes).unwrap());
    if let Action::Send(write) = &mut event.action {
        let part = |part, bytes| PartLen { part, bytes };
        write.layout = vec![
            part(Part::Prefix, 4),
            part(Part::Payload, payload.len() as u64),
        ];
    }
    event
}

/// A read of these bytes through a decoder that then says this.
fn unframed(bytes: &str, decoder: DecoderState) -> Event {
    recv(99, bytes).read(|read| read.decoder = Some(decoder.into()))
}

fn holding(out: &[&str], kept: u64, behind: u64) -> DecoderState {
    DecoderState {
        kept,
        behind,
        ..decoded(out)
    }
}

#[test]
fn without_framing_a_read_is_what_the_program_gets() {
    let sent = || vec![send("A", "hello"), send("B", "world")];
    let read = |reads: &[&str]| {
        let reads = reads.iter().map(|bytes| recv(10, bytes));
        sent().into_iter().chain(reads).collect::<Vec<_>>()
    };
    assert_told(
        Tcp,
        read(&["hello", "world"]),
        "hello✓ world✓",
        "hello✓ world✓",
    );
    assert_told(
        Tcp,
        read(&["he", "lloworld"]),
        "hello✗ world✗",
        "he✗ lloworld✗",
    );
    assert_told(Tcp, read(&["hello"]), "hello✓ world✗", "hello✓");
}

#[test]
fn equal_bytes_at_another_place_are_another_message() {
    let sent = [send("A", "aa"), send("B", "aa"), send("C", "aa")];
    let with = |reads: &[&str]| {
        let reads = reads.iter().map(|bytes| recv(9, bytes));
        sent.iter().cloned().chain(reads).collect::<Vec<_>>()
    };
    assert_told(Tcp, with(&["a", "aa", "aaa"]), "aa✗ aa✗ aa✗", "a✗ aa✗ aaa✗");
    assert_told(Tcp, with(&["aaaa", "aa"]), "aa✗ aa✗ aa✓", "aaaa✗ aa✓");
}

#[test]
fn what_comes_out_of_a_decoder_is_held_against_what_was_sent() {
    let came = [
        frame("A", 5, "hello"),
        unframed("\0\0\0\u{5}hello", decoded(&["hello"])),
    ];
    assert_told(Tcp, came, "hello✓", "hello✓");
    // The length announces less than is there.
    let short = [
        frame("A", 2, "hello"),
        unframed("\0\0\0\u{2}hello", holding(&["he"], 3, 0)),
    ];
    assert_told(Tcp, short.clone(), "hello✗", "he✗");
    let (_, report) = built(Tcp, short);
    let delivery = &report.flows[0].delivery;
    assert_eq!((delivery.whole(), delivery.left_over), (Some(0), 3));
    assert_eq!(delivery.strangers().count(), 1);
    // The length of one message swallows the next.
    let swallowed = [
        frame("A", 9, "hello"),
        frame("B", 0, ""),
        unframed("\0\0\0\u{9}hello\0\0\0\0", decoded(&["hello\0\0\0\0"])),
    ];
    assert_told(Tcp, swallowed, "hello✗ ✗", "hello\0\0\0\0✗");
}

#[test]
fn a_bare_send_among_frames_is_a_message_too() {
    let bare = [
        frame("A", 2, "ok"),
        send("B", "garbage!"),
        unframed("\0\0\0\u{2}okgarbage!", holding(&["ok"], 0, 8)),
    ];
    assert_told(Tcp, bare, "ok✓ garbage!✗", "ok✓");
    // A length that was sent by itself, and what it announces.
    let by_hand = [
        send("A", "\0\0\0\u{2}"),
        send("B", "ok"),
        unframed("\0\0\0\u{2}ok", decoded(&["ok"])),
    ];
    assert_told(Tcp, by_hand, "\0\0\0\u{2}✗ ok✓", "ok✓");
}

#[test]
fn of_several_messages_in_a_read_each_has_its_place() {
    let sent = [
        frame("A", 2, "hi"),
        frame("B", 2, "hi"),
        frame("C", 2, "hi"),
    ];
    let bytes = "\0\0\0\u{2}hi";
    let both = unframed(&(bytes.to_owned() + bytes), decoded(&["hi", "hi"]));
    let events = sent.iter().cloned().chain([both]).collect::<Vec<_>>();
    assert_told(Tcp, events, "hi✓ hi✓ hi✗", "hi✓ hi✓");
    // The first one was taken by a plain recv, in front of the decoder.
    let plain = recv(6, bytes);
    let one = unframed(bytes, decoded(&["hi"]));
    let events = sent.iter().cloned().chain([plain, one]).collect::<Vec<_>>();
    assert_told(Tcp, events, "hi✗ hi✓ hi✗", "\0\0\0\u{2}hi✗ hi✓");
    // What an earlier read had brought needs no call.
    let first = unframed(&(bytes.to_owned() + bytes), holding(&["hi"], 0, 6));
    let then = call(Side::Server, Action::Decoder(decoded(&["hi"]).into()));
    let events = sent
        .iter()
        .cloned()
        .chain([first, then])
        .collect::<Vec<_>>();
    assert_told(Tcp, events, "hi✓ hi✓ hi✗", "hi✓ hi✓");
}

#[test]
fn a_message_whose_frame_has_a_hole_is_none() {
    let events = [
        frame("A", 2, "hi"),
        send("B", "x"),
        send("C", "hi"),
        unframed("\0\0\0\u{2}", holding(&[], 4, 0)),
        recv(3, "hix"),
        unframed("hi", decoded(&["hi"])),
    ];
    let (sent, got) = told(Tcp, events);
    // The last two bytes are C, and came out; A was cut apart.
    assert_eq!((&sent[..], &got[..]), ("hi✗ x✗ hi✓", "hix✗ hi✓"));
}

#[test]
fn a_loop_gathers_one_message_and_an_end_inside_it_gives_none() {
    let taken = |wanted, has| Taken {
        wanted,
        counted: has,
        has,
        empty: 0,
    };
    let looped = |wanted, has| call(Side::Server, Action::Loop(taken(wanted, has)));
    let events = [
        frame("A", 5, "hello"),
        recv(4, "\0\0\0\u{5}"),
        looped(4, 4),
        recv(5, "he"),
        recv(3, "llo"),
        looped(5, 5),
    ];
    assert_told(Tcp, events, "hello✓", "\0\0\0\u{5}✗ hello✓");
    let ended = [
        send("A", "abc"),
        recv(5, "abc"),
        looped(5, 3).failed(UNFINISHED),
    ];
    assert_told(Tcp, ended.clone(), "abc✗", "");
    assert_eq!(built(Tcp, ended).1.flows[0].delivery.left_over, 3);
}

#[test]
fn a_message_of_which_a_part_was_taken_cannot_come_whole() {
    let mut part = send("A", "abc");
    if let Action::Send(write) = &mut part.action {
        write.asked = 9;
    }
    let (run, report) = built(Tcp, [part, recv(9, "abc")]);
    let delivery = &report.flows[0].delivery;
    let sent = &delivery.sent.as_ref().unwrap()[0];
    assert_eq!(
        (sent.offered, sent.extent, sent.whole),
        (9, (0, 3), Some(false))
    );
    assert_eq!(delivery.whole(), Some(0), "{run:?}");
}

#[test]
fn a_datagram_comes_whole_or_cut_or_not_at_all() {
    let got = |asked, bytes, cut| recvfrom(asked, bytes).read(|read| read.truncated = Some(cut));
    let sent = [sendto("A", "one"), sendto("B", "two"), sendto("C", "six")];
    let with = |reads: Vec<Event>| sent.iter().cloned().chain(reads).collect::<Vec<_>>();
    let reads = vec![got(9, "one", 0), got(2, "si", 1)];
    assert_told(Udp, with(reads), "one✓ two✗ six✗", "one✓ si✗");
    // Which of two that look alike came nobody can say, but one of them did.
    let alike = [sendto("A", "hi"), sendto("B", "hi"), got(9, "hi", 0)];
    assert_told(Udp, alike.clone(), "hi? hi?", "hi✓");
    assert_eq!(built(Udp, alike).1.flows[0].delivery.whole(), Some(1));
}

#[test]
fn what_nobody_saw_is_not_known() {
    let events = [frame("A", 2, "hi"), recv(99, "\0\0\0\u{2}hi").calls(2)];
    assert_told(Tcp, events, "hi?", "?");
    let other = [send("A", "ab"), recv(9, "xy")];
    assert_told(Tcp, other, "ab?", "xy?");
}

#[test]
fn older_records_do_not_say_how_long_a_frame_was() {
    let mut old = decoded(&["hi", "ho"]);
    for out in &mut old.out {
        out.size = None;
    }
    let read = unframed("\0\0\0\u{2}hi\0\0\0\u{2}ho", old);
    let events = [frame("A", 2, "hi"), frame("B", 2, "ho"), read];
    assert_told(Tcp, events, "hi✓ ho✓", "hi✓ ho✓");
}

#[test]
fn a_file_is_a_message_and_its_content_is_in_the_file() {
    let mut state = decoded(&[""]);
    state.out[0].header = Some(serde_json::Map::new());
    state.out[0].verified = Some("md5".into());
    state.out[0].size = Some(6);
    let events = [frame("A", 2, "hi"), unframed("\0\0\0\u{2}hi", state)];
    let (_, report) = built(Tcp, events);
    let delivery: &Delivery = &report.flows[0].delivery;
    assert!(delivery.all_came());
    let got = &delivery.got.as_ref().unwrap()[0];
    assert_eq!(
        (got.by, got.is, got.content),
        (GotBy::Decoder, Some(0), Some((4, 6)))
    );
}

/// What a program gets of a read that it decodes is the text, and not the bytes.
#[test]
fn a_text_is_what_its_decoder_makes_of_the_reads() {
    let decode = |bytes: &[u8], out: &str, kept, lost| {
        recv(9, "").read(|read| {
            (read.returned, read.hex) = (Some(bytes.len() as u64), Bytes(bytes.into()));
            let text = DecodedText {
                out: out.into(),
                kept,
                lost,
                failed: false,
            };
            read.text = Some(text.into());
        })
    };
    let euro = "€".as_bytes();
    let cut = [euro, &euro[..1]].concat();
    let one = || send("A", "€");
    assert_told(Tcp, [one(), decode(euro, "€", 0, 0)], "€✓", "€✓");
    // What the decoder left out is in no text, though its bytes all came.
    assert_told(Tcp, [one(), decode(euro, "", 0, 3)], "€✗", "✗");
    // The start of a character that a read ends in belongs to the next one's text.
    let two = [send("A", "€"), send("B", "€")];
    let reads = [decode(&cut, "€", 1, 0), decode(&euro[1..], "€", 0, 0)];
    assert_told(Tcp, [two, reads].concat(), "€✓ €✓", "€✓ €✓");
    let in_pieces = |read| built(Tcp, [send("A", "€€"), decode(&cut, "€", 1, 0), read]).1;
    let is_text = |report: report::Report| report.flows[0].delivery.is_text_in_pieces();
    assert!(is_text(in_pieces(decode(&euro[1..], "€", 0, 0))));
    assert!(!is_text(in_pieces(decode(&euro[1..], "", 0, 3))), "lost");
    assert!(
        !is_text(in_pieces(decode(&euro[1..2], "", 2, 0))),
        "not all"
    );
    assert!(
        !is_text(built(Tcp, [one(), decode(euro, "€", 0, 0)]).1),
        "whole"
    );
}
