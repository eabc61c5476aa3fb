//! What came of several runs, held against one another, and what made the difference, as far as
//! scripts and reports show it.
//!
//! What is not known of a run is neither the same as another run's nor different from it.

mod aspect;
mod cause;

use serde::{Deserialize, Serialize};

use super::Report;
use super::differ::{Difference, Facet, differ};
use crate::event::{LabInfo, RunTrace};
use crate::lab::file::Run;
use aspect::{Known, Parted, known, worst};

/// One of the runs that are compared.
#[derive(Clone, Copy, Debug)]
pub struct Compared<'a> {
    /// The lab that it is from.
    pub lab: &'a LabInfo,
    /// The run.
    pub run: &'a RunTrace,
    /// Its report.
    pub report: &'a Report,
}

/// Something that comes of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Aspect {
    /// What each read returned.
    Reads,
    /// What became of each edge.
    Edges,
    /// Where messages were cut, and by what.
    Cuts,
    /// What came out of the frame decoder, or why it refused.
    Messages,
    /// Texts, numbers and messages that a program made of the bytes.
    Made,
    /// The files that the receiver is left with.
    Files,
    /// How much of the datagrams was cut off, and how many were dropped.
    Losses,
    /// The states of the connection, where they were looked at.
    States,
    /// The calls that failed.
    Failures,
}

impl Aspect {
    /// All of them, in the order in which they are told.
    pub const ALL: [Self; 9] = [
        Self::Reads,
        Self::Edges,
        Self::Cuts,
        Self::Messages,
        Self::Made,
        Self::Files,
        Self::Losses,
        Self::States,
        Self::Failures,
    ];
}

/// What made the difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// That cannot be told: one side is another program.
    Elsewhere,
    /// That cannot be told: Ctrl-C cut a run short.
    CutShort,
    /// That cannot be told: the bytes read in a run are not the bytes written.
    Contradiction,
    /// Not the scripts: they are the same.
    NotTheScripts,
    /// The transport kept the edges.
    Transport,
    /// The framing brought the messages back.
    Framing,
    /// The one thing that the scripts differ in, or something outside them.
    One(Facet),
    /// The things that the scripts differ in, or something outside them.
    Several,
}

/// What runs have in common, and what not.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// Whether each of them followed a script that is known.
    pub scripts_known: bool,
    /// What their scripts differ in.
    pub scripts: Vec<Difference>,
    /// What differs of that which came of them.
    pub differs: Vec<Aspect>,
    /// Of what nobody knows whether it differs.
    pub open: Vec<Aspect>,
    /// What made the difference; `None` where nothing is known to differ.
    pub cause: Option<Cause>,
}

