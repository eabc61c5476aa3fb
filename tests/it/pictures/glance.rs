//! The first screen of runs by hand.

use snapbox::{assert_data_eq, file};
use sticky_lab::event::{Program, RunHead, RunTrace, Trace};
use sticky_lab::render::{self, Detail, View};
use sticky_lab::report::{self, Report};

use super::hand::{self, Story};
use super::stories::{framed, leftover};
use crate::view::{EN, ZH};

/// The first screen of a lab, as the program prints it.
fn screen(runs: &[RunTrace], view: &View) -> String {
    let view = &View {
        detail: Detail::Glance,
        ..*view
    };
    let Trace { lab, .. } = hand::lab(runs[0].clone());
    let reports: Vec<Report> = runs.iter().map(|run| report::build(run, true)).collect();
    let heads: Vec<RunHead> = runs.iter().map(RunTrace::head).collect();
    let both: Vec<(&RunTrace, &Report)> = runs.iter().zip(&reports).collect();
    let mut screen = render::Glance::of(&lab, &heads, view);
    for (run, report) in &both {
        screen.add(run, report);
    }
    screen.opening().finish() + &screen.rest(&both).finish()
}

/// The reader was told to expect something else.
fn another_claim() -> RunTrace {
    let mut run = leftover();
    run.name = "claimed".into();
    run.claims = serde_json::from_str(r#"{"recvs":["hello","world"]}"#).expect("claims");
    run
}

/// The last read waits until the time is up.
fn deadline() -> RunTrace {
    super::unhappy().runs.remove(0)
}

fn datagrams() -> RunTrace {
    super::datagrams().runs.remove(0)
}

fn unseen_server() -> RunTrace {
    let mut story = Story::new(
        r#"{"name":"elsewhere","transport":"tcp",
            "client":[{"send":"hello"},{"send":"world"}],"server":[],"expect":{}}"#,
    );
    let mut run = story.send(b"hello", 1, 0).send(b"world", 2, 0).end();
    run.server = Program::Unseen;
    run
}

#[test]
fn one_run_beside_the_others() {
    let runs = || vec![leftover(), framed(), another_claim(), datagrams()];
    assert_data_eq!(screen(&runs(), &EN), file!["glance-80.txt"].raw());
    assert_data_eq!(screen(&runs(), &ZH), file!["glance-zh-80.txt"].raw());
    let ascii = View { ascii: true, ..EN };
    assert_data_eq!(screen(&runs(), &ascii), file!["glance-ascii-80.txt"].raw());
}

#[test]
fn what_a_decoder_brought_back_is_no_loss() {
    let shown = screen(&[framed()], &EN);
    assert_data_eq!(shown, file!["glance-framed-80.txt"].raw());
}

#[test]
fn datagrams_are_messages() {
    let shown = screen(&[datagrams()], &EN);
    assert_data_eq!(shown, file!["glance-datagrams-80.txt"].raw());
}

#[test]
fn of_a_side_that_nobody_saw_nothing_is_said() {
    let shown = screen(&[unseen_server()], &EN);
    assert_data_eq!(shown, file!["glance-unseen-80.txt"].raw());
}

#[test]
fn a_claim_that_did_not_come_true_is_loud_and_so_is_a_deadline() {
    let shown = screen(&[another_claim()], &EN);
    assert_data_eq!(shown, file!["glance-claim-80.txt"].raw());
    let shown = screen(&[deadline()], &EN);
    assert_data_eq!(shown, file!["glance-deadline-80.txt"].raw());
}

/// The first with its cure, and one that is in no pair.
fn bug_and_cure() -> Vec<RunTrace> {
    let mut cure = framed();
    cure.cures = Some(leftover().name);
    vec![leftover(), cure, datagrams()]
}

#[test]
fn a_bug_stands_beside_its_cure_and_below_where_it_is_narrow() {
    let shown = screen(&bug_and_cure(), &EN);
    assert_data_eq!(shown, file!["glance-pair-80.txt"].raw());
    let view = View { width: 40, ..ZH };
    let shown = screen(&bug_and_cure(), &view);
    assert_data_eq!(shown, file!["glance-pair-zh-40.txt"].raw());
}

#[test]
fn the_lab_says_which_run_is_shown() {
    let mut second = framed();
    second.shown_first = true;
    let shown = screen(&[leftover(), second, datagrams()], &EN);
    let title = shown.lines().next().expect("a title");
    assert!(title.ends_with("framed, 1 of 3 runs"), "{shown}");
    // What comes next in the lab stands first.
    let others = shown.lines().find(|line| line.contains("Others"));
    let others = others.expect("the others");
    let next = others.find("datagrams").expect("the next one");
    assert!(
        others.find("leftover").is_some_and(|first| next < first),
        "{shown}"
    );
}

#[test]
fn a_cure_that_cures_nothing_is_not_marked_as_one() {
    let (mut bug, mut cure) = (framed(), leftover());
    bug.name = "well".into();
    cure.cures = Some("well".into());
    let shown = screen(&[bug, cure], &EN);
    let marks = shown.lines().find(|line| line.contains("well"));
    let marks = marks.expect("the bug is named");
    assert!(
        marks.contains("✓ well") && marks.contains("✗ leftover"),
        "{shown}"
    );
}

#[test]
fn every_line_fits_at_every_width() {
    for width in 40..=160 {
        for view in [EN, ZH] {
            let view = View { width, ..view };
            let shown = screen(&[leftover(), framed(), another_claim(), deadline()], &view)
                + &screen(&bug_and_cure(), &view);
            for line in shown.lines() {
                let columns = unicode_width::UnicodeWidthStr::width(line);
                assert!(columns <= width, "{width}: {line}");
            }
        }
    }
}
