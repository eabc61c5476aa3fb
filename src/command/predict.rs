//! Lets a person predict what the reads of a run return, and holds the answer against what they
//! did return. The run is over by then; it is only not shown yet.

use std::path::Path;

use super::printer::Printer;
use super::runner::Runner;
use super::speak::say;
use super::{AS_EXPECTED, Exit, INTERRUPTED, USAGE, ask, live, print, repeat, replay, warn, worse};
use crate::cli::{Guess, Show};
use crate::event::{LabInfo, RunTrace};
use crate::lab::Lab;
use crate::render;
use crate::report::legal::Model;
use crate::report::predict::{self, Question};
use crate::report::{self, Report};

/// Somebody left before the end.
pub(super) struct Quit;

/// The runs of a lab.
pub(super) fn live(lab: &Lab, names: &[String], guess: &Guess, show: &Show) -> Result<u8, Exit> {
    let scenarios = live::scenarios(lab, names)?;
    let mut answers = Answers::of(guess, scenarios.len())?;
    let mut runner = Runner::new();
    let printer = Printer::new(show, runner.has_evidence())?;
    let info = runner.info(lab);
    print(&render::predict_opening(
        &info,
        printer.plain,
        &printer.view,
    ))?;
    let mut code = AS_EXPECTED;
    for scenario in &scenarios {
        let trace = runner.run(scenario)?;
        let report = report::build(&trace, printer.view.has_evidence);
        code = worse(code, report.outcome);
        let question = Question::of(&trace, &report, Model::of(scenario));
        let told = tell(&info, &trace, &report, question, &mut answers, &printer)?;
        if runner.is_interrupted() {
            return Ok(INTERRUPTED);
        }
        if let Err(Quit) = told {
            return Ok(code);
        }
    }
    print(&render::predict_closing(
        &info,
        printer.plain,
        &printer.view,
    ))?;
    Ok(code)
}

/// The runs in a file.
pub(super) fn recorded(
    path: &Path,
    names: &[String],
    guess: &Guess,
    show: &Show,
) -> Result<u8, Exit> {
    let traces = replay::read(path)?;
    let wanted = |run: &&RunTrace| names.is_empty() || names.contains(&run.script.name);
    let runs = traces.iter().flat_map(|trace| &trace.runs).filter(wanted);
    let mut answers = match runs.count() {
        0 => return Err(replay::no_such_run()),
        runs => Answers::of(guess, runs)?,
    };
    let mut code = AS_EXPECTED;
    for trace in &traces {
        let runs: Vec<&RunTrace> = trace.runs.iter().filter(wanted).collect();
        if runs.is_empty() {
            continue;
        }
        let printer = Printer::new(show, !trace.lab.evidence.is_empty())?;
        let opening = render::predict_opening(&trace.lab, printer.plain, &printer.view);
        print(&opening)?;
        for run in runs {
            let report = report::build(run, printer.view.has_evidence);
            code = worse(code, report.outcome);
            let question = Question::of(run, &report, repeat::script_of(&run.script));
            let told = tell(&trace.lab, run, &report, question, &mut answers, &printer)?;
            if let Err(Quit) = told {
                return Ok(code);
            }
        }
        print(&render::predict_closing(
            &trace.lab,
            printer.plain,
            &printer.view,
        ))?;
    }
    Ok(code)
}

/// Where predictions come from.
pub(super) enum Answers {
    /// Somebody at the terminal.
    Asked,
    /// The command line: one for all runs.
    Always(String),
    /// The command line: one a run, the next one last.
    Each(Vec<String>),
}

impl Answers {
    fn of(guess: &Guess, runs: usize) -> Result<Self, Exit> {
        match &guess.answer[..] {
            [] if ask::is_interactive() => Ok(Self::Asked),
            [] => Err(Exit::Failed(
                USAGE,
                say(
                    "--predict asks what each recv will return, and here is no terminal to ask \
                     in; give the prediction with --answer \"ab | cd\", a bar between two reads",
                    "--predict 要问每次 recv 会返回什么，而这里没有终端可以问；请用 --answer \
                     \"ab | cd\" 给出预测，两次读之间用竖线隔开",
                ),
            )),
            [answer] => Ok(Self::Always(answer.clone())),
            answers if answers.len() == runs => {
                Ok(Self::Each(answers.iter().rev().cloned().collect()))
            }
            answers => Err(Exit::Failed(
                USAGE,
                say(
                    format!(
                        "--answer was given {} times, and there are {runs} runs; give one for \
                         all, one for each, or name the run with --run",
                        answers.len()
                    ),
                    format!(
                        "--answer 给了 {} 次，而这里有 {runs} 次运行；可以只给一次、每次运行各给\
                         一次，或者用 --run 指明哪一次运行",
                        answers.len()
                    ),
                ),
            )),
        }
    }

    fn next(
        &mut self,
        question: &Question,
        printer: &Printer,
    ) -> Result<Result<Vec<Vec<u8>>, Quit>, Exit> {
        let given = match self {
            Self::Asked => return has_evidence(question, printer),
            Self::Always(answer) => Some(answer.clone()),
            Self::Each(answers) => answers.pop(),
        };
        let given = given.unwrap_or_default();
        let guess = question.understand(given.trim());
        guess.map(Ok).map_err(|wrong| {
            let says = render::predict_unreadable(&wrong, printer.view.lang);
            Exit::Failed(USAGE, format!("--answer: {says}"))
        })
    }

    /// Passes over a run of which nothing is asked.
    fn skip(&mut self) {
        if let Self::Each(answers) = self {
            answers.pop();
        }
    }
}

fn has_evidence(
    question: &Question,
    printer: &Printer,
) -> Result<Result<Vec<Vec<u8>>, Quit>, Exit> {
    let prompt = render::predict_prompt(question, &printer.view);
    loop {
        let Some(typed) = ask::line(&prompt)? else {
            return Ok(Err(Quit));
        };
        match &*typed {
            "q" => return Ok(Err(Quit)),
            "" => {}
            typed => match question.understand(typed) {
                Ok(guess) => return Ok(Ok(guess)),
                Err(wrong) => warn(&render::predict_unreadable(&wrong, printer.view.lang)),
            },
        }
    }
}

/// One run: its script, the question, the picture, and what the answer was worth.
pub(super) fn tell(
    lab: &LabInfo,
    run: &RunTrace,
    report: &Report,
    question: Result<Question, predict::Unasked>,
    answers: &mut Answers,
    printer: &Printer,
) -> Result<Result<(), Quit>, Exit> {
    let (plain, view) = (printer.plain, &printer.view);
    let question = match question {
        Ok(question) => question,
        Err(why) => {
            answers.skip();
            print(&render::predict_unasked(why, run, plain, view))?;
            printer.run(lab, run, report)?;
            return Ok(Ok(()));
        }
    };
    print(&render::predict_question(run, &question, plain, view))?;
    let guess = match answers.next(&question, printer)? {
        Ok(guess) => guess,
        Err(Quit) => return Ok(Err(Quit)),
    };
    printer.run(lab, run, report)?;
    let verdict = question.judge(&guess);
    print(&render::predict_verdict(
        &verdict, &guess, &question, run, plain, view,
    ))?;
    Ok(Ok(()))
}
