//! What the fuzzers found worth keeping, tried again, and changed a little at random. Guided by what
//! the bytes reach, `scripts/soak` looks further.
//!
//! Environment: `SEEDS_TIMES` (changes of each seed) and `SEEDS_FROM` (a number that they begin with).

use std::fs;
use std::panic::{self, AssertUnwindSafe};
use std::path::{Path, PathBuf};
use std::thread;

use sticky_lab_fuzz::json::{self, Dice};
use sticky_lab_fuzz::{TARGETS, Target};

/// No input is made longer.
const LONGEST: usize = 1 << 14;

fn setting(name: &str, otherwise: u32) -> u32 {
    std::env::var(name).map_or(otherwise, |value| {
        value
            .parse()
            .unwrap_or_else(|_| panic!("{name} is not a number: {value}"))
    })
}

fn seeds(name: &str) -> Vec<(PathBuf, Vec<u8>)> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fuzz/seeds")
        .join(name);
    let mut paths: Vec<PathBuf> = fs::read_dir(&dir)
        .unwrap_or_else(|e| panic!("{}: {e}", dir.display()))
        .map(|entry| entry.expect("an entry").path())
        .collect();
    paths.sort();
    let seeds = paths.into_iter().map(|path| {
        let bytes = fs::read(&path).expect("a seed");
        (path, bytes)
    });
    seeds.collect()
}

/// Tries an input; one that fails is kept, so that the target can be asked again.
fn hold(target: &Target, input: &[u8], what: &str) {
    if let Err(panic) = panic::catch_unwind(AssertUnwindSafe(|| (target.check)(input))) {
        let kept = std::env::temp_dir().join(format!("sticky-lab-{}", target.name));
        fs::write(&kept, input).expect("it can be kept");
        println!("{}: {what} fails; it is in {}", target.name, kept.display());
        panic::resume_unwind(panic);
    }
}

fn byte(dice: &mut Dice) -> u8 {
    u8::try_from(dice.below(256)).expect("a byte")
}

/// Changes an input as JSON, mostly, where it is JSON, and otherwise a few of its bytes.
fn change(target: &Target, seed: &[u8], other: &[u8], dice: &mut Dice) -> Vec<u8> {
    if let Some(head) = target.json
        && dice.below(4) > 0
        && let Some(changed) = json::mutate(
            seed,
            head,
            LONGEST,
            u32::try_from(dice.below(1 << 32)).expect("32 bits"),
        )
    {
        return changed;
    }
    let mut bytes = seed.to_vec();
    for _ in 0..=dice.below(4) {
        let at = dice.below(bytes.len() + 1);
        match dice.below(5) {
            0 => bytes.truncate(at),
            1 => bytes.insert(at, byte(dice)),
            2 if at < bytes.len() => drop(bytes.remove(at)),
            3 => {
                // One input's beginning with another's end.
                bytes.truncate(at);
                bytes.extend_from_slice(&other[dice.below(other.len() + 1)..]);
                bytes.truncate(LONGEST);
            }
            _ if at < bytes.len() => bytes[at] = byte(dice),
            _ => {}
        }
    }
    bytes
}

fn try_all(target: &Target) {
    let seeds = seeds(target.name);
    assert!(seeds.len() > 5, "{} has {} seeds", target.name, seeds.len());
    for (path, seed) in &seeds {
        hold(target, seed, &path.display().to_string());
    }
    let mut dice = Dice::new(setting("SEEDS_FROM", 1));
    for (path, seed) in &seeds {
        for _ in 0..setting("SEEDS_TIMES", 20) {
            let other = &seeds[dice.below(seeds.len())].1;
            let input = change(target, seed, other, &mut dice);
            hold(target, &input, &format!("a change of {}", path.display()));
        }
    }
}

#[test]
fn every_target_takes_its_seeds_and_changes_of_them() {
    thread::scope(|scope| {
        for target in &TARGETS {
            scope.spawn(|| try_all(target));
        }
    });
}
