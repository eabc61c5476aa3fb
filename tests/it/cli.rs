//! The program as a person meets it: exit codes, what goes to which stream, what a mistake says.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use crate::shell::{Done, done, lab, running};
use sticky_lab::lab;

fn run(args: &[&str]) -> Done {
    done(&mut lab(args))
}

/// A mistake of the person: code 2, something on standard error that holds these words, nothing
/// on standard output. Whatever the mistake was made of, no control character gets through.
#[track_caller]
fn refused(args: &[&str], words: &[&str]) {
    let Done { code, out, err } = run(args);
    assert_eq!((code, out.as_str()), (2, ""), "{args:?}: {err}");
    for word in words {
        assert!(err.contains(word), "{args:?}: no `{word}` in: {err}");
    }
    assert!(
        err.chars()
            .all(|c| c == '\n' || !c.is_control() && c != '\u{202e}'),
        "{args:?}: something that a terminal obeys in {err:?}"
    );
}

fn directory(name: &str) -> PathBuf {
    crate::shell::desk(&format!("cli/{name}"))
}

/// A lab file in a directory of its own.
fn lab_file(name: &str, json: &str) -> String {
    let path = directory(name).join("lab.json");
    fs::write(&path, json).expect("the lab file is written");
    path.to_str()
        .expect("target/ has a UTF-8 path")
        .replace('\\', "/")
}

fn string(path: &Path) -> &str {
    path.to_str().expect("target/ has a UTF-8 path")
}

#[test]
fn without_a_lab_the_catalogue_lists_them_all() {
    let labs = lab::catalogue().expect("the catalogue reads");
    let catalogue: Vec<u32> = labs.iter().filter_map(|lab| lab.number).collect();
    assert_eq!(catalogue.len(), labs.len());
    let slugless = |lang: &str| {
        let listed = run(&["--lang", lang]);
        assert_eq!((listed.code, listed.err.as_str()), (0, ""));
        assert_eq!(run(&["list", "--lang", lang]).out, listed.out);
        assert!(listed.out.lines().count() <= 24, "{}", listed.out);
        let full = run(&["list", "--full", "--lang", lang]).out;
        // On one screen the numbers stand in columns, with their questions one below the other.
        let mut columns: Vec<u32> = listed
            .out
            .split_whitespace()
            .filter_map(|word| word.parse().ok())
            .collect();
        columns.sort_unstable();
        columns.dedup();
        assert!(
            catalogue.iter().all(|number| columns.contains(number)),
            "{}",
            listed.out
        );
        let below = full
            .lines()
            .filter_map(|line| line.split_whitespace().next()?.parse().ok());
        assert_eq!(below.collect::<Vec<u32>>(), catalogue, "{full}");
        full
    };
    let (en, zh) = (slugless("en"), slugless("zh"));
    assert!(en.contains("A short recv leaves a remainder"), "{en}");
    assert!(
        en.contains("If recv asks for less than was sent, where does the rest go?"),
        "{en}"
    );
    assert!(zh.contains("读得太短，剩下的还在"), "{zh}");
    assert!(
        zh.contains("recv 要的字节比发来的少，剩下的去哪儿了？"),
        "{zh}"
    );
}

#[test]
fn a_lab_runs_by_number_and_by_name() {
    for wanted in ["3", "short-recv"] {
        let screen = run(&[wanted]);
        assert_eq!((screen.code, screen.err.as_str()), (0, ""));
        let title = "lab 3 · A short recv leaves a remainder ";
        assert!(screen.out.starts_with(title), "{}", screen.out);
        let Done { code, out, err } = run(&[wanted, "--full"]);
        assert_eq!((code, err.as_str()), (0, ""), "{out}");
        assert!(out.starts_with("lab 3 · A short recv leaves a remainder\n"));
        for run in ["leftover", "late-world", "big-buffer"] {
            assert!(out.contains(&format!("-- {run} -")), "{out}");
        }
    }
    let one = run(&["3", "--run", "big-buffer", "--full"]);
    assert_eq!(one.code, 0);
    assert!(one.out.contains("-- big-buffer -") && !one.out.contains("-- leftover -"));
}

