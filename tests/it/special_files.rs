//! What is no file, though it has a name: nothing hangs at it, and no memory fills.

use std::fs::{self, File};
use std::path::Path;
use std::process::Command;

use crate::shell::{self, Done, desk, done};

const LAB: &str = r#"{ "runs": [ { "name": "one", "client": [], "server": [] } ] }"#;

fn pipe(path: &Path) {
    let made = Command::new("mkfifo").arg(path).status();
    assert!(made.expect("mkfifo(1) is there").success());
}

/// The program refuses it, and says these words.
#[track_caller]
fn refused(args: &[&str], words: &[&str]) {
    let Done { code, out, err } = done(&mut shell::lab(args));
    assert_eq!((code, &*out), (2, ""), "{args:?}: {err}");
    for word in words {
        assert!(err.contains(word), "{args:?}: {err}");
    }
}

#[test]
fn what_is_no_file_is_refused_by_name() {
    let dir = desk("special");
    let fifo = dir.join("pipe");
    pipe(&fifo);
    let fifo = fifo.to_str().expect("UTF-8");
    let nested = dir.join("nested/lab.json");
    fs::create_dir_all(&nested).expect("a directory");
    let nested = nested.parent().and_then(Path::to_str).expect("UTF-8");
    let kinds = [
        (fifo, "a pipe, not a file"),
        ("/dev/zero", "a device, not a file"),
        ("/dev/tty", "a device, not a file"),
    ];
    for (path, what) in kinds {
        let help = "a lab is a directory with a lab.json in it";
        refused(&["run", path], &[path, what, help]);
        refused(&["lint", path], &[path, what, help]);
        refused(&["code", path], &[path, what, help]);
        refused(&["compare", "3", path], &[path, what, help]);
        refused(&["replay", path], &[path, what, "- is standard input"]);
    }
    refused(&["run", nested], &["lab.json", "a directory, not a file"]);
    refused(&["replay", nested], &["a directory, not a file"]);
    refused(&["replay", nested, "--lang", "zh"], &["- 表示标准输入"]);
}

/// Whether packets may be captured here or not.
#[test]
fn packets_are_written_over_nothing() {
    let dir = desk("special/pcap");
    let fifo = dir.join("pipe");
    pipe(&fifo);
    for path in [fifo.to_str().expect("UTF-8"), "/dev/null"] {
        let Done { code, err, .. } = done(&mut shell::lab(&["3", "--pcap", path]));
        let refused = code == 2 && err.contains("is there already");
        assert!(
            refused || err.contains("no packet can be captured"),
            "{err}"
        );
    }
}

#[test]
fn a_text_that_is_no_file_is_refused_too() {
    for name in ["en.md", "zh.md"] {
        let dir = desk(&format!("special/{name}"));
        fs::write(dir.join("lab.json"), LAB).expect("a lab");
        pipe(&dir.join(name));
        let dir = dir.to_str().expect("UTF-8");
        refused(&["run", dir], &[name, "a pipe, not a file"]);
        refused(&["lint", dir], &[name, "a pipe, not a file"]);
    }
}

/// Reading it as root waits for the kernel's next message, and takes that from whoever should see it.
#[cfg(target_os = "linux")]
#[test]
fn what_only_looks_like_a_file_is_not_waited_for() {
    for path in ["/proc/kmsg", "/proc/self/mem"] {
        if File::open(path).is_ok() {
            refused(&["run", path], &[path, "1:1", "the text ends"]);
            refused(&["replay", path], &[path, "this is not a trace"]);
        }
    }
}

#[test]
fn a_line_without_an_end_is_not_read_to_its_end() {
    let mut lab = shell::running(&["replay", "-"]);
    lab.stdin(File::open("/dev/zero").expect("it is there"));
    let Done { code, err, .. } = Done::of(lab.output().expect("it ends"));
    assert_eq!(code, 2);
    assert!(err.contains("line 1: longer than 268435456 bytes"), "{err}");
}

