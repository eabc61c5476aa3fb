//! Leads through the course: predict, watch, explain in a line, one question that carries further.
//! All of it is lines and answers, so the terminal is never anything but as it was.

use super::learned::Learned;
use super::predict::{self, Answers, Quit};
use super::printer::Printer;
use super::runner::Runner;
use super::speak::say;
use super::{AS_EXPECTED, Exit, INTERRUPTED, USAGE, ask, live, print, warn};
use crate::cli::{Page, Show};
use crate::lab::course::{self, Course, Station};
use crate::render::{self, View};
use crate::report::legal::Model;
use crate::report::predict::Question;
use crate::report::{self, Outcome};

/// How far somebody is.
pub(super) fn status(page: &Page) -> Result<u8, Exit> {
    let course = course::course()?;
    let learned = Learned::read()?;
    let printer = Printer::new(&Show::from(page), true)?;
    let done = learned.of(&course);
    print(&render::course_status(
        &course,
        &titles(&course, &printer)?,
        &done,
        printer.plain,
        &printer.view,
    ))?;
    Ok(AS_EXPECTED)
}

/// Forgets how far somebody is.
pub(super) fn reset(page: &Page) -> Result<u8, Exit> {
    Learned::reset()?;
    let printer = Printer::new(&Show::from(page), true)?;
    print(&render::course_reset(&printer.view))?;
    Ok(AS_EXPECTED)
}

/// The question of each station's lab.
fn titles(course: &Course, printer: &Printer) -> Result<Vec<String>, Exit> {
    let stations = course.stations.iter();
    let titles = stations.map(|station| {
        let lab = station.at.lab()?;
        let text = lab.texts.get(printer.view.lang);
        Ok(text.map_or(lab.slug.clone(), |text| text.title.clone()))
    });
    titles.collect()
}

/// Goes on from where somebody left.
pub(super) fn go_on(page: &Page) -> Result<u8, Exit> {
    if !ask::is_interactive() {
        return Err(Exit::Failed(
            USAGE,
            say(
                "`lab learn` asks questions, and here is no terminal to answer in; `lab learn \
                 --status` says how far you are, and `lab 1` shows the first lab",
                "`lab learn` 要提问，而这里没有终端可以回答；`lab learn --status` 看走到哪里，\
                 `lab 1` 直接看第一个实验",
            ),
        ));
    }
    let course = course::course()?;
    let mut learned = Learned::read()?;
    let mut runner = Runner::new();
    let printer = Printer::new(&Show::from(page), runner.has_evidence())?;
    let view = printer.view;
    print(&render::course_opening(&learned.of(&course), &view))?;
    for (place, station) in course.stations.iter().enumerate() {
        if learned.has(station) {
            continue;
        }
        let of = course.stations.len();
        print(&render::course_station(place + 1, of, printer.plain, &view))?;
        let visited = visit(station, &mut runner, &printer)?;
        if runner.is_interrupted() {
            return Ok(INTERRUPTED);
        }
        if let Err(Quit) = visited {
            return leave(&learned, &course, &printer);
        }
        learned.add(station)?;
        let last = learned.of(&course).iter().all(|done| *done);
        if !last && let Err(Quit) = next(&view)? {
            return leave(&learned, &course, &printer);
        }
    }
    print(&render::course_closing(&view))?;
    Ok(AS_EXPECTED)
}

fn leave(learned: &Learned, course: &Course, printer: &Printer) -> Result<u8, Exit> {
    print(&render::course_left(&learned.of(course), &printer.view))?;
    Ok(AS_EXPECTED)
}

fn visit(
    station: &Station,
    runner: &mut Runner,
    printer: &Printer,
) -> Result<Result<(), Quit>, Exit> {
    let (plain, view) = (printer.plain, &printer.view);
    let lab = station.at.lab()?;
    let info = runner.info(&lab);
    print(&render::predict_opening(&info, plain, view))?;
    let mut outcome = Outcome::AsExpected;
    for scenario in &live::scenarios(&lab, std::slice::from_ref(&station.at.run))? {
        let trace = runner.run(scenario)?;
        if runner.is_interrupted() {
            return Ok(Err(Quit));
        }
        let report = report::build(&trace, view.has_evidence);
        outcome = report.outcome;
        let question = Question::of(&trace, &report, Model::of(scenario));
        let mut answers = Answers::Asked;
        let told = predict::tell(&info, &trace, &report, question, &mut answers, printer)?;
        if told.is_err() {
            return Ok(told);
        }
    }
    print(&render::course_explains(station, outcome, plain, view))?;
    // The verdict stays on the screen until it has been read.
    if let Err(Quit) = next(view)? {
        return Ok(Err(Quit));
    }
    print(&render::course_question(station, plain, view))?;
    let choices = station.says(view.lang).choices.len();
    loop {
        let Some(typed) = ask::line(&render::course_prompt(choices, view))? else {
            return Ok(Err(Quit));
        };
        if typed == "q" {
            return Ok(Err(Quit));
        }
        let number: Option<usize> = typed.parse().ok();
        if let Some(place @ 1..) = number
            && place <= choices
        {
            print(&render::course_answer(station, place - 1, plain, view))?;
            return Ok(Ok(()));
        }
        // Nothing typed is a slip; the prompt says what belongs here.
        if !typed.is_empty() {
            warn(&render::course_no_choice(&typed, choices, view.lang));
        }
    }
}

/// Waits until the person goes on, or leaves.
fn next(view: &View) -> Result<Result<(), Quit>, Exit> {
    loop {
        let Some(typed) = ask::line(&render::course_next(view))? else {
            return Ok(Err(Quit));
        };
        match &*typed {
            "q" => return Ok(Err(Quit)),
            "" => return Ok(Ok(())),
            typed => warn(&render::course_no_answer_now(typed, view.lang)),
        }
    }
}
