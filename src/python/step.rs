//! Each step of a lab, as a Python program does it: which part of a template it is.

use super::literal::{codec, quoted};
use super::program::Program;
use super::script::{any, says_round};
use crate::event::Side;
use crate::lab::file::{Repeat, Step};

impl<'a> Program<'a> {
    pub(super) fn step(&mut self, step: &'a Step) {
        match step {
            // Where a connection is made is for `list` to see; behind a `try` in a loop it may
            // come out here.
            Step::Connect => {
                self.is_connected = true;
                self.put("connect", &[]);
            }
            Step::Accept => self.put("accept", &[]),
            Step::Send(payload) => self.send(payload),
            Step::SendFrame(message) => self.send_frame(message),
            Step::SendSome(payload) => self.send_some(payload),
            Step::SendLoop(payload) => self.send_loop(payload),
            Step::Sendto(payload) => self.sendto(payload),
            Step::Recv(size) => self.recv(size.0),
            Step::RecvUntilEnd(size) => {
                self.around("recv_until_end", &[], |program| program.recv(size.0));
            }
            Step::RecvExact(size) => self.recv_exact(size.0),
            Step::RecvLoop(rules) => self.recv_loop(*rules),
            Step::Unpack(layout) => self.put("unpack", &[("layout", layout)]),
            Step::ParseSize(form) => self.parse_size(form),
            Step::ParseJson(key) => self.put("parse_json", &[("key", &quoted(key))]),
            Step::Decode(encoding) => {
                self.put("decode", &[("codec", &codec(*encoding))]);
                self.has_text = true;
            }
            Step::RunCommand => {
                self.functions.commands = true;
                self.functions.outputs = self.run.outputs;
                let has_text = self.has_text;
                self.put("answer", &[("has_text", &has_text)]);
            }
            Step::SendAnswer => self.send_data("answer"),
            Step::SendAnswerSize(form) => self.send_answer_size(form),
            Step::SendAnswerFrame(frame) => self.send_answer_frame(frame),
            Step::RecvFrames(frames) => self.recv_frames(frames),
            Step::RecvText(recv) => self.recv_text(*recv),
            Step::SendFile(file) => self.send_file(file),
            Step::RecvFile(file) => self.recv_file(file),
            Step::Recvfrom(size) => self.recvfrom(size.0),
            Step::RecvfromRest(size) => {
                self.around("recvfrom_rest", &[], |program| program.recvfrom(size.0));
            }
            Step::Echo(echo) => self.echo(echo),
            Step::Pause(span) => self.pause(span.0.as_secs_f64(), ""),
            Step::Await(barrier) => self.wait(barrier),
            Step::Signal(name) => self.signal(name),
            Step::Set(options) => self.set(options),
            Step::Pack(pack) => {
                self.put("pack", &[("layout", &pack.layout), ("value", &pack.value)]);
            }
            Step::Shutdown => self.put("shutdown", &[]),
            Step::Close => self.put("close", &[]),
            Step::StopListening => self.put("stop_listening", &[]),
            Step::Listen(options) => self.listen(options),
            Step::States(ends) => self.wait_for_states(*ends),
            Step::Abort => self.put("abort", &[]),
            Step::Try(inner) => {
                let is_looked_up = matches!(**inner, Step::Decode(_))
                    && self.side == Side::Server
                    && any(&self.run.server, |step| *step == Step::RunCommand);
                self.tried(errors(inner), is_looked_up, |program| program.step(inner));
            }
            Step::Repeat(repeat) => self.repeat(repeat),
        }
    }

    fn repeat(&mut self, repeat: &'a Repeat) {
        let variable = match self.rounds.len() {
            0 => "n".to_string(),
            outer => format!("n_{}", outer + 1),
        };
        let (round, range) = if repeat.steps.iter().any(says_round) {
            (variable.clone(), format!("1, {}", repeat.times + 1))
        } else {
            ("_".into(), repeat.times.to_string())
        };
        self.rounds.push(variable);
        self.around(
            "repeat",
            &[("round", &round), ("range", &range)],
            |program| {
                program.list(&repeat.steps);
            },
        );
        self.rounds.pop();
    }
}

/// What a `try` around such a step is to catch.
fn errors(step: &Step) -> &'static str {
    match step {
        Step::Unpack(_) => "struct.error",
        Step::ParseSize(_) => "ValueError",
        Step::ParseJson(_) => "(ValueError, KeyError)",
        Step::Decode(_) => "UnicodeDecodeError",
        Step::RecvText(_) | Step::RecvFrames(_) | Step::RecvFile(_) => "(OSError, ValueError)",
        _ => "OSError",
    }
}
