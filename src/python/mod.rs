//! A run as two plain Python programs, a server and a client, for a student to run, break and
//! mend in two terminals.
//!
//! The programs are translated from the scenario, step by step, and use only Python's standard
//! library. What makes a lab come out the same each time has no counterpart in them: where the
//! lab waits for what the kernel counts, they sleep and hope, and say so in a comment.

mod functions;
mod literal;
mod options;
mod program;
mod read;
mod script;
mod send;
mod step;
mod template;
mod wait;
mod writer;

use std::collections::BTreeSet;

use crate::event::{Side, Transport};
use crate::lab::Lab;
use crate::lang::Lang;
use crate::safe;
use crate::scenario::{self, Scenario};
use crate::words::python as words;
use literal::{Literal, quoted};
use program::Program;
use writer::{COLUMNS, Writer, wrap};

/// Both programs, parted by comments that say where each begins.
pub fn both(lab: &Lab, scenario: &Scenario, lang: Lang) -> String {
    let [client, server] = Side::BOTH.map(|side| program(lab, scenario, side, lang));
    let heading = |name: &str| format!("{:-<COLUMNS$}\n", format!("# ---- {name} "));
    let of_lab = lab.number.map(|number| (number, &*scenario.script.name));
    let files = of_lab.map(|(number, run)| words::in_files(lang, number, run));
    format!(
        "{}{}{server}\n\n{}{client}",
        files.unwrap_or_default(),
        heading("server.py"),
        heading("client.py")
    )
}

/// The program of one side.
pub fn program(lab: &Lab, scenario: &Scenario, side: Side, lang: Lang) -> String {
    let mut program = Program::new(scenario, side, lang);
    match side {
        Side::Server => program.server(scenario),
        Side::Client => program.client(scenario),
    }
    let mut functions = Writer::new(lang);
    program.functions.write(&mut functions, program.socket());
    let mut constants = Writer::new(lang);
    if program.functions.commands {
        commands(lab, &mut constants);
    }
    let mut modules = BTreeSet::from(["sys"]);
    for writer in [&program.writer, &functions, &constants] {
        modules.extend(&writer.modules);
    }
    let imports: Vec<String> = modules
        .iter()
        .map(|name| format!("import {name}"))
        .collect();
    let (functions, main) = (functions.finish(), program.writer.finish());
    let transport = scenario.transport;
    let loopback = match transport {
        Transport::Tcp6 => "::1",
        _ => "127.0.0.1",
    };
    let mut text = Writer::new(lang);
    text.put(
        "program",
        &[
            ("headline", &headline(lab, scenario, side, lang)),
            ("about", &about(lab, scenario, side, lang)),
            ("imports", &imports.join("\n")),
            ("local", &transport.is_local()),
            ("loopback", &loopback),
            ("commands", &constants.finish()),
            ("functions", &functions),
            // Two blank lines stand around functions, one elsewhere.
            (
                "has_functions",
                &(!functions.is_empty() || main.starts_with("def ")),
            ),
            ("main", &main),
        ],
    );
    text.finish()
}

/// What the server runs for each command that it knows, and what it answers to others.
fn commands(lab: &Lab, writer: &mut Writer) {
    writer.blank();
    let rest = writer.begin("commands", &[]);
    for (name, argv) in &lab.file.commands {
        writer.list(&quoted(name), &argv.0);
    }
    writer.end(rest);
    let own = lab.file.unknown_command.as_deref();
    let unknown = own.unwrap_or(scenario::UNKNOWN_COMMAND);
    writer.assign("UNKNOWN_COMMAND", &Literal::utf8(unknown));
}

/// Which lab the program is of, which run and which side.
fn headline(lab: &Lab, scenario: &Scenario, side: Side, lang: Lang) -> String {
    let name = match lab.number {
        Some(number) => words::lab(lang, number),
        None => lab.slug.clone(),
    };
    in_doc(&words::headline(lang, &name, &scenario.script.name, side))
}

/// What to watch for, how to start the program, what else there is: paragraphs of its docstring.
fn about(lab: &Lab, scenario: &Scenario, side: Side, lang: Lang) -> String {
    let run = &scenario.script.name;
    let mut paragraphs = Vec::new();
    if let Some(text) = lab.texts.get(lang) {
        let about = text.runs.iter().find(|(of, _)| of == run);
        paragraphs.extend(about.map(|(_, about)| words::about(lang, &about.replace("**", ""))));
    }
    paragraphs.push(words::order(lang, side).into());
    let names = lab.file.runs.iter().map(|other| other.name.as_str());
    let others: Vec<&str> = names.filter(|other| other != run).collect();
    if let (false, Some(number)) = (others.is_empty(), lab.number) {
        paragraphs.push(words::other_runs(lang, number, &others));
    }
    let laid_out = |paragraph: &String| wrap(&in_doc(paragraph), COLUMNS).join("\n");
    let paragraphs: Vec<String> = paragraphs.iter().map(laid_out).collect();
    paragraphs.join("\n\n")
}

/// Words as they stand inside a docstring, which neither they nor a backslash may end.
fn in_doc(words: &str) -> String {
    safe::words(words)
        .replace('\\', "\\\\")
        .replace("\"\"\"", "'''")
}
