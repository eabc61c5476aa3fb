//! What a program does with what it has read. Above all what a lab runs: the commands of its own
//! file, by name, and nothing that came over a socket.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::live::run;
use sticky_lab::event::{Action, Command, RunTrace};
use sticky_lab::lab::read;
use sticky_lab::report::{self, Outcome, Report, Verdict};
use sticky_lab::run::{Kernel, Runner};
use sticky_lab::scenario;

/// Runs a lab of one run, in which the client sends this text and reads the answer.
fn answer(commands: &str, says: &str, deadline: &str) -> (RunTrace, Report) {
    let says = serde_json::to_string(says).expect("a JSON text");
    let lab = format!(
        r#"{{ "commands": {commands}, "unknown_command": "what?",
             "runs": [ {{ "name": "one", "deadline": "{deadline}",
               "client": [ {{ "send": {says} }}, {{ "recv_until_end": 1024 }} ],
               "server": [ {{ "recv": 1024 }}, "run_command", "send_answer" ] }} ] }}"#
    );
    run(&lab)
}

/// All bytes that the client read.
fn read_by_client(trace: &RunTrace) -> Vec<u8> {
    let reads = trace.events.iter().filter_map(|event| match &event.action {
        Action::Recv(read) if event.side == sticky_lab::event::Side::Client => {
            Some(&read.hex.0[..])
        }
        _ => None,
    });
    reads.collect::<Vec<_>>().concat()
}

fn command(trace: &RunTrace) -> (&Command, Option<&str>) {
    let found = trace.events.iter().find_map(|event| match &event.action {
        Action::Command(command) => Some((command, event.error.as_deref())),
        _ => None,
    });
    found.expect("a command was looked up")
}

