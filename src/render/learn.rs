//! The words of the course around its runs.

use super::paint::{Ink, Line};
use super::words::pick;
use super::{View, finish, page, plain, safe, wrap};
use crate::lab::course::{Course, Station};
use crate::lang::Lang;
use crate::report::Outcome;

const INDENT: usize = page::INDENT;
/// Where a choice begins, behind its number.
const CHOICE: usize = 6;

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
    let says = match n {
        0 => pick(
            lang,
            format!(
                "The course has {of} stations. At each you say first what will happen, then see it."
            ),
            format!("课程共 {of} 站。每一站先说会发生什么，然后看结果。"),
        ),
        n if n == of => return course_left(done, view),
        n => pick(
            lang,
            format!("You have been through {n} of {of} stations; here is the next one."),
            format!("共 {of} 站，已经走过 {n} 站，从下一站继续。"),
        ),
    };
    let leave = pick(
        lang,
        "Leave whenever you like, with q or Ctrl-C; it goes on from there next time.",
        "随时可以退出：q 或 Ctrl-C。下次从那里接着来。",
    );
    plain::finish(&[says, leave.into()], view)
}

/// A station begins.
#[must_use]
pub fn course_station(number: usize, of: usize, plainly: bool, view: &View) -> String {
    let says = pick(
        view.lang,
        format!("station {number} of {of}"),
        format!("第 {number} 站，共 {of} 站"),
    );
    if plainly {
        return plain::finish(&[says], view);
    }
    finish(&[Line::new(), Line::of(says, Ink::Heading)], view)
}

/// What was to be seen. It speaks of what the lab says, which this run may not have shown.
#[must_use]
pub fn course_explains(station: &Station, outcome: Outcome, plainly: bool, view: &View) -> String {
    let heading = match outcome {
        Outcome::AsExpected => pick(view.lang, "Why: ", "为什么："),
        _ => pick(
            view.lang,
            "When it comes out as the lab says: ",
            "与实验所述相符时：",
        ),
    };
    let says = format!("{heading}{}", station.says(view.lang).explain);
    let gap = if plainly { "" } else { "\n" };
    format!("{gap}{}", say(&says, Ink::Strong, plainly, view))
}

/// The question, and what to choose from.
#[must_use]
pub fn course_question(station: &Station, plainly: bool, view: &View) -> String {
    let words = station.says(view.lang);
    if plainly {
        let choices = words.choices.iter().zip(1..);
        let mut facts = vec![plain::unmarked(&words.question)];
        facts.extend(choices.map(|(choice, n)| format!("{n}: {}", plain::unmarked(&choice.says))));
        return plain::finish(&facts, view);
    }
    let mut lines = vec![Line::new()];
    let question = wrap::text(
        &plain::unmarked(&words.question),
        page::measure(view),
        Ink::Strong,
    );
    lines.extend(page::indent(question, INDENT));
    for (choice, n) in words.choices.iter().zip(1..) {
        let says = plain::unmarked(&choice.says);
        for (i, part) in wrap::text(&says, view.width.saturating_sub(CHOICE), Ink::Plain)
            .iter()
            .enumerate()
        {
            let mut line = Line::new();
            line.pad_to(INDENT);
            if i == 0 {
                line.put(n.to_string(), Ink::Strong);
            }
            line.pad_to(CHOICE).append(part);
            lines.push(line);
        }
    }
    finish(&lines, view)
}

/// How to answer.
#[must_use]
pub fn course_prompt(choices: usize, view: &View) -> String {
    pick(
        view.lang,
        format!("1 to {choices} (q leaves): "),
        format!("输入 1 到 {choices}（q 退出）："),
    )
}

/// What was typed is none of the answers.
#[must_use]
pub fn course_no_choice(typed: &str, choices: usize, lang: Lang) -> String {
    let typed = safe::words(typed);
    pick(
        lang,
        format!("`{typed}` is none of the answers; type a number from 1 to {choices}, or q"),
        format!("`{typed}` 不是选项；请输入 1 到 {choices}，或者 q"),
    )
}

