//! The catalogue holds what it promises: numbers, names, runs, and words in two languages.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use sticky_lab::event::Text;
use sticky_lab::lab::{self, Lab};
use sticky_lab::lang::Lang;
use sticky_lab::lint::lint;
use unicode_width::UnicodeWidthStr;

/// Fixed: students' notes and other labs' texts name them.
const LABS: [(u32, &str, &[&str]); 22] = [
    (
        1,
        "naive",
        &["late-reader", "sleep-between", "eager-reader", "race"],
    ),
    (
        2,
        "nagle",
        &[
            "default",
            "delayed-ack",
            "nodelay",
            "nodelay-late-reader",
            "cork",
        ],
    ),
    (3, "short-recv", &["leftover", "late-world", "big-buffer"]),
    (
        4,
        "length-prefix",
        &["raw", "framed", "one-byte", "wrong-order"],
    ),
    (
        5,
        "header-dict",
        &["framed", "torn-header", "big-size", "bad-hash"],
    ),
    (
        6,
        "udp",
        &[
            "datagrams",
            "short-buffer",
            "same-over-tcp",
            "flood",
            "empty",
            "empty-over-tcp",
        ],
    ),
    (
        7,
        "echo",
        &[
            "upper-once",
            "upper-loop",
            "greeting",
            "second-waits",
            "reset-survived",
            "long-echo",
        ],
    ),
    (
        8,
        "command-leftover",
        &["leftover", "falling-behind", "length-first"],
    ),
    (
        9,
        "ready",
        &["ready", "length-first", "glued-commands", "framed-commands"],
    ),
    (
        10,
        "command-prefix",
        &["one-way", "both-ways", "whole-buffers"],
    ),
    (
        11,
        "command-dict",
        &[
            "utf-8",
            "gbk",
            "command-as-utf-8",
            "answer-as-utf-8",
            "json-styles",
        ],
    ),
    (
        12,
        "download",
        &[
            "whole-file",
            "empty-file",
            "half-file",
            "no-half-file",
            "wrong-content",
            "evil-name",
            "five-gib",
            "long",
        ],
    ),
    (
        13,
        "famous-bugs",
        &[
            "length-once",
            "length-loop",
            "header-once",
            "header-loop",
            "over-read",
            "exact-read",
            "counted-twice",
            "counted-once",
            "spinning",
            "stops-at-end",
            "stdout-first",
            "both-at-once",
        ],
    ),
    (
        14,
        "torn-text",
        &["strict", "ignore", "incremental", "gbk", "gbk-as-utf-8"],
    ),
    (
        15,
        "end-of-stream",
        &[
            "fin",
            "rst",
            "timeout",
            "half-close",
            "unread-input",
            "end-in-frame",
        ],
    ),
    (
        16,
        "partial-send",
        &["part-taken", "loop", "first-read-of-a-mebibyte"],
    ),
    (
        17,
        "the-40-ms-fix",
        &["two-writes", "one-write", "nodelay", "cork", "three-writes"],
    ),
    (
        18,
        "one-send-many-recvs",
        &["small-segments", "loopback-segments", "small-buffer"],
    ),
    (
        19,
        "lifecycle",
        &[
            "before-accept",
            "four-way-close",
            "client-gone",
            "reset",
            "server-closes-first",
            "client-closes-first",
            "reuse-too-late",
            "reuse-from-the-start",
            "still-listening",
        ],
    ),
    (20, "backlog", &["listen-1", "accept-makes-room"]),
    (
        21,
        "unix",
        &[
            "tcp",
            "tcp6",
            "stream",
            "seqpacket",
            "datagram",
            "datagram-flood",
            "path-in-the-way",
        ],
    ),
    (
        22,
        "udp-echo",
        &[
            "echo",
            "late-answer",
            "late-answer-stamped",
            "oversized",
            "no-answer",
            "nobody-there",
            "refused",
            "empty-ends-the-server",
        ],
    ),
];

/// As wide as the narrowest usual terminal lets a line be, less its indent.
const QUESTION: usize = 76;

fn catalogue() -> Vec<Lab> {
    lab::catalogue().expect("the catalogue reads")
}

fn texts(lab: &Lab) -> [(Lang, &Text); 2] {
    let missing = |lang: &str| panic!("{} has no {lang}.md", lab.slug);
    [
        (
            Lang::En,
            lab.texts.en.as_ref().unwrap_or_else(|| missing("en")),
        ),
        (
            Lang::Zh,
            lab.texts.zh.as_ref().unwrap_or_else(|| missing("zh")),
        ),
    ]
}

/// Every piece of a text, with its section's name.
fn pieces(text: &Text) -> Vec<(&'static str, &str)> {
    let mut all = vec![("title", text.title.as_str()), ("question", &text.question)];
    for (section, paragraphs) in [
        ("look", &text.look),
        ("why", &text.why),
        ("next", &text.next),
        ("words", &text.words),
    ] {
        all.extend(paragraphs.iter().map(|p| (section, p.as_str())));
    }
    all.extend(text.runs.iter().map(|(_, says)| ("runs", says.as_str())));
    all
}

