//! The words of the course around its runs.

use super::block::{Block, Document, Form};
use super::paint::{Ink, Line};
use super::{View, page, plain, wrap};
use crate::lab::course::{Course, Station};
use crate::report::Outcome;
use crate::{safe, words};

fn count(done: &[bool]) -> usize {
    done.iter().filter(|done| **done).count()
}

/// A sentence of the course.
fn verdict(says: &str, ink: Ink) -> Block<'static> {
    Block::Verdict(plain::unmarked(says), ink)
}

/// What the course is, and where one is in it.
pub fn course_opening(done: &[bool], view: &View) -> String {
    let (n, of) = (count(done), done.len());
    let lang = view.lang;
    if n == of {
        return course_left(done, view);
    }
    let says = words::learn::welcome(lang, n, of);
    let leave = words::learn::leave_whenever(lang);
    plain::finish(&[says, leave.into()], view)
}

/// A station begins.
pub fn course_station(number: usize, of: usize, view: &View) -> Document<'_> {
    let says = words::learn::station(view.lang, number, of);
    Document::new(view)
        .add(Block::Gap)
        .add(Block::Line(says, Ink::Heading))
}

/// What was to be seen. It speaks of what the lab says, which this run may not have shown.
pub fn course_explains<'a>(station: &Station, outcome: Outcome, view: &'a View) -> Document<'a> {
    let explain = &station.says(view.lang).explain;
    let says = words::learn::why(view.lang, outcome == Outcome::AsExpected, explain);
    Document::new(view)
        .add(Block::Gap)
        .add(verdict(&says, Ink::Strong))
}

/// The question, and what to choose from.
pub fn course_question<'a>(station: &Station, view: &'a View) -> Document<'a> {
    let words = station.says(view.lang);
    let choices = words.choices.iter();
    Document::new(view)
        .add(Block::Gap)
        .add(Block::Sentence(
            plain::unmarked(&words.question),
            Ink::Strong,
        ))
        .add(Block::Choices(
            choices.map(|one| plain::unmarked(&one.says)).collect(),
        ))
}

/// What the answer is worth, and why; then the right one, if it is another.
pub fn course_answer<'a>(station: &Station, chosen: usize, view: &'a View) -> Document<'a> {
    let lang = view.lang;
    let choices = &station.says(lang).choices;
    let because = &choices[chosen].because;
    let page = Document::new(view);
    if chosen == station.right {
        return page.add(verdict(&words::learn::right(lang, because), Ink::Good));
    }
    let right = &choices[station.right];
    let answer = words::learn::answer(lang, &right.says, &right.because);
    page.add(verdict(&words::learn::wrong(lang, because), Ink::Bad))
        .add(verdict(&answer, Ink::Strong))
}

/// Somebody leaves, or has been everywhere.
pub fn course_left(done: &[bool], view: &View) -> String {
    let (lang, n, of) = (view.lang, count(done), done.len());
    let says = if n < of {
        words::learn::left(lang, n, of)
    } else {
        words::learn::passed(lang, n, of)
    };
    plain::finish(&[says], view)
}

/// The end of the course.
pub fn course_closing(view: &View) -> String {
    let says = words::learn::end(view.lang);
    let lines: Vec<String> = wrap::text(says, page::measure(view), Ink::Plain)
        .iter()
        .map(Line::words)
        .collect();
    plain::finish(&lines, view)
}

/// Nothing is remembered any more.
pub fn course_reset(view: &View) -> String {
    plain::finish([words::learn::forgotten(view.lang)], view)
}

/// All stations, and which are behind.
pub fn course_status(course: &Course, titles: &[String], done: &[bool], view: &View) -> String {
    let lang = view.lang;
    let mut facts = vec![words::learn::passed(lang, count(done), done.len())];
    for (i, station) in course.stations.iter().enumerate() {
        let mark = match (done[i], view.form) {
            (true, Form::Picture) => "[x]",
            (false, Form::Picture) => "[ ]",
            (done, Form::Plain) => words::learn::done(lang, done),
        };
        let title = safe::words(&titles[i]);
        let (lab, run) = (station.at.lab, safe::words(&station.at.run));
        facts.push(format!("{mark} {} · lab {lab} · {run} · {title}", i + 1));
    }
    plain::finish(&facts, view)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lab::course;

    #[test]
    fn what_a_run_did_not_show_is_not_explained_as_what_it_did() {
        let course = course::course().expect("the course");
        let view = View {
            form: Form::Plain,
            ..View::EN
        };
        let says = |outcome| course_explains(&course.stations[0], outcome, &view).finish();
        assert!(says(Outcome::AsExpected).starts_with("Why: "));
        for outcome in [Outcome::Differs, Outcome::Unconfirmed, Outcome::Deadline] {
            let says = says(outcome);
            let otherwise = "When it comes out as the lab says: ";
            assert!(says.starts_with(otherwise), "{says}");
        }
    }
}
