//! The wire, watched by an ordinary user in a network of their own: what was captured, and what
//! the program makes of it. Where the system forbids it, that is said, and nothing is tested.
use std::process::Output;

use crate::watched::Place;
use serde::Deserialize;
use serde_json::Value;

/// A packet line as docs/json.md has it; any other key is refused.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PacketLine {
    #[serde(rename = "type")]
    _type: String,
    run: String,
    side: String,
    #[serde(default)]
    conn: Option<u32>,
    at_us: u64,
    #[serde(default)]
    flags: Vec<String>,
    seq: Option<u64>,
    ack: Option<u64>,
    len: u64,
    #[serde(rename = "segment")]
    _segment: Option<u64>,
    window: Option<u64>,
    mss: Option<u64>,
    #[serde(default)]
    from: Vec<(String, u64, u64)>,
    #[serde(default)]
    again: bool,
}

impl PacketLine {
    fn has(&self, flag: &str) -> bool {
        self.flags.iter().any(|own| own == flag)
    }
}

fn text(output: &Output) -> String {
    assert_eq!(
        output.status.code(),
        Some(0),
        "{}{}",
        String::from_utf8_lossy(&output.stderr),
        String::from_utf8_lossy(&output.stdout)
    );
    assert!(
        output.stderr.is_empty(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout.clone()).expect("UTF-8")
}

fn packets(text: &str, run: &str) -> Vec<PacketLine> {
    let lines = text
        .lines()
        .filter(|line| line.starts_with("{\"type\":\"packet\""));
    lines
        .map(|line| serde_json::from_str(line).unwrap_or_else(|e| panic!("{e} in {line}")))
        .filter(|packet: &PacketLine| packet.run == run)
        .collect()
}

/// The line of a type and a run.
fn line(text: &str, kind: &str, run: &str) -> Value {
    text.lines()
        .map(|line| serde_json::from_str::<Value>(line).expect("JSON"))
        .find(|line| line["type"] == kind && line["run"] == run)
        .unwrap_or_else(|| panic!("no {kind} of {run}"))
}

#[test]
fn nagle_sends_two_segments_and_nodelay_five() {
    let place = Place::new();
    if !place.is_allowed() {
        return;
    }
    let mut shown = String::new();
    // The run races the kernel's timers and may lose on a starved machine: `differs` then.
    for _ in 0..5 {
        let output = place.lab(&["2", "--wire", "--json"]);
        if output.status.code() == Some(0) {
            shown = text(&output);
            break;
        }
    }
    let data = |run: &str| -> Vec<Vec<String>> {
        packets(&shown, run)
            .iter()
            .filter(|packet| packet.len > 0 && !packet.again)
            .map(|packet| packet.from.iter().map(|(name, ..)| name.clone()).collect())
            .collect()
    };
    assert_eq!(
        data("delayed-ack"),
        [vec!["A"], vec!["B", "C", "D", "E"]],
        "{shown}"
    );
    assert_eq!(
        data("nodelay"),
        [["A"], ["B"], ["C"], ["D"], ["E"]],
        "{shown}"
    );
    // The ACK that let the second segment go came when the first was long there.
    let all = packets(&shown, "delayed-ack");
    let first = all.iter().position(|packet| packet.len > 0);
    let second = all
        .iter()
        .position(|packet| packet.seq == Some(1) && packet.len == 4);
    let ack = all
        .iter()
        .position(|packet| packet.side == "server" && packet.ack == Some(1));
    assert!(first < ack && ack < second, "{all:?}");
}

#[test]
fn each_connection_begins_with_a_handshake_and_ends_with_a_close() {
    let place = Place::new();
    if !place.is_allowed() {
        return;
    }
    let shown = text(&place.lab(&["3", "--run", "leftover", "--wire", "--json"]));
    let run = line(&shown, "run", "leftover");
    assert_eq!(run["capture"]["mtu"], 1500);
    assert_eq!(run["capture"]["private"], true);
    assert_eq!(run["capture"]["dropped"], Value::Null);
    let all = packets(&shown, "leftover");
    let begins: Vec<(&str, String)> = all[..3]
        .iter()
        .map(|packet| (packet.side.as_str(), packet.flags.join(" ")))
        .collect();
    let expected = [("client", "SYN"), ("server", "SYN ACK"), ("client", "ACK")];
    assert_eq!(begins, expected.map(|(side, flags)| (side, flags.into())));
    assert_eq!((all[0].seq, all[0].mss), (None, Some(1460)));
    let fins: Vec<_> = all.iter().filter(|packet| packet.has("FIN")).collect();
    assert_eq!(fins.len(), 2, "{all:?}");
    assert_eq!(fins[0].seq, Some(10), "behind the last byte");
    assert!(all.iter().any(|packet| packet.ack == Some(11)), "{all:?}");
    assert!(all.is_sorted_by_key(|packet| packet.at_us), "{all:?}");
    assert!(
        all.iter()
            .all(|packet| packet.window.is_some() && packet.conn.is_none()),
        "{all:?}"
    );
    // The bytes left after their write was called, and were there before the read returned.
    let event = |op: &str| {
        let lines = shown
            .lines()
            .map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
        lines.filter(|line| line["op"] == op).collect::<Vec<_>>()
    };
    let data: Vec<_> = all.iter().filter(|packet| packet.len > 0).collect();
    assert_eq!((event("send").len(), data.len()), (2, 2), "{shown}");
    for (send, packet) in event("send").iter().zip(&data) {
        assert!(
            send["call_us"].as_u64().expect("a time") <= packet.at_us,
            "{shown}"
        );
    }
    let first_read = event("recv")[0]["return_us"].as_u64();
    assert!(data.iter().all(|packet| Some(packet.at_us) <= first_read));
}

#[test]
fn what_was_captured_is_replayed_to_the_letter() {
    let place = Place::new();
    if !place.is_allowed() {
        return;
    }
    let live = text(&place.lab(&["3", "--wire", "--json", "--lang", "en"]));
    std::fs::write(place.path().join("t.json"), &live).expect("a file");
    let again = text(&place.lab(&["replay", "t.json", "--json", "--lang", "en"]));
    assert_eq!(again, live);
    let picture = text(&place.lab(&[
        "replay", "t.json", "--run", "leftover", "--wire", "--lang", "en",
    ]));
    assert!(picture.contains("-- AAAAA  seq 0  len 5"), "{picture}");
    assert!(picture.contains("2  capture"), "{picture}");
    assert!(!picture.contains("SYN"), "{picture}");
    let full = text(&place.lab(&["replay", "t.json", "--wire=full", "--lang", "en"]));
    assert!(full.contains("-- SYN  mss 1,460"), "{full}");
}

#[test]
fn the_mtu_decides_how_much_a_segment_takes() {
    let place = Place::new();
    if !place.is_allowed() {
        return;
    }
    let script = r#"{"runs":[
        {"name":"long","client":[{"send":{"text":"x","times":1500}},{"await":"acked"}],
         "server":[{"recv_until_end":4096}]},
        {"name":"own","mtu":9000,"client":[{"send":{"text":"x","times":1500}},{"await":"acked"}],
         "server":[{"recv_until_end":4096}]}]}"#;
    std::fs::write(place.path().join("lab.json"), script).expect("a file");
    let segments = |args: &[&str], run| {
        let shown = text(&place.lab(args));
        let lens: Vec<u64> = packets(&shown, run)
            .iter()
            .map(|packet| packet.len)
            .filter(|len| *len > 0)
            .collect();
        let report = line(&shown, "report", run);
        assert_eq!(report["segments"], lens.len(), "{shown}");
        assert_eq!(lens.iter().sum::<u64>(), 1500);
        lens
    };
    // An MTU of 1500 takes 1448 bytes behind headers and the option that carries time stamps.
    let usual = ["run", "lab.json", "--wire", "--json"];
    assert_eq!(segments(&usual, "long"), [1448, 52]);
    assert_eq!(segments(&usual, "own"), [1500]);
    let small = ["run", "lab.json", "--mtu", "600", "--json"];
    assert_eq!(segments(&small, "long"), [548, 548, 404]);
    assert_eq!(segments(&small, "own").len(), 3, "what is asked for holds");
}

