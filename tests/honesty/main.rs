//! The check of the program's honesty, in networks of its own, where each packet is seen: what it says
//! with a capture and without one is held against what really happened. Where it does not decide,
//! `undetermined` is right; whatever is refuted is a failure.
//!
//! * The catalogue: what the kernel alone says against what the capture alone proves.
//! * Random labs, and those of them of which something wrong was said once (`found/`): all that is
//!   said against a model that shares no code with the report (`model.rs`), under several ways of
//!   congestion control, with packets lost, on a slow line, and on busy cores.
//!
//! Not part of plain `cargo test`: `cargo test --test honesty`. Environment: `HONESTY_TIMES` (20) and
//! `HONESTY_LAB` (all) for the catalogue; `HONESTY_SCENARIOS` (150) in all, from `HONESTY_SEED` (1)
//! on, and `HONESTY_IN` for a single set of conditions, such as `cubic-calm-busy`.
//!
//! It has a `main` of its own because a process can move into another network only before it has a
//! second thread; each set of conditions is a process.

mod again;
mod catalogue;
mod datagrams;
mod environment;
mod generate;
mod hold;
mod model;
mod packets;
mod random;
mod tally;
mod waits;
mod whole;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::sync::Arc;

use environment::{Environment, Weather};
use packets::Frame;
use serde::Deserialize;
use serde_json::Value;
use sticky_lab::event::{LabInfo, Mtu, RunTrace, Texts};
use sticky_lab::lab::file::Lab;
use sticky_lab::lang::Lang;
use sticky_lab::render::json;
use sticky_lab::report;
use sticky_lab::run::{Keep, Kernel, Load, Runner, Wire};
use sticky_lab::scenario;
use tally::Sheet;

/// What the processes of the sets of conditions are told by.
const CHILD: &str = "HONESTY_CHILD";

/// A lab of which something wrong was said once.
#[derive(Deserialize)]
struct Found {
    /// What was said, and what is right: told again if it fails again.
    wrong: String,
    /// The conditions under which it came out.
    #[serde(rename = "in")]
    conditions: String,
    times: u32,
    lab: Value,
}

/// How many sets of conditions are tried at once.
const AT_ONCE: usize = 4;

/// The largest packet that is kept whole, and that a slow line takes.
const KEPT: Mtu = Mtu(9000);

fn setting(name: &str) -> Option<u32> {
    let value = std::env::var(name).ok()?;
    Some(
        value
            .parse()
            .unwrap_or_else(|_| panic!("{name} is not a number: {value}")),
    )
}