#[test]
fn the_language_comes_from_the_locale_unless_it_is_said() {
    let title = |locale: &str, args: &[&str]| {
        let shown = done(lab(args).env("LC_ALL", locale));
        assert_eq!(shown.code, 0, "{}", shown.err);
        let first = shown.out.lines().next().unwrap_or_default();
        let (title, _) = first.split_once("  ").unwrap_or((first, ""));
        title.to_string()
    };
    let (en, zh) = (
        "lab 3 · A short recv leaves a remainder",
        "实验 3 · 读得太短，剩下的还在",
    );
    assert_eq!(title("zh_CN.UTF-8", &["3"]), zh);
    assert_eq!(title("en_US.UTF-8", &["3"]), en);
    assert_eq!(title("zh_CN.UTF-8", &["3", "--lang", "en"]), en);
    assert_eq!(title("en_US.UTF-8", &["3", "--lang", "zh"]), zh);
    // A locale without UTF-8 gets ASCII, and so English.
    let posix = title("C", &["3"]);
    assert!(
        posix.is_ascii() && posix.contains("A short recv"),
        "{posix}"
    );
}

#[test]
fn a_myth_is_proven_by_the_run_that_it_names() {
    for form in [&[][..], &["--plain"]] {
        let Done { code, out, err } = run(&[&["myths", "5"][..], form].concat());
        assert_eq!((code, err.as_str()), (0, ""), "{out}");
        let belief = out.find("TCP_NODELAY cures sticking.").expect("the belief");
        let run = out.find("nodelay-late-reader").expect("the run");
        let proven = out.find("As written: recvs \"hello\"; segments 5; edges receive-queue");
        assert!(belief < run && Some(run) < proven, "{out}");
    }
    let zh = run(&["myths", "5", "--lang", "zh"]);
    assert!(
        zh.out.contains("与所写相符：各次 recv 的结果 \"hello\""),
        "{}",
        zh.out
    );
}

#[test]
fn the_check_of_the_myths_names_each_and_sums_up() {
    let Done { code, out, err } = run(&["myths", "--check"]);
    // Starved of processor time a run can come out otherwise; then code and sum say so.
    assert!(code <= 1 && err.is_empty(), "{code} {err}");
    let last = out.lines().last().expect("a sum");
    assert_eq!(
        code == 0,
        last.ends_with("all came out as written."),
        "{out}"
    );
    let listed = run(&["myths"]).out;
    let numbers = |text: &str| -> Vec<u32> {
        let first = text
            .lines()
            .filter_map(|line| line.split_whitespace().next());
        first.filter_map(|word| word.parse().ok()).collect()
    };
    let all = numbers(&listed);
    assert!(all.len() >= 24, "{listed}");
    for number in all {
        assert!(numbers(&out).contains(&number), "{number}: {out}");
    }
}

#[test]
fn a_word_is_explained_in_the_language_of_the_person() {
    let Done { code, out, err } = run(&["explain", "time", "wait"]);
    assert_eq!((code, err.as_str()), (0, ""));
    assert!(
        out.starts_with("TIME_WAIT\n") && out.contains("RFC 9293"),
        "{out}"
    );
    let en = run(&["explain", "粘包"]).out;
    assert!(en.starts_with("sticking · 粘包\n"), "{en}");
    let zh = run(&["explain", "sticking", "--lang", "zh"]).out;
    assert!(zh.starts_with("粘包 · sticking\n"), "{zh}");
    assert!(zh.contains("lab 1 --run late-reader"), "{zh}");
}

/// A name of another's making.
#[test]
fn what_does_not_exist_is_named_harmlessly() {
    refused(&["\u{1b}[2J\u{202e}"], &["no such lab"]);
    refused(&["3", "--run", "\u{1b}[2J"], &["no run"]);
    refused(&["--width", "\u{1b}[2J"], &["number of columns"]);
    refused(
        &["explain", "\u{1b}[2J"],
        &["`lab explain` lists the words"],
    );
}

