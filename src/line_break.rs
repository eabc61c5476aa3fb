//! Where a line may end: at spaces and, in Chinese, between characters.

use std::collections::BTreeSet;

use textwrap::core::Word;
use textwrap::{Options, WordSeparator, WordSplitter, WrapAlgorithm};
use unicode_linebreak::linebreaks;

/// How words are broken into lines of at most so many columns, by the rules of their script.
pub(crate) fn options(columns: usize) -> Options<'static> {
    // textwrap's own feature for this compiles eighteen crates.
    Options::new(columns)
        .word_separator(WordSeparator::Custom(words))
        .word_splitter(WordSplitter::NoHyphenation)
        .wrap_algorithm(WrapAlgorithm::FirstFit)
}

/// The pieces of a line that stay whole. A name with a hyphen is one, and a path.
fn words(line: &str) -> Box<dyn Iterator<Item = Word<'_>> + '_> {
    // Unicode 15, which the crate knows, keeps these brackets with what stands before them.
    let wide = line.match_indices(['（', '《', '「']).map(|(at, _)| at);
    let wide = wide.filter(|at| !line[..*at].ends_with(['"', '”']));
    let narrow = line.match_indices(" (").map(|(space, _)| space + 1);
    let ends = linebreaks(line).map(|(end, _)| end);
    let ends: BTreeSet<usize> = ends.chain(wide).chain(narrow).collect();
    let ends =
        (ends.into_iter()).filter(|end| *end == line.len() || !line[..*end].ends_with(['-', '/']));
    let mut start = 0;
    Box::new(ends.map(move |end| Word::from(&line[std::mem::replace(&mut start, end)..end])))
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_line_may_end_before_a_bracket_and_not_within_a_name() {
        let cases = [
            "report.txt|（5 |字|节）",
            "“占|用”（EADDRINUSE）",
            "等 |\"asked |again\" |(2 |ms)",
            "非 |zero-window |和 |--step",
            "见 |labs/3/lab.json，|TCP/IP",
        ];
        for pieces in cases {
            let line = pieces.replace('|', "");
            let words = super::words(&line).map(|word| format!("{}{}", word.word, word.whitespace));
            assert_eq!(words.collect::<Vec<_>>().join("|"), pieces);
        }
    }
}
