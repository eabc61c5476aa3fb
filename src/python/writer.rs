//! Python source as it is being written: lines, their indentation, comments that fit.

use std::collections::{BTreeSet, VecDeque};

use unicode_width::UnicodeWidthStr;

use super::literal::Literal;
use super::template::{self, Filled, Values};
use crate::lang::Lang;
use crate::{line_break, safe};

/// The columns that a line may take: what Python's formatters keep to.
pub(super) const COLUMNS: usize = 79;

/// Writes Python source.
pub(super) struct Writer {
    lang: Lang,
    text: String,
    depth: usize,
    /// How many lines so far are statements: a block of comments alone is none to Python.
    statements: usize,
    /// What the program imports.
    pub(super) modules: BTreeSet<&'static str>,
}

/// A part of a template that is not written to its end.
pub(super) struct Rest {
    depth: usize,
    /// How many statements there were when its innermost block began.
    opened: usize,
    lines: VecDeque<Filled>,
}

impl Writer {
    pub(super) fn new(lang: Lang) -> Self {
        Self {
            lang,
            text: String::new(),
            depth: 0,
            statements: 0,
            modules: BTreeSet::new(),
        }
    }

    /// Adds a part of a template.
    pub(super) fn put(&mut self, part: &str, values: &Values<'_>) {
        let rest = self.begin(part, values);
        self.end(rest);
    }

    /// Adds a part up to its body; pass what this returns to [`end`](Self::end).
    pub(super) fn begin(&mut self, part: &str, values: &Values<'_>) -> Rest {
        let mut rest = Rest {
            depth: self.depth,
            opened: self.statements,
            lines: template::fill(part, values, self.lang),
        };
        self.go_on(&mut rest);
        rest
    }

    /// Adds what stands behind the body of a part, and `pass` if the block would be empty.
    pub(super) fn end(&mut self, mut rest: Rest) {
        if self.statements == rest.opened {
            self.line("pass");
        }
        self.go_on(&mut rest);
    }

    fn go_on(&mut self, rest: &mut Rest) {
        while let Some(line) = rest.lines.pop_front() {
            match line {
                Filled::Code(depth, code, comment) => {
                    self.depth = rest.depth + depth;
                    self.remarked(&code, &comment);
                    if code.ends_with([':', '{', '[']) {
                        rest.opened = self.statements;
                    }
                }
                Filled::Body(depth) => {
                    self.depth = rest.depth + depth;
                    return;
                }
                Filled::Import(module) => {
                    self.modules.insert(module);
                }
            }
        }
        self.depth = rest.depth;
    }

    /// Adds a statement of one line.
    pub(super) fn line(&mut self, statement: &str) {
        self.put_line(statement);
        self.statements += 1;
    }

    pub(super) fn blank(&mut self) {
        self.text.push('\n');
    }

    /// Adds a comment, on as many lines as it takes. Words of a lab file may be in it.
    pub(super) fn comment(&mut self, comment: &str) {
        for line in wrap(comment, self.room() - 2) {
            self.put_line(&format!("# {line}"));
        }
    }

    /// Adds a statement with a comment behind it, or above it where that would be too wide; either
    /// may be empty.
    fn remarked(&mut self, statement: &str, comment: &str) {
        let both = format!("{statement}  # {}", safe::words(comment));
        match (statement, comment) {
            ("", "") => self.blank(),
            ("", comment) => self.comment(comment),
            (statement, "") => self.line(statement),
            _ if both.width() <= self.room() => self.line(&both),
            (statement, comment) => {
                self.comment(comment);
                self.line(statement);
            }
        }
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
            self.line(&format!("{name} = {value}"));
            return;
        }
        let (lines, suffix) = literal.lines(self.room() - 4);
        self.line(&format!("{name} = ("));
        for line in lines {
            self.put_line(&format!("    {line}"));
        }
        self.put_line(&format!("){suffix}"));
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
            self.line(&line);
            return;
        }
        self.line(&format!("{key}: ["));
        self.depth += 1;
        for literal in literals {
            if let Some(word) = literal.inline(self.room() - 1) {
                self.line(&(word + ","));
                continue;
            }
            self.line("(");
            for piece in literal.lines(self.room() - 4).0 {
                self.line(&format!("    {piece}"));
            }
            self.line("),");
        }
        self.depth -= 1;
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

    fn put_line(&mut self, line: &str) {
        self.text.extend(std::iter::repeat_n("    ", self.depth));
        self.text.push_str(line);
        self.text.push('\n');
    }
}

/// Breaks words into lines of at most so many columns, without anything in them that a terminal
/// obeys or that would end a comment.
pub(super) fn wrap(words: &str, columns: usize) -> Vec<String> {
    textwrap::wrap(&safe::words(words), line_break::options(columns))
        .into_iter()
        .map(Into::into)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_of_comments_alone_passes() {
        let mut writer = Writer::new(Lang::En);
        let rest = writer.begin("with_connection", &[]);
        writer.comment("Nothing\nto do.");
        writer.end(rest);
        assert_eq!(
            writer.finish(),
            "with conn:\n    # Nothing to do.\n    pass\n"
        );
    }

    #[test]
    fn nothing_in_a_comment_ends_it() {
        let mut writer = Writer::new(Lang::En);
        writer.comment("a\r\nimport os\u{2028}\u{85}x");
        writer.remarked("time.sleep(1)", "\nimport os");
        for line in writer.finish().split(['\n', '\r', '\u{2028}', '\u{85}']) {
            assert!(line.is_empty() || line.contains('#'), "{line:?}");
        }
    }
}
