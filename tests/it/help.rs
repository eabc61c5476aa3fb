//! The help is there in both languages, and so is what is said of a command line that is mistyped.

use std::collections::{BTreeMap, BTreeSet};

use clap::{Command, CommandFactory};
use unicode_width::UnicodeWidthStr;

use crate::shell::{Done, done, lab};
use crate::terminal::Terminal;
use sticky_lab::cli::Cli;
use sticky_lab::lang::Lang;
use sticky_lab::words::help::{self, EVERYWHERE, Help};

fn chinese() -> &'static Help {
    help::of(Lang::Zh).expect("clap speaks no Chinese")
}

fn has_chinese(text: &str) -> bool {
    text.contains(|c| matches!(c, '\u{4e00}'..='\u{9fff}'))
}

/// The commands by their names, from the program itself on.
fn commands() -> BTreeMap<String, Command> {
    let mut cli = Cli::command();
    cli.build();
    let mut commands = BTreeMap::new();
    let mut open = vec![cli];
    while let Some(command) = open.pop() {
        open.extend(command.get_subcommands().cloned());
        let name = command.get_bin_name().unwrap_or(command.get_name());
        commands.insert(name.to_owned(), command);
    }
    commands
}

#[test]
fn whatever_help_shows_is_there_in_chinese_and_nothing_else_is() {
    let mut said_once = BTreeSet::new();
    let mut said_everywhere: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let commands = commands();
    assert!(commands.len() > 10, "{:?}", commands.keys());
    for (name, command) in &commands {
        assert!(has_chinese(chinese().command(name)), "{name}");
        for arg in command.get_arguments().filter(|arg| !arg.is_hide_set()) {
            let id = arg.get_id().as_str();
            let text = chinese().argument(name, id);
            assert!(has_chinese(text), "{name}: {id}: {arg}");
            // A mark that both languages have stands in both.
            let english = arg.get_help().map(ToString::to_string).unwrap_or_default();
            assert_eq!(
                english.contains("[default: "),
                text.contains("[默认："),
                "{name}: {id}"
            );
            let own = chinese()
                .arguments
                .iter()
                .find(|(of, argument, _)| (of, argument) == (&name.as_str(), &id));
            if own.is_some() {
                said_once.insert((name.as_str(), id));
            } else {
                said_everywhere
                    .entry(id.to_owned())
                    .or_default()
                    .insert(english);
            }
        }
    }
    for (of, id, _) in chinese().arguments {
        match said_everywhere.get(*id).filter(|_| *of == EVERYWHERE) {
            // What is explained by the same words in Chinese is in English, too.
            Some(english) => assert_eq!(english.len(), 1, "{id}: {english:?}"),
            None => assert!(
                said_once.contains(&(*of, *id)),
                "{of}: {id}: no such argument"
            ),
        }
    }
    let entries: BTreeSet<_> = chinese()
        .commands
        .iter()
        .map(|(name, _)| (*name).to_owned())
        .collect();
    assert_eq!(entries, commands.into_keys().collect());
}

#[test]
fn the_examples_are_the_same_in_both_languages() {
    let commands = |text: &str| -> Vec<String> {
        let lines = text.lines().filter_map(|line| line.split_once("lab "));
        let commands = lines.map(|(_, rest)| rest.split("  ").next().unwrap_or_default().into());
        commands
            .filter(|command: &String| !command.contains("explain"))
            .collect()
    };
    let english = Cli::command()
        .get_after_help()
        .expect("examples")
        .to_string();
    assert!(commands(&english).len() > 15);
    assert_eq!(commands(chinese().examples), commands(&english));
}

#[test]
fn help_is_in_the_language_that_is_spoken_and_fits_the_screen() {
    let all = commands();
    for name in all.keys() {
        let words: Vec<&str> = name.split(' ').skip(1).collect();
        let args = [&words[..], &["--help"]].concat();
        let english = done(&mut lab(&args));
        let by_locale = done(lab(&args).env("LC_ALL", "zh_CN.UTF-8"));
        assert_eq!((english.code, by_locale.code), (0, 0), "{name}");
        assert!(
            english.out.contains("Usage: ") && !has_chinese(&english.out.replace("粘包", "")),
            "{}",
            english.out
        );
        for word in ["用法：", "选项：", chinese().command(name)] {
            // A sentence may go on in a second line.
            assert!(
                by_locale.out.replace('\n', "").contains(word),
                "{word}: {}",
                by_locale.out
            );
        }
        for word in [
            "Usage",
            "Options",
            "OPTIONS",
            "Arguments",
            "Commands",
            "[default",
            "[possible",
        ] {
            assert!(
                !by_locale.out.contains(word),
                "{name}: {word}: {}",
                by_locale.out
            );
        }
        for line in by_locale.out.lines() {
            assert!(line.width() <= 80, "{name}: {line}");
        }
        if !all[name].get_arguments().any(|arg| arg.get_id() == "lang") {
            continue;
        }
        for flag in [
            &["--lang", "zh", "--help"][..],
            &["--help", "--lang=zh"],
            &["-h", "--lang", "zh"],
        ] {
            let by_flag = done(&mut lab(&[&words[..], flag].concat()));
            assert_eq!(by_flag.out, by_locale.out, "{name} {flag:?}");
        }
        let back = done(lab(&[&args[..], &["--lang", "en"]].concat()).env("LC_ALL", "zh_CN.UTF-8"));
        assert_eq!(back.out, english.out, "{name}");
    }
    let whole = done(&mut lab(&["--help", "--lang", "zh"])).out;
    assert_eq!(done(&mut lab(&["help", "--lang", "zh"])).out, whole);
    for example in chinese().examples.lines() {
        assert!(whole.contains(example), "{example}");
    }
    let in_english = done(&mut lab(&["help"])).out;
    assert_eq!(in_english, done(&mut lab(&["--help"])).out);
    let evidence = done(&mut lab(&["help", "evidence", "--lang", "zh"])).out;
    assert_eq!(evidence, chinese().evidence);
    for topic in ["writing", "json"] {
        let page = done(&mut lab(&["help", topic])).out;
        let head = format!("{}\n\n", chinese().in_english);
        assert_eq!(
            done(&mut lab(&["help", topic, "--lang", "zh"])).out,
            head + &page
        );
    }
}

