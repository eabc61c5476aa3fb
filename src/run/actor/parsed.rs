//! What a program has in hand: the message that it took last, a number found in one, the answer
//! of a command. And what it makes of a message: a number, a text, a command.

use std::io;

use super::Actor;
use crate::event::{
    Action, Bytes, Command, NO_JSON, NO_NUMBER, NO_TEXT, NumberPlace, OUT_OF_RANGE, WRONG_SIZE,
};
use crate::run::process;
use crate::run::recorder::Told;
use crate::scenario::{Commands, Interpret};

/// In hand. The plan has seen to it that nothing is used before it is there.
#[derive(Default)]
pub(super) struct Parsed {
    message: Vec<u8>,
    /// The message as text, once it has been decoded.
    text: Option<String>,
    pub(super) number: i128,
    pub(super) answer: Vec<u8>,
}

impl Parsed {
    /// Takes a message; the one before is gone.
    pub(super) fn take(&mut self, message: Vec<u8>) {
        self.message = message;
        self.text = None;
    }

    /// The message as text: as it was decoded, else as UTF-8, if it is that.
    fn text(&self) -> Option<String> {
        let utf8 = || String::from_utf8(self.message.clone()).ok();
        self.text.clone().or_else(utf8)
    }
}

/// The number at a place of a message, or the name of the error.
fn find(place: &NumberPlace, message: &[u8]) -> Result<u64, &'static str> {
    match place {
        NumberPlace::Form(form) => form.read(message).ok_or(NO_NUMBER),
        NumberPlace::Key(key) => serde_json::from_slice::<serde_json::Value>(message)
            .map_err(|_| NO_JSON)?
            .get(key)
            .and_then(serde_json::Value::as_u64)
            .ok_or(NO_NUMBER),
    }
}

impl Actor {
    pub(super) fn interpret(&mut self, what: &Interpret) -> io::Result<()> {
        let (ctx, parsed) = (&self.ctx, &mut self.parsed);
        let hex = Bytes(parsed.message.clone());
        match what {
            Interpret::Pack(pack) => {
                let packed = pack.layout.encode(pack.value);
                let bytes = packed.as_ref().map(|bytes| bytes.to_vec());
                let action = Action::Pack {
                    layout: pack.layout,
                    value: pack.value,
                    hex: Bytes(bytes.unwrap_or_default()),
                };
                // That a number does not fit is what the step shows; the run goes on.
                let _ = ctx.note(action, packed.map_err(|_| OUT_OF_RANGE));
            }
            &Interpret::Unpack(layout) => {
                let number = layout.decode(&parsed.message);
                let value = number.and_then(serde_json::Number::from_i128);
                let action = Action::Unpack { layout, hex, value };
                parsed.number = ctx.note(action, number.ok_or(WRONG_SIZE))?;
            }
            Interpret::Parse(place) => {
                let found = find(place, &parsed.message);
                let (place, value) = (place.clone(), found.ok());
                let action = Action::Parse { place, hex, value };
                parsed.number = ctx.note(action, found)?.into();
            }
            &Interpret::Decode(encoding) => {
                let text = encoding.decode(&parsed.message);
                let action = Action::Decode {
                    encoding,
                    hex,
                    text: text.clone(),
                };
                parsed.text = Some(ctx.note(action, text.ok_or(NO_TEXT))?);
            }
            Interpret::Run(commands) => self.run_command(commands, hex)?,
        }
        Ok(())
    }

    /// What came over a socket is only ever looked up: what is run stands in the lab file.
    fn run_command(&mut self, commands: &Commands, hex: Bytes) -> io::Result<()> {
        let name = self.parsed.text();
        let known = name.as_ref().and_then(|name| commands.known.get(name));
        let argv = known.cloned().unwrap_or_default();
        let action = Action::Command(Command {
            hex,
            name,
            argv: argv.clone(),
            answer: None,
            stderr: None,
        });
        let ctx = &self.ctx;
        self.parsed.answer = ctx.recorder.call(
            action,
            || {
                if argv.is_empty() {
                    Ok(commands.otherwise.clone().into_bytes())
                } else {
                    process::output(
                        &argv,
                        commands.outputs,
                        &ctx.children,
                        ctx.kernel,
                        ctx.deadline,
                    )
                }
            },
            |action, result| {
                if let Action::Command(command) = action {
                    command.answer = result.as_ref().ok().map(|answer| answer.len() as u64);
                    command.stderr = result.as_ref().err().and_then(process::stuck_at);
                }
            },
            Told::default,
            |error| ctx.name(error),
        )?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Encoding;

    #[test]
    fn a_number_is_found_under_a_key_of_a_whole_object_only() {
        let key = |key: &str| NumberPlace::Key(key.into());
        let header = br#"{"filename": "a.txt", "total_size": 1492, "md5": "x"}"#;
        assert_eq!(find(&key("total_size"), header), Ok(1492));
        assert_eq!(find(&key("file_size"), header), Err(NO_NUMBER));
        assert_eq!(find(&key("md5"), header), Err(NO_NUMBER));
        assert_eq!(find(&key("total_size"), &header[..20]), Err(NO_JSON));
        let negative = br#"{"total_size": -1}"#;
        assert_eq!(find(&key("total_size"), negative), Err(NO_NUMBER));
        assert_eq!(find(&key("total_size"), b"[1]"), Err(NO_NUMBER));
    }

    #[test]
    fn a_new_message_takes_the_old_text_along() {
        let mut parsed = Parsed::default();
        parsed.take(vec![0xc4, 0xe3]);
        assert_eq!(parsed.text(), None);
        parsed.text = Encoding::Gbk.decode(&parsed.message);
        assert_eq!(parsed.text().as_deref(), Some("你"));
        parsed.take(b"ls".into());
        assert_eq!(parsed.text().as_deref(), Some("ls"));
    }
}
