//! The states of both ends of a connection, and a server that binds again.

use serde_json::{Value, json};
use snapbox::{assert_data_eq, file};
use sticky_lab::event::{Action, Ends, Side, TcpState, Texts, Trace};
use sticky_lab::render;
use sticky_lab::report::{self, Outcome};

use super::hand::{self, Story};
use crate::view::{self, EN, ZH};

fn states(client: TcpState, server: TcpState) -> Action {
    Action::States {
        until: Ends::default(),
        ends: Ends {
            client: Some(client),
            server: Some(server),
        },
    }
}

/// A restart that fails at first: each end's state on its own side, all that changes it in a row.
fn restart() -> Trace {
    let mut story = Story::unscripted(
        "restart",
        r#"{"states":[{"client":"CLOSE","server":"TIME_WAIT"}],
            "errors":["server bind EADDRINUSE"]}"#,
    );
    let address = || hand::ADDRESS.to_string();
    story.event(Side::Server, 9, Action::Close);
    story.event(Side::Client, 9, Action::Close);
    story.event(Side::Server, 9, states(TcpState::Close, TcpState::TimeWait));
    story.event(Side::Server, 9, Action::StopListening);
    let option = "SO_REUSEADDR".to_string();
    story.event(Side::Server, 9, Action::Setsockopt { option, value: 1 });
    story
        .event(Side::Server, 9, Action::Bind { address: address() })
        .error = Some("EADDRINUSE".into());
    // Later it works.
    story.event(Side::Server, 9, Action::Bind { address: address() });
    story.event(Side::Server, 9, Action::Listen { backlog: 16 });
    let mut run = story.end();
    run.events.truncate(run.events.len() - 2);
    Trace {
        runs: vec![run.clone()],
        ..hand::lab(run)
    }
}

#[test]
fn states_stand_on_their_own_sides() {
    let trace = restart();
    let run = &trace.runs[0];
    let report = report::build(run, true);
    assert_eq!(report.outcome, Outcome::AsExpected, "{:?}", report.checks);
    let bare = sticky_lab::event::LabInfo {
        texts: Texts::default(),
        ..trace.lab.clone()
    };
    assert_data_eq!(
        render::run(&bare, run, &report, &EN).finish(),
        file!["restart-80.txt"].raw()
    );
    let plain = render::run(&bare, run, &report, &view::plain(&ZH)).finish();
    assert!(
        plain.contains("查看内核：客户端 CLOSE，服务端 TIME_WAIT"),
        "{plain}"
    );
}

/// An end that is in another state, a look too few and a look too many are told.
#[test]
fn states_are_held_against_the_claim() {
    let claim = |claimed: Value| {
        let mut run = restart().runs.remove(0);
        run.claims.states = serde_json::from_value(claimed).expect("a claim");
        report::build(&run, true).outcome
    };
    assert_eq!(claim(json!([{"server": "TIME_WAIT"}])), Outcome::AsExpected);
    assert_eq!(claim(json!([{"client": "TIME_WAIT"}])), Outcome::Differs);
    assert_eq!(claim(json!([])), Outcome::Differs);
    assert_eq!(claim(json!([{}, {}])), Outcome::Differs);
}

/// Without a kernel that says, nothing is confirmed and nothing refuted.
#[test]
fn states_that_nobody_told_are_unconfirmed() {
    let mut run = restart().runs.remove(0);
    for event in &mut run.events {
        if let Action::States { ends, .. } = &mut event.action {
            *ends = Ends::default();
        }
    }
    assert_eq!(report::build(&run, true).outcome, Outcome::Unconfirmed);
    assert_eq!(report::build(&run, false).outcome, Outcome::Unconfirmed);
}
