//! A trace that is read back shows what the live run showed, to the letter, in every form.

use std::fs;
use std::path::{Path, PathBuf};

use crate::shell::{Done, done, lab};
use assert_cmd::Command;
use serde_json::Value;
use sticky_lab::event::{Trace, WireDetail};
use sticky_lab::lab;
use sticky_lab::lang::Lang;
use sticky_lab::render::{self, Colour, Detail, Form, View};
use sticky_lab::report;
use sticky_lab::run::Kernel;
use sticky_lab::trace;

/// All that the program prints of a lab: the picture, or the plain form.
fn draw(trace: &Trace, view: &View, plain: bool) -> String {
    let view = &if plain {
        crate::view::plain(view)
    } else {
        *view
    };
    let mut out = render::opening(&trace.lab, view).finish();
    for run in &trace.runs {
        let report = report::build(run, view.has_evidence);
        out += &render::run(&trace.lab, run, &report, view).finish();
    }
    out + &render::closing(&trace.lab, view).finish()
}

/// All that the program writes of a lab with `--json`.
fn json(trace: &Trace, asked: bool) -> String {
    let names: Vec<&str> = trace.runs.iter().map(|r| r.name.as_str()).collect();
    let mut out = render::json::opening(&trace.lab, &names, Lang::En);
    for run in &trace.runs {
        out += &render::json::run(run, &report::build(run, asked));
    }
    out
}

/// Equal to the letter; if not, only the first line that differs is shown.
#[track_caller]
fn same(first: &str, second: &str, what: &str) {
    let (mut a, mut b) = (first.split('\n'), second.split('\n'));
    let mut line = 1;
    loop {
        match (a.next(), b.next()) {
            (None, None) => return,
            (x, y) => assert_eq!(x, y, "{what}, line {line}"),
        }
        line += 1;
    }
}

/// Each language narrow and wide, each with colour and without.
fn views(asked: bool) -> Vec<View> {
    let looks = [
        (Lang::En, 60, Colour::None),
        (Lang::Zh, 80, Colour::True),
        (Lang::En, 120, Colour::True),
        (Lang::Zh, 200, Colour::None),
    ];
    let view = |(lang, width, colour)| View {
        form: Form::Picture,
        lang,
        colour,
        ascii: false,
        width,
        has_evidence: asked,
        wire: WireDetail::Data,
        detail: Detail::Full,
        hex: false,
    };
    looks.map(view).into()
}

#[test]
fn every_lab_comes_back_from_its_json_to_the_letter() {
    comes_back(Kernel::Asked);
}

#[test]
fn so_does_every_lab_of_a_system_whose_kernel_says_nothing() {
    comes_back(Kernel::Silent);
}

fn comes_back(kernel: Kernel) {
    // The colour crate looks at standard output unless it is told.
    colored::control::set_override(true);
    for live in crate::live::catalogue(kernel) {
        let slug = &live.lab.slug;
        let asked = !live.lab.evidence.is_empty();
        let lines = json(live, asked);
        let back = trace::read(lines.as_bytes()).expect("its own lines read back");
        let [back] = &back[..] else {
            panic!("{} traces of one lab", back.len())
        };
        assert_eq!(back, live, "{slug}");
        for (run, again) in live.runs.iter().zip(&back.runs) {
            assert_eq!(report::build(run, asked), report::build(again, asked));
        }
        for view in views(asked) {
            for plain in [false, true] {
                let (first, second) = (draw(live, &view, plain), draw(back, &view, plain));
                assert!(first.lines().count() > 10, "{slug}: {first}");
                same(&first, &second, &format!("{slug} {view:?}"));
            }
        }
        same(&json(back, asked), &lines, slug);
        assert_eq!(&reread(&lines, &NEW_KEYS), live, "{slug}");
        let alone = reread(&lines, &["script"]);
        for plain in [false, true] {
            let view = &views(asked)[0];
            let (first, second) = (draw(live, view, plain), draw(&alone, view, plain));
            same(&first, &second, &format!("{slug} without its scripts"));
        }
    }
}

/// What a run said of itself only in its script once.
const NEW_KEYS: [&str; 5] = ["client", "server", "clients", "wire", "claims"];

/// The trace without these keys of its runs, read back.
fn reread(lines: &str, without: &[&str]) -> Trace {
    let mut kept = String::new();
    for line in lines.lines() {
        let mut line: Value = serde_json::from_str(line).expect("JSON");
        if line["type"] == "run" {
            let fields = line.as_object_mut().expect("an object");
            fields.retain(|key, _| !without.contains(&key.as_str()));
        }
        kept.push_str(&line.to_string());
        kept.push('\n');
    }
    let mut traces = trace::read(kept.as_bytes()).expect("it reads back");
    assert_eq!(traces.len(), 1);
    traces.remove(0)
}

/// What a command prints, and its exit code.
#[track_caller]
fn coded(command: &mut Command) -> (i32, String) {
    let Done { code, out, err } = done(command);
    // Lab 2 races the kernel's timers: on a machine that starves it, it can come out otherwise
    // (see tests/stress.rs), and then has to be replayed as such.
    assert!(code <= 1 && err.is_empty(), "{command:?}: {code} {err}");
    (code, out)
}

#[track_caller]
fn output(command: &mut Command) -> String {
    coded(command).1
}

fn saved(name: &str, text: &str) -> PathBuf {
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("replay");
    fs::create_dir_all(&dir).expect("a directory in target/tmp");
    let path = dir.join(name);
    fs::write(&path, text).expect("written");
    path
}

