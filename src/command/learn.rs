//! Leads through the course: predict, watch, explain in a line, one question that carries further.
//! All of it is lines and answers, so the terminal is never anything but as it was.

use std::rc::Rc;

use super::learned::Learned;
use super::predict::{self, Answers};
use super::printer::{Printer, print_page};
use super::terminal_runner::TerminalRunner;
use super::{Exit, Status, ask, interrupt, lang, print, sessions, sources, warn};
use crate::cli::{Amount, Page, Show};
use crate::lab::course::{self, Course, Station};
use crate::render;
use crate::words::{command as words, learn};

/// How far somebody is.
pub(super) fn status(page: &Page) -> Result<Status, Exit> {
    let course = course::course()?;
    let learned = Learned::read()?;
    let printer = Printer::of_page(page)?;
    let done = learned.of(&course);
    print(&render::course_status(
        &course,
        &titles(&course, &printer)?,
        &done,
        &printer.view,
    ))?;
    Ok(Status::AsExpected)
}

/// Forgets how far somebody is.
pub(super) fn reset(page: &Page) -> Result<Status, Exit> {
    Learned::reset()?;
    let printer = Printer::of_page(page)?;
    print(&render::course_reset(&printer.view))?;
    Ok(Status::AsExpected)
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
pub(super) fn go_on(page: &Page) -> Result<Status, Exit> {
    if !ask::is_interactive() {
        return Err(Exit::usage(words::no_terminal_to_learn_in(lang())));
    }
    let course = course::course()?;
    let mut learned = Learned::read()?;
    let runner = TerminalRunner::new();
    let printer =
        Printer::new(&Show::from(page), runner.has_evidence())?.at_a_glance(Amount::SCREEN);
    let view = &printer.view;
    print(&render::course_opening(&learned.of(&course), view))?;
    match visit_all(&course, &mut learned, &runner, &printer) {
        Err(Exit::Quit) if !interrupt::was_pressed() => {
            print(&render::course_left(&learned.of(&course), view))?;
        }
        visited => {
            visited?;
            print(&render::course_closing(view))?;
        }
    }
    Ok(Status::AsExpected)
}

fn visit_all(
    course: &Course,
    learned: &mut Learned,
    runner: &Rc<TerminalRunner>,
    printer: &Printer,
) -> Result<(), Exit> {
    let view = &printer.view;
    let of = course.stations.len();
    for (number, station) in (1..).zip(&course.stations) {
        if learned.has(station) {
            continue;
        }
        print_page(render::course_station(number, of, view))?;
        visit(station, runner, printer)?;
        learned.add(station)?;
        if !learned.of(course).iter().all(|done| *done) {
            ask::go_on(view.lang)?;
        }
    }
    Ok(())
}

fn visit(station: &Station, runner: &Rc<TerminalRunner>, printer: &Printer) -> Result<(), Exit> {
    let view = &printer.view;
    let run = sources::of_run_ref(&station.at, runner)?;
    print_page(render::predict_opening(&run.lab, view))?;
    let session = sessions::one(run)?;
    if interrupt::was_pressed() {
        return Err(Exit::Quit);
    }
    predict::tell(&session, &mut Answers::Asked, printer)?;
    let outcome = session.report.outcome;
    print_page(render::course_explains(station, outcome, view))?;
    // The verdict stays on the screen until it has been read.
    ask::go_on(view.lang)?;
    print_page(render::course_question(station, view))?;
    let choices = station.says(view.lang).choices.len();
    loop {
        let typed = ask::line(&learn::prompt(view.lang, choices))?;
        let number: Option<usize> = typed.parse().ok();
        if let Some(place @ 1..) = number
            && place <= choices
        {
            return print_page(render::course_answer(station, place - 1, view));
        }
        warn(&learn::no_choice(view.lang, &typed, choices));
    }
}
