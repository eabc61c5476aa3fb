//! The programs that `lab code` prints, run by Python, against the lab's own runs.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value};
use sticky_lab::event::{Action, DecoderState, Event, Read, RunTrace, Side, Transport};
use sticky_lab::frame::{Body, Framing};
use sticky_lab::lab::file::{self, Ask, AtEnd, Counting, RecvLoop};
use sticky_lab::lab::{self, Lab};
use sticky_lab::lang::Lang;
use sticky_lab::python;
use sticky_lab::scenario::{self, Op, Planned, Reading, Scenario, Stop};

use crate::child::{Python, Said};
use crate::framed::free_port;

/// How often a pair that sleeps and hopes may be unlucky on a machine that has other things to
/// do. That its reads are legal and its messages right is asked of every round.
const ROUNDS: usize = 5;

/// Where not even luck gives a plain program the lab's reads each time, or where the lab itself
/// has none that are the same each time: only what is legal is asked of these.
const UNDETERMINED: [(&str, &str, &str); 8] = [
    ("naive", "race", "the scheduler decides, as in the lab"),
    (
        "udp",
        "flood",
        "the kernel decides which datagrams it drops",
    ),
    (
        "the-40-ms-fix",
        "two-writes",
        "the payload comes with its length or behind it",
    ),
    (
        "the-40-ms-fix",
        "nodelay",
        "the payload comes with its length or behind it",
    ),
    (
        "the-40-ms-fix",
        "three-writes",
        "Nagle merges as many as it can",
    ),
    (
        "command-dict",
        "command-as-utf-8",
        "the three parts of the answer come together or one by one",
    ),
    (
        "command-dict",
        "answer-as-utf-8",
        "the three parts of the answer come together or one by one",
    ),
    (
        "end-of-stream",
        "unread-input",
        "how much had come before the reset is left to chance",
    ),
];

/// A run of a lab, what it did, and its programs saved as files.
struct Pair {
    name: String,
    determined: bool,
    /// Whether one of the programs sleeps where the lab waits.
    hopes: bool,
    programs: [PathBuf; 2],
    /// The loops that each side comes to, in order.
    loops: [Vec<RecvLoop>; 2],
    script: file::Run,
    trace: RunTrace,
}

/// The order of everything that there is two of.
const SIDES: [Side; 2] = [Side::Server, Side::Client];

/// What a program printed of its reads: lines as they are, failures by their kind only.
type Lines = Vec<String>;

impl Pair {
    fn new(lab: &Lab, index: usize) -> Self {
        let plan = scenario::resolve(&lab.file, index).expect("the catalogue resolves");
        let run = &plan.script.name;
        let dir = Path::new(env!("CARGO_TARGET_TMPDIR"))
            .join("python")
            .join(format!("{}-{run}", lab.slug));
        fs::create_dir_all(&dir).expect("a directory in target/tmp");
        let mut hopes = false;
        let programs = SIDES.map(|side| {
            let path = dir.join(format!("{side}.py"));
            let program = python::program(lab, &plan, side, Lang::En);
            fs::write(&path, &program).expect("the program is written");
            hopes |= program.contains("time.sleep(");
            path
        });
        let undetermined = |(slug, name, _): &(&str, &str, &str)| *slug == lab.slug && name == run;
        Self {
            name: format!("{} {run}", lab.slug),
            determined: !UNDETERMINED.iter().any(undetermined),
            hopes,
            programs,
            loops: SIDES.map(|side| loops(&plan, side)),
            trace: crate::run(&plan),
            script: plan.script,
        }
    }

