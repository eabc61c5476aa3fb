//! What stands around the picture of a run: headings, names, what each letter stands for.

use super::{group, part};
use crate::event::PartLen;
use crate::lang::Lang;

/// «lab 3»; of a lab without a number «lab».
pub(crate) fn lab_name(lang: Lang, number: Option<u32>) -> String {
    match number {
        Some(n) => say!(lang, "lab {n}", "实验 {n}"),
        None => say!(lang, "lab", "实验"),
    }
}

/// A part of a lab's texts.
#[derive(Clone, Copy)]
pub(crate) enum Section {
    Look,
    Why,
    Next,
    Words,
}

/// What stands beside a part of a lab's texts.
pub(crate) fn heading(lang: Lang, section: Section) -> &'static str {
    match section {
        Section::Look => phrase!(lang, "Look", "看什么"),
        Section::Why => phrase!(lang, "Why", "为什么"),
        Section::Next => phrase!(lang, "Next", "接下来"),
        Section::Words => phrase!(lang, "Words", "词语"),
    }
}

/// The same, before each of its paragraphs in the linear form.
pub(crate) fn label(lang: Lang, section: Section) -> &'static str {
    match section {
        Section::Look => phrase!(lang, "look", "看什么"),
        Section::Why => phrase!(lang, "why", "为什么"),
        Section::Next => phrase!(lang, "next", "接下来"),
        Section::Words => phrase!(lang, "word", "词语"),
    }
}

sentences! { lang;
    /// What framing puts before a payload, with the mark that it has on the ruler.
    before_payload(before: PartLen; n = group(before.bytes), part = part(lang, before.part)):
        "{n}-byte {part} # + ", "{n} 字节{part} # + ";
    /// A lab of the catalogue, as a fact.
    lab_fact(number: &str, title: &str, question: &str):
        "lab {number}: {title}: {question}",
        "实验 {number}：{title}：{question}";
    /// The line that a run begins with in the linear form.
    run(name: &str, beside: &str): "run {name}: {beside}", "运行 {name}: {beside}";
    /// Messages of which it is not said what they are.
    more_messages(n: usize): "... {n} more ...", "……另有 {n} 条……";
}

phrases! {
    /// What stands before a lab's question in the linear form.
    question: "question: ", "问题：";
    new_here: "New here? lab learn", "第一次来？lab learn";
}

sentences! {
    in_writes(n: u64; n = group(n)): " in {n} writes", "，分 {n} 次 send";
    /// Where the labs are listed.
    how_to_run(example: u32):
        "lab {example} runs lab {example}; lab list --full has the questions; lab --help all else.",
        "lab {example} 运行实验 {example}；lab list --full 列出各实验的问题；其余见 lab --help。";
}

/// What is in the directory of a new lab, and which commands come next.
pub(crate) fn started(lang: Lang, dir: &str) -> String {
    say!(
        lang,
        "\
{dir} is a lab, and runs as it is:

  lab.json         what client and server do, and what you claim of it
  en.md, zh.md     what the lab says; the notes in them are not shown
  lab.schema.json  lets an editor complete and check lab.json

`lab help writing` shows how to make it yours. Next:

  lab run {dir}
  lab lint {dir}
",
        "\
{dir} 是一个现在就能运行的实验：

  lab.json         客户端和服务端各做什么，结果应该怎样
  en.md、zh.md     实验里的文字，其中的注释不会显示出来
  lab.schema.json  有了它，编辑器能补全和检查 lab.json

怎样把它改成自己的实验，见 `lab help writing`。接下来：

  lab run {dir}
  lab lint {dir}
"
    )
}
