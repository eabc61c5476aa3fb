//! What may come of a run, asked of labs as a person asks it. Against all interleavings of small
//! scripts the model is held in `src/report/legal/brute.rs`.

use std::sync::Arc;

use proptest::prelude::*;
use serde_json::{Value, json};
use sticky_lab::event::{Action, Side};
use sticky_lab::lab::{self, file};
use sticky_lab::report;
use sticky_lab::report::legal::{Broken, Model, Range, Rule, Unmodelled, Waits, check, enumerate};
use sticky_lab::run::{Kernel, Runner};
use sticky_lab::scenario;

/// A run by its steps, as a lab file has them.
fn script(transport: &str, client: &Value, server: &Value) -> Model {
    let lab = json!({
        "transport": transport,
        "runs": [{ "name": "one", "client": client, "server": server }]
    });
    let lab: file::Lab = serde_json::from_value(lab).expect("a lab");
    Model::of(&scenario::resolve(&lab, 0).expect("a run")).expect("a script of the model")
}

fn of_catalogue(number: u32, run: &str) -> Result<Model, Unmodelled> {
    let lab = lab::find(&number.to_string()).expect("the lab");
    let place = lab.file.runs.iter().position(|other| other.name == run);
    let scenario = scenario::resolve(&lab.file, place.expect("the run"));
    Model::of(&scenario.expect("a run"))
}

/// Holds reads, written `he | lloworld`, against the script.
fn say(script: &Model, reads: &str, waits: Waits) -> Result<(), Broken> {
    let reads: Vec<&[u8]> = reads
        .split('|')
        .map(|read| read.trim().as_bytes())
        .collect();
    check(script, Side::Client, &reads, waits)
}

fn broken(read: usize, rule: Rule) -> Result<(), Broken> {
    Err(Broken { read, rule })
}

#[test]
fn what_a_stream_allows_for_a_short_read_and_a_long_one() {
    let script = of_catalogue(3, "leftover").expect("a script of the model");
    let free = |reads: &str| say(&script, reads, Waits::Ignored);
    for legal in [
        "he | lloworld",
        "he | llo",
        "h | ello",
        "he | llowor",
        "h | e",
    ] {
        assert_eq!(free(legal), Ok(()), "{legal}");
    }
    assert_eq!(free("he | world"), broken(1, Rule::Skipped((2, 5))));
    assert_eq!(
        free("hel | loworld"),
        broken(0, Rule::OverSize { asked: 2 })
    );
    assert_eq!(free("he | he"), broken(1, Rule::Again));
    assert_eq!(free("he | llO"), broken(1, Rule::NotWritten));
    assert_eq!(free("he | lloworldx"), broken(1, Rule::NotWritten));
    assert_eq!(free("he"), broken(1, Rule::Returns));
    assert_eq!(free("he | "), broken(1, Rule::NotTheEnd));
    assert_eq!(free("he | llo | world"), broken(2, Rule::NoSuchRead));
    // The server waits until all ten bytes are queued, which leaves one outcome.
    let kept = |reads: &str| say(&script, reads, Waits::Kept);
    assert_eq!(kept("he | lloworld"), Ok(()));
    assert_eq!(kept("he | llo"), broken(1, Rule::Wait));
    assert_eq!(kept("h | elloworld"), broken(0, Rule::Wait));
    assert_eq!(kept("he | world"), broken(1, Rule::Skipped((2, 5))));
}