#[test]
fn what_is_mistyped_is_named_in_chinese() {
    for (args, words) in [
        (&["3", "--jsn"][..], &["`--jsn`", "是不是想写 `--json`"][..]),
        (
            &["run", "a", "b"],
            &["`b` 是多余的", "用法：lab run [选项] <DIR|FILE>"],
        ),
        (&["run"], &["还缺 `<DIR|FILE>`"]),
        (&["3", "--answer", "x"], &["还缺 `--predict`"]),
        (&["3", "--run"], &["`--run <NAME>` 后面还缺一个值\n"]),
        (&["3", "--wire=foo"], &["`foo`", "可选：data、full"]),
        (
            &["help", "foo"],
            &["`foo`", "可选：writing、evidence、json"],
        ),
        (
            &["3", "--step", "--json"],
            &["`--step` 不能和 `--json` 一起用"],
        ),
        (&["3", "--json", "--json"], &["`--json` 只能给一次"]),
        (&["compare", "3"], &["至少要 2 个值，只给了 1 个"]),
        (&["compare", "1", "2", "3", "4"], &["`4` 是多余的"]),
        (
            &["3", "list"],
            &["命令前面不能有 `[LAB]`", "选项要写在命令后面"],
        ),
        (&["3", "4"], &["lab compare 3 4"]),
        (
            &["3", "leftovr"],
            &["没有命令 `leftovr`", "lab 3 --run leftover"],
        ),
        (&["lern", "3", "4"], &["`lern` 既不是命令也不是实验"]),
        (
            &["3", "--mtu", "\u{1b}[2J"],
            &["`--mtu <BYTES>` 的值不能是"],
        ),
    ] {
        let Done { code, out, err } = done(lab(args).env("LC_ALL", "zh_CN.UTF-8"));
        assert_eq!((code, out.as_str()), (2, ""), "{args:?}");
        for word in words {
            assert!(err.contains(word), "{args:?}: no {word} in {err}");
        }
        assert!(
            !err.contains("error:") && !err.contains("Usage"),
            "{args:?}: {err}"
        );
        assert!(
            err.chars().all(|c| c == '\n' || !c.is_control()),
            "{args:?}: {err:?}"
        );
        assert!(!has_chinese(&done(&mut lab(args)).err), "{args:?}");
    }
}

/// The numbers that a text names.
fn numbers(text: &str) -> Vec<&str> {
    let runs = text.split(|c: char| !c.is_ascii_digit());
    runs.filter(|run| !run.is_empty()).collect()
}

#[test]
fn what_a_value_may_be_is_the_same_in_both_languages() {
    for args in [
        &["3", "--mtu", "7"][..],
        &["3", "--width", "7"],
        &["3", "--repeat", "7000000"],
        &["3", "--repeat", "2", "--load", "7000000"],
        &["lint", "--times", "7000000"],
    ] {
        let english = done(&mut lab(args)).err;
        let chinese = done(lab(args).env("LC_ALL", "zh_CN.UTF-8")).err;
        let mut named = numbers(&english);
        let typed = *args.last().expect("a value");
        named.retain(|number| *number != typed);
        assert_eq!(named.len(), 2, "{english}");
        assert!(numbers(&chinese).ends_with(&named), "{chinese}");
    }
}

#[test]
fn what_goes_wrong_ends_its_lines_between_words_at_a_terminal() {
    for lang in ["en", "zh"] {
        let args = ["3", "--run", "leftovr", "--lang", lang];
        let piped = done(&mut lab(&args)).err;
        assert_eq!(piped.lines().count(), 1, "{piped}");
        let mut terminal = Terminal::start(&args, 40, 24);
        assert_eq!(terminal.end(), 2);
        let shown = terminal.screen();
        let lines: Vec<&str> = shown.lines().map(str::trim_end).collect();
        assert!(
            lines.iter().filter(|line| !line.is_empty()).count() > 1,
            "{shown}"
        );
        for word in piped.split_whitespace().filter(|word| word.is_ascii()) {
            assert!(
                lines.iter().any(|line| line.contains(word)),
                "{word} is torn: {shown}"
            );
        }
    }
}
