//! Datagrams: each comes whole, cut to the buffer, or, where that can happen, not at all.

use super::model::{Act, Calls, Model};
use super::{Broken, Legal, Range, Reads, Rule, find};
use crate::event::Side;

/// The datagrams that a side sends, as ranges of what it writes.
fn sent(script: &Model, from: Side) -> Vec<Range> {
    let ends = &script.written(from).ends;
    let starts = std::iter::once(0).chain(ends.iter().copied());
    starts.zip(ends.iter().copied()).collect()
}

/// What each call of the reader asks for, without an end where it reads all that come.
fn sizes(script: &Model, from: Side) -> impl Iterator<Item = u64> {
    let acts = script.acts(from.other()).iter();
    acts.flat_map(|act| match act {
        Act::Read(Calls::Once(size)) => std::iter::repeat_n(*size, 1),
        Act::Read(Calls::ToEnd(size)) => std::iter::repeat_n(*size, usize::MAX),
        _ => std::iter::repeat_n(0, 0),
    })
}

fn cut((start, end): Range, asked: u64) -> Range {
    (start, end.min(start + asked))
}

pub(super) fn check(script: &Model, from: Side, reads: &[&[u8]]) -> Result<(), Broken> {
    let Some(bytes) = script.written(from).bytes.as_deref() else {
        return Ok(());
    };
    let part = |(start, end): Range| {
        let range = usize::try_from(start).ok().zip(usize::try_from(end).ok());
        range.map_or(&[][..], |(start, end)| &bytes[start..end])
    };
    let sent = sent(script, from);
    let mut sizes = sizes(script, from);
    let mut next = 0;
    for (read, got) in reads.iter().enumerate() {
        let broken = |rule| Err(Broken { read, rule });
        let Some(asked) = sizes.next() else {
            return broken(Rule::NoSuchRead);
        };
        let is_it = |datagram: &Range| part(cut(*datagram, asked)) == *got;
        if let Some(skipped) = sent[next..].iter().position(is_it) {
            if skipped > 0 && !script.may_lose {
                return broken(Rule::Skipped((sent[next].0, sent[next + skipped].0)));
            }
            next += skipped + 1;
            continue;
        }
        let holds = |datagram: &Range| find(part(*datagram), got, 0);
        return broken(if got.len() as u64 > asked {
            Rule::OverSize { asked }
        } else if sent.iter().any(is_it) {
            Rule::Order
        } else if sent.iter().any(|datagram| holds(datagram) == Some(0)) {
            Rule::CutShort
        } else if sent.iter().any(|datagram| holds(datagram).is_some()) {
            Rule::Gone
        } else if find(bytes, got, 0).is_some() {
            Rule::Merged
        } else {
            Rule::NotWritten
        });
    }
    if !script.may_lose && next < sent.len() && sizes.next().is_some() {
        return Err(Broken {
            read: reads.len(),
            rule: Rule::Returns,
        });
    }
    Ok(())
}

pub(super) fn enumerate(script: &Model, most: usize) -> Legal {
    let mut outcomes = vec![Reads::default()];
    let mut complete = true;
    for from in Side::BOTH {
        let (directions, all) = subsets(script, from, most);
        complete &= all;
        let each = outcomes.iter().flat_map(|before| {
            directions.iter().map(|reads| {
                let mut outcome = before.clone();
                outcome.0[from.index()].clone_from(reads);
                outcome
            })
        });
        outcomes = each.collect();
    }
    complete &= outcomes.len() <= most;
    outcomes.truncate(most);
    Legal { outcomes, complete }
}

/// Every choice of datagrams that get through, those with the fewest lost first.
fn subsets(script: &Model, from: Side, most: usize) -> (Vec<Vec<Range>>, bool) {
    let sent = sent(script, from);
    let asked: Vec<u64> = sizes(script, from).take(sent.len()).collect();
    // How many come, and then which ones: a row of as many places, counted up like an odometer.
    let mut found: Vec<Vec<Range>> = Vec::new();
    let least = if script.may_lose { 0 } else { asked.len() };
    for come in (least..=asked.len()).rev() {
        let mut places: Vec<usize> = (0..come).collect();
        loop {
            if found.len() >= most {
                return (found, false);
            }
            let reads = places.iter().zip(&asked);
            found.push(
                reads
                    .map(|(place, asked)| cut(sent[*place], *asked))
                    .collect(),
            );
            let can_move = |i: &usize| places[*i] + come - i < sent.len();
            let next = (0..come).rev().find(can_move).filter(|_| script.may_lose);
            let Some(i) = next else {
                break;
            };
            let from = places[i] + 1;
            for (step, place) in places[i..].iter_mut().enumerate() {
                *place = from + step;
            }
        }
    }
    (found, true)
}
