//! A run revealed step by step: the rows of its timeline one after the other, the ruler growing
//! with them, and at last what was found out.

use super::paint::{Ink, Line};
use super::{View, facts, finish, glance, legend, page, plain, run, script, timeline, title, wrap};
use crate::number::group;
use crate::report::{self, Reported};
use crate::{safe, words};

/// With fewer rows the ruler gives way to the timeline.
const ROWS_FOR_RULER: usize = 18;

/// What is revealed step by step, with the keyboard.
pub trait Stepped {
    /// How many steps there are. At step 0 nothing is revealed, after the last one all is.
    fn last(&self, view: &View) -> usize;

    /// The screen after this step: at most so many columns and rows. `typed` is the number that is
    /// being typed.
    fn screen(&self, step: usize, typed: &str, size: (usize, usize), view: &View) -> String;
}

/// At step 0 stands its script.
impl Stepped for Reported<'_> {
    fn last(&self, view: &View) -> usize {
        timeline::rows(self.run, self.report, view).1.len() + 1
    }

    fn screen(
        &self,
        step: usize,
        typed: &str,
        (columns, rows): (usize, usize),
        view: &View,
    ) -> String {
        let view = &view.within(columns);
        let last = self.last(view);
        let step = step.min(last);
        let mut head = self.head(step, last, view);
        let foot = foot(typed, view);
        let (body, ruler) = if view.is_narrow() {
            (self.narrow(step, last, view), Vec::new())
        } else {
            let (heading, drawn) = timeline::rows(self.run, self.report, view);
            // The first event of the row that comes next is not known yet.
            let until = drawn
                .get(step)
                .map_or(self.run.events.len(), |next| next.event);
            let ruler = if rows < ROWS_FOR_RULER {
                Vec::new()
            } else {
                self.ruler(until, view)
            };
            if step == last {
                (self.ending(view), ruler)
            } else if step == 0 {
                (script::draw(self.run, view), ruler)
            } else {
                head.push(heading);
                let shown = drawn.into_iter().take(step);
                (shown.flat_map(|row| row.lines).collect(), ruler)
            }
        };
        on_screen([head, body, ruler, foot], step == 0, rows, view)
    }
}

/// A screen of so many rows: what is revealed stands between head and ruler, and what came last is
/// always in sight; a script is read from its beginning.
pub(super) fn on_screen(
    [head, body, ruler, foot]: [Vec<Line>; 4],
    from_the_start: bool,
    rows: usize,
    view: &View,
) -> String {
    let room = rows.saturating_sub(head.len() + ruler.len() + foot.len());
    let beyond = body.len().saturating_sub(room);
    let from = if from_the_start { 0 } else { beyond };
    let mut lines = head;
    lines.extend(body.into_iter().skip(from).take(room));
    let above = rows.saturating_sub(ruler.len() + foot.len());
    lines.resize(lines.len().max(above), Line::new());
    lines.extend(ruler);
    lines.extend(foot);
    lines.truncate(rows);
    finish(lines, view)
}

impl Reported<'_> {
    /// What the linear form begins with: the script.
    pub fn opening(&self, view: &View) -> String {
        let name = safe::words(&self.run.name);
        let script = script::facts(self.run, view.lang).into_iter();
        let facts: Vec<String> = script.map(|fact| format!("{name}: {fact}")).collect();
        plain::finish(&facts, view)
    }

    /// The steps as facts, one after the other; the last one is what was found out.
    pub fn facts(&self, view: &View) -> Vec<String> {
        let name = safe::words(&self.run.name);
        let say = |fact: &String| plain::finish(&[format!("{name}: {fact}")], view);
        let events = facts::events(self.run, self.report, view);
        let verdicts = self.verdicts(view);
        let mut facts: Vec<String> = events.iter().map(say).collect();
        facts.push(verdicts.iter().map(say).collect());
        facts
    }

    /// What was found out, why, and what to type next.
    fn ending(&self, view: &View) -> Vec<Line> {
        let verdicts = run::verdicts(self.run, self.report, view).into_iter();
        let mut lines: Vec<Line> = verdicts.flat_map(|found| page::set(found, view)).collect();
        lines.push(Line::new());
        lines.extend(glance::foot(
            self.lab,
            None,
            None,
            glance::Others::of(&[]),
            view,
        ));
        lines
    }

    fn verdicts(&self, view: &View) -> Vec<String> {
        let found = run::verdicts(self.run, self.report, view).into_iter();
        found.flat_map(|found| plain::facts(found, view)).collect()
    }

    fn head(&self, step: usize, last: usize, view: &View) -> Vec<Line> {
        let title = title::title_line(self.lab, view);
        let name = safe::words(&self.run.name);
        let beside = format!("{} / {}", group(step as u64), group(last as u64));
        let mut lines = title.fold(view.width);
        lines.truncate(1);
        // Every line has its row: of a name that has no room the beginning stands here.
        let name = Line::of(name, Ink::Plain).fold(view.width / 2);
        lines.push(page::parting(&name[0].words(), &beside, view.width));
        if !view.is_narrow() {
            lines.extend(page::indent(
                legend::draw(self.run, self.report, view),
                page::INDENT,
            ));
        }
        lines.push(Line::new());
        lines
    }

    /// The ruler as it stood before this event: on the scale of the whole run, and with nothing
    /// that was not known by then.
    fn ruler(&self, until: usize, view: &View) -> Vec<Line> {
        let so_far = self.run.before(until);
        let mut flows = report::flows(&so_far, view.has_evidence);
        for flow in &mut flows {
            let whole = self
                .report
                .flows
                .iter()
                .find(|whole| whole.direction == flow.direction);
            if !flow.ranges.writes.is_empty()
                && let Some(whole) = whole
            {
                flow.bytes_sent = whole.bytes_sent;
            }
        }
        run::rulers(&so_far, &flows, view)
    }

    /// Facts stand in for the picture where it has no room.
    fn narrow(&self, step: usize, last: usize, view: &View) -> Vec<Line> {
        let (_, drawn) = timeline::rows(self.run, self.report, view);
        let facts = if step == last {
            self.verdicts(view)
        } else if step == 0 {
            script::facts(self.run, view.lang)
        } else {
            let all = facts::events(self.run, self.report, view);
            let until = drawn.get(step).map_or(all.len(), |next| next.event);
            all.into_iter().take(until).collect()
        };
        let lines = facts.iter().flat_map(|fact| {
            wrap::text(fact, view.width, Ink::Plain)
                .into_iter()
                .flat_map(|line| line.fold(view.width))
        });
        lines.collect()
    }
}

/// The keys, in as much room as there is.
pub(super) fn foot(typed: &str, view: &View) -> Vec<Line> {
    let says = match typed {
        "" => words::step::keys(view.lang, view.is_narrow()).into(),
        typed => words::step::go_to(view.lang, typed),
    };
    let mut line = Line::of(says, Ink::Plain).fold(view.width);
    line.truncate(1);
    let mut lines = vec![Line::new()];
    lines.extend(line);
    lines
}