    /// Runs both programs, each with what the other one has to know of the address.
    fn play(&self) -> [Said; 2] {
        let [server, client] = &self.programs;
        let transport = self.transport();
        if transport.is_local() {
            let path = std::env::temp_dir().join(format!("lab-{}.sock", std::process::id()));
            let path = path.with_extension(self.name.replace(' ', "-"));
            let path = [path.to_str().expect("UTF-8")];
            let mut server = Python::start(server, &path);
            server.listening();
            let said = [Python::start(client, &path).end(), server.end()];
            // The programs leave it for the next one to remove.
            let _ = fs::remove_file(path[0]);
            let [client, server] = said;
            return [server, client];
        }
        let host = if transport == Transport::Tcp6 {
            "::1"
        } else {
            "127.0.0.1"
        };
        // A server that is to listen again has to know where; any other one takes what it gets.
        let again = |step: &file::Step| match step {
            file::Step::Listen(_) => true,
            file::Step::Try(inner) => matches!(**inner, file::Step::Listen(_)),
            _ => false,
        };
        let port = if self.script.server.iter().any(again) {
            free_port()
        } else {
            0
        };
        let mut server = Python::start(server, &[host, &port.to_string()]);
        let port = server.port().to_string();
        let client = Python::start(client, &[host, &port]);
        let client = client.end();
        [server.end(), client]
    }

    fn transport(&self) -> Transport {
        self.trace.transport
    }

    fn check(&self) {
        let expected = SIDES.map(|side| self.expected(side));
        let rounds = if self.hopes { ROUNDS } else { 1 };
        let mut seen = String::new();
        for round in 1..=rounds {
            let said = self.play();
            let got = [0, 1].map(|i| lines(&said[i].out));
            for (i, side) in SIDES.into_iter().enumerate() {
                let context = format!("{} {side}, round {round}: {said:#?}", self.name);
                // Of a program that says nothing all the rest would be true. A reset may come
                // before the first read, but then the program says that.
                let tells = |line: &String| is_read(line) || line.contains("failed: ");
                if expected[i].iter().any(|line| is_read(line)) {
                    assert!(got[i].iter().any(tells), "{context}");
                }
                self.is_legal(side, &got[i], &context);
                assert_eq!(
                    only(&got[i], "message: "),
                    only(&expected[i], "message: "),
                    "{context}"
                );
                assert_eq!(said[i].success, !self.fails(side), "{context}");
                assert_eq!(counts(&said[i].out), self.taken(side), "{context}");
            }
            if !self.determined || got == expected {
                return;
            }
            let _ = writeln!(seen, "round {round}: {got:#?}");
        }
        panic!("{}: expected {expected:#?}\n{seen}", self.name);
    }

    /// Whether the program of this side ends with an exception, as the lab's steps end early.
    fn fails(&self, side: Side) -> bool {
        self.events(side).iter().any(|event| match &event.action {
            Action::Loop(_) => event.error.is_some(),
            action => action.decoder().is_some_and(|it| it.refused.is_some()),
        })
    }

    fn is_header_only(&self) -> bool {
        matches!(
            self.script.framing,
            Some(file::Framing(Framing::HeaderDict {
                body: Body::None,
                ..
            }))
        )
    }

    /// The events of one side, connection by connection.
    fn events(&self, side: Side) -> Vec<&Event> {
        let mut events: Vec<&Event> = self.trace.events.iter().collect();
        events.retain(|event| event.side == side);
        if side == Side::Client {
            events.sort_by_key(|event| event.conn);
        }
        events
    }

    /// What the program ought to print, by what the lab's run did.
    fn expected(&self, side: Side) -> Lines {
        let mut lines = Lines::new();
        for event in self.events(side) {
            let who = match side {
                Side::Client if self.trace.clients > 1 => {
                    format!("client {}: ", event.conn)
                }
                _ => String::new(),
            };
            let told = match (&event.action, event.error.as_deref()) {
                (Action::Recv(read) | Action::Recvfrom(read), None) => {
                    let call = format!("{}({})", event.action.name(), read.asked);
                    let shown = shown(&read.hex.0);
                    let mut lines = vec![format!("{call} -> {shown}")];
                    lines.extend(self.digested(read));
                    lines
                }
                (Action::Decoder(decoder), None) => self.messages(decoder),
                (Action::Unpack { value, .. }, None) => {
                    vec![format!("size: {}", value.as_ref().expect("a number"))]
                }
                (Action::Parse { value, .. }, None) => {
                    vec![format!("size: {}", value.expect("a number"))]
                }
                (Action::Decode { text, .. }, None) => {
                    vec![format!(
                        "text: {}",
                        text.as_ref().expect("a text").trim_end()
                    )]
                }
                (_, Some(error)) => exception(error).into_iter().map(String::from).collect(),
                _ => Vec::new(),
            };
            lines.extend(told.into_iter().map(|line| format!("{who}{line}")));
        }
        lines
    }

