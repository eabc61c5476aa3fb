//! The picture in the README is what the program draws of a recorded run, and no older.

use std::path::Path;

use crate::shell::{self, done};
use anstyle_svg::{Term, VGA};
use sticky_lab::lab::file::Run;
use sticky_lab::{lab, scenario, trace};

const TRACE: &str = "docs/lab-3.jsonl";
const PICTURE: &str = "docs/lab-3.svg";
const STALE: &str = "run scripts/picture, look at docs/lab-3.svg and commit both files";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// What a terminal with all colours shows of the recorded lab: the first screen.
fn drawn() -> String {
    let mut lab = shell::lab(&["replay", TRACE, "--color", "always"]);
    lab.args(["--width", "80", "--lang", "en"])
        .env("COLORTERM", "truecolor");
    done(lab.current_dir(root())).well()
}

#[test]
fn the_picture_is_what_the_program_draws() {
    // Red and green that are readable on dark, as terminals have them nowadays.
    let mut palette = VGA;
    palette.0[1] = (0xff, 0x7b, 0x72).into();
    palette.0[2] = (0x7e, 0xe7, 0x87).into();
    let picture = Term::new()
        .palette(palette)
        .fg_color((0xd8, 0xde, 0xe9).into())
        .bg_color((0x1b, 0x1f, 0x27).into())
        // Not all fonts are equally wide; the widest line must not be cut off in any.
        .min_width_px(880)
        // anstyle-svg understands one colour in an escape sequence, terminals any number.
        .render_svg(&drawn().replace(";38;2;", "m\u{1b}[38;2;"));
    if std::env::var_os("UPDATE_PICTURE").is_some() {
        std::fs::write(root().join(PICTURE), &picture).expect("docs can be written");
    }
    assert!(read(PICTURE) == picture, "{PICTURE} is stale: {STALE}");
}

#[test]
fn the_recorded_lab_is_the_one_in_the_catalogue() {
    let traces = trace::read(read(TRACE).as_bytes()).expect("a trace");
    let lab = lab::find("3").expect("lab 3");
    assert_eq!(traces.len(), 1);
    assert_eq!(
        traces[0].lab.texts, lab.texts,
        "{TRACE} has old texts: {STALE}"
    );
    for (i, run) in traces[0].runs.iter().enumerate() {
        let now = scenario::resolve(&lab.file, i).expect("a run").script;
        assert_eq!(Run::of(run), Some(now), "{TRACE} has an old run: {STALE}");
    }
    assert_eq!(traces[0].runs.len(), lab.file.runs.len(), "{STALE}");
}
