//! The steps about messages that a program has taken: the loop that gathers one, numbers and text
//! in it, the answer to it.

use super::half::{Half, each, quoted};
use super::helpers::{Shape, shown};
use super::literal::Literal;
use super::words;
use crate::event::{Side, SizeForm};
use crate::frame::{Framing, Layout};
use crate::lab::file::{AnswerFrame, Ask, AtEnd, Counting, Json, RecvLoop, Step, Until};
use crate::text::Encoding;

/// An encoding as Python calls it.
pub(super) fn codec(encoding: Encoding) -> &'static str {
    match encoding {
        Encoding::Utf8 => "utf-8",
        Encoding::Gbk => "gbk",
    }
}

/// What a way to write JSON adds to the arguments of a function that makes frames.
pub(super) fn style_arguments(style: Json) -> Vec<String> {
    let indent = style.indent.map(|spaces| format!("indent={spaces}"));
    let raw = (!style.ensure_ascii).then(|| "ensure_ascii=False".to_string());
    indent.into_iter().chain(raw).collect()
}

impl Half<'_> {
    /// Notes in which variable the message last taken is.
    pub(super) fn takes(&mut self, variable: &'static str) {
        self.message = variable;
        self.has_text = false;
    }

    /// What a `try` around such a step is to catch.
    pub(super) fn errors(&mut self, step: &Step) -> &'static str {
        match step {
            Step::Unpack(_) => {
                self.needs.module("struct");
                "struct.error"
            }
            Step::ParseSize(_) => "ValueError",
            Step::ParseJson(_) => "(ValueError, KeyError)",
            Step::Decode(_) => "UnicodeDecodeError",
            Step::RecvText(_) | Step::RecvFrames(_) | Step::RecvFile(_) => "(OSError, ValueError)",
            _ => "OSError",
        }
    }

    pub(super) fn recv_exact(&mut self, size: usize) {
        self.needs.exact(size);
        let socket = self.socket();
        self.source
            .line(format!("data = recv_exact({socket}, {size})"));
        self.takes("data");
    }

    pub(super) fn recv_loop(&mut self, rules: RecvLoop) {
        let RecvLoop {
            size,
            until,
            ask,
            count,
            at_end,
            once,
        } = rules;
        let wanted = match until {
            Until::Bytes(n) => n.to_string(),
            Until::Announced => "size".into(),
        };
        let is_right =
            (ask, count, at_end, once) == (Ask::Rest, Counting::EachRead, AtEnd::Stop, false);
        let fits = matches!(until, Until::Bytes(n) if n <= size.0 as u64);
        if once {
            self.recv_once(size.0, &wanted, ask, fits);
        } else if is_right && fits {
            self.recv_exact(wanted.parse().unwrap_or(size.0));
        } else if is_right {
            self.needs.slices();
            let socket = self.socket();
            self.source.line(format!(
                "data = recv_slices({socket}, {wanted}, {})",
                size.0
            ));
        } else {
            self.wrong_loop(rules, &wanted);
        }
        self.takes("data");
    }

    fn recv_once(&mut self, size: usize, wanted: &str, ask: Ask, fits: bool) {
        let why = words::no_loop(self.lang);
        self.source.comment(why);
        let (socket, who) = (self.socket(), self.who.clone());
        let asked = match ask {
            Ask::Size => size.to_string(),
            Ask::Rest if fits => wanted.into(),
            Ask::Rest => {
                self.source.line(format!("rest = min({size}, {wanted})"));
                "rest".into()
            }
        };
        self.source.line(format!("data = {socket}.recv({asked})"));
        let call = match asked.as_str() {
            "rest" => format!("{who}recv({{rest}})"),
            asked => format!("{who}recv({asked})"),
        };
        self.source.line(shown(&call, size, "data"));
    }

    /// A loop with one of the famous mistakes, written out so that it can be seen.
    fn wrong_loop(&mut self, rules: RecvLoop, wanted: &str) {
        let (lang, size) = (self.lang, rules.size.0);
        let (socket, who) = (self.socket(), self.who.clone());
        self.source.lines("data = b\"\"\ncount = 0");
        if rules.at_end != AtEnd::Stop {
            self.source.line("empty = 0");
        }
        let opened = self.source.open(&format!("while count < {wanted}:"));
        let call = match rules.ask {
            Ask::Size => {
                let statement = format!("chunk = {socket}.recv({size})");
                self.source.remarked(&statement, words::asks_too_much(lang));
                format!("{who}recv({size})")
            }
            Ask::Rest => {
                self.source
                    .line(format!("rest = min({size}, {wanted} - count)"));
                self.source.line(format!("chunk = {socket}.recv(rest)"));
                format!("{who}recv({{rest}})")
            }
        };
        self.source.line(shown(&call, usize::MAX, "chunk"));
        let at_end = self.source.open("if not chunk:");
        match rules.at_end {
            AtEnd::Stop => self
                .source
                .line("raise ConnectionError(\"the stream ended inside a message\")"),
            AtEnd::GoOnFor(most) => {
                self.source.comment(words::spins(lang));
                self.source.line("empty += 1");
                self.source
                    .block(&format!("if empty == {}:", most.0), |source| {
                        source.line("break");
                    });
            }
        }
        self.source.close(at_end);
        self.source.line("data += chunk");
        match rules.count {
            Counting::EachRead => self.source.line("count += len(chunk)"),
            Counting::AllSoFar => self
                .source
                .remarked("count += len(data)", words::counts_twice(lang)),
        }
        self.source.close(opened);
        let wanted = match rules.until {
            Until::Bytes(n) => n.to_string(),
            Until::Announced => format!("{{{wanted}}}"),
        };
        self.source.line(format!(
            "print(f\"{who}wanted {wanted}, counted {{count}}, has {{len(data)}}\")"
        ));
    }

    pub(super) fn unpack(&mut self, layout: Layout) {
        self.needs.module("struct");
        let message = self.message;
        self.source
            .line(format!("(size,) = struct.unpack(\"{layout}\", {message})"));
        self.print_size();
    }

    pub(super) fn parse_size(&mut self, form: &SizeForm) {
        let (before, behind) = form.as_str().split_once("{size}").unwrap_or_default();
        let text = format!("{}.decode()", self.message);
        let cut = |method: &str, fixed: &str| match fixed {
            "" => String::new(),
            fixed => format!(".{method}({})", quoted(fixed)),
        };
        let (before, behind) = (cut("removeprefix", before), cut("removesuffix", behind));
        let digits = text + &before + &behind;
        self.source.line(format!("size = int({digits})"));
        self.print_size();
    }

    pub(super) fn parse_json(&mut self, key: &str) {
        self.needs.module("json");
        let message = self.message;
        self.source.line(format!("header = json.loads({message})"));
        self.source.line(format!("size = header[{}]", quoted(key)));
        self.print_size();
    }

    fn print_size(&mut self) {
        self.source
            .line(format!("print(\"{}size:\", size)", self.who));
    }

    pub(super) fn decode(&mut self, encoding: Encoding) {
        let message = self.message;
        self.source
            .line(format!("text = {message}.decode(\"{}\")", codec(encoding)));
        self.source
            .line(format!("print(\"{}text:\", text)", self.who));
        self.has_text = true;
    }

    /// What is to be done besides when such a step fails in a `try`: without a text a command
    /// cannot be looked up.
    pub(super) fn otherwise(&self, step: &Step) -> Option<&'static str> {
        let mut runs = false;
        if self.side == Side::Server {
            each(&self.run.server, &mut |step| {
                runs |= *step == Step::RunCommand;
            });
        }
        (runs && matches!(step, Step::Decode(_))).then_some("text = \"\"")
    }

    pub(super) fn run_command(&mut self) {
        self.needs.commands(self.run.outputs);
        let message = self.message;
        self.source.line(if self.has_text {
            "answer = run_command(text)".into()
        } else {
            format!("answer = run_command({message}.decode(errors=\"replace\"))")
        });
    }

    pub(super) fn send_answer_size(&mut self, form: &SizeForm) {
        let template = Literal::template(form.as_str(), "{size}", "len(answer)");
        let data = self.source.expression(&template);
        self.line_on("sendall", &data);
    }

    pub(super) fn send_answer_frame(&mut self, answer: &AnswerFrame) {
        let Some(framing) = answer.framing.or(self.run.framing) else {
            // The scenario was not made without one.
            return;
        };
        let name = match framing.0 {
            Framing::Length { .. } => None,
            Framing::HeaderDict { .. } => answer.filename.as_deref(),
        };
        let shape = Shape {
            framing: framing.0,
            has_name: name.is_some(),
            has_size: false,
            in_parts: answer.in_parts,
        };
        let style = answer.json.unwrap_or_default();
        let function = self.needs.frame(shape, style);
        let mut arguments = vec!["answer".to_string()];
        arguments.extend(name.map(quoted));
        arguments.extend(style_arguments(style));
        let frame = format!("{function}({})", arguments.join(", "));
        if answer.in_parts {
            let socket = self.socket();
            self.source
                .block(&format!("for part in {frame}:"), |source| {
                    source.line(format!("{socket}.sendall(part)"));
                });
        } else {
            self.line_on("sendall", &frame);
        }
    }
}
