//! The functions that a program defines for itself: only those that its steps call.

use std::collections::BTreeSet;

use super::source::Source;
use super::words::{self, Helpers};
use crate::frame::{self, Body, Framing, Layout};
use crate::lab::file::{Json as JsonStyle, Outputs};
use crate::lang::Lang;

/// What a program's steps call, to be defined and imported above them.
#[derive(Default)]
pub(super) struct Needs {
    modules: BTreeSet<&'static str>,
    /// Each with whether its header is not always written in the same way.
    frames: Vec<(Shape, bool)>,
    decoders: Vec<Decoder>,
    /// The largest size that exactly so many bytes are read of, if any are.
    exact: Option<usize>,
    /// Whether exactly so many bytes are read in slices.
    slices: bool,
    /// Whether commands are run.
    commands: bool,
    /// How what they write is read, if the lab says how.
    outputs: Option<Outputs>,
}

/// A function that puts messages into frames.
#[derive(Clone, Copy, PartialEq)]
pub(super) struct Shape {
    pub(super) framing: Framing,
    pub(super) has_name: bool,
    /// Whether the size in the header is a lie, and so an argument.
    pub(super) has_size: bool,
    /// Whether the parts are wanted one by one.
    pub(super) in_parts: bool,
}

/// A pair of functions that take messages out of a stream.
struct Decoder {
    framing: Framing,
    /// Whether each read may have a size of its own.
    sizes: bool,
    /// The largest of the sizes.
    largest: usize,
}

/// The most bytes of which all are shown.
const SHOWN: usize = 1024;

/// What a program prints of a read: the call as an f-string has it, and the bytes in a variable;
/// of a large buffer, how many came and how they begin.
pub(super) fn shown(call: &str, size: usize, variable: &str) -> String {
    if size <= SHOWN {
        format!("print(f\"{call} -> {{{variable}!r}}\")")
    } else {
        format!("print(f\"{call} -> {{len({variable})}} bytes: {{{variable}[:20]!r}}\")")
    }
}

impl Needs {
    pub(super) fn module(&mut self, name: &'static str) {
        self.modules.insert(name);
    }

    pub(super) fn exact(&mut self, size: usize) {
        self.exact = self.exact.max(Some(size));
    }

    pub(super) fn slices(&mut self) {
        self.slices = true;
    }

    pub(super) fn commands(&mut self, outputs: Option<Outputs>) {
        self.module("subprocess");
        self.commands = true;
        self.outputs = outputs;
    }

    pub(super) fn runs_commands(&self) -> bool {
        self.commands
    }

    /// The name of the function that makes such frames.
    pub(super) fn frame(&mut self, shape: Shape, style: JsonStyle) -> String {
        self.module("struct");
        if matches!(shape.framing, Framing::HeaderDict { .. }) {
            self.module("hashlib");
            self.module("json");
        }
        let same = |(other, _): &(Shape, bool)| *other == shape;
        let index = place(&mut self.frames, same, || (shape, false));
        self.frames[index].1 |= style != JsonStyle::default();
        frame_name(shape, index)
    }

    /// The name of the function that receives a message, of the size that it is given or, if
    /// `several`, of a list of sizes.
    pub(super) fn recv_message(
        &mut self,
        framing: Framing,
        several: bool,
        largest: usize,
    ) -> String {
        self.module("struct");
        if let Framing::HeaderDict { body, .. } = framing {
            self.module("json");
            if body == Body::Payload {
                self.module("hashlib");
            }
        }
        let new = || Decoder {
            framing,
            sizes: several,
            largest: 0,
        };
        let index = place(&mut self.decoders, |other| other.framing == framing, new);
        let decoder = &mut self.decoders[index];
        decoder.largest = decoder.largest.max(largest);
        numbered("recv_message", index)
    }

    /// The imports.
    pub(super) fn imports(&self) -> String {
        let lines = self.modules.iter().map(|name| format!("import {name}\n"));
        lines.collect()
    }

    /// The functions, each with two blank lines behind it; `peer` is what the other functions of
    /// the program call the socket.
    pub(super) fn functions(&self, lang: Lang, peer: &str) -> String {
        let words = words::helpers(lang);
        let mut functions = Vec::new();
        if let Some(largest) = self.exact {
            functions.push(recv_exact(&words, peer, largest));
        }
        if self.slices {
            functions.push(recv_slices(&words, peer));
        }
        if self.commands {
            functions.push(run_command(&words, self.outputs));
        }
        for (i, (shape, styled)) in self.frames.iter().enumerate() {
            functions.push(frame(&words, &frame_name(*shape, i), *shape, *styled));
        }
        for (i, decoder) in self.decoders.iter().enumerate() {
            let take = numbered("take_message", i);
            functions.push(take_message(&words, &take, decoder.framing));
            let recv = numbered("recv_message", i);
            functions.push(recv_message(&words, &recv, &take, peer, decoder));
        }
        functions
            .into_iter()
            .map(|function| function.finish() + "\n\n")
            .collect()
    }
}

