//! What made the difference between runs, as far as it is shown.

use std::collections::BTreeSet;

use super::Cause;
use super::aspect::Parted;
use crate::report::differ::{Difference, Facet};
use crate::report::{Direction, Fate, Flow};

/// What made the difference, of runs of which something differs.
pub(super) fn cause(runs: &[Parted<'_>], scripts: Option<&[Difference]>) -> Cause {
    let Some(scripts) = scripts else {
        return Cause::Elsewhere;
    };
    let differs = |wanted: Facet| scripts.iter().any(|found| found.facet == wanted);
    let contradicts = |run: &Parted<'_>| {
        let mut flows = run.report.flows.iter();
        flows.any(Flow::came_wrong)
    };
    match scripts {
        _ if runs.iter().any(|run| run.run.unseen().is_some()) => Cause::Elsewhere,
        _ if runs.iter().any(|run| run.run.interrupted) => Cause::CutShort,
        _ if runs.iter().any(contradicts) => Cause::Contradiction,
        [] => Cause::NotTheScripts,
        _ if transport_kept_edges(runs) && !differs(Facet::Framing) => Cause::Transport,
        _ if differs(Facet::Framing) && !differs(Facet::Transport) && decoder_found_all(runs) => {
            Cause::Framing
        }
        [only] if only.facet != Facet::Rest => Cause::One(only.facet),
        _ => Cause::Several,
    }
}

/// Whether some of the runs, not all, go over a transport that keeps edges, and every other one
/// lost some.
fn transport_kept_edges(runs: &[Parted<'_>]) -> bool {
    let keeps = |run: &Parted<'_>| run.run.transport.keeps_edges();
    runs.iter().any(keeps)
        && !runs.iter().all(keeps)
        && runs.iter().all(|run| {
            let flows = &run.report.flows;
            let lost = flows.iter().any(lost_edges);
            if keeps(run) {
                let mut edges = flows.iter().flat_map(|flow| &flow.edges);
                edges.any(|edge| edge.fate == Fate::Kept) && !lost
            } else {
                lost
            }
        })
}

fn lost_edges(flow: &Flow) -> bool {
    let mut edges = flow.edges.iter();
    edges.any(|edge| matches!(edge.fate, Fate::Lost(_)))
}

/// Whether some of the runs, not all, have a decoder, and each brought all messages back, of which
/// every other one lost the edges, or which it tore.
fn decoder_found_all(runs: &[Parted<'_>]) -> bool {
    let decodes = |run: &Parted<'_>| run.report.flows.iter().any(|flow| flow.decoded.is_some());
    let (with, without): (Vec<_>, Vec<_>) = runs.iter().partition(|run| decodes(run));
    let found = |run: &Parted<'_>| {
        let flows = run.report.flows.iter();
        let mut read = flows.filter(|flow| flow.decoded.is_some());
        read.all(|flow| {
            let nothing_else = flow.delivery.strangers().next().is_none();
            flow.refused.is_none() && flow.delivery.all_came() && nothing_else
        })
    };
    let directions: BTreeSet<Direction> = with
        .iter()
        .flat_map(|run: &&Parted<'_>| run.report.flows.iter())
        .filter(|flow| flow.decoded.is_some())
        .map(|flow| flow.direction)
        .collect();
    let torn = |run: &&Parted<'_>| {
        let mut flows = run.report.flows.iter();
        flows.any(|flow| {
            directions.contains(&flow.direction) && (lost_edges(flow) || !flow.cuts.is_empty())
        })
    };
    !with.is_empty()
        && !without.is_empty()
        && with.iter().all(|run| found(run))
        && without.iter().all(torn)
}
