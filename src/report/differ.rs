//! In what the scripts of several runs differ.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use strum::VariantArray;

use crate::event::Side;
use crate::lab::file::{Run, Step};

/// Something in which runs can differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, strum::VariantArray)]
#[serde(rename_all = "kebab-case")]
pub enum Facet {
    /// What carries the bytes.
    Transport,
    /// How messages are marked off.
    Framing,
    /// What is sent.
    Messages,
    /// Into how many writes a message is cut.
    Pieces,
    /// Socket options.
    Options,
    /// How it is read.
    Reads,
    /// Who waits for what.
    Waits,
    /// How a side ends.
    Ending,
    /// Anything else in the script.
    Rest,
}

/// A facet in which not all of the runs are alike, and what each run has, in the words of a lab
/// file.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// In what.
    pub facet: Facet,
    /// What each run has; empty where it has nothing of the kind.
    pub values: Vec<String>,
    /// The same, thing by thing.
    pub settings: Vec<Vec<Setting>>,
}

/// One thing that a script says.
#[derive(Clone, Debug, PartialEq)]
pub struct Setting {
    /// Whose step it is; none for what holds for the whole run.
    pub side: Option<Side>,
    /// Of what it speaks.
    pub facet: Facet,
    /// Whether the side is to be named: the setting before this one was another side's.
    pub names_side: bool,
    /// In the words of a lab file.
    pub text: String,
    /// The step that says it; none for what holds for the whole run.
    pub step: Option<Step>,
    /// How often it is repeated, if it is.
    pub times: Option<u32>,
}

/// All facets in which the scripts differ; none only if they are the same.
pub fn differ(runs: &[&Run]) -> Vec<Difference> {
    let facets: Vec<Facets> = runs.iter().map(|run| Facets::of(run)).collect();
    let each = Facet::VARIANTS.iter().map(|&facet| Difference {
        facet,
        values: facets.iter().map(|facets| facets.text(facet)).collect(),
        settings: facets
            .iter()
            .map(|facets| facets.of_facet(facet).cloned().collect())
            .collect(),
    });
    let mut found: Vec<Difference> = each.filter(Difference::is_one).collect();
    let known = |facet: Facet| found.iter().any(|difference| difference.facet == facet);
    if !known(Facet::Rest) {
        // Each facet may be alike and what is done first another.
        let order = |facets: &Facets| -> Vec<(Option<Side>, Facet)> {
            let said = facets.settings.iter().map(|said| (said.side, said.facet));
            said.filter(|(_, facet)| !known(*facet)).collect()
        };
        let same_order = facets
            .windows(2)
            .all(|two| order(&two[0]) == order(&two[1]));
        let same_steps = runs.windows(2).all(|two| steps(two[0]) == steps(two[1]));
        if !same_order || (found.is_empty() && !same_steps) {
            found.push(Difference {
                facet: Facet::Rest,
                values: runs.iter().map(|run| in_order(run)).collect(),
                settings: runs.iter().map(|run| all_in_order(run)).collect(),
            });
        }
    }
    found
}

impl Difference {
    fn is_one(&self) -> bool {
        self.values.windows(2).any(|pair| pair[0] != pair[1])
    }
}

/// Each side's steps, the clients' first.
fn steps(run: &Run) -> Vec<(Side, &[Step])> {
    let more = run.more_clients.iter().map(Vec::as_slice);
    let clients = std::iter::once(&run.client[..]).chain(more);
    let clients = clients.map(|steps| (Side::Client, steps));
    clients.chain([(Side::Server, &run.server[..])]).collect()
}

/// All steps, in the words of a lab file.
fn in_order(run: &Run) -> String {
    let sides = steps(run).into_iter().map(|(side, steps)| {
        let steps: Vec<String> = steps.iter().map(|step| flat(&value(step))).collect();
        format!("{side} {}", steps.join(", "))
    });
    sides.collect::<Vec<_>>().join("; ")
}

/// The same, step by step.
fn all_in_order(run: &Run) -> Vec<Setting> {
    let sides = steps(run).into_iter().flat_map(|(side, steps)| {
        steps.iter().enumerate().map(move |(i, step)| Setting {
            side: Some(side),
            facet: Facet::Rest,
            names_side: i == 0,
            text: flat(&value(step)),
            step: Some(step.clone()),
            times: None,
        })
    });
    sides.collect()
}

/// Whether two runs send the same messages in another way: over another transport, in another
/// framing, or with other options.
pub fn is_another_way(a: &Run, b: &Run) -> bool {
    let differ: Vec<Facet> = differ(&[a, b]).iter().map(|found| found.facet).collect();
    let direction = [Facet::Transport, Facet::Framing, Facet::Options];
    !differ.contains(&Facet::Messages) && differ.iter().any(|facet| direction.contains(facet))
}

