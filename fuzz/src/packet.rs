//! Any bytes as captured frames: the decoder never panics, and what it makes of them can be
//! followed, judged, drawn and written to a file, whatever the numbers in them.

use sticky_lab::event::{Capture, LabInfo, RunTrace, Texts, Transport, WireDetail};
use sticky_lab::lang::Lang;
use sticky_lab::render::pcap::Pcap;
use sticky_lab::render::{self, Colour, Detail, Form, View};
use sticky_lab::report;
use sticky_lab::wire::{Follower, Frame, decode};
use unicode_width::UnicodeWidthStr;

pub fn check(data: &[u8]) {
    let [port, frames @ ..] = data else {
        return;
    };
    let mut follow = Follower::new(u16::from(*port));
    let (mut packets, mut kept) = (Vec::new(), Vec::new());
    // Each frame: its length, what it says it had on the wire, its bytes.
    let mut rest = frames;
    while let [len, on_wire, more @ ..] = rest {
        let (frame, behind) = more.split_at(usize::from(*len).min(more.len()));
        rest = behind;
        let on_wire = usize::from(*on_wire) << 6;
        let Some(headers) = decode(frame, on_wire) else {
            continue;
        };
        assert!(headers.len <= 1 << 16);
        if let Some((_, packet)) = follow.packet(packets.len() as u64, &headers) {
            packets.push(packet);
            kept.push(Frame {
                at: std::time::Duration::ZERO,
                bytes: frame.into(),
                on_wire,
            });
        }
    }
    let _ = follow.all_over();
    let run = RunTrace {
        capture: Some(Capture {
            mtu: 1500,
            tells_segments: false,
            private: *port > 127,
            dropped: 0,
        }),
        packets,
        ..RunTrace::new("packets", Transport::Tcp)
    };
    let report = report::build(&run, true);
    assert_eq!(report.wire.len(), run.packets.len());
    let lab = LabInfo {
        lab: None,
        slug: "packets".into(),
        texts: Texts::default(),
        os: "linux".into(),
        evidence: Vec::new(),
    };
    let view = View {
        form: Form::Picture,
        lang: Lang::En,
        colour: Colour::None,
        ascii: false,
        width: 80,
        has_evidence: true,
        wire: WireDetail::Full,
        detail: Detail::Full,
        hex: false,
    };
    for line in render::run(&lab, &run, &report, &view).finish().lines() {
        assert!(line.width() <= 80, "{line:?}");
    }
    let mut file = Pcap::new(Vec::new()).expect("memory can be written");
    file.run(&run, &report, &kept)
        .expect("memory can be written");
}