/// Holds runs against one another, each against every other.
#[must_use]
pub fn compare(runs: &[Compared<'_>]) -> Comparison {
    let followed: Option<Vec<Run>> = runs.iter().map(|run| Run::of(run.run)).collect();
    let scripts = followed.map(|all| differ(&all.iter().collect::<Vec<_>>()));
    let runs: Vec<Parted<'_>> = runs.iter().map(Parted::of).collect();
    let pairs = || {
        let behind = |i: usize| runs[i + 1..].iter().zip(std::iter::repeat(&runs[i]));
        (0..runs.len()).flat_map(behind)
    };
    let known = Aspect::ALL.map(|aspect| {
        let each = pairs().map(|(b, a)| known(aspect, a, b));
        (aspect, worst(each))
    });
    let of = |wanted: Known| {
        let is = known.iter().filter(|(_, known)| *known == wanted);
        is.map(|(aspect, _)| *aspect).collect::<Vec<_>>()
    };
    let (differs, open) = (of(Known::Differs), of(Known::Open));
    let cause = (!differs.is_empty()).then(|| cause::cause(&runs, scripts.as_deref()));
    Comparison {
        scripts_known: scripts.is_some(),
        scripts: scripts.unwrap_or_default(),
        differs,
        open,
        cause,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::event::Bytes;
    use crate::report;

    /// A run of a script with these events, and whatever else it has.
    fn run(script: &Value, events: &Value) -> RunTrace {
        let script: Run = serde_json::from_value(script.clone()).expect("a script");
        let mut run = script.record();
        run.events = serde_json::from_value(events.clone()).expect("events");
        run
    }

    fn script(server: &Value) -> Value {
        json!({ "name": "one", "client": [{ "send": "ab" }, { "send": "c" }], "server": server })
    }

    fn late() -> Value {
        script(&json!([{ "recv": 9 }]))
    }

    fn write(message: &str, text: &str, segments: u64) -> Value {
        let hex = Bytes(text.into());
        json!({ "seq": 0, "side": "client", "call_us": 0, "return_us": 1, "op": "send",
            "message": message, "asked": text.len(), "returned": text.len(), "hex": hex,
            "kernel": { "unacked": 0, "unsent": if segments == 0 { text.len() } else { 0 },
                "segments_out": segments } })
    }

    fn read(text: &str, calls: u64) -> Value {
        let hex = Bytes(text.into());
        json!({ "seq": 0, "side": "server", "call_us": 2, "return_us": 3, "calls": calls,
            "op": "recv", "asked": 9, "returned": text.len(), "left": 0,
            "hex": if calls > 1 { Bytes::default() } else { hex } })
    }

    /// Two writes that one read returned; the kernel said so many segments after each. None at
    /// first is a look that was too early, and one segment more for both is one that carried both.
    fn stuck(segments: [u64; 2]) -> RunTrace {
        let [first, both] = segments;
        let events = json!([
            write("A", "ab", first),
            write("B", "c", both),
            read("abc", 1)
        ]);
        run(&late(), &events)
    }

    fn held(runs: &[RunTrace]) -> Comparison {
        let lab: LabInfo = serde_json::from_value(json!({ "schema": 1, "lab": 1, "slug": "one",
            "title": "", "runs": [], "os": "linux", "evidence": ["tcp_info"], "texts": {} }))
        .expect("a lab");
        let reports: Vec<Report> = runs.iter().map(|run| report::build(run, true)).collect();
        let both = runs.iter().zip(&reports);
        let compared: Vec<Compared<'_>> = both
            .map(|(run, report)| Compared {
                lab: &lab,
                run,
                report,
            })
            .collect();
        compare(&compared)
    }

    /// What differs, and what is not known.
    fn aspect(runs: &[RunTrace]) -> (Vec<Aspect>, Vec<Aspect>) {
        let held = held(runs);
        assert_eq!(held.cause.is_some(), !held.differs.is_empty());
        (held.differs, held.open)
    }

    #[test]
    fn the_same_run_is_the_same() {
        assert_eq!(aspect(&[stuck([1, 2]), stuck([1, 2])]), (vec![], vec![]));
    }

    #[test]
    fn where_an_edge_was_lost_is_not_known_to_be_the_same_if_it_is_not_known() {
        // With the first look too early nothing is proven of the edge.
        let (certain, early) = (|| stuck([1, 2]), || stuck([0, 2]));
        assert_eq!(aspect(&[certain(), early()]), (vec![], vec![Aspect::Edges]));
        assert_eq!(aspect(&[early(), early()]), (vec![], vec![Aspect::Edges]));
        let kept = json!([
            write("A", "ab", 1),
            write("B", "c", 2),
            read("ab", 1),
            read("c", 1)
        ]);
        let (differs, open) = aspect(&[early(), run(&late(), &kept)]);
        assert!(differs.contains(&Aspect::Edges) && open.is_empty());
    }

    #[test]
    fn each_run_is_held_against_every_other() {
        // Of three the one in the middle is like each of the others, as far as anybody knows.
        let all = [stuck([0, 1]), stuck([0, 2]), stuck([1, 2])];
        assert_eq!(aspect(&all[..2]), (vec![], vec![Aspect::Edges]));
        assert_eq!(aspect(&all[1..]), (vec![], vec![Aspect::Edges]));
        assert_eq!(aspect(&all), (vec![Aspect::Edges], vec![]));
    }

    #[test]
    fn calls_that_are_told_as_one_are_neither_alike_nor_different() {
        let of = |read: Value| {
            let events = json!([write("A", "ab", 1), write("B", "c", 2), read]);
            run(&late(), &events)
        };
        let open = vec![Aspect::Reads, Aspect::Edges, Aspect::Cuts];
        assert_eq!(
            aspect(&[of(read("abc", 2)), of(read("abc", 2))]),
            (vec![], open)
        );
        // Their sums may tell them apart.
        let (differs, _) = aspect(&[of(read("abc", 2)), of(read("ab", 2))]);
        assert!(differs.contains(&Aspect::Reads));
        let (differs, _) = aspect(&[of(read("abc", 2)), of(read("abc", 3))]);
        assert!(differs.contains(&Aspect::Reads));
        let (differs, _) = aspect(&[of(read("abc", 2)), of(read("abc", 1))]);
        assert!(differs.contains(&Aspect::Reads));
    }

    #[test]
    fn what_another_program_did_is_not_known() {
        let elsewhere =
            json!({ "name": "one", "client": [{ "send": "ab" }], "server": "elsewhere" });
        let one = run(&elsewhere, &json!([write("A", "ab", 1)]));
        let (differs, open) = aspect(&[one.clone(), one.clone()]);
        assert_eq!(differs, []);
        assert!(open.contains(&Aspect::Reads) && open.contains(&Aspect::Failures));
        let mut reset = one.clone();
        reset.events[0].error = Some("ECONNRESET".into());
        assert_eq!(held(&[one, reset]).cause, Some(Cause::Elsewhere));
    }

    #[test]
    fn nothing_is_concluded_of_a_run_that_was_cut_short() {
        let mut cut = stuck([1, 2]);
        cut.events.pop();
        cut.interrupted = true;
        assert_eq!(held(&[stuck([1, 2]), cut]).cause, Some(Cause::CutShort));
    }

    /// A file of three bytes that the receiver is left with, or not.
    fn received(in_place: bool, there: &Value) -> RunTrace {
        let server = json!([{ "recv_file": { "in_place": in_place } }]);
        let call = |more: Value| {
            let mut event = json!({ "seq": 0, "side": "server", "call_us": 4, "return_us": 5 });
            for (key, value) in more.as_object().expect("fields") {
                event[key] = value.clone();
            }
            event
        };
        let path = |name| json!({ "op": "open", "path": name });
        let look = if there.is_null() {
            json!({ "op": "readdir", "files": [], "error": "EACCES" })
        } else {
            json!({ "op": "readdir", "files": there })
        };
        let events = json!([
            write("A", "abc", 1),
            call(path("movie.bin")),
            read("abc", 1),
            call(look)
        ]);
        let script = json!({ "name": "one", "framing": { "header_dict": "<q" }, "client": [],
            "server": server });
        run(&script, &events)
    }

    #[test]
    fn files_that_are_left_are_compared() {
        let left = |in_place| received(in_place, &json!([{ "name": "movie.bin", "size": 3 }]));
        let gone = received(false, &json!([]));
        assert_eq!(aspect(&[left(true), left(true)]), (vec![], vec![]));
        let compared = held(&[left(true), gone]);
        assert_eq!(compared.differs, [Aspect::Files]);
        assert_eq!(compared.cause, Some(Cause::One(Facet::Reads)));
        // Where the look failed nobody knows.
        let nobody = received(true, &Value::Null);
        let both = [nobody.clone(), nobody];
        assert_eq!(aspect(&both), (vec![], vec![Aspect::Files]));
    }

    #[test]
    fn a_decoder_has_found_the_messages_if_they_are_the_ones_that_were_sent() {
        let framed = |out: &str| {
            let script = json!({ "name": "framed", "framing": { "length": ">i" },
                "client": [{ "send_frame": { "payload": "ab" } }], "server": [{ "recv_frames": { "count": 2, "sizes": [9] } }] });
            let mut events = json!([
                write("A", "\0\0\0\u{2}ab", 1),
                write("B", "\0\0\0\u{1}c", 2),
                read("\0\0\0\u{2}ab\0\0\0\u{1}c", 1)
            ]);
            events[1]["layout"] =
                json!([{ "part": "prefix", "bytes": 4 }, { "part": "payload", "bytes": 1 }]);
            let decoded = |hex: &str| json!({ "hex": hex });
            events[2]["decoder"] = json!({ "part": "prefix", "have": 0, "need": 4, "kept": 0,
                "out": [decoded("6162"), decoded(out)] });
            run(&script, &events)
        };
        let why = |out| held(&[stuck([1, 2]), framed(out)]).cause;
        assert_eq!(why("63"), Some(Cause::Framing));
        assert_ne!(why("64"), Some(Cause::Framing), "another message");
        assert_ne!(why(""), Some(Cause::Framing), "none of it");
    }
}
