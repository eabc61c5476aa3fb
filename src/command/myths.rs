//! Lists the beliefs, proves one, or puts all of them to the test.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::live;
use super::printer::Printer;
use super::runner::Runner;
use super::speak::say;
use super::{AS_EXPECTED, Exit, INTERRUPTED, USAGE, print, worse};
use crate::cli::{Page, Show};
use crate::event::{LabInfo, RunTrace};
use crate::lab::myth::{self, Myths};
use crate::lab::run_ref::RunRef;
use crate::render::{self, Sum, View};
use crate::report::{self, Outcome, Report};

pub(super) fn list(page: &Page) -> Result<u8, Exit> {
    let printer = Printer::new(&Show::from(page), true)?;
    let myths = myth::catalogue()?;
    print(&if printer.plain {
        render::plain_myths(&myths, &printer.view)
    } else {
        render::myths(&myths, &printer.view)
    })?;
    Ok(AS_EXPECTED)
}

/// One belief: its proof is run before the reader's eyes, then what in it proves the verdict.
pub(super) fn show(wanted: &str, page: &Page) -> Result<u8, Exit> {
    let myths = myth::catalogue()?;
    let Ok(number) = wanted.parse() else {
        return Err(Exit::Failed(USAGE, no_number(wanted, &myths)));
    };
    let Some(myth) = myths.find(number) else {
        return Err(Exit::Failed(USAGE, no_such_myth(number, &myths)));
    };
    let mut runner = Runner::new();
    let printer = Printer::new(&Show::from(page), runner.has_evidence())?;
    let view = &printer.view;
    print(&if printer.plain {
        render::plain_myth_opening(myth, view)
    } else {
        render::myth_opening(myth, view)
    })?;
    let ran = run(&myth.proof, &mut runner)?;
    printer.run(&ran.info, &ran.trace, &ran.report)?;
    let proof = report::prove(&ran.trace, &ran.report, &myth.expect, runner.has_evidence());
    print(&if printer.plain {
        render::plain_myth_closing(myth, &ran.trace, &ran.report, &proof, view)
    } else {
        render::myth_closing(myth, &ran.trace, &ran.report, &proof, view)
    })?;
    Ok(worse(AS_EXPECTED, proof.outcome))
}

/// A word in place of a number: which myths speak of it.
fn no_number(wanted: &str, myths: &Myths) -> String {
    let shown = wanted.escape_debug();
    let speaking = myths.speaking_of(wanted);
    let listed = |between: &str| {
        let numbers = speaking.iter().map(ToString::to_string);
        numbers.collect::<Vec<_>>().join(between)
    };
    if let Some(first) = speaking.first() {
        return say(
            format!(
                "a myth is shown by its number; of `{shown}` speak {}: `lab myths {first}`",
                listed(", ")
            ),
            format!(
                "要看哪一条，请给出编号；说到 `{shown}` 的有第 {} 条：`lab myths {first}`",
                listed("、")
            ),
        );
    }
    say(
        format!(
            "a myth is shown by its number, such as `lab myths 5`, and `{shown}` is none; `lab \
             myths` lists them all"
        ),
        format!(
            "要看哪一条，请给出编号，如 `lab myths 5`，`{shown}` 不是编号；`lab myths` 列出全部"
        ),
    )
}

fn no_such_myth(number: u32, myths: &Myths) -> String {
    let numbers = || myths.iter().map(|myth| myth.number);
    let near = numbers().min_by_key(|n| n.abs_diff(number));
    let help = near.map_or_else(String::new, |near| {
        say(
            format!("the nearest is `lab myths {near}`, and "),
            format!("最接近的是 `lab myths {near}`，"),
        )
    });
    say(
        format!("there is no myth {number}; {help}`lab myths` lists them all"),
        format!("没有第 {number} 条；{help}`lab myths` 列出全部"),
    )
}

/// Runs every proof and says of each belief whether it came out as written.
pub(super) fn check(page: &Page) -> Result<u8, Exit> {
    let mut runner = Runner::new();
    let printer = Printer::new(&Show::from(page), runner.has_evidence())?;
    check_all(&myth::catalogue()?, &mut runner, &printer.view, &mut print)
}

fn check_all(
    myths: &Myths,
    runner: &mut Runner,
    view: &View,
    say: &mut dyn FnMut(&str) -> Result<(), Exit>,
) -> Result<u8, Exit> {
    // Several beliefs share a run, and it is run once for all of them.
    let mut runs = HashMap::new();
    let mut sum = Sum::default();
    let mut code = AS_EXPECTED;
    say(&render::checking(view))?;
    for myth in myths.iter() {
        let ran = match runs.entry(&myth.proof) {
            Entry::Occupied(ran) => ran.into_mut(),
            Entry::Vacant(ran) => ran.insert(run(&myth.proof, runner)?),
        };
        let proof = report::prove(&ran.trace, &ran.report, &myth.expect, runner.has_evidence());
        code = worse(code, proof.outcome);
        match proof.outcome {
            Outcome::AsExpected => sum.as_written += 1,
            Outcome::Unconfirmed => sum.unconfirmed += 1,
            Outcome::Differs | Outcome::Deadline | Outcome::Interrupted => sum.otherwise += 1,
        }
        say(&render::checked(
            myth,
            &ran.trace,
            &ran.report,
            &proof,
            view,
        ))?;
        if runner.is_interrupted() {
            return Ok(INTERRUPTED);
        }
    }
    sum.runs = runs.len();
    say(&render::sum(sum, view))?;
    Ok(code)
}