/// Where a thing stands in a list; a new one is put at its end.
fn place<T>(list: &mut Vec<T>, same: impl Fn(&T) -> bool, new: impl FnOnce() -> T) -> usize {
    list.iter().position(same).unwrap_or_else(|| {
        list.push(new());
        list.len() - 1
    })
}

/// `frame`, `frame_2`, `frame_3`: seldom is there more than one.
fn numbered(name: &str, index: usize) -> String {
    match index {
        0 => name.into(),
        index => format!("{name}_{}", index + 1),
    }
}

fn frame_name(shape: Shape, index: usize) -> String {
    numbered(
        if shape.in_parts {
            "frame_parts"
        } else {
            "frame"
        },
        index,
    )
}

fn function(head: &str, doc: &str, body: impl FnOnce(&mut Source)) -> Source {
    let mut source = Source::default();
    source.block(head, |source| {
        source.line(format!("\"\"\"{doc}\"\"\""));
        body(source);
    });
    source
}

fn recv_exact(words: &Helpers, peer: &str, largest: usize) -> Source {
    let head = format!("def recv_exact({peer}, size):");
    function(&head, words.recv_exact, |source| {
        source.line("data = b\"\"");
        source.block("while len(data) < size:", |source| {
            source.line("rest = size - len(data)");
            source.line(format!("chunk = {peer}.recv(rest)"));
            source.line(shown("recv({rest})", largest, "chunk"));
            source.block("if not chunk:", |source| {
                source.line("raise ConnectionError(f\"{rest} bytes short when the stream ended\")");
            });
            source.line("data += chunk");
        });
        source.line("return data");
    })
}

fn recv_slices(words: &Helpers, peer: &str) -> Source {
    let head = format!("def recv_slices({peer}, size, at_most):");
    function(&head, words.recv_slices, |source| {
        source.line("data = b\"\"");
        source.block("while len(data) < size:", |source| {
            source.line("rest = min(at_most, size - len(data))");
            source.line(format!("chunk = {peer}.recv(rest)"));
            source.line(shown("recv({rest})", usize::MAX, "chunk"));
            source.block("if not chunk:", |source| {
                source.line("raise ConnectionError(\"the stream ended inside a message\")");
            });
            source.line("data += chunk");
        });
        source.line("return data");
    })
}

fn run_command(words: &Helpers, outputs: Option<Outputs>) -> Source {
    function("def run_command(command):", words.run_command, |source| {
        source.block("if command not in COMMANDS:", |source| {
            source.line("return UNKNOWN_COMMAND");
        });
        let Some(outputs) = outputs else {
            source.line("done = subprocess.run(COMMANDS[command], capture_output=True)");
            source.line("return done.stdout + done.stderr");
            return;
        };
        source.line("pipe = subprocess.PIPE");
        source.line("program = subprocess.Popen(COMMANDS[command], stdout=pipe, stderr=pipe)");
        match outputs {
            Outputs::BothAtOnce => {
                source.comment(words.both_outputs);
                source.line("stdout, stderr = program.communicate()");
            }
            Outputs::StdoutFirst => {
                source.comment(words.stdout_first);
                source.line("stdout = program.stdout.read()");
                source.line("stderr = program.stderr.read()");
                source.line("program.wait()");
            }
        }
        source.line("return stdout + stderr");
    })
}

fn frame(words: &Helpers, name: &str, shape: Shape, styled: bool) -> Source {
    let mut parameters = vec!["payload"];
    if shape.has_name {
        parameters.push("filename");
    }
    if shape.has_size {
        parameters.push("total_size");
    }
    if styled {
        parameters.extend(["indent=None", "ensure_ascii=True"]);
    }
    let head = format!("def {name}({}):", parameters.join(", "));
    let size = if shape.has_size {
        "total_size"
    } else {
        "len(payload)"
    };
    let joined = |parts: &[&str]| {
        let between = if shape.in_parts { ", " } else { " + " };
        format!("return {}", parts.join(between))
    };
    match shape.framing {
        Framing::Length { layout, .. } => function(&head, words.frame_length, |source| {
            source.line(format!("prefix = struct.pack(\"{layout}\", {size})"));
            source.line(joined(&["prefix", "payload"]));
        }),
        Framing::HeaderDict { layout, body, .. } => function(&head, words.frame_dict, |source| {
            let opened = source.open("header = {");
            if shape.has_name {
                source.line("\"filename\": filename,");
            }
            source.line("\"md5\": hashlib.md5(payload).hexdigest(),");
            source.line(format!("\"total_size\": {size},"));
            source.close(opened);
            source.line("}");
            if styled {
                source.line("text = json.dumps(header, indent=indent, ensure_ascii=ensure_ascii)");
                source.line("header_bytes = text.encode()");
            } else {
                source.line("header_bytes = json.dumps(header).encode()");
            }
            source.line(format!(
                "prefix = struct.pack(\"{layout}\", len(header_bytes))"
            ));
            source.line(match body {
                Body::Payload => joined(&["prefix", "header_bytes", "payload"]),
                Body::None => joined(&["prefix", "header_bytes"]),
            });
        }),
    }
}

