//! What stands around the words of the glossary.

use crate::lang::Lang;

pub(crate) fn hint(lang: Lang) -> &'static str {
    phrase!(
        lang,
        "lab explain nagle explains one; a word is found in either language, however it is spelt.",
        "lab explain 粘包 解释其中一个；中文、英文都能查，大小写和连字符不必讲究。"
    )
}

pub(crate) fn word(lang: Lang) -> &'static str {
    phrase!(lang, "Word", "词语")
}

pub(crate) fn meaning(lang: Lang) -> &'static str {
    phrase!(lang, "Meaning", "意思")
}

pub(crate) fn source(lang: Lang) -> &'static str {
    phrase!(lang, "Source", "出处")
}

/// The runs to look at.
pub(crate) fn see(lang: Lang) -> &'static str {
    phrase!(lang, "See", "实验")
}
