//! The beliefs and the glossary hold what they promise: words in two languages, and runs that are
//! there.

use std::collections::BTreeSet;

use sticky_lab::event::Flag;
use sticky_lab::lab::glossary::{self, Glossary};
use sticky_lab::lab::myth::{self, Myths, Truth};
use sticky_lab::lab::run_ref::RunRef;
use sticky_lab::lang::Lang;
use sticky_lab::render::{self, Colour, View};
use strum::VariantArray;
use unicode_width::UnicodeWidthStr;

use crate::view::{self, EN, ZH};

fn myths() -> Myths {
    myth::catalogue().expect("labs/myths.json reads")
}

fn words() -> Glossary {
    glossary::catalogue().expect("labs/glossary.json reads")
}

fn is_chinese(c: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&c)
}

/// A text says something, in its own language and its own punctuation.
#[track_caller]
fn is_in(lang: Lang, text: &str) {
    assert!(!text.trim().is_empty());
    assert_eq!(text.trim(), text);
    assert_eq!(text.matches('`').count() % 2, 0, "an open mark: {text}");
    assert_eq!(text.matches("**").count() % 2, 0, "an open mark: {text}");
    let han = text.chars().filter(|c| is_chinese(*c)).count();
    match lang {
        Lang::En => assert!(han * 5 < text.chars().count(), "{text}"),
        Lang::Zh => {
            assert!(han > 0, "{text}");
            // Half-width marks between Chinese characters look like a mistake.
            for pair in text.chars().collect::<Vec<_>>().windows(2) {
                let halved = is_chinese(pair[0]) && [',', ';', ':', '?', '!'].contains(&pair[1]);
                assert!(!halved, "{text}");
            }
        }
    }
    // What is no harmless character would reach the reader as an escape.
    assert_eq!(render::harmless(text), text);
}

#[track_caller]
fn exists(run_ref: &RunRef) {
    let lab = run_ref
        .lab()
        .unwrap_or_else(|error| panic!("{run_ref}: {error}"));
    let runs: Vec<&str> = lab.file.runs.iter().map(|run| run.name.as_str()).collect();
    assert!(runs.contains(&run_ref.run.as_str()), "{run_ref}: {runs:?}");
}

#[test]
fn every_myth_is_whole_in_both_languages() {
    let myths = myths();
    for theme in &myths.themes {
        is_in(Lang::En, &theme.title.en);
        assert!(!theme.title.zh.is_empty() && !theme.myths.is_empty());
    }
    for myth in myths.iter() {
        for lang in [Lang::En, Lang::Zh] {
            let words = myth.says(lang);
            for text in [&words.belief, &words.reason, &words.shows] {
                is_in(lang, text);
                assert!(text.ends_with(['.', '。']), "{text}");
            }
        }
    }
}

#[test]
fn the_numbers_of_the_myths_leave_no_gap() {
    let myths = myths();
    let numbers: BTreeSet<u32> = myths.iter().map(|myth| myth.number).collect();
    let last = u32::try_from(numbers.len()).expect("a few");
    assert_eq!(numbers, (1..=last).collect());
    assert!(last >= 24, "{last}");
    for verdict in [Truth::False, Truth::HalfTrue, Truth::TrueHere] {
        assert!(
            myths.iter().any(|myth| myth.verdict == verdict),
            "{verdict:?}"
        );
    }
}

#[test]
fn every_run_that_a_myth_or_a_word_names_is_there() {
    for myth in myths().iter() {
        exists(&myth.proof);
    }
    for word in words().iter() {
        word.seen_in.iter().for_each(exists);
    }
}

/// What they say is text; where to look is data, and so checked above.
#[test]
fn no_text_names_a_command() {
    let myths = myths();
    let words = words();
    let texts = myths.iter().flat_map(|myth| {
        [&myth.en, &myth.zh].map(|words| [&words.belief, &words.reason, &words.shows])
    });
    let says = words.iter().map(|word| [&word.en.says, &word.zh.says]);
    for text in texts.flatten().chain(says.flatten()) {
        assert!(!text.contains("--run") && !text.contains("`lab "), "{text}");
    }
}

#[test]
fn every_word_is_whole_in_both_languages() {
    let words = words();
    for word in words.iter() {
        for lang in [Lang::En, Lang::Zh] {
            let entry = word.entry(lang);
            is_in(lang, &entry.says);
            assert!(!entry.term.is_empty());
            assert_eq!(render::harmless(&entry.term), entry.term);
            // Three to six lines at 80 columns, as one reads at a glance; a few lists need more.
            let view = if lang == Lang::En { EN } else { ZH };
            let shown = render::word(word, &view).finish();
            let lines = shown.lines().skip(1).take_while(|line| !line.is_empty());
            let lines = lines.count();
            assert!((2..=6).contains(&lines), "{lines} lines:\n{shown}");
        }
        assert!(!word.sources.is_empty(), "{}", word.en.term);
        assert!(word.sources.iter().all(|source| source.is_ascii()));
    }
}

