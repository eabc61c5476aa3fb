//! The first screen: it fits a terminal of 24 rows and 80 columns, whatever the lab, the language
//! and the colours, and it says what was sent and what the program got.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use sticky_lab::lab::glossary;
use unicode_width::UnicodeWidthStr;

use crate::shell::{desk, done, lab};

const ROWS: usize = 24;
/// What a lab that has more to say may take.
const MOST_ROWS: usize = 30;

/// A trace of all runs of a lab, done now.
fn recorded(number: u32, desk: &Path) -> PathBuf {
    let path = desk.join(format!("{number}.jsonl"));
    let lines = done(&mut lab(&[&number.to_string(), "--json"])).out;
    fs::write(&path, lines).expect("written");
    path
}

/// What a person sees: the text without its colours.
fn seen(text: &str) -> String {
    let mut parts = text.split('\u{1b}');
    let mut seen = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (_, behind) = part.split_once('m').expect("colours and nothing else");
        seen += behind;
    }
    seen
}

fn fits(what: &str, text: &str, rows: usize) {
    let seen = seen(text);
    assert!(
        seen.lines().count() <= rows,
        "{what}: {} rows\n{seen}",
        seen.lines().count()
    );
    for line in seen.lines() {
        assert!(
            line.width() <= 80,
            "{what}: {} columns: {line}",
            line.width()
        );
    }
}

fn rows_of(number: u32) -> usize {
    if number <= 6 { ROWS } else { MOST_ROWS }
}

#[test]
fn every_lab_and_every_run_fits_its_screen() {
    let desk = desk("screen");
    for number in 1..=22 {
        let trace = recorded(number, &desk);
        let path = trace.to_str().expect("UTF-8");
        let text = fs::read_to_string(&trace).expect("just written");
        let first: serde_json::Value =
            serde_json::from_str(text.lines().next().expect("a line")).expect("JSON");
        let names = first["runs"].as_array().expect("its runs");
        for look in [["--lang", "en"], ["--lang", "zh"]] {
            for colour in ["never", "always"] {
                let args = [&["replay", path, "--color", colour][..], &look].concat();
                let whole = done(&mut lab(&args)).out;
                fits(
                    &format!("lab {number} {look:?} {colour}"),
                    &whole,
                    rows_of(number),
                );
            }
            for name in names {
                let name = name.as_str().expect("a name");
                let args = [&["replay", path, "--run", name][..], &look].concat();
                let one = done(&mut lab(&args)).out;
                fits(
                    &format!("lab {number} --run {name} {look:?}"),
                    &one,
                    rows_of(number),
                );
            }
        }
    }
}

#[test]
fn a_bug_and_its_cure_fit_one_screen_side_by_side() {
    let desk = desk("beside");
    let traces: Vec<PathBuf> = (1..=6).map(|number| recorded(number, &desk)).collect();
    for (a, b) in [(0, 1), (2, 3), (3, 4), (5, 2)] {
        let [a, b] = [a, b].map(|i: usize| traces[i].to_str().expect("UTF-8"));
        for lang in ["en", "zh"] {
            let shown = done(&mut lab(&["compare", a, b, "--lang", lang])).out;
            fits(&format!("compare {a} {b}"), &shown, ROWS);
        }
    }
}

/// The words of the field that stand on a screen as they are spelt there: calls, the system's own
/// names, the rows of the ruler.
fn terms(screen: &str) -> BTreeSet<&str> {
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '.';
    let is_loud = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
    let calls = screen.match_indices('(').map(|(at, _)| {
        let before = &screen[..at];
        &before[before.trim_end_matches(is_name).len()..]
    });
    let calls = calls.filter(|name| name.starts_with(|c: char| c.is_ascii_lowercase()));
    let words = screen.split(|c: char| !is_name(c));
    let names = words.filter(|word| {
        let is_error = word.starts_with('E') && word.len() > 4;
        word.chars().all(is_loud) && (word.contains('_') && word.len() > 2 || is_error)
    });
    let rows = screen.lines().filter_map(|line| {
        let (name, marks) = line.trim_start().split_once(' ')?;
        let is_row = marks.trim_start().starts_with('|') && name.chars().all(char::is_alphabetic);
        is_row.then_some(name)
    });
    calls.chain(names).chain(rows).collect()
}

