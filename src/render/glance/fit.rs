//! What finds room on a screen: the picture's point first.

use super::others::MostOthers;
use super::{INDENT, ROWS, at_the_end};
use crate::render::paint::{Ink, Line};
use crate::render::{View, timeline};
use timeline::Tells;

/// The least of the picture that still shows something, its heading among it.
const LEAST_PICTURE: usize = 7;
/// As many rows as a picture takes that has much to say.
const FULL_PICTURE: usize = 12;
/// The most rows of a screen.
const MOST_ROWS: usize = 29;

/// Puts the parts below one another, the picture first and in what room is left. Of the free lines
/// before them the least needed go first, then what is said at length, so that what makes the point
/// of the picture stays.
pub(super) fn fitted(
    above: usize,
    parts: impl Fn(Most) -> [Vec<Line>; 3],
    picture: &timeline::Glance,
    beside: [Option<&str>; 2],
    view: &View,
) -> Vec<Line> {
    let mut shortest = None;
    for most in Most::EVER_LESS {
        let parts = parts(most);
        let fixed = above + parts.iter().map(Vec::len).sum::<usize>();
        let room = ROWS.saturating_sub(fixed + 1);
        let (lines, tells) = picture.within(room.max(LEAST_PICTURE), view);
        if tells >= most.tells && lines.len() <= room {
            let spare = room - lines.len();
            return with_free_lines(lines, parts, spare, beside, view);
        }
        shortest = Some((parts, fixed));
    }
    let (parts, fixed) = shortest.expect("there is a least");
    let room = |rows: usize| rows.saturating_sub(fixed + 1).max(LEAST_PICTURE);
    // The lowest of those that tell most.
    let rooms = room(ROWS)..=room(MOST_ROWS).min(FULL_PICTURE);
    let pictures = rooms.map(|room| picture.within(room, view)).rev();
    let lines = pictures.max_by_key(|(_, tells)| (*tells).min(Tells::All));
    let lines = lines.map_or_else(Vec::new, |(lines, _)| lines);
    with_free_lines(lines, parts, 0, beside, view)
}

/// Of findings, and of lines on other runs, so many at the most.
#[derive(Clone, Copy)]
pub(super) struct Most {
    pub(super) found: usize,
    pub(super) others: MostOthers,
    /// How much of the picture has to stand beside it.
    tells: Tells,
}

impl Most {
    const EVER_LESS: [Self; 5] = [
        Self::of(4, 6, false, Tells::Whole),
        Self::of(4, 4, false, Tells::All),
        Self::of(3, 3, true, Tells::All),
        Self::of(2, 3, true, Tells::All),
        Self::of(2, 2, true, Tells::All),
    ];

    const fn of(found: usize, lines: usize, brief: bool, tells: Tells) -> Self {
        let others = MostOthers { lines, brief };
        Self {
            found,
            others,
            tells,
        }
    }
}

/// The parts below one another, with so many free lines, and one in any case.
fn with_free_lines(
    picture: Vec<Line>,
    [ruler, verdict, foot]: [Vec<Line>; 3],
    spare: usize,
    [direction, claim]: [Option<&str>; 2],
    view: &View,
) -> Vec<Line> {
    const VERDICT: usize = 2;
    /// The parts before which there is a free line, the one that is given up last in front.
    const FREE: [usize; 4] = [VERDICT, 0, 3, 1];
    let free = &FREE[..(spare + 1).min(FREE.len())];
    let parts = [picture, ruler, verdict, foot];
    let mut lines = Vec::new();
    for (place, part) in parts.into_iter().enumerate() {
        // That a lab's author was right is small print: it is no praise of the program shown.
        let [direction, claim] =
            [direction, claim].map(|says| says.filter(|_| place == VERDICT).unwrap_or_default());
        if free.contains(&place) && !part.is_empty() {
            let mut line = Line::new();
            line.pad_to(INDENT * usize::from(!direction.is_empty()));
            line.text(direction);
            lines.push(at_the_end(line, claim, Ink::Faint, view));
        }
        lines.extend(part);
    }
    lines
}
