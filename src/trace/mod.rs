//! Reads back the lines that `--json` writes: from text to what the runs left behind.

mod error;
mod lines;

use std::collections::HashSet;
use std::io::BufRead;

use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::event::{Action, Capture, Event, Retransmitted, RunTrace, SCHEMA, Side, Trace};
use crate::lab::file;
use crate::lab::twice::EachOnce;

pub use error::TraceError;
pub(crate) use error::TraceFault;
use lines::Lines;

/// What a line holds that a trace is made from. What the report added is worked out again, so it
/// is not read.
#[derive(Deserialize)]
struct Tag {
    #[serde(rename = "type")]
    kind: String,
    schema: Option<u32>,
    run: Option<String>,
    client: Option<IgnoredAny>,
}

/// A run as it was written when only the script said what it was.
#[derive(Deserialize)]
struct OldRun {
    address: String,
    #[serde(default)]
    interrupted: bool,
    retransmitted: Option<Retransmitted>,
    capture: Option<Capture>,
    script: file::Run,
}

impl From<OldRun> for RunTrace {
    fn from(old: OldRun) -> Self {
        Self {
            address: old.address,
            interrupted: old.interrupted,
            retransmitted: old.retransmitted,
            capture: old.capture,
            ..old.script.record()
        }
    }
}

/// The ends of a run that have been shut down. Programs of before `fin` was recorded wrote the FIN
/// down as one byte that is unsent and not acknowledged, as the kernel counts it.
#[derive(Default)]
struct ShutDown(HashSet<(u32, Side)>);

impl ShutDown {
    /// Leaves the FIN out of what the kernel said of bytes.
    fn note(&mut self, event: &mut Event) {
        let end = (event.conn, event.side);
        if event.action == Action::Shutdown && event.error.is_none() {
            self.0.insert(end);
        }
        if let Some(state) = event.kernel.as_mut().filter(|state| !state.fin) {
            **state = state.without_fin(self.0.contains(&end));
        }
    }
}

