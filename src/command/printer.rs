//! What is printed of labs and runs, in the form that was asked for.

use super::output::print_each;
use super::sessions::Session;
use super::{Exit, lang, print, warn};
use crate::cli::{Amount, Look, Packets, Page, Show};
use crate::event::LabInfo;
use crate::render::{self, Colour, Detail, Document, Form, View};
use crate::screen::{self, Environment};
use crate::words::command as words;

/// The form that was asked for, and how to draw in it.
pub(super) struct Printer {
    pub(super) view: View,
    pub(super) json: bool,
    /// Standard output is taken by something else.
    pub(super) silent: bool,
}

impl Printer {
    pub(super) fn new(show: &Show, has_evidence: bool) -> Result<Self, Exit> {
        let (mut view, narrow) = view(&show.look, has_evidence)?;
        // Question marks stand where the labs have Chinese, and nobody asked for that.
        if !show.json && Environment::of_process().keeps_to_ascii(&show.look) {
            warn(words::kept_to_ascii());
        }
        if show.plain {
            view.form = Form::Plain;
        } else if let (Some(columns), false) = (narrow, show.json) {
            warn(&words::too_narrow(lang(), render::NARROWEST));
            // Facts fit any window, as long as their words are kept whole.
            view.form = Form::Plain;
            view.width = columns;
        }
        Ok(Self {
            view,
            json: show.json,
            silent: false,
        })
    }

    /// For what is read by people alone, and needs no run.
    pub(super) fn of_page(page: &Page) -> Result<Self, Exit> {
        Self::new(&Show::from(page), true)
    }

    /// The same, with what makes the point in place of all, if nobody asked for more.
    pub(super) fn at_a_glance(mut self, amount: Amount) -> Self {
        if !amount.full {
            self.view.detail = Detail::Glance;
        }
        self.view.hex = amount.hex;
        self
    }

    /// Whether a lab is drawn on one screen.
    pub(super) fn is_at_a_glance(&self) -> bool {
        !self.json && !self.silent && self.view.form == Form::Picture && self.view.is_glance()
    }

    /// The same with so much of the wire drawn.
    pub(super) fn showing(mut self, wire: Option<Packets>) -> Self {
        self.view.wire = wire.map(Into::into).unwrap_or_default();
        // Who asks for packets wants to see them all.
        if wire.is_some() {
            self.view.detail = Detail::Full;
        }
        self
    }

    /// Whether a kernel was asked may differ from lab to lab, where they were recorded.
    pub(super) fn turn_to(&mut self, lab: &LabInfo) {
        self.view.has_evidence = !lab.evidence.is_empty();
    }

    pub(super) fn opening(&self, lab: &LabInfo, runs: &[&str]) -> Result<(), Exit> {
        self.either(
            || render::json::opening(lab, runs, self.view.lang),
            |view| render::opening(lab, view),
        )
    }

    pub(super) fn run(&self, session: &Session) -> Result<(), Exit> {
        let Session {
            lab, run, report, ..
        } = session;
        if self.silent {
            return Ok(());
        }
        if self.json {
            return print_each(render::json::lines(run, report));
        }
        print(&render::run(lab, run, report, &self.view).finish())
    }

    /// What follows the last run.
    pub(super) fn closing(&self, lab: &LabInfo) -> String {
        if self.json || self.silent {
            String::new()
        } else {
            render::closing(lab, &self.view).finish()
        }
    }

    /// Prints what is a line of JSON for programs and a page for people.
    pub(super) fn either<'a>(
        &'a self,
        json: impl FnOnce() -> String,
        page: impl FnOnce(&'a View) -> Document<'a>,
    ) -> Result<(), Exit> {
        if self.silent {
            Ok(())
        } else if self.json {
            print(&json())
        } else {
            print_page(page(&self.view))
        }
    }

    /// Prints a list: a line of JSON for each thing in it, or a page for people.
    pub(super) fn each<'a, T>(
        &'a self,
        all: impl IntoIterator<Item = T>,
        json: impl Fn(T) -> String,
        page: impl FnOnce(&'a View) -> Document<'a>,
    ) -> Result<(), Exit> {
        if self.json {
            print_each(all.into_iter().map(json))
        } else {
            print_page(page(&self.view))
        }
    }

    /// What stands between two labs.
    pub(super) fn between(&self) -> Result<(), Exit> {
        if self.json || self.silent {
            Ok(())
        } else {
            print("\n\n")
        }
    }
}

/// Prints a page.
pub(super) fn print_page(page: Document<'_>) -> Result<(), Exit> {
    print(&page.finish())
}

/// Decides how to draw, and tells the colour crate, which otherwise would decide for itself. The
/// second value is the width of a terminal that is too narrow for the pictures.
pub(super) fn view(look: &Look, has_evidence: bool) -> Result<(View, Option<usize>), Exit> {
    let decided = screen::decide(look, Environment::of_process(), has_evidence);
    let (view, narrow) = decided.map_err(|_| Exit::usage(words::no_chinese_in_ascii()))?;
    colored::control::set_override(view.colour != Colour::None);
    Ok((view, narrow))
}
