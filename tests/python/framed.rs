//! The codecs against a peer that packs and unpacks in Python.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::thread;

use serde_json::{Value, json};
use sticky_lab::event::from_hex;
use sticky_lab::frame::{Framing, Header, Layout, Outgoing};

use crate::child::Python;

pub(crate) const PEER: &str = "framed.py";

/// Every code of Python's `struct` for such integers, and the layout that it is here.
pub(crate) fn codes() -> Vec<(String, Layout)> {
    let said = Python::start::<&str>(Path::new("codes.py"), &[])
        .end()
        .well();
    let codes = said.lines().map(|line| {
        let [code, packed, sign] = line.split(' ').collect::<Vec<_>>()[..] else {
            panic!("{line}");
        };
        let is_signed = |layout: &Layout| layout.as_str().ends_with(['i', 'q']);
        let packs_so = |layout: &Layout| {
            let bytes = layout.encode(5).expect("5 fits");
            from_hex(packed).as_deref() == Ok(&bytes[..])
        };
        let mut layouts = Layout::ALL
            .into_iter()
            .filter(|layout| packs_so(layout) && is_signed(layout) == (sign == "signed"));
        let layout = layouts
            .next()
            .unwrap_or_else(|| panic!("no layout for {line}"));
        (code.to_string(), layout)
    });
    codes.collect()
}

/// The layout of a code.
pub(crate) fn layout(code: &str) -> Layout {
    let codes = codes();
    let (_, layout) = codes
        .iter()
        .find(|(other, _)| other == code)
        .expect("a code");
    *layout
}

/// Nothing, one byte, text in two encodings, every byte there is.
pub(crate) fn small() -> Vec<Vec<u8>> {
    vec![
        vec![],
        b"x".to_vec(),
        "你好".as_bytes().to_vec(),
        b"\xc4\xe3\xba\xc3".to_vec(),
        (0..=255).collect(),
        vec![],
    ]
}

pub(crate) fn mebibyte() -> Vec<u8> {
    (0..1 << 20)
        .map(|i: u32| i.to_le_bytes()[i as usize % 3])
        .collect()
}

type Message = (Option<Header>, Vec<u8>);

/// Reads messages off a stream, so many bytes at a time, up to its end.
pub(crate) fn read(framing: Framing, stream: &mut TcpStream, size: usize) -> Vec<Message> {
    let mut decoder = framing.decoder();
    let mut buffer = vec![0; size];
    let mut messages = Vec::new();
    loop {
        let n = stream.read(&mut buffer).expect("a read");
        if n == 0 {
            decoder.finish().expect("the end of a message");
            return messages;
        }
        let mut input = &buffer[..n];
        while let Some(frame) = decoder.decode(&mut input).expect("a message") {
            messages.push((frame.header.map(|header| *header), frame.payload.to_vec()));
        }
    }
}

/// Sends messages to the peer and returns what it sends back; `one_byte` is how both sides write
/// and this one reads.
fn echo(framing: Framing, mut what: Value, one_byte: bool, messages: &[Vec<u8>]) -> Vec<Message> {
    what["slow"] = one_byte.into();
    let (mut stream, peer) = if what["role"] == "listen" {
        let mut peer = Python::start(Path::new(PEER), &[what.to_string()]);
        let port = peer.port();
        (
            TcpStream::connect(("127.0.0.1", port)).expect("a connection"),
            peer,
        )
    } else {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        what["port"] = listener.local_addr().expect("an address").port().into();
        let peer = Python::start(Path::new(PEER), &[what.to_string()]);
        (listener.accept().expect("a connection").0, peer)
    };
    let mut sending = stream.try_clone().expect("the same socket");
    let parts: Vec<Vec<u8>> = messages
        .iter()
        .flat_map(|payload| {
            let message = Outgoing {
                name: Some("文件.txt"),
                ..Outgoing::new(payload)
            };
            framing.encode(&message).expect("it fits")
        })
        .collect();
    let sender = thread::spawn(move || {
        sending.set_nodelay(true).expect("TCP_NODELAY");
        let bytes = parts.concat();
        if one_byte {
            for byte in &bytes {
                sending.write_all(&[*byte]).expect("a write");
            }
        } else {
            sending.write_all(&bytes).expect("a write");
        }
        sending.shutdown(std::net::Shutdown::Write).expect("a FIN");
    });
    let came = read(framing, &mut stream, if one_byte { 1 } else { 65536 });
    sender.join().expect("all is sent");
    peer.end().well();
    came
}

fn payloads(messages: &[Message]) -> Vec<&[u8]> {
    messages.iter().map(|(_, payload)| &payload[..]).collect()
}

#[test]
fn a_length_in_every_code_both_ways() {
    let codes = codes();
    assert_eq!(codes.len(), 36);
    let messages = small();
    let long = [&messages[..], &[mebibyte()]].concat();
    for (i, (code, layout)) in codes.iter().enumerate() {
        let role = ["listen", "connect"][i % 2];
        let framing = Framing::length(*layout);
        let what = json!({"role": role, "code": code});
        // Each layout once by its own name, and what stands for it here without an order.
        if layout.as_str() == code || ["i", "q"].contains(&code.as_str()) {
            let came = echo(framing, what.clone(), true, &messages);
            assert_eq!(payloads(&came), messages, "{code}, one byte at a time");
            let came = echo(framing, what, false, &long);
            assert_eq!(payloads(&came), long, "{code}");
        } else {
            let came = echo(framing, what, false, &messages);
            assert_eq!(payloads(&came), messages, "{code}");
        }
    }
}

#[test]
fn a_header_dict_however_python_writes_it() {
    let directions = [
        json!({}),
        json!({"indent": 2}),
        json!({"ensure_ascii": false}),
        json!({"indent": 4, "ensure_ascii": false}),
        json!({"separators": [",", ":"], "sort_keys": true}),
    ];
    let keys = [
        ["filename", "md5", "total_size"],
        ["filename", "hash", "total_size"],
        ["file_name", "md5", "file_size"],
    ];
    for (i, code) in ["i", "<i", ">I", "<q", "!Q", "=i", "@i", "q"]
        .into_iter()
        .enumerate()
    {
        let framing = Framing::header_dict(layout(code));
        for (j, direction) in directions.iter().enumerate() {
            let role = ["listen", "connect"][(i + j) % 2];
            let keys = keys[(i + j) % 3];
            let what = json!({"role": role, "code": code, "keys": keys, "json": direction});
            let mut messages = small();
            let one_byte = j % 2 == 0;
            if !one_byte {
                messages.push(mebibyte());
            }
            let came = echo(framing, what.clone(), one_byte, &messages);
            assert_eq!(payloads(&came), messages, "{what}");
            for (header, payload) in &came {
                let header = header.as_ref().expect("a header");
                assert_eq!(header.name.as_deref(), Some("文件.txt"), "{what}");
                assert_eq!(header.size, payload.len() as u64, "{what}");
                // The decoder has held it against the payload.
                assert!(header.md5.is_some(), "{what}");
            }
        }
    }
}

/// A port that nobody listens on now. That nobody takes it before the lab does is likely, as
/// the system gives them out in turn.
pub(crate) fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address: SocketAddr = listener.local_addr().expect("an address");
    address.port()
}
