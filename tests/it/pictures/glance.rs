//! The first screen of runs by hand.

use snapbox::{assert_data_eq, file};
use sticky_lab::event::{Program, RunTrace, Trace};
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
    let names: Vec<&str> = runs.iter().map(|run| run.name.as_str()).collect();
    let both: Vec<(&RunTrace, &Report)> = runs.iter().zip(&reports).collect();
    render::glance_opening(&lab, &names, view).finish()
        + &render::glance(&lab, &both, view).finish()
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

#[test]
fn every_line_fits_at_every_width() {
    for width in 40..=160 {
        for view in [EN, ZH] {
            let view = View { width, ..view };
            let shown = screen(&[leftover(), framed(), another_claim(), deadline()], &view);
            for line in shown.lines() {
                let columns = unicode_width::UnicodeWidthStr::width(line);
                assert!(columns <= width, "{width}: {line}");
            }
        }
    }
}