#[test]
fn the_program_replays_from_a_file_and_from_standard_input() {
    for number in ["1", "2", "3", "4", "5", "6"] {
        let (code, lines) = coded(&mut lab(&[number, "--json"]));
        let file = saved(&format!("lab-{number}.json"), &lines);
        let path = file.to_str().expect("target/ has a UTF-8 path");
        let trace = trace::read(lines.as_bytes()).expect("its own lines read back");
        let asked = !trace[0].lab.evidence.is_empty();
        for (lang, code) in [(Lang::En, "en"), (Lang::Zh, "zh")] {
            for width in [60, 80, 200] {
                let columns = width.to_string();
                let look = ["--full", "--lang", code, "--width", &columns];
                let from_file = output(lab(&["replay", path]).args(look));
                let from_stdin = output(
                    lab(&["replay", "-"])
                        .args(look)
                        .pipe_stdin(&file)
                        .expect("just written"),
                );
                same(&from_file, &from_stdin, "a file and standard input");
                // The test above holds a live picture to the letter against one from its trace;
                // so this one is what the run that wrote the lines would have drawn.
                let view = View {
                    form: Form::Picture,
                    lang,
                    colour: Colour::None,
                    ascii: false,
                    width,
                    has_evidence: asked,
                    wire: WireDetail::Data,
                    detail: Detail::Full,
                    hex: false,
                };
                same(&from_file, &draw(&trace[0], &view, false), number);
            }
        }
        let (again_code, again) = coded(&mut lab(&["replay", path, "--json"]));
        assert_eq!(again_code, code, "lab {number}");
        same(&again, &lines, "lab --json | lab replay - --json");
    }
}

#[test]
fn the_colours_of_a_replay_are_those_of_a_live_run() {
    let lines = output(&mut lab(&["3", "--json"]));
    let path = saved("colours.json", &lines);
    let path = path.to_str().expect("target/ has a UTF-8 path");
    let trace = trace::read(lines.as_bytes()).expect("its own lines read back");
    colored::control::set_override(true);
    let view = View {
        form: Form::Picture,
        lang: Lang::En,
        colour: Colour::Sixteen,
        ascii: false,
        width: 80,
        has_evidence: !trace[0].lab.evidence.is_empty(),
        wire: WireDetail::Data,
        detail: Detail::Full,
        hex: false,
    };
    let sixteen = output(&mut lab(&["replay", path, "--full", "--color", "always"]));
    same(&sixteen, &draw(&trace[0], &view, false), "sixteen colours");
    // The colour crate draws true colour only in a process whose own COLORTERM says so, so for
    // that the program is held against itself.
    let truly = |args: &[&str]| output(lab(args).env("COLORTERM", "truecolor"));
    let coloured = truly(&["replay", path, "--full", "--color", "always"]);
    let live = truly(&["3", "--full", "--color", "always"]);
    let codes = |text: &str| -> std::collections::BTreeSet<String> {
        text.split('\u{1b}')
            .skip(1)
            .filter_map(|rest| Some(rest.split_once('m')?.0.to_string()))
            .collect()
    };
    assert_eq!(codes(&coloured), codes(&live));
    assert!(codes(&live).len() > 3, "{:?}", codes(&live));
}

#[test]
fn one_run_can_be_picked_and_several_labs_follow_one_another() {
    let three = output(&mut lab(&["3", "--json"]));
    let path = saved("pick.json", &three);
    let path = path.to_str().expect("target/ has a UTF-8 path");
    let picked = output(&mut lab(&["replay", path, "--run", "big-buffer", "--json"]));
    let trace = trace::read(picked.as_bytes()).expect("its own lines read back");
    assert_eq!(trace[0].runs.len(), 1);
    assert_eq!(trace[0].runs[0].name, "big-buffer");

    let four = output(&mut lab(&["4", "--json"]));
    let both = saved("both.json", &(three.clone() + &four));
    let both = both.to_str().expect("target/ has a UTF-8 path");
    assert_eq!(
        output(&mut lab(&["replay", both, "--json"])),
        three + &four,
        "two traces in one file"
    );
    assert_eq!(
        output(&mut lab(&["replay", both, "--run", "big-buffer", "--json"])),
        picked,
        "a lab that has no run of this name is passed over"
    );
    let all = output(&mut lab(&["all", "--json"]));
    let traces = trace::read(all.as_bytes()).expect("its own lines read back");
    let labs = lab::catalogue().expect("the catalogue reads");
    assert_eq!(traces.len(), labs.len());
    for (trace, lab) in traces.iter().zip(labs) {
        assert_eq!(trace.lab.lab, lab.number);
        let runs = trace.runs.iter().map(|run| &run.name);
        assert!(runs.eq(lab.file.runs.iter().map(|run| &run.name)));
    }
}

#[test]
fn a_run_that_differs_replays_with_the_same_exit_code() {
    let lines = output(&mut lab(&["3", "--run", "leftover", "--json"]));
    let false_claim = lines.replacen(
        "\"recvs\":[\"he\",\"lloworld\"]",
        "\"recvs\":[\"he\",\"llo\"]",
        1,
    );
    assert_ne!(false_claim, lines);
    let path = saved("differs.json", &false_claim);
    let replayed = done(lab(&["replay"]).arg(path));
    assert_eq!(replayed.code, 1);
}

#[test]
fn a_trace_that_lost_its_end_is_not_taken_for_a_whole_one() {
    let lines = output(&mut lab(&["3", "--run", "leftover", "--json"]));
    let events = lines.lines().count() - 1;
    let cut: Vec<&str> = lines.lines().take(events).collect();
    let path = saved("cut.json", &cut.join("\n"));
    let replayed = done(lab(&["replay"]).arg(path));
    let Done { code, err, .. } = replayed;
    assert_eq!(code, 2);
    assert!(
        err.contains(&format!("{events}: "))
            && err.contains("ends in the middle of run `leftover`"),
        "{err}"
    );
}