#[test]
fn ascii_is_ascii_in_every_form_and_lab() {
    let ascii = |args: &[&str]| {
        // Asked for ASCII, a Chinese locale gets English too.
        for locale in ["en_US.UTF-8", "zh_CN.UTF-8"] {
            let Done { code, out, err } = done(lab(args).env("LC_ALL", locale));
            // Starved of processor time a run of lab 2 can come out otherwise, and says so in ASCII.
            assert!(code <= 1 && err.is_empty(), "{args:?}: {code} {err}");
            let foreign: Vec<char> = out.chars().filter(|c| !c.is_ascii()).collect();
            assert!(foreign.is_empty(), "{args:?}: {foreign:?}");
            assert!(out.lines().count() >= 6, "{args:?}: {out}");
        }
    };
    // What the catalogue waits for, it waits for at once in all forms.
    std::thread::scope(|scope| {
        for args in [
            &["all", "--ascii"][..],
            &["all", "--ascii", "--plain"],
            &["all", "--ascii", "--width", "200"],
            &["list", "--ascii"],
            &["myths", "--ascii"],
            &["myths", "5", "--ascii"],
            &["myths", "--check", "--ascii"],
            &["explain", "--ascii"],
            &["explain", "粘包", "--ascii"],
        ] {
            scope.spawn(move || ascii(args));
        }
    });
}

#[test]
fn colour_follows_flags_then_environment() {
    let escapes = |args: &[&str], env: &[(&str, &str)]| {
        let shown = done(lab(args).envs(env.iter().copied()));
        assert_eq!(shown.code, 0);
        shown.out.contains('\u{1b}')
    };
    let plain = &["3", "--run", "leftover"][..];
    let always = &["3", "--run", "leftover", "--color", "always"][..];
    let never = &["3", "--run", "leftover", "--color", "never"][..];
    let force = ("CLICOLOR_FORCE", "1");
    let no = ("NO_COLOR", "1");
    let dumb = ("TERM", "dumb");
    assert!(!escapes(plain, &[]), "standard output is a pipe");
    assert!(escapes(plain, &[force]));
    assert!(!escapes(plain, &[("CLICOLOR_FORCE", "0")]));
    assert!(!escapes(plain, &[force, no]));
    assert!(
        escapes(plain, &[force, ("NO_COLOR", "")]),
        "an empty NO_COLOR is none (no-color.org)"
    );
    assert!(!escapes(plain, &[dumb]));
    assert!(escapes(always, &[]));
    assert!(escapes(always, &[no, dumb]), "a flag is stronger");
    assert!(!escapes(never, &[force]));
    // The other forms have no colour to give.
    assert!(!escapes(&["3", "--json", "--color", "always"], &[]));
    assert!(!escapes(&["3", "--plain", "--color", "always"], &[]));
    // Sixteen colours unless the terminal says that it has more.
    let of = |env: &[(&str, &str)]| done(lab(always).envs(env.iter().copied())).out;
    assert!(!of(&[]).contains("48;2;"));
    assert!(of(&[("COLORTERM", "truecolor")]).contains("48;2;"));
}

#[test]
fn whoever_stops_reading_ends_it_quietly() {
    for args in [
        &["all"][..],
        &["all", "--json"],
        &["all", "--plain"],
        &["--help"],
        &["list"],
        &["myths"],
        &["myths", "5"],
        &["myths", "--check"],
        &["explain"],
        &["explain", "nagle"],
    ] {
        let mut child = running(args)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut line = String::new();
        let mut out = BufReader::with_capacity(1, child.stdout.take().expect("piped"));
        out.read_line(&mut line).expect("a first line");
        assert!(!line.is_empty(), "{args:?}");
        drop(out);
        let mut err = String::new();
        child
            .stderr
            .take()
            .expect("piped")
            .read_to_string(&mut err)
            .expect("UTF-8 on standard error");
        let status = child.wait().expect("it ends");
        assert_eq!((status.code(), err.as_str()), (Some(0), ""), "{args:?}");
    }
}

