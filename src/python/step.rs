//! Each step of a lab, as a Python program does it.

use super::half::{Half, quoted};
use super::helpers::{Shape, shown};
use super::literal::Literal;
use super::take::{codec, style_arguments};
use super::words;
use crate::event::{Barrier, Payload, PayloadSource, Side};
use crate::frame::{Body, Framing};
use crate::lab::file::{Echo, Options, Pack, RecvFrames, RecvText, Repeat, SendFrame, Step};
use crate::text::{Encoding, TextErrors};

impl<'a> Half<'a> {
    pub(super) fn step(&mut self, step: &'a Step) {
        match step {
            // Where a connection is made is for `list` to see; behind a `try` in a loop it may
            // come out here.
            Step::Connect => {
                self.is_connected = true;
                self.source
                    .line(format!("sock.connect({})", self.address()));
            }
            Step::Accept => self.source.line("conn, address = listener.accept()"),
            Step::Send(payload) => {
                let data = self.expression(payload);
                // A record leaves in one call, or not at all.
                let send = if self.transport.keeps_edges() {
                    "send"
                } else {
                    "sendall"
                };
                self.line_on(send, &data);
            }
            Step::SendFrame(message) => self.send_frame(message),
            Step::SendSome(payload) => self.send_some(payload),
            Step::SendLoop(payload) => self.send_loop(payload),
            Step::Sendto(payload) => {
                let data = self.expression(payload);
                self.sendto(&data);
            }
            Step::Recv(size) => self.recv(size.0),
            Step::RecvUntilEnd(size) => {
                self.until_end(size.0, |_| ());
            }
            Step::RecvExact(size) => self.recv_exact(size.0),
            Step::RecvLoop(rules) => self.recv_loop(*rules),
            Step::Unpack(layout) => self.unpack(*layout),
            Step::ParseSize(form) => self.parse_size(form),
            Step::ParseJson(key) => self.parse_json(key),
            Step::Decode(encoding) => self.decode(*encoding),
            Step::RunCommand => self.run_command(),
            Step::SendAnswer => self.line_on("sendall", "answer"),
            Step::SendAnswerSize(form) => self.send_answer_size(form),
            Step::SendAnswerFrame(frame) => self.send_answer_frame(frame),
            Step::RecvFrames(frames) => self.recv_frames(frames),
            Step::RecvText(recv) => self.recv_text(*recv),
            Step::SendFile(file) => self.send_file(file),
            Step::RecvFile(file) => self.recv_file(file),
            Step::Recvfrom(size) => self.recvfrom(size.0),
            Step::RecvfromRest(size) => self.recvfrom_rest(size.0),
            Step::Echo(echo) => self.echo(echo),
            Step::Pause(span) => {
                self.needs.module("time");
                let seconds = span.0.as_secs_f64();
                self.source.line(format!("time.sleep({seconds})"));
            }
            Step::Await(barrier) => self.wait(barrier),
            Step::Signal(name) => self.signal(name),
            Step::Set(options) => self.set(options),
            Step::Pack(pack) => self.pack(*pack),
            Step::Shutdown => self.line_on("shutdown", "socket.SHUT_WR"),
            Step::Close => self.line_on("close", ""),
            Step::StopListening => self.source.line("listener.close()"),
            Step::Listen(options) => self.listen(options),
            Step::States(ends) => self.wait_for_states(*ends),
            Step::Abort => self.abort(),
            Step::Try(inner) => {
                let errors = self.errors(inner);
                let otherwise = self.otherwise(inner);
                self.tried(errors, otherwise, |half| half.step(inner));
            }
            Step::Repeat(repeat) => self.repeat(repeat),
        }
    }

    pub(super) fn line_on(&mut self, method: &str, arguments: &str) {
        let socket = self.socket();
        self.source.line(format!("{socket}.{method}({arguments})"));
    }

    fn literal(&self, payload: &Payload) -> Literal {
        Literal::payload(payload, self.rounds.last().map(String::as_str))
    }

