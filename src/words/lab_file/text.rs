//! What is wrong with a lab's `en.md` or `zh.md`.

use crate::lab::fault::{CommandFault, TextFault};
use crate::lang::Lang;
use crate::words::list::names;

pub(super) fn text(lang: Lang, fault: &TextFault) -> String {
    let listed = |known: &[String]| names(lang, known.iter().map(String::as_str));
    say! { lang, fault;
        TextFault::NoTitle =>
            "no title: the first line is `# Title`",
            "没有标题：第一行写 `# 标题`";
        TextFault::NoQuestion =>
            "no question; under the title stands the question that the lab answers",
            "没有问题；标题下面写这个实验要回答的问题";
        TextFault::UnknownHeading { heading, known } =>
            "unknown heading `{heading}`; the headings are {known}",
            "没有 `{heading}` 这一节；可以有的是 {known}",
            known = listed(known);
        TextFault::NotARun(line) =>
            "`{line}` is not `- run-name: a sentence`",
            "`{line}` 不是 `- 运行名：一句话` 的样子";
        TextFault::OpenComment =>
            "this comment has no end: end its last line with `-->`",
            "这段注释没有结束：最后一行要以 `-->` 结尾";
        TextFault::NoSuchRun { name, near: Some(near), .. } =>
            "there is no run `{name}`; did you mean `{near}`?",
            "没有 `{name}` 这次运行；是不是想写 `{near}`？",
            name = name.escape_debug();
        TextFault::NoSuchRun { name, known, .. } =>
            "there is no run `{name}`; the runs are {known}",
            "没有 `{name}` 这次运行；有的是 {known}",
            name = name.escape_debug(), known = listed(known);
        TextFault::SecondSentence(run) =>
            "a second sentence about run `{run}`",
            "`{run}` 写了两遍",
            run = run.escape_debug();
        TextFault::NothingSaid(run) =>
            "nothing is said about run `{run}`",
            "`{run}` 后面没有说明",
            run = run.escape_debug();
        TextFault::NoSentence(run) =>
            "no sentence about run `{run}`; add `- {run}: …` under `## Runs`",
            "没有说明 `{run}` 这次运行；请在 `## 各次运行` 下面加上 `- {run}：…`",
            run = run.escape_debug();
        TextFault::OtherOrder(known) =>
            "the runs come in another order: {known}",
            "各次运行的顺序应该是 {known}",
            known = listed(known);
        TextFault::Command { code, wrong } =>
            "`{code}`: {wrong}",
            "`{code}`：{wrong}",
            wrong = command(lang, wrong);
    }
}

fn command(lang: Lang, wrong: &CommandFault) -> String {
    say! { lang, wrong;
        CommandFault::Refused { said, unknown: Some(unknown) } => "{said}", "不认识 `{unknown}`";
        CommandFault::Refused { said, unknown: None } => "{said}", "程序不接受这样的命令";
        CommandFault::NoSuchLab(nearest) =>
            "there is no such lab; {help}",
            "没有这个实验；{help}",
            help = super::nearest_lab(lang, *nearest);
        CommandFault::NoSuchRun { name, known } =>
            "there is no run `{name}`; the runs are {known}",
            "没有 `{name}` 这次运行；有的是 {known}",
            known = names(lang, known.iter().map(String::as_str));
    }
}