#[test]
fn nobody_reading_the_errors_changes_no_exit_code() {
    let (reader, writer) = std::io::pipe().expect("a pipe");
    drop(reader);
    let status = running(&["33"])
        .stdout(Stdio::null())
        .stderr(writer)
        .status()
        .expect("the program starts");
    assert_eq!(status.code(), Some(2));
}

/// To the kernel zero is no timeout.
#[test]
fn a_timeout_of_zero_is_refused_with_the_reason() {
    for (option, span) in [("recv_timeout", "0s"), ("send_timeout", "999us")] {
        let set = format!(r#"{{ "set": {{ "{option}": "{span}" }} }}"#);
        let path = lab_file("zero", &around(&set, ""));
        let words = ["lab.json:5:", "at least 1ms", "waits for ever"];
        refused(&["run", &path], &words);
    }
    let set = r#"{ "set": { "recv_timeout": "1ms" } }"#;
    assert_eq!(run(&["run", &lab_file("least", &around("", set))]).code, 0);
}

/// Of two that have one key no parser should choose.
#[test]
fn a_key_that_stands_twice_has_a_place() {
    let dir = directory("twice");
    let path = dir.join("lab.json");
    let one = r#"{ "name": "r", "client": [], "server": [] }"#;
    let twice = r#"{ "ls": ["echo", "harmless"], "ls": ["echo", "second"] }"#;
    for (text, place) in [
        (
            format!("{{ \"commands\": {twice},\n  \"runs\": [{one}] }}"),
            "lab.json:1:45: `ls` stands twice in this object",
        ),
        (
            format!("{{ \"runs\": [{one}],\n  \"runs\": [{one}] }}"),
            "lab.json:2:3: `runs` stands twice in this object",
        ),
        (
            format!(
                "{{ \"runs\": [\n  {} ] }}",
                one.replace("\"r\",", "\"r\", \"name\": \"b\",")
            ),
            "lab.json:2:18: `name` stands twice in this object",
        ),
    ] {
        fs::write(&path, text).expect("written");
        refused(&["run", string(&path)], &[place]);
        refused(&["code", string(&path)], &[place]);
        let Done { code, out, .. } = run(&["lint", string(&path)]);
        assert_eq!(code, 1);
        assert!(out.contains(place), "{out}");
    }
}

/// Nothing that was asked for is lost without a word.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_said_whatever_was_to_be_written() {
    for args in [
        &["--help"][..],
        &["-h"],
        &["run", "--help"],
        &["--version"],
        &["help"],
        &["help", "json"],
        &["list"],
        &["3"],
        &["3", "--json"],
        &["explain"],
        &["myths"],
        &["code", "3"],
        &["lint", "--times", "1"],
        &["replay", "docs/lab-3.jsonl", "--plain"],
    ] {
        let full = fs::OpenOptions::new().write(true).open("/dev/full");
        let done = running(args).stdout(full.expect("it is there")).output();
        let Done { code, err, .. } = Done::of(done.expect("it ends"));
        assert_eq!(code, 3, "{args:?}: {err}");
        assert!(err.contains("cannot write the output"), "{args:?}: {err}");
    }
}

/// Beyond the largest file that this user may write, the system would end the program by a signal.
#[cfg(target_os = "linux")]
#[test]
fn a_file_that_may_not_grow_is_said() {
    let dir = directory("limit");
    let out = dir.join("out.json");
    let script = r#"ulimit -f 8; exec "$0" all --json > "$1""#;
    let mut shell = crate::shell::start("sh");
    shell.args(["-c", script, crate::shell::PROGRAM, string(&out)]);
    let Done { code, err, .. } = Done::of(shell.output().expect("a shell"));
    assert_eq!(code, 3, "{err}");
    assert!(err.contains("cannot write the output"), "{err}");
}