    pub(super) fn expression(&mut self, payload: &Payload) -> String {
        let literal = self.literal(payload);
        self.source.expression(&literal)
    }

    fn send_frame(&mut self, message: &'a SendFrame) {
        let Some(framing) = message.framing.or(self.run.framing) else {
            // The scenario was not made without one.
            return;
        };
        let name = match framing.0 {
            Framing::Length { .. } => None,
            Framing::HeaderDict { .. } => message.filename.as_deref(),
        };
        let shape = Shape {
            framing: framing.0,
            has_name: name.is_some(),
            has_size: message.total_size.is_some(),
            in_parts: false,
        };
        let style = message.json.unwrap_or_default();
        let frame = self.needs.frame(shape, style);
        let mut payload = self.expression(&message.payload);
        let with_payload = match framing.0 {
            Framing::Length { .. } => true,
            Framing::HeaderDict { body, .. } => body == Body::Payload,
        };
        let alter = message.alter.filter(|_| with_payload);
        if alter.is_some() && payload != "payload" {
            self.source.line(format!("payload = {payload}"));
            payload = "payload".into();
        }
        let mut arguments = vec![payload];
        arguments.extend(name.map(quoted));
        arguments.extend(message.total_size.map(|size| size.to_string()));
        arguments.extend(style_arguments(style));
        let frame = format!("{frame}({})", arguments.join(", "));
        if let Some(index) = alter {
            self.source.line(format!("data = bytearray({frame})"));
            let why = words::alters(self.lang);
            self.source.comment(why);
            self.source
                .line(format!("data[{index} - len(payload)] ^= 1"));
        }
        if message.cut.is_empty() {
            let data = if alter.is_some() { "data" } else { &frame };
            self.line_on("sendall", data);
            return;
        }
        if alter.is_none() {
            self.source.line(format!("data = {frame}"));
        }
        let mut start = String::new();
        for end in &message.cut {
            self.line_on("sendall", &format!("data[{start}:{end}]"));
            if message.await_read {
                self.wait(&Barrier::Read);
            }
            start = end.to_string();
        }
        self.line_on("sendall", &format!("data[{start}:]"));
    }

    fn send_some(&mut self, payload: &Payload) {
        let data = self.expression(payload);
        let why = words::non_blocking(self.lang);
        self.source.comment(why);
        self.line_on("setblocking", "False");
        let (socket, who) = (self.socket(), self.who.clone());
        let no_room = words::no_room(self.lang);
        self.source.block("try:", |source| {
            source.line(format!("sent = {socket}.send({data})"));
        });
        self.source.block("except BlockingIOError:", |source| {
            source.remarked("sent = 0", no_room);
        });
        self.source.line(format!("print(\"{who}send ->\", sent)"));
        self.line_on("setblocking", "True");
    }

    fn send_loop(&mut self, payload: &Payload) {
        let literal = self.literal(payload);
        self.source.assign("data", &literal);
        let why = words::non_blocking(self.lang);
        self.source.comment(why);
        self.line_on("setblocking", "False");
        let (socket, who) = (self.socket(), self.who.clone());
        let wait = words::wait_for_room(self.lang);
        self.needs.module("select");
        self.source.block("while data:", |source| {
            source.remarked(&format!("select.select([], [{socket}], [])"), wait);
            source.line(format!("sent = {socket}.send(data)"));
            source.line(format!("print(\"{who}send ->\", sent)"));
            source.line("data = data[sent:]");
        });
        self.line_on("setblocking", "True");
    }

    /// One read, and what it returned.
    fn recv(&mut self, size: usize) {
        let (socket, who) = (self.socket(), &self.who);
        let print = shown(&format!("{who}recv({size})"), size, "data");
        self.source.line(format!("data = {socket}.recv({size})"));
        self.source.line(print);
        self.takes("data");
        if let Some(on) = self.quickack {
            self.set_quickack(on);
        }
    }

