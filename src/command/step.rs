//! Reveals recorded runs step by step, at the pace of whoever presses the keys.

use std::path::Path;

use crossterm::event::{self, Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use crossterm::terminal;

use super::printer::Printer;
use super::runner::{self, Runner};
use super::speak::say;
use super::stage::Screen;
use super::{
    AS_EXPECTED, COULD_NOT_RUN, Exit, INTERRUPTED, USAGE, ask, live, print, replay, warn, worse,
};
use crate::cli::Show;
use crate::event::{LabInfo, RunTrace};
use crate::lab::Lab;
use crate::render::{self, Steps, View};
use crate::report::{self, Report};

/// A run that is over, and not shown yet.
struct Recorded {
    lab: LabInfo,
    run: RunTrace,
    report: Report,
}

impl Recorded {
    fn steps(&self) -> Steps<'_> {
        Steps {
            lab: &self.lab,
            run: &self.run,
            report: &self.report,
        }
    }
}

/// The runs of a lab.
pub(super) fn live(lab: &Lab, names: &[String], show: &Show) -> Result<u8, Exit> {
    needs_terminal()?;
    let scenarios = live::scenarios(lab, names)?;
    let mut runner = Runner::new();
    let printer = Printer::new(show, runner.has_evidence())?;
    let mut recorded = Vec::new();
    for scenario in &scenarios {
        let run = runner.run(scenario)?;
        if runner.is_interrupted() {
            return Ok(INTERRUPTED);
        }
        let report = report::build(&run, printer.view.has_evidence);
        recorded.push(Recorded {
            lab: runner.info(lab),
            run,
            report,
        });
    }
    reveal(&recorded, &printer)
}

/// The runs in a file.
pub(super) fn recorded(path: &Path, names: &[String], show: &Show) -> Result<u8, Exit> {
    needs_terminal()?;
    let traces = replay::read(path)?;
    let has_evidence = traces.iter().any(|trace| !trace.lab.evidence.is_empty());
    let printer = Printer::new(show, has_evidence)?;
    let mut recorded = Vec::new();
    for trace in traces {
        let has_evidence = !trace.lab.evidence.is_empty();
        for run in trace.runs {
            if names.is_empty() || names.contains(&run.script.name) {
                recorded.push(Recorded {
                    lab: trace.lab.clone(),
                    report: report::build(&run, has_evidence),
                    run,
                });
            }
        }
    }
    if recorded.is_empty() {
        return Err(replay::no_such_run());
    }
    reveal(&recorded, &printer)
}

fn needs_terminal() -> Result<(), Exit> {
    if ask::is_interactive() {
        return Ok(());
    }
    Err(Exit::Failed(
        USAGE,
        say(
            "--step goes on by keys, and here is no terminal; leave --step out to see all at once",
            "--step 要靠按键前进，而这里没有终端；去掉 --step 可以一次看完",
        ),
    ))
}

fn reveal(recorded: &[Recorded], printer: &Printer) -> Result<u8, Exit> {
    let code = recorded.iter().fold(AS_EXPECTED, |code, recorded| {
        worse(code, recorded.report.outcome)
    });
    let left = if printer.plain {
        linear(recorded, &printer.view)?
    } else {
        on_screen(recorded, &printer.view)?
    };
    Ok(match left {
        Quit::Quietly => code,
        Quit::Interrupted => INTERRUPTED,
    })
}

/// How somebody left.
enum Quit {
    Quietly,
    Interrupted,
}

/// Where somebody is: in which run, and after which of its steps.
#[derive(Clone, Copy)]
struct Place {
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

impl Place {
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
fn on_screen(recorded: &[Recorded], view: &View) -> Result<Quit, Exit> {
    let failed = |error: std::io::Error| {
        let what = say(
            format!("cannot use the terminal: {error}"),
            format!("终端用不了：{error}"),
        );
        Exit::Failed(COULD_NOT_RUN, what)
    };
    runner::handle_ctrl_c();
    let screen = Screen::borrow().map_err(failed)?;
    let mut place = Place { run: 0, step: 0 };
    let mut typed = String::new();
    loop {
        let (columns, rows) = terminal::size().map_err(failed)?;
        let size = (
            usize::from(columns).clamp(1, render::WIDEST),
            usize::from(rows),
        );
        let here = recorded[place.run].steps();
        let shown = here.screen(place.step, &typed, size, view);
        screen.show(&shown).map_err(failed)?;
        let key = match event::read().map_err(failed)? {
            Event::Key(key) if key.kind != KeyEventKind::Release => key,
            // Whatever else came, the screen is drawn anew in its present size.
            _ => continue,
        };
        if is_control(key, 'c') {
            return Ok(Quit::Interrupted);
        }
        if is_control(key, 'd') {
            return Ok(Quit::Quietly);
        }
        let number = std::mem::take(&mut typed);
        let to = match key.code {
            KeyCode::Char('q') | KeyCode::Esc => return Ok(Quit::Quietly),
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
        let lasts: Vec<usize> = recorded
            .iter()
            .map(|recorded| recorded.steps().last(view))
            .collect();
        place = place.go(&to, &lasts);
    }
}

fn is_control(key: KeyEvent, letter: char) -> bool {
    key.code == KeyCode::Char(letter) && key.modifiers.contains(KeyModifiers::CONTROL)
}

/// Fact after fact, for screen readers and narrow windows.
fn linear(recorded: &[Recorded], view: &View) -> Result<Quit, Exit> {
    let facts: Vec<Vec<String>> = recorded
        .iter()
        .map(|recorded| recorded.steps().facts(view))
        .collect();
    let lasts: Vec<usize> = facts.iter().map(|facts| facts.len() - 1).collect();
    let mut place = Place { run: 0, step: 0 };
    let mut opened = None;
    loop {
        let lab = &recorded[place.run].lab;
        if opened != Some(place.run) {
            print(&render::plain_title(lab, view))?;
            print(&recorded[place.run].steps().opening(view))?;
            opened = Some(place.run);
        }
        print(&facts[place.run][place.step])?;
        if place.run + 1 == facts.len() && place.step == lasts[place.run] {
            return Ok(Quit::Quietly);
        }
        let prompt = render::step_prompt(place.step + 1, lasts[place.run] + 1, view);
        let to = loop {
            let Some(typed) = ask::line(&prompt)? else {
                return Ok(Quit::Quietly);
            };
            match (&*typed, typed.parse::<usize>()) {
                ("q", _) => return Ok(Quit::Quietly),
                ("b", _) => break Move::Back,
                ("" | "n", _) => break Move::Next,
                (_, Ok(number)) => break Move::To(number.saturating_sub(1)),
                (typed, Err(_)) => warn(&render::step_unknown(typed, view.lang)),
            }
        };
        place = place.go(&to, &lasts);
    }
}
