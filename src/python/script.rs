//! What a program has to know of its steps before it is written.

use std::collections::{HashMap, HashSet};

use crate::event::{Barrier, PayloadSource};
use crate::frame;
use crate::lab::file::{Framing, Step, each};

/// Whether a step, or one inside a repeat or a try, is such a one.
pub(super) fn any<'a>(steps: &'a [Step], is_so: impl FnMut(&'a Step) -> bool) -> bool {
    each(steps).into_iter().any(is_so)
}

/// Whether a step makes a connection.
pub(super) fn opens(step: &Step) -> bool {
    matches!(step, Step::Connect | Step::Accept) || opens_in_try(step)
}

/// Whether a step makes a connection, which may fail.
pub(super) fn opens_in_try(step: &Step) -> bool {
    matches!(step, Step::Try(inner) if opens(inner))
}

/// The steps that a step repeats.
pub(super) fn repeated(step: &Step) -> Option<&[Step]> {
    match step {
        Step::Repeat(repeat) => Some(&repeat.steps),
        _ => None,
    }
}

/// Whether a step closes the connection as a `with` does at its end.
pub(super) fn closes(step: &Step) -> bool {
    matches!(step, Step::Close)
}

/// Whether a step closes the connection with a reset.
pub(super) fn aborts(step: &Step) -> bool {
    matches!(step, Step::Abort)
}

/// Whether a step sets options of a socket.
pub(super) fn sets(step: &Step) -> bool {
    matches!(step, Step::Set(_))
}

/// Whether the lab is about having an address again: then it is left as it is.
pub(super) fn is_about_reuse(steps: &[Step]) -> bool {
    let sets_it = |step: &Step| matches!(step, Step::Set(set) if set.reuse_address.is_some());
    any(steps, |step| matches!(step, Step::Listen(_)))
        || steps.iter().take_while(|step| sets(step)).any(sets_it)
}

/// Whether datagrams come to this side.
pub(super) fn is_answered(steps: &[Step]) -> bool {
    any(steps, |step| matches!(step, Step::Recvfrom(_)))
}

/// The framing of what is read, that of its first read, and whether reads have several sizes.
pub(super) fn reads_frames(
    steps: &[Step],
    usual: Option<Framing>,
) -> Option<(frame::Framing, bool)> {
    let (mut framing, mut several) = (None, false);
    for step in each(steps) {
        if let Step::RecvFrames(frames) = step {
            framing = framing.or(frames.framing.or(usual));
            several |= frames.sizes.len() > 1;
        }
    }
    framing.map(|framing| (framing.0, several))
}

/// The signals that one client gives and another one awaits.
pub(super) fn signals_between(clients: &[&[Step]]) -> Vec<String> {
    let steps: Vec<&Step> = clients.iter().flat_map(|steps| each(steps)).collect();
    let awaited = steps.iter().filter_map(|step| match step {
        Step::Await(Barrier::Signal(name)) => Some(name),
        _ => None,
    });
    let mut awaited: HashSet<&String> = awaited.collect();
    let given = steps.iter().filter_map(|step| match step {
        // Each once, where it is given first.
        Step::Signal(name) => awaited.take(name).cloned(),
        _ => None,
    });
    given.collect()
}

/// How many times a side sleeps before it gives each of its words first, after what it sent last.
pub(super) fn waits_before_words(steps: &[Step]) -> HashMap<&str, u32> {
    let mut waits = 0;
    let mut before = HashMap::new();
    for step in each(steps) {
        match step {
            Step::Signal(name) => {
                before.entry(name.as_str()).or_insert(waits);
            }
            Step::Await(Barrier::Sent | Barrier::Acked) => {}
            Step::Await(_) | Step::States(_) => waits += 1,
            // The other side notices that the program has come so far.
            Step::Send(_)
            | Step::SendFrame(_)
            | Step::SendSome(_)
            | Step::SendLoop(_)
            | Step::Sendto(_)
            | Step::SendAnswer
            | Step::SendAnswerSize(_)
            | Step::SendAnswerFrame(_) => waits = 0,
            _ => {}
        }
    }
    before
}

/// Whether a step, not counting those of a repeat inside it, names the round.
pub(super) fn says_round(step: &Step) -> bool {
    let source = step.payload().map(|payload| &payload.source);
    matches!(source, Some(PayloadSource::Text(text, _)) if text.contains("{n}"))
}