/// In a network of its own, as a container may have it. Where no user may have one, there is
/// nothing to see.
#[cfg(target_os = "linux")]
#[test]
fn a_loopback_that_is_down_is_named() {
    let lonely = |args: &[&str]| {
        let mut unshare = crate::shell::start("unshare");
        unshare.args(["-Urn", crate::shell::PROGRAM]).args(args);
        unshare.output()
    };
    match lonely(&["--version"]) {
        Ok(output) if output.status.success() => {}
        _ => return,
    }
    for args in [
        &["3", "--run", "leftover"][..],
        &["3", "--run", "leftover", "--json"],
        &["6", "--run", "datagrams"],
        &["1", "--run", "race", "--repeat", "2"],
        &["compare", "3", "4"],
    ] {
        let Done { code, err, .. } = Done::of(lonely(args).expect("it ends"));
        assert_eq!(code, 3, "{args:?}: {err}");
        for words in ["ENETUNREACH", "the loopback interface", "ip link set lo up"] {
            assert!(err.contains(words), "{args:?}: {err}");
        }
    }
}

#[test]
fn a_lab_that_cannot_be_read_is_refused() {
    let dir = directory("unreadable");
    let missing = dir.join("none.json");
    refused(&["run", string(&missing)], &["none.json", "cannot be read"]);
    refused(&["run", string(&dir)], &["lab.json", "cannot be read"]);
    let huge = dir.join("huge.json");
    fs::write(&huge, " ".repeat(5 << 20)).expect("written");
    refused(
        &["run", string(&huge)],
        &["huge.json", "larger than 4194304 bytes"],
    );
    let latin = dir.join("latin.json");
    fs::write(&latin, b"{ \"runs\": \"\xe9\" }").expect("written");
    refused(&["run", string(&latin)], &["latin.json", "UTF-8"]);
}

/// A lab of one run around these steps.
fn around(client: &str, server: &str) -> String {
    format!(
        "{{\n  \"runs\": [\n    {{\n      \"name\": \"one\",\n      \"client\": [{client}],\n      \
         \"server\": [{server}]\n    }}\n  ]\n}}\n"
    )
}

#[test]
fn a_mistake_made_to_harm_is_named_harmlessly() {
    let recv = "{ \"recv\": 10 }";
    let send = "{ \"send\": \"x\" }";
    for (name, json, words) in [
        (
            "hostile-key",
            "{ \"\\u001b[2J\\u202e\": 1, \"runs\": [] }".into(),
            &["lab.json:1:", "unknown field"][..],
        ),
        (
            "hostile-name",
            around(send, recv).replace("\"one\"", "\"\\u001b[2J\""),
            &["lab.json:4:15: "],
        ),
        (
            "hostile-signal",
            around("{ \"await\": { \"signal\": \"\\u001b[2J\" } }", recv),
            &["lab.json:5:18: "],
        ),
        (
            "hostile-signal-near",
            around(
                "{ \"await\": { \"signal\": \"\\u001b[2J\" } }",
                &format!("{recv}, {{ \"signal\": \"\\u001b[2JJ\" }}"),
            ),
            &["lab.json:5:18: "],
        ),
    ] {
        let path = lab_file(name, &json);
        refused(&["run", &path], words);
    }
}

#[test]
fn a_mistake_in_a_text_has_a_line() {
    for (name, text, words) in [
        ("no-title", "just words\n", &["en.md:1:", "no title"][..]),
        (
            "heading",
            "# T\n\n## Waht\n",
            &["en.md:3:", "`Waht`", "Look"],
        ),
        (
            "hostile-heading",
            "# T\n\n## \u{1b}[2J\n",
            &["en.md:3:", "unknown heading"],
        ),
        (
            "hostile-run",
            "# T\n\n## Runs\n- \u{1b}[2J\n",
            &["en.md:4:"],
        ),
    ] {
        let path = lab_file(
            &format!("text-{name}"),
            &around("{ \"send\": \"x\" }", "{ \"recv\": 10 }"),
        );
        fs::write(Path::new(&path).with_file_name("en.md"), text).expect("written");
        refused(&["run", &path], words);
    }
}

