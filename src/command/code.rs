//! Prints a run as Python programs.

use std::path::Path;

use super::speak::say;
use super::{AS_EXPECTED, Exit, USAGE, live, print, view};
use crate::cli::{Language, Look, When};
use crate::event::Side;
use crate::lab;
use crate::python;

/// The half that was asked for; none for both.
pub(super) fn half(server: bool, client: bool) -> Option<Side> {
    match (server, client) {
        (true, _) => Some(Side::Server),
        (_, true) => Some(Side::Client),
        _ => None,
    }
}

pub(super) fn code(
    wanted: &str,
    run: Option<&str>,
    half: Option<Side>,
    lang: Option<Language>,
) -> Result<u8, Exit> {
    let path = Path::new(wanted);
    let lab = match lab::find(wanted) {
        Err(_) if path.exists() => lab::open(path)?,
        found => found?,
    };
    // Checked as a whole, as when it is run.
    let names: Vec<String> = run.map(String::from).into_iter().collect();
    let scenarios = live::scenarios(&lab, &names)?;
    let Some(scenario) = scenarios.first() else {
        return Ok(AS_EXPECTED);
    };
    // Nothing here is drawn: only the language is of interest.
    let look = Look {
        color: When::Never,
        ascii: false,
        lang,
        width: None,
    };
    let (view, _) = view(&look, true)?;
    let elsewhere = scenario.script.elsewhere();
    let half = match (half, elsewhere) {
        (Some(side), Some(elsewhere)) if side == elsewhere => {
            return Err(Exit::Failed(
                USAGE,
                say(
                    format!(
                        "the {side} of run `{}` is another program, which the lab does not know; \
                         --{} prints the side that is the lab's",
                        scenario.script.name,
                        side.other()
                    ),
                    format!(
                        "`{}` 的 {side} 是另一个程序，实验不知道它的内容；--{} 给出实验自己的那一方",
                        scenario.script.name,
                        side.other()
                    ),
                ),
            ));
        }
        (None, Some(elsewhere)) => Some(elsewhere.other()),
        (half, _) => half,
    };
    print(&match half {
        None => python::both(&lab, scenario, view.lang),
        Some(side) => python::program(&lab, scenario, side, view.lang),
    })?;
    Ok(AS_EXPECTED)
}