/// A script taken apart.
#[derive(Default)]
struct Facets {
    settings: Vec<Setting>,
}

impl Facets {
    fn of(run: &Run) -> Self {
        let mut facets = Self::default();
        let transport = run.transport.unwrap_or_default();
        facets.say(None, Facet::Transport, transport.to_string());
        if let Some(framing) = &run.framing {
            facets.say(None, Facet::Framing, flat(&value(framing)));
        }
        let whole = value(run);
        // How a run is watched is no part of what it does; where it took place its record says.
        for key in ["port", "backlog", "mtu", "deadline"] {
            if let Some(what) = whole.get(key) {
                facets.say(None, Facet::Rest, format!("{key} {}", flat(what)));
            }
        }
        if let Some(side) = run.elsewhere() {
            facets.say_of(side, Facet::Rest, "elsewhere".into());
        }
        if let Some(outputs) = &run.outputs {
            let text = format!("outputs {}", flat(&value(outputs)));
            facets.say(None, Facet::Reads, text);
        }
        for (side, steps) in steps(run) {
            let mut last = None;
            for step in steps {
                facets.step(side, step, &mut last);
            }
        }
        facets
    }

    fn say(&mut self, side: Option<Side>, facet: Facet, text: String) {
        self.settings.push(Setting {
            side,
            facet,
            names_side: false,
            text,
            step: None,
            times: None,
        });
    }

    /// The same, and whose it is.
    fn say_of(&mut self, side: Side, facet: Facet, text: String) {
        self.say(Some(side), facet, text);
        let last = self.settings.last_mut();
        last.expect("just said").names_side = true;
    }

    fn of_facet(&self, facet: Facet) -> impl Iterator<Item = &Setting> {
        self.settings.iter().filter(move |said| said.facet == facet)
    }

    fn text(&self, facet: Facet) -> String {
        let all = self.of_facet(facet).map(|said| match said.side {
            Some(side) if said.names_side => format!("{side} {}", said.text),
            _ => said.text.clone(),
        });
        all.collect::<Vec<_>>().join(", ")
    }

    /// Takes a step apart. `last` is the facet that this side spoke of last, so that a list names
    /// the side once.
    fn step(&mut self, side: Side, step: &Step, last: &mut Option<Facet>) {
        let before = self.settings.len();
        match step {
            Step::Repeat(repeat) => {
                for step in &repeat.steps {
                    self.step(side, step, last);
                }
                for said in &mut self.settings[before..] {
                    said.text = format!("{} x {}", said.text, repeat.times);
                    said.times = Some(said.times.unwrap_or(1).saturating_mul(repeat.times));
                }
            }
            Step::Try(inner) => self.step(side, inner, last),
            step => {
                self.bare(side, &value(step), last);
                for said in &mut self.settings[before..] {
                    said.step = Some(step.clone());
                }
            }
        }
    }

    /// A step that holds no other.
    fn bare(&mut self, side: Side, step: &Value, last: &mut Option<Facet>) {
        let (name, what) = match step {
            Value::Object(object) => match object.iter().next() {
                Some((name, what)) => (name.as_str(), what),
                None => return,
            },
            Value::String(name) => (name.as_str(), &Value::Null),
            _ => return,
        };
        let mut say = |facet: Facet, text: String| {
            if *last == Some(facet) {
                self.say(Some(side), facet, text);
            } else {
                self.say_of(side, facet, text);
            }
            *last = Some(facet);
        };
        let whole = || {
            let what = flat(what);
            format!("{name} {what}").trim_end().to_string()
        };
        match name {
            "send_frame" => {
                let frame = what.as_object().cloned().unwrap_or_default();
                self.frame(side, &frame);
            }
            _ if name.starts_with("send") => {
                // What is answered is in no script, only how.
                let message = if name.starts_with("send_answer") {
                    whole()
                } else {
                    flat(what)
                };
                self.say(Some(side), Facet::Messages, message);
                if !["send", "sendto"].contains(&name) {
                    self.say(Some(side), Facet::Pieces, name.into());
                }
            }
            // Reading a frame is reading; how the bytes are marked off is said already.
            _ if name.starts_with("recv") || name == "echo" => say(Facet::Reads, whole()),
            "await" | "pause" | "signal" => say(Facet::Waits, whole()),
            "set" => say(Facet::Options, flat(what)),
            "shutdown" | "close" | "abort" => say(Facet::Ending, name.into()),
            // A connection is made in any case; where it stands shows in the waits around it.
            "connect" | "accept" => {}
            _ => say(Facet::Rest, whole()),
        }
    }

