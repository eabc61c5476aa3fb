//! Things in a row, with what a language puts between them.

use std::borrow::Borrow;

use crate::lang::Lang;

fn joined<T: Borrow<str>>(parts: impl IntoIterator<Item = T>, between: &str) -> String {
    let parts: Vec<T> = parts.into_iter().collect();
    parts.join(between)
}

/// Names: «A, B», «A、B».
pub(crate) fn names<T: Borrow<str>>(lang: Lang, parts: impl IntoIterator<Item = T>) -> String {
    joined(parts, phrase!(lang, ", ", "、"))
}

/// Parts of a sentence: «2 writes, 1 recv», «2 次 send，1 次 recv».
pub(crate) fn parts<T: Borrow<str>>(lang: Lang, parts: impl IntoIterator<Item = T>) -> String {
    joined(parts, phrase!(lang, ", ", "，"))
}

/// Clauses, which have commas of their own.
pub(crate) fn clauses<T: Borrow<str>>(lang: Lang, parts: impl IntoIterator<Item = T>) -> String {
    joined(parts, phrase!(lang, "; ", "；"))
}
