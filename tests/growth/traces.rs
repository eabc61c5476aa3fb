//! Traces of any length, as `--json` writes them.

use std::fmt::Write;

use serde_json::{Value, json};

/// A kind of long run: its name, and what writes one of about so many lines.
type Kind = (&'static str, fn(&mut Trace, usize));

/// What a long run may be made of.
pub(crate) const KINDS: [Kind; 9] = [
    ("sends and reads in turn", in_turn),
    ("sends that all wait in the queue", queued),
    ("one send, read byte by byte", byte_by_byte),
    ("one read of all sends", at_once),
    ("datagrams, every other one dropped", datagrams),
    ("frames", frames),
    ("a client for each send", clients),
    ("packets", packets),
    ("waits and looks", waits),
];

/// A trace that is being written.
pub(crate) struct Trace {
    run: &'static str,
    text: String,
    events: usize,
}

impl Trace {
    /// A run of one of the kinds, with about so many lines.
    pub(crate) fn of(write: fn(&mut Self, usize), lines: usize) -> String {
        let mut trace = Self {
            run: "long",
            text: String::new(),
            events: 0,
        };
        trace.line(
            &json!({ "type": "lab", "schema": 1, "lab": null, "slug": "long", "title": "long",
            "runs": [trace.run], "os": "linux", "evidence": ["tcp_info", "inq"], "texts": {} }),
        );
        write(&mut trace, lines);
        let end = json!({ "type": "report", "run": trace.run });
        trace.line(&end);
        trace.text
    }

    fn line(&mut self, line: &Value) {
        writeln!(self.text, "{line}").expect("a String takes all");
    }

    fn begin(&mut self, transport: &str, more: &Value) {
        let mut script =
            json!({ "name": self.run, "transport": transport, "client": [], "server": [] });
        script
            .as_object_mut()
            .expect("an object")
            .extend(more.as_object().expect("an object").clone());
        let capture = script
            .as_object_mut()
            .and_then(|keys| keys.remove("capture"));
        let mut line = json!({ "type": "run", "run": self.run, "address": "127.0.0.1:1" });
        line["script"] = script;
        if let Some(capture) = capture {
            line["capture"] = capture;
        }
        self.line(&line);
    }

    fn event(&mut self, side: &str, op: &str, more: &Value) {
        let at = self.events;
        let mut event = json!({ "type": "event", "run": self.run, "seq": at, "side": side,
            "call_us": at, "return_us": at, "op": op });
        event
            .as_object_mut()
            .expect("an object")
            .extend(more.as_object().expect("an object").clone());
        self.events += 1;
        self.line(&event);
    }

    /// The message of this number; each leaves in a segment of its own.
    fn send(&mut self, op: &str, number: usize, bytes: &str, more: &Value) {
        let mut send = json!({ "message": label(number), "asked": bytes.len(),
            "returned": bytes.len(), "hex": hex(bytes),
            "kernel": { "unacked": 0, "unsent": 0, "segments_out": number + 1 } });
        send.as_object_mut()
            .expect("an object")
            .extend(more.as_object().expect("an object").clone());
        self.event("client", op, &send);
    }

    fn read(&mut self, op: &str, bytes: &str, more: &Value) {
        let mut read =
            json!({ "asked": bytes.len() + 1, "returned": bytes.len(), "hex": hex(bytes) });
        read.as_object_mut()
            .expect("an object")
            .extend(more.as_object().expect("an object").clone());
        self.event("server", op, &read);
    }
}

fn hex(bytes: &str) -> String {
    let mut hex = String::new();
    for byte in bytes.bytes() {
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}

/// `A`, `B`, … `Z`, `AA`: the name of the client's message of this number, from 0.
fn label(number: usize) -> String {
    let mut name = Vec::new();
    let mut rest = number + 1;
    while rest > 0 {
        rest -= 1;
        name.push(char::from(
            b'A' + u8::try_from(rest % 26).expect("a letter"),
        ));
        rest /= 26;
    }
    name.iter().rev().collect()
}

const BYTES: &str = "0123456789abcdef";

fn in_turn(trace: &mut Trace, lines: usize) {
    trace.begin("tcp", &json!({}));
    for i in 0..lines / 2 {
        trace.send("send", i, BYTES, &json!({}));
        trace.read("recv", BYTES, &json!({ "left": 0 }));
    }
}

fn queued(trace: &mut Trace, lines: usize) {
    trace.begin("tcp", &json!({}));
    let half = lines / 2;
    for i in 0..half {
        trace.send("send", i, BYTES, &json!({}));
    }
    for i in (0..half).rev() {
        let more = json!({ "asked": BYTES.len(), "left": i * BYTES.len() });
        trace.read("recv", BYTES, &more);
    }
}

fn byte_by_byte(trace: &mut Trace, lines: usize) {
    trace.begin("tcp", &json!({}));
    trace.send("send", 0, &"x".repeat(lines), &json!({}));
    for i in (0..lines).rev() {
        trace.read("recv", "x", &json!({ "asked": 1, "left": i }));
    }
}

fn at_once(trace: &mut Trace, lines: usize) {
    trace.begin("tcp", &json!({}));
    for i in 0..lines {
        trace.send("send", i, "xy", &json!({}));
    }
    trace.read("recv", &"xy".repeat(lines), &json!({ "left": 0 }));
}

fn datagrams(trace: &mut Trace, lines: usize) {
    trace.begin("udp", &json!({}));
    let sent = lines * 2 / 3;
    let bytes = |i: usize| format!("datagram {i:06}");
    for i in 0..sent {
        trace.send("sendto", i, &bytes(i), &json!({ "kernel": null }));
    }
    let gone = sent / 2;
    for i in (0..sent).step_by(2) {
        let more = json!({ "truncated": 0, "dropped": gone });
        trace.read("recvfrom", &bytes(i), &more);
    }
}

fn frames(trace: &mut Trace, lines: usize) {
    trace.begin("tcp", &json!({}));
    for i in 0..lines / 2 {
        let payload = format!("message {i:06}");
        let frame = format!("\0\0\0{}{payload}", char::from(14));
        let layout = json!([{ "part": "prefix", "bytes": 4 }, { "part": "payload", "bytes": 14 }]);
        trace.send("send", i, &frame, &json!({ "layout": layout }));
        let decoder = json!({ "out": [{ "hex": hex(&payload) }], "part": "prefix", "have": 0,
            "need": 4, "kept": 0 });
        trace.read("recv", &frame, &json!({ "left": 0, "decoder": decoder }));
    }
}

fn clients(trace: &mut Trace, lines: usize) {
    let all = lines / 4;
    trace.begin("tcp", &json!({ "more_clients": vec![json!([]); all - 1] }));
    for i in 0..all {
        let conn = json!({ "conn": i + 1 });
        let address = format!("127.0.0.1:{}", 2 + i % 60_000);
        let connect = json!({ "conn": i + 1, "peer": "127.0.0.1:1", "local": address });
        trace.event("client", "connect", &connect);
        let accept = json!({ "conn": i + 1, "peer": address });
        trace.event("server", "accept", &accept);
        trace.send("send", i, BYTES, &conn);
        trace.read("recv", BYTES, &conn);
    }
}

fn packets(trace: &mut Trace, lines: usize) {
    let capture = json!({ "mtu": 1500, "private": true });
    trace.begin("tcp", &json!({ "capture": capture }));
    let all = lines / 4;
    for i in 0..all {
        trace.send("send", i, BYTES, &json!({}));
        trace.read("recv", BYTES, &json!({ "left": 0 }));
    }
    for i in 0..all {
        let data = json!({ "type": "packet", "run": trace.run, "side": "client", "at_us": 2 * i,
            "flags": ["PSH", "ACK"], "seq": i * BYTES.len(), "ack": 0, "len": BYTES.len() });
        trace.line(&data);
        let ack = json!({ "type": "packet", "run": trace.run, "side": "server", "at_us": 2 * i,
            "flags": ["ACK"], "seq": 0, "ack": (i + 1) * BYTES.len(), "len": 0 });
        trace.line(&ack);
    }
}

fn waits(trace: &mut Trace, lines: usize) {
    trace.begin("tcp", &json!({}));
    let there = json!({ "client": "ESTABLISHED", "server": "ESTABLISHED" });
    for i in 0..lines / 4 {
        trace.event("client", "states", &there);
        trace.event("client", "signal", &json!({ "name": format!("s{i}") }));
        let until = json!({ "until": { "signal": format!("s{i}") } });
        trace.event("server", "await", &until);
        trace.event("server", "pause", &json!({ "us": 1 }));
    }
}