/// The others, as they stand there.
const WORDS: [(&str, &[&str]); 2] = [
    (
        "en",
        &[
            "letters",
            "in the kernel",
            "client",
            "server",
            "until",
            "ACK",
            "queued",
            "unsent",
            "empty",
            "end of stream",
            "receive queue",
            "cut",
            "lost",
            "arrival",
            "buffer",
            "came whole",
            "out",
            "md5 right",
            "states",
            "capture",
            "SYN",
            "PSH",
            "mss",
            "seq",
            "win",
            "datagram",
        ],
    ),
    (
        "zh",
        &[
            "字母",
            "内核里",
            "客户端",
            "服务端",
            "等",
            "ACK",
            "队列",
            "未发出",
            "空",
            "流结束",
            "接收队列",
            "切开",
            "缓冲区",
            "原样收到",
            "取出",
            "md5 相符",
            "状态",
            "抓包",
            "SYN",
            "PSH",
            "数据报",
        ],
    ),
];

#[test]
fn every_term_of_a_first_screen_is_explained_and_the_screen_says_so() {
    let glossary = glossary::catalogue().expect("the glossary reads");
    let desk = desk("terms");
    let traces: Vec<PathBuf> = (1..=22).map(|number| recorded(number, &desk)).collect();
    for (lang, words) in WORDS {
        let shown = |trace: &PathBuf, more: &[&str]| {
            let trace = trace.to_str().expect("UTF-8");
            done(&mut lab(
                &[&["replay", trace, "--lang", lang], more].concat()
            ))
            .out
        };
        // What there is no room for stands on the screen of another run, or with more rows.
        let (mut screens, mut all) = (String::new(), String::new());
        for trace in &traces {
            let screen = shown(trace, &[]);
            assert_eq!(screen.matches("lab explain").count(), 1, "{screen}");
            screens += &screen;
            all += &(screen + &shown(trace, &["--full"]));
        }
        let terms = terms(&screens);
        for known in ["recv", "TCP_INFO", "EINPROGRESS", "connect"] {
            assert!(terms.contains(known), "{known}: {terms:?}");
        }
        for word in words {
            assert!(all.contains(word), "{word} stands on no screen ({lang})");
        }
        let printed = terms.iter().chain(words);
        let unknown: Vec<_> = printed
            .filter(|term| glossary.find(term).is_err())
            .collect();
        assert!(unknown.is_empty(), "not explained: {unknown:?}");
    }
}

#[test]
fn the_first_screen_says_what_was_sent_and_what_came_of_it() {
    let out = done(&mut lab(&["3", "--lang", "en"])).out;
    let line = |begins: &str| {
        let found = out
            .lines()
            .find(|line| line.trim_start().starts_with(begins));
        found
            .unwrap_or_else(|| panic!("no {begins} in\n{out}"))
            .to_owned()
    };
    assert!(line("sent").contains("hello · world"), "{out}");
    let got = line("got");
    assert!(got.contains("he · lloworld") && got.contains('✗'), "{out}");
    assert!(line("A ").contains("8 stayed queued"), "{out}");
    assert!(
        line("Others").contains("late-world: he · llo · world  ✗"),
        "{out}"
    );
    assert!(
        line("Next").contains("lab 3 --full") && out.contains("lab compare 3 4"),
        "{out}"
    );
    let framed = done(&mut lab(&["4", "--run", "framed", "--lang", "en"])).out;
    assert!(
        framed.contains("hello · world  ✓") && !framed.contains('✗'),
        "{framed}"
    );
}
