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
    match number {
        1..=6 | 13 | 17 => ROWS,
        _ => MOST_ROWS,
    }
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
                let rows = if number <= 6 { ROWS } else { MOST_ROWS };
                fits(&format!("lab {number} --run {name} {look:?}"), &one, rows);
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

/// What a lab's first screen says; of one run, if one is named.
fn screen(args: &[&str]) -> String {
    done(&mut lab(&[args, &["--lang", "en"]].concat())).out
}

/// The line with these words in it.
fn line_of<'a>(screen: &'a str, words: &str) -> &'a str {
    let found = screen.lines().find(|line| line.contains(words));
    found.unwrap_or_else(|| panic!("no {words} in\n{screen}"))
}

#[test]
fn the_rows_that_make_the_point_are_never_left_out() {
    let held = screen(&["2", "--run", "delayed-ack"]);
    assert!(line_of(&held, "send(E)").contains("[ello]"), "{held}");
    assert!(
        held.contains("Held unsent in the client's kernel"),
        "{held}"
    );
    let tail = screen(&["8"]);
    assert!(tail.contains("recv(1024) = 468"), "{tail}");
    assert!(tail.contains("more rows, see --full"), "{tail}");
    let late = screen(&["9"]);
    assert!(
        line_of(&late, "recv(1024) = 10").ends_with("whoamiexit"),
        "{late}"
    );
    let states = screen(&["19"]);
    assert!(
        line_of(&states, "FIN_WAIT2").ends_with("CLOSE_WAIT"),
        "{states}"
    );
    let part = screen(&["16"]);
    assert!(part.contains("200,000 offered"), "{part}");
}

/// Recorded, so that the kernel's time stamps are there.
#[test]
fn how_long_bytes_waited_is_on_the_screen() {
    let shown = screen(&["replay", "docs/lab-2.jsonl"]);
    assert!(line_of(&shown, "send(E)").contains("[ello]"), "{shown}");
    assert!(shown.contains("they left at"), "{shown}");
    let all = screen(&["2"]);
    assert!(line_of(&all, "got ").contains("h · ello  ✗"), "{all}");
    assert!(all.contains("nodelay: all 5 whole  ✓"), "{all}");
}

#[test]
fn of_files_the_names_and_what_became_of_them_are_said() {
    let shown = screen(&["12"]);
    let says = "movie.bin left there: 3,000 of 5,000 bytes  ✗";
    assert!(line_of(&shown, "got ").contains(says), "{shown}");
    // Of so many others there is room for how each came out.
    let others = line_of(&shown, "Others");
    assert!(others.contains("no-half-file ✗ error"), "{shown}");
    assert!(shown.contains("whole-file ✓"), "{shown}");
    let whole = screen(&["12", "--run", "whole-file"]);
    assert!(line_of(&whole, "got ").contains("report.txt saved, 5,000 bytes  ✓"));
    let evil = screen(&["12", "--run", "evil-name"]);
    assert!(line_of(&evil, "got ").contains("no file  ✗"), "{evil}");
}

#[test]
fn a_bug_stands_beside_its_cure() {
    let shown = screen(&["13"]);
    for (bug, cure) in [
        ("length-once", "length-loop"),
        ("header-once", "header-loop"),
        ("over-read", "exact-read"),
        ("counted-twice", "counted-once"),
        ("spinning", "stops-at-end"),
        ("stdout-first", "both-at-once"),
    ] {
        let line = line_of(&shown, &format!("✗ {bug} · sent "));
        assert!(line.ends_with(&format!("✓ {cure}")), "{shown}");
    }
    let short = line_of(&shown, "wants 81 bytes, has 20: 61 missing");
    assert!(short.ends_with(" got hello"), "{shown}");
    // It came whole, and the program is stuck all the same.
    let stuck = line_of(&shown, "command \"make\" is stuck:");
    assert!(stuck.ends_with(" got 1280005 bytes"), "{shown}");
    for next in [
        "lab 13 --run length-once",
        "lab compare 13:length-once 13:length-loop",
    ] {
        assert!(shown.contains(next), "{shown}");
    }
    let beside = screen(&["compare", "13:stdout-first", "13:both-at-once"]);
    // The same where it stands beside its cure: what it got whole is no ✓.
    assert!(beside.contains("is stuck"), "{beside}");
    let got = line_of(&beside, "  got ");
    assert!(
        got.contains("make  ✗") && got.ends_with("make  ✓"),
        "{beside}"
    );
}

#[test]
fn a_bug_has_several_cures_and_the_kernel_says_what_it_held() {
    let shown = screen(&["17"]);
    let bug = line_of(&shown, "✗ two-writes · sent ");
    assert!(bug.ends_with("✓ one-write"), "{shown}");
    assert!(
        shown.contains("Held unsent in the client's kernel"),
        "{shown}"
    );
    assert!(
        shown.contains("✓ nodelay") && shown.contains("✓ cork"),
        "{shown}"
    );
    let none = "none held unsent (TCP_INFO)";
    assert_eq!(shown.matches(none).count(), 2, "{shown}");
    assert!(
        line_of(&shown, "three-writes:").contains("Others"),
        "{shown}"
    );
}

#[test]
fn of_a_pair_one_run_has_its_own_screen() {
    let shown = screen(&["13", "--run", "over-read"]);
    assert!(line_of(&shown, "recvs ").contains("1,024"), "{shown}");
    let cure = screen(&["13", "--run", "exact-read"]);
    assert!(line_of(&cure, "got ").contains("1,500 bytes · 1,500 bytes  ✓"));
}

#[test]
fn what_failed_is_said_beside_what_came() {
    let shown = screen(&["15"]);
    let reset = "rst: bye  ✓  recv(1024) failed: ECONNRESET";
    assert!(shown.contains(reset), "{shown}");
    let udp = screen(&["22"]);
    let stamped = line_of(&udp, "late-answer-stamped: ");
    assert!(stamped.contains("client to server: "), "{udp}");
    // What came once a read had failed is the point.
    assert!(udp.contains("recvfrom(1024) = 1  2 "), "{udp}");
}

#[test]
fn of_two_directions_it_is_said_which_one_is_shown() {
    let tail = screen(&["8"]);
    assert!(line_of(&tail, "as the lab says").contains("  server to client  "));
    let one_way = screen(&["3"]);
    assert!(!one_way.contains("client to server"), "{one_way}");
}

/// Of a length that was read by itself nobody asks whether it came whole, nor where it was cut.
#[test]
fn what_loops_bring_back_is_no_loss() {
    let shown = screen(&["10", "--run", "one-way"]);
    let got = line_of(&shown, "got ");
    assert!(
        got.contains("got     1,492 bytes · 1,500 bytes  ✓"),
        "{shown}"
    );
    assert!(!shown.contains("cut after"), "{shown}");
}