    /// What each wrong loop took, as its program prints it; the right ones say nothing.
    fn taken(&self, side: Side) -> Lines {
        let taken = self.events(side).into_iter().filter_map(|event| {
            if let Action::Loop(taken) = event.action {
                Some(taken)
            } else {
                None
            }
        });
        taken
            .zip(&self.loops[usize::from(side == Side::Client)])
            .filter(|(_, rules)| is_wrong(rules))
            .map(|(taken, _)| {
                format!(
                    "wanted {}, counted {}, has {}",
                    taken.wanted, taken.counted, taken.has
                )
            })
            .collect()
    }

    /// What came out of the bytes of a read.
    fn digested(&self, read: &Read) -> Lines {
        let mut lines = Lines::new();
        if let Some(text) = read.text.as_ref().filter(|_| read.returned != Some(0)) {
            lines.push(if text.failed {
                "failed: UnicodeDecodeError".into()
            } else {
                format!("text: {}", text.out).trim_end().into()
            });
        }
        lines.extend(
            read.decoder
                .iter()
                .flat_map(|decoder| self.messages(decoder)),
        );
        lines
    }

    /// The messages that a decoder gave out.
    fn messages(&self, decoder: &DecoderState) -> Lines {
        let mut lines = Lines::new();
        for message in &decoder.out {
            let header = message.header.as_ref().map(dict);
            let payload = repr(&message.hex.0);
            match header {
                Some(header) if self.is_header_only() => lines.push(format!("message: {header}")),
                Some(header) => {
                    lines.extend([format!("header: {header}"), format!("message: {payload}")]);
                }
                None => lines.push(format!("message: {payload}")),
            }
        }
        lines
    }

    /// Whether some timing would have given these reads: in order, nothing missing in between, and
    /// no read over its size; a datagram is read as a whole or not at all.
    fn is_legal(&self, side: Side, lines: &Lines, context: &str) {
        let writes = self.events(side.other());
        let mut writes: Vec<&Event> = writes
            .into_iter()
            .filter(|event| matches!(event.action, Action::Send(_) | Action::Sendto(_)))
            .collect();
        writes.sort_by_key(|event| event.conn);
        let mut sent = writes.into_iter().map(|event| match &event.action {
            Action::Send(write) | Action::Sendto(write) => units(&repr(&write.hex.0)),
            _ => unreachable!("only writes are left"),
        });
        let reads = lines.iter().filter(|line| is_read(line)).map(|line| {
            let told = line.split_once(" -> ").and_then(|(call, bytes)| {
                let asked = call.split_once('(')?.1.strip_suffix(')')?;
                let (came, start) = bytes.split_once(" bytes: ")?;
                Some((asked.parse().ok()?, came.parse().ok()?, units(start)))
            });
            let read: (usize, usize, _) = told.unwrap_or_else(|| panic!("{line}: {context}"));
            read
        });
        if self.transport().keeps_edges() {
            let ends = self.transport().has_connections();
            for (asked, _, read) in reads.filter(|(_, came, _)| !ends || *came > 0) {
                let came = sent.any(|write| write[..write.len().min(asked).min(SHOWN)] == read);
                assert!(came, "{read:?} was not sent after that: {context}");
            }
            return;
        }
        let stream: Vec<String> = sent.flatten().collect();
        let mut at = 0;
        for (asked, came, start) in reads {
            assert!(came <= asked && at + came <= stream.len(), "{context}");
            assert!(stream[at..at + came].starts_with(&start), "{context}");
            at += came;
        }
    }
}

