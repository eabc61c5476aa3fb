//! What somebody is asked of a run written by hand.

use sticky_lab::report;
use sticky_lab::report::legal::Model;
use sticky_lab::report::predict::Question;
use sticky_lab::scenario;

use super::hand::Story;

#[test]
fn what_the_run_did_is_always_among_the_choices() {
    // Cut where no buffer ends and no message does: nobody would think of it.
    let mut story = Story::new(
        r#"{"name":"race","transport":"tcp","client":[{"send":"hello"},{"send":"world"}],
            "server":[{"recv_until_end":1024}]}"#,
    );
    story
        .send(b"hello", 1, 0)
        .send(b"world", 2, 0)
        .recv(1024, b"hellow", 0)
        .recv(1024, b"or", 0)
        .recv(1024, b"ld", 0)
        .recv(1024, b"", 0);
    let run = story.end();
    let lab = serde_json::json!({ "runs": [run.script] });
    let lab = serde_json::from_value(lab).expect("a lab");
    let scenario = scenario::resolve(&lab, 0).expect("a run");
    let report = report::build(&run, true);
    let script = Model::of(&scenario);
    let question = Question::of(&run, &report, script);
    let question = question.expect("it can be asked");
    let came: Vec<Vec<u8>> = ["hellow", "or", "ld"].map(Into::into).into();
    assert!(question.choices.contains(&came), "{:?}", question.choices);
}
