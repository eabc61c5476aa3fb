//! What a side has in hand for its next step: a message, a number found in one, an answer.

use super::Step;
use crate::lab::file::{RecvLoop, Until};

/// What the steps so far have left in hand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct InHand {
    message: bool,
    number: bool,
    answer: bool,
}

/// What a step lacks, and what would bring it.
pub(super) type Lack = (&'static str, &'static str);

impl InHand {
    /// Takes a step in, if what it works on is there.
    pub(super) fn after(&mut self, step: &Step) -> Result<(), Lack> {
        match step {
            Step::Recv(_)
            | Step::RecvExact(_)
            | Step::Recvfrom(_)
            | Step::RecvFrames { .. }
            | Step::RecvLoop(RecvLoop {
                until: Until::Bytes(_),
                ..
            }) => self.message = true,
            Step::RecvLoop(_) => {
                self.needs_number()?;
                self.message = true;
            }
            Step::Unpack(_) | Step::Parse(_) => {
                self.needs_message()?;
                self.number = true;
            }
            Step::Decode(_) => self.needs_message()?,
            Step::RunCommand(_) => {
                self.needs_message()?;
                self.answer = true;
            }
            Step::SendAnswer | Step::SendAnswerSize(_) | Step::SendAnswerFrame(_)
                if !self.answer =>
            {
                return Err((
                    "there is no answer yet to send",
                    "put a `run_command` before this step",
                ));
            }
            Step::Try(inner) => self.after(inner)?,
            _ => {}
        }
        Ok(())
    }

    fn needs_message(self) -> Result<(), Lack> {
        if self.message {
            return Ok(());
        }
        Err((
            "this side has not taken a message yet",
            "put a `recv`, `recv_exact`, `recvfrom`, `recv_frames` or `recv_loop` before this step",
        ))
    }

    fn needs_number(self) -> Result<(), Lack> {
        if self.number {
            return Ok(());
        }
        Err((
            "no number has been announced yet",
            "put an `unpack`, `parse_size` or `parse_json` before this step",
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::Layout;

    #[test]
    fn each_step_finds_what_it_works_on_or_says_what_would_bring_it() {
        let loop_of = |until: &str| -> Step {
            let json = format!(r#"{{"size": 1024, "until": {until}}}"#);
            Step::RecvLoop(serde_json::from_str(&json).unwrap())
        };
        let mut hand = InHand::default();
        assert!(hand.after(&Step::Unpack(Layout::I32Le)).is_err());
        assert!(
            hand.after(&Step::RunCommand(std::sync::Arc::default()))
                .is_err()
        );
        assert!(hand.after(&loop_of("\"announced\"")).is_err());
        assert!(hand.after(&Step::Try(Box::new(Step::SendAnswer))).is_err());
        assert_eq!(hand, InHand::default(), "what is refused leaves nothing");

        assert!(hand.after(&loop_of("4")).is_ok());
        assert!(hand.after(&Step::Unpack(Layout::I32Le)).is_ok());
        assert!(hand.after(&loop_of("\"announced\"")).is_ok());
        assert!(hand.after(&Step::SendAnswer).is_err());
        assert!(
            hand.after(&Step::RunCommand(std::sync::Arc::default()))
                .is_ok()
        );
        assert!(hand.after(&Step::SendAnswer).is_ok());
    }
}