#[test]
fn datagrams_are_captured_and_unix_sockets_have_no_wire() {
    let place = Place::new();
    if !place.is_allowed() {
        return;
    }
    let shown = text(&place.lab(&["6", "--run", "datagrams", "--wire", "--json"]));
    let all = packets(&shown, "datagrams");
    assert!(!all.is_empty());
    assert!(
        all.iter()
            .all(|packet| packet.flags.is_empty() && packet.from.len() == 1),
        "{all:?}"
    );
    let script = r#"{"transport":"unix","runs":[{"name":"one",
        "client":[{"send":"x"}],"server":[{"recv":1}]}]}"#;
    std::fs::write(place.path().join("lab.json"), script).expect("a file");
    let shown = text(&place.lab(&["run", "lab.json", "--wire", "--json"]));
    assert!(packets(&shown, "one").is_empty());
    assert!(line(&shown, "run", "one").get("capture").is_none());
}

#[test]
fn standard_output_is_the_packets_and_nothing_else() {
    let place = Place::new();
    if !place.is_allowed() {
        return;
    }
    let output = place.lab(&["3", "--pcap", "-"]);
    assert_eq!((output.status.code(), &*output.stderr), (Some(0), &b""[..]));
    let mut blocks = pcap_file::pcapng::PcapNgReader::new(&output.stdout[..]).expect("pcapng");
    let mut packets = 0;
    while let Some(block) = blocks.next_block() {
        let block = block.expect("whole to its end");
        packets += usize::from(block.into_enhanced_packet().is_some());
    }
    assert!(packets > 20, "{packets}");
}

#[test]
fn a_file_that_cannot_be_written_is_named() {
    let place = Place::new();
    if !place.is_allowed() {
        return;
    }
    let output = place.lab(&["3", "--pcap", "no/such/dir.pcapng"]);
    assert_eq!(output.status.code(), Some(3));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("no/such/dir.pcapng"), "{said}");
    let written = || place.lab(&["3", "--run", "leftover", "--pcap", "a.pcapng"]);
    assert_eq!(written().status.code(), Some(0));
    let file = place.path().join("a.pcapng");
    let before = std::fs::read(&file).expect("it is written");
    let again = written();
    assert_eq!(again.status.code(), Some(2));
    let said = String::from_utf8_lossy(&again.stderr);
    assert!(said.contains("a.pcapng is there already"), "{said}");
    assert!(again.stdout.is_empty(), "before the first run");
    assert_eq!(std::fs::read(&file).expect("it is there"), before);
    for wrong in [
        ["--mtu", "20"],
        ["--mtu", "many"],
        ["--wire=none", "--json"],
        ["--pcap=-", "--json"],
        ["--pcap=-", "--plain"],
        ["--wire", "--predict"],
    ] {
        let output = place.lab(&["3", wrong[0], wrong[1]]);
        assert_eq!(output.status.code(), Some(2), "{wrong:?}");
    }
}