/// The lines of a program that tell of its reads; clients that print side by side one by one.
fn lines(out: &str) -> Lines {
    let told = |line: &str| {
        let what = line
            .strip_prefix("client ")
            .and_then(|rest| rest.split_once(": "))
            .map_or(line, |(_, what)| what);
        [
            "recv",
            "failed: ",
            "size: ",
            "text: ",
            "message: ",
            "header: ",
        ]
        .iter()
        .any(|start| what.starts_with(start))
    };
    let mut lines: Lines = out
        .lines()
        .filter(|line| told(line))
        .map(|line| match line.find("failed: ") {
            // The words that come with an error are the system's.
            Some(_) => line.split('(').next().unwrap_or(line).into(),
            None => abridged(line),
        })
        .collect();
    if out.contains("client 1: ") {
        lines.sort_by_key(|line| line.split(':').next().map(String::from));
    }
    lines
}

/// Whether a line tells of a read that returned.
fn is_read(line: &str) -> bool {
    line.contains(" -> ")
}

/// The lines in which wrong loops say what they took.
fn counts(out: &str) -> Lines {
    let lines = out.lines().filter(|line| line.starts_with("wanted "));
    lines.map(String::from).collect()
}

/// The loops of a side, in the order of its steps.
fn loops(plan: &Scenario, side: Side) -> Vec<RecvLoop> {
    fn of(step: &Planned) -> Option<RecvLoop> {
        match &step.op {
            Op::Read(Reading {
                stop: Stop::Loop(rules),
                ..
            }) => Some(*rules),
            _ => None,
        }
    }
    match side {
        Side::Server => plan.server.iter().filter_map(of).collect(),
        Side::Client => plan.clients.iter().flatten().filter_map(of).collect(),
    }
}

/// Whether a loop has one of the famous mistakes. A single read has none: it is no loop.
fn is_wrong(rules: &RecvLoop) -> bool {
    let right = (Ask::Rest, Counting::EachRead, AtEnd::Stop);
    !rules.once && (rules.ask, rules.count, rules.at_end) != right
}

/// What Python raises for an error, as a program prints it.
fn exception(error: &str) -> Option<&'static str> {
    Some(match error {
        "EADDRINUSE" => "failed: OSError",
        "EAGAIN" => "failed: TimeoutError",
        "ECONNREFUSED" => "failed: ConnectionRefusedError",
        "ECONNRESET" => "failed: ConnectionResetError",
        "EPIPE" => "failed: BrokenPipeError",
        "no-json" => "failed: JSONDecodeError",
        "no-text" => "failed: UnicodeDecodeError",
        "wrong-size" => "failed: error",
        _ => return None,
    })
}

fn only(lines: &Lines, start: &str) -> Lines {
    let lines = lines.iter().filter(|line| line.starts_with(start));
    lines.cloned().collect()
}

/// How many bytes of a read are compared, besides their number: programs show no more of a large
/// one.
const SHOWN: usize = 20;

/// A read as a program prints it of a large buffer.
fn shown(bytes: &[u8]) -> String {
    let start = &bytes[..bytes.len().min(SHOWN)];
    format!("{} bytes: {}", bytes.len(), repr(start))
}

/// The same of a line that shows all the bytes.
fn abridged(line: &str) -> String {
    match line.split_once(" -> ") {
        Some((call, bytes)) if bytes.starts_with('b') => {
            let mut units = units(bytes);
            let quote = &bytes[1..2];
            let all = units.len();
            units.truncate(SHOWN);
            format!("{call} -> {all} bytes: b{quote}{}{quote}", units.concat())
        }
        _ => line.trim_end().into(),
    }
}

/// Bytes as Python's `repr` writes them.
fn repr(bytes: &[u8]) -> String {
    let quote = if bytes.contains(&b'\'') && !bytes.contains(&b'"') {
        '"'
    } else {
        '\''
    };
    let mut text = format!("b{quote}");
    for &byte in bytes {
        match byte {
            b'\\' => text.push_str("\\\\"),
            b'\n' => text.push_str("\\n"),
            b'\r' => text.push_str("\\r"),
            b'\t' => text.push_str("\\t"),
            b' '..=b'~' if char::from(byte) == quote => text.extend(['\\', quote]),
            b' '..=b'~' => text.push(char::from(byte)),
            _ => write!(text, "\\x{byte:02x}").expect("a String takes all"),
        }
    }
    text.push(quote);
    text
}

