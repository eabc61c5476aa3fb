//! Runs written by hand, with fixed times and a fixed port: what a picture is tested on.

use sticky_lab::event::{
    Action, Barrier, Bytes, Decoded, DecoderState, Event, LabInfo, Label, PartLen, Read, RunTrace,
    SenderState, Side, Size, Text, Texts, Trace, Transport, Write,
};
use sticky_lab::frame::Part;
use sticky_lab::lab::file::Run;

pub(crate) const ADDRESS: &str = "127.0.0.1:41822";

/// A run that is being written: events in order, a stamp each.
pub(crate) struct Story {
    run: RunTrace,
    now: u64,
    written: u64,
    next: usize,
}

pub(crate) fn client(index: usize) -> Label {
    Label {
        side: Side::Client,
        index,
    }
}

impl Story {
    /// A run of a lab: `script` is the run as a lab file has it.
    pub(crate) fn new(script: &str) -> Self {
        let script: Run = serde_json::from_str(script).expect("a run");
        Self::of(script.record())
    }

    /// A run that followed no script, and what is claimed of it.
    pub(crate) fn unscripted(name: &str, claims: &str) -> Self {
        Self::of(RunTrace {
            claims: serde_json::from_str(claims).expect("claims"),
            ..RunTrace::new(name, Transport::Tcp)
        })
    }

    /// Begins with bind, and over TCP with listen, connect and accept.
    fn of(run: RunTrace) -> Self {
        let udp = run.transport == Transport::Udp;
        let mut story = Self {
            run: RunTrace {
                address: ADDRESS.into(),
                ..run
            },
            now: 0,
            written: 0,
            next: 0,
        };
        let peer = || ADDRESS.to_string();
        story.event(Side::Server, 10, Action::Bind { address: peer() });
        if !udp {
            story.event(Side::Server, 2, Action::Listen { backlog: 1 });
            story.event(
                Side::Client,
                40,
                Action::Connect {
                    peer: peer(),
                    local: "127.0.0.1:40001".into(),
                },
            );
            let peer = "127.0.0.1:50000".into();
            story.event(Side::Server, 8, Action::Accept { peer });
        }
        story
    }

    /// An event that takes so long and comes a microsecond after the one before.
    pub(crate) fn event(&mut self, side: Side, takes: u64, action: Action) -> &mut Event {
        let call_us = self.now;
        self.now += takes + 1;
        self.run.events.push(Event {
            seq: self.run.events.len() as u64,
            side,
            conn: 1,
            calls: 1,
            call_us,
            return_us: call_us + takes,
            action,
            kernel: None,
            arrived: None,
            stamps: Vec::new(),
            error: None,
        });
        self.run.events.last_mut().expect("just pushed")
    }

    pub(crate) fn wait(&mut self, us: u64) -> &mut Self {
        self.now += us;
        self
    }

    /// A write of a whole message; the kernel says so many segments out and bytes unsent.
    pub(crate) fn send(&mut self, bytes: &[u8], segments_out: u64, unsent: u64) -> &mut Self {
        self.frame(bytes, &[], segments_out, unsent)
    }

    /// The same with its parts.
    pub(crate) fn frame(
        &mut self,
        bytes: &[u8],
        parts: &[(Part, u64)],
        segments_out: u64,
        unsent: u64,
    ) -> &mut Self {
        self.written += bytes.len() as u64;
        let message = client(self.next);
        self.next += 1;
        let layout = parts
            .iter()
            .map(|&(part, bytes)| PartLen { part, bytes })
            .collect();
        let write = Write {
            message,
            peer: None,
            asked: bytes.len() as u64,
            returned: Some(bytes.len() as u64),
            hex: Bytes(bytes.into()),
            layout,
        };
        self.event(Side::Client, 12, Action::Send(write)).kernel = Some(Box::new(SenderState {
            unacked: unsent,
            unsent,
            segments_out,
            ..SenderState::default()
        }));
        self
    }

    pub(crate) fn sendto(&mut self, bytes: &[u8]) -> &mut Self {
        let message = client(self.next);
        self.next += 1;
        let write = Write {
            message,
            peer: None,
            asked: bytes.len() as u64,
            returned: Some(bytes.len() as u64),
            hex: Bytes(bytes.into()),
            layout: Vec::new(),
        };
        self.event(Side::Client, 5, Action::Sendto(write));
        self
    }

