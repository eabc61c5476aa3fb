//! A command that came, and its answer.
//!
//! What came over a socket is only ever looked up: what is run stands in the lab file.

use std::io;

use super::Actor;
use crate::event::{Action, Command, SizeForm};
use crate::frame::Outgoing;
use crate::run::process;
use crate::scenario::{AnswerFrame, Commands, Framed};

impl Actor {
    pub(super) fn run_command(&mut self, commands: &Commands) -> io::Result<()> {
        let name = self.in_hand.text();
        let known = name.as_ref().and_then(|name| commands.known.get(name));
        let argv = known.cloned().unwrap_or_default();
        let action = Action::Command(Command {
            hex: self.bytes_in_hand(),
            name,
            argv: argv.clone(),
            answer: None,
            stderr: None,
        });
        let ctx = &self.ctx;
        self.in_hand.answer = ctx.recorder.call_or_fail(
            action,
            || {
                if argv.is_empty() {
                    Ok(commands.otherwise.clone().into_bytes())
                } else {
                    process::output(&argv, commands.outputs, ctx.kernel, ctx.deadline)
                }
            },
            |action, result| {
                if let Action::Command(command) = action {
                    command.answer = result.as_ref().ok().map(|answer| answer.len() as u64);
                    command.stderr = result.as_ref().err().and_then(process::stuck_at);
                }
            },
            || None,
            |error| ctx.name(error),
        )?;
        Ok(())
    }

    pub(super) fn send_answer(&mut self) -> io::Result<()> {
        let message = self.next_message();
        let answer = self.in_hand.answer.clone();
        self.write(message, &answer, &[])
    }

    pub(super) fn send_answer_size(&mut self, form: &SizeForm) -> io::Result<()> {
        let message = self.next_message();
        let text = form.write(self.in_hand.answer.len() as u64);
        self.write(message, text.as_bytes(), &[])
    }

    pub(super) fn send_answer_frame(&mut self, frame: &AnswerFrame) -> io::Result<()> {
        let outgoing = Outgoing {
            name: frame.filename.as_deref(),
            json: frame.json,
            ..Outgoing::new(&self.in_hand.answer)
        };
        // An answer is no longer than the narrowest layout can say.
        let parts = frame
            .framing
            .encode(&outgoing)
            .map_err(|error| io::Error::new(io::ErrorKind::InvalidInput, error))?;
        let lengths = Framed::lengths(frame.framing, &parts);
        let pieces = if frame.in_parts {
            parts
        } else {
            vec![parts.concat()]
        };
        self.send_frame(&Framed {
            parts: lengths,
            pieces,
            await_read: false,
        })
    }
}
