//! Documents whose blocks are run: what they show is what the program prints.

use std::path::Path;

use crate::shell::{self, Done, done};

/// The fenced blocks of a document, in order: the kind of each, and its lines.
pub(crate) fn blocks(text: &str) -> Vec<(String, String)> {
    let mut lines = text.lines();
    let mut blocks = Vec::new();
    while let Some(fence) = lines.find(|line| line.starts_with("```")) {
        let block = lines.by_ref().take_while(|line| *line != "```");
        let block = block.flat_map(|line| [line, "\n"]).collect();
        blocks.push((fence[3..].to_string(), block));
    }
    blocks
}

/// Runs the program as a reader would in a directory.
pub(crate) fn lab(dir: &Path, args: &[&str]) -> Done {
    done(shell::lab(args).current_dir(dir))
}

/// The words of a command line; what stands in quotation marks is one.
pub(crate) fn words(line: &str) -> impl Iterator<Item = &str> {
    let pieces = line.split('"').enumerate();
    pieces.flat_map(|(i, piece)| match i % 2 {
        0 => piece.split_whitespace().collect(),
        _ => vec![piece],
    })
}
