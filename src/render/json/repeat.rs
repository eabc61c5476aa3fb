//! The line about a run that was done many times.

use serde::{Serialize, Serializer};
use serde_json::{Map, Value, json};

use crate::event::{Bytes, Label, Side};
use crate::render::repeat::Repetition;
use crate::render::timeline::Known;
use crate::report::legal::{Range, Reads, Unmodelled};
use crate::report::repeat::{Absent, EdgeTally, OutcomeCount, Repeats};
use crate::usual;

/// The most legal outcomes that are named of those that did not come up.
const MOST_ABSENT: usize = 100;

#[serde_with::skip_serializing_none]
#[derive(Serialize)]
struct RepeatLine<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    run: &'a str,
    asked: u32,
    times: u32,
    as_expected: u32,
    #[serde(skip_serializing_if = "usual::is_default")]
    unconfirmed: u32,
    #[serde(skip_serializing_if = "usual::is_default")]
    load: u32,
    outcomes: Vec<CameObject<'a>>,
    legal: Option<LegalObject>,
    unmodelled: Option<Unmodelled>,
}

#[derive(Serialize)]
struct CameObject<'a> {
    times: u32,
    reads: Vec<ReadsObject>,
    #[serde(serialize_with = "edges")]
    edges: &'a [EdgeTally],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    failed: &'a [String],
}

#[derive(Serialize)]
struct ReadsObject {
    direction: &'static str,
    #[serde(skip_serializing_if = "usual::is_one")]
    conn: u32,
    hex: Vec<Bytes>,
    ranges: Vec<Range>,
    #[serde(skip_serializing_if = "Option::is_none")]
    whole: Option<u64>,
}

#[derive(Serialize)]
struct LegalObject {
    count: usize,
    complete: bool,
    absent: Vec<AbsentObject>,
}

#[derive(Serialize)]
struct AbsentObject {
    torn: bool,
    reads: Vec<ReadsObject>,
}

/// The outcomes of a run, in one line.
///
/// # Panics
/// Never: every key is a string, and nothing in it can fail to serialize.
pub fn repeat(often: Repetition<'_>, repeats: &Repeats) -> String {
    let line = RepeatLine {
        kind: "repeat",
        run: often.run,
        asked: often.wanted,
        times: repeats.times,
        as_expected: repeats.as_expected,
        unconfirmed: repeats.unconfirmed,
        load: often.load.into(),
        outcomes: repeats.came.iter().map(came).collect(),
        legal: repeats
            .legal
            .as_ref()
            .ok()
            .zip(repeats.came.first())
            .map(|(absent, like)| legal(absent, like)),
        unmodelled: repeats.legal.as_ref().err().copied(),
    };
    super::written(&line)
}

fn came(came: &OutcomeCount) -> CameObject<'_> {
    let flows = came.report.flows.iter().filter(|flow| flow.has_reads());
    let reads = flows.map(|flow| {
        let spans = flow.ranges.reads.iter();
        let ranges = spans.map(|span| (span.start, span.end)).collect();
        let written = Known::of(&came.run.events, flow);
        ReadsObject {
            whole: flow.delivery.whole(),
            ..reads_object(flow.direction.from, flow.direction.conn, ranges, &written)
        }
    });
    CameObject {
        times: came.times,
        reads: reads.collect(),
        edges: &came.edges,
        failed: &came.failed,
    }
}

fn reads_object(from: Side, conn: u32, ranges: Vec<Range>, written: &Known<'_>) -> ReadsObject {
    let bytes = |(from, to): &Range| Bytes(written.bytes(*from, *to).into_owned());
    ReadsObject {
        direction: super::direction(from),
        conn,
        hex: ranges.iter().map(bytes).collect(),
        ranges,
        whole: None,
    }
}

/// Each is made as it is written: there may be as many as there are calls.
fn edges<S: Serializer>(edges: &[EdgeTally], to: S) -> Result<S::Ok, S::Error> {
    to.collect_seq(edges.iter().map(edge))
}

/// How often the edge was kept, lost in which place, or not reached.
fn edge(edge: &EdgeTally) -> Value {
    let between: [Label; 2] = edge.between;
    let mut object = Map::new();
    object.insert("between".into(), json!(between));
    object.insert(
        "direction".into(),
        json!(super::direction(edge.direction.from)),
    );
    for (fate, times) in &edge.fates {
        object.insert(fate.name().replace('-', "_"), json!(times));
    }
    Value::Object(object)
}

fn legal(absent: &Absent, like: &OutcomeCount) -> LegalObject {
    let object = |torn: bool| {
        move |outcome: &Reads| {
            let flows = like.report.flows.iter();
            let reads = flows.map(|flow| {
                let written = Known::of(&like.run.events, flow);
                let from = flow.direction.from;
                reads_object(
                    from,
                    flow.direction.conn,
                    outcome.from(from).to_vec(),
                    &written,
                )
            });
            AbsentObject {
                torn,
                reads: reads.collect(),
            }
        }
    };
    let whole = absent.whole.iter().map(object(false));
    let torn = absent.torn.iter().map(object(true));
    LegalObject {
        count: absent.legal,
        complete: absent.complete,
        absent: whole.chain(torn).take(MOST_ABSENT).collect(),
    }
}
