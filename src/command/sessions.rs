//! Runs that are over, one by one: each is begun, waited for, and judged here.

use std::rc::Rc;
use std::thread;
use std::vec;

use super::sources::{Begun, Source};
use super::{Exit, Status, interrupt};
use crate::event::{LabInfo, RunTrace};
use crate::report::{self, Report, Reported};
use crate::wire::Frame;

/// A run that is over, and what is to be said of it.
pub(super) struct Session {
    pub(super) lab: Rc<LabInfo>,
    pub(super) run: RunTrace,
    pub(super) report: Report,
    /// Its packets, where they are kept whole.
    pub(super) frames: Vec<Frame>,
}

impl Session {
    pub(super) fn reported(&self) -> Reported<'_> {
        Reported {
            lab: &self.lab,
            run: &self.run,
            report: &self.report,
        }
    }

    pub(super) fn has_evidence(&self) -> bool {
        !self.lab.evidence.is_empty()
    }
}

/// Runs one after the other.
pub(super) struct Sessions {
    sources: vec::IntoIter<Source>,
    begun: Option<(Rc<LabInfo>, Begun)>,
    ahead: bool,
}

impl Sessions {
    /// Each is done when it is asked for.
    pub(super) fn of(sources: Vec<Source>) -> Self {
        Self {
            sources: sources.into_iter(),
            begun: None,
            ahead: false,
        }
    }

    /// Each goes on while the one before it is drawn: the first begins here.
    pub(super) fn ahead(sources: Vec<Source>) -> Self {
        let mut sessions = Self::of(sources);
        sessions.ahead = true;
        sessions.begin();
        sessions
    }

    /// Does them all. After Ctrl-C there is nothing to be shown.
    pub(super) fn all(self) -> Result<Vec<Session>, Exit> {
        let mut all = Vec::new();
        for session in self {
            all.push(session?);
            if interrupt::was_pressed() {
                return Err(Exit::Quit);
            }
        }
        Ok(all)
    }

    fn begin(&mut self) {
        let next = self.sources.next();
        self.begun = next.map(|source| (source.lab.clone(), source.begin()));
        // Where the cores are taken, its threads go first: what is drawn meanwhile can wait.
        thread::yield_now();
    }
}

impl Iterator for Sessions {
    type Item = Result<Session, Exit>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.begun.is_none() {
            self.begin();
        }
        let (lab, begun) = self.begun.take()?;
        Some(begun().map(|(run, frames)| {
            if self.ahead && !run.interrupted {
                self.begin();
            }
            let report = report::build(&run, !lab.evidence.is_empty());
            Session {
                lab,
                run,
                report,
                frames,
            }
        }))
    }
}

/// Does a run, and waits for its end.
pub(super) fn one(source: Source) -> Result<Session, Exit> {
    let mut sessions = Sessions::of(vec![source]);
    sessions.next().expect("the one that was given")
}

/// How the worst of them came out.
pub(super) fn worst(sessions: &[Session]) -> Status {
    let each = sessions.iter().map(|session| session.report.outcome.into());
    each.max().unwrap_or(Status::AsExpected)
}
