//! What stands around the words of the glossary.

phrases! {
    hint:
        "lab explain nagle explains one; a word is found in either language, however it is spelt.",
        "lab explain 粘包 解释其中一个；中文、英文都能查，大小写和连字符不必讲究。";
    word: "Word", "词语";
    meaning: "Meaning", "意思";
    source: "Source", "出处";
    /// The runs to look at.
    see: "See", "实验";
}
