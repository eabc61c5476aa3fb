//! The forms of output, one after another: where another one is hung on.

use super::block::{Document, Form};
use super::{page, plain};

impl Document<'_> {
    /// Draws it in the form that its view asks for.
    pub fn finish(self) -> String {
        match self.view.form {
            Form::Picture => page::draw(self.blocks, self.view),
            Form::Plain => plain::tell(self),
        }
    }
}
