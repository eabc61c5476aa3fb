//! A lab's page: what it asks, each run, why it happens.

use super::block::{Block, Document, Form};
use super::findings;
use super::page::{INDENT, indent};
use super::paint::{Ink, Line};
use super::words::{group, page::Section};
use super::{View, claims, facts, glance, legend, ruler, safe, timeline, title, words, wrap};
use crate::event::{LabInfo, RunTrace};
use crate::report::{Flow, Report};

/// The lab's title, its question and what to look at.
pub fn opening<'a>(lab: &LabInfo, view: &'a View) -> Document<'a> {
    section(title::title_and_question(lab, view), lab, Section::Look)
}

/// Why it happens, what to try next, the words for it.
pub fn closing<'a>(lab: &LabInfo, view: &'a View) -> Document<'a> {
    let sections = [Section::Why, Section::Next, Section::Words];
    let page = Document::new(view);
    sections
        .into_iter()
        .fold(page, |page, part| section(page, lab, part))
}

fn section<'a>(page: Document<'a>, lab: &LabInfo, part: Section) -> Document<'a> {
    let lang = page.view.lang;
    let Some(text) = lab.texts.get(lang) else {
        return page;
    };
    let texts = match part {
        Section::Look => &text.look,
        Section::Why => &text.why,
        Section::Next => &text.next,
        Section::Words => &text.words,
    };
    let label = words::page::label(lang, part).into();
    page.labelled(words::page::heading(lang, part), label, texts)
}

/// One run: what was sent, what happened, what was found out.
pub fn run<'a>(
    lab: &LabInfo,
    run: &'a RunTrace,
    report: &'a Report,
    view: &'a View,
) -> Document<'a> {
    let name = safe::words(&run.name);
    let mut beside = format!("{} {}", run.transport, safe::words(&run.address));
    if let (Form::Picture, Some(capture)) = (view.form, run.capture) {
        beside = format!("{beside}, MTU {}", group(capture.mtu));
    }
    let text = lab.texts.get(view.lang);
    let sentence = text.and_then(|text| text.run(&run.name));
    if view.form == Form::Picture && view.is_glance() {
        return glance::picture(run, report, view);
    }
    let [found, outcome] = verdicts(run, report, view);
    Document::about(&name, view)
        .add(Block::Run { name, beside })
        .add(sentence.map(|text| Block::Text {
            label: String::new(),
            text: text.into(),
        }))
        .either(
            || picture(run, report, view),
            || facts::of(run, report, *view),
        )
        .add(Block::Gap)
        .add(found)
        .add(outcome)
}

/// The letters, the timeline, the rulers. There may be as many directions as calls, and a ruler is
/// much longer than a call: each is drawn and let go.
fn picture<'a>(
    run: &'a RunTrace,
    report: &'a Report,
    view: &'a View,
) -> impl Iterator<Item = Line> + 'a {
    let mut lines: Vec<Line> = indent(legend::draw(run, report, view), INDENT).collect();
    lines.push(Line::new());
    lines.extend(timeline::draw(run, report, view));
    if let Some(left_out) = timeline::packets_left_out(run, report, view) {
        let width = view.width.saturating_sub(INDENT);
        lines.extend(indent(wrap::text(&left_out, width, Ink::Plain), INDENT));
    }
    let flows = report.flows.iter();
    let rulers = flows.flat_map(move |flow| ruler_of(flow, run, report.flows.len(), view));
    lines.into_iter().chain(rulers)
}

/// The rulers of all directions that carried bytes.
pub(super) fn rulers(run: &RunTrace, flows: &[Flow], view: &View) -> Vec<Line> {
    let each = flows.iter();
    each.flat_map(|flow| ruler_of(flow, run, flows.len(), view))
        .collect()
}

/// The ruler of a direction, below its name where there are several.
fn ruler_of(flow: &Flow, run: &RunTrace, of: usize, view: &View) -> Vec<Line> {
    let ruler = ruler::draw(flow, run, view);
    if ruler.is_empty() {
        return Vec::new();
    }
    let mut lines = vec![Line::new()];
    if of > 1 {
        let name = Line::of(
            words::direction(view.lang, flow.direction, run),
            Ink::Strong,
        );
        lines.extend(indent(vec![name], INDENT));
    }
    lines.extend(ruler);
    lines
}

/// What was found out, and how the run came out.
pub(super) fn verdicts(run: &RunTrace, report: &Report, view: &View) -> [Block<'static>; 2] {
    [
        Block::Findings(findings::findings(run, report, view)),
        Block::Findings(claims::outcome(run, report, view)),
    ]
}