    /// A wait of a side until something is so.
    pub(crate) fn until(
        &mut self,
        side: Side,
        takes: u64,
        until: Barrier,
        seen: Option<u64>,
    ) -> &mut Self {
        self.event(side, takes, Action::Await { until, seen });
        self
    }

    pub(crate) fn queued(&mut self, bytes: usize) -> &mut Self {
        let seen = Some(bytes as u64);
        self.until(Side::Server, 5, Barrier::Queued(Size(bytes)), seen)
    }

    /// A wait of the client until all is acknowledged, after which so many segments are out.
    pub(crate) fn acked(&mut self, takes: u64, segments_out: u64) -> &mut Self {
        let until = Action::Await {
            until: Barrier::Acked,
            seen: Some(0),
        };
        self.event(Side::Client, takes, until).kernel = Some(Box::new(SenderState {
            segments_out,
            ..SenderState::default()
        }));
        self
    }

    /// A read of the server.
    pub(crate) fn recv(&mut self, asked: u64, bytes: &[u8], left: u64) -> &mut Self {
        self.recv_into(asked, bytes, left, None)
    }

    pub(crate) fn recv_into(
        &mut self,
        asked: u64,
        bytes: &[u8],
        left: u64,
        decoder: Option<DecoderState>,
    ) -> &mut Self {
        let read = Read {
            returned: Some(bytes.len() as u64),
            hex: Bytes(bytes.into()),
            left: Some(left),
            decoder: decoder.map(Box::new),
            ..Read::asking(asked)
        };
        self.event(Side::Server, 4, Action::Recv(read));
        self
    }

    pub(crate) fn recvfrom(
        &mut self,
        asked: u64,
        bytes: &[u8],
        truncated: u64,
        dropped: u64,
    ) -> &mut Self {
        let read = Read {
            asked,
            peer: None,
            returned: Some(bytes.len() as u64),
            hex: Bytes(bytes.into()),
            left: None,
            truncated: Some(truncated),
            dropped: Some(dropped),
            next: None,
            text: None,
            decoder: None,
        };
        self.event(Side::Server, 4, Action::Recvfrom(read));
        self
    }

    /// Both sides close.
    pub(crate) fn end(&mut self) -> RunTrace {
        self.event(Side::Client, 10, Action::Close);
        self.event(Side::Server, 10, Action::Close);
        self.run.clone()
    }
}

/// What a decoder says after a read.
pub(crate) fn decoder(out: &[&[u8]], part: Part, have: u64, need: u64, kept: u64) -> DecoderState {
    let decoded = |bytes: &&[u8]| Decoded {
        hex: Bytes(bytes.to_vec()),
        header: None,
        verified: None,
        size: Some(4 + bytes.len() as u64),
    };
    DecoderState {
        out: out.iter().map(decoded).collect(),
        part,
        have,
        need,
        kept,
        behind: 0,
        refused: None,
    }
}

/// A lab around a run, with a short text in both languages.
pub(crate) fn lab(run: RunTrace) -> Trace {
    let name = run.name.clone();
    let text = |title: &str, question: &str, look: &str, says: &str, why: &str| Text {
        title: title.into(),
        question: question.into(),
        look: vec![look.into()],
        runs: vec![(name.clone(), says.into())],
        short: "A stream has no edges.".into(),
        why: vec![why.into()],
        next: vec!["`lab 4`".into()],
        words: vec!["**edge** (边界)".into()],
    };
    Trace {
        lab: LabInfo {
            lab: Some(3),
            slug: "by-hand".into(),
            texts: Texts {
                en: Some(text(
                    "A run by hand",
                    "What does it look like?",
                    "The letters under the bytes.",
                    "Written down, not run; see the letters.",
                    "`recv(n)` hands over at most n bytes of whatever is queued.",
                )),
                zh: Some(text(
                    "手写的一次运行",
                    "它看起来是什么样子？",
                    "字节下面的字母。",
                    "这是写下来的，不是跑出来的；看看字母。",
                    "`recv(n)` 从队列里最多取走 n 个字节。",
                )),
            },
            os: "linux".into(),
            evidence: vec!["tcp_info".into(), "inq".into()],
        },
        runs: vec![run],
    }
}
