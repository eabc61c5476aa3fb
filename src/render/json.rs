//! The JSON contract: one object a line. `docs/json.md` documents it, [`crate::trace`] reads it back.

mod compare;
mod delivery;
mod lists;
mod repeat;

use std::iter;

use serde::Serialize;

use crate::event::{Event, LabInfo, Label, Packet, RunTrace, SCHEMA, Side};
use crate::lang::Lang;
use crate::report::{
    Check, Cut, Fate, Flow, InKernel, LostIn, Outcome, Received, Report, Testimony, Unproven,
    Verdict, calls,
};
use crate::{safe, usual};

pub use compare::compare;
pub use lists::{lab, myth, word, word_of_a_lab};
pub use repeat::repeat;

/// A line of the contract.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum Line<'a> {
    Lab(LabLine<'a>),
    Run(&'a RunTrace),
    Event(EventLine<'a>),
    Packet(PacketLine<'a>),
    Report(Box<ReportLine<'a>>),
}

#[derive(Serialize)]
struct LabLine<'a> {
    schema: u32,
    lab: Option<u32>,
    slug: &'a str,
    title: &'a str,
    runs: Vec<&'a str>,
    os: &'a str,
    evidence: &'a [String],
    texts: &'a crate::event::Texts,
}

#[derive(Serialize)]
struct EventLine<'a> {
    run: &'a str,
    #[serde(flatten)]
    event: &'a Event,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    from: &'a [(Label, u64, u64)],
    #[serde(skip_serializing_if = "Option::is_none")]
    #[serde(rename = "held")]
    in_kernel: Option<InKernel>,
}

#[derive(Serialize)]
struct PacketLine<'a> {
    run: &'a str,
    #[serde(flatten)]
    packet: &'a Packet,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    from: &'a [(Label, u64, u64)],
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    again: bool,
}

#[derive(Serialize)]
struct ReportLine<'a> {
    run: &'a str,
    #[serde(skip_serializing_if = "usual::is_one")]
    conn: u32,
    direction: &'static str,
    writes: Option<u64>,
    segments: Option<u64>,
    recvs: Option<u64>,
    write_ends: Vec<u64>,
    segment_ends: &'a [u64],
    recv_ends: Vec<u64>,
    edges: Vec<EdgeObject>,
    cuts: &'a [Cut],
    bytes_sent: Option<u64>,
    bytes_received: Option<u64>,
    #[serde(skip_serializing_if = "usual::is_default")]
    missing: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    most_unsent: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    messages_out: Option<usize>,
    delivery: delivery::DeliveryObject,
    #[serde(skip_serializing_if = "Option::is_none")]
    refused: Option<&'a crate::frame::FrameError>,
    #[serde(skip_serializing_if = "Option::is_none")]
    datagrams: Option<DatagramsObject>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    files: &'a [Received],
    end_of_stream: Option<bool>,
    differences: Vec<&'a Check>,
    outcome: Outcome,
}

#[derive(Serialize)]
struct EdgeObject {
    between: [Label; 2],
    offset: u64,
    kept: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    lost_in: Option<LostIn>,
    #[serde(skip_serializing_if = "Testimony::is_empty")]
    witnesses: Testimony,
    #[serde(skip_serializing_if = "Option::is_none")]
    unproven: Option<Unproven>,
}

#[derive(Serialize)]
struct DatagramsObject {
    sent: usize,
    received: u64,
    truncated: Option<u64>,
    dropped: Option<u64>,
}

/// A line of output: peers and files have named much of what is in it.
fn written(line: &impl Serialize) -> String {
    // Every key is a string and nothing here can fail to serialize.
    let line = serde_json::to_string(line).expect("the contract's types serialize");
    safe::json(line) + "\n"
}

