//! What every run must be, whatever happened in it: legal, and the same when it is replayed.

use sticky_lab::event::{ClaimedRecvs, Claims, RunTrace};
use sticky_lab::lang::Lang;
use sticky_lab::render::json;
use sticky_lab::report::{self, Report, Verdict};
use sticky_lab::trace;

use super::lab_info;
use super::tally::Sheet;

/// Holds a run against what some timing of the network could give, and against its own record.
pub(crate) fn hold(sheet: &mut Sheet, run: &RunTrace, name: &str) {
    let report = report::build(run, true);
    let any_legal = || Claims {
        recvs: Some(ClaimedRecvs::AnyLegal),
        ..Claims::default()
    };
    let both = || Claims {
        answers: Some(Box::new(any_legal())),
        ..any_legal()
    };
    let claims = Claims {
        more_clients: (1..run.clients).map(|_| both()).collect(),
        ..both()
    };
    let proof = report::prove(run, &report, &claims, true);
    for check in &proof.checks {
        let so = match check.verdict {
            Verdict::Met => Some(true),
            Verdict::Differs => Some(false),
            Verdict::Unconfirmed => None,
        };
        let place = format!("{name}: {check:?}");
        sheet.hold("reads are legal", so, Some(true), || place);
    }
    let same = replayed(run, &report);
    let place = || name.to_string();
    sheet.hold("replays to the letter", Some(same), Some(true), place);
}

fn replayed(run: &RunTrace, report: &Report) -> bool {
    let write = |run: &RunTrace, report: &Report| {
        json::opening(&lab_info(), &[&run.name], Lang::En) + &json::run(run, report)
    };
    let text = write(run, report);
    let read = trace::read(text.as_bytes()).expect("what was written can be read");
    let again = &read[0].runs[0];
    write(again, &report::build(again, true)) == text
}
