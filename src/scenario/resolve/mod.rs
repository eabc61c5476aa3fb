//! From what was written to what can be run: resolves a lab file's run, or says why it cannot be.

mod frames;
mod run;
mod side;
mod steps;

use std::sync::Arc;

use super::{
    Commands, DEADLINE_FOR_A_PERSON, DEFAULT_BACKLOG, DEFAULT_DEADLINE, Interpret, Op, Planned,
    Scenario, UNKNOWN_COMMAND,
};
use crate::event::Side;
use crate::lab::Source;
use crate::lab::error::LabError;
use crate::lab::fault::RunFault;
use crate::lab::file::{self, Options};
use crate::lab::locator::Locator;
use crate::lab::locator::PathSegment as Path;
use side::{Line, Resolver, actors};

/// What is impossible about a run, and the path to it in the lab file.
#[derive(Clone, Debug, PartialEq)]
pub struct Impossible {
    /// Where it stands.
    pub path: Vec<Path<'static>>,
    /// What is wrong.
    pub what: RunFault,
}

type Resolved<T> = Result<T, Impossible>;

impl Impossible {
    /// Says it of the lab file that the run was read from.
    pub fn in_file(self, source: &Source) -> LabError {
        self.at(&source.name, &mut Locator::of(&source.text))
    }

    /// The same, where more than one thing may be wrong with the file.
    pub fn at(self, file: &str, places: &mut Locator<'_>) -> LabError {
        let place = places.locate(&self.path);
        LabError::new(file, self.what).at(place)
    }
}

/// Resolves one run of a lab file; `index` is its place in the file.
///
/// # Errors
/// If steps do not fit the transport, the side or each other.
pub fn resolve(lab: &file::Lab, index: usize) -> Result<Scenario, Impossible> {
    let run = &lab.runs[index];
    let transport = run.transport.unwrap_or(lab.transport);
    let mut script = run.clone();
    script.transport = Some(transport);
    let wrong = |(in_run, what): run::Wrong| {
        let mut path = vec![Path::Key("runs"), Path::Index(index)];
        path.extend(in_run);
        Impossible { path, what }
    };
    if let Some(found) = run::wrong(lab, index, transport) {
        return Err(wrong(found));
    }
    let commands = Arc::new(commands(lab, run));
    let elsewhere = run.elsewhere();
    let (mut clients, mut server) = (Vec::new(), Vec::new());
    for (actor, steps) in actors(run) {
        let mut path = vec![Path::Key("runs"), Path::Index(index)];
        path.extend(match actor {
            (Side::Client, 0) => vec![Path::Key("client")],
            (Side::Client, i) => vec![Path::Key("more_clients"), Path::Index(i - 1)],
            (Side::Server, _) => vec![Path::Key("server")],
        });
        let planned = Resolver {
            run,
            transport,
            actor,
            path,
            round: None,
            says_when: false,
            line: Line::Never,
            in_hand: Vec::new(),
            commands: commands.clone(),
            listens: true,
            plan: Vec::new(),
            bytes: 0,
        }
        .finish(steps)?;
        match actor.0 {
            Side::Client => clients.push(planned),
            Side::Server => server = planned,
        }
    }
    if elsewhere == Some(Side::Client) {
        serve_again(&mut server);
    }
    let runs_one = |step: &Planned| matches!(step.op, Op::Interpret(Interpret::Run(_)));
    if run.outputs.is_some() && !clients.iter().chain([&server]).flatten().any(runs_one) {
        let path = vec![Path::Key("outputs")];
        return Err(wrong((path, RunFault::OutputsWithoutCommand)));
    }
    Ok(Scenario {
        transport,
        port: run.port.map_or(0, Into::into),
        backlog: run.backlog.map_or(DEFAULT_BACKLOG, u32::from),
        mtu: run.mtu,
        deadline: match (run.deadline, elsewhere) {
            (Some(span), _) => span.0,
            (None, Some(Side::Client)) => DEADLINE_FOR_A_PERSON,
            (None, _) => DEFAULT_DEADLINE,
        },
        clients,
        server,
        script,
    })
}

/// The port of a server whose client is elsewhere is always the same one, and that run is done
/// again and again: without `SO_REUSEADDR` a `TIME_WAIT` of the last run would be in the way.
fn serve_again(server: &mut Vec<Planned>) {
    let mut first = server.iter().map_while(Planned::sets);
    if !first.any(|options| options.reuse_address.is_some()) {
        let options = Options {
            reuse_address: Some(true),
            ..Options::default()
        };
        server.insert(0, Op::Set(options).into());
    }
}

fn commands(lab: &file::Lab, run: &file::Run) -> Commands {
    let otherwise = lab.unknown_command.as_deref().unwrap_or(UNKNOWN_COMMAND);
    let known = lab.commands.iter();
    Commands {
        known: known
            .map(|(name, argv)| (name.clone(), argv.0.clone()))
            .collect(),
        otherwise: otherwise.into(),
        outputs: run.outputs.unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lab::fault::InHand;

    #[test]
    fn each_step_finds_what_it_works_on_or_says_what_would_bring_it() {
        let refused = |steps: &str| {
            let lab = format!(
                r#"{{"commands": {{"ls": ["ls"]}},
                    "runs": [{{"name": "one", "client": [], "server": [{steps}]}}]}}"#
            );
            let lab = serde_json::from_str(&lab).expect("a lab");
            resolve(&lab, 0).err().map(|wrong| wrong.what)
        };
        let [take, announced, unpack, run] = [
            r#"{"recv_loop": {"size": 1024, "until": 4}}"#,
            r#"{"recv_loop": {"size": 1024, "until": "announced"}}"#,
            r#"{"unpack": "<i"}"#,
            r#""run_command""#,
        ];
        let [message, number, answer] = [InHand::Message, InHand::Number, InHand::Answer]
            .map(|lacks| Some(RunFault::NotInHand(lacks)));
        assert_eq!(refused(unpack), message);
        assert_eq!(refused(run), message);
        assert_eq!(refused(announced), number);
        assert_eq!(refused(r#"{"try": "send_answer"}"#), answer);
        assert_eq!(refused(&format!("{take}, {announced}")), number);
        assert_eq!(refused(&format!("{take}, {unpack}, {announced}")), None);
        assert_eq!(
            refused(&format!(r#"{take}, {unpack}, "send_answer""#)),
            answer
        );
        assert_eq!(refused(&format!(r#"{take}, {run}, "send_answer""#)), None);
    }

    #[test]
    fn a_cure_names_a_bug_that_comes_before_it() {
        let refused = |bug: &str| {
            let lab = format!(
                r#"{{"runs": [{{"name": "bug", "client": [], "server": []}},
                    {{"name": "cure", "cures": "{bug}", "client": [], "server": []}}]}}"#
            );
            let lab = serde_json::from_str(&lab).expect("a lab");
            resolve(&lab, 1).err().map(|wrong| wrong.what)
        };
        assert_eq!(refused("bug"), None);
        for none in ["cure", "bugs"] {
            assert_eq!(refused(none), Some(RunFault::CuresNothing(none.into())));
        }
    }
}
