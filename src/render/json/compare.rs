//! The line that follows runs that are compared.

use serde_json::json;
use strum::VariantArray;

use crate::report::compare::{Aspect, Comparison};
use crate::report::{Fate, Reported};

/// What the runs differ in, what came of them, and how many edges each kept, in one line.
pub fn compare(runs: &[Reported<'_>], compared: &Comparison) -> String {
    let runs = runs.iter().map(|compared| {
        let edges = || compared.report.flows.iter().flat_map(|flow| &flow.edges);
        let count = |so: fn(Fate) -> bool| edges().filter(|edge| so(edge.fate)).count();
        json!({
            "lab": compared.lab.lab,
            "slug": compared.lab.slug,
            "run": compared.run.name,
            "edges_kept": count(|fate| fate == Fate::Kept),
            "edges_lost": count(|fate| matches!(fate, Fate::Lost(_))),
        })
    });
    let runs: Vec<_> = runs.collect();
    let differ = compared.scripts.iter().map(|difference| {
        let values = difference.values.iter();
        let values: Vec<_> = values
            .map(|value| (!value.is_empty()).then_some(value))
            .collect();
        json!({ "facet": difference.facet, "values": values })
    });
    let differ: Vec<_> = differ.collect();
    let aspect = Aspect::VARIANTS.iter().filter_map(|aspect| {
        let differs = compared.differs.contains(aspect);
        let unlike = differs || compared.open.contains(aspect);
        let differs = differs.then_some(true);
        unlike.then(|| json!({ "facet": aspect, "differs": differs }))
    });
    let aspect: Vec<_> = aspect.collect();
    super::written(&json!({ "type": "compare", "runs": runs, "differ": differ, "came": aspect }))
}
