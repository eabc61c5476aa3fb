use super::*;
use crate::event::{INTERRUPTED, fixture};
use crate::text::Encoding;

fn stamped(call_ns: u64, return_ns: u64, event: Event) -> Stamped {
    Stamped {
        connection: 1,
        call_ns,
        return_ns,
        event: event.at(call_ns / 1000, return_ns / 1000),
    }
}

fn clients(own: &[&str]) -> Clients {
    let own = own.iter().map(ToString::to_string);
    Clients {
        server: "server".into(),
        ours: own.len(),
        own: own.zip(1..).collect(),
    }
}

#[test]
fn a_datagram_is_its_senders_and_an_answer_goes_to_whom_it_names() {
    let [sent, got] = [fixture::sendto("a", "x"), fixture::recvfrom(9, "x")];
    let told = [
        got.clone().peer("two"),
        sent.clone().peer("one"),
        sent.clone().peer("two"),
        got.clone().peer("stranger"),
        got.clone().failed("EAGAIN"),
        got.clone().peer("server").by(Side::Client),
        got.peer("stranger").by(Side::Client),
    ];
    let told = (1..).zip(told).map(|(ns, event)| Stamped {
        connection: if event.side == Side::Client { 3 } else { 0 },
        ..stamped(ns, ns, event)
    });
    let events = merge([told.collect()], &clients(&["one", "two"]));
    let conns: Vec<u32> = events.iter().map(|event| event.conn).collect();
    assert_eq!(conns, [2, 1, 2, 0, 1, 3, 0]);
}

#[test]
fn a_read_never_stands_before_the_write_that_it_returned() {
    let write = fixture::send("A", "x");
    // The read was waiting long before, and came back before the write's return was stamped.
    let events = merge(
        [
            vec![stamped(2_000, 9_000, write.clone())],
            vec![stamped(1_000, 7_000, fixture::recv(1, "x"))],
        ],
        &clients(&[]),
    );
    assert_eq!(events[0].action, write.action);
    let read = &events[1];
    assert_eq!((read.call_us, read.return_us, read.seq), (1, 7, 1));
}

fn call(
    recorder: &Recorder,
    action: Action,
    call: impl FnOnce() -> io::Result<()>,
    finish: impl FnOnce(&mut Action, &io::Result<()>),
) {
    let done = recorder.call(action, call, finish, Told::default, |_| String::new());
    assert!(done.is_ok());
}

#[test]
fn a_call_under_way_is_in_the_record_and_comes_back_to_nothing() {
    let recorder = Recorder::new(Side::Client, 0, Instant::now());
    let mut taken = Vec::new();
    let take = || {
        taken = recorder.take(INTERRUPTED);
        Ok(())
    };
    call(&recorder, Action::Close, take, |_, _| ());
    assert_eq!(taken.len(), 1);
    assert_eq!(taken[0].event.error.as_deref(), Some(INTERRUPTED));
    assert!(recorder.take(INTERRUPTED).is_empty());
}

fn read(recorder: &Recorder, n: u64) {
    let finish = |action: &mut Action, _: &io::Result<()>| {
        if let Action::Recv(read) = action {
            read.returned = Some(n);
            read.hex = Bytes(vec![b'x'; usize::try_from(n).unwrap()]);
            read.left = Some(100 - n);
        }
    };
    call(recorder, Action::Recv(Read::asking(10)), || Ok(()), finish);
}

#[test]
fn a_full_record_takes_no_more_reads_and_still_its_end() {
    for most in [
        Most {
            bytes: 20,
            calls: 100,
        },
        Most {
            bytes: 100,
            calls: 3,
        },
    ] {
        let recorder = Recorder {
            most,
            ..Recorder::new(Side::Server, 0, Instant::now())
        };
        for _ in 0..3 {
            read(&recorder, 7);
        }
        let hex = Bytes::default();
        let decode = Action::Decode {
            encoding: Encoding::Utf8,
            hex,
            text: None,
        };
        for action in [Action::Recv(Read::asking(10)), decode] {
            let never = || -> io::Result<()> { panic!("the call is made") };
            let name = |error: &io::Error| error.to_string();
            let refused = recorder.call(action, never, |_, _| (), Told::default, name);
            assert_eq!(refused.unwrap_err().to_string(), RECORD_FULL);
        }
        call(&recorder, Action::Close, || Ok(()), |_, _| ());
        let events = merge([recorder.take(INTERRUPTED)], &clients(&[]));
        let errors: Vec<_> = events.iter().map(|event| event.error.as_deref()).collect();
        let full = Some(RECORD_FULL);
        assert_eq!(errors, [None, None, None, full, full, None]);
    }
    // What is let go of takes no room.
    let recorder = Recorder {
        most: Most {
            bytes: 5 * 7,
            calls: 6,
        },
        ..Recorder::new(Side::Server, 0, Instant::now())
    };
    recorder.fold(true);
    for _ in 0..100 {
        read(&recorder, 7);
    }
    assert_eq!(recorder.log().bytes, 4 * 7);
}

#[test]
fn of_a_transfer_the_first_and_last_calls_stay_and_the_others_are_counted() {
    let recorder = Recorder::new(Side::Server, 0, Instant::now());
    read(&recorder, 9);
    recorder.fold(true);
    for n in 1..=8 {
        read(&recorder, n);
        let (option, value) = ("TCP_QUICKACK".into(), 0);
        let set = Action::Setsockopt { option, value };
        call(&recorder, set, || Ok(()), |_, _| ());
    }
    recorder.fold(false);
    read(&recorder, 9);
    let events = merge([recorder.take(INTERRUPTED)], &clients(&[]));
    let reads = events.iter().filter_map(|event| match &event.action {
        Action::Recv(read) => Some((event.calls, read.returned?, read.hex.0.len(), read.left?)),
        _ => None,
    });
    let expected = [
        (1, 9, 9, 91),
        (1, 1, 1, 99),
        (1, 2, 2, 98),
        (4, 3 + 4 + 5 + 6, 0, 94),
        (1, 7, 7, 93),
        (1, 8, 8, 92),
        (1, 9, 9, 91),
    ];
    assert_eq!(reads.collect::<Vec<_>>(), expected);
    let options = events
        .iter()
        .filter(|event| matches!(event.action, Action::Setsockopt { .. }));
    assert_eq!(options.map(|event| event.calls).sum::<u64>(), 8);
    assert!(events.iter().all(|event| event.call_us <= event.return_us));
}
