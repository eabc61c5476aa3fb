//! From a step as it is written to the step as it is run.

use super::{Impossible, Resolver};
use crate::event::Place;
use crate::frame::{FrameError, Framing, Outgoing};
use crate::lab::file::{self, Step as Written};
use crate::scenario::{AnswerFrame, Framed, Step};

impl Resolver<'_> {
    /// The step as it is run.
    pub(super) fn translate(&self, step: &Written) -> Result<Step, Impossible<'static>> {
        Ok(match step {
            Written::Connect => Step::Connect,
            Written::Accept => Step::Accept,
            Written::Send(payload) => Step::Send(payload.bytes(self.round)),
            Written::Sendto(payload) => Step::Sendto(payload.bytes(self.round)),
            Written::Recv(size) => Step::Recv(size.0),
            Written::RecvUntilEnd(size) => Step::RecvUntilEnd(size.0),
            Written::RecvExact(size) => Step::RecvExact(size.0),
            Written::Recvfrom(size) => Step::Recvfrom(size.0),
            Written::RecvfromRest(size) => Step::RecvfromRest(size.0),
            Written::SendFrame(frame) => Step::SendFrame(self.framed(frame)?),
            Written::RecvFrames(frames) => Step::RecvFrames {
                framing: self.framing(frames.framing)?,
                count: frames.count.get(),
                sizes: match &frames.sizes[..] {
                    [] => {
                        return self.error(
                            "`sizes` is empty",
                            "give the size of each read: `\"sizes\": [1024]`",
                        );
                    }
                    sizes => sizes.iter().map(|size| size.0).collect(),
                },
            },
            Written::SendFile(file) => Step::SendFile(self.file_out(file)?),
            Written::RecvFile(file) => Step::RecvFile(self.file_in(file)?),
            Written::Pause(span) => Step::Pause(span.0),
            Written::Await(barrier) => Step::Await(barrier.clone()),
            Written::Signal(name) => Step::Signal(name.clone()),
            Written::Set(options) => Step::Set(*options),
            Written::Pack(pack) => Step::Pack(*pack),
            Written::Shutdown => Step::Shutdown,
            Written::Close => Step::Close,
            Written::StopListening => Step::StopListening,
            Written::Listen(options) => Step::Listen(*options),
            Written::States(ends) => Step::States(*ends),
            Written::Abort => Step::Abort,
            Written::SendSome(payload) => Step::SendSome(payload.bytes(self.round)),
            Written::SendLoop(payload) => Step::SendLoop(payload.bytes(self.round)),
            Written::Echo(echo) => Step::Echo(echo.clone()),
            Written::RecvText(text) => Step::RecvText(*text),
            Written::Unpack(layout) => Step::Unpack(*layout),
            Written::ParseSize(form) => Step::Parse(Place::Form(form.clone())),
            Written::ParseJson(key) => Step::Parse(Place::Key(key.clone())),
            Written::Decode(encoding) => Step::Decode(*encoding),
            Written::RecvLoop(read) => Step::RecvLoop(*read),
            Written::RunCommand => Step::RunCommand(self.commands.clone()),
            Written::SendAnswer => Step::SendAnswer,
            Written::SendAnswerSize(form) => Step::SendAnswerSize(form.clone()),
            Written::SendAnswerFrame(frame) => Step::SendAnswerFrame(AnswerFrame {
                framing: self.framing(frame.framing)?,
                filename: frame.filename.clone(),
                json: frame.json.unwrap_or_default(),
                in_parts: frame.in_parts,
            }),
            Written::Try(inner) => Step::Try(Box::new(self.translate(inner)?)),
            Written::Repeat(_) => {
                return self.error(
                    "a `repeat` cannot be tried as a whole",
                    "put `try` around the steps in it",
                );
            }
        })
    }

    pub(super) fn framing(
        &self,
        own: Option<file::Framing>,
    ) -> Result<Framing, Impossible<'static>> {
        match own.or(self.run.framing) {
            Some(framing) => Ok(framing.0),
            None => self.error(
                "this step has no framing",
                "add `\"framing\": {\"length\": \">I\"}` to it or to the run",
            ),
        }
    }

    fn framed(&self, frame: &file::SendFrame) -> Result<Framed, Impossible<'static>> {
        let payload = frame.payload.bytes(self.round);
        let outgoing = Outgoing {
            payload: &payload,
            name: frame.filename.as_deref(),
            announced_size: frame.total_size,
            alter: frame.alter,
            json: frame.json.unwrap_or_default(),
        };
        let framing = self.framing(frame.framing)?;
        let parts = match framing.encode(&outgoing) {
            Ok(parts) => parts,
            Err(error) => return self.unencodable(&error),
        };
        let lengths = Framed::lengths(framing, &parts);
        let whole = parts.concat();
        let mut pieces = Vec::new();
        let mut start = 0;
        for &end in frame.cut.iter().chain([&whole.len()]) {
            if end <= start || end > whole.len() || (end == whole.len() && frame.cut.contains(&end))
            {
                return self.error(
                    format!(
                        "`cut` has {end}, and the frame has bytes 0 to {}",
                        whole.len()
                    ),
                    "give offsets inside the frame, each larger than the one before",
                );
            }
            pieces.push(whole[start..end].to_vec());
            start = end;
        }
        Ok(Framed {
            parts: lengths,
            pieces,
            await_read: frame.await_read,
        })
    }

    pub(super) fn unencodable<T>(&self, error: &FrameError) -> Result<T, Impossible<'static>> {
        self.error(
            format!("this message cannot be framed: {error}"),
            "choose a wider layout, or use `pack` to show that it does not fit",
        )
    }
}
