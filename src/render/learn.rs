//! The words of the course around its runs.

use super::paint::{Ink, Line};
use super::{View, finish, page, plain, wrap};
use crate::lab::course::{Course, Station};
use crate::lang::Lang;
use crate::report::Outcome;
use crate::{safe, words};

const INDENT: usize = page::INDENT;

fn count(done: &[bool]) -> usize {
    done.iter().filter(|done| **done).count()
}

/// Lines that fit, even where no picture would.
fn say(says: &str, ink: Ink, plainly: bool, view: &View) -> String {
    if plainly {
        return plain::finish(&[plain::unmarked(says)], view);
    }
    let wrapped = wrap::headed(&plain::unmarked(says), page::measure(view), ink);
    finish(&page::indent(wrapped, INDENT).collect::<Vec<_>>(), view)
}

/// What the course is, and where one is in it.
#[must_use]
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
#[must_use]
pub fn course_station(number: usize, of: usize, plainly: bool, view: &View) -> String {
    let says = words::learn::station(view.lang, number, of);
    if plainly {
        return plain::finish(&[says], view);
    }
    finish(&[Line::new(), Line::of(says, Ink::Heading)], view)
}

/// What was to be seen. It speaks of what the lab says, which this run may not have shown.
#[must_use]
pub fn course_explains(station: &Station, outcome: Outcome, plainly: bool, view: &View) -> String {
    let explain = &station.says(view.lang).explain;
    let says = words::learn::why(view.lang, outcome == Outcome::AsExpected, explain);
    let gap = if plainly { "" } else { "\n" };
    format!("{gap}{}", say(&says, Ink::Strong, plainly, view))
}

/// The question, and what to choose from.
#[must_use]
pub fn course_question(station: &Station, plainly: bool, view: &View) -> String {
    let words = station.says(view.lang);
    let question = plain::unmarked(&words.question);
    let choices = words.choices.iter();
    let choices: Vec<String> = choices.map(|one| plain::unmarked(&one.says)).collect();
    if plainly {
        let numbered = choices.iter().zip(1..);
        let mut facts = vec![question];
        facts.extend(numbered.map(|(choice, n)| format!("{n}: {choice}")));
        return plain::finish(&facts, view);
    }
    let mut lines = vec![Line::new()];
    let question = wrap::text(&question, page::measure(view), Ink::Strong);
    lines.extend(page::indent(question, INDENT));
    lines.extend(page::choices(&choices, view));
    finish(&lines, view)
}

/// How to answer.
#[must_use]
pub fn course_prompt(choices: usize, view: &View) -> String {
    words::learn::prompt(view.lang, choices)
}

/// What was typed is none of the answers.
#[must_use]
pub fn course_no_choice(typed: &str, choices: usize, lang: Lang) -> String {
    words::learn::no_choice(lang, typed, choices)
}

/// Nothing was asked, and something was typed.
#[must_use]
pub fn course_no_answer_now(typed: &str, lang: Lang) -> String {
    words::learn::no_answer_now(lang, typed)
}

/// What the answer is worth, and why; then the right one, if it is another.
#[must_use]
pub fn course_answer(station: &Station, chosen: usize, plainly: bool, view: &View) -> String {
    let lang = view.lang;
    let choices = &station.says(lang).choices;
    let right = chosen == station.right;
    let because = &choices[chosen].because;
    let (says, ink) = if right {
        (words::learn::right(lang, because), Ink::Good)
    } else {
        (words::learn::wrong(lang, because), Ink::Bad)
    };
    let mut out = say(&says, ink, plainly, view);
    if !right {
        let right = &choices[station.right];
        let says = words::learn::answer(lang, &right.says, &right.because);
        out += &say(&says, Ink::Strong, plainly, view);
    }
    out
}

/// Goes on when the person does.
#[must_use]
pub fn course_next(view: &View) -> String {
    words::learn::next(view.lang).into()
}

/// Somebody leaves, or has been everywhere.
#[must_use]
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
#[must_use]
pub fn course_closing(view: &View) -> String {
    let says = words::learn::end(view.lang);
    let lines: Vec<String> = wrap::text(says, page::measure(view), Ink::Plain)
        .iter()
        .map(Line::words)
        .collect();
    plain::finish(&lines, view)
}

/// Nothing is remembered any more.
#[must_use]
pub fn course_reset(view: &View) -> String {
    plain::finish([words::learn::forgotten(view.lang)], view)
}

/// All stations, and which are behind.
#[must_use]
pub fn course_status(
    course: &Course,
    titles: &[String],
    done: &[bool],
    plainly: bool,
    view: &View,
) -> String {
    let lang = view.lang;
    let mut facts = vec![words::learn::passed(lang, count(done), done.len())];
    for (i, station) in course.stations.iter().enumerate() {
        let mark = match (done[i], plainly) {
            (true, false) => "[x]",
            (false, false) => "[ ]",
            (done, true) => words::learn::done(lang, done),
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
        let says = |outcome| course_explains(&course.stations[0], outcome, true, &View::EN);
        assert!(says(Outcome::AsExpected).starts_with("Why: "));
        for outcome in [Outcome::Differs, Outcome::Unconfirmed, Outcome::Deadline] {
            let says = says(outcome);
            assert!(
                says.starts_with("When it comes out as the lab says: "),
                "{says}"
            );
        }
    }
}