#[test]
fn every_name_of_a_word_finds_it_and_no_other() {
    let words = words();
    let mut names = BTreeSet::new();
    for word in words.iter() {
        let mut own = BTreeSet::new();
        for name in word.names() {
            own.insert(glossary::key(name));
            let found = words
                .find(name)
                .unwrap_or_else(|error| panic!("{name}: {error}"));
            assert_eq!(found.en.term, word.en.term, "by {name}");
        }
        for key in own {
            assert!(!key.is_empty(), "{}", word.en.term);
            assert!(names.insert(key.clone()), "{key} is claimed twice");
        }
    }
}

/// The words that tutorials explain, and the ways in which people write them.
#[test]
fn the_words_of_the_tutorials_are_found() {
    let words = words();
    for (wanted, term) in [
        ("粘包", "sticking"),
        ("STICKING", "sticking"),
        ("半包", "cut message"),
        ("拆包", "cut message"),
        ("AF_INET", "socket family"),
        ("af_inet6", "socket family"),
        ("AF_UNIX", "socket family"),
        ("SOCK_STREAM", "byte stream"),
        ("sock_dgram", "datagram"),
        ("SOCK_SEQPACKET", "socket type"),
        ("套接字类型", "socket type"),
        ("byte stream", "byte stream"),
        ("字节流", "byte stream"),
        ("datagram", "datagram"),
        ("三次握手", "three-way handshake"),
        ("three way handshake", "three-way handshake"),
        ("四次挥手", "four-way close"),
        ("half-open", "half-open"),
        ("TIME_WAIT", "TIME_WAIT"),
        ("time wait", "TIME_WAIT"),
        ("time-wait", "TIME_WAIT"),
        ("2MSL", "MSL"),
        ("backlog", "backlog"),
        ("mtu", "MTU"),
        ("MSS", "MSS"),
        ("nagle", "Nagle's algorithm"),
        ("Nagle算法", "Nagle's algorithm"),
        ("delayed ack", "delayed ACK"),
        ("延迟确认", "delayed ACK"),
        ("quickack", "quick ACK"),
        ("TCP_CORK", "cork"),
        ("SO_SNDBUF", "send buffer"),
        ("接收缓冲区", "receive buffer"),
        ("阻塞", "blocking"),
        ("timeout", "timeout"),
        ("framing", "framing"),
        ("长度前缀", "length prefix"),
        ("自定义报头", "header dict"),
        ("大小端", "byte order"),
        ("endianness", "byte order"),
        ("struct", "struct codes"),
        ("segment", "segment"),
        ("payload", "payload"),
        ("edge", "edge"),
        ("EOF", "end of stream"),
        ("RST", "reset"),
        ("SO_REUSEADDR", "SO_REUSEADDR"),
    ] {
        let found = words
            .find(wanted)
            .unwrap_or_else(|error| panic!("{wanted}: {error}"));
        assert_eq!(found.en.term, term, "{wanted}");
    }
    let error = words.find("nagel").expect_err("a typo");
    assert!(error.to_string().contains("`lab explain nagle`"), "{error}");
}

/// The names of errors, flags, states, options and calls that the pictures print: as they stand in
/// the code that prints them and in what a student reads.
fn printed() -> BTreeSet<String> {
    let own = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let read = |path: &str| std::fs::read_to_string(own.join(path)).expect(path);
    let mut names = BTreeSet::new();
    for source in ["src/run/kernel/linux.rs", "src/run/connection/options.rs"] {
        let source = read(source);
        let quoted = source.split('"').skip(1).step_by(2);
        let loud = |name: &&str| name.len() > 2 && name.bytes().all(is_loud);
        names.extend(quoted.filter(loud).map(str::to_owned));
    }
    names.extend(Flag::VARIANTS.iter().map(|flag| flag.name().to_string()));
    let schema: serde_json::Value =
        serde_json::from_str(&read("labs/lab.schema.json")).expect("it is JSON");
    let states = schema["$defs"]["TcpState"]["enum"]
        .as_array()
        .expect("states");
    names.extend(states.iter().filter_map(|s| s.as_str()).map(str::to_owned));
    let mut texts = vec![read("labs/myths.json"), read("labs/course.json")];
    for lab in sticky_lab::lab::catalogue().expect("the catalogue reads") {
        let texts_of = |name| {
            read(&format!(
                "labs/{:02}-{}/{name}",
                lab.number.expect("a number"),
                lab.slug
            ))
        };
        texts.extend(["lab.json", "en.md", "zh.md"].map(texts_of));
    }
    for text in &texts {
        let words = text.split(|c: char| !c.is_ascii() || !is_loud(c as u8));
        names.extend(words.filter(|word| is_a_name(word)).map(str::to_owned));
    }
    names.extend(
        "bind listen connect accept setsockopt send sendto recv recvfrom shutdown close"
            .split(' ')
            .map(str::to_owned),
    );
    names
}

fn is_loud(byte: u8) -> bool {
    byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_'
}

