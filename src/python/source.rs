//! Python source as it is being written: lines, their indentation, comments that fit.

use std::fmt::Display;

use textwrap::{Options, WordSplitter, WrapAlgorithm};
use unicode_width::UnicodeWidthStr;

use super::literal::Literal;
use crate::render::harmless;

/// The columns that a line may take: what Python's formatters keep to.
pub(super) const COLUMNS: usize = 88;

/// A piece of Python source.
#[derive(Default)]
pub(super) struct Source {
    text: String,
    depth: usize,
    /// How many lines so far are statements: a block of comments alone is none to Python.
    statements: usize,
}

impl Source {
    /// Adds a statement of one line.
    pub(super) fn line(&mut self, statement: impl Display) {
        self.put(&statement.to_string());
        self.statements += 1;
    }

    /// Adds lines that stand as they are, indented.
    pub(super) fn lines(&mut self, statements: &str) {
        for statement in statements.lines() {
            if statement.is_empty() {
                self.text.push('\n');
            } else {
                self.line(statement);
            }
        }
    }

    pub(super) fn blank(&mut self) {
        self.text.push('\n');
    }

    /// Adds a comment, on as many lines as it takes. Words of a lab file may be in it.
    pub(super) fn comment(&mut self, comment: &str) {
        for line in wrap(comment, self.room() - 2) {
            self.put(&format!("# {line}"));
        }
    }

    /// Adds a statement with a comment behind it, or above it where that would be too wide.
    pub(super) fn remarked(&mut self, statement: &str, comment: &str) {
        let both = format!("{statement}  # {}", harmless(comment));
        if both.width() <= self.room() {
            self.line(both);
        } else {
            self.comment(comment);
            self.line(statement);
        }
    }

    /// Adds a compound statement, whose body is never empty.
    pub(super) fn block<T>(&mut self, head: &str, body: impl FnOnce(&mut Self) -> T) -> T {
        self.open(head);
        let before = self.statements;
        let done = body(self);
        self.close(before);
        done
    }

    /// Begins a compound statement; pass what this returns to [`close`](Self::close).
    pub(super) fn open(&mut self, head: &str) -> usize {
        self.line(head);
        self.depth += 1;
        self.statements
    }

    /// Ends a compound statement.
    pub(super) fn close(&mut self, opened: usize) {
        if self.statements == opened {
            self.line("pass");
        }
        self.depth -= 1;
    }

    /// The payload as an expression that is short enough to stand inside a call; a long one is
    /// given a name first.
    pub(super) fn expression(&mut self, literal: &Literal) -> String {
        literal.inline(self.room() / 2).unwrap_or_else(|| {
            self.assign("payload", literal);
            "payload".into()
        })
    }

    /// Gives a payload a name.
    pub(super) fn assign(&mut self, name: &str, literal: &Literal) {
        let room = self.room() - name.len() - " = ".len();
        if let Some(value) = literal.inline(room) {
            self.line(format!("{name} = {value}"));
            return;
        }
        let (lines, suffix) = literal.lines(self.room() - 4);
        self.line(format!("{name} = ("));
        for line in lines {
            self.put(&format!("    {line}"));
        }
        self.put(&format!("){suffix}"));
    }

    /// A list of texts under a key, on one line if they fit there.
    pub(super) fn list(&mut self, key: &str, texts: &[String]) {
        let literals: Vec<Literal> = texts.iter().map(|text| Literal::text(text)).collect();
        let whole: Option<Vec<String>> = literals
            .iter()
            .map(|literal| literal.inline(self.room()))
            .collect();
        let whole = whole.map(|words| format!("{key}: [{}],", words.join(", ")));
        if let Some(line) = whole.filter(|line| line.width() <= self.room()) {
            self.line(line);
            return;
        }
        let list = self.open(&format!("{key}: ["));
        for literal in literals {
            if let Some(word) = literal.inline(self.room() - 1) {
                self.line(word + ",");
                continue;
            }
            let word = self.open("(");
            for piece in literal.lines(self.room()).0 {
                self.line(piece);
            }
            self.close(word);
            self.line("),");
        }
        self.close(list);
        self.line("],");
    }

    /// What has been written.
    pub(super) fn finish(self) -> String {
        self.text
    }

    fn room(&self) -> usize {
        // However deep a lab nests its repeats, some room is left.
        COLUMNS.saturating_sub(4 * self.depth).max(40)
    }

    fn put(&mut self, line: &str) {
        self.text.extend(std::iter::repeat_n("    ", self.depth));
        self.text.push_str(line);
        self.text.push('\n');
    }
}

/// Breaks words into lines of at most so many columns, without anything in them that a terminal
/// obeys or that would end a comment.
pub(super) fn wrap(words: &str, columns: usize) -> Vec<String> {
    let options = Options::new(columns)
        .word_splitter(WordSplitter::NoHyphenation)
        .wrap_algorithm(WrapAlgorithm::FirstFit);
    textwrap::wrap(&harmless(words), options)
        .into_iter()
        .map(Into::into)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_of_comments_alone_passes() {
        let mut source = Source::default();
        source.block("with conn:", |source| source.comment("Nothing\nto do."));
        assert_eq!(
            source.finish(),
            "with conn:\n    # Nothing to do.\n    pass\n"
        );
    }

    #[test]
    fn nothing_in_a_comment_ends_it() {
        let mut source = Source::default();
        source.comment("a\r\nimport os\u{2028}\u{85}x");
        source.remarked("time.sleep(1)", "\nimport os");
        for line in source.finish().split(['\n', '\r', '\u{2028}', '\u{85}']) {
            assert!(line.is_empty() || line.contains('#'), "{line:?}");
        }
    }
}
