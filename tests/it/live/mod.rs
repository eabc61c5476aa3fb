//! Runs labs in this process, as the program does.

use std::sync::{Arc, LazyLock};

use sticky_lab::event::{LabInfo, RunTrace, Trace};
use sticky_lab::lab::{self, Lab, read};
use sticky_lab::report::{self, Outcome, Report};
use sticky_lab::run::{Kernel, Runner};
use sticky_lab::scenario;

/// All runs of a lab, one after the other.
pub(crate) fn trace(lab: &Lab, kernel: Kernel) -> Trace {
    let mut runner = Runner::new(kernel, Arc::default());
    let runs = (0..lab.file.runs.len()).map(|i| {
        let plan = scenario::resolve(&lab.file, i).expect("the catalogue resolves");
        runner.start(&plan).expect("the run begins").finish()
    });
    Trace {
        runs: runs.collect(),
        lab: LabInfo {
            lab: lab.number,
            slug: lab.slug.clone(),
            texts: lab.texts.clone(),
            os: std::env::consts::OS.into(),
            evidence: kernel.evidence(),
        },
    }
}

/// A lab of one run, done to its end.
pub(crate) fn run(lab: &str) -> (RunTrace, Report) {
    let lab = read::parse("lab.json", lab).unwrap_or_else(|error| panic!("{error}\n{lab}"));
    let plan = scenario::resolve(&lab, 0).expect("it can be run");
    let mut runner = Runner::new(Kernel::Asked, Arc::default());
    let trace = runner.start(&plan).expect("the run begins").finish();
    let report = report::build(&trace, true);
    (trace, report)
}

/// Every lab of the catalogue, done once with this kernel for all tests that look at what came.
///
/// Lab 2 races the kernel's timers. On a machine that starves it of processor time the race can
/// be lost (tests/stress.rs counts how often); the facts are looked at in a run where it was won,
/// so it may be tried again.
pub(crate) fn catalogue(kernel: Kernel) -> &'static [Trace] {
    static ASKED: LazyLock<Vec<Trace>> = LazyLock::new(|| all(Kernel::Asked));
    static SILENT: LazyLock<Vec<Trace>> = LazyLock::new(|| all(Kernel::Silent));
    match kernel {
        Kernel::Asked => &ASKED,
        Kernel::Silent => &SILENT,
    }
}

fn all(kernel: Kernel) -> Vec<Trace> {
    let labs = lab::catalogue().expect("the catalogue reads");
    let won = |lab: &Lab| {
        let mut done = trace(lab, kernel);
        for _ in 0..4 {
            let has_evidence = !done.lab.evidence.is_empty();
            let lost =
                |run: &RunTrace| report::build(run, has_evidence).outcome == Outcome::Differs;
            if lab.slug != "nagle" || !done.runs.iter().any(lost) {
                break;
            }
            done = trace(lab, kernel);
        }
        done
    };
    labs.iter().map(won).collect()
}
