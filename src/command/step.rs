//! Reveals recorded runs step by step, at the pace of whoever presses the keys.

use std::io;

use crossterm::event::{self, Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use crossterm::terminal;

use super::alternate_screen::Screen;
use super::printer::{Printer, print_page};
use super::sessions::{self, Session, Sessions};
use super::sources::LabRuns;
use super::{Exit, Status, ask, interrupt, lang, print, warn};
use crate::cli::Show;
use crate::render::{self, ComparedSteps, Form, Stepped, View};
use crate::report::Reported;
use crate::words::{command as words, step};

/// All runs are over before the first one is revealed.
pub(super) fn step(labs: Vec<LabRuns>, show: &Show) -> Result<Status, Exit> {
    if !ask::is_interactive() {
        return Err(Exit::usage(words::no_terminal_to_step_in(lang())));
    }
    let has_evidence = labs.iter().any(|lab| !lab.lab.evidence.is_empty());
    let printer = Printer::new(show, has_evidence)?;
    let sessions = Sessions::of(labs.into_iter().flat_map(|lab| lab.runs).collect()).all()?;
    let all: Vec<Reported<'_>> = sessions.iter().map(Session::reported).collect();
    reveal(&all, &sessions, &printer.view)
}

/// Reveals runs beside one another.
pub(super) fn beside(
    steps: ComparedSteps<'_>,
    sessions: &[Session],
    view: &View,
) -> Result<Status, Exit> {
    if !ask::is_interactive() {
        return Err(Exit::usage(words::no_terminal_to_step_in(lang())));
    }
    reveal(&[steps], sessions, view)
}

/// Fact after fact where the form asks for it, else on the whole screen.
fn reveal(all: &[impl Stepped], sessions: &[Session], view: &View) -> Result<Status, Exit> {
    let left = if view.form == Form::Plain {
        linear(sessions, view)
    } else {
        on_screen(all, view)
    };
    match left {
        Ok(()) | Err(Exit::Quit) => Ok(sessions::worst(sessions)),
        Err(exit) => Err(exit),
    }
}

/// Where somebody is: in which run, and after which of its steps.
#[derive(Clone, Copy, Default)]
struct Position {
    run: usize,
    step: usize,
}

/// For each run, its last step.
struct Lasts(Vec<usize>);

impl Lasts {
    fn next(&self, Position { run, step }: Position) -> Position {
        let (run, step) = match (self.0.get(run + 1), step < self.0[run]) {
            (_, true) => (run, step + 1),
            (Some(_), false) => (run + 1, 0),
            (None, false) => (run, step),
        };
        Position { run, step }
    }

    fn back(&self, Position { run, step }: Position) -> Position {
        let (run, step) = match (run.checked_sub(1), step.checked_sub(1)) {
            (_, Some(step)) => (run, step),
            (Some(run), None) => (run, self.0[run]),
            (None, None) => (run, step),
        };
        Position { run, step }
    }

    /// This step of the same run, or its last.
    fn to(&self, Position { run, .. }: Position, step: usize) -> Position {
        let step = step.min(self.0[run]);
        Position { run, step }
    }
}

/// With the whole screen.
fn on_screen(all: &[impl Stepped], view: &View) -> Result<(), Exit> {
    let failed = |error: io::Error| Exit::could_not_run(words::no_use_of_terminal(lang(), &error));
    let screen = Screen::borrow().map_err(failed)?;
    let lasts = Lasts(all.iter().map(|steps| steps.last(view)).collect());
    let mut place = Position::default();
    let mut typed = String::new();
    loop {
        let (columns, rows) = terminal::size().map_err(failed)?;
        let size = (
            usize::from(columns).clamp(1, render::WIDEST),
            usize::from(rows),
        );
        let shown = all[place.run].screen(place.step, &typed, size, view);
        screen.show(&shown).map_err(failed)?;
        let key = match event::read().map_err(failed)? {
            Event::Key(key) if key.kind != KeyEventKind::Release => key,
            // Whatever else came, the screen is drawn anew in its present size.
            _ => continue,
        };
        if is_control(key, 'c') {
            interrupt::press();
            return Ok(());
        }
        if is_control(key, 'd') {
            return Ok(());
        }
        let number = std::mem::take(&mut typed);
        place = match key.code {
            KeyCode::Char('q') | KeyCode::Esc => return Ok(()),
            KeyCode::Char(digit @ '0'..='9') => {
                typed = number;
                // No run has more steps than six digits count.
                if typed.len() < 6 {
                    typed.push(digit);
                }
                continue;
            }
            KeyCode::Backspace if !number.is_empty() => {
                typed = number;
                typed.pop();
                continue;
            }
            KeyCode::Enter if !number.is_empty() => lasts.to(place, number.parse().unwrap_or(0)),
            KeyCode::Enter
            | KeyCode::Right
            | KeyCode::Down
            | KeyCode::PageDown
            | KeyCode::Char(' ' | 'n' | 'j' | 'l') => lasts.next(place),
            KeyCode::Left
            | KeyCode::Up
            | KeyCode::PageUp
            | KeyCode::Backspace
            | KeyCode::Char('b' | 'p' | 'k' | 'h') => lasts.back(place),
            KeyCode::Home | KeyCode::Char('g') => lasts.to(place, 0),
            KeyCode::End | KeyCode::Char('G') => lasts.to(place, usize::MAX),
            _ => continue,
        };
    }
}

fn is_control(key: KeyEvent, letter: char) -> bool {
    key.code == KeyCode::Char(letter) && key.modifiers.contains(KeyModifiers::CONTROL)
}

/// Fact after fact, for screen readers and narrow windows.
fn linear(sessions: &[Session], view: &View) -> Result<(), Exit> {
    let facts: Vec<Vec<String>> = sessions
        .iter()
        .map(|session| session.reported().facts(view))
        .collect();
    let lasts = Lasts(facts.iter().map(|facts| facts.len() - 1).collect());
    let mut place = Position::default();
    let mut opened = None;
    loop {
        let session = &sessions[place.run];
        if opened != Some(place.run) {
            print_page(render::title(&session.lab, view))?;
            print(&session.reported().opening(view))?;
            opened = Some(place.run);
        }
        let of = facts[place.run].len();
        print(&facts[place.run][place.step])?;
        if place.run + 1 == facts.len() && place.step + 1 == of {
            return Ok(());
        }
        let prompt = step::prompt(view.lang, place.step + 1, of, view.is_narrow());
        place = loop {
            let typed = ask::line(&prompt)?;
            match (&*typed, typed.parse::<usize>()) {
                ("b", _) => break lasts.back(place),
                ("" | "n", _) => break lasts.next(place),
                (_, Ok(number)) => break lasts.to(place, number.saturating_sub(1)),
                (typed, Err(_)) => warn(&step::unknown(view.lang, typed)),
            }
        };
    }
}