/// Nothing was asked, and something was typed.
#[must_use]
pub fn course_no_answer_now(typed: &str, lang: Lang) -> String {
    let typed = safe::words(typed);
    pick(
        lang,
        format!(
            "nothing is asked here, so `{typed}` means nothing; press Enter alone, or q and Enter"
        ),
        format!("这里没有提问，`{typed}` 没有用处；请只按回车，或者输入 q 再回车"),
    )
}

/// What the answer is worth, and why; then the right one, if it is another.
#[must_use]
pub fn course_answer(station: &Station, chosen: usize, plainly: bool, view: &View) -> String {
    let lang = view.lang;
    let choices = &station.says(lang).choices;
    let right = chosen == station.right;
    let because = &choices[chosen].because;
    let (says, ink) = if right {
        let says = pick(lang, format!("Right: {because}"), format!("对：{because}"));
        (says, Ink::Good)
    } else {
        let says = pick(
            lang,
            format!("Not so: {because}"),
            format!("不对：{because}"),
        );
        (says, Ink::Bad)
    };
    let mut out = say(&says, ink, plainly, view);
    if !right {
        let right = &choices[station.right];
        let (says, because) = (&right.says, &right.because);
        let says = pick(
            lang,
            format!("{says}: {because}"),
            format!("{says}：{because}"),
        );
        out += &say(&says, Ink::Strong, plainly, view);
    }
    out
}

/// Goes on when the person does.
#[must_use]
pub fn course_next(view: &View) -> String {
    pick(view.lang, "Enter goes on, q leaves: ", "回车继续，q 退出：").into()
}

/// Somebody leaves, or has been everywhere.
#[must_use]
pub fn course_left(done: &[bool], view: &View) -> String {
    let mut says = passed(done, view);
    if count(done) < done.len() {
        says += pick(
            view.lang,
            " lab learn goes on from here.",
            "下次用 lab learn 从这里继续。",
        );
    }
    plain::finish(&[says], view)
}

fn passed(done: &[bool], view: &View) -> String {
    let (n, of) = (count(done), done.len());
    pick(
        view.lang,
        format!("You have been through {n} of {of} stations."),
        format!("共 {of} 站，走过 {n} 站。"),
    )
}

/// The end of the course.
#[must_use]
pub fn course_closing(view: &View) -> String {
    let says = pick(
        view.lang,
        "The course ends here. lab lists the other labs, lab myths puts what you believed to the \
         test; lab learn --reset begins anew.",
        "课程到这里结束。lab 列出其余的实验，lab myths 检验常见的说法；lab learn --reset 从头再来。",
    );
    let lines: Vec<String> = wrap::text(says, page::measure(view), Ink::Plain)
        .iter()
        .map(Line::words)
        .collect();
    plain::finish(&lines, view)
}

/// Nothing is remembered any more.
#[must_use]
pub fn course_reset(view: &View) -> String {
    let says = pick(
        view.lang,
        "Nothing is remembered any more; lab learn begins with the first station.",
        "已清空；lab learn 从第一站开始。",
    );
    plain::finish(&[says.into()], view)
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
    let mut facts = vec![passed(done, view)];
    for (i, station) in course.stations.iter().enumerate() {
        let mark = match (done[i], plainly) {
            (true, false) => "[x]",
            (false, false) => "[ ]",
            (true, true) => pick(lang, "done:", "走过："),
            (false, true) => pick(lang, "to come:", "还没到："),
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
    use crate::event::WireDetail;
    use crate::lab::course;
    use crate::lang::Lang;
    use crate::render::Colour;

    #[test]
    fn what_a_run_did_not_show_is_not_explained_as_what_it_did() {
        let course = course::course().expect("the course");
        let view = View {
            lang: Lang::En,
            colour: Colour::None,
            ascii: false,
            width: 80,
            has_evidence: true,
            wire: WireDetail::Data,
        };
        let says = |outcome| course_explains(&course.stations[0], outcome, true, &view);
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
