//! All beliefs, one below the other.

use super::{TEXT, belief, judged, number, proof_line, reason, title};
use crate::lab::myth::{Myth, Myths};
use crate::render::block::Document;
use crate::render::paint::{Ink, Line};
use crate::render::plain::unmarked;
use crate::render::{View, timeline, wrap};
use crate::words;

/// From this width on the reason stands beside the belief.
const TWO_COLUMNS: usize = 130;

/// Every belief with its verdict, its reason and its proof.
pub fn myths<'a>(myths: &Myths, view: &'a View) -> Document<'a> {
    Document::new(view).either(|| draw(myths, view), || facts(myths, view))
}

fn draw(myths: &Myths, view: &View) -> Vec<Line> {
    let lang = view.lang;
    let mut lines = Vec::new();
    for theme in &myths.themes {
        lines.push(Line::of(unmarked(theme.title.get(lang)), Ink::Heading));
        for myth in &theme.myths {
            if view.width < TWO_COLUMNS {
                lines.extend(stacked(myth, view));
            } else {
                lines.extend(side_by_side(myth, view));
            }
        }
        lines.push(Line::new());
    }
    let example = myths.iter().next().map_or(1, |myth| myth.number);
    let hint = words::myths::hint(lang, example);
    lines.extend(wrap::text(&hint, view.width, Ink::Plain));
    lines
}

fn stacked(myth: &Myth, view: &View) -> Vec<Line> {
    let width = view.width - TEXT;
    let mut texts = belief(myth, width, view);
    texts.extend(reason(myth, width, view));
    texts.push(proof_line(myth, view));
    timeline::beside(&[number(myth), (TEXT, texts)])
}

fn side_by_side(myth: &Myth, view: &View) -> Vec<Line> {
    const GAP: usize = 3;
    let left = (view.width - TEXT - GAP) * 2 / 5;
    let behind = TEXT + left + GAP;
    let mut reason = reason(myth, view.width - behind, view);
    reason.push(proof_line(myth, view));
    timeline::beside(&[
        number(myth),
        (TEXT, belief(myth, left, view)),
        (behind, reason),
    ])
}

fn facts(myths: &Myths, view: &View) -> Vec<String> {
    let mut lines = Vec::new();
    for theme in &myths.themes {
        let theme_title = unmarked(theme.title.get(view.lang));
        for myth in &theme.myths {
            let name = title(myth, view);
            let belief = unmarked(&myth.says(view.lang).belief);
            lines.push(format!("{name}: {theme_title}: {belief}"));
            lines.push(format!("{name}: {}", judged(myth, view)));
            lines.push(format!("{name}: {}", proof_line(myth, view).words()));
        }
    }
    lines
}
