//! The steps that write: bytes, messages in frames, answers, files.

use super::functions::FrameShape;
use super::literal::{Literal, quoted};
use super::program::Program;
use super::template::Values;
use crate::event::{Barrier, Payload, SizeForm};
use crate::frame::{Body, Framing};
use crate::lab::file::{self, AnswerFrame, Json, SendFile, SendFrame};

/// What a way to write JSON adds to the arguments of a function that makes frames.
fn style_arguments(style: Json) -> Vec<String> {
    let indent = style.indent.map(|spaces| format!("indent={spaces}"));
    let raw = (!style.ensure_ascii).then(|| "ensure_ascii=False".to_string());
    indent.into_iter().chain(raw).collect()
}

impl Program<'_> {
    fn literal(&self, payload: &Payload) -> Literal {
        Literal::payload(payload, self.rounds.last().map(String::as_str))
    }

    /// A payload as it stands in a call.
    pub(super) fn expression(&mut self, payload: &Payload) -> String {
        let literal = self.literal(payload);
        self.writer.expression(&literal)
    }

    pub(super) fn send_data(&mut self, data: &str) {
        self.put("send", &[("send", &"sendall"), ("data", &data)]);
    }

    pub(super) fn send(&mut self, payload: &Payload) {
        let data = self.expression(payload);
        // A record leaves in one call, or not at all.
        let send = if self.transport.keeps_edges() {
            "send"
        } else {
            "sendall"
        };
        self.put("send", &[("send", &send), ("data", &data)]);
    }

    pub(super) fn sendto(&mut self, payload: &Payload) {
        let data = self.expression(payload);
        self.put("sendto", &[("data", &data)]);
    }

    pub(super) fn send_some(&mut self, payload: &Payload) {
        let data = self.expression(payload);
        self.put("send_some", &[("data", &data)]);
    }

    pub(super) fn send_loop(&mut self, payload: &Payload) {
        let literal = self.literal(payload);
        self.writer.assign("data", &literal);
        self.put("send_loop", &[]);
    }

    /// A call of the function that makes such frames; none without a framing, with which no
    /// scenario was made.
    fn frame(
        &mut self,
        payload: &str,
        framing: Option<file::Framing>,
        name: Option<&str>,
        total_size: Option<u64>,
        in_parts: bool,
        style: Option<Json>,
    ) -> Option<String> {
        let framing = framing.or(self.run.framing)?.0;
        let name = name.filter(|_| matches!(framing, Framing::HeaderDict { .. }));
        let shape = FrameShape {
            framing,
            has_name: name.is_some(),
            has_size: total_size.is_some(),
            in_parts,
        };
        let style = style.unwrap_or_default();
        let function = self.functions.frame(shape, style);
        let mut arguments = vec![payload.to_string()];
        arguments.extend(name.map(quoted));
        arguments.extend(total_size.map(|size| size.to_string()));
        arguments.extend(style_arguments(style));
        Some(format!("{function}({})", arguments.join(", ")))
    }

    pub(super) fn send_frame(&mut self, message: &SendFrame) {
        let mut payload = self.expression(&message.payload);
        let framing = message.framing.or(self.run.framing);
        let is_header_only = framing.is_some_and(|framing| {
            matches!(
                framing.0,
                Framing::HeaderDict {
                    body: Body::None,
                    ..
                }
            )
        });
        let alter = message.alter.filter(|_| !is_header_only);
        if alter.is_some() && payload != "payload" {
            self.writer.line(&format!("payload = {payload}"));
            payload = "payload".into();
        }
        let Some(frame) = self.frame(
            &payload,
            framing,
            message.filename.as_deref(),
            message.total_size,
            false,
            message.json,
        ) else {
            return;
        };
        let is_cut = !message.cut.is_empty();
        if alter.is_none() && !is_cut {
            self.send_data(&frame);
            return;
        }
        let values: &Values<'_> = &[
            ("frame", &frame),
            ("alters", &alter.is_some()),
            ("index", &alter.unwrap_or_default()),
        ];
        self.put("named_frame", values);
        if !is_cut {
            self.send_data("data");
            return;
        }
        let mut start = String::new();
        for end in &message.cut {
            self.send_data(&format!("data[{start}:{end}]"));
            if message.await_read {
                self.wait(&Barrier::Read);
            }
            start = end.to_string();
        }
        self.send_data(&format!("data[{start}:]"));
    }

    pub(super) fn send_answer_size(&mut self, form: &SizeForm) {
        let template = Literal::template(form.as_str(), "{size}", "len(answer)");
        let data = self.writer.expression(&template);
        self.send_data(&data);
    }

    pub(super) fn send_answer_frame(&mut self, answer: &AnswerFrame) {
        let Some(frame) = self.frame(
            "answer",
            answer.framing,
            answer.filename.as_deref(),
            None,
            answer.in_parts,
            answer.json,
        ) else {
            return;
        };
        if answer.in_parts {
            self.put("send_parts", &[("frame", &frame)]);
        } else {
            self.send_data(&frame);
        }
    }

    pub(super) fn send_file(&mut self, file: &SendFile) {
        let Some(framing) = file.framing.or(self.run.framing) else {
            return;
        };
        let content = self.expression(&file.content);
        let size = file.total_size.map(|size| size.to_string());
        let values: &Values<'_> = &[
            ("content", &content),
            ("filename", &quoted(&file.filename)),
            ("size", &size.as_deref().unwrap_or("len(content)")),
            ("layout", &framing.0.layout()),
            ("alters", &file.alter.is_some()),
            ("index", &file.alter.unwrap_or_default()),
            ("stops", &file.stop_after.is_some()),
            ("stop", &file.stop_after.unwrap_or_default()),
            ("chunk", &file.chunk.0),
        ];
        self.put("send_file", values);
    }
}
