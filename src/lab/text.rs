//! The texts of a lab, `en.md` and `zh.md`: a title, the question, and a few named sections.

use super::fault::TextFault;
use crate::event::Text;

/// The sections and their headings, in either language.
const HEADINGS: [(&str, &str, Section); 6] = [
    ("Look", "看什么", Section::Look),
    ("Runs", "各次运行", Section::Runs),
    ("In short", "一句话", Section::Short),
    ("Why", "为什么", Section::Why),
    ("Next", "接下来", Section::Next),
    ("Words", "词语", Section::Words),
];

#[derive(Clone, Copy, PartialEq)]
enum Section {
    Question,
    Look,
    Runs,
    Short,
    Why,
    Next,
    Words,
}

/// What is wrong with a text, and on which line (from 1).
pub type Wrong = (usize, TextFault);

impl Text {
    /// Reads a text. Paragraphs are parted by blank lines; a line that starts with `- ` is a
    /// paragraph of its own; comments are for those who write it.
    ///
    /// # Errors
    /// Says on which line there is no title, an unknown heading, or a run without a name.
    pub fn parse(source: &str) -> Result<Self, Wrong> {
        Self::parse_with_lines(source).map(|(text, _)| text)
    }

    /// Reads a text as [`Text::parse`] does; also says on which line each run's sentence begins.
    ///
    /// # Errors
    /// As [`Text::parse`].
    pub fn parse_with_lines(source: &str) -> Result<(Self, Vec<usize>), Wrong> {
        let mut text = Self::default();
        let mut run_lines = Vec::new();
        let mut section = Section::Question;
        // The paragraph that the next line goes on with.
        let mut open = false;
        for (number, line) in lines(source)? {
            let line = line.trim_end();
            if let Some(title) = line.strip_prefix("# ") {
                text.title = title.trim().into();
                open = false;
            } else if let Some(heading) = line.strip_prefix("## ") {
                let known = HEADINGS
                    .iter()
                    .find(|(en, zh, _)| [*en, *zh].contains(&heading.trim()));
                section = known.map(|(_, _, section)| *section).ok_or_else(|| {
                    let known = HEADINGS.iter();
                    let fault = TextFault::UnknownHeading {
                        heading: heading.trim().into(),
                        known: known.map(|(en, zh, _)| format!("{en} ({zh})")).collect(),
                    };
                    (number, fault)
                })?;
                open = false;
            } else if line.trim().is_empty() {
                open = false;
            } else {
                let item = line.strip_prefix("- ");
                text.add(section, item.unwrap_or(line).trim(), open && item.is_none())
                    .map_err(|what| (number, what))?;
                open = true;
                if text.runs.len() > run_lines.len() {
                    run_lines.push(number);
                }
            }
        }
        if text.title.is_empty() {
            return Err((1, TextFault::NoTitle));
        }
        Ok((text, run_lines))
    }

    fn add(&mut self, section: Section, line: &str, goes_on: bool) -> Result<(), TextFault> {
        let paragraphs = match section {
            Section::Question => {
                join(&mut self.question, line);
                return Ok(());
            }
            Section::Short => {
                join(&mut self.short, line);
                return Ok(());
            }
            Section::Runs => {
                if goes_on && let Some((_, sentence)) = self.runs.last_mut() {
                    join(sentence, line);
                    return Ok(());
                }
                let (name, sentence) = line
                    .split_once([':', '：'])
                    .ok_or_else(|| TextFault::NotARun(line.into()))?;
                self.runs
                    .push((name.trim().trim_matches('`').into(), sentence.trim().into()));
                return Ok(());
            }
            Section::Look => &mut self.look,
            Section::Why => &mut self.why,
            Section::Next => &mut self.next,
            Section::Words => &mut self.words,
        };
        match paragraphs.last_mut() {
            Some(last) if goes_on => join(last, line),
            _ => paragraphs.push(line.into()),
        }
        Ok(())
    }
}

/// The lines of a text with their numbers, from 1, without its comments: from a line that starts
/// with `<!--` to one that ends with `-->`.
///
/// # Errors
/// If a comment has no end.
pub(crate) fn lines(source: &str) -> Result<Vec<(usize, &str)>, Wrong> {
    let mut kept = Vec::new();
    let mut comment = None;
    for (number, line) in (1..).zip(source.lines()) {
        let trimmed = line.trim();
        if comment.is_none() && trimmed.starts_with("<!--") {
            comment = Some(number);
        }
        if comment.is_none() {
            kept.push((number, line));
        } else if trimmed.ends_with("-->") {
            comment = None;
        }
    }
    match comment {
        Some(number) => Err((number, TextFault::OpenComment)),
        None => Ok(kept),
    }
}

/// Joins two lines of a paragraph: with a space between words, without one between Chinese
/// characters.
fn join(paragraph: &mut String, line: &str) {
    let wide =
        |c: Option<char>| c.is_some_and(|c| unicode_width::UnicodeWidthChar::width(c) == Some(2));
    let within_chinese = wide(paragraph.chars().last()) && wide(line.chars().next());
    if !paragraph.is_empty() && !within_chinese {
        paragraph.push(' ');
    }
    paragraph.push_str(line);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_has_its_sections_in_either_language() {
        let text = Text::parse(
            "# 短读\n\n问题\n在这里？\n\n## 各次运行\n- `leftover`：一句\n  接着说\n\n## 为什么\n第一段\n\n第二段 TCP\nis\n",
        )
        .unwrap();
        assert_eq!(text.title, "短读");
        assert_eq!(text.question, "问题在这里？");
        assert_eq!(text.run("leftover"), Some("一句接着说"));
        assert_eq!(text.run("other"), None);
        assert_eq!(text.why, ["第一段", "第二段 TCP is"]);
    }

    #[test]
    fn comments_are_not_shown_and_count_as_lines() {
        let (text, lines) = Text::parse_with_lines(
            "<!-- by me -->\n# T\n<!-- Ask\n\nsomething -->\nQ?\n## Runs\n<!-- each -->\n- a: x\n  y\n- b: z\n",
        )
        .unwrap();
        assert_eq!((text.title.as_str(), text.question.as_str()), ("T", "Q?"));
        assert_eq!(text.run("a"), Some("x y"));
        assert_eq!(lines, [9, 11]);
    }

    #[test]
    fn what_is_wrong_has_a_line() {
        assert_eq!(Text::parse("").unwrap_err().0, 1);
        assert_eq!(Text::parse("# T\n\n## Waht\n").unwrap_err().0, 3);
        assert_eq!(Text::parse("# T\n## Runs\n- no name\n").unwrap_err().0, 3);
        assert_eq!(Text::parse("# T\n\n<!-- so\nQ?\n").unwrap_err().0, 3);
    }
}
