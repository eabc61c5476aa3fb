//! What somebody should know of a lab before a class sees it: what is missing, and where its files
//! contradict each other.
//!
//! Whether its claims come true is found out by running it, which is not done here.

use std::collections::HashSet;

use clap::Parser;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::cli::{Cli, Command};
use crate::event::Text;
use crate::lab::error::{LabError, Place, nearest};
use crate::lab::fault::{CommandFault, FileFault, RunFault, TextFault};
use crate::lab::locator::Locator;
use crate::lab::locator::PathSegment::{Index, Key};
use crate::lab::read;
use crate::lab::{Source, Sources, TextSource, file, text};
use crate::scenario;

/// All that is wrong with a lab as it is written; empty if nothing is.
pub fn lint(sources: &Sources) -> Vec<LabError> {
    let mut found = Vec::new();
    let file = read::parse(&sources.file.name, &sources.file.text);
    let file = file.map_err(|error| found.push(error)).ok();
    if let Some(file) = &file {
        found.extend(runs(file, &sources.file));
    }
    // Who teaches in one language writes one text. The catalogue speaks both.
    let missing = missing_texts(sources);
    if sources.number.is_some() || missing.len() == sources.texts.len() {
        let missing = missing.into_iter();
        found.extend(missing.map(|text| LabError::new(&text.name, FileFault::Missing)));
    }
    for text in &sources.texts {
        found.extend(words(text, &sources.slug, file.as_ref()));
    }
    found
}

/// The texts that are not there: whoever reads that language gets the other one.
pub fn missing_texts(sources: &Sources) -> Vec<&TextSource> {
    let missing = sources.texts.iter().filter(|text| text.text.is_none());
    missing.collect()
}

/// Whether each run can be made, and claims something.
fn runs(lab: &file::Lab, source: &Source) -> Vec<LabError> {
    let mut found = Vec::new();
    let mut places = Locator::of(&source.text);
    for (i, run) in lab.runs.iter().enumerate() {
        if let Err(impossible) = scenario::resolve(lab, i) {
            found.push(impossible.at(&source.name, &mut places));
        }
        if run.expect.is_empty() {
            let path = [Key("runs"), Index(i), Key("name")];
            let what = RunFault::ClaimsNothing(run.name.clone());
            found.push(LabError::new(&source.name, what).at(places.locate(&path)));
        }
    }
    found
}

/// Whether a text has what it takes, speaks of the runs that there are, and names commands that
/// the program takes.
fn words(source: &TextSource, slug: &str, lab: Option<&file::Lab>) -> Vec<LabError> {
    let finding = |place, what| LabError::new(&source.name, what).at(place);
    let at_line = |line| Place { line, column: 1 };
    let Some(written) = &source.text else {
        return Vec::new();
    };
    let (text, run_lines) = match Text::parse_with_lines(written) {
        Ok(read) => read,
        Err((line, what)) => return vec![finding(at_line(line), what)],
    };
    let mut found = Vec::new();
    if text.question.is_empty() {
        found.push(finding(at_line(1), TextFault::NoQuestion));
    }
    if let Some(lab) = lab {
        for (line, what) in sentences(&text, &run_lines, lab) {
            found.push(finding(at_line(line), what));
        }
    }
    for (place, code) in code_spans(written) {
        if let Some(wrong) = wrong_command(code, slug, lab) {
            let code = code.into();
            found.push(finding(place, TextFault::Command { code, wrong }));
        }
    }
    found
}

/// What is wrong with the sentences about the runs, and on which line.
fn sentences(text: &Text, lines: &[usize], lab: &file::Lab) -> Vec<text::Wrong> {
    let runs: Vec<&str> = lab.runs.iter().map(|run| run.name.as_str()).collect();
    let known: HashSet<&str> = runs.iter().copied().collect();
    let mut before = HashSet::new();
    let mut found = Vec::new();
    for ((name, sentence), &line) in text.runs.iter().zip(lines) {
        let is_second = !before.insert(name.as_str());
        if !known.contains(name.as_str()) {
            let what = TextFault::NoSuchRun {
                name: name.clone(),
                near: nearest(name, runs.iter().copied()).map(Into::into),
                known: names(lab),
            };
            found.push((line, what));
        } else if is_second {
            found.push((line, TextFault::SecondSentence(name.clone())));
        }
        if sentence.is_empty() {
            found.push((line, TextFault::NothingSaid(name.clone())));
        }
    }
    let last = lines.last().copied().unwrap_or(1);
    for &name in runs.iter().filter(|name| !before.contains(*name)) {
        found.push((last, TextFault::NoSentence(name.into())));
    }
    let told: Vec<&str> = text.runs.iter().map(|(name, _)| name.as_str()).collect();
    if found.is_empty() && told != runs {
        let first = told.iter().zip(&runs).position(|(told, run)| told != run);
        let line = lines[first.unwrap_or(0)];
        found.push((line, TextFault::OtherOrder(names(lab))));
    }
    found
}