/// The bytes of a `repr`, each as it is written there.
fn units(repr: &str) -> Vec<String> {
    let inside = &repr[2..repr.len() - 1];
    let mut chars = inside.chars();
    let mut units = Vec::new();
    while let Some(c) = chars.next() {
        let mut unit = String::from(c);
        if c == '\\' {
            let kind = chars.next().expect("an escape");
            unit.push(kind);
            if kind == 'x' {
                unit.extend(chars.by_ref().take(2));
            }
        }
        units.push(unit);
    }
    units
}

/// A flat JSON object as Python prints it once it is a dict.
fn dict(object: &Map<String, Value>) -> String {
    let fields: Vec<String> = object
        .iter()
        .map(|(key, value)| format!("'{key}': {}", value.to_string().replace('"', "'")))
        .collect();
    format!("{{{}}}", fields.join(", "))
}

/// All runs of a lab.
fn check(number: &str) {
    check_all(&lab::find(number).expect("the lab"));
}

fn check_all(lab: &Lab) {
    for index in 0..lab.file.runs.len() {
        let pair = Pair::new(lab, index);
        // The program of such a run hangs; stuck.rs looks at that.
        let is_stuck = |event: &Event| event.error.as_deref() == Some("stuck");
        if !pair.trace.events.iter().any(is_stuck) {
            pair.check();
        }
    }
}

#[test]
fn lab_1() {
    check("1");
}

#[test]
fn lab_3() {
    check("3");
}

#[test]
fn lab_4() {
    check("4");
}

#[test]
fn lab_5() {
    check("5");
}

#[test]
fn lab_6() {
    check("6");
}

#[test]
fn lab_7() {
    check("7");
}

#[test]
fn lab_8() {
    check("8");
}

#[test]
fn lab_9() {
    check("9");
}

#[test]
fn lab_10() {
    check("10");
}

#[test]
fn lab_11() {
    check("11");
}

#[test]
fn lab_13() {
    check("13");
}

#[test]
fn lab_14() {
    check("14");
}

#[test]
fn lab_15() {
    check("15");
}

#[test]
fn lab_17() {
    check("17");
}

#[test]
fn lab_19() {
    check("19");
}

#[test]
fn lab_21() {
    check("21");
}

#[test]
fn lab_22() {
    check("22");
}