fn main() -> ExitCode {
    if let Ok(conditions) = std::env::var(CHILD) {
        return match random(&conditions.parse().expect("an environment")) {
            Ok(sheet) => {
                println!(
                    "{}",
                    serde_json::to_string(&sheet).expect("a sheet is JSON")
                );
                ExitCode::SUCCESS
            }
            Err(why) => {
                println!("{why}");
                ExitCode::FAILURE
            }
        };
    }
    let random = all_conditions();
    let catalogue = setting("HONESTY_TIMES") == Some(0) || catalogue::check();
    if random && catalogue {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// Under which conditions random labs are run.
fn conditions() -> Vec<Environment> {
    if let Ok(only) = std::env::var("HONESTY_IN") {
        return vec![only.parse().expect("an environment")];
    }
    if !environment::may_choose() {
        println!("congestion control as the system has it, and calm: only root can choose others");
        let of = |busy| Environment {
            congestion: "default".into(),
            weather: Weather::Calm,
            busy,
        };
        return vec![of(false), of(true)];
    }
    let available = environment::available();
    let mut all = Vec::new();
    for congestion in ["cubic", "reno", "bbr"] {
        if !available.iter().any(|name| name == congestion) {
            println!("congestion control {congestion}: this kernel does not have it");
            continue;
        }
        for (weather, busy) in [
            (Weather::Calm, false),
            (Weather::Rain, false),
            (Weather::Slow, false),
            (Weather::Calm, true),
        ] {
            all.push(Environment {
                congestion: congestion.into(),
                weather,
                busy,
            });
        }
    }
    all.sort_by_key(|environment| environment.busy);
    all
}

/// Runs random labs under each set of conditions and prints how they fared. Says whether all held.
fn all_conditions() -> bool {
    let scenarios = setting("HONESTY_SCENARIOS").unwrap_or(150);
    if scenarios == 0 {
        return true;
    }
    let conditions = conditions();
    let each = scenarios.div_ceil(u32::try_from(conditions.len()).expect("a few"));
    let first = setting("HONESTY_SEED").unwrap_or(1);
    let seeds = (0..).map(|i| first + i * each);
    let mut all = Sheet::default();
    let mut held = true;
    let parts: Vec<_> = conditions.iter().zip(seeds).collect();
    // Most of the time they wait; those that are to be busy are so by themselves.
    let alike = parts.chunk_by(|a, b| !a.0.busy && !b.0.busy);
    for at_once in alike.flat_map(|alike| alike.chunks(AT_ONCE)) {
        let begin = |(environment, from): &(&Environment, u32)| {
            let myself = std::env::current_exe().expect("a test is a program");
            let child = Command::new(myself)
                .env(CHILD, environment.to_string())
                .env("HONESTY_SEED", from.to_string())
                .env("HONESTY_SCENARIOS", each.to_string())
                .stdout(Stdio::piped())
                .stderr(Stdio::piped())
                .spawn();
            child.expect("a test can be started again")
        };
        let children: Vec<_> = at_once.iter().map(begin).collect();
        for ((environment, _), child) in at_once.iter().zip(children) {
            let output = child.wait_with_output().expect("a child of ours");
            let said = String::from_utf8_lossy(&output.stdout);
            let last = said.lines().last().unwrap_or_default();
            if let Ok(sheet) = serde_json::from_str::<Sheet>(last) {
                let (runs, wrong) = (sheet.runs, sheet.all_wrong());
                println!("{environment}: {runs} runs, {wrong} wrong");
                all.add(sheet);
            } else {
                let error = String::from_utf8_lossy(&output.stderr);
                println!("{environment}: not run: {last}{error}");
                held = false;
            }
        }
    }
    print!("{} runs of random labs\n{}", all.runs, all.table());
    for wrong in &all.wrong {
        println!("WRONG {wrong}");
    }
    held && all.runs > 0 && all.all_wrong() == 0
}

/// The labs of which something wrong was said once, under these conditions.
fn found(environment: &Environment) -> Vec<(String, Found)> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/honesty/found");
    let mut files: Vec<PathBuf> = fs::read_dir(directory)
        .expect("the directory is in the repository")
        .map(|entry| entry.expect("a file").path())
        .filter(|path| path.extension().is_some_and(|it| it == "json"))
        .collect();
    files.sort();
    let read = |path: &PathBuf| {
        let text = fs::read_to_string(path).expect("a file that can be read");
        let found: Found = serde_json::from_str(&text).expect("a file as found/README.md says");
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        (name.into_owned(), found)
    };
    let fits = |found: &Found| {
        let wanted: Environment = found.conditions.parse().expect("conditions");
        let is_only_choice = environment.congestion == "default" && !environment.busy;
        wanted == *environment || is_only_choice
    };
    let all = files.iter().map(read);
    all.filter(|(_, found)| fits(found)).collect()
}

/// Runs random labs under one set of conditions, those found wrong before first.
fn random(environment: &Environment) -> Result<Sheet, String> {
    let wire = Wire::open(None, KEPT, Keep::All).map_err(|why| why.to_string())?;
    if !wire.is_private() {
        return Err("no network of its own".into());
    }
    environment.enter()?;
    let load = environment.busy.then(|| {
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        Load::of(cores).expect("threads")
    });
    let mut runner = Runner::new(Kernel::Asked, Arc::default());
    runner.watch(Arc::new(wire), true);
    let mut sheet = Sheet::default();
    let mut run = |lab: &Value, name: &str| {
        let file: Lab = serde_json::from_value(lab.clone())
            .unwrap_or_else(|error| panic!("{name}: {error}\n{lab:#}"));
        let mut plan = scenario::resolve(&file, 0)
            .unwrap_or_else(|wrong| panic!("{name}: {}\n{lab:#}", wrong.what));
        if environment.weather == Weather::Slow {
            plan.mtu = plan.mtu.map(|mtu| Mtu(mtu.0.min(KEPT.0)));
        }
        let trace = runner.start(&plan).expect("the run begins").finish();
        let frames = runner.take_frames();
        let missed = trace.capture.is_some_and(|capture| capture.dropped > 0);
        if missed {
            *sheet.reasons.entry("packets missed".into()).or_default() += 1;
            return true;
        }
        let packets = frames.iter().zip(&trace.packets);
        let frames: Vec<Frame> = packets
            .map(|(frame, packet)| {
                Frame::read(packet.conn, packet.at_us, &frame.bytes, frame.on_wire)
            })
            .collect();
        let before = sheet.wrong.len();
        let mtu = trace.capture.map(|capture| capture.mtu);
        let network = match environment.weather {
            Weather::Calm if mtu == Some(Mtu::LOOPBACK.0.into()) => "loopback as it is",
            Weather::Calm => "smaller packets",
            Weather::Rain => "packets lost",
            Weather::Slow => "a slow line",
        };
        let here = format!("{name} {environment}");
        hold::hold(&mut sheet, &trace, &frames, &here, network);
        again::hold(&mut sheet, &trace, &here);
        let is_right = sheet.wrong.len() == before;
        if !is_right {
            keep(lab, &trace, name, environment);
        }
        is_right
    };
    for (name, found) in found(environment) {
        for round in 1..=found.times {
            if !run(&found.lab, &format!("{name} #{round}")) {
                eprintln!("{name}, as it was once: {}", found.wrong);
            }
        }
    }
    let first = setting("HONESTY_SEED").expect("it is passed on");
    let scenarios = setting("HONESTY_SCENARIOS").expect("it is passed on");
    for seed in first..first + scenarios {
        run(&generate::lab(seed.into()), &format!("seed {seed}"));
    }
    drop(load);
    Ok(sheet)
}

/// Keeps the lab and the trace of a run of which something wrong was said, for whoever looks into it.
fn keep(lab: &Value, trace: &RunTrace, name: &str, environment: &Environment) {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join("honesty");
    fs::create_dir_all(&directory).expect("a directory for what was found");
    let stem = format!("{name} {environment}").replace([' ', '#'], "-");
    let write = |ending: &str, text: String| {
        let path = directory.join(format!("{stem}.{ending}"));
        fs::write(path, text).expect("room for a file");
    };
    write("lab.json", format!("{lab:#}\n"));
    let report = report::build(trace, true);
    let opening = json::opening(&lab_info(), &[&trace.name], Lang::En);
    let run = json::run(trace, &report);
    write("trace.jsonl", format!("{opening}{run}"));
}

/// What a trace says of its lab.
fn lab_info() -> LabInfo {
    LabInfo {
        lab: None,
        slug: "random".into(),
        texts: Texts::default(),
        os: std::env::consts::OS.into(),
        evidence: Kernel::Asked.evidence(),
    }
}