/// The line that a trace begins with. `lang` is the language of its title.
pub fn opening(lab: &LabInfo, runs: &[&str], lang: Lang) -> String {
    let title = lab
        .texts
        .get(lang)
        .map_or(lab.slug.as_str(), |text| &text.title);
    let line = LabLine {
        schema: SCHEMA,
        lab: lab.lab,
        slug: &lab.slug,
        title,
        runs: runs.to_vec(),
        os: &lab.os,
        evidence: &lab.evidence,
        texts: &lab.texts,
    };
    written(&Line::Lab(line))
}

/// The lines of one run: the run itself, its events, a report for each direction.
pub fn run(run: &RunTrace, report: &Report) -> String {
    lines(run, report).collect()
}

/// The same one by one: together they are as long as all that is known of the run.
pub fn lines<'a>(run: &'a RunTrace, report: &'a Report) -> impl Iterator<Item = String> {
    let name = run.name.as_str();
    let events = run.events.iter().zip(&report.notes);
    let events = events.map(move |(event, note)| {
        Line::Event(EventLine {
            run: name,
            event,
            from: &note.owners,
            in_kernel: note.in_kernel,
        })
    });
    let packets = run.packets.iter().zip(&report.wire);
    let packets = packets.map(move |(packet, sight)| {
        Line::Packet(PacketLine {
            run: name,
            packet,
            from: &sight.owners,
            again: sight.again,
        })
    });
    let reports = report.flows.iter();
    let reports = reports.map(move |flow| Line::Report(Box::new(report_line(name, flow, report))));
    iter::once(Line::Run(run))
        .chain(events)
        .chain(packets)
        .chain(reports)
        .map(|line| written(&line))
}

fn direction(from: Side) -> &'static str {
    match from {
        Side::Client => "client-to-server",
        Side::Server => "server-to-client",
    }
}

fn report_line<'a>(run: &'a str, flow: &'a Flow, report: &'a Report) -> ReportLine<'a> {
    let ends = |spans: &[crate::report::Span]| spans.iter().map(|span| span.end).collect();
    let edges = flow.edges.iter().map(|edge| {
        let (kept, lost_in) = match edge.fate {
            Fate::Kept => (Some(true), None),
            Fate::Lost(cause) => (Some(false), Some(cause)),
            Fate::NotRead | Fate::NotRecorded => (None, None),
        };
        EdgeObject {
            between: edge.between,
            offset: edge.offset,
            kept,
            lost_in,
            witnesses: edge.said,
            unproven: edge.unproven,
        }
    });
    let differences = report
        .checks
        .iter()
        .filter(|check| check.direction == flow.direction && check.verdict != Verdict::Met);
    // What another program did is null.
    let written = |n: u64| flow.has_writes().then_some(n);
    let read = |n: u64| flow.has_reads().then_some(n);
    ReportLine {
        run,
        conn: flow.direction.conn,
        direction: direction(flow.direction.from),
        writes: written(calls(&flow.ranges.writes)),
        segments: flow.segments.count,
        recvs: read(calls(&flow.ranges.reads)),
        write_ends: ends(&flow.ranges.writes),
        segment_ends: &flow.segments.ends,
        recv_ends: ends(&flow.ranges.reads),
        edges: edges.collect(),
        cuts: &flow.cuts,
        bytes_sent: written(flow.bytes_sent),
        bytes_received: read(flow.bytes_received),
        missing: flow.ranges.missing,
        most_unsent: flow.most_unsent.map(|(unsent, _)| unsent),
        messages_out: flow.decoded.as_ref().map(Vec::len),
        delivery: delivery::object(&flow.delivery),
        refused: flow.refused.as_ref().map(|(_, error)| error),
        datagrams: flow.datagrams.as_ref().map(|datagrams| DatagramsObject {
            sent: flow.ranges.writes.len(),
            received: datagrams.received,
            truncated: datagrams.truncated,
            dropped: datagrams.dropped,
        }),
        files: &flow.files,
        end_of_stream: flow
            .has_reads()
            .then_some(flow.ranges.end_of_stream.is_some()),
        differences: differences.collect(),
        outcome: report.outcome,
    }
}
