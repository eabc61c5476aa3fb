//! Lets a person predict what the reads of a run return, and holds the answer against what they
//! did return. The run is over by then; it is only not shown yet.

use std::iter;

use super::printer::{Printer, print_page};
use super::sessions::{self, Session};
use super::sources::{LabRuns, model};
use super::{Exit, Status, ask, interrupt, lang, warn};
use crate::cli::{Amount, Guess, Show};
use crate::lab::file;
use crate::render;
use crate::report::predict::Question;
use crate::words::{command as words, predict};

/// Asks about one run after the other, until somebody has had enough.
pub(super) fn predict(
    labs: Vec<LabRuns>,
    guess: &Guess,
    amount: Amount,
    show: &Show,
) -> Result<Status, Exit> {
    let runs = labs.iter().map(|lab| lab.runs.len()).sum();
    let mut answers = Answers::of(guess, runs)?;
    let mut printer = Printer::new(show, true)?.at_a_glance(amount);
    let mut status = Status::AsExpected;
    for LabRuns { lab, runs } in labs {
        printer.turn_to(&lab);
        let view = &printer.view;
        print_page(render::predict_opening(&lab, view))?;
        let last = runs.len() - 1;
        for (place, run) in runs.into_iter().enumerate() {
            let session = sessions::one(run)?;
            status = status.max(session.report.outcome.into());
            let told = tell(&session, &mut answers, &printer)
                .and_then(|()| print_page(render::predict_why(&lab, view)))
                // The verdict stays on the screen until it has been read.
                .and_then(|()| match answers {
                    Answers::Asked if place < last => ask::go_on(view.lang),
                    _ => Ok(()),
                });
            match told {
                Err(Exit::Quit) => return Ok(status),
                told => told?,
            }
            if interrupt::was_pressed() {
                return Ok(status);
            }
        }
        print_page(render::predict_closing(&lab, view))?;
    }
    Ok(status)
}

/// Where predictions come from.
pub(super) enum Answers {
    /// Somebody at the terminal.
    Asked,
    /// The command line: one for each run.
    Given(Box<dyn Iterator<Item = String>>),
}

impl Answers {
    fn of(guess: &Guess, runs: usize) -> Result<Self, Exit> {
        match &guess.answer[..] {
            [] if ask::is_interactive() => Ok(Self::Asked),
            [] => Err(Exit::usage(words::no_terminal_to_predict_in(lang()))),
            [answer] => Ok(Self::Given(Box::new(iter::repeat(answer.clone())))),
            answers if answers.len() == runs => {
                Ok(Self::Given(Box::new(guess.answer.clone().into_iter())))
            }
            answers => Err(Exit::usage(words::not_an_answer_each(
                lang(),
                answers.len(),
                runs,
            ))),
        }
    }

    fn next(&mut self, question: &Question, printer: &Printer) -> Result<Vec<Vec<u8>>, Exit> {
        let Self::Given(answers) = self else {
            return ask_for(question, printer);
        };
        let given = answers.next().unwrap_or_default();
        question.understand(given.trim()).map_err(|wrong| {
            let says = predict::unreadable(printer.view.lang, &wrong);
            Exit::usage(format!("--answer: {says}"))
        })
    }

    /// Passes over a run of which nothing is asked.
    fn skip(&mut self) {
        if let Self::Given(answers) = self {
            answers.next();
        }
    }
}

fn ask_for(question: &Question, printer: &Printer) -> Result<Vec<Vec<u8>>, Exit> {
    let lang = printer.view.lang;
    let choices = question.choices.len();
    let prompt = predict::prompt(lang, choices, printer.view.is_narrow());
    loop {
        let typed = ask::line(&prompt)?;
        if typed.is_empty() || typed == "?" || typed == "？" {
            warn(&predict::help(lang, choices));
            continue;
        }
        match question.understand(&typed) {
            Ok(guess) => return Ok(guess),
            Err(wrong) => warn(&predict::unreadable(printer.view.lang, &wrong)),
        }
    }
}

/// One run: its script, the question, what the answer was worth, and the picture.
pub(super) fn tell(
    session: &Session,
    answers: &mut Answers,
    printer: &Printer,
) -> Result<(), Exit> {
    let run = &session.run;
    let view = &printer.view;
    match Question::of(run, &session.report, model(file::Run::of(run))) {
        Err(why) => {
            answers.skip();
            print_page(render::predict_unasked(why, run, view))?;
            printer.run(session)
        }
        Ok(question) => {
            print_page(render::predict_question(run, &question, view))?;
            let guess = answers.next(&question, printer)?;
            let verdict = question.judge(&guess);
            print_page(render::predict_verdict(
                &verdict, &guess, &question, run, view,
            ))?;
            printer.run(session)
        }
    }
}