/// Python reads every program of the catalogue, in both languages.
/// Steps at whose end bytes are left over, or a stream ends too early.
#[test]
fn what_is_behind_a_message_waits_and_an_end_is_an_error() {
    let frames = r#"{"recv_frames": {"count": 1, "sizes": [1024]}}"#;
    let client = r#"{"send_frame": {"payload": "one"}}, {"send_frame": {"payload": "two"}},
                    {"send": "garbage!"}"#;
    let run = |name: &str, framing: &str, client: &str, server: &str| {
        format!(
            r#"{{"name": "{name}", {framing} "client": [{client}, "shutdown",
                 {{"recv_until_end": 9}}], "server": [{server}, {{"send": "OK"}}]}}"#
        )
    };
    let framing = r#""framing": {"length": ">I"},"#;
    let all = r#"{"await": {"queued": 22}}"#;
    let runs = [
        run(
            "behind",
            framing,
            client,
            &format!("{all}, {frames}, {frames}"),
        ),
        run(
            "refused",
            framing,
            client,
            &format!("{all}, {frames}, {frames}, {frames}"),
        ),
        run("exact", "", r#"{"send": "abc"}"#, r#"{"recv_exact": 5}"#),
        run(
            "no-message",
            framing,
            r#"{"send_frame": {"payload": "one"}}"#,
            &format!("{frames}, {frames}"),
        ),
    ];
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("python/behind");
    fs::create_dir_all(&dir).expect("a directory in target/tmp");
    let file = dir.join("lab.json");
    let text = format!(r#"{{"runs": [{}]}}"#, runs.join(", "));
    fs::write(&file, text).expect("the lab is written");
    check_all(&lab::open(&file).expect("the lab reads"));
}

#[test]
fn every_program_compiles() {
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("python/all");
    fs::create_dir_all(&dir).expect("a directory in target/tmp");
    let mut paths = Vec::new();
    for lab in lab::catalogue().expect("the catalogue") {
        for index in 0..lab.file.runs.len() {
            let plan = scenario::resolve(&lab.file, index).expect("the catalogue resolves");
            for (lang, code) in [(Lang::En, "en"), (Lang::Zh, "zh")] {
                for side in SIDES {
                    let name = format!("{}-{}-{side}-{code}.py", lab.slug, plan.script.name);
                    let path = dir.join(name);
                    fs::write(&path, python::program(&lab, &plan, side, lang)).expect("written");
                    paths.push(path.to_str().expect("UTF-8").to_string());
                }
            }
        }
    }
    let said = Python::start(Path::new("compiles.py"), &paths).end().well();
    assert_eq!(said, format!("{} compile\n", paths.len()));
}

/// What the programs are made of is Python by itself, so that an editor can show it as such.
#[test]
fn every_template_compiles() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/python/templates");
    let files = fs::read_dir(dir).expect("the templates");
    let path = |file: std::io::Result<fs::DirEntry>| file.expect("a file").path();
    let paths: Vec<String> = files.map(|file| path(file).display().to_string()).collect();
    let said = Python::start(Path::new("compiles.py"), &paths).end().well();
    assert_eq!(said, format!("{} compile\n", paths.len()));
}

/// Texts and bytes that a careless literal would tear, read back by Python.
#[test]
fn any_payload_survives() {
    let texts: Vec<String> = (0..=0x180_u32)
        .chain([0x2028, 0x202e, 0x4f60, 0xfeff, 0xffff, 0x1f600, 0xe0001])
        .filter_map(char::from_u32)
        .map(|c| format!("a{c}1{{n}}{{x}}'{c}\"\\"))
        .chain(["'", "\"", "'\"", "\"\"\"", "\\", "x".repeat(200).as_str()].map(String::from))
        .collect();
    let all_bytes: Vec<String> = (0..=255_u8).map(|byte| format!("{byte:02x}")).collect();
    let mut steps: Vec<Value> = texts
        .iter()
        .map(|text| serde_json::json!({"sendto": text}))
        .collect();
    steps.push(serde_json::json!({"sendto": {"hex": all_bytes.concat(), "times": 2}}));
    let looped: Vec<Value> = texts
        .iter()
        .map(|text| serde_json::json!({"sendto": text}))
        .collect();
    steps.push(serde_json::json!({"repeat": {"times": 2, "steps": looped}}));
    let lab = serde_json::json!({
        "transport": "udp",
        "runs": [{"name": "texts", "client": steps, "server": [{"recvfrom": 10}]}],
    });
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("python/texts");
    fs::create_dir_all(&dir).expect("a directory in target/tmp");
    fs::write(dir.join("lab.json"), lab.to_string()).expect("written");
    let lab = lab::open(&dir).expect("the lab");
    let plan = scenario::resolve(&lab.file, 0).expect("it resolves");
    let program = python::program(&lab, &plan, Side::Client, Lang::En);
    assert!(program.lines().all(|line| line.chars().count() <= 88));
    let path = dir.join("client.py");
    fs::write(&path, program).expect("written");
    let expected: String = plan.clients[0]
        .iter()
        .filter_map(|step| match &step.op {
            Op::Write(writing) => writing.pieces().first(),
            _ => None,
        })
        .flat_map(|bytes| {
            bytes
                .iter()
                .map(|byte| format!("{byte:02x}"))
                .chain(["\n".into()])
        })
        .collect();
    let said = Python::start(Path::new("sends.py"), &[path.to_str().expect("UTF-8")]);
    assert_eq!(said.end().well(), expected);
}
