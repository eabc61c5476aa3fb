//! What both sides of a run are told to do, before anything is known of what came of it.

use super::paint::{Ink, Line};
use super::words::{self, script::steps};
use super::{View, page, timeline, wrap};
use crate::event::{RunTrace, Side};
use crate::lab::file::Run;
use crate::lang::Lang;

/// Between the two columns.
const GAP: usize = 3;

/// Client and server beside one another; nothing of a run that follows no script.
pub(super) fn draw(run: &RunTrace, view: &View) -> Vec<Line> {
    let Some(run) = &Run::of(run) else {
        return Vec::new();
    };
    let room = page::measure(view);
    let half = (room - GAP) / 2;
    let column = |me: Side| {
        let mut lines = vec![Line::of(words::side(view.lang, me), Ink::Heading)];
        for (deep, step) in steps(run, me, view.lang) {
            let deeper = 2 * deep;
            let parts = wrap::text(&step, half - deeper - 2, Ink::Plain);
            for (i, part) in parts.iter().enumerate() {
                let mut line = Line::new();
                line.pad_to(deeper + 2 * usize::from(i > 0)).append(part);
                lines.push(line);
            }
        }
        lines
    };
    let [client, server] = [Side::Client, Side::Server].map(column);
    let behind = page::INDENT + half + GAP;
    timeline::beside(&[(page::INDENT, client), (behind, server)])
}

/// The same, one fact a line.
pub(super) fn facts(run: &RunTrace, lang: Lang) -> Vec<String> {
    let Some(run) = &Run::of(run) else {
        return Vec::new();
    };
    let of = |me: Side| {
        let steps = steps(run, me, lang).into_iter();
        steps.map(move |(_, step)| words::script::of_side(lang, me, &step))
    };
    Side::BOTH.into_iter().flat_map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lab;

    #[test]
    fn every_step_of_the_catalogue_is_told_in_both_languages() {
        for lab in lab::catalogue().expect("the catalogue") {
            for run in &lab.file.runs {
                for lang in [Lang::En, Lang::Zh] {
                    for fact in facts(&run.record(), lang) {
                        assert!(
                            !fact.trim_end().ends_with([':', '：'])
                                || fact.contains("times:")
                                || fact.contains('次'),
                            "{}: {fact}",
                            lab.slug
                        );
                    }
                }
            }
        }
    }
}
