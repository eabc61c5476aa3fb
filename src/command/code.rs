//! Prints a run as Python programs.

use std::path::Path;

use super::sources::scenarios;
use super::{Exit, Status, lang, print};
use crate::event::Side;
use crate::lab;
use crate::python;
use crate::words::command as words;

/// The half that was asked for; none for both.
pub(super) fn half(server: bool, client: bool) -> Option<Side> {
    match (server, client) {
        (true, _) => Some(Side::Server),
        (_, true) => Some(Side::Client),
        _ => None,
    }
}

pub(super) fn code(wanted: &str, run: Option<&str>, half: Option<Side>) -> Result<Status, Exit> {
    let path = Path::new(wanted);
    let lab = match lab::find(wanted) {
        Err(_) if path.exists() => lab::open(path)?,
        found => found?,
    };
    // Checked as a whole, as when it is run.
    let names: Vec<String> = run.map(String::from).into_iter().collect();
    let scenarios = scenarios(&lab, &names)?;
    let Some(scenario) = scenarios.first() else {
        return Ok(Status::AsExpected);
    };
    let elsewhere = scenario.script.elsewhere();
    let half = match (half, elsewhere) {
        (Some(side), Some(elsewhere)) if side == elsewhere => {
            let name = &scenario.script.name;
            return Err(Exit::usage(words::another_programs_code(
                lang(),
                name,
                side,
            )));
        }
        (None, Some(elsewhere)) => Some(elsewhere.other()),
        (half, _) => half,
    };
    print(&match half {
        None => python::both(&lab, scenario, lang()),
        Some(side) => python::program(&lab, scenario, side, lang()),
    })?;
    Ok(Status::AsExpected)
}
