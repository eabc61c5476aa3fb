//! A run as two plain Python programs, a server and a client, for a student to run, break and
//! mend in two terminals.
//!
//! The programs are translated from the scenario, step by step, and use only Python's standard
//! library. What makes a lab come out the same each time has no counterpart in them: where the
//! lab waits for what the kernel counts, they sleep and hope, and say so in a comment.

mod half;
mod helpers;
mod literal;
mod source;
mod step;
mod take;
mod transfer;
mod wait;
mod words;

use crate::event::{Payload, Side, Transport};
use crate::lab::Lab;
use crate::lang::Lang;
use crate::scenario::{self, Scenario};
use crate::text::Encoding;
use half::{Half, quoted};
use literal::Literal;
use source::{COLUMNS, Source, wrap};

/// Both programs, parted by comments that say where each begins.
#[must_use]
pub fn both(lab: &Lab, scenario: &Scenario, lang: Lang) -> String {
    let [client, server] = Side::BOTH.map(|side| program(lab, scenario, side, lang));
    let heading = |name: &str| format!("{:-<COLUMNS$}\n", format!("# ---- {name} "));
    format!(
        "{}{server}\n\n{}{client}",
        heading("server.py"),
        heading("client.py")
    )
}

/// The program of one side.
#[must_use]
pub fn program(lab: &Lab, scenario: &Scenario, side: Side, lang: Lang) -> String {
    let mut half = Half::new(scenario, side, lang);
    match side {
        Side::Server => half.server(scenario),
        Side::Client => half.client(scenario),
    }
    half.needs.module("sys");
    let peer = half.socket();
    let mut text = doc(lab, scenario, side, lang);
    text += "\n";
    text += &half.needs.imports();
    text += "\n";
    text += match scenario.transport {
        Transport::Tcp | Transport::Udp => {
            "HOST = sys.argv[1] if len(sys.argv) > 1 else \"127.0.0.1\"\n\
             PORT = int(sys.argv[2]) if len(sys.argv) > 2 else 8888\n"
        }
        Transport::Tcp6 => {
            "HOST = sys.argv[1] if len(sys.argv) > 1 else \"::1\"\n\
             PORT = int(sys.argv[2]) if len(sys.argv) > 2 else 8888\n"
        }
        Transport::Unix | Transport::UnixSeqpacket | Transport::UnixDatagram => {
            "PATH = sys.argv[1] if len(sys.argv) > 1 else \"/tmp/lab.sock\"\n"
        }
    };
    if half.needs.runs_commands() {
        text += &commands(lab);
    }
    let functions = half.needs.functions(lang, peer);
    let main = half.source.finish();
    // Two blank lines stand around functions, one elsewhere.
    text += if functions.is_empty() && !main.starts_with("def ") {
        "\n"
    } else {
        "\n\n"
    };
    text += &functions;
    text += &main;
    text
}

/// What the server runs for each command that it knows, and what it answers to others.
fn commands(lab: &Lab) -> String {
    let mut source = Source::default();
    source.blank();
    let opened = source.open("COMMANDS = {");
    for (name, argv) in &lab.file.commands {
        source.list(&quoted(name), &argv.0);
    }
    source.close(opened);
    source.line("}");
    let unknown = Payload {
        source: crate::event::PayloadSource::Text(
            lab.file
                .unknown_command
                .clone()
                .unwrap_or_else(|| scenario::UNKNOWN_COMMAND.into()),
            Encoding::Utf8,
        ),
        times: 1,
    };
    source.assign("UNKNOWN_COMMAND", &Literal::payload(&unknown, None));
    source.finish()
}

/// The program's docstring: which lab it is of, what to watch for, how to start it.
fn doc(lab: &Lab, scenario: &Scenario, side: Side, lang: Lang) -> String {
    let run = &scenario.script.name;
    let name = match lab.number {
        Some(number) => words::lab(lang, number),
        None => lab.slug.clone(),
    };
    let mut paragraphs = Vec::new();
    if let Some(text) = lab.texts.get(lang) {
        let about = text.runs.iter().find(|(of, _)| of == run);
        paragraphs.extend(about.map(|(_, about)| words::about(lang, &about.replace("**", ""))));
    }
    paragraphs.push(words::order(lang, side).into());
    let others: Vec<&str> = lab
        .file
        .runs
        .iter()
        .map(|other| other.name.as_str())
        .filter(|other| other != run)
        .collect();
    if let (false, Some(number)) = (others.is_empty(), lab.number) {
        paragraphs.push(words::other_runs(lang, number, &others));
    }
    let mut doc = format!(
        "\"\"\"{}\n",
        in_doc(&words::headline(lang, &name, run, side))
    );
    for paragraph in paragraphs {
        doc.push('\n');
        for line in wrap(&in_doc(&paragraph), COLUMNS) {
            doc += &line;
            doc.push('\n');
        }
    }
    doc + "\"\"\"\n"
}

/// Words as they stand inside a docstring, which neither they nor a backslash may end.
fn in_doc(words: &str) -> String {
    crate::render::harmless(words)
        .replace('\\', "\\\\")
        .replace("\"\"\"", "'''")
}
