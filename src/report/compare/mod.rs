//! What came of several runs, held against one another, and what made the difference, as far as
//! scripts and reports show it.
//!
//! What is not known of a run is neither the same as another run's nor different from it.

mod aspect;
mod cause;

use serde::{Deserialize, Serialize};
use strum::VariantArray;

use super::Reported;
use super::differ::{Difference, Facet, differ};

use crate::lab::file::Run;
use aspect::{Likeness, Parted, known, worst};

/// Something that comes of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, strum::VariantArray)]
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
pub fn compare(runs: &[Reported<'_>]) -> Comparison {
    let followed: Option<Vec<Run>> = runs.iter().map(|run| Run::of(run.run)).collect();
    let scripts = followed.map(|all| differ(&all.iter().collect::<Vec<_>>()));
    let runs: Vec<Parted<'_>> = runs.iter().map(Parted::of).collect();
    let pairs = || {
        let behind = |i: usize| runs[i + 1..].iter().zip(std::iter::repeat(&runs[i]));
        (0..runs.len()).flat_map(behind)
    };
    let known = Aspect::VARIANTS.iter().map(|&aspect| {
        let each = pairs().map(|(b, a)| known(aspect, a, b));
        (aspect, worst(each))
    });
    let known: Vec<_> = known.collect();
    let of = |wanted: Likeness| {
        let is = known.iter().filter(|(_, known)| *known == wanted);
        is.map(|(aspect, _)| *aspect).collect::<Vec<_>>()
    };
    let (differs, open) = (of(Likeness::Differs), of(Likeness::Open));
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
    use crate::event::fixture::{call, decoded, recv, send};
    use crate::event::{Action, Event, LabInfo, PartLen, RunTrace, Side, StoredFile, Texts};
    use crate::frame::Part;
    use crate::report::{self, Report};

    fn run(script: &Value, events: impl Into<Vec<Event>>) -> RunTrace {
        let script: Run = serde_json::from_value(script.clone()).expect("a script");
        RunTrace {
            events: events.into(),
            ..script.record()
        }
    }

    /// Messages `ab` and `c`, after which the kernel said so many segments, and what was read.
    fn late<const N: usize>([first, both]: [u64; 2], reads: [Event; N]) -> RunTrace {
        let script = json!({ "name": "one", "client": [{ "send": "ab" }, { "send": "c" }],
            "server": [{ "recv": 9 }] });
        let unsent = |segments, bytes| if segments == 0 { bytes } else { 0 };
        let mut events = vec![
            send("A", "ab").counters(first, unsent(first, 2)),
            send("B", "c").counters(both, unsent(both, 1)),
        ];
        events.extend(reads.map(|read| read.left(0)));
        run(&script, events)
    }

    /// Two writes that one read returned. No segment at first is a look that was too early, and
    /// one segment more for both is one that carried both.
    fn stuck(segments: [u64; 2]) -> RunTrace {
        late(segments, [recv(9, "abc")])
    }

    fn held(runs: &[RunTrace]) -> Comparison {
        let lab = &LabInfo {
            lab: Some(1),
            slug: "one".into(),
            texts: Texts::default(),
            os: "linux".into(),
            evidence: vec!["tcp_info".into()],
        };
        let reports: Vec<Report> = runs.iter().map(|run| report::build(run, true)).collect();
        let both = runs.iter().zip(&reports);
        let compared: Vec<_> = both
            .map(|(run, report)| Reported { lab, run, report })
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
        let kept = late([1, 2], [recv(9, "ab"), recv(9, "c")]);
        let (differs, open) = aspect(&[early(), kept]);
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
        let of = |text, calls| late([1, 2], [recv(9, text).calls(calls)]);
        let open = vec![Aspect::Reads, Aspect::Edges, Aspect::Cuts];
        assert_eq!(aspect(&[of("abc", 2), of("abc", 2)]), (vec![], open));
        // Their sums may tell them apart.
        for other in [of("ab", 2), of("abc", 3), of("abc", 1)] {
            let (differs, _) = aspect(&[of("abc", 2), other]);
            assert!(differs.contains(&Aspect::Reads));
        }
    }

    #[test]
    fn what_another_program_did_is_not_known() {
        let elsewhere =
            json!({ "name": "one", "client": [{ "send": "ab" }], "server": "elsewhere" });
        let one = run(&elsewhere, [send("A", "ab").counters(1, 0)]);
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

    /// A file of three bytes is received, and then this is what a look at the directory gives.
    fn received(in_place: bool, look: impl Fn(Event) -> Event, files: &[u64]) -> RunTrace {
        let file = |&size| StoredFile {
            name: "movie.bin".into(),
            size,
        };
        let files = files.iter().map(file).collect();
        let (path, target) = ("movie.bin".into(), None);
        let script = json!({ "name": "one", "framing": { "header_dict": "<q" }, "client": [],
            "server": [{ "recv_file": { "in_place": in_place } }] });
        let events = [
            send("A", "abc").counters(1, 0),
            call(Side::Server, Action::Open { path, target }),
            recv(9, "abc").left(0),
            look(call(Side::Server, Action::Readdir { files })),
        ];
        run(&script, events)
    }

    #[test]
    fn files_that_are_left_are_compared() {
        let left = |in_place| received(in_place, |look| look, &[3]);
        let gone = received(false, |look| look, &[]);
        assert_eq!(aspect(&[left(true), left(true)]), (vec![], vec![]));
        let compared = held(&[left(true), gone]);
        assert_eq!(compared.differs, [Aspect::Files]);
        assert_eq!(compared.cause, Some(Cause::One(Facet::Reads)));
        // Where the look failed nobody knows.
        let nobody = received(true, |look| look.failed("EACCES"), &[]);
        let both = [nobody.clone(), nobody];
        assert_eq!(aspect(&both), (vec![], vec![Aspect::Files]));
    }

    #[test]
    fn a_decoder_has_found_the_messages_if_they_are_the_ones_that_were_sent() {
        let framed = |out: &str| {
            let script = json!({ "name": "framed", "framing": { "length": ">i" },
                "client": [{ "send_frame": { "payload": "ab" } }],
                "server": [{ "recv_frames": { "count": 2, "sizes": [9] } }] });
            let read = recv(9, "\0\0\0\u{2}ab\0\0\0\u{1}c").left(0);
            let mut events = [
                send("A", "\0\0\0\u{2}ab").counters(1, 0),
                send("B", "\0\0\0\u{1}c").counters(2, 0),
                read.read(|read| read.decoder = Some(decoded(&["ab", out]).into())),
            ];
            for (event, payload) in events.iter_mut().zip([2, 1]) {
                let Action::Send(write) = &mut event.action else {
                    continue;
                };
                let parts = [(Part::Prefix, 4), (Part::Payload, payload)];
                write.layout = parts.map(|(part, bytes)| PartLen { part, bytes }).into();
            }
            run(&script, events)
        };
        let why = |out| held(&[stuck([1, 2]), framed(out)]).cause;
        assert_eq!(why("c"), Some(Cause::Framing));
        assert_ne!(why("d"), Some(Cause::Framing), "another message");
        assert_ne!(why(""), Some(Cause::Framing), "none of it");
    }
}