fn take_message(words: &Helpers, name: &str, framing: Framing) -> Source {
    let head = format!("def {name}(buffer):");
    function(&head, words.take_message, |source| match framing {
        Framing::Length { layout, limit } => {
            read_length(source, words, layout, "length", limit);
            source.line(format!("end = {} + length", layout.size()));
            wait_until(source, "end");
            source.line(format!(
                "return buffer[{}:end], buffer[end:]",
                layout.size()
            ));
        }
        Framing::HeaderDict {
            layout,
            limit,
            header_limit,
            body,
        } => {
            read_length(source, words, layout, "header_size", header_limit);
            source.line(format!("start = {} + header_size", layout.size()));
            wait_until(source, "start");
            source.line(format!(
                "header = json.loads(buffer[{}:start])",
                layout.size()
            ));
            if body == Body::None {
                source.line("return header, buffer[start:]");
                return;
            }
            source.line("total_size = header[\"total_size\"]");
            check_limit(source, "total_size", limit);
            source.line("end = start + total_size");
            wait_until(source, "end");
            source.line("payload = buffer[start:end]");
            source.line("md5 = hashlib.md5(payload).hexdigest()");
            source.block("if md5 != header[\"md5\"]:", |source| {
                source.line("raise ValueError(f\"the md5 of {payload!r} is {md5}\")");
            });
            source.line("print(\"header:\", header)");
            source.line("return payload, buffer[end:]");
        }
    })
}

fn read_length(source: &mut Source, words: &Helpers, layout: Layout, name: &str, limit: u64) {
    wait_until(source, &layout.size().to_string());
    source.remarked(
        &format!(
            "({name},) = struct.unpack(\"{layout}\", buffer[:{}])",
            layout.size()
        ),
        words.tuple,
    );
    check_limit(source, name, limit);
}

/// A length that came over a socket is only a claim.
fn check_limit(source: &mut Source, name: &str, limit: u64) {
    let limit = match limit {
        frame::DEFAULT_LIMIT => "8 * 1024 * 1024".into(),
        frame::DEFAULT_HEADER_LIMIT => "64 * 1024".into(),
        other => other.to_string(),
    };
    source.block(&format!("if not 0 <= {name} <= {limit}:"), |source| {
        source.line(format!(
            "raise ValueError(f\"{name} is {{{name}}}: beyond the limit\")"
        ));
    });
}

fn wait_until(source: &mut Source, end: &str) {
    source.block(&format!("if len(buffer) < {end}:"), |source| {
        source.line("return None, buffer");
    });
}

fn recv_message(words: &Helpers, name: &str, take: &str, peer: &str, decoder: &Decoder) -> Source {
    let size = if decoder.sizes { "sizes" } else { "size" };
    let head = format!("def {name}({peer}, buffer, {size}):");
    let mut source = Source::default();
    source.block(&head, |source| {
        if decoder.sizes {
            source.line(format!("\"\"\"{}", words.recv_message));
            source.blank();
            source.line(words.recv_message_sizes);
            source.line("\"\"\"");
        } else {
            source.line(format!("\"\"\"{}\"\"\"", words.recv_message));
        }
        source.line(format!("message, buffer = {take}(buffer)"));
        source.block("while message is None:", |source| {
            if decoder.sizes {
                source.line("size = sizes.pop(0) if len(sizes) > 1 else sizes[0]");
            }
            source.line(format!("data = {peer}.recv(size)"));
            source.line(shown("recv({size})", decoder.largest, "data"));
            source.block("if not data:", |source| {
                source.line("raise ConnectionError(\"the stream ended inside a message\")");
            });
            source.line(format!("message, buffer = {take}(buffer + data)"));
        });
        source.line("return message, buffer");
    });
    source
}
