//! Any bytes as a lab file: it is a lab or an error with a place, and no more is made of it than
//! its bounds allow.

use sticky_lab::event::Text;
use sticky_lab::lab::error::Place;
use sticky_lab::lab::read;
use sticky_lab::scenario::{self, MAX_BYTES, MAX_STEPS, Op};

/// Unrolling is allowed up to the bounds; what is far below them is enough here, and fast.
const SMALL: u64 = 1 << 20;

pub fn check(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    // The texts beside it come from the same hands.
    if let Err((line, _)) = Text::parse(&text) {
        assert!(line >= 1);
    }
    let lab = match read::parse("lab.json", &text) {
        Ok(lab) => lab,
        Err(error) => {
            let place = error.place.expect("a place");
            inside(&text, place);
            return;
        }
    };
    // Payloads of many megabytes are right, and slow: leave them out.
    if heavy(&text) {
        return;
    }
    for i in 0..lab.runs.len() {
        match scenario::resolve(&lab, i) {
            Ok(plan) => {
                for steps in plan.clients.iter().chain([&plan.server]) {
                    assert!(steps.len() <= MAX_STEPS + 3, "{} steps", steps.len());
                    let bytes: usize = steps.iter().map(|step| written(&step.op)).sum();
                    assert!(bytes <= MAX_BYTES, "{bytes} bytes");
                }
                // What a trace carries of the run reads back as the same run.
                let json = serde_json::to_string(&plan.script).expect("a run is JSON");
                assert_eq!(serde_json::from_str(&json).ok(), Some(plan.script));
            }
            Err(wrong) => {
                inside(&text, read::locate(&text, &wrong.path));
                assert!(!wrong.what.to_string().is_empty());
            }
        }
    }
}

fn written(op: &Op) -> usize {
    match op {
        Op::Write(writing) => writing.pieces().iter().map(Vec::len).sum(),
        _ => 0,
    }
}

/// Whether any number in the file, or the product of all its `times`, is large.
fn heavy(text: &str) -> bool {
    let numbers = text
        .split(|c: char| !c.is_ascii_digit())
        .filter_map(|digits| digits.parse::<u64>().ok())
        .filter(|n| *n > 1);
    numbers.fold(1_u64, u64::saturating_mul) > SMALL
}

/// The place is one of the text's lines, or the one behind its end.
fn inside(text: &str, place: Place) {
    assert!(place.line >= 1 && place.column >= 1, "{place:?}");
    assert!(place.line <= text.split('\n').count() + 1, "{place:?}");
}
