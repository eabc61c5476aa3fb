//! Reveals recorded runs step by step, at the pace of whoever presses the keys.

use std::io;

use crossterm::event::{self, Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use crossterm::terminal;

use super::alternate_screen::Screen;
use super::ask;
use super::exit::{Exit, Status};
use super::interrupt;
use super::language::lang;
use super::output::{print, warn};
use super::printer::{Printer, print_page};
use super::sessions::{self, Session, Sessions};
use super::sources::LabRuns;
use crate::cli::Show;
use crate::render::{self, Form, Steps, View};
use crate::words;

/// All runs are over before the first one is revealed.
pub(super) fn step(labs: Vec<LabRuns>, show: &Show) -> Result<Status, Exit> {
    if !ask::is_interactive() {
        return Err(Exit::usage(words::command::no_terminal_to_step_in(lang())));
    }
    let has_evidence = labs.iter().any(|lab| !lab.lab.evidence.is_empty());
    let printer = Printer::new(show, has_evidence)?;
    let sessions = Sessions::of(labs.into_iter().flat_map(|lab| lab.runs).collect()).all()?;
    let left = if printer.view.form == Form::Plain {
        linear(&sessions, &printer.view)
    } else {
        on_screen(&sessions, &printer.view)
    };
    match left {
        Ok(()) | Err(Exit::Quit) => Ok(sessions::worst(&sessions)),
        Err(exit) => Err(exit),
    }
}

fn steps(session: &Session) -> Steps<'_> {
    Steps {
        lab: &session.lab,
        run: &session.run,
        report: &session.report,
    }
}

/// Where somebody is: in which run, and after which of its steps.
#[derive(Clone, Copy)]
struct Position {
    run: usize,
    step: usize,
}

/// Where a key leads.
enum Move {
    Next,
    Back,
    To(usize),
    First,
    Last,
}

impl Position {
    fn go(self, to: &Move, lasts: &[usize]) -> Self {
        let last = lasts[self.run];
        match *to {
            Move::Next if self.step < last => Self {
                step: self.step + 1,
                ..self
            },
            Move::Next if self.run + 1 < lasts.len() => Self {
                run: self.run + 1,
                step: 0,
            },
            Move::Back if self.step > 0 => Self {
                step: self.step - 1,
                ..self
            },
            Move::Back if self.run > 0 => Self {
                run: self.run - 1,
                step: lasts[self.run - 1],
            },
            Move::Next | Move::Back => self,
            Move::To(step) => Self {
                step: step.min(last),
                ..self
            },
            Move::First => Self { step: 0, ..self },
            Move::Last => Self { step: last, ..self },
        }
    }
}

/// With the whole screen.
fn on_screen(sessions: &[Session], view: &View) -> Result<(), Exit> {
    let failed =
        |error: io::Error| Exit::could_not_run(words::command::no_use_of_terminal(lang(), &error));
    let screen = Screen::borrow().map_err(failed)?;
    let mut place = Position { run: 0, step: 0 };
    let mut typed = String::new();
    loop {
        let (columns, rows) = terminal::size().map_err(failed)?;
        let size = (
            usize::from(columns).clamp(1, render::WIDEST),
            usize::from(rows),
        );
        let here = steps(&sessions[place.run]);
        let shown = here.screen(place.step, &typed, size, view);
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
        let to = match key.code {
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
            KeyCode::Enter if !number.is_empty() => Move::To(number.parse().unwrap_or(0)),
            KeyCode::Enter
            | KeyCode::Right
            | KeyCode::Down
            | KeyCode::PageDown
            | KeyCode::Char(' ' | 'n' | 'j' | 'l') => Move::Next,
            KeyCode::Left
            | KeyCode::Up
            | KeyCode::PageUp
            | KeyCode::Backspace
            | KeyCode::Char('b' | 'p' | 'k' | 'h') => Move::Back,
            KeyCode::Home | KeyCode::Char('g') => Move::First,
            KeyCode::End | KeyCode::Char('G') => Move::Last,
            _ => continue,
        };
        let lasts: Vec<usize> = sessions
            .iter()
            .map(|session| steps(session).last(view))
            .collect();
        place = place.go(&to, &lasts);
    }
}

fn is_control(key: KeyEvent, letter: char) -> bool {
    key.code == KeyCode::Char(letter) && key.modifiers.contains(KeyModifiers::CONTROL)
}

/// Fact after fact, for screen readers and narrow windows.
fn linear(sessions: &[Session], view: &View) -> Result<(), Exit> {
    let facts: Vec<Vec<String>> = sessions
        .iter()
        .map(|session| steps(session).facts(view))
        .collect();
    let lasts: Vec<usize> = facts.iter().map(|facts| facts.len() - 1).collect();
    let mut place = Position { run: 0, step: 0 };
    let mut opened = None;
    loop {
        let session = &sessions[place.run];
        if opened != Some(place.run) {
            print_page(render::title(&session.lab, view))?;
            print(&steps(session).opening(view))?;
            opened = Some(place.run);
        }
        print(&facts[place.run][place.step])?;
        if place.run + 1 == facts.len() && place.step == lasts[place.run] {
            return Ok(());
        }
        let prompt = words::step::prompt(
            view.lang,
            place.step + 1,
            lasts[place.run] + 1,
            view.is_narrow(),
        );
        let to = loop {
            let typed = ask::line(&prompt)?;
            match (&*typed, typed.parse::<usize>()) {
                ("b", _) => break Move::Back,
                ("" | "n", _) => break Move::Next,
                (_, Ok(number)) => break Move::To(number.saturating_sub(1)),
                (typed, Err(_)) => warn(&words::step::unknown(view.lang, typed)),
            }
        };
        place = place.go(&to, &lasts);
    }
}
