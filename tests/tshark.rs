//! Wireshark's opinion of what `--pcap` writes, as `tshark` gives it: the same packets as the
//! trace has, none malformed, and streams put together again from what was captured are the bytes
//! that were written.
//!
//! Not part of plain `cargo test`, since it takes an installed tshark: `cargo test --test tshark`.
#![cfg(target_os = "linux")]

mod shell;
mod watched;

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use serde_json::Value;
use watched::Place;

fn tshark(file: &Path, args: &[&str]) -> String {
    let output = Command::new("tshark")
        .arg("-r")
        .arg(file)
        .args(args)
        .output()
        .expect("tshark is installed");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).expect("UTF-8")
}

/// Watches a lab; gives its trace and its file.
fn watched(place: &Place, lab: &str) -> (Vec<Value>, std::path::PathBuf) {
    let name = format!("{lab}.pcapng");
    let output = place.lab(&[lab, "--wire", "--pcap", &name, "--json"]);
    let said = String::from_utf8_lossy(&output.stderr);
    // That a claim did not come true this time is no matter here.
    assert!(matches!(output.status.code(), Some(0 | 1)), "{said}");
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    let lines = text
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"));
    (lines.collect(), place.path().join(name))
}

#[test]
fn tshark_sees_what_the_trace_says() {
    let place = Place::new();
    if !place.is_allowed() {
        return;
    }
    for lab in ["2", "3", "5", "6", "7", "15", "16", "18", "20"] {
        let (trace, file) = watched(&place, lab);
        let packets: Vec<&Value> = trace
            .iter()
            .filter(|line| line["type"] == "packet")
            .collect();
        assert!(!packets.is_empty(), "lab {lab}");
        let seen = tshark(
            &file,
            &[
                "-T",
                "fields",
                "-E",
                "separator=|",
                "-e",
                "tcp.seq",
                "-e",
                "tcp.len",
                "-e",
                "tcp.flags.syn",
                "-e",
                "tcp.flags.fin",
                "-e",
                "tcp.flags.reset",
                "-e",
                "udp.length",
                "-e",
                "_ws.malformed",
                "-e",
                "frame.comment",
            ],
        );
        let seen: Vec<&str> = seen.lines().collect();
        assert_eq!(seen.len(), packets.len(), "lab {lab}");
        let (mut numbered, mut owned) = (0, 0);
        for (seen, packet) in seen.iter().zip(packets) {
            let [seq, len, syn, fin, rst, datagram, malformed, comment] =
                seen.splitn(8, '|').collect::<Vec<_>>()[..]
            else {
                panic!("{seen}");
            };
            assert_eq!(malformed, "", "lab {lab}: {seen}");
            let has = |flag: &str| {
                let flags = packet["flags"].as_array();
                flags.is_some_and(|flags| flags.iter().any(|own| own == flag))
            };
            if datagram.is_empty() {
                assert_eq!(len, packet["len"].to_string(), "lab {lab}: {seen}");
                for (bit, flag) in [(syn, "SYN"), (fin, "FIN"), (rst, "RST")] {
                    let set = matches!(bit, "1" | "True");
                    assert_eq!(set, has(flag), "lab {lab}: {seen} {packet}");
                }
                // It counts the SYN, so that its first byte is number 1.
                match packet["seq"].as_u64() {
                    Some(own) if !has("RST") => {
                        assert_eq!(seq, (own + 1).to_string(), "lab {lab}: {seen} {packet}");
                        numbered += 1;
                    }
                    own => assert!(own.is_some() || has("SYN") || has("RST"), "{packet}"),
                }
            } else {
                let own = packet["len"].as_u64().expect("a length") + 8;
                assert_eq!(datagram, own.to_string(), "lab {lab}: {seen}");
            }
            if let Some(Value::Array(owner)) = packet["from"].get(0) {
                let name = owner[0].as_str().expect("a name");
                assert!(comment.starts_with(&format!("{name}[")), "{comment}");
                assert!(comment.contains("'s write"), "{comment}");
                owned += 1;
            } else {
                assert_eq!(packet["len"], 0, "lab {lab}: nobody wrote {packet}");
            }
        }
        assert!(numbered > 0, "lab {lab}");
        // Lab 20 is about connecting: nobody writes anything.
        assert_eq!(owned == 0, lab == "20", "lab {lab}");
    }
}

#[test]
fn streams_put_together_by_tshark_are_what_was_written() {
    let place = Place::new();
    if !place.is_allowed() {
        return;
    }
    for lab in ["3", "5", "16", "17", "18"] {
        let (trace, file) = watched(&place, lab);
        // What each side wrote, by run and connection, in order.
        let mut written: BTreeMap<(usize, u64), [String; 2]> = BTreeMap::new();
        let mut run = 0;
        for line in &trace {
            match line["type"].as_str() {
                Some("run") => run += 1,
                Some("event") if line["op"] == "send" && line.get("returned").is_some() => {
                    let conn = line["conn"].as_u64().unwrap_or(1);
                    let side = usize::from(line["side"] == "server");
                    let own = &mut written.entry((run, conn)).or_default()[side];
                    own.push_str(line["hex"].as_str().expect("hex"));
                }
                _ => {}
            }
        }
        let streams = tshark(&file, &["-T", "fields", "-e", "tcp.stream"]);
        let count = streams
            .lines()
            .filter_map(|n| n.parse::<usize>().ok())
            .max()
            .expect("streams")
            + 1;
        let mut together: Vec<[String; 2]> = Vec::new();
        for stream in 0..count {
            let followed = tshark(&file, &["-q", "-z", &format!("follow,tcp,raw,{stream}")]);
            let mut sides = [String::new(), String::new()];
            for line in followed.lines() {
                let (side, hex) = match line.strip_prefix('\t') {
                    Some(hex) => (1, hex),
                    None => (0, line),
                };
                if !hex.is_empty() && hex.bytes().all(|b| b.is_ascii_hexdigit()) {
                    sides[side].push_str(hex);
                }
            }
            together.push(sides);
        }
        let mut expected: Vec<[String; 2]> = written.into_values().collect();
        together.retain(|sides| sides.iter().any(|side| !side.is_empty()));
        expected.retain(|sides| sides.iter().any(|side| !side.is_empty()));
        assert!(!expected.is_empty(), "lab {lab}");
        // What did not leave before a side gave up was never on the wire.
        assert_eq!(together.len(), expected.len(), "lab {lab}");
        for (i, (got, sent)) in together.iter().zip(&expected).enumerate() {
            assert_eq!(got, sent, "lab {lab}, stream {i}");
        }
    }
}
