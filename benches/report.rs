//! Building a report over hand-made traces, from a thousand events to a million.
//!
//! The work grows with the events and no faster: the report is worked out in passes over ranges.
//! Time per event still rises once, where trace and report no longer fit into the caches and the
//! allocator hands their memory back to the system after each build; from there on it stays.

use std::hint::black_box;
use std::time::Duration;

use criterion::{
    BenchmarkId, Criterion, SamplingMode, Throughput, criterion_group, criterion_main,
};
use sticky_lab::event::{
    Action, Bytes, Event, Label, Read, RunTrace, SenderState, Side, Transport, Write,
};
use sticky_lab::report;

const MESSAGE: u64 = 16;

/// A send of 16 bytes and a recv, in turn. The recvs take 11 and 21 bytes in turn, so that one
/// edge is lost, the next one kept, and every other message cut.
fn trace(events: u64) -> RunTrace {
    let half = events / 2;
    let sends = (0..half).map(|i| {
        let action = Action::Send(Write {
            peer: None,
            message: Label {
                side: Side::Client,
                index: usize::try_from(i).expect("a count"),
            },
            asked: MESSAGE,
            returned: Some(MESSAGE),
            hex: Bytes(vec![b'x'; 16]),
            layout: Vec::new(),
        });
        let kernel = SenderState {
            segments_out: i + 1,
            ..SenderState::default()
        };
        (Side::Client, action, Some(kernel))
    });
    let recvs = (0..half).map(|i| {
        let (taken, left) = if i % 2 == 0 { (11, 5) } else { (21, 0) };
        let action = Action::Recv(Read {
            returned: Some(taken),
            hex: Bytes(vec![b'x'; usize::try_from(taken).expect("a size")]),
            left: Some(left),
            ..Read::asking(taken)
        });
        (Side::Server, action, None)
    });
    let events = sends
        .zip(recvs)
        .flat_map(|(send, recv)| [send, recv])
        .zip(0..)
        .map(|((side, action, kernel), seq)| Event {
            seq,
            side,
            conn: 1,
            calls: 1,
            call_us: seq,
            return_us: seq,
            action,
            kernel: kernel.map(Box::new),
            arrived: None,
            stamps: Vec::new(),
            error: None,
        })
        .collect();
    RunTrace {
        events,
        ..RunTrace::new("long", Transport::Tcp)
    }
}

fn building(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("report");
    group
        .sample_size(10)
        .sampling_mode(SamplingMode::Flat)
        .warm_up_time(Duration::from_secs(1))
        .measurement_time(Duration::from_secs(3));
    for events in [1_000, 10_000, 100_000, 1_000_000] {
        let trace = trace(events);
        let flow = &report::build(&trace, true).flows[0];
        assert_eq!(flow.edges.len() as u64, events / 2 - 1);
        assert_eq!(flow.cuts.len() as u64, events / 4);
        group.throughput(Throughput::Elements(events));
        group.bench_function(BenchmarkId::from_parameter(events), |bencher| {
            bencher.iter(|| report::build(black_box(&trace), true));
        });
    }
    group.finish();
}

criterion_group!(benches, building);
criterion_main!(benches);
