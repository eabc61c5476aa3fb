//! The framed systems that tutorials build, one side of each in Python, the other one through the
//! codecs, and the other way round.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::path::Path;

use encoding_rs::{Encoding, GBK, UTF_8};
use sticky_lab::frame::{
    Body, DEFAULT_HEADER_LIMIT, DEFAULT_LIMIT, Framing, Header, Layout, Outgoing,
};

use crate::child::Python;
use crate::framed;

const PROGRAM: &str = "systems.py";

/// The codec's end of a connection.
struct Line {
    stream: TcpStream,
    framing: Framing,
    decoder: sticky_lab::frame::Decoder,
    /// What was read and not yet decoded.
    ahead: Vec<u8>,
}

impl Line {
    fn new(stream: TcpStream, framing: Framing) -> Self {
        Self {
            stream,
            framing,
            decoder: framing.decoder(),
            ahead: Vec::new(),
        }
    }

    /// A Python server, and this as its client.
    fn to_server(name: &str, framing: Framing) -> (Self, Python) {
        let mut server = Python::start(Path::new(PROGRAM), &[name, "server"]);
        let stream = TcpStream::connect(("127.0.0.1", server.port())).expect("a connection");
        (Self::new(stream, framing), server)
    }

    /// A Python client, and this as its server.
    fn to_client(name: &str, framing: Framing) -> (Self, Python) {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener
            .local_addr()
            .expect("an address")
            .port()
            .to_string();
        let client = Python::start(Path::new(PROGRAM), &[name, "client", &port]);
        let (stream, _) = listener.accept().expect("a connection");
        (Self::new(stream, framing), client)
    }

    /// Writes the parts of a message as tutorials do, a call for each.
    fn send(&mut self, message: &Outgoing<'_>) {
        for part in self.framing.encode(message).expect("it fits") {
            self.stream.write_all(&part).expect("a write");
        }
    }

    /// What one read returns: a bare command, or the end.
    fn bare(&mut self) -> Option<Vec<u8>> {
        let mut buffer = [0; 4096];
        let n = self.stream.read(&mut buffer).expect("a read");
        (n > 0).then(|| buffer[..n].to_vec())
    }

    /// The next message, or none at the end of the stream.
    fn message(&mut self) -> Option<(Option<Header>, Vec<u8>)> {
        loop {
            let mut input = &self.ahead[..];
            let frame = self.decoder.decode(&mut input).expect("a message");
            let frame = frame.map(|frame| (frame.header.map(|h| *h), frame.payload.to_vec()));
            self.ahead = input.to_vec();
            if frame.is_some() {
                return frame;
            }
            let Some(more) = self.bare() else {
                self.decoder.finish().expect("the end of a message");
                return None;
            };
            self.ahead.extend(more);
        }
    }

    fn end(self, peer: Python) {
        self.stream.shutdown(Shutdown::Both).expect("an end");
        peer.end().well();
    }
}

pub(crate) fn commands() -> [String; 4] {
    ["dir".into(), "目录".into(), "x".repeat(500), String::new()]
}

pub(crate) fn encode(encoding: &'static Encoding, text: &str) -> Vec<u8> {
    encoding.encode(text).0.into_owned()
}

/// As `answer_to` in systems.py.
pub(crate) fn answer_to(command: &str) -> Vec<u8> {
    let line = format!("{command} 的结果\n");
    encode(GBK, &line.repeat(command.chars().count()))
}

fn decode(encoding: &'static Encoding, bytes: &[u8]) -> String {
    let (text, _, failed) = encoding.decode(bytes);
    assert!(!failed, "{bytes:?}");
    text.into_owned()
}

/// `i` and `q` without an order: the tutorials' own.
fn native(code: &str) -> Layout {
    framed::layout(code)
}

#[test]
fn command_i() {
    let framing = Framing::length(native("i"));
    let (mut line, server) = Line::to_server("command_i", framing);
    for command in commands().iter().filter(|command| !command.is_empty()) {
        line.stream
            .write_all(&encode(GBK, command))
            .expect("a write");
        assert_eq!(line.message(), Some((None, answer_to(command))));
    }
    line.end(server);

    let (mut line, client) = Line::to_client("command_i", framing);
    while let Some(command) = line.bare() {
        line.send(&Outgoing::new(&answer_to(&decode(GBK, &command))));
    }
    client.end().well();
}

#[test]
fn command_q() {
    let framing = Framing::length(native("q"));
    let (mut line, server) = Line::to_server("command_q", framing);
    for command in commands() {
        line.send(&Outgoing::new(&encode(GBK, &command)));
        assert_eq!(line.message(), Some((None, answer_to(&command))));
    }
    line.end(server);

    let (mut line, client) = Line::to_client("command_q", framing);
    let mut asked = Vec::new();
    while let Some((_, command)) = line.message() {
        let command = decode(GBK, &command);
        line.send(&Outgoing::new(&answer_to(&command)));
        asked.push(command);
    }
    assert_eq!(asked, commands());
    client.end().well();
}

#[test]
fn command_dict() {
    let framing = Framing::header_dict(native("i"));
    let (mut line, server) = Line::to_server("command_dict", framing);
    for command in commands().iter().filter(|command| !command.is_empty()) {
        line.stream.write_all(command.as_bytes()).expect("a write");
        let (header, answer) = line.message().expect("an answer");
        let header = header.expect("a header");
        assert_eq!(answer, answer_to(command));
        assert_eq!(header.name.as_deref(), Some("结果.txt"));
        assert!(header.md5.is_some(), "under whichever key");
    }
    line.end(server);

    let (mut line, client) = Line::to_client("command_dict", framing);
    while let Some(command) = line.bare() {
        let answer = answer_to(&decode(UTF_8, &command));
        line.send(&Outgoing {
            name: Some("结果.txt"),
            ..Outgoing::new(&answer)
        });
    }
    client.end().well();
}

#[test]
fn file_header() {
    const SIZE: u64 = 1_073_741_824_000;
    let framing = Framing::HeaderDict {
        layout: native("i"),
        limit: DEFAULT_LIMIT,
        header_limit: DEFAULT_HEADER_LIMIT,
        body: Body::None,
    };
    let (mut line, server) = Line::to_server("file_header", framing);
    let (header, payload) = line.message().expect("a header");
    let header = header.expect("a header");
    assert_eq!((header.size, &payload[..]), (SIZE, &b""[..]));
    assert_eq!(header.name.as_deref(), Some("/a/b/c/d/e/a.txt"));
    assert_eq!(line.message(), None);
    server.end().well();

    let (mut line, client) = Line::to_client("file_header", framing);
    line.send(&Outgoing {
        announced_size: Some(SIZE),
        ..Outgoing::new(b"")
    });
    client.end().well();
}

#[test]
fn download() {
    let framing = Framing::header_dict(native("q"));
    let file: Vec<u8> = (0..=255).collect::<Vec<u8>>().repeat(40);
    let file = [&file[..], b"end"].concat();
    let (mut line, server) = Line::to_server("download", framing);
    for content in [&file[..], b""] {
        let (header, came) = line.message().expect("a file");
        let header = header.expect("a header");
        assert_eq!(came, content);
        assert_eq!(header.name.as_deref(), Some("文件.txt"));
        assert_eq!(header.md5, None);
    }
    assert_eq!(line.message(), None);
    server.end().well();

    let (mut line, client) = Line::to_client("download", framing);
    for content in [&file[..], b""] {
        line.send(&Outgoing {
            name: Some("文件.txt"),
            ..Outgoing::new(content)
        });
    }
    client.end().well();
}