fn is_a_name(word: &str) -> bool {
    let families = [
        "TCP_", "SO_", "AF_", "SOCK_", "MSG_", "SIOC", "SOL_", "IPPROTO_",
    ];
    (word.starts_with('E') && word.len() > 4 && !word.contains('_'))
        || (families.iter().any(|family| word.starts_with(family)) && !word.ends_with('_'))
}

#[test]
fn every_name_that_is_printed_is_explained() {
    let (words, names) = (words(), printed());
    for known in ["ECONNREFUSED", "PSH", "SYN_RECV", "TCP_NODELAY", "MSG_PEEK"] {
        assert!(names.contains(known), "{known}: {names:?}");
    }
    let missing: Vec<&String> = names
        .iter()
        .filter(|name| words.find(name).is_err())
        .collect();
    assert!(missing.is_empty(), "not explained: {missing:?}");
}

/// What a lab explains at its end is found, in the glossary or there.
#[test]
fn every_word_that_a_lab_explains_is_found() {
    let (words, labs) = (words(), sticky_lab::lab::catalogue().expect("it reads"));
    for lab in &labs {
        for lang in [Lang::En, Lang::Zh] {
            let text = lab.texts.get(lang).expect("both languages");
            for says in &text.words {
                let head = says.split(" — ").next().expect("a head");
                let named = head.split("**").skip(1).step_by(2);
                for name in named {
                    let found =
                        words.find(name).is_ok() || glossary::of_a_lab(&labs, name, lang).is_some();
                    assert!(found, "{}: {name}", lab.slug);
                }
            }
        }
    }
    let (number, says) = glossary::of_a_lab(&labs, "路径穿越", Lang::En).expect("lab 12");
    assert_eq!(number, 12);
    let page = render::word_of_a_lab(number, says, &EN).finish();
    assert!(page.starts_with("path traversal (路径穿越)"), "{page}");
    assert!(page.contains("See     lab 12"), "{page}");
    assert!(glossary::of_a_lab(&labs, "xyzzy", Lang::En).is_none());
    assert!(glossary::of_a_lab(&labs, "", Lang::En).is_none());
}

fn every_page(view: &View) -> Vec<String> {
    let (myths, words) = (myths(), words());
    let mut pages = vec![
        render::myths(&myths, view).finish(),
        render::glossary(&words, view).finish(),
    ];
    pages.extend(
        myths
            .iter()
            .map(|myth| render::myth_opening(myth, view).finish()),
    );
    pages.extend(words.iter().map(|word| render::word(word, view).finish()));
    pages
}

#[test]
fn everything_fits_at_every_width() {
    for view in [EN, ZH] {
        for width in [60, 80, 129, 130, 200] {
            for page in every_page(&View { width, ..view }) {
                for line in page.lines() {
                    assert!(line.width() <= width, "{width}: {line}");
                    assert_eq!(line.trim_end(), line);
                }
            }
        }
    }
}

#[test]
fn wide_or_narrow_the_list_says_the_same() {
    let squeezed = |width| {
        let list = render::myths(&myths(), &View { width, ..ZH }).finish();
        let mut said: Vec<char> = list.chars().filter(|c| !c.is_whitespace()).collect();
        said.sort_unstable();
        said
    };
    assert_eq!(squeezed(80), squeezed(200));
}

#[test]
fn in_ascii_no_word_of_the_other_language_is_left_as_question_marks() {
    let ascii = View { ascii: true, ..EN };
    let list = render::glossary(&words(), &ascii).finish();
    assert!(list.is_ascii() && !list.contains('?'), "{list}");
    let sticking = words();
    let sticking = sticking.find("sticking").expect("it");
    assert!(!render::word(sticking, &ascii).finish().contains('?'));
    assert!(
        render::word(sticking, &EN)
            .finish()
            .starts_with("sticking · 粘包\n")
    );
    assert!(
        render::word(sticking, &ZH)
            .finish()
            .starts_with("粘包 · sticking\n")
    );
}

#[test]
fn colour_changes_no_word() {
    let bare = |text: &str| {
        let mut out = String::new();
        let mut parts = text.split('\u{1b}');
        out.push_str(parts.next().unwrap_or_default());
        for part in parts {
            out.push_str(part.split_once('m').map_or("", |(_, rest)| rest));
        }
        out
    };
    colored::control::set_override(true);
    let coloured = View {
        colour: Colour::Sixteen,
        ..EN
    };
    for (with, without) in every_page(&coloured).iter().zip(every_page(&EN)) {
        assert!(with.contains('\u{1b}'));
        assert_eq!(bare(with), without);
    }
}

#[test]
fn plain_has_one_fact_a_line() {
    for view in [EN, ZH] {
        let list = render::myths(&myths(), &view::plain(&view)).finish();
        assert_eq!(list.lines().count(), 3 * myths().iter().count());
        let all = render::glossary(&words(), &view::plain(&view)).finish();
        assert_eq!(all.lines().count(), words().iter().count());
        for word in words().iter() {
            let page = render::word(word, &view::plain(&view)).finish();
            assert!(page.lines().all(|line| line.contains(": ")), "{page}");
        }
    }
}