/// A run that was made to prove something.
struct Ran {
    info: LabInfo,
    trace: RunTrace,
    report: Report,
}

fn run(run_ref: &RunRef, runner: &mut Runner) -> Result<Ran, Exit> {
    let lab = run_ref.lab()?;
    let scenario = live::scenarios(&lab, std::slice::from_ref(&run_ref.run))?
        .pop()
        .expect("a run that the lab does not have is refused");
    let trace = runner.run(&scenario)?;
    let report = report::build(&trace, runner.has_evidence());
    Ok(Ran {
        info: runner.info(&lab),
        trace,
        report,
    })
}

#[cfg(test)]
mod tests {
    use crate::lang::Lang;
    use crate::run::Kernel;

    use super::super::DIFFERS;
    use super::*;

    /// Beliefs about `lab 1 --run late-reader`, each with its claims.
    fn myths(claims: &[&str]) -> Myths {
        let words = r#"{ "belief": "It is so.", "reason": "r", "shows": "s" }"#;
        let myths: Vec<String> = (1..)
            .zip(claims)
            .map(|(number, claims)| {
                format!(
                    r#"{{ "number": {number}, "verdict": "false", "expect": {claims},
                          "proof": {{ "lab": 1, "run": "late-reader" }},
                          "en": {words}, "zh": {words} }}"#
                )
            })
            .collect();
        let title = r#"{ "en": "t", "zh": "t" }"#;
        let text = format!(
            r#"{{ "themes": [{{ "title": {title}, "myths": [{}] }}] }}"#,
            myths.join(",")
        );
        myth::parse("myths.json", &text).expect("myths")
    }

    fn check(myths: &Myths, view: &View) -> (u8, String) {
        check_with(&mut Runner::new(), myths, view)
    }

    fn check_with(runner: &mut Runner, myths: &Myths, view: &View) -> (u8, String) {
        let mut said = String::new();
        let mut say = |text: &str| {
            said.push_str(text);
            Ok(())
        };
        let Ok(code) = check_all(myths, runner, view, &mut say) else {
            panic!("it could not run")
        };
        (code, said)
    }

    #[test]
    fn what_does_not_come_out_as_written_fails_the_check_and_is_named() {
        let right = r#"{ "recvs": ["helloworld"] }"#;
        let wrong = r#"{ "recvs": ["hello", "world"], "recv_count": 1 }"#;
        let (code, said) = check(&myths(&[right, right]), &View::EN);
        assert_eq!(code, AS_EXPECTED, "{said}");
        assert!(
            said.ends_with("2 myths, 1 run: all came out as written.\n"),
            "{said}"
        );
        let (code, said) = check(&myths(&[right, wrong, right]), &View::EN);
        assert_eq!(code, DIFFERS, "{said}");
        assert!(
            said.contains(r#"recvs: the myth says "hello" | "world", it was "helloworld""#),
            "{said}"
        );
        assert!(
            !said.contains("number of recvs"),
            "that one came true: {said}"
        );
        assert!(
            said.ends_with("3 myths, 1 run: 2 came out as written, 1 did not.\n"),
            "{said}"
        );
        let zh = View {
            lang: Lang::Zh,
            ..View::EN
        };
        let (code, said) = check(&myths(&[wrong]), &zh);
        assert_eq!(code, DIFFERS, "{said}");
        assert!(said.contains("不符"), "{said}");
    }

    #[test]
    fn what_a_system_cannot_confirm_is_said_and_fails_nothing() {
        let mut silent = Runner::asking(Kernel::Silent);
        let view = View {
            has_evidence: false,
            width: 120,
            ..View::EN
        };
        let claims = [r#"{ "writes": 2 }"#, r#"{ "edges": ["receive-queue"] }"#];
        let (code, said) = check_with(&mut silent, &myths(&claims), &view);
        assert_eq!(code, AS_EXPECTED, "{said}");
        assert_eq!(said.matches("unconfirmed").count(), 2, "{said}");
        assert!(
            said.contains("edges: the myth says receive-queue, which could not be confirmed"),
            "{said}"
        );
        assert!(
            said.ends_with(
                "2 myths, 1 run: 0 came out as written, 2 could not be confirmed on this system.\n"
            ),
            "{said}"
        );
    }

    #[test]
    fn a_number_that_no_myth_has_names_the_nearest() {
        let said = no_such_myth(99, &myths(&[r#"{ "writes": 2 }"#]));
        assert!(said.contains("there is no myth 99"), "{said}");
        assert!(said.contains("`lab myths 1`"), "{said}");
    }
}