#[test]
fn no_size_is_too_large_to_be_refused() {
    let dir = desk("special/huge");
    let huge = dir.join("lab.json");
    let file = File::create(&huge).expect("a file");
    file.set_len(1 << 40).expect("a hole");
    let huge = huge.to_str().expect("UTF-8");
    refused(&["run", huge], &["larger than 4194304 bytes"]);
    refused(&["replay", huge], &["line 1: longer than 268435456 bytes"]);
}

/// A mark in front that says UTF-8, as Notepad and PowerShell write it, is nothing of the text.
#[test]
fn a_mark_in_front_is_read_over_everywhere() {
    let dir = desk("special/mark");
    let marked = |name: &str, text: &str| {
        fs::write(dir.join(name), format!("\u{feff}{text}")).expect("a file");
    };
    marked("lab.json", LAB);
    marked("en.md", "# Title\n\nQ?\n\n## Runs\n- one: x\n");
    let path = dir.to_str().expect("UTF-8");
    let Done { out, .. } = done(&mut shell::lab(&["run", path]));
    assert!(out.contains("Title"), "{out}");
    let trace = done(&mut shell::lab(&["run", path, "--json"])).out;
    marked("trace.json", &trace);
    let trace = dir.join("trace.json");
    let again = done(&mut shell::lab(&["replay", trace.to_str().expect("UTF-8")]));
    assert!(again.out.contains("Title"), "{}", again.err);
    marked("lab.json", "{\n \"runs\": 5 }");
    refused(&["run", path], &["lab.json:2:10: here stands"]);
}

#[test]
fn what_is_no_utf_8_has_a_place() {
    let dir = desk("special/bytes");
    let path = dir.to_str().expect("UTF-8");
    let write = |name: &str, bytes: &[u8]| fs::write(dir.join(name), bytes).expect("a file");
    write("lab.json", b"{\n  \"runs\": \"\xe9\" }");
    let latin = "lab.json:2:12: the byte e9 here is no UTF-8; save the text as UTF-8";
    refused(&["run", path], &[latin]);
    write("lab.json", b"\xff\xfe{\0}\0");
    refused(
        &["run", path],
        &["lab.json:1:1: this is UTF-16", "save it as UTF-8"],
    );
    write("lab.json", LAB.as_bytes());
    write("zh.md", b"# \xd6\xd0\n");
    refused(&["run", path], &["zh.md:1:3: the byte d6"]);
    refused(&["lint", path], &["zh.md:1:3: the byte d6"]);
    write("t.json", b"\n{\"type\": \"\xd6\"}\n");
    let trace = dir.join("t.json");
    let trace = trace.to_str().expect("UTF-8");
    refused(&["replay", trace], &["line 2, column 11: the byte d6"]);
    write("t.json", b"\xff\xfe{\0}\0\n\0");
    refused(&["replay", trace], &["line 1, column 1: this is UTF-16"]);
}

/// Half of a pair is no character, whether it is written as an escape or as bytes.
#[test]
fn half_a_character_has_a_place() {
    let dir = desk("special/half");
    let path = dir.to_str().expect("UTF-8");
    let file = dir.join("t.json");
    let trace = file.to_str().expect("UTF-8");
    let missing = "is half of a character, and its other half is missing";
    for (half, what) in [
        (
            &br"\ud83d"[..],
            format!("`\\ud83d` {missing}; write the character itself"),
        ),
        (br"\ud83d\u0041", format!("`\\ud83d` {missing}")),
        (br"\udc00", format!("`\\udc00` {missing}")),
        (b"\xed\xa0\x80", "the byte ed here is no UTF-8".into()),
    ] {
        let text = [&b"{\n  \"runs\": \""[..], half, b"\" }"].concat();
        fs::write(dir.join("lab.json"), text).expect("a file");
        refused(&["run", path], &[&format!("lab.json:2:12: {what}")]);
        let line = [&b"{\"type\": \""[..], half, b"\" }"].concat();
        fs::write(&file, line).expect("a file");
        refused(&["replay", trace], &["line 1, column 11: ", &what]);
    }
}