#[test]
fn what_datagrams_allow() {
    let script = of_catalogue(6, "short-buffer").expect("a script of the model");
    let free = |reads: &str| say(&script, reads, Waits::Kept);
    for legal in ["he | world", "he", "wo"] {
        assert_eq!(free(legal), Ok(()), "{legal}");
    }
    assert_eq!(
        check(&script, Side::Client, &[], Waits::Kept),
        Ok(()),
        "all lost"
    );
    assert_eq!(free("he | llo"), broken(1, Rule::Gone));
    assert_eq!(free("he | lloworld"), broken(1, Rule::Merged));
    assert_eq!(free("he | wor"), broken(1, Rule::CutShort));
    assert_eq!(free("hel | world"), broken(0, Rule::OverSize { asked: 2 }));
    assert_eq!(free("wo | hello"), broken(1, Rule::Order));
    assert_eq!(free("he | world | he"), broken(2, Rule::NoSuchRead));
    assert_eq!(free("he | there"), broken(1, Rule::NotWritten));
    let legal = enumerate(&script, Waits::Kept, 100);
    let reads: Vec<&[Range]> = legal
        .outcomes
        .iter()
        .map(|reads| reads.from(Side::Client))
        .collect();
    let all: [&[Range]; 4] = [&[(0, 2), (5, 10)], &[(0, 2)], &[(5, 7)], &[]];
    assert_eq!((&reads[..], legal.complete), (&all[..], true));
}

#[test]
fn what_cannot_be_lost_comes_in_its_turn() {
    let script = script(
        "unix-seqpacket",
        &json!([{ "send": "hello" }, { "send": "world" }]),
        &json!([{ "recv": 2 }, { "recv": 10 }]),
    );
    assert_eq!(say(&script, "he | world", Waits::Kept), Ok(()));
    assert_eq!(
        say(&script, "wo", Waits::Kept),
        broken(0, Rule::Skipped((0, 5)))
    );
    assert_eq!(say(&script, "he", Waits::Kept), broken(1, Rule::Returns));
    assert_eq!(enumerate(&script, Waits::Kept, 10).outcomes.len(), 1);
}

#[test]
fn an_answer_cannot_be_read_before_its_question_was() {
    // The client asks again only when it has read something of the answer.
    let script = script(
        "tcp",
        &json!([{ "send": "one" }, { "recv": 9 }, { "send": "two" }]),
        &json!([{ "recv": 9 }, { "send": "ONE" }, { "recv": 9 }]),
    );
    assert_eq!(say(&script, "one | two", Waits::Kept), Ok(()));
    assert_eq!(say(&script, "o | netwo", Waits::Kept), Ok(()));
    assert_eq!(say(&script, "onetwo", Waits::Kept), broken(0, Rule::NotYet));
}

#[test]
fn frames_are_read_until_they_are_whole() {
    let script = of_catalogue(4, "framed").expect("a script of the model");
    let read = |reads: &[&[u8]]| check(&script, Side::Client, reads, Waits::Kept);
    let whole: [&[u8]; 3] = [b"\0\0", b"\0\x05hello\0\0\0", b"\x05world"];
    assert_eq!(read(&whole), Ok(()));
    assert_eq!(read(&whole[..2]), broken(2, Rule::Returns));
    assert_eq!(enumerate(&script, Waits::Kept, 10).outcomes.len(), 1);
}

#[test]
fn of_what_the_model_does_not_know_it_says_so() {
    for (lab, run, why) in [
        (7, "second-waits", Unmodelled::Clients),
        (15, "rst", Unmodelled::Reset),
        (16, "loop", Unmodelled::PartialWrites),
        (14, "strict", Unmodelled::Step),
        (22, "echo", Unmodelled::Step),
    ] {
        assert_eq!(of_catalogue(lab, run), Err(why), "lab {lab} {run}");
    }
}

#[test]
fn too_many_outcomes_are_not_listed_and_said_to_be() {
    let sends = script(
        "tcp",
        &json!([{ "send": { "text": "x", "times": 30 } }]),
        &json!([{ "recv_until_end": 9 }]),
    );
    let legal = enumerate(&sends, Waits::Kept, 100);
    assert_eq!((legal.outcomes.len(), legal.complete), (100, false));
    let flood = of_catalogue(6, "flood").expect("a script of the model");
    let legal = enumerate(&flood, Waits::Kept, 100);
    assert_eq!((legal.outcomes.len(), legal.complete), (100, false));
    let huge = of_catalogue(18, "small-buffer").expect("a script of the model");
    assert!(!enumerate(&huge, Waits::Kept, 100).complete);
}

