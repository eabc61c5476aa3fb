//! Runs beside one another, and a run done many times.

use super::hand::{self, Story};
use super::stories::{framed, leftover};
use crate::view::{self, EN, ZH};
use serde_json::Value;
use snapbox::{assert_data_eq, file};
use sticky_lab::event::{Action, LabInfo, Read, RunTrace, Script, Write};
use sticky_lab::lab::file::{self as lab_file, Run, SideScript};
use sticky_lab::lang::Lang;
use sticky_lab::render::{self, Repetition, View};
use sticky_lab::report::compare::{self, Comparison};
use sticky_lab::report::legal::{Model, Unmodelled};
use sticky_lab::report::repeat::{Counter, Repeats};
use sticky_lab::report::{self, Report, Reported};
use sticky_lab::scenario;
use unicode_width::UnicodeWidthStr;

/// The same messages as datagrams.
fn datagrams() -> RunTrace {
    Story::new(
        r#"{"name":"datagrams","transport":"udp",
            "client":[{"sendto":"hello"},{"sendto":"world"}],
            "server":[{"recvfrom":2},{"recvfrom":10}],"expect":{"truncated":3}}"#,
    )
    .sendto(b"hello")
    .sendto(b"world")
    .wait(40_000)
    .recvfrom(2, b"he", 3, 0)
    .recvfrom(10, b"world", 0, 0)
    .end()
}

const RACE: &str = r#"{"name":"race","transport":"tcp",
    "client":[{"send":"ab"},{"send":"c"}],"server":[{"recv_until_end":1024}],
    "expect":{"recvs":"any-legal"}}"#;

/// A race that the late reader lost; the kernel was asked too early where it is not `certain`.
fn stuck(certain: bool) -> RunTrace {
    let mut story = Story::new(RACE);
    if certain {
        story.send(b"ab", 1, 0).send(b"c", 2, 0);
    } else {
        story.send(b"ab", 0, 2).send(b"c", 2, 0);
    }
    story.recv(1024, b"abc", 0).recv(1024, b"", 0).end()
}

fn apart() -> RunTrace {
    let mut story = Story::new(RACE);
    story.send(b"ab", 1, 0).recv(1024, b"ab", 0);
    story
        .send(b"c", 2, 0)
        .recv(1024, b"c", 0)
        .recv(1024, b"", 0)
        .end()
}

/// Labs, runs and reports, as a comparison takes them.
struct Beside(Vec<(LabInfo, RunTrace, Report)>);

impl Beside {
    fn of(runs: impl IntoIterator<Item = RunTrace>) -> Self {
        let each = runs.into_iter().map(|run| {
            let report = report::build(&run, true);
            (hand::lab(run.clone()).lab, run, report)
        });
        Self(each.collect())
    }