#[test]
fn numbers_names_and_runs_are_the_fixed_ones() {
    let labs = catalogue();
    assert_eq!(labs.len(), LABS.len());
    for (lab, (number, slug, runs)) in labs.iter().zip(LABS) {
        assert_eq!((lab.number, lab.slug.as_str()), (Some(number), slug));
        let names: Vec<&str> = lab.file.runs.iter().map(|run| run.name.as_str()).collect();
        assert_eq!(names, runs, "lab {number}");
        assert_eq!(lab::find(slug).expect("by name"), *lab);
        assert_eq!(lab::find(&number.to_string()).expect("by number"), *lab);
    }
}

/// What is not embedded would be missing in the binary alone.
#[test]
fn every_directory_of_labs_is_a_lab_of_the_catalogue() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("labs");
    let found: BTreeSet<String> = fs::read_dir(dir)
        .expect("labs/ is there")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.is_dir())
        .map(|path| {
            path.file_name()
                .expect("a name")
                .to_string_lossy()
                .into_owned()
        })
        .collect();
    let known: BTreeSet<String> = LABS
        .iter()
        .map(|(number, slug, _)| format!("{number:02}-{slug}"))
        .collect();
    assert_eq!(found, known);
}

/// That the claims come true is seen where every run is done: `lab lint`, and `tests/stress.rs`.
#[test]
fn no_lab_has_a_fault_that_lint_finds() {
    for sources in lab::catalogue_sources().expect("the catalogue reads") {
        assert_eq!(lint(&sources), []);
    }
}

#[test]
fn no_run_wants_a_port_of_its_own() {
    for run in catalogue().iter().flat_map(|lab| &lab.file.runs) {
        assert_eq!(run.port, None, "a fixed port may be in use: {}", run.name);
    }
}

#[test]
fn both_languages_have_every_section() {
    for lab in catalogue() {
        for (lang, text) in texts(&lab) {
            let at = format!("{} {lang:?}", lab.slug);
            for (name, section) in [
                ("look", &text.look),
                ("why", &text.why),
                ("next", &text.next),
                ("words", &text.words),
            ] {
                assert!(!section.is_empty(), "{at}: no {name}");
                assert!(section.iter().all(|p| !p.trim().is_empty()), "{at}: {name}");
            }
        }
        let [(_, en), (_, zh)] = texts(&lab);
        assert_eq!(en.look.len(), zh.look.len(), "{}", lab.slug);
        assert_eq!(en.next.len(), zh.next.len(), "{}", lab.slug);
        assert_eq!(en.words.len(), zh.words.len(), "{}", lab.slug);
    }
}

#[test]
fn titles_and_questions_fit_their_lines() {
    for lab in catalogue() {
        for (lang, text) in texts(&lab) {
            let at = format!("{} {lang:?}", lab.slug);
            assert!(text.question.width() <= QUESTION, "{at}: {}", text.question);
            assert!(text.title.width() <= 60, "{at}: {}", text.title);
            assert!(text.question.ends_with(['?', '？']), "{at}: a question");
            assert!(!text.title.ends_with(['.', '。']), "{at}");
        }
    }
}

#[test]
fn each_text_is_in_its_own_language() {
    let chinese = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
    for lab in catalogue() {
        for (lang, text) in texts(&lab) {
            for (section, words) in pieces(text) {
                let at = format!("{} {lang:?} {section}: {words}", lab.slug);
                let han = words.chars().filter(|c| chinese(*c)).count();
                match lang {
                    // English may give the Chinese word for a thing, in brackets.
                    Lang::En => assert!(han * 3 < words.chars().count(), "{at}"),
                    Lang::Zh => {
                        assert!(han > 0, "{at}");
                        // Half-width marks between Chinese characters look like a mistake.
                        for pair in words.chars().collect::<Vec<_>>().windows(2) {
                            assert!(
                                !(chinese(pair[0]) && [',', ';', '?', '!'].contains(&pair[1])),
                                "{at}"
                            );
                        }
                    }
                }
            }
        }
    }
}

/// A directory of the source that a text names is there under that name.
#[test]
fn every_path_that_a_text_names_exists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut seen = 0;
    for lab in catalogue() {
        for (lang, text) in texts(&lab) {
            for (section, words) in pieces(text) {
                for code in words.split('`').skip(1).step_by(2) {
                    if code.starts_with("labs/") {
                        seen += 1;
                        let there = root.join(code).exists();
                        assert!(there, "{} {lang:?} {section}: {code}", lab.slug);
                    }
                }
            }
        }
    }
    assert!(seen > 0);
}