#[test]
fn a_port_in_use_is_named_with_a_way_out() {
    let holder = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = holder.local_addr().expect("an address").port();
    let json = around("{ \"send\": \"x\" }", "{ \"recv\": 10 }")
        .replace("\"one\",", &format!("\"one\", \"port\": {port},"));
    let path = lab_file("port", &json);
    let Done { code, err, .. } = run(&["run", &path]);
    assert_eq!(code, 3, "{err}");
    assert!(
        err.contains(&format!("port {port} is in use")) && err.contains("leave `port` out"),
        "{err}"
    );
    // And the same file runs once the port is free: the port was the reason.
    drop(holder);
    let freed = run(&["run", &path, "--full"]);
    assert_eq!(freed.code, 0, "{}", freed.err);
    assert!(freed.out.contains(&format!("tcp 127.0.0.1:{port}")));
}

#[test]
fn a_run_past_its_deadline_says_who_waited_for_what() {
    let json = around(
        "{ \"send\": \"hello\" }, { \"recv\": 1 }",
        "{ \"await\": { \"queued\": 10 } }, { \"recv\": 10 }",
    )
    .replace("\"one\",", "\"one\", \"deadline\": \"200ms\",");
    let path = lab_file("deadline", &json);
    let Done { code, out, err } = run(&["run", &path]);
    assert_eq!((code, err.as_str()), (1, ""), "{out}");
    assert!(out.contains("until 10 bytes queued"), "{out}");
    let told: Vec<&str> = out.lines().filter(|l| l.contains("server")).collect();
    assert!(
        told.iter().any(|line| line.contains("wait")),
        "no line says that the server waited: {out}"
    );
    let json = run(&["run", &path, "--json"]);
    assert_eq!(json.code, 1);
    assert!(json.out.contains(r#""outcome":"deadline""#), "{}", json.out);
    let waiting = json
        .out
        .lines()
        .find(|line| line.contains(r#""error":"deadline""#) && line.contains(r#""side":"server""#))
        .expect("an event that ran into the deadline");
    assert!(waiting.contains(r#""until":{"queued":10}"#), "{waiting}");
    // A read that nothing comes to ends as well.
    let json = around(
        "{ \"send\": \"x\" }, { \"await\": { \"signal\": \"go\" } }",
        "{ \"recv_exact\": 2 }, { \"signal\": \"go\" }",
    )
    .replace("\"one\",", "\"one\", \"deadline\": \"200ms\",");
    let reading = run(&["run", &lab_file("deadline-read", &json), "--json"]);
    assert_eq!(reading.code, 1);
    let waiting: Vec<&str> = reading
        .out
        .lines()
        .filter(|line| line.contains(r#""error":"deadline""#))
        .collect();
    assert!(
        waiting
            .iter()
            .any(|line| line.contains(r#""op":"recv","asked":1"#)),
        "{waiting:?}"
    );
}

#[test]
fn a_claim_that_does_not_come_true_is_said_plainly() {
    let json = around("{ \"send\": \"hello\" }", "{ \"recv\": 10 }").replace(
        "\"name\": \"one\",",
        "\"name\": \"one\", \"expect\": { \"writes\": 1, \"recvs\": [\"bye\"] },",
    );
    let path = lab_file("claim", &json);
    let Done { code, out, err } = run(&["run", &path]);
    assert_eq!((code, err.as_str()), (1, ""), "{out}");
    assert!(out.contains("bye"), "what was claimed: {out}");
    let json = run(&["run", &path, "--json"]);
    assert_eq!(json.code, 1);
    assert!(json.out.contains(r#""outcome":"differs""#), "{}", json.out);
    assert!(
        json.out
            .contains(r#""differences":[{"claim":"recvs","verdict":"differs","expected":["627965"],"got":["68656c6c6f"]}]"#),
        "{}",
        json.out
    );
    // The same lab with a true claim is as expected: the claim was the reason.
    let fixed = fs::read_to_string(&path)
        .expect("just written")
        .replace("bye", "hello");
    fs::write(&path, fixed).expect("written");
    assert_eq!(run(&["run", &path]).code, 0);
}

#[test]
fn a_lab_from_outside_needs_no_text_and_takes_what_there_is() {
    let json = around("{ \"send\": \"hello\" }", "{ \"recv\": 10 }");
    let path = lab_file("outside", &json);
    let dir = Path::new(&path).parent().expect("a directory");
    for target in [path.as_str(), string(dir)] {
        for lang in ["en", "zh"] {
            for form in [&[][..], &["--plain"], &["--json"]] {
                let args = [&["run", target, "--lang", lang][..], form].concat();
                let Done { code, out, err } = run(&args);
                assert_eq!((code, err.as_str()), (0, ""), "{args:?}: {out}");
                assert!(out.lines().next().is_some_and(|l| l.contains("outside")));
            }
        }
    }
    fs::write(
        dir.join("zh.md"),
        "# 我的实验\n\n哪里断开？\n\n## 各次运行\n- one：只有一次。\n\n## 为什么\n因为没有边界。\n",
    )
    .expect("written");
    // With Chinese words only, somebody who asks for English gets those: better than none.
    for lang in ["en", "zh"] {
        let Done { code, out, .. } = run(&["run", &path, "--full", "--lang", lang]);
        assert_eq!(code, 0);
        for word in ["我的实验", "哪里断开？", "只有一次。", "因为没有边界。"]
        {
            assert!(out.contains(word), "{lang}: no {word} in {out}");
        }
    }
}

#[test]
fn a_trace_that_is_none_is_refused() {
    let dir = directory("traces");
    let trace = |name: &str, text: &str| {
        let path = dir.join(name);
        fs::write(&path, text).expect("written");
        path
    };
    let lab = run(&["3", "--run", "leftover", "--json"]).out;
    assert!(lab.contains("\"schema\":1,"), "{lab}");
    for (name, text, words) in [
        (
            "garbage",
            "hello\nworld\n",
            &["line 1", "not a line of a trace"][..],
        ),
        ("empty", "", &["not a trace"]),
        ("blank", "\n\n", &["not a trace"]),
        (
            "newer",
            &lab.replacen("\"schema\":1,", "\"schema\":2,", 1),
            &["line 1", "schema 2", "reads schema 1"],
        ),
        (
            "headless",
            &lab.lines().skip(1).collect::<Vec<_>>().join("\n"),
            &["line 1", "before any `lab` line"],
        ),
        (
            "torn",
            &lab[..lab.trim_end().len() - 20],
            &[
                &format!("line {}", lab.lines().count()),
                "not a line of a trace",
            ],
        ),
        (
            "stray-event",
            &lab.replace(
                "\"type\":\"event\",\"run\":\"leftover\"",
                "\"type\":\"event\",\"run\":\"other\"",
            ),
            &["line 3", "an event outside its run"],
        ),
        (
            "unknown-type",
            &format!("{lab}{{\"type\":\"\\u001b[2J\"}}\n"),
            &["unknown type"],
        ),
        (
            "too-many-bytes",
            &lab.replacen("\"returned\":8,", "\"returned\":800,", 1),
            &["contradicts itself", "returned 800 bytes", "has 8 of them"],
        ),
        (
            "hostile-op",
            &lab.replacen("\"op\":\"bind\"", "\"op\":\"\\u001b[2J\"", 1),
            &["line 3"],
        ),
    ] {
        refused(&["replay", string(&trace(name, text))], words);
    }
    refused(
        &["replay", string(&dir.join("none"))],
        &["none", "cannot be read"],
    );
    refused(&["replay", string(&dir)], &["traces"]);
    let good = trace("good", &lab);
    refused(
        &["replay", string(&good), "--run", "big-buffer"],
        &["has no run `big-buffer`", "its runs are leftover"],
    );
    let binary = dir.join("binary");
    fs::write(&binary, b"\xff\xfe\0").expect("written");
    refused(&["replay", string(&binary)], &["line 1", "UTF-16"]);
}

/// Spawns a run that waits for ever, presses Ctrl-C, and returns what it said.
#[cfg(unix)]
fn interrupt(path: &str, form: &[&str], after: Duration) -> Done {
    let mut child = running(&[&["run", path], form].concat())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    // The opening is printed when all is ready for Ctrl-C and the run is about to begin.
    let mut out = BufReader::new(child.stdout.take().expect("piped"));
    let mut text = String::new();
    out.read_line(&mut text).expect("the opening");
    std::thread::sleep(after);
    crate::shell::signal(child.id(), "INT");
    out.read_to_string(&mut text).expect("the rest");
    let rest = child.wait_with_output().expect("it ends");
    Done {
        out: text,
        ..Done::of(rest)
    }
}

#[cfg(unix)]
#[test]
fn ctrl_c_tells_what_was_seen_so_far() {
    // The client stays until the server has read more than was sent.
    let json = around(
        "{ \"send\": \"hello\" }, { \"await\": { \"signal\": \"go\" } }",
        "{ \"recv\": 5 }, { \"recv\": 5 }, { \"signal\": \"go\" }",
    )
    .replace("\"one\",", "\"one\", \"deadline\": \"1h\",");
    let path = lab_file("interrupt", &json);
    for (form, seen_then, said) in [
        (&[][..], ["recv(5) = 5", "Ctrl-C"], "Interrupted: "),
        (&["--plain"], ["recv(5) = 5", "Ctrl-C"], "Interrupted: "),
        (
            &["--json"],
            [r#""returned":5"#, r#""error":"interrupted""#],
            r#""outcome":"interrupted""#,
        ),
    ] {
        // How long the run takes to come to its endless wait nobody knows, so the key is pressed
        // later and later. Each time it has to end well; once it has to show the first read, and
        // the call that was under way.
        let mut seen = false;
        for round in 0..12 {
            let Done { code, out, err } = interrupt(&path, form, Duration::from_millis(1 << round));
            assert_eq!((code, err.as_str()), (130, ""), "{form:?}: {out}");
            assert!(out.contains(said), "{form:?}: {out}");
            if seen_then.iter().all(|words| out.contains(words)) {
                seen = true;
                break;
            }
        }
        assert!(seen, "{form:?}: not one time was the first read shown");
    }
}

#[test]
fn what_goes_wrong_is_said_in_the_language_of_the_results() {
    for (args, words) in [
        (&["99"][..], ["没有实验 `99`", "`lab list`"]),
        (&["lern"], ["是不是想说", "lab learn"]),
        (&["3:leftover"], ["是不是想说", "lab 3 --run leftover"]),
        (&["3", "--run", "leftovr"], ["没有 `leftovr`", "`leftover`"]),
        (&["3", "--step"], ["没有终端", "--step"]),
        (&["3", "--predict"], ["没有终端", "--answer"]),
        (&["learn"], ["没有终端", "--status"]),
        (&["myths", "999"], ["没有第 999 条", "lab myths"]),
        (&["explain", "xyzzy"], ["xyzzy", "lab explain"]),
        (&["replay", "no-such.json"], ["no-such.json", "读不了"]),
    ] {
        let english = done(&mut lab(args));
        let by_locale = done(lab(args).env("LC_ALL", "zh_CN.UTF-8"));
        let by_flag = done(&mut lab(&[args, &["--lang", "zh"]].concat()));
        assert_eq!((by_locale.code, english.code), (2, 2), "{args:?}");
        assert_eq!(by_locale.err, by_flag.err, "{args:?}");
        for word in words {
            assert!(by_locale.err.contains(word), "{args:?}: {}", by_locale.err);
        }
        assert!(english.err.is_ascii(), "{args:?}: {}", english.err);
    }
}

#[test]
fn question_marks_are_explained_where_nobody_asked_for_ascii() {
    let said = |args: &[&str], locale: &str| {
        let done = done(lab(args).env("LC_ALL", locale));
        assert_eq!(done.code, 0, "{args:?}");
        done.err
    };
    for args in [&["14"][..], &["14", "--plain"], &["14", "--lang", "en"]] {
        assert!(said(args, "C").contains("LC_ALL=C.UTF-8"), "{args:?}");
        assert_eq!(said(args, "C.UTF-8"), "", "{args:?}");
    }
    for args in [
        &["14", "--ascii"][..],
        &["14", "--json"],
        &["14", "--lang", "zh"],
    ] {
        assert_eq!(said(args, "C"), "", "{args:?}");
    }
}