    fn frame(&mut self, side: Side, frame: &Map<String, Value>) {
        for (key, what) in frame {
            let what = flat(what);
            let own = Some(side);
            match key.as_str() {
                "payload" => self.say(own, Facet::Messages, what),
                "framing" => self.say_of(side, Facet::Framing, what),
                "cut" => self.say(own, Facet::Pieces, format!("cut at {what}")),
                "await_read" => {
                    self.say_of(side, Facet::Waits, "await read between pieces".into());
                }
                _ => self.say(own, Facet::Rest, format!("{key} {what}")),
            }
        }
    }
}

fn value(of: &impl Serialize) -> Value {
    // What is not JSON cannot stand in a lab file.
    serde_json::to_value(of).unwrap_or_default()
}

/// A value of a lab file without its punctuation.
fn flat(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(flat).collect::<Vec<_>>().join(" "),
        Value::Object(fields) => {
            let fields = fields
                .iter()
                .map(|(key, value)| format!("{key} {}", flat(value)));
            fields.collect::<Vec<_>>().join(" ")
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lab::file::SideScript;

    fn run(json: &str) -> Run {
        serde_json::from_str(json).expect("a run")
    }

    fn both(a: &str, b: &str) -> Vec<String> {
        vec![a.into(), b.into()]
    }

    fn facets(a: &Run, b: &Run) -> Vec<(Facet, Vec<String>)> {
        let all = differ(&[a, b]).into_iter();
        all.map(|found| (found.facet, found.values)).collect()
    }

    #[test]
    fn only_what_differs_is_named() {
        let late = run(
            r#"{"name":"late","transport":"tcp","client":[{"send":"a"},{"await":"acked"}],
                "server":[{"await":{"queued":1}},{"recv":9}]}"#,
        );
        let sends = |message: &str| {
            let client = format!(r#"[{{"sendto":"{message}"}}]"#);
            run(&format!(
                r#"{{"name":"udp","transport":"udp","client":{client},"server":[{{"recv":9}}]}}"#
            ))
        };
        let udp = sends("a");
        assert_eq!(facets(&late, &late), []);
        let waits = both("client await acked, server await queued 1", "");
        let transports = (Facet::Transport, both("tcp", "udp"));
        assert_eq!(facets(&late, &udp), [transports, (Facet::Waits, waits)]);
        assert!(is_another_way(&late, &udp));
        assert!(!is_another_way(&late, &late));
        assert!(
            !is_another_way(&late, &sends("b")),
            "these are other messages"
        );
    }

    #[test]
    fn scripts_in_which_nothing_is_said_to_differ_are_the_same() {
        let run = |server: &str, more: &str| {
            run(&format!(
                r#"{{"name":"x","client":[{{"send":"a"}}],"server":[{server}]{more}}}"#
            ))
        };
        let (wait, read) = (r#"{"await":{"queued":1}}"#, r#"{"recv":9}"#);
        let late = run(&format!("{wait},{read}"), "");
        let eager = run(&format!("{read},{wait}"), "");
        let orders = both(
            "client send a; server await queued 1, recv 9",
            "client send a; server recv 9, await queued 1",
        );
        assert_eq!(facets(&late, &eager), [(Facet::Rest, orders)]);
        // Who says what is part of it, and so is what holds for the whole run.
        let answers = run(r#"{"send":"b"}"#, "");
        let mut alone = run("", "");
        alone.client = SideScript::Steps(vec![alone.client[0].clone(), answers.server[0].clone()]);
        let rest = |a: &Run, b: &Run| -> Vec<Facet> {
            facets(a, b).into_iter().map(|(facet, _)| facet).collect()
        };
        assert_eq!(rest(&answers, &alone), [Facet::Rest]);
        let short = run("", r#","backlog":1"#);
        assert_eq!(rest(&run("", ""), &short), [Facet::Rest]);
        let explicit = run(&format!(r#""accept",{wait},{read}"#), "");
        assert_eq!(rest(&late, &explicit), [Facet::Rest]);
        // An order that differs counts beside another facet too, one that follows from it does not.
        let mut framed = eager.clone();
        framed.transport = Some(crate::event::Transport::Tcp6);
        assert_eq!(rest(&late, &framed), [Facet::Transport, Facet::Rest]);
        framed.server = SideScript::Steps(vec![eager.server[0].clone()]);
        assert_eq!(rest(&late, &framed), [Facet::Transport, Facet::Waits]);
    }

    #[test]
    fn a_frame_carries_the_same_message() {
        let bare = run(r#"{"name":"bare","client":[{"send":"a"}],"server":[]}"#);
        let framed = run(r#"{"name":"framed","framing":{"length":">I"},
                "client":[{"repeat":{"times":1,"steps":[{"set":{"nodelay":true}}]}},{"send_frame":{"payload":"a","cut":[4]}}],
                "server":[]}"#);
        let expected = [
            (Facet::Framing, both("", "length >I")),
            (Facet::Pieces, both("", "cut at 4")),
            (Facet::Options, both("", "client nodelay true x 1")),
        ];
        assert_eq!(facets(&bare, &framed), expected);
    }
}