/// Reads traces back: those of one lab, or of several, one after the other.
///
/// # Errors
/// If a line is not of the contract, or of a newer version of it.
pub fn read(input: impl BufRead) -> Result<Vec<Trace>, TraceError> {
    let mut traces: Vec<Trace> = Vec::new();
    // The run whose report is still to come: without it, the end is missing.
    let mut open: Option<String> = None;
    let mut shut_down = ShutDown::default();
    let mut last = 0;
    for line in Lines::of(input) {
        let (number, line) = line?;
        let wrong = |what| TraceError::at(Some(number), what);
        if line.trim().is_empty() {
            continue;
        }
        last = number;
        let not_json = |error: serde_json::Error| TraceError::in_line(number, &line, &error);
        let tag: Tag = serde_json::from_str(&line).map_err(not_json)?;
        // In a header dict any word may be a key; all others the parser knows by name.
        if line.contains("\"header\"") {
            serde_json::from_str::<EachOnce>(&line).map_err(not_json)?;
        }
        match tag.kind.as_str() {
            "lab" => {
                let schema = tag.schema.unwrap_or(0);
                if schema != SCHEMA {
                    return Err(wrong(TraceFault::Schema {
                        of: schema,
                        own: SCHEMA,
                    }));
                }
                traces.push(Trace {
                    lab: serde_json::from_str(&line).map_err(not_json)?,
                    runs: Vec::new(),
                });
            }
            "run" => {
                let run: RunTrace = if tag.client.is_some() {
                    serde_json::from_str(&line)
                } else {
                    serde_json::from_str::<OldRun>(&line).map(Into::into)
                }
                .map_err(not_json)?;
                open = Some(run.name.clone());
                shut_down = ShutDown::default();
                let trace = traces
                    .last_mut()
                    .ok_or_else(|| wrong(TraceFault::RunBeforeLab))?;
                trace.runs.push(run);
            }
            "event" | "packet" => {
                let is_event = tag.kind == "event";
                let run = traces
                    .last_mut()
                    .and_then(|trace| trace.runs.last_mut())
                    .filter(|run| Some(&run.name) == tag.run.as_ref())
                    .ok_or_else(|| wrong(TraceFault::OutsideItsRun { is_event }))?;
                if is_event {
                    let mut event: Event = serde_json::from_str(&line).map_err(not_json)?;
                    if let Some(what) = event.contradiction() {
                        return Err(wrong(TraceFault::Contradiction(what)));
                    }
                    shut_down.note(&mut event);
                    run.events.push(event);
                } else {
                    run.packets
                        .push(serde_json::from_str(&line).map_err(not_json)?);
                }
            }
            "report" => {
                open = None;
                // It is over: no room for more is kept.
                if let Some(run) = traces.last_mut().and_then(|trace| trace.runs.last_mut()) {
                    run.events.shrink_to_fit();
                    run.packets.shrink_to_fit();
                }
            }
            // What compares runs is worked out again from them, if at all.
            "compare" => {}
            "repeat" => {
                return Err(wrong(TraceFault::Sum));
            }
            other => return Err(wrong(TraceFault::UnknownType(other.into()))),
        }
    }
    if let Some(run) = open {
        return Err(TraceError::at(Some(last), TraceFault::CutShort { run }));
    }
    if traces.is_empty() {
        return Err(TraceError::at(None, TraceFault::NoLab));
    }
    Ok(traces)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::{Program, Side, Transport};

    const LAB: &str =
        r#"{"type":"lab","schema":1,"lab":null,"slug":"s","texts":{},"os":"linux","evidence":[]}"#;

    /// The one run of a trace that has no event.
    fn run(line: &str) -> Result<RunTrace, TraceError> {
        let text = format!("{LAB}\n{line}\n{{\"type\":\"report\"}}\n");
        Ok(read(text.as_bytes())?.remove(0).runs.remove(0))
    }

    #[test]
    fn a_run_that_no_lab_wrote_is_an_ordinary_run() {
        let line = r#"{"type":"run","run":"mine","transport":"tcp6","client":{"watched":["python3","c.py"]},"server":"unseen","clients":2,"address":"[::1]:7"}"#;
        let mine = run(line).expect("a run");
        let command = ["python3", "c.py"].map(String::from).into();
        assert_eq!(mine.client, Program::Watched(command));
        assert_eq!(mine.unseen(), Some(Side::Server));
        assert_eq!((mine.clients, mine.script), (2, None));
        // Without what its server was nobody could draw it.
        let error = run(&line.replace(r#""server":"unseen","#, "")).unwrap_err();
        assert!(
            error.to_string().contains("missing field `server`"),
            "{error}"
        );
    }

    #[test]
    fn a_fin_that_was_recorded_as_a_byte_is_none() {
        let kernel = |end: &str, op: &str, state: &str| {
            let line = r#"{"type":"run","run":"a","transport":"tcp","client":"scripted","server":"scripted","clients":1,"address":"x"}"#;
            let event = format!(
                r#"{{"type":"event","run":"a","seq":0,"call_us":0,"return_us":0,{end},"op":"{op}","kernel":{{{state},"segments_out":2}}}}"#
            );
            let shut = r#"{"type":"event","run":"a","seq":0,"call_us":0,"return_us":0,"side":"client","op":"shutdown"}"#;
            let run = run(&format!("{line}\n{shut}\n{event}")).expect("a run");
            let state = run.events[1].kernel.as_deref().expect("its state");
            (state.unsent, state.unacked, state.fin)
        };
        let client = r#""side":"client""#;
        let close = |state| kernel(client, "close", state);
        assert_eq!(close(r#""unsent":1,"unacked":3"#), (0, 2, true));
        assert_eq!(close(r#""unsent":0,"unacked":3"#), (0, 2, true));
        assert_eq!(close(r#""unsent":0,"unacked":0"#), (0, 0, false));
        let told = r#""unsent":1,"unacked":3,"fin":true"#;
        assert_eq!(close(told), (1, 3, true), "it is left out already");
        let others = [r#""side":"server""#, r#""side":"client","conn":2"#];
        for other in others {
            let other = kernel(other, "close", r#""unsent":1,"unacked":3"#);
            assert_eq!(other, (1, 3, false));
        }
    }

    #[test]
    fn a_script_says_what_the_run_was_where_nothing_else_does() {
        let line = r#"{"type":"run","run":"a","address":"x","script":{"name":"a","transport":"udp","port":5,"client":"elsewhere","more_clients":[[],[]],"server":[],"wire":"full","expect":{"drops":true}}}"#;
        let old = run(line).expect("a run");
        assert_eq!((&*old.name, old.transport), ("a", Transport::Udp));
        assert_eq!((old.unseen(), old.clients), (Some(Side::Client), 3));
        assert!(old.wire.is_some() && old.claims.drops == Some(true));
        assert_eq!(
            file::Run::of(&old).expect("its script").record().claims,
            old.claims
        );
        let wrong = run(&line.replace("elsewhere", "elsewher")).unwrap_err();
        assert!(
            wrong.column.is_some() && wrong.to_string().contains("elsewher"),
            "{wrong}"
        );
    }
}