/// What stands in backticks, and where it begins.
fn code_spans(source: &str) -> Vec<(Place, &str)> {
    let mut spans = Vec::new();
    for (number, line) in text::lines(source).unwrap_or_default() {
        let mut rest = line;
        while let Some((_, code)) = rest.split_once('`')
            && let Some((code, behind)) = code.split_once('`')
        {
            let before = line.len() - behind.len() - code.len() - "``".len();
            let place = Place {
                line: number,
                column: line[..before].chars().count() + 1,
            };
            spans.push((place, code));
            rest = behind;
        }
    }
    spans
}

/// What is wrong with a command that a text names, if it is one of this program and something is.
fn wrong_command(code: &str, slug: &str, lab: Option<&file::Lab>) -> Option<CommandFault> {
    let mut words: Vec<&str> = code.split_whitespace().collect();
    match words.first() {
        Some(&"lab") => {}
        // `--run framed` alone speaks of the lab in which it stands.
        Some(&"--run") if words.len() > 1 => {
            words.splice(0..0, ["lab", "run", slug]);
        }
        _ => return None,
    }
    let cli = match Cli::try_parse_from(&words) {
        Ok(cli) => cli,
        Err(error) if error.use_stderr() => {
            let said = error.to_string();
            let first = said.lines().next().unwrap_or_default();
            return Some(CommandFault::Refused {
                said: first.trim_start_matches("error: ").into(),
                unknown: match error.get(ContextKind::InvalidArg) {
                    Some(ContextValue::String(word))
                        if error.kind() == ErrorKind::UnknownArgument =>
                    {
                        Some(word.clone())
                    }
                    _ => None,
                },
            });
        }
        Err(_) => return None,
    };
    let (wanted, known) = match cli.command {
        None => {
            let wanted = cli.watch.lab?;
            let Ok(lab) = crate::lab::find(&wanted) else {
                let nearest = crate::lab::nearest_lab(&wanted);
                return Some(CommandFault::NoSuchLab(nearest));
            };
            (cli.watch.how.runs.names, names(&lab.file))
        }
        // Of another directory nothing is known.
        Some(Command::Run { path, how, .. }) if path.ends_with(slug) => {
            (how.runs.names, names(lab?))
        }
        Some(_) => return None,
    };
    let name = wanted.into_iter().find(|name| !known.contains(name))?;
    Some(CommandFault::NoSuchRun { name, known })
}