#[cfg(unix)]
#[test]
fn a_command_of_the_lab_is_run_and_its_output_is_the_answer() {
    let (trace, report) = answer(r#"{ "ls": ["seq", "1", "3"] }"#, "ls", "60s");
    assert_eq!(report.outcome, Outcome::AsExpected);
    assert_eq!(read_by_client(&trace), b"1\n2\n3\n");
    let (ran, error) = command(&trace);
    assert_eq!(
        (ran.argv.join(" ").as_str(), ran.answer),
        ("seq 1 3", Some(6))
    );
    assert_eq!(error, None);
}

/// No shell reads the arguments either.
#[cfg(unix)]
#[test]
fn arguments_reach_the_program_as_they_are_written() {
    let words = r"$HOME `id` * ; > | & \ '";
    let argv = serde_json::to_string(&["printf", "%s", words]).expect("JSON");
    let (trace, _) = answer(&format!(r#"{{ "ls": {argv} }}"#), "ls", "60s");
    assert_eq!(read_by_client(&trace), words.as_bytes());
}

/// The heart of it: whatever a peer sends, only the list is run.
#[test]
fn what_came_over_the_socket_is_never_run() {
    let made = Path::new(env!("CARGO_TARGET_TMPDIR")).join("made-by-a-peer");
    let _ = fs::remove_file(&made);
    let touch = format!("touch {}", made.display());
    for says in [
        touch.clone(),
        format!("ls; {touch}"),
        format!("ls\n{touch}"),
        format!("$({touch})"),
        "lsls".into(),
        "LS".into(),
        "ls ".into(),
    ] {
        let (trace, report) = answer(r#"{ "ls": ["seq", "1", "3"] }"#, &says, "60s");
        assert_eq!(read_by_client(&trace), b"what?", "{says}");
        assert_eq!(command(&trace).0.argv, [""; 0], "{says}");
        assert_eq!(report.outcome, Outcome::AsExpected, "{says}");
    }
    assert!(!made.exists());
}

#[cfg(unix)]
#[test]
fn a_command_that_never_ends_is_ended_with_the_run() {
    let start = Instant::now();
    let (trace, report) = answer(r#"{ "wait": ["sleep", "3600"] }"#, "wait", "200ms");
    assert_eq!(report.outcome, Outcome::Deadline);
    assert_eq!(command(&trace).1, Some("deadline"));
    assert!(start.elapsed() < Duration::from_secs(60));
}

#[test]
fn a_program_that_is_not_there_is_named() {
    let (trace, report) = answer(r#"{ "ls": ["no-such-program-at-all"] }"#, "ls", "60s");
    // It refutes nothing that the lab says, and all that followed from it does not either.
    assert_eq!(report.outcome, Outcome::Unconfirmed);
    assert_eq!(command(&trace).1, Some("no-program"));
}

/// A lab of one run with a command that fills the pipe of its stderr, and what it claims.
#[cfg(unix)]
fn loud(outputs: &str, errors: &str) -> String {
    // 1.28 MB: more than a pipe holds, whatever a page is.
    let program = r#"BEGIN { for (; i < 20000; i++) printf \"%063d\\n\", i > \"/dev/stderr\" }"#;
    format!(
        r#"{{ "commands": {{ "make": ["awk", "{program}"] }},
             "runs": [ {{ "name": "one", "deadline": "60s", {outputs}
               "client": [ {{ "send": "make" }}, {{ "recv": 1024 }} ],
               "server": [ {{ "recv": 1024 }}, "run_command", {{ "send_answer_size": "{{size}}" }} ],
               "expect": {{ "errors": {errors} }} }} ] }}"#
    )
}

/// What the run says is the kernel's word, and it is said at once: nobody waits for the deadline.
#[cfg(target_os = "linux")]
#[test]
fn two_that_wait_for_each_other_are_found_out_and_ended() {
    let start = Instant::now();
    let first = r#""outputs": "stdout_first","#;
    let (trace, report) = run(&loud(first, r#"["server command stuck"]"#));
    assert_eq!(report.outcome, Outcome::AsExpected, "{:?}", report.checks);
    let (ran, error) = command(&trace);
    assert_eq!((error, ran.answer), (Some("stuck"), None));
    let pipe = ran.stderr.expect("what the kernel said");
    assert!(0 < pipe.queued && pipe.queued <= pipe.capacity, "{pipe:?}");
    assert!(start.elapsed() < Duration::from_secs(60));

    let (trace, report) = run(&loud("", "[]"));
    assert_eq!(report.outcome, Outcome::AsExpected, "{:?}", report.checks);
    assert_eq!(read_by_client(&trace), b"1280000");
    assert_eq!(command(&trace).0.stderr, None);
}

/// The claim is not refuted where there is no kernel to ask: nobody knows who waited for whom.
#[cfg(unix)]
#[test]
fn without_a_kernel_nobody_is_said_to_be_stuck() {
    let claims = loud(
        r#""outputs": "stdout_first","#,
        r#"["server command stuck"]"#,
    );
    let lab = read::parse("lab.json", &claims).expect("it reads");
    let plan = scenario::resolve(&lab, 0).expect("it can be run");
    let mut runner = Runner::new(Kernel::Silent, Arc::default());
    let trace = runner.start(&plan).expect("the run begins").finish();
    let report = report::build(&trace, false);
    assert_eq!(command(&trace).1, Some("unsupported"));
    assert_eq!(report.outcome, Outcome::Unconfirmed, "{:?}", report.checks);
}

#[test]
fn how_a_command_is_read_is_said_only_where_one_is_run() {
    let lab = r#"{ "runs": [ { "name": "one", "outputs": "stdout_first",
                   "client": [], "server": [] } ] }"#;
    let lab = read::parse("lab.json", lab).expect("it reads");
    let refused = scenario::resolve(&lab, 0).expect_err("no command is run");
    assert!(
        refused.what.to_string().contains("no `run_command`"),
        "{refused:?}"
    );
}

/// Several messages may come out of the decoder with one read; each step has its own in hand.
#[cfg(unix)]
#[test]
fn commands_that_came_with_one_read_are_run_one_after_the_other() {
    let lab = r#"{ "commands": { "a": ["printf", "1"], "b": ["printf", "2"] },
        "runs": [ { "name": "one", "framing": { "length": "<i" },
          "client": [ { "send_frame": { "payload": "a" } }, { "send_frame": { "payload": "b" } },
                      { "recv_frames": { "count": 2, "sizes": [1024] } } ],
          "server": [ { "await": { "queued": 10 } },
            { "repeat": { "times": 2, "steps": [ { "recv_frames": { "count": 1, "sizes": [1024] } },
              "run_command", { "send_answer_frame": {} } ] } } ],
          "expect": { "recv_count": 1, "answers": { "messages": ["1", "2"] } } } ] }"#;
    let report = run(lab).1;
    assert_eq!(report.outcome, Outcome::AsExpected, "{:?}", report.checks);
}

#[test]
fn steps_that_lack_what_they_work_on_are_refused_with_a_remedy() {
    for (client, what, help) in [
        (r#""send_answer""#, "no answer yet", "`run_command`"),
        (
            r#"{ "recv": 2 }, "run_command""#,
            "no commands",
            "`\"commands\"",
        ),
        (
            r#"{ "unpack": "<i" }"#,
            "not taken a message",
            "`recv_loop`",
        ),
        (
            r#"{ "recv_loop": { "size": 4, "until": "announced" } }"#,
            "no number",
            "`unpack`",
        ),
    ] {
        let lab = format!(
            r#"{{ "runs": [ {{ "name": "one", "client": [ {client} ], "server": [] }} ] }}"#
        );
        let lab = read::parse("lab.json", &lab).expect("it reads");
        let refused = scenario::resolve(&lab, 0).expect_err("it lacks something");
        let said = refused.what.to_string();
        let (lacks, helps) = said.split_once("; ").expect("help");
        assert!(lacks.contains(what), "{said}");
        assert!(helps.contains(help), "{client}");
    }
}

/// A claim of these two kinds is held against what happened, and a false one is said.
#[test]
fn sizes_and_what_was_taken_are_held_against_the_run() {
    let claims = |sizes: &str, taken: &str| {
        run(&format!(
            r#"{{ "runs": [ {{ "name": "one", "client": [ {{ "send": "hello" }} ],
                 "server": [ {{ "await": {{ "queued": 5 }} }},
                   {{ "recv_loop": {{ "size": 2, "until": 3 }} }}, {{ "recv_until_end": 9 }} ],
                 "expect": {{ "sizes": {sizes}, "taken": {taken} }} }} ] }}"#
        ))
        .1
    };
    let right = r#"[{ "wanted": 3, "counted": 3, "has": 3 }]"#;
    let wrong = r#"[{ "wanted": 3, "counted": 3, "has": 4 }]"#;
    assert_eq!(claims("[2, 1, 2]", right).outcome, Outcome::AsExpected);
    for (sizes, taken, got) in [
        ("[2, 3]", right, "[2,1,2]"),
        ("[2, 1, 2]", wrong, r#"[{"wanted":3,"counted":3,"has":3}]"#),
        ("[2, 1, 2]", "[]", r#"[{"wanted":3,"counted":3,"has":3}]"#),
    ] {
        let report = claims(sizes, taken);
        assert_eq!(report.outcome, Outcome::Differs);
        let differing: Vec<String> = report
            .checks
            .iter()
            .filter(|check| check.verdict == Verdict::Differs)
            .map(|check| serde_json::to_string(&check.got).expect("JSON"))
            .collect();
        assert_eq!(differing, [got]);
    }
}

/// What was announced below zero or beyond memory is waited for by no loop and kept by none.
#[test]
fn a_number_from_a_peer_is_only_a_number() {
    for (hex, wanted) in [("ff ff ff ff", 0), ("ff ff ff 7f", 2_147_483_647)] {
        let (_, report) = run(&format!(
            r#"{{ "runs": [ {{ "name": "one", "client": [ {{ "send": {{ "hex": "{hex} 01" }} }} ],
                 "server": [ {{ "recv_exact": 4 }}, {{ "unpack": "<i" }},
                   {{ "try": {{ "recv_loop": {{ "size": 1024, "until": "announced" }} }} }} ] }} ] }}"#
        ));
        let flow = &report.flows[0];
        assert_eq!(flow.taken.len(), 2, "the length, and what it announces");
        assert_eq!(flow.bytes_received, if wanted == 0 { 4 } else { 5 });
    }
}
