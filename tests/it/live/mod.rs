//! Runs labs in this process, as the program does.

use std::sync::Arc;

use sticky_lab::event::{LabInfo, Trace};
use sticky_lab::lab::Lab;
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
