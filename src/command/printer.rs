//! What is printed of labs and runs, in the form that was asked for.

use super::speak::say;
use super::{Exit, explain_ascii, print, view, warn};
use crate::cli::{Packets, Show};
use crate::event::{LabInfo, RunTrace};
use crate::render::{self, View};
use crate::report::Report;

/// What is printed of labs and runs, in the form that was asked for.
pub(super) struct Printer {
    pub(super) view: View,
    pub(super) json: bool,
    pub(super) plain: bool,
}

impl Printer {
    pub(super) fn new(show: &Show, has_evidence: bool) -> Result<Self, Exit> {
        let (mut view, narrow) = view(&show.look, has_evidence)?;
        if !show.json {
            explain_ascii(&show.look);
        }
        let plain = show.plain || (narrow.is_some() && !show.json);
        if plain && !show.plain {
            let least = render::NARROWEST;
            warn(&say(
                format!(
                    "this terminal is too narrow for the pictures ({least} columns at least); \
                     here is --plain"
                ),
                format!("终端太窄，画不下图（至少要 {least} 列）；下面是 --plain 的形式"),
            ));
            // Facts fit any window, as long as their words are kept whole.
            view.width = narrow.unwrap_or(view.width);
        }
        Ok(Self {
            view,
            json: show.json,
            plain,
        })
    }

    /// The same with so much of the wire drawn.
    pub(super) fn showing(mut self, wire: Option<Packets>) -> Self {
        self.view.wire = wire.map(Into::into).unwrap_or_default();
        self
    }

    pub(super) fn opening(&self, lab: &LabInfo, runs: &[&str]) -> Result<(), Exit> {
        print(&match () {
            () if self.json => render::json::opening(lab, runs, self.view.lang),
            () if self.plain => render::plain_opening(lab, &self.view),
            () => render::opening(lab, &self.view),
        })
    }

    pub(super) fn run(&self, lab: &LabInfo, run: &RunTrace, report: &Report) -> Result<(), Exit> {
        print(&match () {
            () if self.json => render::json::run(run, report),
            () if self.plain => render::plain_run(lab, run, report, &self.view),
            () => render::run(lab, run, report, &self.view),
        })
    }

    /// What follows the last run.
    pub(super) fn closing(&self, lab: &LabInfo) -> String {
        match () {
            () if self.json => String::new(),
            () if self.plain => render::plain_closing(lab, &self.view),
            () => render::closing(lab, &self.view),
        }
    }
}
