//! Lists the beliefs, proves one, or puts all of them to the test.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::rc::Rc;

use super::printer::{Printer, print_page};
use super::sessions::{self, Session};
use super::terminal_runner::TerminalRunner;
use super::{Exit, Status, interrupt, lang, print, sources};
use crate::cli::Show;
use crate::lab::myth::{self, Myth, Myths};
use crate::lang::Lang;
use crate::render::{self, Sum};
use crate::report::{self, Outcome, Proof};
use crate::words::command as words;

pub(super) fn list(show: &Show) -> Result<Status, Exit> {
    let printer = Printer::new(show, true)?;
    let myths = myth::catalogue()?;
    printer.each(
        myths.in_order(),
        |myth| render::json::myth(myth, None),
        |view| render::myths(&myths, view),
    )?;
    Ok(Status::AsExpected)
}

/// One belief: its proof is run before the reader's eyes, then what in it proves the verdict.
pub(super) fn show(wanted: &str, show: &Show) -> Result<Status, Exit> {
    let myths = myth::catalogue()?;
    // A word in place of a number: which myths speak of it.
    let Ok(number) = wanted.parse() else {
        let speaking = myths.speaking_of(wanted);
        return Err(Exit::usage(words::no_number(lang(), wanted, &speaking)));
    };
    let myth = myths.find(number);
    let myth = myth.ok_or_else(|| Exit::usage(no_such_myth(lang(), number, &myths)))?;
    let runner = TerminalRunner::new();
    let printer = Printer::new(show, runner.has_evidence())?;
    if !printer.json {
        print_page(render::myth_opening(myth, &printer.view))?;
    }
    let session = sessions::one(sources::of_run_ref(&myth.proof, &runner)?)?;
    let proof = prove(myth, &session);
    let Session {
        lab, run, report, ..
    } = &session;
    if printer.json {
        print(&render::json::myth(myth, Some(proof.outcome)))?;
        printer.opening(lab, &[&run.name])?;
        printer.run(&session)?;
    } else {
        printer.run(&session)?;
        print_page(render::myth_closing(
            myth,
            run,
            report,
            &proof,
            &printer.view,
        ))?;
    }
    Ok(proof.outcome.into())
}

fn no_such_myth(lang: Lang, number: u32, myths: &Myths) -> String {
    let numbers = myths.iter().map(|myth| myth.number);
    let near = numbers.min_by_key(|n| n.abs_diff(number));
    words::no_such_myth(lang, number, near)
}

/// Runs every proof and says of each belief whether it came out as written.
pub(super) fn check(show: &Show) -> Result<Status, Exit> {
    let runner = TerminalRunner::new();
    let printer = Printer::new(show, runner.has_evidence())?;
    check_all(&myth::catalogue()?, &runner, &printer, &mut print)
}

fn check_all(
    myths: &Myths,
    runner: &Rc<TerminalRunner>,
    printer: &Printer,
    say: &mut dyn FnMut(&str) -> Result<(), Exit>,
) -> Result<Status, Exit> {
    // Several beliefs share a run, and it is run once for all of them.
    let mut runs = HashMap::new();
    let mut sum = Sum::default();
    let mut status = Status::AsExpected;
    let view = &printer.view;
    if !printer.json {
        say(&render::checking(view))?;
    }
    for myth in myths.iter() {
        let session = match runs.entry(&myth.proof) {
            Entry::Occupied(session) => session.into_mut(),
            Entry::Vacant(session) => {
                session.insert(sessions::one(sources::of_run_ref(&myth.proof, runner)?)?)
            }
        };
        let proof = prove(myth, session);
        status = status.max(proof.outcome.into());
        match proof.outcome {
            Outcome::AsExpected => sum.as_written += 1,
            Outcome::Unconfirmed => sum.unconfirmed += 1,
            Outcome::Differs | Outcome::Deadline | Outcome::Interrupted => sum.otherwise += 1,
        }
        let Session { run, report, .. } = session;
        say(&if printer.json {
            render::json::myth(myth, Some(proof.outcome))
        } else {
            render::checked(myth, run, report, &proof, view)
        })?;
        if interrupt::was_pressed() {
            return Ok(status);
        }
    }
    sum.runs = runs.len();
    if !printer.json {
        say(&render::sum(sum, view))?;
    }
    Ok(status)
}