/// What the kernel did is legal: if it ever is not, the model is wrong, and says so here.
#[test]
fn what_comes_of_the_catalogue_is_legal() {
    let mut runner = Runner::new(Kernel::Asked, Arc::default());
    let mut held = 0;
    for lab in lab::catalogue().expect("the catalogue") {
        for i in 0..lab.file.runs.len() {
            let scenario = scenario::resolve(&lab.file, i).expect("a run");
            let Ok(script) = Model::of(&scenario) else {
                continue;
            };
            let trace = runner.start(&scenario).expect("it begins").finish();
            let report = report::build(&trace, true);
            if !report.failed.is_empty() {
                continue;
            }
            for flow in &report.flows {
                let reads = flow
                    .ranges
                    .reads
                    .iter()
                    .map(|span| &trace.events[span.event]);
                let reads = reads.map(|event| match &event.action {
                    Action::Recv(read) | Action::Recvfrom(read) => &read.hex.0[..],
                    other => panic!("{other:?} is no read"),
                });
                let reads: Vec<&[u8]> = reads.collect();
                let said = check(&script, flow.direction.from, &reads, Waits::Kept);
                assert_eq!(said, Ok(()), "{} {}", lab.slug, scenario.script.name);
                held += 1;
            }
        }
    }
    assert!(held > 30, "{held}");
}

/// Steps of both sides, without both sides waiting for one another.
fn steps() -> impl Strategy<Value = (Vec<Value>, Vec<Value>)> {
    let write = (1_usize..5).prop_map(|times| json!({ "send": { "text": "abc", "times": times } }));
    let client = prop_oneof![
        3 => write,
        1 => Just(json!({ "await": "acked" })),
        1 => Just(json!({ "await": "read" })),
    ];
    let server = prop_oneof![
        3 => (1_u32..9).prop_map(|size| json!({ "recv": size })),
        1 => (1_u32..4).prop_map(|bytes| json!({ "await": { "queued": bytes } })),
        1 => (1_u32..9).prop_map(|bytes| json!({ "recv_exact": bytes })),
        1 => (4_u32..9).prop_map(|size| json!({ "recv_until_end": size })),
    ];
    (
        prop::collection::vec(client, 1..5),
        prop::collection::vec(server, 1..5),
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_is_listed_is_legal_and_what_is_not_listed_is_not(
        (client, server) in steps(),
        cuts in prop::collection::btree_set(1_u64..30, 0..6),
    ) {
        let script = script("tcp", &json!(client), &json!(server));
        let sent: usize = client
            .iter()
            .filter_map(|step| step["send"]["times"].as_u64())
            .map(|times| usize::try_from(times).expect("few") * 3)
            .sum();
        let bytes = b"abc".repeat(sent / 3);
        let place = |offset: &u64| usize::try_from(*offset).expect("few");
        let slices = |reads: &[Range]| -> Vec<&[u8]> {
            reads.iter().map(|(from, to)| &bytes[place(from)..place(to)]).collect()
        };
        let legal = enumerate(&script, Waits::Kept, 300);
        for outcome in &legal.outcomes {
            let reads = slices(outcome.from(Side::Client));
            prop_assert_eq!(check(&script, Side::Client, &reads, Waits::Kept), Ok(()));
        }
        // Some other way of cutting the stream, up to some place.
        let ends: Vec<u64> = cuts.into_iter().filter(|end| *end <= sent as u64).collect();
        let starts = std::iter::once(0).chain(ends.iter().copied());
        let other: Vec<Range> = starts.zip(ends.iter().copied()).collect();
        if legal.complete {
            let listed = legal.outcomes.iter().any(|legal| legal.from(Side::Client) == other);
            let said = check(&script, Side::Client, &slices(&other), Waits::Kept);
            prop_assert_eq!(said.is_ok(), listed, "{:?}", said);
        }
    }
}
