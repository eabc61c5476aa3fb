//! What became of edges, where messages were cut.

use indexmap::IndexMap;

use super::names::{Names, edge_name};
use super::{Finding, shorten};
use crate::event::{Action, Event, Label, RunTrace};
use crate::render::View;
use crate::render::paint::{Ink, Line};
use crate::report::{Cut, CutBy, Fate, Flow, LostIn};
use crate::words;

pub(super) fn edges(flow: &Flow, run: &RunTrace, view: &View) -> Vec<Finding> {
    let lang = view.lang;
    let over = run.transport;
    // Edges of which the same is to be said are said together.
    let mut groups: IndexMap<String, (Fate, Names)> = IndexMap::new();
    for (place, edge) in flow.edges.iter().enumerate() {
        let says = match edge.fate {
            Fate::Kept => words::edge_kept(lang).into(),
            Fate::NotRead if flow.datagrams.is_some() => {
                words::edge_not_seen(lang, flow.neither_came(place)).into()
            }
            Fate::NotRead if edge.offset <= flow.ranges.missing => words::edge_missing(lang).into(),
            Fate::NotRead => words::edge_not_read(lang).into(),
            Fate::NotRecorded => words::edge_not_recorded(lang).into(),
            Fate::Lost(_) => {
                let by = edge
                    .lost_by
                    .map(|read| words::calls::read_name(&run.events[read]));
                let by = by.unwrap_or_default();
                words::edge_lost(lang, edge.said, &by, view.has_evidence, over, edge.unproven)
            }
        };
        let (_, names) = groups
            .entry(says)
            .or_insert_with(|| (edge.fate, Names::default()));
        names.add(|| edge_name(edge.between));
    }
    let found = groups.into_iter().map(|(says, (fate, names))| {
        let ink = match fate {
            Fate::Kept => Ink::Good,
            // What the framing brought back is no loss to the program.
            _ if flow.is_restored() => Ink::Plain,
            Fate::Lost(LostIn::Sender | LostIn::ReceiveQueue) => Ink::Bad,
            _ => Ink::Plain,
        };
        Finding::new(names.line(), says, ink)
    });
    found.collect()
}

fn left_after(event: &Event) -> Option<u64> {
    match &event.action {
        Action::Recv(read) => read.left,
        _ => None,
    }
}

pub(super) fn cuts(flow: &Flow, events: &[Event], view: &View) -> Vec<Finding> {
    // Messages of which the same is to be said are named together.
    let mut groups: IndexMap<String, (Ink, Names)> = IndexMap::new();
    let same = |a: &Cut, b: &Cut| {
        (a.message, a.by) == (b.message, b.by)
            && words::calls::read_name(&events[a.read]) == words::calls::read_name(&events[b.read])
    };
    for group in flow.cuts.chunk_by(same) {
        let first = &group[0];
        let places: Vec<u64> = group.iter().map(|cut| cut.after).collect();
        let read = &events[first.read];
        let says = words::cut(
            view.lang,
            &places,
            first.of,
            first.by,
            &words::calls::read_name(read),
            left_after(read),
        );
        let ink = match first.by {
            CutBy::Undetermined => Ink::Plain,
            _ if flow.is_restored() => Ink::Plain,
            CutBy::Buffer | CutBy::Arrival => Ink::Bad,
        };
        let (_, names) = groups
            .entry(says)
            .or_insert_with(|| (ink, Names::default()));
        names.add(|| label(first.message));
    }
    let groups = groups.into_iter();
    let found = groups.map(|(says, (ink, names))| Finding::new(names.line(), says, ink));
    shorten(found, view)
}

fn label(label: Label) -> Line {
    Line::of(label.to_string(), Ink::Owner(label))
}

pub(super) fn cut_datagrams(flow: &Flow, events: &[Event], view: &View) -> Vec<Finding> {
    let reads = flow.ranges.reads.iter().zip(&flow.ranges.matched);
    let found = reads.filter_map(|(read, place)| {
        let got = events[read.event].action.read()?;
        let gone = got.truncated.filter(|gone| *gone > 0)?;
        let says = words::datagram_cut(view.lang, got.hex.0.len() as u64, gone);
        let about = label(flow.ranges.messages[*place].label);
        Some(Finding::new(about, says, Ink::Bad))
    });
    shorten(found, view)
}