    fn show(&self, show: impl Fn(&[Reported<'_>], &Comparison) -> String) -> String {
        let runs = self.0.iter();
        let compared: Vec<Reported<'_>> = runs
            .map(|(lab, run, report)| Reported { lab, run, report })
            .collect();
        show(&compared, &compare::compare(&compared))
    }

    fn picture(&self, view: &View) -> String {
        self.show(|runs, compared| render::compare(runs, compared, view).finish())
    }

    /// What made the difference.
    fn verdict(&self) -> String {
        let told =
            self.show(|runs, compared| render::compare(runs, compared, &view::plain(&EN)).finish());
        told.lines().last().expect("a line").into()
    }
}

/// What came of these runs.
fn counted(runs: impl IntoIterator<Item = RunTrace>) -> Repeats {
    let lab: lab_file::Lab =
        serde_json::from_str(&format!("{{\"runs\":[{RACE}]}}")).expect("a lab");
    let scenario = scenario::resolve(&lab, 0).expect("a run");
    let mut counter = Counter::default();
    for run in runs {
        let report = report::build(&run, true);
        counter.add(run, report);
    }
    counter.finish(Model::of(&scenario))
}

fn races() -> Repeats {
    let stuck = (0..7).map(|n| stuck(n != 3));
    counted(stuck.chain([apart(), apart(), apart()]))
}

const OFTEN: Repetition<'static> = Repetition {
    run: "race",
    wanted: 10,
    load: 0,
};

#[test]
fn a_bug_and_its_fix_at_80_columns() {
    let both = Beside::of([leftover(), framed()]);
    assert_data_eq!(both.picture(&EN), file!["compare-80.txt"].raw());
    assert_data_eq!(both.picture(&ZH), file!["compare-zh-80.txt"].raw());
}

#[test]
fn tcp_against_udp_uses_200_columns() {
    let wide = View { width: 200, ..EN };
    let both = Beside::of([leftover(), datagrams()]);
    assert_data_eq!(both.picture(&wide), file!["compare-200.txt"].raw());
}

#[test]
fn three_runs_fit_too() {
    let all = Beside::of([leftover(), framed(), datagrams()]);
    assert_data_eq!(all.picture(&EN), file!["compare-three-80.txt"].raw());
}

#[test]
fn a_comparison_told_fact_by_fact() {
    let both = Beside::of([leftover(), datagrams()]);
    let told =
        both.show(|runs, compared| render::compare(runs, compared, &view::plain(&EN)).finish());
    assert_data_eq!(told, file!["compare-plain.txt"].raw());
}

#[test]
fn what_made_the_difference_is_only_what_differs() {
    let says = |runs: [RunTrace; 2]| Beside::of(runs).verdict();
    let timing = says([stuck(true), apart()]);
    assert!(
        timing.starts_with("The scripts are the same")
            && timing.contains("timing did, or the system"),
        "{timing}"
    );
    let none = says([apart(), apart()]);
    assert!(none.starts_with("No difference:"), "{none}");
    let doubt = says([stuck(true), stuck(false)]);
    assert!(
        doubt.starts_with("No difference is known:")
            && doubt.ends_with("Not known: what became of the edges."),
        "{doubt}"
    );
    let mut named = leftover();
    named.script = Some(without_first(&named));
    let waits = says([leftover(), named]);
    assert!(
        waits.contains("No difference in what") && waits.contains("waits"),
        "{waits}"
    );
    let mut eager = apart();
    eager.script = Some(without_first(&eager));
    let one = says([stuck(true), eager]);
    assert_eq!(
        one,
        "The scripts differ in one thing: use of recv. That made the difference, or something \
         outside the scripts did, such as timing."
    );
}

/// The run's script without the first step of its server.
fn without_first(run: &RunTrace) -> Script {
    let mut script = Run::of(run).expect("a script");
    script.server = SideScript::Steps(script.server[1..].to_vec());
    Script::of(&script)
}

/// What is the same is said to be so only where it was looked at.
#[test]
fn no_difference_is_claimed_where_there_is_one() {
    let says = |runs: Beside| runs.verdict();
    // As many bytes in each read, and others.
    let mut other = leftover();
    let script = other.script.as_ref().expect("a script").json();
    let script: Value = serde_json::from_str(&script.replace("world", "WORLD")).expect("JSON");
    other.script = Some(Script::of(&script));
    for event in &mut other.events {
        if let Action::Send(Write { hex, .. }) | Action::Recv(Read { hex, .. }) = &mut event.action
            && hex.0.ends_with(b"world")
        {
            let at = hex.0.len() - 5;
            hex.0[at..].make_ascii_uppercase();
        }
    }
    let bytes = says(Beside::of([leftover(), other]));
    assert!(
        bytes.starts_with("The scripts differ in one thing: messages"),
        "{bytes}"
    );
    // The same reads, and a call that failed.
    let mut reset = apart();
    reset.events.last_mut().expect("a call").error = Some("ECONNRESET".into());
    let failed = says(Beside::of([apart(), reset]));
    assert!(failed.contains("timing did, or the system"), "{failed}");
    // A decoder that did not bring everything back has not found the edges.
    let mut refused = framed();
    let last = refused.events.iter_mut().rev();
    let mut reads = last.filter_map(|event| match &mut event.action {
        Action::Recv(read) => read.decoder.as_mut(),
        _ => None,
    });
    reads.next().expect("a decoder").out.clear();
    let refused = says(Beside::of([leftover(), refused]));
    assert!(
        refused.starts_with("What may have made the difference"),
        "{refused}"
    );
    // Records of other systems.
    let mut elsewhere = Beside::of([stuck(true), apart()]);
    elsewhere.0[1].0.os = "macos".into();
    let elsewhere = says(elsewhere);
    assert!(
        elsewhere.ends_with("or the system or network that they ran on."),
        "{elsewhere}"
    );
    // A stream that kept its edges has not shown what the transport is good for.
    let mut story = Story::new(RACE);
    story.send(b"hello", 1, 0).recv(1024, b"hello", 0);
    story.send(b"world", 2, 0).recv(1024, b"world", 0);
    let both = says(Beside::of([story.end(), datagrams()]));
    assert!(
        both.starts_with("What may have made the difference"),
        "{both}"
    );
}

/// Where nobody was asked, nothing is said to have come out as the lab says.
#[test]
fn repeats_that_were_not_confirmed_are_not_called_right() {
    let claims = RACE.replace(r#""any-legal""#, r#""any-legal","segments":2"#);
    let mut story = Story::new(&claims);
    story
        .send(b"ab", 1, 0)
        .send(b"c", 2, 0)
        .recv(1024, b"abc", 0);
    let run = story.end();
    let of = |has_evidence: bool| {
        let mut counter = Counter::default();
        let mut run = run.clone();
        for event in run.events.iter_mut().filter(|_| !has_evidence) {
            event.kernel = None;
        }
        counter.add(run.clone(), report::build(&run, has_evidence));
        let repeats = counter.finish(Err(Unmodelled::Step));
        let counts = (repeats.as_expected, repeats.unconfirmed);
        (
            counts,
            render::repeat(OFTEN, &repeats, &view::plain(&EN)).finish(),
        )
    };
    let (counts, shown) = of(true);
    assert_eq!(counts, (1, 0));
    assert!(shown.contains("As the lab says: 1 of 1."), "{shown}");
    let (counts, shown) = of(false);
    assert_eq!(counts, (0, 1));
    assert!(!shown.contains("As the lab says"), "{shown}");
    assert!(
        shown.contains("could be confirmed here: 1 of 1."),
        "{shown}"
    );
}

#[test]
fn outcomes_with_their_shares_and_causes() {
    let races = races();
    assert_data_eq!(
        render::repeat(OFTEN, &races, &EN).finish(),
        file!["repeat-80.txt"].raw()
    );
    let narrow = View { width: 60, ..ZH };
    assert_data_eq!(
        render::repeat(OFTEN, &races, &narrow).finish(),
        file!["repeat-zh-60.txt"].raw()
    );
    assert_data_eq!(
        render::repeat(OFTEN, &races, &view::plain(&EN)).finish(),
        file!["repeat-plain.txt"].raw()
    );
}

#[test]
fn the_same_for_programs() {
    let line: Value = serde_json::from_str(&render::json::repeat(OFTEN, &races())).expect("JSON");
    let times: Vec<&Value> = line["outcomes"]
        .as_array()
        .expect("outcomes")
        .iter()
        .map(|aspect| &aspect["times"])
        .collect();
    assert_eq!(times, [7, 3]);
    let edge = &line["outcomes"][0]["edges"][0];
    assert_eq!(
        (&edge["receive_queue"], &edge["undetermined"]),
        (&6.into(), &1.into())
    );
    // Of the four ways to cut three bytes two came up.
    assert_eq!(line["legal"]["count"], 4);
    assert_eq!(line["legal"]["absent"].as_array().expect("a list").len(), 2);

    let both = Beside::of([leftover(), datagrams()]);
    let line: Value = serde_json::from_str(&both.show(render::json::compare)).expect("JSON");
    assert_eq!(line["differ"][0]["facet"], "transport");
    assert_eq!(
        line["differ"][0]["values"],
        serde_json::json!(["tcp", "udp"])
    );
    assert_eq!(line["runs"][1]["edges_kept"], 1);
    assert_eq!(
        line["came"][0],
        serde_json::json!({ "facet": "reads", "differs": true })
    );
    // One of them does not know where its edge was lost.
    let doubt = Beside::of([stuck(true), stuck(false)]);
    let line: Value = serde_json::from_str(&doubt.show(render::json::compare)).expect("JSON");
    assert_eq!(
        line["came"],
        serde_json::json!([{ "facet": "edges", "differs": null }])
    );
}

#[test]
fn what_came_up_most_often_comes_first() {
    let repeats = counted([apart(), stuck(true), stuck(true)]);
    let times: Vec<u32> = repeats.came.iter().map(|aspect| aspect.times).collect();
    assert_eq!(times, [2, 1]);
}

#[test]
fn a_run_that_was_interrupted_is_not_counted() {
    let mut cut = apart();
    cut.interrupted = true;
    let repeats = counted([apart(), cut]);
    assert_eq!((repeats.times, repeats.came.len()), (1, 1));
    let shown = render::repeat(OFTEN, &repeats, &EN).finish();
    assert!(shown.contains("1 of 10 times"), "{shown}");
    assert_eq!(counted([]).times, 0);
    assert!(
        render::repeat(OFTEN, &counted([]), &EN)
            .finish()
            .contains("0 of 10 times")
    );
}

#[test]
fn every_line_fits_at_every_width() {
    let races = races();
    let three = Beside::of([leftover(), framed(), datagrams()]);
    let both = Beside::of([leftover(), framed()]);
    for lang in [Lang::En, Lang::Zh] {
        for width in 60..=200 {
            let view = View { lang, width, ..EN };
            let shown = [
                three.picture(&view),
                both.picture(&view),
                render::repeat(OFTEN, &races, &view).finish(),
            ];
            for line in shown.iter().flat_map(|shown| shown.lines()) {
                assert!(line.width() <= width, "{lang:?} at {width}: {line}");
            }
        }
    }
}
