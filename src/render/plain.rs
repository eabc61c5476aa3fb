//! Pages in the linear form: one fact a line, no columns, for screen readers and `grep`.

use std::iter;

use super::block::{Block, Document};
use super::findings::Finding;
use super::paint::Ink;
use super::{Colour, View, safe, words, wrap};

/// Tells a page.
pub(super) fn tell(page: Document<'_>) -> String {
    let Document {
        view,
        about,
        blocks,
    } = page;
    let told = blocks.into_iter().flat_map(|block| {
        // They name what they are about themselves.
        let about = match block {
            Block::Title { .. } | Block::Run { .. } => None,
            _ => about.clone(),
        };
        facts(block, view).map(move |fact| match &about {
            Some(name) => format!("{name}: {fact}"),
            None => fact,
        })
    });
    finish(told, view)
}

/// What a block says, as facts.
pub(super) fn facts<'a>(block: Block<'a>, view: &View) -> Box<dyn Iterator<Item = String> + 'a> {
    match block {
        Block::Gap | Block::Drawn(_) => Box::new(iter::empty()),
        Block::Line(says, _) | Block::Sentence(says, _) | Block::Verdict(says, _) => {
            Box::new(iter::once(says))
        }
        Block::Title { name, says } => Box::new(iter::once(format!("{name}: {}", unmarked(&says)))),
        Block::Run { name, beside } => {
            Box::new(iter::once(words::page::run(view.lang, &name, &beside)))
        }
        Block::Text { label, text } => Box::new(iter::once(label + &unmarked(&text))),
        Block::Section { label, texts, .. } => {
            let texts = texts.into_iter();
            Box::new(texts.map(move |text| format!("{label}: {}", unmarked(&text))))
        }
        Block::Choices(choices) => {
            let numbered = choices.into_iter().zip(1..);
            Box::new(numbered.map(|(choice, n)| format!("{n}: {choice}")))
        }
        Block::Findings(found) => Box::new(found.into_iter().map(finding)),
        Block::Facts(facts) => facts,
    }
}

/// A finding in words.
fn finding(finding: Finding) -> String {
    let about = finding.about.words();
    if about.is_empty() {
        finding.says
    } else {
        format!("{about}: {}", finding.says)
    }
}

/// A fact a line. Only where they stand in for pictures, in a narrow window, a fact takes as many
/// lines as its words need.
pub(super) fn finish<T: AsRef<str>>(lines: impl IntoIterator<Item = T>, view: &View) -> String {
    let mut out = String::new();
    for line in lines {
        let line = line.as_ref();
        if view.is_narrow() {
            for part in wrap::text(line.trim_end(), view.width, Ink::Plain) {
                part.write(&mut out, Colour::None);
            }
            continue;
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
    if view.ascii { safe::ascii(&out) } else { out }
}

/// A text without its marks, safe to print.
pub(super) fn unmarked(text: &str) -> String {
    safe::words(&text.replace('`', "").replace("**", ""))
}