    /// Reads until the end of the stream; what is done with each is written by `digest`.
    fn until_end(&mut self, size: usize, digest: impl FnOnce(&mut Self)) {
        let opened = self.source.open("while True:");
        self.recv(size);
        self.source
            .block("if not data:", |source| source.line("break"));
        digest(self);
        self.source.close(opened);
    }

    fn recv_frames(&mut self, frames: &RecvFrames) {
        let Some((framing, several)) = self.reads else {
            return;
        };
        let sizes: Vec<usize> = frames.sizes.iter().map(|size| size.0).collect();
        let largest = sizes.iter().copied().max().unwrap_or(0);
        let receive = self.needs.recv_message(framing, several, largest);
        let mut size = sizes.last().map(usize::to_string).unwrap_or_default();
        if several {
            let list: Vec<String> = sizes.iter().map(usize::to_string).collect();
            let statement = format!("sizes = [{}]", list.join(", "));
            let remark = words::last_size(self.lang);
            self.source.remarked(&statement, remark);
            size = "sizes".into();
        }
        let (socket, who) = (self.socket(), &self.who);
        let call = format!("message, buffer = {receive}({socket}, buffer, {size})");
        let print = format!("print(\"{who}message:\", message)");
        if frames.count.get() == 1 {
            self.source.line(call);
            self.source.line(print);
        } else {
            let head = format!("for _ in range({}):", frames.count);
            self.source.block(&head, |source| {
                source.line(call);
                source.line(print);
            });
        }
        self.takes("message");
    }

    fn recv_text(&mut self, recv: RecvText) {
        let encoding = codec(recv.encoding);
        let decode = match recv.errors {
            TextErrors::Strict => format!("data.decode(\"{encoding}\")"),
            TextErrors::Ignore => format!("data.decode(\"{encoding}\", errors=\"ignore\")"),
            TextErrors::Incremental => "decoder.decode(data)".into(),
        };
        if recv.errors == TextErrors::Incremental {
            self.needs.module("codecs");
            self.source.line(format!(
                "decoder = codecs.getincrementaldecoder(\"{encoding}\")()"
            ));
        }
        let print = format!("print(\"{}text:\", {decode})", self.who);
        self.until_end(recv.size.0, |half| half.source.line(print));
    }

    fn sendto(&mut self, data: &str) {
        let to = match self.side {
            Side::Client => self.address(),
            Side::Server => "address",
        };
        self.source.line(format!("sock.sendto({data}, {to})"));
    }

    fn recvfrom(&mut self, size: usize) {
        self.has_met_client = true;
        let print = shown(&format!("{}recvfrom({size})", self.who), size, "data");
        self.source
            .line(format!("data, address = sock.recvfrom({size})"));
        self.source.line(print);
        self.takes("data");
    }

    fn recvfrom_rest(&mut self, size: usize) {
        let why = words::rest_of_datagrams(self.lang);
        self.source.comment(why);
        self.line_on("settimeout", "1");
        let opened = self.source.open("try:");
        let inner = self.source.open("while True:");
        self.recvfrom(size);
        self.source.close(inner);
        self.source.close(opened);
        self.source
            .block("except TimeoutError:", |source| source.line("pass"));
        self.line_on("settimeout", "None");
    }

    fn echo(&mut self, echo: &Echo) {
        let prefix = Literal::payload(
            &Payload {
                source: PayloadSource::Text(echo.prefix.clone(), Encoding::Utf8),
                times: 1,
            },
            None,
        );
        let prefix = (!echo.prefix.is_empty()).then(|| self.source.expression(&prefix));
        let answer = match (prefix, echo.upper) {
            (None, false) => "data".into(),
            (None, true) => "data.upper()".into(),
            (Some(prefix), false) => format!("{prefix} + data"),
            (Some(prefix), true) => format!("({prefix} + data).upper()"),
        };
        let opened = self.source.open("while True:");
        let datagrams = !self.transport.has_connections() && !self.is_connected;
        if datagrams {
            self.recvfrom(echo.size.0);
        } else {
            self.recv(echo.size.0);
        }
        self.source
            .block("if not data:", |source| source.line("break"));
        if datagrams {
            self.sendto(&answer);
        } else {
            self.line_on("sendall", &answer);
        }
        self.source.close(opened);
    }