fn names(lab: &file::Lab) -> Vec<String> {
    lab.runs.iter().map(|run| run.name.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::Lang;

    const LAB: &str = r#"{ "runs": [
  { "name": "one", "client": [{ "send": "x" }], "server": [{ "recv": 1 }],
    "expect": { "recvs": ["x"] } },
  { "name": "two", "client": [{ "send": "x" }], "server": [{ "recv": 1 }],
    "expect": { "recvs": "any-legal" } } ] }"#;
    const EN: &str = "# T\n\nWhy?\n\n## Runs\n- one: See.\n- two: See.\n";
    const ZH: &str = "# 题\n\n为什么？\n\n## 各次运行\n- one：看。\n- two：看。\n";

    fn sources(json: &str, en: Option<&str>, zh: Option<&str>) -> Sources {
        let text = |lang, name: &str, text: Option<&str>| TextSource {
            lang,
            name: name.into(),
            text: text.map(String::from),
        };
        Sources {
            number: None,
            slug: "own".into(),
            file: Source {
                name: "lab.json".into(),
                text: json.into(),
            },
            texts: [text(Lang::En, "en.md", en), text(Lang::Zh, "zh.md", zh)],
        }
    }

    fn said(json: &str, en: Option<&str>, zh: Option<&str>) -> Vec<String> {
        let faults = lint(&sources(json, en, zh));
        faults.iter().map(ToString::to_string).collect()
    }

    fn of_text(en: &str) -> Vec<String> {
        said(LAB, Some(en), Some(ZH))
    }

    #[test]
    fn nothing_is_said_of_a_lab_that_is_whole() {
        assert_eq!(of_text(EN), [""; 0]);
    }

    #[test]
    fn each_fault_of_the_lab_file_is_named() {
        let json = LAB
            .replacen("recv\": 1", "recvfrom\": 1", 1)
            .replace(",\n    \"expect\": { \"recvs\": \"any-legal\" }", "");
        let said = said(&json, Some(EN), Some(ZH));
        assert_eq!(said.len(), 2, "{said:?}");
        let start = "lab.json:2:60: `recvfrom` is for datagrams";
        assert!(said[0].starts_with(start), "{}", said[0]);
        assert!(said[1].starts_with("lab.json:4:13: run `two` claims nothing; add an `expect`"));
    }

    #[test]
    fn one_text_is_enough_outside_the_catalogue() {
        assert_eq!(said(LAB, Some(EN), None), [""; 0]);
        let none = said(LAB, None, None);
        assert_eq!(none.len(), 2, "{none:?}");
        assert!(none[0].starts_with("en.md: is missing; `lab new`"));
    }

    #[test]
    fn the_texts_are_looked_at_even_if_the_lab_file_cannot_be_read() {
        let said = said("{", Some("# T\n"), None);
        assert_eq!(said.len(), 2, "{said:?}");
        assert!(said[0].starts_with("lab.json:1:"));
        assert!(said[1].starts_with("en.md:1:1: no question"));
    }

    #[test]
    fn runs_and_sentences_belong_together() {
        let en = EN.replace("- two: See.", "- twoo: See.");
        let another = [
            "en.md:7:1: there is no run `twoo`; did you mean `two`?",
            "en.md:7:1: no sentence about run `two`; add `- two: …` under `## Runs`",
        ];
        assert_eq!(of_text(&en), another);
        let en = EN.replace("- two: See.", "- two: See.\n- one: Again.\n- two:");
        let twice = [
            "en.md:8:1: a second sentence about run `one`",
            "en.md:9:1: a second sentence about run `two`",
            "en.md:9:1: nothing is said about run `two`",
        ];
        assert_eq!(of_text(&en), twice);
        let en = "# T\nWhy?\n## Runs\n- two: See.\n- one: See.\n";
        let order = "en.md:4:1: the runs come in another order: one, two";
        assert_eq!(of_text(en), [order]);
    }

    #[test]
    fn commands_in_a_text_are_such_that_the_program_takes_them() {
        let with = |code: &str| of_text(&format!("{EN}\n## Next\n- Try `x` and {code} now.\n"));
        for right in [
            "`lab`",
            "`lab 3`",
            "`lab short-recv --run leftover --plain`",
            "`lab list`",
            "`lab run DIR --run theirs`",
            "`lab run courses/own/ --run two`",
            "`--run one`",
            "`--run`",
            "`lab --help`",
            "`labs/03-short-recv`",
            "lab 99, not marked as code",
        ] {
            assert_eq!(with(right), [""; 0], "{right}");
        }
        for (wrong, what) in [
            (
                "`lab 99`",
                "there is no such lab; `lab list` names them all",
            ),
            ("`lab short-rcv`", "the nearest is `lab 3` (short-recv)"),
            ("`lab 3 --run leftovers`", "there is no run `leftovers`"),
            ("`lab 3 --rnu leftover`", "unexpected argument '--rnu'"),
            ("`lab run own --run three`", "the runs are one, two"),
            ("`--run three`", "there is no run `three`"),
        ] {
            let said = with(wrong);
            assert_eq!(said.len(), 1, "{wrong}: {said:?}");
            let start = format!("en.md:10:15: {wrong}: ");
            assert!(said[0].starts_with(&start), "{}", said[0]);
            assert!(said[0].contains(what), "{}", said[0]);
        }
    }

    /// Nobody reads a comment; and what is left open does not swallow what follows.
    #[test]
    fn comments_and_single_backticks_hide_nothing() {
        let en = format!("{EN}<!-- `lab 99` -->\n\n## Why\nA ` alone.\n`lab 98`\n");
        let said = of_text(&en);
        assert_eq!(said.len(), 1, "{said:?}");
        assert!(said[0].starts_with("en.md:12:1: `lab 98`"), "{}", said[0]);
    }

    #[test]
    fn a_new_lab_has_no_fault_and_keeps_its_notes_to_itself() {
        let [json, en, zh, _] = crate::lab::new::files("my-lab");
        let names = [json.0, en.0, zh.0];
        assert_eq!(names, ["lab.json", "en.md", "zh.md"]);
        let sources = sources(&json.1, Some(&en.1), Some(&zh.1));
        assert_eq!(lint(&sources), []);
        let lab = sources.build().expect("a lab");
        assert_eq!(lab.file.schema.as_deref(), Some("lab.schema.json"));
        for text in [lab.texts.en, lab.texts.zh] {
            let text = text.expect("both are there");
            assert_eq!(text.title, "My lab");
            for section in [&text.look, &text.why, &text.next, &text.words] {
                assert!(!section.is_empty());
            }
            assert!(!format!("{text:?}").contains("<!--"));
        }
    }
}
