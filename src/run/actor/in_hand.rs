//! What a program has in hand: the message that it took last, a number found in one, the answer
//! of a command. And what it makes of a message: a number, a text.

use std::io;

use super::Actor;
use crate::event::{Action, Bytes, NO_JSON, NO_NUMBER, NO_TEXT, Place, WRONG_SIZE};
use crate::frame::Layout;
use crate::text::Encoding;

/// In hand. The plan has seen to it that nothing is used before it is there.
#[derive(Default)]
pub(super) struct InHand {
    message: Vec<u8>,
    /// The message as text, once it has been decoded.
    text: Option<String>,
    pub(super) number: i128,
    pub(super) answer: Vec<u8>,
}

impl InHand {
    /// Takes a message; the one before is gone.
    pub(super) fn message(&mut self, bytes: Vec<u8>) {
        self.message = bytes;
        self.text = None;
    }

    /// The message as text: as it was decoded, else as UTF-8, if it is that.
    pub(super) fn text(&self) -> Option<String> {
        let utf8 = || String::from_utf8(self.message.clone()).ok();
        self.text.clone().or_else(utf8)
    }
}

/// The number at a place of a message, or the name of the error.
fn find(place: &Place, message: &[u8]) -> Result<u64, &'static str> {
    match place {
        Place::Form(form) => form.read(message).ok_or(NO_NUMBER),
        Place::Key(key) => serde_json::from_slice::<serde_json::Value>(message)
            .map_err(|_| NO_JSON)?
            .get(key)
            .and_then(serde_json::Value::as_u64)
            .ok_or(NO_NUMBER),
    }
}

impl Actor {
    pub(super) fn bytes_in_hand(&self) -> Bytes {
        Bytes(self.in_hand.message.clone())
    }

    pub(super) fn unpack(&mut self, layout: Layout) -> io::Result<()> {
        let action = Action::Unpack {
            layout,
            hex: self.bytes_in_hand(),
            value: None,
        };
        let value = layout.decode(&self.in_hand.message);
        self.in_hand.number = self.ctx.call(
            action,
            || value.ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, WRONG_SIZE)),
            |action, number| {
                if let Action::Unpack { value, .. } = action {
                    *value = serde_json::Number::from_i128(*number);
                }
            },
        )?;
        Ok(())
    }

    pub(super) fn parse(&mut self, place: &Place) -> io::Result<()> {
        let action = Action::Parse {
            place: place.clone(),
            hex: self.bytes_in_hand(),
            value: None,
        };
        let found = find(place, &self.in_hand.message);
        let number = self.ctx.call(
            action,
            || found.map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error)),
            |action, number| {
                if let Action::Parse { value, .. } = action {
                    *value = Some(*number);
                }
            },
        )?;
        self.in_hand.number = number.into();
        Ok(())
    }

    pub(super) fn decode(&mut self, encoding: Encoding) -> io::Result<()> {
        let action = Action::Decode {
            encoding,
            hex: self.bytes_in_hand(),
            text: None,
        };
        let decoded = encoding.decode(&self.in_hand.message);
        let decoded = self.ctx.call(
            action,
            || decoded.ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, NO_TEXT)),
            |action, decoded| {
                if let Action::Decode { text, .. } = action {
                    *text = Some(decoded.clone());
                }
            },
        )?;
        self.in_hand.text = Some(decoded);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_found_under_a_key_of_a_whole_object_only() {
        let key = |key: &str| Place::Key(key.into());
        let header = br#"{"filename": "a.txt", "total_size": 1492, "md5": "x"}"#;
        assert_eq!(find(&key("total_size"), header), Ok(1492));
        assert_eq!(find(&key("file_size"), header), Err(NO_NUMBER));
        assert_eq!(find(&key("md5"), header), Err(NO_NUMBER));
        assert_eq!(find(&key("total_size"), &header[..20]), Err(NO_JSON));
        assert_eq!(
            find(&key("total_size"), br#"{"total_size": -1}"#),
            Err(NO_NUMBER)
        );
        assert_eq!(find(&key("total_size"), b"[1]"), Err(NO_NUMBER));
    }

    #[test]
    fn a_new_message_takes_the_old_text_along() {
        let mut hand = InHand::default();
        hand.message(vec![0xc4, 0xe3]);
        assert_eq!(hand.text(), None);
        hand.text = Encoding::Gbk.decode(&hand.message);
        assert_eq!(hand.text().as_deref(), Some("你"));
        hand.message(b"ls".into());
        assert_eq!(hand.text().as_deref(), Some("ls"));
    }
}