    fn pack(&mut self, Pack { layout, value }: Pack) {
        self.needs.module("struct");
        let who = self.who.clone();
        self.source.block("try:", |source| {
            source.line(format!(
                "print(\"{who}pack ->\", struct.pack(\"{layout}\", {value}))"
            ));
        });
        self.source
            .block("except struct.error as error:", |source| {
                source.line(format!("print(\"{who}pack failed:\", error)"));
            });
    }

    fn abort(&mut self) {
        self.needs.module("struct");
        let why = words::linger(self.lang);
        self.source.comment(why);
        self.source.line("reset = struct.pack(\"ii\", 1, 0)");
        self.line_on("setsockopt", "socket.SOL_SOCKET, socket.SO_LINGER, reset");
        self.line_on("close", "");
    }

    fn repeat(&mut self, repeat: &'a Repeat) {
        let names_round = repeat.steps.iter().any(says_round);
        let variable = match self.rounds.len() {
            0 => "n".to_string(),
            outer => format!("n_{}", outer + 1),
        };
        let head = if names_round {
            format!("for {variable} in range(1, {}):", repeat.times + 1)
        } else {
            format!("for _ in range({}):", repeat.times)
        };
        self.rounds.push(variable);
        let opened = self.source.open(&head);
        self.list(&repeat.steps);
        self.source.close(opened);
        self.rounds.pop();
    }

    pub(super) fn set(&mut self, options: &Options) {
        let Options {
            nodelay,
            cork,
            quickack,
            send_buffer,
            recv_buffer,
            max_segment,
            recv_timeout,
            send_timeout,
            reuse_address,
        } = *options;
        let lang = self.lang;
        let flag = |on: Option<bool>| on.map(u32::from);
        // In the order in which the lab sets them.
        self.option("SOL_SOCKET, socket.SO_REUSEADDR", flag(reuse_address), None);
        self.option("SOL_SOCKET, socket.SO_SNDBUF", send_buffer, None);
        self.option("SOL_SOCKET, socket.SO_RCVBUF", recv_buffer, None);
        if let Some(span) = recv_timeout.or(send_timeout) {
            let statement = format!(
                "{}.settimeout({})",
                self.configurable(),
                span.0.as_secs_f64()
            );
            self.source.remarked(&statement, words::timeout(lang));
        }
        self.option("IPPROTO_TCP, socket.TCP_MAXSEG", max_segment, None);
        self.option("IPPROTO_TCP, socket.TCP_NODELAY", flag(nodelay), None);
        let linux = Some(words::linux_only(lang));
        self.option("IPPROTO_TCP, socket.TCP_CORK", flag(cork), linux);
        if let Some(on) = quickack {
            self.source.comment(words::quickack(lang));
            self.set_quickack(on);
            self.quickack = Some(on);
        }
    }

    fn option(&mut self, name: &str, value: Option<u32>, remark: Option<&str>) {
        let Some(value) = value else { return };
        let socket = self.configurable();
        let statement = format!("{socket}.setsockopt(socket.{name}, {value})");
        match remark {
            Some(remark) => self.source.remarked(&statement, remark),
            None => self.source.line(statement),
        }
    }

    fn set_quickack(&mut self, on: bool) {
        self.option(
            "IPPROTO_TCP, socket.TCP_QUICKACK",
            Some(u32::from(on)),
            None,
        );
    }
}

/// Whether a step, not counting those of a repeat inside it, names the round.
fn says_round(step: &Step) -> bool {
    let said = |payload: &Payload| matches!(&payload.source, PayloadSource::Text(text, _) if text.contains("{n}"));
    match step {
        Step::Send(payload)
        | Step::Sendto(payload)
        | Step::SendSome(payload)
        | Step::SendLoop(payload) => said(payload),
        Step::SendFrame(message) => said(&message.payload),
        Step::Try(inner) => says_round(inner),
        _ => false,
    }
}