fn prove(myth: &Myth, session: &Session) -> Proof {
    let has_evidence = session.has_evidence();
    report::prove(&session.run, &session.report, &myth.expect, has_evidence)
}

#[cfg(test)]
mod tests {
    use crate::render::View;
    use crate::run::Kernel;

    use super::*;

    /// Beliefs about `lab 1 --run late-reader`, each with its claims.
    fn myths(claims: &[&str]) -> Myths {
        let words = r#"{ "belief": "It is so.", "reason": "r", "shows": "s" }"#;
        let myth = |(number, claims): (u32, _)| {
            format!(
                r#"{{ "number": {number}, "verdict": "false", "expect": {claims},
                      "proof": {{ "lab": 1, "run": "late-reader" }},
                      "en": {words}, "zh": {words} }}"#
            )
        };
        let myths = (1..).zip(claims).map(myth).collect::<Vec<_>>().join(",");
        let title = r#"{ "en": "t", "zh": "t" }"#;
        let text = format!(r#"{{ "themes": [{{ "title": {title}, "myths": [{myths}] }}] }}"#);
        myth::parse("myths.json", &text).expect("myths")
    }

    fn check(myths: &Myths, view: &View) -> (Status, String) {
        check_with(&TerminalRunner::new(), myths, view)
    }

    fn check_with(runner: &Rc<TerminalRunner>, myths: &Myths, view: &View) -> (Status, String) {
        let printer = &Printer {
            view: *view,
            json: false,
            silent: false,
        };
        let mut said = String::new();
        let mut say = |text: &str| {
            said.push_str(text);
            Ok(())
        };
        let Ok(code) = check_all(myths, runner, printer, &mut say) else {
            panic!("it could not run")
        };
        (code, said)
    }

    #[test]
    fn what_does_not_come_out_as_written_fails_the_check_and_is_named() {
        let right = r#"{ "recvs": ["helloworld"] }"#;
        let wrong = r#"{ "recvs": ["hello", "world"], "recv_count": 1 }"#;
        let (code, said) = check(&myths(&[right, right]), &View::EN);
        assert_eq!(code, Status::AsExpected, "{said}");
        let all = "2 myths, 1 run: all came out as written.\n";
        assert!(said.ends_with(all), "{said}");
        let (code, said) = check(&myths(&[right, wrong, right]), &View::EN);
        assert_eq!(code, Status::Differs, "{said}");
        let recvs = r#"recvs: the myth says "hello" | "world", it was "helloworld""#;
        assert!(said.contains(recvs), "{said}");
        let true_one = "number of recvs";
        assert!(!said.contains(true_one), "{said}");
        let sum = "3 myths, 1 run: 2 came out as written, 1 did not.\n";
        assert!(said.ends_with(sum), "{said}");
        let zh = View {
            lang: Lang::Zh,
            ..View::EN
        };
        let (code, said) = check(&myths(&[wrong]), &zh);
        assert_eq!(code, Status::Differs, "{said}");
        assert!(said.contains("不符"), "{said}");
    }

    #[test]
    fn what_a_system_cannot_confirm_is_said_and_fails_nothing() {
        let silent = TerminalRunner::asking(Kernel::Silent);
        let view = View {
            has_evidence: false,
            width: 120,
            ..View::EN
        };
        let claims = [r#"{ "writes": 2 }"#, r#"{ "edges": ["receive-queue"] }"#];
        let (code, said) = check_with(&silent, &myths(&claims), &view);
        assert_eq!(code, Status::AsExpected, "{said}");
        assert_eq!(said.matches("unconfirmed").count(), 2, "{said}");
        let edges = "edges: the myth says receive-queue, which could not be confirmed";
        assert!(said.contains(edges), "{said}");
        let sum = "0 came out as written, 2 could not be confirmed on this system.\n";
        assert!(said.ends_with(&format!("2 myths, 1 run: {sum}")), "{said}");
    }

    #[test]
    fn a_number_that_no_myth_has_names_the_nearest() {
        let said = no_such_myth(Lang::En, 99, &myths(&[r#"{ "writes": 2 }"#]));
        assert!(said.contains("there is no myth 99"), "{said}");
        assert!(said.contains("`lab myths 1`"), "{said}");
    }
}
