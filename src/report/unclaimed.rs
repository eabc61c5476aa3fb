//! What went wrong in a run without the lab's having claimed it.

use super::claims::{Check, Claim};
use crate::event::{Action, Event, UNSUPPORTED, Undone};
use crate::frame::FrameError;

/// What went wrong and is not claimed. Whether a claim of it came true is for that claim to say.
#[derive(Default)]
pub(super) struct Unclaimed<'a> {
    /// Whether calls failed.
    pub(super) failed: bool,
    /// The first refusal of a decoder.
    pub(super) refused: Option<&'a FrameError>,
    /// The first steps that were left undone, unless what came before them is claimed.
    pub(super) undone: Option<&'a Undone>,
}

impl<'a> Unclaimed<'a> {
    /// Of a run in which the calls at these places failed.
    pub(super) fn of(events: &'a [Event], failed: &[usize], checks: &[Check]) -> Self {
        let is_claimed = |claim: Claim| checks.iter().any(|check| check.claim == claim);
        let mut errors = failed.iter().filter_map(|i| events[*i].error.as_deref());
        // Without an option that this system does not have, the run goes on.
        let failed = errors.any(|error| error != UNSUPPORTED);
        let mut decoders = events.iter().filter_map(|event| event.action.decoder());
        let refused = decoders.find_map(|decoder| decoder.refused.as_ref());
        let gave_up = events.iter().any(|event| {
            let text = event.action.read().and_then(|read| read.text.as_ref());
            text.is_some_and(|text| text.failed)
        });
        let undone = events.iter().find_map(|event| match &event.action {
            Action::Undone(undone) => Some(undone),
            _ => None,
        });
        let is_excused = failed && is_claimed(Claim::Errors)
            || refused.is_some() && is_claimed(Claim::Refused)
            || gave_up && is_claimed(Claim::Texts);
        Self {
            failed: failed && !is_claimed(Claim::Errors),
            refused: refused.filter(|_| !is_claimed(Claim::Refused)),
            undone: undone.filter(|_| !is_excused),
        }
    }

    pub(super) fn is_something(&self) -> bool {
        self.failed || self.refused.is_some() || self.undone.is_some()
    }
}
