//! What the first screen says of what was found out.

use crate::event::RunTrace;
use crate::render::findings::{self, Finding};
use crate::render::paint::{Ink, Line};
use crate::render::{View, claims, page, words};
use crate::report::{Outcome, Report};

/// A claim that did not come true, where edges were lost and what cut messages, what failed, what
/// the sender's kernel held back.
pub(super) struct Found {
    /// In the order in which it is read best.
    all: Vec<Finding>,
    /// The same, what is needed most in front.
    by_need: Vec<Finding>,
    held: Vec<Finding>,
}

impl Found {
    pub(super) fn of(run: &RunTrace, report: &Report, view: &View) -> Self {
        let mut claimed = Vec::new();
        if report.outcome != Outcome::AsExpected {
            claimed.extend(claims::outcome(run, report, view));
        }
        let mut bad = findings::findings(run, report, view);
        bad.retain(|finding| finding.ink == Ink::Bad);
        // Of files it is said above what became of them.
        let files = report.flows.iter().flat_map(|flow| &flow.files);
        let files: Vec<String> = files.map(|file| words::received(view.lang, file)).collect();
        bad.retain(|finding| !files.contains(&finding.says));
        // What the program got wrong is more than where the edges went.
        let trouble = findings::trouble(run, report, view);
        let is_trouble = |finding: &Finding| trouble.iter().any(|it| it.says == finding.says);
        let mut by_need = bad.clone();
        by_need.sort_by_key(|finding| !is_trouble(finding));
        Self {
            all: [claimed.clone(), bad].concat(),
            by_need: [claimed, by_need].concat(),
            held: findings::held(report.foremost(), run, report, view),
        }
    }

    /// So many findings, and one in any case.
    pub(super) fn draw(&self, most: usize, view: &View) -> Vec<Line> {
        let room = most.saturating_sub(self.held.len()).max(1);
        let mut found = self.all.clone();
        if found.len() > room {
            let kept = room.saturating_sub(1).max(1);
            let more = found.len() - kept;
            found = self.by_need[..kept].to_vec();
            found.push(Finding::plain(words::more_like_these(view.lang, more)));
        }
        found.extend(self.held.iter().cloned());
        page::findings(&found, view)
    }
}
