//! What a page says, block by block. A mode returns its page; each form of output draws the same
//! blocks in its own way.

use super::View;
use super::findings::Finding;
use super::paint::{Ink, Line};

/// A form of output for people.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Form {
    /// Drawn, with columns and colour.
    #[default]
    Picture,
    /// One fact a line, no columns, for screen readers and `grep`.
    Plain,
}

/// One thing on a page.
pub(super) enum Block<'a> {
    /// Room, where the eye needs it.
    Gap,
    /// A line by itself.
    Line(String, Ink),
    /// A lab's name and its title.
    Title { name: String, says: String },
    /// The line that a run begins with.
    Run { name: String, beside: String },
    /// A text of a lab, with its marks. As a fact it begins with the label.
    Text { label: String, text: String },
    /// Texts with a heading beside the first of them. As facts each begins with the label.
    Section {
        heading: &'static str,
        label: String,
        texts: Vec<String>,
    },
    /// A sentence.
    Sentence(String, Ink),
    /// A sentence of which the ink is for its verdict, up to the first colon.
    Verdict(String, Ink),
    /// What somebody can choose from, by number.
    Choices(Vec<String>),
    /// What was found out.
    Findings(Vec<Finding>),
    /// What is drawn in a way of its own; as with the facts, each line is made when its turn comes.
    Drawn(Box<dyn Iterator<Item = Line> + 'a>),
    /// Facts that are told in a way of their own: a long run has many.
    Facts(Box<dyn Iterator<Item = String> + 'a>),
}

/// What a mode has to show, before any form has drawn it.
pub struct Document<'a> {
    pub(super) view: &'a View,
    /// What each fact is about: a run's name, say.
    pub(super) about: Option<String>,
    pub(super) blocks: Vec<Block<'a>>,
}

impl<'a> Document<'a> {
    pub(super) fn new(view: &'a View) -> Self {
        Self {
            view,
            about: None,
            blocks: Vec::new(),
        }
    }

    pub(super) fn about(name: impl Into<String>, view: &'a View) -> Self {
        Self {
            about: Some(name.into()),
            ..Self::new(view)
        }
    }

    pub(super) fn add(mut self, block: impl Into<Option<Block<'a>>>) -> Self {
        self.blocks.extend(block.into());
        self
    }

    /// Adds what the forms tell in ways that have nothing in common; only one of them is made.
    pub(super) fn either<D, F>(self, drawn: impl FnOnce() -> D, facts: impl FnOnce() -> F) -> Self
    where
        D: IntoIterator<Item = Line, IntoIter: 'a>,
        F: IntoIterator<Item = String, IntoIter: 'a>,
    {
        let block = match self.view.form {
            Form::Picture => Block::Drawn(Box::new(drawn().into_iter())),
            Form::Plain => Block::Facts(Box::new(facts().into_iter())),
        };
        self.add(block)
    }

    /// Adds texts of a lab, if there are any.
    pub(super) fn section(self, heading: &'static str, texts: &[String]) -> Self {
        self.labelled(heading, heading.to_lowercase(), texts)
    }

    pub(super) fn labelled(self, heading: &'static str, label: String, texts: &[String]) -> Self {
        let texts = texts.to_vec();
        self.add((!texts.is_empty()).then_some(Block::Section {
            heading,
            label,
            texts,
        }))
    }
}
